/* SPDX-License-Identifier: Apache-2.0 */
/* What a case begins with: memory and ready cryptography. */
#include "tests/support/fixture.h"

#include "core/base/crypto.h"

struct rw_arena *arena;

int fixture_open(void **state)
{
    struct rw_error err = { 0 };
    arena = rw_arena_open(FIXTURE_BYTES_MAX);
    *state = arena;
    return arena && rw_crypto_init(&err) ? 0 : -1;
}

int fixture_close(void **state)
{
    (void)state;
    rw_arena_close(arena);
    arena = NULL;
    return 0;
}
