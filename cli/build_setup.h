/* SPDX-License-Identifier: Apache-2.0 */
/* The pharmacy's files that a build needs beside the orders. */
#ifndef RW_CLI_BUILD_SETUP_H
#define RW_CLI_BUILD_SETUP_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/json/json_sheet.h"
#include "core/model/media.h"
#include "roll-builder/overrides.h"
#include "roll-builder/people.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"

/* Paths; NULL = not given. */
struct build_files {
    const char *policy;
    const char *products;
    const char *media;
    const char *overrides;
    const char *clients;
};

/* `files` and `arena` are set by the caller; the rest is filled in. */
struct build_setup {
    struct build_files files;
    struct rw_arena *arena;
    struct policy policy; /* the defaults where no file was given; its zone is `zone` */
    struct rw_zone *zone;
    const struct products *products; /* NULL = no table */
    const struct media *media;
    struct overrides overrides;
    const struct people *people; /* NULL = no records */
    const char *place;           /* the file that an error speaks of, or NULL */
};

RW_MUST_USE bool build_setup_read(struct build_setup *setup, struct rw_error *err);
/* Reads one of the pharmacy's files and keeps every fault in it: of the format that is wanted, or
 * whichever it says it is (NULL). An error is a file that cannot be read at all. */
RW_MUST_USE bool build_setup_check(struct build_setup *setup, const char *path, const char *wanted,
                                   struct json_sheet *sheet, struct rw_error *err);
void build_setup_close(struct build_setup *setup);

#endif
