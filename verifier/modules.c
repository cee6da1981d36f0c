/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the grey of every module and calls it dark or light. */
#include "verifier/modules.h"

#include <math.h>
#include <string.h>

#define SPREAD 0.25F    /* of the sample points in a module, from its middle */
#define REACH_MAX 8     /* modules: half the window of a surface */
#define PASSES 2        /* of mending the threshold by what it called dark */
#define MESH_MODULES 6  /* of one block of the mesh, about */
#define MESH_REACH 0.4F /* a block moves this far at most */
#define MESH_STEP 0.2F
#define SHARE_LOOKS 8       /* modules along a side that are looked at for a first impression */
#define SURFACE_EMPTY 1e-3F /* weight below which a surface has no support */

const struct modules_way modules_ways[] = {
    { 0, 3 },     { 0.35F, 3 },    { 0.8F, 3 },    { 0, 0 },
    { 0.35F, 0 }, { 0.35F, 1.8F }, { 0.8F, 1.8F }, { 1.2F, 3 },
};
const int modules_way_count = sizeof modules_ways / sizeof modules_ways[0];

/* Mean grey around the middle of a module; (0, 0) is the upper left one. */
static float module_grey(const struct picture *picture, const struct grid_map *map,
                         const struct symbology *size, float row, float col)
{
    float sum = 0;
    for (int i = 0; i < 9; i++) {
        float x = col + 0.5F + SPREAD * (float)(i % 3 - 1);
        float y = row + 0.5F + SPREAD * (float)(i / 3 - 1);
        sum +=
            grid_grey(picture, grid_map_at(map, x / (float)size->cols, 1 - y / (float)size->rows));
    }
    return sum / 9;
}

static int block_at(const struct modules_mesh *mesh, const struct symbology *size, int row, int col)
{
    int last_row = size->rows - 1;
    int last_col = size->cols - 1;
    int inside_row = row < 0 ? 0 : row > last_row ? last_row : row;
    int inside_col = col < 0 ? 0 : col > last_col ? last_col : col;
    return inside_row * mesh->down / size->rows * mesh->across +
           inside_col * mesh->across / size->cols;
}

/* Where modules are looked for: on the even grid, moved with their block, or by the clock tracks.
 */
struct places {
    const struct modules_mesh *mesh;
    const struct clock *clock;
};

/* The upper left corner of a module, in modules. */
static void place_module(const struct places *places, const struct symbology *size, int row,
                         int col, float *ret_v, float *ret_u)
{
    *ret_v = (float)row;
    *ret_u = (float)col;
    if (places->mesh != NULL) {
        int block = block_at(places->mesh, size, row, col);
        *ret_u += places->mesh->shift_u[block];
        *ret_v += places->mesh->shift_v[block];
    } else if (places->clock != NULL) {
        clock_place(places->clock, row, col, ret_u, ret_v);
        *ret_u -= 0.5F;
        *ret_v -= 0.5F;
    }
}

static void sample(const struct picture *picture, const struct grid *grid,
                   const struct places *places, struct modules *ret)
{
    const struct symbology *size = symbology_get(grid->size);
    struct grid_map map;
    float *grey = ret->grey;

    ret->size = size;
    if (!grid_map_make(&grid->quad, &map)) {
        memset(ret->grey, 0, sizeof ret->grey);
        return;
    }
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++) {
            float v;
            float u;
            place_module(places, size, row, col, &v, &u);
            *grey++ = module_grey(picture, &map, size, v, u);
        }
}

void modules_sample(const struct picture *picture, const struct grid *grid,
                    const struct modules_mesh *mesh, struct modules *ret)
{
    const struct places places = { .mesh = mesh };
    sample(picture, grid, &places, ret);
}

void modules_sample_clock(const struct picture *picture, const struct grid *grid,
                          const struct clock *clock, struct modules *ret)
{
    const struct places places = { .clock = clock };
    sample(picture, grid, &places, ret);
}

/* How much the modules of one block differ under a shift. */
static float block_variance(const struct picture *picture, const struct grid_map *map,
                            const struct symbology *size, const int block[4], const float shift[2])
{
    float sum = 0;
    float squares = 0;
    float count = 0;
    for (int row = block[0]; row < block[1]; row++)
        for (int col = block[2]; col < block[3]; col++) {
            float u = ((float)col + 0.5F + shift[0]) / (float)size->cols;
            float v = 1 - ((float)row + 0.5F + shift[1]) / (float)size->rows;
            float grey = grid_grey(picture, grid_map_at(map, u, v)) - 128;
            sum += grey;
            squares += grey * grey;
            count += 1;
        }
    return squares / count - sum / count * (sum / count);
}

