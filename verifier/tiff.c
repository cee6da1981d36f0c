/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the folders of a TIFF file: sizes, pages, and where pixels lie. */
#include "verifier/tiff.h"

#include "core/model/picture.h"

#define HEADER_BYTES 8
#define ENTRY_BYTES 12
#define INLINE_BYTES 4      /* of a value that stands in its entry */
#define BITS_MAX 16         /* of a sample */
#define SMALL_COPY 1        /* NewSubfileType: a copy in reduced resolution */
#define WHOLE 1             /* SampleFormat: unsigned */
#define ALL_ROWS UINT32_MAX /* of RowsPerStrip: the picture is one strip */

enum type { TYPE_SHORT = 3, TYPE_LONG = 4 }; /* TIFF 6.0, section 2 */
enum tag {                                   /* TIFF 6.0, section 8, 15 and 19 */
           TAG_KIND = 254,
           TAG_WIDTH = 256,
           TAG_HEIGHT = 257,
           TAG_BITS = 258,
           TAG_STRIPS = 273,
           TAG_STRIP_ROWS = 278,
           TAG_STRIP_BYTES = 279,
           TAG_TILE_WIDTH = 322,
           TAG_TILE_HEIGHT = 323,
           TAG_TILES = 324,
           TAG_TILE_BYTES = 325,
           TAG_SAMPLES = 339,
};

struct tiff {
    const uint8_t *bytes;
    size_t length;
    bool little;
};
/* The values of one entry. */
struct values {
    size_t at;
    uint32_t count;
    int size; /* bytes of each */
};
struct page {
    struct tiff_header header;
    bool small_copy;
    int64_t strip_rows;
    int64_t tile_width;
    int64_t tile_height;
    struct values places; /* of strips or tiles, and how long they are */
    struct values lengths;
    size_t next; /* folder; 0 = none */
};

static uint32_t number(const struct tiff *tiff, size_t at, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | tiff->bytes[at + (size_t)(tiff->little ? count - 1 - i : i)];
    return value;
}

static uint32_t value_at(const struct tiff *tiff, const struct values *values, uint32_t index)
{
    return number(tiff, values->at + (size_t)index * (size_t)values->size, values->size);
}

/* False when the values are no whole numbers or lie outside the file. */
static bool find_values(const struct tiff *tiff, size_t entry, struct values *ret)
{
    uint32_t type = number(tiff, entry + 2, 2);
    struct values values = { .at = entry + 8, .count = number(tiff, entry + 4, 4) };

    values.size = type == TYPE_SHORT ? 2 : 4;
    if ((type != TYPE_SHORT && type != TYPE_LONG) || values.count < 1 ||
        values.count > TIFF_STRIPS_MAX)
        return false;
    size_t bytes = (size_t)values.count * (size_t)values.size;
    if (bytes > INLINE_BYTES)
        values.at = number(tiff, entry + 8, 4);
    *ret = values;
    return bytes <= tiff->length && values.at <= tiff->length - bytes;
}

static void take(const struct tiff *tiff, enum tag tag, const struct values *values,
                 struct page *page)
{
    uint32_t first = value_at(tiff, values, 0);

    if (tag == TAG_KIND)
        page->small_copy = first & SMALL_COPY;
    else if (tag == TAG_WIDTH)
        page->header.width = first;
    else if (tag == TAG_HEIGHT)
        page->header.height = first;
    else if (tag == TAG_BITS)
        page->header.fractional = page->header.fractional || first > BITS_MAX;
    else if (tag == TAG_SAMPLES)
        page->header.fractional = page->header.fractional || first != WHOLE;
    else if (tag == TAG_STRIP_ROWS)
        page->strip_rows = first == ALL_ROWS ? 0 : first;
    else if (tag == TAG_TILE_WIDTH)
        page->tile_width = first;
    else if (tag == TAG_TILE_HEIGHT)
        page->tile_height = first;
    else if (tag == TAG_STRIPS || tag == TAG_TILES)
        page->places = *values;
    else
        page->lengths = *values;
}

static bool is_known(uint32_t tag)
{
    return tag == TAG_KIND || tag == TAG_WIDTH || tag == TAG_HEIGHT || tag == TAG_BITS ||
           tag == TAG_STRIPS || tag == TAG_STRIP_ROWS || tag == TAG_STRIP_BYTES ||
           tag == TAG_TILE_WIDTH || tag == TAG_TILE_HEIGHT || tag == TAG_TILES ||
           tag == TAG_TILE_BYTES || tag == TAG_SAMPLES;
}

/* A library takes memory for a strip or a tile before it reads one: neither may have more pixels
 * than a picture. Sides of 32 bits do not overflow the product where the first is a picture's. */
static bool has_bounded_parts(const struct page *page)
{
    int64_t width = page->header.width;

    if (width > PICTURE_SIDE_MAX)
        return true; /* refused for that */
    return page->strip_rows * width <= PICTURE_PIXELS_MAX && page->tile_width <= PICTURE_SIDE_MAX &&
           page->tile_height <= PICTURE_SIDE_MAX &&
           page->tile_width * page->tile_height <= PICTURE_PIXELS_MAX;
}

/* One folder; false when it does not lie in the file. */
static bool read_folder(const struct tiff *tiff, size_t folder, struct page *ret)
{
    if (folder > tiff->length - 2)
        return false;
    size_t count = number(tiff, folder, 2);
    uint32_t before = 0;
    size_t end = folder + 2 + count * ENTRY_BYTES;
    if (count > TIFF_TAGS_MAX || end > tiff->length)
        return false;
    for (size_t entry = folder + 2; entry < end; entry += ENTRY_BYTES) {
        uint32_t tag = number(tiff, entry, 2);
        struct values values;
        if (!is_known(tag))
            continue;
        /* Tags ascend (TIFF 6.0, section 2): of two equal ones libtiff may take the other. */
        if (tag <= before || !find_values(tiff, entry, &values))
            return false;
        before = tag;
        take(tiff, (enum tag)tag, &values, ret);
    }
    ret->next = end + 4 <= tiff->length ? number(tiff, end, 4) : 0;
    return true;
}

/* Does every strip or tile lie in the file? Its length may be left out where there is but one. */
static bool has_pixels(const struct tiff *tiff, const struct page *page)
{
    if (page->lengths.count == 0)
        return true;
    if (page->places.count != page->lengths.count)
        return false;
    for (uint32_t i = 0; i < page->places.count; i++) {
        size_t at = value_at(tiff, &page->places, i);
        if (at > tiff->length || value_at(tiff, &page->lengths, i) > tiff->length - at)
            return false;
    }
    return true;
}

bool tiff_header_read(const uint8_t *bytes, size_t length, struct tiff_header *ret_header)
{
    const struct tiff tiff = { bytes, length, bytes[0] == 'I' };
    struct page page = { .places = { 0 } };
    struct page second = { .small_copy = true };

    if (length < HEADER_BYTES || !read_folder(&tiff, number(&tiff, 4, 4), &page) ||
        !has_bounded_parts(&page) || !has_pixels(&tiff, &page))
        return false;
    if (page.next != 0) {
        second.small_copy = false;
        if (!read_folder(&tiff, page.next, &second))
            return false;
    }
    *ret_header = page.header;
    ret_header->several = !second.small_copy;
    return true;
}
