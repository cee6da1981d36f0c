/* SPDX-License-Identifier: Apache-2.0 */
/* Draws repeatable numbers from a seed, and makes UUIDs. */
#include "core/base/random.h"

#include <assert.h>
#include <stdio.h>

#include "core/base/crypto.h"

/* splitmix64 spreads one seed over the state (Blackman and Vigna, prng.di.unimi.it). */
static uint64_t split_mix(uint64_t *seed)
{
    uint64_t mixed = *seed += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

struct rw_random rw_random_seeded(uint64_t seed)
{
    struct rw_random random;
    for (int i = 0; i < 4; i++)
        random.state[i] = split_mix(&seed);
    return random;
}

static uint64_t rotate(uint64_t number, int by)
{
    return (number << by) | (number >> (64 - by));
}

uint64_t rw_random_next(struct rw_random *random)
{
    uint64_t *state = random->state;
    uint64_t result = rotate(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);
    return result;
}

uint64_t rw_random_below(struct rw_random *random, uint64_t limit)
{
    assert(limit > 0);
    /* The numbers above the last whole multiple of the limit would favour the small ones. */
    uint64_t reject_below = (UINT64_MAX - limit + 1) % limit;
    uint64_t number;
    do
        number = rw_random_next(random);
    while (number < reject_below);
    return number % limit;
}

double rw_random_unit(struct rw_random *random)
{
    return (double)(rw_random_next(random) >> 11) * 0x1.0p-53;
}

void rw_uuid_make(int64_t utc_ms, char ret_text[RW_UUID_TEXT_MAX])
{
    uint8_t bytes[16];
    rw_crypto_random(bytes, sizeof bytes);
    for (int i = 0; i < 6; i++)
        bytes[i] = (uint8_t)((uint64_t)utc_ms >> (40 - 8 * i));
    bytes[6] = (uint8_t)((bytes[6] & 0x0F) | 0x70); /* version 7 */
    bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80); /* variant of RFC 9562 */
    char *room = ret_text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *room++ = '-';
        (void)snprintf(room, 3, "%02x", bytes[i]);
        room += 2;
    }
}
