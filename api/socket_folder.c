/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the short folder in which the own database has its socket. */
#define _GNU_SOURCE
#include "api/socket_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"

#define NAME "rolwacht-"
#define NOTE "socket"
#define PARENT_MAX (SOCKET_FOLDER_MAX - (int)sizeof "/" NAME "XXXXXX")

void socket_folder_remove(const char *folder)
{
    char path[128];
    static const char *const names[] = { ".s.PGSQL.5432", ".s.PGSQL.5432.lock" };
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path); /* may be gone already */
    }
    (void)rmdir(folder); /* stays when somebody put something else there */
}

/* One that was killed could not remove its own. */
static void remove_left(const char *note)
{
    char left[SOCKET_FOLDER_MAX] = { 0 };
    FILE *file = fopen(note, "re");
    if (!file)
        return;
    if (fgets(left, sizeof left, file))
        left[strcspn(left, "\n")] = '\0';
    (void)fclose(file);
    const char *name = strrchr(left, '/');
    if (left[0] == '/' && rw_text_starts_with(name, "/" NAME))
        socket_folder_remove(left);
}

/* The first of the folders that systemd named, if the account gets there. */
static void choose_parent(const struct child_account *account, char ret_parent[SOCKET_FOLDER_MAX])
{
    const char *told = getenv("RUNTIME_DIRECTORY");
    size_t length = told ? strcspn(told, ":") : 0;
    (void)snprintf(ret_parent, SOCKET_FOLDER_MAX, "%.*s", (int)length, told ? told : "");
    if (length == 0 || length > PARENT_MAX || !child_may_enter(account, ret_parent) ||
        access(ret_parent, W_OK) != 0)
        (void)snprintf(ret_parent, SOCKET_FOLDER_MAX, "%s",
                       geteuid() == 0 && access("/run", W_OK) == 0 ? "/run" : "/tmp");
}

bool socket_folder_make(const struct child_account *account, const char *base,
                        char ret_folder[SOCKET_FOLDER_MAX], struct rw_error *err)
{
    char parent[SOCKET_FOLDER_MAX];
    char folder[SOCKET_FOLDER_MAX * 2];
    char note[RW_FILE_PATH_MAX];
    if (!rw_file_join(note, base, NOTE, err))
        return false;
    remove_left(note);
    choose_parent(account, parent);
    (void)snprintf(folder, sizeof folder, "%s/" NAME "XXXXXX", parent);
    if (!mkdtemp(folder))
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not make a folder in %s: %s", parent,
                            strerror(errno));
    /* Our own needs no change, and may be forbidden: the unit of systemd leaves us no chown. */
    if (account->drop && chown(folder, account->uid, account->gid) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not give %s away: %s", folder,
                            strerror(errno));
    return rw_text_copy(ret_folder, SOCKET_FOLDER_MAX, folder) &&
           rw_file_write(note, folder, strlen(folder), 0600, err);
}
