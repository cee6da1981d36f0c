/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the rolls that a line was given, for when its network is gone. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"

#define ENDING ".roll.json"
#define BARRED ".barred"
#define NAME_MAX_BYTES 32
#define FOLDER_MODE 0700
#define FILE_MODE 0600 /* a roll bears a name and what the person takes */
#define MS_PER_S 1000
#define NS_PER_MS 1000000

static bool path_of(const char *state_folder, const char *number, const char *ending,
                    char ret_path[RW_FILE_PATH_MAX], struct rw_error *err)
{
    char folder[RW_FILE_PATH_MAX];
    char name[NAME_MAX_BYTES];
    (void)snprintf(name, sizeof name, "%.9s%s", number, ending);
    return rw_file_join(folder, state_folder, "rolls", err) &&
           rw_file_make_folder(folder, FOLDER_MODE, err) &&
           rw_file_join(ret_path, folder, name, err);
}

static bool failed(const char *what, const char *path, struct rw_error *err)
{
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not %s \"%.256s\": %s", what, path,
                        strerror(errno));
}

static int64_t changed_ms(const struct stat *facts)
{
    return (int64_t)facts->st_mtim.tv_sec * MS_PER_S + facts->st_mtim.tv_nsec / NS_PER_MS;
}

/* What lies there, whole and itself. */
static bool read_kept(const char *path, const char *number, struct rw_arena *arena,
                      struct shelf_roll *ret_roll, struct roll **ret_read, struct rw_error *err)
{
    char *bytes = NULL;
    struct stat facts;
    if (!rw_file_read(path, ROLL_JSON_BYTES_MAX, arena, &bytes, &ret_roll->length, err) ||
        !roll_json_read(bytes, ret_roll->length, arena, ret_read, err))
        return false;
    if (!rw_text_equal((*ret_read)->number, number))
        return rw_error_set(err, RW_INVALID, "/roll", "what is kept as roll %s is another", number);
    if (stat(path, &facts) != 0)
        return failed("read", path, err);
    ret_roll->bytes = bytes;
    ret_roll->given_ms = changed_ms(&facts);
    return true;
}

/* A roll that lies there damaged says nothing about versions. */
static bool check_newer(const char *path, const struct roll *roll, struct rw_arena *arena,
                        struct rw_error *err)
{
    struct shelf_roll kept;
    struct roll *before = NULL;
    struct rw_error none = { 0 };
    if (!read_kept(path, roll->number, arena, &kept, &before, &none))
        return true;
    if (before->version > roll->version)
        return rw_error_set(err, RW_CONFLICT, "",
                            "the service gives version %d of roll %s, but version %d was seen",
                            (int)roll->version, roll->number, (int)before->version);
    if (before->version == roll->version && !rw_text_equal(before->fingerprint, roll->fingerprint))
        return rw_error_set(err, RW_CONFLICT, "",
                            "the service gives another roll %s of version %d than before",
                            roll->number, (int)roll->version);
    return true;
}

/* Makes room for the one that was just put. */
static bool prune(const char *state_folder, struct rw_error *err)
{
    char folder[RW_FILE_PATH_MAX];
    char oldest[RW_FILE_PATH_MAX] = "";
    int64_t oldest_ms = INT64_MAX;
    size_t count = 0;
    if (!rw_file_join(folder, state_folder, "rolls", err))
        return false;
    DIR *rolls = opendir(folder);
    if (rolls == NULL)
        return failed("read", folder, err);
    bool done = true;
    struct dirent *file;
    while (done && (file = readdir(rolls)) != NULL) {
        char path[RW_FILE_PATH_MAX];
        struct stat facts;
        if (strstr(file->d_name, ENDING) == NULL)
            continue;
        done = rw_file_join(path, folder, file->d_name, err);
        if (!done || stat(path, &facts) != 0)
            continue;
        count++;
        if (changed_ms(&facts) < oldest_ms) {
            oldest_ms = changed_ms(&facts);
            memcpy(oldest, path, sizeof oldest);
        }
    }
    (void)closedir(rolls); /* nothing was written to it */
    if (done && count > SHELF_ROLLS_MAX && unlink(oldest) != 0)
        return failed("remove", oldest, err);
    return done;
}

bool shelf_put(const char *state_folder, const char *number, const struct shelf_roll *roll,
               struct rw_arena *arena, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    char barred[RW_FILE_PATH_MAX];
    struct roll *read = NULL;
    if (!path_of(state_folder, number, ENDING, path, err) ||
        !path_of(state_folder, number, BARRED, barred, err) ||
        !roll_json_read(roll->bytes, roll->length, arena, &read, err))
        return false;
    if (!rw_text_equal(read->number, number))
        return rw_error_set(err, RW_INVALID, "/roll", "roll %s was asked for, roll %s came", number,
                            read->number);
    if (!check_newer(path, read, arena, err) ||
        !rw_file_write(path, roll->bytes, roll->length, FILE_MODE, err))
        return false;
    if (unlink(barred) != 0 && errno != ENOENT)
        return failed("remove", barred, err);
    return prune(state_folder, err);
}

bool shelf_take(const char *state_folder, const char *number, struct rw_arena *arena,
                struct shelf_roll *ret_roll, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    char barred[RW_FILE_PATH_MAX];
    struct roll *read = NULL;
    struct shelf_roll roll = { 0 };
    if (!path_of(state_folder, number, ENDING, path, err) ||
        !path_of(state_folder, number, BARRED, barred, err))
        return false;
    if (access(path, F_OK) != 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "roll %s was never fetched by this line",
                            number);
    if (access(barred, F_OK) == 0)
        return rw_error_set(err, RW_CONFLICT, "",
                            "when it was asked last, the service no longer gave roll %s to this "
                            "line",
                            number);
    if (!read_kept(path, number, arena, &roll, &read, err))
        return false;
    *ret_roll = roll;
    return true;
}

bool shelf_bar(const char *state_folder, const char *number, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    char barred[RW_FILE_PATH_MAX];
    if (!path_of(state_folder, number, ENDING, path, err) ||
        !path_of(state_folder, number, BARRED, barred, err))
        return false;
    return access(path, F_OK) != 0 || rw_file_write(barred, "", 0, FILE_MODE, err);
}
