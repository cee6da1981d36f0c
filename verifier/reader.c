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

#define SIDE_MIN 16        /* pixels of a picture that may hold a symbol */
#define WIDE_MIN 0.6F      /* after the widest moves; below, smaller ones will not help */
#define REFINED_MIN 0.7F   /* measured: the least of any symbol that was read is 0.86 */
#define SURE 0.8F          /* above, every way is tried */
#define WAYS_UNSURE 2      /* ways tried between the two */
#define BEHIND_MAX 0.2F    /* and how far they may lie behind the best */
#define UNUSED_MIN 4       /* check words that must be left over: a guard against chance */
#define FRAME_MIN 0.72F    /* modules of the frame that must be right */
#define SEARCH_MARGIN 1.4F /* of a candidate's side: what libdmtx may search */
#define SEARCHES_MAX 2
#define SEARCH_MS 50

struct reader {
    struct decode *decode;
    struct pattern patterns[SYMBOLOGY_COUNT];
    struct codewords_layout layouts[SYMBOLOGY_COUNT];
    struct modules modules;
    struct codewords codewords;
    struct decode_text text;
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
};

/* The work on one picture. */
struct task {
    struct reader *reader;
    const struct picture *picture;
    const struct reader_limits *limits;
    struct rw_arena *arena;
    struct readings *readings;
    struct locate_levels levels;
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
    *ret_reader = reader;
    return true;
}

static bool is_wanted(const struct reader_limits *limits, int size)
{
    if (limits->sizes != NULL)
        return limits->sizes[size];
    return limits->small || !symbology_is_small(symbology_get(size));
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
    size_t word_count = (size_t)(layout->size->data_words + layout->size->check_words);
    uint8_t *bytes = rw_arena_alloc(task->arena, reader->text.length, err);
    uint8_t *words = rw_arena_alloc(task->arena, word_count, err);
    if (bytes == NULL || words == NULL)
        return false;
    memcpy(bytes, reader->text.bytes, reader->text.length);
    memcpy(words, reader->codewords.words, word_count);
    readings->readings[readings->count++] = (struct reading){
        .grid = *grid,
        .gs1 = reader->text.gs1,
        .bytes = bytes,
        .length = reader->text.length,
        .words = words,
        .errors = reader->codewords.errors,
        .unused = reader->codewords.unused,
    };
    return true;
}

/* Tries the ways of calling modules dark until one gives codewords that mend. */
static bool read_modules(struct task *task, const struct grid *grid, int ways)
{
    struct reader *reader = task->reader;

    for (int way = 0; way < ways; way++) {
        modules_threshold(&reader->modules, &modules_ways[way], reader->dark);
        if (modules_frame_likeness(symbology_get(grid->size), reader->dark) < FRAME_MIN)
            continue;
        if (codewords_read(&reader->layouts[grid->size], reader->dark, &reader->codewords) &&
            reader->codewords.unused >= UNUSED_MIN)
            return true;
    }
    return false;
}

static bool read_grid(struct task *task, const struct grid *grid)
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

