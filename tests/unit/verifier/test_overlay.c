/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at what a person sees of defects in the picture of a bag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/overlay.h"

#define WIDTH 120 /* 12 mm, at 10 pixels each */
#define HEIGHT 80
#define GREY 100
#define PALE 178 /* half the darkness of GREY, rounded as it is drawn */

/* Two letters beside each other. */
static const struct verdict_bag bag = {
    .defects = { { "content-1", REASON_TEXT_DIFFERS, 3000, 3000, 1500, 3000 },
                 { "content-1", REASON_TEXT_DIFFERS, 4500, 3000, 1500, 3000 } },
    .defect_count = 2,
};

static int grey_at(const struct picture *picture, int x, int y)
{
    return picture->pixels[y * picture->stride + x];
}

static const struct size_part as_planned = { false, 0, 0 };

static struct picture drawn(const struct verdict_bag *shown, const struct size_part *part)
{
    struct picture picture;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, NULL));
    for (int32_t i = 0; i < picture.stride * HEIGHT; i++)
        picture.pixels[i] = GREY;
    assert_true(overlay_draw(shown, part, NULL, arena, &picture, NULL));
    return picture;
}

static void no_frame_hides_what_differs(void **state)
{
    (void)state;
    const struct picture picture = drawn(&bag, &as_planned);
    for (int y = 30; y <= 60; y++)
        for (int x = 30; x <= 60; x++)
            assert_int_equal(grey_at(&picture, x, y), GREY);
}

static void defects_that_touch_have_one_frame(void **state)
{
    (void)state;
    const struct picture picture = drawn(&bag, &as_planned);
    for (int x = 26; x <= 64; x++) { /* above and below, with no gap between the two */
        assert_int_equal(grey_at(&picture, x, 26), 0);
        assert_int_equal(grey_at(&picture, x, 64), 0);
    }
    for (int y = 26; y <= 64; y++) {
        assert_int_equal(grey_at(&picture, 26, y), 0);
        assert_int_equal(grey_at(&picture, 64, y), 0);
    }
}

static void all_else_is_paler(void **state)
{
    (void)state;
    const struct picture picture = drawn(&bag, &as_planned);
    assert_int_equal(grey_at(&picture, 10, 10), PALE);
    assert_int_equal(grey_at(&picture, 90, 45), PALE);
}

static void a_bag_without_defects_is_shown_as_it_is(void **state)
{
    (void)state;
    const struct verdict_bag good = { .defect_count = 0 };
    const struct picture picture = drawn(&good, &as_planned);
    assert_false(overlay_compares(&good, &as_planned));
    assert_int_equal(grey_at(&picture, 10, 10), GREY);
    assert_int_equal(picture.height, HEIGHT);
}

static void a_label_from_behind_is_shown_so_beside_what_was_planned(void **state)
{
    (void)state;
    struct verdict_bag behind = bag;
    struct picture planned;
    struct picture picture;
    behind.quad = (struct picture_quad){ { { 9, 9 }, { 0, 9 }, { 0, 0 }, { 9, 0 } } };
    assert_true(picture_make(arena, WIDTH, HEIGHT, &planned, NULL));
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, NULL));
    for (int32_t i = 0; i < picture.stride * HEIGHT; i++)
        planned.pixels[i] = picture.pixels[i] = GREY;
    picture.pixels[32 * picture.stride + 35] = 7;
    planned.pixels[32 * planned.stride + 35] = 7;
    assert_true(overlay_compares(&bag, &as_planned));
    behind.defect_count = 0;
    assert_true(overlay_compares(&behind, &as_planned));
    behind.defect_count = bag.defect_count;
    assert_true(overlay_draw(&behind, &as_planned, &planned, arena, &picture, NULL));
    assert_int_equal(grey_at(&picture, WIDTH - 1 - 35, 32), 7);
    assert_int_equal(grey_at(&picture, WIDTH - 1 - 26, 32), 0); /* the frame is turned over too */
    assert_int_equal(grey_at(&picture, 35, picture.height - HEIGHT + 32), 7);
}

/* The label is grey, the ground around it black. */
static struct picture drawn_as_large(float across, float along)
{
    const struct size_part part = { true, across, along };
    const struct verdict_bag other = { .defect_count = 0 };
    assert_true(overlay_compares(&other, &part));
    return drawn(&other, &part);
}

