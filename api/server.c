/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the whole service in order, and stops it the other way. */
#define _GNU_SOURCE
#include "api/server.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/capacity.h"
#include "api/caretaker.h"
#include "api/complaint.h"
#include "api/config.h"
#include "api/custody.h"
#include "api/database.h"
#include "api/deliver.h"
#include "api/dispatch.h"
#include "api/downloads.h"
#include "api/fetch.h"
#include "api/gather.h"
#include "api/limiter.h"
#include "api/private_cluster.h"
#include "api/push.h"
#include "api/repeats.h"
#include "api/schedule_cache.h"
#include "api/seal.h"
#include "api/service.h"
#include "api/staff.h"
#include "api/supervisor.h"
#include "core/base/log.h"
#include "core/base/text.h"

#define DRAIN_STEPS 15 /* a third of a second */
#define DRAIN_STEP_MS 20
#define PEOPLE_THREADS 4
#define FEW_CONNECTIONS 2000 /* a limit of open files that nobody chose for a service */
#define NUMBER_MAX 16
#define HELPERS_MAX 6
#define TOKEN_FILE "administrator.token"
#define CODE_FILE "administrator.code"
#define STATE_MODE \
    0711 /* the database's account must get through; the keys have their own folder */

struct helper {
    struct service *service;
    void (*run)(struct service *service);
    pthread_t thread;
};

struct server {
    struct server_settings settings;
    struct rw_arena *arena;
    struct private_cluster *cluster;
    struct service service;
    struct helper helpers[HELPERS_MAX];
    size_t helper_count;
    int32_t files;     /* for connections */
    bool without_list; /* of keys for schedules, until this start */
};

/* Chains that were begun before there was a list of keys have ends signed by the key of schedules.
 */
static bool open_journal_keys(struct server *server, struct rw_error *err)
{
    const struct secrets *secrets = &server->service.secrets;
    struct keyring keys;
    const char *head = NULL;
    return seal_read_head(&server->service, server->arena, &head, err) &&
           key_files_open(&key_files_journal, secrets->folder,
                          head && secrets->has_first ? secrets->first_secret : NULL,
                          rw_clock_utc_ms(&server->settings.clock), server->arena, &keys, err);
}

static bool open_schedule_keys(struct server *server, struct rw_error *err)
{
    struct secrets *secrets = &server->service.secrets;
    struct keyring keys;
    if ((secrets->has_first && !key_files_adopt(&key_files_schedule, secrets->folder,
                                                secrets->first_secret, server->arena, err)) ||
        !key_files_open(&key_files_schedule, secrets->folder, NULL,
                        rw_clock_utc_ms(&server->settings.clock), server->arena, &keys, err))
        return false;
    return secrets_drop_first(secrets, err);
}

static bool find_schedule_keys(struct server *server, struct rw_error *err)
{
    struct rw_error gone = { 0 };
    server->without_list = !custody_check_schedules(&server->service, server->arena, &gone);
    if (!server->without_list || server->settings.takes_keys)
        return true;
    *err = gone;
    return false;
}

/* Early, so that the rest of a start is done meanwhile; after the key that a database elsewhere is
 * known by. */
static bool begin_database(struct server *server, struct rw_error *err)
{
    const struct server_settings *settings = &server->settings;
    return settings->database ||
           private_cluster_begin(settings->state_folder, settings->config.wal_archive,
                                 &settings->clock, server->arena, &server->cluster, err);
}

static bool finish_database(struct server *server, struct rw_error *err)
{
    const struct server_settings *settings = &server->settings;
    struct service *service = &server->service;
    return server->cluster ? database_open_own(service, server->cluster, server->arena, err)
                           : database_open(service, settings->database, settings->database_owner,
                                           server->arena, err);
}

static bool open_parts(struct server *server, struct rw_error *err)
{
    const struct server_settings *settings = &server->settings;
    struct service *service = &server->service;
    service->config = settings->config;
    return rw_file_make_folder(settings->state_folder, STATE_MODE, err) &&
           secrets_open(settings->state_folder, settings->hosts, rw_clock_utc_ms(&settings->clock),
                        server->arena, &service->secrets, err) &&
           begin_database(server, err) && open_journal_keys(server, err) &&
           find_schedule_keys(server, err) && open_schedule_keys(server, err) &&
           waiters_open(server->arena, &service->waiters, err) &&
           limiter_open(server->arena, service->config.requests_per_s, &service->limiter, err) &&
           repeats_open(server->arena, &service->strangers, err) &&
           repeats_open(server->arena, &service->complaints, err) &&
           contacts_open(server->arena, &service->contacts, err) &&
           downloads_open(server->arena, &service->downloads, err) &&
           queue_open(0, server->arena, &service->reports, err) &&
           queue_open(FETCH_JOIN_US, server->arena, &service->fetches, err) &&
           schedule_cache_open(server->arena, &service->schedules, err) &&
           console_open(server->arena, &service->console, err) &&
           (!settings->serves || canvas_open(&service->canvas, err)) &&
           finish_database(server, err) &&
           (!settings->serves || custody_check(service, server->arena, err)) &&
           staff_open(service, err);
}

