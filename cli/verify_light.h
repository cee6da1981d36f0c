/* SPDX-License-Identifier: Apache-2.0 */
/* Measures a line's light on the test roll, and reads it again. */
#ifndef RW_CLI_VERIFY_LIGHT_H
#define RW_CLI_VERIFY_LIGHT_H

#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/light.h"
#include "verifier/frames.h"

struct verify_light_wishes {
    const char *to;          /* the file that is written */
    const char *reflectance; /* "84,6": percent of the film and of black print, by an instrument */
};

/* From pictures of the test roll, all of one size; the file appears when all was seen. */
enum options_exit verify_light_measure(const struct options *options,
                                       const struct frames_source *source,
                                       const struct verify_light_wishes *wishes);
RW_MUST_USE bool verify_light_read(const char *path, struct rw_arena *arena,
                                   const struct light **ret_light, struct rw_error *err);

#endif
