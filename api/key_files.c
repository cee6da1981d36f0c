/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps signing keys in the folder of keys, and changes them. */
#define _GNU_SOURCE
#include "api/key_files.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/json/schedule_keys.h"

#define KEEP_SECRET_MS 60000 /* somebody may be signing with it this moment */
#define SECRET_NAME_MAX 80

static const struct keyring_kind journal_kind = {
    "rolwacht/journal-keys/1",
    "rolwacht/journal-key/1",
    "rolwacht-journal-key+json",
};
const struct key_files key_files_journal = {
    .ring = &journal_kind,
    .list = "journal.keys",
    .secrets = "journal-",
};
const struct key_files key_files_schedule = {
    .ring = &schedule_keys_kind,
    .list = "schedule.keys",
    .secrets = "schedule-",
};

bool key_files_read(const struct key_files *files, const char *path, struct rw_arena *arena,
                    struct keyring *ret_keys, struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    const struct json *root = NULL;
    return rw_file_read(path, KEY_FILES_BYTES_MAX, arena, &bytes, &length, err) &&
           json_parse(arena, bytes, length, &root, err) &&
           keyring_take(files->ring, root, arena, ret_keys, err);
}

bool key_files_list(const struct key_files *files, const char *folder, struct rw_arena *arena,
                    struct keyring *ret_keys, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    return rw_file_join(path, folder, files->list, err) &&
           key_files_read(files, path, arena, ret_keys, err);
}

static bool save(const struct key_files *files, const struct keyring *keys, const char *folder,
                 struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    char path[RW_FILE_PATH_MAX];
    const char *bytes = NULL;
    rw_text_init(&text, arena, KEY_FILES_BYTES_MAX);
    json_write_init(&json, &text);
    keyring_write(files->ring, keys, NULL, &json);
    return rw_text_finish(&text, &bytes, err) && rw_file_join(path, folder, files->list, err) &&
           rw_file_write(path, bytes, text.length, 0600, err);
}

static bool secret_path(const struct key_files *files, const char *folder,
                        const struct keyring_key *key, char ret_path[RW_FILE_PATH_MAX],
                        struct rw_error *err)
{
    char name[SECRET_NAME_MAX];
    (void)snprintf(name, sizeof name, "%s%s.ed25519", files->secrets, key->kid);
    return rw_file_join(ret_path, folder, name, err);
}

/* The secret half is on the disk before the list names the key. */
static bool make_key(const struct key_files *files, const char *folder, int64_t from_ms,
                     uint8_t secret[RW_SIGN_SECRET_BYTES], struct keyring_key *ret_key,
                     struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct keyring_key key = { .from_ms = from_ms };
    rw_sign_keypair(key.public_key, secret);
    jws_kid(key.public_key, key.kid);
    if (!secret_path(files, folder, &key, path, err) ||
        !rw_file_write(path, secret, RW_SIGN_SECRET_BYTES, 0600, err))
        return false;
    *ret_key = key;
    return true;
}

static bool add_key(const struct key_files *files, struct keyring *keys,
                    const uint8_t by[RW_SIGN_SECRET_BYTES], const char *folder, int64_t from_ms,
                    struct rw_arena *arena, struct rw_error *err)
{
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    struct keyring_key *key = &keys->keys[keys->count];
    bool done = make_key(files, folder, from_ms, secret, key, err) &&
                (!by || keyring_introduce(files->ring, by, key, arena, err));
    rw_crypto_wipe(secret, sizeof secret);
    if (!done)
        return false;
    if (keys->count > 0)
        keys->keys[keys->count - 1].until_ms = from_ms;
    keys->count++;
    return save(files, keys, folder, arena, err);
}

bool key_files_adopt(const struct key_files *files, const char *folder,
                     const uint8_t secret[RW_SIGN_SECRET_BYTES], struct rw_arena *arena,
                     struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct keyring keys = { .count = 1 };
    struct keyring_key *key = &keys.keys[0];
    if (!rw_file_join(path, folder, files->list, err))
        return false;
    if (access(path, F_OK) == 0)
        return true;
    memcpy(key->public_key, secret + RW_SIGN_SECRET_BYTES - RW_SIGN_PUBLIC_BYTES,
           RW_SIGN_PUBLIC_BYTES);
    jws_kid(key->public_key, key->kid);
    return secret_path(files, folder, key, path, err) &&
           rw_file_write(path, secret, RW_SIGN_SECRET_BYTES, 0600, err) &&
           save(files, &keys, folder, arena, err);
}

