/* SPDX-License-Identifier: Apache-2.0 */
/* One dispenser: its decisions, its memory and its link, put together. */
#include "dispenser/device.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/schedule_json.h"
#include "dispenser/link.h"
#include "dispenser/store.h"
#include "dispenser/trust.h"

#define DEVICE_SCHEDULE_BYTES (4 * RW_ARENA_MIB) /* a document, its text and its tree */
#define DEVICE_BATCHES_MAX (STORE_EVENTS_MAX / EVENT_BATCH_MAX + 2)

struct device {
    struct rw_arena *arena; /* holds this struct */
    struct rw_clock clock;
    struct device_voice voice;
    const struct enrol_identity *identity;
    struct store *store;
    struct link *link;
    struct trust trust;
    struct rw_arena *schedule_arena;
    const struct schedule *schedule; /* verified; in schedule_arena */
    bool offline;                    /* the last talk failed, and that was reported */
    bool cut;
};

const struct loop_state *device_state(const struct device *device)
{
    return store_state(device->store);
}

const struct schedule *device_schedule(const struct device *device)
{
    return device->schedule;
}

int64_t device_now_ms(const struct device *device)
{
    return rw_clock_utc_ms(&device->clock);
}

int64_t device_next_ms(const struct device *device)
{
    return loop_next_ms(device->schedule, device_state(device), device_now_ms(device));
}

size_t device_waiting(const struct device *device)
{
    return store_waiting(device->store);
}

int64_t device_newest(const struct device *device)
{
    return store_newest(device->store);
}

void device_cut(struct device *device, bool cut)
{
    device->cut = cut;
}

void device_say(const struct device *device, struct device_note note)
{
    note.at_utc_ms = device_now_ms(device);
    device->voice.say(device->voice.self, &note);
}

/* Stores a step, and only then says what it did. */
static bool keep(struct device *device, const struct loop_state *state,
                 const struct loop_event *events, size_t count, struct rw_error *err)
{
    if (!store_record(device->store, state, events, count, err))
        return false;
    size_t latest_count;
    const struct event *latest = store_latest(device->store, count, &latest_count);
    for (size_t i = 0; i < latest_count; i++)
        device_say(device, (struct device_note){ .what = "event",
                                                 .word = event_type_word(latest[i].type),
                                                 .event = &latest[i],
                                                 .number = -1 });
    return true;
}

static void say_result(struct device *device, const struct loop_input *input,
                       const struct loop_result *result)
{
    if (result->refusal != LOOP_DONE)
        device_say(device, (struct device_note){ .what = "refused",
                                                 .word = loop_refusal_word(result->refusal),
                                                 .number = -1 });
    else if (input->act == LOOP_LOAD)
        device_say(device, (struct device_note){ .what = "loading",
                                                 .word = loading_word(result->loading),
                                                 .n = result->state.next_n,
                                                 .number = -1 });
    if (result->released_n != 0)
        device_say(device, (struct device_note){
                               .what = "release", .n = result->released_n, .number = -1 });
}

bool device_step(struct device *device, const struct loop_input *input,
                 struct loop_result *ret_result, struct rw_error *err)
{
    struct loop_input mine = *input;
    mine.dispenser = device->identity->id;
    struct loop_state before = *device_state(device);
    loop_step(device->schedule, &before, &mine, device_now_ms(device), ret_result);
    bool same =
        ret_result->event_count == 0 && memcmp(&before, &ret_result->state, sizeof before) == 0;
    if (!same &&
        !keep(device, &ret_result->state, ret_result->events, ret_result->event_count, err))
        return false;
    say_result(device, &mine, ret_result);
    return true;
}

/* REQ-016: checks signature, addressee and content; the schedule lives in `arena`. `at_ms` as in
 * schedule_keys_check: what was kept was good when it came. */
static bool verify(const struct device *device, const char *bytes, size_t length, int64_t at_ms,
                   struct rw_arena *arena, struct schedule **ret_schedule, struct rw_error *err)
{
    const char *payload;
    size_t payload_length;
    if (!schedule_keys_check(&device->trust.keys, bytes, length, at_ms, arena, &payload,
                             &payload_length, err) ||
        !schedule_json_read(payload, payload_length, arena, ret_schedule, err))
        return false;
    if (!rw_text_equal((*ret_schedule)->dispenser, device->identity->id))
        return rw_error_set(err, RW_DENIED, "/dispenser", "the schedule is for \"%.64s\"",
                            (*ret_schedule)->dispenser);
    return true;
}

