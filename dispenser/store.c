/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps a dispenser's state, events and schedule through loss of power. */
#define _POSIX_C_SOURCE 200809L
#include "dispenser/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "dispenser/record.h"

#define STORE_ROOM (STORE_EVENTS_MAX + STORE_KEPT)
#define STORE_ARENA_BYTES (16 * RW_ARENA_MIB)
#define STORE_BATCH 200 /* events in one line of a journal that is written anew */

struct store {
    struct rw_arena *arena; /* holds this struct and the events */
    char journal[RW_FILE_PATH_MAX];
    char schedule[RW_FILE_PATH_MAX];
    int descriptor;
    off_t length; /* of the journal's whole lines */
    struct loop_state state;
    struct event *events; /* STORE_ROOM places; the kept and the waiting ones, oldest first */
    size_t count;
    int64_t newest;
    int64_t acknowledged;
};

const struct loop_state *store_state(const struct store *store)
{
    return &store->state;
}

int64_t store_newest(const struct store *store)
{
    return store->newest;
}

int64_t store_acknowledged(const struct store *store)
{
    return store->acknowledged;
}

size_t store_waiting(const struct store *store)
{
    return (size_t)(store->newest - store->acknowledged);
}

static bool failed(const struct store *store, const char *what, struct rw_error *err)
{
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not %s \"%.256s\": %s", what,
                        store->journal, strerror(errno));
}

/* Makes room by letting go of what the service has had longest. */
static void drop_acknowledged(struct store *store, size_t keep)
{
    size_t waiting = store_waiting(store);
    assert(waiting <= store->count);
    size_t acknowledged = store->count - waiting;
    if (acknowledged <= keep)
        return;
    size_t drop = acknowledged - keep;
    store->count -= drop;
    memmove(store->events, store->events + drop, store->count * sizeof *store->events);
}

/* Takes over what a line says. */
static bool absorb(struct store *store, const struct record *record, struct rw_error *err)
{
    if (store->count + record->count > STORE_ROOM)
        drop_acknowledged(store, 0);
    if (store->count + record->count > STORE_ROOM)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d events wait for the service",
                            STORE_EVENTS_MAX);
    for (size_t i = 0; i < record->count; i++) {
        int64_t expected =
            store->count > 0 ? store->events[store->count - 1].seq + 1 : record->events[i].seq;
        if (record->events[i].seq != expected)
            return rw_error_set(err, RW_INVALID, "", "the journal lacks event %lld",
                                (long long)expected);
        store->events[store->count++] = record->events[i];
    }
    store->state = record->state;
    store->newest = record->newest;
    store->acknowledged = record->acknowledged;
    return true;
}

static bool replay(struct store *store, const char *bytes, size_t length, struct rw_error *err)
{
    size_t at = 0;
    while (at < length) {
        const char *end = memchr(bytes + at, '\n', length - at);
        if (end == NULL)
            return true; /* torn while it was written: its step never happened */
        size_t line = (size_t)(end - (bytes + at));
        struct rw_arena *arena = rw_arena_open(4 * RW_ARENA_MIB);
        struct record record;
        bool done = arena != NULL && record_read(bytes + at, line, arena, &record, err) &&
                    absorb(store, &record, err);
        rw_arena_close(arena);
        if (!done)
            return rw_error_set(err, RW_NO_MEMORY, "", "the journal found no memory");
        at += line + 1;
        store->length = (off_t)at;
    }
    return true;
}

/* Every event that waits is there, up to the newest. */
static bool check_events(const struct store *store, struct rw_error *err)
{
    int64_t last = store->count > 0 ? store->events[store->count - 1].seq : store->acknowledged;
    if (last == store->newest && store->acknowledged <= store->newest &&
        store_waiting(store) <= store->count)
        return true;
    return rw_error_set(err, RW_INVALID, "", "the journal lacks events up to %lld",
                        (long long)store->newest);
}

/* The lines of a journal that says the same in as few of them as possible. */
static bool write_anew(struct store *store, struct rw_text *text, struct rw_error *err)
{
    drop_acknowledged(store, STORE_KEPT);
    for (size_t at = 0; at == 0 || at < store->count; at += STORE_BATCH) {
        size_t left = store->count - at;
        const struct record record = {
            .state = store->state,
            .acknowledged = store->acknowledged,
            .newest = store->newest,
            .events = store->events + at,
            .count = left < STORE_BATCH ? left : STORE_BATCH,
        };
        const char *line;
        size_t length;
        if (!record_write(&record, text->arena, &line, &length, err))
            return false;
        rw_text_add_n(text, line, length);
    }
    const char *unused;
    return rw_text_finish(text, &unused, err);
}

