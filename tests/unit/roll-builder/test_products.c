/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that the product table is read strictly and never guesses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "roll-builder/products.h"
#include "tests/support/fixture.h"

/* A table of rows that are given without their braces. */
static bool read_rows(const char *rows, struct products **ret_products, struct rw_error *err)
{
    char text[4096];
    int length =
        snprintf(text, sizeof text, "{\"format\":\"rolwacht/products/1\",\"products\":[%s]}", rows);
    assert_true(length > 0 && (size_t)length < sizeof text);
    return products_read(text, (size_t)length, arena, ret_products, err);
}

#define ROW(code, codes, more)                                                              \
    "{\"code\":\"" code "\",\"name\":\"NAME " code "\",\"form\":\"tablet\",\"solid\":true," \
    "\"packable\":true" more ",\"codes\":[" codes "]}"
#define CODE(system, code) "{\"system\":\"" system "\",\"code\":\"" code "\"}"

static void a_row_is_read_whole(void **state)
{
    (void)state;
    struct products *products;
    struct rw_error err = { 0 };
    assert_true(read_rows(ROW("1", CODE("s", "1"),
                              ",\"strength\":\"5 mg\",\"look\":\"rond\",\"warning\":\"W\","
                              "\"lot\":\"L\",\"separate\":true,\"weekly\":true,\"light\":true,"
                              "\"in_stock\":false,\"split\":2,\"use_by_days\":7,"
                              "\"expiry\":\"2027-01-31\",\"gap_min\":60,"
                              "\"volume_ul\":350,\"look_alike\":[\"1\"],\"sent_later\":true,"
                              "\"picture\":{\"file\":\"rond.png\",\"look\":\"rond\","
                              "\"until\":\"2027-01-31\"},"
                              "\"day_milli_max\":4000,\"bag_milli_max\":2000"),
                          &products, &err));
    const struct product *row = &products->rows[0];
    assert_string_equal(row->code, "1");
    assert_string_equal(row->substance, "NAME 1"); /* its name, where none is given */
    assert_true(row->separate && row->weekly && row->light_sensitive && !row->in_stock);
    assert_int_equal(row->split, 2);
    assert_int_equal(row->use_by_days, 7);
    assert_true(row->has_expiry);
    assert_int_equal(row->expiry, 20849);
    assert_int_equal(row->gap_min, 60);
    assert_int_equal(row->volume_ul, 350);
    assert_int_equal(row->look_alike_count, 1);
    assert_true(row->sent_later);
    assert_string_equal(row->picture.file, "rond.png");
    assert_string_equal(row->picture.look, "rond");
    assert_int_equal(row->picture.until, 20849);
    assert_string_equal(row->expiry_text, "2027-01-31");
    assert_int_equal(row->day_milli_max, 4000);
    assert_int_equal(row->bag_milli_max, 2000);
}

