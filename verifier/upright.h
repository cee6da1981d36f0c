/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a picture the way its camera was held. */
#ifndef RW_VERIFIER_UPRIGHT_H
#define RW_VERIFIER_UPRIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define UPRIGHT_PARTS_MAX 4096 /* of a file that are looked at for what the camera noted */
#define UPRIGHT_TAGS_MAX 4096  /* and notes there */

/* The orientation that a JPEG, PNG, WebP or TIFF file notes, 1 to 8 (Exif 2.32, 4.6.4, tag 0x0112);
 * 1, as stored, where it notes none or the note is damaged. */
int upright_orientation(const uint8_t *bytes, size_t length);
/* The picture as it is meant to be seen. */
RW_MUST_USE bool upright_turn(const struct picture *stored, int orientation, struct rw_arena *arena,
                              struct picture *ret_picture, struct rw_error *err);

#endif
