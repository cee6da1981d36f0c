/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that a stranger can write passes as ours (REQ-016). */
#include <assert.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/json/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
    static uint8_t secret[RW_SIGN_SECRET_BYTES];
    static bool ready;
    struct rw_error err = { 0 };
    if (!ready) {
        ready = rw_crypto_init(&err);
        assert(ready);
        rw_sign_keypair(public_key, secret);
    }
    struct rw_arena *arena = rw_arena_open(8 * RW_ARENA_MIB);
    const char *payload = NULL;
    size_t payload_length = 0;
    bool passed = jws_check((const char *)bytes, length, "schedule", public_key, arena, &payload,
                            &payload_length, &err);
    assert(!passed && payload == NULL && err.code != RW_OK);
    rw_arena_close(arena);
    return 0;
}
