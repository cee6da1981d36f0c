/* SPDX-License-Identifier: Apache-2.0 */
/* Seals the journal and exports the signed head of its chain. */
#define _GNU_SOURCE
#include "api/seal.h"

#include <inttypes.h>
#include <unistd.h>

#include "api/complaint.h"
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
    struct seal_end end;
    const char *signed_head; /* NULL when nothing was sealed */
    bool is_first;           /* no head was exported yet */
    bool is_torn;            /* the chain does not pass through the head that was exported */
    bool is_behind;          /* it does not reach so far: undone, or another node was faster */
    struct journal_report report;
    const struct keyring *keys;
    int64_t last;  /* the checkpoint that was looked at before */
    int64_t known; /* the last one that the exported head may know */
};

static bool write_payload(const char *pharmacy, const struct seal_end *end, int64_t at_ms,
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
    json_write_int(&json, "seq", end->head.seq);
    json_write_text(&json, "hash", end->head.hash);
    json_write_int(&json, "before", end->before);
    json_write_bool(&json, "kept", end->kept);
    json_write_text(&json, "at", at);
    json_write_object_end(&json);
    return rw_text_finish(&text, ret_payload, err);
}

/* The last checkpoint is an hour old, or this folder signs for the first time: this end of the
 * chain becomes the next. One that the exported head knew and the table does not is named on, or
 * its absence would be forgotten. */
static bool choose_checkpoint(const struct scope *scope, struct sealing *sealing, int64_t at_ms,
                              struct rw_error *err)
{
    struct checkpoints_row last;
    if (!checkpoints_last(scope, &last, err))
        return false;
    if (sealing->end.before < last.seq)
        sealing->end.before = last.seq;
    sealing->end.kept = sealing->is_first || at_ms - last.at_ms >= SEAL_CHECKPOINT_MS;
    return true;
}

static bool keep_checkpoint(const struct scope *scope, const struct sealing *sealing, int64_t at_ms,
                            struct rw_error *err)
{
    const struct checkpoints_row row = { sealing->end.head.seq, at_ms, sealing->signed_head };
    return !sealing->end.kept || checkpoints_insert(scope, &row, err);
}

/* The last checkpoint that there was when this end was signed. */
static int64_t last_of(const struct seal_end *end)
{
    return end->kept ? end->head.seq : end->before;
}

/* A head that the chain does not reach is the proof that rows are gone: it is never written over.
 * It stays until a person has looked at it and moved it away. */
static bool compare_exported(const struct scope *scope, struct sealing *sealing,
                             struct rw_error *err)
{
    struct rw_error unsigned_err = { 0 };
    char path[RW_FILE_PATH_MAX];
    struct keyring keys;
    struct seal_end end;
    const char *exported = NULL;
    const char *hash = NULL;
    sealing->is_torn = sealing->is_behind = false;
    if (!seal_read_head(sealing->service, scope->arena, &exported, err))
        return false;
    sealing->is_first = !exported;
    if (!exported)
        return true;
    if (!rw_file_join(path, sealing->service->secrets.folder, key_files_journal.list, err) ||
        !key_files_read(&key_files_journal, path, scope->arena, &keys, err))
        return false;
    sealing->is_torn = true;
    if (!seal_open(&keys, exported, scope->arena, &end, &unsigned_err))
        return true;
    if (!journal_hash(scope, end.head.seq, &hash, err))
        return false;
    sealing->is_torn = !rw_text_equal(end.head.hash, hash);
    sealing->is_behind = end.head.seq > sealing->end.head.seq;
    if (!sealing->is_torn)
        sealing->end.before = last_of(&end);
    return true;
}

static bool seal(void *self, const struct scope *scope, struct rw_error *err)
{
    struct sealing *sealing = self;
    struct service *service = sealing->service;
    int64_t at_ms = 0;
    const char *payload = NULL;
    sealing->signed_head = NULL;
    sealing->end = (struct seal_end){ 0 };
    if (!journal_seal(scope, sealing->since_ms, &sealing->sealed, &sealing->end.head, err))
        return false;
    if (sealing->sealed == 0)
        return true;
    if (!compare_exported(scope, sealing, err) ||
        !key_files_time(&key_files_journal, service->secrets.folder,
                        rw_clock_utc_ms(&service->clock), scope->arena, &at_ms, err) ||
        !choose_checkpoint(scope, sealing, at_ms, err))
        return false;
    return write_payload(service->pharmacy, &sealing->end, at_ms, scope->arena, &payload, err) &&
           key_files_sign(&key_files_journal, service->secrets.folder, at_ms, payload, SEAL_TYP,
                          scope->arena, &sealing->signed_head, err) &&
           keep_checkpoint(scope, sealing, at_ms, err);
}

