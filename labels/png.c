/* SPDX-License-Identifier: Apache-2.0 */
/* Writes pictures as PNG; the door to libpng. */
#include "labels/png.h"

#include <assert.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#define FILE_BYTES_MAX ((size_t)256 * 1024 * 1024) /* of one finished PNG */
/* Z_RLE of zlib: what differs from the row above is rare, and little is gained by searching it for
 * repeats. */
#define RUN_LENGTHS 3
#define PHOTOGRAPH_LEVEL 3 /* more takes twice the time and little off a photograph */
#define WHITE_BYTES 8      /* of a packed row, looked at together */
#define FILE_BYTES_FIRST ((size_t)64 * 1024)

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define GATHER 0x0102040810204080U
#else
#define GATHER 0x8040201008040201U
#endif

struct png_writer {
    png_structp png;
    png_infop details;
    enum png_kind kind;
    int32_t width;
    int32_t height;
    int32_t rows_done;
    uint8_t *packed; /* one row of bits */
    uint8_t *bytes;
    size_t length;
    size_t room;
    const char *failure; /* sentence of the library or of ours, NULL = none */
};

static void keep_failure(png_structp png, png_const_charp text)
{
    struct png_writer *writer = png_get_error_ptr(png);
    (void)text; /* the library's words are in English and name its own functions */
    if (writer->failure == NULL)
        writer->failure = "the picture could not be compressed";
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp text)
{
    (void)png; /* a warning of the library changes no byte that it writes */
    (void)text;
}

static void add_bytes(png_structp png, png_bytep more, png_size_t length)
{
    struct png_writer *writer = png_get_io_ptr(png);
    if (length > FILE_BYTES_MAX - writer->length) {
        writer->failure = "the picture is too large for a file";
        png_error(png, "too large");
    }
    size_t room = writer->room == 0 ? FILE_BYTES_FIRST : writer->room;
    while (room < writer->length + length)
        room *= 2;
    if (room != writer->room) {
        uint8_t *grown = realloc(writer->bytes, room);
        if (grown == NULL) {
            writer->failure = "no memory for the picture";
            png_error(png, "no memory");
        }
        writer->bytes = grown;
        writer->room = room;
    }
    memcpy(writer->bytes + writer->length, more, length);
    writer->length += length;
}

static void flush_nothing(png_structp png)
{
    (void)png; /* the bytes stay in memory */
}

static bool fail(const struct png_writer *writer, struct rw_error *err)
{
    return rw_error_set(err, RW_NO_MEMORY, "", "%s", writer->failure);
}

/* Speed over size: the lowest level without a filter is six times as fast as the default, and a
 * label of one bit a pixel stays near 10 KB. */
static void write_head(struct png_writer *writer, int32_t dots_per_metre)
{
    png_structp png = writer->png;
    int colour = writer->kind == PNG_COLOUR ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
    png_set_write_fn(png, writer, add_bytes, flush_nothing);
    png_set_user_limits(png, PNG_SIDE_MAX, PNG_SIDE_MAX);
    if (writer->kind == PNG_BITS) {
        png_set_compression_strategy(png, RUN_LENGTHS);
        png_set_filter(png, 0, PNG_FILTER_UP);
    } else {
        png_set_compression_level(png, writer->kind == PNG_GREY ? PHOTOGRAPH_LEVEL : 6);
        png_set_filter(png, 0, PNG_FILTER_SUB);
    }
    png_set_IHDR(png, writer->details, (png_uint_32)writer->width, (png_uint_32)writer->height,
                 writer->kind == PNG_BITS ? 1 : 8, colour, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (dots_per_metre > 0)
        png_set_pHYs(png, writer->details, (png_uint_32)dots_per_metre, (png_uint_32)dots_per_metre,
                     PNG_RESOLUTION_METER);
    png_write_info(png, writer->details);
}

bool png_open(enum png_kind kind, int32_t width, int32_t height, int32_t dots_per_metre,
              struct png_writer **ret_writer, struct rw_error *err)
{
    if (width <= 0 || height <= 0 || width > PNG_SIDE_MAX || height > PNG_SIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a picture of %d by %d pixels is not written",
                            width, height);
    struct png_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a picture");
    writer->kind = kind;
    writer->width = width;
    writer->height = height;
    writer->packed = calloc((size_t)(width + 7) / 8, 1);
    writer->png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, keep_failure, ignore_warning);
    writer->details = writer->png == NULL ? NULL : png_create_info_struct(writer->png);
    if (writer->packed == NULL || writer->details == NULL) {
        png_close(writer);
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a picture");
    }
    if (setjmp(png_jmpbuf(writer->png))) {
        (void)fail(writer, err); /* the return value only says that there is an error */
        png_close(writer);
        return false;
    }
    write_head(writer, dots_per_metre);
    *ret_writer = writer;
    return true;
}

