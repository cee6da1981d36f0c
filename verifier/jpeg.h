/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes JPEG pictures to grey; the door to libjpeg. */
#ifndef RW_VERIFIER_JPEG_H
#define RW_VERIFIER_JPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define JPEG_SCANS_MAX                                                        \
    64 /* of a picture that comes in several; each costs as much as a picture \
        */

/* OpenCV fills what is missing in a damaged picture with grey and is silent; libjpeg says so. Here
 * a picture is read whole, or it is RW_UNREADABLE. The caller has checked the size in the header.
 */
RW_MUST_USE bool jpeg_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                                  struct picture *ret_picture, struct rw_error *err);

#endif
