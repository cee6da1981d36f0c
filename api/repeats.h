/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what comes again and again, so that a flood is a few rows. */
#ifndef RW_API_REPEATS_H
#define RW_API_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define REPEATS_KEYS_MAX 64 /* told apart within a minute; more are counted together */
#define REPEATS_KEY_MAX 160
#define REPEATS_SPAN_MS 60000
#define REPEATS_ROWS_MAX (REPEATS_KEYS_MAX + 1)

/* Who shows a token or a certificate that is not valid, by address, and what is complained of in
 * the log. The first of a key is written down at once, how many followed within a minute when that
 * is over. Of each node its own. Thread-safe. */
struct repeats;

struct repeats_row {
    char key[REPEATS_KEY_MAX]; /* REPEATS_OTHERS for those counted together */
    int64_t count;             /* of those that followed the first */
};
#define REPEATS_OTHERS "others"

RW_MUST_USE bool repeats_open(struct rw_arena *arena, struct repeats **ret_repeats,
                              struct rw_error *err);
void repeats_close(struct repeats *repeats);
/* Counts one more; `now_ms` is monotonic. True when it is the first of its minute; `ret_key` is
 * under what it was counted. */
bool repeats_add(struct repeats *repeats, const char *key, int64_t now_ms, const char **ret_key);
/* Forgets the minutes that are over, all of them where `now_ms` is INT64_MAX, and gives those in
 * which somebody followed the first. */
size_t repeats_take(struct repeats *repeats, int64_t now_ms,
                    struct repeats_row ret_rows[REPEATS_ROWS_MAX]);

#endif
