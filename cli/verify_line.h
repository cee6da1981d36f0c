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
/* Nine digits, else RW_USAGE. */
RW_MUST_USE bool verify_line_number(const char *text, char ret_number[ROLL_NUMBER_MAX],
                                    struct rw_error *err);
/* The roll that a code of ours belongs to; false = it is none of ours. */
bool verify_line_number_of(const struct reading *reading, char ret_number[ROLL_NUMBER_MAX]);
/* One bag's verdict, and its picture if there is one. */
RW_MUST_USE bool verify_line_post(struct station *station, const struct verdict_report *report,
                                  size_t index, const struct png_bytes *png, struct rw_arena *arena,
                                  struct rw_error *err);

#endif
