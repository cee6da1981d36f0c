/* SPDX-License-Identifier: Apache-2.0 */
/* Says how like a symbol's frame a place is, and lays it there. */
#include "verifier/pattern.h"

#include <assert.h>
#include <math.h>

#include "core/base/attributes.h"

#define QUIET_WEIGHT 0.5F /* text and edges come near a symbol; its own frame does not move */
#define ROUNDS_MAX 6      /* of one step width */
#define REACH 0.5F        /* modules: the widest step */
#define VARIANCE_MIN 4.0F /* grey levels squared: below, nothing is printed here */
#define MIDDLE 128.0F     /* grey: sums of what lies around it stay small */
#define BLOCK 64          /* points that are looked at together */
#define PARTS_SIDE 4      /* parts along a side, each in a light of its own */
#define LANES 8           /* sums that run side by side, so that the compiler can vectorise them */

/* -1 or 1 for what the frame wants at a module or in the quiet ring, 0 where it wants nothing. */
static int wanted_at(const struct symbology *size, int row, int col)
{
    if (row < 0 || col < 0 || row == size->rows || col == size->cols)
        return 1;
    enum symbology_part part = symbology_part_at(size, row, col);
    return part == SYMBOLOGY_DATA ? 0 : part == SYMBOLOGY_DARK ? -1 : 1;
}

static void add_point(struct pattern *pattern, int row, int col)
{
    const struct symbology *size = pattern->size;
    bool is_quiet = row < 0 || col < 0 || row == size->rows || col == size->cols;
    float weight = is_quiet ? QUIET_WEIGHT : 1;
    size_t at = pattern->count++;
    int wanted = wanted_at(size, row, col);

    assert(wanted != 0);
    pattern->u[at] = ((float)col + 0.5F) / (float)size->cols;
    pattern->v[at] = ((float)(size->rows - row) - 0.5F) / (float)size->rows;
    pattern->weight[at] = weight;
    pattern->wanted[at] = weight * (float)wanted;
    pattern->weights += weight;
    pattern->balance += weight * (float)wanted;
}

static bool make_room(struct pattern *pattern, size_t room, struct rw_arena *arena,
                      struct rw_error *err)
{
    float *plane = rw_arena_array(arena, room * 4, sizeof *plane, err);
    if (plane == NULL)
        return false;
    pattern->u = plane;
    pattern->v = plane + room;
    pattern->weight = plane + 2 * room;
    pattern->wanted = plane + 3 * room;
    return true;
}

bool pattern_make(const struct symbology *size, struct rw_arena *arena, struct pattern *ret_pattern,
                  struct rw_error *err)
{
    struct pattern pattern = { .size = size };
    size_t points = 0;

    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++)
            points += wanted_at(size, row, col) != 0;
    points += LANES - 1 - (points + LANES - 1) % LANES;
    if (!make_room(&pattern, points, arena, err))
        return false;
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++)
            if (wanted_at(size, row, col) != 0)
                add_point(&pattern, row, col);
    pattern.count = points; /* what is left in the arena's room is zero: a corner of no weight */
    *ret_pattern = pattern;
    return true;
}

struct sums {
    float grey[LANES];
    float squares[LANES];
    float both[LANES];
};

static inline void add_up(const struct pattern *pattern, size_t from, size_t count,
                          const float *grey, struct sums *sums)
{
    for (size_t i = 0; i < count; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++) {
            float over = grey[i + lane] - MIDDLE;
            float weighted = pattern->weight[from + i + lane] * over;
            sums->grey[lane] += weighted;
            sums->squares[lane] += weighted * over;
            sums->both[lane] += pattern->wanted[from + i + lane] * over;
        }
}

static inline float total(const float lanes[LANES])
{
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++)
        sum += lanes[lane];
    return sum;
}

RW_WIDE float pattern_score(const struct picture *picture, const struct pattern *pattern,
                            const struct picture_quad *quad)
{
    struct grid_map map;
    float grey[BLOCK];
    struct sums sums = { 0 };

    if (!grid_map_make(quad, &map))
        return -1;
    for (size_t from = 0; from < pattern->count; from += BLOCK) {
        size_t left = pattern->count - from;
        size_t count = left < BLOCK ? left : BLOCK;
        grid_greys(picture, &map, pattern->u + from, pattern->v + from, (int)count, grey);
        add_up(pattern, from, count, grey, &sums);
    }
    float mean = total(sums.grey) / pattern->weights;
    float balance = pattern->balance / pattern->weights;
    float grey_variance = total(sums.squares) / pattern->weights - mean * mean;
    float wanted_variance = 1 - balance * balance;
    if (grey_variance < VARIANCE_MIN)
        return -1;
    return (total(sums.both) / pattern->weights - balance * mean) /
           sqrtf(grey_variance * wanted_variance);
}

