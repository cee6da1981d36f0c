/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that sign the journal, each introduced by the one before. */
#define _GNU_SOURCE
#include "api/journal_keys.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/text.h"

#define FORMAT "rolwacht/journal-keys/1"
#define INTRODUCTION_FORMAT "rolwacht/journal-key/1"
#define INTRODUCTION_TYP "rolwacht-journal-key+json"
#define SECRET_NAME "journal-%s.ed25519"
#define KEEP_SECRET_MS 60000 /* somebody may be signing with it this moment */

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
static bool check_introduction(const struct journal_key *before, const struct journal_key *key,
                               const struct json *node, struct rw_arena *arena,
                               struct rw_error *err)
{
    const char *payload = NULL;
    size_t length = 0;
    const struct json *root = NULL;
    uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
    int64_t from_ms = 0;
    if (!key->introduced || before->until_ms != key->from_ms)
        return json_refuse(node, "a key does not follow the one before it", err);
    if (!jws_check(key->introduced, strlen(key->introduced), INTRODUCTION_TYP, before->public_key,
                   arena, &payload, &length, err) ||
        !json_parse(arena, payload, length, &root, err) ||
        !json_format_is(root, INTRODUCTION_FORMAT, err) ||
        !decode_public(root, arena, public_key, err) || !read_time(root, "from", &from_ms, err))
        return false;
    return (memcmp(public_key, key->public_key, sizeof public_key) == 0 &&
            from_ms == key->from_ms) ||
           json_refuse(node, "a key is not the one that was introduced", err);
}

