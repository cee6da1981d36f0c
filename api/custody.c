/* SPDX-License-Identifier: Apache-2.0 */
/* Asks whether a folder of keys is the one that a journal goes with. */
#define _GNU_SOURCE
#include "api/custody.h"

#include <inttypes.h>
#include <unistd.h>

#include "api/seal.h"
#include "api/service.h"
#include "core/base/file.h"
#include "db/checkpoints.h"

struct custody {
    struct service *service;
    const struct keyring *keys;
    bool is_ours;
};

static bool look(void *self, const struct scope *scope, struct rw_error *err)
{
    struct custody *custody = self;
    struct checkpoints_row last;
    struct checkpoints_row *rows = NULL;
    struct seal_end end;
    struct rw_error foreign = { 0 };
    size_t count = 0;
    custody->is_ours = true;
    if (!checkpoints_last(scope, &last, err))
        return false;
    if (last.seq == 0)
        return true;
    if (!checkpoints_find(scope, last.seq - 1, last.seq, &rows, &count, err))
        return false;
    custody->is_ours =
        count == 1 && seal_open(custody->keys, rows[0].text, scope->arena, &end, &foreign);
    return true;
}

bool custody_is_ours(struct service *service, struct rw_arena *arena, bool *ret_is,
                     struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    struct keyring keys;
    struct custody custody = { .service = service, .keys = &keys };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &custody, look };
    if (!rw_file_join(path, service->secrets.folder, key_files_journal.list, err) ||
        !key_files_read(&key_files_journal, path, arena, &keys, err) ||
        !service_transact(service, &who, &work, err))
        return false;
    *ret_is = custody.is_ours;
    return true;
}

bool custody_check(struct service *service, struct rw_arena *arena, struct rw_error *err)
{
    bool is_ours = false;
    if (!custody_is_ours(service, arena, &is_ours, err))
        return false;
    return is_ours ||
           rw_error_set(
               err, RW_CONFLICT, "",
               "the keys in \"%.200s\" did not sign this pharmacy's journal, and dispensers "
               "would refuse what they sign: put the folder in their place that goes with "
               "the database; where that is lost for good, --take-keys",
               service->secrets.folder);
}

bool custody_check_schedules(struct service *service, struct rw_arena *arena, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    const char *exported = NULL;
    if (!seal_read_head(service, arena, &exported, err) ||
        !rw_file_join(path, service->secrets.folder, key_files_schedule.list, err))
        return false;
    if (!exported || service->secrets.has_first || access(path, F_OK) == 0)
        return true;
    return rw_error_set(err, RW_CONFLICT, "",
                        "\"%.200s\" is gone, and no dispenser takes what another key signs: put it "
                        "back; where it is lost for good, --take-keys begins anew",
                        path);
}

static bool note_loss(void *self, const struct scope *scope, struct rw_error *err)
{
    struct custody *custody = self;
    const char *exported = NULL;
    struct journal_head last;
    struct checkpoints_row kept;
    if (!seal_read_head(custody->service, scope->arena, &exported, err) ||
        !journal_last(scope, &last, err) || !checkpoints_last(scope, &kept, err))
        return false;
    if (exported)
        return rw_error_set(err, RW_CONFLICT, "",
                            "there is a " SEAL_HEAD_FILE
                            " beside the keys, of another journal or of a longer one: keep it "
                            "elsewhere first");
    const struct journal_act act = {
        .action = "head-missing",
        .object_type = "journal",
        .object_id = "",
        .client = "",
        .detail = rw_arena_format(scope->arena, err,
                                  "rows up to %" PRId64 ", signed up to row %" PRId64
                                  " by keys that are lost: those of this folder sign from here",
                                  last.seq, kept.seq)
    };
    return act.detail && journal_insert(scope, &act, err);
}

bool custody_take(struct service *service, struct rw_arena *arena, bool *ret_taken,
                  struct rw_error *err)
{
    struct custody custody = { .service = service };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &custody, note_loss };
    bool is_ours = false;
    int64_t sealed = JOURNAL_PAGE;
    if (!custody_is_ours(service, arena, &is_ours, err))
        return false;
    *ret_taken = !is_ours;
    if (is_ours)
        return true;
    if (!service_transact(service, &who, &work, err))
        return false;
    while (sealed == JOURNAL_PAGE) { /* each round seals a page */
        rw_arena_reset(arena);
        if (!seal_journal(service, 0, arena, &sealed, err))
            return false;
    }
    return true;
}
