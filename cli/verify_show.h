/* SPDX-License-Identifier: Apache-2.0 */
/* Says what `verify` finds while the film still runs, and stops it. */
#ifndef RW_CLI_VERIFY_SHOW_H
#define RW_CLI_VERIFY_SHOW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/options.h"
#include "core/base/arena.h"
#include "core/model/roll.h"
#include "verifier/inspect.h"

#define VERIFY_SHOW_HOOKS_MAX 64 /* that run at one time */
#define VERIFY_SHOW_WAIT_MS 5000 /* for hooks, at the end */

/* Three ears: a line that changes on a terminal, JSON lines on standard output, and a command that
 * is run for each fail. */
struct verify_show {
    const struct options *options;
    const struct roll *roll;
    const char *on_stop; /* NULL = no command */
    bool lines;          /* JSON lines */
    bool live;           /* standard error is a terminal */
    struct rw_arena *arena;
    enum verdict *told; /* of each bag of the roll; undecided = nobody heard of it yet */
    struct inspect_listener listener;
    int32_t counts[VERDICT_COUNT];
    int32_t strangers;
    bool is_blind;  /* the camera is gone */
    size_t waiting; /* verdicts and pictures that the service has not yet */
    pid_t hooks[VERIFY_SHOW_HOOKS_MAX];
    size_t hook_count;
    bool hook_failed;
    struct rw_error fault; /* of writing; the first */
};

/* What is set: options, roll, on_stop, lines, arena. `run` outlives the struct, which must not move
 * afterwards. */
RW_MUST_USE bool verify_show_begin(struct verify_show *show, struct rw_arena *run,
                                   struct rw_error *err);
/* A picture could not be read; the next ones are judged all the same. */
void verify_show_fault(const struct verify_show *show, const char *name,
                       const struct rw_error *fault);
/* The camera is gone, and the fault may say why: the strip is stopped, as bags may pass unseen. */
void verify_show_gone(struct verify_show *show, const struct rw_error *fault);
/* The film ends before its own end: bags that are missing may lie on what was not recorded. */
void verify_show_broken(const struct verify_show *show, const struct rw_error *fault);
/* Says that a camera took more pictures than came. */
void verify_show_lost(const struct verify_show *show, int64_t count);
/* After each frame. */
void verify_show_frame(struct verify_show *show, const char *name);
/* The film's end: what is known only now (bags still in the view, missing bags, order) is told. */
void verify_show_rest(struct verify_show *show, const struct verdict_report *report);
/* How the roll came out; waits for the commands. False: a command or a write failed, and `err` says
 * which. */
RW_MUST_USE bool verify_show_end(struct verify_show *show, const struct verdict_report *report,
                                 struct rw_error *err);

#endif
