/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what lines and people decide about bags. */
#ifndef RW_API_JUDGE_H
#define RW_API_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "db/bags.h"
#include "db/scope.h"

struct service;

#define JUDGE_REASON_MAX 500

/* What a line saw: the body of PUT …/verdict, for the bag that the path names. RW_CONFLICT when it
 * was judged against another version of the roll. The last good bag makes the roll verified. A
 * glance says what code and print look like before the place in the order is known: it is shown,
 * and is no verdict; one that is not good holds up a release until the verdict comes. */
struct judge_posted {
    const char *roll;
    const char *serial;
    const char *bytes;
    size_t length;
    bool is_glance; /* the body of PUT …/glance: seen while the film still ran */
};
/* Whoever watches the line is woken under this key; no device's id has a colon. */
#define JUDGE_LINE_KEY "line:%.59s"
RW_MUST_USE bool judge_by_line(struct service *service, const struct scope *who,
                               const struct judge_posted *posted, struct step *ret_step,
                               struct rw_error *err);

/* What a named person decides about a bag in doubt ("pass" or "fail"), or that this person counted
 * the whole roll (`serial` NULL). The reason is in that person's words. */
struct judge_decision {
    const char *roll;
    const char *serial;
    const char *verdict;
    const char *reason;
};
RW_MUST_USE bool judge_by_person(struct service *service, const struct scope *who,
                                 const struct judge_decision *decision, struct step *ret_step,
                                 struct rw_error *err);

/* A picture of a bag that belongs to the roll, kept for complaints. */
RW_MUST_USE bool judge_keep_picture(struct service *service, const struct scope *who,
                                    struct bags_picture *picture, struct rw_error *err);

#endif
