/* SPDX-License-Identifier: Apache-2.0 */
/* Reads every symbol of a picture. */
#include "verifier/reader.h"

#include <math.h>

#include "verifier/budget.h"
#include "verifier/corners.h"
#include "verifier/locate.h"
#include "verifier/reading.h"
#include "verifier/scene.h"
#include "verifier/whole.h"

#define SIDE_MIN 8         /* pixels of a picture that may hold a symbol */
#define SEARCH_MARGIN 1.4F /* of a candidate's side: what libdmtx may search */
#define SEARCH_PLACES 250  /* where libdmtx looks: four times as many found nothing more */
#define SEARCH_MS 250      /* and for how long it may compute: what it finds takes less */
#define HULL_PIXELS 250000 /* of a picture in which hulls are looked at */
#define STALE_MAX 48       /* places of a list in a row that read as nothing: the rest does too */
#define LEVELS 3           /* copies of a picture in which edges are looked for */
#define FULL_PART 0.1F     /* of a picture: symbols that cover more leave no room for others */

struct reader {
    struct decode *decode;
    struct reading_tools *tools;
    struct decode_text text;
};

/* The work on one picture. */
struct task {
    struct reader *reader;
    const struct picture *picture; /* the scene's, or its reverse: print is dark in it */
    const struct reader_limits *limits;
    struct rw_arena *arena;
    struct readings *readings;
    struct scene scene;
    struct reading_wish wish;
    struct budget budget;
};

bool reader_open(struct decode *decode, struct rw_arena *arena, struct reader **ret_reader,
                 struct rw_error *err)
{
    struct reader *reader = rw_arena_alloc(arena, sizeof *reader, err);

    if (reader == NULL)
        return false;
    reader->decode = decode;
    if (!reading_open(decode, arena, &reader->tools, err))
        return false;
    *ret_reader = reader;
    return true;
}

static bool is_wanted(const struct reader_limits *limits, int size)
{
    if (limits->sizes != NULL)
        return limits->sizes[size];
    return limits->small != READER_SMALL_NONE || !symbology_is_small(symbology_get(size));
}

static bool try_candidate(struct task *task, const struct picture_quad *quad, enum fit_source from,
                          struct rw_error *err)
{
    struct readings *readings = task->readings;
    const struct reading_place place = {
        .picture = task->picture,
        .quad = quad,
        .from = from,
        .inverted = task->scene.inverted != (task->picture == &task->scene.reverse),
    };
    bool found = false;

    readings->attempts++;
    if (readings->count == READER_READINGS_MAX)
        return true;
    if (!reading_make(task->reader->tools, &task->wish, &place, task->arena, &found,
                      &readings->readings[readings->count], err))
        return false;
    readings->count += found;
    return true;
}

/* Is the candidate's middle inside a symbol that was read, or that symbol's middle inside it? */
static bool is_read(const struct task *task, const struct picture_quad *quad)
{
    struct picture_point centre = grid_quad_centre(quad);
    for (size_t i = 0; i < task->readings->count; i++) {
        const struct picture_quad *read = &task->readings->readings[i].grid.quad;
        struct picture_point middle = grid_quad_centre(read);
        float near = (grid_quad_width(read) + grid_quad_height(read)) / 4;
        if (hypotf(centre.x - middle.x, centre.y - middle.y) < near)
            return true;
    }
    return false;
}

static bool has_budget(struct task *task)
{
    const struct reader_limits *limits = task->limits;
    int most = limits->attempts_max > 0 ? limits->attempts_max : READER_ATTEMPTS_MAX;

    if (task->readings->attempts < most && !budget_has_ended(&task->budget))
        return true;
    task->readings->cut_short = true;
    return false;
}

static bool try_list(struct task *task, const struct locate_list *list, enum fit_source from,
                     struct rw_error *err)
{
    size_t read = task->readings->count;
    int stale = 0;

    for (size_t i = 0; i < list->count && stale < STALE_MAX && has_budget(task); i++) {
        const struct locate_candidate *candidate = &list->candidates[i];
        if (is_read(task, &candidate->quad))
            continue;
        stale = task->readings->count > read ? 1 : stale + 1;
        read = task->readings->count;
        if (!scene_look(&task->scene, candidate->is_light, task->arena, &task->picture, err) ||
            !try_candidate(task, &candidate->quad, from, err))
            return false;
    }
    task->picture = &task->scene.picture;
    return true;
}

/* Do the symbols that were read leave no room for another? */
static bool is_full(const struct task *task)
{
    const struct picture *picture = task->picture;
    float covered = 0;

    for (size_t i = 0; i < task->readings->count; i++) {
        const struct picture_quad *quad = &task->readings->readings[i].grid.quad;
        covered += grid_quad_width(quad) * grid_quad_height(quad);
    }
    return covered > FULL_PART * (float)picture->width * (float)picture->height;
}

/* Dark blobs, where edges did not show enough. */
static bool try_blobs(struct task *task, struct locate_list *ret_list, struct rw_error *err)
{
    if ((!task->limits->thorough && task->readings->count > 0) || is_full(task) ||
        !has_budget(task))
        return true;
    return locate_blobs(&task->scene.levels, task->arena, ret_list, err) &&
           try_list(task, ret_list, FIT_OUTLINE, err);
}

