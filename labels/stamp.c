/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers the dots of glyphs, since labels repeat their letters. */
#include "labels/stamp.h"

#include <assert.h>
#include <string.h>

#define SURELY_EMPTY 60 /* of 255 that are covered; as much left free is surely ink */

void stamp_cut_at_half(uint8_t *ink, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int32_t above = (ink[i] - SURELY_EMPTY) * UINT8_MAX / (UINT8_MAX - 2 * SURELY_EMPTY);
        ink[i] = (uint8_t)(above < 0 ? 0 : above > UINT8_MAX ? UINT8_MAX : above);
    }
}

static bool is_same(struct stamp_key one, struct stamp_key other)
{
    return one.id == other.id && one.size_um == other.size_um && one.font == other.font &&
           one.dpi == other.dpi && one.smooth == other.smooth && one.trace == other.trace &&
           one.quarters == other.quarters;
}

/* Where the key lies, or the free place where it would. A book is never more than half full. */
static size_t place_of(const struct stamp_book *book, struct stamp_key key)
{
    uint32_t hash = (uint32_t)key.id * 2654435761U ^ (uint32_t)key.size_um * 40503U ^
                    (uint32_t)key.font << 20 ^ (uint32_t)key.dpi << 8 ^ (uint32_t)key.smooth ^
                    (uint32_t)key.trace << 12 ^ (uint32_t)key.quarters << 16;
    size_t place = (hash ^ hash >> 15) % STAMP_ENTRIES;
    while (book->entries[place].taken && !is_same(book->entries[place].key, key))
        place = (place + 1) % STAMP_ENTRIES;
    return place;
}

bool stamp_find(const struct stamp_book *book, struct stamp_key key, struct stamp *ret_stamp)
{
    const struct stamp_entry *entry = &book->entries[place_of(book, key)];
    if (entry->taken)
        *ret_stamp = entry->stamp;
    return entry->taken;
}

static void empty(struct stamp_book *book)
{
    for (size_t i = 0; i < STAMP_ENTRIES; i++)
        book->entries[i].taken = false;
    book->count = 0;
    book->pool_used = 0;
}

uint8_t *stamp_make_room(struct stamp_book *book, int32_t width, int32_t height)
{
    size_t size = (size_t)width * (size_t)height;
    assert(width >= 0 && height >= 0 && size <= STAMP_POOL_BYTES);
    if (size > STAMP_POOL_BYTES - book->pool_used || book->count == STAMP_ENTRIES / 2)
        empty(book);
    uint8_t *room = book->pool + book->pool_used;
    memset(room, 0, size);
    book->pool_used += size;
    return room;
}

void stamp_keep(struct stamp_book *book, struct stamp_key key, const struct stamp *stamp)
{
    struct stamp_entry *entry = &book->entries[place_of(book, key)];
    assert(!entry->taken);
    *entry = (struct stamp_entry){ .key = key, .taken = true, .stamp = *stamp };
    book->count++;
}
