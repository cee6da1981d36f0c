/* SPDX-License-Identifier: Apache-2.0 */
/* Delivers messages to those whom the configuration names. */
#define _GNU_SOURCE
#include "api/deliver.h"

#include <pthread.h>
#include <time.h>

#include "api/complaint.h"
#include "api/mail.h"
#include "api/service.h"
#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/text.h"

#define ROUND_MS 250
#define LEASE_MS 20000 /* what a killed service had in hand is told again after that */
#define RENEW_MS 5000  /* older leases are renewed before a call, which takes 10 s at most */
#define PAUSE_MS_MAX (300 * INT64_C(1000)) /* so long an alarm may lie after its exit is back */
#define TRIES_MIN                                                                  \
    3 /* before a message is set aside, so that one that was revived gets a chance \
       */
#define ARENA_MAX (32 * RW_ARENA_MIB)
#define NAMES_MAX (64 * RW_ARENA_KIB) /* of all exits */

/* To one exit, or (`wanted.exit` NULL) to all that want a message, by splitting it. */
struct delivery {
    struct service *service;
    struct outbox_wanted wanted;
    struct rw_arena *arena;
    pthread_t thread;
    struct fetch *fetches[CONFIG_EXITS_MAX]; /* of webhooks; NULL for other exits */
    bool failed[CONFIG_EXITS_MAX];           /* in this round: it is not asked again */
    int64_t wait_s[CONFIG_EXITS_MAX];        /* so long it asks to be left alone */
    struct rw_random random;
    struct outbox_row *rows;
    size_t count;
    const struct outbox_row *row;
    const char *exits[CONFIG_EXITS_MAX]; /* who wants the row */
    size_t exit_count;
    struct outbox_try tried;
    size_t left;        /* rows of this round that are not settled yet, the last ones */
    int64_t claimed_ms; /* monotonic */
    bool held;
};

static bool claim(void *self, const struct scope *scope, struct rw_error *err)
{
    struct delivery *delivery = self;
    return outbox_claim(scope, &delivery->wanted, LEASE_MS, &delivery->rows, &delivery->count, err);
}

static bool renew(void *self, const struct scope *scope, struct rw_error *err)
{
    struct delivery *delivery = self;
    struct outbox_row *rows = delivery->rows + (delivery->count - delivery->left);
    return outbox_renew(scope, rows, delivery->left, LEASE_MS, &delivery->held, err);
}

static bool split(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct delivery *delivery = self;
    return outbox_split(scope, delivery->row, delivery->exits, delivery->exit_count, err);
}

static bool settle(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct delivery *delivery = self;
    return outbox_settle(scope, delivery->row->outbox_id, &delivery->tried, err);
}

static bool transact(struct delivery *delivery,
                     bool (*run)(void *, const struct scope *, struct rw_error *),
                     struct rw_error *err)
{
    const struct scope who = service_self(delivery->service, delivery->arena);
    const struct service_work work = { delivery, run };
    return service_transact(delivery->service, &who, &work, err);
}

static void log_row(struct delivery *delivery, enum rw_log_level level, const char *event,
                    const char *detail)
{
    const struct rw_log_field fields[] = { { "message", delivery->row->outbox_id },
                                           { "topic", delivery->row->topic },
                                           { "exit", delivery->row->exit },
                                           { "detail", detail },
                                           { 0 } };
    rw_log(&delivery->service->clock, level, event, fields);
}

static int64_t monotonic_ms(const struct delivery *delivery)
{
    return rw_clock_monotonic_ms(&delivery->service->clock);
}

static void rest(void)
{
    const struct timespec wait = { .tv_nsec = ROUND_MS * 1000000L };
    (void)nanosleep(&wait, NULL);
}

/* Are the rows that are left still ours? */
static bool hold(struct delivery *delivery)
{
    struct rw_error err = { 0 };
    int64_t now_ms = monotonic_ms(delivery);
    if (now_ms - delivery->claimed_ms < RENEW_MS)
        return true;
    delivery->claimed_ms = now_ms;
    return transact(delivery, renew, &err) && delivery->held;
}

/* While the database is away what was done is not forgotten, or it would be done twice. */
static bool persist(struct delivery *delivery,
                    bool (*run)(void *, const struct scope *, struct rw_error *),
                    struct rw_error *err)
{
    int64_t until_ms = monotonic_ms(delivery) + LEASE_MS;
    bool done = transact(delivery, run, err);
    while (!done && monotonic_ms(delivery) < until_ms &&
           !atomic_load(&delivery->service->stopping)) {
        rest();
        *err = (struct rw_error){ 0 };
        done = transact(delivery, run, err);
    }
    return done;
}

