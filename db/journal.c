/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps who did what and why, and seals it with a chain of hashes. */
#include "db/journal.h"

#include <string.h>

#include "core/base/random.h"
#include "core/base/text.h"

#define ROW_COLUMNS                                                                           \
    "j.journal_id, j.at_ms, j.actor, j.role, j.action, j.object_type, j.object_id, j.client," \
    " j.detail, j.source"

bool journal_insert(const struct scope *scope, const struct journal_act *act, struct rw_error *err)
{
    char journal_id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, journal_id);
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),  conn_text(journal_id),     conn_int(scope->now_ms),
        conn_text(scope->actor),     conn_text(scope->role),    conn_text(act->action),
        conn_text(act->object_type), conn_text(act->object_id), conn_text(act->client),
        conn_text(act->detail),      conn_text(scope->source),
    };
    return conn_run(scope->conn,
                    "INSERT INTO journal (pharmacy_id, journal_id, at_ms, actor, role, action,"
                    " object_type, object_id, client, detail, source)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool journal_insert_once(const struct scope *scope, const struct journal_act *act,
                         struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),  conn_int(scope->now_ms - JOURNAL_ONCE_MS),
        conn_text(scope->actor),     conn_text(act->action),
        conn_text(act->object_type), conn_text(act->object_id),
        conn_text(act->detail)
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM journal WHERE pharmacy_id = $1 AND at_ms > $2 AND actor = $3"
                  " AND action = $4 AND object_type = $5 AND object_id = $6 AND detail = $7"
                  " LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return rows.count > 0 || journal_insert(scope, act, err);
}

bool journal_find(const struct scope *scope, const struct journal_search *search,
                  struct journal_row **ret_rows, size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(search->object_id),
                                         conn_text(search->actor),   conn_text(search->client),
                                         conn_int(search->from_ms),  conn_int(search->to_ms),
                                         conn_int(search->limit) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT " ROW_COLUMNS " FROM journal AS j WHERE j.pharmacy_id = $1"
                  " AND ($2::text = '' OR j.object_id = $2::text)"
                  " AND ($3::text = '' OR j.actor = $3::text)"
                  " AND ($4::text = '' OR j.client = $4::text)"
                  " AND ($5::bigint = 0 OR j.at_ms >= $5::bigint)"
                  " AND ($6::bigint = 0 OR j.at_ms < $6::bigint)"
                  " ORDER BY j.at_ms DESC, j.journal_id DESC LIMIT $7",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct journal_row *found = rw_arena_array(scope->arena, rows.count, sizeof *found, err);
    if (!found)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        found[i] = (struct journal_row){ .at_ms = conn_cell_int(&rows, i, 1),
                                         .actor = conn_cell_text(&rows, i, 2),
                                         .role = conn_cell_text(&rows, i, 3),
                                         .source = conn_cell_text(&rows, i, 9),
                                         .act = { .action = conn_cell_text(&rows, i, 4),
                                                  .object_type = conn_cell_text(&rows, i, 5),
                                                  .object_id = conn_cell_text(&rows, i, 6),
                                                  .client = conn_cell_text(&rows, i, 7),
                                                  .detail = conn_cell_text(&rows, i, 8) } };
    *ret_rows = found;
    *ret_count = rows.count;
    return true;
}

static bool is_among(const char *const *clients, size_t count, const char *client)
{
    for (size_t i = 0; i < count; i++) {
        if (rw_text_equal(clients[i], client))
            return true;
    }
    return false;
}

bool journal_insert_list(const struct scope *scope, const char *object_type,
                         const char *const *clients, size_t count, struct rw_error *err)
{
    struct rw_text text;
    struct journal_act act = { .action = "list", .object_type = object_type, .object_id = "" };
    act.client = "";
    if (count > JOURNAL_LISTED_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a list tells of more than %d clients",
                            JOURNAL_LISTED_MAX);
    rw_text_init(&text, scope->arena, (count + 1) * RW_UUID_TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!is_among(clients, i, clients[i]))
            rw_text_format(&text, "%s%s", i > 0 ? " " : "", clients[i]);
    }
    return rw_text_finish(&text, &act.detail, err) && journal_insert(scope, &act, err);
}

/* The row whose columns begin at `first`. */
static struct chain_row row_at(const struct conn_rows *rows, size_t at, size_t first)
{
    return (struct chain_row){ .id = conn_cell_text(rows, at, first),
                               .at_ms = conn_cell_int(rows, at, first + 1),
                               .actor = conn_cell_text(rows, at, first + 2),
                               .role = conn_cell_text(rows, at, first + 3),
                               .action = conn_cell_text(rows, at, first + 4),
                               .object_type = conn_cell_text(rows, at, first + 5),
                               .object_id = conn_cell_text(rows, at, first + 6),
                               .client = conn_cell_text(rows, at, first + 7),
                               .detail = conn_cell_text(rows, at, first + 8),
                               .source = conn_cell_text(rows, at, first + 9) };
}

bool journal_last(const struct scope *scope, struct journal_head *ret_head, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT seq, hash FROM journal_seal WHERE pharmacy_id = $1"
                  " ORDER BY seq DESC LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct journal_head head = { .hash = CHAIN_FIRST_HASH };
    if (rows.count == 1) {
        head.seq = conn_cell_int(&rows, 0, 0);
        (void)rw_text_copy(head.hash, sizeof head.hash, conn_cell_text(&rows, 0, 1));
    }
    *ret_head = head;
    return true;
}

