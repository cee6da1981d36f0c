/* SPDX-License-Identifier: Apache-2.0 */
/* A small picture of what changes along the film, to compare views. */
#include "verifier/relief.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "verifier/shrink.h"

#define SMALL_PX 144     /* longer side of a relief */
#define RIM_PART 0.10F   /* of a bag: its seams are no print */
#define SHOWN_MIN 0.30F  /* of a bag: less of it does not tell print from film */
#define PRINT_MIN 0.20F  /* likeness of two labels: it is 0.11 to 0.35, of empty film to 0.16 */
#define SYMBOL_PX 4      /* of a relief: half a symbol, that is to be in the picture */
#define DRIFT_ALONG_PX 3 /* of a relief: how far a bag may lie from where the last one has it … */
#define DRIFT_ACROSS_PX 2

static int least(int one, int other)
{
    return one < other ? one : other;
}

static int most(int one, int other)
{
    return one > other ? one : other;
}

bool relief_make(const struct picture *picture, const float axis[2], struct rw_arena *arena,
                 struct relief *ret_relief, struct rw_error *err)
{
    struct picture small;
    int by = (most(picture->width, picture->height) + SMALL_PX - 1) / SMALL_PX;
    int dx = (int)lroundf(axis[0]);
    int dy = (int)lroundf(axis[1]);
    struct relief relief = { NULL, picture->width / by, picture->height / by, by };

    relief.edges = rw_arena_array(arena, (size_t)relief.width * (size_t)relief.height,
                                  sizeof *relief.edges, err);
    if (relief.edges == NULL || !shrink_picture(picture, by, arena, &small, err))
        return false;
    for (int y = 0; y < relief.height; y++)
        for (int x = 0; x < relief.width; x++) {
            bool inside = x >= abs(dx) && y >= abs(dy) && x + abs(dx) < relief.width &&
                          y + abs(dy) < relief.height;
            const uint8_t *pixel = small.pixels + (ptrdiff_t)y * small.stride + x;
            ptrdiff_t step = (ptrdiff_t)dy * small.stride + dx;
            relief.edges[y * relief.width + x] =
                inside ? (float)pixel[step] - (float)pixel[-step] : 0;
        }
    *ret_relief = relief;
    return true;
}

float relief_likeness(const struct relief *last, const struct relief *now, int dx, int dy,
                      const struct relief_box *box)
{
    const struct relief_box all = { 0, 0, now->width, now->height };
    const struct relief_box *part = box != NULL ? box : &all;
    int left = most(most(dx, 0), part->left);
    int top = most(most(dy, 0), part->top);
    int right = least(now->width + least(dx, 0), part->right);
    int bottom = least(now->height + least(dy, 0), part->bottom);
    float both = 0;
    float one = 0;
    float other = 0;

    for (int y = top; y < bottom; y++) {
        const float *here = now->edges + (ptrdiff_t)y * now->width;
        const float *there = last->edges + (ptrdiff_t)(y - dy) * last->width - dx;
        for (int x = left; x < right; x++) {
            both += here[x] * there[x];
            one += here[x] * here[x];
            other += there[x] * there[x];
        }
    }
    return one < 1 || other < 1 ? 0 : both / sqrtf(one * other);
}

/* The part of a relief between two places along the axis, seen from `symbol`; all in its pixels. */
static struct relief_box cut_along(const struct relief *relief, const float axis[2],
                                   struct picture_point symbol, float from, float to)
{
    struct relief_box box = { 0, 0, relief->width, relief->height };
    bool is_down = fabsf(axis[1]) >= fabsf(axis[0]);
    float middle = is_down ? symbol.y : symbol.x;
    float way = is_down ? axis[1] : axis[0];
    int first = (int)lroundf(middle + fminf(from * way, to * way));
    int last = (int)lroundf(middle + fmaxf(from * way, to * way));
    int *start = is_down ? &box.top : &box.left;
    int *end = is_down ? &box.bottom : &box.right;

    *start = most(*start, first);
    *end = least(*end, last);
    return box;
}

bool relief_has_neighbour(const struct relief *relief, const struct relief_strip *strip,
                          struct picture_point symbol, int step)
{
    float scale = 1 / (float)relief->by;
    float pitch = strip->pitch_px * scale;
    float way = (float)step * pitch;
    const struct picture_point mine = { symbol.x * scale, symbol.y * scale };
    const struct picture_point next = { mine.x + way * strip->axis[0],
                                        mine.y + way * strip->axis[1] };
    float top = way - strip->above_px * scale;
    const struct relief_box box =
        cut_along(relief, strip->axis, mine, top + RIM_PART * pitch, top + (1 - RIM_PART) * pitch);
    bool is_down = fabsf(strip->axis[1]) >= fabsf(strip->axis[0]);
    int dx = (int)lroundf(way * strip->axis[0]);
    int dy = (int)lroundf(way * strip->axis[1]);
    int shown = is_down ? least(box.bottom, relief->height + least(dy, 0)) - most(box.top, dy)
                        : least(box.right, relief->width + least(dx, 0)) - most(box.left, dx);
    int reach_x = is_down ? DRIFT_ACROSS_PX : DRIFT_ALONG_PX;
    int reach_y = is_down ? DRIFT_ALONG_PX : DRIFT_ACROSS_PX;
    float best = 0;

    if ((float)shown < SHOWN_MIN * pitch || next.x < SYMBOL_PX || next.y < SYMBOL_PX ||
        next.x > (float)(relief->width - SYMBOL_PX) || next.y > (float)(relief->height - SYMBOL_PX))
        return false;
    for (int y = -reach_y; y <= reach_y; y++)
        for (int x = -reach_x; x <= reach_x; x++)
            best = fmaxf(best, relief_likeness(relief, relief, dx + x, dy + y, &box));
    return best >= PRINT_MIN;
}
