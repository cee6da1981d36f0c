/* SPDX-License-Identifier: Apache-2.0 */
/* Hands over what verify found of bags: pictures, glances and verdicts. */
#ifndef RW_CLI_VERIFY_OUT_H
#define RW_CLI_VERIFY_OUT_H

#include <stdbool.h>

#include "cli/verify_line.h"
#include "verifier/inspect.h"

/* Where pictures and verdicts go. With a service a bag is told as soon as it left the view. */
struct verify_out {
    const char *folder; /* NULL = none */
    const struct roll *roll;
    struct station *station;             /* NULL = no service */
    struct rw_arena *arena;              /* reset for each bag */
    const struct inspect_listener *next; /* hears first */
    struct inspect_listener listener;
    const struct inspect *inspect; /* set once it is open */
    int32_t *pictured;             /* of each bag: the view whose picture was told */
    struct rw_error fault;         /* of telling a bag that left the view; the first */
};

/* What is set: folder, roll, station, arena, next. `run` outlives the struct, which must not move
 * afterwards. */
RW_MUST_USE bool verify_out_begin(struct verify_out *out, struct rw_arena *run,
                                  struct rw_error *err);
/* At the film's end. Pictures with what was found in them: into the folder (bag-012.png) for the
 * bags that are not good; to the service go the verdict of every bag and its picture, unless that
 * was told before. */
RW_MUST_USE bool verify_out_hand_over(struct verify_out *out, const struct verdict_report *report,
                                      struct rw_error *err);

#endif
