/* SPDX-License-Identifier: Apache-2.0 */
/* The person a roll is made for. */
#include "core/model/client.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/crypto.h"

#define CARD_DIGITS 16 /* hex digits of the hash that stands for an insurance card */

static bool is_id_char(char one)
{
    bool letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
    bool digit = one >= '0' && one <= '9';
    return letter || digit || one == '.' || one == '-' || one == '_';
}

bool client_is_id(const char *text)
{
    if (text == NULL || text[0] == '.' || text[0] == '-')
        return false;
    size_t length = 0;
    while (length < CLIENT_ID_MAX && is_id_char(text[length]))
        length++;
    return length > 0 && length < CLIENT_ID_MAX && text[length] == '\0';
}

bool client_card_id(const char *number, struct rw_arena *arena, const char **ret_id,
                    struct rw_error *err)
{
    uint8_t digest[RW_SHA256_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    rw_sha256(number, strlen(number), digest);
    rw_hex_sha256(digest, hex);
    *ret_id = rw_arena_format(arena, err, "card-%.*s", CARD_DIGITS, hex);
    return *ret_id != NULL;
}