bool key_files_open(const struct key_files *files, const char *folder,
                    const uint8_t older[RW_SIGN_SECRET_BYTES], int64_t now_ms,
                    struct rw_arena *arena, struct keyring *ret_keys, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct keyring keys = { 0 };
    if (!rw_file_join(path, folder, files->list, err))
        return false;
    if (access(path, F_OK) == 0)
        return key_files_read(files, path, arena, ret_keys, err);
    if (older) {
        memcpy(keys.keys[0].public_key, older + RW_SIGN_SECRET_BYTES - RW_SIGN_PUBLIC_BYTES,
               RW_SIGN_PUBLIC_BYTES);
        jws_kid(keys.keys[0].public_key, keys.keys[0].kid);
        keys.count = 1;
    }
    if (!add_key(files, &keys, older, folder, now_ms, arena, err))
        return false;
    *ret_keys = keys;
    return true;
}

static bool read_secret(const struct key_files *files, const char *folder,
                        const struct keyring_key *key, struct rw_arena *arena,
                        uint8_t secret[RW_SIGN_SECRET_BYTES], struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    char *bytes = NULL;
    size_t length = 0;
    if (!secret_path(files, folder, key, path, err) ||
        !rw_file_read(path, RW_SIGN_SECRET_BYTES, arena, &bytes, &length, err))
        return false;
    if (length != RW_SIGN_SECRET_BYTES)
        return rw_error_set(err, RW_UNREADABLE, "", "%.256s is no signing key", path);
    memcpy(secret, bytes, RW_SIGN_SECRET_BYTES);
    rw_crypto_wipe(bytes, length);
    return true;
}

bool key_files_rotate(const struct key_files *files, const char *folder, int64_t now_ms,
                      int64_t from_ms, struct rw_arena *arena, struct keyring_key *ret_key,
                      struct rw_error *err)
{
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    struct keyring keys;
    if (!key_files_list(files, folder, arena, &keys, err))
        return false;
    const struct keyring_key *last = &keys.keys[keys.count - 1];
    if (keys.count == KEYRING_KEYS_MAX)
        return rw_error_set(err, RW_CONFLICT, "", "there are %d keys, which is the most",
                            KEYRING_KEYS_MAX);
    if (last->from_ms > now_ms)
        return rw_error_set(err, RW_CONFLICT, "", "the key before does not hold yet");
    bool done = read_secret(files, folder, last, arena, secret, err) &&
                add_key(files, &keys, secret, folder, from_ms, arena, err);
    rw_crypto_wipe(secret, sizeof secret);
    if (done)
        *ret_key = keys.keys[keys.count - 1];
    return done;
}

static void remove_old(const struct key_files *files, const char *folder,
                       const struct keyring *keys, int64_t now_ms)
{
    for (size_t i = 0; i + 1 < keys->count; i++) {
        char path[RW_FILE_PATH_MAX];
        if (keys->keys[i].until_ms + KEEP_SECRET_MS < now_ms &&
            secret_path(files, folder, &keys->keys[i], path, NULL))
            (void)unlink(path); /* mostly gone already */
    }
}

const struct keyring_key *key_files_now(const struct keyring *keys, int64_t at_ms)
{
    size_t at = keys->count;
    while (at > 0 && !keyring_holds(&keys->keys[at - 1], at_ms))
        at--;
    return at > 0 ? &keys->keys[at - 1] : NULL;
}

bool key_files_time(const struct key_files *files, const char *folder, int64_t now_ms,
                    struct rw_arena *arena, int64_t *ret_at_ms, struct rw_error *err)
{
    struct keyring keys;
    if (!key_files_list(files, folder, arena, &keys, err))
        return false;
    bool before = keys.count > 0 && now_ms < keys.keys[0].from_ms;
    *ret_at_ms = before ? keys.keys[0].from_ms : now_ms;
    return true;
}

bool key_files_sign(const struct key_files *files, const char *folder, int64_t at_ms,
                    const char *payload, const char *typ, struct rw_arena *arena,
                    const char **ret_signed, struct rw_error *err)
{
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    struct keyring keys;
    size_t length = 0;
    if (!key_files_list(files, folder, arena, &keys, err))
        return false;
    const struct keyring_key *key = key_files_now(&keys, at_ms);
    if (!key)
        return rw_error_set(err, RW_CONFLICT, "", "no key of %s holds now", files->list);
    bool done = read_secret(files, folder, key, arena, secret, err) &&
                jws_sign(payload, strlen(payload), typ, secret, arena, ret_signed, &length, err);
    rw_crypto_wipe(secret, sizeof secret);
    remove_old(files, folder, &keys, at_ms);
    return done;
}
