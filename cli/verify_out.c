/* SPDX-License-Identifier: Apache-2.0 */
/* Hands over what verify found of bags: pictures, glances and verdicts. */
#include "cli/verify_out.h"

#include <stdio.h>

#include "core/base/file.h"
#include "labels/png.h"
#include "verifier/overlay.h"

#define NAME_MAX_BYTES 32
#define FOLDER_MODE 0700
#define FILE_MODE 0600 /* a label bears a name and what the person takes */

/* What was seen of a bag, and where that helps what was planned, as a PNG file. */
static bool draw(const struct verify_out *out, const struct verdict_bag *bag, size_t index,
                 struct png_bytes *ret_png, struct rw_error *err)
{
    const struct inspect_view *view = inspect_view_of(out->inspect, index);
    struct picture picture = view->upright;
    struct picture planned;
    bool compares = overlay_compares(bag, &view->part);
    const char *bytes = NULL;
    if ((compares && !inspect_planned(out->inspect, index, out->arena, &planned, err)) ||
        !overlay_draw(bag, &view->part, compares ? &planned : NULL, out->arena, &picture, err) ||
        !png_write(&picture, PNG_GREY, out->arena, &bytes, &ret_png->length, err))
        return false;
    ret_png->bytes = (const uint8_t *)bytes;
    return true;
}

static bool write_file(const char *folder, int32_t n, const struct png_bytes *png,
                       struct rw_error *err)
{
    char name[NAME_MAX_BYTES];
    char path[RW_FILE_PATH_MAX];
    (void)snprintf(name, sizeof name, "bag-%03d.png", (int)n);
    return rw_file_join(path, folder, name, err) &&
           rw_file_write(path, png->bytes, png->length, FILE_MODE, err);
}

/* The picture of the view that counts, if the service was not told it yet. The size of a label is
 * known at the film's end alone. */
static bool draw_news(struct verify_out *out, const struct verdict_bag *bag, size_t index,
                      struct png_bytes *ret_png, struct rw_error *err)
{
    const struct inspect_view *view = inspect_view_of(out->inspect, index);
    bool is_told = out->pictured[index] == view->frame && !view->part.differs;
    if (!view->is_seen || is_told)
        return true;
    return draw(out, bag, index, ret_png, err);
}

static bool tell(struct verify_out *out, enum spool_kind kind, const struct verdict_report *report,
                 size_t index, size_t place, struct rw_error *err)
{
    struct png_bytes png = { NULL, 0 };
    rw_arena_reset(out->arena);
    if (!draw_news(out, &report->bags[index], place, &png, err) ||
        !verify_line_tell(out->station, kind, report, index, &png, out->arena, err))
        return false;
    if (png.bytes != NULL)
        out->pictured[place] = inspect_view_of(out->inspect, place)->frame;
    return true;
}

/* Judging goes on though a bag could not be told: its verdict comes at the film's end. */
static void hear_bag(void *self, const struct verdict_bag *bag, const struct inspect_view *view)
{
    struct verify_out *out = self;
    struct verdict_bag copy = *bag;
    const struct verdict_report report = verify_line_glance(out->roll, &copy);
    out->next->bag(out->next->self, bag, view);
    for (size_t i = 0; out->station != NULL && i < out->roll->bag_count; i++) {
        struct rw_error err = { 0 };
        bool is_it = out->roll->bags[i].n == bag->n;
        if (is_it && !tell(out, SPOOL_GLANCE, &report, 0, i, &err) && out->fault.code == RW_OK)
            out->fault = err;
    }
}

static void hear_stranger(void *self, const struct verdict_stranger *stranger)
{
    const struct verify_out *out = self;
    out->next->stranger(out->next->self, stranger);
}

bool verify_out_begin(struct verify_out *out, struct rw_arena *run, struct rw_error *err)
{
    out->listener = (struct inspect_listener){ out, hear_bag, hear_stranger };
    out->pictured = rw_arena_array(run, out->roll->bag_count + 1, sizeof *out->pictured, err);
    for (size_t i = 0; out->pictured != NULL && i < out->roll->bag_count; i++)
        out->pictured[i] = -1; /* no frame has this number */
    return out->pictured != NULL;
}

static bool write_picture(const struct verify_out *out, const struct verdict_bag *bag, size_t index,
                          struct rw_error *err)
{
    struct png_bytes png = { NULL, 0 };
    if (bag->verdict == VERDICT_PASS || !inspect_view_of(out->inspect, index)->is_seen)
        return true;
    rw_arena_reset(out->arena);
    return draw(out, bag, index, &png, err) && write_file(out->folder, bag->n, &png, err);
}

bool verify_out_hand_over(struct verify_out *out, const struct verdict_report *report,
                          struct rw_error *err)
{
    if (out->folder != NULL && !rw_file_make_folder(out->folder, FOLDER_MODE, err))
        return false;
    for (size_t i = 0; i < report->bag_count; i++) {
        if (out->folder != NULL && !write_picture(out, &report->bags[i], i, err))
            return false;
        if (out->station != NULL && !tell(out, SPOOL_VERDICT, report, i, i, err))
            return false;
    }
    return true;
}
