/* SPDX-License-Identifier: Apache-2.0 */
/* How the C library keeps memory that was freed. */
#include "core/base/heap.h"

#include <malloc.h>
#include <stdint.h>

#define KEPT_BELOW (32 * 1024 * 1024) /* bytes: the most that malloc of glibc takes */

void rw_heap_keep(void)
{
#ifdef M_ARENA_MAX /* of glibc; what it refuses stays as slow as it was */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BELOW);
    (void)mallopt(M_TRIM_THRESHOLD, INT32_MAX);
    (void)mallopt(M_ARENA_MAX, 1); /* threads share what is kept */
#endif
}
