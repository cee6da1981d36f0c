/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a whole roll as one long picture, as it hangs from the machine. */
#include "labels/strip.h"

#include <assert.h>
#include <string.h>

#include "labels/draw.h"
#include "labels/png.h"

#define EDGE_PX 24                        /* of the table around the strip */
#define SEAL_UM 1500                      /* welded film on both sides of a perforation */
#define HOLE_UM 900                       /* length of a hole and of the bridge behind it */
#define BAG_BYTES_MAX (16 * RW_ARENA_MIB) /* of one bag's picture */
#define DOTS_PER_METRE (STRIP_DPI * 10000 / 254)
#define CHANNELS 3

struct colour {
    uint8_t red;
    uint8_t green;
    uint8_t blue;
};

static const struct colour table = { 255, 255, 255 };
static const struct colour film = { 243, 247, 250 };
static const struct colour film_edge = { 206, 218, 228 };
static const struct colour seal = { 230, 237, 243 };
static const struct colour hole = { 150, 165, 180 };
static const struct colour ink = { 22, 26, 34 };

struct strip {
    const struct layout_desk *desk;
    const struct roll *roll;
    struct png_writer *writer;
    uint8_t *row;
    int32_t width_px; /* of the film */
    int32_t height_px;
};

static void put(uint8_t *row, int32_t x, struct colour colour)
{
    row[x * CHANNELS] = colour.red;
    row[x * CHANNELS + 1] = colour.green;
    row[x * CHANNELS + 2] = colour.blue;
}

static uint8_t mix(uint8_t dark, uint8_t light, uint8_t grey)
{
    return (uint8_t)((dark * (255 - grey) + light * grey + 127) / 255);
}

static struct colour printed(struct colour paper, uint8_t grey)
{
    return (struct colour){ mix(ink.red, paper.red, grey), mix(ink.green, paper.green, grey),
                            mix(ink.blue, paper.blue, grey) };
}

static int32_t strip_px(int32_t um)
{
    return (int32_t)(((int64_t)um * STRIP_DPI + 12700) / 25400);
}

/* The film's own colour at a place of a bag, before any print. */
static struct colour film_at(const struct strip *strip, int32_t x, int32_t y)
{
    int32_t from_cut = y < strip->height_px - 1 - y ? y : strip->height_px - 1 - y;
    if (x == 0 || x == strip->width_px - 1)
        return film_edge;
    if (y == 0 && x / strip_px(HOLE_UM) % 2 == 0)
        return hole;
    return from_cut < strip_px(SEAL_UM) ? seal : film;
}

static bool add_table_rows(struct strip *strip, struct rw_error *err)
{
    for (int32_t x = 0; x < strip->width_px + 2 * EDGE_PX; x++)
        put(strip->row, x, table);
    for (int32_t y = 0; y < EDGE_PX; y++)
        if (!png_add_row(strip->writer, strip->row, err))
            return false;
    return true;
}

static bool add_picture(struct strip *strip, const struct picture *picture, struct rw_error *err)
{
    assert(picture->width == strip->width_px && picture->height == strip->height_px);
    for (int32_t y = 0; y < picture->height; y++) {
        const uint8_t *grey = picture->pixels + (size_t)y * (size_t)picture->stride;
        for (int32_t x = 0; x < picture->width; x++)
            put(strip->row, EDGE_PX + x, printed(film_at(strip, x, y), grey[x]));
        if (!png_add_row(strip->writer, strip->row, err))
            return false;
    }
    return true;
}

static bool draw_bag(const struct strip *strip, const struct bag *bag, struct rw_arena *arena,
                     struct picture *ret_picture, struct rw_error *err)
{
    struct layout layout;
    if (!layout_make(strip->desk, strip->roll, bag, arena, &layout, err))
        return false;
    struct sheet sheet;
    const struct sheet_paper paper = { layout.print.width_um, layout.print.height_um, STRIP_DPI,
                                       true };
    if (!sheet_start_picture(strip->desk->canvas, &paper, arena, &sheet, err) ||
        !draw_layout(&sheet, &layout, err))
        return false;
    *ret_picture = sheet.picture;
    return true;
}

static bool add_bags(struct strip *strip, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(BAG_BYTES_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a bag's picture");
    bool done = true;
    for (size_t i = 0; done && i < strip->roll->bag_count; i++) {
        struct picture picture;
        rw_arena_reset(arena);
        layout_tell(strip->desk, i);
        done = draw_bag(strip, &strip->roll->bags[i], arena, &picture, err) &&
               add_picture(strip, &picture, err);
    }
    rw_arena_close(arena);
    return done;
}

bool strip_write(const struct layout_desk *desk, const struct roll *roll, struct rw_arena *arena,
                 const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    const struct media *media = desk->media != NULL ? desk->media : media_find(roll->media);
    if (media == NULL)
        return rw_error_set(err, RW_INVALID, "/media", "no film is called \"%s\"", roll->media);
    struct strip strip = { .desk = desk,
                           .roll = roll,
                           .width_px = strip_px(media->width_um),
                           .height_px = strip_px(media->height_um) };
    int32_t width = strip.width_px + 2 * EDGE_PX;
    int64_t height = (int64_t)roll->bag_count * strip.height_px + 2 * EDGE_PX;
    strip.row = rw_arena_array(arena, (size_t)width, CHANNELS, err);
    if (strip.row == NULL)
        return false;
    if (height > PNG_SIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "/bags", "a strip of %zu bags is too long",
                            roll->bag_count);
    if (!png_open(PNG_COLOUR, width, (int32_t)height, DOTS_PER_METRE, &strip.writer, err))
        return false;
    bool done = add_table_rows(&strip, err) && add_bags(&strip, err) &&
                add_table_rows(&strip, err) &&
                png_take(strip.writer, arena, ret_bytes, ret_length, err);
    png_close(strip.writer);
    return done;
}
