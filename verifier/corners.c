/* SPDX-License-Identifier: Apache-2.0 */
/* Proposes symbols by the two long edges of their L. */
#include "verifier/corners.h"

#include <math.h>
#include <stdlib.h>

#include "verifier/edges.h"
#include "verifier/grid.h"
#include "verifier/vision_shapes.h"

#define EDGE_MIN_PX 14.0F /* of an edge in the copy that is looked at */
#define MEET_PART 0.18F   /* of the shorter edge: how near their ends must come */
/* What follows for the gap between two ends: each lies MEET_PART of the shorter arm at most from
 * the corner, and an arm is at most 1 / (1 - MEET_PART) as long as its edge. */
#define ENDS_PART (2 * MEET_PART / (1 - MEET_PART))
#define COSINE_MAX 0.6F   /* of the angle between them: a square seen from aside is sheared */
#define RATIO_MAX 19.0F   /* of a rectangle's sides: 8x144 */
#define SKEW_RATIO 1.1F   /* above, the edges may be as long as they look … */
#define SQUARE_RATIO 2.0F /* … or up to here those of a square, cut short by dirt */
#define SIDE_PART 0.04F   /* of an edge: how far to the side of it ink and paper are compared … */
#define SIDE_MAX_PX 2.0F  /* … within the quiet zone and the arm, narrow beside a long edge */
#define CONTRAST_MIN 8.0F /* grey levels between the print of the L and what is outside */
#define PROBES 9
/* Print that stands in line with an arm of an L, behind a gap, lengthens its edge. */
#define WALK_INSIDE_PX 1.0F /* where an arm is walked along: inside its edge */
#define WALK_STEP_PX 0.5F
#define WALK_FROM 0.5F /* parts of an edge: where an arm may end … */
#define WALK_TO 0.94F  /* … and up to where it makes a difference */
#define WALK_TRUST \
    0.5F           /* print may be bare for other reasons: an arm as long as its edge comes first */
#define WALK_GAP 3 /* steps without ink in a row that end an arm: fewer are a fault of print */
#define HULL_BOX \
    35 /* pixels: the L of a symbol with large modules is dark along its edge at least */

/* How much lighter it is outside an arm of an L than inside: below 0 for print that is light. */
static float contrast_along(const struct picture *picture, struct picture_point corner,
                            struct picture_point end, struct picture_point inside)
{
    float x = end.x - corner.x;
    float y = end.y - corner.y;
    float length = hypotf(x, y);
    float aside = fminf(SIDE_PART, SIDE_MAX_PX / fmaxf(length, 1));
    float across_x = -y * aside;
    float across_y = x * aside;
    float sum = 0;

    if (length < 1)
        return 0;
    if (across_x * (inside.x - corner.x) + across_y * (inside.y - corner.y) < 0) {
        across_x = -across_x;
        across_y = -across_y;
    }
    for (int i = 0; i < PROBES; i++) {
        float along = ((float)i + 0.5F) / PROBES;
        struct picture_point in = { corner.x + x * along + across_x,
                                    corner.y + y * along + across_y };
        struct picture_point out = { corner.x + x * along - across_x,
                                     corner.y + y * along - across_y };
        sum += grid_grey(picture, out) - grid_grey(picture, in);
    }
    return sum / PROBES;
}

/* Where two lines cross; false when they hardly do. */
static bool crossing(const struct vision_segment *a, const struct vision_segment *b,
                     struct picture_point *ret)
{
    float ax = a->to.x - a->from.x;
    float ay = a->to.y - a->from.y;
    float bx = b->to.x - b->from.x;
    float by = b->to.y - b->from.y;
    float turn = ax * by - ay * bx;
    if (fabsf(turn) < 1)
        return false;
    float along = ((b->from.x - a->from.x) * by - (b->from.y - a->from.y) * bx) / turn;
    *ret = (struct picture_point){ a->from.x + along * ax, a->from.y + along * ay };
    return true;
}

static float gap(struct picture_point a, struct picture_point b)
{
    return hypotf(a.x - b.x, a.y - b.y);
}

/* The end of an edge that is farther from the corner. */
static struct picture_point far_end(const struct vision_segment *edge, struct picture_point corner)
{
    return gap(edge->from, corner) > gap(edge->to, corner) ? edge->from : edge->to;
}

static float near_gap(const struct vision_segment *edge, struct picture_point corner)
{
    return fminf(gap(edge->from, corner), gap(edge->to, corner));
}

