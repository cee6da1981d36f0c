/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the product table and names every fault in it. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/model/quantity.h"
#include "roll-builder/products.h"

#define LOTS_MAX 8 /* batches of one product on the line at once */

#define MEMBER(name, kind) #name, kind, offsetof(struct product, name)

static const struct json_sheet_member row_members[] = {
    { MEMBER(code, JSON_SHEET_TEXT), true, 0, 0 },
    { MEMBER(name, JSON_SHEET_TEXT), true, 0, 0 },
    { MEMBER(form, JSON_SHEET_TEXT), true, 0, 0 },
    { MEMBER(solid, JSON_SHEET_TRUTH), true, 0, 0 },
    { MEMBER(packable, JSON_SHEET_TRUTH), true, 0, 0 },
    { "codes", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { MEMBER(strength, JSON_SHEET_TEXT), false, 0, 0 },
    { MEMBER(substance, JSON_SHEET_TEXT), false, 0, 0 },
    { MEMBER(look, JSON_SHEET_TEXT), false, 0, 0 },
    { MEMBER(warning, JSON_SHEET_TEXT), false, 0, 0 },
    { MEMBER(lot, JSON_SHEET_TEXT), false, 0, 0 },
    { "expiry", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "lots", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { MEMBER(not_on_days_of, JSON_SHEET_TEXT), false, 0, 0 },
    { "look_alike", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "picture", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "class", JSON_SHEET_TEXT, offsetof(struct product, kept_out), false, 0, 0 },
    { MEMBER(separate, JSON_SHEET_TRUTH), false, 0, 0 },
    { MEMBER(weekly, JSON_SHEET_TRUTH), false, 0, 0 },
    { "light", JSON_SHEET_TRUTH, offsetof(struct product, light_sensitive), false, 0, 0 },
    { MEMBER(opiate, JSON_SHEET_TRUTH), false, 0, 0 },
    { MEMBER(high_risk, JSON_SHEET_TRUTH), false, 0, 0 },
    { MEMBER(in_stock, JSON_SHEET_TRUTH), false, 0, 0 },
    { MEMBER(sent_later, JSON_SHEET_TRUTH), false, 0, 0 },
    { MEMBER(split, JSON_SHEET_INT), false, 1, PRODUCT_SPLIT_MAX },
    { MEMBER(use_by_days, JSON_SHEET_INT), false, 1, PRODUCT_DAYS_MAX },
    { MEMBER(gap_min, JSON_SHEET_INT), false, 1, RW_DAY_MINUTES },
    { MEMBER(volume_ul, JSON_SHEET_INT), false, 1, PRODUCT_VOLUME_UL_MAX },
    { MEMBER(day_milli_max, JSON_SHEET_LONG), false, 1, QUANTITY_MILLI_MAX },
    { MEMBER(bag_milli_max, JSON_SHEET_LONG), false, 1, QUANTITY_MILLI_MAX },
    { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { 0 },
};
static const struct json_sheet_member root_members[] = {
    { "format", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "products", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { 0 },
};
/* Classes that lie in no bag (D32, D33). */
static const char *const classes[] = { "cytostatic",  "antibiotic",  "effervescent",
                                       "dispersible", "buccal",      "sublingual",
                                       "lozenge",     "hygroscopic", "volatile" };

/* A table on its way into the program. */
struct reading {
    struct json_sheet *sheet;
    struct rw_arena *arena;
    struct products *products;
    const struct json *list; /* the rows */
};

static bool is_class(const char *word)
{
    for (size_t i = 0; i < RW_COUNT(classes); i++) {
        if (strcmp(word, classes[i]) == 0)
            return true;
    }
    return false;
}

static void check_row(struct json_sheet *sheet, const struct json *row,
                      const struct product *product)
{
    if (product->code != NULL && product->code[0] == '\0')
        json_sheet_fault(sheet, json_member(row, "code"), "a product needs a code");
    if (product->name != NULL && product->name[0] == '\0')
        json_sheet_fault(sheet, json_member(row, "name"), "a product needs a name");
    if (product->split == 3)
        json_sheet_fault(sheet, json_member(row, "split"), "a piece is not split in three");
    if (product->kept_out != NULL && !is_class(product->kept_out))
        json_sheet_fault(
            sheet, json_member(row, "class"),
            "\"%.32s\" is no class that is kept out of bags; docs/PRODUCTS.md has them",
            product->kept_out);
    else if (product->kept_out != NULL && product->packable)
        json_sheet_fault(sheet, json_member(row, "packable"),
                         "a product of class \"%.32s\" is never packed", product->kept_out);
    if (product->packable && !product->solid)
        json_sheet_fault(sheet, json_member(row, "packable"),
                         "only a solid product can lie in a bag");
    if (product->sent_later && product->in_stock)
        json_sheet_fault(sheet, json_member(row, "sent_later"),
                         "what is in stock is not sent later");
}

/* False when no day stands there; a fault when what stands there is none. */
static bool take_day(struct json_sheet *sheet, const struct json *node, int32_t *ret_day)
{
    if (node == NULL || node->kind == JSON_NULL)
        return false;
    if (node->kind == JSON_TEXT && rw_date_parse(node->text, ret_day))
        return true;
    json_sheet_fault(sheet, node, "a day is written like \"2027-09-30\"");
    return false;
}

static void read_day(struct json_sheet *sheet, const struct json *node, struct product *product)
{
    int32_t day;
    if (!take_day(sheet, node, &day))
        return;
    if (!product->has_expiry || day < product->expiry) {
        product->expiry = day;
        product->expiry_text = node->text;
    }
    product->has_expiry = true;
}

/* Several batches lie on the line: a bag may hold any of them, so it bears all and the earliest
 * date (D37). */
static void read_lots(struct reading *reading, const struct json *row, struct product *product)
{
    static const struct json_sheet_member members[] = {
        { "lot", JSON_SHEET_TEXT, 0, true, 0, 0 },
        { "expiry", JSON_SHEET_OTHER, 0, false, 0, 0 },
        { 0 },
    };
    const struct json *list = json_member(row, "lots");
    struct json_sheet *sheet = reading->sheet;
    struct rw_error fault = { 0 };
    if (list == NULL)
        return;
    if (list->kind != JSON_LIST || list->count < 1 || list->count > LOTS_MAX) {
        json_sheet_fault(sheet, list, "lots is a list of 1 to %d batches", LOTS_MAX);
        return;
    }
    if (product->lot != NULL || json_member(row, "expiry") != NULL)
        json_sheet_fault(sheet, list, "a row has lots, or a lot and an expiry, not both");
    const char *all = NULL;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        const char *lot = NULL;
        json_sheet_read(sheet, node, members, &lot);
        read_day(sheet, json_member(node, "expiry"), product);
        if (lot == NULL)
            continue;
        all = all == NULL ? lot : rw_arena_format(reading->arena, &fault, "%s, %s", all, lot);
    }
    json_sheet_take(sheet, &fault);
    product->lot = all;
}

static void read_codes(struct reading *reading, const struct json *row, struct product *product)
{
    static const struct json_sheet_member members[] = {
        { "system", JSON_SHEET_TEXT, offsetof(struct medicine_code, system), true, 0, 0 },
        { "code", JSON_SHEET_TEXT, offsetof(struct medicine_code, code), true, 0, 0 },
        { 0 },
    };
    const struct json *list = json_member(row, "codes");
    struct rw_error fault = { 0 };
    if (list == NULL)
        return;
    if (list->kind != JSON_LIST || list->count < 1 || list->count > MEDICINE_CODES_MAX) {
        json_sheet_fault(reading->sheet, list, "a product has 1 to %d codes", MEDICINE_CODES_MAX);
        return;
    }
    product->codes =
        rw_arena_array(reading->arena, (size_t)list->count, sizeof *product->codes, &fault);
    json_sheet_take(reading->sheet, &fault);
    for (const struct json *node = list->first; product->codes != NULL && node != NULL;
         node = node->next) {
        struct medicine_code *code = &product->codes[product->code_count];
        json_sheet_read(reading->sheet, node, members, code);
        if (code->system == NULL || code->code == NULL)
            continue;
        if (medicine_is_magistral(code) && product->packable)
            json_sheet_fault(reading->sheet, node,
                             "a product of the 90-million range is never packed");
        product->code_count++;
    }
}

static void read_twins(struct reading *reading, const struct json *row, struct product *product)
{
    const struct json *list = json_member(row, "look_alike");
    struct rw_error fault = { 0 };
    if (list == NULL)
        return;
    if (list->kind != JSON_LIST || list->count > PRODUCT_TWINS_MAX) {
        json_sheet_fault(reading->sheet, list, "look_alike is a list of at most %d product codes",
                         PRODUCT_TWINS_MAX);
        return;
    }
    product->look_alike =
        rw_arena_array(reading->arena, (size_t)list->count, sizeof *product->look_alike, &fault);
    json_sheet_take(reading->sheet, &fault);
    for (const struct json *node = list->first; product->look_alike != NULL && node != NULL;
         node = node->next) {
        if (node->kind == JSON_TEXT)
            product->look_alike[product->look_alike_count++] = node->text;
        else
            json_sheet_fault(reading->sheet, node, "a product is named by its code");
    }
}

static void read_picture(struct json_sheet *sheet, const struct json *row, struct product *product)
{
    static const struct json_sheet_member members[] = {
        { "file", JSON_SHEET_TEXT, offsetof(struct product_picture, file), true, 0, 0 },
        { "look", JSON_SHEET_TEXT, offsetof(struct product_picture, look), true, 0, 0 },
        { "until", JSON_SHEET_OTHER, 0, true, 0, 0 },
        { 0 },
    };
    const struct json *node = json_member(row, "picture");
    struct product_picture picture = { 0 };
    if (node == NULL || node->kind == JSON_NULL)
        return;
    json_sheet_read(sheet, node, members, &picture);
    if (picture.file != NULL && picture.file[0] == '\0')
        json_sheet_fault(sheet, json_member(node, "file"), "a picture needs a name");
    if (take_day(sheet, json_member(node, "until"), &picture.until) && picture.look != NULL)
        product->picture = picture;
}

static void read_row(struct reading *reading, const struct json *row, struct product *product)
{
    *product = (struct product){ .strength = "", .look = "", .in_stock = true, .split = 1 };
    json_sheet_read(reading->sheet, row, row_members, product);
    if (row->kind != JSON_OBJECT)
        return;
    if (product->substance == NULL)
        product->substance = product->name;
    read_day(reading->sheet, json_member(row, "expiry"), product);
    read_lots(reading, row, product);
    read_codes(reading, row, product);
    read_twins(reading, row, product);
    read_picture(reading->sheet, row, product);
    check_row(reading->sheet, row, product);
}

static int compare_row(const void *left, const void *right)
{
    const struct product *const *one = left;
    const struct product *const *two = right;
    return strcmp((*one)->code, (*two)->code);
}

/* Two rows with one code would make the table's answer depend on its order. */
static void check_rows_differ(struct reading *reading)
{
    const struct products *products = reading->products;
    struct rw_error fault = { 0 };
    const struct product **sorted =
        rw_arena_array(reading->arena, products->count, sizeof *sorted, &fault);
    json_sheet_take(reading->sheet, &fault);
    for (size_t i = 0; sorted != NULL && i < products->count; i++)
        sorted[i] = &products->rows[i];
    if (sorted != NULL)
        qsort(sorted, products->count, sizeof *sorted, compare_row);
    for (size_t i = 1; sorted != NULL && i < products->count; i++) {
        if (strcmp(sorted[i - 1]->code, sorted[i]->code) == 0)
            json_sheet_fault(reading->sheet, reading->list, "two products have the code \"%.64s\"",
                             sorted[i]->code);
    }
}

static void check_codes_differ(struct reading *reading)
{
    const struct medicine_code *twice = NULL;
    struct rw_error fault = { 0 };
    if (!products_index(reading->products, reading->arena, &twice, &fault))
        json_sheet_take(reading->sheet, &fault);
    else if (twice != NULL)
        json_sheet_fault(reading->sheet, reading->list, "two rows claim the code \"%.100s|%.64s\"",
                         twice->system, twice->code);
}

static const struct product *find_row(const struct products *products, const char *code)
{
    for (size_t i = 0; i < products->count; i++) {
        if (strcmp(products->rows[i].code, code) == 0)
            return &products->rows[i];
    }
    return NULL;
}

/* A look-alike that is no row of the table was mistyped. */
static void check_twins(struct reading *reading)
{
    const struct products *products = reading->products;
    for (size_t i = 0; i < products->count; i++) {
        for (size_t j = 0; j < products->rows[i].look_alike_count; j++) {
            if (find_row(products, products->rows[i].look_alike[j]) == NULL)
                json_sheet_fault(
                    reading->sheet, json_member(json_at(reading->list, (int32_t)i), "look_alike"),
                    "no product has the code \"%.64s\"", products->rows[i].look_alike[j]);
        }
    }
}

/* The rows, when the document has a list of them that is not too long. */
static bool open_rows(struct reading *reading, const struct json *root)
{
    struct rw_error fault = { 0 };
    json_sheet_read(reading->sheet, root, root_members, NULL);
    reading->list = json_member(root, "products");
    if (reading->list == NULL)
        return false;
    if (reading->list->kind != JSON_LIST)
        json_sheet_fault(reading->sheet, reading->list, "products is a list");
    else if (reading->list->count > PRODUCTS_MAX)
        (void)rw_error_set(&fault, RW_TOO_LARGE, "/products", "a table holds at most %d products",
                           PRODUCTS_MAX);
    else
        reading->products->rows = rw_arena_array(reading->arena, (size_t)reading->list->count,
                                                 sizeof *reading->products->rows, &fault);
    json_sheet_take(reading->sheet, &fault);
    return reading->products->rows != NULL;
}

void products_read_faults(const char *bytes, size_t length, struct json_sheet *sheet,
                          struct products *products)
{
    struct reading reading = { .sheet = sheet, .arena = sheet->arena, .products = products };
    const struct json *root = json_sheet_open(sheet, bytes, length, "rolwacht/products/1");
    if (root == NULL || !open_rows(&reading, root))
        return;
    for (const struct json *row = reading.list->first; row != NULL; row = row->next)
        read_row(&reading, row, &products->rows[products->count++]);
    if (sheet->count > 0 || sheet->lost > 0)
        return; /* rows are compared once each of them is sound */
    check_rows_differ(&reading);
    check_codes_differ(&reading);
    check_twins(&reading);
    struct rw_error fault = { 0 };
    if (!products_halves(products, sheet->arena, &fault))
        json_sheet_take(sheet, &fault);
}

bool products_read(const char *bytes, size_t length, struct rw_arena *arena,
                   struct products **ret_products, struct rw_error *err)
{
    struct json_sheet sheet;
    struct products *products = rw_arena_alloc(arena, sizeof *products, err);
    if (products == NULL)
        return false;
    json_sheet_init(&sheet, arena);
    products_read_faults(bytes, length, &sheet, products);
    if (!json_sheet_end(&sheet, err))
        return false;
    *ret_products = products;
    return true;
}
