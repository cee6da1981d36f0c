/* SPDX-License-Identifier: Apache-2.0 */
/* Gives memory to one unit of work and takes it all back at once. */
#ifndef RW_CORE_BASE_ARENA_H
#define RW_CORE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

/* One arena per unit of work (request, plan, frame, test), with a ceiling given at its birth.
 * What it gives is zeroed, aligned for any type, and is never freed singly. Not thread-safe. */
struct rw_arena;

#define RW_ARENA_KIB ((size_t)1024)
#define RW_ARENA_MIB ((size_t)1024 * 1024)

/* `ceiling` in bytes of what may be handed out in all. NULL only when the system has no memory.
 * An arena with ceiling 0 is valid and refuses every request. */
RW_MUST_USE struct rw_arena *rw_arena_open(size_t ceiling);
/* Frees the arena and all it gave. NULL is allowed. */
void rw_arena_close(struct rw_arena *arena);
/* Forgets all it gave and keeps the arena for the next unit of work. */
void rw_arena_reset(struct rw_arena *arena);
/* Bytes handed out since the opening or the last reset. */
size_t rw_arena_used(const struct rw_arena *arena);

/* Zeroed memory, or NULL with RW_NO_MEMORY in `err`. A size of 0 gives a valid pointer. */
RW_MUST_USE void *rw_arena_alloc(struct rw_arena *arena, size_t size, struct rw_error *err);
/* count * size with the product checked for overflow. */
RW_MUST_USE void *rw_arena_array(struct rw_arena *arena, size_t count, size_t size,
                                 struct rw_error *err);
/* The same, but what lies in it is not known: for large room that is written before it is read. */
RW_MUST_USE void *rw_arena_room(struct rw_arena *arena, size_t count, size_t size,
                                struct rw_error *err);
/* A NUL-terminated copy. */
RW_MUST_USE char *rw_arena_text(struct rw_arena *arena, const char *text, struct rw_error *err);
RW_MUST_USE char *rw_arena_text_n(struct rw_arena *arena, const char *bytes, size_t length,
                                  struct rw_error *err);
RW_MUST_USE char *rw_arena_format(struct rw_arena *arena, struct rw_error *err, const char *format,
                                  ...) RW_PRINTF(3, 4);
/* Grows a list that lives in the arena, so that one element more than `count` fits. `list` is the
 * address of the list's pointer, `*room` its room in elements of `size` bytes.
 * Refuses (RW_TOO_LARGE) to hold more than `max` elements. */
RW_MUST_USE bool rw_arena_grow(struct rw_arena *arena, void *list, size_t *room, size_t count,
                               size_t size, size_t max, struct rw_error *err);

/* Before a loop that is RW_UNWATCHED goes along a row, of an arena or not: where a byte of it may
 * not be touched, this ends the program with the address sanitizer's report. */
#ifdef RW_ADDRESS_SANITIZER
void rw_arena_read_over(const void *row, size_t length);
#else
static inline void rw_arena_read_over(const void *row, size_t length)
{
    (void)row, (void)length;
}
#endif

#endif
