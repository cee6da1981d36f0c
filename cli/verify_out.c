/* SPDX-License-Identifier: Apache-2.0 */
/* Draws and writes the pictures of bags that verify shows a person. */
#include "cli/verify_out.h"

#include <stdio.h>

#include "core/base/file.h"
#include "labels/png.h"
#include "verifier/overlay.h"

#define NAME_MAX_BYTES 32
#define FOLDER_MODE 0700
#define FILE_MODE 0600 /* a label bears a name and what the person takes */

/* What was seen of a bag, and where it has defects what was planned, as a PNG file. */
static bool draw(const struct verify_out *out, const struct verdict_bag *bag, size_t index,
                 struct png_bytes *ret_png, struct rw_error *err)
{
    struct picture picture = inspect_view_of(out->inspect, index)->upright;
    struct picture planned;
    bool differs = bag->defect_count > 0;
    const char *bytes = NULL;
    if ((differs && !inspect_planned(out->inspect, index, out->arena, &planned, err)) ||
        !overlay_draw(bag, differs ? &planned : NULL, out->arena, &picture, err) ||
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

static bool hand_over_bag(const struct verify_out *out, const struct verdict_report *report,
                          size_t index, struct rw_error *err)
{
    const struct verdict_bag *bag = &report->bags[index];
    bool is_seen = inspect_view_of(out->inspect, index)->is_seen;
    bool is_wanted = out->folder != NULL && bag->verdict != VERDICT_PASS;
    struct png_bytes png = { NULL, 0 };

    rw_arena_reset(out->arena);
    if (is_seen && (is_wanted || out->station != NULL) && !draw(out, bag, index, &png, err))
        return false;
    if (is_wanted && png.bytes != NULL && !write_file(out->folder, bag->n, &png, err))
        return false;
    return out->station == NULL ||
           verify_line_post(out->station, report, index, &png, out->arena, err);
}

bool verify_out_hand_over(const struct verify_out *out, const struct verdict_report *report,
                          struct rw_error *err)
{
    if (out->folder != NULL && !rw_file_make_folder(out->folder, FOLDER_MODE, err))
        return false;
    for (size_t i = 0; i < report->bag_count; i++)
        if (!hand_over_bag(out, report, i, err))
            return false;
    return true;
}
