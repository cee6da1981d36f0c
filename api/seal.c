/* SPDX-License-Identifier: Apache-2.0 */
/* Seals the journal and exports the signed head of its chain. */
#define _GNU_SOURCE
#include "api/seal.h"

#include <unistd.h>

#include "api/service.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "db/checkpoints.h"

#define HEAD_MAX 4096

struct sealing {
    struct service *service;
    int64_t since_ms;
    int64_t sealed;
    struct journal_head head;
    const char *signed_head; /* NULL when nothing was sealed */
    bool is_torn;            /* the chain does not pass through the head that was exported */
    bool is_behind;          /* it does not reach so far: undone, or another node was faster */
    struct journal_report report;
    const struct keyring *keys;
};

static bool write_payload(const char *pharmacy, const struct journal_head *head, int64_t at_ms,
                          struct rw_arena *arena, const char **ret_payload, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    char at[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(at_ms, at);
    rw_text_init(&text, arena, HEAD_MAX);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "format", "rolwacht/journal-head/1");
    json_write_text(&json, "pharmacy", pharmacy);
    json_write_int(&json, "seq", head->seq);
    json_write_text(&json, "hash", head->hash);
    json_write_text(&json, "at", at);
    json_write_object_end(&json);
    return rw_text_finish(&text, ret_payload, err);
}

/* The last checkpoint is an hour old: this end of the chain becomes the next. */
static bool keep_checkpoint(const struct scope *scope, const struct sealing *sealing, int64_t at_ms,
                            struct rw_error *err)
{
    int64_t last_ms = 0;
    const struct checkpoints_row row = { sealing->head.seq, at_ms, sealing->signed_head };
    if (!checkpoints_last(scope, &last_ms, err))
        return false;
    return at_ms - last_ms < SEAL_CHECKPOINT_MS || checkpoints_insert(scope, &row, err);
}

/* A head that the chain does not reach is the proof that rows are gone: it is never written over.
 * It stays until a person has looked at it and moved it away. */
static bool compare_exported(const struct scope *scope, struct sealing *sealing,
                             struct rw_error *err)
{
    struct rw_error unsigned_err = { 0 };
    char path[RW_FILE_PATH_MAX];
    struct keyring keys;
    struct journal_head head;
    const char *exported = NULL;
    const char *hash = NULL;
    sealing->is_torn = sealing->is_behind = false;
    if (!seal_read_head(sealing->service, scope->arena, &exported, err))
        return false;
    if (!exported)
        return true;
    if (!rw_file_join(path, sealing->service->secrets.folder, key_files_journal.list, err) ||
        !key_files_read(&key_files_journal, path, scope->arena, &keys, err))
        return false;
    sealing->is_torn = true;
    if (!seal_open(&keys, exported, scope->arena, &head, &unsigned_err))
        return true;
    if (!journal_hash(scope, head.seq, &hash, err))
        return false;
    sealing->is_torn = !rw_text_equal(head.hash, hash);
    sealing->is_behind = head.seq > sealing->head.seq;
    return true;
}

static bool seal(void *self, const struct scope *scope, struct rw_error *err)
{
    struct sealing *sealing = self;
    struct service *service = sealing->service;
    int64_t at_ms = 0;
    const char *payload = NULL;
    sealing->signed_head = NULL;
    if (!journal_seal(scope, sealing->since_ms, &sealing->sealed, &sealing->head, err))
        return false;
    if (sealing->sealed == 0)
        return true;
    if (!compare_exported(scope, sealing, err) ||
        !key_files_time(&key_files_journal, service->secrets.folder,
                        rw_clock_utc_ms(&service->clock), scope->arena, &at_ms, err))
        return false;
    return write_payload(service->pharmacy, &sealing->head, at_ms, scope->arena, &payload, err) &&
           key_files_sign(&key_files_journal, service->secrets.folder, at_ms, payload, SEAL_TYP,
                          scope->arena, &sealing->signed_head, err) &&
           keep_checkpoint(scope, sealing, at_ms, err);
}

bool seal_journal(struct service *service, int64_t since_ms, struct rw_arena *arena,
                  int64_t *ret_sealed, struct rw_error *err)
{
    struct sealing sealing = { .service = service, .since_ms = since_ms };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &sealing, seal };
    if (!service_transact(service, &who, &work, err) ||
        (sealing.signed_head && !sealing.is_torn &&
         !secrets_write(&service->secrets, SEAL_HEAD_FILE, sealing.signed_head, err)))
        return false;
    if (sealing.is_torn)
        rw_log(&service->clock, sealing.is_behind ? RW_LOG_WARN : RW_LOG_FAULT,
               "journal-does-not-reach-its-head", NULL);
    atomic_fetch_add(&service->counts.sealed, (long long)sealing.sealed);
    *ret_sealed = sealing.sealed;
    return true;
}

