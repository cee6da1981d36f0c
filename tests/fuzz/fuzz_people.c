/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are records of clients, or have a fault the checker tells. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "roll-builder/people.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Sorted, each client once, and the moments of a day in the order of the day. */
static void check_people(const struct people *people)
{
    for (size_t i = 0; i < people->count; i++) {
        const struct person *person = &people->list[i];
        assert(i == 0 || strcmp(people->list[i - 1].id, person->id) < 0);
        assert(strcmp(people_find(people, person->id).id, person->id) == 0);
        for (int32_t day = 0; person->daytimes != NULL && day < DAYTIMES_DAYS; day++) {
            for (int at = 1; at < DAYTIMES_MOMENTS; at++)
                assert(person->daytimes->minute[day][at] > person->daytimes->minute[day][at - 1]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct rw_error first = { 0 };
    struct json_sheet sheet;
    struct daytimes site;
    struct people *people = NULL;
    struct people checked = { 0 };
    daytimes_init(&site);
    const bool done = people_read((const char *)bytes, length, &site, arena, &people, &err);
    json_sheet_init(&sheet, arena);
    people_read_faults((const char *)bytes, length, &site, &sheet, &checked);
    assert(done == (err.code == RW_OK));
    const bool sound = json_sheet_end(&sheet, &first);
    assert(done == sound);
    assert(done || (err.code == first.code && strcmp(err.at, first.at) == 0));
    if (done)
        check_people(people);
    rw_arena_close(arena);
    return 0;
}
