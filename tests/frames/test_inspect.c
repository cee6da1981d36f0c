/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what views of bags, and places without one, do to a verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/tag.h"
#include "labels/expected.h"
#include "tests/support/photo.h"
#include "tests/support/sample_roll.h"
#include "verifier/inspect.h"
#include "verifier/vision.h"

#define SHOTS 3 /* the roll's first bags, and a stranger */
#define STRANGER SHOTS
#define WORN 4   /* modules from one spot to the next */
#define STEPS 12 /* ceilings between nothing and enough */
#define ARENA_BYTES (256 * RW_ARENA_MIB)

/* What all cases need; the pictures are taken and read once. */
static struct rw_arena *arena;
static struct rw_arena *run;
static struct rw_arena *frame;
static struct decode *decode;
static struct layout_desk desk;
static struct expected_labels labels;
static struct roll *roll;
static struct lane *lane;
static uint8_t roll_key[RW_HMAC_KEY_BYTES];
static struct match_plan plan;
static struct picture shots[SHOTS + 1];
static struct readings seen[SHOTS + 1];

static bool take(const struct roll *of, const struct bag *bag, struct picture *ret_picture)
{
    struct rw_random random = rw_random_seeded((uint64_t)bag->n);
    const struct sheet_request request = {
        .desk = &desk, .roll = of, .bag = bag, .seed = (uint64_t)bag->n, .film = sheet_film_usual()
    };
    struct sheet sheet;
    struct photo photo;
    if (!sheet_make(&request, arena, &sheet, NULL))
        return false;
    const struct photo_request photo_request = { .sheets = &sheet,
                                                 .sheet_count = 1,
                                                 .along_mm = (float)sheet.print.height_um / 2000,
                                                 .look = photo_look_make(PHOTO_USUAL, &random),
                                                 .channels = PHOTO_GREY,
                                                 .seed = (uint64_t)bag->n };
    return photo_take(&photo_request, arena, &photo, NULL) &&
           photo_grey(&photo, arena, ret_picture, NULL);
}