/* Everybody who wants this topic gets a row, so that one who cannot be reached holds up nobody. */
static void split_row(struct delivery *delivery)
{
    const struct config *config = &delivery->service->config;
    struct rw_error err = { 0 };
    delivery->exit_count = 0;
    for (size_t i = 0; i < config->exit_count; i++) {
        if (rw_text_equal(config->exits[i].topic, delivery->row->topic))
            delivery->exits[delivery->exit_count++] = config->exits[i].name;
    }
    if (!persist(delivery, split, &err))
        log_row(delivery, RW_LOG_WARN, "message-not-delivered", err.text);
}

/* Twice as long each time, and no shorter than the other side asks for (Retry-After). */
static int64_t pause_ms(struct delivery *delivery, size_t at)
{
    int64_t asked =
        delivery->wait_s[at] < PAUSE_MS_MAX / 1000 ? delivery->wait_s[at] * 1000 : PAUSE_MS_MAX;
    int64_t attempts = delivery->row->attempts;
    int64_t longest = attempts > 11 ? PAUSE_MS_MAX : INT64_C(1000) << attempts;
    longest = longest < PAUSE_MS_MAX ? longest : PAUSE_MS_MAX;
    longest = longest / 2 + (int64_t)rw_random_below(&delivery->random, (uint64_t)(longest / 2));
    return longest > asked ? longest : asked;
}

/* The exit of this row, or the count of all when the configuration does not name it any more. */
static size_t find_exit(const struct delivery *delivery)
{
    const struct config *config = &delivery->service->config;
    size_t at = 0;
    while (at < config->exit_count &&
           !(rw_text_equal(config->exits[at].name, delivery->row->exit) &&
             rw_text_equal(config->exits[at].topic, delivery->row->topic)))
        at++;
    return at;
}

static bool send_row(struct delivery *delivery, size_t at, struct rw_error *err)
{
    const struct message message = { .exit = &delivery->service->config.exits[at],
                                     .row = delivery->row,
                                     .arena = delivery->arena,
                                     .clock = delivery->service->clock };
    if (delivery->failed[at])
        return rw_error_set(err, RW_UNAVAILABLE, "", "the exit failed just before");
    bool done = false;
    switch (message.exit->kind) {
    case CONFIG_WEBHOOK:
        done = message_send_webhook(&message, delivery->fetches[at], &delivery->wait_s[at], err);
        break;
    case CONFIG_MAIL:
        done = mail_send(&message, err);
        break;
    case CONFIG_CENTRE:
        done = message_send_centre(&message, err);
        break;
    case CONFIG_KIND_COUNT:
        break;
    }
    delivery->failed[at] = !done;
    return done;
}

/* A sign of life that comes when the next is due says nothing any more. */
static bool is_stale(const struct delivery *delivery, int64_t now_ms)
{
    int64_t period_ms = delivery->service->config.supervise_s * 1000;
    return rw_text_equal(delivery->row->topic, MESSAGE_SUPERVISION) &&
           now_ms - delivery->row->created_ms >= period_ms;
}

static void try_row(struct delivery *delivery, struct rw_error *err)
{
    const struct config *config = &delivery->service->config;
    int64_t now_ms = rw_clock_utc_ms(&delivery->service->clock);
    int64_t age_ms = now_ms - delivery->row->created_ms;
    size_t at = find_exit(delivery);
    struct outbox_try tried = { .next_ms = now_ms, .fault = "" };
    if (at == config->exit_count) {
        (void)rw_error_set(err, RW_NOT_FOUND, "", "the configuration names this exit no more");
        tried.dead = true;
    } else if (is_stale(delivery, now_ms) || send_row(delivery, at, err)) {
        tried.done = true;
    } else {
        tried.dead =
            age_ms > config->give_up_after_s * 1000 && delivery->row->attempts >= TRIES_MIN;
        tried.next_ms = now_ms + pause_ms(delivery, at);
    }
    if (!tried.done)
        tried.fault = err->text;
    delivery->tried = tried;
}

static void deliver_row(struct delivery *delivery)
{
    struct rw_error err = { 0 };
    struct rw_error in_database = { 0 };
    try_row(delivery, &err);
    if (!persist(delivery, settle, &in_database))
        log_row(delivery, RW_LOG_WARN, "message-not-delivered", in_database.text);
    else if (!delivery->tried.done)
        log_row(delivery, delivery->tried.dead ? RW_LOG_FAULT : RW_LOG_WARN,
                delivery->tried.dead ? "message-set-aside" : "message-not-delivered", err.text);
}

