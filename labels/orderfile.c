/* SPDX-License-Identifier: Apache-2.0 */
/* Writes what a packaging machine must put into each bag. */
#include "labels/orderfile.h"

#include <string.h>

#include "core/base/text.h"
#include "core/json/json_write.h"

static const char columns[] = "format,roll,version,client,bag,serial,code,at,part,parts,"
                              "product,name,strength,form,milli,lot\r\n";

/* RFC 4180: quotes around a field that needs them, a quote inside doubled. */
static void add_field(struct rw_text *text, const char *field, bool last)
{
    const char *value = field == NULL ? "" : field;
    if (strpbrk(value, ",\"\r\n") == NULL) {
        rw_text_add(text, value);
    } else {
        rw_text_add_char(text, '"');
        for (const char *at = value; *at != '\0'; at++) {
            if (*at == '"')
                rw_text_add_char(text, '"');
            rw_text_add_char(text, *at);
        }
        rw_text_add_char(text, '"');
    }
    rw_text_add(text, last ? "\r\n" : ",");
}

static void add_row(struct rw_text *text, const struct roll *roll, const struct bag *bag,
                    const struct bag_content *content)
{
    char at[RW_ZONE_STAMP_MAX];
    rw_stamp_write(bag->at, at);
    rw_text_format(text, "rolwacht/order/1,%s,%d,", roll->number, roll->version);
    add_field(text, roll->client.id, false);
    rw_text_format(text, "%d,", bag->n);
    add_field(text, bag->serial, false);
    add_field(text, bag->code, false);
    rw_text_format(text, "%s,%d,%d,", at, bag->part, bag->parts);
    add_field(text, content->product, false);
    add_field(text, content->name, false);
    add_field(text, content->strength, false);
    add_field(text, content->form, false);
    rw_text_format(text, "%lld,", (long long)content->milli);
    add_field(text, content->lot, true);
}

static bool finish(const struct rw_text *text, const char **ret_bytes, size_t *ret_length,
                   struct rw_error *err)
{
    if (!rw_text_finish(text, ret_bytes, err))
        return false;
    *ret_length = text->length;
    return true;
}

bool orderfile_write_csv(const struct roll *roll, struct rw_arena *arena, const char **ret_bytes,
                         size_t *ret_length, struct rw_error *err)
{
    struct rw_text text;
    rw_text_init(&text, arena, ORDERFILE_BYTES_MAX);
    rw_text_add(&text, columns);
    for (size_t i = 0; i < roll->bag_count; i++)
        for (size_t j = 0; j < roll->bags[i].content_count; j++)
            add_row(&text, roll, &roll->bags[i], &roll->bags[i].contents[j]);
    return finish(&text, ret_bytes, ret_length, err);
}

static void write_content(struct json_writer *writer, const struct bag_content *content)
{
    json_write_object(writer, NULL);
    json_write_text(writer, "product", content->product);
    json_write_text(writer, "name", content->name);
    json_write_text(writer, "strength", content->strength);
    json_write_text(writer, "form", content->form);
    json_write_int(writer, "milli", content->milli);
    json_write_text(writer, "lot", content->lot);
    json_write_object_end(writer);
}

static void write_bag(struct json_writer *writer, const struct bag *bag)
{
    char at[RW_ZONE_STAMP_MAX];
    rw_stamp_write(bag->at, at);
    json_write_object(writer, NULL);
    json_write_int(writer, "n", bag->n);
    json_write_text(writer, "kind", bag_kind_word(bag->kind));
    json_write_text(writer, "serial", bag->serial);
    json_write_text(writer, "code", bag->code);
    json_write_text(writer, "at", at);
    json_write_int(writer, "part", bag->part);
    json_write_int(writer, "parts", bag->parts);
    json_write_list(writer, "contents");
    for (size_t i = 0; i < bag->content_count; i++)
        write_content(writer, &bag->contents[i]);
    json_write_list_end(writer);
    json_write_object_end(writer);
}

bool orderfile_write_json(const struct roll *roll, struct rw_arena *arena, const char **ret_bytes,
                          size_t *ret_length, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    rw_text_init(&text, arena, ORDERFILE_BYTES_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", "rolwacht/order/1");
    json_write_text(&writer, "roll", roll->number);
    json_write_int(&writer, "version", roll->version);
    json_write_text(&writer, "fingerprint", roll->fingerprint);
    json_write_text(&writer, "client", roll->client.id);
    json_write_text(&writer, "media", roll->media);
    json_write_list(&writer, "bags");
    for (size_t i = 0; i < roll->bag_count; i++)
        write_bag(&writer, &roll->bags[i]);
    json_write_list_end(&writer);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    return finish(&text, ret_bytes, ret_length, err);
}
