/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what CHMED16A means, and how eMediplans are unwrapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/gzip.h"
#include "tests/unit/roll-builder/judged.h"
#include "tests/unit/roll-builder/plans.h"

static void the_four_slots_of_16a_are_the_moments_of_the_day(void **state)
{
    static const struct judged_row rows[] = {
        { "{\"D\":[1,0,2,0]}", "23 08:00 1000, 18:00 2000; 24 08:00 1000, 18:00 2000" },
        { "{\"D\":[0.5,1,1.5,2]}", "23 08:00 500, 12:00 1000, 18:00 1500, 22:00 2000; "
                                   "24 08:00 500, 12:00 1000, 18:00 1500, 22:00 2000" },
        { "{\"D\":[0,1]}", "23 12:00 1000; 24 12:00 1000" },
        { "{\"D\":[0,0,0,0]}", "nothing" },
        { "{\"D\":[1,0,0,0],\"TT\":null,\"InRes\":0}", "23 08:00 1000; 24 08:00 1000" },
        { "{\"DtFrom\":\"2026-11-24\",\"D\":[1,0,0,0]}", "24 08:00 1000" },
        { "{\"DtFrom\":\"2026-11-01\",\"DtTo\":\"2026-11-23\",\"D\":[0,0,0,1]}", "23 22:00 1000" },
        { "{\"D\":[0.75,0,0,0]}", "! D40 fraction " AT_16 },
        { "{\"D\":[]}", "! D15 no-timing " AT_16 },
        { "{}", "! D15 no-timing " AT_16 },
        { "{\"D\":[1,0,0,0],\"InRes\":1}", "! D14 as-needed " AT_16 },
        { "{\"D\":[1,0,0,0,1]}", "! D9 malformed-input " AT_16 "/D/4" },
        { "{\"D\":[-1]}", "! D9 malformed-input " AT_16 "/D/0" },
        { "{\"D\":[\"1\"]}", "! D9 malformed-input " AT_16 "/D/0" },
        { "{\"D\":\"1-0-1-0\"}", "! D9 malformed-input " AT_16 "/D" },
        { "{\"D\":[1],\"DtFrom\":\"23.11.2026\"}", "! D9 malformed-input " AT_16 "/DtFrom" },
        { "{\"D\":[1],\"DtFrom\":\"2026-11-24\",\"DtTo\":\"2026-11-20\"}",
          "! D17 invalid-timing " AT_16 },
        { "7", "! D9 malformed-input " AT_16 },
    };
    (void)state;
    judged_rows(START_16, END, rows, RW_COUNT(rows));
}

static void taking_times_of_16a_count_seconds_from_midnight_of_the_start(void **state)
{
    static const struct judged_row rows[] = {
        { "{\"TT\":[{\"Off\":30600,\"DoFrom\":1},{\"Off\":75600,\"DoFrom\":0.5}],\"D\":[9,9,9,9]}",
          "23 08:30 1000, 21:00 500; 24 08:30 1000, 21:00 500" },
        { "{\"CyDu\":28800,\"TT\":[{\"Off\":21600,\"DoFrom\":1,\"DoTo\":1.0}]}",
          "23 06:00 1000, 14:00 1000, 22:00 1000; 24 06:00 1000, 14:00 1000, 22:00 1000" },
        { "{\"DtFrom\":\"2026-11-17\",\"CyDu\":604800,\"TT\":[{\"Off\":28800,\"DoFrom\":1},"
          "{\"Off\":547200,\"DoFrom\":2}]}",
          "23 08:00 2000; 24 08:00 1000" },
        { "{\"CyDu\":172800,\"TT\":[{\"Off\":0,\"DoFrom\":1}]}", "! D13 no-anchor " AT_16 "/TT/0" },
        { "{\"CyDu\":129600,\"TT\":[{\"Off\":0,\"DoFrom\":1}]}",
          "! D18 interval-needs-clock-anchor " AT_16 "/CyDu" },
        { "{\"TT\":[{\"Off\":0,\"DoFrom\":1,\"DoTo\":1.5}]}", "! D15 dose-range " AT_16 },
        { "{\"TT\":[{\"Off\":0,\"DoFrom\":1,\"DoTo\":2}]}", "! D15 dose-range " AT_16 },
        { "{\"TT\":[{\"Off\":0,\"DoFrom\":1,\"Du\":1800}]}",
          "! D6 has-administration-duration " AT_16 },
        { "{\"TT\":[{\"Off\":86400,\"DoFrom\":1}]}", "! D17 invalid-timing " AT_16 "/TT/0/Off" },
        { "{\"TT\":[{\"DoFrom\":1}]}", "! D9 malformed-input " AT_16 "/TT/0" },
        { "{\"TT\":[{\"Off\":\"0\",\"DoFrom\":1}]}", "! D9 malformed-input " AT_16 "/TT/0/Off" },
        { "{\"TT\":[{\"Off\":60,\"A\":1,\"MA\":4}],\"InRes\":1}", "! D14 as-needed " AT_16 },
        { "{\"TT\":[{\"Off\":60}]}", "! D15 no-dose " AT_16 },
        { "{\"TT\":[5]}", "! D9 malformed-input " AT_16 "/TT/0" },
    };
    (void)state;
    judged_rows(START_16, END, rows, RW_COUNT(rows));
}

