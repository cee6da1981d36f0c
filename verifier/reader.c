/* SPDX-License-Identifier: Apache-2.0 */
/* Reads every symbol of a picture. */
#include "verifier/reader.h"

#include <math.h>
#include <string.h>

#include "verifier/corners.h"
#include "verifier/fit.h"
#include "verifier/locate.h"
#include "verifier/modules.h"
#include "verifier/pattern.h"
#include "verifier/scene.h"
#include "verifier/whole.h"

#define SIDE_MIN 8       /* pixels of a picture that may hold a symbol */
#define WIDE_MIN 0.68F   /* after the widest moves; below, smaller ones will not help … */
#define WIDE_SURE 0.75F  /* … nor make a small symbol sure */
#define REFINED_MIN 0.7F /* measured: the least of any symbol that was read is 0.75 */
#define SURE 0.8F        /* above, every way is tried */
#define WAYS_UNSURE 2    /* ways tried between the two */
#define WAYS_CLOCK 3     /* and where modules of uneven width are looked for */
#define BEHIND_MAX 0.2F  /* and how far they may lie behind the best */
/* Check words that must be left over, a guard against chance: of random modules, one in 10^11 and
 * fewer would pass for a 14x14 or a larger symbol, and one in 10^4 for a small one. */
#define UNUSED_MIN 2
#define UNUSED_SMALL_MIN 4
/* Likeness of a frame above which a small symbol is sure. Measured on 900 pictures: of 56 small
 * ones that were read, each has 0.92 or more; what chance made of other things has 0.90 at most. */
#define SMALL_SURE 0.9F
#define FRAME_MIN 0.72F    /* modules of the frame that must be right */
#define SEARCH_MARGIN 1.4F /* of a candidate's side: what libdmtx may search */
#define SEARCH_PLACES 1000 /* where libdmtx looks: 2 to 15 ms where there is nothing to find */
#define SEARCH_MS 250      /* and its ceiling on a machine with much else to do */
#define MIRRORED_MIN 0.75F /* likeness of a frame that is worth a look from behind */
#define HULL_PIXELS 250000 /* of a picture in which hulls are looked at */
#define LEVELS 2           /* copies of a picture in which edges are looked for */
#define FULL_PART 0.1F     /* of a picture: symbols that cover more leave no room for others */

struct reader {
    struct decode *decode;
    struct pattern patterns[SYMBOLOGY_COUNT];
    struct codewords_layout layouts[SYMBOLOGY_COUNT];
    struct wave_table *waves;
    struct modules modules;
    struct clock clock;
    struct codewords codewords;
    struct decode_text text;
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
};

/* The work on one picture. */
struct task {
    struct reader *reader;
    const struct picture *picture; /* the scene's, or its reverse: print is dark in it */
    const struct reader_limits *limits;
    struct rw_arena *arena;
    struct readings *readings;
    struct scene scene;
    struct fit fit;
    int64_t started_ms;
};

bool reader_open(struct decode *decode, struct rw_arena *arena, struct reader **ret_reader,
                 struct rw_error *err)
{
    struct reader *reader = rw_arena_alloc(arena, sizeof *reader, err);

