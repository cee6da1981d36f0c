/* SPDX-License-Identifier: Apache-2.0 */
/* Seals the journal, raises missed moments, cuts slow callers. */
#define _GNU_SOURCE
#include "api/caretaker.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "api/complaint.h"
#include "api/departure.h"
#include "api/downloads.h"
#include "api/jumps.h"
#include "api/key_files.h"
#include "api/ladder.h"
#include "api/raise.h"
#include "api/repeats.h"
#include "api/role.h"
#include "api/seal.h"
#include "api/service.h"
#include "core/base/log.h"
#include "db/dispensers.h"
#include "db/journal.h"
#include "db/outbox.h"
#include "db/room.h"

#define STEP_MS 100
#define DATABASE_ROUND 10 /* steps between two rounds in the database: a second */
#define REAP_ROUND 5      /* steps between two looks at all connections: they have seconds each */
#define ROOM_ROUND 30     /* rounds, while there is room; else each */
#define KEYS_ROUND 2      /* rounds: a new key signs after 5 seconds at the soonest */
#define KEYS_NEW_MS (INT64_C(60) * 24 * 3600 * 1000) /* longer ago, it stands in the journal */
#define FINE_PART 4                                  /* of the silence that is an alarm */
#define FINE_MS_MAX 60000                            /* a row is written once a minute at most */
#define GRACE_MS_MAX (INT64_C(10) * 60000) /* they ask again each minute; a router needs longer */
#define ARENA_MAX (32 * RW_ARENA_MIB)

struct heard {
    const char **names;
    size_t count;
    int64_t fine_ms;
};

static void sleep_step(void)
{
    const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
    (void)nanosleep(&step, NULL);
}

static void log_failure(struct service *service, const char *event, const struct rw_error *err)
{
    bool told = pool_is_silent(service->pool) || pool_is_full(service->pool); /* once */
    if (err->code != RW_UNAVAILABLE || !told)
        complaint_log(service, RW_LOG_WARN, event, err, NULL);
}

/* All that waits; the first round looks at the whole journal, later ones at what is recent. */
static bool seal_all(struct service *service, int64_t since_ms, struct rw_arena *arena)
{
    int64_t sealed = 0;
    do {
        struct rw_error err = { 0 };
        rw_arena_reset(arena);
        if (!seal_journal(service, since_ms, arena, &sealed, &err)) {
            if (err.code != RW_CONFLICT) /* another node was faster */
                log_failure(service, "journal-not-sealed", &err);
            return false;
        }
    } while (sealed == JOURNAL_PAGE);
    return true;
}

static void look_for_missed(struct service *service, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    size_t raised = 0;
    rw_arena_reset(arena);
    if (!raise_overdue(service, arena, &raised, &err))
        log_failure(service, "missed-moments-not-looked-for", &err);
}

static void look_for_unanswered(struct service *service, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    int64_t after_ms = service->config.escalate_after_s * 1000;
    rw_arena_reset(arena);
    if (!ladder_climb(service, after_ms, arena, &err))
        log_failure(service, "alarms-not-escalated", &err);
}

static void tell_we_are_there(struct service *service, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    int64_t period_ms = service->config.supervise_s * 1000;
    rw_arena_reset(arena);
    if (period_ms > 0 && !raise_supervision(service, period_ms, arena, &err))
        log_failure(service, "supervision-not-told", &err);
}

static void note_waiting(void *self, const char *dispenser)
{
    contacts_note(self, dispenser);
}

static bool heard(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct heard *heard = self;
    return dispensers_heard(scope, heard->names, heard->count, heard->fine_ms, err);
}

/* What the round in the database remembers. */
struct care {
    struct service *service;
    struct rw_arena *arena;
    struct jumps jumps;
    int64_t started_ms; /* monotonic */
    int64_t visited_ms; /* monotonic: who waits was noted; 0 = never */
    int64_t checked_ms; /* monotonic: who holds a stream was last looked at */
    int64_t since_ms;   /* from where on the journal is looked at */
    unsigned round;
    bool silent; /* the database, when it was last looked at */
    bool full;
};

/* Who waits here is there: a held connection is a contact as good as a question. They are many and
 * stay, so they are asked for a few times in each span that counts as one. */
static void note_who_waits(struct care *care, int64_t fine_ms)
{
    struct service *service = care->service;
    int64_t now_ms = rw_clock_monotonic_ms(&service->clock);
    if (care->visited_ms != 0 && now_ms - care->visited_ms < fine_ms / FINE_PART)
        return;
    care->visited_ms = now_ms;
    waiters_visit(service->waiters, service->contacts, note_waiting);
}

