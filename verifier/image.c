/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the bytes of a picture file into a grey picture. */
#include "verifier/image.h"

#include <string.h>

#include "verifier/bmp.h"
#include "verifier/jpeg.h"
#include "verifier/pgm.h"
#include "verifier/png_pixels.h"
#include "verifier/tiff.h"
#include "verifier/tiff_pixels.h"
#include "verifier/upright.h"
#include "verifier/webp.h"

#define PNG_HEADER_BYTES 24
#define PNG_SIGNATURE_BYTES 8
#define PNG_CHUNK_BYTES 12 /* of a chunk without its body: length, kind, sum */
#define BMP_HEADER_BYTES 26
#define BMP_LONG_HEADER_BYTES 50 /* up to the number of colours */
#define BMP_COLOUR_BYTES 4
#define BMP_PLAIN 0
#define BMP_MASKS 3 /* plain as well */
#define BMP_RUNS_8 1
#define BMP_RUNS_4 2
#define WEBP_HEADER_BYTES 30
#define WEBP_SIDE 0x3FFF       /* the bits of a side */
#define WEBP_MOVES 2           /* the flag of an animation */
#define JPEG_SEGMENTS_MAX 4096 /* before the frame header */

static uint32_t big_endian(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static uint32_t little_endian(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

/* Sides that are refused whatever follows them. */
static bool is_beyond(const struct image_header *header)
{
    return header->width > PICTURE_SIDE_MAX || header->height > PICTURE_SIDE_MAX;
}

/* Every chunk lies in the file, up to the one that ends it (PNG 5.3). */
static bool read_png(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    size_t at = PNG_SIGNATURE_BYTES;

    if (length < PNG_HEADER_BYTES || memcmp(bytes + 12, "IHDR", 4) != 0)
        return false;
    ret->width = big_endian(bytes + 16, 4);
    ret->height = big_endian(bytes + 20, 4);
    if (is_beyond(ret))
        return true;
    for (int i = 0; i < IMAGE_PNG_CHUNKS_MAX && length - at >= PNG_CHUNK_BYTES; i++) {
        size_t body = big_endian(bytes + at, 4);
        if (body > length - at - PNG_CHUNK_BYTES)
            return false;
        if (memcmp(bytes + at + 4, "acTL", 4) == 0) /* an animation and how long it is */
            ret->several = body >= 4 && big_endian(bytes + at + 8, 4) > 1;
        if (memcmp(bytes + at + 4, "IEND", 4) == 0)
            return true;
        at += PNG_CHUNK_BYTES + body;
    }
    return false;
}

/* The rows of a picture that is not compressed lie in the file. */
static bool bmp_has_rows(const uint8_t *bytes, size_t length, const struct image_header *header,
                         int64_t bits)
{
    if (header->width < 1 || is_beyond(header))
        return true; /* refused for that */
    int64_t row = (header->width * bits + 31) / 32 * 4;
    return little_endian(bytes + 10, 4) + row * header->height <= (int64_t)length;
}

/* Runs of equal pixels (wingdi.h, BI_RLE8 and BI_RLE4) stay in their rows and in the file, up to
 * the sign that ends the picture. gdk-pixbuf would fill what is missing with black. */
static bool bmp_has_runs(const uint8_t *bytes, size_t length, const struct image_header *header,
                         size_t bits)
{
    int64_t x = 0;
    int64_t y = 0;
    size_t at = little_endian(bytes + 10, 4);

    while (at < length && length - at >= 2) {
        size_t count = bytes[at];
        size_t sign = bytes[at + 1];
        at += 2;
        if (count > 0) { /* a run */
            x += (int64_t)count;
        } else if (sign == 0) { /* the next row */
            x = 0;
            y++;
        } else if (sign == 1) { /* the end */
            return true;
        } else if (sign == 2) { /* a jump */
            if (length - at < 2)
                return false;
            x += bytes[at];
            y += bytes[at + 1];
            at += 2;
        } else { /* pixels as they are, up to a whole word */
            x += (int64_t)sign;
            at += (sign * bits + 15) / 16 * 2;
        }
        if (x > header->width || y > header->height || (x > 0 && y == header->height))
            return false;
    }
    return false;
}

static bool read_bmp(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    if (length < BMP_HEADER_BYTES)
        return false;
    if (little_endian(bytes + 14, 4) == 12) { /* the OS/2 header has short sides */
        ret->width = little_endian(bytes + 18, 2);
        ret->height = little_endian(bytes + 20, 2);
        return bmp_has_rows(bytes, length, ret, little_endian(bytes + 24, 2));
    }
    int32_t height = (int32_t)little_endian(bytes + 22, 4);
    ret->width = (int32_t)little_endian(bytes + 18, 4);
    ret->height = height < 0 ? -(int64_t)height : height; /* negative: rows from the top */
    /* gdk-pixbuf takes memory for a header and a palette before it reads them. */
    if (length < BMP_LONG_HEADER_BYTES || little_endian(bytes + 14, 4) > length ||
        little_endian(bytes + 46, 4) > length / BMP_COLOUR_BYTES)
        return false;
    uint32_t compression = little_endian(bytes + 30, 4);
    uint32_t bits = little_endian(bytes + 28, 2);
    if (compression == BMP_RUNS_8 || compression == BMP_RUNS_4)
        return bits == (compression == BMP_RUNS_8 ? 8 : 4) && height > 0 &&
               bmp_has_runs(bytes, length, ret, bits);
    return (compression == BMP_PLAIN || compression == BMP_MASKS) &&
           bmp_has_rows(bytes, length, ret, bits);
}

static bool is_frame_header(uint8_t marker)
{
    bool table = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    return marker >= 0xC0 && marker <= 0xCF && !table;
}

/* The end of image marker stands somewhere behind the header; cameras write bytes after it. */
static bool jpeg_has_end(const uint8_t *bytes, size_t length, size_t from)
{
    for (size_t i = length - 1; i > from; i--)
        if (bytes[i] == 0xD9 && bytes[i - 1] == 0xFF)
            return true;
    return false;
}

static bool read_jpeg(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    size_t at = 2;
    for (int i = 0; i < JPEG_SEGMENTS_MAX && at + 9 <= length; i++) {
        if (bytes[at] != 0xFF)
            return false;
        uint8_t marker = bytes[at + 1];
        if (marker == 0xFF) { /* a fill byte */
            at++;
            continue;
        }
        if (is_frame_header(marker)) {
            ret->height = big_endian(bytes + at + 5, 2);
            ret->width = big_endian(bytes + at + 7, 2);
            return jpeg_has_end(bytes, length, at + 9);
        }
        size_t size = big_endian(bytes + at + 2, 2);
        if (size < 2)
            return false;
        at += 2 + size;
    }
    return false;
}

static bool read_pgm(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    struct pgm_header pgm;

    if (!pgm_header_read(bytes, length, &pgm))
        return false;
    ret->width = pgm.width;
    ret->height = pgm.height;
    return true;
}

static bool read_tiff(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    struct tiff_header tiff;

    if (!tiff_header_read(bytes, length, &tiff))
        return false;
    ret->width = tiff.width;
    ret->height = tiff.height;
    ret->several = tiff.several;
    if (tiff.fractional)
        ret->refusal = "the picture's samples are no whole numbers of at most 16 bits";
    return true;
}

/* RIFF, its length, WEBP, then a first chunk of one of three kinds (RFC 9649). */
static bool read_webp(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    if (length < WEBP_HEADER_BYTES || little_endian(bytes + 4, 4) > length - 8)
        return false;
    if (memcmp(bytes + 12, "VP8X", 4) == 0) {
        ret->several = bytes[20] & WEBP_MOVES;
        ret->width = little_endian(bytes + 24, 3) + (int64_t)1;
        ret->height = little_endian(bytes + 27, 3) + (int64_t)1;
        return true;
    }
    if (memcmp(bytes + 12, "VP8L", 4) == 0) {
        uint32_t sides = little_endian(bytes + 21, 4);
        ret->width = (sides & WEBP_SIDE) + (int64_t)1;
        ret->height = (sides >> 14 & WEBP_SIDE) + (int64_t)1;
        return true;
    }
    ret->width = little_endian(bytes + 26, 2) & WEBP_SIDE;
    ret->height = little_endian(bytes + 28, 2) & WEBP_SIDE;
    return memcmp(bytes + 12, "VP8 ", 4) == 0;
}

static enum image_kind kind_of(const uint8_t *bytes, size_t length)
{
    static const struct {
        enum image_kind kind;
        size_t length;
        const char *start;
    } starts[] = {
        { IMAGE_PNG, 8, "\x89PNG\r\n\x1a\n" },
        { IMAGE_JPEG, 3, "\xff\xd8\xff" },
        { IMAGE_PGM, 2, "P5" },
        { IMAGE_PGM, 2, "P2" },
        { IMAGE_TIFF, 4, "II*\0" },
        { IMAGE_TIFF, 4, "MM\0*" },
        { IMAGE_BMP, 2, "BM" },
        { IMAGE_WEBP, 4, "RIFF" },
    };
    for (size_t i = 0; i < RW_COUNT(starts); i++)
        if (length >= starts[i].length && memcmp(bytes, starts[i].start, starts[i].length) == 0)
            return starts[i].kind;
    return IMAGE_NONE;
}

bool image_header_read(const uint8_t *bytes, size_t length, struct image_header *ret_header,
                       struct rw_error *err)
{
    static bool (*const readers[])(const uint8_t *, size_t, struct image_header *) = {
        [IMAGE_PNG] = read_png,   [IMAGE_JPEG] = read_jpeg, [IMAGE_PGM] = read_pgm,
        [IMAGE_TIFF] = read_tiff, [IMAGE_BMP] = read_bmp,   [IMAGE_WEBP] = read_webp,
    };
    struct image_header header = { .kind = kind_of(bytes, length) };

    if (header.kind == IMAGE_NONE)
        return rw_error_set(err, RW_UNREADABLE, "",
                            "the file is no PNG, JPEG, PGM, TIFF, BMP or WebP picture");
    if (!readers[header.kind](bytes, length, &header))
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    if (header.several)
        return rw_error_set(err, RW_UNREADABLE, "",
                            "the file holds several pages; give each as a picture of its own");
    if (header.refusal != NULL)
        return rw_error_set(err, RW_UNREADABLE, "", "%s", header.refusal);
    if (header.width < 1 || header.height < 1)
        return rw_error_set(err, RW_UNREADABLE, "", "the picture has no pixels");
    if (header.width > PICTURE_SIDE_MAX || header.height > PICTURE_SIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "",
                            "the picture has %lld x %lld pixels; at most %d a side are read",
                            (long long)header.width, (long long)header.height, PICTURE_SIDE_MAX);
    if (header.width * header.height > PICTURE_PIXELS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "",
                            "the picture has %lld x %lld pixels; at most %d are read",
                            (long long)header.width, (long long)header.height, PICTURE_PIXELS_MAX);
    *ret_header = header;
    return true;
}

static bool decode_pgm(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                       struct picture *ret_picture, struct rw_error *err)
{
    struct pgm_header header;
    struct picture picture;

    if (!pgm_header_read(bytes, length, &header))
        return rw_error_set(err, RW_BUG, "", "a header was read once and not again");
    if (!picture_make(arena, (int32_t)header.width, (int32_t)header.height, &picture, err))
        return false;
    if (!pgm_decode(bytes, length, &header, &picture))
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    *ret_picture = picture;
    return true;
}

bool image_read(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                struct picture *ret_picture, struct rw_error *err)
{
    static bool (*const decoders[])(const uint8_t *, size_t, struct rw_arena *, struct picture *,
                                    struct rw_error *) = {
        [IMAGE_PNG] = png_pixels_decode, [IMAGE_JPEG] = jpeg_decode_grey,
        [IMAGE_PGM] = decode_pgm,        [IMAGE_TIFF] = tiff_pixels_decode,
        [IMAGE_BMP] = bmp_decode_grey,   [IMAGE_WEBP] = webp_decode_grey,
    };
    struct image_header header;
    struct picture picture;

    if (!image_header_read(bytes, length, &header, err) ||
        !decoders[header.kind](bytes, length, arena, &picture, err))
        return false;
    if (picture.width != header.width || picture.height != header.height)
        return rw_error_set(err, RW_UNREADABLE, "", "the picture's header contradicts its pixels");
    return upright_turn(&picture, upright_orientation(bytes, length), arena, ret_picture, err);
}
