/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what the console shows and no single table holds. */
#ifndef RW_DB_LOOKUPS_H
#define RW_DB_LOOKUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define LOOKUPS_MAX 500 /* rows of one of these lists */

/* A bag that waits for a person: the verdict that holds is not a pass. */
struct lookups_doubt {
    const char *roll;
    const char *serial;
    int64_t n;
    const char *verdict;
    const char *reason;
    const char *actor;
    int64_t at_ms;
    bool has_picture;
    const char *client_name;
    const char *pseudonym;
};
RW_MUST_USE bool lookups_doubts(const struct scope *scope, struct lookups_doubt **ret_doubts,
                                size_t *ret_count, struct rw_error *err);

/* What was said about one bag, the last first. */
struct lookups_verdict {
    int64_t at_ms;
    const char *actor;
    bool by_person;
    const char *verdict;
    const char *reason;
    struct conn_cell posted; /* as a line posted it; empty of a person's */
};
RW_MUST_USE bool lookups_verdicts(const struct scope *scope, const char *roll, const char *serial,
                                  struct lookups_verdict **ret_verdicts, size_t *ret_count,
                                  struct rw_error *err);

/* A line, what it holds, and the last bag it judged or saw there. A text is NULL where there is
 * none. */
struct lookups_line {
    const char *line_id;
    const char *roll; /* that it holds now */
    const char *serial;
    int64_t n;
    const char *verdict;
    const char *reason;
    int64_t at_ms;
    int64_t judged;  /* bags of the roll that have a verdict, or were seen on the running film */
    int64_t glances; /* of those, the ones that were seen */
    int64_t bags;
    int64_t doubts; /* of those, the ones that are not a pass */
    bool has_picture;
};
/* Of one line, or (line_id "") of all that have a certificate. */
RW_MUST_USE bool lookups_lines(const struct scope *scope, const char *line_id,
                               struct lookups_line **ret_lines, size_t *ret_count,
                               struct rw_error *err);

struct lookups_dispenser {
    const char *dispenser_id;
    int64_t heard_ms;  /* 0 = never */
    int64_t paused_ms; /* by its own button, or its client is away; 0 = neither */
    const char *roll;  /* NULL when it has none */
    const char *client_id;
    const char *pseudonym;
    int64_t waiting;  /* bags that are still to come */
    const char *next; /* planned time of the next */
    int64_t alarms;   /* that are open */
};
RW_MUST_USE bool lookups_dispensers(const struct scope *scope,
                                    struct lookups_dispenser **ret_dispensers, size_t *ret_count,
                                    struct rw_error *err);

/* Whom the alarms speak of: each client of one, once. */
struct lookups_person {
    const char *pseudonym;
    const char *client_id;
    const char *name; /* as printed on the last roll; "" = never printed */
};
RW_MUST_USE bool lookups_alarmed(const struct scope *scope, struct lookups_person **ret_persons,
                                 size_t *ret_count, struct rw_error *err);

/* One moment of a client, and what became of it. */
struct lookups_moment {
    const char *roll;
    int64_t n;
    const char *serial;
    const char *at;    /* planned time with its offset */
    const char *state; /* of the table moments */
    const char *cause; /* of the event that released it; "" = none */
    int64_t taken_ms;  /* by the dispenser's clock; 0 = not taken out */
    int64_t leaves_ms; /* before it nobody was to be handed the bag; 0 = nobody said */
    const char *dispenser_id;
};
/* Those planned from `from` to before `to` (days as texts of ISO 8601), oldest first. */
RW_MUST_USE bool lookups_moments(const struct scope *scope, const char *client_id, const char *from,
                                 const char *to, struct lookups_moment **ret_moments,
                                 size_t *ret_count, struct rw_error *err);

#endif
