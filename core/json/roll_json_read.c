/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a roll and checks that it is whole and unaltered. */
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_time.h"
#include "core/json/roll_json.h"
#include "core/json/roll_json_time.h"
#include "core/json/roll_json_why.h"
#include "core/model/media.h"
#include "core/model/quantity.h"

#define ROLL_VERSION_MAX 1000000
#define ROLL_DAYS_MAX 366
#define ROLL_SERIALS 1000 /* three digits behind the roll number */

/* What the reading of one roll shares. */
struct reading {
    struct rw_arena *arena;
    struct roll *roll;
    bool serials[ROLL_SERIALS];
};

static bool read_content(const struct json *node, struct bag_content *ret, struct rw_error *err)
{
    return json_text(node, "order", &ret->order, err) &&
           json_text(node, "product", &ret->product, err) &&
           json_text(node, "name", &ret->name, err) &&
           json_text_or(node, "strength", "", &ret->strength, err) &&
           json_text(node, "form", &ret->form, err) &&
           json_int(node, "milli", 1, QUANTITY_MILLI_MAX, &ret->milli, err) &&
           json_text_or(node, "look", "", &ret->look, err) &&
           json_text_or(node, "warning", NULL, &ret->warning, err) &&
           json_text_or(node, "lot", NULL, &ret->lot, err) &&
           json_text_or(node, "expiry", NULL, &ret->expiry, err) &&
           json_text_or(node, "picture", NULL, &ret->picture, err);
}

static bool read_contents(struct reading *reading, const struct json *node, struct bag *bag,
                          struct rw_error *err)
{
    const struct json *list;
    if (!json_list(node, "contents", &list, err))
        return false;
    if (list->count > BAG_CONTENTS_MAX)
        return json_refuse(list, "a bag holds at most 32 products", err);
    if ((list->count == 0) != (bag->kind != BAG_DOSE))
        return json_refuse(list, "a dose has contents, header and trailer have none", err);
    bag->contents = rw_arena_array(reading->arena, (size_t)list->count, sizeof *bag->contents, err);
    if (bag->contents == NULL)
        return false;
    for (const struct json *line = list->first; line != NULL; line = line->next) {
        struct bag_content *content = &bag->contents[bag->content_count];
        if (!read_content(line, content, err) ||
            !roll_json_why_content(line, reading->roll, reading->arena, content, err))
            return false;
        bag->content_count++;
    }
    return true;
}

/* Nine digits of the roll and three of its own, never twice; "" before signing. */
static bool read_serial(struct reading *reading, const struct json *node, struct bag *bag,
                        struct rw_error *err)
{
    if (!json_text(node, "serial", &bag->serial, err) || !json_text(node, "code", &bag->code, err))
        return false;
    if (bag->serial[0] == '\0' && bag->code[0] == '\0')
        return true;
    if (strlen(bag->code) >= BAG_CODE_MAX || bag->code[0] == '\0')
        return json_refuse(json_member(node, "code"), "a bag with a serial has a code", err);
    int64_t counter;
    if (!json_time_digits(node, "serial", BAG_SERIAL_DIGITS, &bag->serial, err) ||
        !rw_text_to_int(bag->serial + ROLL_NUMBER_DIGITS, 0, ROLL_SERIALS - 1, &counter))
        return false;
    if (!rw_text_starts_with(bag->serial, reading->roll->number) || reading->serials[counter])
        return json_refuse(json_member(node, "serial"),
                           "a serial begins with the roll's number and stands in a roll once", err);
    reading->serials[counter] = true;
    return true;
}

