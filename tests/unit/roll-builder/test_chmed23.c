/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what the posologies of CHMED23A mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "tests/unit/roll-builder/judged.h"
#include "tests/unit/roll-builder/plans.h"

static void cycles_of_23a_are_days_weeks_and_months(void **state)
{
    static const struct judged_row rows[] = {
        { PO("{\"t\":1,\"ds\":[1.5,0,2,0]}"),
          "23 08:00 1500, 18:00 2000; 24 08:00 1500, 18:00 2000" },
        { PO(CYCLE("4", "1", ONLY)), "23 08:00 1000; 24 08:00 1000" },
        { PO("{\"t\":4,\"cyDuU\":4,\"cyDu\":1,\"tdpc\":2,\"td\":{\"t\":1,\"d\":" ONE "}}"),
          "23 08:00 1000, 18:00 1000; 24 08:00 1000, 18:00 1000" },
        { PO(CYCLE("4", "1",
                   "{\"t\":2,\"ts\":[{\"dt\":\"20:00\",\"do\":" ONE "},"
                   "{\"dt\":\"07:30:00\",\"do\":" ONE "}]}")),
          "23 07:30 1000, 20:00 1000; 24 07:30 1000, 20:00 1000" },
        { PO(CYCLE("4", "1", "{\"t\":3,\"ss\":[{\"s\":4,\"do\":" ONE "}]}")),
          "23 22:00 1000; 24 22:00 1000" },
        { PO(CYCLE("5", "1", "{\"t\":4,\"wds\":[2,7],\"tdo\":" ONLY "}")), "24 08:00 1000" },
        { FROM("2026-11-10", CYCLE("5", "2",
                                   "{\"t\":2,\"ts\":[{\"dt\":\"09:00\",\"do\":" ONE
                                   "},{\"dt\":\"21:00\",\"do\":" ONE "}]}")),
          "24 09:00 1000, 21:00 1000" },
        { FROM("2026-10-24", CYCLE("6", "1", ONLY)), "24 08:00 1000" },
        { PO(CYCLE("6", "1", "{\"t\":5,\"doms\":[1,24],\"tdo\":" ONLY "}")), "24 08:00 1000" },
        { FROM("2026-10-30", CYCLE("6", "2", "{\"t\":5,\"doms\":[24],\"tdo\":" ONLY "}")),
          "nothing" },
        { PO(CYCLE("6", "2", "{\"t\":5,\"doms\":[24],\"tdo\":" ONLY "}")),
          "! D13 no-anchor " AT_23 "/po/tdo" },
        { PO(CYCLE("6", "1", ONLY)), "! D13 no-anchor " AT_23 },
        { FROM("2026-11-01", "{\"t\":4,\"cyDuU\":5,\"cyDu\":1,\"tdpc\":2,\"tdo\":" ONLY "}"),
          "! A7 unanchored-frequency " AT_23 },
        { PO("{\"t\":4,\"cyDuU\":4,\"cyDu\":1,\"tdpc\":5,\"tdo\":" ONLY "}"),
          "! A16 too-many-intakes " AT_23 },
        { PO(CYCLE("3", "6", ONLY)), "! D18 interval-needs-clock-anchor " AT_23 },
        { PO(CYCLE("4", "1", "{\"t\":6,\"miDuU\":3,\"miDu\":6,\"do\":" ONE "}")),
          "! D18 interval-needs-clock-anchor " AT_23 "/po/tdo" },
        { PO(CYCLE("4", "1", "{\"t\":4,\"wds\":[1],\"tdo\":" ONLY "}")),
          "! D17 invalid-timing " AT_23 "/po/tdo" },
        { PO("{\"t\":4,\"cyDuU\":6,\"cyDu\":1,\"tdpc\":2,\"tdo\":{\"t\":5,\"doms\":[24],"
             "\"tdo\":" ONLY "}}"),
          "! A20 frequency-conflict " AT_23 "/po/tdo" },
    };
    (void)state;
    judged_rows(START_23, END, rows, RW_COUNT(rows));
}