    if (reader == NULL)
        return false;
    reader->decode = decode;
    for (int i = 0; i < SYMBOLOGY_COUNT; i++)
        if (!pattern_make(symbology_get(i), arena, &reader->patterns[i], err) ||
            !codewords_lay_out(symbology_get(i), arena, &reader->layouts[i], err))
            return false;
    if (!wave_open(arena, &reader->waves, err))
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

/* Asks the worker what the corrected codewords say and keeps the answer. */
static bool add_reading(struct task *task, const struct grid *grid, struct rw_error *err)
{
    struct reader *reader = task->reader;
    const struct codewords_layout *layout = &reader->layouts[grid->size];
    struct readings *readings = task->readings;

    if (readings->count == READER_READINGS_MAX)
        return true;
    if (decode_words(reader->decode, layout, reader->codewords.words, &reader->text) != DECODE_TEXT)
        return true;
    const struct message *message = &reader->text.message;
    size_t word_count = (size_t)(layout->size->data_words + layout->size->check_words);
    uint8_t *bytes = rw_arena_alloc(task->arena, message->length, err);
    uint8_t *words = rw_arena_alloc(task->arena, word_count, err);
    if (bytes == NULL || words == NULL)
        return false;
    memcpy(bytes, message->bytes, message->length);
    memcpy(words, reader->codewords.words, word_count);
    readings->readings[readings->count++] = (struct reading){
        .grid = *grid,
        .inverted = task->scene.inverted != (task->picture == &task->scene.reverse),
        .gs1 = message->gs1,
        .bytes = bytes,
        .length = message->length,
        .words = words,
        .errors = reader->codewords.errors,
        .unused = reader->codewords.unused,
    };
    return true;
}

/* Would only a clear frame make it a symbol? */
static bool is_to_be_sure(const struct task *task, const struct grid *grid)
{
    return task->limits->small == READER_SMALL_SURE &&
           symbology_is_small(symbology_get(grid->size));
}

/* Tries the ways of calling modules dark until one gives codewords that mend. */
static bool read_modules(struct task *task, const struct grid *grid, int ways)
{
    struct reader *reader = task->reader;
    bool small = symbology_is_small(symbology_get(grid->size));

    for (int way = 0; way < ways; way++) {
        modules_threshold(&reader->modules, &modules_ways[way], reader->dark);
        if (modules_frame_likeness(symbology_get(grid->size), reader->dark) < FRAME_MIN)
            continue;
        if (codewords_read(&reader->layouts[grid->size], reader->dark, &reader->codewords) &&
            reader->codewords.unused >= (small ? UNUSED_SMALL_MIN : UNUSED_MIN))
            return true;
    }
    return false;
}

static bool read_flat(struct task *task, const struct grid *grid)
{
    struct modules_mesh mesh;
    int ways = grid->score >= SURE ? modules_way_count : WAYS_UNSURE;

    modules_sample(task->picture, grid, NULL, &task->reader->modules);
    if (read_modules(task, grid, ways))
        return true;
    modules_fit_mesh(task->picture, grid, &mesh);
    modules_sample(task->picture, grid, &mesh, &task->reader->modules);
    return read_modules(task, grid, ways);
}

/* Modules of uneven width lie where their clocks say. */
static bool read_clock(struct task *task, const struct grid *grid)
{
    if (!clock_follow(task->picture, grid, &task->reader->clock))
        return false;
    modules_sample_clock(task->picture, grid, &task->reader->clock, &task->reader->modules);
    return read_modules(task, grid, WAYS_CLOCK);
}

/* The grid that fits best is an even one; the edges that were seen may be nearer to the truth. */
static bool read_uneven(struct task *task, struct grid *grid, const struct picture_quad *seen)
{
    const struct grid as_seen = { .quad = *seen, .size = grid->size, .score = grid->score };

    if (grid->score < SURE)
        return false;
    if (read_clock(task, grid))
        return true;
    if (!read_clock(task, &as_seen))
        return false;
    *grid = as_seen;
    return true;
}

/* A symbol seen from behind, through film or in a mirror, has the frame of one seen from before. */
static bool read_grid(struct task *task, struct grid *grid, const struct picture_quad *seen)
{
    const struct symbology *size = symbology_get(grid->size);
    if (read_flat(task, grid) || read_uneven(task, grid, seen))
        return true;
    if (size->rows != size->cols || grid->score < MIRRORED_MIN)
        return false;
    grid->quad = grid_quad_mirrored(&grid->quad);
    modules_sample(task->picture, grid, NULL, &task->reader->modules);
    return read_modules(task, grid, 1);
}

static bool try_candidate(struct task *task, const struct picture_quad *quad, enum fit_source from,
                          struct rw_error *err)
{
    struct grid kept[FIT_KEPT_MAX];
    task->fit.picture = task->picture;
    int count = fit_place(&task->fit, quad, from, kept);
    float least = count > 0 ? kept[0].score - BEHIND_MAX : 0;