static bool read_bag(struct reading *reading, const struct json *node, struct bag *bag,
                     struct rw_error *err)
{
    const char *kind;
    const char *use_by;
    if (!json_int32(node, "n", 0, ROLL_BAGS_MAX + 1, &bag->n, err) ||
        !json_int32(node, "of", 0, ROLL_BAGS_MAX, &bag->of, err) ||
        !json_text(node, "kind", &kind, err) || !json_time_stamp(node, "at", &bag->at, err) ||
        !json_text_or(node, "moment", NULL, &bag->moment, err) ||
        !json_int32(node, "part", 1, ROLL_BAGS_MAX, &bag->part, err) ||
        !json_int32(node, "parts", 1, ROLL_BAGS_MAX, &bag->parts, err) ||
        !json_bool_or(node, "exact", false, &bag->exact, err) ||
        !json_text_or(node, "use_by", NULL, &use_by, err))
        return false;
    int32_t day;
    if (use_by != NULL && !json_time_day(node, "use_by", &day, err))
        return false;
    bag->use_by = use_by;
    if (bag->part > bag->parts)
        return json_refuse(json_member(node, "part"), "the part is beyond the parts", err);
    if (!bag_kind_from_word(kind, &bag->kind))
        return json_refuse(json_member(node, "kind"), "a bag is header, dose or trailer", err);
    return read_serial(reading, node, bag, err) && read_contents(reading, node, bag, err);
}

/* Header, the doses 1 to `of`, trailer; no bag lies before the one in front of it. */
static bool check_place(const struct reading *reading, const struct json *node, size_t index,
                        int32_t doses, struct rw_error *err)
{
    const struct bag *bag = &reading->roll->bags[index];
    const struct bag *before = index > 0 ? bag - 1 : NULL;
    int32_t expected_n = before != NULL ? before->n + 1 : bag->kind == BAG_HEADER ? 0 : 1;
    enum bag_kind expected = bag->n == 0 ? BAG_HEADER : bag->n <= doses ? BAG_DOSE : BAG_TRAILER;
    if (bag->of != doses)
        return json_refuse(json_member(node, "of"), "it is not the number of doses in the roll",
                           err);
    if (bag->n != expected_n || bag->kind != expected)
        return json_refuse(json_member(node, "n"), "the bags are not header, 1, 2, 3 … and trailer",
                           err);
    if (before != NULL && rw_stamp_utc_minute(bag->at) < rw_stamp_utc_minute(before->at))
        return json_refuse(json_member(node, "at"), "the bag lies before the one in front of it",
                           err);
    return true;
}

static int32_t count_doses(const struct roll *roll)
{
    int32_t doses = 0;
    for (size_t i = 0; i < roll->bag_count; i++)
        doses += roll->bags[i].kind == BAG_DOSE;
    return doses;
}

static bool read_bags(struct reading *reading, const struct json *root, struct rw_error *err)
{
    struct roll *roll = reading->roll;
    const struct json *list;
    if (!json_list(root, "bags", &list, err))
        return false;
    if (list->count > ROLL_BAGS_MAX + 2)
        return json_refuse(list, "a roll holds at most 998 doses, a header and a trailer", err);
    roll->bags = rw_arena_array(reading->arena, (size_t)list->count, sizeof *roll->bags, err);
    if (roll->bags == NULL)
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (!read_bag(reading, node, &roll->bags[roll->bag_count], err))
            return false;
        roll->bag_count++;
    }
    int32_t doses = count_doses(roll);
    size_t index = 0;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (!check_place(reading, node, index++, doses, err))
            return false;
    }
    return true;
}

static bool read_line(const struct json *node, struct rw_arena *arena, struct roll_outside *ret,
                      struct rw_error *err)
{
    return json_text(node, "order", &ret->order, err) &&
           json_text_or(node, "product", NULL, &ret->product, err) &&
           json_text_or(node, "name", NULL, &ret->name, err) &&
           json_text_or(node, "strength", NULL, &ret->strength, err) &&
           json_text_or(node, "text", NULL, &ret->text, err) &&
           json_text(node, "reason", &ret->reason, err) &&
           json_text_or(node, "by", NULL, &ret->by, err) &&
           json_int_or(node, "milli", 0, ROLL_JSON_SUM_MAX, -1, &ret->milli, err) &&
           roll_json_time_read(node, arena, &ret->times, err);
}

