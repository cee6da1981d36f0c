/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what the rows of a table mean, and where they fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "tests/unit/roll-builder/judged.h"

#define HEAD                                                                                \
    "rolwacht/orders/1\norder,client,product,dose,unit,route,when,time,weekdays,frequency," \
    "period,start,end,as_needed,text\n"
#define ONE "1,C-17,METFORMINE 500 mg,1,piece,oral,"

/* Rows and what they mean on Monday the 23rd and the day after. */
static const struct judged_row rows[] = {
    { ONE "morning evening,,,,,,,,", "23 08:00 1000, 18:00 1000; 24 08:00 1000, 18:00 1000" },
    { ONE ",20:00 07:30,,,,,,,", "23 07:30 1000, 20:00 1000; 24 07:30 1000, 20:00 1000" },
    { ONE ",,tue sun,,,,,,", "24 08:00 1000" },
    { ONE ",,,3,1 d,,2026-11-23,,", "23 08:00 1000, 12:00 1000, 18:00 1000" },
    { ONE ",,,,2 wk,2026-11-10,,no,", "24 08:00 1000" },
    { ONE ",09:00,mon,,,2026-11-23T08:30:00+01:00,,,", "23 09:00 1000" },
    { "1,C-17,X,0.5,Tablet,,noon,,,,,,,,\"with \"\"food\"\", always\"",
      "23 12:00 500; 24 12:00 500" },
    { "1,C-17,X,0,piece,oral,noon,,,,,,,,", "nothing" },
    { ONE "morning,,,,,,,yes,", "! D14 as-needed /row/1" },
    { ONE ",,,,,,,,", "! D15 no-timing /row/1" },
    { "1,C-17,X,,piece,oral,morning,,,,,,,,", "! D15 no-dose /row/1" },
    { "1,C-17,X,1,ml,oral,morning,,,,,,,,", "! D6 unit-not-countable /row/1/dose" },
    { "1,C-17,X,1,,oral,morning,,,,,,,,", "! A17 unit-missing /row/1" },
    { "1,C-17,X,1,piece,cutaneous,morning,,,,,,,,", "! D6 not-oral /row/1" },
    { "1,C-17,X,0.25,piece,oral,morning,,,,,,,,", "! D40 fraction /row/1" },
    { "1,C-17,X,\"1,5\",piece,oral,morning,,,,,,,,", "! D9 malformed-input /row/1/dose" },
    { "1,C 17,X,1,piece,oral,morning,,,,,,,,", "! D9 malformed-input /row/1/client" },
    { "1,C-17,,1,piece,oral,morning,,,,,,,,", "! D9 malformed-input /row/1/product" },
    { ONE "bedtime,,,,,,,,", "! A11 unmapped-moment /row/1" },
    { ONE "morning morning,,,,,,,,", "! D9 malformed-input /row/1/when" },
    { ONE "a-word-that-is-much-too-long-for-a-moment,,,,,,,,", "! D9 malformed-input /row/1/when" },
    { ONE ",8:00,,,,,,,", "! D9 malformed-input /row/1/time" },
    { ONE ",08:00 08:00,,,,,,,", "! D9 malformed-input /row/1/time" },
    { ONE ",,monday,,,,,,", "! D9 malformed-input /row/1/weekdays" },
    { ONE ",,,often,1 d,,,,", "! D9 malformed-input /row/1/frequency" },
    { ONE ",,,2,,,,,", "! D9 malformed-input /row/1/period" },
    { ONE ",,,2,1 day,,,,", "! D9 malformed-input /row/1/period" },
    { ONE ",,,2,1 wk,2026-11-01,,,", "! A7 unanchored-frequency /row/1" },
    { ONE ",,,,2 d,,,,", "! D13 no-anchor /row/1" },
    { ONE "morning,,,,,23-11-2026,,,", "! D9 malformed-input /row/1/start" },
    { ONE "morning,,,,,,2026-02-30,,", "! D9 malformed-input /row/1/end" },
    { ONE "morning,,,,,,,ja,", "! D9 malformed-input /row/1/as_needed" },
    { ONE "morning", "! D9 malformed-input /row/1" },
};

static void each_row_means_what_the_document_says(void **state)
{
    (void)state;
    judged_rows(HEAD, "\r\n", rows, RW_COUNT(rows));
}

