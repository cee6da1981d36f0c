/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps bodies on the disk until the service has taken them. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/spool.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"

#define SPOOL_NAME_MAX 80
#define SPOOL_NUMBER_DIGITS 12

static const char *const kind_words[SPOOL_KIND_COUNT] = {
    [SPOOL_GLANCE] = "glance",
    [SPOOL_VERDICT] = "verdict",
    [SPOOL_PICTURE] = "picture",
};

struct spool {
    struct rw_arena *arena; /* holds this struct and the entries */
    char folder[RW_FILE_PATH_MAX];
    char refused[RW_FILE_PATH_MAX];
    int lock;                    /* one program has the spool at a time */
    struct spool_entry *entries; /* by number, from `first` on */
    size_t first;
    size_t count;
    size_t max;
    int64_t newest;
};

size_t spool_count(const struct spool *spool)
{
    return spool->count;
}

static void name_of(const struct spool_entry *entry, char ret_name[SPOOL_NAME_MAX])
{
    (void)snprintf(ret_name, SPOOL_NAME_MAX, "%0*" PRId64 "-%s-%s-%s", SPOOL_NUMBER_DIGITS,
                   entry->number, kind_words[entry->kind], entry->roll, entry->serial);
}

/* Understands a name that name_of wrote; others are no entries (drafts, "."). */
static bool parse_name(const char *name, struct spool_entry *ret)
{
    struct spool_entry entry = { 0 };
    char again[SPOOL_NAME_MAX];
    const char *dash = strchr(name, '-');
    const char *word = dash != NULL ? dash + 1 : "";
    const char *roll = strchr(word, '-');
    const char *serial = roll != NULL ? strchr(roll + 1, '-') : NULL;
    if (serial == NULL)
        return false;
    for (int kind = 0; kind < SPOOL_KIND_COUNT; kind++)
        if (rw_text_starts_with(word, kind_words[kind]))
            entry.kind = (enum spool_kind)kind;
    (void)rw_text_copy(entry.roll, sizeof entry.roll, roll + 1);
    (void)rw_text_copy(entry.serial, sizeof entry.serial, serial + 1);
    char digits[SPOOL_NUMBER_DIGITS + 1] = "";
    (void)rw_text_copy(digits, sizeof digits, name);
    if (!rw_text_to_int(digits, 1, INT64_MAX, &entry.number))
        return false;
    name_of(&entry, again); /* what was cut or altered above no longer reads the same */
    if (strcmp(again, name) != 0)
        return false;
    *ret = entry;
    return true;
}

static bool failed(const char *what, const char *path, struct rw_error *err)
{
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not %s \"%.256s\": %s", what, path,
                        strerror(errno));
}

/* Keeps the entries sorted by number: files come in any order from a folder. */
static bool insert(struct spool *spool, const struct spool_entry *entry, struct rw_error *err)
{
    if (spool->first + spool->count == spool->max) {
        memmove(spool->entries, spool->entries + spool->first,
                spool->count * sizeof *spool->entries);
        spool->first = 0;
    }
    if (spool->count == spool->max)
        return rw_error_set(err, RW_TOO_LARGE, "",
                            "%zu verdicts and pictures wait for the service already", spool->max);
    struct spool_entry *entries = spool->entries + spool->first;
    size_t at = spool->count++;
    for (; at > 0 && entries[at - 1].number > entry->number; at--)
        entries[at] = entries[at - 1];
    entries[at] = *entry;
    if (entry->number > spool->newest)
        spool->newest = entry->number;
    return true;
}

static bool read_folder(struct spool *spool, struct rw_error *err)
{
    DIR *folder = opendir(spool->folder);
    if (folder == NULL)
        return failed("read", spool->folder, err);
    bool done = true;
    struct dirent *file;
    while (done && (file = readdir(folder)) != NULL) {
        struct spool_entry entry;
        if (parse_name(file->d_name, &entry))
            done = insert(spool, &entry, err);
    }
    (void)closedir(folder); /* nothing was written to it */
    return done;
}

