/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a media profile from rolwacht/media/1. */
#include "core/json/media_json.h"

#include <string.h>

#include "core/json/json_read.h"
#include "core/model/roll.h"

#define SIDE_UM_MIN 20000 /* a bag of two centimetres holds no label of ours */
#define SIDE_UM_MAX 300000
#define MARGIN_UM_MIN 1000 /* the quiet zone of the symbol lies in it */
#define MODULE_DOTS_MAX 16
#define PIECES_MAX 100

static bool read_numbers(const struct json *root, struct media *media, struct rw_error *err)
{
    return json_int32(root, "width_um", SIDE_UM_MIN, SIDE_UM_MAX, &media->width_um, err) &&
           json_int32(root, "height_um", SIDE_UM_MIN, SIDE_UM_MAX, &media->height_um, err) &&
           json_int32(root, "margin_um", MARGIN_UM_MIN, SIDE_UM_MIN / 4, &media->margin_um, err) &&
           json_int32(root, "module_dots", 0, MODULE_DOTS_MAX, &media->module_dots, err) &&
           json_int32(root, "pieces_max", 1, PIECES_MAX, &media->pieces_max, err) &&
           json_int32(root, "lines_max", 1, BAG_CONTENTS_MAX, &media->lines_max, err) &&
           json_int32(root, "bags_max", 1, ROLL_BAGS_MAX, &media->bags_max, err) &&
           json_int32(root, "leader_bags", 1, 1, &media->leader_bags, err) &&
           json_int32(root, "trailer_bags", 1, 1, &media->trailer_bags, err);
}

bool media_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                     struct media **ret_media, struct rw_error *err)
{
    static const char *const names[] = { "format",    "name",        "width_um",     "height_um",
                                         "margin_um", "module_dots", "pieces_max",   "lines_max",
                                         "bags_max",  "leader_bags", "trailer_bags", "unverified",
                                         NULL };
    const struct json *root = NULL;
    struct media *media = rw_arena_alloc(arena, sizeof *media, err);
    if (media == NULL || !json_parse(arena, bytes, length, &root, err) ||
        !json_format_is(root, "rolwacht/media/1", err) || !json_only(root, names, err) ||
        !json_text(root, "name", &media->name, err) || !read_numbers(root, media, err) ||
        !json_bool_or(root, "unverified", true, &media->unverified, err))
        return false;
    if (media->name[0] == '\0' || strlen(media->name) >= MEDIA_NAME_MAX)
        return json_refuse(json_member(root, "name"), "the name is empty or too long", err);
    *ret_media = media;
    return true;
}
