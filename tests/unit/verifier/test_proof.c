/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a label in any way it can be printed, another one in none. */
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
#define INK_GREY 40
#define WIPED_PX 20      /* more than a millimetre: as wide as the rim of a tablet */
#define WIPED_PART 0.38F /* of the darkness of ink */
#define WIPED_UM 6200    /* along a line */
#define PIECE_UM 8000    /* of a line, laid by itself */
#define CARRIED_PX 13    /* up by so much … */
#define CARRIED_UM 5000  /* … over so much of a line */
#define BLOT_PX 30
#define DROP_PX 14      /* narrower than a tablet is */
#define BLOT_X_UM 25000 /* between the medicines and the foot of the label */
#define BLOT_Y_UM 38000
#define LEFT_BYTES RW_ARENA_MIB /* of one bag's trials: fields and their texts */

/* A bag as a camera sees it that looks straight at its film. */
struct scene {
    struct roll *roll;
    size_t at; /* of the bag, in the roll */
    struct bag printed;
    struct proof_way way;
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
                (uint8_t)(INK_GREY + grey * (FRAME_GREY - INK_GREY) / 255);
        }
}

static float to_frame(int32_t um)
{
    return (float)um * PX_PER_MM / 1000 + MARGIN_PX;
}

/* Prints and photographs a bag; gives where its fields lie. */
static struct print photograph(struct scene *scene)
{
    struct rw_error err = { 0 };
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    const struct print_order order = { scene->roll, &scene->printed, scene->way.letters,
                                       scene->way.dpi };
    struct picture label;
    struct print print;
    assert_true(labels.draw(labels.self, &order, sample_desk.arena, &label, &print, &err));
    for (ptrdiff_t i = 0; i < (ptrdiff_t)label.stride * label.height; i++)
        label.pixels[i] = label.pixels[i] < 128 ? 0 : 255; /* a printer has no grey */
    draw_into_frame(scene, &label, &print);
    const struct print_field *symbol = &print.fields[print.symbol];
    float left = to_frame(symbol->x_um);
    float right = to_frame(symbol->x_um + symbol->width_um);
    float top = to_frame(symbol->y_um);
    float bottom = to_frame(symbol->y_um + symbol->height_um);
    scene->symbol = (struct picture_quad){
        { { left, bottom }, { right, bottom }, { right, top }, { left, top } }
    };
    return print;
}

static struct scene make_scene(enum print_letters letters)
{
    const struct sample_roll_request request = { .seed = 5, .days = 1, .dpi = 203 };
    struct scene scene = { .roll = sample_desk_roll(&request), .way = { letters, 203 } };
    scene.at = 1;
    scene.printed = scene.roll->bags[scene.at];
    return scene;
}

static struct proof prove(const struct scene *scene, struct proof_way first)
{
    struct rw_error err = { 0 };
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    const struct proof_view view = { &labels, scene->roll, &scene->roll->bags[scene->at],
                                     &scene->frame, &scene->symbol };
    struct proof proof;
    size_t before = rw_arena_used(sample_desk.arena);
    if (!proof_take(&view, first, sample_desk.arena, &proof, &err))
        fail_msg("%s", err.text);
    assert_true(rw_arena_used(sample_desk.arena) - before < LEFT_BYTES);
    return proof;
}

/* In black and white dots of 203 dpi, as pdftoppm and mutool make them of a PDF. */
static const enum print_letters ways[] = { PRINT_QUARTERS, PRINT_FITTED_PARTS };

static void letters_are_found_as_other_software_sets_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(ways); i++) {
        struct scene scene = make_scene(ways[i]);
        const struct proof_way own = { PRINT_FITTED, 0 };
        (void)photograph(&scene);
        struct proof proof = prove(&scene, own);
        print_message("way %d: found %d, %zu defects\n", (int)ways[i], (int)proof.way.letters,
                      proof.comparison.defect_count);
        assert_true(proof.is_laid && proof.is_whole);
        assert_int_equal(proof.comparison.defect_count, 0);
        assert_int_equal(proof.way.letters, ways[i]);
        assert_int_equal(proof.way.dpi, 203);
        assert_false(proof.comparison.is_rounded);
    }
}

static void the_way_of_the_last_bag_is_tried_first(void **state)
{
    (void)state;
    struct scene scene = make_scene(PRINT_FITTED);
    const struct proof_way last = { PRINT_QUARTERS, 203 };
    (void)photograph(&scene);
    struct proof proof = prove(&scene, last);
    assert_int_equal(proof.comparison.defect_count, 0);
    assert_int_equal(proof.way.letters, PRINT_FITTED);
}