bool server_open(const struct server_settings *settings, struct rw_arena *arena,
                 struct server **ret_server, struct rw_error *err)
{
    struct server *server = rw_arena_alloc(arena, sizeof *server, err);
    if (!server)
        return false;
    server->settings = *settings;
    server->arena = arena;
    server->service.clock = settings->clock;
    server->service.pharmacy = settings->pharmacy;
    memcpy(server->service.pharmacy_key, settings->pharmacy_key, RW_HMAC_KEY_BYTES);
    (void)pthread_mutex_init(&server->service.planning, NULL); /* default attributes: no failure */
    (void)pthread_mutex_init(&server->service.hashing, NULL);
    server->files = capacity_raise_files();
    if (!open_parts(server, err)) {
        server_close(server);
        return false;
    }
    *ret_server = server;
    return true;
}

static bool open_door(struct server *server, enum exchange_listener listener,
                      struct http **ret_http, struct rw_error *err)
{
    struct service *service = &server->service;
    bool devices = listener == EXCHANGE_DEVICES;
    const char *address = devices ? server->settings.listen_devices : server->settings.listen;
    int given = supervisor_socket(devices ? "devices" : "people");
    if (given >= 0)
        address = rw_arena_format(server->arena, err, "fd:%d", given);
    if (!address)
        return false;
    const struct http_settings settings = {
        .listener = listener,
        .address = address,
        .key_pem = service->secrets.server_key_pem,
        .cert_pem = service->secrets.server_cert_pem,
        .client_ca_pem = devices ? service->secrets.ca_cert_pem : NULL,
        .tickets_key = service->secrets.tickets_key,
        .port = dispatch_port(service),
        .clock = service->clock,
        .waiters = service->waiters,
        .handshakes_per_address = service->config.handshakes_per_address,
        .connections = capacity_connections(server->files, listener),
        .threads = devices ? capacity_device_threads() : PEOPLE_THREADS,
    };
    return http_open(&settings, server->arena, ret_http, err);
}

static void *helper_main(void *self)
{
    const struct helper *helper = self;
    helper->run(helper->service);
    return NULL;
}

