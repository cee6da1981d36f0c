/* SPDX-License-Identifier: Apache-2.0 */
/* Makes rolls of orders in memory and tells how long it took. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/build_setup.h"
#include "core/base/crypto.h"
#include "core/base/date.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "labels/canvas.h"
#include "labels/layout.h"
#include "roll-builder/intake/intake.h"
#include "roll-builder/series.h"

#define INPUT_MEMORY_MAX (8192 * RW_ARENA_MIB)
#define CLIENT_MEMORY_MAX (512 * RW_ARENA_MIB)
#define JOBS_MAX 16
#define ROUNDS_MAX 1000
#define DAYS 7
#define FROM "2026-11-23"
#define NUMBER "482913570"

/* One file, which is one client. */
struct bench_client {
    const char *name;
    const char *bytes;
    size_t length;
    const struct order **orders; /* filled when the time of reading is not asked for */
    size_t order_count;
};

struct bench {
    struct rw_arena *inputs;
    struct rw_arena *arena; /* of one client */
    struct build_setup setup;
    struct layout_desk desk;
    struct fits fits;
    struct window window;
    uint8_t key[RW_HMAC_KEY_BYTES];
    struct bench_client *clients;
    size_t count;
    bool from_json;
};

static double now(void)
{
    struct timespec at = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &at); /* it always exists here */
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static bool read_orders(const struct bench *bench, struct bench_client *client,
                        struct rw_arena *arena, struct rw_error *err)
{
    struct order_list list = { 0 };
    if (!intake_read(client->name, client->bytes, client->length, bench->setup.zone, arena, &list,
                     err))
        return false;
    client->order_count = list.count;
    client->orders = rw_arena_array(arena, list.count, sizeof *client->orders, err);
    for (size_t i = 0; client->orders != NULL && i < list.count; i++)
        client->orders[i] = &list.orders[i];
    return client->orders != NULL;
}

static bool read_inputs(struct bench *bench, char **paths, size_t count, struct rw_error *err)
{
    bench->clients = rw_arena_array(bench->inputs, count, sizeof *bench->clients, err);
    bench->count = count;
    for (size_t i = 0; bench->clients != NULL && i < count; i++) {
        struct bench_client *client = &bench->clients[i];
        char *bytes;
        client->name = paths[i];
        if (!rw_file_read(paths[i], RW_FILE_INPUT_MAX, bench->inputs, &bytes, &client->length, err))
            return false;
        client->bytes = bytes;
        if (!bench->from_json && !read_orders(bench, client, bench->inputs, err))
            return false;
    }
    return bench->clients != NULL;
}

/* Planned, audited and signed; of JSON also read, written and read back, as a build does. */
static bool make_roll(const struct bench *bench, struct bench_client *client, struct rw_error *err)
{
    const char *bytes;
    size_t length;
    struct roll *again;
    struct series series;
    const struct series_numbers none = { 0 }; /* a week of one client is one roll */
    if (bench->from_json && !read_orders(bench, client, bench->arena, err))
        return false;
    const struct plan_request request = { .client_id = client->orders[0]->client.id,
                                          .orders = client->orders,
                                          .order_count = client->order_count,
                                          .policy = &bench->setup.policy,
                                          .products = bench->setup.products,
                                          .media = bench->setup.media,
                                          .window = &bench->window,
                                          .number = NUMBER,
                                          .pharmacy_key = bench->key,
                                          .fits = &bench->fits };
    if (!series_plan(&request, &none, bench->arena, &series, err))
        return false;
    if (series.blocked || series.count != 1)
        return rw_error_set(err, RW_INVALID, "", "the file gives no roll");
    return !bench->from_json ||
           (roll_json_write(series.rolls[0], bench->arena, &bytes, &length, err) &&
            roll_json_read(bytes, length, bench->arena, &again, err));
}

static void work(const struct bench *bench, size_t job, size_t jobs, size_t rounds)
{
    struct rw_error err = { 0 };
    for (size_t i = job; i < rounds * bench->count; i += jobs) {
        struct bench_client *client = &bench->clients[i % bench->count];
        rw_arena_reset(bench->arena);
        if (!make_roll(bench, client, &err)) {
            fprintf(stderr, "%s: %s\n", client->name, err.text);
            _exit(1);
        }
    }
    _exit(0);
}

static bool run_jobs(const struct bench *bench, size_t jobs, size_t rounds, struct rw_error *err)
{
    const double begin = now();
    pid_t pids[JOBS_MAX];
    bool done = true;
    for (size_t i = 0; i < jobs; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            work(bench, i, jobs, rounds);
    }
    for (size_t i = 0; i < jobs; i++) {
        int status = 1;
        done = pids[i] > 0 && waitpid(pids[i], &status, 0) == pids[i] && status == 0 && done;
    }
    const double seconds = now() - begin;
    struct rusage used = { 0 };
    (void)getrusage(RUSAGE_CHILDREN, &used); /* it cannot fail for one's own */
    const double processor = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                             (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    if (!done)
        return rw_error_set(err, RW_BUG, "", "a process failed");
    struct rusage before = { 0 };
    (void)getrusage(RUSAGE_SELF, &before);
    printf("{\"rolls\":%zu,\"seconds\":%.6f,\"processor\":%.6f,\"peak_kib\":%ld,"
           "\"inputs_kib\":%ld}\n",
           rounds * bench->count, seconds, processor, used.ru_maxrss, before.ru_maxrss);
    return true;
}

static bool open_bench(struct bench *bench, char **argv, struct rw_error *err)
{
    bench->from_json = rw_text_equal(argv[1], "json");
    bench->setup.files = (struct build_files){ .policy = argv[4], .products = argv[5] };
    bench->inputs = rw_arena_open(INPUT_MEMORY_MAX);
    bench->arena = rw_arena_open(CLIENT_MEMORY_MAX);
    bench->setup.arena = bench->inputs;
    bench->window.days = DAYS;
    if (bench->inputs == NULL || bench->arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to start with");
    if (!rw_date_parse(FROM, &bench->window.from) || !rw_crypto_init(err) ||
        !build_setup_read(&bench->setup, err) || !canvas_open(&bench->desk.canvas, err))
        return false;
    bench->desk.media = bench->setup.media;
    bench->desk.fitted = rw_arena_alloc(bench->inputs, sizeof *bench->desk.fitted, err);
    bench->fits = layout_fits(&bench->desk);
    return bench->desk.fitted != NULL;
}

int main(int argc, char **argv)
{
    struct bench bench = { 0 };
    struct rw_error err = { 0 };
    int64_t jobs;
    int64_t rounds;
    if (argc < 7 || !rw_text_to_int(argv[2], 1, JOBS_MAX, &jobs) ||
        !rw_text_to_int(argv[3], 1, ROUNDS_MAX, &rounds)) {
        fprintf(stderr, "usage: build_rolls orders|json JOBS ROUNDS POLICY PRODUCTS FILE...\n");
        return 2;
    }
    const bool done = open_bench(&bench, argv, &err) &&
                      read_inputs(&bench, argv + 6, (size_t)argc - 6, &err) &&
                      run_jobs(&bench, (size_t)jobs, (size_t)rounds, &err);
    if (!done)
        fprintf(stderr, "build_rolls: %s %s\n", err.at, err.text);
    if (bench.desk.canvas != NULL)
        canvas_close(bench.desk.canvas);
    build_setup_close(&bench.setup);
    rw_arena_close(bench.arena);
    rw_arena_close(bench.inputs);
    return done ? 0 : 1;
}
