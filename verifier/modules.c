/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the grey of every module and calls it dark or light. */
#include "verifier/modules.h"

#include <math.h>
#include <string.h>

#include "core/base/attributes.h"

#define SPREAD 0.25F    /* of the sample points in a module, from its middle */
#define REACH_MAX 8     /* modules: half the window of a surface */
#define PASSES 2        /* of mending the threshold by what it called dark */
#define MESH_MODULES 6  /* of one block of the mesh, about */
#define MESH_REACH 0.4F /* a block moves this far at most */
#define MESH_STEP 0.2F
#define SHARE_LOOKS 8 /* modules along a side that are looked at for a first impression */
#define LANES 8       /* sums side by side, so that the compiler can vectorise them */
#define ROW_MAX (SYMBOLOGY_SIDE_MAX + 2) /* modules of a row, with the quiet ones beside it */
#define BLOCK_SIDE_MAX (SYMBOLOGY_SIDE_MAX / MODULES_BLOCKS_MAX) /* modules of the mesh */
#define BLOCK_MAX (BLOCK_SIDE_MAX * BLOCK_SIDE_MAX)              /* … and all that it has */
#define SURFACE_EMPTY 1e-3F /* weight below which a surface has no support */

const struct modules_way modules_ways[] = {
    { 0, 3 },     { 0.35F, 3 },    { 0.8F, 3 },    { 0, 0 },
    { 0.35F, 0 }, { 0.35F, 1.8F }, { 0.8F, 1.8F }, { 1.2F, 3 },
};
const int modules_way_count = sizeof modules_ways / sizeof modules_ways[0];

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

/* What the frame says must be dark (1), light (0), or says nothing about (-1). */
static int wanted(const struct symbology *size, int row, int col)
{
    if (row < 0 || col < 0 || row >= size->rows || col >= size->cols)
        return 0;
    enum symbology_part part = symbology_part_at(size, row, col);
    return part == SYMBOLOGY_DATA ? -1 : part == SYMBOLOGY_DARK;
}

/* The places of a row of modules, in parts of the symbol: of each its upper left corner, or a point
 * at the same place inside. */
struct row {
    float v[ROW_MAX];
    float u[ROW_MAX];
};

/* Mean grey around the middle of each module. */
static void look_at_row(const struct picture *picture, const struct grid_map *map,
                        const struct symbology *size, const struct row *row, float *ret_grey)
{
    struct row points;
    float grey[ROW_MAX];
    int count = size->cols + 2;

    for (int col = 0; col < count; col++)
        ret_grey[col] = 0;
    for (int i = 0; i < 9; i++) {
        for (int col = 0; col < count; col++) {
            float x = row->u[col] + 0.5F + SPREAD * (float)(i % 3 - 1);
            float y = row->v[col] + 0.5F + SPREAD * (float)(i / 3 - 1);
            points.u[col] = x / (float)size->cols;
            points.v[col] = 1 - y / (float)size->rows;
        }
        grid_greys(picture, map, points.u, points.v, count, grey);
        for (int col = 0; col < count; col++)
            ret_grey[col] += grey[col];
    }
    for (int col = 0; col < count; col++)
        ret_grey[col] /= 9;
}

