/* SPDX-License-Identifier: Apache-2.0 */
/* Decides in which folder the service's own cluster lies. */
#define _GNU_SOURCE
#include "api/cluster_place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/text.h"

#define FALLBACK_FOLDER "/var/lib/rolwacht"
#define KEY_FILE "keys/orders.key"     /* without it the documents of a database say nothing */
#define LIVED_FILE "keys/journal.head" /* a state folder that had a database has one */
#define MARK_FILE "keys.sha256"
#define SMALL_FILE_MAX 256

/* The state folder by its real path: with a slash more or over a link it is no other one. */
static bool name_fallback(const char *state, char ret_base[RW_FILE_PATH_MAX], struct rw_error *err)
{
    char whole[PATH_MAX];
    char hex[RW_HEX_SHA256_MAX];
    uint8_t digest[RW_SHA256_BYTES];
    if (!realpath(state, whole))
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not find %s: %s", state,
                            strerror(errno));
    rw_sha256(whole, strlen(whole), digest);
    rw_hex_sha256(digest, hex);
    (void)snprintf(ret_base, RW_FILE_PATH_MAX, FALLBACK_FOLDER "/cluster-%.16s", hex);
    return true;
}

/* A folder that is there and that we may not look into is not taken for an empty one. */
static bool find_cluster(const char *base, bool *ret_there, struct rw_error *err)
{
    char version[RW_FILE_PATH_MAX];
    if (!rw_file_join(version, base, "data/PG_VERSION", err))
        return false;
    *ret_there = access(version, F_OK) == 0;
    if (!*ret_there && errno == EACCES && access(base, F_OK) == 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not look into %s: %s", base,
                            strerror(EACCES));
    return true;
}

/* "" where it is not there or cannot be read. */
static const char *read_small(const char *folder, const char *name, struct rw_arena *arena,
                              size_t *ret_length)
{
    char path[RW_FILE_PATH_MAX];
    char *bytes = NULL;
    *ret_length = 0;
    if (!rw_file_join(path, folder, name, NULL) || access(path, F_OK) != 0 ||
        !rw_file_read(path, SMALL_FILE_MAX, arena, &bytes, ret_length, NULL))
        return "";
    return bytes;
}

/* Of a key of 32 random bytes the digest tells nothing. */
static void digest_key(const char *state, struct rw_arena *arena, char ret_hex[RW_HEX_SHA256_MAX])
{
    uint8_t digest[RW_SHA256_BYTES];
    size_t length = 0;
    const char *key = read_small(state, KEY_FILE, arena, &length);
    rw_sha256(key, length, digest);
    rw_hex_sha256(digest, ret_hex);
}

/* Beside one of a version that left no mark, a state folder that had a database is believed. */
static bool fits(const char *base, const char *state, struct rw_arena *arena)
{
    char hex[RW_HEX_SHA256_MAX];
    char lived[RW_FILE_PATH_MAX];
    size_t length = 0;
    const char *mark = read_small(base, MARK_FILE, arena, &length);
    digest_key(state, arena, hex);
    if (length > 0)
        return rw_text_equal(mark, hex);
    return rw_file_join(lived, state, LIVED_FILE, NULL) && access(lived, F_OK) == 0;
}

static bool check_fit(const char *base, const char *state, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_KIB);
    bool fit = arena && fits(base, state, arena);
    rw_arena_close(arena);
    return fit || rw_error_set(err, RW_UNAVAILABLE, "",
                               "the database in %s was not made with the keys in %s/keys: put its "
                               "keys there, or move it away to begin with an empty one",
                               base, state);
}

/* Only what is made anew needs the account to get there; a parent's rights are never changed. */
static bool choose_new(const struct child_account *account, const char *state,
                       struct cluster_place *place, struct rw_error *err)
{
    if (child_may_enter(account, state))
        return true;
    place->elsewhere = true;
    if (!name_fallback(state, place->base, err) || !rw_file_make_folder(FALLBACK_FOLDER, 0711, err))
        return false;
    if (!child_may_enter(account, FALLBACK_FOLDER))
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "the account %s may not enter %s nor " FALLBACK_FOLDER, account->name,
                            state);
    return true;
}

static bool choose(const struct child_account *account, const char *state,
                   struct cluster_place *place, struct rw_error *err)
{
    char other[RW_FILE_PATH_MAX];
    bool here = false;
    bool there = false;
    if (!rw_file_join(place->base, state, "postgres", err) || !name_fallback(state, other, err) ||
        !find_cluster(place->base, &here, err) || !find_cluster(other, &there, err))
        return false;
    if (here && there)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "there is a database in %s and another in %s: move away the one that "
                            "is not yours",
                            place->base, other);
    if (here)
        return true;
    if (!there)
        return choose_new(account, state, place, err);
    place->elsewhere = true;
    return rw_text_copy(place->base, sizeof place->base, other) && check_fit(other, state, err);
}

bool cluster_place_choose(const struct child_account *account, const struct rw_clock *clock,
                          const char *state, struct cluster_place *ret_place, struct rw_error *err)
{
    ret_place->elsewhere = false;
    if (!choose(account, state, ret_place, err))
        return false;
    const char *because = child_may_enter(account, state) ? "the database was made there"
                                                          : "the account may not enter --state";
    const struct rw_log_field fields[] = { { "folder", ret_place->base },
                                           { "because", because },
                                           { 0 } };
    if (ret_place->elsewhere)
        rw_log(clock, RW_LOG_WARN, "database-elsewhere", fields);
    return true;
}

bool cluster_place_mark(const struct cluster_place *place, const char *state, struct rw_error *err)
{
    char hex[RW_HEX_SHA256_MAX];
    char path[RW_FILE_PATH_MAX];
    size_t length = 0;
    if (!place->elsewhere)
        return true;
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_KIB);
    if (!arena)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to note whose database this is");
    digest_key(state, arena, hex);
    bool done = rw_text_equal(read_small(place->base, MARK_FILE, arena, &length), hex) ||
                (rw_file_join(path, place->base, MARK_FILE, err) &&
                 rw_file_write(path, hex, strlen(hex), 0600, err));
    rw_arena_close(arena);
    return done;
}
