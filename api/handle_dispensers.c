/* SPDX-License-Identifier: Apache-2.0 */
/* What dispensers download and wait for. */
#include "api/downloads.h"
#include "api/fetch.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/schedule_cache.h"
#include "api/service.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "db/dispensers.h"

#define WAIT_S_MAX 55
#define TAG_MAX 32     /* a number and what is around it */
#define JITTER_MS 2000 /* so that those who wait together do not come back together */

/* What is kept of a question that sleeps: it may ask the table, wait for something newer, and ask
 * once more. */
struct visit {
    struct fetch fetch;
    struct waiters *waiters;
    struct waiter waiter;
    bool fetching;
    bool waited;
};

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
    struct visit *visit = self;
    visit->waiter.self = connection;
    visit->waiter.resume = resume;
    return waiters_add(visit->waiters, &visit->waiter);
}

/* NULL: the reply says that there is no memory. */
static struct visit *visit_of(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct visit *visit = exchange->parked;
    if (visit)
        return visit;
    visit = rw_arena_alloc(exchange->arena, sizeof *visit, &err);
    if (!visit) {
        respond_error(service, exchange, &err);
        return NULL;
    }
    visit->waiters = service->waiters;
    visit->fetch = (struct fetch){ .queue = service->fetches,
                                   .arena = exchange->arena,
                                   .dispenser = exchange->args[0] };
    exchange->parked = visit;
    return visit;
}

static void sleep_for(struct service *service, struct exchange *exchange, int64_t version,
                      int64_t seconds)
{
    struct rw_random random = rw_random_seeded((uint64_t)exchange->now_ms);
    int64_t hold_ms = seconds * 1000 - (int64_t)rw_random_below(&random, JITTER_MS) / 2;
    struct visit *visit = visit_of(service, exchange);
    if (!visit)
        return;
    visit->waited = true;
    visit->waiter = (struct waiter){ .version = version };
    visit->waiter.deadline_ms = rw_clock_monotonic_ms(&service->clock) + hold_ms;
    (void)rw_text_copy(visit->waiter.key, sizeof visit->waiter.key, exchange->args[0]);
    exchange->reply.hold = EXCHANGE_PARK;
    exchange->reply.park = (struct exchange_park){ visit, start_waiting };
}

static bool has_waited(const struct exchange *exchange)
{
    const struct visit *visit = exchange->parked;
    return visit && visit->waited;
}

/* Waiting starts only for a caller that has what holds now, and once. */
static void answer_unchanged(struct service *service, struct exchange *exchange, int64_t version)
{
    int64_t seconds = wait_seconds(exchange);
    if (has_waited(exchange))
        exchange_reply_empty(exchange, 204);
    else if (seconds > 0)
        sleep_for(service, exchange, version, seconds);
}

static const char *tag_of(struct exchange *exchange, int64_t version, struct rw_error *err)
{
    struct rw_text text;
    const char *tag = NULL;
    rw_text_init(&text, exchange->arena, TAG_MAX);
    rw_text_add(&text, "\"v");
    rw_text_add_int(&text, version);
    rw_text_add_char(&text, '"');
    return rw_text_finish(&text, &tag, err) ? tag : NULL;
}

static bool is_known(struct exchange *exchange, int64_t version, struct rw_error *err)
{
    const char *tag = tag_of(exchange, version, err);
    return tag && respond_not_modified(exchange, tag);
}

static bool answer_schedule(struct service *service, struct exchange *exchange,
                            const struct dispensers_schedule *schedule)
{
    struct rw_error err = { 0 };
    const char *tag = tag_of(exchange, schedule->version, &err);
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
    if (!service_is_fed(service, exchange->clock_ms))
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
                            const struct dispensers_schedule *schedule)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    if (!downloads_record(service, &who, schedule, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    schedule_cache_put(service->schedules, schedule->dispenser_id, schedule->version,
                       schedule->bytes, schedule->length);
    (void)answer_schedule(service, exchange, schedule); /* or its failure */
}

/* What the table said. */
static void answer_fetched(struct service *service, struct exchange *exchange, struct fetch *fetch)
{
    struct rw_error err = { 0 };
    int64_t version = fetch->schedule.version;
    bool none = version == 0;
    if (!fetch->done)
        (void)rw_error_set(&err, RW_UNAVAILABLE, "", "the service answers no more just now");
    else if (fetch->failure.code != RW_OK)
        err = fetch->failure;
    if (err.code != RW_OK) {
        respond_error(service, exchange, &err);
        return;
    }
    if (version > 0)
        schedule_cache_raise(service->schedules, fetch->dispenser, version);
    if ((none && (has_waited(exchange) || wait_seconds(exchange) > 0)) ||
        is_known(exchange, version, &err)) {
        answer_unchanged(service, exchange, version);
    } else if (none) {
        (void)rw_error_set(&err, RW_NOT_FOUND, "", "nothing was released to this dispenser yet");
        respond_error(service, exchange, &err);
    } else {
        answer_download(service, exchange, &fetch->schedule);
    }
}

void handle_schedule_get(struct service *service, struct exchange *exchange)
{
    struct visit *visit = exchange->parked;
    if (visit && visit->fetching) {
        visit->fetching = false;
        answer_fetched(service, exchange, &visit->fetch);
        return;
    }
    if (answer_remembered(service, exchange))
        return;
    visit = visit_of(service, exchange);
    if (!visit)
        return;
    visit->fetching = true;
    exchange->reply.hold = EXCHANGE_PARK;
    exchange->reply.park = (struct exchange_park){ &visit->fetch, fetch_add };
}

struct newest {
    const char *dispenser;
    int64_t version;
};

static bool find_version(void *self, const struct scope *scope, struct rw_error *err)
{
    struct newest *newest = self;
    return dispensers_find_version(scope, newest->dispenser, &newest->version, err);
}

void handle_schedule_stream(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct newest newest = { .dispenser = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &newest, find_version };
    if (service_is_fed(service, exchange->clock_ms))
        newest.version = schedule_cache_version(service->schedules, newest.dispenser);
    if (newest.version == 0 && !service_read(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange->reply.content_type = "text/event-stream";
    exchange->reply.status = 200;
    exchange->reply.hold = EXCHANGE_STREAM;
    exchange->reply.stream_key = exchange->args[0];
    exchange->reply.stream_version = newest.version;
}
