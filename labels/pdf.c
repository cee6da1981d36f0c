/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the labels of a roll as PDF, one page a bag. */
#include "labels/pdf.h"

#include <string.h>

#include "labels/draw.h"

#define PAGE_BYTES_MAX (2 * RW_ARENA_MIB) /* of the layout of one page */
#define STAMP_MINUTES 16                  /* "2026-11-23T08:00" */

/* cairo asks for seconds in a moment; a roll's stamp leaves them out. */
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

static bool draw_page(const struct layout_desk *desk, const struct roll *roll,
                      const struct bag *bag, struct canvas_sheet *sheet, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(PAGE_BYTES_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a page");
    struct layout layout;
    bool done =
        layout_make(desk, roll, bag, arena, &layout, err) && draw_layout(sheet, &layout, err);
    if (done)
        canvas_next_page(sheet);
    rw_arena_close(arena);
    return done;
}

static bool open_document(const struct layout_desk *desk, const struct roll *roll,
                          struct rw_arena *arena, struct canvas_sheet **ret_sheet,
                          struct rw_error *err)
{
    const struct media *media = desk->media != NULL ? desk->media : media_find(roll->media);
    if (media == NULL)
        return rw_error_set(err, RW_INVALID, "/media", "no film is called \"%s\"", roll->media);
    struct canvas_document document = { .width_um = media->width_um,
                                        .height_um = media->height_um };
    document.created = with_seconds(roll->issued, arena, err);
    document.title = rw_arena_format(arena, err, "Rolwacht %s", roll->number);
    if (document.created == NULL || document.title == NULL)
        return false;
    return canvas_open_pdf(desk->canvas, &document, ret_sheet, err);
}

bool pdf_write(const struct layout_desk *desk, const struct roll *roll, struct rw_arena *arena,
               const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    struct canvas_sheet *sheet = NULL;
    if (!open_document(desk, roll, arena, &sheet, err))
        return false;
    bool done = true;
    for (size_t i = 0; done && i < roll->bag_count; i++)
        done = draw_page(desk, roll, &roll->bags[i], sheet, err);
    done = done && canvas_take_pdf(sheet, arena, ret_bytes, ret_length, err);
    canvas_close_sheet(sheet);
    return done;
}