static int set_up(void **state)
{
    (void)state;
    const struct sample_roll_request own = { .seed = 21, .days = 1, .dpi = 300 };
    const struct sample_roll_request strange = { .seed = 22, .days = 1, .dpi = 300 };
    struct roll *other = NULL;
    arena = rw_arena_open(ARENA_BYTES);
    run = rw_arena_open(ARENA_BYTES);
    frame = rw_arena_open(ARENA_BYTES);
    if (arena == NULL || run == NULL || frame == NULL || !rw_crypto_init(NULL) ||
        !decode_open(arena, &decode, NULL) || !vision_start(NULL) ||
        !canvas_open(&desk.canvas, NULL) || !sample_roll_make(&own, arena, &roll, NULL) ||
        !sample_roll_make(&strange, arena, &other, NULL))
        return 1;
    tag_roll_key(sample_roll_key, roll->number, roll_key);
    labels = expected_labels_from(&desk);
    plan = (struct match_plan){ .roll = roll, .roll_key = roll_key };
    const struct lane_setup lane_setup = { .roll = roll, .labels = &labels, .decode = decode };
    if (!lane_open(&lane_setup, arena, &lane, NULL))
        return 1;
    for (int i = 0; i <= SHOTS; i++) {
        const struct roll *of = i == STRANGER ? other : roll;
        if (!take(of, &of->bags[i], &shots[i]) ||
            !lane_read(lane, &shots[i], arena, &seen[i], NULL) || seen[i].count != 1)
            return 1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    decode_close(decode);
    canvas_close(desk.canvas);
    rw_arena_close(frame);
    rw_arena_close(run);
    rw_arena_close(arena);
    return 0;
}

static bool open_in(struct rw_arena *where, struct inspect **ret_inspect, struct rw_error *err)
{
    const struct inspect_setup setup = { .plan = plan,
                                         .decode = decode,
                                         .labels = &labels,
                                         .policy = decide_policy_default(),
                                         .keeps_pictures = true };
    return inspect_open(&setup, where, ret_inspect, err);
}

static struct inspect *open_inspect(void)
{
    struct inspect *inspect = NULL;
    rw_arena_reset(run);
    assert_true(open_in(run, &inspect, NULL));
    return inspect;
}

static void show(struct inspect *inspect, const char *name, int shot)
{
    rw_arena_reset(frame);
    assert_true(inspect_judge(inspect, name, &shots[shot], &seen[shot], frame, NULL));
}

static void show_nothing(struct inspect *inspect, const char *name)
{
    const struct readings none = { 0 };
    assert_true(inspect_judge(inspect, name, &shots[0], &none, frame, NULL));
}

static struct verdict_report finish(struct inspect *inspect)
{
    struct verdict_report report;
    assert_true(inspect_finish(inspect, &report, NULL));
    return report;
}

static bool has_reason(const struct verdict_bag *bag, enum verdict_reason reason)
{
    for (size_t i = 0; i < bag->reason_count; i++)
        if (bag->reasons[i] == reason)
            return true;
    return false;
}

static void a_frame_without_a_code_names_the_bag_that_lies_there(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    show(inspect, "a", 0);
    show_nothing(inspect, "b");
    show(inspect, "c", 2);
    struct verdict_report report = finish(inspect);
    assert_int_equal(report.bags[0].verdict, VERDICT_PASS);
    assert_int_equal(report.bags[1].verdict, VERDICT_UNSURE);
    assert_true(has_reason(&report.bags[1], REASON_CODE_UNREADABLE));
    assert_string_equal(report.bags[1].frame, "b");
    assert_int_equal(report.bags[2].verdict, VERDICT_PASS);
}

/* It may be any bag: those beside it are not good until somebody has looked. */
static void one_bag_too_many_that_cannot_be_read_spoils_its_neighbours(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    show(inspect, "a", 0);
    show_nothing(inspect, "b");
    show(inspect, "c", 1);
    show(inspect, "d", 2);
    struct verdict_report report = finish(inspect);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(report.bags[i].verdict, VERDICT_UNSURE);
        assert_true(has_reason(&report.bags[i], REASON_CODE_UNREADABLE));
    }
    assert_int_equal(report.bags[2].verdict, VERDICT_PASS);
}

static void a_label_that_is_cut_off_is_not_passed(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    struct picture cut = shots[0];
    float right = 0;
    float bottom = 0;
    for (int i = 0; i < 4; i++) {
        struct picture_point at = seen[0].readings[0].grid.quad.corner[i];
        right = at.x > right ? at.x : right;
        bottom = at.y > bottom ? at.y : bottom;
    }
    cut.width = (int32_t)right + 20 < cut.width ? (int32_t)right + 20 : cut.width;
    cut.height = (int32_t)bottom + 20 < cut.height ? (int32_t)bottom + 20 : cut.height;
    rw_arena_reset(frame);
    assert_true(inspect_frame(inspect, "a", &cut, frame, NULL));
    struct verdict_report report = finish(inspect);
    assert_true(has_reason(&report.bags[0], REASON_CUT_ASKEW));
    assert_int_not_equal(report.bags[0].verdict, VERDICT_PASS);
    assert_false(report.bags[0].print_judged);
}

/* The code alone proves nothing: here a stranger's print lies under it. */
static void a_planned_code_on_another_print_is_not_passed(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    struct picture empty;
    rw_arena_reset(frame);
    assert_true(picture_make(frame, shots[0].width, shots[0].height, &empty, NULL));
    memset(empty.pixels, 230, (size_t)empty.stride * (size_t)empty.height);
    assert_true(inspect_judge(inspect, "a", &empty, &seen[0], frame, NULL));
    struct verdict_report report = finish(inspect);
    assert_true(has_reason(&report.bags[0], REASON_PRINT_DAMAGED));
    assert_int_not_equal(report.bags[0].verdict, VERDICT_PASS);
}

