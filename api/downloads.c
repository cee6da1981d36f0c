/* SPDX-License-Identifier: Apache-2.0 */
/* Records the first download of each schedule, later where it must be. */
#include "api/downloads.h"

#include <pthread.h>
#include <string.h>

#include "api/complaint.h"
#include "api/role.h"
#include "api/service.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "db/journal.h"

#define CAUGHT_UP_MAX 256 /* of one round: the caretaker has more to do */

/* What is owed: whose download of what, from where and when. */
struct owed {
    char dispenser[EXCHANGE_ARG_MAX];
    char roll[EXCHANGE_ARG_MAX];
    char source[LISTEN_PEER_MAX];
    int64_t version;
    int64_t at_ms;
};

struct downloads {
    pthread_mutex_t lock;
    size_t count;
    struct owed owed[DOWNLOADS_OWED_MAX];
};

struct recording {
    const struct dispensers_schedule *schedule;
    const char *detail;
};

bool downloads_open(struct rw_arena *arena, struct downloads **ret_downloads, struct rw_error *err)
{
    struct downloads *downloads = rw_arena_alloc(arena, sizeof *downloads, err);
    if (!downloads)
        return false;
    (void)pthread_mutex_init(&downloads->lock, NULL); /* cannot fail with default attributes */
    *ret_downloads = downloads;
    return true;
}

void downloads_close(struct downloads *downloads)
{
    (void)pthread_mutex_destroy(&downloads->lock);
}

static bool record(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct recording *recording = self;
    const char *pseudonym = NULL;
    if (!dispensers_download(scope, recording->schedule, &pseudonym, err))
        return false;
    if (!pseudonym)
        return true;
    const struct journal_act act = { .action = "download",
                                     .object_type = "roll",
                                     .object_id = recording->schedule->roll,
                                     .client = pseudonym,
                                     .detail = recording->detail };
    return journal_insert(scope, &act, err);
}

/* The same download again is owed once. */
static bool is_owed(const struct downloads *downloads, const struct owed *one)
{
    for (size_t i = 0; i < downloads->count; i++) {
        if (downloads->owed[i].version == one->version &&
            rw_text_equal(downloads->owed[i].dispenser, one->dispenser))
            return true;
    }
    return false;
}

static bool owe(struct downloads *downloads, const struct owed *one, bool *ret_new)
{
    (void)pthread_mutex_lock(&downloads->lock);
    *ret_new = !is_owed(downloads, one);
    bool room = !*ret_new || downloads->count < DOWNLOADS_OWED_MAX;
    if (room && *ret_new)
        downloads->owed[downloads->count++] = *one;
    (void)pthread_mutex_unlock(&downloads->lock);
    return room;
}

/* The log lies elsewhere: it knows of the download should the service end before there is room. */
static bool owe_download(struct service *service, const struct scope *who,
                         const struct dispensers_schedule *schedule)
{
    struct owed one = { .version = schedule->version, .at_ms = who->now_ms };
    bool is_new = false;
    if (!rw_text_copy(one.dispenser, sizeof one.dispenser, schedule->dispenser_id) ||
        !rw_text_copy(one.roll, sizeof one.roll, schedule->roll) ||
        !rw_text_copy(one.source, sizeof one.source, who->source) ||
        !owe(service->downloads, &one, &is_new))
        return false;
    const struct rw_log_field fields[] = { { "dispenser", one.dispenser },
                                           { "roll", one.roll },
                                           { 0 } };
    if (is_new)
        rw_log(&service->clock, RW_LOG_WARN, "download-recorded-later", fields);
    return true;
}

bool downloads_record(struct service *service, const struct scope *who,
                      const struct dispensers_schedule *schedule, struct rw_error *err)
{
    struct rw_error failure = { 0 };
    struct recording recording = { schedule, schedule->dispenser_id };
    const struct service_work work = { &recording, record };
    if (schedule->downloaded || service_transact(service, who, &work, &failure) ||
        (failure.code == RW_UNAVAILABLE && pool_is_full(service->pool) &&
         owe_download(service, who, schedule)))
        return true;
    *err = failure;
    return false;
}

/* False: not yet. What can never be written holds up nothing behind it: the log told of it. */
static bool settle(struct service *service, struct rw_arena *arena, const struct owed *one)
{
    struct rw_error err = { 0 };
    char at[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(one->at_ms, at);
    const struct dispensers_schedule schedule = { .dispenser_id = one->dispenser,
                                                  .version = one->version,
                                                  .roll = one->roll };
    struct recording recording = {
        &schedule, rw_arena_format(arena, &err, "%s, handed over at %s while the disk was full",
                                   one->dispenser, at)
    };
    const struct service_work work = { &recording, record };
    struct scope who = service_self(service, arena);
    who.actor = one->dispenser;
    who.role = role_word(ROLE_DISPENSER);
    who.source = one->source;
    if (!recording.detail)
        return false;
    if (service_transact(service, &who, &work, &err))
        return true;
    if (err.code == RW_UNAVAILABLE)
        return false;
    complaint_log(service, RW_LOG_FAULT, "download-not-recorded", &err, NULL);
    return true;
}

bool downloads_catch_up(struct service *service, struct rw_arena *arena)
{
    struct downloads *downloads = service->downloads;
    struct rw_error err = { 0 };
    size_t done = 0;
    rw_arena_reset(arena);
    if (pool_is_full(service->pool))
        return false;
    (void)pthread_mutex_lock(&downloads->lock);
    size_t count = downloads->count < CAUGHT_UP_MAX ? downloads->count : CAUGHT_UP_MAX;
    struct owed *owed = rw_arena_array(arena, count, sizeof *owed, &err);
    if (owed && count > 0)
        memcpy(owed, downloads->owed, count * sizeof *owed);
    (void)pthread_mutex_unlock(&downloads->lock);
    while (owed && done < count && settle(service, arena, &owed[done]))
        done++;
    (void)pthread_mutex_lock(&downloads->lock); /* what came meanwhile stands behind these */
    downloads->count -= done;
    memmove(downloads->owed, downloads->owed + done, downloads->count * sizeof *owed);
    bool more = done == CAUGHT_UP_MAX && downloads->count > 0;
    (void)pthread_mutex_unlock(&downloads->lock);
    return more;
}

void downloads_finish(struct service *service, struct rw_arena *arena)
{
    int64_t ends_ms = rw_clock_monotonic_ms(&service->clock) + DOWNLOADS_FINISH_MS;
    while (downloads_catch_up(service, arena) && rw_clock_monotonic_ms(&service->clock) < ends_ms) {
    }
}
