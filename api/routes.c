/* SPDX-License-Identifier: Apache-2.0 */
/* Every address of the service: at which door, for whom, who answers. */
#include "api/routes.h"

#include <stdio.h>
#include <string.h>

#include "api/handlers.h"
#include "api/role.h"
#include "core/base/text.h"

#define PEOPLE ROUTES_PEOPLE
#define DEVICES ROUTES_DEVICES
#define BOTH (ROUTES_PEOPLE | ROUTES_DEVICES)
#define PAGE (ROUTES_PEOPLE | ROUTES_PAGE)
#define FILES (ROUTES_PEOPLE | ROUTES_ANY_BODY)
#define PICTURES (ROUTES_DEVICES | ROUTES_ANY_BODY)
#define QUIET (ROUTES_PEOPLE | ROUTES_QUIET)

#define ADMINISTRATOR ROLE_ADMINISTRATOR
#define APOTHEKER ROLE_APOTHEKER
#define PHARMACY (ROLE_APOTHEKER | ROLE_ASSISTENT)
#define READERS (PHARMACY | ROLE_OPERATOR)
#define WATCHERS (PHARMACY | ROLE_CARE)
#define FOLLOWERS ROLE_FOLLOWERS
#define AUDITORS (ROLE_AUDITOR | ROLE_APOTHEKER | ROLE_ADMINISTRATOR)
#define ANYBODY_IN (ROLE_PERSONS | ROLE_ENROLLING)

#define NO_BODY ((size_t)0)
#define TINY (8 * RW_ARENA_KIB)
#define SMALL (256 * RW_ARENA_KIB)
#define LARGE (16 * RW_ARENA_MIB)

