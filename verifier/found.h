/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a label where it was found. */
#ifndef RW_VERIFIER_FOUND_H
#define RW_VERIFIER_FOUND_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/laying.h"

/* Draws the letters of this print, one of the laying's wanted ones, as they lie in the seen
 * picture, on white. */
RW_MUST_USE bool found_draw(const struct laying *laying, const struct picture *print,
                            struct rw_arena *arena, struct picture *ret_found,
                            struct rw_error *err);

#endif
