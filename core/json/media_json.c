/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a media profile from rolwacht/media/1. */
#include "core/json/media_json.h"

#include <stddef.h>
#include <string.h>

#include "core/base/date.h"
#include "core/model/roll.h"

#define SIDE_UM_MIN 20000 /* a bag of two centimetres holds no label of ours */
#define SIDE_UM_MAX 300000
#define MARGIN_UM_MIN 1000 /* the quiet zone of the symbol lies in it */
#define MODULE_DOTS_MAX 16
#define PIECES_MAX 100
#define VOLUME_UL_MAX 200000

#define MEMBER(name, needed) #name, JSON_SHEET_INT, offsetof(struct media, name), needed
#define EDGE(name, edge)                                                                      \
    name, JSON_SHEET_INT, offsetof(struct media, edges_um) + (edge) * sizeof(int32_t), false, \
        MARGIN_UM_MIN, SIDE_UM_MIN / 4

static const struct json_sheet_member members[] = {
    { "format", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "name", JSON_SHEET_TEXT, offsetof(struct media, name), true, 0, 0 },
    { MEMBER(width_um, true), SIDE_UM_MIN, SIDE_UM_MAX },
    { MEMBER(height_um, true), SIDE_UM_MIN, SIDE_UM_MAX },
    { MEMBER(margin_um, true), MARGIN_UM_MIN, SIDE_UM_MIN / 4 },
    { EDGE("margin_left_um", MEDIA_LEFT) },
    { EDGE("margin_right_um", MEDIA_RIGHT) },
    { EDGE("margin_top_um", MEDIA_TOP) },
    { EDGE("margin_bottom_um", MEDIA_BOTTOM) },
    { MEMBER(symbol_right_um, false), MARGIN_UM_MIN, SIDE_UM_MAX },
    { MEMBER(symbol_bottom_um, false), MARGIN_UM_MIN, SIDE_UM_MAX },
    { MEMBER(module_dots, true), 0, MODULE_DOTS_MAX },
    { MEMBER(pieces_max, true), 1, PIECES_MAX },
    { MEMBER(volume_max_ul, false), 0, VOLUME_UL_MAX },
    { MEMBER(lines_max, true), 1, BAG_CONTENTS_MAX },
    { MEMBER(bags_max, true), 1, ROLL_BAGS_MAX },
    { MEMBER(leader_bags, true), 1, 1 },
    { MEMBER(trailer_bags, true), 1, 1 },
    { "unverified", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "until", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { 0 },
};

static void take_unverified(struct json_sheet *sheet, const struct json *node, struct media *media)
{
    if (node == NULL || node->kind == JSON_NULL || (node->kind == JSON_BOOL && node->truth))
        return; /* nobody said otherwise: all of them */
    media->unverified = 0;
    if (node->kind == JSON_BOOL)
        return;
    if (node->kind != JSON_LIST)
        json_sheet_fault(sheet, node, "unverified is true, false or a list of measures");
    for (const struct json *name = node->first; name != NULL; name = name->next) {
        int measure = 0;
        while (measure < MEDIA_MEASURE_COUNT &&
               (name->kind != JSON_TEXT ||
                strcmp(name->text, media_measure_word((enum media_measure)measure)) != 0))
            measure++;
        if (measure < MEDIA_MEASURE_COUNT)
            media->unverified |= 1u << measure;
        else
            json_sheet_fault(sheet, name, "this is no measure of a film");
    }
}

static void take_until(struct json_sheet *sheet, const struct json *node, struct media *media)
{
    if (node == NULL || node->kind == JSON_NULL)
        return;
    if (node->kind != JSON_TEXT || !rw_date_parse(node->text, &media->until))
        json_sheet_fault(sheet, node, "a day is written like \"2027-09-30\"");
}

void media_json_read_faults(const char *bytes, size_t length, struct json_sheet *sheet,
                            struct media *media)
{
    const struct json *root = json_sheet_open(sheet, bytes, length, "rolwacht/media/1");
    if (root == NULL)
        return;
    media->unverified = MEDIA_ALL_MEASURES;
    json_sheet_read(sheet, root, members, media);
    take_unverified(sheet, json_member(root, "unverified"), media);
    take_until(sheet, json_member(root, "until"), media);
    if (media->name != NULL && (media->name[0] == '\0' || strlen(media->name) >= MEDIA_NAME_MAX))
        json_sheet_fault(sheet, json_member(root, "name"), "the name is empty or too long");
}

bool media_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                     struct media **ret_media, struct rw_error *err)
{
    struct json_sheet sheet;
    struct media *media = rw_arena_alloc(arena, sizeof *media, err);
    if (media == NULL)
        return false;
    json_sheet_init(&sheet, arena);
    media_json_read_faults(bytes, length, &sheet, media);
    if (!json_sheet_end(&sheet, err))
        return false;
    *ret_media = media;
    return true;
}
