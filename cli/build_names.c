/* SPDX-License-Identifier: Apache-2.0 */
/* Reads folders, and finds names that two files share. */
#define _POSIX_C_SOURCE 200809L
#include "cli/build_names.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Paths while they are gathered. */
struct gathering {
    struct rw_arena *arena;
    char **paths;
    size_t count;
    size_t room;
};

/* One path by its name. */
struct named {
    const char *base;
    const char *path;
    size_t index;
};

static bool add(struct gathering *gathering, char *path, struct rw_error *err)
{
    if (path == NULL || !rw_arena_grow(gathering->arena, &gathering->paths, &gathering->room,
                                       gathering->count, sizeof path, BUILD_NAMES_MAX, err))
        return false;
    gathering->paths[gathering->count++] = path;
    return true;
}

static int compare_path(const void *left, const void *right)
{
    char *const *one = left;
    char *const *two = right;
    return strcmp(*one, *two);
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool add_folder(struct gathering *gathering, const char *folder, struct rw_error *err)
{
    const size_t first = gathering->count;
    DIR *stream = opendir(folder);
    bool done = stream != NULL;
    if (!done)
        return rw_error_set(err, RW_UNREADABLE, "", "cannot read the folder \"%s\": %s", folder,
                            strerror(errno));
    for (const struct dirent *entry = readdir(stream); done && entry != NULL;
         entry = done ? readdir(stream) : NULL) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = rw_arena_format(gathering->arena, err, "%s/%s", folder, entry->d_name);
        done = path != NULL && (is_folder(path) || add(gathering, path, err));
    }
    (void)closedir(stream); /* it was only read */
    if (gathering->count > first)
        qsort(&gathering->paths[first], gathering->count - first, sizeof *gathering->paths,
              compare_path);
    if (done && gathering->count == first)
        return rw_error_set(err, RW_UNREADABLE, "", "the folder \"%s\" holds no file", folder);
    return done;
}

bool build_names_expand(char *const *given, size_t count, struct rw_arena *arena, char ***ret_paths,
                        size_t *ret_count, struct rw_error *err)
{
    struct gathering gathering = { .arena = arena };
    for (size_t i = 0; i < count; i++) {
        if (is_folder(given[i]) ? !add_folder(&gathering, given[i], err)
                                : !add(&gathering, given[i], err))
            return false;
    }
    *ret_paths = gathering.paths;
    *ret_count = gathering.count;
    return true;
}

static int compare_named(const void *left, const void *right)
{
    const struct named *one = left;
    const struct named *two = right;
    const int order = strcmp(one->base, two->base);
    return order != 0 ? order : strcmp(one->path, two->path);
}

bool build_names_make(char *const *paths, size_t count, struct rw_arena *arena,
                      const char ***ret_names, struct rw_error *err)
{
    struct named *named = rw_arena_array(arena, count, sizeof *named, err);
    const char **names = rw_arena_array(arena, count, sizeof *names, err);
    if (named == NULL || names == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(paths[i], '/');
        named[i] = (struct named){ slash != NULL ? slash + 1 : paths[i], paths[i], i };
    }
    if (count > 0)
        qsort(named, count, sizeof *named, compare_named);
    for (size_t start = 0, end; start < count; start = end) {
        end = start + 1;
        while (end < count && strcmp(named[end].base, named[start].base) == 0)
            end++;
        const bool shared = strcmp(named[start].path, named[end - 1].path) != 0;
        for (size_t i = start; i < end; i++)
            names[named[i].index] = shared ? named[i].path : named[i].base;
    }
    *ret_names = names;
    return true;
}
