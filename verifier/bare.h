/* SPDX-License-Identifier: Apache-2.0 */
/* The seen label without the ink that is wanted on it. */
#ifndef RW_VERIFIER_BARE_H
#define RW_VERIFIER_BARE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/laying.h"

/* Takes the ink of each letter off, so much as was seen of it and `least` at the least, down to
 * this paper: ink that is not there cannot make it lighter. Letters, their own strokes close
 * together, then do not look like wide things. */
RW_MUST_USE bool bare_make(const struct laying *laying, const struct picture *paper, float least,
                           struct rw_arena *arena, struct picture *ret_bare, struct rw_error *err);

#endif