/* Found from the top: what tens of thousands of machines ask stands first. */
const struct route routes[] = {
    { "GET", "/v1/dispensers/{dispenser}/schedule", DEVICES, ROLE_DISPENSER, NO_BODY,
      handle_schedule_get },
    { "GET", "/v1/dispensers/{dispenser}/stream", DEVICES, ROLE_DISPENSER, NO_BODY,
      handle_schedule_stream },
    { "GET", "/v1/dispensers/{dispenser}/signing-keys", DEVICES, ROLE_DISPENSER, NO_BODY,
      handle_signing_keys_get },
    { "POST", "/v1/dispensers/{dispenser}/events", DEVICES, ROLE_DISPENSER, SMALL,
      handle_events_create },

    { "GET", "/healthz", BOTH, 0, NO_BODY, handle_health },
    { "GET", "/readyz", BOTH, 0, NO_BODY, handle_ready },
    { "GET", "/metrics", PEOPLE, ADMINISTRATOR | ROLE_OPERATOR, NO_BODY, handle_metrics },
    { "GET", "/openapi.yaml", PEOPLE, 0, NO_BODY, handle_openapi },

    { "POST", "/v1/tokens", PEOPLE, ADMINISTRATOR, SMALL, handle_tokens_create },
    { "DELETE", "/v1/tokens/{name}", PEOPLE, ADMINISTRATOR, NO_BODY, handle_tokens_revoke },
    { "PUT", "/v1/policy", PEOPLE, ADMINISTRATOR | APOTHEKER, SMALL, handle_policy_put },
    { "GET", "/v1/policy", PEOPLE, ADMINISTRATOR | READERS, NO_BODY, handle_policy_get },
    { "GET", "/v1/policy/versions", PEOPLE, ADMINISTRATOR | READERS, NO_BODY,
      handle_policy_versions },
    { "GET", "/v1/products/versions", PEOPLE, ADMINISTRATOR | READERS, NO_BODY,
      handle_products_versions },
    { "PUT", "/v1/products", PEOPLE, APOTHEKER, LARGE, handle_products_put },
    { "GET", "/v1/products", PEOPLE, ADMINISTRATOR | READERS, NO_BODY, handle_products_get },
    { "POST", "/v1/enrolment-codes", PEOPLE, ADMINISTRATOR | APOTHEKER, SMALL,
      handle_codes_create },
    { "POST", "/v1/enrolments", PEOPLE, 0, SMALL, handle_enrolments_create },
    { "POST", "/v1/renewals", DEVICES, ROLE_DEVICES, SMALL, handle_renewals_create },
    { "DELETE", "/v1/devices/{role}/{device}", PEOPLE, ADMINISTRATOR | APOTHEKER, NO_BODY,
      handle_devices_revoke },

    { "POST", "/v1/orders", FILES, PHARMACY, LARGE, handle_orders_create },
    { "POST", "/v1/rolls", PEOPLE, PHARMACY, SMALL, handle_rolls_create },
    { "GET", "/v1/rolls", PEOPLE, READERS, NO_BODY, handle_rolls_list },
    { "GET", "/v1/rolls/{roll}", BOTH, READERS | ROLE_LINE, NO_BODY, handle_rolls_get },
    { "GET", "/v1/rolls/{roll}/status", BOTH, READERS | ROLE_LINE, NO_BODY, handle_rolls_status },
    { "POST", "/v1/rolls/{roll}/approve", PEOPLE, APOTHEKER, SMALL, handle_rolls_approve },
    { "POST", "/v1/rolls/{roll}/reject", PEOPLE, APOTHEKER, SMALL, handle_rolls_reject },
    { "POST", "/v1/rolls/{roll}/print", PEOPLE, READERS, SMALL, handle_rolls_print },
    { "GET", "/v1/rolls/{roll}/labels.pdf", PEOPLE, READERS, NO_BODY, handle_console_labels_pdf },
    { "GET", "/v1/rolls/{roll}/order.csv", PEOPLE, READERS, NO_BODY, handle_prints_order_csv },
    { "GET", "/v1/rolls/{roll}/order.json", PEOPLE, READERS, NO_BODY, handle_prints_order_json },
    { "POST", "/v1/rolls/{roll}/remake", PEOPLE, READERS, SMALL, handle_rolls_remake },
    { "POST", "/v1/rolls/{roll}/judge", PEOPLE, PHARMACY, SMALL, handle_rolls_judge },
    { "GET", "/v1/rolls/{roll}/fhir", PEOPLE, PHARMACY, NO_BODY, handle_rolls_fhir },
    { "GET", "/v1/rolls/{roll}/diff", PEOPLE, READERS, NO_BODY, handle_rolls_diff },
    { "POST", "/v1/rolls/{roll}/amend", PEOPLE, APOTHEKER, SMALL, handle_rolls_amend },
    { "POST", "/v1/rolls/{roll}/release", PEOPLE, APOTHEKER, SMALL, handle_rolls_release },
    { "POST", "/v1/rolls/{roll}/withdraw", PEOPLE, APOTHEKER, SMALL, handle_rolls_withdraw },

    { "POST", "/v1/bags/{serial}/mark", PEOPLE, WATCHERS, SMALL, handle_bags_mark },
    { "GET", "/v1/batches", PEOPLE, PHARMACY, NO_BODY, handle_batches_get },
    { "POST", "/v1/recalls", PEOPLE, APOTHEKER, SMALL, handle_recalls_create },
    { "GET", "/v1/recalls/{recall}", PEOPLE, PHARMACY, NO_BODY, handle_recalls_get },
    { "GET", "/v1/recalls/{recall}/list.csv", PEOPLE, PHARMACY, NO_BODY, handle_recalls_csv },
    { "POST", "/v1/recalls/{recall}/told", PEOPLE, PHARMACY, SMALL, handle_recalls_tell },
    { "POST", "/v1/recalls/{recall}/lift", PEOPLE, APOTHEKER, SMALL, handle_recalls_lift },

    { "POST", "/v1/lines/{line}/claims", DEVICES, ROLE_LINE, SMALL, handle_claims_create },
    { "PUT", "/v1/rolls/{roll}/bags/{serial}/verdict", DEVICES, ROLE_LINE, SMALL,
      handle_verdict_put },
    { "PUT", "/v1/rolls/{roll}/bags/{serial}/glance", DEVICES, ROLE_LINE, SMALL,
      handle_glance_put },
    { "PUT", "/v1/rolls/{roll}/bags/{serial}/picture", PICTURES, ROLE_LINE, LARGE,
      handle_picture_put },
    { "GET", "/v1/rolls/{roll}/bags/{serial}/picture", PEOPLE, READERS, NO_BODY,
      handle_picture_get },

    { "GET", "/v1/alarms", PEOPLE, WATCHERS, NO_BODY, handle_alarms_list },
    { "POST", "/v1/alarms/{alarm}/acknowledge", PEOPLE, WATCHERS, SMALL,
      handle_alarms_acknowledge },
    { "POST", "/v1/test-alarms", PEOPLE, WATCHERS | ADMINISTRATOR, SMALL, handle_alarms_test },
    { "GET", "/v1/outbox", PEOPLE, ADMINISTRATOR | APOTHEKER | ROLE_OPERATOR, NO_BODY,
      handle_outbox_list },
    { "GET", "/v1/journal", PEOPLE, AUDITORS, NO_BODY, handle_journal_get },
    { "POST", "/v1/outbox/{message}/retry", PEOPLE, ADMINISTRATOR | APOTHEKER, SMALL,
      handle_outbox_retry },
    { "POST", "/v1/outbox/retry", PEOPLE, ADMINISTRATOR | APOTHEKER, NO_BODY,
      handle_outbox_retry_all },

    { "GET", "/v1/persons", PEOPLE, ADMINISTRATOR, NO_BODY, handle_persons_list },
    { "POST", "/v1/persons", PEOPLE, ADMINISTRATOR, SMALL, handle_persons_create },
    { "POST", "/v1/persons/{person}/code", PEOPLE, ADMINISTRATOR, NO_BODY, handle_persons_invite },
    { "DELETE", "/v1/persons/{person}", PEOPLE, ADMINISTRATOR, NO_BODY, handle_persons_revoke },

    { "GET", "/v1/clients/{client}/adherence", PEOPLE, PHARMACY, NO_BODY,
      handle_clients_adherence },
    { "GET", "/v1/clients/{client}/adherence.csv", PEOPLE, PHARMACY, NO_BODY,
      handle_clients_adherence_csv },
    { "GET", "/v1/clients/{client}/record", PEOPLE, PHARMACY, NO_BODY, handle_records_get },
    { "PUT", "/v1/clients/{client}/record", PEOPLE, PHARMACY, SMALL, handle_records_put },
    { "PUT", "/v1/clients/{client}/visits", PEOPLE, PHARMACY, SMALL, handle_visits_put },
    { "GET", "/v1/clients/{client}/consents", PEOPLE, PHARMACY, NO_BODY, handle_consents_list },
    { "POST", "/v1/clients/{client}/consents", PEOPLE, PHARMACY, SMALL, handle_consents_create },
    { "POST", "/v1/clients/{client}/consents/end", PEOPLE, PHARMACY, SMALL, handle_consents_end },
    { "GET", "/v1/clients/{client}/pauses", PEOPLE, WATCHERS, NO_BODY, handle_pauses_list },
    { "POST", "/v1/clients/{client}/pauses", PEOPLE, WATCHERS, SMALL, handle_pauses_create },
    { "POST", "/v1/clients/{client}/pauses/{pause}/end", PEOPLE, WATCHERS, SMALL,
      handle_pauses_end },
    { "GET", "/v1/reports/1062.csv", PEOPLE, PHARMACY | ROLE_AUDITOR, NO_BODY,
      handle_reports_1062 },
    { "GET", "/v1/followed", PEOPLE, FOLLOWERS, NO_BODY, handle_followed_list },
    { "GET", "/v1/followed/{client}", PEOPLE, FOLLOWERS, NO_BODY, handle_followed_get },
    { "GET", "/clients/{client}", PAGE, PHARMACY, NO_BODY, handle_clients_page },
    { "POST", "/clients/{client}/record", PAGE, PHARMACY, TINY, handle_console_record_post },
    { "POST", "/clients/{client}/visits", PAGE, PHARMACY, TINY, handle_console_visits_post },
    { "POST", "/clients/{client}/pauses", PAGE, WATCHERS, TINY, handle_console_pause_post },
    { "POST", "/clients/{client}/pauses/{pause}/end", PAGE, WATCHERS, TINY,
      handle_console_pause_end },
    { "POST", "/clients/{client}/consents", PAGE, PHARMACY, TINY, handle_clients_consent },
    { "POST", "/clients/{client}/consents/end", PAGE, PHARMACY, TINY, handle_clients_consent_end },
    { "GET", "/followed", PAGE, FOLLOWERS, NO_BODY, handle_followed_page },
    { "POST", "/followed/{client}/alarms/{alarm}", PAGE, FOLLOWERS, TINY,
      handle_followed_acknowledge },

    { "GET", "/assets/{file}", PEOPLE, 0, NO_BODY, handle_assets_get },
    { "GET", "/", PAGE, ANYBODY_IN, NO_BODY, handle_root_get },
    { "GET", "/login", PAGE, 0, NO_BODY, handle_login_get },
    { "POST", "/login", PAGE, 0, TINY, handle_login_post },
    { "GET", "/setup", PAGE, 0, NO_BODY, handle_setup_get },
    { "POST", "/setup", PAGE, 0, TINY, handle_setup_post },
    { "POST", "/logout", PAGE, ANYBODY_IN, TINY, handle_logout_post },
    { "GET", "/account", PAGE, ANYBODY_IN, NO_BODY, handle_account_get },
    { "POST", "/account/factor", PAGE, ANYBODY_IN, TINY, handle_account_factor },
    { "POST", "/account/password", PAGE, ROLE_PERSONS, TINY, handle_account_password },
    { "POST", "/account/language", PAGE, ANYBODY_IN, TINY, handle_account_language },
    { "POST", "/account/leave", PAGE, ANYBODY_IN, TINY, handle_account_leave },
    { "GET", "/rolls", PAGE, READERS, NO_BODY, handle_console_rolls_list },
    { "POST", "/rolls", PAGE, PHARMACY, SMALL, handle_console_rolls_create },
    { "POST", "/orders", PAGE, PHARMACY, LARGE, handle_console_orders_create },
    { "GET", "/rolls/{roll}", PAGE, READERS, NO_BODY, handle_console_roll_get },
    { "GET", "/rolls/{roll}/labels.pdf", PAGE, READERS, NO_BODY, handle_console_labels_pdf },
    { "POST", "/rolls/{roll}/approve", PAGE, APOTHEKER, SMALL, handle_console_roll_approve },
    { "POST", "/rolls/{roll}/reject", PAGE, APOTHEKER, SMALL, handle_console_roll_reject },
    { "POST", "/rolls/{roll}/print", PAGE, READERS, SMALL, handle_console_roll_print },
    { "POST", "/rolls/{roll}/remake", PAGE, READERS, SMALL, handle_console_roll_remake },
    { "POST", "/rolls/{roll}/judge", PAGE, PHARMACY, SMALL, handle_console_roll_judge },
    { "POST", "/rolls/{roll}/amend", PAGE, APOTHEKER, SMALL, handle_console_roll_amend },
    { "POST", "/rolls/{roll}/release", PAGE, APOTHEKER, SMALL, handle_console_roll_release },
    { "POST", "/rolls/{roll}/withdraw", PAGE, APOTHEKER, SMALL, handle_console_roll_withdraw },
    { "GET", "/rolls/{roll}/bags/{serial}", PAGE, READERS, NO_BODY, handle_console_bag_get },
    { "GET", "/rolls/{roll}/bags/{serial}/label", PEOPLE, READERS, NO_BODY,
      handle_console_label_get },
    { "POST", "/bags/{serial}/mark", PAGE, WATCHERS, TINY, handle_console_bag_mark },
    { "GET", "/settings", PAGE, ADMINISTRATOR | APOTHEKER, NO_BODY, handle_console_settings_get },
    { "POST", "/settings/policy", PAGE, ADMINISTRATOR | APOTHEKER, SMALL,
      handle_console_policy_post },
    { "POST", "/settings/products", PAGE, APOTHEKER, LARGE, handle_console_products_post },
    { "GET", "/recalls", PAGE, PHARMACY, NO_BODY, handle_console_recalls_get },
    { "POST", "/recalls", PAGE, APOTHEKER, TINY, handle_console_recalls_create },
    { "GET", "/recalls/{recall}", PAGE, PHARMACY, NO_BODY, handle_console_recall_get },
    { "POST", "/recalls/{recall}/told", PAGE, PHARMACY, TINY, handle_console_recall_tell },
    { "POST", "/recalls/{recall}/lift", PAGE, APOTHEKER, TINY, handle_console_recall_lift },
    { "GET", "/review", PAGE, READERS, NO_BODY, handle_console_review_get },
    { "GET", "/lines", PAGE, READERS, NO_BODY, handle_console_lines_list },
    { "GET", "/lines/{watched}", PAGE, READERS, NO_BODY, handle_console_line_get },
    { "GET", "/lines/{watched}/now", PAGE, READERS, NO_BODY, handle_console_line_now },
    { "GET", "/lines/{watched}/stream", PEOPLE, READERS, NO_BODY, handle_console_line_stream },
    { "GET", "/alarms", PAGE, PHARMACY, NO_BODY, handle_console_alarms_get },
    { "GET", "/alarms/newer", QUIET, PHARMACY, NO_BODY, handle_console_alarms_newer },
    { "POST", "/alarms/{alarm}/acknowledge", PAGE, PHARMACY, TINY,
      handle_console_alarm_acknowledge },
    { "POST", "/dispensers/{tried}/test-alarm", PAGE, PHARMACY, TINY, handle_console_alarm_test },
    { "GET", "/messages", PAGE, ADMINISTRATOR | APOTHEKER | ROLE_OPERATOR, NO_BODY,
      handle_console_messages_get },
    { "POST", "/messages/retry", PAGE, ADMINISTRATOR | APOTHEKER, TINY,
      handle_console_messages_retry },
    { "POST", "/messages/{message}/retry", PAGE, ADMINISTRATOR | APOTHEKER, TINY,
      handle_console_message_retry },
    { "GET", "/dispensers", PAGE, READERS, NO_BODY, handle_console_dispensers_get },
    { "GET", "/journal", PAGE, AUDITORS, NO_BODY, handle_console_journal_get },
    { "GET", "/journal.csv", PEOPLE, AUDITORS, NO_BODY, handle_console_journal_csv },
    { "GET", "/persons", PAGE, ADMINISTRATOR, NO_BODY, handle_persons_page },
    { "POST", "/persons", PAGE, ADMINISTRATOR, TINY, handle_persons_page_add },
    { "POST", "/persons/{person}/code", PAGE, ADMINISTRATOR, TINY, handle_persons_page_invite },
    { "POST", "/persons/{person}/revoke", PAGE, ADMINISTRATOR, TINY, handle_persons_page_revoke },
};
const size_t routes_count = RW_COUNT(routes);