/* One letter of the medicine is another one. */
static void another_letter_is_in_none_of_the_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(ways); i++) {
        struct scene scene = make_scene(ways[i]);
        struct bag_content content = scene.printed.contents[0];
        char name[128];
        const struct proof_way own = { PRINT_FITTED, 0 };
        assert_true(strlen(content.name) > 2 && strlen(content.name) < sizeof name);
        memcpy(name, content.name, strlen(content.name) + 1);
        name[1] = name[1] == 'C' ? 'G' : 'C';
        content.name = name;
        scene.printed.contents = &content;
        scene.printed.content_count = 1;
        scene.roll->bags[1].content_count = 1;
        (void)photograph(&scene);
        assert_true(prove(&scene, own).comparison.defect_count > 0);
        assert_true(prove(&scene, scene.way).comparison.defect_count > 0);
    }
}

static const struct print_field *find_field(const struct print *print, const char *name)
{
    for (size_t i = 0; i < print->field_count; i++)
        if (strcmp(print->fields[i].name, name) == 0)
            return &print->fields[i];
    fail_msg("no field %s", name);
    return NULL;
}

/* Wet ink was wiped along a part of a line: each letter can still be read, and between them it is
 * grey. */
static void wipe(struct scene *scene, const struct print_field *field, const int32_t part_um[2],
                 float strength)
{
    const uint8_t wet = (uint8_t)(FRAME_GREY - strength * (FRAME_GREY - INK_GREY));
    int32_t left = (int32_t)to_frame(field->x_um + part_um[0]);
    int32_t right = (int32_t)to_frame(field->x_um + part_um[1]);
    int32_t top = (int32_t)to_frame(field->y_um + field->height_um / 2) - WIPED_PX / 2;
    for (int32_t y = top; y < top + WIPED_PX; y++)
        for (int32_t x = left; x < right; x++) {
            uint8_t *pixel = scene->frame.pixels + (ptrdiff_t)y * scene->frame.stride + x;
            *pixel = *pixel < wet ? *pixel : wet;
        }
}

/* Wipes a part of the first medicine's line; gives the bag's verdict so far. `smeared`: each letter
 * is good, and else one lies in the ink as in a dark patch. */
static struct verdict_bag wipe_and_tell(const int32_t part_um[2], bool smeared)
{
    struct scene scene = make_scene(PRINT_FITTED);
    struct verdict_bag bag = { 0 };
    const struct print print = photograph(&scene);
    const struct print_field *field = find_field(&print, "content-1");
    const int32_t whole[2] = { 0, field->width_um };
    wipe(&scene, field, part_um != NULL ? part_um : whole, WIPED_PART);
    struct proof proof = prove(&scene, scene.way);
    print_message("%zu defects, extra %d\n", proof.comparison.defect_count,
                  proof.comparison.extra_milli);
    assert_int_equal(proof.comparison.is_smeared, smeared);
    compare_tell(&proof.comparison, &bag);
    return bag;
}

static void ink_wiped_over_letters_that_can_be_read_is_left_to_a_person(void **state)
{
    (void)state;
    const struct verdict_bag bag = wipe_and_tell(NULL, false);
    bool damaged = false;
    for (size_t i = 0; i < bag.reason_count; i++)
        damaged |= bag.reasons[i] == REASON_PRINT_DAMAGED;
    assert_true(damaged);
    assert_true(bag.print_in_doubt);
    assert_string_equal(bag.defects[0].field, "content-1");
}

/* A line is laid in pieces of eight millimetres at the most. */
static void a_short_wipe_across_two_pieces_of_a_line_is_left_to_a_person(void **state)
{
    (void)state;
    struct scene scene = make_scene(PRINT_FITTED);
    const struct print print = photograph(&scene);
    int32_t width = find_field(&print, "content-1")->width_um;
    int32_t border = width / ((width + PIECE_UM - 1) / PIECE_UM);
    const int32_t part[2] = { border - WIPED_UM / 2, border + WIPED_UM / 2 };
    assert_true(width > PIECE_UM);
    const struct verdict_bag bag = wipe_and_tell(part, true);
    assert_int_equal(bag.defect_count, 1);
    assert_true(bag.print_in_doubt);
}

