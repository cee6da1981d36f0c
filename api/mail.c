/* SPDX-License-Identifier: Apache-2.0 */
/* Writes an alarm as a mail in plain words, without names and drugs. */
#include "api/mail.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/net/courier.h"

#define MAIL_MAX 4096
#define MAIL_MS 10000
#define DAY_MS INT64_C(86400000)

/* ASCII alone, so that no server on the way has to convert anything. */
struct wording {
    const char *types[ALARM_TYPE_COUNT];
    const char *states[ALARM_STATE_COUNT];
    const char *test;
    const char *supervision;
    const char *type, *state, *client, *dispenser, *roll, *bag, *due, *raised, *rung;
    const char *open;
    const char *footer;
};
static const struct wording dutch = {
    .types = { [ALARM_MISSED] = "moment zonder uitname",
               [ALARM_SILENT] = "dispenser zwijgt",
               [ALARM_LOW_ROLL] = "rol bijna op",
               [ALARM_JAM] = "storing in de dispenser",
               [ALARM_CODE_MISMATCH] = "code klopt niet",
               [ALARM_RECALL] = "zakjes teruggeroepen",
               [ALARM_CLOCK] = "klok van de dispenser loopt voor",
               [ALARM_TEST] = "PROEFALARM" },
    .states = { [ALARM_CLOSED] = "voorbij",
                [ALARM_OPEN] = "open",
                [ALARM_ACKNOWLEDGED] = "in behandeling" },
    .test = "Dit is een proef van de alarmketen. Er is niets aan de hand.",
    .supervision = "teken van leven",
    .type = "Alarm",
    .state = "Toestand",
    .client = "Client",
    .dispenser = "Dispenser",
    .roll = "Rol",
    .bag = "Zakje",
    .due = "Gepland",
    .raised = "Gemeld",
    .rung = "Doorgegeven",
    .open = "Bevestig het alarm in rolwacht. Anders wordt het doorgegeven.",
    .footer = "Automatisch bericht; een antwoord wordt niet gelezen.",
};
static const struct wording english = {
    .types = { [ALARM_MISSED] = "moment not taken out",
               [ALARM_SILENT] = "dispenser is silent",
               [ALARM_LOW_ROLL] = "roll nearly empty",
               [ALARM_JAM] = "fault in the dispenser",
               [ALARM_CODE_MISMATCH] = "code does not match",
               [ALARM_RECALL] = "bags recalled",
               [ALARM_CLOCK] = "clock of the dispenser is ahead",
               [ALARM_TEST] = "TEST ALARM" },
    .states = { [ALARM_CLOSED] = "over", [ALARM_OPEN] = "open", [ALARM_ACKNOWLEDGED] = "in hand" },
    .test = "This is a trial of the alarm chain. Nothing is wrong.",
    .supervision = "sign of life",
    .type = "Alarm",
    .state = "State",
    .client = "Client",
    .dispenser = "Dispenser",
    .roll = "Roll",
    .bag = "Bag",
    .due = "Planned",
    .raised = "Raised",
    .rung = "Passed on",
    .open = "Acknowledge the alarm in rolwacht. Otherwise it is passed on.",
    .footer = "Written by a machine; an answer is not read.",
};

/* "Thu, 26 Nov 2026 11:00:00 +0000" (RFC 5322 section 3.3). */
static void add_date(struct rw_text *text, int64_t utc_ms)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int32_t day = (int32_t)(utc_ms / DAY_MS);
    int32_t second = (int32_t)(utc_ms % DAY_MS / 1000);
    struct rw_civil date = rw_date_civil(day);
    rw_text_format(text, "Date: %s, %" PRId32 " %s %" PRId32, days[rw_date_weekday(day) - 1],
                   date.day, months[date.month - 1], date.year);
    rw_text_format(text, " %02" PRId32 ":%02" PRId32 ":%02" PRId32 " +0000\r\n", second / 3600,
                   second / 60 % 60, second % 60);
}

static void add_head(const struct message *message, const char *subject, struct rw_text *text)
{
    const struct config_exit *exit = message->exit;
    rw_text_format(text, "From: %s\r\nTo: %s\r\nSubject: rolwacht: %s\r\n", exit->from, exit->to,
                   subject);
    add_date(text, rw_clock_utc_ms(&message->clock));
    /* The same on each try, so that a mail that came twice is seen to be one. */
    rw_text_format(text, "Message-ID: <%s%s>\r\n", message->row->outbox_id,
                   strchr(exit->from, '@'));
    rw_text_add(text, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: text/plain; charset=us-ascii\r\n\r\n");
}

static void add_line(struct rw_text *text, const char *name, const char *value)
{
    if (value && value[0])
        rw_text_format(text, "%s: %s\r\n", name, value);
}

static void add_alarm(const struct wording *words, const struct alarm *alarm, struct rw_text *text)
{
    char raised[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(alarm->raised_utc_ms, raised);
    if (alarm->type == ALARM_TEST)
        rw_text_format(text, "%s\r\n\r\n", words->test);
    add_line(text, words->type, words->types[alarm->type]);
    add_line(text, words->state, words->states[alarm->state]);
    add_line(text, words->client, alarm->client);
    add_line(text, words->dispenser, alarm->dispenser);
    add_line(text, words->roll, alarm->roll);
    if (alarm->bag > 0)
        rw_text_format(text, "%s: %" PRId32 "\r\n", words->bag, alarm->bag);
    add_line(text, words->due, alarm->due);
    add_line(text, words->raised, raised);
    if (alarm->rung > 0)
        rw_text_format(text, "%s: %" PRId32 "x\r\n", words->rung, alarm->rung);
    if (alarm->state == ALARM_OPEN)
        rw_text_format(text, "\r\n%s\r\n", words->open);
}

bool mail_send(const struct message *message, struct rw_error *err)
{
    const struct config_exit *exit = message->exit;
    const struct wording *words = rw_text_equal(exit->language, "en") ? &english : &dutch;
    struct alarm alarm = { 0 };
    struct rw_text text;
    bool there = message_is_supervision(message);
    rw_text_init(&text, message->arena, MAIL_MAX);
    if (!there && !message_alarm(message, &alarm, err))
        return false;
    add_head(message, there ? words->supervision : words->types[alarm.type], &text);
    if (there)
        rw_text_format(&text, "%s\r\n", words->supervision);
    else
        add_alarm(words, &alarm, &text);
    rw_text_format(&text, "\r\n%s\r\n", words->footer);
    const struct courier_post post = { exit->url, exit->ca_file, exit->user, exit->password };
    struct courier_mail mail = { .from = exit->from, .to = exit->to, .length = text.length };
    return rw_text_finish(&text, &mail.text, err) && courier_mail(&post, &mail, MAIL_MS, err);
}