static void findings_tell_what_a_person_should_know(void **state)
{
    static const struct {
        const char *plan;
        const char *id;
        const char *reason;
    } rows[] = {
        { START_16 "{\"D\":[0,0,0,0]}" END, "D15", "all-doses-zero" },
        { "{\"auth\":2," PATIENT_23
          ",\"meds\":[{\"id\":\"Tee\",\"idType\":1,\"pos\":[" PO("{\"t\":1,\"ds\":[1,0,0,0]}") END,
          "A14", "self-reported" },
        { "{\"MedType\":2," PATIENT_16 ",\"Medicaments\":[{\"Id\":\"Tee\",\"IdType\":1,"
          "\"Pos\":[{\"D\":[1]}" END,
          "A14", "not-an-order" },
        { START_23 FROM("2026-11-02", "{\"t\":5,\"sos\":[{\"t\":1,\"du\":2,\"duU\":4,\"po\":" CYCLE(
                                          "4", "1", ONLY) "},{\"t\":2,\"du\":1,\"duU\":4}]}") END,
          "D19", "steps-repeat" },
        { START_23 "{\"unit\":\"Stk\",\"dtTo\":\"2026-11-24T00:00:00+01:00\","
                   "\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}" END,
          "D22", "ends-at-midnight" },
        { START_23 "{\"unit\":\"Stk\",\"po\":{\"t\":1,\"ds\":[1,0,0,0]}}" END, "D6",
          "route-not-stated" },
        { START_16 "{\"CyDu\":129600,\"TT\":[{\"Off\":0,\"DoFrom\":1}]}" END, "D18",
          "interval-needs-clock-anchor" },
        { START_16 "{\"TT\":[{\"Off\":86400,\"DoFrom\":1}]}" END, "D17", "invalid-timing" },
        { START_16 "{\"CyDu\":60,\"TT\":[{\"Off\":0,\"DoFrom\":1}]}" END, "A16",
          "too-many-intakes" },
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct judged judged;
        judged_read(&judged, rows[i].plan, strlen(rows[i].plan));
        assert_true(judged_has(&judged, 0, rows[i].id, rows[i].reason));
        judged_close(&judged);
    }
}

static void every_position_and_every_medicament_without_one_is_a_line(void **state)
{
    static const char plan[] = "{" PATIENT_23 ",\"meds\":[{\"id\":\"A\",\"idType\":1,\"pos\":[" PO(
        ONLY) "," PO("{}") "]},{\"id\":\"B\",\"idType\":1},{\"id\":\"C\",\"pos\":[]},3]}";
    static const char *const pointers[] = { "/meds/0/pos/0", "/meds/0/pos/1", "/meds/1", "/meds/2",
                                            "/meds/3" };
    struct judged judged;
    char meaning[JUDGED_TEXT_MAX];
    (void)state;
    judged_read(&judged, plan, strlen(plan));
    assert_int_equal(judged.list.count, RW_COUNT(pointers));
    for (size_t i = 0; i < RW_COUNT(pointers); i++)
        assert_string_equal(judged.list.orders[i].pointer, pointers[i]);
    judged_line(&judged, 2, 1, meaning);
    assert_string_equal(meaning, "! D15 no-timing /meds/1");
    judged_close(&judged);
}

static void a_plan_without_medicaments_is_one_line_that_is_no_order(void **state)
{
    static const char plan[] = "{\"medType\":1," PATIENT_23 "}";
    struct judged judged;
    char meaning[JUDGED_TEXT_MAX];
    (void)state;
    judged_read(&judged, plan, strlen(plan));
    assert_int_equal(judged.list.count, 1);
    judged_line(&judged, 0, 1, meaning);
    assert_string_equal(meaning, "! A14 not-an-order ");
    judged_close(&judged);
}

static void the_client_is_known_by_a_number_of_the_house_or_by_a_hash_of_the_card(void **state)
{
    static const char house[] = START_23 PO("{\"t\":1,\"ds\":[1,0,0,0]}") END;
    static const char card[] = START_16 "{\"D\":[1]}" END;
    struct judged judged;
    (void)state;
    judged_read(&judged, house, strlen(house));
    assert_string_equal(judged.list.orders[0].client.id, "C-17");
    assert_string_equal(judged.list.orders[0].client.name, "Anna Erfunden");
    assert_string_equal(judged.list.orders[0].product.codes[0].system, "urn:oid:2.51.1.1");
    judged_close(&judged);
    judged_read(&judged, card, strlen(card));
    assert_true(rw_text_starts_with(judged.list.orders[0].client.id, "card-"));
    assert_null(strstr(judged.list.orders[0].client.id, "80756"));
    assert_string_equal(judged.list.orders[0].client.born, "1941-03-14");
    judged_close(&judged);
}