void modules_fit_mesh(const struct picture *picture, const struct grid *grid,
                      struct modules_mesh *ret_mesh)
{
    const struct symbology *size = symbology_get(grid->size);
    struct grid_map map;
    int down = size->rows / MESH_MODULES;
    int across = size->cols / MESH_MODULES;

    memset(ret_mesh, 0, sizeof *ret_mesh);
    ret_mesh->down = down < 1 ? 1 : down > MODULES_BLOCKS_MAX ? MODULES_BLOCKS_MAX : down;
    ret_mesh->across = across < 1 ? 1 : across > MODULES_BLOCKS_MAX ? MODULES_BLOCKS_MAX : across;
    if (!grid_map_make(&grid->quad, &map))
        return;
    for (int i = 0; i < ret_mesh->down * ret_mesh->across; i++) {
        int y = i / ret_mesh->across;
        int x = i % ret_mesh->across;
        int block[4] = { y * size->rows / ret_mesh->down, (y + 1) * size->rows / ret_mesh->down,
                         x * size->cols / ret_mesh->across,
                         (x + 1) * size->cols / ret_mesh->across };
        float best = -1;
        for (int step = 0; step < 25; step++) {
            float shift[2] = { MESH_STEP * (float)(step % 5 - 2),
                               MESH_STEP * (float)(step / 5 - 2) };
            float variance = block_variance(picture, &map, size, block, shift);
            /* A little in favour of staying, so that an even block does not wander. */
            variance *= 1 - 0.1F * (shift[0] * shift[0] + shift[1] * shift[1]) / MESH_REACH;
            if (variance > best) {
                best = variance;
                ret_mesh->shift_u[i] = shift[0];
                ret_mesh->shift_v[i] = shift[1];
            }
        }
    }
}

static void sharpen(const struct modules *modules, float amount, float *ret)
{
    int rows = modules->size->rows + 2;
    int cols = modules->size->cols + 2;

    memcpy(ret, modules->grey, (size_t)(rows * cols) * sizeof *ret);
    for (int row = 1; row < rows - 1; row++)
        for (int col = 1; col < cols - 1; col++) {
            const float *at = &modules->grey[row * cols + col];
            float around = (at[-1] + at[1] + at[-cols] + at[cols]) / 4;
            ret[row * cols + col] = *at + amount * (*at - around);
        }
}

/* What the frame says must be dark (1), light (0), or says nothing about (-1). */
static int wanted(const struct symbology *size, int row, int col)
{
    if (row < 0 || col < 0 || row >= size->rows || col >= size->cols)
        return 0;
    enum symbology_part part = symbology_part_at(size, row, col);
    return part == SYMBOLOGY_DATA ? -1 : part == SYMBOLOGY_DARK;
}

static void find_wanted(const struct symbology *size, int8_t *ret_wanted)
{
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++)
            *ret_wanted++ = (int8_t)wanted(size, row, col);
}

/* Half-way between the frame's dark and light modules. */
static float middle_grey(const float *grey, const int8_t *wanted_dark, int count_all)
{
    float sum[2] = { 0, 0 };
    float count[2] = { 0, 0 };
    for (int i = 0; i < count_all; i++) {
        int dark = wanted_dark[i];
        if (dark < 0)
            continue;
        sum[dark] += grey[i];
        count[dark] += 1;
    }
    return (sum[0] / count[0] + sum[1] / count[1]) / 2;
}

static void add_scaled(float *to, const float *from, float by, int count)
{
    for (int i = 0; i < count; i++)
        to[i] += by * from[i];
}

static void smooth_row(const float *from, float *to, int length, const float *kernel)
{
    memset(to, 0, (size_t)length * sizeof *to);
    add_scaled(to, from, kernel[0], length);
    for (int k = 1; k <= REACH_MAX && k < length; k++) {
        add_scaled(to + k, from, kernel[k], length - k);
        add_scaled(to, from + k, kernel[k], length - k);
    }
}

/* Whole rows are added, which is faster than going down each column. */
static void smooth_columns(const float *from, float *to, int rows, int cols, const float *kernel)
{
    memset(to, 0, (size_t)(rows * cols) * sizeof *to);
    for (int row = 0; row < rows; row++) {
        int first = row > REACH_MAX ? row - REACH_MAX : 0;
        int last = row + REACH_MAX < rows ? row + REACH_MAX : rows - 1;
        for (int k = first; k <= last; k++)
            add_scaled(to + row * cols, from + k * cols, kernel[k > row ? k - row : row - k], cols);
    }
}

static void smooth(float *plane, float *scratch, int rows, int cols, const float *kernel)
{
    for (int row = 0; row < rows; row++)
        smooth_row(plane + row * cols, scratch + row * cols, cols, kernel);
    smooth_columns(scratch, plane, rows, cols, kernel);
}

