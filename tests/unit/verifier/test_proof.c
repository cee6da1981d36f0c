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
#include "tests/unit/verifier/snapshot.h"
#include "verifier/proof.h"

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

static struct proof prove(const struct snapshot *snapshot, struct proof_way first)
{
    struct rw_error err = { 0 };
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    const struct proof_view view = { &labels, snapshot->roll, &snapshot->roll->bags[snapshot->at],
                                     &snapshot->frame, &snapshot->symbol };
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
        struct snapshot snapshot = snapshot_make(ways[i]);
        const struct proof_way own = { PRINT_FITTED, 0 };
        (void)snapshot_take(&snapshot);
        struct proof proof = prove(&snapshot, own);
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
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    const struct proof_way last = { PRINT_QUARTERS, 203 };
    (void)snapshot_take(&snapshot);
    struct proof proof = prove(&snapshot, last);
    assert_int_equal(proof.comparison.defect_count, 0);
    assert_int_equal(proof.way.letters, PRINT_FITTED);
}

/* One letter of the medicine is another one. */
static void another_letter_is_in_none_of_the_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(ways); i++) {
        struct snapshot snapshot = snapshot_make(ways[i]);
        struct bag_content content = snapshot.printed.contents[0];
        char name[128];
        const struct proof_way own = { PRINT_FITTED, 0 };
        assert_true(strlen(content.name) > 2 && strlen(content.name) < sizeof name);
        memcpy(name, content.name, strlen(content.name) + 1);
        name[1] = name[1] == 'C' ? 'G' : 'C';
        content.name = name;
        snapshot.printed.contents = &content;
        snapshot.printed.content_count = 1;
        snapshot.roll->bags[1].content_count = 1;
        (void)snapshot_take(&snapshot);
        assert_true(prove(&snapshot, own).comparison.defect_count > 0);
        assert_true(prove(&snapshot, snapshot.way).comparison.defect_count > 0);
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
static void wipe(struct snapshot *snapshot, const struct print_field *field,
                 const int32_t part_um[2], float strength)
{
    const uint8_t wet = (uint8_t)(SNAPSHOT_FILM - strength * (SNAPSHOT_FILM - SNAPSHOT_INK));
    int32_t left = (int32_t)snapshot_at(field->x_um + part_um[0]);
    int32_t right = (int32_t)snapshot_at(field->x_um + part_um[1]);
    int32_t top = (int32_t)snapshot_at(field->y_um + field->height_um / 2) - WIPED_PX / 2;
    for (int32_t y = top; y < top + WIPED_PX; y++)
        for (int32_t x = left; x < right; x++) {
            uint8_t *pixel = snapshot->frame.pixels + (ptrdiff_t)y * snapshot->frame.stride + x;
            *pixel = *pixel < wet ? *pixel : wet;
        }
}

/* Wipes a part of the first medicine's line; gives the bag's verdict so far. `smeared`: each letter
 * is good, and else one lies in the ink as in a dark patch. */
static struct verdict_bag wipe_and_tell(const int32_t part_um[2], bool smeared)
{
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    struct verdict_bag bag = { 0 };
    const struct print print = snapshot_take(&snapshot);
    const struct print_field *field = find_field(&print, "content-1");
    const int32_t whole[2] = { 0, field->width_um };
    wipe(&snapshot, field, part_um != NULL ? part_um : whole, WIPED_PART);
    struct proof proof = prove(&snapshot, snapshot.way);
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
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    const struct print print = snapshot_take(&snapshot);
    int32_t width = find_field(&print, "content-1")->width_um;
    int32_t border = width / ((width + PIECE_UM - 1) / PIECE_UM);
    const int32_t part[2] = { border - WIPED_UM / 2, border + WIPED_UM / 2 };
    assert_true(width > PIECE_UM);
    const struct verdict_bag bag = wipe_and_tell(part, true);
    assert_int_equal(bag.defect_count, 1);
    assert_true(bag.print_in_doubt);
}

/* A wrinkle carries the end of a line up, the farther the nearer to its end. */
static void carry_up(struct snapshot *snapshot, const struct print_field *field)
{
    const struct picture *frame = &snapshot->frame;
    int32_t right = (int32_t)snapshot_at(field->x_um + field->width_um) + 1;
    int32_t left = (int32_t)snapshot_at(field->x_um + field->width_um - CARRIED_UM);
    int32_t top = (int32_t)snapshot_at(field->y_um) - CARRIED_PX;
    int32_t bottom = (int32_t)snapshot_at(field->y_um + field->height_um) + 1;
    for (int32_t x = left; x < right; x++) {
        int32_t up = CARRIED_PX * (x - left) / (right - left);
        for (int32_t y = top; y < bottom; y++) {
            uint8_t *pixel = frame->pixels + (ptrdiff_t)y * frame->stride + x;
            *pixel = y + up < bottom ? pixel[(ptrdiff_t)up * frame->stride] : SNAPSHOT_FILM;
        }
    }
}

static void a_letter_that_film_carried_aside_is_left_to_a_person(void **state)
{
    (void)state;
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    struct verdict_bag bag = { 0 };
    const struct print print = snapshot_take(&snapshot);
    carry_up(&snapshot, find_field(&print, "born"));
    struct proof proof = prove(&snapshot, snapshot.way);
    compare_tell(&proof.comparison, &bag);
    assert_true(bag.defect_count > 0);
    assert_string_equal(bag.defects[0].field, "born");
    assert_true(bag.print_in_doubt);
}

/* Ink fell on the film, away from all text. */
static void blot(struct snapshot *snapshot, int32_t side)
{
    int32_t left = (int32_t)snapshot_at(BLOT_X_UM);
    int32_t top = (int32_t)snapshot_at(BLOT_Y_UM);
    for (int32_t y = top; y < top + side; y++)
        memset(snapshot->frame.pixels + (ptrdiff_t)y * snapshot->frame.stride + left, SNAPSHOT_INK,
               (size_t)side);
}

static size_t blot_and_count(size_t at, int32_t side)
{
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    struct verdict_bag bag = { 0 };
    snapshot.at = at;
    snapshot.printed = snapshot.roll->bags[at];
    (void)snapshot_take(&snapshot);
    blot(&snapshot, side);
    struct proof proof = prove(&snapshot, snapshot.way);
    compare_tell(&proof.comparison, &bag);
    assert_int_equal(bag.reason_count, proof.comparison.defect_count);
    assert_true(bag.print_in_doubt);
    return proof.comparison.defect_count;
}

/* In a bag that holds something a wide blot is no tablet where it is as black as the print. */
static void a_blot_is_left_to_a_person_where_it_is_no_tablet(void **state)
{
    (void)state;
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    size_t empty = snapshot.roll->bag_count - 1;
    assert_int_equal(snapshot.roll->bags[empty].content_count, 0);
    assert_true(snapshot.roll->bags[1].content_count > 0);
    assert_int_equal(blot_and_count(empty, BLOT_PX), 1);
    assert_int_equal(blot_and_count(empty, DROP_PX), 1);
    assert_int_equal(blot_and_count(1, BLOT_PX), 1);
    assert_int_equal(blot_and_count(1, DROP_PX), 1);
}

static void a_bag_outside_of_the_frame_is_not_compared(void **state)
{
    (void)state;
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    const struct proof_way own = { PRINT_FITTED, 0 };
    (void)snapshot_take(&snapshot);
    snapshot.frame.height = snapshot.frame.height * 2 / 3;
    struct proof proof = prove(&snapshot, own);
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