#define CARD_NUMBER "80756000000000000001"
#define PERSON(more)                                                                            \
    "{\"resourceType\":\"MedicationRequest\",\"contained\":[{\"resourceType\":\"Patient\","     \
    "\"id\":\"p\",\"identifier\":[{\"system\":\"urn:oid:2.16.756.5.32\",\"value\":\"7560\"},"   \
    "{\"system\":\"urn:oid:2.16.756.5.30.1.123.100.1.1.1\",\"value\":\"" CARD_NUMBER "\"}" more \
    "]}],\"subject\":{\"reference\":\"#p\"}}"

static void an_order_in_fhir_with_the_same_card_is_of_the_same_client(void **state)
{
    static const char plan[] = START_16 "{\"D\":[1]}" END;
    static const char card[] = PERSON("");
    static const char house[] = PERSON(",{\"system\":\"urn:house\",\"value\":\"C-17\"}");
    struct judged judged;
    char id[CLIENT_ID_MAX];
    (void)state;
    judged_read(&judged, plan, strlen(plan));
    assert_true(rw_text_copy(id, sizeof id, judged.list.orders[0].client.id));
    judged_close(&judged);
    judged_read(&judged, card, strlen(card));
    assert_string_equal(judged.list.orders[0].client.id, id);
    judged_close(&judged);
    judged_read(&judged, house, strlen(house));
    assert_string_equal(judged.list.orders[0].client.id, "C-17");
    judged_close(&judged);
}

static const char *pack(struct rw_arena *arena, const char *json)
{
    struct rw_error err = { .code = RW_OK };
    uint8_t *zipped;
    size_t length;
    const char *text;
    assert_true(gzip_pack(json, strlen(json), arena, &zipped, &length, &err));
    assert_true(rw_base64(arena, zipped, length, &text, &err));
    return text;
}

/* As the code of a signed prescription begins. */
#define SIGNED "https://prescription.example/#"

static void wrapped_plans_mean_what_the_bare_ones_mean(void **state)
{
    static const char old[] = START_16 "{\"D\":[1,0,0,0]}" END;
    static const char new[] = START_23 PO("{\"t\":1,\"ds\":[1,0,0,0]}") END;
    struct rw_arena *arena = rw_arena_open(4 * RW_ARENA_MIB);
    struct rw_error err = { .code = RW_OK };
    const char *packed = pack(arena, new);
    int half = (int)strlen(packed) / 2;
    const char *texts[] = {
        rw_arena_format(arena, &err, "CHMED16A0%s", old),
        rw_arena_format(arena, &err, "ChMed16A1%s\r\n", pack(arena, old)),
        rw_arena_format(arena, &err, "CHMED23A.%s\n", packed),
        rw_arena_format(arena, &err, "CHMED23A.2/2.%s\nCHMED23A.1/2.%.*s\n", packed + half, half,
                        packed),
        rw_arena_format(arena, &err, SIGNED "CHMED16A1%s&i=Dr.+Muster&t=1&s=00\n",
                        pack(arena, old)),
        rw_arena_format(arena, &err, SIGNED "CHMED23A.%s", packed),
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct judged judged;
        char meaning[JUDGED_TEXT_MAX];
        judged_read(&judged, texts[i], strlen(texts[i]));
        assert_int_equal(judged.list.count, 1);
        judged_line(&judged, 0, 1, meaning);
        assert_string_equal(meaning, "23 08:00 1000");
        assert_int_equal(judged_has(&judged, 0, "D4", "signature-not-checked"),
                         strncmp(texts[i], SIGNED, strlen(SIGNED)) == 0);
        judged_close(&judged);
    }
    rw_arena_close(arena);
}

static void a_wrapping_that_cannot_be_undone_refuses_the_file(void **state)
{
    static const char *const texts[] = {
        "CHMED16A",
        "CHMED16A2{}",
        "CHMED16A0{",
        "CHMED16A0{}",
        "CHMED16A0{\"meds\":[]}",
        "CHMED16A1@@@@",
        "CHMED16A1AAAA",
        "CHMED16B0{}",
        "CHMED23A",
        "CHMED23A.",
        "CHMED23A.1/2.AAAA",
        "CHMED23A.1/1.AAAA",
        "CHMED23A.3/2.AAAA",
        "CHMED23A.1/2.AAAA\nCHMED23A.1/2.AAAA",
        "CHMED23A.1/2.AAAA\nCHMED23A.2/3.AAAA",
        "CHMED23A.1/2.AAAA and more",
        "CHMED99A.AAAA",
        SIGNED,
        SIGNED "CHMED16A1AAAA&s=00",
        "https://prescription.example/CHMED16A0{}",
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct judged judged;
        judged_read(&judged, texts[i], strlen(texts[i]));
        assert_false(judged.done);
        assert_int_equal(judged.err.code, RW_INVALID);
        judged_close(&judged);
    }
}

