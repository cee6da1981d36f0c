/* SPDX-License-Identifier: Apache-2.0 */
/* Writes photographs as picture files or as a video. */
#ifndef RW_TESTS_SUPPORT_REEL_H
#define RW_TESTS_SUPPORT_REEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "tests/support/photo.h"

#define REEL_RATE 12 /* frames a second */

/* A PNG file, or with a quality (1 to 100) a JPEG file, its colours as far as it has them. */
RW_MUST_USE bool reel_encode(const struct photo *photo, int32_t quality, struct rw_arena *arena,
                             const char **ret_bytes, size_t *ret_length, struct rw_error *err);

/* A video file (motion JPEG in AVI); all frames are as large as the first. */
struct reel;
RW_MUST_USE bool reel_open(const char *path, const struct photo *first, struct reel **ret_reel,
                           struct rw_error *err);
RW_MUST_USE bool reel_add(struct reel *reel, const struct photo *photo, struct rw_error *err);
void reel_close(struct reel *reel);

#endif
