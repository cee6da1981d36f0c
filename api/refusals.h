/* SPDX-License-Identifier: Apache-2.0 */
/* Counts strangers, so that a flood is a few rows of the journal. */
#ifndef RW_API_REFUSALS_H
#define RW_API_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/listen.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define REFUSALS_ADDRESSES_MAX 64 /* told apart within a minute; more are counted together */
#define REFUSALS_SPAN_MS 60000
#define REFUSALS_ROWS_MAX (REFUSALS_ADDRESSES_MAX + 1)

/* Who shows a token or a certificate that is not valid. The first of an address is written down at
 * once, how many followed within a minute when that is over. Of each node its own. */
struct refusals;

struct refusals_row {
    char source[LISTEN_PEER_MAX]; /* REFUSALS_OTHERS for those counted together */
    int64_t count;                /* of those that followed the first */
};
#define REFUSALS_OTHERS "others"

RW_MUST_USE bool refusals_open(struct rw_arena *arena, struct refusals **ret_refusals,
                               struct rw_error *err);
void refusals_close(struct refusals *refusals);
/* Counts one more; `now_ms` is monotonic. True when it is the first of its minute; `ret_source` is
 * under what it was counted. */
bool refusals_add(struct refusals *refusals, const char *source, int64_t now_ms,
                  const char **ret_source);
/* Forgets the minutes that are over, all of them where `now_ms` is INT64_MAX, and gives those in
 * which somebody followed the first. */
size_t refusals_take(struct refusals *refusals, int64_t now_ms,
                     struct refusals_row ret_rows[REFUSALS_ROWS_MAX]);

#endif
