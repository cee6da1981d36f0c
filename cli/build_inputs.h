/* SPDX-License-Identifier: Apache-2.0 */
/* Reads order files and sorts their lines by client. */
#ifndef RW_CLI_BUILD_INPUTS_H
#define RW_CLI_BUILD_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/build_glance.h"
#include "cli/build_roster.h"
#include "cli/build_spool.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"

/* A file in which somebody is not known. */
struct build_strayed {
    const struct build_source *source;
    struct build_stray *strays;
    size_t count;
};

/* All lines of a client, in an order that depends on the bytes of the files alone. */
struct build_lines {
    const struct order **orders;
    size_t count;
};

/* What is proportional to the number of files or clients lies in spools; what is not whole in
 * memory stays there. */
struct build_inputs {
    struct rw_arena *arena;   /* of the run */
    struct build_spool names; /* the files, for build_names_get */
    struct build_roster roster;
    struct build_strayed *strayed; /* in the order of their digests */
    size_t strayed_count;
    size_t strayed_room;
};

/* Told of each file that could not be read or was given twice, and after each file. All have the
 * `self` of `repeats`. */
struct build_listener {
    struct build_repeats repeats;
    void (*unreadable)(void *self, const char *path, const struct rw_error *err);
    void (*passed)(void *self, size_t files);
};

void build_inputs_init(struct build_inputs *inputs, struct rw_arena *arena);
/* Reads the files of `names` by `jobs` processes (0 = one more than processors). Every file must be
 * readable: a file left out could be half of somebody's medicines. On failure `err` is that of the
 * worst one, and the listener has heard of all. */
RW_MUST_USE bool build_inputs_read(struct build_inputs *inputs, const struct rw_zone *zone,
                                   const struct build_listener *listener, size_t jobs,
                                   struct rw_error *err);
void build_inputs_close(struct build_inputs *inputs);

/* The lines of this client are read soon. */
void build_inputs_expect(const struct build_client *client);
/* Reads the lines of one client, again where they were not kept; a file that is no longer what it
 * was is RW_UNREADABLE. */
RW_MUST_USE bool build_inputs_load(const struct build_client *client, const struct rw_zone *zone,
                                   struct rw_arena *arena, struct build_lines *ret_lines,
                                   struct rw_error *err);

#endif
