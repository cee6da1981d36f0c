/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that sign one kind of document, each introduced by another. */
#include "core/json/keyring.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"

#define INTRODUCTION_MAX 4096

static bool decode_public(const struct json *node, struct rw_arena *arena, uint8_t *ret_public,
                          struct rw_error *err)
{
    const char *text = NULL;
    uint8_t *bytes = NULL;
    size_t length = 0;
    if (!json_text(node, "public", &text, err))
        return false;
    if (!rw_base64url_decode(arena, text, &bytes, &length, NULL) || length != RW_SIGN_PUBLIC_BYTES)
        return json_refuse(node, "this is no public key", err);
    memcpy(ret_public, bytes, RW_SIGN_PUBLIC_BYTES);
    return true;
}

static bool read_time(const struct json *node, const char *name, int64_t *ret_ms,
                      struct rw_error *err)
{
    const char *text = NULL;
    if (!json_text_or(node, name, NULL, &text, err))
        return false;
    *ret_ms = 0;
    return !text || rw_clock_parse_utc(text, ret_ms) ||
           json_refuse(json_member(node, name), "this is no time", err);
}

/* The key before says the same of this one as the list does. */
static bool check_introduction(const struct keyring_kind *kind, const struct keyring_key *before,
                               const struct keyring_key *key, const struct json *node,
                               struct rw_arena *arena, struct rw_error *err)
{
    const char *payload = NULL;
    size_t length = 0;
    const struct json *root = NULL;
    uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
    int64_t from_ms = 0;
    if (!key->introduced || before->until_ms != key->from_ms)
        return json_refuse(node, "a key does not follow the one before it", err);
    if (!jws_check(key->introduced, strlen(key->introduced), kind->introduction_typ,
                   before->public_key, arena, &payload, &length, err) ||
        !json_parse(arena, payload, length, &root, err) ||
        !json_format_is(root, kind->introduction_format, err) ||
        !decode_public(root, arena, public_key, err) || !read_time(root, "from", &from_ms, err))
        return false;
    return (memcmp(public_key, key->public_key, sizeof public_key) == 0 &&
            from_ms == key->from_ms) ||
           json_refuse(node, "a key is not the one that was introduced", err);
}

static bool take_key(const struct json *node, struct rw_arena *arena, struct keyring_key *ret_key,
                     struct rw_error *err)
{
    static const char *const names[] = { "kid", "public", "from", "until", "introduced", NULL };
    struct keyring_key key = { 0 };
    const char *kid = NULL;
    if (!json_only(node, names, err) || !json_text(node, "kid", &kid, err) ||
        !decode_public(node, arena, key.public_key, err) ||
        !read_time(node, "from", &key.from_ms, err) ||
        !read_time(node, "until", &key.until_ms, err) ||
        !json_text_or(node, "introduced", NULL, &key.introduced, err))
        return false;
    jws_kid(key.public_key, key.kid);
    if (!rw_text_equal(kid, key.kid))
        return json_refuse(json_member(node, "kid"), "this is not the id of that key", err);
    *ret_key = key;
    return true;
}

bool keyring_take(const struct keyring_kind *kind, const struct json *node, struct rw_arena *arena,
                  struct keyring *ret_keys, struct rw_error *err)
{
    static const char *const names[] = { "format", "keys", NULL };
    struct keyring keys = { 0 };
    const struct json *list = NULL;
    if (!json_format_is(node, kind->format, err) || !json_only(node, names, err) ||
        !json_list(node, "keys", &list, err))
        return false;
    for (const struct json *one = list->first; one; one = one->next) {
        if (keys.count == KEYRING_KEYS_MAX)
            return json_refuse(one, "there are more than 64 keys", err);
        struct keyring_key *key = &keys.keys[keys.count];
        if (!take_key(one, arena, key, err) ||
            (keys.count > 0 && !check_introduction(kind, key - 1, key, one, arena, err)))
            return false;
        keys.count++;
    }
    if (keys.count == 0)
        return json_refuse(list, "there is no key", err);
    *ret_keys = keys;
    return true;
}

static void write_time(struct json_writer *json, const char *name, int64_t utc_ms)
{
    char text[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(utc_ms, text);
    json_write_text(json, name, utc_ms > 0 ? text : NULL);
}

static const char *public_text(const struct keyring_key *key, struct rw_arena *arena)
{
    const char *text = NULL;
    return rw_base64url(arena, key->public_key, sizeof key->public_key, &text, NULL) ? text : "";
}

void keyring_write(const struct keyring_kind *kind, const struct keyring *keys, const char *name,
                   struct json_writer *json)
{
    json_write_object(json, name);
    json_write_text(json, "format", kind->format);
    json_write_list(json, "keys");
    for (size_t i = 0; i < keys->count; i++) {
        json_write_object(json, NULL);
        json_write_text(json, "kid", keys->keys[i].kid);
        json_write_text(json, "public", public_text(&keys->keys[i], json->text->arena));
        write_time(json, "from", keys->keys[i].from_ms);
        write_time(json, "until", keys->keys[i].until_ms);
        json_write_text(json, "introduced", keys->keys[i].introduced);
        json_write_object_end(json);
    }
    json_write_list_end(json);
    json_write_object_end(json);
}

bool keyring_introduce(const struct keyring_kind *kind, const uint8_t by[RW_SIGN_SECRET_BYTES],
                       struct keyring_key *key, struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    const char *payload = NULL;
    size_t length = 0;
    rw_text_init(&text, arena, INTRODUCTION_MAX);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "format", kind->introduction_format);
    json_write_text(&json, "public", public_text(key, arena));
    write_time(&json, "from", key->from_ms);
    json_write_object_end(&json);
    return rw_text_finish(&text, &payload, err) &&
           jws_sign(payload, text.length, kind->introduction_typ, by, arena, &key->introduced,
                    &length, err);
}

bool keyring_holds(const struct keyring_key *key, int64_t at_ms)
{
    return at_ms >= key->from_ms && (key->until_ms == 0 || at_ms < key->until_ms);
}

static bool check_by(const struct keyring_key *key, const char *bytes, const char *typ,
                     struct rw_arena *arena, const struct json **ret_payload, struct rw_error *err)
{
    const char *payload = NULL;
    size_t length = 0;
    int64_t at_ms = 0;
    if (!jws_check(bytes, strlen(bytes), typ, key->public_key, arena, &payload, &length, err) ||
        !json_parse(arena, payload, length, ret_payload, err) ||
        !read_time(*ret_payload, "at", &at_ms, err))
        return false;
    return keyring_holds(key, at_ms) ||
           rw_error_set(err, RW_INVALID, "", "it was signed at a time when its key did not hold");
}

bool keyring_check(const struct keyring *keys, const char *bytes, const char *typ,
                   struct rw_arena *arena, const struct json **ret_payload, struct rw_error *err)
{
    struct rw_error last = { 0 };
    for (size_t i = 0; i < keys->count; i++) {
        last = (struct rw_error){ 0 };
        if (check_by(&keys->keys[i], bytes, typ, arena, ret_payload, &last))
            return true;
    }
    *err = last;
    return false;
}
