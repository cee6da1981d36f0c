/* SPDX-License-Identifier: Apache-2.0 */
/* Judges bags with known faults and counts what is accepted. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/model/tag.h"
#include "tests/support/judging.h"

#define BAGS_USUAL 600
#define BAGS_MAX 1000000
#define WORKERS 2
#define TAIL 0.025 /* of each side of a 95 % interval */
#define HALVINGS 60
#define TALLIES (FAULTS_MAX + 1)
#define SHOW_EVERY 250 /* bags, where no terminal listens */

static volatile sig_atomic_t stopped;

/* P(X <= k) of n draws, each true with probability p. */
static double at_most(int64_t k, int64_t n, double p)
{
    double sum = 0;
    for (int64_t i = 0; i <= k; i++)
        sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) +
                   (double)i * log(p) + (double)(n - i) * log1p(-p));
    return sum;
}

/* The p under which at most k of n would be as rare as `tail`. */
static double solve(int64_t k, int64_t n, double tail)
{
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (at_most(k, n, middle) > tail)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Clopper and Pearson, Biometrika 26 (1934): the exact bounds of a proportion. */
static void print_rate(const char *name, int64_t k, int64_t n)
{
    double low = k == 0 ? 0 : solve(k - 1, n, 1 - TAIL);
    double high = k == n ? 1 : solve(k, n, TAIL);
    printf("\"%s\":%lld,\"%s_95\":[%.5f,%.5f]", name, (long long)k, name, n > 0 ? low : 0,
           n > 0 ? high : 1);
}

static void print_tally(const char *kind, const struct judging_tally *tally, bool is_good)
{
    printf("{\"bench\":\"faults\",\"kind\":\"%s\",\"bags\":%lld,", kind, (long long)tally->bags);
    if (is_good) {
        print_rate("rejected", tally->bags - tally->passed - tally->unsure, tally->bags);
    } else {
        print_rate("accepted", tally->passed, tally->bags);
        printf(",\"budget\":0");
        printf(",\"named\":%lld", (long long)tally->named);
    }
    printf(",");
    print_rate("unsure", tally->unsure, tally->bags);
    printf(",\"unit\":\"bags\"}\n");
}

/* One worker judges every WORKERS-th roll and writes the tallies of each into the pipe. */
static int work(int worker, const struct judging_order *order, int pipe_end)
{
    struct judging *judging = NULL;
    struct rw_error err = { 0 };
    int64_t bags = 0;

    if (!judging_open(order, &judging, &err)) {
        fprintf(stderr, "faults: %s\n", err.text);
        return 1;
    }
    for (uint64_t roll = (uint64_t)worker; bags < order->bags / WORKERS; roll += WORKERS) {
        struct judging_tally tallies[TALLIES] = { { 0 } };
        if (!judging_roll(judging, order->seed * 1000003 + roll, tallies, &bags, &err)) {
            fprintf(stderr, "faults: roll %llu: %s: %s\n", (unsigned long long)roll, err.at,
                    err.text);
            return 1;
        }
        if (write(pipe_end, tallies, sizeof tallies) != (ssize_t)sizeof tallies)
            return 1;
    }
    judging_close(judging);
    return 0;
}

static void add_tally(struct judging_tally *to, const struct judging_tally *part)
{
    to->bags += part->bags;
    to->passed += part->passed;
    to->unsure += part->unsure;
    to->named += part->named;
}

/* Says how far it is: at a terminal after each roll, else now and then. */
static void show_progress(const struct judging_order *order,
                          const struct judging_tally tallies[TALLIES], int64_t *shown)
{
    const struct judging_tally *good = &tallies[FAULTS_MAX];
    struct judging_tally faulty = { 0 };
    bool live = isatty(STDERR_FILENO) == 1;
    for (size_t i = 0; i < FAULTS_MAX; i++)
        add_tally(&faulty, &tallies[i]);
    int64_t bags = faulty.bags + good->bags;
    if (bags < *shown + (live ? 1 : SHOW_EVERY))
        return;
    *shown = bags;
    fprintf(stderr,
            "%s%lld of %lld bags: %lld of %lld with a fault accepted, %lld of %lld good ones not%s",
            live ? "\r" : "", (long long)bags, (long long)order->bags, (long long)faulty.passed,
            (long long)faulty.bags, (long long)(good->bags - good->passed), (long long)good->bags,
            live ? "\033[K" : "\n");
}

/* Adds up what the workers write until all have ended, or somebody wants no more. */
static bool gather(int pipe_end, const struct judging_order *order,
                   struct judging_tally tallies[TALLIES])
{
    struct judging_tally part[TALLIES];
    int64_t shown = 0;
    size_t have = 0;
    while (!stopped) {
        ssize_t got = read(pipe_end, (char *)part + have, sizeof part - have);
        if (got == 0)
            break;
        if (got < 0)
            continue; /* a signal: the loop's condition knows */
        have += (size_t)got;
        if (have < sizeof part)
            continue;
        have = 0;
        for (size_t i = 0; i < TALLIES; i++)
            add_tally(&tallies[i], &part[i]);
        show_progress(order, tallies, &shown);
    }
    return have == 0 || stopped;
}

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

/* Interrupted or terminated, it prints what was judged so far. */
static void watch_signals(void)
{
    struct sigaction action = { 0 };
    action.sa_handler = stop;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

static bool read_order(int argc, char **argv, struct judging_order *ret_order)
{
    int64_t seed = 1;
    *ret_order = (struct judging_order){ .bags = BAGS_USUAL, .style = PHOTO_ANY };
    if (argc > 4 || (argc > 1 && !rw_text_to_int(argv[1], 1, BAGS_MAX, &ret_order->bags)) ||
        (argc > 2 && !rw_text_to_int(argv[2], 0, 1000000, &seed)))
        return false;
    ret_order->seed = (uint64_t)seed;
    if (argc > 3)
        ret_order->style = strcmp(argv[3], "usual") == 0 ? PHOTO_USUAL : PHOTO_ANY;
    return true;
}

static bool print_all(const struct judging_tally tallies[TALLIES])
{
    struct judging_tally all = { 0 };
    print_tally("none", &tallies[FAULTS_MAX], true);
    for (size_t i = 0; i < FAULTS_MAX; i++) {
        print_tally(fault_word(faults_at(i)), &tallies[i], false);
        add_tally(&all, &tallies[i]);
    }
    print_tally("all", &all, false);
    return all.passed == 0;
}

int main(int argc, char **argv)
{
    struct judging_tally tallies[TALLIES] = { { 0 } };
    struct judging_order order;
    pid_t children[WORKERS];
    int ends[2];
    int failed = 0;

    if (!read_order(argc, argv, &order)) {
        /* The looks are those of tests/support/photo.h. */
        fputs("usage: faults [BAGS [SEED [usual|any]]]\n", stderr);
        return 2;
    }
    if (pipe(ends) != 0)
        return 4;
    for (int worker = 0; worker < WORKERS; worker++) {
        children[worker] = fork();
        if (children[worker] == 0)
            _exit(work(worker, &order, ends[1]));
        failed += children[worker] < 0;
    }
    close(ends[1]);
    watch_signals();
    failed += !gather(ends[0], &order, tallies);
    for (int worker = 0; worker < WORKERS; worker++) {
        int status = 0;
        if (stopped && children[worker] > 0)
            (void)kill(children[worker], SIGTERM);
        failed += children[worker] > 0 && waitpid(children[worker], &status, 0) > 0 &&
                  status != 0 && !stopped;
    }
    bool is_good = print_all(tallies);
    return failed > 0 || stopped ? 5 : is_good ? 0 : 1;
}
