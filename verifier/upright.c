/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a picture the way its camera was held. */
#include "verifier/upright.h"

#include <assert.h>
#include <string.h>

#define AS_STORED 1
#define LAST 8
#define TRANSPOSED 5 /* from here on rows are columns */
#define ORIENTATION_TAG 0x0112
#define SHORT_TYPE 3
#define ENTRY_BYTES 12
#define PNG_SIGNATURE_BYTES 8
#define PNG_CHUNK_BYTES 12
#define WEBP_START_BYTES 12
#define WEBP_CHUNK_BYTES 8

struct block {
    const uint8_t *bytes;
    size_t length;
};

static size_t number(const uint8_t *bytes, int count, bool little)
{
    size_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[little ? count - 1 - i : i];
    return value;
}

static bool starts_with(struct block block, const char *start, size_t length)
{
    return block.length >= length && memcmp(block.bytes, start, length) == 0;
}

/* The notes are laid out like a TIFF file: a byte order, and a folder of entries. */
static int noted(struct block notes)
{
    bool little = starts_with(notes, "II*\0", 4);

    if (notes.length < 8 || (!little && !starts_with(notes, "MM\0*", 4)))
        return AS_STORED;
    size_t folder = number(notes.bytes + 4, 4, little);
    if (folder > notes.length - 2)
        return AS_STORED;
    size_t count = number(notes.bytes + folder, 2, little);
    size_t at = folder + 2;
    for (size_t i = 0; i < count && i < UPRIGHT_TAGS_MAX; i++, at += ENTRY_BYTES) {
        if (notes.length - at < ENTRY_BYTES)
            return AS_STORED;
        const uint8_t *entry = notes.bytes + at;
        if (number(entry, 2, little) != ORIENTATION_TAG)
            continue;
        size_t orientation = number(entry + 8, 2, little);
        bool is_one = number(entry + 2, 2, little) == SHORT_TYPE && orientation <= LAST;
        return is_one && orientation > 0 ? (int)orientation : AS_STORED;
    }
    return AS_STORED;
}

/* The first segment APP1 that begins with Exif, before the picture's own ones. */
static struct block notes_of_jpeg(struct block file)
{
    size_t at = 2;
    for (int i = 0; i < UPRIGHT_PARTS_MAX && file.length - at > 4; i++) {
        uint8_t marker = file.bytes[at + 1];
        size_t size = number(file.bytes + at + 2, 2, false);
        if (file.bytes[at] != 0xFF || marker == 0xDA)
            break;
        if (marker == 0xFF) { /* a fill byte */
            at++;
            continue;
        }
        if (size < 2 || size > file.length - at - 2)
            break;
        struct block body = { file.bytes + at + 4, size - 2 };
        if (marker == 0xE1 && starts_with(body, "Exif\0", 6))
            return (struct block){ body.bytes + 6, body.length - 6 };
        at += 2 + size;
    }
    return (struct block){ 0 };
}

static struct block notes_of_png(struct block file)
{
    size_t at = PNG_SIGNATURE_BYTES;
    for (int i = 0; i < UPRIGHT_PARTS_MAX && file.length - at >= PNG_CHUNK_BYTES; i++) {
        size_t size = number(file.bytes + at, 4, false);
        if (size > file.length - at - PNG_CHUNK_BYTES)
            break;
        if (memcmp(file.bytes + at + 4, "eXIf", 4) == 0)
            return (struct block){ file.bytes + at + 8, size };
        at += PNG_CHUNK_BYTES + size;
    }
    return (struct block){ 0 };
}

static struct block notes_of_webp(struct block file)
{
    size_t at = WEBP_START_BYTES;
    for (int i = 0; i < UPRIGHT_PARTS_MAX && at <= file.length - WEBP_CHUNK_BYTES; i++) {
        size_t size = number(file.bytes + at + 4, 4, true);
        if (size > file.length - at - WEBP_CHUNK_BYTES)
            break;
        struct block body = { file.bytes + at + WEBP_CHUNK_BYTES, size };
        if (memcmp(file.bytes + at, "EXIF", 4) == 0)
            return starts_with(body, "Exif\0", 6)
                       ? (struct block){ body.bytes + 6, body.length - 6 }
                       : body;
        at += WEBP_CHUNK_BYTES + size + size % 2;
    }
    return (struct block){ 0 };
}

int upright_orientation(const uint8_t *bytes, size_t length)
{
    struct block file = { bytes, length };

    if (starts_with(file, "\xff\xd8\xff", 3))
        return noted(notes_of_jpeg(file));
    if (starts_with(file, "\x89PNG\r\n\x1a\n", PNG_SIGNATURE_BYTES))
        return noted(notes_of_png(file));
    if (starts_with(file, "RIFF", 4) && length > WEBP_START_BYTES + WEBP_CHUNK_BYTES)
        return noted(notes_of_webp(file));
    return noted(file); /* a TIFF file is notes all over; others have none */
}

/* Where the pixel above to the left comes from, and how far its right and its lower neighbour lie
 * from there. */
struct walk {
    const uint8_t *from;
    ptrdiff_t right;
    ptrdiff_t down;
};

static struct walk walk_of(const struct picture *stored, int orientation)
{
    bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    ptrdiff_t col = from_right ? -1 : 1;
    ptrdiff_t row = from_below ? -(ptrdiff_t)stored->stride : stored->stride;
    const uint8_t *from = stored->pixels;

    if (from_right)
        from += stored->width - 1;
    if (from_below)
        from += (ptrdiff_t)(stored->height - 1) * stored->stride;
    return orientation < TRANSPOSED ? (struct walk){ from, col, row }
                                    : (struct walk){ from, row, col };
}

bool upright_turn(const struct picture *stored, int orientation, struct rw_arena *arena,
                  struct picture *ret_picture, struct rw_error *err)
{
    bool is_transposed = orientation >= TRANSPOSED;
    int32_t width = is_transposed ? stored->height : stored->width;
    int32_t height = is_transposed ? stored->width : stored->height;
    struct picture turned;

    assert(orientation >= AS_STORED && orientation <= LAST);
    if (orientation == AS_STORED) {
        *ret_picture = *stored;
        return true;
    }
    if (!picture_make_room(arena, width, height, &turned, err))
        return false;
    turned.um_per_px_milli = stored->um_per_px_milli;
    const struct walk walk = walk_of(stored, orientation);
    for (int32_t y = 0; y < height; y++) {
        const uint8_t *from = walk.from + y * walk.down;
        uint8_t *row = turned.pixels + (ptrdiff_t)y * turned.stride;
        for (int32_t x = 0; x < width; x++)
            row[x] = from[x * walk.right];
    }
    *ret_picture = turned;
    return true;
}