static bool note_missing_head(void *self, const struct scope *scope, struct rw_error *err)
{
    struct service *service = self;
    const char *exported = NULL;
    struct journal_head last;
    struct checkpoints_row kept;
    if (!seal_read_head(service, scope->arena, &exported, err))
        return false;
    if (exported)
        return true;
    if (!journal_last(scope, &last, err) || !checkpoints_last(scope, &kept, err))
        return false;
    if (last.seq == 0)
        return true;
    rw_log(&service->clock, RW_LOG_WARN, "journal-head-missing", NULL);
    const struct journal_act act = { .action = "head-missing",
                                     .object_type = "journal",
                                     .object_id = "",
                                     .client = "",
                                     .detail = rw_arena_format(scope->arena, err,
                                                               "rows up to %" PRId64
                                                               ", signed up to row %" PRId64,
                                                               last.seq, kept.seq) };
    return act.detail && journal_insert(scope, &act, err);
}

bool seal_note_missing_head(struct service *service, struct rw_arena *arena, struct rw_error *err)
{
    const struct scope who = service_self(service, arena);
    const struct service_work work = { service, note_missing_head };
    return service_transact(service, &who, &work, err);
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
        complaint_log(service, sealing.is_behind ? RW_LOG_WARN : RW_LOG_FAULT,
                      "journal-does-not-reach-its-head", NULL, NULL);
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
               struct seal_end *ret_end, struct rw_error *err)
{
    const struct json *root = NULL;
    const char *hash = NULL;
    struct seal_end end = { .before = SEAL_UNTOLD };
    if (!keyring_check(keys, signed_head, SEAL_TYP, arena, &root, err) ||
        !json_int(root, "seq", 1, INT64_MAX, &end.head.seq, err) ||
        !json_text(root, "hash", &hash, err))
        return false;
    if (!rw_text_copy(end.head.hash, sizeof end.head.hash, hash))
        return json_refuse(json_member(root, "hash"), "this is no hash", err);
    if (json_member(root, "before") &&
        (!json_int(root, "before", 0, end.head.seq, &end.before, err) ||
         !json_bool_or(root, "kept", false, &end.kept, err)))
        return false;
    *ret_end = end;
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

/* `last` is the checkpoint that the table has before an end which names `named`. */
static void judge_last(struct journal_report *report, int64_t last, int64_t named)
{
    if (report->broken == 0 && named != SEAL_UNTOLD && named != last)
        find_broken(report, named > last ? named : last,
                    named > last ? "the checkpoint of this place is missing"
                                 : "the checkpoint of this place was never one");
}

static bool check_place(const struct scope *scope, struct sealing *sealing, const char *signed_head,
                        int64_t seq, const char *why, struct rw_error *err)
{
    struct rw_error unsigned_err = { 0 };
    struct seal_end end;
    const char *hash = NULL;
    if (!seal_open(sealing->keys, signed_head, scope->arena, &end, &unsigned_err) ||
        (seq > 0 && seq != end.head.seq)) {
        find_broken(&sealing->report, seq > 0 ? seq : 1, "a signature is not one of our keys'");
        return true;
    }
    if (!journal_hash(scope, end.head.seq, &hash, err))
        return false;
    judge(&sealing->report, &end.head, hash, why);
    if (seq == 0) {
        judge_last(&sealing->report, sealing->known, last_of(&end));
        return true;
    }
    judge_last(&sealing->report, sealing->last, end.before);
    sealing->last = seq;
    if (seq <= sealing->end.head.seq)
        sealing->known = seq;
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

/* Whatever is sealed is followed by a head; without one its place may hide that rows are gone. */
static void miss_head(struct journal_report *report)
{
    if (report->broken == 0 && report->checked > report->signed_to)
        find_broken(report, report->signed_to + 1,
                    "the exported head is gone: nothing vouches for the rows from here until a "
                    "start signs anew");
}

/* The head is older than a checkpoint that was kept when a kill came between the two. */
static bool check(void *self, const struct scope *scope, struct rw_error *err)
{
    struct sealing *sealing = self;
    struct rw_error unsigned_err = { 0 };
    const char *exported = NULL;
    if (!journal_check(scope, &sealing->report, err) ||
        !seal_read_head(sealing->service, scope->arena, &exported, err))
        return false;
    sealing->last = sealing->known = 0;
    if (exported && !seal_open(sealing->keys, exported, scope->arena, &sealing->end, &unsigned_err))
        sealing->end = (struct seal_end){ 0 }; /* told below */
    if (!check_checkpoints(scope, sealing, err))
        return false;
    if (!exported)
        miss_head(&sealing->report);
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