static void deliver_round(struct delivery *delivery)
{
    struct rw_error err = { 0 };
    rw_arena_reset(delivery->arena);
    delivery->count = 0;
    for (size_t i = 0; i < CONFIG_EXITS_MAX; i++) {
        delivery->failed[i] = false;
        delivery->wait_s[i] = 0;
    }
    delivery->claimed_ms = monotonic_ms(delivery);
    if (!transact(delivery, claim, &err))
        return; /* the database is away; who watches it says so */
    delivery->left = delivery->count;
    for (; delivery->left > 0 && !atomic_load(&delivery->service->stopping); delivery->left--) {
        delivery->row = &delivery->rows[delivery->count - delivery->left];
        if (!hold(delivery))
            return; /* another node has them */
        if (delivery->row->exit[0])
            deliver_row(delivery);
        else
            split_row(delivery);
    }
}

static bool open_fetches(struct delivery *delivery, struct rw_error *err)
{
    const struct config *config = &delivery->service->config;
    for (size_t i = 0; i < config->exit_count; i++) {
        const struct fetch_identity identity = { .ca_file = config->exits[i].ca_file };
        if (config->exits[i].kind == CONFIG_WEBHOOK &&
            rw_text_equal(config->exits[i].name, delivery->wanted.exit) &&
            !fetch_open(&identity, &delivery->fetches[i], err))
            return false;
    }
    return true;
}

static void run_rounds(struct delivery *delivery)
{
    while (!atomic_load(&delivery->service->stopping)) { /* ends with the service */
        deliver_round(delivery);
        if (delivery->count == 0)
            rest();
    }
}

static void *serve_exit(void *self)
{
    run_rounds(self);
    return NULL;
}

static void close_one(struct delivery *delivery)
{
    for (size_t i = 0; i < CONFIG_EXITS_MAX; i++)
        fetch_close(delivery->fetches[i]);
    rw_arena_close(delivery->arena);
}

static bool open_one(struct delivery *delivery, struct service *service, const char *exit,
                     struct rw_error *err)
{
    uint64_t seed = 0;
    rw_crypto_random(&seed, sizeof seed);
    *delivery = (struct delivery){ .service = service, .wanted.exit = exit };
    delivery->random = rw_random_seeded(seed);
    delivery->arena = rw_arena_open(ARENA_MAX);
    if (delivery->arena && open_fetches(delivery, err))
        return true;
    close_one(delivery);
    return rw_error_set(err, RW_NO_MEMORY, "", "no memory to deliver messages");
}

static bool begin(struct delivery *delivery, struct service *service, const char *exit,
                  struct rw_error *err)
{
    if (!open_one(delivery, service, exit, err))
        return false;
    if (pthread_create(&delivery->thread, NULL, serve_exit, delivery) == 0)
        return true;
    close_one(delivery);
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not start a thread");
}

/* One exit may have several topics, and is served once. */
static bool is_named_before(const struct config *config, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (rw_text_equal(config->exits[i].name, config->exits[at].name))
            return true;
    }
    return false;
}

static bool write_names(const struct config *config, struct rw_arena *arena, const char **ret_names,
                        struct rw_error *err)
{
    struct rw_text text;
    rw_text_init(&text, arena, NAMES_MAX);
    for (size_t i = 0; i < config->exit_count; i++)
        rw_text_format(&text, "%s%s", i > 0 ? "\n" : "", config->exits[i].name);
    return rw_text_finish(&text, ret_names, err);
}

static void log_fault(struct service *service, const struct rw_error *err)
{
    complaint_log(service, RW_LOG_FAULT, "messages-not-delivered", err, NULL);
}

/* What is begun: the exits in the order of the configuration. */
static size_t begin_all(struct service *service, struct delivery *exits)
{
    const struct config *config = &service->config;
    size_t count = 0;
    for (size_t i = 0; i < config->exit_count; i++) {
        struct rw_error err = { 0 };
        if (is_named_before(config, i))
            continue;
        if (begin(&exits[count], service, config->exits[i].name, &err))
            count++;
        else
            log_fault(service, &err); /* what is for it waits for the next start */
    }
    return count;
}

/* An exit that lets us wait holds up nobody: each has a thread of its own, and one more splits. */
static bool serve_all(struct service *service, struct rw_arena *arena, struct rw_error *err)
{
    struct delivery *exits = rw_arena_array(arena, CONFIG_EXITS_MAX, sizeof *exits, err);
    struct delivery splitter;
    if (!exits || !open_one(&splitter, service, NULL, err))
        return false;
    bool done = write_names(&service->config, arena, &splitter.wanted.others, err);
    size_t count = done ? begin_all(service, exits) : 0;
    if (done)
        run_rounds(&splitter);
    for (size_t i = 0; i < count; i++) {
        (void)pthread_join(exits[i].thread, NULL);
        close_one(&exits[i]);
    }
    close_one(&splitter);
    return done;
}

void deliver_run(struct service *service)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(NAMES_MAX + 64 * RW_ARENA_KIB);
    if (!arena)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "no memory to deliver messages");
    if (!arena || !serve_all(service, arena, &err))
        log_fault(service, &err);
    rw_arena_close(arena);
}
