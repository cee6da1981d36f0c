/* SPDX-License-Identifier: Apache-2.0 */
/* Reads folders, and finds names that two files share. */
#define _DEFAULT_SOURCE /* d_type */
#include "cli/build_names.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/file.h"

#define NAME_MEMORY_MAX (2 * RW_ARENA_MIB)
#define PLACE_BYTES 4
#define MARK_SHARED "/" /* no file's own name has a slash */
#define MARK_ALONE "."

/* Paths while they are gathered: of each its own name, itself and its place, so that those of one
 * name lie together once they are sorted. */
struct gathering {
    struct build_spool found;
    struct rw_arena *arena; /* of one record */
};

static const char *own_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool add(struct gathering *gathering, uint32_t place, const char *path, struct rw_error *err)
{
    char record[2 * RW_FILE_PATH_MAX + PLACE_BYTES];
    const char *name = own_name(path);
    const size_t name_size = strlen(name) + 1;
    const size_t path_size = strlen(path) + 1;
    if (path_size > RW_FILE_PATH_MAX)
        return rw_error_set(err, RW_UNREADABLE, "", "the path of \"%.64s\" is too long", name);
    if (gathering->found.count == BUILD_NAMES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "one run reads at most %d files",
                            BUILD_NAMES_MAX);
    memcpy(record, name, name_size);
    memcpy(record + name_size, path, path_size);
    for (size_t i = 0; i < PLACE_BYTES; i++) /* the largest digit first: it sorts as it counts */
        record[name_size + path_size + i] = (char)(place >> (8 * (PLACE_BYTES - 1 - i)));
    return build_spool_add(&gathering->found, record, name_size + path_size + PLACE_BYTES, err);
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Most file systems say with the name whether it is a file; the others are asked for each. */
static bool add_entry(struct gathering *gathering, uint32_t place, const char *folder,
                      const struct dirent *entry, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (length < 0 || (size_t)length >= sizeof path)
        return rw_error_set(err, RW_UNREADABLE, "", "the path of \"%.64s\" is too long",
                            entry->d_name);
    const bool file = entry->d_type == DT_REG || !is_folder(path);
    return !file || add(gathering, place, path, err);
}

static bool add_folder(struct gathering *gathering, uint32_t place, const char *folder,
                       struct rw_error *err)
{
    const size_t first = gathering->found.count;
    DIR *stream = opendir(folder);
    bool done = stream != NULL;
    if (!done)
        return rw_error_set(err, RW_UNREADABLE, "", "cannot read the folder \"%s\": %s", folder,
                            strerror(errno));
    for (const struct dirent *entry = readdir(stream); done && entry != NULL;
         entry = done ? readdir(stream) : NULL) {
        if (entry->d_name[0] != '.')
            done = add_entry(gathering, place, folder, entry, err);
    }
    (void)closedir(stream); /* it was only read */
    if (done && gathering->found.count == first)
        return rw_error_set(err, RW_UNREADABLE, "", "the folder \"%s\" holds no file", folder);
    return done;
}

static bool read_found(const struct build_spool *sorted, size_t index, struct rw_arena *arena,
                       struct build_name *ret_name, struct rw_error *err)
{
    struct build_record record;
    if (!build_spool_get(sorted, index, arena, &record, err))
        return false;
    ret_name->name = record.bytes;
    ret_name->path = record.bytes + strlen(record.bytes) + 1;
    const unsigned char *place = (const unsigned char *)record.bytes + record.length - PLACE_BYTES;
    ret_name->place =
        (uint32_t)place[0] << 24 | (uint32_t)place[1] << 16 | (uint32_t)place[2] << 8 | place[3];
    return true;
}

/* The place, whether the name is shared, and the path. */
static bool add_name(struct build_spool *names, const struct build_name *name, bool shared,
                     struct rw_error *err)
{
    char record[PLACE_BYTES + 1 + RW_FILE_PATH_MAX];
    const size_t length = strlen(name->path);
    memcpy(record, &name->place, PLACE_BYTES);
    record[PLACE_BYTES] = shared ? MARK_SHARED[0] : MARK_ALONE[0];
    memcpy(record + PLACE_BYTES + 1, name->path, length);
    return build_spool_add(names, record, PLACE_BYTES + 1 + length, err);
}

/* The end of those that have the name of the first one; shared when not all are one file. */
static bool find_end(const struct gathering *gathering, const struct build_spool *sorted,
                     size_t start, size_t *ret_end, bool *ret_shared, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct build_name name;
    size_t end = start;
    *ret_shared = false;
    for (; end < sorted->count; end++) {
        rw_arena_reset(gathering->arena);
        if (!read_found(sorted, end, gathering->arena, &name, err))
            return false;
        if (end == start)
            memcpy(path, name.path, strlen(name.path) + 1);
        else if (strcmp(name.name, own_name(path)) != 0)
            break;
        *ret_shared = *ret_shared || strcmp(name.path, path) != 0;
    }
    *ret_end = end;
    return true;
}

static bool make_names(const struct gathering *gathering, const struct build_spool *sorted,
                       struct build_spool *names, struct rw_error *err)
{
    for (size_t start = 0, end; start < sorted->count; start = end) {
        bool shared;
        if (!find_end(gathering, sorted, start, &end, &shared, err))
            return false;
        for (size_t i = start; i < end; i++) {
            struct build_name name;
            rw_arena_reset(gathering->arena);
            if (!read_found(sorted, i, gathering->arena, &name, err) ||
                !add_name(names, &name, shared, err))
                return false;
        }
    }
    return true;
}

static bool gather(struct gathering *gathering, char *const *given, size_t count,
                   struct rw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!(is_folder(given[i]) ? add_folder(gathering, (uint32_t)i, given[i], err)
                                  : add(gathering, (uint32_t)i, given[i], err)))
            return false;
    }
    return true;
}

bool build_names_expand(char *const *given, size_t count, struct build_spool *names,
                        struct rw_error *err)
{
    struct gathering gathering = { .arena = rw_arena_open(NAME_MEMORY_MAX) };
    struct rw_arena *passing = rw_arena_open(NAME_MEMORY_MAX);
    struct build_spool sorted;
    build_spool_init(&gathering.found, passing);
    build_spool_init(&sorted, passing);
    bool done = gathering.arena != NULL && passing != NULL;
    if (!done)
        (void)rw_error_set(err, RW_NO_MEMORY, "", "no memory to find files with");
    done = done && gather(&gathering, given, count, err) &&
           build_spool_sort(&gathering.found, &sorted, err) &&
           make_names(&gathering, &sorted, names, err);
    build_spool_close(&sorted);
    build_spool_close(&gathering.found);
    rw_arena_close(passing);
    rw_arena_close(gathering.arena);
    return done;
}

bool build_names_get(const struct build_spool *names, size_t index, struct rw_arena *arena,
                     struct build_name *ret_name, struct rw_error *err)
{
    struct build_record record;
    if (!build_spool_get(names, index, arena, &record, err))
        return false;
    memcpy(&ret_name->place, record.bytes, PLACE_BYTES);
    ret_name->path = record.bytes + PLACE_BYTES + 1;
    ret_name->name =
        record.bytes[PLACE_BYTES] == MARK_SHARED[0] ? ret_name->path : own_name(ret_name->path);
    return true;
}
