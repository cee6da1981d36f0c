/* SPDX-License-Identifier: Apache-2.0 */
/* A label in the printer's own letters says what the roll says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/model/gs1.h"
#include "labels/zpl.h"
#include "labels/zpl_field.h"
#include "tests/support/sample_desk.h"

static struct roll *make_roll(uint64_t seed, int32_t days, enum tag_profile profile)
{
    const struct sample_roll_request request = {
        .seed = seed, .days = days, .dpi = 300, .profile = profile
    };
    return sample_desk_roll(&request);
}

static const char *write_zpl(const struct roll *roll, size_t *ret_length)
{
    const char *bytes = NULL;
    struct rw_error err = { 0 };
    bool done = zpl_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, ret_length, &err);
    if (!done)
        print_error("%s: %s\n", err.at, err.text);
    assert_true(done);
    return bytes;
}

static int32_t count_of(const char *text, const char *word)
{
    int32_t count = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word))
        count++;
    return count;
}

static void assert_holds(const char *text, const char *word)
{
    if (strstr(text, word) == NULL)
        print_error("not in the label: %s\n", word);
    assert_non_null(strstr(text, word));
}

static void each_bag_has_its_text_and_its_code(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3, 2, TAG_INTERNAL);
    size_t length = 0;
    const char *zpl = write_zpl(roll, &length);
    assert_int_equal(strlen(zpl), length);
    assert_int_equal(count_of(zpl, "^XA"), roll->bag_count);
    assert_int_equal(count_of(zpl, "^XZ"), roll->bag_count);
    assert_int_equal(count_of(zpl, "^CI28"), roll->bag_count);
    assert_int_equal(count_of(zpl, "^BXN,4,200,22,22,,_,1^FD_1911"), roll->bag_count);
    assert_int_equal(count_of(zpl, "^GFA"), 0);
    assert_holds(zpl, "^FDZijlstra-Łukasiewicz^FS");
    assert_holds(zpl, "^FD08:00^FS");
    assert_holds(zpl, "^FDmaandag^FS");
    assert_holds(zpl, "^FD23 november 2026^FS");
    assert_holds(zpl, "^FDOMEPRAZOL 20 mg^FS");
    assert_holds(zpl, "^FDdinsdag^FS");
    assert_holds(zpl, "^FDTotaal 5 stuks^FS");
}

/* What is filled in for another day is what would be laid out for that day alone. */
static void a_bag_is_the_same_in_its_roll_and_alone(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 9; seed++) {
        struct roll *roll = make_roll(seed, 28, seed % 2 == 0 ? TAG_GS1 : TAG_INTERNAL);
        size_t length = 0;
        const char *whole = write_zpl(roll, &length);
        const char *at = whole;
        for (size_t i = 0; i < roll->bag_count; i++) {
            struct roll alone = *roll;
            size_t one = 0;
            alone.bags = &roll->bags[i];
            alone.bag_count = 1;
            const char *label = write_zpl(&alone, &one);
            assert_true((size_t)(at - whole) + one <= length);
            assert_memory_equal(at, label, one);
            at += one;
        }
        assert_int_equal((size_t)(at - whole), length);
        rw_arena_reset(sample_desk.arena);
    }
}

static void a_separator_between_elements_is_written_as_fnc1(void **state)
{
    (void)state;
    struct roll *roll = make_roll(4, 1, TAG_GS1);
    size_t length = 0;
    const char *zpl = write_zpl(roll, &length);
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "21%s_190", roll->bags[1].serial);
    assert_holds(zpl, "^BXN,4,200,26,26,,_,1^FD_101");
    assert_holds(zpl, wanted);
}

static void letters_that_the_printer_may_lack_are_sent_as_dots(void **state)
{
    (void)state;
    static const char *const names[] = { "محمد عبد الرحمن", "Γεωργία", "Nguyễn Thị Ổn", "शर्मा" };
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        struct roll *roll = make_roll(3, 1, TAG_INTERNAL);
        size_t length = 0;
        roll->client.name = names[i];
        const char *zpl = write_zpl(roll, &length);
        assert_int_equal(count_of(zpl, "^GFA"), roll->bag_count);
        assert_null(strstr(zpl, names[i]));
    }
    assert_true(zpl_field_is_plain("½ × Çağrı Żółć"));
    assert_false(zpl_field_is_plain("Юлия"));
}

