/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the kit about what a dispenser reports. */
#include "dispenser/kit_events.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/json/json_read.h"

#define BODY_MAX ((size_t)4 * 1024 * 1024) /* every service must find that too large */
#define DAY_MS INT64_C(86400000)
#define EVENT_BYTES_MAX 160 /* of one event as it is written here */

static const char *own(const struct kit_call *kit)
{
    return kit->identity->id;
}

static bool take_stored(struct kit_call *kit, const struct fetch_answer *answer, int64_t *ret,
                        struct rw_error *err)
{
    const struct json *root = NULL;
    return json_parse(kit->arena, answer->body, answer->body_length, &root, err) &&
           json_int(root, "stored", 0, EVENT_SEQ_MAX, ret, err);
}

/* Compares status and the number that the service has then; -1 = any. */
static bool is_stored(struct kit_call *kit, const struct fetch_answer *answer, int32_t status,
                      int64_t wanted, struct rw_error *err)
{
    int64_t stored = 0;
    if (answer->status != status)
        return rw_error_set(err, RW_CONFLICT, "", "status %d was to come, but %d came", (int)status,
                            (int)answer->status);
    if (!take_stored(kit, answer, &stored, err))
        return false;
    if (wanted >= 0 && stored != wanted)
        return rw_error_set(err, RW_CONFLICT, "/stored", "it says %lld, not %lld",
                            (long long)stored, (long long)wanted);
    kit->stored = stored;
    return true;
}

static bool post(struct kit_call *kit, int64_t seq, size_t count, int32_t status, int64_t wanted,
                 struct rw_error *err)
{
    struct fetch_answer answer;
    return kit_call_post(kit, own(kit), seq, count, 0, &answer, err) &&
           is_stored(kit, &answer, status, wanted, err);
}

/* What was refused left nothing behind. */
static bool is_unchanged(struct kit_call *kit, struct rw_error *err)
{
    return post(kit, KIT_CALL_FAR_AHEAD, 1, 409, kit->stored, err);
}

bool kit_events_with_a_gap_are_refused(struct kit_call *kit, struct rw_error *err)
{
    return post(kit, KIT_CALL_FAR_AHEAD, 1, 409, -1, err) &&
           post(kit, KIT_CALL_FAR_AHEAD, 2, 409, kit->stored, err) &&
           post(kit, kit->stored + 2, 1, 409, kit->stored, err);
}

bool kit_events_are_kept(struct kit_call *kit, struct rw_error *err)
{
    return post(kit, kit->stored + 1, 2, 200, kit->stored + 2, err);
}

bool kit_events_that_repeat_are_skipped(struct kit_call *kit, struct rw_error *err)
{
    int64_t last = kit->stored;
    return post(kit, last - 1, 2, 200, last, err) && post(kit, last - 1, 3, 200, last + 1, err) &&
           is_unchanged(kit, err);
}

bool kit_events_of_a_wrong_clock_are_kept(struct kit_call *kit, struct rw_error *err)
{
    static const int64_t wrong_ms[] = { -DAY_MS, DAY_MS };
    for (size_t i = 0; i < RW_COUNT(wrong_ms); i++) {
        struct fetch_answer answer;
        if (!kit_call_post(kit, own(kit), kit->stored + 1, 1, wrong_ms[i], &answer, err) ||
            !is_stored(kit, &answer, 200, kit->stored + 1, err))
            return false;
    }
    return true;
}

static bool is_refused(const char *body, const struct fetch_answer *answer, struct rw_error *err)
{
    if (answer->status < 400 || answer->status >= 500)
        return rw_error_set(err, RW_CONFLICT, "", "the body '%.80s' got status %d", body,
                            (int)answer->status);
    return rw_text_equal(answer->content_type, "application/problem+json") ||
           rw_error_set(err, RW_CONFLICT, "", "the refusal is \"%.64s\"",
                        answer->content_type ? answer->content_type : "");
}

bool kit_events_must_be_readable(struct kit_call *kit, struct rw_error *err)
{
    static const char *const bodies[] = { "", "{", "[]", "{\"events\":{}}", "{\"events\":[{}]}" };
    for (size_t i = 0; i < RW_COUNT(bodies); i++) {
        struct fetch_answer answer;
        if (!kit_call_send(kit, own(kit), bodies[i], strlen(bodies[i]), &answer, err) ||
            !is_refused(bodies[i], &answer, err))
            return false;
    }
    return is_unchanged(kit, err);
}

/* A batch of `count` events that is good but for the type of the last. */
static const char *write_batch(struct kit_call *kit, size_t count, const char *last_type,
                               struct rw_error *err)
{
    struct rw_text text;
    const char *body = NULL;
    char at[RW_CLOCK_TEXT_MAX];
    char id[RW_UUID_TEXT_MAX];
    int64_t now_ms = rw_clock_utc_ms(&kit->clock);
    rw_clock_write_utc(now_ms, at);
    rw_text_init(&text, kit->arena, count * EVENT_BYTES_MAX + EVENT_BYTES_MAX);
    rw_text_add(&text, "{\"events\":[");
    for (size_t i = 0; i < count; i++) {
        rw_uuid_make(now_ms, id);
        rw_text_format(&text, "%s{\"id\":\"%s\",\"seq\":%lld,\"at\":\"%s\",\"type\":\"%s\"}",
                       i > 0 ? "," : "", id, (long long)(kit->stored + 1 + (int64_t)i), at,
                       i + 1 < count ? "online" : last_type);
    }
    rw_text_add(&text, "]}");
    return rw_text_finish(&text, &body, err) ? body : NULL;
}

static bool is_refused_whole(struct kit_call *kit, size_t count, const char *last_type,
                             struct rw_error *err)
{
    struct fetch_answer answer;
    const char *body = write_batch(kit, count, last_type, err);
    return body && kit_call_send(kit, own(kit), body, strlen(body), &answer, err) &&
           is_refused(body, &answer, err) && is_unchanged(kit, err);
}

bool kit_events_must_be_known(struct kit_call *kit, struct rw_error *err)
{
    return is_refused_whole(kit, 1, "danced", err) && is_refused_whole(kit, 2, "danced", err);
}

bool kit_events_have_a_limit(struct kit_call *kit, struct rw_error *err)
{
    return is_refused_whole(kit, EVENT_BATCH_MAX + 1, "online", err);
}

bool kit_events_have_a_size(struct kit_call *kit, struct rw_error *err)
{
    struct fetch_answer answer;
    struct rw_error cut = { 0 };
    char *body = rw_arena_alloc(kit->arena, BODY_MAX, err);
    if (!body)
        return false;
    memset(body, ' ', BODY_MAX);
    /* A service may close the line instead of reading on; it must live afterwards. */
    if (kit_call_send(kit, own(kit), body, BODY_MAX, &answer, &cut) && answer.status != 413)
        return kit_call_broken(err, "413 was to come", &answer);
    return is_unchanged(kit, err);
}
