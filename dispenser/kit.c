/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that a service keeps the rules of docs/DISPENSER.md. */
#include "dispenser/kit.h"

#include <string.h>

#include "core/base/arena.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/json/event_json.h"
#include "core/json/json_read.h"
#include "core/json/jws.h"
#include "core/json/schedule_json.h"
#include "core/net/fetch.h"

#define TIMEOUT_MS 20000
#define SILENCE_MS 30000
#define WAIT_S 3             /* how long a question is held in the trial */
#define WAIT_MS_MIN 1000     /* a service may answer a little early, so that not all come at once */
#define WAIT_MS_MAX 8000     /* and is a slow network */
#define FAR_AHEAD 1000000000 /* events that no dispenser reports within one trial */
#define ETAG_MAX 128
#define STRANGER "kit-nobody" /* the id of somebody else */

struct kit {
    const struct kit_settings *settings;
    struct rw_arena *arena; /* of one rule */
    struct fetch *fetch;
    char etag[ETAG_MAX];
    int64_t version; /* of the schedule that was downloaded; 0 = none */
    int64_t stored;  /* the last event that the service has */
    bool skipped;
};

struct rule {
    const char *text;
    bool (*check)(struct kit *kit, struct rw_error *err);
};

static bool broken(struct rw_error *err, const char *what, const struct fetch_answer *answer)
{
    return rw_error_set(err, RW_CONFLICT, "", "%s, but status %d came", what, (int)answer->status);
}

static const char *address(struct kit *kit, const char *dispenser, const char *what,
                           struct rw_error *err)
{
    return rw_arena_format(kit->arena, err, "%s/v1/dispensers/%s/%s",
                           kit->settings->identity->devices, dispenser, what);
}

static bool get(struct kit *kit, const char *what, const char *etag, struct fetch_answer *answer,
                struct rw_error *err)
{
    const char *url = address(kit, kit->settings->identity->id, what, err);
    const char *condition =
        etag ? rw_arena_format(kit->arena, err, "If-None-Match: %s", etag) : NULL;
    const struct fetch_request request = {
        .method = "GET", .url = url, .headers = { condition }, .timeout_ms = TIMEOUT_MS
    };
    return url && (!etag || condition) && fetch_send(kit->fetch, &request, kit->arena, answer, err);
}

static bool has_schedule(const struct kit *kit, struct rw_error *err)
{
    return kit->version > 0 ||
           rw_error_set(err, RW_CONFLICT, "", "there is no schedule to check this with");
}

