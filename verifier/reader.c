/* SPDX-License-Identifier: Apache-2.0 */
/* Reads every symbol of a picture. */
#include "verifier/reader.h"

#include <math.h>
#include <string.h>

#include "verifier/corners.h"
#include "verifier/locate.h"
#include "verifier/modules.h"
#include "verifier/pattern.h"

#define SIDE_MIN 16        /* pixels of a picture that may hold a symbol */
#define MODULE_MIN_PX 1.9F /* nothing is read below */
#define COARSE_MIN 0.45F   /* measured: the least of any symbol that was read is 0.57 */
#define HOPELESS 0.25F     /* without a turn: small turns will not help */
#define WIDE_MIN 0.6F      /* after the widest moves; below, smaller ones will not help */
#define REFINED_MIN 0.7F   /* measured: the least of any symbol that was read is 0.86 */
#define SURE 0.8F          /* above, every way is tried */
#define WAYS_UNSURE 2      /* ways tried between the two */
#define HYPOTHESES 4       /* sizes and turns of one candidate that are refined */
#define BEHIND_MAX 0.2F    /* and how far they may lie behind the best */
#define ASPECT_MAX 1.35F   /* how far a candidate's shape may be from the size's */
#define UNUSED_MIN 4       /* check words that must be left over: a guard against chance */
#define FRAME_MIN 0.72F    /* modules of the frame that must be right */
#define TURN 0.045F        /* radians, about 2.6 degrees */
#define SEARCH_MARGIN 1.4F /* of a candidate's side: what libdmtx may search */
#define SEARCHES_MAX 3
#define SEARCH_MS 60
#define PRIOR_SPAN 0.07F /* how far module sizes of one picture may differ */

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
    int64_t started_ms;
    float module_px; /* 0 = any */
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

static bool is_wanted(const struct task *task, int size)
{
    if (task->limits->sizes != NULL)
        return task->limits->sizes[size];
    return task->limits->small || !symbology_is_small(symbology_get(size));
}

/* Could this quad, with its first corner as the L, be a symbol of this size? */
static bool may_be(const struct task *task, const struct picture_quad *quad, int size)
{
    const struct symbology *symbology = symbology_get(size);
    float across = grid_quad_width(quad) / (float)symbology->cols;
    float down = grid_quad_height(quad) / (float)symbology->rows;
    float module = (across + down) / 2;

    if (!is_wanted(task, size) || module < MODULE_MIN_PX || across > down * ASPECT_MAX ||
        down > across * ASPECT_MAX)
        return false;
    return task->module_px <= 0 ||
           fabsf(module - task->module_px) < 3 * PRIOR_SPAN * task->module_px;
}

static struct picture_quad turned_by(const struct picture_quad *quad, float angle)
{
    struct picture_quad turned = *quad;
    struct picture_point centre = grid_quad_centre(quad);
    for (int i = 0; i < 4; i++) {
        float x = quad->corner[i].x - centre.x;
        float y = quad->corner[i].y - centre.y;
        turned.corner[i].x = centre.x + x * cosf(angle) - y * sinf(angle);
        turned.corner[i].y = centre.y + x * sinf(angle) + y * cosf(angle);
    }
    return turned;
}

/* Keeps what is better than the best so far of each quarter turn. */
static void keep_better(const struct picture_quad *tried, const float *scores, int turns,
                        struct grid *best)
{
    for (int turn = 0; turn < turns; turn++)
        if (scores[turn] > best[turn].score) {
            best[turn].score = scores[turn];
            best[turn].quad = grid_quad_turned(tried, turn);
        }
}

/* The best of small turns and shifts of half a module for one size: of a square for each of the
 * four corners that may be the L's, of a rectangle for the first. Gives the number of those. */