/* A wrinkle carries the end of a line up, the farther the nearer to its end. */
static void carry_up(struct scene *scene, const struct print_field *field)
{
    const struct picture *frame = &scene->frame;
    int32_t right = (int32_t)to_frame(field->x_um + field->width_um) + 1;
    int32_t left = (int32_t)to_frame(field->x_um + field->width_um - CARRIED_UM);
    int32_t top = (int32_t)to_frame(field->y_um) - CARRIED_PX;
    int32_t bottom = (int32_t)to_frame(field->y_um + field->height_um) + 1;
    for (int32_t x = left; x < right; x++) {
        int32_t up = CARRIED_PX * (x - left) / (right - left);
        for (int32_t y = top; y < bottom; y++) {
            uint8_t *pixel = frame->pixels + (ptrdiff_t)y * frame->stride + x;
            *pixel = y + up < bottom ? pixel[(ptrdiff_t)up * frame->stride] : FRAME_GREY;
        }
    }
}

static void a_letter_that_film_carried_aside_is_left_to_a_person(void **state)
{
    (void)state;
    struct scene scene = make_scene(PRINT_FITTED);
    struct verdict_bag bag = { 0 };
    const struct print print = photograph(&scene);
    carry_up(&scene, find_field(&print, "born"));
    struct proof proof = prove(&scene, scene.way);
    compare_tell(&proof.comparison, &bag);
    assert_true(bag.defect_count > 0);
    assert_string_equal(bag.defects[0].field, "born");
    assert_true(bag.print_in_doubt);
}

/* Ink fell on the film, away from all text. */
static void blot(struct scene *scene, int32_t side)
{
    int32_t left = (int32_t)to_frame(BLOT_X_UM);
    int32_t top = (int32_t)to_frame(BLOT_Y_UM);
    for (int32_t y = top; y < top + side; y++)
        memset(scene->frame.pixels + (ptrdiff_t)y * scene->frame.stride + left, INK_GREY,
               (size_t)side);
}

static size_t blot_and_count(size_t at, int32_t side)
{
    struct scene scene = make_scene(PRINT_FITTED);
    struct verdict_bag bag = { 0 };
    scene.at = at;
    scene.printed = scene.roll->bags[at];
    (void)photograph(&scene);
    blot(&scene, side);
    struct proof proof = prove(&scene, scene.way);
    compare_tell(&proof.comparison, &bag);
    assert_int_equal(bag.reason_count, proof.comparison.defect_count);
    assert_true(bag.print_in_doubt);
    return proof.comparison.defect_count;
}

/* In a bag that holds something a wide blot is no tablet where it is as black as the print. */
static void a_blot_is_left_to_a_person_where_it_is_no_tablet(void **state)
{
    (void)state;
    struct scene scene = make_scene(PRINT_FITTED);
    size_t empty = scene.roll->bag_count - 1;
    assert_int_equal(scene.roll->bags[empty].content_count, 0);
    assert_true(scene.roll->bags[1].content_count > 0);
    assert_int_equal(blot_and_count(empty, BLOT_PX), 1);
    assert_int_equal(blot_and_count(empty, DROP_PX), 1);
    assert_int_equal(blot_and_count(1, BLOT_PX), 1);
    assert_int_equal(blot_and_count(1, DROP_PX), 1);
}

static void a_bag_outside_of_the_frame_is_not_compared(void **state)
{
    (void)state;
    struct scene scene = make_scene(PRINT_FITTED);
    const struct proof_way own = { PRINT_FITTED, 0 };
    (void)photograph(&scene);
    scene.frame.height = scene.frame.height * 2 / 3;
    struct proof proof = prove(&scene, own);
    assert_false(proof.is_whole);
    assert_int_equal(proof.comparison.cells, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_found_as_other_software_sets_them),
        cmocka_unit_test(the_way_of_the_last_bag_is_tried_first),
        cmocka_unit_test(another_letter_is_in_none_of_the_ways),
        cmocka_unit_test(ink_wiped_over_letters_that_can_be_read_is_left_to_a_person),
        cmocka_unit_test(a_short_wipe_across_two_pieces_of_a_line_is_left_to_a_person),
        cmocka_unit_test(a_letter_that_film_carried_aside_is_left_to_a_person),
        cmocka_unit_test(a_blot_is_left_to_a_person_where_it_is_no_tablet),
        cmocka_unit_test(a_bag_outside_of_the_frame_is_not_compared),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
