/* SPDX-License-Identifier: Apache-2.0 */
/* How much darker than its paper each place of a picture is. */
#include "verifier/plane.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define WHITE 255

static size_t stride_of(const struct plane *plane)
{
    return (size_t)plane->width + 2 * PLANE_MARGIN;
}

static size_t index_of(const struct plane *plane, int x, int y)
{
    assert(x >= -PLANE_MARGIN && y >= -PLANE_MARGIN && x <= plane->width + PLANE_MARGIN &&
           y <= plane->height + PLANE_MARGIN);
    return (size_t)(y + PLANE_MARGIN) * stride_of(plane) + (size_t)(x + PLANE_MARGIN);
}

const int16_t *plane_row(const struct plane *plane, int x, int y)
{
    return plane->ink + index_of(plane, x, y);
}

RW_UNWATCHED static void weigh(const int16_t *upper, const int16_t *lower, const float weights[4],
                               int count, float *ret_seen)
{
    for (int x = 0; x < count; x++)
        ret_seen[x] = weights[0] * (float)upper[x] + weights[1] * (float)upper[x + 1] +
                      weights[2] * (float)lower[x] + weights[3] * (float)lower[x + 1];
}

void plane_see_row(const struct plane *plane, const struct plane_box *box,
                   const struct plane_rest *rest, int row, float *ret_seen)
{
    int left = box->x + rest->shift.x;
    int top = box->y + row + rest->shift.y;
    const int16_t *upper = plane_row(plane, left, top);
    const int16_t *lower = plane_row(plane, left, top + 1);
    const float weights[4] = { (1 - rest->right) * (1 - rest->down), rest->right * (1 - rest->down),
                               (1 - rest->right) * rest->down, rest->right * rest->down };
    const size_t count = (size_t)box->width;
    rw_arena_read_over(upper, (count + 1) * sizeof *upper);
    rw_arena_read_over(lower, (count + 1) * sizeof *lower);
    rw_arena_read_over(ret_seen, count * sizeof *ret_seen);
    weigh(upper, lower, weights, box->width, ret_seen);
}

static void fill_row(const struct picture *picture, const struct picture *paper, int y,
                     int16_t *row)
{
    const uint8_t *pixels = picture->pixels + (ptrdiff_t)y * picture->stride;
    if (paper == NULL) {
        for (int x = 0; x < picture->width; x++)
            row[x] = (int16_t)(WHITE - pixels[x]);
    } else {
        const uint8_t *levels = paper->pixels + (ptrdiff_t)y * paper->stride;
        for (int x = 0; x < picture->width; x++)
            row[x] = (int16_t)(levels[x] - pixels[x]);
    }
    for (int x = 1; x <= PLANE_MARGIN; x++) {
        row[-x] = row[0];
        row[picture->width - 1 + x] = row[picture->width - 1];
    }
}

bool plane_make(const struct picture *picture, const struct picture *paper, struct rw_arena *arena,
                struct plane *ret_plane, struct rw_error *err)
{
    struct plane plane = { .width = picture->width, .height = picture->height };
    size_t stride = stride_of(&plane);
    size_t rows = (size_t)plane.height + 2 * PLANE_MARGIN;

    plane.ink = rw_arena_room(arena, stride * rows, sizeof *plane.ink, err);
    if (plane.ink == NULL)
        return false;
    for (int y = 0; y < plane.height; y++)
        fill_row(picture, paper, y, plane.ink + index_of(&plane, 0, y));
    const int16_t *first = plane.ink + index_of(&plane, -PLANE_MARGIN, 0);
    const int16_t *last = plane.ink + index_of(&plane, -PLANE_MARGIN, plane.height - 1);
    for (int y = 1; y <= PLANE_MARGIN; y++) {
        memcpy(plane.ink + index_of(&plane, -PLANE_MARGIN, -y), first, stride * sizeof *first);
        memcpy(plane.ink + index_of(&plane, -PLANE_MARGIN, plane.height - 1 + y), last,
               stride * sizeof *last);
    }
    *ret_plane = plane;
    return true;
}

/* Sums have one row and one column more than the plane with its margin, of which the first are 0.
 */
static size_t sum_at(const struct plane *plane, int x, int y)
{
    return (size_t)(y + PLANE_MARGIN) * (stride_of(plane) + 1) + (size_t)(x + PLANE_MARGIN);
}

/* The sums of one row, from the left. */
static void add_row(const int16_t *ink, size_t count, int32_t *sums, int64_t *squares)
{
    int32_t sum = 0;
    int64_t square = 0;
    for (size_t x = 0; x < count; x++) {
        sum += ink[x];
        square += ink[x] * ink[x];
        sums[x] = sum;
        squares[x] = square;
    }
}

