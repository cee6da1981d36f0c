/* SPDX-License-Identifier: Apache-2.0 */
/* Collects a request's body up to what its route allows. */
#include "api/body.h"

#include <string.h>

void body_add(struct body *body, const char *bytes, size_t length, struct rw_arena *arena)
{
    if (body->failure.code != RW_OK)
        return;
    if (length > body->max - body->length) {
        (void)rw_error_set(&body->failure, RW_TOO_LARGE, "",
                           "the body is longer than the %zu bytes that this address takes",
                           body->max);
        return;
    }
    if (body->length + length + 1 > body->room) {
        size_t room = 2 * (body->length + length + 1);
        char *larger = rw_arena_alloc(arena, room, &body->failure);
        if (!larger)
            return;
        if (body->length > 0)
            memcpy(larger, body->bytes, body->length);
        body->bytes = larger;
        body->room = room;
    }
    memcpy(body->bytes + body->length, bytes, length);
    body->length += length;
    body->bytes[body->length] = '\0';
}