static void a_row_must_say_whether_it_may_be_packed(void **state)
{
    (void)state;
    struct products *products;
    struct rw_error err = { 0 };
    assert_false(read_rows("{\"code\":\"1\",\"name\":\"A\",\"form\":\"tablet\",\"solid\":true,"
                           "\"codes\":[" CODE("s", "1") "]}",
                           &products, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, "/products/0");
    assert_non_null(strstr(err.text, "\"packable\" is missing"));
}

static void a_member_that_is_not_known_is_refused_with_its_place(void **state)
{
    (void)state;
    struct products *products;
    struct rw_error err = { 0 };
    assert_false(read_rows(ROW("1", CODE("s", "1"), ",\"packible\":true"), &products, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, "/products/0/packible");
}

static void a_piece_is_never_split_in_three(void **state)
{
    (void)state;
    struct products *products;
    struct rw_error err = { 0 };
    assert_false(read_rows(ROW("1", CODE("s", "1"), ",\"split\":3"), &products, &err));
    assert_string_equal(err.at, "/products/0/split");
}

/* Each contradiction of a row by itself, with its place. */
static void what_contradicts_itself_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *more;
        const char *at;
    } rows[] = {
        { ",\"class\":\"cytostatic\"", "/products/0/packable" },
        { ",\"class\":\"bitter\"", "/products/0/class" },
        { ",\"sent_later\":true", "/products/0/sent_later" },
        { ",\"look_alike\":[\"2\"]", "/products/0/look_alike" },
        { ",\"look_alike\":[2]", "/products/0/look_alike/0" },
        { ",\"lot\":\"A\",\"lots\":[{\"lot\":\"B\"}]", "/products/0/lots" },
        { ",\"lots\":[]", "/products/0/lots" },
        { ",\"lots\":[1,2,3,4,5,6,7,8,9]", "/products/0/lots" }, /* LOTS_MAX and one */
        { ",\"lots\":[{\"expiry\":\"soon\",\"lot\":\"B\"}]", "/products/0/lots/0/expiry" },
        { ",\"volume_ul\":0", "/products/0/volume_ul" },
        { ",\"look_alike\":\"2\"", "/products/0/look_alike" },
        { ",\"picture\":\"rond.png\"", "/products/0/picture" },
        { ",\"picture\":{\"file\":\"a\",\"look\":\"wit\"}", "/products/0/picture" },
        { ",\"picture\":{\"file\":\"a\",\"look\":\"wit\",\"until\":\"soon\"}",
          "/products/0/picture/until" },
        { ",\"picture\":{\"file\":\"\",\"look\":\"wit\",\"until\":\"2027-01-31\"}",
          "/products/0/picture/file" },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        char text[512];
        struct products *products;
        struct rw_error err = { 0 };
        (void)snprintf(text, sizeof text,
                       "{\"code\":\"1\",\"name\":\"A\",\"form\":\"tablet\",\"solid\":true,"
                       "\"packable\":true,\"codes\":[" CODE("s", "1") "]%s}",
                       rows[i].more);
        assert_false(read_rows(text, &products, &err));
        assert_string_equal(err.at, rows[i].at);
    }
}

static void a_number_of_the_pharmacy_itself_is_never_packed(void **state)
{
    (void)state;
    struct products *products;
    struct rw_error err = { 0 };
    assert_false(read_rows(ROW("1", CODE(MEDICINE_SYSTEM_MAGISTRAL ".1.9", "90000007"), ""),
                           &products, &err));
    assert_string_equal(err.at, "/products/0/codes/0");
}

/* A bag may hold either batch: it bears both, and the earlier date. */
static void several_batches_are_all_kept(void **state)
{
    (void)state;
    struct products *products;
    struct rw_error err = { 0 };
    assert_true(read_rows(ROW("1", CODE("s", "1"),
                              ",\"lots\":[{\"lot\":\"B7\",\"expiry\":\"2027-05-31\"},"
                              "{\"lot\":\"B8\",\"expiry\":\"2027-01-31\"}]"),
                          &products, &err));
    assert_string_equal(products->rows[0].lot, "B7, B8");
    assert_string_equal(products->rows[0].expiry_text, "2027-01-31");
}

#define STRONG(code, form, strength, more) \
    ROW_OF(code, form, ",\"substance\":\"x\",\"strength\":\"" strength "\"" more)
#define ROW_OF(code, form, more)                                                         \
    "{\"code\":\"" code "\",\"name\":\"" code "\",\"form\":\"" form "\",\"solid\":true," \
    "\"packable\":true,\"codes\":[" CODE("s", code) "]" more "}"

