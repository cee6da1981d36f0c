/* SPDX-License-Identifier: Apache-2.0 */
/* Drives a dispenser by lines of JSON, with a clock that jumps. */
#include "dispenser/script.h"

#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_time.h"
#include "core/json/roll_json.h"

#define SCRIPT_LINE_ARENA (64 * RW_ARENA_MIB) /* a line may name a roll file */
#define SCRIPT_WAIT_MS_MAX 600000

struct script {
    struct device *device;
    struct script_clock *clock;
    struct rw_arena *arena; /* of one line */
    bool good;
};

static int64_t utc_ms_of(void *self)
{
    struct script_clock *clock = self;
    return clock->simulated ? clock->utc_ms : rw_clock_utc_ms(&clock->real);
}

static int64_t monotonic_ms_of(void *self)
{
    struct script_clock *clock = self;
    return rw_clock_monotonic_ms(&clock->real);
}

struct rw_clock script_clock_port(struct script_clock *clock)
{
    return (struct rw_clock){ .self = clock, .utc_ms = utc_ms_of, .monotonic_ms = monotonic_ms_of };
}

static bool step(struct script *script, enum loop_act act, struct rw_error *err)
{
    const struct loop_input input = { .act = act };
    struct loop_result result;
    return device_step(script->device, &input, &result, err);
}

static bool read_instant(const struct json *line, const char *name, int64_t *ret_utc_ms,
                         struct rw_error *err)
{
    return json_time_utc(line, name, ret_utc_ms, err);
}

/* {"at":T}: the clock shows T now, as after a loss of power; what happened meanwhile is late. */
static bool do_at(struct script *script, const struct json *line, struct rw_error *err)
{
    int64_t utc_ms;
    if (!read_instant(line, "at", &utc_ms, err))
        return false;
    if (script->clock->simulated && utc_ms < script->clock->utc_ms)
        return json_refuse(json_member(line, "at"), "a clock does not go back", err);
    script->clock->simulated = true;
    script->clock->utc_ms = utc_ms;
    return step(script, LOOP_TICK, err);
}

/* {"do":"until","at":T}: time goes by, and everything happens at its own moment. */
static bool do_until(struct script *script, const struct json *line, struct rw_error *err)
{
    int64_t until_ms;
    if (!read_instant(line, "at", &until_ms, err))
        return false;
    int64_t now_ms = device_now_ms(script->device);
    if (until_ms < now_ms)
        return json_refuse(json_member(line, "at"), "a clock does not go back", err);
    script->clock->simulated = true;
    script->clock->utc_ms = now_ms;
    for (int i = 0; i < SCRIPT_STEPS_MAX; i++) {
        int64_t next_ms = device_next_ms(script->device);
        if (next_ms > until_ms)
            break;
        script->clock->utc_ms = next_ms;
        if (!step(script, LOOP_TICK, err))
            return false;
    }
    script->clock->utc_ms = until_ms;
    return step(script, LOOP_TICK, err);
}

/* The codes of a strip that begins with bag `n` of a roll file. */
static bool codes_of_roll(struct script *script, const char *path, int32_t n,
                          struct loop_input *input, struct rw_error *err)
{
    char *bytes;
    size_t length;
    struct roll *roll;
    if (!rw_file_read(path, ROLL_JSON_BYTES_MAX, script->arena, &bytes, &length, err) ||
        !roll_json_read(bytes, length, script->arena, &roll, err))
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (roll->bags[i].n == n)
            input->code = roll->bags[i].code;
        if (roll->bags[i].n == n + 1)
            input->code_next = roll->bags[i].code;
    }
    return input->code != NULL ||
           rw_error_set(err, RW_INVALID, "/bag", "the roll has no bag %d", (int)n);
}

/* {"do":"load","code":C,"next":C} or {"do":"load","roll":FILE,"bag":N}. */
static bool do_load(struct script *script, const struct json *line, struct rw_error *err)
{
    struct loop_input input = { .act = LOOP_LOAD };
    struct loop_result result;
    const char *roll;
    int64_t n;
    int32_t next_n = device_state(script->device)->next_n;
    if (!json_text_or(line, "code", NULL, &input.code, err) ||
        !json_text_or(line, "next", NULL, &input.code_next, err) ||
        !json_text_or(line, "roll", NULL, &roll, err) ||
        !json_int_or(line, "bag", 0, ROLL_BAGS_MAX, next_n, &n, err))
        return false;
    if (roll != NULL && !codes_of_roll(script, roll, (int32_t)n, &input, err))
        return false;
    return device_step(script->device, &input, &result, err);
}

