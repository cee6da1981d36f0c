/* SPDX-License-Identifier: Apache-2.0 */
/* Collects a request's body up to what its route allows. */
#ifndef RW_API_BODY_H
#define RW_API_BODY_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct body {
    char *bytes; /* a NUL that is not counted follows them; NULL while empty */
    size_t length;
    size_t room;
    size_t max;
    struct rw_error failure; /* sticky: the rest is thrown away */
};

void body_add(struct body *body, const char *bytes, size_t length, struct rw_arena *arena);

#endif
