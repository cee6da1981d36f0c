/* SPDX-License-Identifier: Apache-2.0 */
/* Plans a roll from the orders that are kept of a client. */
#ifndef RW_API_PREPARE_H
#define RW_API_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/model/roll.h"
#include "db/rolls.h"
#include "db/scope.h"

struct service;

struct prepare_request {
    const char *client;
    int32_t from; /* day */
    int32_t days;
    const char *replaces; /* roll number, or NULL */
};
struct prepare_result {
    const struct roll *roll;
    bool blocked; /* a finding of severity B: nothing was kept */
    struct rolls_document document;
};

/* The number is reserved with the roll itself: no two rolls ever share one. RW_NOT_FOUND when
 * nothing was received for the client. */
RW_MUST_USE bool prepare_roll(struct service *service, const struct scope *who,
                              const struct prepare_request *request,
                              struct prepare_result *ret_result, struct rw_error *err);

#endif
