/* SPDX-License-Identifier: Apache-2.0 */
/* Says what a failure that the server names means for us. */
#ifndef RW_DB_SQLSTATE_H
#define RW_DB_SQLSTATE_H

#include <stdbool.h>

#include "core/base/error.h"

/* As the server said it. */
struct sqlstate {
    const char *state;      /* five signs */
    const char *primary;    /* its sentence; may quote a value */
    const char *constraint; /* NULL when none was broken */
};

enum sqlstate_effect {
    SQLSTATE_FINAL,
    SQLSTATE_AGAIN,     /* may vanish when the transaction is run again */
    SQLSTATE_ELSEWHERE, /* so may it, on a new connection */
    SQLSTATE_FULL,      /* no room is left on a disk of the server's */
    SQLSTATE_EFFECT_COUNT
};

enum sqlstate_effect sqlstate_effect(const struct sqlstate *said);
/* Always false. Values never reach the text: only class 42 (our own SQL) and 5x (the server's
 * state) carry the server's sentence. */
bool sqlstate_fail(const struct sqlstate *said, struct rw_error *err);

#endif