static void single_doses_and_sequences_of_23a_run_from_their_start(void **state)
{
    static const struct judged_row rows[] = {
        { FROM("2026-11-23", "{\"t\":3,\"tdo\":" ONLY "}"), "23 08:00 1000" },
        { FROM("2026-11-23T10:15:00+01:00", "{\"t\":3,\"tdo\":" ONLY "}"), "23 10:15 1000" },
        { FROM("2026-11-24",
               "{\"t\":3,\"tdo\":{\"t\":2,\"ts\":[{\"dt\":\"09:00:00\",\"do\":" ONE "}]}}"),
          "24 09:00 1000" },
        { PO("{\"t\":3,\"tdo\":" ONLY "}"), "! D13 no-anchor " AT_23 },
        { FROM("2026-11-23", "{\"t\":3,\"tdo\":{\"t\":3,\"ss\":[{\"s\":1,\"do\":" ONE
                             "},{\"s\":2,\"do\":" ONE "}]}}"),
          "! A20 frequency-conflict " AT_23 "/po/tdo" },
        { FROM("2026-11-02", "{\"t\":5,\"sos\":[{\"t\":1,\"du\":21,\"duU\":4,\"po\":" CYCLE(
                                 "4", "1", ONLY) "},{\"t\":2,\"du\":7,\"duU\":4}]}"),
          "nothing" }, /* the first day of the pause is Monday the 23rd */
        { FROM("2026-10-27", "{\"t\":5,\"sos\":[{\"t\":1,\"du\":21,\"duU\":4,\"po\":" CYCLE(
                                 "4", "1", ONLY) "},{\"t\":2,\"du\":1,\"duU\":5}]}"),
          "24 08:00 1000" }, /* the pause is over on the 24th, and all begins anew */
        { FROM("2026-11-22", "{\"t\":5,\"sos\":[{\"t\":1,\"du\":2,\"duU\":4,\"po\":{\"t\":3,"
                             "\"tdo\":" ONLY "}},{\"t\":2,\"du\":1,\"duU\":4}]}"),
          "nothing" }, /* a single dose in two days is on the first */
        { FROM("2026-11-23", "{\"t\":5,\"sos\":[{\"t\":1,\"du\":1,\"duU\":4,\"po\":"
                             "{\"t\":1,\"ds\":[2,0,0,0]}},{\"t\":1,\"du\":1,\"duU\":4,\"po\":"
                             "{\"t\":1,\"ds\":[1,0,0,0]}}]}"),
          "! D19 unclear-repetition " AT_23 "/po" },
        { PO("{\"t\":5,\"sos\":[]}"), "! D9 malformed-input " AT_23 "/po" },
        { FROM("2026-11-23", "{\"t\":5,\"sos\":[{\"t\":1,\"du\":0,\"duU\":4,\"po\":"
                             "{\"t\":1,\"ds\":[1,0,0,0]}}]}"),
          "! D9 malformed-input " AT_23 "/po/sos/0/du" },
    };
    (void)state;
    judged_rows(START_23, END, rows, RW_COUNT(rows));
}

static void a_sequence_within_its_dates_runs_once_and_repeats_only_up_to_its_end(void **state)
{
    static const struct judged_row rows[] = {
        { "{\"unit\":\"Stk\",\"dtFrom\":\"2026-11-23\",\"dtTo\":\"2026-11-24\",\"po\":{\"t\":5,"
          "\"sos\":[{\"t\":1,\"du\":1,\"duU\":4,\"po\":{\"t\":1,\"ds\":[2,0,0,0]}},"
          "{\"t\":1,\"du\":1,\"duU\":4,\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}]}}",
          "23 08:00 2000; 24 08:00 1000" },
        { "{\"unit\":\"Stk\",\"dtFrom\":\"2026-11-22\",\"dtTo\":\"2026-12-24\",\"po\":{\"t\":5,"
          "\"sos\":[{\"t\":1,\"du\":1,\"duU\":4,\"po\":{\"t\":1,\"ds\":[2,0,0,0]}},"
          "{\"t\":1,\"du\":1,\"duU\":4,\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}]}}",
          "23 08:00 1000; 24 08:00 2000" },
    };
    (void)state;
    judged_rows(START_23, END, rows, RW_COUNT(rows));
}

