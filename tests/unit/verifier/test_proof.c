/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a label in letters of either kind, another one in neither. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "labels/expected.h"
#include "tests/support/sample_desk.h"
#include "verifier/proof.h"
#include "verifier/vision.h"

#define PX_PER_MM 14
#define MARGIN_PX 60
#define FRAME_GREY 230
#define SOFT_SIGMA 0.6F
#define LEFT_BYTES RW_ARENA_MIB /* of one bag's trials: fields and their texts */

/* A bag as a camera sees it that looks straight at its film. */
struct scene {
    struct roll *roll;
    struct bag printed;
    enum proof_letters letters;
    struct picture frame;
    struct picture_quad symbol;
};

static void draw_into_frame(struct scene *scene, const struct picture *label,
                            const struct print *print)
{
    struct rw_error err = { 0 };
    struct picture large;
    struct picture soft;
    int32_t width = print->width_um * PX_PER_MM / 1000;
    int32_t height = print->height_um * PX_PER_MM / 1000;
    assert_true(vision_resize(label, width * 4, height * 4, sample_desk.arena, &large, &err) &&
                vision_resize(&large, width, height, sample_desk.arena, &soft, &err) &&
                vision_blur(&soft, SOFT_SIGMA, sample_desk.arena, &large, &err));
    assert_true(picture_make(sample_desk.arena, width + 2 * MARGIN_PX, height + 2 * MARGIN_PX,
                             &scene->frame, &err));
    memset(scene->frame.pixels, FRAME_GREY,
           (size_t)scene->frame.stride * (size_t)scene->frame.height);
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) {
            int grey = large.pixels[(ptrdiff_t)y * large.stride + x];
            scene->frame.pixels[(ptrdiff_t)(y + MARGIN_PX) * scene->frame.stride + x + MARGIN_PX] =
                (uint8_t)(40 + grey * (FRAME_GREY - 40) / 255);
        }
}

static float to_frame(int32_t um)
{
    return (float)um * PX_PER_MM / 1000 + MARGIN_PX;
}

/* Prints and photographs a bag. */
static void photograph(struct scene *scene)
{
    struct rw_error err = { 0 };
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    struct picture label;
    struct print print;
    assert_true((scene->letters == PROOF_DOTS ? labels.draw : labels.draw_outlined)(
        labels.self, scene->roll, &scene->printed, sample_desk.arena, &label, &print, &err));
    draw_into_frame(scene, &label, &print);
    const struct print_field *symbol = &print.fields[print.symbol];
    float left = to_frame(symbol->x_um);
    float right = to_frame(symbol->x_um + symbol->width_um);
    float top = to_frame(symbol->y_um);
    float bottom = to_frame(symbol->y_um + symbol->height_um);
    scene->symbol = (struct picture_quad){
        { { left, bottom }, { right, bottom }, { right, top }, { left, top } }
    };
}

static struct scene make_scene(enum proof_letters letters)
{
    const struct sample_roll_request request = { .seed = 5, .days = 1, .dpi = 203 };
    struct scene scene = { .roll = sample_desk_roll(&request), .letters = letters };
    scene.printed = scene.roll->bags[1];
    return scene;
}

static struct proof prove(const struct scene *scene, enum proof_letters first)
{
    struct rw_error err = { 0 };
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    const struct proof_view view = { &labels, scene->roll, &scene->roll->bags[1], &scene->frame,
                                     &scene->symbol };
    struct proof proof;
    size_t before = rw_arena_used(sample_desk.arena);
    if (!proof_take(&view, first, sample_desk.arena, &proof, &err))
        fail_msg("%s", err.text);
    assert_true(rw_arena_used(sample_desk.arena) - before < LEFT_BYTES);
    return proof;
}

static enum proof_letters other_than(enum proof_letters letters)
{
    return letters == PROOF_DOTS ? PROOF_OUTLINES : PROOF_DOTS;
}

static void either_letters_are_found_whichever_are_tried_first(void **state)
{
    (void)state;
    for (int letters = 0; letters < PROOF_LETTERS_COUNT; letters++) {
        struct scene scene = make_scene((enum proof_letters)letters);
        photograph(&scene);
        struct proof proof = prove(&scene, other_than(scene.letters));
        assert_true(proof.is_laid && proof.is_whole);
        assert_int_equal(proof.comparison.defect_count, 0);
        assert_int_equal(proof.letters, letters);
        assert_false(proof.comparison.is_rounded);
    }
}

/* One letter of the medicine is another one. The field that differs is named still when the
 * pictures are gone. */
static void another_letter_is_in_neither(void **state)
{
    (void)state;
    for (int letters = 0; letters < PROOF_LETTERS_COUNT; letters++) {
        struct scene scene = make_scene((enum proof_letters)letters);
        struct bag_content content = scene.printed.contents[0];
        char name[128];
        assert_true(strlen(content.name) > 2 && strlen(content.name) < sizeof name);
        memcpy(name, content.name, strlen(content.name) + 1);
        name[1] = name[1] == 'C' ? 'G' : 'C';
        content.name = name;
        scene.printed.contents = &content;
        scene.printed.content_count = 1;
        scene.roll->bags[1].content_count = 1;
        photograph(&scene);
        struct proof proof = prove(&scene, scene.letters);
        assert_in_range(proof.comparison.defect_count, 1, VERDICT_DEFECTS_MAX);
        assert_false(proof.comparison.is_rounded);
        assert_string_equal(proof.comparison.defects[0].field, "content-1");
    }
}

static void a_bag_outside_of_the_frame_is_not_compared(void **state)
{
    (void)state;
    struct scene scene = make_scene(PROOF_DOTS);
    photograph(&scene);
    scene.frame.height = scene.frame.height * 2 / 3;
    struct proof proof = prove(&scene, PROOF_DOTS);
    assert_false(proof.is_whole);
    assert_int_equal(proof.comparison.cells, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(either_letters_are_found_whichever_are_tried_first),
        cmocka_unit_test(another_letter_is_in_neither),
        cmocka_unit_test(a_bag_outside_of_the_frame_is_not_compared),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