static void sample(const struct picture *picture, const struct grid *grid,
                   const struct places *places, struct modules *ret)
{
    const struct symbology *size = symbology_get(grid->size);
    struct grid_map map;
    struct row modules;
    int8_t *want = ret->wanted;

    ret->size = size;
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++)
            *want++ = (int8_t)wanted(size, row, col);
    if (!grid_map_make(&grid->quad, &map)) {
        memset(ret->grey, 0, sizeof ret->grey);
        return;
    }
    for (int row = -1; row <= size->rows; row++) {
        for (int col = -1; col <= size->cols; col++)
            place_module(places, size, row, col, &modules.v[col + 1], &modules.u[col + 1]);
        look_at_row(picture, &map, size, &modules, ret->grey + (row + 1) * (size->cols + 2));
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
    float u[BLOCK_MAX];
    float v[BLOCK_MAX];
    float grey[BLOCK_MAX];
    float sum = 0;
    float squares = 0;
    int count = 0;

    for (int row = block[0]; row < block[1]; row++)
        for (int col = block[2]; col < block[3]; col++) {
            u[count] = ((float)col + 0.5F + shift[0]) / (float)size->cols;
            v[count++] = 1 - ((float)row + 0.5F + shift[1]) / (float)size->rows;
        }
    grid_greys(picture, map, u, v, count, grey);
    for (int i = 0; i < count; i++) {
        float over = grey[i] - 128;
        sum += over;
        squares += over * over;
    }
    return squares / (float)count - sum / (float)count * (sum / (float)count);
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

/* With as many zeros on each side of a row, above and below as a surface reaches: those behind a
 * row are those before the next. A row is written whole lanes long, so the last one needs room. */
#define PADDED_COUNT(rows, cols) \
    (((rows) + 2 * REACH_MAX) * ((cols) + REACH_MAX) + REACH_MAX + LANES)
#define PADDED_ROOM PADDED_COUNT(SYMBOLOGY_SIDE_MAX + 2, SYMBOLOGY_SIDE_MAX + 2)
#define PLANE_ROOM (MODULES_ROOM + LANES)

/* The planes of one thresholding. */
struct planes {
    int rows;
    int cols;
    float kernel[REACH_MAX + 1];
    float grey[MODULES_ROOM];
    float limit[MODULES_ROOM];
    float weight[2][PLANE_ROOM]; /* of light and dark modules */
    float sum[2][PLANE_ROOM];
    float padded[PADDED_ROOM];
    float along[PADDED_ROOM]; /* smoothed along its rows */
};

/* Smooths one row with those that lie `step` farther and farther before and behind. */
RW_WIDE static void smooth_row(const float *from, int step, const float kernel[REACH_MAX + 1],
                               int count, float *to)
{
    for (int i = 0; i < count; i += LANES) {
        float sums[LANES] = { 0 };
        for (int k = -REACH_MAX; k <= REACH_MAX; k++)
            for (int lane = 0; lane < LANES; lane++)
                sums[lane] += kernel[k < 0 ? -k : k] * from[i + k * step + lane];
        for (int lane = 0; lane < LANES; lane++)
            to[i + lane] = sums[lane];
    }
}

/* What a row writes beyond its end, the next one writes over. */
static void smooth(struct planes *planes, float *plane)
{
    int stride = planes->cols + REACH_MAX;
    int first = REACH_MAX * stride + REACH_MAX;

    for (int row = 0; row < planes->rows; row++) {
        float *padded = planes->padded + first + row * stride;
        memcpy(padded, plane + row * planes->cols, (size_t)planes->cols * sizeof *plane);
    }
    for (int row = 0; row < planes->rows; row++)
        smooth_row(planes->padded + first + row * stride, 1, planes->kernel, planes->cols,
                   planes->along + first + row * stride);
    for (int row = 0; row < planes->rows; row++)
        smooth_row(planes->along + first + row * stride, stride, planes->kernel, planes->cols,
                   plane + row * planes->cols);
}

/* Moves the limit half-way between the ink and the paper around each module. */
static void follow_surfaces(const struct modules *modules, struct planes *planes)
{
    int count = planes->rows * planes->cols;

    for (int i = 0; i < count; i++) {
        int dark = modules->wanted[i];
        if (dark < 0)
            dark = planes->grey[i] < planes->limit[i];
        planes->weight[dark][i] = 1;
        planes->sum[dark][i] = planes->grey[i];
        planes->weight[!dark][i] = 0;
        planes->sum[!dark][i] = 0;
    }
    for (int side = 0; side < 2; side++) {
        smooth(planes, planes->weight[side]);
        smooth(planes, planes->sum[side]);
    }
    for (int i = 0; i < count; i++)
        if (planes->weight[0][i] > SURFACE_EMPTY && planes->weight[1][i] > SURFACE_EMPTY)
            planes->limit[i] = (planes->sum[0][i] / planes->weight[0][i] +
                                planes->sum[1][i] / planes->weight[1][i]) /
                               2;
}

static void follow_light(const struct modules *modules, float surface, struct planes *planes)
{
    size_t padded = (size_t)PADDED_COUNT(planes->rows, planes->cols);

    memset(planes->padded, 0, padded * sizeof *planes->padded);
    memset(planes->along, 0, padded * sizeof *planes->along);
    for (int i = 0; i <= REACH_MAX; i++)
        planes->kernel[i] = expf(-(float)(i * i) / (2 * surface * surface));
    for (int pass = 0; pass < PASSES; pass++)
        follow_surfaces(modules, planes);
}

void modules_threshold(const struct modules *modules, const struct modules_way *way,
                       uint8_t *ret_dark)
{
    const struct symbology *size = modules->size;
    struct planes planes;

    planes.rows = size->rows + 2;
    planes.cols = size->cols + 2;
    sharpen(modules, way->sharpen, planes.grey);
    float middle = middle_grey(planes.grey, modules->wanted, planes.rows * planes.cols);
    for (int i = 0; i < planes.rows * planes.cols; i++)
        planes.limit[i] = middle;
    if (way->surface > 0)
        follow_light(modules, way->surface, &planes);
    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++) {
            int at = (row + 1) * planes.cols + col + 1;
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

float modules_frame_likeness(const struct modules *modules, const uint8_t *dark)
{
    const struct symbology *size = modules->size;
    int right = 0;
    int count = 0;

    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++) {
            int want = modules->wanted[(row + 1) * (size->cols + 2) + col + 1];
            count += want >= 0;
            right += dark[row * size->cols + col] == want;
        }
    return (float)right / (float)count;
}
