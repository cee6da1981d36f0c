/* SPDX-License-Identifier: Apache-2.0 */
/* One dispenser: its decisions, its memory and its link, put together. */
#ifndef RW_DISPENSER_DEVICE_H
#define RW_DISPENSER_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/event.h"
#include "core/net/enrol.h"
#include "dispenser/loop.h"

/* Something that a person or a test may want to see. Texts are borrowed for the call. */
struct device_note {
    int64_t at_utc_ms;
    const char *what; /* "event" "release" "refused" "loading" "schedule" "sync" "link" … */
    const char *word; /* one word more, or NULL */
    const struct event *event; /* of "event" */
    int32_t n;                 /* a bag; 0 = none */
    int64_t version;           /* of a schedule; 0 = none */
    int64_t number;            /* events stored, milliseconds …, by `what`; -1 = none */
    const char *text;          /* a sentence, or NULL */
};
/* The port through which a dispenser speaks. */
struct device_voice {
    void *self;
    void (*say)(void *self, const struct device_note *note);
};

struct device_settings {
    const char *state_folder;
    const struct enrol_identity *identity; /* borrowed as long as the device */
    struct rw_clock clock;
    struct device_voice voice;
};
struct device;

/* Reads what was kept: after loss of power it goes on where it was. */
RW_MUST_USE bool device_open(const struct device_settings *settings, struct device **ret_device,
                             struct rw_error *err);
void device_close(struct device *device);

/* One step of the loop at the time of the clock. What it decides is on the disk before it is said;
 * false: the disk could not take it, and nothing was moved. */
RW_MUST_USE bool device_step(struct device *device, const struct loop_input *input,
                             struct loop_result *ret_result, struct rw_error *err);
/* Asks for a newer schedule and sends the events that wait. RW_UNAVAILABLE without a network:
 * everything goes on from what is kept. */
RW_MUST_USE bool device_sync(struct device *device, struct rw_error *err);
/* The first half of it alone. Done once before listening, it also opens the connection on which a
 * pushed schedule is then downloaded. */
RW_MUST_USE bool device_refresh(struct device *device, struct rw_error *err);
/* The second half: sends the events that wait. */
RW_MUST_USE bool device_post(struct device *device, struct rw_error *err);
/* Waits on the stream; `on_version` hears each version that the service names, `on_idle` is called
 * about once a second; either ends the waiting with false. */
struct device_ear {
    void *self;
    bool (*on_version)(void *self, int64_t version);
    bool (*on_idle)(void *self);
};
RW_MUST_USE bool device_listen(struct device *device, const struct device_ear *ear,
                               struct rw_error *err);
/* Pulls the network cable, or puts it back. */
void device_cut(struct device *device, bool cut);

const struct loop_state *device_state(const struct device *device);
const struct schedule *device_schedule(const struct device *device); /* NULL = none */
int64_t device_next_ms(const struct device *device);
size_t device_waiting(const struct device *device);
int64_t device_newest(const struct device *device);
int64_t device_now_ms(const struct device *device);
void device_say(const struct device *device, struct device_note note);

#endif
