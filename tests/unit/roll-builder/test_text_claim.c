/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which times and amounts are read out of words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "roll-builder/text_claim.h"
#include "roll-builder/text_manner.h"

static const struct {
    const char *text;
    size_t times;
    int32_t last; /* the last of the times */
    int64_t milli;
} rows[] = {
    { "elke dag om 08:00 en 20:00 1,5 stuk, maximaal 4 stuks per dag", 2, 1200, 1500 },
    { "elke dag om 08:00, 12:00, 17:00 en 22:00 1 stuk", 4, 1320, 1000 },
    { "Einmal am Tag um 20:00", 1, 1200, 0 },
    { "one at 7:00", 0, 0, 0 },
    { "om 24:00", 0, 0, 0 },
    { "om 08:001", 0, 0, 0 },
    { "zoom 08:00", 0, 0, 0 },
    { "van 08:00 tot 20:00", 0, 0, 0 },
    { "\xC2\xBD tablet 's ochtends", 0, 0, 500 },
    { "2 Tabletten morgens, 1 Tablette abends", 0, 0, 0 },
    { "1 \xC3\xA0 2 stuks", 0, 0, 0 },
    { "1 of 2 tabletten", 0, 0, 0 },
    { "max. 6 stuks per dag", 0, 0, 0 },
    { "500 mg tablet", 0, 0, 0 },
    { "1 St\xC3\xBC"
      "ck",
      0, 0, 1000 },
    { "1 stukje", 0, 0, 0 },
    { "3x", 0, 0, 0 },
    { "", 0, 0, 0 },
    { NULL, 0, 0, 0 },
};

static void words_name_times_and_amounts(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct text_claim claim;
        text_claim_find(rows[i].text, &claim);
        int32_t last = claim.minute_count == 0 ? 0 : claim.minutes[claim.minute_count - 1];
        if (claim.minute_count != rows[i].times || last != rows[i].last ||
            claim.dose_milli != rows[i].milli)
            fail_msg("\"%s\": %zu times, the last %d; %lld", rows[i].text, claim.minute_count, last,
                     (long long)claim.dose_milli);
    }
}

static const struct {
    const char *text;
    bool as_needed;
    bool rarer;
} manners[] = {
    { "1 tablet zo nodig", true, false },
    { "Bei Bedarf 1 St\xC3\xBC"
      "ck",
      true, false },
    { "BID PRN", true, false },
    { "(as needed)", true, false },
    { "sprnt", false, false },
    { "1 tablet per week", false, true },
    { "om de dag 1 stuk", false, true },
    { "Take one tablet WEEKLY", false, true },
    { "gedurende 1 week elke dag", false, false },
    { "biweeklyish", false, false },
    { "zo nodig, hoogstens 2 maal per week", true, true },
    { "", false, false },
    { NULL, false, false },
};

static void words_say_when_needed_and_how_rarely(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(manners); i++) {
        struct text_manner manner;
        text_manner_find(manners[i].text, &manner);
        if (manner.as_needed != manners[i].as_needed || manner.rarer != manners[i].rarer)
            fail_msg("\"%s\": %d, %d", manners[i].text, manner.as_needed, manner.rarer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_name_times_and_amounts),
        cmocka_unit_test(words_say_when_needed_and_how_rarely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
