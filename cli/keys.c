/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the pharmacy's secret key, and makes it at first need. */
#define _POSIX_C_SOURCE 200809L
#include "cli/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/file.h"

#define KEY_MODE 0600
#define FOLDER_MODE 0700
#define KEY_FILE_MAX 4096 /* bytes read of what should have 32 */

/* A draft under this process's own name is linked to the key's name: linking fails where a key
 * already is, so a key is never replaced. */
static bool make_key(const char *path, struct rw_error *err)
{
    uint8_t key[RW_HMAC_KEY_BYTES];
    char draft[RW_FILE_PATH_MAX];
    int length = snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof draft)
        return rw_error_set(err, RW_USAGE, "", "the path of the state folder is too long");
    rw_crypto_random(key, sizeof key);
    bool done = rw_file_write(draft, key, sizeof key, KEY_MODE, err);
    rw_crypto_wipe(key, sizeof key);
    if (!done)
        return false;
    if (link(draft, path) != 0 && errno != EEXIST)
        done =
            rw_error_set(err, RW_UNAVAILABLE, "", "could not make %s: %s", path, strerror(errno));
    (void)unlink(draft); /* the key has its own name by now, or nothing was made */
    return done;
}

static bool read_key(const char *path, uint8_t ret_key[RW_HMAC_KEY_BYTES], struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open((size_t)4 * KEY_FILE_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the key");
    char *bytes = NULL;
    size_t length = 0;
    bool done = rw_file_read(path, KEY_FILE_MAX, arena, &bytes, &length, err);
    if (done && length != RW_HMAC_KEY_BYTES)
        done = rw_error_set(err, RW_UNREADABLE, "", "%s is no key: one has %d bytes, this has %zu",
                            path, RW_HMAC_KEY_BYTES, length);
    if (done)
        memcpy(ret_key, bytes, RW_HMAC_KEY_BYTES);
    if (bytes != NULL)
        rw_crypto_wipe(bytes, length);
    rw_arena_close(arena);
    return done;
}

bool keys_pharmacy(const char *given, bool make, uint8_t ret_key[RW_HMAC_KEY_BYTES],
                   struct rw_error *err)
{
    char state[RW_FILE_PATH_MAX];
    char folder[RW_FILE_PATH_MAX];
    char path[RW_FILE_PATH_MAX];
    if (!options_state_folder(given, state, sizeof state, err) ||
        !rw_file_join(folder, state, "keys", err) ||
        !rw_file_join(path, folder, "pharmacy.hmac", err))
        return false;
    if (access(path, F_OK) != 0) {
        if (!make)
            return rw_error_set(err, RW_NOT_FOUND, "", "there is no key at %s", path);
        if (!rw_file_make_folder(folder, FOLDER_MODE, err) || !make_key(path, err))
            return false;
    }
    return read_key(path, ret_key, err);
}
