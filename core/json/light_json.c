/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes the light of a line, rolwacht/light/1. */
#include "core/json/light_json.h"

#include <stddef.h>
#include <string.h>

#include "core/json/json_sheet.h"
#include "core/json/json_write.h"
#include "core/model/picture.h"

#define FORMAT "rolwacht/light/1"
#define GREY_MILLI_MAX 255000
#define FILM_MILLI_MAX \
    512000 /* a plane through what was measured may leave the range of a camera */

#define MEMBER(name) #name, JSON_SHEET_INT, offsetof(struct light, name), true

static const struct json_sheet_member members[] = {
    { "format", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { MEMBER(frame_width), 1, PICTURE_SIDE_MAX },
    { MEMBER(frame_height), 1, PICTURE_SIDE_MAX },
    { MEMBER(film_grey_milli), 0, FILM_MILLI_MAX },
    { MEMBER(film_across_milli), -FILM_MILLI_MAX, FILM_MILLI_MAX },
    { MEMBER(film_down_milli), -FILM_MILLI_MAX, FILM_MILLI_MAX },
    { MEMBER(black_grey_milli), 0, GREY_MILLI_MAX },
    { MEMBER(film_reflectance_milli), 0, 1000 },
    { MEMBER(black_reflectance_milli), 0, 1000 },
    { 0 },
};

bool light_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                     struct light *ret_light, struct rw_error *err)
{
    struct json_sheet sheet;
    struct light light = { 0 };
    json_sheet_init(&sheet, arena);
    const struct json *root = json_sheet_open(&sheet, bytes, length, FORMAT);
    if (root != NULL)
        json_sheet_read(&sheet, root, members, &light);
    if (!json_sheet_end(&sheet, err) || !light_check(&light, err))
        return false;
    *ret_light = light;
    return true;
}

bool light_json_write(const struct light *light, struct rw_arena *arena, const char **ret_bytes,
                      size_t *ret_length, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    rw_text_init(&text, arena, LIGHT_JSON_BYTES_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", FORMAT);
    for (const struct json_sheet_member *member = members + 1; member->name != NULL; member++) {
        int32_t number = 0;
        memcpy(&number, (const char *)light + member->offset, sizeof number);
        json_write_int(&writer, member->name, number);
    }
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = strlen(*ret_bytes);
    return true;
}
