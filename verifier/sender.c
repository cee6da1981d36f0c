/* SPDX-License-Identifier: Apache-2.0 */
/* Gives the service what waits in the spool, beside the judging. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/sender.h"

#include <assert.h>
#include <pthread.h>
#include <time.h>

#include "core/net/fetch.h"

#define SENDER_ARENA_BYTES (1 * RW_ARENA_MIB)
#define SENDER_SEND_BYTES (4 * SENDER_BODY_MAX) /* a picture, and what reading it took */
#define GLANCES_ROOM (SENDER_ROOM / 2)          /* beyond it verdicts have the rest of the spool */
#define MS_PER_S 1000
#define NS_PER_MS 1000000L

struct sender {
    struct rw_arena *arena; /* holds this struct */
    const struct enrol_identity *identity;
    struct rw_clock clock;
    struct fetch *fetch;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_ready; /* the two above are made */
    bool runs;
    pthread_t thread;
    struct spool *spool; /* under the mutex, as all below; files are read beside it */
    bool stop;
    int64_t rest_until_ms; /* monotonic; the network failed and is left alone until then */
    struct rw_error fault; /* the first thing that was refused and not told yet */
};

static bool make_locks(struct sender *sender)
{
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    bool done = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
                pthread_mutex_init(&sender->mutex, NULL) == 0 &&
                pthread_cond_init(&sender->changed, &monotonic) == 0;
    (void)pthread_condattr_destroy(&monotonic); /* of an attribute that was made */
    return done;
}