static bool start_helper(struct server *server, void (*run)(struct service *), struct rw_error *err)
{
    struct helper *helper = &server->helpers[server->helper_count];
    *helper = (struct helper){ .service = &server->service, .run = run };
    if (pthread_create(&helper->thread, NULL, helper_main, helper) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not start a thread");
    server->helper_count++;
    return true;
}

/* With how many connections each door takes: who plans for more raises the limit of open files. */
static void log_start(const struct server *server, const struct server_places *places)
{
    char devices[NUMBER_MAX];
    char people[NUMBER_MAX];
    int32_t count = capacity_connections(server->files, EXCHANGE_DEVICES);
    (void)snprintf(devices, sizeof devices, "%" PRId32, count);
    (void)snprintf(people, sizeof people, "%" PRId32,
                   capacity_connections(server->files, EXCHANGE_PEOPLE));
    const struct rw_log_field fields[] = { { "listen", places->listen },
                                           { "devices", places->devices },
                                           { "connections_of_devices", devices },
                                           { "connections_of_people", people },
                                           { 0 } };
    const struct rw_log_field few[] = { { "connections_of_devices", devices }, { 0 } };
    rw_log(&server->service.clock, RW_LOG_NOTE, "service-started", fields);
    if (count < FEW_CONNECTIONS)
        rw_log(&server->service.clock, RW_LOG_WARN, "few-files-may-be-open", few);
}

bool server_start(struct server *server, struct server_places *ret_places, struct rw_error *err)
{
    struct service *service = &server->service;
    if (!open_door(server, EXCHANGE_DEVICES, &service->devices, err) ||
        !open_door(server, EXCHANGE_PEOPLE, &service->people, err) ||
        !start_helper(server, push_run, err) || !start_helper(server, gather_run, err) ||
        !start_helper(server, fetch_run, err) ||
        !start_helper(server, caretaker_run_database, err) ||
        !start_helper(server, caretaker_run_connections, err) ||
        !start_helper(server, deliver_run, err))
        return false;
    struct server_places places = { .listen = http_address(service->people),
                                    .devices = http_address(service->devices),
                                    .ca_path = service->secrets.ca_path };
    if (!rw_file_join(places.token_path, service->secrets.folder, TOKEN_FILE, err) ||
        !rw_file_join(places.code_path, service->secrets.folder, CODE_FILE, err))
        return false;
    log_start(server, &places);
    supervisor_tell("READY=1");
    *ret_places = places;
    return true;
}

const char *server_own_database(const struct server *server)
{
    return server->cluster ? private_cluster_owner(server->cluster) : NULL;
}

/* One that ends as often as it starts is told once a minute, and how often it was. */
static void bring_back(struct server *server)
{
    struct rw_error err = { 0 };
    complaint_log(&server->service, RW_LOG_FAULT, "database-ended", NULL, NULL);
    if (!private_cluster_restart(server->cluster, &err))
        complaint_log(&server->service, RW_LOG_FAULT, "database-not-started", &err, NULL);
}

void server_run(struct server *server)
{
    const struct timespec wait = { .tv_nsec = SERVER_SIGNAL_WAIT_MS * 1000000L };
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    while (sigtimedwait(&signals, NULL, &wait) < 0) { /* ends with a signal */
        supervisor_beat();
        if (server->cluster && private_cluster_has_ended(server->cluster))
            bring_back(server);
    }
    supervisor_tell("STOPPING=1");
    rw_log(&server->service.clock, RW_LOG_NOTE, "service-stopping", NULL);
}

bool server_check_journal(struct server *server, struct journal_report *ret_report,
                          struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open((size_t)64 * RW_ARENA_MIB);
    int64_t sealed = JOURNAL_PAGE;
    bool is_ours = false;
    if (!arena)
        (void)rw_error_set(err, RW_NO_MEMORY, "", "no memory to check the journal");
    bool done = arena && custody_is_ours(&server->service, arena, &is_ours, err);
    while (done && is_ours && sealed == JOURNAL_PAGE) { /* each round seals a page */
        rw_arena_reset(arena);
        done = seal_journal(&server->service, 0, arena, &sealed, err);
    }
    done = done && seal_check(&server->service, arena, ret_report, err);
    rw_arena_close(arena);
    return done;
}

bool server_take_keys(struct server *server, bool *ret_taken, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open((size_t)64 * RW_ARENA_MIB);
    bool done = arena ? custody_take(&server->service, arena, ret_taken, err)
                      : rw_error_set(err, RW_NO_MEMORY, "", "no memory to seal the journal");
    rw_arena_close(arena);
    if (done)
        *ret_taken = *ret_taken || server->without_list;
    return done;
}

/* Each answer from now on says that it is the last on its connection: whoever is busy hears it, and
 * asks the next node or the next start of this one. */
static void drain(const struct service *service)
{
    const struct timespec step = { .tv_nsec = DRAIN_STEP_MS * 1000000L };
    for (int i = 0; i < DRAIN_STEPS; i++) {
        if ((!service->people || http_is_empty(service->people)) &&
            (!service->devices || http_is_empty(service->devices)))
            return;
        (void)nanosleep(&step, NULL);
    }
}

/* Doors first, then those who wait, then the helpers, then the database. */
void server_close(struct server *server)
{
    struct service *service = &server->service;
    atomic_store(&service->stopping, true);
    if (service->people)
        http_quiesce(service->people);
    if (service->devices)
        http_quiesce(service->devices);
    drain(service);
    for (size_t i = 0; i < server->helper_count; i++)
        (void)pthread_join(server->helpers[i].thread, NULL);
    if (service->waiters)
        waiters_end(service->waiters);
    if (service->people)
        http_close(service->people);
    if (service->devices)
        http_close(service->devices);
    canvas_close(service->canvas);
    pool_close(service->pool);
    private_cluster_close(server->cluster);
    if (service->waiters)
        waiters_close(service->waiters);
    if (service->limiter)
        limiter_close(service->limiter);
    if (service->strangers)
        repeats_close(service->strangers);
    if (service->complaints)
        repeats_close(service->complaints);
    if (service->contacts)
        contacts_close(service->contacts);
    if (service->downloads)
        downloads_close(service->downloads);
    if (service->reports)
        queue_close(service->reports);
    if (service->fetches)
        queue_close(service->fetches);
    if (service->schedules)
        schedule_cache_close(service->schedules);
    secrets_close(&service->secrets);
    rw_crypto_wipe(service->pharmacy_key, RW_HMAC_KEY_BYTES);
    (void)pthread_mutex_destroy(&service->planning);
    (void)pthread_mutex_destroy(&service->hashing);
    if (server->helper_count > 0)
        rw_log(&service->clock, RW_LOG_NOTE, "service-stopped", NULL);
}
