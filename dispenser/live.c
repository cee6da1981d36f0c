/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a dispenser in real time until it is told to stop. */
#define _POSIX_C_SOURCE 200809L
#include "dispenser/live.h"

#include <stdlib.h>
#include <time.h>

#include "core/base/crypto.h"
#include "core/base/random.h"
#include "dispenser/certificate.h"

#define LIVE_SECOND_MS 1000
#define LIVE_DAY_MS INT64_C(86400000)

struct live {
    struct device *device;
    const struct enrol_identity *identity;
    int64_t tended_ms; /* when its certificate was looked at */
    const volatile sig_atomic_t *stop;
    struct rw_random lots;
    bool broken;           /* the disk failed: `fault` says how */
    struct rw_error fault; /* first cause wins */
};

/* Network faults are the link's own business; anything else ends the run. */
static bool tolerate(struct live *live, bool done, const struct rw_error *fault)
{
    if (done || fault->code != RW_NO_MEMORY)
        return true;
    live->broken = true;
    (void)rw_error_set(&live->fault, fault->code, fault->at, "%s", fault->text);
    return false;
}

/* The clock is looked at; what that made is sent when the line is up. */
static bool watch(struct live *live)
{
    const struct loop_input input = { .act = LOOP_TICK };
    struct loop_result result;
    if (!device_step(live->device, &input, &result, &live->fault)) {
        live->broken = true;
        return false;
    }
    if (llabs(device_now_ms(live->device) - live->tended_ms) >= LIVE_DAY_MS) {
        live->tended_ms = device_now_ms(live->device);
        certificate_tend(live->identity, live->device);
    }
    return *live->stop == 0;
}

static bool sync_now(struct live *live)
{
    struct rw_error fault = { 0 };
    bool done = device_sync(live->device, &fault);
    if (!done)
        device_say(live->device, (struct device_note){ .what = "link",
                                                       .word = rw_error_id(fault.code),
                                                       .number = -1,
                                                       .text = fault.text });
    return tolerate(live, done, &fault) && done;
}

static bool on_version(void *self, int64_t version)
{
    struct live *live = self;
    if (version > device_state(live->device)->version)
        (void)sync_now(live); /* a failure ends the stream below, or is asked for again */
    return watch(live);
}

static bool on_idle(void *self)
{
    struct live *live = self;
    struct rw_error fault = { 0 };
    bool done = device_waiting(live->device) == 0 || device_post(live->device, &fault);
    return tolerate(live, done, &fault) && watch(live);
}

static void rest(struct live *live, int32_t rest_ms)
{
    int64_t half = rest_ms / 2;
    int64_t left_ms = half + (int64_t)rw_random_below(&live->lots, (uint64_t)half + 1);
    while (left_ms > 0 && watch(live)) {
        int64_t nap_ms = left_ms < LIVE_SECOND_MS ? left_ms : LIVE_SECOND_MS;
        const struct timespec nap = { .tv_sec = nap_ms / 1000, .tv_nsec = nap_ms % 1000 * 1000000 };
        (void)nanosleep(&nap, NULL); /* a signal that wakes us is looked at above */
        left_ms -= nap_ms;
    }
}

bool live_run(struct device *device, const struct enrol_identity *identity,
              const volatile sig_atomic_t *stop, struct rw_error *err)
{
    struct live live = {
        .device = device, .identity = identity, .stop = stop, .tended_ms = device_now_ms(device)
    };
    const struct device_ear ear = { .self = &live, .on_version = on_version, .on_idle = on_idle };
    uint64_t seed;
    int32_t rest_ms = LIVE_REST_MS_MIN;
    rw_crypto_random(&seed, sizeof seed);
    live.lots = rw_random_seeded(seed);
    while (watch(&live)) {
        struct rw_error fault = { 0 };
        bool heard = sync_now(&live) && device_listen(device, &ear, &fault);
        if (live.broken || *stop != 0)
            break;
        if (heard) {
            rest_ms = LIVE_REST_MS_MIN;
            continue;
        }
        rest(&live, rest_ms);
        rest_ms = rest_ms < LIVE_REST_MS_MAX / 2 ? rest_ms * 2 : LIVE_REST_MS_MAX;
    }
    return !live.broken || rw_error_set(err, live.fault.code, live.fault.at, "%s", live.fault.text);
}