static bool gives_the_schedule(struct kit *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    const char *payload = NULL;
    size_t length = 0;
    struct schedule *schedule = NULL;
    const struct enrol_identity *identity = kit->settings->identity;
    if (!get(kit, "schedule", NULL, &answer, err))
        return false;
    if (answer.status != 200)
        return broken(err, "a schedule was to be released to this dispenser before", &answer);
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

static bool knows_what_is_held(struct kit *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    if (!has_schedule(kit, err) || !get(kit, "schedule", kit->etag, &answer, err))
        return false;
    if (answer.status != 304 || answer.body_length > 0)
        return broken(err, "304 without a body was to come", &answer);
    return true;
}

static bool gives_it_to_who_has_another(struct kit *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    if (!has_schedule(kit, err) || !get(kit, "schedule?wait=20", "\"kit\"", &answer, err))
        return false;
    if (answer.status != 200 || !rw_text_equal(answer.etag, kit->etag))
        return broken(err, "the schedule was to come at once, with the same ETag", &answer);
    return true;
}

static bool holds_a_question(struct kit *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    const char *what = rw_arena_format(kit->arena, err, "schedule?wait=%d", WAIT_S);
    int64_t begun_ms = rw_clock_monotonic_ms(&kit->settings->clock);
    if (!what || !has_schedule(kit, err) || !get(kit, what, kit->etag, &answer, err))
        return false;
    int64_t took_ms = rw_clock_monotonic_ms(&kit->settings->clock) - begun_ms;
    if (answer.status != 204)
        return broken(err, "204 was to come at the end of the wait", &answer);
    return (took_ms >= WAIT_MS_MIN && took_ms <= WAIT_MS_MAX) ||
           rw_error_set(err, RW_CONFLICT, "", "the answer came after %lld ms instead of %d",
                        (long long)took_ms, WAIT_S * 1000);
}

struct hearing {
    int64_t version;
    bool heard;
};

static bool hear(void *self, const char *event, const char *id, const char *text)
{
    struct hearing *hearing = self;
    (void)id;
    if (!rw_text_equal(event, "schedule"))
        return true;
    hearing->heard = rw_text_to_int(text, 0, INT32_MAX, &hearing->version);
    return false;
}

static bool streams_the_version(struct kit *kit, struct rw_error *err)
{
    struct hearing hearing = { 0 };
    const struct fetch_stream stream = { .self = &hearing, .on_event = hear };
    const char *url = address(kit, kit->settings->identity->id, "stream", err);
    if (!url || !has_schedule(kit, err) || !fetch_listen(kit->fetch, url, SILENCE_MS, &stream, err))
        return false;
    return (hearing.heard && hearing.version == kit->version) ||
           rw_error_set(err, RW_CONFLICT, "", "the stream said version %lld, the schedule %lld",
                        (long long)hearing.version, (long long)kit->version);
}

/* Posts `count` events from `seq` on. */
static bool post(struct kit *kit, const char *dispenser, int64_t seq, size_t count,
                 struct fetch_answer *answer, struct rw_error *err)
{
    struct event events[KIT_EVENTS_MAX] = { 0 };
    const char *body = NULL;
    size_t length = 0;
    int64_t now_ms = rw_clock_utc_ms(&kit->settings->clock);
    for (size_t i = 0; i < count; i++) {
        events[i].seq = seq + (int64_t)i;
        events[i].at_utc_ms = now_ms;
        events[i].type = EVENT_ONLINE;
        rw_uuid_make(now_ms, events[i].id);
    }
    const char *url = address(kit, dispenser, "events", err);
    if (!url || !event_json_write(events, count, kit->arena, &body, &length, err))
        return false;
    const struct fetch_request request = { .method = "POST",
                                           .url = url,
                                           .content_type = "application/json",
                                           .body = body,
                                           .body_length = length,
                                           .timeout_ms = TIMEOUT_MS };
    return fetch_send(kit->fetch, &request, kit->arena, answer, err);
}

/* Posts, and compares status and the number that the service has then. */
static bool stored_after(struct kit *kit, int64_t seq, size_t count, int32_t status, int64_t wanted,
                         struct rw_error *err)
{
    struct fetch_answer answer;
    const struct json *root = NULL;
    int64_t stored = 0;
    if (!post(kit, kit->settings->identity->id, seq, count, &answer, err))
        return false;
    if (answer.status != status)
        return rw_error_set(err, RW_CONFLICT, "", "status %d was to come, but %d came", (int)status,
                            (int)answer.status);
    if (!json_parse(kit->arena, answer.body, answer.body_length, &root, err) ||
        !json_int(root, "stored", 0, EVENT_SEQ_MAX, &stored, err))
        return false;
    if (wanted >= 0 && stored != wanted)
        return rw_error_set(err, RW_CONFLICT, "/stored", "it says %lld, not %lld",
                            (long long)stored, (long long)wanted);
    kit->stored = stored;
    return true;
}

static bool refuses_a_gap(struct kit *kit, struct rw_error *err)
{
    return stored_after(kit, FAR_AHEAD, 1, 409, -1, err) &&
           stored_after(kit, FAR_AHEAD, 2, 409, kit->stored, err) &&
           stored_after(kit, kit->stored + 2, 1, 409, kit->stored, err);
}

static bool keeps_events(struct kit *kit, struct rw_error *err)
{
    return stored_after(kit, kit->stored + 1, 2, 200, kit->stored + 2, err);
}

static bool skips_repeats(struct kit *kit, struct rw_error *err)
{
    int64_t last = kit->stored;
    return stored_after(kit, last - 1, 2, 200, last, err) &&
           stored_after(kit, last - 1, 3, 200, last + 1, err) &&
           stored_after(kit, FAR_AHEAD, 1, 409, last + 1, err);
}

static bool send_body(struct kit *kit, const char *body, size_t length, struct fetch_answer *answer,
                      struct rw_error *err)
{
    const char *url = address(kit, kit->settings->identity->id, "events", err);
    const struct fetch_request request = { .method = "POST",
                                           .url = url,
                                           .content_type = "application/json",
                                           .body = body,
                                           .body_length = length,
                                           .timeout_ms = TIMEOUT_MS };
    return url && fetch_send(kit->fetch, &request, kit->arena, answer, err);
}

static bool refuses_what_it_cannot_read(struct kit *kit, struct rw_error *err)
{
    static const char *const bodies[] = { "", "{", "[]", "{\"events\":{}}",
                                          "{\"events\":[{\"type\":\"danced\"}]}" };
    for (size_t i = 0; i < RW_COUNT(bodies); i++) {
        struct fetch_answer answer;
        if (!send_body(kit, bodies[i], strlen(bodies[i]), &answer, err))
            return false;
        if (answer.status < 400 || answer.status >= 500)
            return rw_error_set(err, RW_CONFLICT, "", "the body '%s' got status %d", bodies[i],
                                (int)answer.status);
        if (!rw_text_equal(answer.content_type, "application/problem+json"))
            return rw_error_set(err, RW_CONFLICT, "", "the refusal is \"%.64s\"",
                                answer.content_type ? answer.content_type : "");
    }
    return stored_after(kit, FAR_AHEAD, 1, 409, kit->stored, err);
}

static bool refuses_too_much(struct kit *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    struct rw_error cut = { 0 };
    char *body = rw_arena_alloc(kit->arena, KIT_BODY_MAX, err);
    if (!body)
        return false;
    memset(body, ' ', KIT_BODY_MAX);
    /* A service may close the line instead of reading on; it must live afterwards. */
    if (send_body(kit, body, KIT_BODY_MAX, &answer, &cut) && answer.status != 413)
        return broken(err, "413 was to come", &answer);
    return stored_after(kit, FAR_AHEAD, 1, 409, kit->stored, err);
}

static bool hides_others(struct kit *kit, struct rw_error *err)
{
    static const char *const parts[] = { "schedule", "schedule?wait=20", "stream" };
    struct fetch_answer answer;
    for (size_t i = 0; i < RW_COUNT(parts); i++) {
        const struct fetch_request request = { .method = "GET",
                                               .url = address(kit, STRANGER, parts[i], err),
                                               .timeout_ms = TIMEOUT_MS };
        if (!request.url || !fetch_send(kit->fetch, &request, kit->arena, &answer, err))
            return false;
        if (answer.status != 404)
            return broken(err, "another dispenser's address was to be 404", &answer);
    }
    if (!post(kit, STRANGER, 1, 1, &answer, err))
        return false;
    return answer.status == 404 ||
           broken(err, "another dispenser's events were to be 404", &answer);
}

/* Asks as somebody else; `ret_status` is 0 when no answer came. */
static bool ask_as(struct kit *kit, const struct fetch_identity *files, int32_t *ret_status,
                   struct rw_error *err)
{
    struct fetch *fetch = NULL;
    struct rw_error refused = { 0 };
    struct fetch_answer answer = { 0 };
    const struct fetch_request request = {
        .method = "GET",
        .url = address(kit, kit->settings->identity->id, "schedule", err),
        .timeout_ms = TIMEOUT_MS,
    };
    if (!request.url || !fetch_open(files, &fetch, err))
        return false;
    *ret_status = fetch_send(fetch, &request, kit->arena, &answer, &refused) ? answer.status : 0;
    fetch_close(fetch);
    return true;
}

static bool wants_a_certificate(struct kit *kit, struct rw_error *err)
{
    const struct fetch_identity files = { .ca_file = kit->settings->identity->files.ca_file };
    int32_t status = 0;
    if (!ask_as(kit, &files, &status, err))
        return false;
    return status == 0 || rw_error_set(err, RW_CONFLICT, "", "status %d came", (int)status);
}

static bool refuses_old_tls(struct kit *kit, struct rw_error *err)
{
    struct fetch_identity files = kit->settings->identity->files;
    int32_t status = 0;
    files.old_tls = true;
    if (!ask_as(kit, &files, &status, err))
        return false;
    return status == 0 || rw_error_set(err, RW_CONFLICT, "", "status %d came", (int)status);
}

static bool refuses_the_revoked(struct kit *kit, struct rw_error *err)
{
    int32_t status = 0;
    kit->skipped = !kit->settings->revoked;
    if (kit->skipped)
        return true;
    if (!ask_as(kit, &kit->settings->revoked->files, &status, err))
        return false;
    return status == 0 || status == 401 ||
           rw_error_set(err, RW_CONFLICT, "", "status %d came", (int)status);
}

static bool never_goes_back(struct kit *kit, struct rw_error *err)
{
    int64_t before = kit->version;
    if (!has_schedule(kit, err) || !gives_the_schedule(kit, err))
        return false;
    return kit->version >= before ||
           rw_error_set(err, RW_CONFLICT, "", "version %lld came after %lld",
                        (long long)kit->version, (long long)before);
}

static const struct rule rules[] = {
    { "the schedule is signed, is this dispenser's, and has a strong ETag", gives_the_schedule },
    { "who holds it is answered 304", knows_what_is_held },
    { "who holds another gets it at once, though ready to wait", gives_it_to_who_has_another },
    { "a question that waits is answered 204 at its end", holds_a_question },
    { "the stream begins with the version that holds", streams_the_version },
    { "a batch with a gap before it is refused with 409 and the last number", refuses_a_gap },
    { "a batch that begins at the next number is kept", keeps_events },
    { "events that were kept before are skipped", skips_repeats },
    { "what is no batch is a problem and changes nothing", refuses_what_it_cannot_read },
    { "a body that is too large is refused", refuses_too_much },
    { "of another dispenser nothing is known", hides_others },
    { "without a client certificate nothing is answered", wants_a_certificate },
    { "TLS 1.2 is not spoken", refuses_old_tls },
    { "a revoked certificate is refused", refuses_the_revoked },
    { "the version never falls", never_goes_back },
};
const size_t kit_rule_count = RW_COUNT(rules);

/* A rule is judged in an arena of its own. */
static bool check(struct kit *kit, size_t at)
{
    struct rw_error why = { 0 };
    struct kit_finding finding = { .n = at + 1, .rule = rules[at].text };
    rw_arena_reset(kit->arena);
    kit->skipped = false;
    bool kept = rules[at].check(kit, &why);
    finding.outcome = !kept ? KIT_BROKEN : kit->skipped ? KIT_SKIPPED : KIT_KEPT;
    finding.why = kit->skipped ? "nothing was given to check it with" : why.text;
    kit->settings->tell(kit->settings->self, &finding);
    return kept;
}

bool kit_run(const struct kit_settings *settings, bool *ret_good, struct rw_error *err)
{
    struct kit kit = { .settings = settings };
    kit.arena = rw_arena_open(4 * FETCH_BODY_MAX);
    if (!kit.arena)
        return rw_error_set(err, RW_NO_MEMORY, "", "the kit found no memory");
    bool done = fetch_open(&settings->identity->files, &kit.fetch, err);
    bool good = true;
    for (size_t i = 0; done && i < kit_rule_count; i++)
        good = check(&kit, i) && good;
    fetch_close(kit.fetch);
    rw_arena_close(kit.arena);
    if (done)
        *ret_good = good;
    return done;
}
