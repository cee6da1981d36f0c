/* SPDX-License-Identifier: Apache-2.0 */
/* Reads orders from our own comma-separated values, rolwacht/orders/1. */
#include "roll-builder/intake/csv_orders.h"

#include <string.h>

#include "core/base/text.h"
#include "roll-builder/intake/csv.h"
#include "roll-builder/intake/csv_row.h"

#define FORMAT "rolwacht/orders/1"
#define FORMAT_START "rolwacht/orders/"
#define SEPARATOR "sep="

/* A table under way: which cell of a row belongs to which column. */
struct table {
    const char *source;
    const struct rw_zone *zone;
    struct rw_arena *arena;
    struct csv csv;
    enum csv_column columns[CSV_CELLS_MAX];
    size_t column_count;
};

/* As one spreadsheet is told how cells are separated, and no other reader knows. */
static bool says_separator(const char *bytes, size_t length)
{
    return length >= sizeof SEPARATOR - 1 && memcmp(bytes, SEPARATOR, sizeof SEPARATOR - 1) == 0;
}

bool csv_orders_is(const char *bytes, size_t length)
{
    size_t quote = length > 0 && bytes[0] == '"' ? 1 : 0;
    size_t count = strlen(FORMAT_START);
    return (length >= quote + count && memcmp(bytes + quote, FORMAT_START, count) == 0) ||
           says_separator(bytes, length);
}

/* The first row names the format; a spreadsheet may have filled it up with empty cells. */
static bool read_format(struct table *table, struct rw_error *err)
{
    struct csv_row row;
    bool found;
    if (!csv_next(&table->csv, &row, &found, err))
        return false;
    bool good = found && strcmp(row.cells[0], FORMAT) == 0;
    for (size_t i = 1; good && i < row.count; i++)
        good = row.cells[i][0] == '\0';
    return good || rw_error_set(err, RW_INVALID, "",
                                "the first line is not \"" FORMAT "\" and nothing else; cells are "
                                "separated by commas");
}

/* As spreadsheets write them where a comma stands in a number. */
static bool is_cut_elsewhere(const struct csv_row *row)
{
    return row->count == 1 && strpbrk(row->cells[0], ";\t") != NULL;
}

static bool is_empty(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (row->cells[i][0] != '\0')
            return false;
    }
    return true;
}

static bool find_column(const char *name, enum csv_column *ret_column)
{
    for (int i = 0; i < CSV_COLUMN_COUNT; i++) {
        if (strcmp(csv_row_column((enum csv_column)i), name) == 0) {
            *ret_column = (enum csv_column)i;
            return true;
        }
    }
    return false;
}

/* Every column must be one we know: a cell that nobody reads could change what a row means. */
static bool read_header(struct table *table, struct rw_error *err)
{
    static const enum csv_column needed[] = { CSV_ORDER, CSV_CLIENT, CSV_PRODUCT, CSV_DOSE,
                                              CSV_UNIT };
    bool seen[CSV_COLUMN_COUNT] = { false };
    struct csv_row row;
    bool found;
    if (!csv_next(&table->csv, &row, &found, err))
        return false;
    if (!found)
        return rw_error_set(err, RW_INVALID, "",
                            "the line with the names of the columns is missing");
    if (is_cut_elsewhere(&row))
        return rw_error_set(err, RW_INVALID, "",
                            "the cells of line %zu are separated by %s; they must be by commas",
                            row.line, strchr(row.cells[0], ';') ? "semicolons" : "tabs");
    for (size_t i = 0; i < row.count; i++) {
        enum csv_column column;
        if (!find_column(row.cells[i], &column))
            return rw_error_set(err, RW_INVALID, "", "there is no column \"%.60s\"", row.cells[i]);
        if (seen[column])
            return rw_error_set(err, RW_INVALID, "", "the column \"%s\" stands there twice",
                                row.cells[i]);
        seen[column] = true;
        table->columns[table->column_count++] = column;
    }
    for (size_t i = 0; i < RW_COUNT(needed); i++) {
        if (!seen[needed[i]])
            return rw_error_set(err, RW_INVALID, "", "the column \"%s\" is missing",
                                csv_row_column(needed[i]));
    }
    return true;
}

static bool read_order(const struct table *table, const struct csv_row *row, size_t number,
                       struct order_list *list, struct rw_error *err)
{
    struct csv_values values = { 0 };
    if (!rw_arena_grow(table->arena, &list->orders, &list->room, list->count, sizeof(*list->orders),
                       ORDERS_MAX, err))
        return false;
    struct order *order = &list->orders[list->count];
    *order = (struct order){ .source = table->source };
    order->pointer = rw_arena_format(table->arena, err, "/row/%zu", number);
    if (order->pointer == NULL)
        return false;
    rw_diag_init(&order->findings, table->arena);
    if (row->count != table->column_count)
        rw_diag_add(&order->findings, "D9", "malformed-input", RW_BLOCKS, order->pointer,
                    "line %zu must have %zu cells, not %zu", row->line, table->column_count,
                    row->count);
    for (size_t i = 0; i < row->count && row->count == table->column_count; i++) {
        if (row->cells[i][0] != '\0')
            values.of[table->columns[i]] = row->cells[i];
    }
    if (!csv_row_read(&values, table->zone, table->arena, order, err))
        return false;
    list->count++;
    return true;
}

bool csv_orders_read(const char *source, const char *bytes, size_t length,
                     const struct rw_zone *zone, struct rw_arena *arena, struct order_list *list,
                     struct rw_error *err)
{
    struct table table = { .source = source, .zone = zone, .arena = arena };
    table.csv = (struct csv){ .at = bytes, .end = bytes + length, .arena = arena };
    if (!rw_text_is_utf8(bytes, length))
        return rw_error_set(err, RW_INVALID, "", "the table is not written in UTF-8");
    if (says_separator(bytes, length))
        return rw_error_set(err, RW_INVALID, "",
                            "the first line is \"" SEPARATOR
                            "\", for one spreadsheet alone; it must "
                            "be \"" FORMAT "\", and cells separated by commas");
    if (!read_format(&table, err) || !read_header(&table, err))
        return false;
    for (size_t number = 1;;) {
        struct csv_row row;
        bool found;
        if (!csv_next(&table.csv, &row, &found, err))
            return false;
        if (!found)
            return true;
        if (!is_empty(&row) && !read_order(&table, &row, number++, list, err))
            return false;
    }
}
