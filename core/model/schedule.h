/* SPDX-License-Identifier: Apache-2.0 */
/* What a dispenser downloads: when it may hand out which bag. */
#ifndef RW_CORE_MODEL_SCHEDULE_H
#define RW_CORE_MODEL_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/crypto.h"
#include "core/base/zone.h"
#include "core/model/bag.h"

#define SCHEDULE_BAGS_MAX 100 /* more is the next roll; those of `before` count too */
#define SCHEDULE_REVOKED_MAX 256
#define SCHEDULE_REMINDERS_MAX 64
#define SCHEDULE_PAUSES_MAX 8
/* Five hours: the most that a dispenser on the market offers. */
#define SCHEDULE_EARLY_MAX_MIN 300
#define SCHEDULE_BYTES_MAX 32768 /* of the whole signed document */

struct schedule_bag {
    int32_t n;
    const char *serial;
    struct rw_stamp at;
    struct rw_stamp opens;  /* earliest release without a person's act */
    struct rw_stamp closes; /* after this it is missed */
    bool exact;
    bool early; /* may be taken early (day away) */
    /* The client may take it by hand so many minutes before `at`, alone and outside any absence;
     * 0 = not before it opens. Never reaches the moment before. */
    int32_t early_min;
    int32_t pieces;
    const char *tag; /* the code's tag digits */
};
struct schedule_reminder {
    struct rw_stamp at;
    const char *text;
};

/* The client is not at home: bags whose moment lies in it are withheld, unless they were taken
 * along before it. */
struct schedule_pause {
    struct rw_stamp from;  /* this minute is part of it */
    struct rw_stamp until; /* this one is not; nothing where it is open */
    bool open;             /* until somebody says that the client is back */
};

/* Texts are borrowed. */
struct schedule {
    const char *dispenser;
    int32_t version; /* rises with every change; a dispenser refuses a lower one */
    const char *roll;
    int32_t roll_version;
    const char *client;   /* pseudonym */
    const char *released; /* UTC with milliseconds */
    const char *zone;
    uint8_t roll_key[RW_HMAC_KEY_BYTES];
    const char *media;
    int32_t first; /* n of the first bag of this schedule */
    int32_t last;
    int32_t alarm_after_min;
    const char *pharmacy;
    const char *not_after;     /* UTC; after this nothing may be handed out */
    const char *next_roll_due; /* planned-time form */
    struct schedule_bag *bags;
    size_t bag_count;
    const char **revoked; /* serials */
    size_t revoked_count;
    struct schedule_reminder *reminders;
    size_t reminder_count;
    struct schedule_pause *pauses; /* of both parts */
    size_t pause_count;
    /* What of another roll is still handed out before the first of these bags: a roll that runs
     * out, or of which only a part was replaced. NULL = nothing. Its own roll, roll_version,
     * roll_key, media, bags, first and last; all else is this schedule's. */
    const struct schedule *before;
};

const struct schedule_bag *schedule_bag_find(const struct schedule *schedule, const char *serial);
/* The pause that a moment lies in; NULL = none. */
const struct schedule_pause *schedule_pause_of(const struct schedule *schedule, int64_t utc_minute);
/* UTC milliseconds from which the bag may leave, whoever asks. */
int64_t schedule_leaves_ms(const struct schedule_bag *bag);
bool schedule_is_revoked(const struct schedule *schedule, const char *serial);

#endif
