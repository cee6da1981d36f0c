/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for files before they are read. */
#define _POSIX_C_SOURCE 200809L
#include "core/base/prefetch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void rw_prefetch(const char *path)
{
    struct stat about;
    /* Who writes to a pipe would take this for its reader. */
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return;
    (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_WILLNEED); /* a wish, whatever comes of it */
    (void)close(descriptor);
}
