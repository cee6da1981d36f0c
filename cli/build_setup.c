/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the pharmacy's files: policy, products, film, overrides. */
#include "cli/build_setup.h"

#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/media_json.h"

#define PRODUCT_DIGITS_MAX 8 /* of the number of a row, its NUL included */

static bool read_file(struct build_setup *setup, const char *path, char **ret_bytes,
                      size_t *ret_length, struct rw_error *err)
{
    setup->place = path;
    return rw_file_read(path, RW_FILE_INPUT_MAX, setup->arena, ret_bytes, ret_length, err);
}

static bool read_policy(struct build_setup *setup, const char *path, struct rw_error *err)
{
    char *bytes;
    size_t length;
    policy_init(&setup->policy);
    if (path != NULL && (!read_file(setup, path, &bytes, &length, err) ||
                         !policy_read(bytes, length, setup->arena, &setup->policy, err)))
        return false;
    if (!rw_zone_open(setup->policy.zone_name, &setup->zone, err))
        return false;
    setup->policy.zone = setup->zone;
    setup->place = NULL;
    return true;
}

static bool read_products(struct build_setup *setup, const char *path, struct rw_error *err)
{
    char *bytes;
    size_t length;
    struct products *products;
    if (path == NULL)
        return true;
    if (!read_file(setup, path, &bytes, &length, err) ||
        !products_read(bytes, length, setup->arena, &products, err))
        return false;
    setup->products = products;
    setup->place = NULL;
    return true;
}

static bool refuse_media(const char *name, struct rw_error *err)
{
    char names[MEDIA_NAME_MAX * 4] = "";
    for (size_t i = 0; i < media_count(); i++) {
        const size_t used = strlen(names);
        (void)snprintf(&names[used], sizeof names - used, "%s%s", i > 0 ? ", " : "",
                       media_at(i)->name);
    }
    return rw_error_set(err, RW_NOT_FOUND, "/media",
                        "no film \"%s\" is built in (there are %s); give its measures with "
                        "--media FILE",
                        name, names);
}

static bool read_media(struct build_setup *setup, struct rw_error *err)
{
    char *bytes;
    size_t length;
    struct media *media;
    if (setup->files.media == NULL) {
        setup->media = media_find(setup->policy.media);
        return setup->media != NULL || refuse_media(setup->policy.media, err);
    }
    if (!read_file(setup, setup->files.media, &bytes, &length, err) ||
        !media_json_read(bytes, length, setup->arena, &media, err))
        return false;
    setup->media = media;
    setup->place = NULL;
    return true;
}

static bool read_overrides(struct build_setup *setup, struct rw_error *err)
{
    char *bytes;
    size_t length;
    if (setup->files.overrides == NULL)
        return true;
    if (!read_file(setup, setup->files.overrides, &bytes, &length, err) ||
        !overrides_read(bytes, length, setup->arena, &setup->overrides, err))
        return false;
    setup->place = NULL;
    return true;
}

static bool read_people(struct build_setup *setup, struct rw_error *err)
{
    char *bytes;
    size_t length;
    struct people *people;
    if (setup->files.clients == NULL)
        return true;
    if (!read_file(setup, setup->files.clients, &bytes, &length, err) ||
        !people_read(bytes, length, &setup->policy.daytimes, setup->arena, &people, err))
        return false;
    setup->people = people;
    setup->place = NULL;
    return true;
}

static void check_policy(struct build_setup *setup, const char *bytes, size_t length,
                         struct json_sheet *sheet)
{
    struct rw_error fault = { 0 };
    struct rw_error film = { 0 };
    policy_check(bytes, length, sheet, &setup->policy);
    build_setup_close(setup); /* another policy may have been checked before */
    if (!rw_zone_open(setup->policy.zone_name, &setup->zone, &fault))
        (void)rw_error_prefix(&fault, "/zone");
    if (setup->files.media == NULL && media_find(setup->policy.media) == NULL)
        (void)refuse_media(setup->policy.media, &film);
    json_sheet_take(sheet, &fault);
    json_sheet_take(sheet, &film);
}

/* The name of the row that a pointer like "/products/17/code" speaks of, or NULL. */
static const char *product_at(const struct json *root, const char *pointer)
{
    static const char start[] = "/products/";
    char digits[PRODUCT_DIGITS_MAX];
    int64_t index;
    const struct json *list = json_member(root, "products");
    if (list == NULL || !rw_text_starts_with(pointer, start))
        return NULL;
    const char *at = pointer + sizeof start - 1;
    const size_t length = strcspn(at, "/");
    if (length >= sizeof digits)
        return NULL;
    memcpy(digits, at, length);
    digits[length] = '\0';
    if (!rw_text_to_int(digits, 0, list->count - 1, &index))
        return NULL;
    const struct json *name = json_member(json_at(list, (int32_t)index), "name");
    return name != NULL && name->kind == JSON_TEXT ? name->text : NULL;
}

/* Nobody counts to the 312th product of a table: the fault says which medicine it is. */
static void name_products(const struct json *root, struct json_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        struct rw_error *fault = &sheet->faults[i];
        const char *name = product_at(root, fault->at);
        const size_t length = strlen(fault->text);
        if (name != NULL && length + strlen(name) + sizeof " ()" <= sizeof fault->text)
            (void)snprintf(fault->text + length, sizeof fault->text - length, " (%s)", name);
    }
}

bool build_setup_check(struct build_setup *setup, const char *path, const char *wanted,
                       struct json_sheet *sheet, struct rw_error *err)
{
    char *bytes;
    size_t length;
    const struct json *root;
    const char *format;
    struct media media = { 0 };
    struct products products = { 0 };
    struct people people = { 0 };
    struct rw_error other = { 0 }; /* of another format than wanted */
    policy_init(&setup->policy);
    if (!read_file(setup, path, &bytes, &length, err) ||
        !json_parse(setup->arena, bytes, length, &root, err) ||
        !json_text_or(root, "format", "", &format, err))
        return false;
    if (wanted != NULL && !json_format_is(root, wanted, &other)) {
        json_sheet_take(sheet, &other);
    } else if (rw_text_equal(format, "rolwacht/products/1")) {
        products_read_faults(bytes, length, sheet, &products);
    } else if (rw_text_equal(format, "rolwacht/media/1")) {
        media_json_read_faults(bytes, length, sheet, &media);
    } else if (rw_text_equal(format, "rolwacht/clients/1")) {
        people_read_faults(bytes, length, &setup->policy.daytimes, sheet, &people);
    } else if (rw_text_equal(format, "rolwacht/overrides/1")) {
        overrides_read_faults(bytes, length, sheet, &setup->overrides);
    } else {
        check_policy(setup, bytes, length, sheet);
    }
    name_products(root, sheet);
    return true;
}

bool build_setup_read(struct build_setup *setup, struct rw_error *err)
{
    return read_policy(setup, setup->files.policy, err) &&
           read_products(setup, setup->files.products, err) && read_media(setup, err) &&
           read_overrides(setup, err) && read_people(setup, err);
}

void build_setup_close(struct build_setup *setup)
{
    if (setup->zone != NULL)
        rw_zone_close(setup->zone);
    setup->zone = NULL;
}
