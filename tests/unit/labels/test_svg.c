/* SPDX-License-Identifier: Apache-2.0 */
/* The SVG is well-formed and bears its text beside the outlines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "labels/svg.h"
#include "tests/support/sample_desk.h"

static struct roll *make_roll(void)
{
    const struct sample_roll_request request = { .seed = 3, .days = 1, .dpi = 300 };
    return sample_desk_roll(&request);
}

static const char *write_svg(const struct roll *roll, const struct bag *bag)
{
    const char *text = NULL;
    struct rw_error err = { 0 };
    assert_true(svg_write(&sample_desk.desk, roll, bag, sample_desk.arena, &text, &err));
    return text;
}

static void each_text_stands_beside_its_outline(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    const char *svg = write_svg(roll, &roll->bags[1]);
    assert_true(rw_text_starts_with(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert_true(rw_text_ends_with(svg, "</svg>\n"));
    assert_non_null(strstr(svg, "width=\"70.000mm\" height=\"60.000mm\""));
    assert_non_null(strstr(svg, "id=\"time\" role=\"img\" aria-label=\"08:00\""));
    assert_non_null(strstr(svg, "id=\"symbol\""));
}

static void marks_of_xml_in_a_name_are_escaped(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    roll->client.name = "A <b> & \"c\"";
    const char *svg = write_svg(roll, &roll->bags[1]);
    assert_non_null(strstr(svg, "aria-label=\"A &lt;b> &amp; &quot;c&quot;\""));
    assert_null(strstr(svg, "<b>"));
}

/* Reads the symbol's rectangles back: "Mx yhWvHh-Wz" in micrometres. */
static int64_t symbol_area_um2(const char *svg)
{
    const char *at = strstr(svg, "id=\"symbol\"");
    double area = 0;
    at = strstr(at, " d=\"") + 4;
    while (*at == 'M') {
        double x = 0;
        double y = 0;
        double width = 0;
        double height = 0;
        int used = 0;
        assert_int_equal(sscanf(at, "M%lf %lfh%lfv%lfh-%*fz%n", &x, &y, &width, &height, &used), 4);
        assert_true(used > 0);
        area += width * height;
        at += used;
    }
    assert_int_equal(*at, '"');
    return (int64_t)(area + 0.5);
}

static void the_symbol_has_as_much_black_as_modules(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    const char *svg = write_svg(roll, &roll->bags[1]);
    struct symbol symbol;
    struct rw_error err = { 0 };
    assert_true(symbol_encode(roll->bags[1].code, &symbol, &err));
    int64_t dark = 0;
    for (int32_t row = 0; row < symbol.side; row++)
        for (int32_t column = 0; column < symbol.side; column++)
            dark += symbol_is_dark(&symbol, row, column);
    double module_um = 4 * 25400.0 / 300;
    int64_t expected = (int64_t)((double)dark * module_um * module_um);
    int64_t difference = symbol_area_um2(svg) - expected;
    assert_true(difference > -20000 && difference < 20000); /* rounding to nanometres */
}

static void what_does_not_fit_gives_no_svg(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    const char *text = NULL;
    struct rw_error err = { 0 };
    roll->client.name = "OnmogelijkLangeNaamZonderSpatiesOfStreepjesDieNergensOpPast";
    assert_false(
        svg_write(&sample_desk.desk, roll, &roll->bags[1], sample_desk.arena, &text, &err));
    assert_string_equal(err.at, "/client-name");
    assert_null(text);
}

static void an_svg_without_memory_says_so(void **state)
{
    (void)state;
    struct roll *roll = make_roll();
    bool done = false;
    for (size_t ceiling = 0; !done; ceiling = ceiling * 5 / 4 + 64) {
        struct rw_arena *small = rw_arena_open(ceiling);
        const char *text = NULL;
        struct rw_error err = { 0 };
        done = svg_write(&sample_desk.desk, roll, &roll->bags[1], small, &text, &err);
        assert_true(done || (err.code == RW_NO_MEMORY && text == NULL));
        rw_arena_close(small);
        assert_true(ceiling < 64 * RW_ARENA_MIB);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_stands_beside_its_outline),
        cmocka_unit_test(marks_of_xml_in_a_name_are_escaped),
        cmocka_unit_test(the_symbol_has_as_much_black_as_modules),
        cmocka_unit_test(what_does_not_fit_gives_no_svg),
        cmocka_unit_test(an_svg_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
