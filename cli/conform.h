/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the conformance kit and prints what it finds. */
#ifndef RW_CLI_CONFORM_H
#define RW_CLI_CONFORM_H

#include "cli/options.h"
#include "core/base/arena.h"
#include "core/net/enrol.h"

/* The trial of `identity` in `folder`. TAP, or JSON lines with --json. `revoked_folder` holds a
 * dispenser whose certificate was revoked, or is NULL. A folder in which a dispenser works is
 * refused: the kit would count its events away. */
enum options_exit conform_run(const struct options *options, const char *folder,
                              const struct enrol_identity *identity, const char *revoked_folder,
                              struct rw_arena *arena);

#endif
