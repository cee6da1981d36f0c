/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the labels of a roll as PDF, one page a bag. */
#include "labels/pdf.h"

#include <string.h>

#include "labels/catalogue.h"
#include "labels/draw.h"

#define PAGE_BYTES_MAX (2 * RW_ARENA_MIB) /* of the layout of one page */
#define STAMP_MINUTES 16                  /* "2026-11-23T08:00" */

/* a PDF asks for seconds; a roll's stamp leaves them out. */
static const char *with_seconds(const char *issued, struct rw_arena *arena, struct rw_error *err)
{
    if (issued == NULL || strlen(issued) < STAMP_MINUTES) {
        (void)rw_error_set(err, RW_INVALID, "/issued", "the roll has no moment of issue");
        return NULL; /* says that it failed */
    }
    if (issued[STAMP_MINUTES] == ':')
        return issued;
    return rw_arena_format(arena, err, "%.16s:00%s", issued, issued + STAMP_MINUTES);
}

static bool draw_pages(const struct layout_desk *desk, const struct roll *roll,
                       struct document *document, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(PAGE_BYTES_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a page");
    struct sheet sheet = sheet_of_document(desk->canvas, document);
    bool done = true;
    for (size_t i = 0; done && i < roll->bag_count; i++) {
        struct layout layout;
        rw_arena_reset(arena);
        layout_tell(desk, i);
        done = layout_make(desk, roll, &roll->bags[i], arena, &layout, err) &&
               draw_layout(&sheet, &layout, err) && document_end_page(document, err);
    }
    rw_arena_close(arena);
    return done;
}

static bool open_document(const struct layout_desk *desk, const struct roll *roll,
                          struct rw_arena *arena, struct document **ret_document,
                          struct rw_error *err)
{
    const struct media *media = desk->media != NULL ? desk->media : media_find(roll->media);
    if (media == NULL)
        return rw_error_set(err, RW_INVALID, "/media", "no film is called \"%s\"", roll->media);
    struct document_paper paper = { .width_um = media->width_um, .height_um = media->height_um };
    paper.created = with_seconds(roll->issued, arena, err);
    paper.title = rw_arena_format(arena, err, "Rolwacht %s", roll->number);
    if (paper.created == NULL || paper.title == NULL)
        return false;
    return document_open(desk->canvas, &paper, arena, ret_document, err);
}

bool pdf_write(const struct layout_desk *desk, const struct roll *roll, struct rw_arena *arena,
               const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    struct document *document = NULL;
    if (!open_document(desk, roll, arena, &document, err))
        return false;
    const char *bytes = NULL;
    size_t length = 0;
    bool done =
        draw_pages(desk, roll, document, err) && document_take(document, &bytes, &length, err) &&
        catalogue_complete(bytes, length, roll->language, arena, ret_bytes, ret_length, err);
    document_close(document);
    return done;
}
