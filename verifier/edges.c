/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the straight edges of a picture. */
#include "verifier/edges.h"

#include <math.h>

#include "core/base/attributes.h"
#include "verifier/vision.h"

/* Neighbours whose light changes in one direction make a region, and a region an edge: the idea and
 * the constants are those of the line segment detector LSD (Grompone von Gioi and others, IPOL
 * 2012), of which the proof that an edge is no chance is left out: the symbol itself proves that.
 */
#define COSINE_SQUARED 0.85355339F /* of 22.5 degrees: directions that go together */
#define SLOPE_SQUARED_MIN 110      /* of twice the slope: 2 grey levels turn less by 22.5 degrees */
#define CHANCE 0.125               /* that two directions go together */
#define TESTS_LOG 1.0414           /* log10 of 11: the widths that LSD would try */
#define SIDE_MIN 8                 /* pixels of the copy: less has no edge */
#define BINS 1024                  /* of slopes, for the order of the seeds */
#define SEEDS_STEP 4096            /* between two looks at the clock */
#define COPY_PART 0.6F             /* edges are found as well, and faster, in a smaller copy */

/* Twice the slope at the corner that four pixels share; 0 = too little, or part of a region. */
struct slope {
    int16_t x;
    int16_t y;
};

/* Slopes with a rim of zeros, so that every one has eight neighbours. */
struct field {
    struct slope *slopes;
    float *shares; /* by which a slope is as long as every other one: 1 */
    int32_t stride;
    int32_t width;
    int32_t height;
    int32_t steepest; /* squared */
};

struct region {
    int32_t *members; /* places of the field; room for all of it */
    size_t count;
    float x; /* of the sum of directions */
    float y;
    float near; /* times its squared length: what a direction's share along it must reach */
};

static int32_t squared(struct slope slope)
{
    return slope.x * slope.x + slope.y * slope.y;
}

RW_WIDE static void fill_row(const uint8_t *upper, const uint8_t *lower, int32_t width,
                             struct slope *row, float *shares, int32_t *steepest)
{
    int32_t most = *steepest;
    for (int32_t x = 0; x < width; x++) {
        int32_t down = lower[x + 1] - upper[x];
        int32_t up = upper[x + 1] - lower[x];
        struct slope slope = { (int16_t)(down + up), (int16_t)(down - up) };
        int32_t steepness = squared(slope);
        int16_t keep = (int16_t) - (steepness >= SLOPE_SQUARED_MIN);
        row[x] = (struct slope){ (int16_t)(slope.x & keep), (int16_t)(slope.y & keep) };
        shares[x] = 1 / sqrtf((float)(steepness > 0 ? steepness : 1));
        most = steepness > most ? steepness : most;
    }
    *steepest = most;
}

static bool make_field(const struct picture *picture, struct rw_arena *arena,
                       struct field *ret_field, struct rw_error *err)
{
    struct field field = { .stride = picture->width + 1,
                           .width = picture->width - 1,
                           .height = picture->height - 1,
                           .steepest = SLOPE_SQUARED_MIN };
    size_t stride = (size_t)field.stride;
    size_t all = stride * (size_t)(picture->height + 1) + 1;
    field.slopes = rw_arena_array(arena, all, sizeof *field.slopes, err);
    field.shares = rw_arena_room(arena, all, sizeof *field.shares, err);
    if (field.slopes == NULL || field.shares == NULL)
        return false;
    for (int32_t y = 0; y < field.height; y++) {
        const uint8_t *upper = picture->pixels + (ptrdiff_t)y * picture->stride;
        size_t first = (size_t)(y + 1) * stride + 1;
        fill_row(upper, upper + picture->stride, field.width, field.slopes + first,
                 field.shares + first, &field.steepest);
    }
    *ret_field = field;
    return true;
}

RW_WIDE static void find_bins(const struct slope *slopes, int32_t count, int32_t steepest,
                              uint16_t *ret_bins)
{
    for (int32_t i = 0; i < count; i++) {
        int32_t square = slopes[i].x * slopes[i].x + slopes[i].y * slopes[i].y;
        float part = sqrtf((float)square / (float)steepest);
        int32_t bin = (int32_t)((BINS - 1) * (1 - part));
        ret_bins[i] = (uint16_t)(square > 0 ? bin : BINS);
    }
}

/* Where the slopes are, the steepest first. */
static bool sort_seeds(const struct field *field, struct rw_arena *arena, int32_t **ret_seeds,
                       size_t *ret_count, struct rw_error *err)
{
    int32_t end = field->stride * (field->height + 1);
    size_t *starts = rw_arena_array(arena, BINS + 2, sizeof *starts, err);
    int32_t *seeds = rw_arena_room(arena, (size_t)end, sizeof *seeds, err);
    uint16_t *bins = rw_arena_room(arena, (size_t)end, sizeof *bins, err);
    if (starts == NULL || seeds == NULL || bins == NULL)
        return false;
    find_bins(field->slopes, end, field->steepest > 0 ? field->steepest : 1, bins);
    for (int32_t at = 0; at < end; at++)
        starts[bins[at] + 1]++;
    for (int i = 0; i < BINS; i++)
        starts[i + 1] += starts[i];
    for (int32_t at = 0; at < end; at++)
        if (bins[at] < BINS)
            seeds[starts[bins[at]]++] = at;
    *ret_seeds = seeds;
    *ret_count = starts[BINS - 1];
    return true;
}

