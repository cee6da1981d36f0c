/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers bags, so that another day need only try its date. */
#include "labels/fitted.h"

#include <string.h>

#include "core/base/text.h"

static void add_bytes(struct fitted_key *key, const void *bytes, size_t length)
{
    if (key->length + length > sizeof key->bytes) {
        key->length = sizeof key->bytes + 1; /* nothing more has room */
        return;
    }
    memcpy(&key->bytes[key->length], bytes, length);
    key->length += length;
}

static void add_number(struct fitted_key *key, int64_t number)
{
    add_bytes(key, &number, sizeof number);
}

/* Absent and empty are two things: the first byte says which. */
static void add_text(struct fitted_key *key, const char *text)
{
    add_bytes(key, text == NULL ? "-" : "+", 1);
    if (text != NULL)
        add_bytes(key, text, strlen(text) + 1);
}

static void add_roll(struct fitted_key *key, const struct roll *roll, const struct media *media)
{
    add_number(key, roll->dpi);
    add_text(key, roll->language);
    add_text(key, roll->media);
    add_text(key, roll->client.name);
    add_text(key, roll->client.born);
    add_text(key, roll->pharmacy.name);
    add_text(key, roll->pharmacy.phone);
    if (media == NULL)
        return; /* the one that the roll names */
    add_number(key, media->width_um);
    add_number(key, media->height_um);
    for (int edge = 0; edge < MEDIA_EDGE_COUNT; edge++)
        add_number(key, media_edge_um(media, (enum media_edge)edge));
    add_number(key, media->symbol_right_um);
    add_number(key, media->symbol_bottom_um);
    add_number(key, media->module_dots);
}

static void add_bag(struct fitted_key *key, const struct bag *bag)
{
    add_number(key, bag->at.wall.minute);
    add_number(key, bag->exact);
    add_text(key, bag->moment);
    add_text(key, bag->use_by);
    for (size_t i = 0; i < bag->content_count; i++) {
        const struct bag_content *content = &bag->contents[i];
        add_number(key, content->milli);
        add_text(key, content->name);
        add_text(key, content->strength);
        add_text(key, content->form);
        add_text(key, content->look);
        add_text(key, content->warning);
    }
}

void fitted_key_make(const struct roll *roll, const struct bag *bag, const struct media *media,
                     struct fitted_key *ret_key)
{
    ret_key->length = 0;
    add_roll(ret_key, roll, media);
    add_bag(ret_key, bag);
    if (ret_key->length > sizeof ret_key->bytes)
        ret_key->length = 0;
    ret_key->hash = rw_text_hash(ret_key->bytes, ret_key->length);
}

const struct fitted_entry *fitted_find(const struct fitted *fitted, const struct fitted_key *key)
{
    for (size_t i = 0; key->length > 0 && i < FITTED_ENTRIES; i++) {
        if (fitted->hashes[i] != key->hash)
            continue;
        const struct fitted_key *known = &fitted->entries[i].key;
        if (known->length == key->length && memcmp(known->bytes, key->bytes, key->length) == 0)
            return &fitted->entries[i];
    }
    return NULL;
}

/* The entry of the oldest, under this key; NULL when the key says too much. */
static struct fitted_entry *take_entry(struct fitted *fitted, const struct fitted_key *key)
{
    if (key->length == 0)
        return NULL;
    struct fitted_entry *entry = &fitted->entries[fitted->next];
    fitted->hashes[fitted->next] = key->hash;
    fitted->next = (fitted->next + 1) % FITTED_ENTRIES;
    entry->key.length = key->length;
    memcpy(entry->key.bytes, key->bytes, key->length);
    entry->misfit = false;
    entry->field_count = 0;
    return entry;
}

void fitted_keep_misfit(struct fitted *fitted, const struct fitted_key *key)
{
    struct fitted_entry *entry = take_entry(fitted, key);
    if (entry != NULL)
        entry->misfit = true;
}

void fitted_keep(struct fitted *fitted, const struct fitted_key *key, const struct compose *compose)
{
    const struct layout *layout = compose->layout;
    struct fitted_entry *entry = take_entry(fitted, key);
    if (entry == NULL)
        return;
    entry->day = compose->day;
    for (size_t i = 0; i < layout->print.field_count; i++) {
        if (i >= compose->day.first_field && i < compose->day.end_field)
            continue;
        struct print_field field = layout->print.fields[i];
        field.name = "";
        field.text = "";
        entry->fields[entry->field_count] = field;
        entry->marks[entry->field_count++] = layout->marks[i];
    }
}