bool seal_read_head(const struct service *service, struct rw_arena *arena, const char **ret_head,
                    struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    char *bytes = NULL;
    size_t length = 0;
    *ret_head = NULL;
    if (!rw_file_join(path, service->secrets.folder, SEAL_HEAD_FILE, err))
        return false;
    if (access(path, F_OK) != 0)
        return true;
    if (!rw_file_read(path, HEAD_MAX, arena, &bytes, &length, err))
        return false;
    *ret_head = bytes;
    return true;
}

bool seal_open(const struct keyring *keys, const char *signed_head, struct rw_arena *arena,
               struct journal_head *ret_head, struct rw_error *err)
{
    const struct json *root = NULL;
    const char *hash = NULL;
    struct journal_head head;
    if (!keyring_check(keys, signed_head, SEAL_TYP, arena, &root, err) ||
        !json_int(root, "seq", 1, INT64_MAX, &head.seq, err) ||
        !json_text(root, "hash", &hash, err))
        return false;
    if (!rw_text_copy(head.hash, sizeof head.hash, hash))
        return json_refuse(json_member(root, "hash"), "this is no hash", err);
    *ret_head = head;
    return true;
}

static void find_broken(struct journal_report *report, int64_t seq, const char *why)
{
    report->broken = seq;
    (void)rw_text_copy(report->why, sizeof report->why, why);
}

/* `hash` is that of the chain at this place; NULL = the chain does not reach it. */
static void judge(struct journal_report *report, const struct journal_head *head, const char *hash,
                  const char *why)
{
    if (!rw_text_equal(head->hash, hash)) {
        find_broken(report, head->seq, why);
        return;
    }
    report->checkpoints++;
    if (report->signed_to < head->seq)
        report->signed_to = head->seq;
}

static bool check_place(const struct scope *scope, struct sealing *sealing, const char *signed_head,
                        int64_t seq, const char *why, struct rw_error *err)
{
    struct rw_error unsigned_err = { 0 };
    struct journal_head head;
    const char *hash = NULL;
    if (!seal_open(sealing->keys, signed_head, scope->arena, &head, &unsigned_err) ||
        (seq > 0 && seq != head.seq)) {
        find_broken(&sealing->report, seq > 0 ? seq : 1, "a signature is not one of our keys'");
        return true;
    }
    if (!journal_hash(scope, head.seq, &hash, err))
        return false;
    judge(&sealing->report, &head, hash, why);
    return true;
}

static bool check_checkpoints(const struct scope *scope, struct sealing *sealing,
                              struct rw_error *err)
{
    size_t count = CHECKPOINTS_PAGE;
    int64_t after = 0;
    while (count == CHECKPOINTS_PAGE && sealing->report.broken == 0) { /* ends with the table */
        struct checkpoints_row *rows = NULL;
        if (!checkpoints_find(scope, after, INT64_MAX, &rows, &count, err))
            return false;
        for (size_t i = 0; i < count && sealing->report.broken == 0; i++) {
            if (!check_place(scope, sealing, rows[i].text, rows[i].seq,
                             "the chain does not pass through a checkpoint", err))
                return false;
            after = rows[i].seq;
        }
    }
    return true;
}

static bool check(void *self, const struct scope *scope, struct rw_error *err)
{
    struct sealing *sealing = self;
    const char *exported = NULL;
    if (!journal_check(scope, &sealing->report, err) || !check_checkpoints(scope, sealing, err) ||
        !seal_read_head(sealing->service, scope->arena, &exported, err))
        return false;
    return sealing->report.broken > 0 || !exported ||
           check_place(scope, sealing, exported, 0,
                       "the chain does not pass through the exported head", err);
}

bool seal_check(struct service *service, struct rw_arena *arena, struct journal_report *ret_report,
                struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct keyring keys;
    struct sealing sealing = { .service = service, .keys = &keys };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &sealing, check };
    if (!rw_file_join(path, service->secrets.folder, key_files_journal.list, err) ||
        !key_files_read(&key_files_journal, path, arena, &keys, err) ||
        !service_transact(service, &who, &work, err))
        return false;
    *ret_report = sealing.report;
    return true;
}