/* The two long edges of an L, of dark or of light print: the source that finds most, and needs no
 * quiet zone. A picture turned light for dark has the same edges; only its margin is another. In a
 * smaller copy fine patterns have none, which may leave no room for those of a symbol. */
static bool try_corners(struct task *task, struct rw_error *err)
{
    struct locate_list list = { 0 };
    bool is_known = task->scene.inverted && task->scene.margin <= 0;

    for (int level = 0; level < task->scene.levels.count && level < LEVELS; level++) {
        if (is_known || is_full(task) ||
            (level > 0 && task->readings->count > 0 && !list.is_part) || !has_budget(task))
            return true;
        if (!corners_find(&task->scene.levels, level, task->arena, &list, err) ||
            !try_list(task, &list, FIT_EDGES, err))
            return false;
    }
    return true;
}

/* The hulls of what is dark, in a picture of which that is soon told. */
static bool try_hulls(struct task *task, struct rw_error *err)
{
    struct locate_list list;

    if (task->picture->height > HULL_PIXELS / task->picture->width || !has_budget(task))
        return true;
    return corners_of_hulls(task->picture, task->arena, &list, err) &&
           try_list(task, &list, FIT_EDGES, err);
}

/* Where nothing was read, libdmtx may see the symbol's place; its modules are read as always. */
static bool try_search(struct task *task, const struct locate_list *list, struct rw_error *err)
{
    struct decode_text *text = &task->reader->text;
    struct picture crop;

    if (task->readings->count > 0 || list->count == 0 || task->scene.inverted ||
        !has_budget(task) ||
        !scene_crop(&task->scene, &list->candidates[0].quad, SEARCH_MARGIN, &crop) ||
        decode_search(task->reader->decode, &crop, SEARCH_PLACES,
                      budget_left_ms(&task->budget, SEARCH_MS), text) != DECODE_TEXT)
        return true;
    struct picture_quad quad = text->quad;
    ptrdiff_t offset = crop.pixels - task->picture->pixels;
    for (int k = 0; k < 4; k++) {
        quad.corner[k].x += (float)(offset % crop.stride);
        quad.corner[k].y += (float)(offset / crop.stride);
    }
    return try_candidate(task, &quad, FIT_OUTLINE, err);
}

/* All the ink of the picture, where nothing was read. */
static bool try_whole(struct task *task, struct rw_error *err)
{
    struct whole whole = { .count = 0 };

    if (!task->limits->thorough || task->readings->count > 0 || !has_budget(task))
        return true;
    bool is_done = whole_find(&task->scene.picture, task->arena, &whole, err);
    task->picture = &whole.framed;
    for (int i = 0; i < whole.count && is_done && task->readings->count == 0 && has_budget(task);
         i++) {
        if (locate_may_be(task->picture, &whole.quads[i], &locate_edges))
            is_done = try_candidate(task, &whole.quads[i], FIT_OUTLINE, err);
    }
    task->picture = &task->scene.picture;
    for (size_t i = 0; i < task->readings->count; i++) {
        struct grid *grid = &task->readings->readings[i].grid;
        grid->quad = whole_given_quad(&whole, &grid->quad);
    }
    return is_done;
}

/* All sources on the picture as it is, or turned light for dark. */
static bool read_scene(struct task *task, const struct picture *picture, bool inverted,
                       struct rw_error *err)
{
    struct locate_list list = { 0 };

    if (!scene_make(picture, inverted, &task->budget, task->arena, &task->scene, err))
        return false;
    task->picture = &task->scene.picture;
    if (!try_hulls(task, err) || !try_corners(task, err) || !try_whole(task, err) ||
        !try_blobs(task, &list, err) || !try_search(task, &list, err))
        return false;
    for (size_t i = 0; i < task->readings->count; i++) {
        struct grid *grid = &task->readings->readings[i].grid;
        grid->quad = scene_given_quad(&task->scene, &grid->quad);
    }
    return true;
}

bool reader_read(struct reader *reader, const struct picture *picture,
                 const struct reader_limits *limits, struct rw_arena *arena,
                 struct readings *ret_readings, struct rw_error *err)
{
    struct readings readings = { 0 };
    struct task task = { .reader = reader,
                         .limits = limits,
                         .arena = arena,
                         .readings = &readings,
                         .wish = { .is_sure = limits->small == READER_SMALL_SURE } };

    readings.readings = rw_arena_array(arena, READER_READINGS_MAX, sizeof *readings.readings, err);
    if (readings.readings == NULL)
        return false;
    if (picture->width < SIDE_MIN || picture->height < SIDE_MIN) {
        *ret_readings = readings;
        return true;
    }
    for (int size = 0; size < SYMBOLOGY_COUNT; size++)
        task.wish.sizes[size] = is_wanted(limits, size);
    task.budget = budget_make(limits->clock, limits->budget_ms);
    if (!read_scene(&task, picture, false, err) ||
        (readings.count == 0 && has_budget(&task) && !read_scene(&task, picture, true, err)))
        return false;
    readings.cut_short = readings.cut_short || task.budget.has_ended;
    *ret_readings = readings;
    return true;
}
