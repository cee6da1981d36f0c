/* SPDX-License-Identifier: Apache-2.0 */
/* Every address of the service: at which door, for whom, who answers. */
#ifndef RW_API_ROUTES_H
#define RW_API_ROUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/exchange.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

/* Doors as bits. */
#define ROUTES_PEOPLE 1U
#define ROUTES_DEVICES 2U
#define ROUTES_QUIET 8U     /* asked by a page that stands open: no session lives on by it */
#define ROUTES_ANY_BODY 16U /* the body is told by its content, not by its Content-Type */
#define ROUTES_PAGE 4U      /* beside ROUTES_PEOPLE: browsers are answered, also when it fails */

struct route {
    const char *method;
    const char *pattern; /* "/v1/rolls/{roll}/approve"; {dispenser} and {line} must be the device */
    uint32_t doors;
    uint32_t roles; /* of role.h; 0 = everybody */
    size_t body_max;
    void (*answer)(struct service *service, struct exchange *exchange);
};
extern const struct route routes[];
extern const size_t routes_count;

/* Finds the row for method, path and door and fills the exchange's route and args. RW_NOT_FOUND,
 * or RW_NOT_ALLOWED with the methods that the path has in `ret_allow`. */
RW_MUST_USE bool routes_find(struct exchange *exchange, char ret_allow[64], struct rw_error *err);
/* May the caller use its route, and is the device that the path names the caller itself? */
RW_MUST_USE bool routes_check(const struct exchange *exchange, struct rw_error *err);
/* Has the caller a role for this address? For pages, which show no button that will be refused. */
bool routes_may(const struct exchange *exchange, const char *method, const char *pattern);

#endif