static void signs_that_end_a_field_are_written_as_numbers(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3, 1, TAG_INTERNAL);
    size_t length = 0;
    roll->client.name = "A^XZ~B_C\\D";
    const char *zpl = write_zpl(roll, &length);
    assert_holds(zpl, "^FDA_5EXZ_7EB_5FC_5CD^FS");
    assert_int_equal(count_of(zpl, "^XZ"), roll->bag_count);
}

static void assert_refused(const struct roll *roll, const char *at)
{
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_false(zpl_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_string_equal(err.at, at);
    assert_null(bytes);
}

static void what_cannot_be_printed_is_refused(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3, 1, TAG_INTERNAL);
    roll->language = "xx";
    assert_refused(roll, "/language");
    roll = make_roll(3, 1, TAG_INTERNAL);
    roll->bags[2].code = "(91)1540924608002^";
    assert_refused(roll, "/code");
    roll = make_roll(3, 1, TAG_INTERNAL);
    roll->media = "no-such-film";
    assert_refused(roll, "/media");
    roll = make_roll(3, 1, TAG_INTERNAL);
    roll->client.name = "李明";
    assert_refused(roll, "/client-name");
}

static void a_roll_without_memory_says_so(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3, 2, TAG_INTERNAL);
    struct rw_arena *small = rw_arena_open(4 * RW_ARENA_KIB);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_non_null(small);
    assert_false(zpl_write(&sample_desk.desk, roll, small, &bytes, &length, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(small);
}

/* Its label would be that of the first bag with another code filled in. */
static void a_later_bag_is_refused_for_its_own_code(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3, 1, TAG_INTERNAL);
    char code[GS1_TEXT_MAX];
    roll->bag_count = 2;
    roll->bags++; /* two doses */
    roll->bags[1] = roll->bags[0];
    size_t length = 0;
    assert_int_equal(count_of(write_zpl(roll, &length), "^XA"), 2);
    assert_true(rw_text_copy(code, sizeof code, roll->bags[0].code));
    code[strlen(code) - 1] = '\x01';
    roll->bags[1].code = code;
    assert_refused(roll, "/code");
}

static void two_bags_of_one_minute_keep_their_own_contents(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3, 1, TAG_INTERNAL);
    struct bag_content contents[2];
    size_t length = 0;
    roll->bag_count = 2;
    roll->bags++;
    for (size_t i = 0; i < 2; i++)
        contents[i] = (struct bag_content){ .name = "METFORMINE", .milli = 1000, .look = "wit" };
    contents[1].look = "geel";
    roll->bags[1] = roll->bags[0];
    for (size_t i = 0; i < 2; i++) {
        roll->bags[i].contents = &contents[i];
        roll->bags[i].content_count = 1;
    }
    const char *zpl = write_zpl(roll, &length);
    assert_int_equal(count_of(zpl, "^FDwit^FS"), 1);
    assert_int_equal(count_of(zpl, "^FDgeel^FS"), 1);
}

static void count_told(void *self, size_t done)
{
    size_t *told = self;
    assert_int_equal(*told, done);
    ++*told;
}

static void who_waits_is_told_of_each_bag_in_its_turn(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3, 2, TAG_INTERNAL);
    size_t told = 0;
    size_t length = 0;
    sample_desk.desk.told = count_told;
    sample_desk.desk.told_self = &told;
    (void)write_zpl(roll, &length); /* an error would stop the test */
    sample_desk.desk.told = NULL;
    assert_int_equal(told, roll->bag_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bag_has_its_text_and_its_code),
        cmocka_unit_test(a_bag_is_the_same_in_its_roll_and_alone),
        cmocka_unit_test(a_separator_between_elements_is_written_as_fnc1),
        cmocka_unit_test(letters_that_the_printer_may_lack_are_sent_as_dots),
        cmocka_unit_test(signs_that_end_a_field_are_written_as_numbers),
        cmocka_unit_test(what_cannot_be_printed_is_refused),
        cmocka_unit_test(a_roll_without_memory_says_so),
        cmocka_unit_test(a_later_bag_is_refused_for_its_own_code),
        cmocka_unit_test(two_bags_of_one_minute_keep_their_own_contents),
        cmocka_unit_test(who_waits_is_told_of_each_bag_in_its_turn),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
