/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs a bag for tests, straight from above and a little soft. */
#include "tests/unit/verifier/snapshot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "labels/expected.h"
#include "tests/support/sample_desk.h"
#include "verifier/vision.h"

#define MARGIN_PX 60
#define SOFT_SIGMA 0.6F

static void draw_into_frame(struct snapshot *snapshot, const struct picture *label,
                            const struct print *print)
{
    struct rw_error err = { 0 };
    struct picture large;
    struct picture soft;
    int32_t width = print->width_um * SNAPSHOT_PX_PER_MM / 1000;
    int32_t height = print->height_um * SNAPSHOT_PX_PER_MM / 1000;
    assert_true(vision_resize(label, width * 4, height * 4, sample_desk.arena, &large, &err) &&
                vision_resize(&large, width, height, sample_desk.arena, &soft, &err) &&
                vision_blur(&soft, SOFT_SIGMA, sample_desk.arena, &large, &err));
    assert_true(picture_make(sample_desk.arena, width + 2 * MARGIN_PX, height + 2 * MARGIN_PX,
                             &snapshot->frame, &err));
    memset(snapshot->frame.pixels, SNAPSHOT_FILM,
           (size_t)snapshot->frame.stride * (size_t)snapshot->frame.height);
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) {
            int grey = large.pixels[(ptrdiff_t)y * large.stride + x];
            snapshot->frame
                .pixels[(ptrdiff_t)(y + MARGIN_PX) * snapshot->frame.stride + x + MARGIN_PX] =
                (uint8_t)(SNAPSHOT_INK + grey * (SNAPSHOT_FILM - SNAPSHOT_INK) / 255);
        }
}

float snapshot_at(int32_t um)
{
    return (float)um * SNAPSHOT_PX_PER_MM / 1000 + MARGIN_PX;
}

struct print snapshot_take(struct snapshot *snapshot)
{
    struct rw_error err = { 0 };
    const struct expected_labels labels = expected_labels_from(&sample_desk.desk);
    const struct print_order order = { snapshot->roll, &snapshot->printed, snapshot->way.letters,
                                       snapshot->way.dpi };
    struct picture label;
    struct print print;
    assert_true(labels.draw(labels.self, &order, sample_desk.arena, &label, &print, &err));
    for (ptrdiff_t i = 0; i < (ptrdiff_t)label.stride * label.height; i++)
        label.pixels[i] = label.pixels[i] < 128 ? 0 : 255; /* a printer has no grey */
    draw_into_frame(snapshot, &label, &print);
    const struct print_field *symbol = &print.fields[print.symbol];
    float left = snapshot_at(symbol->x_um);
    float right = snapshot_at(symbol->x_um + symbol->width_um);
    float top = snapshot_at(symbol->y_um);
    float bottom = snapshot_at(symbol->y_um + symbol->height_um);
    snapshot->symbol = (struct picture_quad){
        { { left, bottom }, { right, bottom }, { right, top }, { left, top } }
    };
    return print;
}

struct snapshot snapshot_make(enum print_letters letters)
{
    const struct sample_roll_request request = { .seed = 5, .days = 1, .dpi = 203 };
    struct snapshot snapshot = { .roll = sample_desk_roll(&request), .way = { letters, 203 } };
    snapshot.at = 1;
    snapshot.printed = snapshot.roll->bags[snapshot.at];
    return snapshot;
}
