/* SPDX-License-Identifier: Apache-2.0 */
/* What the conformance kit asks the service, and what it remembers. */
#include "dispenser/kit_call.h"

#include "core/base/random.h"
#include "core/json/event_json.h"

bool kit_call_has_schedule(const struct kit_call *kit, struct rw_error *err)
{
    return kit->version > 0 ||
           rw_error_set(err, RW_CONFLICT, "", "there is no schedule to check this with");
}

bool kit_call_broken(struct rw_error *err, const char *what, const struct fetch_answer *answer)
{
    return rw_error_set(err, RW_CONFLICT, "", "%s, but status %d came", what, (int)answer->status);
}

const char *kit_call_address(struct kit_call *kit, const char *dispenser, const char *what,
                             struct rw_error *err)
{
    return rw_arena_format(kit->arena, err, "%s/v1/dispensers/%s/%s", kit->identity->devices,
                           dispenser, what);
}

bool kit_call_get(struct kit_call *kit, const char *what, const char *condition,
                  struct fetch_answer *answer, struct rw_error *err)
{
    const char *url = kit_call_address(kit, kit->identity->id, what, err);
    const char *header =
        condition ? rw_arena_format(kit->arena, err, "If-None-Match: %s", condition) : NULL;
    const struct fetch_request request = {
        .method = "GET", .url = url, .headers = { header }, .timeout_ms = KIT_CALL_TIMEOUT_MS
    };
    return url && (!condition || header) &&
           fetch_send(kit->fetch, &request, kit->arena, answer, err);
}

bool kit_call_send(struct kit_call *kit, const char *dispenser, const char *body, size_t length,
                   struct fetch_answer *answer, struct rw_error *err)
{
    const struct fetch_request request = { .method = "POST",
                                           .url = kit_call_address(kit, dispenser, "events", err),
                                           .content_type = "application/json",
                                           .body = body,
                                           .body_length = length,
                                           .timeout_ms = KIT_CALL_TIMEOUT_MS };
    return request.url && fetch_send(kit->fetch, &request, kit->arena, answer, err);
}

bool kit_call_post(struct kit_call *kit, const char *dispenser, int64_t seq, size_t count,
                   int64_t ahead_ms, struct fetch_answer *answer, struct rw_error *err)
{
    struct event events[KIT_CALL_EVENTS_MAX] = { 0 };
    const char *body = NULL;
    size_t length = 0;
    int64_t now_ms = rw_clock_utc_ms(&kit->clock);
    for (size_t i = 0; i < count; i++) {
        events[i].seq = seq + (int64_t)i;
        events[i].at_utc_ms = now_ms + ahead_ms;
        events[i].type = EVENT_ONLINE;
        rw_uuid_make(now_ms, events[i].id);
    }
    return event_json_write(events, count, kit->arena, &body, &length, err) &&
           kit_call_send(kit, dispenser, body, length, answer, err);
}

bool kit_call_as(struct kit_call *kit, const struct fetch_identity *files, int32_t *ret_status,
                 struct rw_error *err)
{
    struct fetch *fetch = NULL;
    struct rw_error refused = { 0 };
    struct fetch_answer answer = { 0 };
    const struct fetch_request request = {
        .method = "GET",
        .url = kit_call_address(kit, kit->identity->id, "schedule", err),
        .timeout_ms = KIT_CALL_TIMEOUT_MS,
    };
    if (!request.url || !fetch_open(files, &fetch, err))
        return false;
    *ret_status = fetch_send(fetch, &request, kit->arena, &answer, &refused) ? answer.status : 0;
    fetch_close(fetch);
    return true;
}