/* Ids that stand in a path: letters, digits and . _ - and not only dots. */
static bool take_arg(const char *from, size_t length, char ret_arg[EXCHANGE_ARG_MAX])
{
    bool dots = true;
    if (length == 0 || length >= EXCHANGE_ARG_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        char one = from[i];
        bool word = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') ||
                    (one >= '0' && one <= '9') || one == '_' || one == '-';
        if (!word && one != '.')
            return false;
        dots = dots && one == '.';
    }
    memcpy(ret_arg, from, length);
    ret_arg[length] = '\0';
    return !dots;
}

static bool matches(const struct route *route, struct exchange *exchange)
{
    const char *pattern = route->pattern;
    const char *path = exchange->path;
    size_t args = 0;
    while (*pattern && *path) { /* each round takes at least one byte of both */
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t length = strcspn(path, "/");
        if (args == EXCHANGE_ARGS_MAX || !take_arg(path, length, exchange->args[args]))
            return false;
        args++;
        pattern += strcspn(pattern, "/");
        path += length;
    }
    return !*pattern && !*path;
}

static uint32_t door_of(const struct exchange *exchange)
{
    return exchange->listener == EXCHANGE_DEVICES ? ROUTES_DEVICES : ROUTES_PEOPLE;
}

static void add_method(char allow[64], const char *method)
{
    size_t held = strlen(allow);
    (void)snprintf(allow + held, 64 - held, "%s%s", held > 0 ? ", " : "", method);
}