static void write_contacts(struct care *care)
{
    struct service *service = care->service;
    struct rw_arena *arena = care->arena;
    struct rw_error err = { 0 };
    struct heard heard_now = { .fine_ms = service->config.silent_after_s * 1000 / FINE_PART };
    if (heard_now.fine_ms > FINE_MS_MAX)
        heard_now.fine_ms = FINE_MS_MAX;
    rw_arena_reset(arena);
    note_who_waits(care, heard_now.fine_ms);
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &heard_now, heard };
    if (!contacts_take(service->contacts, arena, &heard_now.names, &heard_now.count, &err) ||
        (heard_now.count > 0 && (!service_transact(service, &who, &work, &err) ||
                                 !raise_end_silence(service, arena, &err))))
        log_failure(service, "contacts-not-written", &err);
}

/* After a start the dispensers need time to come back before their silence means anything. */
static void look_for_silent(struct care *care, int64_t now_ms)
{
    struct service *service = care->service;
    struct rw_error err = { 0 };
    size_t raised = 0;
    int64_t limit_ms = service->config.silent_after_s * 1000;
    int64_t grace_ms = limit_ms < GRACE_MS_MAX ? limit_ms : GRACE_MS_MAX;
    int64_t here_ms = rw_clock_monotonic_ms(&service->clock) - care->started_ms;
    rw_arena_reset(care->arena);
    if (limit_ms > 0 && here_ms > grace_ms &&
        !raise_silent(service, now_ms - limit_ms, care->arena, &raised, &err))
        log_failure(service, "silent-dispensers-not-looked-for", &err);
}

struct keys_seen {
    const struct keyring *keys;
};

/* Each key that was added to the list is an act of whoever keeps the folder of keys. */
static bool journal_keys(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct keyring *keys = ((const struct keys_seen *)self)->keys;
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->keys[i].from_ms < scope->now_ms - KEYS_NEW_MS)
            continue;
        struct journal_row *rows = NULL;
        size_t count = 0;
        char from[RW_CLOCK_TEXT_MAX];
        const struct journal_search search = { .object_id = keys->keys[i].kid,
                                               .actor = "",
                                               .client = "",
                                               .from_ms = keys->keys[i].from_ms - KEYS_NEW_MS,
                                               .limit = 1 };
        rw_clock_write_utc(keys->keys[i].from_ms, from);
        const struct journal_act act = { .action = "signing-key",
                                         .object_type = "key",
                                         .object_id = keys->keys[i].kid,
                                         .client = "",
                                         .detail = from };
        if (!journal_find(scope, &search, &rows, &count, err) ||
            (count == 0 && !journal_insert(scope, &act, err)))
            return false;
    }
    return true;
}

/* A key for schedules that was added while we run: dispensers are told, and the journal. */
static void look_for_keys(struct service *service, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct keyring keys;
    rw_arena_reset(arena);
    if (!key_files_list(&key_files_schedule, service->secrets.folder, arena, &keys, &err)) {
        log_failure(service, "signing-keys-not-read", &err);
        return;
    }
    if (atomic_load(&service->schedule_keys) == (int)keys.count)
        return;
    struct keys_seen seen = { &keys };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &seen, journal_keys };
    if (service_transact(service, &who, &work, &err))
        atomic_store(&service->schedule_keys, (int)keys.count);
    else
        log_failure(service, "signing-keys-not-journalled", &err);
}

struct told_strangers {
    struct repeats_row rows[REPEATS_ROWS_MAX];
    size_t count;
};

static bool journal_strangers(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct told_strangers *told = self;
    for (size_t i = 0; i < told->count; i++) {
        struct scope who = *scope;
        who.source = told->rows[i].key;
        const char *detail = rw_arena_format(scope->arena, err, "%" PRId64 " more within a minute",
                                             told->rows[i].count);
        const struct journal_act act = { .action = "refuse",
                                         .object_type = "credential",
                                         .object_id = "",
                                         .client = "",
                                         .detail = detail };
        if (!detail || !journal_insert(&who, &act, err))
            return false;
    }
    return true;
}

/* How many followed the first stranger of an address, which is in the journal already. */
static void tell_of_strangers(struct service *service, struct rw_arena *arena, int64_t monotonic_ms)
{
    struct rw_error err = { 0 };
    struct told_strangers told;
    rw_arena_reset(arena);
    told.count = repeats_take(service->strangers, monotonic_ms, told.rows);
    struct scope who = service_self(service, arena);
    who.actor = "";
    who.role = role_word(ROLE_NOBODY);
    const struct service_work work = { &told, journal_strangers };
    if (told.count > 0 && !service_transact(service, &who, &work, &err))
        log_failure(service, "strangers-not-journalled", &err);
}

static bool hurry(void *self, const struct scope *scope, struct rw_error *err)
{
    (void)self;
    return outbox_hurry(scope, err);
}

