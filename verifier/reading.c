/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the symbol at one place of a picture. */
#include "verifier/reading.h"

#include <math.h>
#include <string.h>

#include "verifier/codewords.h"
#include "verifier/modules.h"
#include "verifier/pattern.h"

#define WIDE_MIN 0.68F   /* after the widest moves; below, smaller ones will not help … */
#define WIDE_SURE 0.75F  /* … nor make a small symbol sure */
#define REFINED_MIN 0.7F /* measured: the least of any symbol that was read is 0.75 */
#define SURE 0.84F       /* above, every way is tried; measured: below 0.85 none of them helped */
#define PATCHY_MIN 0.5F  /* a shadow on a part of a frame hides how like it is: down to here … */
#define PARTS_MIN 0.7F   /* … its parts are looked at, and where they are so like … */
#define PARTS_SURE 0.8F  /* … and after the moves so much, it is as good as a sure one */
#define WAYS_UNSURE 2    /* ways tried between the two */
#define WAYS_MESH 4      /* … where blocks of modules were moved … */
#define WAYS_CLOCK 3     /* … and where modules of uneven width are looked for */
#define BEHIND_MAX 0.2F  /* and how far they may lie behind the best */
/* Check words that must be left over, a guard against chance: of random modules, one in 10^11 and
 * fewer would pass for a 14x14 or a larger symbol, and one in 10^4 for a small one. */
#define UNUSED_MIN 2
#define UNUSED_SMALL_MIN 4
/* Where so many can mend as many errors as they are half, chance passes once in t! = 362,880 times:
 * rare enough where the frame is clear and the modules are called in the first way. */
#define CHECK_MANY 18
#define SCORE_CLEAR 0.9F
/* Likeness of a frame above which a small symbol is sure. Measured on 900 pictures: of 56 small
 * ones that were read, each has 0.92 or more; what chance made of other things has 0.90 at most. */
#define SMALL_SURE 0.9F
#define FRAME_MIN 0.72F /* modules of the frame that must be right */
/* How far the dark part of the data may be from a half. Measured on 1,406 symbols that were read:
 * 0.38 at most, and 0.28 but for two. */
#define UNEVEN_MAX 0.45F
#define MIRRORED_MIN 0.75F /* likeness of a frame that is worth a look from behind */

struct reading_tools {
    struct decode *decode;
    struct fit fit;
    struct pattern patterns[SYMBOLOGY_COUNT];
    struct codewords_layout layouts[SYMBOLOGY_COUNT];
    struct modules modules;
    struct clock clock;
    struct codewords codewords;
    struct decode_text text;
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
};

bool reading_open(struct decode *decode, struct rw_arena *arena, struct reading_tools **ret_tools,
                  struct rw_error *err)
{
    struct reading_tools *tools = rw_arena_alloc(arena, sizeof *tools, err);

    if (tools == NULL)
        return false;
    tools->decode = decode;
    tools->fit.patterns = tools->patterns;
    for (int i = 0; i < SYMBOLOGY_COUNT; i++)
        if (!pattern_make(symbology_get(i), arena, &tools->patterns[i], err) ||
            !codewords_lay_out(symbology_get(i), arena, &tools->layouts[i], err))
            return false;
    if (!wave_open(arena, &tools->fit.waves, err))
        return false;
    *ret_tools = tools;
    return true;
}

/* Asks the worker what the corrected codewords say. */
static bool take_text(struct reading_tools *tools, const struct grid *grid, struct rw_arena *arena,
                      bool *ret_found, struct reading *ret_reading, struct rw_error *err)
{
    const struct codewords_layout *layout = &tools->layouts[grid->size];

    *ret_found =
        decode_words(tools->decode, layout, tools->codewords.words, &tools->text) == DECODE_TEXT;
    if (!*ret_found)
        return true;
    const struct message *message = &tools->text.message;
    size_t word_count = (size_t)(layout->size->data_words + layout->size->check_words);
    uint8_t *bytes = rw_arena_alloc(arena, message->length, err);
    uint8_t *words = rw_arena_alloc(arena, word_count, err);
    if (bytes == NULL || words == NULL)
        return false;
    memcpy(bytes, message->bytes, message->length);
    memcpy(words, tools->codewords.words, word_count);
    *ret_reading = (struct reading){
        .grid = *grid,
        .gs1 = message->gs1,
        .bytes = bytes,
        .length = message->length,
        .words = words,
        .errors = tools->codewords.errors,
        .unused = tools->codewords.unused,
    };
    return true;
}

/* Check words that must be left over for the codewords to count. */
static int least_unused(const struct reading_tools *tools, const struct grid *grid, int way)
{
    if (symbology_is_small(symbology_get(grid->size)))
        return UNUSED_SMALL_MIN;
    bool clear = way == 0 && grid->score >= SCORE_CLEAR;
    return clear && tools->codewords.check_max >= CHECK_MANY ? 0 : UNUSED_MIN;
}

