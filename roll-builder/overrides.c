/* SPDX-License-Identifier: Apache-2.0 */
/* Who takes which finding of severity O, and why. */
#include "roll-builder/overrides.h"

#include <stddef.h>
#include <string.h>

#include "core/base/text.h"

#define MEMBER(name, needed) #name, JSON_SHEET_TEXT, offsetof(struct override, name), needed, 0, 0

static const struct json_sheet_member row_members[] = {
    { MEMBER(client, true) },
    { MEMBER(id, true) },
    { MEMBER(reason, false) },
    { MEMBER(pointer, false) },
    { MEMBER(by, true) },
    { MEMBER(why, true) },
    { 0 },
};
static const struct json_sheet_member root_members[] = {
    { "format", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "overrides", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { 0 },
};

static void read_row(struct json_sheet *sheet, const struct json *row, struct override *override)
{
    json_sheet_read(sheet, row, row_members, override);
    if (override->by != NULL && override->by[0] == '\0')
        json_sheet_fault(sheet, json_member(row, "by"), "an override names a person");
    if (override->why != NULL && override->why[0] == '\0')
        json_sheet_fault(sheet, json_member(row, "why"), "an override names a reason");
}

void overrides_read_faults(const char *bytes, size_t length, struct json_sheet *sheet,
                           struct overrides *overrides)
{
    struct rw_error fault = { 0 };
    const struct json *root = json_sheet_open(sheet, bytes, length, "rolwacht/overrides/1");
    if (root == NULL)
        return;
    json_sheet_read(sheet, root, root_members, NULL);
    const struct json *list = json_member(root, "overrides");
    if (list == NULL)
        return;
    if (list->kind != JSON_LIST)
        json_sheet_fault(sheet, list, "overrides is a list");
    else if (list->count > OVERRIDES_MAX)
        (void)rw_error_set(&fault, RW_TOO_LARGE, "/overrides", "more than %d overrides",
                           OVERRIDES_MAX);
    else
        overrides->list =
            rw_arena_array(sheet->arena, (size_t)list->count, sizeof *overrides->list, &fault);
    json_sheet_take(sheet, &fault);
    for (const struct json *row = list->first; overrides->list != NULL && row != NULL;
         row = row->next)
        read_row(sheet, row, &overrides->list[overrides->count++]);
}

bool overrides_read(const char *bytes, size_t length, struct rw_arena *arena,
                    struct overrides *ret_overrides, struct rw_error *err)
{
    struct json_sheet sheet;
    struct overrides overrides = { 0 };
    json_sheet_init(&sheet, arena);
    overrides_read_faults(bytes, length, &sheet, &overrides);
    if (!json_sheet_end(&sheet, err))
        return false;
    *ret_overrides = overrides;
    return true;
}

static bool takes(const struct override *override, const struct rw_finding *finding)
{
    return finding->severity == RW_OVERRIDABLE && rw_text_equal(override->id, finding->id) &&
           (override->reason == NULL || rw_text_equal(override->reason, finding->reason)) &&
           (override->pointer == NULL || rw_text_equal(override->pointer, finding->pointer));
}

bool overrides_take(const struct override *override, const struct roll *roll)
{
    for (size_t i = 0; i < roll->findings.count; i++) {
        if (takes(override, &roll->findings.findings[i]))
            return true;
    }
    return false;
}

static const struct override *find_taker(const struct overrides *overrides, const char *client,
                                         const struct rw_finding *finding)
{
    for (size_t i = 0; i < overrides->count; i++) {
        const struct override *override = &overrides->list[i];
        if (rw_text_equal(override->client, client) && takes(override, finding))
            return override;
    }
    return NULL;
}

bool overrides_apply(const struct overrides *overrides, struct roll *roll, struct rw_arena *arena,
                     struct rw_error *err)
{
    if (overrides == NULL || overrides->count == 0)
        return true;
    roll->overrides = rw_arena_array(arena, roll->findings.count, sizeof *roll->overrides, err);
    roll->override_count = 0;
    if (roll->overrides == NULL)
        return false;
    for (size_t i = 0; i < roll->findings.count; i++) {
        const struct rw_finding *finding = &roll->findings.findings[i];
        const struct override *by = find_taker(overrides, roll->client.id, finding);
        if (by != NULL)
            roll->overrides[roll->override_count++] =
                (struct roll_override){ finding->id, finding->reason, finding->pointer, by->by,
                                        by->why };
    }
    return true;
}