static void a_small_label_leaves_the_frame_of_the_planned_size_empty(void **state)
{
    (void)state;
    const struct picture picture = drawn_as_large(0.75F, 1);
    int middle = picture.height / 2;
    int left = (picture.width - WIDTH) / 2;
    assert_int_equal(picture.width, WIDTH + 2 * left);
    assert_int_equal(grey_at(&picture, left - 2, middle), 255);     /* of the frame */
    assert_int_equal(grey_at(&picture, left + 8, middle), 0);       /* nothing of the label … */
    assert_int_equal(grey_at(&picture, left + 20, middle), GREY);   /* … which is smaller, */
    assert_int_equal(grey_at(&picture, left + 60, left + 2), GREY); /* but across alone */
}

static void a_large_label_runs_out_of_the_frame_of_the_planned_size(void **state)
{
    (void)state;
    const struct picture picture = drawn_as_large(1.25F, 1.25F);
    int middle = picture.height / 2;
    int left = (picture.width - WIDTH) / 2;
    assert_true(picture.width >= 150 && picture.height >= 100);
    assert_int_equal(grey_at(&picture, left - 2, middle), 255);
    assert_int_equal(grey_at(&picture, left - 10, middle), GREY);
    assert_int_equal(grey_at(&picture, left + 10, middle), GREY);
}

static void what_was_planned_stands_below_at_its_own_size(void **state)
{
    (void)state;
    const struct verdict_bag good = { .defect_count = 0 };
    const struct size_part large = { true, 1.25F, 1.25F };
    struct picture planned;
    struct picture picture;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &planned, NULL));
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, NULL));
    memset(planned.pixels, GREY, (size_t)planned.stride * HEIGHT);
    assert_true(overlay_draw(&good, &large, &planned, arena, &picture, NULL));
    int left = (picture.width - WIDTH) / 2;
    assert_int_equal(grey_at(&picture, left - 1, picture.height - 5), 0);
    assert_int_equal(grey_at(&picture, left, picture.height - 5), GREY);
    assert_int_equal(grey_at(&picture, left + WIDTH - 1, picture.height - HEIGHT), GREY);
}

static void of_a_label_that_is_too_small_nothing_is_kept(void **state)
{
    (void)state;
    const float same[9] = { 0.01F, 0, 0, 0, 0.01F, 0, 0, 0, 1 };
    const int32_t sizes_um[][2] = { { 999, 40000 }, { 60000, 999 } };
    struct picture frame;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &frame, NULL));
    for (int i = 0; i < 2; i++) {
        struct picture kept = { 0 };
        struct rw_error err = { 0 };
        assert_false(overlay_keep(&frame, same, sizes_um[i], arena, arena, &kept, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_null(kept.pixels);
    }
}

static void without_room_the_picture_stays_as_it_is(void **state)
{
    (void)state;
    const struct size_part large = { true, 1.25F, 1.25F };
    struct picture planned;
    struct picture picture;
    bool drawn_now = false;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &planned, NULL));
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, NULL));
    const struct picture before = picture;
    for (size_t room = 0; !drawn_now; room += WIDTH * HEIGHT / 2) {
        struct rw_arena *small = rw_arena_open(room);
        struct rw_error err = { 0 };
        assert_non_null(small);
        drawn_now = overlay_draw(&bag, &large, &planned, small, &picture, &err);
        assert_int_equal(err.code, drawn_now ? RW_OK : RW_NO_MEMORY);
        assert_true(drawn_now || picture.pixels == before.pixels);
        rw_arena_close(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_frame_hides_what_differs, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(defects_that_touch_have_one_frame, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(all_else_is_paler, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_small_label_leaves_the_frame_of_the_planned_size_empty,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_large_label_runs_out_of_the_frame_of_the_planned_size,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(what_was_planned_stands_below_at_its_own_size, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_label_from_behind_is_shown_so_beside_what_was_planned,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_bag_without_defects_is_shown_as_it_is, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(of_a_label_that_is_too_small_nothing_is_kept, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(without_room_the_picture_stays_as_it_is, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