/* What was written with times that now lie ahead would lie still until they come. */
static void follow_jump(struct care *care, int64_t jump_ms, int64_t now_ms)
{
    struct service *service = care->service;
    struct rw_error err = { 0 };
    char seconds[24];
    (void)snprintf(seconds, sizeof seconds, "%" PRId64, jump_ms / 1000);
    const struct rw_log_field fields[] = { { "seconds", seconds }, { 0 } };
    rw_log(&service->clock, RW_LOG_FAULT, "clock-was-set", fields);
    if (jump_ms > 0)
        return;
    if (care->since_ms > now_ms - JOURNAL_LATE_MS)
        care->since_ms = now_ms - JOURNAL_LATE_MS;
    rw_arena_reset(care->arena);
    const struct scope who = service_self(service, care->arena);
    const struct service_work work = { NULL, hurry };
    if (!service_transact(service, &who, &work, &err))
        log_failure(service, "message-not-delivered", &err);
}

/* Once for each silence, not once for each of those who met it. */
static void note_silence(struct care *care)
{
    bool silent = pool_is_silent(care->service->pool);
    if (silent != care->silent)
        rw_log(&care->service->clock, silent ? RW_LOG_FAULT : RW_LOG_NOTE,
               silent ? "database-silent" : "database-answers-again", NULL);
    care->silent = silent;
}

static bool find_room(void *self, const struct scope *scope, struct rw_error *err)
{
    (void)self;
    return room_check(scope, err);
}

/* Requests that met a full disk say nothing themselves. */
static void tell_room(struct care *care)
{
    struct service *service = care->service;
    bool full = pool_is_full(service->pool);
    if (full != care->full)
        rw_log(&service->clock, full ? RW_LOG_FAULT : RW_LOG_NOTE,
               full ? "database-full" : "database-has-room-again", NULL);
    care->full = full;
}

/* Before somebody's report is refused for want of it, and again until there is some. */
static void look_for_room(struct care *care)
{
    struct service *service = care->service;
    struct rw_error err = { 0 };
    tell_room(care); /* there may be room by now */
    rw_arena_reset(care->arena);
    const struct scope who = service_self(service, care->arena);
    const struct service_work work = { NULL, find_room };
    if ((care->round % ROOM_ROUND == 0 || pool_is_full(service->pool)) &&
        service_transact(service, &who, &work, &err))
        pool_note_room(service->pool);
    tell_room(care);
}

static void look_around(struct care *care)
{
    struct service *service = care->service;
    int64_t now_ms = rw_clock_utc_ms(&service->clock);
    int64_t monotonic_ms = rw_clock_monotonic_ms(&service->clock);
    int64_t jump_ms = jumps_look(&care->jumps, now_ms, monotonic_ms);
    if (jump_ms != 0)
        follow_jump(care, jump_ms, now_ms);
    write_contacts(care);
    departure_look(service, &care->checked_ms, care->arena);
    if (!jumps_is_quiet(&care->jumps, monotonic_ms)) {
        look_for_missed(service, care->arena);
        look_for_silent(care, now_ms);
        look_for_unanswered(service, care->arena);
    }
    tell_we_are_there(service, care->arena);
    tell_of_strangers(service, care->arena, monotonic_ms);
    complaint_count(service, monotonic_ms);
    note_silence(care);
    look_for_room(care);
    (void)downloads_catch_up(service, care->arena); /* the rest in the next round */
    if (care->round++ % KEYS_ROUND == 0)
        look_for_keys(service, care->arena);
    if (seal_all(service, care->since_ms, care->arena))
        care->since_ms = now_ms - JOURNAL_LATE_MS;
}

void caretaker_run_database(struct service *service)
{
    struct care care = { .service = service, .arena = rw_arena_open(ARENA_MAX) };
    struct rw_error err = { 0 };
    int step = 0;
    if (care.arena && !seal_note_missing_head(service, care.arena, &err))
        log_failure(service, "journal-not-sealed", &err);
    care.started_ms = care.checked_ms = rw_clock_monotonic_ms(&service->clock);
    while (care.arena && !atomic_load(&service->stopping)) { /* ends with the service */
        if (step++ % DATABASE_ROUND == 0)
            look_around(&care);
        sleep_step();
    }
    if (care.arena) {
        tell_of_strangers(service, care.arena, INT64_MAX);
        downloads_finish(service, care.arena);
        (void)seal_all(service, care.since_ms,
                       care.arena); /* the rest is sealed at the next start */
        complaint_count(service, INT64_MAX);
    }
    rw_arena_close(care.arena);
}

static void tend(struct service *service, struct http *http)
{
    if (http_tend(http) > 0)
        complaint_log(service, RW_LOG_WARN, "connections-refused", NULL, NULL);
}

void caretaker_run_connections(struct service *service)
{
    for (unsigned step = 0; !atomic_load(&service->stopping); step++) { /* ends with the service */
        waiters_expire(service->waiters, rw_clock_monotonic_ms(&service->clock));
        if (step % REAP_ROUND == 0) {
            tend(service, service->people);
            tend(service, service->devices);
        }
        sleep_step();
    }
}
