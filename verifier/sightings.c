/* SPDX-License-Identifier: Apache-2.0 */
/* Collects which symbol was seen where, and judges their order. */
#include "verifier/sightings.h"

#include <math.h>

#include "verifier/along.h"
#include "verifier/grid.h"

#define ROOM_MAX 8          /* bags between two symbols of one picture */
#define ASIDE_PITCHES 0.35F /* symbols of one strip lie no further aside from each other */

bool sightings_open(struct rw_arena *arena, bool moving, struct sightings *ret_sightings,
                    struct rw_error *err)
{
    struct sightings sightings = { .arena = arena, .axis = { 0, 1 } };
    if (moving && !film_open(arena, &sightings.film, err))
        return false;
    *ret_sightings = sightings;
    return true;
}

/* Which way a symbol points: up along its left side (corner 3), or along its foot (corner 1). */
static struct picture_point way_of(const struct picture_quad *symbol, int corner)
{
    float x = symbol->corner[corner].x - symbol->corner[0].x;
    float y = symbol->corner[corner].y - symbol->corner[0].y;
    float length = hypotf(x, y);
    return (struct picture_point){ x / length, y / length };
}

/* How many more symbols point this way than the other. */
static int count_ways(const struct readings *readings, int corner, struct picture_point way)
{
    int lead = 0;
    for (size_t i = 0; i < readings->count; i++) {
        struct picture_point other = way_of(&readings->readings[i].grid.quad, corner);
        lead += other.x * way.x + other.y * way.y > 0 ? 1 : -1;
    }
    return lead;
}

/* Where no frame before told the way, those that were laid by chance are laid as this one. */
static void settle_way(struct sightings *sightings, bool turned)
{
    for (size_t i = 0; turned && !sightings->knows_way && i < sightings->count; i++)
        sightings->list[i].along = -sightings->list[i].along;
    sightings->knows_way = true;
}

/* Most labels of a frame tell the way of the film; where as many point the other way, the frames
 * beside it do. */
static void take_way(struct sightings *sightings, struct picture_point way, int lead)
{
    float last = sightings->way[0] * way.x + sightings->way[1] * way.y;
    if (lead < 0 || (lead == 0 && last < 0)) {
        way = (struct picture_point){ -way.x, -way.y };
        last = -last;
    }
    if (lead != 0)
        settle_way(sightings, last < 0);
    sightings->axis[0] = sightings->way[0] = way.x;
    sightings->axis[1] = sightings->way[1] = way.y;
}

/* How far along the film a symbol lies: up the label, or across it where the film runs so. */
static void order_axis(struct sightings *sightings, const struct readings *readings)
{
    sightings->axis[0] = 0;
    sightings->axis[1] = 1;
    sightings->is_up = false;
    if (readings->count < 2)
        return;
    const struct picture_quad *first = &readings->readings[0].grid.quad;
    struct picture_point from = grid_quad_centre(first);
    struct picture_point to = grid_quad_centre(&readings->readings[1].grid.quad);
    struct picture_point up = way_of(first, 3);
    float along = (to.x - from.x) * up.x + (to.y - from.y) * up.y;
    sightings->is_up = fabsf(along) > 0.7F * hypotf(to.x - from.x, to.y - from.y);
    int corner = sightings->is_up ? 3 : 1;
    struct picture_point way = way_of(first, corner);
    take_way(sightings, way, count_ways(readings, corner, way));
}

void sightings_begin(struct sightings *sightings, const struct readings *readings)
{
    sightings->now_count = 0;
    if (sightings->film == NULL) {
        order_axis(sightings, readings);
    } else if (readings->count > 0 && sightings->pitch_px <= 0) {
        /* The camera stands still: down the label is down the film in every frame. */
        const struct picture_point *corner = readings->readings[0].grid.quad.corner;
        float x = corner[0].x - corner[3].x;
        float y = corner[0].y - corner[3].y;
        sightings->axis[0] = x / hypotf(x, y);
        sightings->axis[1] = y / hypotf(x, y);
    }
}

static bool add_still(struct sightings *sightings, int32_t bag, float along, bool part,
                      struct rw_error *err)
{
    if (!rw_arena_grow(sightings->arena, &sightings->list, &sightings->room, sightings->count,
                       sizeof *sightings->list, SEQUENCE_SIGHTINGS_MAX, err))
        return false;
    sightings->list[sightings->count++] = (struct sequence_sighting){
        .frame = sightings->frame, .bag = bag, .along = along, .part = part
    };
    return true;
}