bool sender_open(const char *state_folder, const struct enrol_identity *identity,
                 const struct rw_clock *clock, struct sender **ret_sender, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(SENDER_ARENA_BYTES);
    struct sender *sender = arena != NULL ? rw_arena_alloc(arena, sizeof *sender, err) : NULL;
    if (sender == NULL) {
        rw_arena_close(arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    }
    *sender = (struct sender){ .arena = arena, .identity = identity, .clock = *clock };
    sender->is_ready = make_locks(sender);
    if (!sender->is_ready) {
        sender_close(sender);
        return rw_error_set(err, RW_NO_MEMORY, "", "the station found no memory");
    }
    if (!fetch_open(&identity->files, &sender->fetch, err) ||
        !spool_open(state_folder, SENDER_ROOM, &sender->spool, err)) {
        sender_close(sender);
        return false;
    }
    *ret_sender = sender;
    return true;
}

void sender_close(struct sender *sender)
{
    if (sender == NULL)
        return;
    sender_stop(sender);
    if (sender->is_ready) {
        (void)pthread_cond_destroy(&sender->changed); /* nobody waits any more */
        (void)pthread_mutex_destroy(&sender->mutex);
    }
    spool_close(sender->spool);
    fetch_close(sender->fetch);
    rw_arena_close(sender->arena);
}

static void lock(struct sender *sender)
{
    (void)pthread_mutex_lock(&sender->mutex); /* fails for wrong use alone, as below */
}

static void unlock(struct sender *sender)
{
    (void)pthread_mutex_unlock(&sender->mutex);
}

size_t sender_waiting(struct sender *sender)
{
    lock(sender);
    size_t count = spool_count(sender->spool);
    unlock(sender);
    return count;
}

bool sender_add(struct sender *sender, const struct spool_entry *entry, const void *bytes,
                size_t length, struct rw_error *err)
{
    lock(sender);
    bool is_left_out = entry->kind == SPOOL_GLANCE && spool_count(sender->spool) >= GLANCES_ROOM;
    bool done = is_left_out || spool_add(sender->spool, entry, bytes, length, err);
    (void)pthread_cond_signal(&sender->changed);
    unlock(sender);
    return done;
}

bool sender_refused(const char *what, int32_t status, struct rw_error *err)
{
    enum rw_code code = status == 401                    ? RW_UNAUTHENTICATED
                        : status == 403                  ? RW_DENIED
                        : status == 404 || status == 410 ? RW_NOT_FOUND
                        : status == 409                  ? RW_CONFLICT
                        : status == 408 || status == 429 ? RW_UNAVAILABLE
                        : status >= 400 && status < 500  ? RW_INVALID
                                                         : RW_UNAVAILABLE;
    return rw_error_set(err, code, "", "the service did not take %s (status %d)", what,
                        (int)status);
}

static bool put(struct sender *sender, const struct spool_entry *entry, struct rw_arena *arena,
                struct rw_error *err)
{
    static const struct {
        const char *path;
        const char *type;
        const char *what;
    } kinds[SPOOL_KIND_COUNT] = {
        [SPOOL_GLANCE] = { "glance", "application/json", "a glance" },
        [SPOOL_VERDICT] = { "verdict", "application/json", "a verdict" },
        [SPOOL_PICTURE] = { "picture", "image/png", "a picture" },
    };
    char *bytes;
    size_t length;
    const char *url =
        rw_arena_format(arena, err, "%s/v1/rolls/%s/bags/%s/%s", sender->identity->devices,
                        entry->roll, entry->serial, kinds[entry->kind].path);
    if (url == NULL ||
        !spool_read(sender->spool, entry, SENDER_BODY_MAX, arena, &bytes, &length, err))
        return false;
    const struct fetch_request request = {
        .method = "PUT",
        .url = url,
        .content_type = kinds[entry->kind].type,
        .body = bytes,
        .body_length = length,
        .timeout_ms = SENDER_TIMEOUT_MS,
    };
    struct fetch_answer answer;
    if (!fetch_send(sender->fetch, &request, arena, &answer, err))
        return false;
    return (answer.status >= 200 && answer.status < 300) ||
           sender_refused(kinds[entry->kind].what, answer.status, err);
}

/* Not the body's fault: it is sent again later. */
static bool is_later(const struct rw_error *fault)
{
    return fault->code == RW_UNAVAILABLE || fault->code == RW_UNAUTHENTICATED ||
           fault->code == RW_NO_MEMORY;
}

/* What the service took is gone from the disk; what it refuses for good is set aside, so that it
 * does not hold up what is behind it; a network or a disk that fails is left alone for a while. */
static bool settle(struct sender *sender, const struct spool_entry *entry,
                   const struct rw_error *fault, struct rw_error *err)
{
    if (fault->code == RW_OK && spool_remove(sender->spool, entry, err))
        return true;
    if (fault->code != RW_OK && !is_later(fault) && spool_set_aside(sender->spool, entry, err))
        return rw_error_set(err, fault->code, "", "bag %s: %s", entry->serial, fault->text);
    sender->rest_until_ms = rw_clock_monotonic_ms(&sender->clock) + SENDER_REST_MS;
    if (fault->code != RW_OK && is_later(fault))
        return rw_error_set(err, fault->code, "", "bag %s: %s", entry->serial, fault->text);
    return false; /* `err` has the fault of the disk */
}

static bool send_oldest(struct sender *sender, struct rw_error *err)
{
    struct spool_entry entry;
    struct rw_error fault = { 0 };
    lock(sender);
    bool waits = spool_oldest(sender->spool, &entry);
    unlock(sender);
    if (!waits)
        return true;
    struct rw_arena *arena = rw_arena_open(SENDER_SEND_BYTES);
    if (arena == NULL)
        (void)rw_error_set(&fault, RW_NO_MEMORY, "", "the station found no memory");
    else
        (void)put(sender, &entry, arena, &fault); /* `fault` says so */
    rw_arena_close(arena);
    lock(sender);
    bool done = settle(sender, &entry, &fault, err);
    unlock(sender);
    return done;
}

/* Under the mutex: until there is something to send and the network may be asked again. */
static void wait_for_work(struct sender *sender)
{
    int64_t left_ms = sender->rest_until_ms - rw_clock_monotonic_ms(&sender->clock);
    struct timespec until;
    if (spool_count(sender->spool) == 0 || clock_gettime(CLOCK_MONOTONIC, &until) != 0) {
        (void)pthread_cond_wait(&sender->changed, &sender->mutex);
        return;
    }
    int64_t wake_ms = until.tv_nsec / NS_PER_MS + (left_ms > 0 ? left_ms : 0);
    until.tv_sec += (time_t)(wake_ms / MS_PER_S);
    until.tv_nsec = (long)(wake_ms % MS_PER_S) * NS_PER_MS;
    (void)pthread_cond_timedwait(&sender->changed, &sender->mutex, &until);
}

static bool has_work(struct sender *sender)
{
    return spool_count(sender->spool) > 0 &&
           rw_clock_monotonic_ms(&sender->clock) >= sender->rest_until_ms;
}

/* Keeps the first refusal until it is told. */
static void keep_fault(struct sender *sender, const struct rw_error *fault)
{
    if (!is_later(fault) && sender->fault.code == RW_OK)
        sender->fault = *fault;
}

static void *run(void *self)
{
    struct sender *sender = self;
    lock(sender);
    while (!sender->stop) {
        struct rw_error fault = { 0 };
        if (!has_work(sender)) {
            wait_for_work(sender);
            continue;
        }
        unlock(sender);
        bool done = send_oldest(sender, &fault);
        lock(sender);
        if (!done)
            keep_fault(sender, &fault);
    }
    unlock(sender);
    return NULL;
}

bool sender_start(struct sender *sender, struct rw_error *err)
{
    assert(!sender->runs);
    sender->stop = false;
    if (pthread_create(&sender->thread, NULL, run, sender) != 0)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to send verdicts with");
    sender->runs = true;
    return true;
}

void sender_stop(struct sender *sender)
{
    if (!sender->runs)
        return;
    lock(sender);
    sender->stop = true;
    (void)pthread_cond_signal(&sender->changed);
    unlock(sender);
    (void)pthread_join(sender->thread, NULL); /* a thread that was started and not joined yet */
    sender->runs = false;
}

bool sender_flush(struct sender *sender, struct rw_error *err)
{
    assert(!sender->runs);
    for (size_t i = 0; i < SENDER_ROOM && spool_count(sender->spool) > 0; i++) {
        struct rw_error fault = { 0 };
        if (send_oldest(sender, &fault))
            continue;
        if (is_later(&fault))
            break;
        keep_fault(sender, &fault);
    }
    if (sender->fault.code == RW_OK)
        return true;
    *err = sender->fault;
    sender->fault = (struct rw_error){ 0 };
    return false;
}