    for (int i = 0; i < count; i++) {
        struct grid *grid = &kept[i];
        if (grid->score < least)
            break;
        bool sure = is_to_be_sure(task, grid);
        pattern_refine(task->picture, &task->reader->patterns[grid->size],
                       sure ? WIDE_SURE : WIDE_MIN, grid);
        if (grid->score >= (sure ? SMALL_SURE : REFINED_MIN) && read_grid(task, grid, quad))
            return add_reading(task, grid, err);
    }
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
    bool time_left = limits->budget_ms <= 0 || limits->clock == NULL ||
                     rw_clock_monotonic_ms(limits->clock) - task->started_ms < limits->budget_ms;

    if (task->readings->attempts < most && time_left)
        return true;
    task->readings->cut_short = true;
    return false;
}

static bool try_list(struct task *task, const struct locate_list *list, enum fit_source from,
                     struct rw_error *err)
{
    for (size_t i = 0; i < list->count && has_budget(task); i++) {
        const struct locate_candidate *candidate = &list->candidates[i];
        if (is_read(task, &candidate->quad))
            continue;
        task->readings->attempts++;
        if (!scene_look(&task->scene, candidate->is_light, task->arena, &task->picture, err) ||
            !try_candidate(task, &candidate->quad, from, err))
            return false;
    }
    task->picture = &task->scene.picture;
    return true;
}

/* Dark blobs, where edges did not show enough. */
static bool try_blobs(struct task *task, struct locate_list *ret_list, struct rw_error *err)
{
    if ((!task->limits->thorough && task->readings->count > 0) || !has_budget(task))
        return true;
    return locate_blobs(&task->scene.levels, task->fit.module_px, task->arena, ret_list, err) &&
           try_list(task, ret_list, FIT_OUTLINE, err);
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

/* The two long edges of an L, of dark or of light print: the source that finds most, and needs no
 * quiet zone. A picture turned light for dark has the same edges; only its margin is another. */
static bool try_corners(struct task *task, struct rw_error *err)
{
    struct locate_list list;
    bool is_known = task->scene.inverted && task->scene.margin <= 0;

    for (int level = 0; level < task->scene.levels.count && level < LEVELS; level++) {
        if (is_known || is_full(task) || (level > 0 && task->readings->count > 0) ||
            !has_budget(task))
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
        decode_search(task->reader->decode, &crop, SEARCH_PLACES, SEARCH_MS, text) != DECODE_TEXT)
        return true;
    struct picture_quad quad = text->quad;
    ptrdiff_t offset = crop.pixels - task->picture->pixels;
    for (int k = 0; k < 4; k++) {
        quad.corner[k].x += (float)(offset % crop.stride);
        quad.corner[k].y += (float)(offset / crop.stride);
    }
    task->readings->attempts++;
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
        task->readings->attempts++;
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

    if (!scene_make(picture, inverted, task->arena, &task->scene, err))
        return false;
    task->picture = &task->scene.picture;
    task->fit.module_px = task->limits->module_px * task->scene.scale;
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
                         .fit = { .patterns = reader->patterns, .waves = reader->waves } };

    readings.readings = rw_arena_array(arena, READER_READINGS_MAX, sizeof *readings.readings, err);
    if (readings.readings == NULL)
        return false;
    if (picture->width < SIDE_MIN || picture->height < SIDE_MIN) {
        *ret_readings = readings;
        return true;
    }
    for (int size = 0; size < SYMBOLOGY_COUNT; size++)
        task.fit.sizes[size] = is_wanted(limits, size);
    if (limits->budget_ms > 0 && limits->clock != NULL)
        task.started_ms = rw_clock_monotonic_ms(limits->clock);
    if (!read_scene(&task, picture, false, err) ||
        (readings.count == 0 && !read_scene(&task, picture, true, err)))
        return false;
    *ret_readings = readings;
    return true;
}