/* The row of half the strength, of one substance, form and unit, that may be packed. */
static void a_half_finds_the_whole_that_it_could_be(void **state)
{
    (void)state;
    static const struct {
        const char *other; /* beside "5 mg" of form "tablet" */
        bool is_half;
    } rows[] = {
        { STRONG("2", "tablet", "2,5 mg", ""), true },
        { STRONG("2", "tablet", "2.50 MG", ""), true },
        { STRONG("2", "tablet", "2,5mg", ""), true },
        { STRONG("2", "tablet", "2,5 g", ""), false },
        { STRONG("2", "capsule", "2,5 mg", ""), false },
        { STRONG("2", "tablet", "2,5", ""), false },
        { STRONG("2", "tablet", "2,5/1 mg", ""), false },
        { STRONG("2", "tablet", "2,5000001 mg", ""), false },
        { STRONG("2", "tablet", "2500000000000 mg", ""), false },
        { STRONG("2", "tablet", "sterk", ""), false },
        { STRONG("2", "tablet", "2,5 mg", ",\"in_stock\":false"), false },
        { ROW_OF("2", "tablet", ",\"substance\":\"y\",\"strength\":\"2,5 mg\""), false },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        char text[1024];
        struct products *products;
        struct rw_error err = { 0 };
        (void)snprintf(text, sizeof text, "%s,%s", rows[i].other,
                       STRONG("1", "tablet", "5 mg", ""));
        if (!read_rows(text, &products, &err))
            fail_msg("%s: %s", err.at, err.text);
        assert_true((products->rows[1].whole_of_half == &products->rows[0]) == rows[i].is_half);
        assert_null(products->rows[0].whole_of_half);
    }
}

static void every_fault_of_every_row_is_told(void **state)
{
    (void)state;
    static const char text[] =
        "{\"format\":\"rolwacht/products/1\",\"products\":[{\"code\":\"1\",\"packible\":true,"
        "\"split\":9},7,{\"code\":\"2\",\"name\":\"B\",\"form\":\"f\",\"solid\":true,"
        "\"packable\":1,\"codes\":[{\"system\":\"s\"}]}]}";
    struct products products = { 0 };
    struct json_sheet sheet;
    json_sheet_init(&sheet, arena);
    products_read_faults(text, strlen(text), &sheet, &products);
    assert_int_equal(sheet.count, 10); /* 7 of the first row, 1, and 2 of the third */
    assert_string_equal(sheet.faults[0].at, "/products/0/packible");
    assert_string_equal(sheet.faults[7].at, "/products/1");
    assert_string_equal(sheet.faults[8].at, "/products/2/packable");
    assert_string_equal(sheet.faults[9].at, "/products/2/codes/0");
}

static void two_rows_may_not_claim_one_code(void **state)
{
    (void)state;
    struct products *products;
    struct rw_error err = { 0 };
    assert_false(
        read_rows(ROW("1", CODE("s", "x"), "") "," ROW("2", CODE("s", "x"), ""), &products, &err));
    assert_non_null(strstr(err.text, "s|x"));
    struct rw_error same = { 0 };
    assert_false(
        read_rows(ROW("1", CODE("s", "x"), "") "," ROW("1", CODE("s", "y"), ""), &products, &same));
    assert_int_equal(same.code, RW_INVALID);
}

static const struct product *find(const struct products *products, struct medicine_code *codes,
                                  size_t count, bool *ret_conflict)
{
    const struct medicine medicine = { .codes = codes, .code_count = count };
    return products_find(products, &medicine, ret_conflict);
}

static struct products *three_rows(void)
{
    struct products *products;
    struct rw_error err = { 0 };
    assert_true(
        read_rows(ROW("brand", CODE(MEDICINE_SYSTEM_HPK, "10"), "") "," ROW(
                      "generic", CODE(MEDICINE_SYSTEM_HPK, "20") "," CODE(MEDICINE_SYSTEM_PRK, "5"),
                      "") "," ROW("other", CODE("urn:other", "10"), ""),
                  &products, &err));
    return products;
}

