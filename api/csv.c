/* SPDX-License-Identifier: Apache-2.0 */
/* Writes tables as CSV (RFC 4180) for programs and for spreadsheets. */
#include "api/csv.h"

#include <string.h>

#include "api/respond.h"

#define DIGITS "0123456789"
#define SHOWN_DIGITS 11 /* a spreadsheet shows no longer number whole */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* "-12.5": what no spreadsheet takes for a formula although it begins like one. */
static bool is_number(const char *cell)
{
    cell += *cell == '-';
    size_t whole = strspn(cell, DIGITS);
    cell += whole;
    if (whole == 0 || *cell == '\0')
        return whole > 0;
    size_t part = *cell == '.' ? strspn(cell + 1, DIGITS) : 0;
    return part > 0 && cell[1 + part] == '\0';
}

/* A serial, or an id that begins with a zero: a spreadsheet would count with it and show 4.8E+11.
 */
static bool is_name(const char *cell)
{
    const size_t length = strspn(cell, DIGITS);
    return cell[length] == '\0' && (length > SHOWN_DIGITS || (length > 1 && cell[0] == '0'));
}

static void add_cell(struct csv *csv, const char *cell)
{
    const bool number = is_number(cell);
    if (csv->for_sheet && is_name(cell)) {
        rw_text_format(&csv->text, "\"=\"\"%s\"\"\"", cell);
        return;
    }
    rw_text_add_char(&csv->text, '"');
    if (*cell && !number && strchr("=+-@\t\r\n", *cell))
        rw_text_add_char(&csv->text, '\'');
    for (const char *at = cell; *at; at++) {
        if (*at == '"')
            rw_text_add_char(&csv->text, '"');
        rw_text_add_char(&csv->text, number && csv->for_sheet && *at == '.' ? ',' : *at);
    }
    rw_text_add_char(&csv->text, '"');
}

void csv_begin(struct csv *csv, struct exchange *exchange, const char *const *names, size_t count)
{
    rw_text_init(&csv->text, exchange->arena, CSV_MAX);
    csv->for_sheet = rw_text_equal(exchange_query(exchange, "for"), "sheet");
    if (csv->for_sheet)
        rw_text_add(&csv->text, BYTE_ORDER_MARK);
    csv_row(csv, names, count);
}

void csv_row(struct csv *csv, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            rw_text_add_char(&csv->text, csv->for_sheet ? ';' : ',');
        add_cell(csv, cells[i] ? cells[i] : "");
    }
    rw_text_add(&csv->text, "\r\n");
}

void csv_reply(struct service *service, struct exchange *exchange, const struct csv *csv,
               const char *name)
{
    struct rw_error err = { 0 };
    const char *bytes = NULL;
    const char *disposition =
        rw_arena_format(exchange->arena, &err, "attachment; filename=\"%s\"", name);
    if (!disposition || !rw_text_finish(&csv->text, &bytes, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, "text/csv; charset=utf-8", bytes, csv->text.length);
    exchange_reply_extra(exchange, "Content-Disposition", disposition);
}
