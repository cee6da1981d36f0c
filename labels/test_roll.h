/* SPDX-License-Identifier: Apache-2.0 */
/* The roll that a new film, printer or camera is certified with. */
#ifndef RW_LABELS_TEST_ROLL_H
#define RW_LABELS_TEST_ROLL_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/media.h"
#include "core/model/picture.h"
#include "labels/canvas.h"

#define TEST_ROLL_PAGES_MAX 16

/* Nothing on it is of a person, and its codes bear the roll number 000000000 and no tag: a line
 * that meets one among its bags calls it a stranger. */
struct test_roll {
    struct canvas *canvas;     /* borrowed */
    const struct media *media; /* borrowed */
    int32_t dpi;
};

/* RW_INVALID when no printer has that dpi. */
RW_MUST_USE bool test_roll_count(const struct test_roll *roll, size_t *ret_count,
                                 struct rw_error *err);
/* Page `index` in the printer's dots. RW_INVALID when the film is too small for it. */
RW_MUST_USE bool test_roll_draw(const struct test_roll *roll, size_t index, struct rw_arena *arena,
                                struct picture *ret_picture, struct rw_error *err);
RW_MUST_USE bool test_roll_write_pdf(const struct test_roll *roll, struct rw_arena *arena,
                                     const char **ret_bytes, size_t *ret_length,
                                     struct rw_error *err);
RW_MUST_USE bool test_roll_write_zpl(const struct test_roll *roll, struct rw_arena *arena,
                                     const char **ret_bytes, size_t *ret_length,
                                     struct rw_error *err);

#endif
