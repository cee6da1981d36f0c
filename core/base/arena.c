/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts memory from blocks that are freed together. */
#include "core/base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef RW_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

#define ARENA_ALIGN _Alignof(max_align_t)
#define ARENA_BLOCK_MIN ((size_t)1 * 1024) /* small units of work stay small */
#define ARENA_FORMAT_SMALL 256             /* longer texts are formatted twice */
#define ARENA_BLOCK_MAX ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *older;
    size_t room;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct rw_arena {
    unsigned char *next; /* what is given next, in the newest block */
    size_t left;         /* that may be given from there, whole steps of ARENA_ALIGN */
    struct arena_block *newest;
    size_t ceiling;
    size_t older_used; /* given from the blocks before the newest */
    size_t next_room;
};

/* To the address sanitizer a block is one piece of memory for as long as it is kept. Told what of
 * it is given, it finds who reaches beyond, and who holds on to what was given before a reset. */
static void watch(void *bytes, size_t length, bool given)
{
#ifdef RW_ADDRESS_SANITIZER
    if (given)
        __asan_unpoison_memory_region(bytes, length);
    else
        __asan_poison_memory_region(bytes, length);
#else
    (void)bytes, (void)length, (void)given;
#endif
}

#ifdef RW_ADDRESS_SANITIZER
void rw_arena_read_over(const void *row, size_t length)
{
    const volatile char *outside = __asan_region_is_poisoned((void *)(uintptr_t)row, length);
    if (outside != NULL)
        (void)*outside;
}
#endif

struct rw_arena *rw_arena_open(size_t ceiling)
{
    struct rw_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        return NULL;
    arena->ceiling = ceiling;
    arena->next_room = ARENA_BLOCK_MIN;
    return arena;
}

