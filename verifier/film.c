/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the strip over the frames of a video, ways back too. */
#include "verifier/film.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verifier/shrink.h"

#define SMALL_PX 144       /* longer side of the pictures that shifts are found in */
#define OVERLAP_MIN 0.25F  /* of a frame that two must share */
#define ALIKE_MIN 0.30F    /* correlation below which two frames share nothing */
#define SAME_PITCHES 0.40F /* nearer together, equal symbols are one */
#define JUMP_PITCHES 0.25F /* a shift that symbols may mend */

struct thing {
    int32_t id;
    int32_t frame;    /* where it was seen last */
    float at;         /* on the strip, in pitches */
    bool after_break; /* what lies before it is not known */
};

/* A small picture of edges along the axis: light and what runs along it are gone. */
struct small {
    float *edges;
    int width;
    int height;
    int by; /* times smaller than the frame */
};

struct film {
    struct rw_arena *arena;
    struct thing *things;
    size_t count;
    size_t room;
    struct small last; /* `edges` NULL: none yet */
    float offset;      /* of the frame's origin on the strip, in pitches */
    int32_t frame;
    int32_t breaks;
    bool is_cut;  /* frames between the last and the next are known to be lost */
    bool is_lost; /* nothing that was seen since a break says where the strip lies */
};

bool film_open(struct rw_arena *arena, struct film **ret_film, struct rw_error *err)
{
    struct film *film = rw_arena_alloc(arena, sizeof *film, err);
    if (film == NULL)
        return false;
    *film = (struct film){ .arena = arena };
    *ret_film = film;
    return true;
}

int32_t film_breaks(const struct film *film)
{
    return film->breaks;
}

void film_lose(struct film *film)
{
    film->is_cut = true;
}

/* Fills `small`, whose edges have room for the shrunken frame. */
static bool make_small(const struct picture *picture, const float axis[2], struct small *small,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct picture shrunk;
    int dx = (int)lroundf(axis[0]);
    int dy = (int)lroundf(axis[1]);

    if (!shrink_picture(picture, small->by, arena, &shrunk, err))
        return false;
    for (int y = 0; y < small->height; y++)
        for (int x = 0; x < small->width; x++) {
            bool inside = x >= abs(dx) && y >= abs(dy) && x + abs(dx) < small->width &&
                          y + abs(dy) < small->height;
            const uint8_t *pixel = shrunk.pixels + (ptrdiff_t)y * shrunk.stride + x;
            ptrdiff_t step = (ptrdiff_t)dy * shrunk.stride + dx;
            small->edges[y * small->width + x] =
                inside ? (float)pixel[step] - (float)pixel[-step] : 0;
        }
    return true;
}

