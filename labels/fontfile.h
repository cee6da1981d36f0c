/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a font file and cuts it down; the door to HarfBuzz. */
#ifndef RW_LABELS_FONTFILE_H
#define RW_LABELS_FONTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* A TrueType file. */
struct fontfile;

RW_MUST_USE bool fontfile_open(const char *path, struct fontfile **ret_file, struct rw_error *err);
void fontfile_close(struct fontfile *file);

/* How many glyphs it has; their numbers are below. */
uint32_t fontfile_glyph_count(const struct fontfile *file);
/* Thousandths of the em. */
int32_t fontfile_advance(const struct fontfile *file, uint32_t glyph);

/* Thousandths of the em, y upward. */
struct fontfile_measures {
    char name[64]; /* as PostScript knows it: "NotoSans-Bold" */
    int32_t ascender;
    int32_t descender; /* negative */
    int32_t capital;
    int32_t box[4]; /* around all its ink: left, lower, right, upper */
};
void fontfile_measure(const struct fontfile *file, struct fontfile_measures *ret_measures);

/* The marked glyphs under their own numbers, without the tables that a PDF has no use for. */
RW_MUST_USE bool fontfile_subset(const struct fontfile *file, const bool *marked,
                                 struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                                 struct rw_error *err);

#endif