static bool read_outside(struct reading *reading, const struct json *root, const char *name,
                         struct roll_outside **ret_lines, size_t *ret_count, struct rw_error *err)
{
    const struct json *list;
    if (!json_list(root, name, &list, err))
        return false;
    if (list->count > ROLL_OUTSIDE_MAX)
        return json_refuse(list, "more than 512 lines lie outside the roll", err);
    struct roll_outside *lines =
        rw_arena_array(reading->arena, (size_t)list->count, sizeof *lines, err);
    if (lines == NULL)
        return false;
    size_t count = 0;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (!read_line(node, reading->arena, &lines[count++], err))
            return false;
    }
    *ret_lines = lines;
    *ret_count = count;
    return true;
}

static bool read_findings(struct reading *reading, const struct json *root, struct rw_error *err)
{
    const struct json *list;
    rw_diag_init(&reading->roll->findings, reading->arena);
    if (!json_list(root, "findings", &list, err))
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        const char *id;
        const char *letter;
        const char *reason;
        const char *pointer;
        const char *text;
        enum rw_severity severity;
        if (!json_text(node, "id", &id, err) || !json_text(node, "severity", &letter, err) ||
            !json_text(node, "reason", &reason, err) ||
            !json_text(node, "pointer", &pointer, err) || !json_text(node, "text", &text, err))
            return false;
        if (!rw_severity_from_letter(letter, &severity))
            return json_refuse(json_member(node, "severity"), "a severity is B, O or I", err);
        rw_diag_add(&reading->roll->findings, id, reason, severity, pointer, "%s", text);
    }
    if (reading->roll->findings.starved)
        return rw_error_set(err, RW_NO_MEMORY, "/findings", "no memory for the findings of a roll");
    return reading->roll->findings.lost == 0 ||
           rw_error_set(err, RW_TOO_LARGE, "/findings", "there are too many findings");
}

static int64_t sum_outside(const struct roll_outside *lines, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += lines[i].milli > 0 ? lines[i].milli : 0;
    return sum;
}

static bool read_audit(struct reading *reading, const struct json *root, struct rw_error *err)
{
    const struct json *node;
    struct roll *roll = reading->roll;
    struct roll_audit *audit = &roll->audit;
    if (!json_object(root, "audit", &node, err) ||
        !json_int(node, "ordered_milli", 0, ROLL_JSON_SUM_MAX, &audit->ordered_milli, err) ||
        !json_int(node, "packed_milli", 0, ROLL_JSON_SUM_MAX, &audit->packed_milli, err) ||
        !json_int(node, "loose_milli", 0, ROLL_JSON_SUM_MAX, &audit->loose_milli, err) ||
        !json_int(node, "excluded_milli", 0, ROLL_JSON_SUM_MAX, &audit->excluded_milli, err))
        return false;
    int64_t packed = 0;
    for (size_t i = 0; i < roll->bag_count; i++)
        packed += bag_total_milli(&roll->bags[i]);
    if (!roll_balances(audit) || packed != audit->packed_milli ||
        sum_outside(roll->loose, roll->loose_count) != audit->loose_milli ||
        sum_outside(roll->excluded, roll->excluded_count) != audit->excluded_milli)
        return json_refuse(node, "the audit does not balance with the bags and lines of the roll",
                           err);
    return roll_json_why_balances(node, reading->arena, roll, err);
}

static bool read_persons(struct roll *roll, const struct json *root, struct rw_error *err)
{
    const struct json *client;
    const struct json *pharmacy;
    const struct json *period;
    int32_t born;
    if (!json_object(root, "client", &client, err) ||
        !json_text(client, "id", &roll->client.id, err) ||
        !json_text(client, "name", &roll->client.name, err) ||
        !json_time_day(client, "born", &born, err) ||
        !json_text(client, "born", &roll->client.born, err) ||
        !json_object(root, "pharmacy", &pharmacy, err) ||
        !json_text(pharmacy, "id", &roll->pharmacy.id, err) ||
        !json_text(pharmacy, "name", &roll->pharmacy.name, err) ||
        !json_text(pharmacy, "phone", &roll->pharmacy.phone, err) ||
        !json_object(root, "period", &period, err) ||
        !json_time_day(period, "from", &roll->from, err) ||
        !json_int32(period, "days", 1, ROLL_DAYS_MAX, &roll->days, err) ||
        !json_text(period, "zone", &roll->zone, err))
        return false;
    return client_is_id(roll->client.id) ||
           json_refuse(json_member(client, "id"), "a client's id is letters, digits, '.', '-', '_'",
                       err);
}

