/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the strip over the frames of a video, ways back too. */
#include "verifier/film.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verifier/relief.h"

#define OVERLAP_MIN 0.25F  /* of a frame that two must share */
#define SAME_PITCHES 0.40F /* nearer together, equal symbols are one */
#define JUMP_PITCHES 0.25F /* a shift that symbols may mend */

struct thing {
    int32_t id;
    int32_t frame;    /* where it was seen last */
    int32_t stretch;  /* how stretches lie to each other is not known */
    float at;         /* on its stretch of the strip, in pitches */
    int32_t print[2]; /* a frame with print where the bag before or behind it lies; -1 = none */
};

struct film {
    struct rw_arena *arena;
    struct thing *things;
    size_t count;
    size_t room;
    struct relief last; /* `edges` NULL: none yet */
    float offset;       /* of the frame's origin on its stretch, in pitches */
    int32_t stretch;    /* where the present frame lies */
    int32_t stretches;  /* further ones than the first */
    float travel;       /* how far the frame moved on, in pitches; ways back count against it */
    int32_t rises;      /* frames whose numbers rise along the axis, less those where they fall */
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

/* Labels look alike, so a narrow overlap easily seems to fit: it counts less. */
static float weight_of(const struct relief *relief, int dx, int dy)
{
    float across = 1 - fabsf((float)dx) / (float)relief->width;
    float down = 1 - fabsf((float)dy) / (float)relief->height;
    return sqrtf(fmaxf(across * down, 0));
}

/* How far the strip moved along the axis since the last frame, in pixels of the frame. */
static bool find_shift(const struct relief *last, const struct relief *now, const float axis[2],
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
        float alike = relief_likeness(last, now, dx, dy, NULL) * weight_of(now, dx, dy);
        if (alike > best) {
            best = alike;
            best_at = at;
        }
    }
    *ret_shift_px = (float)(best_at * now->by);
    return best >= RELIEF_ALIKE_MIN;
}

/* Moves the ruler by what the pictures say; false in `ret_known` where they say nothing. */
static bool move(struct film *film, const struct picture *picture, const struct relief_strip *view,
                 struct rw_arena *arena, bool *ret_known, struct rw_error *err)
{
    struct relief now;
    float shift_px = 0;

