/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which gaps in the rules of a label are a dead element's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/rules.h"

#define WIDTH 600
#define HEIGHT 200
#define PX_PER_UM 0.012F
#define UPPER 40
#define LOWER 150
#define FILM 200
#define INK 40
#define GAP_PX 3

/* What a camera saw of a label with two rules, and the same as the comparison lays it. */
struct scene {
    struct registration registration;
    struct laying laying;
    struct picture seen;
};

static struct print_field fields[] = {
    { "rule-1", "", 2000, 3300, 46000, 170 },
    { "name", "x", 2000, 5000, 9000, 2000 },
    { "symbol", "", 30000, 5000, 3000, 3000 },
    { "rule-2", "", 2000, 12460, 46000, 170 },
};
static const struct print print = { fields, 4, 50000, 16600, 2, 26 };

static void fill(struct scene *scene, int x, int y, int width, uint8_t grey)
{
    for (int row = y - 1; row <= y + 1; row++)
        memset(scene->seen.pixels + (ptrdiff_t)row * scene->seen.stride + x, grey, (size_t)width);
}

static void draw(struct scene *scene)
{
    *scene = (struct scene){ .laying = { .px_per_um = PX_PER_UM, .usual = { 0.8F, 0, 0 } } };
    assert_true(picture_make(arena, WIDTH, HEIGHT, &scene->seen, NULL));
    memset(scene->seen.pixels, FILM, (size_t)HEIGHT * (size_t)scene->seen.stride);
    fill(scene, 24, UPPER, 552, INK);
    fill(scene, 24, LOWER, 552, INK);
}

static float gap_in(struct scene *scene, struct rules_gap gaps[RULES_COMPARED])
{
    struct picture paper;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &paper, NULL));
    memset(paper.pixels, FILM, (size_t)HEIGHT * (size_t)paper.stride);
    assert_true(plane_make(&scene->seen, &paper, arena, &scene->laying.planes.seen, NULL));
    scene->laying.registration = &scene->registration;
    return rules_find_gap(&scene->laying, &print, gaps);
}

static void a_dead_element_is_seen_in_both_rules(void **state)
{
    (void)state;
    struct scene scene;
    struct rules_gap gaps[RULES_COMPARED];
    draw(&scene);
    fill(&scene, 300, UPPER, GAP_PX, FILM);
    fill(&scene, 302, LOWER, GAP_PX, FILM);
    assert_true(gap_in(&scene, gaps) > 0.9F);
    assert_string_equal(gaps[0].field, "rule-1");
    assert_string_equal(gaps[1].field, "rule-2");
    for (size_t i = 0; i < RULES_COMPARED; i++)
        assert_true(gaps[i].box.x <= 300 && gaps[i].box.x + gaps[i].box.width >= 302);
}

static void a_gap_in_one_rule_is_none(void **state)
{
    (void)state;
    struct scene scene;
    struct rules_gap gaps[RULES_COMPARED];
    draw(&scene);
    assert_true(gap_in(&scene, gaps) < 0.1F);
    fill(&scene, 300, UPPER, GAP_PX, FILM);
    fill(&scene, 400, LOWER, GAP_PX, FILM);
    assert_true(gap_in(&scene, gaps) < 0.1F);
}

static void where_a_rule_fades_no_gap_is_told(void **state)
{
    (void)state;
    struct scene scene;
    struct rules_gap gaps[RULES_COMPARED];
    draw(&scene);
    fill(&scene, 300, UPPER, 60, FILM - 20); /* a reflection, far wider than an element */
    fill(&scene, 300, LOWER, 60, FILM - 20);
    assert_true(gap_in(&scene, gaps) < 0.1F);
    fill(&scene, 24, UPPER, 552, FILM - 20); /* too pale to tell */
    fill(&scene, 24, LOWER, 552, FILM - 20);
    fill(&scene, 300, UPPER, GAP_PX, FILM);
    fill(&scene, 300, LOWER, GAP_PX, FILM);
    assert_true(gap_in(&scene, gaps) < 0.1F);
}

static void a_label_with_one_rule_has_nothing_to_compare(void **state)
{
    (void)state;
    struct scene scene;
    struct rules_gap gaps[RULES_COMPARED];
    draw(&scene);
    fill(&scene, 300, UPPER, GAP_PX, FILM);
    fill(&scene, 300, LOWER, GAP_PX, FILM);
    struct print_field rule = fields[3];
    fields[3] = fields[1];
    assert_true(gap_in(&scene, gaps) < 0.1F);
    fields[3] = rule;
}

int main(void)
{
#define RULES_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        RULES_TEST(a_dead_element_is_seen_in_both_rules),
        RULES_TEST(a_gap_in_one_rule_is_none),
        RULES_TEST(where_a_rule_fades_no_gap_is_told),
        RULES_TEST(a_label_with_one_rule_has_nothing_to_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
