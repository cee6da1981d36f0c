/* SPDX-License-Identifier: Apache-2.0 */
/* The pharmacy's own settings: moments, bag rules, who it is. */
#include "roll-builder/policy.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/client.h"
#include "core/model/gs1.h"
#include "core/model/media.h"

#define DAYS_MAX 366
#define ALARM_MIN_MAX 1440 /* a day */

void policy_init(struct policy *policy)
{
    *policy = (struct policy){ .zone_name = "Europe/Amsterdam",
                               .pharmacy_id = "pharmacy",
                               .pharmacy_name = "Apotheek",
                               .pharmacy_phone = "",
                               .language = "nl",
                               .dpi = 300,
                               .media = "generic-70x60",
                               .roll_days_max = 28,
                               .use_by_days = 42,
                               .alarm_after_min = 45 };
    daytimes_init(&policy->daytimes);
}

/* {"HS":"night"}: codes that the site maps itself. */
static void take_when(struct json_sheet *sheet, const struct json *when, struct policy *policy)
{
    if (when->kind != JSON_OBJECT || when->count > POLICY_WHEN_MAX) {
        json_sheet_fault(sheet, when, "when is an object of at most %d codes and their moments",
                         POLICY_WHEN_MAX);
        return;
    }
    for (const struct json *row = when->first; row != NULL; row = row->next) {
        struct policy_when *entry = &policy->when[policy->when_count];
        if (row->kind != JSON_TEXT || !daytimes_find(row->text, &entry->moment)) {
            json_sheet_fault(sheet, row, "a code is mapped to morning, noon, evening or night");
            continue;
        }
        entry->code = row->name;
        policy->when_count++;
    }
}

static void take_hours_row(struct json_sheet *sheet, const struct json *row, struct policy *policy)
{
    struct policy_hours *entry = &policy->hours[policy->hours_count];
    int64_t hours = 0;
    if (!rw_text_to_int(row->name, 1, 23, &hours) || row->kind != JSON_LIST || row->count == 0 ||
        row->count > (int32_t)RW_COUNT(entry->minutes)) {
        json_sheet_fault(sheet, row, "an interval of 1 to 23 hours has a list of times");
        return;
    }
    if (hours * row->count != 24) {
        json_sheet_fault(sheet, row, "the times of an interval must fill the day");
        return;
    }
    entry->hours = (int32_t)hours;
    for (const struct json *time = row->first; time != NULL; time = time->next) {
        int32_t *minute = &entry->minutes[entry->count];
        if (!daytimes_read_time(sheet, time, minute))
            return;
        if (entry->count > 0 && *minute <= minute[-1]) {
            json_sheet_fault(sheet, time, "the times of an interval must rise");
            return;
        }
        entry->count++;
    }
    policy->hours_count++;
}

/* {"8":["06:00","14:00","22:00"]}: what "every 8 hours" means here. */
static void take_hours(struct json_sheet *sheet, const struct json *hours, struct policy *policy)
{
    if (hours->kind != JSON_OBJECT || hours->count > POLICY_HOURS_MAX) {
        json_sheet_fault(sheet, hours, "hours is an object of at most %d intervals and their times",
                         POLICY_HOURS_MAX);
        return;
    }
    for (const struct json *row = hours->first; row != NULL; row = row->next)
        take_hours_row(sheet, row, policy);
}

static int compare_client(const void *left, const void *right)
{
    const struct policy_client *one = left;
    const struct policy_client *two = right;
    return strcmp(one->client, two->client);
}