bool plane_sum_up(struct plane *plane, struct rw_arena *arena, struct rw_error *err)
{
    size_t stride = stride_of(plane);
    size_t rows = (size_t)plane->height + 2 * PLANE_MARGIN;
    size_t line = stride + 1;

    plane->sums = rw_arena_room(arena, line * (rows + 1), sizeof *plane->sums, err);
    plane->squares = rw_arena_room(arena, line * (rows + 1), sizeof *plane->squares, err);
    if (plane->sums == NULL || plane->squares == NULL)
        return false;
    memset(plane->sums, 0, line * sizeof *plane->sums);
    memset(plane->squares, 0, line * sizeof *plane->squares);
    for (size_t y = 0; y < rows; y++) {
        int32_t *sums = plane->sums + (y + 1) * line;
        int64_t *squares = plane->squares + (y + 1) * line;
        sums[0] = 0;
        squares[0] = 0;
        add_row(plane->ink + y * stride, stride, sums + 1, squares + 1);
        for (size_t x = 1; x < line; x++) {
            sums[x] += sums[x - line];
            squares[x] += squares[x - line];
        }
    }
    return true;
}

static struct plane_moments moments_of(int64_t sum, int64_t squares, const struct plane_box *box)
{
    double count = (double)box->width * box->height;
    double mean = (double)sum / count;
    return (struct plane_moments){ mean, fmax((double)squares / count - mean * mean, 0) };
}

/* By the sums of the plane. */
static struct plane_moments summed_moments(const struct plane *plane, const struct plane_box *box)
{
    size_t upper = sum_at(plane, box->x, box->y);
    size_t lower = sum_at(plane, box->x, box->y + box->height);
    size_t width = (size_t)box->width;
    const int32_t *sums = plane->sums;
    const int64_t *squares = plane->squares;
    return moments_of(
        (int64_t)sums[lower + width] - sums[lower] - sums[upper + width] + sums[upper],
        squares[lower + width] - squares[lower] - squares[upper + width] + squares[upper], box);
}

/* A row of 16384 pixels of 255 levels fits in 32 bits; compilers know this form. */
RW_UNWATCHED static int32_t row_product(const int16_t *one, const int16_t *other, int count)
{
    int32_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += one[i] * other[i];
    return sum;
}

/* The sum of products, each pixel of the box by that of the other plane's shifted box. */
static int64_t product(const struct plane *plane, const struct plane_box *box,
                       const struct plane *other, struct plane_shift shift)
{
    int64_t sum = 0;
    const int16_t *one = plane_row(plane, box->x, box->y);
    const int16_t *two = plane_row(other, box->x + shift.x, box->y + shift.y);
    const size_t length = (size_t)box->width * sizeof *one;
    assert(box->width <= INT32_MAX / (WHITE * WHITE));
    for (int y = 0; y < box->height; y++) {
        rw_arena_read_over(one, length);
        rw_arena_read_over(two, length);
        sum += row_product(one, two, box->width);
        one += stride_of(plane);
        two += stride_of(other);
    }
    return sum;
}

struct plane_moments plane_moments_of(const struct plane *plane, const struct plane_box *box)
{
    const struct plane_shift none = { 0, 0 };
    int64_t sum = 0;
    for (int y = box->y; y < box->y + box->height; y++) {
        const int16_t *row = plane_row(plane, box->x, y);
        int32_t part = 0;
        for (int x = 0; x < box->width; x++)
            part += row[x];
        sum += part;
    }
    return moments_of(sum, product(plane, box, plane, none), box);
}

struct plane_overlay plane_lay(const struct plane *wanted, const struct plane_box *box,
                               const struct plane_moments *of_wanted, const struct plane *seen,
                               struct plane_shift shift)
{
    struct plane_box there = { box->x + shift.x, box->y + shift.y, box->width, box->height };
    double count = (double)box->width * box->height;
    struct plane_moments of_seen = summed_moments(seen, &there);
    double both = (double)product(wanted, box, seen, shift) / count;
    return (struct plane_overlay){ *of_wanted, of_seen, both - of_wanted->mean * of_seen.mean };
}

float plane_likeness(const struct plane_overlay *overlay)
{
    double wanted = overlay->wanted.variance;
    double seen = overlay->seen.variance;
    return wanted < 1 || seen < 1 ? 0 : (float)(overlay->covariance / sqrt(wanted * seen));
}
