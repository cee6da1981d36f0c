/* SPDX-License-Identifier: Apache-2.0 */
/* Orders are read and judged with any ceiling of memory, or not at all. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/intake.h"
#include "roll-builder/policy.h"
#include "tests/torture/ceilings.h"

#define CORPUS "tests/fuzz/corpus/"
#define LEAST_BYTES 16 /* the smallest request */
#define TOLD_MAX ((size_t)1024 * 1024)
#define FROM 20780 /* 2026-11-23 */

struct bench {
    struct rw_zone *zone;
    struct policy policy;
    struct rw_arena *arena; /* what outlives a turn */
};

static int begin(void **state)
{
    static struct bench bench;
    struct rw_error err = { 0 };
    policy_init(&bench.policy);
    bench.arena = rw_arena_open(64 * RW_ARENA_MIB);
    if (bench.arena == NULL || !rw_zone_open("Europe/Amsterdam", &bench.zone, &err))
        return -1;
    bench.policy.zone = bench.zone;
    *state = &bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;
    rw_zone_close(bench->zone);
    rw_arena_close(bench->arena);
    return 0;
}

/* All that reading and judging found, as text. */
static void tell(const struct order *order, const struct eligibility *judged, struct rw_text *told)
{
    rw_text_format(told, "%s %s %d %zu %zu\n", order->pointer,
                   judged->reason != NULL ? judged->reason : "plan", judged->destination,
                   order->dosing_count, order->product.code_count);
    for (size_t i = 0; i < judged->intake_count; i++) {
        char at[RW_ZONE_STAMP_MAX];
        rw_stamp_write(judged->intakes[i].at, at);
        rw_text_format(told, "  %s %lld\n", at, (long long)judged->intakes[i].milli);
    }
    for (size_t i = 0; i < judged->findings.count; i++) {
        const struct rw_finding *finding = &judged->findings.findings[i];
        rw_text_format(told, "  %s %s %s %s\n", finding->id, finding->reason, finding->pointer,
                       finding->text);
    }
}

/* Reads and judges a whole file; false with `err`. */
static bool walk(const struct bench *bench, const char *bytes, size_t length,
                 struct rw_arena *arena, struct rw_text *told, struct rw_error *err)
{
    const struct window window = { .from = FROM, .days = 14 };
    struct order_list list = { 0 };
    if (!intake_read("file", bytes, length, bench->zone, arena, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        struct eligibility judged;
        if (!eligibility_judge(&list.orders[i], &bench->policy, &window, arena, &judged, err))
            return false;
        tell(&list.orders[i], &judged, told);
    }
    return true;
}

/* The ceiling of a turn changes whether there is an answer, never which. The number of refusals. */
static size_t torture(struct bench *bench, const char *name)
{
    struct ceilings ceilings = { .least = LEAST_BYTES };
    struct rw_error err = { 0 };
    struct rw_text wanted;
    char *bytes;
    size_t length;
    bool answered = false;
    rw_arena_reset(bench->arena);
    const char *path =
        rw_arena_format(bench->arena, &err, "%s/" CORPUS "%s", getenv("ROLWACHT_ROOT"), name);
    assert_true(rw_file_read(path, RW_FILE_INPUT_MAX, bench->arena, &bytes, &length, &err));
    rw_text_init(&wanted, bench->arena, TOLD_MAX);
    const bool good = walk(bench, bytes, length, bench->arena, &wanted, &err);
    while (!answered) {
        struct rw_arena *arena = ceilings_open(&ceilings);
        struct rw_arena *beside = rw_arena_open(2 * TOLD_MAX);
        struct rw_error fault = { 0 };
        struct rw_text told;
        rw_text_init(&told, beside, TOLD_MAX);
        const bool done = walk(bench, bytes, length, arena, &told, &fault);
        answered = done || fault.code != RW_NO_MEMORY;
        if (answered &&
            (done != good || fault.code != err.code || !rw_text_equal(told.bytes, wanted.bytes)))
            fail_msg("%s at %zu bytes: %s\n%s\nnot\n%s", name, ceilings.at, fault.text, told.bytes,
                     wanted.bytes);
        rw_arena_close(beside);
        if (answered)
            rw_arena_close(arena);
        else
            ceilings_raise(&ceilings, arena);
    }
    return ceilings.refusals;
}

/* Those that a person made, and not what fuzzing found: they hold each shape once. */
static int is_made(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strncmp(entry->d_name, "found-", 6) != 0;
}

static void any_ceiling_gives_the_same_orders_or_none(void **state)
{
    size_t refusals = 0;
    static const char *const folders[] = { "fuzz_intake", "fuzz_chmed", "fuzz_csv" };
    for (size_t i = 0; i < RW_COUNT(folders); i++) {
        char path[RW_FILE_PATH_MAX];
        struct dirent **entries = NULL;
        (void)snprintf(path, sizeof path, "%s/" CORPUS "%s", getenv("ROLWACHT_ROOT"), folders[i]);
        const int count = scandir(path, &entries, is_made, alphasort);
        assert_true(count > 0);
        for (int j = 0; j < count; j++) {
            (void)snprintf(path, sizeof path, "%s/%s", folders[i], entries[j]->d_name);
            refusals += torture(*state, path);
            free(entries[j]);
        }
        free(entries);
    }
    assert_true(refusals > 5000); /* or it looked at next to nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_ceiling_gives_the_same_orders_or_none),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