/* The planes of one thresholding. */
struct planes {
    int8_t wanted[MODULES_ROOM];
    float grey[MODULES_ROOM];
    float limit[MODULES_ROOM];
    float weight[2][MODULES_ROOM]; /* of light and dark modules */
    float sum[2][MODULES_ROOM];
    float scratch[MODULES_ROOM];
};

/* Moves the limit half-way between the ink and the paper around each module. */
static void follow_surfaces(const struct symbology *size, struct planes *planes,
                            const float *kernel)
{
    int rows = size->rows + 2;
    int cols = size->cols + 2;
    int count = rows * cols;

    for (int i = 0; i < count; i++) {
        int dark = planes->wanted[i];
        if (dark < 0)
            dark = planes->grey[i] < planes->limit[i];
        planes->weight[dark][i] = 1;
        planes->sum[dark][i] = planes->grey[i];
        planes->weight[!dark][i] = 0;
        planes->sum[!dark][i] = 0;
    }
    for (int side = 0; side < 2; side++) {
        smooth(planes->weight[side], planes->scratch, rows, cols, kernel);
        smooth(planes->sum[side], planes->scratch, rows, cols, kernel);
    }
    for (int i = 0; i < count; i++)
        if (planes->weight[0][i] > SURFACE_EMPTY && planes->weight[1][i] > SURFACE_EMPTY)
            planes->limit[i] = (planes->sum[0][i] / planes->weight[0][i] +
                                planes->sum[1][i] / planes->weight[1][i]) /
                               2;
}

void modules_threshold(const struct modules *modules, const struct modules_way *way,
                       uint8_t *ret_dark)
{
    const struct symbology *size = modules->size;
    int rows = size->rows + 2;
    int cols = size->cols + 2;
    struct planes planes;
    float kernel[REACH_MAX + 1];

    sharpen(modules, way->sharpen, planes.grey);
    find_wanted(size, planes.wanted);
    float middle = middle_grey(planes.grey, planes.wanted, rows * cols);
    for (int i = 0; i < rows * cols; i++)
        planes.limit[i] = middle;
    if (way->surface > 0) {
        for (int i = 0; i <= REACH_MAX; i++)
            kernel[i] = expf(-(float)(i * i) / (2 * way->surface * way->surface));
        for (int pass = 0; pass < PASSES; pass++)
            follow_surfaces(size, &planes, kernel);
    }
    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++) {
            int at = (row + 1) * cols + col + 1;
            ret_dark[row * size->cols + col] = planes.grey[at] < planes.limit[at];
        }
}

static float middle_of_module(const struct picture *picture, const struct grid_map *map,
                              const struct symbology *size, int row, int col)
{
    return grid_grey(picture, grid_map_at(map, ((float)col + 0.5F) / (float)size->cols,
                                          1 - ((float)row + 0.5F) / (float)size->rows));
}

/* Half-way between the arms of the L and the light modules of the clocks, at some of each side. */
static float middle_of_frame(const struct picture *picture, const struct grid_map *map,
                             const struct symbology *size)
{
    float sum = 0;
    for (int i = 0; i < SHARE_LOOKS; i++) {
        int col = (size->cols / 2 - 1) * i / (SHARE_LOOKS - 1) * 2 + 1;
        int row = (size->rows / 2 - 1) * i / (SHARE_LOOKS - 1) * 2;
        sum += middle_of_module(picture, map, size, 0, col) +
               middle_of_module(picture, map, size, size->rows - 1, col) +
               middle_of_module(picture, map, size, row, 0) +
               middle_of_module(picture, map, size, row, size->cols - 1);
    }
    return sum / (4 * SHARE_LOOKS);
}

float modules_dark_share(const struct picture *picture, const struct grid *grid)
{
    const struct symbology *size = symbology_get(grid->size);
    int down = (size->rows - 1) / SHARE_LOOKS + 1;
    int across = (size->cols - 1) / SHARE_LOOKS + 1;
    struct grid_map map;
    int count = 0;
    int dark = 0;

    if (!grid_map_make(&grid->quad, &map))
        return 0;
    float middle = middle_of_frame(picture, &map, size);
    for (int row = 1; row < size->rows - 1; row += down)
        for (int col = 1; col < size->cols - 1; col += across) {
            if (symbology_part_at(size, row, col) != SYMBOLOGY_DATA)
                continue;
            count++;
            dark += middle_of_module(picture, &map, size, row, col) < middle;
        }
    return (float)dark / (float)count;
}

float modules_frame_likeness(const struct symbology *size, const uint8_t *dark)
{
    int right = 0;
    int count = 0;
    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++) {
            int want = wanted(size, row, col);
            if (want < 0)
                continue;
            count++;
            right += dark[row * size->cols + col] == want;
        }
    return (float)right / (float)count;
}
