/* SPDX-License-Identifier: Apache-2.0 */
/* The pharmacy's own settings: moments, bag rules, who it is. */
#include "roll-builder/policy.h"

#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/model/client.h"
#include "core/model/gs1.h"

#define DAYS_MAX 366
#define ALARM_MIN_MAX 1440 /* a day */

static const char *const moment_words[POLICY_MOMENTS] = { "morning", "noon", "evening", "night" };

const char *policy_moment_word(enum policy_moment moment)
{
    return moment_words[moment];
}

void policy_init(struct policy *policy)
{
    *policy = (struct policy){ .moment_minute = { 8 * 60, 12 * 60, 18 * 60, 22 * 60 },
                               .zone_name = "Europe/Amsterdam",
                               .pharmacy_id = "pharmacy",
                               .pharmacy_name = "Apotheek",
                               .pharmacy_phone = "",
                               .language = "nl",
                               .dpi = 300,
                               .media = "generic-70x60",
                               .roll_days_max = 28,
                               .use_by_days = 42,
                               .alarm_after_min = 45 };
}

static bool fail_at(const struct json *node, struct rw_error *err, const char *text)
{
    char pointer[JSON_POINTER_MAX];
    json_pointer(node, pointer);
    return rw_error_set(err, RW_INVALID, pointer, "%s", text);
}

/* "08:00" -> 480. */
static bool take_time(const struct json *node, int32_t *ret_minute, struct rw_error *err)
{
    const char *text = node != NULL && node->kind == JSON_TEXT ? node->text : "";
    bool shaped = strlen(text) == 5 && text[2] == ':' && text[0] >= '0' && text[0] <= '2' &&
                  text[1] >= '0' && text[1] <= '9' && text[3] >= '0' && text[3] <= '5' &&
                  text[4] >= '0' && text[4] <= '9';
    int32_t hour = shaped ? (text[0] - '0') * 10 + (text[1] - '0') : 24;
    if (hour > 23)
        return fail_at(node, err, "a time is written like \"08:00\"");
    *ret_minute = hour * 60 + (text[3] - '0') * 10 + (text[4] - '0');
    return true;
}

static bool take_moments(const struct json *root, struct policy *policy, struct rw_error *err)
{
    const struct json *moments = json_member(root, "moments");
    if (moments == NULL)
        return true;
    static const char *const known[] = { "morning", "noon", "evening", "night", NULL };
    if (moments->kind != JSON_OBJECT || !json_only(moments, known, err))
        return fail_at(moments, err, "moments is an object of four times");
    for (size_t i = 0; i < POLICY_MOMENTS; i++) {
        const struct json *time = json_member(moments, moment_words[i]);
        if (time != NULL && !take_time(time, &policy->moment_minute[i], err))
            return false;
    }
    for (size_t i = 1; i < POLICY_MOMENTS; i++) {
        if (policy->moment_minute[i] <= policy->moment_minute[i - 1])
            return fail_at(moments, err, "the moments must rise from morning to night");
    }
    return true;
}

static bool find_moment(const char *word, enum policy_moment *ret_moment)
{
    for (size_t i = 0; i < POLICY_MOMENTS; i++) {
        if (rw_text_equal(word, moment_words[i])) {
            *ret_moment = (enum policy_moment)i;
            return true;
        }
    }
    return false;
}

/* {"HS":"night"}: codes that the site maps itself. */
static bool take_when(const struct json *root, struct policy *policy, struct rw_error *err)
{
    const struct json *when = json_member(root, "when");
    if (when == NULL)
        return true;
    if (when->kind != JSON_OBJECT || when->count > POLICY_WHEN_MAX)
        return fail_at(when, err, "when is an object of codes and moments");
    for (const struct json *row = when->first; row != NULL; row = row->next) {
        struct policy_when *entry = &policy->when[policy->when_count];
        if (row->kind != JSON_TEXT || !find_moment(row->text, &entry->moment))
            return fail_at(row, err, "a code is mapped to morning, noon, evening or night");
        entry->code = row->name;
        policy->when_count++;
    }
    return true;
}

static bool take_hours_row(const struct json *row, struct policy_hours *entry, struct rw_error *err)
{
    int64_t hours = 0;
    if (!rw_text_to_int(row->name, 1, 23, &hours) || row->kind != JSON_LIST || row->count == 0 ||
        row->count > (int32_t)RW_COUNT(entry->minutes))
        return fail_at(row, err, "an interval of 1 to 23 hours has a list of times");
    if (hours * row->count != 24)
        return fail_at(row, err, "the times of an interval must fill the day");
    entry->hours = (int32_t)hours;
    for (const struct json *time = row->first; time != NULL; time = time->next) {
        int32_t *minute = &entry->minutes[entry->count];
        if (!take_time(time, minute, err))
            return false;
        if (entry->count > 0 && *minute <= minute[-1])
            return fail_at(time, err, "the times of an interval must rise");
        entry->count++;
    }
    return true;
}

