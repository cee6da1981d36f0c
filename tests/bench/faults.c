/* SPDX-License-Identifier: Apache-2.0 */
/* Judges bags with known faults and counts what is accepted. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
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
        printf(",\"named\":%lld", (long long)tally->named);
    }
    printf(",");
    print_rate("unsure", tally->unsure, tally->bags);
    printf(",\"unit\":\"bags\"}\n");
}

/* One worker judges every WORKERS-th roll and writes its tallies into the pipe. */
static int work(int worker, const struct judging_order *order, int pipe_end)
{
    struct judging_tally tallies[FAULTS_MAX + 1] = { { 0 } };
    struct judging *judging = NULL;
    struct rw_error err = { 0 };
    int64_t bags = 0;

    if (!judging_open(order, &judging, &err)) {
        fprintf(stderr, "faults: %s\n", err.text);
        return 1;
    }
    for (uint64_t roll = (uint64_t)worker; bags < order->bags / WORKERS; roll += WORKERS)
        if (!judging_roll(judging, order->seed * 1000003 + roll, tallies, &bags, &err)) {
            fprintf(stderr, "faults: roll %llu: %s: %s\n", (unsigned long long)roll, err.at,
                    err.text);
            return 1;
        }
    judging_close(judging);
    return write(pipe_end, tallies, sizeof tallies) == (ssize_t)sizeof tallies ? 0 : 1;
}

static bool gather(int pipe_end, struct judging_tally tallies[FAULTS_MAX + 1])
{
    struct judging_tally part[FAULTS_MAX + 1];
    for (int worker = 0; worker < WORKERS; worker++) {
        size_t have = 0;
        while (have < sizeof part) {
            ssize_t got = read(pipe_end, (char *)part + have, sizeof part - have);
            if (got <= 0)
                return false;
            have += (size_t)got;
        }
        for (size_t i = 0; i <= FAULTS_MAX; i++) {
            tallies[i].bags += part[i].bags;
            tallies[i].passed += part[i].passed;
            tallies[i].unsure += part[i].unsure;
            tallies[i].named += part[i].named;
        }
    }
    return true;
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

int main(int argc, char **argv)
{
    struct judging_tally tallies[FAULTS_MAX + 1] = { { 0 } };
    struct judging_order order;
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
        pid_t child = fork();
        if (child == 0)
            _exit(work(worker, &order, ends[1]));
        failed += child < 0;
    }
    close(ends[1]);
    failed += !gather(ends[0], tallies);
    for (int worker = 0; worker < WORKERS; worker++)
        (void)wait(NULL); /* what it had to say came through the pipe */
    if (failed > 0)
        return 5;
    print_tally("none", &tallies[FAULTS_MAX], true);
    struct judging_tally all = { 0 };
    for (size_t i = 0; i < FAULTS_MAX; i++) {
        print_tally(fault_word(faults_at(i)), &tallies[i], false);
        all.bags += tallies[i].bags;
        all.passed += tallies[i].passed;
        all.unsure += tallies[i].unsure;
        all.named += tallies[i].named;
    }
    print_tally("all", &all, false);
    return 0;
}