static void what_23a_cannot_say_in_a_bag_is_refused_with_its_place(void **state)
{
    static const struct judged_row rows[] = {
        { PO("{\"t\":2,\"text\":\"one when it hurts\"}"), "! A8 free-text-only " AT_23 },
        { PO("{\"t\":9}"), "! D9 malformed-input " AT_23 "/po" },
        { "{\"unit\":\"Stk\"}", "! D9 malformed-input " AT_23 },
        { PO("{\"t\":1,\"ds\":[1,0,0]}"), "! D9 malformed-input " AT_23 "/po/ds" },
        { PO(CYCLE("4", "1", "{\"t\":1,\"do\":{\"t\":3,\"aMin\":1,\"aMax\":2}}")),
          "! D15 dose-range " AT_23 },
        { PO(CYCLE("4", "1", "{\"t\":1,\"do\":{\"t\":2,\"aFrom\":1,\"aTo\":2}}")),
          "! D15 dose-range " AT_23 },
        { PO(CYCLE("4", "1", "{\"t\":1,\"do\":{\"t\":1}}")),
          "! D9 malformed-input " AT_23 "/po/tdo/do" },
        { PO(CYCLE("4", "1", "{\"t\":1,\"do\":" ONE ",\"d\":" ONE "}")),
          "! D9 malformed-input " AT_23 "/po/tdo/d" },
        { PO(CYCLE("4", "1", "{\"t\":2,\"ts\":[{\"dt\":\"24:00\",\"do\":" ONE "}]}")),
          "! D9 malformed-input " AT_23 "/po/tdo/ts/0" },
        { PO(CYCLE("4", "1",
                   "{\"t\":2,\"ts\":[{\"dt\":\"08:00\",\"do\":" ONE
                   "},{\"dt\":\"08:00\",\"do\":" ONE "}]}")),
          "! D17 invalid-timing " AT_23 "/po/tdo/ts/1" },
        { PO(CYCLE("5", "1", "{\"t\":4,\"wds\":[8],\"tdo\":" ONLY "}")),
          "! D9 malformed-input " AT_23 "/po/tdo/wds/0" },
        { PO(CYCLE("9", "1", ONLY)), "! D9 malformed-input " AT_23 "/po" },
        { "{\"unit\":\"Stk\",\"inRes\":true,\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}",
          "! D14 as-needed " AT_23 },
        { "{\"unit\":\"ml\",\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}",
          "! D6 unit-not-countable " AT_23 "/po/ds/0" },
        { "{\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}", "! A17 unit-missing " AT_23 },
        { "{\"unit\":\"Stk\",\"roa\":\"20066000\",\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}",
          "! D6 not-oral " AT_23 },
        { "{\"unit\":\"Stk\",\"moa\":\"11\",\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}",
          "! D6 not-oral " AT_23 },
        { "{\"unit\":\"tablet\",\"relMeal\":3,\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}",
          "23 08:00 1000; 24 08:00 1000" },
    };
    (void)state;
    judged_rows(START_23, END, rows, RW_COUNT(rows));
}

