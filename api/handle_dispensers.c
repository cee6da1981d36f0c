/* SPDX-License-Identifier: Apache-2.0 */
/* What dispensers download and wait for. */
#include "api/handlers.h"
#include "api/respond.h"
#include "api/schedule_cache.h"
#include "api/service.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "db/dispensers.h"
#include "db/journal.h"

#define WAIT_S_MAX 55
#define JITTER_MS 2000 /* so that those who wait together do not come back together */

/* A question that sleeps until there is something newer. */
struct sleeper {
    struct waiters *waiters;
    struct waiter waiter;
};

struct download {
    const char *dispenser;
    struct dispensers_schedule schedule;
};

static bool find_schedule(void *self, const struct scope *scope, struct rw_error *err)
{
    struct download *download = self;
    return dispensers_find_schedule(scope, download->dispenser, &download->schedule, err);
}

/* Nothing leaves without its row in the journal; what was downloaded before has one. */
static bool journal_download(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct download *download = self;
    const char *pseudonym = NULL;
    if (!dispensers_download(scope, &download->schedule, &pseudonym, err))
        return false;
    if (!pseudonym)
        return true;
    const struct journal_act act = { .action = "download",
                                     .object_type = "roll",
                                     .object_id = download->schedule.roll,
                                     .client = pseudonym,
                                     .detail = download->dispenser };
    return journal_insert(scope, &act, err);
}

/* The seconds that the caller is ready to wait; 0 = answer at once. */
static int64_t wait_seconds(const struct exchange *exchange)
{
    const char *wait = exchange_query(exchange, "wait");
    int64_t seconds = 0;
    if (!wait || !rw_text_to_int(wait, 0, INT32_MAX, &seconds))
        return 0;
    return seconds < WAIT_S_MAX ? seconds : WAIT_S_MAX;
}

static bool start_waiting(void *self, void (*resume)(void *connection), void *connection)
{
    struct sleeper *sleeper = self;
    sleeper->waiter.self = connection;
    sleeper->waiter.resume = resume;
    return waiters_add(sleeper->waiters, &sleeper->waiter);
}

static void sleep_for(struct service *service, struct exchange *exchange, int64_t version,
                      int64_t seconds)
{
    struct rw_error err = { 0 };
    struct rw_random random = rw_random_seeded((uint64_t)exchange->now_ms);
    int64_t hold_ms = seconds * 1000 - (int64_t)rw_random_below(&random, JITTER_MS) / 2;
    struct sleeper *sleeper = rw_arena_alloc(exchange->arena, sizeof *sleeper, &err);
    if (!sleeper) {
        respond_error(service, exchange, &err);
        return;
    }
    sleeper->waiters = service->waiters;
    sleeper->waiter.version = version;
    sleeper->waiter.deadline_ms = rw_clock_monotonic_ms(&service->clock) + hold_ms;
    (void)rw_text_copy(sleeper->waiter.key, sizeof sleeper->waiter.key, exchange->args[0]);
    exchange->reply.hold = EXCHANGE_PARK;
    exchange->reply.park = (struct exchange_park){ sleeper, start_waiting };
}

/* Waiting starts only for a caller that has what holds now. */
static void answer_unchanged(struct service *service, struct exchange *exchange, int64_t version)
{
    int64_t seconds = wait_seconds(exchange);
    if (exchange->resumed)
        exchange_reply_empty(exchange, 204);
    else if (seconds > 0)
        sleep_for(service, exchange, version, seconds);
}

static bool is_known(struct exchange *exchange, int64_t version, struct rw_error *err)
{
    const char *tag = rw_arena_format(exchange->arena, err, "\"v%lld\"", (long long)version);
    return tag && respond_not_modified(exchange, tag);
}

static bool answer_schedule(struct service *service, struct exchange *exchange,
                            const struct dispensers_schedule *schedule)
{
    struct rw_error err = { 0 };
    const char *tag =
        rw_arena_format(exchange->arena, &err, "\"v%lld\"", (long long)schedule->version);
    if (!tag) {
        respond_error(service, exchange, &err);
        return false;
    }
    exchange_reply_bytes(exchange, "application/jose+json", schedule->bytes, schedule->length);
    exchange_reply_extra(exchange, "ETag", tag);
    return true;
}

/* Most questions are answered from what this node remembers, as long as it hears of changes. */
static bool answer_remembered(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct dispensers_schedule schedule = { .dispenser_id = exchange->args[0] };
    if (!service_is_fed(service))
        return false;
    schedule.version = schedule_cache_version(service->schedules, schedule.dispenser_id);
    if (schedule.version == 0)
        return false;
    if (is_known(exchange, schedule.version, &err)) {
        answer_unchanged(service, exchange, schedule.version);
        return true;
    }
    struct schedule_cache_loan loan;
    if (!schedule_cache_borrow(service->schedules, schedule.dispenser_id, schedule.version, &loan))
        return false;
    schedule.bytes = loan.bytes;
    schedule.length = loan.length;
    if (answer_schedule(service, exchange, &schedule))
        exchange->reply.lent = (struct exchange_lent){ schedule_cache_give_back, loan.document };
    else
        schedule_cache_give_back(loan.document);
    return true;
}

static void answer_download(struct service *service, struct exchange *exchange,
                            struct download *download)
{
    struct rw_error err = { 0 };
    const struct dispensers_schedule *schedule = &download->schedule;
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { download, journal_download };
    if (!schedule->downloaded && !service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    schedule_cache_put(service->schedules, schedule->dispenser_id, schedule->version,
                       schedule->bytes, schedule->length);
    (void)answer_schedule(service, exchange, schedule); /* or its failure */
}

void handle_schedule_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct download download = { .dispenser = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &download, find_schedule };
    if (answer_remembered(service, exchange))
        return;
    if (!service_read(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    int64_t version = download.schedule.version;
    if (version > 0)
        schedule_cache_raise(service->schedules, download.dispenser, version);
    bool none = version == 0;
    if ((none && (exchange->resumed || wait_seconds(exchange) > 0)) ||
        is_known(exchange, version, &err)) {
        answer_unchanged(service, exchange, version);
    } else if (none) {
        (void)rw_error_set(&err, RW_NOT_FOUND, "", "nothing was released to this dispenser yet");
        respond_error(service, exchange, &err);
    } else {
        answer_download(service, exchange, &download);
    }
}

void handle_schedule_stream(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct download download = { .dispenser = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &download, find_schedule };
    int64_t version = service_is_fed(service)
                          ? schedule_cache_version(service->schedules, download.dispenser)
                          : 0;
    if (version == 0) {
        if (!service_read(service, &who, &work, &err)) {
            respond_error(service, exchange, &err);
            return;
        }
        version = download.schedule.version;
    }
    exchange->reply.content_type = "text/event-stream";
    exchange->reply.status = 200;
    exchange->reply.hold = EXCHANGE_STREAM;
    exchange->reply.stream_key = exchange->args[0];
    exchange->reply.stream_version = version;
}
