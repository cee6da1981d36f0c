/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes BMP pictures to grey. */
#include "verifier/bmp.h"

#include <string.h>

#include "verifier/shade.h"

/* Offsets and values as in wingdi.h: BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER. */
#define FILE_BYTES 14
#define SHORT_BYTES 12 /* the header of OS/2 */
#define LONG_BYTES 40
#define MASKS_AT (FILE_BYTES + LONG_BYTES)
#define MASKS_BYTES 12
#define COLOURS_MAX 256

enum packing { PACKING_PLAIN = 0, PACKING_RUNS_8 = 1, PACKING_RUNS_4 = 2, PACKING_MASKS = 3 };
/* What stands behind a zero in place of a run (wingdi.h: BI_RLE8). */
enum escape { ESCAPE_LINE = 0, ESCAPE_END = 1, ESCAPE_JUMP = 2 };

static uint32_t number(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

/* Rows end at whole groups of four bytes. */
static size_t row_bytes(const struct bmp_header *header)
{
    return (size_t)((header->width * header->bits + 31) / 32 * 4);
}

static bool has_rows(const struct bmp_header *header, size_t length)
{
    if (header->width < 1 || header->width > PICTURE_SIDE_MAX || header->height < 1 ||
        header->height > PICTURE_SIDE_MAX || header->runs)
        return true; /* refused for its size, or known when it is decoded */
    return header->pixels_at <= length &&
           row_bytes(header) * (size_t)header->height <= length - header->pixels_at;
}

static bool is_known_depth(const struct bmp_header *header)
{
    return header->bits == 1 || header->bits == 4 || header->bits == 8 || header->bits == 16 ||
           header->bits == 24 || header->bits == 32;
}

static bool read_short(const uint8_t *bytes, struct bmp_header *ret)
{
    ret->width = number(bytes + 18, 2);
    ret->height = number(bytes + 20, 2);
    ret->bits = (int)number(bytes + 24, 2);
    ret->colour_bytes = 3;
    ret->colours = COLOURS_MAX;
    return true;
}

/* How pixels are packed, and which bits of them are which colour. */
static bool read_packing(const uint8_t *bytes, size_t length, struct bmp_header *ret)
{
    uint32_t packing = number(bytes + 30, 4);
    bool is_wide = ret->bits == 16 || ret->bits == 32;

    ret->runs = packing == PACKING_RUNS_8 || packing == PACKING_RUNS_4;
    if (ret->runs)
        return ret->bits == (packing == PACKING_RUNS_8 ? 8 : 4) && !ret->from_top;
    if (packing == PACKING_MASKS && is_wide && length >= MASKS_AT + MASKS_BYTES) {
        for (int i = 0; i < 3; i++)
            ret->masks[i] = number(bytes + MASKS_AT + 4 * i, 4);
        return true;
    }
    for (int i = 0; i < 3; i++)
        ret->masks[i] = ret->bits == 16 ? 0x7C00U >> 5 * i : 0xFF0000U >> 8 * i;
    return packing == PACKING_PLAIN;
}

static bool read_long(const uint8_t *bytes, size_t length, struct bmp_header *ret)
{
    int64_t height = (int32_t)number(bytes + 22, 4);
    size_t header_bytes = number(bytes + 14, 4);

    if (header_bytes < LONG_BYTES || length < FILE_BYTES + LONG_BYTES || header_bytes > length)
        return false;
    ret->width = (int32_t)number(bytes + 18, 4);
    ret->from_top = height < 0;
    ret->height = height < 0 ? -height : height;
    ret->bits = (int)number(bytes + 28, 2);
    ret->colour_bytes = 4;
    ret->palette_at = FILE_BYTES + header_bytes;
    ret->colours = number(bytes + 46, 4);
    if (ret->colours == 0 || ret->colours > COLOURS_MAX)
        ret->colours = COLOURS_MAX;
    return read_packing(bytes, length, ret);
}

bool bmp_header_read(const uint8_t *bytes, size_t length, struct bmp_header *ret_header)
{
    struct bmp_header header = { .palette_at = FILE_BYTES + SHORT_BYTES };

    if (length < FILE_BYTES + SHORT_BYTES)
        return false;
    header.pixels_at = number(bytes + 10, 4);
    bool is_read = number(bytes + 14, 4) == SHORT_BYTES ? read_short(bytes, &header)
                                                        : read_long(bytes, length, &header);
    if (!is_read || !is_known_depth(&header) || !has_rows(&header, length))
        return false;
    if (header.bits <= 8 && header.colours > (size_t)1 << header.bits)
        header.colours = (size_t)1 << header.bits;
    *ret_header = header;
    return true;
}

/* The work on one file. */
struct bmp_work {
    const struct bmp_header *header;
    const uint8_t *bytes;
    size_t length;
    uint8_t shades[COLOURS_MAX]; /* of the palette; what it lacks is black */
    struct picture *picture;
};

/* False when the palette reaches into the pixels or out of the file. */
static bool read_palette(struct bmp_work *work)
{
    const struct bmp_header *header = work->header;
    size_t end = header->pixels_at < work->length ? header->pixels_at : work->length;

    memset(work->shades, 0, sizeof work->shades);
    if (header->bits > 8)
        return true;
    if (header->palette_at > end ||
        header->colours * header->colour_bytes > end - header->palette_at)
        return false;
    for (size_t i = 0; i < header->colours; i++) {
        const uint8_t *colour = work->bytes + header->palette_at + i * header->colour_bytes;
        work->shades[i] = shade_of_colour(colour[2], colour[1], colour[0]);
    }
    return true;
}

/* The bits of one colour, stretched to a byte; a colour without bits is black. */
static int masked(uint32_t pixel, uint32_t mask)
{
    if (mask == 0)
        return 0;
    uint64_t low = mask & (~mask + 1);
    uint64_t most = mask / low;
    return (int)(((pixel & mask) / low * 255 + most / 2) / most);
}

static uint8_t shade_at(const struct bmp_work *work, const uint8_t *row, int32_t x)
{
    int bits = work->header->bits;

    if (bits <= 8) {
        int shift = 8 - bits - x * bits % 8;
        return work->shades[row[x * bits / 8] >> shift & ((1 << bits) - 1)];
    }
    const uint8_t *pixel = row + (ptrdiff_t)x * (bits / 8);
    if (bits == 24)
        return shade_of_colour(pixel[2], pixel[1], pixel[0]);
    const uint32_t *masks = work->header->masks;
    uint32_t value = number(pixel, bits / 8);
    return shade_of_colour(masked(value, masks[0]), masked(value, masks[1]),
                           masked(value, masks[2]));
}

static bool decode_rows(struct bmp_work *work)
{
    const struct bmp_header *header = work->header;
    struct picture *picture = work->picture;

    for (int32_t y = 0; y < picture->height; y++) {
        int32_t from = header->from_top ? y : picture->height - 1 - y;
        const uint8_t *row = work->bytes + header->pixels_at + row_bytes(header) * (size_t)from;
        for (int32_t x = 0; x < picture->width; x++)
            picture->pixels[(ptrdiff_t)y * picture->stride + x] = shade_at(work, row, x);
    }
    return true;
}

/* Where the next pixel of a picture in runs goes, the lowest row being 0. */
struct pen {
    int32_t x;
    int32_t y;
};

/* `count` pixels whose numbers stand in `bytes`, or all in the first of them. */
static bool put(struct bmp_work *work, struct pen *pen, const uint8_t *bytes, int count, bool same)
{
    struct picture *picture = work->picture;

    if (pen->y >= picture->height || count > picture->width - pen->x)
        return false;
    uint8_t *row = picture->pixels + (ptrdiff_t)(picture->height - 1 - pen->y) * picture->stride;
    for (int i = 0; i < count; i++) {
        uint8_t byte = work->header->bits == 8 ? bytes[same ? 0 : i] : bytes[same ? 0 : i / 2];
        int index = work->header->bits == 8 ? byte : i % 2 == 0 ? byte >> 4 : byte & 15;
        row[pen->x++] = work->shades[index];
    }
    return true;
}

/* What stands behind a zero; false = the file is at fault. `ret_end` = the picture ends here. */
static bool escape(struct bmp_work *work, struct pen *pen, size_t *at, bool *ret_end)
{
    uint8_t kind = work->bytes[*at + 1];

    *at += 2;
    *ret_end = kind == ESCAPE_END;
    if (kind == ESCAPE_END)
        return true;
    if (kind == ESCAPE_LINE) {
        *pen = (struct pen){ 0, pen->y + 1 };
        return pen->y <= work->picture->height;
    }
    if (kind == ESCAPE_JUMP) {
        if (work->length - *at < 2)
            return false;
        pen->x += work->bytes[*at];
        pen->y += work->bytes[*at + 1];
        *at += 2;
        return pen->x <= work->picture->width && pen->y <= work->picture->height;
    }
    size_t taken = (size_t)(kind * work->header->bits + 15) / 16 * 2; /* whole words */
    if (work->length - *at < taken || !put(work, pen, work->bytes + *at, kind, false))
        return false;
    *at += taken;
    return true;
}

/* Every step takes two bytes of the file or more. */
static bool decode_runs(struct bmp_work *work)
{
    struct pen pen = { 0, 0 };
    struct picture *picture = work->picture;
    bool end = false;

    for (int32_t y = 0; y < picture->height; y++)
        memset(picture->pixels + (ptrdiff_t)y * picture->stride, work->shades[0],
               (size_t)picture->width);
    for (size_t at = work->header->pixels_at; !end && pen.y < picture->height;) {
        if (at > work->length || work->length - at < 2)
            return false;
        int count = work->bytes[at];
        if (count == 0) {
            if (!escape(work, &pen, &at, &end))
                return false;
            continue;
        }
        if (!put(work, &pen, work->bytes + at + 1, count, true))
            return false;
        at += 2;
    }
    return true;
}

bool bmp_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                     struct picture *ret_picture, struct rw_error *err)
{
    struct bmp_header header;
    struct picture picture;
    struct bmp_work work = { &header, bytes, length, { 0 }, &picture };

    if (!bmp_header_read(bytes, length, &header))
        return rw_error_set(err, RW_BUG, "", "a header was read once and not again");
    if (!picture_make(arena, (int32_t)header.width, (int32_t)header.height, &picture, err))
        return false;
    if (!read_palette(&work) || !(header.runs ? decode_runs(&work) : decode_rows(&work)))
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    *ret_picture = picture;
    return true;
}