/* The quad with this corner and these two arms, in the order of a quad. */
static struct picture_quad quad_of(struct picture_point corner, struct picture_point a,
                                   struct picture_point b)
{
    float turn = (a.x - corner.x) * (b.y - corner.y) - (a.y - corner.y) * (b.x - corner.x);
    struct picture_point right = turn < 0 ? a : b; /* y points down */
    struct picture_point up = turn < 0 ? b : a;
    struct picture_point across = { right.x + up.x - corner.x, right.y + up.y - corner.y };
    return (struct picture_quad){ { corner, right, across, up } };
}

static struct picture_point stretched(struct picture_point corner, struct picture_point end,
                                      float length)
{
    float by = length / gap(corner, end);
    return (struct picture_point){ corner.x + (end.x - corner.x) * by,
                                   corner.y + (end.y - corner.y) * by };
}

/* What two arms have in common. */
struct meeting {
    struct picture_point corner;
    bool is_light;
    float trust; /* a part of 1 */
};

static void add_quad(struct vision_rects *rects, const struct meeting *meeting,
                     struct picture_point a, struct picture_point b)
{
    if (rects->count < VISION_RECTS_MAX)
        rects->rects[rects->count++] = (struct vision_rect){ .quad = quad_of(meeting->corner, a, b),
                                                             .fill = meeting->trust,
                                                             .is_light = meeting->is_light };
}

/* A square, or a rectangle where the arms differ much. */
static void propose(struct vision_rects *rects, const struct meeting *meeting,
                    struct picture_point a, struct picture_point b)
{
    float long_a = gap(meeting->corner, a);
    float long_b = gap(meeting->corner, b);
    float shorter = fminf(long_a, long_b);
    float longer = fmaxf(long_a, long_b);

    if (longer > SKEW_RATIO * shorter)
        add_quad(rects, meeting, a, b);
    if (longer <= SQUARE_RATIO * shorter)
        add_quad(rects, meeting, stretched(meeting->corner, a, longer),
                 stretched(meeting->corner, b, longer));
}

/* Where the ink of an arm ends on the way to the end of its edge; at the latest there. */
static struct picture_point ink_end(const struct picture *picture, struct picture_point corner,
                                    struct picture_point end, struct picture_point inside,
                                    float contrast)
{
    float length = gap(corner, end);
    float x = (end.x - corner.x) / length;
    float y = (end.y - corner.y) / length;
    float turn = x * (inside.y - corner.y) - y * (inside.x - corner.x);
    float side = turn < 0 ? -WALK_INSIDE_PX : WALK_INSIDE_PX;
    struct picture_point start = { corner.x - y * side, corner.y + x * side };
    float ink = 0;
    int bare = 0;

    for (int i = 0; i < PROBES; i++) {
        float at = length * WALK_FROM * ((float)i + 0.5F) / PROBES;
        ink += grid_grey(picture, (struct picture_point){ start.x + x * at, start.y + y * at });
    }
    float bound = ink / PROBES + contrast / 2;
    int last = (int)(length * WALK_TO / WALK_STEP_PX);
    for (int i = (int)(length * WALK_FROM / WALK_STEP_PX); i < last; i++) {
        float at = (float)i * WALK_STEP_PX;
        float grey =
            grid_grey(picture, (struct picture_point){ start.x + x * at, start.y + y * at });
        bare = (contrast > 0) == (grey > bound) ? bare + 1 : 0;
        if (bare == WALK_GAP)
            return stretched(corner, end, at - WALK_GAP * WALK_STEP_PX);
    }
    return end;
}

/* Two edges that meet like an L propose the symbol whose arms they are, and the one whose arms are
 * the ink along them where that ends earlier. */
static void try_pair(const struct picture *picture, const struct vision_segment *a,
                     const struct vision_segment *b, struct vision_rects *rects)
{
    struct picture_point corner;
    if (!crossing(a, b, &corner))
        return;
    struct picture_point end_a = far_end(a, corner);
    struct picture_point end_b = far_end(b, corner);
    float long_a = gap(corner, end_a);
    float long_b = gap(corner, end_b);
    float shorter = fminf(long_a, long_b);
    if (shorter < EDGE_MIN_PX || fmaxf(long_a, long_b) > RATIO_MAX * shorter ||
        near_gap(a, corner) > MEET_PART * shorter || near_gap(b, corner) > MEET_PART * shorter)
        return;
    float cosine = ((end_a.x - corner.x) * (end_b.x - corner.x) +
                    (end_a.y - corner.y) * (end_b.y - corner.y)) /
                   (long_a * long_b);
    if (fabsf(cosine) > COSINE_MAX)
        return;
    float one = contrast_along(picture, corner, end_a, end_b);
    float other = contrast_along(picture, corner, end_b, end_a);
    bool is_light = one < 0;
    if (fabsf(one) < CONTRAST_MIN || fabsf(other) < CONTRAST_MIN || is_light != (other < 0))
        return;
    struct meeting meeting = { corner, is_light, 1 };
    propose(rects, &meeting, end_a, end_b);
    struct picture_point ink_a = ink_end(picture, corner, end_a, end_b, one);
    struct picture_point ink_b = ink_end(picture, corner, end_b, end_a, other);
    meeting.trust = WALK_TRUST;
    if (gap(ink_a, end_a) > 0 || gap(ink_b, end_b) > 0)
        propose(rects, &meeting, ink_a, ink_b);
}