/* Moves a slope from the field into the region. */
static void take(struct field *field, int32_t at, struct region *region)
{
    struct slope *slope = &field->slopes[at];
    region->members[region->count++] = at;
    region->x += (float)slope->x * field->shares[at];
    region->y += (float)slope->y * field->shares[at];
    region->near = COSINE_SQUARED * (region->x * region->x + region->y * region->y);
    *slope = (struct slope){ 0, 0 };
}

/* One question, where two are hard to foresee. */
static bool goes_along(const struct region *region, struct slope slope)
{
    float x = (float)slope.x;
    float y = (float)slope.y;
    float along = x * region->x + y * region->y;
    return along * fabsf(along) > region->near * (x * x + y * y);
}

static void grow(struct field *field, int32_t seed, struct region *region)
{
    const int32_t row = field->stride;
    const int32_t around[] = { -row - 1, -row, -row + 1, -1, 1, row - 1, row, row + 1 };

    region->count = 0;
    region->x = 0;
    region->y = 0;
    take(field, seed, region);
    for (size_t i = 0; i < region->count; i++)
        for (size_t k = 0; k < RW_COUNT(around); k++) {
            int32_t at = region->members[i] + around[k];
            if (goes_along(region, field->slopes[at]))
                take(field, at, region);
        }
}

/* The long axis through the region's weighted middle, from its first to its last member. */
static struct vision_segment edge_of(const struct field *field, const struct region *region)
{
    int32_t left = region->members[0] % field->stride;
    int32_t top = region->members[0] / field->stride;
    float sum = 0;
    float sums[5] = { 0 }; /* of x, y, xx, yy, xy */
    for (size_t i = 0; i < region->count; i++) {
        float weight = 1 / field->shares[region->members[i]];
        float x = (float)(region->members[i] % field->stride - left);
        float y = (float)(region->members[i] / field->stride - top);
        sum += weight;
        sums[0] += weight * x;
        sums[1] += weight * y;
        sums[2] += weight * x * x;
        sums[3] += weight * y * y;
        sums[4] += weight * x * y;
    }
    float x = sums[0] / sum;
    float y = sums[1] / sum;
    float angle =
        atan2f(2 * (sums[4] / sum - x * y), sums[2] / sum - x * x - (sums[3] / sum - y * y)) / 2;
    float along_x = cosf(angle);
    float along_y = sinf(angle);
    float first = 0;
    float last = 0;
    for (size_t i = 0; i < region->count; i++) {
        float along = ((float)(region->members[i] % field->stride - left) - x) * along_x +
                      ((float)(region->members[i] / field->stride - top) - y) * along_y;
        first = fminf(first, along);
        last = fmaxf(last, along);
    }
    /* A slope lies where four pixels meet: with the rim, at its place in the field. */
    x += (float)left;
    y += (float)top;
    return (struct vision_segment){ { x + first * along_x, y + first * along_y },
                                    { x + last * along_x, y + last * along_y } };
}

/* A region of less could be chance, however well its directions agree. */
static size_t least_members(const struct field *field)
{
    double tests = 2.5 * (log10(field->width) + log10(field->height)) + TESTS_LOG;
    return (size_t)(tests / -log10(CHANCE));
}

/* What is left of the time is asked for after so many seeds. */
static bool may_go_on(size_t seed, struct budget *budget)
{
    return seed % SEEDS_STEP != 0 || !budget_has_ended(budget);
}

/* The edges of a field, in pixels of the picture that it is a copy of. */
static bool grow_all(struct field *field, float length_min, struct budget *budget,
                     struct rw_arena *arena, struct vision_segments *segments, struct rw_error *err)
{
    struct region region = { 0 };
    int32_t *seeds = NULL;
    size_t count = 0;

    if (!sort_seeds(field, arena, &seeds, &count, err))
        return false;
    region.members = rw_arena_room(arena, count + 1, sizeof *region.members, err);
    if (region.members == NULL)
        return false;
    size_t least = least_members(field);
    for (size_t i = 0; i < count && segments->count < VISION_SEGMENTS_MAX && may_go_on(i, budget);
         i++) {
        if (squared(field->slopes[seeds[i]]) == 0)
            continue; /* it is part of an earlier region */
        grow(field, seeds[i], &region);
        if (region.count < least)
            continue;
        struct vision_segment edge = edge_of(field, &region);
        if (hypotf(edge.to.x - edge.from.x, edge.to.y - edge.from.y) < length_min * COPY_PART)
            continue;
        segments->segments[segments->count++] =
            (struct vision_segment){ { edge.from.x / COPY_PART, edge.from.y / COPY_PART },
                                     { edge.to.x / COPY_PART, edge.to.y / COPY_PART } };
    }
    return true;
}

bool edges_find(const struct picture *picture, float length_min, struct budget *budget,
                struct rw_arena *arena, struct vision_segments *segments, struct rw_error *err)
{
    struct picture copy;
    struct field field;

    if (!vision_soften(picture, COPY_PART, arena, &copy, err))
        return false;
    if (copy.width < SIDE_MIN || copy.height < SIDE_MIN || budget_has_ended(budget))
        return true;
    if (!make_field(&copy, arena, &field, err))
        return false;
    return budget_has_ended(budget) || grow_all(&field, length_min, budget, arena, segments, err);
}