/* What the format does not have, or has only elsewhere, is never read as something near it. */
static void what_23a_does_not_say_is_refused(void **state)
{
    static const struct judged_row rows[] = {
        { PO("{\"t\":2}"), "! D9 malformed-input " AT_23 "/po" },
        { PO("{\"t\":2,\"text\":\"one in the morning\"}"), "! A8 free-text-only " AT_23 },
        { PO("{\"t\":1,\"ds\":[1,0,0]}"), "! D9 malformed-input " AT_23 "/po/ds" },
        { PO("{\"t\":4,\"cyDuU\":4,\"tdo\":" ONLY "}"), "! D9 malformed-input " AT_23 "/po" },
        { PO(CYCLE("9", "1", ONLY)), "! D9 malformed-input " AT_23 "/po" },
        { PO("{\"t\":4,\"cyDuU\":4,\"cyDu\":36501,\"tdo\":" ONLY "}"),
          "! D17 invalid-timing " AT_23 "/po" },
        { PO("{\"t\":4,\"cyDuU\":4,\"cyDu\":1,\"tdo\":" ONLY ",\"td\":" ONLY "}"),
          "! D9 malformed-input " AT_23 "/po/td" },
        { PO("{\"t\":4,\"cyDuU\":4,\"cyDu\":1,\"tdo\":7}"),
          "! D9 malformed-input " AT_23 "/po/tdo" },
        { PO(CYCLE("4", "1", "{\"t\":5,\"doms\":[1],\"tdo\":" ONLY "}")),
          "! D17 invalid-timing " AT_23 "/po/tdo" },
        { PO(CYCLE("5", "1", "{\"t\":4,\"wds\":[1],\"tdo\":{\"t\":4,\"wds\":[2]}}")),
          "! D9 malformed-input " AT_23 "/po/tdo/tdo" },
        { PO(CYCLE("4", "1", "{\"t\":1,\"do\":{\"t\":7,\"a\":1}}")),
          "! D9 malformed-input " AT_23 "/po/tdo/do" },
        { PO(CYCLE("4", "1", "{\"t\":1,\"do\":{\"t\":1}}")),
          "! D9 malformed-input " AT_23 "/po/tdo/do" },
        { PO(CYCLE("4", "1", "{\"t\":1}")), "! D9 malformed-input " AT_23 "/po/tdo" },
        { PO(CYCLE("4", "1", "{\"t\":3,\"ss\":[{\"s\":5,\"do\":" ONE "}]}")),
          "! D9 malformed-input " AT_23 "/po/tdo/ss/0" },
        { PO(CYCLE("4", "1", "{\"t\":3,\"ss\":[]}")), "! D9 malformed-input " AT_23 "/po/tdo" },
        { PO(CYCLE("4", "1", "{\"t\":2,\"ts\":[{\"dt\":\"8 uur\",\"do\":" ONE "}]}")),
          "! D9 malformed-input " AT_23 "/po/tdo/ts/0" },
        { FROM("2026-11-23", "{\"t\":3,\"tdo\":{\"t\":4,\"wds\":[1],\"tdo\":" ONLY "}}"),
          "! D17 invalid-timing " AT_23 "/po/tdo" },
        { FROM("2026-11-23", "{\"t\":3,\"tdo\":{\"t\":9}}"),
          "! D9 malformed-input " AT_23 "/po/tdo" },
        { FROM("2026-11-23", "{\"t\":3}"), "! D9 malformed-input " AT_23 "/po" },
        { FROM("2026-11-23T12:00:00+01:00",
               "{\"t\":3,\"tdo\":{\"t\":2,\"ts\":[{\"dt\":\"09:00:00\",\"do\":" ONE "}]}}"),
          "! D17 invalid-timing " AT_23 "/po/tdo" },
    };
    (void)state;
    judged_rows(START_23, END, rows, RW_COUNT(rows));
}

#define DAILY "{\"t\":1,\"ds\":[1,0,0,0]}"
#define STEP(length, unit) "{\"t\":1,\"du\":" length ",\"duU\":" unit ",\"po\":" DAILY "}"
#define PAUSE(length, unit) "{\"t\":2,\"du\":" length ",\"duU\":" unit "}"
#define STEPS(list) FROM("2026-11-23", "{\"t\":5,\"sos\":[" list "]}")

/* Steps that begin anew do so after whole days or whole months, whatever their units. */
static void steps_of_23a_begin_anew_on_a_day(void **state)
{
    static const struct judged_row rows[] = {
        { STEPS(STEP("24", "3") "," PAUSE("1440", "2")), "23 08:00 1000" },
        { STEPS(STEP("1", "6") "," PAUSE("1", "6")), "23 08:00 1000; 24 08:00 1000" },
        { STEPS(STEP("1", "7") "," PAUSE("1", "6")), "23 08:00 1000; 24 08:00 1000" },
        { STEPS(STEP("25", "3") "," PAUSE("1", "4")), "! D17 invalid-timing " AT_23 "/po" },
        { STEPS(STEP("1", "6") "," PAUSE("1", "4")), "! D17 invalid-timing " AT_23 "/po" },
        { STEPS(STEP("36501", "4") "," PAUSE("1", "4")),
          "! D9 malformed-input " AT_23 "/po/sos/0" },
        { STEPS("{\"t\":3,\"du\":1,\"duU\":4}"), "! D9 malformed-input " AT_23 "/po/sos/0" },
    };
    (void)state;
    judged_rows(START_23, END, rows, RW_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_of_23a_are_days_weeks_and_months),
        cmocka_unit_test(single_doses_and_sequences_of_23a_run_from_their_start),
        cmocka_unit_test(a_sequence_within_its_dates_runs_once_and_repeats_only_up_to_its_end),
        cmocka_unit_test(what_23a_cannot_say_in_a_bag_is_refused_with_its_place),
        cmocka_unit_test(what_23a_does_not_say_is_refused),
        cmocka_unit_test(steps_of_23a_begin_anew_on_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