static bool read_head(struct reading *reading, const struct json *root, struct rw_error *err)
{
    struct roll *roll = reading->roll;
    const char *replaces;
    if (!json_format_is(root, "rolwacht/roll/1", err) ||
        !json_time_digits(root, "roll", ROLL_NUMBER_DIGITS, &roll->number, err) ||
        !json_int32(root, "version", 1, ROLL_VERSION_MAX, &roll->version, err) ||
        !json_text(root, "fingerprint", &roll->fingerprint, err) ||
        !json_time_stamp_text(root, "issued", &roll->issued, err) ||
        !json_text_or(root, "replaces", NULL, &replaces, err) || !read_persons(roll, root, err) ||
        !json_text(root, "media", &roll->media, err) ||
        !json_text(root, "language", &roll->language, err) ||
        !json_int32(root, "dpi", 1, 10000, &roll->dpi, err))
        return false;
    roll->replaces = replaces;
    if (replaces != NULL &&
        !json_time_digits(root, "replaces", ROLL_NUMBER_DIGITS, &roll->replaces, err))
        return false;
    if (!media_is_dpi(roll->dpi))
        return json_refuse(json_member(root, "dpi"), "dpi is 203, 300 or 600", err);
    return rw_text_equal(roll->language, "nl") || rw_text_equal(roll->language, "en") ||
           json_refuse(json_member(root, "language"), "the language is nl or en", err);
}

/* The 64 digits stand in the file as zeros while it is counted. */
static bool check_fingerprint(const char *bytes, size_t length, const char *fingerprint,
                              struct rw_error *err)
{
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    const size_t whole = strlen("sha256:") + strlen(zeros);
    size_t at = 0;
    if (strlen(fingerprint) == whole && rw_text_starts_with(fingerprint, "sha256:")) {
        while (at + whole <= length && memcmp(bytes + at, fingerprint, whole) != 0)
            at++;
        size_t digits_at = at + strlen("sha256:");
        struct rw_sha256 hash;
        uint8_t digest[RW_SHA256_BYTES];
        char digits[RW_HEX_SHA256_MAX];
        rw_sha256_begin(&hash);
        if (at + whole <= length) {
            rw_sha256_add(&hash, bytes, digits_at);
            rw_sha256_add(&hash, zeros, strlen(zeros));
            rw_sha256_add(&hash, bytes + at + whole, length - at - whole);
        }
        rw_sha256_end(&hash, digest);
        rw_hex_sha256(digest, digits);
        if (strcmp(digits, fingerprint + strlen("sha256:")) == 0)
            return true;
    }
    return rw_error_set(err, RW_INVALID, "/fingerprint",
                        "the file is not the one that its fingerprint was made of");
}

bool roll_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                    struct roll **ret_roll, struct rw_error *err)
{
    if (length > ROLL_JSON_BYTES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a roll of %zu bytes is too large", length);
    const struct json *root;
    struct reading reading = { .arena = arena };
    if (!json_parse(arena, bytes, length, &root, err))
        return false;
    reading.roll = rw_arena_alloc(arena, sizeof *reading.roll, err);
    if (reading.roll == NULL || !read_head(&reading, root, err) ||
        !roll_json_why_reasons(root, arena, reading.roll, err) || !read_bags(&reading, root, err) ||
        !read_outside(&reading, root, "loose", &reading.roll->loose, &reading.roll->loose_count,
                      err) ||
        !read_outside(&reading, root, "excluded", &reading.roll->excluded,
                      &reading.roll->excluded_count, err) ||
        !read_findings(&reading, root, err) ||
        !roll_json_why_overrides(root, arena, reading.roll, err) ||
        !read_audit(&reading, root, err) ||
        !check_fingerprint(bytes, length, reading.roll->fingerprint, err))
        return false;
    *ret_roll = reading.roll;
    return true;
}
