/* SPDX-License-Identifier: Apache-2.0 */
/* Finds PostgreSQL and makes the files of the service's own cluster. */
#define _GNU_SOURCE
#include "api/cluster_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api/cluster_place.h"
#include "core/base/text.h"

#define NEWEST_MAJOR 18 /* majors looked for, newest first; libpq of Debian 12 speaks to all */
#define OLDEST_MAJOR 14
#define INITDB_MS_MAX 120000
#define WAIT_MS 100 /* between two looks whether we were told to stop */
#define END_MS_MAX 5000
#define LOCK_MS_MAX 5000
#define LOCK_STEP_MS 20
#define DRAFT "draft-"     /* a cluster that is being made; then six characters */
#define DRAFTS_MAX 8       /* taken away at one start */
#define DRAFT_MS_MAX 20000 /* for one of them */

static bool has_programs(const char *folder)
{
    char postgres[RW_FILE_PATH_MAX];
    char initdb[RW_FILE_PATH_MAX];
    return rw_file_join(postgres, folder, "postgres", NULL) &&
           rw_file_join(initdb, folder, "initdb", NULL) && access(postgres, X_OK) == 0 &&
           access(initdb, X_OK) == 0;
}

/* A cluster is run by the major that made it. */
static int made_by_major(const struct cluster_files *files)
{
    char path[RW_FILE_PATH_MAX];
    char text[16] = { 0 };
    if (!rw_file_join(path, files->data, "PG_VERSION", NULL))
        return 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
    int64_t major = 0;
    return rw_text_to_int(text, 1, 99, &major) ? (int)major : 0;
}

static bool find_programs(struct cluster_files *files, struct rw_error *err)
{
    int made_by = made_by_major(files);
    for (int major = NEWEST_MAJOR; major >= OLDEST_MAJOR; major--) {
        (void)snprintf(files->bin, sizeof files->bin, "/usr/lib/postgresql/%d/bin", major);
        if ((made_by == 0 || made_by == major) && has_programs(files->bin))
            return true;
    }
    static const char *const others[] = { "/usr/local/bin", "/usr/bin", "/usr/local/pgsql/bin" };
    for (size_t i = 0; i < RW_COUNT(others); i++) {
        (void)rw_text_copy(files->bin, sizeof files->bin, others[i]);
        if (has_programs(files->bin))
            return true;
    }
    return rw_error_set(err, RW_UNAVAILABLE, "",
                        "could not find PostgreSQL%s; install the package postgresql-15 or name a "
                        "database with --database",
                        made_by > 0 ? " of the version that made this cluster" : "");
}

/* What an initdb left that was killed. It is taken away under the account, which made it: whatever
 * lies there, it reaches no further than that account. What stays is tried again the next time. */
static void remove_drafts(const struct cluster_files *files)
{
    char path[RW_FILE_PATH_MAX];
    int status = 0;
    int removed = 0;
    DIR *folder = opendir(files->base);
    if (!folder)
        return;
    for (const struct dirent *one = readdir(folder); one && removed < DRAFTS_MAX;
         one = readdir(folder)) {
        const char *const args[] = { "/bin/rm", "-rf", "--one-file-system", "--", path, NULL };
        pid_t pid = 0;
        if (!rw_text_starts_with(one->d_name, DRAFT) ||
            !rw_file_join(path, files->base, one->d_name, NULL) ||
            !child_start(&files->account, args, files->log, SIGKILL, &pid, NULL))
            continue;
        removed++;
        if (!child_wait(pid, DRAFT_MS_MAX, &status)) {
            (void)kill(-pid, SIGKILL);
            (void)child_wait(pid, END_MS_MAX, &status);
        }
    }
    (void)closedir(folder);
}

/* A folder that belongs to the account and that nobody else may enter. */
static bool own_folder(const struct cluster_files *files, const char *path, struct rw_error *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not make %s: %s", path,
                            strerror(errno));
    struct stat held;
    if (lstat(path, &held) != 0 || !S_ISDIR(held.st_mode))
        return rw_error_set(err, RW_UNAVAILABLE, "", "%s is not a folder", path);
    if (held.st_uid != files->account.uid &&
        lchown(path, files->account.uid, files->account.gid) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not give %s to %s: %s", path,
                            files->account.name, strerror(errno));
    return true;
}

/* A service that was killed while it started a child leaves its lock to that child, until this runs
 * its program: for a moment, longer on a busy machine. */
static bool wait_for_lock(int descriptor)
{
    const struct timespec step = { .tv_nsec = LOCK_STEP_MS * 1000000L };
    for (int32_t waited = 0; waited < LOCK_MS_MAX && !child_stop_asked(); waited += LOCK_STEP_MS) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            return true;
        (void)nanosleep(&step, NULL);
    }
    return false;
}

static bool take_lock(struct cluster_files *files, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    if (!rw_file_join(path, files->base, "lock", err))
        return false;
    files->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (files->lock < 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not open %s: %s", path,
                            strerror(errno));
    if (!wait_for_lock(files->lock))
        return rw_error_set(err, RW_UNAVAILABLE, "", "another service runs with %s", files->base);
    return true;
}