/* From so far aside text cannot be told from none: somebody has to look. */
static void no_text_under_a_code_seen_from_aside_is_unsure(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    struct picture empty;
    struct reading aside = seen[0].readings[0];
    const struct readings readings = { .readings = &aside, .count = 1 };
    for (int i = 0; i < 4; i++)
        aside.grid.quad.corner[i].x *= 0.85F;
    rw_arena_reset(frame);
    assert_true(picture_make(frame, shots[0].width, shots[0].height, &empty, NULL));
    memset(empty.pixels, 230, (size_t)empty.stride * (size_t)empty.height);
    assert_true(inspect_judge(inspect, "a", &empty, &readings, frame, NULL));
    struct verdict_report report = finish(inspect);
    assert_true(has_reason(&report.bags[0], REASON_CUT_ASKEW));
    assert_int_equal(report.bags[0].verdict, VERDICT_UNSURE);
}

/* Its code is read all the same. */
static void a_bag_that_is_printed_in_reverse_is_not_passed(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    struct picture reversed;
    rw_arena_reset(frame);
    assert_true(picture_make(frame, shots[0].width, shots[0].height, &reversed, NULL));
    for (int32_t y = 0; y < reversed.height; y++)
        for (int32_t x = 0; x < reversed.width; x++)
            reversed.pixels[(ptrdiff_t)y * reversed.stride + x] =
                shots[0].pixels[(ptrdiff_t)y * shots[0].stride + shots[0].width - 1 - x];
    assert_true(inspect_frame(inspect, "a", &reversed, frame, NULL));
    struct verdict_report report = finish(inspect);
    assert_true(has_reason(&report.bags[0], REASON_PRINT_DAMAGED));
    assert_int_equal(report.bags[0].verdict, VERDICT_FAIL);
}

static void a_stranger_in_two_frames_is_one_stranger(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    show(inspect, "a", STRANGER);
    show(inspect, "b", STRANGER);
    struct verdict_report report = finish(inspect);
    assert_int_equal(report.stranger_count, 1);
    assert_string_equal(report.strangers[0].frame, "a");
    assert_int_equal(report.strangers[0].reason, REASON_OTHER_ROLL);
    assert_int_equal(report.verdict, VERDICT_FAIL);
}

static void the_better_of_two_views_counts(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct inspect *inspect = open_inspect();
        struct picture empty;
        for (int view = 0; view < 2; view++) {
            rw_arena_reset(frame);
            assert_true(picture_make(frame, shots[0].width, shots[0].height, &empty, NULL));
            memset(empty.pixels, 230, (size_t)empty.stride * (size_t)empty.height);
            const struct picture *picture = view == order ? &empty : &shots[0];
            assert_true(inspect_judge(inspect, view == order ? "bad" : "good", picture, &seen[0],
                                      frame, NULL));
        }
        struct verdict_report report = finish(inspect);
        assert_string_equal(report.bags[0].frame, "good");
        assert_false(has_reason(&report.bags[0], REASON_PRINT_DAMAGED));
    }
}

