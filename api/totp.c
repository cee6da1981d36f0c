/* SPDX-License-Identifier: Apache-2.0 */
/* One-time passwords by the clock, the second factor (RFC 6238). */
#include "api/totp.h"

#include <stdio.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/net/pki.h"

#define MODULUS 1000000 /* ten to the power of TOTP_DIGITS */
#define BASE32_LETTERS (TOTP_SECRET_BYTES * 8 / 5)

bool totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
               char ret_code[TOTP_DIGITS + 1], struct rw_error *err)
{
    uint8_t counter[8];
    uint8_t mac[PKI_SHA1_BYTES];
    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!pki_hmac_sha1(secret, TOTP_SECRET_BYTES, counter, sizeof counter, mac, err))
        return false;
    int at = mac[PKI_SHA1_BYTES - 1] & 0xF;
    uint32_t number = (uint32_t)(mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 |
                      (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    (void)snprintf(ret_code, TOTP_DIGITS + 1, "%06u", number % MODULUS);
    return true;
}

bool totp_check(const uint8_t secret[TOTP_SECRET_BYTES], const char *code, int64_t now_ms,
                int64_t after, int64_t *ret_step, struct rw_error *err)
{
    int64_t now = now_ms / (TOTP_STEP_S * 1000);
    int64_t found = 0;
    bool whole = strlen(code) == TOTP_DIGITS;
    for (int64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
        char wanted[TOTP_DIGITS + 1];
        if (!totp_code(secret, step, wanted, err))
            return false;
        if (whole && step > after && rw_crypto_equal(wanted, code, TOTP_DIGITS))
            found = step;
    }
    *ret_step = found;
    return true;
}

bool totp_base32(const uint8_t secret[TOTP_SECRET_BYTES], struct rw_arena *arena,
                 const char **ret_text, struct rw_error *err)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *text = rw_arena_alloc(arena, BASE32_LETTERS + 1, err);
    if (!text)
        return false;
    for (int i = 0; i < BASE32_LETTERS; i++) {
        int bit = i * 5;
        int pair = secret[bit / 8] << 8;
        if (bit / 8 + 1 < TOTP_SECRET_BYTES)
            pair |= secret[bit / 8 + 1];
        text[i] = letters[pair >> (11 - bit % 8) & 0x1F];
    }
    *ret_text = text;
    return true;
}