/* Asks which keys sign schedules; a new one must be introduced by one that is known. */
static bool follow_keys(struct device *device, bool *ret_more, struct rw_error *err)
{
    const char *bytes;
    size_t length;
    struct rw_arena *arena = rw_arena_open(DEVICE_SCHEDULE_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "a list of keys found no memory");
    bool done = link_keys(device->link, arena, &bytes, &length, err) &&
                trust_follow(&device->trust, bytes, length, arena, ret_more, err);
    rw_arena_close(arena);
    if (done && *ret_more)
        device_say(device, (struct device_note){ .what = "signing-keys",
                                                 .word = "followed",
                                                 .number = (int64_t)device->trust.keys.count });
    return done;
}

/* A signature of a key that nobody told us of yet: whoever was away over the change asks first. */
static bool verify_new(struct device *device, const char *bytes, size_t length,
                       struct rw_arena *arena, struct schedule **ret_schedule, struct rw_error *err)
{
    int64_t now_ms = device_now_ms(device);
    struct rw_error first = { 0 };
    struct rw_error ignored = { 0 };
    bool more = false;
    if (verify(device, bytes, length, now_ms, arena, ret_schedule, &first))
        return true;
    if (follow_keys(device, &more, &ignored) && more)
        return verify(device, bytes, length, now_ms, arena, ret_schedule, err);
    *err = first;
    return false;
}

static void hold(struct device *device, struct rw_arena *arena, const struct schedule *schedule)
{
    rw_arena_close(device->schedule_arena);
    device->schedule_arena = arena;
    device->schedule = schedule;
}

static bool apply(struct device *device, struct rw_error *err)
{
    const struct loop_input input = { .act = LOOP_APPLY };
    struct loop_result result;
    if (!device_step(device, &input, &result, err))
        return false;
    device_say(device, (struct device_note){ .what = "schedule",
                                             .word = "applied",
                                             .version = device->schedule->version,
                                             .number = -1 });
    return true;
}

/* Takes a downloaded document over, unless it is older than what is held. */
static bool take_schedule(struct device *device, const char *bytes, size_t length,
                          struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(DEVICE_SCHEDULE_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "a schedule found no memory");
    struct schedule *schedule;
    int32_t held = device_state(device)->version;
    bool good = verify_new(device, bytes, length, arena, &schedule, err);
    bool newer = good && schedule->version > held;
    if (good && schedule->version < held)
        device_say(device,
                   (struct device_note){ .what = "schedule",
                                         .word = "refused",
                                         .version = schedule->version,
                                         .number = -1,
                                         .text = "its version is lower than the one held" });
    if (!newer || !store_schedule_keep(device->store, bytes, length, err)) {
        rw_arena_close(arena);
        return good && !newer;
    }
    hold(device, arena, schedule);
    return apply(device, err);
}

/* The schedule that was kept. One that was kept but not yet applied when power went is applied. */
static bool read_kept(struct device *device, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(DEVICE_SCHEDULE_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "a schedule found no memory");
    char *bytes;
    size_t length;
    struct schedule *schedule;
    if (!store_schedule_read(device->store, arena, &bytes, &length, err) ||
        (bytes != NULL && !verify(device, bytes, length, 0, arena, &schedule, err))) {
        rw_arena_close(arena);
        return false;
    }
    if (bytes == NULL) {
        rw_arena_close(arena);
        return true;
    }
    hold(device, arena, schedule);
    return schedule->version == device_state(device)->version || apply(device, err);
}

bool device_open(const struct device_settings *settings, struct device **ret_device,
                 struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct device *device = arena != NULL ? rw_arena_alloc(arena, sizeof *device, err) : NULL;
    if (device == NULL) {
        rw_arena_close(arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "the dispenser found no memory");
    }
    assert(settings->identity->has_signing_key);
    device->arena = arena;
    device->clock = settings->clock;
    device->voice = settings->voice;
    device->identity = settings->identity;
    if (!store_open(settings->state_folder, &device->store, err) ||
        !link_open(settings->identity, &device->link, err) ||
        !trust_open(settings->identity, arena, &device->trust, err) || !read_kept(device, err)) {
        device_close(device);
        return false;
    }
    *ret_device = device;
    return true;
}

void device_close(struct device *device)
{
    if (device == NULL)
        return;
    link_close(device->link);
    store_close(device->store);
    rw_arena_close(device->schedule_arena);
    rw_arena_close(device->arena);
}