static int coarse_fit(const struct task *task, const struct picture_quad *quad, int size,
                      struct grid best[PATTERN_TURNS])
{
    const struct pattern *pattern = &task->reader->patterns[size];
    static const float angles[3] = { 0, -TURN, TURN };
    int turns = pattern->size->rows == pattern->size->cols ? PATTERN_TURNS : 1;
    float top = -1;

    for (int turn = 0; turn < turns; turn++)
        best[turn] = (struct grid){ .quad = *quad, .size = size, .score = -1 };
    float module = grid_module_px(&best[0]);
    for (int angle = 0; angle < 3 && (angle == 0 || top >= HOPELESS); angle++) {
        struct picture_quad turned = turned_by(quad, angles[angle]);
        for (int shift = 0; shift < 9; shift++) {
            struct picture_quad tried = turned;
            float scores[PATTERN_TURNS];
            for (int i = 0; i < 4; i++) {
                tried.corner[i].x += 0.5F * module * (float)(shift % 3 - 1);
                tried.corner[i].y += 0.5F * module * (float)(shift / 3 - 1);
            }
            if (turns == PATTERN_TURNS)
                pattern_score_turns(task->picture, pattern, &tried, scores);
            else
                scores[0] = pattern_score(task->picture, pattern, &tried);
            keep_better(&tried, scores, turns, best);
        }
        for (int turn = 0; turn < turns; turn++)
            top = best[turn].score > top ? best[turn].score : top;
    }
    return turns;
}

/* Keeps the best few, the best first. */
static void keep_best(struct grid kept[HYPOTHESES], int *count, const struct grid *grid)
{
    int at = *count;
    while (at > 0 && kept[at - 1].score < grid->score)
        at--;
    if (at == HYPOTHESES)
        return;
    int last = *count < HYPOTHESES ? (*count)++ : HYPOTHESES - 1;
    for (int i = last; i > at; i--)
        kept[i] = kept[i - 1];
    kept[at] = *grid;
}

static int hypotheses(const struct task *task, const struct picture_quad *quad,
                      struct grid kept[HYPOTHESES])
{
    int count = 0;
    for (int turn = 0; turn < PATTERN_TURNS; turn++) {
        struct picture_quad turned = grid_quad_turned(quad, turn);
        for (int size = 0; size < SYMBOLOGY_COUNT; size++) {
            const struct symbology *symbology = symbology_get(size);
            struct grid grids[PATTERN_TURNS];
            if ((turn > 0 && symbology->rows == symbology->cols) || !may_be(task, &turned, size))
                continue;
            int turns = coarse_fit(task, &turned, size, grids);
            for (int i = 0; i < turns; i++)
                if (grids[i].score >= COARSE_MIN)
                    keep_best(kept, &count, &grids[i]);
        }
    }
    return count;
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
    struct grid kept[HYPOTHESES];
    int count = hypotheses(task, quad, kept);

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
    task->module_px = module;
    for (int size = 0; size < SYMBOLOGY_COUNT && has_budget(task); size++) {
        const struct symbology *symbology = symbology_get(size);
        struct locate_list list;
        if (!seen[size] || symbology->rows != symbology->cols)
            continue;
        if (!locate_texture(task->picture, module * (float)symbology->rows, task->arena, &list,
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
    return corners_find(task->picture, task->arena, &list, err) && try_list(task, &list, err);
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
                         .readings = &readings };

    readings.readings = rw_arena_array(arena, READER_READINGS_MAX, sizeof *readings.readings, err);
    if (readings.readings == NULL)
        return false;
    if (picture->width < SIDE_MIN || picture->height < SIDE_MIN) {
        *ret_readings = readings;
        return true;
    }
    if (limits->budget_ms > 0 && limits->clock != NULL)
        task.started_ms = rw_clock_monotonic_ms(limits->clock);
    if (!locate_blobs(picture, arena, &list, err) || !try_list(&task, &list, err) ||
        !try_texture(&task, err) || !try_corners(&task, err) || !try_search(&task, &list, err))
        return false;
    *ret_readings = readings;
    return true;
}