static bool take_key(const struct json *node, struct rw_arena *arena, struct journal_key *ret_key,
                     struct rw_error *err)
{
    static const char *const names[] = { "kid", "public", "from", "until", "introduced", NULL };
    struct journal_key key = { 0 };
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

bool journal_keys_take(const struct json *node, struct rw_arena *arena,
                       struct journal_keys *ret_keys, struct rw_error *err)
{
    static const char *const names[] = { "format", "keys", NULL };
    struct journal_keys keys = { 0 };
    const struct json *list = NULL;
    if (!json_format_is(node, FORMAT, err) || !json_only(node, names, err) ||
        !json_list(node, "keys", &list, err))
        return false;
    for (const struct json *one = list->first; one; one = one->next) {
        if (keys.count == JOURNAL_KEYS_MAX)
            return json_refuse(one, "there are more than 64 keys", err);
        struct journal_key *key = &keys.keys[keys.count];
        if (!take_key(one, arena, key, err) ||
            (keys.count > 0 && !check_introduction(key - 1, key, one, arena, err)))
            return false;
        keys.count++;
    }
    if (keys.count == 0)
        return json_refuse(list, "there is no key", err);
    *ret_keys = keys;
    return true;
}

bool journal_keys_read(const char *path, struct rw_arena *arena, struct journal_keys *ret_keys,
                       struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    const struct json *root = NULL;
    return rw_file_read(path, JOURNAL_KEYS_BYTES_MAX, arena, &bytes, &length, err) &&
           json_parse(arena, bytes, length, &root, err) &&
           journal_keys_take(root, arena, ret_keys, err);
}

static void write_time(struct json_writer *json, const char *name, int64_t utc_ms)
{
    char text[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(utc_ms, text);
    json_write_text(json, name, utc_ms > 0 ? text : NULL);
}

static const char *public_text(const struct journal_key *key, struct rw_arena *arena)
{
    const char *text = NULL;
    return rw_base64url(arena, key->public_key, sizeof key->public_key, &text, NULL) ? text : "";
}

void journal_keys_write(const struct journal_keys *keys, const char *name, struct json_writer *json)
{
    json_write_object(json, name);
    json_write_text(json, "format", FORMAT);
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

static bool save(const struct journal_keys *keys, const char *folder, struct rw_arena *arena,
                 struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    char path[RW_FILE_PATH_MAX];
    const char *bytes = NULL;
    rw_text_init(&text, arena, JOURNAL_KEYS_BYTES_MAX);
    json_write_init(&json, &text);
    journal_keys_write(keys, NULL, &json);
    return rw_text_finish(&text, &bytes, err) &&
           rw_file_join(path, folder, JOURNAL_KEYS_FILE, err) &&
           rw_file_write(path, bytes, text.length, 0600, err);
}

static bool secret_path(const char *folder, const struct journal_key *key,
                        char ret_path[RW_FILE_PATH_MAX], struct rw_error *err)
{
    char name[sizeof SECRET_NAME + JWS_KID_MAX];
    (void)snprintf(name, sizeof name, SECRET_NAME, key->kid);
    return rw_file_join(ret_path, folder, name, err);
}

/* The secret half is on the disk before the list names the key. */
static bool make_key(const char *folder, int64_t from_ms, uint8_t secret[RW_SIGN_SECRET_BYTES],
                     struct journal_key *ret_key, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct journal_key key = { .from_ms = from_ms };
    rw_sign_keypair(key.public_key, secret);
    jws_kid(key.public_key, key.kid);
    if (!secret_path(folder, &key, path, err) ||
        !rw_file_write(path, secret, RW_SIGN_SECRET_BYTES, 0600, err))
        return false;
    *ret_key = key;
    return true;
}

static bool introduce(const uint8_t by[RW_SIGN_SECRET_BYTES], struct journal_key *key,
                      struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    const char *payload = NULL;
    size_t length = 0;
    rw_text_init(&text, arena, JOURNAL_KEYS_BYTES_MAX);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "format", INTRODUCTION_FORMAT);
    json_write_text(&json, "public", public_text(key, arena));
    write_time(&json, "from", key->from_ms);
    json_write_object_end(&json);
    return rw_text_finish(&text, &payload, err) &&
           jws_sign(payload, text.length, INTRODUCTION_TYP, by, arena, &key->introduced, &length,
                    err);
}

static bool add_key(struct journal_keys *keys, const uint8_t by[RW_SIGN_SECRET_BYTES],
                    const char *folder, int64_t from_ms, struct rw_arena *arena,
                    struct rw_error *err)
{
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    struct journal_key *key = &keys->keys[keys->count];
    bool done =
        make_key(folder, from_ms, secret, key, err) && (!by || introduce(by, key, arena, err));
    rw_crypto_wipe(secret, sizeof secret);
    if (!done)
        return false;
    if (keys->count > 0)
        keys->keys[keys->count - 1].until_ms = from_ms;
    keys->count++;
    return save(keys, folder, arena, err);
}

bool journal_keys_open(const char *folder, const uint8_t older[RW_SIGN_SECRET_BYTES],
                       int64_t now_ms, struct rw_arena *arena, struct journal_keys *ret_keys,
                       struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct journal_keys keys = { 0 };
    if (!rw_file_join(path, folder, JOURNAL_KEYS_FILE, err))
        return false;
    if (access(path, F_OK) == 0)
        return journal_keys_read(path, arena, ret_keys, err);
    if (older) {
        memcpy(keys.keys[0].public_key, older + RW_SIGN_SECRET_BYTES - RW_SIGN_PUBLIC_BYTES,
               RW_SIGN_PUBLIC_BYTES);
        jws_kid(keys.keys[0].public_key, keys.keys[0].kid);
        keys.count = 1;
    }
    if (!add_key(&keys, older, folder, now_ms, arena, err))
        return false;
    *ret_keys = keys;
    return true;
}

static bool read_secret(const char *folder, const struct journal_key *key, struct rw_arena *arena,
                        uint8_t secret[RW_SIGN_SECRET_BYTES], struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    char *bytes = NULL;
    size_t length = 0;
    if (!secret_path(folder, key, path, err) ||
        !rw_file_read(path, RW_SIGN_SECRET_BYTES, arena, &bytes, &length, err))
        return false;
    if (length != RW_SIGN_SECRET_BYTES)
        return rw_error_set(err, RW_UNREADABLE, "", "%.256s is no signing key", path);
    memcpy(secret, bytes, RW_SIGN_SECRET_BYTES);
    rw_crypto_wipe(bytes, length);
    return true;
}

bool journal_keys_rotate(const char *folder, int64_t now_ms, struct rw_arena *arena,
                         struct journal_key *ret_key, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    struct journal_keys keys;
    if (!rw_file_join(path, folder, JOURNAL_KEYS_FILE, err) ||
        !journal_keys_read(path, arena, &keys, err))
        return false;
    const struct journal_key *last = &keys.keys[keys.count - 1];
    if (keys.count == JOURNAL_KEYS_MAX)
        return rw_error_set(err, RW_CONFLICT, "", "there are %d keys, which is the most",
                            JOURNAL_KEYS_MAX);
    if (last->from_ms > now_ms)
        return rw_error_set(err, RW_CONFLICT, "", "the key before does not hold yet");
    bool done = read_secret(folder, last, arena, secret, err) &&
                add_key(&keys, secret, folder, now_ms + JOURNAL_KEYS_DELAY_MS, arena, err);
    rw_crypto_wipe(secret, sizeof secret);
    if (done)
        *ret_key = keys.keys[keys.count - 1];
    return done;
}

static bool holds(const struct journal_key *key, int64_t at_ms)
{
    return at_ms >= key->from_ms && (key->until_ms == 0 || at_ms < key->until_ms);
}

static void remove_old(const char *folder, const struct journal_keys *keys, int64_t now_ms)
{
    for (size_t i = 0; i + 1 < keys->count; i++) {
        char path[RW_FILE_PATH_MAX];
        if (keys->keys[i].until_ms + KEEP_SECRET_MS < now_ms &&
            secret_path(folder, &keys->keys[i], path, NULL))
            (void)unlink(path); /* mostly gone already */
    }
}

bool journal_keys_sign(const char *folder, int64_t at_ms, const char *payload, const char *typ,
                       struct rw_arena *arena, const char **ret_signed, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    struct journal_keys keys;
    size_t length = 0;
    if (!rw_file_join(path, folder, JOURNAL_KEYS_FILE, err) ||
        !journal_keys_read(path, arena, &keys, err))
        return false;
    size_t at = keys.count;
    while (at > 0 && !holds(&keys.keys[at - 1], at_ms))
        at--;
    if (at == 0)
        return rw_error_set(err, RW_CONFLICT, "", "no key of the journal holds now");
    bool done = read_secret(folder, &keys.keys[at - 1], arena, secret, err) &&
                jws_sign(payload, strlen(payload), typ, secret, arena, ret_signed, &length, err);
    rw_crypto_wipe(secret, sizeof secret);
    remove_old(folder, &keys, at_ms);
    return done;
}

static bool check_by(const struct journal_key *key, const char *bytes, const char *typ,
                     struct rw_arena *arena, const struct json **ret_payload, struct rw_error *err)
{
    const char *payload = NULL;
    size_t length = 0;
    int64_t at_ms = 0;
    if (!jws_check(bytes, strlen(bytes), typ, key->public_key, arena, &payload, &length, err) ||
        !json_parse(arena, payload, length, ret_payload, err) ||
        !read_time(*ret_payload, "at", &at_ms, err))
        return false;
    return holds(key, at_ms) ||
           rw_error_set(err, RW_INVALID, "", "it was signed at a time when its key did not hold");
}

bool journal_keys_check(const struct journal_keys *keys, const char *bytes, const char *typ,
                        struct rw_arena *arena, const struct json **ret_payload,
                        struct rw_error *err)
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