bool routes_find(struct exchange *exchange, char ret_allow[64], struct rw_error *err)
{
    const char *method = rw_text_equal(exchange->method, "HEAD") ? "GET" : exchange->method;
    ret_allow[0] = '\0';
    for (size_t i = 0; i < routes_count; i++) {
        if (!(routes[i].doors & door_of(exchange)) || !matches(&routes[i], exchange))
            continue;
        if (rw_text_equal(routes[i].method, method)) {
            exchange->route = &routes[i];
            return true;
        }
        add_method(ret_allow, routes[i].method);
        if (rw_text_equal(routes[i].method, "GET"))
            add_method(ret_allow, "HEAD");
    }
    if (ret_allow[0])
        return rw_error_set(err, RW_NOT_ALLOWED, "", "this address takes %s", ret_allow);
    return rw_error_set(err, RW_NOT_FOUND, "", "there is nothing at this address");
}

/* A device reaches only what is its own; of the rest it does not even learn that it exists. */
static bool is_own(const struct exchange *exchange)
{
    const char *pattern = exchange->route->pattern;
    if (exchange->listener != EXCHANGE_DEVICES)
        return true;
    if (!strstr(pattern, "{dispenser}") && !strstr(pattern, "{line}"))
        return true;
    return rw_text_equal(exchange->args[0], exchange->caller.name);
}

bool routes_check(const struct exchange *exchange, struct rw_error *err)
{
    const struct route *route = exchange->route;
    if (route->roles == 0)
        return true;
    if (exchange->caller.role == ROLE_NOBODY)
        return rw_error_set(err, RW_UNAUTHENTICATED, "",
                            "this address wants a bearer token or a session");
    if (!(route->roles & exchange->caller.role))
        return rw_error_set(err, RW_DENIED, "", "the role %s may not do this",
                            role_word(exchange->caller.role));
    if ((route->doors & ROUTES_PAGE) && !exchange->caller.session)
        return rw_error_set(err, RW_UNAUTHENTICATED, "", "a page is for somebody who signed in");
    if (!is_own(exchange))
        return rw_error_set(err, RW_NOT_FOUND, "", "there is nothing at this address");
    return true;
}

bool routes_may(const struct exchange *exchange, const char *method, const char *pattern)
{
    for (size_t i = 0; i < routes_count; i++) {
        if (rw_text_equal(routes[i].method, method) && rw_text_equal(routes[i].pattern, pattern))
            return (routes[i].roles & exchange->caller.role) != 0;
    }
    return false;
}
