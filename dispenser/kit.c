/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that a service keeps the rules of docs/DISPENSER.md. */
#include "dispenser/kit.h"

#include "core/base/arena.h"
#include "dispenser/kit_call.h"
#include "dispenser/kit_door.h"
#include "dispenser/kit_events.h"
#include "dispenser/kit_schedule.h"

struct rule {
    const char *text;
    const char *todo; /* what a dispenser has to do about it */
    bool (*check)(struct kit_call *kit, struct rw_error *err);
};

static const struct rule rules[] = {
    { "the schedule is signed, is this dispenser's, and has a strong ETag",
      "check the signature with the key from the enrolment, then id and version; store it and its "
      "ETag, only then obey it",
      kit_schedule_is_given },
    { "who holds it is answered 304", "send the ETag as If-None-Match; at 304 keep what you hold",
      kit_schedule_is_known },
    { "a list of ETags, and a weak one, are answered 304 too",
      "nothing, unless your HTTP library or a proxy rewrites ETags",
      kit_schedule_is_known_in_a_list },
    { "who holds another gets it at once, though ready to wait",
      "with ?wait=50 take a 200 as it comes; do not wait first", kit_schedule_is_given_at_once },
    { "a question that waits is answered 204 at its end",
      "ask again at once after 204; allow 60 seconds before you give up",
      kit_schedule_is_waited_for },
    { "the stream begins with the version that holds",
      "download when it says a version above yours; after 65 seconds of silence connect anew",
      kit_schedule_is_streamed },
    { "who comes back to the stream is told that version again",
      "come back after 1, 2, 4 … 60 seconds, with Last-Event-ID or without",
      kit_schedule_is_streamed_again },
    { "a batch with a gap before it is refused with 409 and the last number",
      "at 409 go on from \"stored\" + 1; keep what the service has not said that it stored",
      kit_events_with_a_gap_are_refused },
    { "a batch that begins at the next number is kept",
      "number events from 1 without gaps, across restarts; drop them only when \"stored\" says so",
      kit_events_are_kept },
    { "events that were kept before are skipped", "when no answer came, send the same batch again",
      kit_events_that_repeat_are_skipped },
    { "what a wrong clock reports is kept",
      "report by your own clock, and clock_drift when it was wrong; never hold events back",
      kit_events_of_a_wrong_clock_are_kept },
    { "what is no batch is a problem and changes nothing",
      "at 400 do not send the same bytes again: log them, they are your fault",
      kit_events_must_be_readable },
    { "a type that is none refuses its whole batch", "send the types of docs/DISPENSER.md alone",
      kit_events_must_be_known },
    { "a batch of more than 500 events is refused", "send at most 500 events at once",
      kit_events_have_a_limit },
    { "a body that is too large is refused", "stay under 256 KiB", kit_events_have_a_size },
    { "of another dispenser nothing is known", "use your own id in every address",
      kit_door_hides_others },
    { "without a client certificate nothing is answered",
      "show the certificate in the handshake of every connection", kit_door_wants_a_certificate },
    { "TLS 1.2 is not spoken", "speak TLS 1.3", kit_door_refuses_old_tls },
    { "a certificate is renewed, and the one before is good until the new one is used",
      "ask for the next one once two thirds of its time are over; store it, then use it",
      kit_door_renews },
    { "a revoked certificate is refused",
      "keep your last schedule and tell a person; enrol anew with a code of the pharmacy",
      kit_door_refuses_the_revoked },
    { "the version never falls", "refuse a schedule below the version you hold",
      kit_schedule_never_falls },
};
const size_t kit_rule_count = RW_COUNT(rules);

/* A rule is judged in an arena of its own. */
static bool check(const struct kit_settings *settings, struct kit_call *kit, size_t at)
{
    struct rw_error why = { 0 };
    struct kit_finding finding = { .n = at + 1, .rule = rules[at].text, .todo = rules[at].todo };
    rw_arena_reset(kit->arena);
    kit->skipped = false;
    bool kept = rules[at].check(kit, &why);
    finding.outcome = !kept ? KIT_BROKEN : kit->skipped ? KIT_SKIPPED : KIT_KEPT;
    finding.why = kit->skipped ? "nothing was given to check it with" : why.text;
    settings->tell(settings->self, &finding);
    return kept;
}

bool kit_run(const struct kit_settings *settings, bool *ret_good, struct rw_error *err)
{
    struct kit_call kit = { .identity = settings->identity,
                            .revoked = settings->revoked,
                            .clock = settings->clock };
    kit.arena = rw_arena_open(4 * FETCH_BODY_MAX);
    if (!kit.arena)
        return rw_error_set(err, RW_NO_MEMORY, "", "the kit found no memory");
    bool done = fetch_open(&settings->identity->files, &kit.fetch, err);
    bool good = true;
    for (size_t i = 0; done && i < kit_rule_count; i++) {
        good = check(settings, &kit, i) && good;
        done = kit.fetch || fetch_open(&settings->identity->files, &kit.fetch, err);
    }
    fetch_close(kit.fetch);
    rw_arena_close(kit.arena);
    if (done)
        *ret_good = good;
    return done;
}