static void a_roll_has_an_end_of_its_stills(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    const struct readings none = { 0 };
    struct rw_error err = { 0 };
    for (int i = 0; i < SEQUENCE_SIGHTINGS_MAX; i++)
        show_nothing(inspect, "f");
    assert_false(inspect_judge(inspect, "g", &shots[0], &none, frame, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

/* Rubs spots of ink off the L of a symbol, so that no edge of it is long enough to be seen. */
static void wear_symbol(struct picture *strip, int shot)
{
    const struct picture_quad *quad = &seen[shot].readings[0].grid.quad;
    int rows = symbology_get(seen[shot].readings[0].grid.size)->rows;
    int module = (int)grid_quad_height(quad) / rows;
    for (int i = WORN; i < 2 * rows; i += WORN) {
        struct picture_point corner = quad->corner[0];
        struct picture_point end = quad->corner[i < rows ? 1 : 3];
        float along = (float)(i % rows) / (float)rows;
        int x = (int)(corner.x + along * (end.x - corner.x)) - module;
        int y = (int)(corner.y + along * (end.y - corner.y)) - module + shot * shots[0].height;
        for (int row = 0; row < 2 * module; row++)
            memset(&strip->pixels[(y + row) * strip->stride + x], 210, 2 * (size_t)module);
    }
}

/* The first `count` shots, one below the other. */
static struct picture strip_of(int count)
{
    struct picture strip;
    assert_true(picture_make(frame, shots[0].width, shots[0].height * count, &strip, NULL));
    for (int i = 0, size = shots[0].stride * shots[0].height; i < count; i++)
        memcpy(strip.pixels + (ptrdiff_t)i * size, shots[i].pixels, (size_t)size);
    return strip;
}

/* A frame of one code that the lane read before says nothing of the way to another. */
static void a_code_with_a_worn_edge_is_read_where_its_bag_must_be(void **state)
{
    (void)state;
    struct reader *reader = NULL;
    assert_true(reader_open(decode, arena, &reader, NULL));
    for (size_t count = 2; count <= SHOTS; count++) {
        struct readings found;
        rw_arena_reset(frame);
        struct picture strip = strip_of((int)count);
        wear_symbol(&strip, (int)count - 1);
        strip.width = (int32_t)seen[0].readings[0].grid.quad.corner[1].x + 30; /* the film ends */
        assert_true(reader_read(reader, &strip, &(struct reader_limits){ 0 }, frame, &found, NULL));
        assert_int_equal(found.count, count - 1);
        assert_true(lane_read(lane, &strip, frame, &found, NULL) && found.count == count);
    }
}

static void a_frame_without_room_is_an_error_and_no_verdict(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    show(inspect, "a", 0);
    const size_t enough = rw_arena_used(frame);
    for (size_t step = 0; step < STEPS; step++) {
        struct rw_arena *small = rw_arena_open(enough * step / STEPS);
        struct rw_error err = { 0 };
        assert_non_null(small);
        inspect = open_inspect();
        assert_false(inspect_judge(inspect, "a", &shots[0], &seen[0], small, &err));
        assert_int_equal(err.code, RW_NO_MEMORY);
        rw_arena_close(small);
        assert_int_not_equal(finish(inspect).bags[0].verdict, VERDICT_PASS);
    }
}

static void a_run_without_room_is_an_error_and_no_report(void **state)
{
    (void)state;
    struct inspect *inspect = open_inspect();
    const size_t opened = rw_arena_used(run);
    show(inspect, "a", 0);
    show(inspect, "b", STRANGER);
    (void)finish(inspect);
    const size_t enough = rw_arena_used(run);
    for (size_t step = 0; step < 2 * STEPS; step++) {
        size_t ceiling = step < STEPS ? opened * step / STEPS
                                      : opened + (enough - opened) * (step - STEPS) / STEPS;
        struct rw_arena *small = rw_arena_open(ceiling);
        struct verdict_report report;
        struct rw_error err = { 0 };
        assert_non_null(small);
        rw_arena_reset(frame);
        assert_false(open_in(small, &inspect, &err) &&
                     inspect_judge(inspect, "a", &shots[0], &seen[0], frame, &err) &&
                     inspect_judge(inspect, "b", &shots[STRANGER], &seen[STRANGER], frame, &err) &&
                     inspect_finish(inspect, &report, &err));
        assert_int_equal(err.code, RW_NO_MEMORY);
        rw_arena_close(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_without_a_code_names_the_bag_that_lies_there),
        cmocka_unit_test(one_bag_too_many_that_cannot_be_read_spoils_its_neighbours),
        cmocka_unit_test(a_label_that_is_cut_off_is_not_passed),
        cmocka_unit_test(a_planned_code_on_another_print_is_not_passed),
        cmocka_unit_test(no_text_under_a_code_seen_from_aside_is_unsure),
        cmocka_unit_test(a_bag_that_is_printed_in_reverse_is_not_passed),
        cmocka_unit_test(a_stranger_in_two_frames_is_one_stranger),
        cmocka_unit_test(the_better_of_two_views_counts),
        cmocka_unit_test(a_roll_has_an_end_of_its_stills),
        cmocka_unit_test(a_code_with_a_worn_edge_is_read_where_its_bag_must_be),
        cmocka_unit_test(a_frame_without_room_is_an_error_and_no_verdict),
        cmocka_unit_test(a_run_without_room_is_an_error_and_no_report),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