static float left_of(const struct vision_segment *edge)
{
    return fminf(edge->from.x, edge->to.x);
}

static int by_left(const void *one, const void *other)
{
    float first = left_of(one);
    float second = left_of(other);
    return (first > second) - (first < second);
}

static float length_of(const struct vision_segment *edge)
{
    return gap(edge->from, edge->to);
}

static float gap_squared(struct picture_point a, struct picture_point b)
{
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/* How far to the right an end of another edge may lie for the two to meet: see near_gap. */
static float reach_of(const struct vision_segment *edge)
{
    return fmaxf(edge->from.x, edge->to.x) + ENDS_PART * length_of(edge);
}

/* Are two of their ends near enough? It is asked of every pair, and most are far apart. */
static bool may_meet(const struct vision_segment *a, const struct vision_segment *b)
{
    float shorter = fminf(gap_squared(a->from, a->to), gap_squared(b->from, b->to));
    float nearest = fminf(fminf(gap_squared(a->from, b->from), gap_squared(a->from, b->to)),
                          fminf(gap_squared(a->to, b->from), gap_squared(a->to, b->to)));
    return nearest <= ENDS_PART * ENDS_PART * shorter;
}

static void scale_up(struct vision_rects *rects, float by)
{
    for (size_t i = 0; i < rects->count; i++)
        for (int k = 0; k < 4; k++) {
            rects->rects[i].quad.corner[k].x *= by;
            rects->rects[i].quad.corner[k].y *= by;
        }
}

static bool make_room(struct rw_arena *arena, struct vision_segments *edges,
                      struct vision_rects *rects, struct rw_error *err)
{
    *edges = (struct vision_segments){ 0 };
    *rects = (struct vision_rects){ 0 };
    edges->segments = rw_arena_array(arena, VISION_SEGMENTS_MAX, sizeof *edges->segments, err);
    rects->rects = rw_arena_array(arena, VISION_RECTS_MAX, sizeof *rects->rects, err);
    return edges->segments != NULL && rects->rects != NULL;
}

bool corners_find(const struct locate_levels *levels, int level, struct rw_arena *arena,
                  struct locate_list *ret_list, struct rw_error *err)
{
    struct vision_segments edges;
    struct vision_rects rects;
    const struct picture *small = &levels->small[level];

    *ret_list = (struct locate_list){ 0 };
    if (!make_room(arena, &edges, &rects, err) ||
        !edges_find(small, EDGE_MIN_PX, levels->budget, arena, &edges, err))
        return false;
    qsort(edges.segments, edges.count, sizeof *edges.segments, by_left);
    for (size_t i = 0; i < edges.count && !budget_has_ended(levels->budget); i++) {
        float reach = reach_of(&edges.segments[i]);
        for (size_t k = i + 1; k < edges.count && left_of(&edges.segments[k]) <= reach; k++)
            if (may_meet(&edges.segments[i], &edges.segments[k]))
                try_pair(small, &edges.segments[i], &edges.segments[k], &rects);
    }
    scale_up(&rects, (float)levels->by[level]);
    if (!budget_has_ended(levels->budget) &&
        !locate_select(levels->picture, &rects, &locate_edges, arena, ret_list, err))
        return false;
    ret_list->is_part = edges.count == VISION_SEGMENTS_MAX || rects.count == VISION_RECTS_MAX;
    return true;
}

bool corners_of_hulls(const struct picture *picture, struct rw_arena *arena,
                      struct locate_list *ret_list, struct rw_error *err)
{
    const struct vision_hulls how = { .box = HULL_BOX, .side_min = EDGE_MIN_PX };
    struct vision_segments edges;
    struct vision_rects rects;

    if (!make_room(arena, &edges, &rects, err) || !vision_shapes_hulls(picture, &how, &edges, err))
        return false;
    for (size_t i = 0; i + 1 < edges.count; i++)
        if (gap(edges.segments[i].to, edges.segments[i + 1].from) < 1)
            try_pair(picture, &edges.segments[i], &edges.segments[i + 1], &rects);
    return locate_select(picture, &rects, &locate_edges, arena, ret_list, err);
}