/* {"8":["06:00","14:00","22:00"]}: what "every 8 hours" means here. */
static bool take_hours(const struct json *root, struct policy *policy, struct rw_error *err)
{
    const struct json *hours = json_member(root, "hours");
    if (hours == NULL)
        return true;
    if (hours->kind != JSON_OBJECT || hours->count > POLICY_HOURS_MAX)
        return fail_at(hours, err, "hours is an object of intervals and their times");
    for (const struct json *row = hours->first; row != NULL; row = row->next) {
        if (!take_hours_row(row, &policy->hours[policy->hours_count], err))
            return false;
        policy->hours_count++;
    }
    return true;
}

static bool take_pharmacy(const struct json *root, struct policy *policy, struct rw_error *err)
{
    const struct json *pharmacy = json_member(root, "pharmacy");
    static const char *const known[] = { "id", "name", "phone", NULL };
    if (pharmacy == NULL)
        return true;
    if (pharmacy->kind != JSON_OBJECT)
        return fail_at(pharmacy, err, "pharmacy is an object with id, name and phone");
    if (!json_only(pharmacy, known, err) || !json_text(pharmacy, "id", &policy->pharmacy_id, err) ||
        !json_text(pharmacy, "name", &policy->pharmacy_name, err) ||
        !json_text_or(pharmacy, "phone", "", &policy->pharmacy_phone, err))
        return false;
    if (!client_is_id(policy->pharmacy_id))
        return fail_at(json_member(pharmacy, "id"), err,
                       "the id of a pharmacy has letters, digits, \".\", \"-\" and \"_\"");
    return true;
}

static bool is_gtin(const char *text)
{
    return strlen(text) == 14 && rw_text_is_digits(text) && gs1_check_digit(text, 13) == text[13];
}

static bool take_texts(const struct json *root, struct policy *policy, struct rw_error *err)
{
    if (!json_text_or(root, "gtin", NULL, &policy->gtin, err) ||
        !json_text_or(root, "language", policy->language, &policy->language, err) ||
        !json_text_or(root, "zone", policy->zone_name, &policy->zone_name, err) ||
        !json_text_or(root, "media", policy->media, &policy->media, err))
        return false;
    if (policy->gtin != NULL && !is_gtin(policy->gtin))
        return fail_at(json_member(root, "gtin"), err,
                       "a GTIN has 14 digits, the last of which checks the others");
    if (!rw_text_equal(policy->language, "nl") && !rw_text_equal(policy->language, "en"))
        return fail_at(json_member(root, "language"), err, "the language is \"nl\" or \"en\"");
    return true;
}

static bool take_number(const struct json *root, const char *name, int64_t min, int64_t max,
                        int32_t *target, struct rw_error *err)
{
    int64_t number = *target;
    if (!json_int_or(root, name, min, max, *target, &number, err))
        return false;
    *target = (int32_t)number;
    return true;
}

static bool take_numbers(const struct json *root, struct policy *policy, struct rw_error *err)
{
    if (!take_number(root, "dpi", 203, 600, &policy->dpi, err) ||
        !take_number(root, "merge_window_min", 0, 120, &policy->merge_window_min, err) ||
        !take_number(root, "roll_days_max", 1, DAYS_MAX, &policy->roll_days_max, err) ||
        !take_number(root, "use_by_days", 1, DAYS_MAX, &policy->use_by_days, err) ||
        !take_number(root, "pieces_max", 0, 99, &policy->pieces_max, err) ||
        !take_number(root, "products_max", 0, 32, &policy->products_max, err) ||
        !take_number(root, "alarm_after_min", 1, ALARM_MIN_MAX, &policy->alarm_after_min, err) ||
        !json_bool_or(root, "pack_by_default", false, &policy->pack_by_default, err) ||
        !json_bool_or(root, "pack_wds", false, &policy->pack_wds, err))
        return false;
    if (!media_is_dpi(policy->dpi))
        return fail_at(json_member(root, "dpi"), err, "a printer has 203, 300 or 600 dpi");
    return true;
}

bool policy_read(const char *bytes, size_t length, struct rw_arena *arena,
                 struct policy *ret_policy, struct rw_error *err)
{
    static const char *const known[] = { "format",
                                         "pharmacy",
                                         "gtin",
                                         "language",
                                         "zone",
                                         "media",
                                         "moments",
                                         "when",
                                         "hours",
                                         "dpi",
                                         "pieces_max",
                                         "merge_window_min",
                                         "pack_wds",
                                         "use_by_days",
                                         "pack_by_default",
                                         "products_max",
                                         "roll_days_max",
                                         "alarm_after_min",
                                         NULL };
    const struct json *root = NULL;
    struct policy policy;
    policy_init(&policy);
    policy.zone = ret_policy->zone;
    if (!json_parse(arena, bytes, length, &root, err) ||
        !json_format_is(root, "rolwacht/policy/1", err) || !json_only(root, known, err))
        return false;
    if (!take_pharmacy(root, &policy, err) || !take_texts(root, &policy, err) ||
        !take_moments(root, &policy, err) || !take_when(root, &policy, err) ||
        !take_hours(root, &policy, err) || !take_numbers(root, &policy, err))
        return false;
    *ret_policy = policy;
    return true;
}
