/* SPDX-License-Identifier: Apache-2.0 */
/* Builds, compares and cuts text without ever running over its end. */
#ifndef RW_CORE_BASE_TEXT_H
#define RW_CORE_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* Text under construction: a ceiling given at its birth and a sticky failure that is checked once
 * at the end. `bytes` is always NUL-terminated. It grows in its arena. */
struct rw_text {
    struct rw_arena *arena;
    char *bytes;
    size_t length;
    size_t room;
    size_t ceiling;
    enum rw_code failure; /* RW_OK, RW_TOO_LARGE or RW_NO_MEMORY; sticky */
};

void rw_text_init(struct rw_text *text, struct rw_arena *arena, size_t ceiling);
/* Makes room for `more` bytes at once where a text will be long. */
void rw_text_reserve(struct rw_text *text, size_t more);
/* For who fills in many bytes: room for so many behind the text, NULL when there is none; then how
 * many were filled, at most as many. */
char *rw_text_room(struct rw_text *text, size_t more);
void rw_text_took(struct rw_text *text, size_t length);
void rw_text_add(struct rw_text *text, const char *more);
void rw_text_add_n(struct rw_text *text, const char *bytes, size_t length);
void rw_text_add_char(struct rw_text *text, char one);
/* Text of a stranger for a terminal: control characters become spaces. */
void rw_text_add_plain(struct rw_text *text, const char *more);
void rw_text_add_int(struct rw_text *text, int64_t number);
/* The last `count` digits of the number, zeros in front, without a NUL. */
void rw_text_write_digits(char *room, uint32_t number, size_t count);
void rw_text_format(struct rw_text *text, const char *format, ...) RW_PRINTF(2, 3);
void rw_text_format_v(struct rw_text *text, const char *format, va_list list) RW_PRINTF(2, 0);
/* Gives the finished text (borrowed from the arena), or the sticky failure as an error. */
RW_MUST_USE bool rw_text_finish(const struct rw_text *text, const char **ret_text,
                                struct rw_error *err);

/* Both NULL counts as equal. Most texts that differ do so in their first byte, which is looked at
 * here: half of a document's names are compared with each name that is asked for. */
static inline bool rw_text_equal(const char *left, const char *right)
{
    if (left == right)
        return true;
    return left != NULL && right != NULL && left[0] == right[0] && strcmp(left, right) == 0;
}
bool rw_text_starts_with(const char *text, const char *start);
bool rw_text_ends_with(const char *text, const char *end);
/* Compares ASCII letters without case; other bytes must be the same. */
bool rw_text_equal_nocase(const char *left, const char *right);
bool rw_text_is_digits(const char *text);                /* at least one digit, nothing else */
bool rw_text_is_ascii(const char *bytes, size_t length); /* nothing else and no NUL inside */
bool rw_text_is_utf8(const char *bytes, size_t length);  /* well-formed, no NUL inside */
/* For tables in memory that remember bytes: it differs from machine to machine. */
uint64_t rw_text_hash(const void *bytes, size_t length);
/* Copies into a fixed buffer and cuts at a character; false when it had to cut. */
bool rw_text_copy(char *room, size_t room_size, const char *text);
/* Reads a whole decimal integer without sign of plus or spaces; false when it is none or is out
 * of [min, max]. */
bool rw_text_to_int(const char *text, int64_t min, int64_t max, int64_t *ret_number);

#endif