static bool tidy(struct store *store, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(8 * STORE_JOURNAL_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the journal found no memory");
    struct rw_text text;
    rw_text_init(&text, arena, STORE_JOURNAL_MAX);
    bool done = write_anew(store, &text, err) &&
                rw_file_write(store->journal, text.bytes, text.length, 0600, err);
    if (done)
        store->length = (off_t)text.length;
    rw_arena_close(arena);
    return done;
}

/* Cuts off what a loss of power tore, and leaves the journal open at its end. */
static bool open_journal(struct store *store, struct rw_error *err)
{
    store->descriptor = open(store->journal, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (store->descriptor < 0)
        return failed(store, "open", err);
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (fcntl(store->descriptor, F_SETLK, &lock) != 0)
        return rw_error_set(err, RW_CONFLICT, "", "another program uses \"%.256s\"",
                            store->journal);
    if (ftruncate(store->descriptor, store->length) != 0 ||
        lseek(store->descriptor, store->length, SEEK_SET) < 0 || fsync(store->descriptor) != 0)
        return failed(store, "open", err);
    return true;
}

static bool read_journal(struct store *store, struct rw_error *err)
{
    if (access(store->journal, F_OK) != 0)
        return true; /* a dispenser that never did anything */
    struct rw_arena *arena = rw_arena_open(3 * STORE_JOURNAL_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the journal found no memory");
    char *bytes;
    size_t length;
    bool done = rw_file_read(store->journal, STORE_JOURNAL_MAX, arena, &bytes, &length, err) &&
                replay(store, bytes, length, err) && check_events(store, err) &&
                (length <= STORE_JOURNAL_TIDY || tidy(store, err));
    rw_arena_close(arena);
    return done;
}

bool store_open(const char *folder, struct store **ret_store, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(STORE_ARENA_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the store found no memory");
    struct store *store = rw_arena_alloc(arena, sizeof *store, err);
    if (store == NULL) {
        rw_arena_close(arena);
        return false;
    }
    store->arena = arena;
    store->descriptor = -1;
    store->events = rw_arena_array(arena, STORE_ROOM, sizeof *store->events, err);
    if (store->events == NULL || !rw_file_make_folder(folder, 0700, err) ||
        !rw_file_join(store->journal, folder, "journal", err) ||
        !rw_file_join(store->schedule, folder, "schedule.jws", err) || !read_journal(store, err) ||
        !open_journal(store, err)) {
        store_close(store);
        return false;
    }
    *ret_store = store;
    return true;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->descriptor >= 0)
        (void)close(store->descriptor); /* every line was synced when it was written */
    rw_arena_close(store->arena);
}

/* All of the line, on the disk, or the journal as it was. */
static bool append(struct store *store, const char *line, size_t length, struct rw_error *err)
{
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(store->descriptor, line + done, length - done);
        if (count < 0 && errno != EINTR)
            break;
        done += count > 0 ? (size_t)count : 0;
    }
    if (done == length && fsync(store->descriptor) == 0) {
        store->length += (off_t)length;
        return true;
    }
    (void)failed(store, "write to", err);
    /* A line that stays behind broken would look torn and be dropped at the next opening. */
    if (ftruncate(store->descriptor, store->length) == 0)
        (void)lseek(store->descriptor, store->length, SEEK_SET);
    return false;
}

static bool write_record(struct store *store, const struct record *record, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the store found no memory");
    const char *line;
    size_t length;
    bool done = record_write(record, arena, &line, &length, err) &&
                append(store, line, length, err) && absorb(store, record, err);
    rw_arena_close(arena);
    return done;
}

bool store_record(struct store *store, const struct loop_state *state,
                  const struct loop_event *events, size_t count, struct rw_error *err)
{
    assert(count <= LOOP_EVENTS_MAX);
    struct event numbered[LOOP_EVENTS_MAX];
    if (store_waiting(store) + count > STORE_EVENTS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d events wait for the service",
                            STORE_EVENTS_MAX);
    for (size_t i = 0; i < count; i++) {
        numbered[i] = (struct event){ .seq = store->newest + 1 + (int64_t)i,
                                      .at_utc_ms = events[i].at_utc_ms,
                                      .type = events[i].type,
                                      .cause = events[i].cause };
        rw_uuid_make(events[i].at_utc_ms, numbered[i].id);
        memcpy(numbered[i].serial, events[i].serial, sizeof numbered[i].serial);
    }
    const struct record record = {
        .state = *state,
        .acknowledged = store->acknowledged,
        .newest = store->newest + (int64_t)count,
        .events = numbered,
        .count = count,
    };
    return write_record(store, &record, err);
}

const struct event *store_pending(const struct store *store, size_t *ret_count)
{
    size_t waiting = store_waiting(store);
    *ret_count = waiting < EVENT_BATCH_MAX ? waiting : EVENT_BATCH_MAX;
    return store->events + (store->count - waiting);
}

const struct event *store_latest(const struct store *store, size_t count, size_t *ret_count)
{
    *ret_count = count < store->count ? count : store->count;
    return store->events + (store->count - *ret_count);
}

bool store_acknowledge(struct store *store, int64_t seq, struct rw_error *err)
{
    int64_t oldest = store->newest - (int64_t)store->count + 1;
    if (seq == store->acknowledged)
        return true;
    if (seq > store->newest)
        return rw_error_set(
            err, RW_CONFLICT, "",
            "the service is at event %lld, but the last made here is %lld; enrol anew",
            (long long)seq, (long long)store->newest);
    if (seq + 1 < oldest)
        return rw_error_set(err, RW_CONFLICT, "",
                            "the service asks for event %lld, the oldest kept one is %lld",
                            (long long)seq + 1, (long long)oldest);
    const struct record record = { .state = store->state,
                                   .acknowledged = seq,
                                   .newest = store->newest };
    return write_record(store, &record, err);
}

bool store_schedule_keep(struct store *store, const char *bytes, size_t length,
                         struct rw_error *err)
{
    return rw_file_write(store->schedule, bytes, length, 0600, err);
}

bool store_schedule_read(const struct store *store, struct rw_arena *arena, char **ret_bytes,
                         size_t *ret_length, struct rw_error *err)
{
    *ret_bytes = NULL;
    *ret_length = 0;
    if (access(store->schedule, F_OK) != 0)
        return true;
    return rw_file_read(store->schedule, SCHEDULE_BYTES_MAX, arena, ret_bytes, ret_length, err);
}
