/* SPDX-License-Identifier: Apache-2.0 */
/* Seals the journal and exports the signed head of its chain. */
#define _GNU_SOURCE
#include "api/seal.h"

#include <unistd.h>

#include "api/service.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"
#include "core/json/jws.h"

#define HEAD_MAX 4096

struct sealing {
    int64_t since_ms;
    int64_t sealed;
    struct journal_head head;
    struct journal_report report;
    int64_t exported_seq;
    const char *hash; /* in the chain at the exported place */
};

static bool seal(void *self, const struct scope *scope, struct rw_error *err)
{
    struct sealing *sealing = self;
    return journal_seal(scope, sealing->since_ms, &sealing->sealed, &sealing->head, err);
}

static bool write_head(struct service *service, const struct journal_head *head,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    const char *payload = NULL;
    const char *signed_head = NULL;
    size_t length = 0;
    char at[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(rw_clock_utc_ms(&service->clock), at);
    rw_text_init(&text, arena, HEAD_MAX);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "format", "rolwacht/journal-head/1");
    json_write_text(&json, "pharmacy", service->pharmacy);
    json_write_int(&json, "seq", head->seq);
    json_write_text(&json, "hash", head->hash);
    json_write_text(&json, "at", at);
    json_write_object_end(&json);
    return rw_text_finish(&text, &payload, err) &&
           jws_sign(payload, text.length, SEAL_TYP, service->secrets.sign_secret, arena,
                    &signed_head, &length, err) &&
           secrets_write(&service->secrets, SEAL_HEAD_FILE, signed_head, err);
}

bool seal_journal(struct service *service, int64_t since_ms, struct rw_arena *arena,
                  int64_t *ret_sealed, struct rw_error *err)
{
    struct sealing sealing = { .since_ms = since_ms };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &sealing, seal };
    if (!service_transact(service, &who, &work, err) ||
        (sealing.sealed > 0 && !write_head(service, &sealing.head, arena, err)))
        return false;
    atomic_fetch_add(&service->counts.sealed, (long long)sealing.sealed);
    *ret_sealed = sealing.sealed;
    return true;
}

static bool check(void *self, const struct scope *scope, struct rw_error *err)
{
    struct sealing *sealing = self;
    return journal_check(scope, &sealing->report, err) &&
           journal_hash(scope, sealing->exported_seq, &sealing->hash, err);
}

/* The exported head; `ret_hash` stays NULL when none was exported yet. */
static bool read_head(struct service *service, struct rw_arena *arena, int64_t *ret_seq,
                      const char **ret_hash, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    char *bytes = NULL;
    size_t length = 0;
    const char *payload = NULL;
    const struct json *root = NULL;
    *ret_seq = 0;
    *ret_hash = NULL;
    if (!rw_file_join(path, service->secrets.folder, SEAL_HEAD_FILE, err))
        return false;
    if (access(path, F_OK) != 0)
        return true;
    return rw_file_read(path, HEAD_MAX, arena, &bytes, &length, err) &&
           jws_check(bytes, length, SEAL_TYP, service->secrets.sign_public, arena, &payload,
                     &length, err) &&
           json_parse(arena, payload, length, &root, err) &&
           json_int(root, "seq", 1, INT64_MAX, ret_seq, err) &&
           json_text(root, "hash", ret_hash, err);
}

bool seal_check(struct service *service, struct rw_arena *arena, struct journal_report *ret_report,
                struct rw_error *err)
{
    struct sealing sealing = { 0 };
    const char *exported = NULL;
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &sealing, check };
    if (!read_head(service, arena, &sealing.exported_seq, &exported, err) ||
        !service_transact(service, &who, &work, err))
        return false;
    if (sealing.report.broken == 0 && exported && !rw_text_equal(exported, sealing.hash)) {
        sealing.report.broken = sealing.exported_seq;
        (void)rw_text_copy(sealing.report.why, sizeof sealing.report.why,
                           "the chain does not pass through the exported head");
    }
    *ret_report = sealing.report;
    return true;
}