static void columns_may_stand_in_any_order_and_rows_are_counted_without_empty_lines(void **state)
{
    static const char table[] =
        "\xEF\xBB\xBF\"rolwacht/orders/1\",,,,,,,,\r\n"
        "unit,dose,product,when,client,order,name,born,system,code,exact\r\n\r\n"
        "piece,1,X,morning,C-17,o-1,\"Vries, Anna\",1941-03-14,urn:oid:2.51.1.1,952,yes\r\n\r\n"
        "piece,1,,morning,C-18,o-2,,,urn:oid:2.51.1.1,953,\r\n"
        "piece,1,,morning,C-18,o-3,,14-3-1941,,953,";
    struct judged judged;
    char meaning[JUDGED_TEXT_MAX];
    (void)state;
    judged_read(&judged, table, strlen(table));
    assert_int_equal(judged.list.count, 3);
    const struct order *order = &judged.list.orders[0];
    assert_string_equal(order->resource, "row");
    assert_string_equal(order->id, "o-1");
    assert_string_equal(order->client.name, "Vries, Anna");
    assert_string_equal(order->client.born, "1941-03-14");
    assert_string_equal(order->product.codes[0].code, "952");
    assert_true(order->dosings[0].exact);
    assert_string_equal(judged.list.orders[1].pointer, "/row/2");
    assert_string_equal(judged.list.orders[1].product.text, "953");
    judged_line(&judged, 2, 1, meaning);
    assert_string_equal(meaning, "! D9 malformed-input /row/3/born");
    judged_close(&judged);
}

/* Spreadsheets fill a table up with rows of empty cells. */
static void rows_of_empty_cells_are_no_orders(void **state)
{
    static const char table[] = "rolwacht/orders/1,,,,,\norder,client,product,dose,unit,when\n"
                                ",,,,,\n1,C-17,X,1,piece,morning\n,,\n\"\", , ,,,\n"
                                "2,C-17,X,,piece,morning\n,,,,,\n";
    struct judged judged;
    char meaning[JUDGED_TEXT_MAX];
    (void)state;
    judged_read(&judged, table, strlen(table));
    assert_int_equal(judged.list.count, 2);
    judged_line(&judged, 1, 1, meaning);
    assert_string_equal(meaning, "! D15 no-dose /row/2");
    judged_close(&judged);
}

static void a_table_with_other_separators_is_told_so(void **state)
{
    static const struct {
        const char *table;
        const char *text;
    } cut[] = {
        { "rolwacht/orders/1\norder;client;product;dose;unit\n1;C;X;0,5;piece\n",
          "the cells of line 2 are separated by semicolons; they must be by commas" },
        { "rolwacht/orders/1\n\norder\tclient\tproduct\tdose\tunit\n",
          "the cells of line 3 are separated by tabs; they must be by commas" },
        { "sep=;\nrolwacht/orders/1\norder;client;product;dose;unit\n",
          "the first line is \"sep=\", for one spreadsheet alone; it must be "
          "\"rolwacht/orders/1\", "
          "and cells separated by commas" },
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(cut); i++) {
        struct judged judged;
        judged_read(&judged, cut[i].table, strlen(cut[i].table));
        assert_false(judged.done);
        assert_string_equal(judged.err.text, cut[i].text);
        judged_close(&judged);
    }
}

static void a_table_in_utf16_is_told_so(void **state)
{
    static const char *const tables[] = { "\xFF\xFEr\0o\0l\0w", "\xFE\xFF\0r\0o\0l\0w",
                                          "\xFF\xFE\"\0o\0l\0" };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(tables); i++) {
        struct judged judged;
        judged_read(&judged, tables[i], 8);
        assert_false(judged.done);
        assert_string_equal(
            judged.err.text,
            "a table must be written in UTF-8, not in UTF-16 as \"Unicode text\" is");
        judged_close(&judged);
    }
}

static void a_table_that_cannot_be_trusted_is_refused_as_a_whole(void **state)
{
    static const char *const tables[] = {
        "rolwacht/orders/2\norder,client,product,dose,unit\n",
        "rolwacht/orders/1;;;\norder;client;product;dose;unit\n",
        "rolwacht/orders/1,note\norder,client,product,dose,unit\n",
        "rolwacht/orders/1\n",
        "rolwacht/orders/1\norder,client,product,dose\n",
        "rolwacht/orders/1\norder,client,product,dose,unit,colour\n",
        "rolwacht/orders/1\norder,client,product,dose,unit,unit\n",
        "rolwacht/orders/1\norder,client,product,dose,unit\n\"1,C,X,1,piece\n",
        "rolwacht/orders/1\norder,client,product,dose,unit\n\"1\"x,C,X,1,piece\n",
        "rolwacht/orders/1\norder,client,product,dose,unit\n1\",C,X,1,piece\n",
        "rolwacht/orders/1\norder,client,product,dose,unit\n1,C,\xFF,1,piece\n",
        "rolwacht/orders/1\n,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n",
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(tables); i++) {
        struct judged judged;
        judged_read(&judged, tables[i], strlen(tables[i]));
        if (judged.done)
            print_message("%s\n", tables[i]);
        assert_false(judged.done);
        assert_int_equal(judged.err.code, RW_INVALID);
        judged_close(&judged);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_means_what_the_document_says),
        cmocka_unit_test(columns_may_stand_in_any_order_and_rows_are_counted_without_empty_lines),
        cmocka_unit_test(rows_of_empty_cells_are_no_orders),
        cmocka_unit_test(a_table_with_other_separators_is_told_so),
        cmocka_unit_test(a_table_in_utf16_is_told_so),
        cmocka_unit_test(a_table_that_cannot_be_trusted_is_refused_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
