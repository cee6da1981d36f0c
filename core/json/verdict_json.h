/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a report as rolwacht/report/1 and reads single verdicts back. */
#ifndef RW_CORE_JSON_VERDICT_JSON_H
#define RW_CORE_JSON_VERDICT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/verdict.h"

RW_MUST_USE bool verdict_json_write_report(const struct verdict_report *report,
                                           struct rw_arena *arena, const char **ret_bytes,
                                           size_t *ret_length, struct rw_error *err);
/* One bag's object, the body of PUT …/verdict: the member of "bags" with "serial", "fingerprint"
 * and "judged" beside it. */
RW_MUST_USE bool verdict_json_write_bag(const struct verdict_report *report, size_t index,
                                        struct rw_arena *arena, const char **ret_bytes,
                                        size_t *ret_length, struct rw_error *err);
/* What a verdict body says; the rest of the object is kept as text for the journal. */
struct verdict_posted {
    struct verdict_bag bag; /* n, serial, verdict, reasons */
    const char *fingerprint;
    bool judged_code;
    bool judged_order;
    bool judged_print;
    bool judged_pieces;
};
RW_MUST_USE bool verdict_json_read_bag(const char *bytes, size_t length, struct rw_arena *arena,
                                       struct verdict_posted *ret_posted, struct rw_error *err);

#endif