static bool insert_seal(const struct scope *scope, const struct journal_head *head,
                        const char *journal_id, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(head->seq),
                                         conn_text(journal_id), conn_text(head->hash) };
    return conn_run(scope->conn,
                    "INSERT INTO journal_seal (pharmacy_id, seq, journal_id, hash)"
                    " VALUES ($1, $2, $3, $4)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool journal_seal(const struct scope *scope, int64_t since_ms, int64_t *ret_sealed,
                  struct journal_head *ret_head, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(since_ms),
                                         conn_int(JOURNAL_PAGE) };
    struct conn_rows rows;
    struct journal_head head;
    if (!journal_last(scope, &head, err) ||
        !conn_run(scope->conn,
                  "SELECT " ROW_COLUMNS " FROM journal AS j LEFT JOIN journal_seal AS s"
                  " ON s.pharmacy_id = j.pharmacy_id AND s.journal_id = j.journal_id"
                  " WHERE j.pharmacy_id = $1 AND j.at_ms >= $2 AND s.seq IS NULL"
                  " ORDER BY j.at_ms, j.journal_id LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct journal_head next = { .seq = head.seq + 1 };
        const struct chain_row row = row_at(&rows, i, 0);
        chain_hash(head.hash, next.seq, &row, next.hash);
        if (!insert_seal(scope, &next, conn_cell_text(&rows, i, 0), err))
            return false;
        head = next;
    }
    *ret_sealed = (int64_t)rows.count;
    *ret_head = head;
    return true;
}

bool journal_page(const struct scope *scope, int64_t after, struct journal_sealed **ret_rows,
                  size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(after),
                                         conn_int(JOURNAL_PAGE) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT s.seq, s.hash, " ROW_COLUMNS " FROM journal_seal AS s"
                  " JOIN journal AS j ON j.pharmacy_id = s.pharmacy_id"
                  " AND j.journal_id = s.journal_id"
                  " WHERE s.pharmacy_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct journal_sealed *list = rw_arena_array(scope->arena, rows.count, sizeof *list, err);
    if (!list)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        list[i] = (struct journal_sealed){ .seq = conn_cell_int(&rows, i, 0),
                                           .hash = conn_cell_text(&rows, i, 1),
                                           .row = row_at(&rows, i, 2) };
    *ret_rows = list;
    *ret_count = rows.count;
    return true;
}

void journal_begin(struct journal_report *report)
{
    *report = (struct journal_report){ .head = { .hash = CHAIN_FIRST_HASH } };
}

void journal_follow(struct journal_report *report, const struct journal_sealed *sealed)
{
    char hash[RW_HEX_SHA256_MAX];
    if (sealed->seq != report->head.seq + 1) {
        report->broken = report->head.seq + 1;
        (void)rw_text_copy(report->why, sizeof report->why, "a seal is missing");
        return;
    }
    chain_hash(report->head.hash, sealed->seq, &sealed->row, hash);
    if (!rw_text_equal(hash, sealed->hash)) {
        report->broken = sealed->seq;
        (void)rw_text_copy(report->why, sizeof report->why,
                           "the row or its seal is not what was sealed");
        return;
    }
    report->head.seq = sealed->seq;
    memcpy(report->head.hash, hash, sizeof hash);
    report->checked++;
}

/* One page of the chain; `ret_more` is false at its end. */
static bool check_page(const struct scope *scope, struct journal_report *report, bool *ret_more,
                       struct rw_error *err)
{
    struct journal_sealed *rows = NULL;
    size_t count = 0;
    if (!journal_page(scope, report->head.seq, &rows, &count, err))
        return false;
    for (size_t i = 0; i < count && report->broken == 0; i++)
        journal_follow(report, &rows[i]);
    *ret_more = count == JOURNAL_PAGE && report->broken == 0;
    return true;
}

static bool count_rows(const struct scope *scope, struct journal_report *report,
                       struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT (SELECT count(*) FROM journal WHERE pharmacy_id = $1),"
                  " (SELECT count(*) FROM journal_seal WHERE pharmacy_id = $1)",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    int64_t sealed = conn_cell_int(&rows, 0, 1);
    report->unsealed = conn_cell_int(&rows, 0, 0) - sealed;
    if (report->broken == 0 && sealed != report->checked) {
        report->broken = report->head.seq + 1;
        (void)rw_text_copy(report->why, sizeof report->why, "a sealed row is missing");
    }
    return true;
}

bool journal_check(const struct scope *scope, struct journal_report *ret_report,
                   struct rw_error *err)
{
    struct journal_report report;
    journal_begin(&report);
    struct rw_arena *page = rw_arena_open((size_t)16 * RW_ARENA_MIB);
    if (!page)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to check the journal");
    struct scope paging = *scope;
    paging.arena = page;
    bool more = true;
    bool done = true;
    while (done && more) { /* ends with the table: each page begins behind the one before */
        rw_arena_reset(page);
        done = check_page(&paging, &report, &more, err);
    }
    done = done && count_rows(&paging, &report, err);
    rw_arena_close(page);
    if (done)
        *ret_report = report;
    return done;
}

bool journal_hash(const struct scope *scope, int64_t seq, const char **ret_hash,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(seq) };
    struct conn_rows rows;
    if (!conn_run(scope->conn, "SELECT hash FROM journal_seal WHERE pharmacy_id = $1 AND seq = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_hash = rows.count == 1 ? conn_cell_text(&rows, 0, 0) : NULL;
    return true;
}
