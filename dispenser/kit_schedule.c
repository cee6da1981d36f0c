/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the kit about the schedule, the waiting and the stream. */
#include "dispenser/kit_schedule.h"

#include "core/base/text.h"
#include "core/json/jws.h"
#include "core/json/schedule_json.h"

#define SILENCE_MS 30000
#define WAIT_S 3          /* how long a question is held in the trial */
#define WAIT_MS_MIN 1000  /* a service may answer a little early, so that not all come at once */
#define WAIT_MS_MAX 15000 /* and is a slow network, or a machine with much to do */

bool kit_schedule_is_given(struct kit_call *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    const char *payload = NULL;
    size_t length = 0;
    struct schedule *schedule = NULL;
    const struct enrol_identity *identity = kit->identity;
    if (!kit_call_get(kit, "schedule", NULL, &answer, err))
        return false;
    if (answer.status != 200)
        return kit_call_broken(err, "a schedule was to be released to this dispenser before",
                               &answer);
    if (!jws_check(answer.body, answer.body_length, SCHEDULE_JSON_TYP, identity->signing_key,
                   kit->arena, &payload, &length, err) ||
        !schedule_json_read(payload, length, kit->arena, &schedule, err))
        return false;
    if (!rw_text_equal(schedule->dispenser, identity->id))
        return rw_error_set(err, RW_CONFLICT, "", "the schedule is for \"%.64s\"",
                            schedule->dispenser);
    if (!rw_text_equal(answer.content_type, "application/jose+json"))
        return rw_error_set(err, RW_CONFLICT, "", "its content type is \"%.64s\"",
                            answer.content_type ? answer.content_type : "");
    kit->version = schedule->version;
    return (answer.etag && answer.etag[0] == '"' &&
            rw_text_copy(kit->etag, sizeof kit->etag, answer.etag)) ||
           rw_error_set(err, RW_CONFLICT, "", "it has no strong ETag");
}

static bool is_304(struct kit_call *kit, const char *condition, struct rw_error *err)
{
    struct fetch_answer answer;
    if (!condition || !kit_call_get(kit, "schedule", condition, &answer, err))
        return false;
    if (answer.status != 304 || answer.body_length > 0)
        return kit_call_broken(err, "304 without a body was to come", &answer);
    return !answer.etag || rw_text_equal(answer.etag, kit->etag) ||
           rw_error_set(err, RW_CONFLICT, "", "the 304 has another ETag, %.64s", answer.etag);
}

bool kit_schedule_is_known(struct kit_call *kit, struct rw_error *err)
{
    return kit_call_has_schedule(kit, err) && is_304(kit, kit->etag, err);
}

/* If-None-Match compares weakly and may be a list (RFC 9110 section 13.1.2). */
bool kit_schedule_is_known_in_a_list(struct kit_call *kit, struct rw_error *err)
{
    return kit_call_has_schedule(kit, err) &&
           is_304(kit, rw_arena_format(kit->arena, err, "\"kit\", %s", kit->etag), err) &&
           is_304(kit, rw_arena_format(kit->arena, err, "W/%s", kit->etag), err);
}

bool kit_schedule_is_given_at_once(struct kit_call *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    if (!kit_call_has_schedule(kit, err) ||
        !kit_call_get(kit, "schedule?wait=20", "\"kit\"", &answer, err))
        return false;
    if (answer.status != 200 || !rw_text_equal(answer.etag, kit->etag))
        return kit_call_broken(err, "the schedule was to come at once, with the same ETag",
                               &answer);
    return true;
}

static bool hold(struct kit_call *kit, const char *what, int64_t *ret_took_ms, struct rw_error *err)
{
    struct fetch_answer answer;
    int64_t begun_ms = rw_clock_monotonic_ms(&kit->clock);
    if (!kit_call_get(kit, what, kit->etag, &answer, err))
        return false;
    *ret_took_ms = rw_clock_monotonic_ms(&kit->clock) - begun_ms;
    return answer.status == 204 ||
           kit_call_broken(err, "204 was to come at the end of the wait", &answer);
}

/* Another word for the dispenser, as of a certificate that was replaced, may end one wait early. */
bool kit_schedule_is_waited_for(struct kit_call *kit, struct rw_error *err)
{
    const char *what = rw_arena_format(kit->arena, err, "schedule?wait=%d", WAIT_S);
    int64_t took_ms = 0;
    if (!what || !kit_call_has_schedule(kit, err) || !hold(kit, what, &took_ms, err) ||
        (took_ms < WAIT_MS_MIN && !hold(kit, what, &took_ms, err)))
        return false;
    return (took_ms >= WAIT_MS_MIN && took_ms <= WAIT_MS_MAX) ||
           rw_error_set(err, RW_CONFLICT, "", "the answer came after %lld ms instead of %d",
                        (long long)took_ms, WAIT_S * 1000);
}

struct hearing {
    int64_t version;
    int64_t id;
    bool heard;
};

static bool hear(void *self, const char *event, const char *id, const char *text)
{
    struct hearing *hearing = self;
    if (!rw_text_equal(event, "schedule"))
        return true;
    hearing->heard = rw_text_to_int(text, 0, INT32_MAX, &hearing->version) &&
                     rw_text_to_int(id ? id : "", 0, INT32_MAX, &hearing->id);
    return false;
}

static bool listen_from(struct kit_call *kit, const char *last_id, struct rw_error *err)
{
    struct hearing hearing = { 0 };
    const struct fetch_stream stream = { .self = &hearing, .on_event = hear, .last_id = last_id };
    const char *url = kit_call_address(kit, kit->identity->id, "stream", err);
    if (!url || !fetch_listen(kit->fetch, url, SILENCE_MS, &stream, err))
        return false;
    if (!hearing.heard)
        return rw_error_set(err, RW_CONFLICT, "", "the stream ended without a version and an id");
    return (hearing.version == kit->version && hearing.id == kit->version) ||
           rw_error_set(err, RW_CONFLICT, "",
                        "the stream said version %lld under id %lld, the schedule %lld",
                        (long long)hearing.version, (long long)hearing.id, (long long)kit->version);
}

bool kit_schedule_is_streamed(struct kit_call *kit, struct rw_error *err)
{
    return kit_call_has_schedule(kit, err) && listen_from(kit, NULL, err);
}

/* A version may have been heard and lost before it was stored: it is said again. */
bool kit_schedule_is_streamed_again(struct kit_call *kit, struct rw_error *err)
{
    const char *held = rw_arena_format(kit->arena, err, "%lld", (long long)kit->version);
    return held && kit_call_has_schedule(kit, err) && listen_from(kit, held, err) &&
           listen_from(kit, "0", err);
}

bool kit_schedule_never_falls(struct kit_call *kit, struct rw_error *err)
{
    int64_t before = kit->version;
    if (!kit_call_has_schedule(kit, err) || !kit_schedule_is_given(kit, err))
        return false;
    return kit->version >= before ||
           rw_error_set(err, RW_CONFLICT, "", "version %lld came after %lld",
                        (long long)kit->version, (long long)before);
}