static void cycles_of_16a_that_no_calendar_holds_are_refused(void **state)
{
    static const struct judged_row rows[] = {
        { "{\"CyDu\":3153686400000,\"TT\":[{\"Off\":0,\"DoFrom\":1}]}",
          "! D9 malformed-input " AT_16 "/CyDu" },
        { "{\"CyDu\":864000000,\"DtFrom\":\"2026-11-23\",\"TT\":[{\"Off\":0,\"DoFrom\":1}]}",
          "23 00:00 1000" },
        { "{\"CyDu\":864000000,\"DtFrom\":\"2199-12-31\",\"TT\":[{\"Off\":86400,\"DoFrom\":1}]}",
          "! D17 invalid-timing " AT_16 "/TT/0" },
        { "{\"CyDu\":2400,\"TT\":[{\"Off\":0,\"DoFrom\":1}]}",
          "! A16 too-many-intakes " AT_16 "/CyDu" },
        { "{\"CyDu\":3600,\"TT\":[{\"Off\":0,\"DoFrom\":1},{\"Off\":1800,\"DoFrom\":1}]}",
          "! A16 too-many-intakes " AT_16 "/TT/1" },
        { "{\"TT\":[{\"DoFrom\":1}]}", "! D9 malformed-input " AT_16 "/TT/0" },
        { "{\"TT\":[7]}", "! D9 malformed-input " AT_16 "/TT/0" },
        { "{\"TT\":[{\"Off\":0,\"DoFrom\":1},{\"Off\":0,\"DoFrom\":2}]}",
          "! D17 invalid-timing " AT_16 "/TT/1" },
    };
    (void)state;
    judged_rows(START_16, END, rows, RW_COUNT(rows));
}

/* A plan of a patient is one file with many lines; a line that is none of it is told as such. */
static void medicaments_that_are_no_list_are_one_line(void **state)
{
    static const char text[] =
        "{\"Patient\":{\"FName\":\"A\",\"LName\":\"B\",\"BDt\":\"1941-03-14\","
        "\"Ids\":[{\"Type\":\"x\",\"Val\":\"1\"},{\"Type\":1}]},"
        "\"Medicaments\":7}";
    struct judged judged;
    char meaning[JUDGED_TEXT_MAX];
    (void)state;
    judged_read(&judged, text, sizeof text - 1);
    assert_int_equal(judged.list.count, 1);
    assert_null(judged.list.orders[0].client.id);
    assert_string_equal(judged.list.orders[0].client_pointer, "/Patient");
    assert_string_equal(judged.list.orders[0].client.name, "A B");
    judged_line(&judged, 0, 1, meaning);
    assert_string_equal(meaning, "! D9 malformed-input /Medicaments");
    judged_close(&judged);
}

/* A position may name its unit anew; another one than the medicament's leaves both in doubt. */
static void two_units_of_one_medicament_must_agree(void **state)
{
    static const struct judged_row rows[] = {
        { "{\"D\":[1,0,0,0],\"Unit\":\"Stk\"}", "23 08:00 1000; 24 08:00 1000" },
        { "{\"D\":[1,0,0,0],\"Unit\":\"mL\"}", "! A19 unit-conflict " AT_16 "/D/0" },
    };
    (void)state;
    judged_rows(START_16, END, rows, RW_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_four_slots_of_16a_are_the_moments_of_the_day),
        cmocka_unit_test(taking_times_of_16a_count_seconds_from_midnight_of_the_start),
        cmocka_unit_test(findings_tell_what_a_person_should_know),
        cmocka_unit_test(every_position_and_every_medicament_without_one_is_a_line),
        cmocka_unit_test(a_plan_without_medicaments_is_one_line_that_is_no_order),
        cmocka_unit_test(the_client_is_known_by_a_number_of_the_house_or_by_a_hash_of_the_card),
        cmocka_unit_test(an_order_in_fhir_with_the_same_card_is_of_the_same_client),
        cmocka_unit_test(wrapped_plans_mean_what_the_bare_ones_mean),
        cmocka_unit_test(a_wrapping_that_cannot_be_undone_refuses_the_file),
        cmocka_unit_test(cycles_of_16a_that_no_calendar_holds_are_refused),
        cmocka_unit_test(medicaments_that_are_no_list_are_one_line),
        cmocka_unit_test(two_units_of_one_medicament_must_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
