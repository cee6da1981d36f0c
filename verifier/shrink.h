/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a picture smaller by a whole number. */
#ifndef RW_VERIFIER_SHRINK_H
#define RW_VERIFIER_SHRINK_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define SHRINK_BY_MAX 257 /* so many times 255 fit in 16 bits */

/* Each pixel is the mean of `by` times `by` of the given ones; what is left over at the right and
 * at the bottom falls away. A picture of less than `by` pixels is refused. */
RW_MUST_USE bool shrink_picture(const struct picture *picture, int by, struct rw_arena *arena,
                                struct picture *ret_picture, struct rw_error *err);

#endif