bool sightings_add(struct sightings *sightings, int32_t id, const struct picture_quad *symbol,
                   bool whole, struct rw_error *err)
{
    struct picture_point centre = grid_quad_centre(symbol);
    float along = centre.x * sightings->axis[0] + centre.y * sightings->axis[1];

    if (sightings->film != NULL) {
        if (sightings->pitch_per_symbol > 0)
            sightings->pitch_px = sightings->pitch_per_symbol * grid_quad_height(symbol);
        if (sightings->now_count < READER_READINGS_MAX)
            sightings->now[sightings->now_count++] = (struct film_sighting){ id, along };
        return true;
    }
    if (!add_still(sightings, id < 0 ? SEQUENCE_STRANGER : id, along, !whole, err))
        return false;
    if (sightings->now_count < READER_READINGS_MAX)
        sightings->places[sightings->now_count++] = (struct sightings_place){
            .id = id,
            .along = along,
            .across = centre.x * sightings->axis[1] - centre.y * sightings->axis[0],
            .height = grid_quad_height(symbol),
            .centre = centre,
            .down = { (symbol->corner[0].x - symbol->corner[3].x) / grid_quad_height(symbol),
                      (symbol->corner[0].y - symbol->corner[3].y) / grid_quad_height(symbol) },
        };
    return true;
}

/* The next symbol along the film, in the same strip; NULL = none. */
static const struct sightings_place *neighbour_of(const struct sightings *sightings,
                                                  const struct sightings_place *place,
                                                  float pitch_px)
{
    const struct sightings_place *best = NULL;
    for (size_t i = 0; i < sightings->now_count; i++) {
        const struct sightings_place *other = &sightings->places[i];
        if (other->along > place->along && (best == NULL || other->along < best->along) &&
            fabsf(other->across - place->across) < ASIDE_PITCHES * pitch_px)
            best = other;
    }
    return best;
}

/* Is it new that these two have room between them? Frames that overlap show it again. */
static bool add_roomy(struct sightings *sightings, int32_t one, int32_t other, bool *ret_new,
                      struct rw_error *err)
{
    const int32_t pair[2] = { one < other ? one : other, one < other ? other : one };
    *ret_new = false;
    for (size_t i = 0; i < sightings->roomy_count; i++)
        if (sightings->roomy[i][0] == pair[0] && sightings->roomy[i][1] == pair[1])
            return true;
    if (!rw_arena_grow(sightings->arena, &sightings->roomy, &sightings->roomy_room,
                       sightings->roomy_count, sizeof *sightings->roomy, SEQUENCE_SIGHTINGS_MAX,
                       err))
        return false;
    sightings->roomy[sightings->roomy_count][0] = pair[0];
    sightings->roomy[sightings->roomy_count++][1] = pair[1];
    *ret_new = true;
    return true;
}

/* Where a still has room for bags between two symbols, there are bags that cannot be read. */
static bool add_rooms(struct sightings *sightings, struct rw_error *err)
{
    for (size_t i = 0; sightings->is_up && i < sightings->now_count; i++) {
        const struct sightings_place *place = &sightings->places[i];
        float pitch_px = sightings->pitch_per_symbol * place->height;
        const struct sightings_place *next = neighbour_of(sightings, place, pitch_px);
        if (pitch_px <= 0 || next == NULL)
            continue;
        pitch_px = sightings->pitch_per_symbol * (place->height + next->height) / 2;
        float apart = next->along - place->along;
        long room = lroundf(fminf(apart / pitch_px, ROOM_MAX + 1)) - 1;
        bool is_new = false;
        if (room > 0 && !add_roomy(sightings, place->id, next->id, &is_new, err))
            return false;
        for (long k = 1; is_new && k <= room; k++) {
            float along = place->along + apart * (float)k / (float)(room + 1);
            if (!add_still(sightings, SEQUENCE_UNREADABLE, along, false, err))
                return false;
        }
    }
    return true;
}

/* Is the place of another symbol in the picture, and was none read there? */
static bool is_open(const struct sightings *sightings, const struct picture *picture,
                    struct picture_point at, float near, float *ret_along)
{
    *ret_along = at.x * sightings->axis[0] + at.y * sightings->axis[1];
    for (size_t i = 0; i < sightings->now_count; i++)
        if (fabsf(sightings->places[i].along - *ret_along) < near)
            return false;
    return at.x >= 0 && at.y >= 0 && at.x < (float)picture->width && at.y < (float)picture->height;
}

