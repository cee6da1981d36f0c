/* SPDX-License-Identifier: Apache-2.0 */
/* Writes tables as CSV (RFC 4180) for spreadsheets. */
#include "api/csv.h"

#include <string.h>

#include "api/respond.h"

static void add_cell(struct rw_text *text, const char *cell)
{
    rw_text_add_char(text, '"');
    if (*cell && strchr("=+-@\t\r", *cell))
        rw_text_add_char(text, '\'');
    for (const char *at = cell; *at; at++) {
        if (*at == '"')
            rw_text_add_char(text, '"');
        rw_text_add_char(text, *at);
    }
    rw_text_add_char(text, '"');
}

void csv_row(struct rw_text *text, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            rw_text_add_char(text, ',');
        add_cell(text, cells[i] ? cells[i] : "");
    }
    rw_text_add(text, "\r\n");
}

void csv_reply(struct service *service, struct exchange *exchange, const struct rw_text *text,
               const char *name)
{
    struct rw_error err = { 0 };
    const char *bytes = NULL;
    const char *disposition =
        rw_arena_format(exchange->arena, &err, "attachment; filename=\"%s\"", name);
    if (!disposition || !rw_text_finish(text, &bytes, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, "text/csv; charset=utf-8", bytes, text->length);
    exchange_reply_extra(exchange, "Content-Disposition", disposition);
}
