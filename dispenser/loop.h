/* SPDX-License-Identifier: Apache-2.0 */
/* Decides what a dispenser does next: one pure step at a time. */
#ifndef RW_DISPENSER_LOOP_H
#define RW_DISPENSER_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/event.h"
#include "core/model/loading.h"
#include "core/model/roll.h"
#include "core/model/schedule.h"

#define LOOP_EVENTS_MAX (2 * SCHEDULE_BAGS_MAX + 8) /* due and missed for each bag, and a few */
#define LOOP_LOW_BAGS 8 /* bags left that are worth a word: two days of four moments (ours) */

/* What must survive a loss of power; store.h keeps it together with the events. All zero is a
 * dispenser that never held a roll. */
struct loop_state {
    int32_t version; /* of the schedule that was applied last; 0 = none */
    char roll[ROLL_NUMBER_MAX];
    int32_t roll_version;
    bool loaded;   /* a strip lies in the device and its first bag was checked */
    bool paused;   /* a person asked for it: nothing is handed out, nothing is missed */
    bool jammed;   /* jam, double feed or cut error: the strip cannot move until someone has cleared
                      it */
    bool retrying; /* the next bag was stuck: its release is a retry */
    bool low_told; /* of this roll */
    bool on_battery;         /* the mains are gone; bags are handed out all the same */
    int32_t next_n;          /* the next bag of the strip */
    int32_t released_last_n; /* the highest n handed out of this roll; 0 = none */
    int32_t due_n;           /* the bag whose moment was announced; 0 = none */
};

enum loop_act {
    LOOP_TICK,  /* time went by */
    LOOP_APPLY, /* a newer schedule was verified; it is the one handed in */
    LOOP_LOAD,  /* a person put a strip in: `code` and `code_next` are what the eye sees */
    LOOP_REMOVE,
    LOOP_TAKE,       /* the client takes the bag that is open now */
    LOOP_TAKE_EARLY, /* the client asks for the next bag before it opens */
    LOOP_PAUSE,
    LOOP_RESUME,
    LOOP_JAM,
    LOOP_MISFEED,     /* the strip did not move; the same bag is tried again when it is asked for */
    LOOP_DOUBLE_FEED, /* more than one bag may have left: nothing moves until somebody looked */
    LOOP_CUT_ERROR,   /* the cut went into a bag: the same */
    LOOP_LID_OPEN,    /* hands may be on the strip */
    LOOP_CLEAR,       /* the jam was cleared by hand; the strip is checked again before it moves */
    LOOP_POWER_LOST,  /* the mains went; the battery takes over */
    LOOP_POWER_RESTORED, /* they are back */
    LOOP_BATTERY,        /* the battery says that it is low or broken */
    LOOP_ACT_COUNT
};
struct loop_input {
    enum loop_act act;
    const char *dispenser; /* LOOP_LOAD: my own id */
    const char *code;
    const char *code_next;
};

/* A bag whose time is up is drawn into the machine's own compartment: missed, or withheld when it
 * was revoked or the dispenser is paused. The strip then shows the one behind it. */

/* An event without the numbers that the store gives it. */
struct loop_event {
    enum event_type type;
    enum event_cause cause;
    char serial[BAG_SERIAL_MAX];
    int64_t at_utc_ms;
};

/* Why nothing was done. */
enum loop_refusal {
    LOOP_DONE,
    LOOP_NO_SCHEDULE,
    LOOP_OLD_SCHEDULE, /* its version is lower than the one held */
    LOOP_NOT_LOADED,
    LOOP_IS_PAUSED,
    LOOP_IS_JAMMED,
    LOOP_NOT_OPEN,  /* no bag may be handed out at this time */
    LOOP_NOT_EARLY, /* the next bag may not leave before it opens */
    LOOP_TOO_EARLY, /* it may, but not so long before its moment */
    LOOP_OVER,      /* the schedule is no longer valid */
    LOOP_ALREADY,   /* it is paused, running, jammed or free already */
    LOOP_REFUSAL_COUNT
};

/* What one step gives: the state after it, what is to be reported, and the bag that leaves. The
 * caller stores state and events first and moves the strip only then. */
struct loop_result {
    struct loop_state state;
    struct loop_event events[LOOP_EVENTS_MAX];
    size_t event_count;
    enum loop_refusal refusal;
    enum loading_answer loading; /* of LOOP_LOAD */
    int32_t released_n;          /* the bag that is to be moved out; 0 = none */
};

/* `schedule` is NULL when none is held; its signature was good when it was stored. */
void loop_step(const struct schedule *schedule, const struct loop_state *state,
               const struct loop_input *input, int64_t now_utc_ms, struct loop_result *ret);
/* The next instant after `now` at which a tick changes something; INT64_MAX = none. */
int64_t loop_next_ms(const struct schedule *schedule, const struct loop_state *state,
                     int64_t now_utc_ms);
const char *loop_refusal_word(enum loop_refusal refusal); /* "not-open" … */

#endif
