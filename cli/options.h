/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the options that a program declares and reports its failures. */
#ifndef RW_CLI_OPTIONS_H
#define RW_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define OPTIONS_ARGUMENTS_MAX 100000 /* inputs on one command line */
#define OPTIONS_LINE_MAX 100         /* columns of a help line */

/* Exit statuses (CONTRACT of the commands; docs/ERRORS.md). */
enum options_exit {
    OPTIONS_GOOD = 0, /* done and good */
    OPTIONS_NOT_GOOD, /* a verdict is not "pass", a plan has a blocking finding */
    OPTIONS_USAGE,
    OPTIONS_INPUT, /* some input could not be read */
    OPTIONS_WORLD, /* file, network or database */
    OPTIONS_BUG
};

enum options_kind { OPTIONS_FLAG, OPTIONS_TEXT, OPTIONS_NUMBER, OPTIONS_DAY };

/* One option of a program. `target` is a bool, const char *, int64_t or int32_t (a day) by `kind`;
 * it keeps its value when the option is not given. `seen` may be NULL. */
struct options_row {
    const char *name; /* "from", given as --from; or "o" for -o */
    enum options_kind kind;
    void *target;
    bool *seen;
    const char *argument; /* "DATE" in the help; NULL for a flag */
    const char *help;
    int64_t min; /* of OPTIONS_NUMBER */
    int64_t max;
};

/* A program, its options and its text. The list of rows ends with a NULL name; --help, --version,
 * --quiet and --json are added by itself. */
struct options {
    const char *program; /* "rolwacht plan" */
    const char *summary; /* one sentence */
    const char *usage;   /* "[--from DATE] INPUT…" */
    const char *details; /* more help; lines are broken where they end; may be NULL */
    const struct options_row *rows;
    bool quiet;       /* set by reading */
    bool json;        /* set by reading */
    char **arguments; /* what is no option, in order; borrowed from argv */
    size_t argument_count;
};

/* Reads the command line. True: go on. False: stop with `ret_exit` (help and version give
 * OPTIONS_GOOD and have been printed; a mistake gives OPTIONS_USAGE and a sentence). */
RW_MUST_USE bool options_read(struct options *options, int argc, char **argv,
                              enum options_exit *ret_exit);

/* "rolwacht plan: FILE: /entry/3: sentence" on standard error. `place` may be NULL. */
void options_complain(const struct options *options, const char *place, const struct rw_error *err);
/* The same, and the exit status that belongs to the error. */
enum options_exit options_fail(const struct options *options, const char *place,
                               const struct rw_error *err);
/* Writes to standard output and tells a failed write (a full disk, a closed pipe) as an error. */
RW_MUST_USE bool options_print(const char *bytes, size_t length, struct rw_error *err);
/* The worse of two exit statuses, by the order 5, 4, 3, 2, 1, 0. */
enum options_exit options_worse(enum options_exit left, enum options_exit right);
/* --state DIR, or $XDG_STATE_HOME/rolwacht, or ~/.local/state/rolwacht; as root
 * /var/lib/rolwacht. Written into `room`. */
RW_MUST_USE bool options_state_folder(const char *given, char *room, size_t size,
                                      struct rw_error *err);

#endif
