/* SPDX-License-Identifier: Apache-2.0 */
/* Hands out the sealed journal in parts, to be checked elsewhere. */
#include <inttypes.h>

#include "api/handlers.h"
#include "api/journal_file.h"
#include "api/respond.h"
#include "api/seal.h"
#include "api/service.h"
#include "core/base/file.h"
#include "db/checkpoints.h"

struct part {
    struct service *service;
    int64_t after;
    struct journal_sealed *rows;
    size_t count;
    struct checkpoints_row *checkpoints;
    size_t checkpoint_count;
    const char *head; /* the exported one */
};

/* The head is read before the rows: it covers no row that they lack. */
static bool read_part(void *self, const struct scope *scope, struct rw_error *err)
{
    struct part *part = self;
    const struct journal_act act = {
        .action = "export", .object_type = "journal", .object_id = "", .client = "", .detail = ""
    };
    if (!seal_read_head(part->service, scope->arena, &part->head, err) ||
        !journal_page(scope, part->after, &part->rows, &part->count, err))
        return false;
    int64_t to = part->count > 0 ? part->rows[part->count - 1].seq : part->after;
    return checkpoints_find(scope, part->after, to, &part->checkpoints, &part->checkpoint_count,
                            err) &&
           journal_insert_once(scope, &act, err);
}

/* An export ends with a row that somebody signed for: what is newer is in the next one. */
static bool cut_to_head(struct part *part, const struct keyring *keys, struct rw_arena *arena,
                        struct journal_head *ret_head, struct rw_error *err)
{
    struct seal_end end;
    if (!part->head)
        return true;
    if (!seal_open(keys, part->head, arena, &end, err))
        return false;
    *ret_head = end.head;
    while (part->count > 0 && part->rows[part->count - 1].seq > ret_head->seq)
        part->count--;
    return true;
}

/* A checkpoint stands behind the row that it ends with, the head likewise. */
static void write_rows(const struct part *part, int64_t signed_to, struct rw_text *text)
{
    size_t next = 0;
    for (size_t i = 0; i < part->count; i++) {
        int64_t seq = part->rows[i].seq;
        journal_file_add_row(text, &part->rows[i]);
        if (next < part->checkpoint_count && part->checkpoints[next].seq == seq)
            journal_file_add_checkpoint(text, part->checkpoints[next++].text);
        else if (signed_to == seq)
            journal_file_add_checkpoint(text, part->head);
    }
}

static void reply(struct exchange *exchange, const struct part *part, const char *body,
                  size_t length)
{
    struct rw_error err = { 0 };
    exchange_reply_bytes(exchange, "application/jsonl", body, length);
    if (part->count < JOURNAL_PAGE)
        return;
    const char *link =
        rw_arena_format(exchange->arena, &err, "</v1/journal?after=%" PRId64 ">; rel=\"next\"",
                        part->rows[part->count - 1].seq);
    if (link)
        exchange_reply_extra(exchange, "Link", link);
}

void handle_journal_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct rw_text text;
    struct keyring keys;
    struct part part = { .service = service };
    struct journal_head head = { 0 };
    char path[RW_FILE_PATH_MAX];
    const char *body = NULL;
    const char *after = exchange_query(exchange, "after");
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &part, read_part };
    rw_text_init(&text, exchange->arena, EXCHANGE_JSON_MAX);
    if (after && !rw_text_to_int(after, 0, INT64_MAX, &part.after))
        (void)rw_error_set(&err, RW_INVALID, "", "\"%s\" is no place in the journal", after);
    if (err.code != RW_OK ||
        !rw_file_join(path, service->secrets.folder, key_files_journal.list, &err) ||
        !key_files_read(&key_files_journal, path, exchange->arena, &keys, &err) ||
        !service_transact(service, &who, &work, &err) ||
        !cut_to_head(&part, &keys, exchange->arena, &head, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    if (part.after == 0)
        journal_file_add_head(&text, service->pharmacy, &keys);
    write_rows(&part, head.seq, &text);
    if (!rw_text_finish(&text, &body, &err))
        respond_error(service, exchange, &err);
    else
        reply(exchange, &part, body, text.length);
}
