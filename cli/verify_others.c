/* SPDX-License-Identifier: Apache-2.0 */
/* Knows whose the other rolls of a folder are. */
#define _POSIX_C_SOURCE 200809L
#include "cli/verify_others.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"

#define ROLL_MEMORY_MAX (64 * RW_ARENA_MIB)
#define ENDING ".roll.json"

static bool is_roll_name(const char *name)
{
    size_t length = strlen(name);
    size_t ending = strlen(ENDING);
    return length > ending && strcmp(name + length - ending, ENDING) == 0;
}

/* Keeps number and client of one roll; the rest goes with `scratch`. */
static bool keep_one(const char *path, struct rw_arena *scratch, struct rw_arena *arena,
                     struct match_other *ret_other, struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    struct roll *roll = NULL;

    rw_arena_reset(scratch);
    if (!rw_file_read(path, ROLL_JSON_BYTES_MAX, scratch, &bytes, &length, err) ||
        !roll_json_read(bytes, length, scratch, &roll, err))
        return false;
    ret_other->roll = rw_arena_text(arena, roll->number, err);
    ret_other->client = rw_arena_text(arena, roll->client.id, err);
    return ret_other->roll != NULL && ret_other->client != NULL;
}

/* An error names the file, one of many. */
static bool read_one(const char *path, struct rw_arena *scratch, struct rw_arena *arena,
                     struct match_other *ret_other, struct rw_error *err)
{
    struct rw_error cause = { 0 };
    return keep_one(path, scratch, arena, ret_other, &cause) ||
           rw_error_set(err, cause.code, cause.at, "\"%.256s\": %s", path, cause.text);
}

bool verify_others_read(const char *folder, struct rw_arena *arena,
                        const struct match_other **ret_others, size_t *ret_count,
                        struct rw_error *err)
{
    struct match_other *others = NULL;
    size_t room = 0;
    size_t count = 0;
    struct rw_arena *scratch = rw_arena_open(ROLL_MEMORY_MAX);
    DIR *open = scratch != NULL ? opendir(folder) : NULL;
    bool done = open != NULL ||
                rw_error_set(err, RW_UNAVAILABLE, "", "could not read the folder \"%.256s\": %s",
                             folder, strerror(errno));
    struct dirent *file;

    while (done && (file = readdir(open)) != NULL) {
        char path[RW_FILE_PATH_MAX];
        if (!is_roll_name(file->d_name))
            continue;
        done =
            rw_arena_grow(arena, &others, &room, count, sizeof *others, VERIFY_OTHERS_MAX, err) &&
            rw_file_join(path, folder, file->d_name, err) &&
            read_one(path, scratch, arena, &others[count], err);
        count += done;
    }
    if (open != NULL)
        (void)closedir(open); /* nothing was written to it */
    rw_arena_close(scratch);
    if (!done)
        return false;
    *ret_others = others;
    *ret_count = count;
    return true;
}