static void take_client(struct json_sheet *sheet, const struct json *row, struct policy *policy)
{
    static const struct json_sheet_member members[] = {
        { "client", JSON_SHEET_TEXT, offsetof(struct policy_client, client), true, 0, 0 },
        { "moments", JSON_SHEET_OTHER, 0, false, 0, 0 },
        { "weekdays", JSON_SHEET_OTHER, 0, false, 0, 0 },
        { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
        { 0 },
    };
    struct policy_client *client = &policy->clients[policy->client_count];
    client->daytimes = policy->daytimes;
    json_sheet_read(sheet, row, members, client);
    daytimes_read(sheet, row, &client->daytimes);
    policy->client_count += client->client != NULL;
}

/* [{"client":"c1002","weekdays":{"wednesday":{"morning":"08:30"}}}] */
static void take_clients(struct json_sheet *sheet, const struct json *list, struct policy *policy)
{
    struct rw_error fault = { 0 };
    if (list->kind != JSON_LIST || list->count > POLICY_CLIENTS_MAX) {
        json_sheet_fault(sheet, list, "clients is a list of at most %d clients",
                         POLICY_CLIENTS_MAX);
        return;
    }
    policy->clients =
        rw_arena_array(sheet->arena, (size_t)list->count, sizeof *policy->clients, &fault);
    json_sheet_take(sheet, &fault);
    if (policy->clients == NULL)
        return;
    for (const struct json *row = list->first; row != NULL; row = row->next)
        take_client(sheet, row, policy);
    if (policy->client_count > 0)
        qsort(policy->clients, policy->client_count, sizeof *policy->clients, compare_client);
    for (size_t i = 1; i < policy->client_count; i++) {
        if (strcmp(policy->clients[i - 1].client, policy->clients[i].client) == 0)
            json_sheet_fault(sheet, list, "client \"%.64s\" has two rows",
                             policy->clients[i].client);
    }
}

const struct daytimes *policy_daytimes(const struct policy *policy, const char *client)
{
    const struct policy_client wanted = { .client = client };
    const struct policy_client *found =
        policy->client_count == 0 ? NULL
                                  : bsearch(&wanted, policy->clients, policy->client_count,
                                            sizeof wanted, compare_client);
    return found != NULL ? &found->daytimes : &policy->daytimes;
}

static void take_pharmacy(struct json_sheet *sheet, const struct json *pharmacy,
                          struct policy *policy)
{
    static const struct json_sheet_member members[] = {
        { "id", JSON_SHEET_TEXT, offsetof(struct policy, pharmacy_id), true, 0, 0 },
        { "name", JSON_SHEET_TEXT, offsetof(struct policy, pharmacy_name), true, 0, 0 },
        { "phone", JSON_SHEET_TEXT, offsetof(struct policy, pharmacy_phone), false, 0, 0 },
        { 0 },
    };
    json_sheet_read(sheet, pharmacy, members, policy);
    if (!client_is_id(policy->pharmacy_id))
        json_sheet_fault(sheet, json_member(pharmacy, "id"),
                         "the id of a pharmacy has letters, digits, \".\", \"-\" and \"_\"");
}

static bool is_gtin(const char *text)
{
    return strlen(text) == 14 && rw_text_is_digits(text) && gs1_check_digit(text, 13) == text[13];
}

static void check_values(struct json_sheet *sheet, const struct json *root,
                         const struct policy *policy)
{
    if (policy->gtin != NULL && !is_gtin(policy->gtin))
        json_sheet_fault(sheet, json_member(root, "gtin"),
                         "a GTIN has 14 digits, the last of which checks the others");
    if (!rw_text_equal(policy->language, "nl") && !rw_text_equal(policy->language, "en"))
        json_sheet_fault(sheet, json_member(root, "language"), "the language is \"nl\" or \"en\"");
    if (policy->dpi >= 203 && policy->dpi <= 600 && !media_is_dpi(policy->dpi))
        json_sheet_fault(sheet, json_member(root, "dpi"), "a printer has 203, 300 or 600 dpi");
}

static void take_lists(struct json_sheet *sheet, const struct json *root, struct policy *policy)
{
    const struct json *pharmacy = json_member(root, "pharmacy");
    const struct json *clients = json_member(root, "clients");
    const struct json *when = json_member(root, "when");
    const struct json *hours = json_member(root, "hours");
    const struct json *ends_on = json_member(root, "roll_ends_on");
    if (pharmacy != NULL)
        take_pharmacy(sheet, pharmacy, policy);
    daytimes_read(sheet, root, &policy->daytimes);
    if (clients != NULL)
        take_clients(sheet, clients, policy);
    if (when != NULL)
        take_when(sheet, when, policy);
    if (hours != NULL)
        take_hours(sheet, hours, policy);
    if (ends_on != NULL &&
        (ends_on->kind != JSON_TEXT || !daytimes_find_day(ends_on->text, &policy->roll_ends_on)))
        json_sheet_fault(sheet, ends_on, "a roll ends on a day from monday to sunday");
}

#define MEMBER(name, kind) #name, kind, offsetof(struct policy, name), false

static const struct json_sheet_member policy_members[] = {
    { "format", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "pharmacy", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "moments", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "weekdays", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "clients", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "when", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "hours", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "roll_ends_on", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "zone", JSON_SHEET_TEXT, offsetof(struct policy, zone_name), false, 0, 0 },
    { MEMBER(gtin, JSON_SHEET_TEXT), 0, 0 },
    { MEMBER(language, JSON_SHEET_TEXT), 0, 0 },
    { MEMBER(media, JSON_SHEET_TEXT), 0, 0 },
    { MEMBER(dpi, JSON_SHEET_INT), 203, 600 },
    { MEMBER(merge_window_min, JSON_SHEET_INT), 0, 120 },
    { MEMBER(roll_days_max, JSON_SHEET_INT), 1, DAYS_MAX },
    { MEMBER(use_by_days, JSON_SHEET_INT), 1, DAYS_MAX },
    { MEMBER(pieces_max, JSON_SHEET_INT), 0, 99 },
    { MEMBER(products_max, JSON_SHEET_INT), 0, 32 },
    { MEMBER(alarm_after_min, JSON_SHEET_INT), 1, ALARM_MIN_MAX },
    { MEMBER(pack_by_default, JSON_SHEET_TRUTH), 0, 0 },
    { MEMBER(pack_wds, JSON_SHEET_TRUTH), 0, 0 },
    { MEMBER(pictures_required, JSON_SHEET_TRUTH), 0, 0 },
    { 0 },
};

void policy_check(const char *bytes, size_t length, struct json_sheet *sheet, struct policy *policy)
{
    const struct json *root = json_sheet_open(sheet, bytes, length, "rolwacht/policy/1");
    if (root == NULL)
        return;
    json_sheet_read(sheet, root, policy_members, policy);
    take_lists(sheet, root, policy);
    check_values(sheet, root, policy);
}

bool policy_read(const char *bytes, size_t length, struct rw_arena *arena,
                 struct policy *ret_policy, struct rw_error *err)
{
    struct json_sheet sheet;
    struct policy policy;
    policy_init(&policy);
    policy.zone = ret_policy->zone;
    json_sheet_init(&sheet, arena);
    policy_check(bytes, length, &sheet, &policy);
    if (!json_sheet_end(&sheet, err))
        return false;
    *ret_policy = policy;
    return true;
}