/* Eight pixels as bits, light = 1, the first one highest. Each product of the multiplication moves
 * the top bit of one byte to its place in the highest byte, and none of them meets another. */
static uint8_t pack_pixels(const uint8_t *pixels)
{
    uint64_t eight;
    memcpy(&eight, pixels, sizeof eight);
    return (uint8_t)((eight >> 7 & 0x0101010101010101U) * GATHER >> 56);
}

/* Most of a label is white. */
static bool are_white(const uint8_t *pixels)
{
    uint64_t eights[WHITE_BYTES];
    memcpy(eights, pixels, sizeof eights);
    uint64_t all = UINT64_MAX;
    for (size_t i = 0; i < WHITE_BYTES; i++)
        all &= eights[i];
    return all == UINT64_MAX;
}

static const uint8_t *pack_row(struct png_writer *writer, const uint8_t *row)
{
    int32_t whole = writer->width / 8;
    for (int32_t first = 0; first < whole; first += WHITE_BYTES) {
        int32_t end = first + WHITE_BYTES < whole ? first + WHITE_BYTES : whole;
        if (end - first == WHITE_BYTES && are_white(row + (size_t)first * 8)) {
            memset(writer->packed + first, UINT8_MAX, WHITE_BYTES);
            continue;
        }
        for (int32_t byte = first; byte < end; byte++)
            writer->packed[byte] = pack_pixels(row + (size_t)byte * 8);
    }
    if (writer->width % 8 > 0) {
        uint8_t last[8] = { 0 };
        memcpy(last, row + (size_t)whole * 8, (size_t)(writer->width % 8));
        writer->packed[whole] = pack_pixels(last);
    }
    return writer->packed;
}

/* Kept apart from its caller, whose variables a jump back must not touch. */
RW_NO_INLINE static bool write_row(struct png_writer *writer, const uint8_t *bytes,
                                   struct rw_error *err)
{
    if (writer->failure != NULL || setjmp(png_jmpbuf(writer->png)))
        return fail(writer, err);
    png_write_row(writer->png, bytes);
    writer->rows_done++;
    return true;
}

bool png_add_row(struct png_writer *writer, const uint8_t *row, struct rw_error *err)
{
    assert(writer->rows_done < writer->height);
    return write_row(writer, writer->kind == PNG_BITS ? pack_row(writer, row) : row, err);
}

bool png_take(struct png_writer *writer, struct rw_arena *arena, const char **ret_bytes,
              size_t *ret_length, struct rw_error *err)
{
    assert(writer->rows_done == writer->height);
    if (writer->failure != NULL || setjmp(png_jmpbuf(writer->png)))
        return fail(writer, err);
    png_write_end(writer->png, writer->details);
    char *bytes = rw_arena_alloc(arena, writer->length, err);
    if (bytes == NULL)
        return false;
    memcpy(bytes, writer->bytes, writer->length);
    *ret_bytes = bytes;
    *ret_length = writer->length;
    return true;
}

void png_close(struct png_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->png != NULL)
        png_destroy_write_struct(&writer->png, &writer->details);
    free(writer->packed);
    free(writer->bytes);
    free(writer);
}

static int32_t dots_per_metre(const struct picture *picture)
{
    if (picture->um_per_px_milli <= 0)
        return 0;
    return (int32_t)((1000000000 + picture->um_per_px_milli / 2) / picture->um_per_px_milli);
}

bool png_write(const struct picture *picture, enum png_kind kind, struct rw_arena *arena,
               const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    assert(kind != PNG_COLOUR);
    struct png_writer *writer = NULL;
    if (!png_open(kind, picture->width, picture->height, dots_per_metre(picture), &writer, err))
        return false;
    bool done = true;
    for (int32_t y = 0; done && y < picture->height; y++)
        done = png_add_row(writer, picture->pixels + (size_t)y * (size_t)picture->stride, err);
    done = done && png_take(writer, arena, ret_bytes, ret_length, err);
    png_close(writer);
    return done;
}
