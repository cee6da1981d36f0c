/* SPDX-License-Identifier: Apache-2.0 */
/* Writes pictures as PNG; the door to libpng. */
#ifndef RW_LABELS_PNG_H
#define RW_LABELS_PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define PNG_SIDE_MAX 1000000 /* pixels of one side: a roll of 998 bags as one picture */

enum png_kind { PNG_BITS, PNG_GREY, PNG_COLOUR, PNG_KIND_COUNT };

/* A picture that is written row by row from the top, so that a long one needs no memory. */
struct png_writer;

/* `dots_per_metre` 0 = not stated. */
RW_MUST_USE bool png_open(enum png_kind kind, int32_t width, int32_t height, int32_t dots_per_metre,
                          struct png_writer **ret_writer, struct rw_error *err);
/* One byte a pixel (black below 128 for PNG_BITS), three for PNG_COLOUR. */
RW_MUST_USE bool png_add_row(struct png_writer *writer, const uint8_t *row, struct rw_error *err);
/* The bytes of the whole file, in the arena. */
RW_MUST_USE bool png_take(struct png_writer *writer, struct rw_arena *arena, const char **ret_bytes,
                          size_t *ret_length, struct rw_error *err);
void png_close(struct png_writer *writer);

/* A picture at once, one bit or eight bits a pixel. */
RW_MUST_USE bool png_write(const struct picture *picture, enum png_kind kind,
                           struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                           struct rw_error *err);

#endif
