/* SPDX-License-Identifier: Apache-2.0 */
/* Draws and writes the pictures of bags that verify shows a person. */
#include "cli/verify_out.h"

#include <stdio.h>

#include "core/base/file.h"
#include "verifier/overlay.h"
#include "verifier/vision.h"

#define NAME_MAX_BYTES 32
#define FILE_MODE 0600 /* a label bears a name and what the person takes */

bool verify_out_draw(const struct verdict_bag *bag, const struct inspect_view *view,
                     struct rw_arena *arena, struct png_bytes *ret_png, struct rw_error *err)
{
    struct picture picture = view->upright;
    if (!overlay_draw(bag, arena, &picture, err))
        return false;
    return vision_encode_png(&picture, arena, &ret_png->bytes, &ret_png->length, err);
}

bool verify_out_write(const char *folder, int32_t n, const struct png_bytes *png,
                      struct rw_error *err)
{
    char name[NAME_MAX_BYTES];
    char path[RW_FILE_PATH_MAX];
    (void)snprintf(name, sizeof name, "bag-%03d.png", (int)n);
    return rw_file_join(path, folder, name, err) &&
           rw_file_write(path, png->bytes, png->length, FILE_MODE, err);
}
