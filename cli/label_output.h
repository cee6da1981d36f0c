/* SPDX-License-Identifier: Apache-2.0 */
/* Where labels go: a file, a folder or a printer. */
#ifndef RW_CLI_LABEL_OUTPUT_H
#define RW_CLI_LABEL_OUTPUT_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/media.h"
#include "core/net/printer.h"

struct label_output {
    const char *as;
    const char *path;         /* a file, or the folder of one file a bag */
    const char *print;        /* URL of a printer in place of it */
    const char *certificates; /* folder of printers' certificates; NULL = that of CUPS */
    struct printer printer;
};

/* Exactly one of path and printer; the printer's URL is read and must take the format. */
RW_MUST_USE bool label_output_check(struct label_output *output, struct rw_error *err);
/* One whole document, printed under the name of its job or written. */
RW_MUST_USE bool label_output_send(const struct label_output *output, const char *job,
                                   const char *bytes, size_t length, struct rw_error *err);
RW_MUST_USE bool label_output_make_folder(const struct label_output *output, struct rw_error *err);
RW_MUST_USE bool label_output_add_file(const struct label_output *output, const char *name,
                                       const char *bytes, size_t length, struct rw_error *err);

RW_MUST_USE bool label_output_read_media(const char *path, struct rw_arena *arena,
                                         struct media **ret_media, struct rw_error *err);

#endif
