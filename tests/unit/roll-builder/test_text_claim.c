/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which times and amounts are read out of words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "roll-builder/text_claim.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_name_times_and_amounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
