/* SPDX-License-Identifier: Apache-2.0 */
/* Draws and writes the pictures of bags that verify shows a person. */
#ifndef RW_CLI_VERIFY_OUT_H
#define RW_CLI_VERIFY_OUT_H

#include <stdbool.h>

#include "cli/verify_line.h"
#include "verifier/inspect.h"

/* The kept picture of a bag with what was found in it, as a PNG file in the arena. */
RW_MUST_USE bool verify_out_draw(const struct verdict_bag *bag, const struct inspect_view *view,
                                 struct rw_arena *arena, struct png_bytes *ret_png,
                                 struct rw_error *err);
/* bag-012.png in the folder. */
RW_MUST_USE bool verify_out_write(const char *folder, int32_t n, const struct png_bytes *png,
                                  struct rw_error *err);

#endif