static void say(const struct script *script, const char *what, const char *word, int64_t number)
{
    device_say(script->device,
               (struct device_note){ .what = what, .word = word, .number = number });
}

/* A talk that the network spoils is told and does not stop the script. */
static bool do_sync(struct script *script, struct rw_error *err)
{
    struct rw_error fault = { 0 };
    if (device_sync(script->device, &fault)) {
        say(script, "sync", "done", (int64_t)device_waiting(script->device));
        return true;
    }
    device_say(script->device, (struct device_note){ .what = "sync",
                                                     .word = rw_error_id(fault.code),
                                                     .number = -1,
                                                     .text = fault.text });
    return fault.code == RW_UNAVAILABLE || fault.code == RW_CONFLICT ||
           rw_error_set(err, fault.code, fault.at, "%s", fault.text);
}

/* One wait for a pushed schedule. */
struct waiting {
    struct script *script;
    int64_t version;
    int64_t deadline_ms; /* monotonic */
    int64_t heard_utc_ms;
    struct rw_error fault;
};

static bool on_version(void *self, int64_t version)
{
    struct waiting *waiting = self;
    struct script *script = waiting->script;
    if (version < waiting->version)
        return true;
    waiting->heard_utc_ms = rw_clock_utc_ms(&script->clock->real);
    /* Done or failed, the listening ends; the caller looks at the version held and the fault. */
    bool fresh = device_refresh(script->device, &waiting->fault);
    return fresh && device_state(script->device)->version < waiting->version;
}

static bool on_idle(void *self)
{
    const struct waiting *waiting = self;
    return rw_clock_monotonic_ms(&waiting->script->clock->real) < waiting->deadline_ms;
}

/* How long ago the schedule that is held was released, by the machine's own clock. */
static void say_pushed(struct script *script, const struct waiting *waiting)
{
    const struct schedule *schedule = device_schedule(script->device);
    int64_t now_ms = rw_clock_utc_ms(&script->clock->real);
    int64_t released_ms;
    if (schedule == NULL || !rw_clock_parse_utc(schedule->released, &released_ms))
        return;
    char text[96];
    if (waiting->heard_utc_ms == 0)
        (void)snprintf(text, sizeof text, "it was there already");
    else
        (void)snprintf(text, sizeof text, "heard %lld ms and applied %lld ms after its release",
                       (long long)(waiting->heard_utc_ms - released_ms),
                       (long long)(now_ms - released_ms));
    device_say(script->device, (struct device_note){ .what = "pushed",
                                                     .version = schedule->version,
                                                     .number = now_ms - released_ms,
                                                     .text = text });
}

/* {"do":"wait-schedule","version":N,"timeout_ms":M}: on the stream, until it comes. */
static bool do_wait(struct script *script, const struct json *line, struct rw_error *err)
{
    struct waiting waiting = { .script = script };
    int64_t timeout_ms;
    if (!json_int(line, "version", 1, INT32_MAX, &waiting.version, err) ||
        !json_int_or(line, "timeout_ms", 1, SCRIPT_WAIT_MS_MAX, 30000, &timeout_ms, err))
        return false;
    const struct device_ear ear = { .self = &waiting,
                                    .on_version = on_version,
                                    .on_idle = on_idle };
    waiting.deadline_ms = rw_clock_monotonic_ms(&script->clock->real) + timeout_ms;
    if (!device_refresh(script->device, &waiting.fault) && waiting.fault.code == RW_NO_MEMORY)
        return rw_error_set(err, waiting.fault.code, "", "%s", waiting.fault.text);
    while (device_state(script->device)->version < waiting.version && on_idle(&waiting) &&
           waiting.fault.code == RW_OK) {
        if (!device_listen(script->device, &ear, &waiting.fault))
            break;
    }
    if (device_state(script->device)->version >= waiting.version) {
        say_pushed(script, &waiting);
        return true;
    }
    script->good = false;
    device_say(script->device, (struct device_note){ .what = "waited",
                                                     .word = "in-vain",
                                                     .version = waiting.version,
                                                     .number = timeout_ms,
                                                     .text = waiting.fault.text });
    return true;
}

