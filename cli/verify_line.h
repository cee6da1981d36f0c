/* SPDX-License-Identifier: Apache-2.0 */
/* What `verify` does on a packaging line: enrol, name the roll, post. */
#ifndef RW_CLI_VERIFY_LINE_H
#define RW_CLI_VERIFY_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "core/model/verdict.h"
#include "verifier/reader.h"
#include "verifier/station.h"

struct verify_line_wishes {
    const char *server;  /* NULL = no service */
    const char *line;    /* the id that this machine should have; NULL = whatever it has */
    const char *code;    /* enrol first */
    const char *ca_file; /* for enrolling */
};

/* A PNG file; `bytes` is NULL when there is none. */
struct png_bytes {
    const uint8_t *bytes;
    size_t length;
};

RW_MUST_USE bool verify_line_open(const struct verify_line_wishes *wishes, const char *state,
                                  const struct rw_clock *clock, struct rw_arena *arena,
                                  struct station **ret_station, struct rw_error *err);
/* Enrols a machine that is given no picture yet, and prints as which line. */
enum options_exit verify_line_enrol(const struct verify_line_wishes *wishes, const char *state,
                                    const struct options *options);
/* Says on standard error when the certificate of this line has ended. */
void verify_line_check(const struct station *station, const struct options *options);
/* After a film whose verdicts were sent: the next certificate, when it is time. What comes of it is
 * said on standard error and changes nothing else. */
void verify_line_renew(struct station *station, const struct options *options);
/* Nine digits, else RW_USAGE. */
RW_MUST_USE bool verify_line_number(const char *text, char ret_number[ROLL_NUMBER_MAX],
                                    struct rw_error *err);
/* The roll that a code of ours belongs to; false = it is none of ours. */
bool verify_line_number_of(const struct reading *reading, char ret_number[ROLL_NUMBER_MAX]);
/* What the service holds of this roll, or held when it was asked last. */
RW_MUST_USE bool verify_line_fetch(struct station *station, const char *number,
                                   struct rw_arena *arena, struct roll **ret_roll,
                                   struct station_roll *ret_given, struct rw_error *err);
/* From here on the service is told; says on standard error what the operator has to know: a run
 * that did not end, and what is not known without a network. */
RW_MUST_USE bool verify_line_begin(struct station *station, const struct roll *roll,
                                   const struct station_roll *given, const struct options *options,
                                   struct rw_error *err);
/* A roll that was judged without a network is asked for once more; while it cannot be, no verdict
 * is better than unsure. RW_CONFLICT when it is another by now. */
RW_MUST_USE bool verify_line_confirm(struct station *station, const struct roll *roll,
                                     const struct options *options, struct verdict_report *report,
                                     struct rw_error *err);
/* A report of one bag whose place in the order is not known yet. */
struct verdict_report verify_line_glance(const struct roll *roll, struct verdict_bag *bag);
/* One bag's glance or verdict, and its picture if there is one. */
RW_MUST_USE bool verify_line_tell(struct station *station, enum spool_kind kind,
                                  const struct verdict_report *report, size_t index,
                                  const struct png_bytes *png, struct rw_arena *arena,
                                  struct rw_error *err);

#endif
