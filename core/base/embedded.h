/* SPDX-License-Identifier: Apache-2.0 */
/* A file that the build put into the program (cmake/RwEmbed.cmake). */
#ifndef RW_CORE_BASE_EMBEDDED_H
#define RW_CORE_BASE_EMBEDDED_H

#include <stddef.h>

/* Lists of these end with a row whose name is NULL. */
struct rw_embedded {
    const char *name;  /* the file's name without its folder */
    const char *bytes; /* a NUL that is not counted follows them */
    size_t length;
};

#endif
