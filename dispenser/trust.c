/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys a dispenser takes schedules of. */
#define _POSIX_C_SOURCE 200809L
#include "dispenser/trust.h"

#include <string.h>
#include <unistd.h>

#include "core/base/text.h"

#define LIST_MAX ((size_t)128 * 1024)

bool trust_open(const struct enrol_identity *identity, struct rw_arena *arena,
                struct trust *ret_trust, struct rw_error *err)
{
    struct trust trust = { .keys.count = 1 };
    char *bytes;
    size_t length;
    const struct json *root;
    if (!rw_text_copy(trust.path, sizeof trust.path, identity->keys_file))
        return rw_error_set(err, RW_INVALID, "", "the path of the state folder is too long");
    memcpy(trust.keys.keys[0].public_key, identity->signing_key, RW_SIGN_PUBLIC_BYTES);
    if (access(trust.path, F_OK) == 0 &&
        (!rw_file_read(trust.path, LIST_MAX, arena, &bytes, &length, err) ||
         !json_parse(arena, bytes, length, &root, err) ||
         !keyring_take(&schedule_keys_kind, root, arena, &trust.keys, err)))
        return false;
    *ret_trust = trust;
    return true;
}

/* What we know and nothing else that the list said. */
static bool write_keys(const struct trust *trust, const struct keyring *keys,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    const char *bytes;
    rw_text_init(&text, arena, LIST_MAX);
    json_write_init(&json, &text);
    keyring_write(&schedule_keys_kind, keys, NULL, &json);
    return rw_text_finish(&text, &bytes, err) &&
           rw_file_write(trust->path, bytes, text.length, 0600, err);
}

bool trust_follow(struct trust *trust, const char *bytes, size_t length, struct rw_arena *arena,
                  bool *ret_more, struct rw_error *err)
{
    struct keyring keys = trust->keys;
    const struct json *root;
    bool more = false;
    if (!json_parse(arena, bytes, length, &root, err) ||
        !schedule_keys_follow(&keys, root, arena, &more, err))
        return false;
    if (more && !write_keys(trust, &keys, arena, err))
        return false;
    trust->keys = keys;
    *ret_more = more;
    return true;
}
