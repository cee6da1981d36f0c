/* SPDX-License-Identifier: Apache-2.0 */
/* Builds one client's roll and writes its file. */
#ifndef RW_CLI_BUILD_CLIENT_H
#define RW_CLI_BUILD_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/build_inputs.h"
#include "cli/build_numbers.h"
#include "cli/build_report.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/draft.h"
#include "core/base/error.h"
#include "core/model/client.h"
#include "core/model/media.h"
#include "core/model/print.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/overrides.h"
#include "roll-builder/people.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"

#define BUILD_FILE_MODE 0600 /* a roll bears a name and what the person takes */

/* What the rolls of one run share. */
struct build_plant {
    const struct policy *policy;
    const struct products *products; /* NULL = no table */
    const struct people *people;     /* NULL = no records */
    const struct overrides *overrides;
    const struct media *media;
    const struct fits *fits;
    struct window window;
    const uint8_t *pharmacy_key;
    const char *issued;      /* NULL = the first day at 00:00 */
    const char *serial_seed; /* NULL = the orders themselves */
    bool number_given;       /* the seed is the roll number itself */
    const char *folder;
    struct build_numbers numbers; /* given in this run */
    struct rw_arena *arena;       /* of the drafts; emptied by build_client_settle */
    struct rw_draft *drafts;      /* written, not yet under their names */
    size_t draft_count;
    size_t draft_room;
};

#define BUILD_DRAFTS_MAX 256 /* files that wait for their names */
#define BUILD_FILE_NAME_MAX (CLIENT_ID_MAX + 32)

/* "c1.roll.json", the second roll of a period "c1~2.roll.json": "~" cannot stand in a client's id,
 * so that no other client's file has this name. */
void build_client_file(const char *client, size_t part, char ret_name[BUILD_FILE_NAME_MAX]);

/* The number of the client's first roll; called for the clients in their order, before any roll is
 * built. NULL on failure. */
const char *build_client_number(struct build_plant *plant, const struct build_client *client,
                                struct rw_arena *arena, struct rw_error *err);
/* Gives the files that were written their names. */
RW_MUST_USE bool build_client_settle(struct build_plant *plant, struct rw_error *err);

/* Plans, writes CLIENT.roll.json whole or not at all, and reads back what it wrote; a period that
 * is divided goes on in CLIENT~2.roll.json and so on. A blocked client has no file. All texts live
 * in the arena. */
RW_MUST_USE bool build_client_roll(struct build_plant *plant, const struct build_client *client,
                                   struct rw_arena *arena, struct build_results *ret_results,
                                   struct rw_error *err);

#endif