/* Is there print where the bag before (step -1) or behind (step 1) one that was read must lie, and
 * no code of it was read? */
static bool add_print(struct sightings *sightings, const struct picture *picture,
                      const struct sightings_place *place, int step, struct rw_arena *arena,
                      struct rw_error *err)
{
    float pitch_px = sightings->pitch_per_symbol * place->height;
    const struct relief_strip strip = { { place->down[0], place->down[1] },
                                        pitch_px,
                                        sightings->above_part * pitch_px };
    const struct picture_point next = {
        place->centre.x + (float)step * pitch_px * place->down[0],
        place->centre.y + (float)step * pitch_px * place->down[1],
    };
    struct relief relief;
    float along = 0;
    if (pitch_px <= 0 || !is_open(sightings, picture, next, pitch_px / 2, &along))
        return true;
    if (!relief_make(picture, place->down, arena, &relief, err))
        return false;
    return !relief_has_neighbour(&relief, &strip, place->centre, step) ||
           add_still(sightings, SEQUENCE_PRINT, along, false, err);
}

static bool add_prints(struct sightings *sightings, const struct picture *picture,
                       struct rw_arena *arena, struct rw_error *err)
{
    size_t planned = 0;
    for (size_t i = 0; i < sightings->now_count; i++) {
        const struct sightings_place *place = &sightings->places[i];
        planned += place->id >= 0;
        for (int step = -1; place->id >= 0 && step <= 1; step += 2)
            if (!add_print(sightings, picture, place, step, arena, err))
                return false;
    }
    sightings->shows_way = sightings->shows_way || planned > 1;
    return true;
}

/* A bag of the roll beside others that points another way than most of them does not lie as
 * planned. Where as many point either way, which of them do is not known. */
static void mark_turned(struct sightings *sightings)
{
    struct sequence_sighting *list = &sightings->list[sightings->count - sightings->now_count];
    for (size_t i = 0; i < sightings->now_count; i++) {
        const struct sightings_place *place = &sightings->places[i];
        int lead = 0;
        for (size_t k = 0; k < sightings->now_count; k++) {
            const struct sightings_place *other = &sightings->places[k];
            float alike = place->down[0] * other->down[0] + place->down[1] * other->down[1];
            lead += other->id < 0 ? 0 : alike > 0 ? 1 : -1;
        }
        list[i].turned = place->id >= 0 && lead <= 0;
    }
}

bool sightings_end(struct sightings *sightings, const struct picture *picture,
                   struct rw_arena *arena, struct rw_error *err)
{
    const struct relief_strip view = { { sightings->axis[0], sightings->axis[1] },
                                       sightings->pitch_px,
                                       sightings->above_part * sightings->pitch_px };
    bool done = true;
    if (sightings->film != NULL)
        done = film_step(sightings->film, picture, sightings->pitch_px > 0 ? &view : NULL,
                         sightings->now, sightings->now_count, arena, err);
    else if (sightings->now_count == 0) /* a still without a symbol is a bag that cannot be read */
        done = add_still(sightings, SEQUENCE_UNREADABLE, 0, false, err);
    else {
        mark_turned(sightings);
        done = add_rooms(sightings, err) && add_prints(sightings, picture, arena, err);
    }
    sightings->frame++;
    return done;
}

void sightings_lose(struct sightings *sightings)
{
    if (sightings->film != NULL)
        film_lose(sightings->film);
}

/* Where no still shows two bags, what lies above a bag may lie before it or behind it. */
static void drop_prints(struct sightings *sightings)
{
    size_t kept = 0;
    for (size_t i = 0; i < sightings->count; i++)
        if (sightings->list[i].bag != SEQUENCE_PRINT)
            sightings->list[kept++] = sightings->list[i];
    sightings->count = kept;
}

bool sightings_check(struct sightings *sightings, size_t bag_count,
                     struct sequence_finding *ret_findings, struct rw_error *err)
{
    struct film_row row;
    if (!sightings->shows_way)
        drop_prints(sightings);
    along_sort(sightings->list, sightings->count);
    if (sightings->film == NULL)
        return sequence_check(sightings->list, sightings->count, bag_count, sightings->arena,
                              ret_findings, err);
    if (!film_row(sightings->film, sightings->arena, &row, err) ||
        !sequence_check(row.sightings, row.count, bag_count, sightings->arena, ret_findings, err))
        return false;
    for (size_t i = 0; i < bag_count; i++)
        if (ret_findings[i].frame >= 0)
            ret_findings[i].frame = row.frames[ret_findings[i].frame];
    return true;
}