/* Notes that the line went down or came up; the change is an event like any other. */
static bool note_line(struct device *device, bool up, struct rw_error *err)
{
    if (device->offline == !up)
        return true;
    device->offline = !up;
    const struct loop_event event = { .type = up ? EVENT_ONLINE : EVENT_OFFLINE,
                                      .at_utc_ms = device_now_ms(device) };
    const struct loop_state state = *device_state(device);
    return keep(device, &state, &event, 1, err);
}

static bool is_line_fault(const struct rw_error *fault)
{
    return fault->code == RW_UNAVAILABLE;
}

/* After a talk: the line's state is noted, and the talk's own fault is what the caller hears. */
static bool after_talk(struct device *device, bool done, const struct rw_error *fault,
                       struct rw_error *err)
{
    if (!note_line(device, done || !is_line_fault(fault), err))
        return false;
    return done || rw_error_set(err, fault->code, fault->at, "%s", fault->text);
}

static bool talk_schedule(struct device *device, struct rw_error *err)
{
    const char *bytes;
    size_t length;
    struct rw_arena *arena = rw_arena_open(DEVICE_SCHEDULE_BYTES);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "a schedule found no memory");
    struct rw_error fault = { 0 };
    bool done = link_schedule(device->link, arena, &bytes, &length, &fault);
    bool none = !done && fault.code == RW_NOT_FOUND; /* nothing was released for us yet */
    bool kept = after_talk(device, done || none, &fault, err);
    if (kept && done && bytes != NULL)
        kept = take_schedule(device, bytes, length, err);
    if (!kept)
        link_forget_schedule(device->link);
    rw_arena_close(arena);
    return kept;
}

/* The service has more keys than we know: told in time, before the next one signs. */
static void heed_keys(struct device *device, int64_t count)
{
    struct rw_error err = { 0 };
    bool more = false;
    if (count > (int64_t)device->trust.keys.count && !follow_keys(device, &more, &err))
        device_say(device, (struct device_note){ .what = "signing-keys",
                                                 .word = rw_error_id(err.code),
                                                 .number = -1,
                                                 .text = err.text });
}

bool device_post(struct device *device, struct rw_error *err)
{
    if (device->cut)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the network cable is out");
    for (int i = 0; i < DEVICE_BATCHES_MAX && device_waiting(device) > 0; i++) {
        size_t count;
        struct link_stored answer;
        const struct event *events = store_pending(device->store, &count);
        int64_t before = store_acknowledged(device->store);
        struct rw_error fault = { 0 };
        bool done = link_events(device->link, events, count, &answer, &fault);
        if (!after_talk(device, done, &fault, err) ||
            !store_acknowledge(device->store, answer.stored, err))
            return false;
        heed_keys(device, answer.signing_keys);
        device_say(device, (struct device_note){ .what = "stored", .number = answer.stored });
        if (answer.stored == before)
            return rw_error_set(err, RW_CONFLICT, "", "the service does not take event %lld",
                                (long long)before + 1);
    }
    return true;
}

bool device_refresh(struct device *device, struct rw_error *err)
{
    if (device->cut) {
        const struct rw_error fault = { .code = RW_UNAVAILABLE,
                                        .text = "the network cable is out" };
        return after_talk(device, false, &fault, err);
    }
    return talk_schedule(device, err);
}

bool device_sync(struct device *device, struct rw_error *err)
{
    return device_refresh(device, err) && device_post(device, err);
}

/* Turns the stream's events into versions. */
struct listening {
    const struct device_ear *ear;
};

static bool hear(void *self, const char *event, const char *id, const char *text)
{
    const struct listening *listening = self;
    int64_t version;
    (void)id;
    if (!rw_text_equal(event, "schedule") || !rw_text_to_int(text, 0, INT32_MAX, &version))
        return true; /* later services may say more than we understand */
    return listening->ear->on_version(listening->ear->self, version);
}

static bool idle(void *self)
{
    const struct listening *listening = self;
    return listening->ear->on_idle(listening->ear->self);
}

bool device_listen(struct device *device, const struct device_ear *ear, struct rw_error *err)
{
    struct listening listening = { .ear = ear };
    const struct fetch_stream stream = { .self = &listening, .on_event = hear, .on_idle = idle };
    struct rw_error fault = { 0 };
    if (device->cut)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the network cable is out");
    bool done = link_listen(device->link, &stream, &fault);
    return after_talk(device, done, &fault, err);
}