static bool do_report(struct script *script)
{
    const struct loop_state *state = device_state(script->device);
    char text[192];
    (void)snprintf(
        text, sizeof text,
        "roll %s, loaded %s, next bag %d, last out %d, paused %s, jammed %s, events %lld",
        state->roll[0] != '\0' ? state->roll : "none", state->loaded ? "yes" : "no",
        (int)state->next_n, (int)state->released_last_n, state->paused ? "yes" : "no",
        state->jammed ? "yes" : "no", (long long)device_newest(script->device));
    device_say(script->device,
               (struct device_note){ .what = "report",
                                     .n = state->next_n,
                                     .version = state->version,
                                     .number = (int64_t)device_waiting(script->device),
                                     .text = text });
    return true;
}

static bool do_cut(struct script *script, bool cut)
{
    device_cut(script->device, cut);
    say(script, "cable", cut ? "out" : "in", -1);
    return true;
}

/* Words that are one act of the loop. */
static const struct {
    const char *word;
    enum loop_act act;
} script_acts[] = {
    { "tick", LOOP_TICK },
    { "take", LOOP_TAKE },
    { "take-early", LOOP_TAKE_EARLY },
    { "pause", LOOP_PAUSE },
    { "resume", LOOP_RESUME },
    { "jam", LOOP_JAM },
    { "misfeed", LOOP_MISFEED },
    { "double-feed", LOOP_DOUBLE_FEED },
    { "cut-error", LOOP_CUT_ERROR },
    { "lid-open", LOOP_LID_OPEN },
    { "clear", LOOP_CLEAR },
    { "remove", LOOP_REMOVE },
    { "power-lost", LOOP_POWER_LOST },
    { "power-restored", LOOP_POWER_RESTORED },
    { "battery", LOOP_BATTERY },
};

static bool do_word(struct script *script, const struct json *line, const char *word,
                    struct rw_error *err)
{
    for (size_t i = 0; i < RW_COUNT(script_acts); i++) {
        if (strcmp(word, script_acts[i].word) == 0)
            return step(script, script_acts[i].act, err);
    }
    if (strcmp(word, "load") == 0)
        return do_load(script, line, err);
    if (strcmp(word, "until") == 0)
        return do_until(script, line, err);
    if (strcmp(word, "sync") == 0)
        return do_sync(script, err);
    if (strcmp(word, "wait-schedule") == 0)
        return do_wait(script, line, err);
    if (strcmp(word, "offline") == 0 || strcmp(word, "online") == 0)
        return do_cut(script, word[1] == 'f');
    if (strcmp(word, "report") == 0)
        return do_report(script);
    return json_refuse(json_member(line, "do"), "a dispenser cannot do this", err);
}

static bool do_line(struct script *script, const char *bytes, size_t length, struct rw_error *err)
{
    const struct json *line;
    const char *word;
    if (!json_parse(script->arena, bytes, length, &line, err) ||
        !json_text_or(line, "do", NULL, &word, err))
        return false;
    return word != NULL ? do_word(script, line, word, err) : do_at(script, line, err);
}

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t\r", bytes[i]) == NULL)
            return length > 0 && bytes[0] == '#';
    }
    return true;
}

bool script_run(struct device *device, struct script_clock *clock, const char *bytes, size_t length,
                bool *ret_good, struct rw_error *err)
{
    struct script script = { .device = device, .clock = clock, .good = true };
    script.arena = rw_arena_open(SCRIPT_LINE_ARENA);
    if (script.arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "the script found no memory");
    bool done = true;
    size_t at = 0;
    for (int number = 1; done && at < length && number <= SCRIPT_LINES_MAX; number++) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t line = end != NULL ? (size_t)(end - (bytes + at)) : length - at;
        rw_arena_reset(script.arena);
        if (!is_blank(bytes + at, line)) {
            struct rw_error fault = { 0 };
            done = do_line(&script, bytes + at, line, &fault) ||
                   rw_error_set(err, fault.code, fault.at, "line %d: %s", number, fault.text);
        }
        at += line + 1;
    }
    rw_arena_close(script.arena);
    *ret_good = script.good;
    return done;
}
