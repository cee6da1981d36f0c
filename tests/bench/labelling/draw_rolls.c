/* SPDX-License-Identifier: Apache-2.0 */
/* Draws the labels of invented rolls in memory and tells how long. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "labels/expected.h"
#include "labels/pdf.h"
#include "labels/png.h"
#include "labels/zpl.h"
#include "labels/zpl_dots.h"
#include "tests/support/sample_roll.h"

#define DPI 300
#define BAG_BYTES (64 * RW_ARENA_MIB)
#define ROLL_BYTES (512 * RW_ARENA_MIB)
#define PEOPLE_MAX 100000
#define DAYS_MAX 60
#define SEEDS 100 /* of people whose moments fit into a bag each */

struct desk {
    struct layout_desk layout;
    struct rw_arena *roll_arena;
    struct rw_arena *out_arena;
};

struct sums {
    double seconds;
    size_t labels;
    size_t bytes;
};

static double cpu_seconds(void)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* it always exists here */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool draw_pngs(struct desk *desk, const struct roll *roll, size_t *ret_length,
                      struct rw_error *err)
{
    *ret_length = 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        struct picture picture;
        const char *bytes = NULL;
        size_t length = 0;
        rw_arena_reset(desk->out_arena);
        if (!expected_draw(&desk->layout, roll, &roll->bags[i], desk->out_arena, &picture, NULL,
                           err) ||
            !png_write(&picture, PNG_BITS, desk->out_arena, &bytes, &length, err))
            return false;
        *ret_length += length;
    }
    return true;
}

static bool draw_roll(struct desk *desk, const char *kind, const struct roll *roll,
                      size_t *ret_length, struct rw_error *err)
{
    const char *bytes = NULL;
    if (rw_text_equal(kind, "png"))
        return draw_pngs(desk, roll, ret_length, err);
    if (rw_text_equal(kind, "pdf"))
        return pdf_write(&desk->layout, roll, desk->out_arena, &bytes, ret_length, err);
    if (rw_text_equal(kind, "zpl"))
        return zpl_write(&desk->layout, roll, desk->out_arena, &bytes, ret_length, err);
    return zpl_dots_write(&desk->layout, roll, desk->out_arena, &bytes, ret_length, err);
}

/* Making the roll is no part of the time. */
static bool draw_person(struct desk *desk, const char *kind,
                        const struct sample_roll_request *request, struct sums *sums,
                        struct rw_error *err)
{
    struct roll *roll = NULL;
    size_t length = 0;
    rw_arena_reset(desk->roll_arena);
    rw_arena_reset(desk->out_arena);
    if (!sample_roll_make(request, desk->roll_arena, &roll, err))
        return false;
    double start = cpu_seconds();
    if (!draw_roll(desk, kind, roll, &length, err))
        return false;
    sums->seconds += cpu_seconds() - start;
    sums->labels += roll->bag_count;
    sums->bytes += length;
    return true;
}

static bool run(const char *kind, int64_t people, int32_t days, struct rw_error *err)
{
    struct desk desk = { .roll_arena = rw_arena_open(ROLL_BYTES),
                         .out_arena = rw_arena_open(ROLL_BYTES) };
    struct sums sums = { 0 };
    bool done = desk.roll_arena != NULL && desk.out_arena != NULL && rw_crypto_init(err) &&
                canvas_open(&desk.layout.canvas, err);
    for (int64_t i = 1; done && i <= people; i++) {
        const struct sample_roll_request request = { .seed = (uint64_t)(i % SEEDS),
                                                     .days = days,
                                                     .dpi = DPI };
        done = draw_person(&desk, kind, &request, &sums, err);
    }
    struct rusage used = { 0 };
    (void)getrusage(RUSAGE_SELF, &used); /* it cannot fail for oneself */
    if (done)
        printf("{\"labels\":%zu,\"seconds\":%.6f,\"bytes\":%zu,\"kib\":%ld}\n", sums.labels,
               sums.seconds, sums.bytes, used.ru_maxrss);
    canvas_close(desk.layout.canvas);
    rw_arena_close(desk.out_arena);
    rw_arena_close(desk.roll_arena);
    return done;
}

int main(int argc, char **argv)
{
    struct rw_error err = { 0 };
    int64_t people = 0;
    int64_t days = 0;
    if (argc != 4 || !rw_text_to_int(argv[2], 1, PEOPLE_MAX, &people) ||
        !rw_text_to_int(argv[3], 1, DAYS_MAX, &days)) {
        (void)fprintf(stderr, "usage: draw_rolls pdf|png|zpl|zpl-dots PEOPLE DAYS\n");
        return 2;
    }
    if (run(argv[1], people, (int32_t)days, &err))
        return 0;
    (void)fprintf(stderr, "draw_rolls: %s\n", err.text);
    return 1;
}
