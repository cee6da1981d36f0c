/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an order file and writes down what its lines mean. */
#ifndef RW_TESTS_UNIT_ROLL_BUILDER_JUDGED_H
#define RW_TESTS_UNIT_ROLL_BUILDER_JUDGED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model/order.h"

#define JUDGED_FILE_MAX 8192 /* bytes of a file that is put together from pieces */
#define JUDGED_TEXT_MAX 1024 /* bytes of what a line means */

/* What was read; one arena for all of it. */
struct judged {
    struct rw_arena *arena;
    struct rw_zone *zone;
    struct order_list list;
    struct rw_error err;
    bool done;
};

void judged_read(struct judged *judged, const char *bytes, size_t length);
void judged_close(struct judged *judged);

/* Monday 2026-11-23 and the days after it. A plan is "23 08:00 1000, 18:00 500; 24 08:00 1000", an
 * empty one "nothing"; a refusal "! D9 malformed-input /meds/0". */
void judged_line(struct judged *judged, size_t index, int days, char ret_text[JUDGED_TEXT_MAX]);
/* How many intakes a planned line has in so many days. */
size_t judged_count(struct judged *judged, size_t index, int days);
/* A piece of a file and what its only line means on Monday and the day after. */
struct judged_row {
    const char *piece;
    const char *expected;
};
/* Checks each piece between `start` and `end`. */
void judged_rows(const char *start, const char *end, const struct judged_row *rows, size_t count);
/* Does judging the line raise this finding? */
bool judged_has(struct judged *judged, size_t index, const char *id, const char *reason);

#endif