static bool try_candidate(struct task *task, const struct picture_quad *quad, struct rw_error *err)
{
    struct grid kept[FIT_KEPT_MAX];
    int count = fit_place(&task->fit, quad, kept);

    for (int i = 0; i < count; i++) {
        struct grid *grid = &kept[i];
        if (grid->score < kept[0].score - BEHIND_MAX)
            break;
        pattern_refine(task->picture, &task->reader->patterns[grid->size], WIDE_MIN, grid);
        if (grid->score >= REFINED_MIN && read_grid(task, grid))
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

static bool try_list(struct task *task, const struct locate_list *list, struct rw_error *err)
{
    for (size_t i = 0; i < list->count && has_budget(task); i++) {
        if (is_read(task, &list->candidates[i].quad))
            continue;
        task->readings->attempts++;
        if (!try_candidate(task, &list->candidates[i].quad, err))
            return false;
    }
    return true;
}

/* Where the module is known from earlier pictures, only such symbols; if there are none, any. */
static bool try_blobs(struct task *task, struct locate_list *ret_list, struct rw_error *err)
{
    task->fit.module_px = task->limits->module_px;
    if (!locate_blobs(&task->levels, task->fit.module_px, task->arena, ret_list, err) ||
        !try_list(task, ret_list, err))
        return false;
    if (task->fit.module_px <= 0 || task->readings->count > 0)
        return true;
    task->fit.module_px = 0;
    return locate_blobs(&task->levels, 0, task->arena, ret_list, err) &&
           try_list(task, ret_list, err);
}

/* Looks for more symbols like those that were read: same sizes, same module. */
static bool try_texture(struct task *task, struct rw_error *err)
{
    bool seen[SYMBOLOGY_COUNT] = { false };
    float module = task->limits->module_px;

    for (size_t i = 0; i < task->readings->count; i++) {
        seen[task->readings->readings[i].grid.size] = true;
        module = grid_module_px(&task->readings->readings[i].grid);
    }
    if (module <= 0)
        return true;
    task->fit.module_px = module;
    for (int size = 0; size < SYMBOLOGY_COUNT && has_budget(task); size++) {
        const struct symbology *symbology = symbology_get(size);
        struct locate_list list;
        if (!seen[size] || symbology->rows != symbology->cols)
            continue;
        if (!locate_texture(&task->levels, module * (float)symbology->rows, task->arena, &list,
                            err) ||
            !try_list(task, &list, err))
            return false;
    }
    return true;
}

/* Symbols without a quiet zone; asks more time than the other sources. */
static bool try_corners(struct task *task, struct rw_error *err)
{
    struct locate_list list;

    if ((!task->limits->thorough && task->readings->count > 0) || !has_budget(task))
        return true;
    return corners_find(&task->levels, task->arena, &list, err) && try_list(task, &list, err);
}

/* The surroundings of a candidate as a picture that libdmtx may search; false = too large. */
static bool crop_around(const struct picture *picture, const struct picture_quad *quad,
                        struct picture *ret_crop)
{
    struct picture_point centre = grid_quad_centre(quad);
    float half = SEARCH_MARGIN * fmaxf(grid_quad_width(quad), grid_quad_height(quad)) / 2;
    int left = (int)fmaxf(centre.x - half, 0);
    int top = (int)fmaxf(centre.y - half, 0);
    int right = (int)fminf(centre.x + half, (float)picture->width);
    int bottom = (int)fminf(centre.y + half, (float)picture->height);

    *ret_crop = *picture;
    ret_crop->pixels = picture->pixels + (ptrdiff_t)top * picture->stride + left;
    ret_crop->width = right - left;
    ret_crop->height = bottom - top;
    return right > left && bottom > top && ret_crop->height <= DECODE_PIXELS_MAX / ret_crop->width;
}

/* Where nothing was read, libdmtx may see the symbol's place; its modules are read as always. */
static bool try_search(struct task *task, const struct locate_list *list, struct rw_error *err)
{
    for (size_t i = 0; i < list->count && i < SEARCHES_MAX; i++) {
        struct decode_text *text = &task->reader->text;
        struct picture crop;
        if (task->readings->count > 0 || !has_budget(task))
            return true;
        if (!crop_around(task->picture, &list->candidates[i].quad, &crop) ||
            decode_search(task->reader->decode, &crop, SEARCH_MS, text) != DECODE_TEXT)
            continue;
        struct picture_quad quad = text->quad;
        ptrdiff_t offset = crop.pixels - task->picture->pixels;
        for (int k = 0; k < 4; k++) {
            quad.corner[k].x += (float)(offset % crop.stride);
            quad.corner[k].y += (float)(offset / crop.stride);
        }
        task->readings->attempts++;
        if (!try_candidate(task, &quad, err))
            return false;
    }
    return true;
}

bool reader_read(struct reader *reader, const struct picture *picture,
                 const struct reader_limits *limits, struct rw_arena *arena,
                 struct readings *ret_readings, struct rw_error *err)
{
    struct readings readings = { 0 };
    struct locate_list list;
    struct task task = { .reader = reader,
                         .picture = picture,
                         .limits = limits,
                         .arena = arena,
                         .readings = &readings,
                         .fit = { .picture = picture, .patterns = reader->patterns } };

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
    if (!locate_levels_make(picture, arena, &task.levels, err) || !try_blobs(&task, &list, err) ||
        !try_texture(&task, err) || !try_corners(&task, err) || !try_search(&task, &list, err))
        return false;
    *ret_readings = readings;
    return true;
}