/* Tries the ways of calling modules dark until one gives codewords that mend. */
static bool read_modules(struct reading_tools *tools, const struct grid *grid, int ways)
{
    for (int way = 0; way < ways; way++) {
        modules_threshold(&tools->modules, &modules_ways[way], tools->dark);
        if (modules_frame_likeness(&tools->modules, tools->dark) < FRAME_MIN)
            continue;
        if (codewords_read(&tools->layouts[grid->size], tools->dark, &tools->codewords) &&
            tools->codewords.unused >= least_unused(tools, grid, way))
            return true;
    }
    return false;
}

static bool read_flat(struct reading_tools *tools, const struct grid *grid)
{
    struct modules_mesh mesh;
    int ways = grid->score >= SURE ? modules_way_count : WAYS_UNSURE;

    modules_sample(tools->fit.picture, grid, NULL, &tools->modules);
    if (read_modules(tools, grid, ways))
        return true;
    modules_fit_mesh(tools->fit.picture, grid, &mesh);
    modules_sample(tools->fit.picture, grid, &mesh, &tools->modules);
    return read_modules(tools, grid, ways < WAYS_MESH ? ways : WAYS_MESH);
}

/* Modules of uneven width lie where their clocks say. */
static bool read_clock(struct reading_tools *tools, const struct grid *grid)
{
    if (!clock_follow(tools->fit.picture, grid, &tools->clock))
        return false;
    modules_sample_clock(tools->fit.picture, grid, &tools->clock, &tools->modules);
    return read_modules(tools, grid, WAYS_CLOCK);
}

/* The grid that fits best is an even one; the edges that were seen may be nearer to the truth. */
static bool read_uneven(struct reading_tools *tools, struct grid *grid,
                        const struct picture_quad *seen)
{
    const struct grid as_seen = { .quad = *seen, .size = grid->size, .score = grid->score };

    if (grid->score < SURE)
        return false;
    if (read_clock(tools, grid))
        return true;
    if (!read_clock(tools, &as_seen))
        return false;
    *grid = as_seen;
    return true;
}

/* A symbol seen from behind, through film or in a mirror, has the frame of one seen from before. */
static bool read_grid(struct reading_tools *tools, struct grid *grid,
                      const struct picture_quad *seen)
{
    const struct symbology *size = symbology_get(grid->size);
    if (read_flat(tools, grid) || read_uneven(tools, grid, seen))
        return true;
    if (size->rows != size->cols || grid->score < MIRRORED_MIN)
        return false;
    grid->quad = grid_quad_mirrored(&grid->quad);
    modules_sample(tools->fit.picture, grid, NULL, &tools->modules);
    return read_modules(tools, grid, 1);
}

/* A tile or a blot may lie in a frame as well: all dark, or all light. */
static bool has_data(const struct picture *picture, const struct grid *grid)
{
    return fabsf(modules_dark_share(picture, grid) - 0.5F) <= UNEVEN_MAX;
}

/* A frame that is unlike as a whole may be like in each of its parts. */
static void look_at_parts(const struct reading_tools *tools, struct grid *grid)
{
    const struct picture *picture = tools->fit.picture;
    const struct pattern *pattern = &tools->patterns[grid->size];
    struct grid tried = *grid;

    if (grid->score >= SURE || grid->score < PATCHY_MIN ||
        pattern_score_parts(picture, pattern, &grid->quad) < PARTS_MIN)
        return;
    if (grid->score < WIDE_MIN)
        pattern_refine(picture, pattern, PATCHY_MIN, &tried);
    if (pattern_score_parts(picture, pattern, &tried.quad) >= PARTS_SURE) {
        grid->quad = tried.quad;
        grid->score = SURE;
    }
}

/* Lays the frame of each size and turn that may lie there until one can be read. */
static bool find_grid(struct reading_tools *tools, const struct reading_wish *wish,
                      const struct reading_place *place, struct grid *ret_grid)
{
    struct grid kept[FIT_KEPT_MAX];
    int count = fit_place(&tools->fit, place->quad, place->from, kept);
    float least = count > 0 ? kept[0].score - BEHIND_MAX : 0;

    for (int i = 0; i < count; i++) {
        struct grid *grid = &kept[i];
        if (grid->score < least)
            break;
        if (!has_data(place->picture, grid))
            continue;
        /* Only a clear frame makes a small one a symbol. */
        bool sure = wish->is_sure && symbology_is_small(symbology_get(grid->size));
        pattern_refine(place->picture, &tools->patterns[grid->size], sure ? WIDE_SURE : WIDE_MIN,
                       grid);
        if (!sure)
            look_at_parts(tools, grid);
        if (grid->score >= (sure ? SMALL_SURE : REFINED_MIN) &&
            read_grid(tools, grid, place->quad)) {
            *ret_grid = *grid;
            return true;
        }
    }
    return false;
}

bool reading_make(struct reading_tools *tools, const struct reading_wish *wish,
                  const struct reading_place *place, struct rw_arena *arena, bool *ret_found,
                  struct reading *ret_reading, struct rw_error *err)
{
    struct grid grid;

    tools->fit.picture = place->picture;
    memcpy(tools->fit.sizes, wish->sizes, sizeof wish->sizes);
    if (!find_grid(tools, wish, place, &grid)) {
        *ret_found = false;
        return true;
    }
    if (!take_text(tools, &grid, arena, ret_found, ret_reading, err))
        return false;
    if (*ret_found)
        ret_reading->inverted = place->inverted;
    return true;
}
