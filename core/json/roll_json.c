/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a roll as rolwacht/roll/1 with its fingerprint. */
#include "core/json/roll_json.h"

#include <assert.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/finding_json.h"
#include "core/json/json_time.h"
#include "core/json/json_write.h"
#include "core/json/roll_json_time.h"

#define ROLL_JSON_ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define ROLL_JSON_BAG_BYTES 1024 /* of room at once; what is longer makes its own */

static void write_contents(struct json_writer *writer, const struct bag *bag)
{
    json_write_list(writer, "contents");
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "order", content->order);
        json_write_text(writer, "product", content->product);
        json_write_text(writer, "name", content->name);
        json_write_text(writer, "strength", content->strength);
        json_write_text(writer, "form", content->form);
        json_write_int(writer, "milli", content->milli);
        json_write_text(writer, "look", content->look);
        json_write_text(writer, "warning", content->warning);
        json_write_text(writer, "lot", content->lot);
        json_write_text(writer, "expiry", content->expiry);
        if (content->picture != NULL)
            json_write_text(writer, "picture", content->picture);
        json_write_list(writer, "why");
        for (size_t j = 0; j < content->why_count; j++)
            json_write_int(writer, NULL, content->why[j]);
        json_write_list_end(writer);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_bags(struct json_writer *writer, const struct roll *roll)
{
    json_write_list(writer, "bags");
    for (size_t i = 0; i < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        json_write_object(writer, NULL);
        json_write_int(writer, "n", bag->n);
        json_write_int(writer, "of", bag->of);
        json_write_text(writer, "kind", bag_kind_word(bag->kind));
        json_time_write_stamp(writer, "at", bag->at);
        json_write_text(writer, "moment", bag->moment);
        json_write_int(writer, "part", bag->part);
        json_write_int(writer, "parts", bag->parts);
        json_write_bool(writer, "exact", bag->exact);
        json_write_text(writer, "use_by", bag->use_by);
        json_write_text(writer, "serial", bag->serial);
        json_write_text(writer, "code", bag->code);
        write_contents(writer, bag);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_outside(struct json_writer *writer, const char *name,
                          const struct roll_outside *lines, size_t count)
{
    json_write_list(writer, name);
    for (size_t i = 0; i < count; i++) {
        const struct roll_outside *line = &lines[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "order", line->order);
        json_write_text(writer, "product", line->product);
        json_write_text(writer, "name", line->name);
        json_write_text(writer, "strength", line->strength);
        json_write_text(writer, "text", line->text);
        json_write_text(writer, "reason", line->reason);
        if (line->milli < 0)
            json_write_null(writer, "milli");
        else
            json_write_int(writer, "milli", line->milli);
        json_write_text(writer, "by", line->by);
        roll_json_time_write(writer, &line->times);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_reasons(struct json_writer *writer, const struct roll *roll)
{
    json_write_list(writer, "reasons");
    for (size_t i = 0; i < roll->reason_count; i++) {
        const struct roll_reason *reason = &roll->reasons[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "order", reason->order);
        json_write_text(writer, "dosage", reason->dosage);
        if (reason->phase != 0)
            json_write_int(writer, "phase", reason->phase);
        else
            json_write_null(writer, "phase");
        json_write_text(writer, "rule", reason->rule);
        json_write_int(writer, "milli", reason->milli);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_overrides(struct json_writer *writer, const struct roll *roll)
{
    json_write_list(writer, "overrides");
    for (size_t i = 0; i < roll->override_count; i++) {
        const struct roll_override *override = &roll->overrides[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "id", override->id);
        json_write_text(writer, "reason", override->reason);
        json_write_text(writer, "pointer", override->pointer);
        json_write_text(writer, "by", override->by);
        json_write_text(writer, "why", override->why);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_audit(struct json_writer *writer, const struct roll *roll)
{
    const struct roll_audit *audit = &roll->audit;
    json_write_object(writer, "audit");
    json_write_int(writer, "ordered_milli", audit->ordered_milli);
    json_write_int(writer, "packed_milli", audit->packed_milli);
    json_write_int(writer, "loose_milli", audit->loose_milli);
    json_write_int(writer, "excluded_milli", audit->excluded_milli);
    json_write_list(writer, "products");
    for (size_t i = 0; i < roll->balance_count; i++) {
        const struct roll_balance *balance = &roll->balances[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "product", balance->product);
        json_write_int(writer, "ordered_milli", balance->ordered_milli);
        json_write_int(writer, "packed_milli", balance->packed_milli);
        json_write_int(writer, "loose_milli", balance->loose_milli);
        json_write_int(writer, "excluded_milli", balance->excluded_milli);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
    json_write_object_end(writer);
}

static void write_persons(struct json_writer *writer, const struct roll *roll)
{
    json_write_object(writer, "client");
    json_write_text(writer, "id", roll->client.id);
    json_write_text(writer, "name", roll->client.name);
    json_write_text(writer, "born", roll->client.born);
    json_write_object_end(writer);
    json_write_object(writer, "pharmacy");
    json_write_text(writer, "id", roll->pharmacy.id);
    json_write_text(writer, "name", roll->pharmacy.name);
    json_write_text(writer, "phone", roll->pharmacy.phone);
    json_write_object_end(writer);
    json_write_object(writer, "period");
    json_time_write_day(writer, "from", roll->from);
    json_write_int(writer, "days", roll->days);
    json_write_text(writer, "zone", roll->zone);
    json_write_object_end(writer);
}

/* Gives the place of the fingerprint's first digit. */
static size_t write_roll(struct json_writer *writer, const struct roll *roll)
{
    json_write_object(writer, NULL);
    json_write_text(writer, "format", "rolwacht/roll/1");
    json_write_text(writer, "roll", roll->number);
    json_write_int(writer, "version", roll->version);
    json_write_text(writer, "fingerprint", "sha256:" ROLL_JSON_ZEROS);
    size_t digits_at = writer->text->length - strlen(ROLL_JSON_ZEROS "\"");
    json_write_text(writer, "issued", roll->issued);
    json_write_text(writer, "replaces", roll->replaces);
    write_persons(writer, roll);
    json_write_text(writer, "media", roll->media);
    json_write_text(writer, "language", roll->language);
    json_write_int(writer, "dpi", roll->dpi);
    write_bags(writer, roll);
    write_outside(writer, "loose", roll->loose, roll->loose_count);
    write_outside(writer, "excluded", roll->excluded, roll->excluded_count);
    write_reasons(writer, roll);
    finding_json_write(writer, &roll->findings);
    write_overrides(writer, roll);
    write_audit(writer, roll);
    json_write_object_end(writer);
    rw_text_add_char(writer->text, '\n');
    return digits_at;
}

bool roll_json_write(const struct roll *roll, struct rw_arena *arena, const char **ret_bytes,
                     size_t *ret_length, struct rw_error *err)
{
    assert(roll->bag_count <= ROLL_BAGS_MAX + 2);
    struct rw_text text;
    rw_text_init(&text, arena, ROLL_JSON_BYTES_MAX);
    rw_text_reserve(&text, roll->bag_count * ROLL_JSON_BAG_BYTES);
    struct json_writer writer;
    json_write_init(&writer, &text);
    size_t digits_at = write_roll(&writer, roll);
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    uint8_t digest[RW_SHA256_BYTES];
    char digits[RW_HEX_SHA256_MAX];
    rw_sha256(text.bytes, text.length, digest);
    rw_hex_sha256(digest, digits);
    assert(memcmp(text.bytes + digits_at, ROLL_JSON_ZEROS "\"", RW_HEX_SHA256_MAX) == 0);
    memcpy(text.bytes + digits_at, digits, RW_HEX_SHA256_MAX - 1);
    *ret_length = text.length;
    return true;
}
