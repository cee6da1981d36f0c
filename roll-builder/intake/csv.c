/* SPDX-License-Identifier: Apache-2.0 */
/* Splits text of comma-separated values into rows (RFC 4180). */
#include "roll-builder/intake/csv.h"

#include <string.h>

#include "core/base/text.h"

static bool at_line_end(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == '\n' ||
           (*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n');
}

static void skip_line_end(struct csv *csv)
{
    if (csv->at < csv->end && *csv->at == '\r')
        csv->at++;
    if (csv->at < csv->end && *csv->at == '\n')
        csv->at++;
}

static void skip_spaces(struct csv *csv)
{
    while (csv->at < csv->end && (*csv->at == ' ' || *csv->at == '\t'))
        csv->at++;
}

static bool take_quoted(struct csv *csv, struct rw_text *cell, struct rw_error *err)
{
    size_t line = csv->line;
    csv->at++;
    for (;; csv->at++) {
        if (csv->at == csv->end)
            return rw_error_set(err, RW_INVALID, "", "line %zu opens a quote and does not close it",
                                line);
        if (*csv->at == '"' && (csv->at + 1 == csv->end || csv->at[1] != '"'))
            break;
        if (*csv->at == '"')
            csv->at++;
        if (*csv->at == '\n')
            csv->line++;
        rw_text_add_char(cell, *csv->at);
    }
    csv->at++;
    skip_spaces(csv);
    if (!at_line_end(csv) && *csv->at != ',')
        return rw_error_set(err, RW_INVALID, "", "line %zu has text behind a closed quote", line);
    return true;
}

static bool take_plain(struct csv *csv, struct rw_text *cell, struct rw_error *err)
{
    const char *start = csv->at;
    while (!at_line_end(csv) && *csv->at != ',') {
        if (*csv->at == '"' || *csv->at == '\r')
            return rw_error_set(err, RW_INVALID, "",
                                "line %zu has a quote or a line break within a bare cell",
                                csv->line);
        csv->at++;
    }
    size_t length = (size_t)(csv->at - start);
    while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\t'))
        length--;
    rw_text_add_n(cell, start, length);
    return true;
}

static bool take_cell(struct csv *csv, const char **ret_cell, struct rw_error *err)
{
    struct rw_text cell;
    rw_text_init(&cell, csv->arena, CSV_CELL_MAX);
    skip_spaces(csv);
    bool done = csv->at < csv->end && *csv->at == '"' ? take_quoted(csv, &cell, err)
                                                      : take_plain(csv, &cell, err);
    if (!done)
        return false;
    if (cell.failure == RW_TOO_LARGE)
        return rw_error_set(err, RW_INVALID, "", "line %zu has a cell of more than %d bytes",
                            csv->line, CSV_CELL_MAX);
    return rw_text_finish(&cell, ret_cell, err);
}

bool csv_next(struct csv *csv, struct csv_row *ret_row, bool *ret_found, struct rw_error *err)
{
    struct csv_row row = { 0 };
    *ret_found = false;
    do {
        if (csv->at == csv->end)
            return true;
        csv->line++;
        if (!at_line_end(csv))
            break;
        skip_line_end(csv);
    } while (true);
    row.line = csv->line;
    for (;;) {
        if (row.count == CSV_CELLS_MAX)
            return rw_error_set(err, RW_INVALID, "", "line %zu has more than %d cells", row.line,
                                CSV_CELLS_MAX);
        if (!take_cell(csv, &row.cells[row.count], err))
            return false;
        row.count++;
        if (at_line_end(csv))
            break;
        csv->at++; /* the comma */
    }
    skip_line_end(csv);
    *ret_row = row;
    *ret_found = true;
    return true;
}