static void the_most_exact_level_decides(void **state)
{
    (void)state;
    const struct products *products = three_rows();
    bool conflict;
    struct medicine_code codes[] = { { .system = MEDICINE_SYSTEM_PRK, .code = "5" },
                                     { .system = MEDICINE_SYSTEM_HPK, .code = "10" } };
    assert_string_equal(find(products, codes, 2, &conflict)->code, "brand");
    assert_false(conflict);
    codes[1].code = "99"; /* an HPK that the table lacks: the PRK is what is left */
    assert_string_equal(find(products, codes, 2, &conflict)->code, "generic");
}

static void a_code_counts_only_in_its_own_system(void **state)
{
    (void)state;
    const struct products *products = three_rows();
    bool conflict;
    struct medicine_code code = { .system = MEDICINE_SYSTEM_PRK, .code = "10" };
    assert_null(find(products, &code, 1, &conflict));
    code.system = NULL;
    assert_null(find(products, &code, 1, &conflict));
    code.system = "urn:other";
    assert_string_equal(find(products, &code, 1, &conflict)->code, "other");
}

static void two_products_of_one_level_are_a_conflict_unless_a_person_chose(void **state)
{
    (void)state;
    const struct products *products = three_rows();
    bool conflict;
    struct medicine_code codes[] = { { .system = MEDICINE_SYSTEM_HPK, .code = "10" },
                                     { .system = MEDICINE_SYSTEM_HPK, .code = "20" } };
    assert_null(find(products, codes, 2, &conflict));
    assert_true(conflict);
    codes[0].user_selected = true;
    assert_string_equal(find(products, codes, 2, &conflict)->code, "brand");
    assert_false(conflict);
    codes[1].user_selected = true;
    assert_null(find(products, codes, 2, &conflict));
    assert_true(conflict);
}

static void without_a_table_nothing_is_found(void **state)
{
    bool conflict = true;
    struct medicine_code code = { .system = MEDICINE_SYSTEM_HPK, .code = "10" };
    (void)state;
    assert_null(find(NULL, &code, 1, &conflict));
    assert_false(conflict);
}

static void a_product_without_a_code_is_found_by_nobody(void **state)
{
    (void)state;
    static const char *const codes[][2] = { { "[]", "/products/0/codes" },
                                            { "\"s\"", "/products/0/codes" },
                                            { "[7]", "/products/0/codes/0" },
                                            { "[{\"code\":\"1\"}]", "/products/0/codes/0" } };
    for (size_t i = 0; i < RW_COUNT(codes); i++) {
        char text[256];
        struct products *products = NULL;
        struct rw_error err = { 0 };
        (void)snprintf(text, sizeof text,
                       "{\"code\":\"1\",\"name\":\"A\",\"form\":\"tablet\",\"solid\":true,"
                       "\"packable\":true,\"codes\":%s}",
                       codes[i][0]);
        assert_false(read_rows(text, &products, &err));
        assert_string_equal(err.at, codes[i][1]);
        assert_null(products);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_read_whole),
        cmocka_unit_test(a_row_must_say_whether_it_may_be_packed),
        cmocka_unit_test(a_member_that_is_not_known_is_refused_with_its_place),
        cmocka_unit_test(a_piece_is_never_split_in_three),
        cmocka_unit_test(what_contradicts_itself_is_refused),
        cmocka_unit_test(a_number_of_the_pharmacy_itself_is_never_packed),
        cmocka_unit_test(several_batches_are_all_kept),
        cmocka_unit_test(a_half_finds_the_whole_that_it_could_be),
        cmocka_unit_test(every_fault_of_every_row_is_told),
        cmocka_unit_test(two_rows_may_not_claim_one_code),
        cmocka_unit_test(the_most_exact_level_decides),
        cmocka_unit_test(a_code_counts_only_in_its_own_system),
        cmocka_unit_test(two_products_of_one_level_are_a_conflict_unless_a_person_chose),
        cmocka_unit_test(without_a_table_nothing_is_found),
        cmocka_unit_test(a_product_without_a_code_is_found_by_nobody),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