/* Correlation of `now` with `last`, when what was at p is now at p + (dx, dy). */
static float likeness(const struct small *last, const struct small *now, int dx, int dy)
{
    int left = dx > 0 ? dx : 0;
    int top = dy > 0 ? dy : 0;
    int right = now->width + (dx < 0 ? dx : 0);
    int bottom = now->height + (dy < 0 ? dy : 0);
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

/* Labels look alike, so a narrow overlap easily seems to fit: it counts less. */
static float weight_of(const struct small *small, int dx, int dy)
{
    float across = 1 - fabsf((float)dx) / (float)small->width;
    float down = 1 - fabsf((float)dy) / (float)small->height;
    return sqrtf(fmaxf(across * down, 0));
}

/* How far the strip moved along the axis since the last frame, in pixels of the frame. */
static bool find_shift(const struct small *last, const struct small *now, const float axis[2],
                       float *ret_shift_px)
{
    float length = fabsf(axis[0]) * (float)now->width + fabsf(axis[1]) * (float)now->height;
    int most = (int)(length * (1 - OVERLAP_MIN));
    float best = 0;
    int best_at = 0;

    for (int i = 0; i <= 2 * most; i++) {
        /* 0, 1, -1, 2, -2 …: of equals the shortest way counts */
        int at = i % 2 == 1 ? (i + 1) / 2 : -i / 2;
        int dx = (int)lroundf(axis[0] * (float)at);
        int dy = (int)lroundf(axis[1] * (float)at);
        float alike = likeness(last, now, dx, dy) * weight_of(now, dx, dy);
        if (alike > best) {
            best = alike;
            best_at = at;
        }
    }
    *ret_shift_px = (float)(best_at * now->by);
    return best >= ALIKE_MIN;
}

/* Moves the ruler by what the pictures say; false in `ret_known` where they say nothing. */
static bool move(struct film *film, const struct picture *picture, const struct film_view *view,
                 struct rw_arena *arena, bool *ret_known, struct rw_error *err)
{
    int longer = picture->width > picture->height ? picture->width : picture->height;
    struct small now = { .by = (longer + SMALL_PX - 1) / SMALL_PX };
    float shift_px = 0;

    now.width = picture->width / now.by;
    now.height = picture->height / now.by;
    size_t size = (size_t)now.width * (size_t)now.height;
    now.edges = rw_arena_array(arena, size, sizeof *now.edges, err);
    if (now.edges == NULL || !make_small(picture, view->axis, &now, arena, err))
        return false;
    bool has_last = film->last.edges != NULL && film->last.width == now.width &&
                    film->last.height == now.height;
    if (has_last) {
        *ret_known = !film->is_cut && find_shift(&film->last, &now, view->axis, &shift_px);
        film->offset -= *ret_known ? shift_px / view->pitch_px : 0;
    } else {
        *ret_known = film->last.edges == NULL;
        float *kept = rw_arena_array(film->arena, size, sizeof *kept, err);
        if (kept == NULL)
            return false;
        film->last = now;
        film->last.edges = kept;
    }
    memcpy(film->last.edges, now.edges, size * sizeof *now.edges);
    film->is_cut = false;
    return true;
}

/* The thing with this id nearest to a place; NULL = none within `reach`. */
static struct thing *find_thing(struct film *film, int32_t id, float at, float reach)
{
    struct thing *best = NULL;
    for (size_t i = 0; i < film->count; i++) {
        struct thing *thing = &film->things[i];
        if (thing->id == id && fabsf(thing->at - at) < reach) {
            best = thing;
            reach = fabsf(thing->at - at);
        }
    }
    return best;
}

/* Mends the ruler's place by the things in the frame that lie on it already. */
static bool anchor(struct film *film, const struct film_view *view,
                   const struct film_sighting *sightings, size_t count, float reach)
{
    float sum = 0;
    int found = 0;
    for (size_t i = 0; i < count; i++) {
        float at = film->offset + sightings[i].along_px / view->pitch_px;
        const struct thing *thing = find_thing(film, sightings[i].id, at, reach);
        if (thing == NULL)
            continue;
        sum += thing->at - at;
        found++;
    }
    if (found > 0)
        film->offset += sum / (float)found;
    return found > 0;
}

/* Nothing says where this frame lies: behind all that was seen, with an unknown way between. */
static void leave_off(struct film *film, const struct film_view *view,
                      const struct film_sighting *sightings, size_t count)
{
    float highest = 0;
    float lowest = sightings[0].along_px;
    for (size_t i = 0; i < film->count; i++)
        highest = fmaxf(highest, film->things[i].at);
    for (size_t i = 0; i < count; i++)
        lowest = fminf(lowest, sightings[i].along_px);
    film->offset = highest + 1 - lowest / view->pitch_px;
}

static bool add_thing(struct film *film, int32_t id, float at, bool after_break,
                      struct rw_error *err)
{
    struct thing *known = find_thing(film, id, at, SAME_PITCHES);
    if (known != NULL) {
        known->frame = film->frame;
        return true;
    }
    if (!rw_arena_grow(film->arena, &film->things, &film->room, film->count, sizeof *film->things,
                       FILM_THINGS_MAX, err))
        return false;
    film->things[film->count++] = (struct thing){ id, film->frame, at, after_break };
    return true;
}

bool film_step(struct film *film, const struct picture *picture, const struct film_view *view,
               const struct film_sighting *sightings, size_t count, struct rw_arena *arena,
               struct rw_error *err)
{
    bool known = true;

    if (view != NULL && !move(film, picture, view, arena, &known, err))
        return false;
    film->is_lost = film->is_lost || !known;
    if (view != NULL && count > 0) {
        float reach = film->is_lost ? HUGE_VALF : JUMP_PITCHES;
        bool anchored = anchor(film, view, sightings, count, reach);
        bool lost = film->is_lost && !anchored;
        film->is_lost = false;
        if (lost)
            leave_off(film, view, sightings, count);
        for (size_t i = 0; i < count; i++)
            if (!add_thing(film, sightings[i].id,
                           film->offset + sightings[i].along_px / view->pitch_px, lost, err))
                return false;
    }
    film->breaks += !known;
    film->frame++;
    return true;
}

static int by_place(const void *left, const void *right)
{
    const struct thing *first = left;
    const struct thing *second = right;
    return (first->at > second->at) - (first->at < second->at);
}

static void add_to_row(struct film_row *row, int32_t bag, int32_t frame)
{
    if (row->count == SEQUENCE_SIGHTINGS_MAX)
        return; /* thrice the things that there can be: the rest is not seen, and so no pass */
    row->frames[row->count] = frame;
    row->sightings[row->count] = (struct sequence_sighting){ (int32_t)row->count, bag, 0, false };
    row->count++;
}

bool film_row(const struct film *film, struct rw_arena *arena, struct film_row *ret_row,
              struct rw_error *err)
{
    struct thing *things = rw_arena_array(arena, film->count + 1, sizeof *things, err);
    struct film_row row = {
        .sightings = rw_arena_array(arena, SEQUENCE_SIGHTINGS_MAX, sizeof *row.sightings, err),
        .frames = rw_arena_array(arena, SEQUENCE_SIGHTINGS_MAX, sizeof *row.frames, err),
    };

    if (things == NULL || row.sightings == NULL || row.frames == NULL)
        return false;
    if (film->count > 0)
        memcpy(things, film->things, film->count * sizeof *things);
    qsort(things, film->count, sizeof *things, by_place);
    for (size_t i = 0; i < film->count; i++) {
        bool known = i > 0 && !things[i].after_break;
        long room = known ? lroundf(things[i].at - things[i - 1].at) - 1 : 0;
        for (; room > 0; room--)
            add_to_row(&row, SEQUENCE_UNREADABLE, (things[i - 1].frame + things[i].frame) / 2);
        if (i > 0 && things[i].after_break)
            add_to_row(&row, SEQUENCE_UNSEEN, things[i].frame);
        add_to_row(&row, things[i].id < 0 ? SEQUENCE_STRANGER : things[i].id, things[i].frame);
    }
    *ret_row = row;
    return true;
}