/* Two programs would give one number twice. The system lets go of it when the program ends, in
 * whatever way. */
static bool take_lock(struct spool *spool, const char *state_folder, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (!rw_file_join(path, state_folder, "spool.lock", err))
        return false;
    spool->lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (spool->lock < 0)
        return failed("open", path, err);
    return fcntl(spool->lock, F_SETLK, &lock) == 0 ||
           rw_error_set(err, RW_CONFLICT, "", "another program works for this line with \"%.256s\"",
                        state_folder);
}

bool spool_open(const char *state_folder, size_t max, struct spool **ret_spool,
                struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(max * sizeof(struct spool_entry) + RW_ARENA_MIB);
    struct spool *spool = arena != NULL ? rw_arena_alloc(arena, sizeof *spool, err) : NULL;
    if (spool == NULL) {
        rw_arena_close(arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "the spool found no memory");
    }
    spool->arena = arena;
    spool->max = max;
    spool->lock = -1;
    spool->entries = rw_arena_array(arena, max, sizeof *spool->entries, err);
    if (spool->entries == NULL || !rw_file_join(spool->folder, state_folder, "spool", err) ||
        !rw_file_join(spool->refused, state_folder, "refused", err) ||
        !rw_file_make_folder(spool->folder, 0700, err) ||
        !rw_file_make_folder(spool->refused, 0700, err) || !take_lock(spool, state_folder, err) ||
        !read_folder(spool, err)) {
        spool_close(spool);
        return false;
    }
    *ret_spool = spool;
    return true;
}

void spool_close(struct spool *spool)
{
    if (spool == NULL)
        return;
    if (spool->lock >= 0)
        (void)close(spool->lock); /* nothing was written to it */
    rw_arena_close(spool->arena);
}

static bool path_of(const char *folder, const struct spool_entry *entry,
                    char ret_path[RW_FILE_PATH_MAX], struct rw_error *err)
{
    char name[SPOOL_NAME_MAX];
    name_of(entry, name);
    return rw_file_join(ret_path, folder, name, err);
}

bool spool_add(struct spool *spool, const struct spool_entry *entry, const void *bytes,
               size_t length, struct rw_error *err)
{
    struct spool_entry numbered = *entry;
    char path[RW_FILE_PATH_MAX];
    numbered.number = spool->newest + 1;
    if (spool->count == spool->max)
        return rw_error_set(err, RW_TOO_LARGE, "",
                            "%zu verdicts and pictures wait for the service already", spool->max);
    return path_of(spool->folder, &numbered, path, err) &&
           rw_file_write(path, bytes, length, 0600, err) && insert(spool, &numbered, err);
}

bool spool_oldest(const struct spool *spool, struct spool_entry *ret_entry)
{
    if (spool->count == 0)
        return false;
    *ret_entry = spool->entries[spool->first];
    return true;
}

bool spool_read(const struct spool *spool, const struct spool_entry *entry, size_t max,
                struct rw_arena *arena, char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    return path_of(spool->folder, entry, path, err) &&
           rw_file_read(path, max, arena, ret_bytes, ret_length, err);
}

static void drop_oldest(struct spool *spool, const struct spool_entry *entry)
{
    assert(spool->count > 0 && spool->entries[spool->first].number == entry->number);
    (void)entry;
    spool->first++;
    spool->count--;
}

bool spool_remove(struct spool *spool, const struct spool_entry *entry, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    if (!path_of(spool->folder, entry, path, err))
        return false;
    if (unlink(path) != 0 && errno != ENOENT)
        return failed("remove", path, err);
    drop_oldest(spool, entry);
    return true;
}

bool spool_set_aside(struct spool *spool, const struct spool_entry *entry, struct rw_error *err)
{
    char from[RW_FILE_PATH_MAX];
    char to[RW_FILE_PATH_MAX];
    if (!path_of(spool->folder, entry, from, err) || !path_of(spool->refused, entry, to, err))
        return false;
    if (rename(from, to) != 0)
        return failed("set aside", from, err);
    drop_oldest(spool, entry);
    return true;
}
