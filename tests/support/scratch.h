/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the folder that a test works in. */
#ifndef RW_TESTS_SUPPORT_SCRATCH_H
#define RW_TESTS_SUPPORT_SCRATCH_H

#include <stdbool.h>

#define SCRATCH_PATH_MAX 64 /* bytes, NUL included */

/* A new folder that a database's account gets through. Who makes it removes it; what a crash leaves
 * lies under $TMPDIR, which ./run test takes away. */
bool scratch_make(char ret_folder[SCRATCH_PATH_MAX]);

#endif
