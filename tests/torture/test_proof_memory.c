/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a bag is compared whole, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "labels/expected.h"
#include "tests/support/sample_desk.h"
#include "tests/unit/verifier/snapshot.h"

#define ROOM_STEPS 12 /* ceilings between one size and twice that */
#define ROOM_MAX (256 * RW_ARENA_MIB)
#define DRAWINGS_MAX 64

/* A port that draws so many labels and no more. */
struct failing {
    struct expected_labels labels;
    int left;
};

static bool draw_or_fail(void *self, const struct print_order *order, struct rw_arena *arena,
                         struct picture *ret_picture, struct print *ret_print, struct rw_error *err)
{
    struct failing *failing = self;
    if (failing->left-- == 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "no label can be drawn");
    return failing->labels.draw(failing->labels.self, order, arena, ret_picture, ret_print, err);
}

/* One letter of the medicine is another one. */
static struct snapshot misprinted(void)
{
    static struct bag_content content;
    static char name[128];
    struct snapshot snapshot = snapshot_make(PRINT_FITTED);
    content = snapshot.printed.contents[0];
    assert_true(strlen(content.name) > 2 && strlen(content.name) < sizeof name);
    memcpy(name, content.name, strlen(content.name) + 1);
    name[1] = name[1] == 'C' ? 'G' : 'C';
    content.name = name;
    snapshot.printed.contents = &content;
    snapshot.printed.content_count = snapshot.roll->bags[1].content_count = 1;
    (void)snapshot_take(&snapshot);
    return snapshot;
}

/* Lays the label over the frame and compares, all of it in this arena. */
static bool compare(const struct snapshot *snapshot, const struct picture *label,
                    const struct print *print, struct rw_arena *small,
                    struct comparison *comparison, struct rw_error *err)
{
    const struct register_view view = { &snapshot->frame, &snapshot->symbol, label, print };
    struct registration registration;
    const struct compare_view compared = { .registration = &registration, .print = print };
    return register_label(&view, small, &registration, err) &&
           compare_print(&compared, small, comparison, err);
}

/* With more and more room: an error each time, until the label is compared whole. */
static void a_label_without_room_is_an_error_and_never_half_a_comparison(void **state)
{
    (void)state;
    const struct snapshot snapshot = misprinted();
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    const struct print_order order = { snapshot.roll, &snapshot.roll->bags[snapshot.at],
                                       PRINT_FITTED, 203 };
    struct picture label;
    struct print print;
    size_t refused = 0;
    bool compared = false;
    assert_true(labels.draw(labels.self, &order, sample_desk.arena, &label, &print, NULL));
    for (size_t ceiling = 0; !compared && ceiling < ROOM_MAX;
         ceiling += RW_ARENA_KIB + ceiling / ROOM_STEPS) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct comparison comparison = { .defect_count = SIZE_MAX };
        struct rw_error err = { 0 };
        assert_non_null(small);
        compared = compare(&snapshot, &label, &print, small, &comparison, &err);
        assert_int_equal(err.code, compared ? RW_OK : RW_NO_MEMORY);
        assert_true(compared == (comparison.defect_count < SIZE_MAX));
        assert_true(comparison.defect_count > 0);
        refused += !compared;
        rw_arena_close(small);
    }
    assert_true(compared && refused > 4 * ROOM_STEPS);
}

/* What differs is looked at in many ways: whichever cannot be drawn, no other one is the answer. */
static void a_label_that_cannot_be_drawn_ends_the_trial(void **state)
{
    (void)state;
    const struct snapshot snapshot = misprinted();
    bool done = false;
    int drawn = 0;
    for (; !done && drawn < DRAWINGS_MAX; drawn++) {
        struct failing failing = { expected_labels_from(&sample_desk.desk), drawn };
        const struct expected_labels labels = { &failing, draw_or_fail };
        const struct proof_view view = { &labels, snapshot.roll, &snapshot.roll->bags[snapshot.at],
                                         &snapshot.frame, &snapshot.symbol };
        struct proof proof;
        struct rw_error err = { 0 };
        done = proof_take(&view, snapshot.way, sample_desk.arena, &proof, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_UNAVAILABLE);
        if (done)
            assert_true(proof.comparison.defect_count > 0);
    }
    print_message("%d drawings\n", drawn - 1);
    assert_true(done && drawn > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_without_room_is_an_error_and_never_half_a_comparison),
        cmocka_unit_test(a_label_that_cannot_be_drawn_ends_the_trial),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