static void free_blocks(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void rw_arena_close(struct rw_arena *arena)
{
    if (arena == NULL)
        return;
    free_blocks(arena->newest);
    free(arena);
}

/* Given from the newest block. */
static size_t newest_used(const struct rw_arena *arena)
{
    return arena->newest != NULL ? (size_t)(arena->next - arena->newest->bytes) : 0;
}

size_t rw_arena_used(const struct rw_arena *arena)
{
    return arena->older_used + newest_used(arena);
}

/* Begins at the start of the newest block. */
static void enter_block(struct rw_arena *arena)
{
    const size_t within = (arena->ceiling - arena->older_used) / ARENA_ALIGN * ARENA_ALIGN;
    arena->next = arena->newest->bytes;
    arena->left = arena->newest->room < within ? arena->newest->room : within;
}

void rw_arena_reset(struct rw_arena *arena)
{
    struct arena_block *kept = arena->newest;
    if (kept == NULL)
        return;
    free_blocks(kept->older);
    kept->older = NULL;
    watch(kept->bytes, newest_used(arena), true);
    memset(kept->bytes, 0, newest_used(arena));
    watch(kept->bytes, newest_used(arena), false);
    arena->older_used = 0;
    enter_block(arena);
}

static bool refuse(const struct rw_arena *arena, size_t size, struct rw_error *err)
{
    return rw_error_set(err, RW_NO_MEMORY, "",
                        "%zu bytes more are beyond the ceiling of %zu bytes of this work", size,
                        arena->ceiling);
}

static bool add_block(struct rw_arena *arena, size_t size, struct rw_error *err)
{
    const size_t used = rw_arena_used(arena);
    size_t room = size > arena->next_room ? size : arena->next_room;
    struct arena_block *block = calloc(1, sizeof *block + room);
    if (block == NULL)
        return refuse(arena, size, err);
    watch(block->bytes, room, false);
    block->room = room;
    block->older = arena->newest;
    arena->newest = block;
    arena->older_used = used;
    enter_block(arena);
    if (arena->next_room < ARENA_BLOCK_MAX)
        arena->next_room *= 2;
    return true;
}

static size_t round_up(size_t size)
{
    return (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
}

/* A request that the newest block has no room for. */
static bool make_room(struct rw_arena *arena, size_t size, struct rw_error *err)
{
    if (size > SIZE_MAX / 2 || round_up(size) > arena->ceiling - rw_arena_used(arena))
        return refuse(arena, size, err);
    if (!add_block(arena, round_up(size), err))
        return false;
    assert(round_up(size) <= arena->left && rw_arena_used(arena) <= arena->ceiling);
    return true;
}

void *rw_arena_alloc(struct rw_arena *arena, size_t size, struct rw_error *err)
{
    size += size == 0; /* even an empty request gets an address of its own */
    if (size > arena->left && !make_room(arena, size, err))
        return NULL;
    unsigned char *given = arena->next;
    watch(given, size, true);
    arena->next += round_up(size);
    arena->left -= round_up(size);
    return given;
}

void *rw_arena_array(struct rw_arena *arena, size_t count, size_t size, struct rw_error *err)
{
    if (size != 0 && count > SIZE_MAX / size) {
        (void)refuse(arena, SIZE_MAX, err);
        return NULL;
    }
    return rw_arena_alloc(arena, count * size, err);
}

/* A block of its own, behind the newest, which goes on serving smaller requests. */
static void *give_block(struct rw_arena *arena, size_t size, struct rw_error *err)
{
    struct arena_block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        (void)refuse(arena, size, err);
        return NULL;
    }
    block->room = size;
    block->older = arena->newest->older;
    arena->newest->older = block;
    arena->older_used += size;
    const size_t within = (arena->ceiling - rw_arena_used(arena)) / ARENA_ALIGN * ARENA_ALIGN;
    arena->left = arena->left < within ? arena->left : within;
    return block->bytes;
}

void *rw_arena_room(struct rw_arena *arena, size_t count, size_t size, struct rw_error *err)
{
    bool is_sound = size == 0 || count <= SIZE_MAX / 2 / size;
    if (!is_sound || count * size < ARENA_BLOCK_MAX || arena->newest == NULL)
        return rw_arena_array(arena, count, size, err);
    if (round_up(count * size) > arena->ceiling - rw_arena_used(arena)) {
        (void)refuse(arena, count * size, err);
        return NULL;
    }
    return give_block(arena, round_up(count * size), err);
}

char *rw_arena_text_n(struct rw_arena *arena, const char *bytes, size_t length,
                      struct rw_error *err)
{
    char *copy = length < SIZE_MAX ? rw_arena_alloc(arena, length + 1, err) : NULL;
    if (copy != NULL && length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *rw_arena_text(struct rw_arena *arena, const char *text, struct rw_error *err)
{
    return rw_arena_text_n(arena, text, strlen(text), err);
}

char *rw_arena_format(struct rw_arena *arena, struct rw_error *err, const char *format, ...)
{
    char small[ARENA_FORMAT_SMALL];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(small, sizeof small, format, list);
    va_end(list);
    if (length < 0) {
        (void)rw_error_set(err, RW_BUG, "", "a text could not be formatted");
        return NULL;
    }
    if ((size_t)length < sizeof small)
        return rw_arena_text_n(arena, small, (size_t)length, err);
    char *text = rw_arena_alloc(arena, (size_t)length + 1, err);
    if (text == NULL)
        return NULL;
    va_start(list, format);
    (void)vsnprintf(text, (size_t)length + 1, format, list); /* its length was just measured */
    va_end(list);
    return text;
}

bool rw_arena_grow(struct rw_arena *arena, void *list, size_t *room, size_t count, size_t size,
                   size_t max, struct rw_error *err)
{
    assert(count <= *room);
    if (count >= max)
        return rw_error_set(err, RW_TOO_LARGE, "", "a list holds at most %zu entries", max);
    if (count < *room)
        return true;
    size_t wanted = *room < 8 ? 8 : *room <= max / 2 ? *room * 2 : max;
    if (wanted > max)
        wanted = max;
    void *larger = rw_arena_array(arena, wanted, size, err);
    if (larger == NULL)
        return false;
    /* The list may be of any pointer type: its pointer is moved as bytes. */
    void *old;
    memcpy(&old, list, sizeof old);
    if (count > 0)
        memcpy(larger, old, count * size);
    memcpy(list, &larger, sizeof larger);
    *room = wanted;
    return true;
}
