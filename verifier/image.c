/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the bytes of a picture file into a grey picture. */
#include "verifier/image.h"

#include <ctype.h>
#include <string.h>

#include "verifier/vision.h"

#define PNG_HEADER_BYTES 24
#define BMP_HEADER_BYTES 26
#define TIFF_WIDTH 256 /* tags of TIFF 6.0 */
#define TIFF_HEIGHT 257
#define TIFF_KIND 254     /* NewSubfileType … */
#define TIFF_SMALL_COPY 1 /* … of a copy in reduced resolution */
#define TIFF_SHORT 3
#define TIFF_LONG 4
#define JPEG_SEGMENTS_MAX 4096 /* before the frame header */

struct tiff {
    const uint8_t *bytes;
    size_t length;
    uint32_t (*number)(const uint8_t *, int);
};
struct tiff_page {
    int64_t width;
    int64_t height;
    bool small_copy;
    size_t next; /* folder; 0 = none */
};

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

static bool read_png(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    if (length < PNG_HEADER_BYTES || memcmp(bytes + 12, "IHDR", 4) != 0)
        return false;
    ret->width = big_endian(bytes + 16, 4);
    ret->height = big_endian(bytes + 20, 4);
    return true;
}

static bool read_bmp(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    if (length < BMP_HEADER_BYTES)
        return false;
    if (little_endian(bytes + 14, 4) == 12) { /* the OS/2 header has short sides */
        ret->width = little_endian(bytes + 18, 2);
        ret->height = little_endian(bytes + 20, 2);
        return true;
    }
    int32_t height = (int32_t)little_endian(bytes + 22, 4);
    ret->width = (int32_t)little_endian(bytes + 18, 4);
    ret->height = height < 0 ? -(int64_t)height : height; /* negative: rows from the top */
    return true;
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

/* A decimal number after blanks and comments. */
static bool read_pgm_number(const uint8_t *bytes, size_t length, size_t *at, int64_t *ret)
{
    while (*at < length && (isspace(bytes[*at]) || bytes[*at] == '#')) {
        if (bytes[*at] == '#')
            while (*at < length && bytes[*at] != '\n')
                (*at)++;
        else
            (*at)++;
    }
    int64_t value = 0;
    size_t start = *at;
    while (*at < length && isdigit(bytes[*at]) && *at - start < 9) {
        value = value * 10 + (bytes[*at] - '0');
        (*at)++;
    }
    *ret = value;
    return *at > start;
}

static bool read_pgm(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    size_t at = 2;
    int64_t white = 0;
    if (!read_pgm_number(bytes, length, &at, &ret->width) ||
        !read_pgm_number(bytes, length, &at, &ret->height) ||
        !read_pgm_number(bytes, length, &at, &white) || white < 1 || white > 65535)
        return false;
    if (ret->width > PICTURE_SIDE_MAX || ret->height > PICTURE_SIDE_MAX || bytes[1] != '5')
        return true;
    int64_t sample = white > 255 ? 2 : 1;
    return (int64_t)(length - at) > ret->width * ret->height * sample; /* and one blank */
}

/* One folder of a TIFF file; false when it does not lie in the file. */
static bool read_tiff_folder(const struct tiff *tiff, size_t folder, struct tiff_page *ret)
{
    if (folder > tiff->length - 2)
        return false;
    size_t count = tiff->number(tiff->bytes + folder, 2);
    if (count > IMAGE_TIFF_TAGS_MAX || folder + 2 + count * 12 > tiff->length)
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry = tiff->bytes + folder + 2 + i * 12;
        uint32_t tag = tiff->number(entry, 2);
        uint32_t type = tiff->number(entry + 2, 2);
        if (tag != TIFF_WIDTH && tag != TIFF_HEIGHT && tag != TIFF_KIND)
            continue;
        if (type != TIFF_SHORT && type != TIFF_LONG)
            return false;
        int64_t value = tiff->number(entry + 8, type == TIFF_SHORT ? 2 : 4);
        if (tag == TIFF_WIDTH)
            ret->width = value;
        else if (tag == TIFF_HEIGHT)
            ret->height = value;
        else
            ret->small_copy = value & TIFF_SMALL_COPY;
    }
    size_t end = folder + 2 + count * 12;
    ret->next = end + 4 <= tiff->length ? tiff->number(tiff->bytes + end, 4) : 0;
    return true;
}

static bool read_tiff(const uint8_t *bytes, size_t length, struct image_header *ret)
{
    const struct tiff tiff = { bytes, length, bytes[0] == 'I' ? little_endian : big_endian };
    struct tiff_page page = { 0 };
    struct tiff_page second = { .small_copy = true };

    if (length < 8 || !read_tiff_folder(&tiff, tiff.number(bytes + 4, 4), &page))
        return false;
    ret->width = page.width;
    ret->height = page.height;
    if (page.next != 0) {
        second.small_copy = false;
        if (!read_tiff_folder(&tiff, page.next, &second))
            return false;
    }
    ret->several = !second.small_copy;
    return true;
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
        [IMAGE_TIFF] = read_tiff, [IMAGE_BMP] = read_bmp,
    };
    struct image_header header = { .kind = kind_of(bytes, length) };

    if (header.kind == IMAGE_NONE)
        return rw_error_set(err, RW_UNREADABLE, "",
                            "the file is no PNG, JPEG, PGM, TIFF or BMP picture");
    if (!readers[header.kind](bytes, length, &header))
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    if (header.several)
        return rw_error_set(err, RW_UNREADABLE, "",
                            "the file holds several pages; give each as a picture of its own");
    if (header.width < 1 || header.height < 1)
        return rw_error_set(err, RW_UNREADABLE, "", "the picture has no pixels");
    if (header.width > PICTURE_SIDE_MAX || header.height > PICTURE_SIDE_MAX ||
        header.width * header.height > PICTURE_PIXELS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "",
                            "the picture has %lld x %lld pixels; at most %d are read",
                            (long long)header.width, (long long)header.height, PICTURE_PIXELS_MAX);
    *ret_header = header;
    return true;
}

bool image_read(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                struct picture *ret_picture, struct rw_error *err)
{
    struct image_header header;
    struct picture picture;

    if (!image_header_read(bytes, length, &header, err) ||
        !vision_decode(bytes, length, arena, &picture, err))
        return false;
    if (picture.width != header.width || picture.height != header.height)
        return rw_error_set(err, RW_UNREADABLE, "", "the picture's header contradicts its pixels");
    *ret_picture = picture;
    return true;
}
