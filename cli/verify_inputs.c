/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what verify compares with beside the roll: media and key. */
#include "cli/verify_inputs.h"

#include "cli/keys.h"
#include "core/base/file.h"
#include "core/json/media_json.h"
#include "core/model/tag.h"

bool verify_inputs_media(const char *path, struct rw_arena *arena, const struct media **ret_media,
                         struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    struct media *media = NULL;

    if (path == NULL)
        return true;
    if (!rw_file_read(path, MEDIA_JSON_BYTES_MAX, arena, &bytes, &length, err) ||
        !media_json_read(bytes, length, arena, &media, err))
        return false;
    *ret_media = media;
    return true;
}

bool verify_inputs_key(const char *state, const char *number, uint8_t ret_key[RW_HMAC_KEY_BYTES],
                       bool *ret_has_key, struct rw_error *err)
{
    uint8_t pharmacy[RW_HMAC_KEY_BYTES];
    struct rw_error absent = { 0 };

    if (!keys_pharmacy(state, false, pharmacy, &absent)) {
        *ret_has_key = false;
        if (absent.code == RW_NOT_FOUND)
            return true;
        *err = absent;
        return false;
    }
    tag_roll_key(pharmacy, number, ret_key);
    rw_crypto_wipe(pharmacy, sizeof pharmacy);
    *ret_has_key = true;
    return true;
}
