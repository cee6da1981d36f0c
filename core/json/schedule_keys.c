/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys a schedule may be signed with. */
#include "core/json/schedule_keys.h"

#include <string.h>

#include "core/json/schedule_json.h"

const struct keyring_kind schedule_keys_kind = {
    "rolwacht/schedule-keys/1",
    "rolwacht/schedule-key/1",
    "rolwacht-schedule-key+json",
};

static bool is_good(const struct keyring_key *key, int64_t at_ms)
{
    return at_ms == 0 || key->until_ms == 0 || at_ms < key->until_ms + SCHEDULE_KEYS_OVERLAP_MS;
}

bool schedule_keys_check(const struct keyring *keys, const char *bytes, size_t length,
                         int64_t at_ms, struct rw_arena *arena, const char **ret_payload,
                         size_t *ret_length, struct rw_error *err)
{
    struct rw_error last = { 0 };
    for (size_t i = keys->count; i > 0; i--) { /* the newest is the likeliest */
        const struct keyring_key *key = &keys->keys[i - 1];
        if (!is_good(key, at_ms))
            continue;
        last = (struct rw_error){ 0 };
        if (jws_check(bytes, length, SCHEDULE_JSON_TYP, key->public_key, arena, ret_payload,
                      ret_length, &last))
            return true;
    }
    if (last.code == RW_OK)
        return rw_error_set(err, RW_INVALID, "", "no key for schedules is good any more");
    *err = last;
    return false;
}

static size_t find(const struct keyring *keys, const struct keyring_key *key)
{
    size_t at = 0;
    while (at < keys->count &&
           memcmp(keys->keys[at].public_key, key->public_key, sizeof key->public_key) != 0)
        at++;
    return at;
}

bool schedule_keys_follow(struct keyring *keys, const struct json *node, struct rw_arena *arena,
                          bool *ret_more, struct rw_error *err)
{
    struct keyring later;
    if (!keyring_take(&schedule_keys_kind, node, arena, &later, err))
        return false;
    struct keyring_key *newest = &keys->keys[keys->count - 1];
    size_t at = find(&later, newest);
    if (at == later.count)
        return rw_error_set(err, RW_DENIED, "/keys",
                            "the list does not hold the key that is known");
    *ret_more = at + 1 < later.count;
    newest->until_ms = later.keys[at].until_ms;
    for (size_t i = at + 1; i < later.count; i++) {
        if (keys->count == KEYRING_KEYS_MAX) { /* the oldest is long over */
            memmove(&keys->keys[0], &keys->keys[1], (keys->count - 1) * sizeof keys->keys[0]);
            keys->count--;
        }
        keys->keys[keys->count++] = later.keys[i];
    }
    return true;
}