/* The part of the frame at a place along a side; beyond the symbol, the nearest. */
static int part_at(float along)
{
    int part = (int)(along * PARTS_SIDE);
    return part < 0 ? 0 : part < PARTS_SIDE ? part : PARTS_SIDE - 1;
}

/* The sums over the points of one part. */
struct part {
    float weights;
    float balance;
    float grey;
    float squares;
    float both;
};

/* The correlation within one part, 0 where that is even. */
static float part_likeness(const struct part *part)
{
    float weights = part->weights > 0 ? part->weights : 1;
    float mean = part->grey / weights;
    float balance = part->balance / weights;
    float variance = (part->squares / weights - mean * mean) * (1 - balance * balance);
    if (variance < VARIANCE_MIN)
        return 0;
    return (part->both / weights - balance * mean) / sqrtf(variance);
}

float pattern_score_parts(const struct picture *picture, const struct pattern *pattern,
                          const struct picture_quad *quad)
{
    struct part parts[PARTS_SIDE * PARTS_SIDE] = { 0 };
    struct grid_map map;
    float sum = 0;

    if (!grid_map_make(quad, &map))
        return -1;
    for (size_t i = 0; i < pattern->count; i++) {
        const float u = pattern->u[i];
        const float v = pattern->v[i];
        struct part *part = &parts[part_at(v) * PARTS_SIDE + part_at(u)];
        float grey = grid_grey(picture, grid_map_at(&map, u, v)) - MIDDLE;
        part->weights += pattern->weight[i];
        part->balance += pattern->wanted[i];
        part->grey += pattern->weight[i] * grey;
        part->squares += pattern->weight[i] * grey * grey;
        part->both += pattern->wanted[i] * grey;
    }
    for (int i = 0; i < PARTS_SIDE * PARTS_SIDE; i++)
        sum += parts[i].weights * part_likeness(&parts[i]);
    return sum / pattern->weights;
}

#define MOVES 15

/* The moves of one round in pixels: shift across and down, turn, grow, each side out, each corner
 * along both sides of its own. */
static struct picture_quad moved(const struct picture_quad *quad, int move, float by)
{
    struct picture_quad result = *quad;
    float width = grid_quad_width(quad);
    float height = grid_quad_height(quad);

    if (move < 2) {
        for (int i = 0; i < 4; i++) {
            result.corner[i].x += move == 0 ? by : 0;
            result.corner[i].y += move == 1 ? by : 0;
        }
    } else if (move == 2) {
        struct picture_point centre = grid_quad_centre(quad);
        float angle = 2 * by / (width + height);
        for (int i = 0; i < 4; i++) {
            float x = quad->corner[i].x - centre.x;
            float y = quad->corner[i].y - centre.y;
            result.corner[i].x -= angle * y;
            result.corner[i].y += angle * x;
        }
    } else if (move < 7) {
        float grow[4] = { 0, 0, 0, 0 };
        int side = move - 3;
        grow[side] = by / (side % 2 == 0 ? height : width);
        result = grid_quad_grown(quad, grow);
    } else {
        int corner = (move - 7) / 2;
        if ((move - 7) % 2 == 0)
            result.corner[corner].x += by;
        else
            result.corner[corner].y += by;
    }
    return result;
}

/* Tries every move of this width until none helps. */
static void climb(const struct picture *picture, const struct pattern *pattern, float by,
                  struct grid *grid)
{
    bool better = true;
    for (int round = 0; round < ROUNDS_MAX && better; round++) {
        better = false;
        for (int move = 0; move < MOVES * 2; move++) {
            struct picture_quad quad = moved(&grid->quad, move / 2, move % 2 == 0 ? by : -by);
            float score = pattern_score(picture, pattern, &quad);
            if (score > grid->score + 1e-4F) {
                grid->score = score;
                grid->quad = quad;
                better = true;
            }
        }
    }
}

void pattern_refine(const struct picture *picture, const struct pattern *pattern, float give_up,
                    struct grid *grid)
{
    float module = grid_module_px(grid);
    grid->score = pattern_score(picture, pattern, &grid->quad);
    for (float step = REACH; step > 0.05F; step /= 2) {
        climb(picture, pattern, step * module, grid);
        if (grid->score < give_up)
            return;
    }
}
