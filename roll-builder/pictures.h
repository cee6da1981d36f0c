/* SPDX-License-Identifier: Apache-2.0 */
/* Finds pictures of products, and films, that no longer count. */
#ifndef RW_ROLL_BUILDER_PICTURES_H
#define RW_ROLL_BUILDER_PICTURES_H

#include <stddef.h>

#include "core/base/diag.h"
#include "core/model/media.h"
#include "roll-builder/line.h"

/* Findings D43 (the picture shows another look) and D45 (it is out of date, or missing where the
 * policy asks for one) over what lies in the roll; the day that counts is the roll's first. */
void pictures_check(const struct line *lines, size_t count, const struct policy *policy,
                    const struct window *window, struct rw_diag *diag);
/* Finding D45 over the film. */
void pictures_check_media(const struct media *media, const struct window *window,
                          struct rw_diag *diag);

#endif
