/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a font file and cuts it down; the door to HarfBuzz. */
#include "labels/fontfile.h"

#include <stdlib.h>
#include <string.h>

#include <hb-ot.h>
#include <hb-subset.h>
#include <hb.h>

#define HEAD_BOX_AT 36 /* of xMin in the table "head" (OpenType) */

struct fontfile {
    hb_face_t *face;
    hb_font_t *font;
    int64_t em; /* in the file's units */
};

bool fontfile_open(const char *path, struct fontfile **ret_file, struct rw_error *err)
{
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(path);
    if (blob == NULL)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not read the font %s", path);
    struct fontfile *file = calloc(1, sizeof *file);
    if (file == NULL) {
        hb_blob_destroy(blob);
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a font");
    }
    file->face = hb_face_create(blob, 0);
    hb_blob_destroy(blob);
    file->font = hb_font_create(file->face);
    file->em = hb_face_get_upem(file->face);
    *ret_file = file;
    return true;
}

void fontfile_close(struct fontfile *file)
{
    if (file == NULL)
        return;
    hb_font_destroy(file->font);
    hb_face_destroy(file->face);
    free(file);
}

uint32_t fontfile_glyph_count(const struct fontfile *file)
{
    return hb_face_get_glyph_count(file->face);
}

static int32_t thousandths(const struct fontfile *file, hb_position_t units)
{
    int64_t half = units < 0 ? -file->em / 2 : file->em / 2;
    return (int32_t)(((int64_t)units * 1000 + half) / file->em);
}

int32_t fontfile_advance(const struct fontfile *file, uint32_t glyph)
{
    return thousandths(file, hb_font_get_glyph_h_advance(file->font, glyph));
}

/* The box of the table "head": four numbers of two bytes, the higher one first. */
static void read_box(const struct fontfile *file, int32_t ret_box[4])
{
    unsigned int length = 0;
    hb_blob_t *head = hb_face_reference_table(file->face, HB_TAG('h', 'e', 'a', 'd'));
    const uint8_t *bytes = (const uint8_t *)hb_blob_get_data(head, &length);
    for (size_t i = 0; i < 4; i++) {
        size_t at = HEAD_BOX_AT + 2 * i;
        if (at + 1 < length)
            ret_box[i] = thousandths(file, (int16_t)(bytes[at] << 8 | bytes[at + 1]));
    }
    hb_blob_destroy(head);
}

void fontfile_measure(const struct fontfile *file, struct fontfile_measures *ret_measures)
{
    struct fontfile_measures measures = { 0 };
    unsigned int room = sizeof measures.name;
    hb_font_extents_t lines = { 0 };
    hb_position_t capital = 0;
    (void)hb_ot_name_get_utf8(file->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &room,
                              measures.name);        /* room says how long it is */
    (void)hb_font_get_h_extents(file->font, &lines); /* without them they stay zero */
    hb_ot_metrics_get_position_with_fallback(file->font, HB_OT_METRICS_TAG_CAP_HEIGHT, &capital);
    measures.ascender = thousandths(file, lines.ascender);
    measures.descender = thousandths(file, lines.descender);
    measures.capital = thousandths(file, capital);
    read_box(file, measures.box);
    *ret_measures = measures;
}

/* Shaping is done, and a PDF says itself which letters a glyph stands for. */
static void drop_tables(hb_subset_input_t *input)
{
    static const char *const tags[] = { "GSUB", "GPOS", "GDEF", "cmap", "name",
                                        "OS/2", "post", "STAT", "DSIG", "kern" };
    hb_set_t *dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < RW_COUNT(tags); i++)
        hb_set_add(dropped, hb_tag_from_string(tags[i], -1));
}

static hb_face_t *cut(const struct fontfile *file, const bool *marked)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (input == NULL)
        return NULL;
    uint32_t count = fontfile_glyph_count(file);
    hb_set_t *glyphs = hb_subset_input_glyph_set(input);
    for (uint32_t i = 0; i < count; i++)
        if (marked[i])
            hb_set_add(glyphs, i);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_RETAIN_GIDS);
    drop_tables(input);
    hb_face_t *subset = hb_subset_or_fail(file->face, input);
    hb_subset_input_destroy(input);
    return subset;
}

bool fontfile_subset(const struct fontfile *file, const bool *marked, struct rw_arena *arena,
                     const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    hb_face_t *subset = cut(file, marked);
    if (subset == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "a font could not be cut down");
    hb_blob_t *blob = hb_face_reference_blob(subset);
    unsigned int length = 0;
    const char *data = hb_blob_get_data(blob, &length);
    char *bytes = rw_arena_alloc(arena, length, err);
    if (bytes != NULL && length > 0)
        memcpy(bytes, data, length);
    hb_blob_destroy(blob);
    hb_face_destroy(subset);
    if (bytes == NULL)
        return false;
    *ret_bytes = bytes;
    *ret_length = length;
    return true;
}
