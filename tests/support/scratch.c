/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the folder that a test works in. */
#define _POSIX_C_SOURCE 200809L
#include "tests/support/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

bool scratch_make(char ret_folder[SCRATCH_PATH_MAX])
{
    const char *parent = getenv("TMPDIR");
    int length = snprintf(ret_folder, SCRATCH_PATH_MAX, "%s/rw-test-XXXXXX",
                          parent != NULL && parent[0] != '\0' ? parent : "/tmp");
    return length < SCRATCH_PATH_MAX && mkdtemp(ret_folder) != NULL && chmod(ret_folder, 0711) == 0;
}