static bool write_owned(const struct cluster_files *files, const char *folder, const char *name,
                        const char *text, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    if (!rw_file_join(path, folder, name, err) ||
        !rw_file_write(path, text, strlen(text), 0600, err))
        return false;
    if (files->account.drop && lchown(path, files->account.uid, files->account.gid) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not give %s away: %s", path,
                            strerror(errno));
    return true;
}

/* Only this process's own user gets in, over the socket; also to copy the whole (pg_basebackup). */
static bool write_access(const struct cluster_files *files, const char *data, struct rw_error *err)
{
    char map[256];
    const struct passwd *ourselves = getpwuid(geteuid());
    if (!ourselves)
        return rw_error_set(err, RW_UNAVAILABLE, "", "this process's account has no name");
    (void)snprintf(map, sizeof map,
                   "rolwacht \"%.64s\" rolwacht_owner\n"
                   "rolwacht \"%.64s\" rolwacht_app\n",
                   ourselves->pw_name, ourselves->pw_name);
    return write_owned(files, data, "pg_hba.conf", "local all,replication all peer map=rolwacht\n",
                       err) &&
           write_owned(files, data, "pg_ident.conf", map, err);
}

/* It and what it started end; what it leaves of a draft is taken away at the next start. */
static void end_initdb(struct cluster_files *files)
{
    int status = 0;
    (void)kill(-files->initdb, SIGTERM); /* it leads a session of its own */
    if (!child_wait(files->initdb, END_MS_MAX, &status)) {
        (void)kill(-files->initdb, SIGKILL);
        (void)child_wait(files->initdb, END_MS_MAX, &status);
    }
    files->initdb = 0;
    (void)rmdir(files->draft); /* stays when it could not be emptied */
}

/* False when it failed, took too long or we were told to stop. */
static bool wait_for_initdb(struct cluster_files *files)
{
    int status = 0;
    for (int32_t waited = 0; waited < INITDB_MS_MAX && !child_stop_asked(); waited += WAIT_MS) {
        if (!child_wait(files->initdb, WAIT_MS, &status))
            continue;
        files->initdb = 0;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return true;
        (void)rmdir(files->draft); /* stays when it could not be emptied */
        return false;
    }
    end_initdb(files);
    return false;
}

static bool sync_by(int (*sync)(int descriptor), const char *folder, struct rw_error *err)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = descriptor >= 0 && (sync(descriptor) == 0 || errno == EINVAL);
    if (!done)
        (void)rw_error_set(err, RW_UNAVAILABLE, "", "could not write %s: %s", folder,
                           strerror(errno));
    if (descriptor >= 0)
        (void)close(descriptor); /* nothing was written to it */
    return done;
}

/* On the disk before it has its name. One pass over the file system for a thousand files: each by
 * itself, as initdb does it, takes seconds where others write to the same disk. */
static bool name_cluster(const struct cluster_files *files, struct rw_error *err)
{
    if (!sync_by(syncfs, files->draft, err))
        return false;
    if (rename(files->draft, files->data) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not rename %s: %s", files->draft,
                            strerror(errno));
    return sync_by(fsync, files->base, err);
}

/* Made under another name and renamed when it is whole: a kill in between leaves nothing half. */
static bool start_initdb(struct cluster_files *files, struct rw_error *err)
{
    char initdb[RW_FILE_PATH_MAX];
    if (!rw_file_join(files->draft, files->base, DRAFT "XXXXXX", err) ||
        !rw_file_join(initdb, files->bin, "initdb", err))
        return false;
    if (!mkdtemp(files->draft) || !own_folder(files, files->draft, err))
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not make a folder in %s: %s",
                            files->base, strerror(errno));
    const char *args[] = { initdb,
                           "-D",
                           files->draft,
                           "-U",
                           "rolwacht_owner",
                           "--data-checksums",
                           "--encoding=UTF8",
                           "--locale=C.UTF-8",
                           "--auth-local=peer",
                           "--auth-host=reject",
                           "--no-sync", /* name_cluster does that */
                           NULL };
    return child_start(&files->account, args, files->log, SIGKILL, &files->initdb, err);
}

bool cluster_files_begin(struct cluster_files *files, const char *state_folder,
                         struct rw_error *err)
{
    struct cluster_place place;
    if (!child_account_find(&files->account, err) ||
        !cluster_place_choose(&files->account, &files->clock, state_folder, &place, err) ||
        !rw_text_copy(files->base, sizeof files->base, place.base) ||
        !own_folder(files, files->base, err) ||
        !rw_file_join(files->data, files->base, "data", err) ||
        !rw_file_join(files->log, files->base, "postgres.log", err) || !take_lock(files, err) ||
        !cluster_place_mark(&place, state_folder, err) || !find_programs(files, err))
        return false;
    remove_drafts(files);
    return access(files->data, F_OK) == 0 || start_initdb(files, err);
}

bool cluster_files_finish(struct cluster_files *files, struct rw_error *err)
{
    if (files->initdb == 0)
        return write_access(files, files->data, err);
    if (!wait_for_initdb(files))
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "could not make the database cluster; %s says why", files->log);
    return write_access(files, files->draft, err) && name_cluster(files, err);
}

void cluster_files_close(struct cluster_files *files)
{
    if (files->initdb != 0)
        end_initdb(files);
    if (files->lock >= 0)
        (void)close(files->lock);
    files->lock = -1;
}
