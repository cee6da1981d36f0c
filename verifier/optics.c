/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how well a camera sees symbols; says what to change. */
#include "verifier/optics.h"

#include <math.h>

#include "verifier/grid.h"

#define MODULE_PX_MIN 5000 /* thousandths */
#define FOCUS_MIN 450
#define LIGHT_MIN 350
#define LIGHT_MAX 975
#define BURNT_MAX 30
#define CONTRAST_MIN 400
#define TILT_MAX 60 /* about ten degrees with a lens a quarter of a metre away */
#define WHITE 255

static const struct {
    const char *word;
    const char *text;
} advices[OPTICS_ADVICE_COUNT] = {
    [OPTICS_NO_SYMBOL] = { "no-symbol", "no symbol is read: put film under the camera, then look "
                                        "at light and focus" },
    [OPTICS_TOO_SMALL] = { "too-small", "move the camera nearer or take a longer lens: a module "
                                        "needs 5 pixels" },
    [OPTICS_SOFT] = { "soft", "focus the lens, shorten the exposure or slow the film" },
    [OPTICS_DARK] = { "dark", "more light, a longer exposure or a wider aperture" },
    [OPTICS_BRIGHT] = { "bright", "less light or a shorter exposure: white is cut off" },
    [OPTICS_PALE] = { "pale", "print is pale against the film: light from behind or blue light, "
                              "no glare; then look at the printer's heat" },
    [OPTICS_TILTED] = { "tilted", "turn the camera until it looks straight down on the film" },
};

const char *optics_advice_word(enum optics_advice advice)
{
    return advices[advice].word;
}

const char *optics_advice_text(enum optics_advice advice)
{
    return advices[advice].text;
}

/* What one symbol adds to the sums. */
struct levels {
    float dark;  /* of the L, whose modules stand together */
    float light; /* of the quiet zone beside it */
    float step;  /* from module to module along the clock tracks */
};

static float grey_at(const struct modules *modules, const struct symbology *size, int row, int col)
{
    return modules->grey[(row + 1) * (size->cols + 2) + col + 1];
}

static struct levels measure_levels(const struct modules *modules, const struct symbology *size)
{
    struct levels levels = { 0 };
    int rows = size->rows;
    int cols = size->cols;
    for (int row = 0; row < rows; row++) {
        levels.dark += grey_at(modules, size, row, 0) / (float)rows;
        levels.light += grey_at(modules, size, row, -1) / (float)rows;
    }
    for (int col = 1; col < cols; col++)
        levels.step += fabsf(grey_at(modules, size, 0, col) - grey_at(modules, size, 0, col - 1)) /
                       (float)(cols - 1);
    return levels;
}

static float difference(float one, float other)
{
    return fabsf(one - other) / fmaxf((one + other) / 2, 1);
}

/* How much longer one side is than the one across from it. */
static float tilt_of(const struct picture_quad *quad)
{
    float sides[4];
    for (int i = 0; i < 4; i++) {
        const struct picture_point *from = &quad->corner[i];
        const struct picture_point *to = &quad->corner[(i + 1) % 4];
        sides[i] = hypotf(to->x - from->x, to->y - from->y);
    }
    return fmaxf(difference(sides[0], sides[2]), difference(sides[1], sides[3]));
}

static int32_t burnt_part(const struct picture *picture)
{
    int64_t white = 0;
    for (int32_t y = 0; y < picture->height; y++)
        for (int32_t x = 0; x < picture->width; x++)
            white += picture->pixels[(ptrdiff_t)y * picture->stride + x] == WHITE;
    return (int32_t)(white * 1000 / ((int64_t)picture->width * picture->height));
}

void optics_measure(const struct picture *picture, const struct readings *readings,
                    struct modules *modules, struct optics *ret_optics)
{
    struct optics optics = { .symbols = readings->count, .burnt_milli = burnt_part(picture) };
    float sums[5] = { 0 };

    for (size_t i = 0; i < readings->count; i++) {
        const struct grid *grid = &readings->readings[i].grid;
        modules_sample(picture, grid, NULL, modules);
        struct levels levels = measure_levels(modules, symbology_get(grid->size));
        sums[0] += grid_module_px(grid);
        sums[1] += levels.step / fmaxf(levels.light - levels.dark, 1);
        sums[2] += levels.light / WHITE;
        sums[3] += (levels.light - levels.dark) / fmaxf(levels.light, 1);
        sums[4] += tilt_of(&grid->quad);
    }
    float scale = readings->count > 0 ? 1000 / (float)readings->count : 0;
    optics.module_px_milli = (int32_t)(sums[0] * scale);
    optics.focus_milli = (int32_t)(sums[1] * scale);
    optics.light_milli = (int32_t)(sums[2] * scale);
    optics.contrast_milli = (int32_t)(sums[3] * scale);
    optics.tilt_milli = (int32_t)(sums[4] * scale);
    *ret_optics = optics;
}

uint32_t optics_advise(const struct optics *optics)
{
    if (optics->symbols == 0)
        return 1U << OPTICS_NO_SYMBOL;
    bool bright = optics->light_milli > LIGHT_MAX || optics->burnt_milli > BURNT_MAX;
    return (uint32_t)(optics->module_px_milli < MODULE_PX_MIN) << OPTICS_TOO_SMALL |
           (uint32_t)(optics->focus_milli < FOCUS_MIN) << OPTICS_SOFT |
           (uint32_t)(optics->light_milli < LIGHT_MIN) << OPTICS_DARK |
           (uint32_t)bright << OPTICS_BRIGHT |
           (uint32_t)(optics->contrast_milli < CONTRAST_MIN) << OPTICS_PALE |
           (uint32_t)(optics->tilt_milli > TILT_MAX) << OPTICS_TILTED;
}