    if (!relief_make(picture, view->axis, arena, &now, err))
        return false;
    size_t size = (size_t)now.width * (size_t)now.height;
    bool has_last = film->last.edges != NULL && film->last.width == now.width &&
                    film->last.height == now.height;
    if (has_last) {
        *ret_known = !film->is_cut && find_shift(&film->last, &now, view->axis, &shift_px);
        film->offset -= *ret_known ? shift_px / view->pitch_px : 0;
        film->travel -= *ret_known ? shift_px / view->pitch_px : 0;
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

/* The thing of this stretch with this id nearest to a place; NULL = none within `reach`. */
static struct thing *find_thing(const struct film *film, int32_t id, float at, float reach)
{
    struct thing *best = NULL;
    for (size_t i = 0; i < film->count; i++) {
        struct thing *thing = &film->things[i];
        if (thing->stretch == film->stretch && thing->id == id && fabsf(thing->at - at) < reach) {
            best = thing;
            reach = fabsf(thing->at - at);
        }
    }
    return best;
}

static float place_of(const struct film *film, const struct relief_strip *view,
                      const struct film_sighting *sighting)
{
    return film->offset + sighting->along_px / view->pitch_px;
}

/* Mends the ruler's place by the things in the frame that lie on it already. */
static bool anchor(struct film *film, const struct relief_strip *view,
                   const struct film_sighting *sightings, size_t count, float reach)
{
    float sum = 0;
    int found = 0;
    for (size_t i = 0; i < count; i++) {
        float at = place_of(film, view, &sightings[i]);
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

/* Nothing but the frame's symbols says where it lies: on the stretch where one was seen last. */
static bool anchor_anywhere(struct film *film, const struct relief_strip *view,
                            const struct film_sighting *sightings, size_t count)
{
    const struct thing *last = NULL;
    for (size_t i = 0; i < film->count; i++)
        for (size_t k = 0; k < count; k++)
            if (film->things[i].id == sightings[k].id &&
                (last == NULL || film->things[i].frame > last->frame))
                last = &film->things[i];
    if (last != NULL)
        film->stretch = last->stretch;
    return last != NULL && anchor(film, view, sightings, count, HUGE_VALF);
}

/* What a place that the pictures alone give a bag is worth beside the nearest bag on the ruler. */
enum claim { CLAIM_FITS, CLAIM_DOUBTFUL, CLAIM_FALSE };

/* Labels of one roll look so much alike that frames without a common bag seem to share much. Two
 * bags at one place give that away, and so does a number that the way to the next does not fit. */
static enum claim weigh(const struct film *film, int32_t id, float at)
{
    const struct thing *next = NULL;
    if (id < 0)
        return CLAIM_FITS;
    for (size_t i = 0; i < film->count; i++) {
        const struct thing *thing = &film->things[i];
        if (thing->stretch == film->stretch && thing->id >= 0 &&
            (next == NULL || fabsf(thing->at - at) < fabsf(next->at - at)))
            next = thing;
    }
    if (next == NULL)
        return CLAIM_FITS;
    long way = lroundf(at - next->at);
    long numbers = (long)id - next->id;
    if (way == 0)
        return CLAIM_FALSE;
    bool fits = film->rises == 0 ? labs(way) == labs(numbers)
                                 : way == (film->rises > 0 ? numbers : -numbers);
    return fits ? CLAIM_FITS : CLAIM_DOUBTFUL;
}

static enum claim weigh_all(const struct film *film, const struct relief_strip *view,
                            const struct film_sighting *sightings, size_t count)
{
    enum claim worst = CLAIM_FITS;
    for (size_t i = 0; i < count; i++) {
        enum claim claim = weigh(film, sightings[i].id, place_of(film, view, &sightings[i]));
        worst = claim > worst ? claim : worst;
    }
    return worst;
}

/* Finds where a frame with symbols lies: where pictures and symbols say, or on a new stretch. */
static void find_place(struct film *film, const struct relief_strip *view,
                       const struct film_sighting *sightings, size_t count)
{
    enum claim claim = CLAIM_FITS;
    if (!film->is_lost) {
        if (anchor(film, view, sightings, count, JUMP_PITCHES))
            return;
        claim = weigh_all(film, view, sightings, count);
        film->breaks += claim != CLAIM_FITS;
    }
    bool is_lost = film->is_lost || claim == CLAIM_FALSE;
    bool is_new = is_lost ? !anchor_anywhere(film, view, sightings, count)
                          : claim == CLAIM_DOUBTFUL; /* it may be a second one of a bag */
    if (!is_new)
        return;
    film->stretch = ++film->stretches;
    film->offset = 0;
}

/* Which way the numbers run is seen where a frame shows two bags. */
static void watch_numbers(struct film *film, const struct film_sighting *sightings, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const struct film_sighting *one = &sightings[i];
        const struct film_sighting *other = &sightings[i + 1];
        if (one->id >= 0 && other->id >= 0 && one->id != other->id)
            film->rises += (one->id < other->id) == (one->along_px < other->along_px) ? 1 : -1;
    }
}

static bool add_thing(struct film *film, int32_t id, float at, struct thing **ret_thing,
                      struct rw_error *err)
{
    *ret_thing = find_thing(film, id, at, SAME_PITCHES);
    if (*ret_thing != NULL) {
        (*ret_thing)->frame = film->frame;
        return true;
    }
    if (!rw_arena_grow(film->arena, &film->things, &film->room, film->count, sizeof *film->things,
                       FILM_THINGS_MAX, err))
        return false;
    *ret_thing = &film->things[film->count++];
    **ret_thing = (struct thing){ id, film->frame, film->stretch, at, { -1, -1 } };
    return true;
}

/* Beyond the outermost codes of a frame may lie a bag whose code cannot be read. */
static void look_beside(const struct film *film, const struct picture *picture,
                        const struct relief_strip *view, const struct film_sighting *sighting,
                        struct thing *thing)
{
    const float *axis = view->axis;
    struct picture_point symbol = { (float)picture->width / 2, (float)picture->height / 2 };
    float way = sighting->along_px - symbol.x * axis[0] - symbol.y * axis[1];
    symbol.x += way * axis[0];
    symbol.y += way * axis[1];
    for (int side = 0; side < 2; side++)
        if (thing->print[side] < 0 &&
            relief_has_neighbour(&film->last, view, symbol, side == 0 ? -1 : 1))
            thing->print[side] = film->frame;
}

bool film_step(struct film *film, const struct picture *picture, const struct relief_strip *view,
               const struct film_sighting *sightings, size_t count, struct rw_arena *arena,
               struct rw_error *err)
{
    bool known = true;

    if (view != NULL && !move(film, picture, view, arena, &known, err))
        return false;
    film->is_lost = film->is_lost || !known;
    film->breaks += !known;
    if (view != NULL && count > 0) {
        find_place(film, view, sightings, count);
        film->is_lost = false;
        watch_numbers(film, sightings, count);
        for (size_t i = 0; i < count; i++) {
            struct thing *thing = NULL;
            if (!add_thing(film, sightings[i].id, place_of(film, view, &sightings[i]), &thing, err))
                return false;
            look_beside(film, picture, view, &sightings[i], thing);
        }
    }
    film->frame++;
    return true;
}

static int by_place(const void *left, const void *right)
{
    const struct thing *first = left;
    const struct thing *second = right;
    if (first->stretch != second->stretch)
        return first->stretch < second->stretch ? -1 : 1;
    return (first->at > second->at) - (first->at < second->at);
}

static void add_to_row(struct film_row *row, int32_t bag, int32_t frame)
{
    if (row->count == SEQUENCE_SIGHTINGS_MAX)
        return; /* thrice the things that there can be: the rest is not seen, and so no pass */
    row->frames[row->count] = frame;
    row->sightings[row->count] =
        (struct sequence_sighting){ .frame = (int32_t)row->count, .bag = bag };
    row->count++;
}

/* Print before or behind a thing that stands at an end of the row; elsewhere it is no news. */
static void add_print(struct film_row *row, const struct thing *thing, int side)
{
    if (thing->id >= 0 && thing->print[side] >= 0)
        add_to_row(row, SEQUENCE_PRINT, thing->print[side]);
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
    for (size_t i = 0; film->travel < 0 && i < film->count; i++)
        things[i].stretch = -things[i].stretch; /* what came later lies before */
    qsort(things, film->count, sizeof *things, by_place);
    if (film->count > 0)
        add_print(&row, &things[0], 0);
    for (size_t i = 0; i < film->count; i++) {
        bool joined = i > 0 && things[i].stretch == things[i - 1].stretch;
        long room = joined ? lroundf(things[i].at - things[i - 1].at) - 1 : 0;
        for (; room > 0; room--)
            add_to_row(&row, SEQUENCE_UNREADABLE, (things[i - 1].frame + things[i].frame) / 2);
        if (i > 0 && !joined)
            add_to_row(&row, SEQUENCE_UNSEEN, things[i].frame);
        add_to_row(&row, things[i].id < 0 ? SEQUENCE_STRANGER : things[i].id, things[i].frame);
    }
    if (film->count > 0)
        add_print(&row, &things[film->count - 1], 1);
    *ret_row = row;
    return true;
}
