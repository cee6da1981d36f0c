/* SPDX-License-Identifier: Apache-2.0 */
/* The handlers: each turns a request into one use case. */
#ifndef RW_API_HANDLERS_H
#define RW_API_HANDLERS_H

#include "api/exchange.h"

struct service;

/* handle_status.c */
void handle_health(struct service *service, struct exchange *exchange);
void handle_ready(struct service *service, struct exchange *exchange);
void handle_metrics(struct service *service, struct exchange *exchange);
void handle_openapi(struct service *service, struct exchange *exchange);
/* handle_settings.c */
void handle_tokens_create(struct service *service, struct exchange *exchange);
void handle_tokens_revoke(struct service *service, struct exchange *exchange);
void handle_policy_put(struct service *service, struct exchange *exchange);
void handle_policy_get(struct service *service, struct exchange *exchange);
void handle_products_put(struct service *service, struct exchange *exchange);
void handle_products_get(struct service *service, struct exchange *exchange);
/* handle_enrolment.c */
void handle_codes_create(struct service *service, struct exchange *exchange);
void handle_enrolments_create(struct service *service, struct exchange *exchange);
void handle_signing_keys_get(struct service *service, struct exchange *exchange);
void handle_renewals_create(struct service *service, struct exchange *exchange);
void handle_devices_revoke(struct service *service, struct exchange *exchange);
/* handle_rolls.c */
void handle_orders_create(struct service *service, struct exchange *exchange);
void handle_rolls_create(struct service *service, struct exchange *exchange);
void handle_rolls_list(struct service *service, struct exchange *exchange);
void handle_rolls_get(struct service *service, struct exchange *exchange);
void handle_rolls_status(struct service *service, struct exchange *exchange);
/* handle_acts.c */
void handle_rolls_approve(struct service *service, struct exchange *exchange);
void handle_rolls_reject(struct service *service, struct exchange *exchange);
void handle_rolls_print(struct service *service, struct exchange *exchange);
void handle_rolls_remake(struct service *service, struct exchange *exchange);
void handle_rolls_judge(struct service *service, struct exchange *exchange);
void handle_recalls_create(struct service *service, struct exchange *exchange);
void handle_recalls_get(struct service *service, struct exchange *exchange);
void handle_recalls_csv(struct service *service, struct exchange *exchange);
void handle_recalls_tell(struct service *service, struct exchange *exchange);
void handle_recalls_lift(struct service *service, struct exchange *exchange);
void handle_batches_get(struct service *service, struct exchange *exchange);
void handle_console_recalls_get(struct service *service, struct exchange *exchange);
void handle_console_recalls_create(struct service *service, struct exchange *exchange);
void handle_console_recall_get(struct service *service, struct exchange *exchange);
void handle_console_recall_tell(struct service *service, struct exchange *exchange);
void handle_console_recall_lift(struct service *service, struct exchange *exchange);
void handle_records_get(struct service *service, struct exchange *exchange);
void handle_records_put(struct service *service, struct exchange *exchange);
void handle_visits_put(struct service *service, struct exchange *exchange);
void handle_console_record_post(struct service *service, struct exchange *exchange);
void handle_console_visits_post(struct service *service, struct exchange *exchange);
void handle_policy_versions(struct service *service, struct exchange *exchange);
void handle_products_versions(struct service *service, struct exchange *exchange);
void handle_prints_order_csv(struct service *service, struct exchange *exchange);
void handle_prints_order_json(struct service *service, struct exchange *exchange);
void handle_console_alarms_newer(struct service *service, struct exchange *exchange);
void handle_console_alarm_test(struct service *service, struct exchange *exchange);
void handle_consents_list(struct service *service, struct exchange *exchange);
void handle_consents_create(struct service *service, struct exchange *exchange);
void handle_consents_end(struct service *service, struct exchange *exchange);
void handle_pauses_list(struct service *service, struct exchange *exchange);
void handle_pauses_create(struct service *service, struct exchange *exchange);
void handle_pauses_end(struct service *service, struct exchange *exchange);
void handle_console_pause_post(struct service *service, struct exchange *exchange);
void handle_console_pause_end(struct service *service, struct exchange *exchange);
void handle_bags_mark(struct service *service, struct exchange *exchange);
void handle_console_bag_mark(struct service *service, struct exchange *exchange);
void handle_console_settings_get(struct service *service, struct exchange *exchange);
void handle_console_policy_post(struct service *service, struct exchange *exchange);
void handle_console_products_post(struct service *service, struct exchange *exchange);
void handle_rolls_fhir(struct service *service, struct exchange *exchange);
void handle_rolls_diff(struct service *service, struct exchange *exchange);
void handle_rolls_amend(struct service *service, struct exchange *exchange);
void handle_rolls_release(struct service *service, struct exchange *exchange);
void handle_rolls_withdraw(struct service *service, struct exchange *exchange);
/* handle_bags.c */
void handle_claims_create(struct service *service, struct exchange *exchange);
void handle_verdict_put(struct service *service, struct exchange *exchange);
void handle_glance_put(struct service *service, struct exchange *exchange);
void handle_picture_put(struct service *service, struct exchange *exchange);
void handle_picture_get(struct service *service, struct exchange *exchange);
/* handle_dispensers.c */
void handle_schedule_get(struct service *service, struct exchange *exchange);
void handle_schedule_stream(struct service *service, struct exchange *exchange);
/* handle_events.c */
void handle_events_create(struct service *service, struct exchange *exchange);
/* handle_alarms.c */
void handle_alarms_list(struct service *service, struct exchange *exchange);
void handle_alarms_acknowledge(struct service *service, struct exchange *exchange);
void handle_alarms_test(struct service *service, struct exchange *exchange);

/* handle_journal.c */
void handle_journal_get(struct service *service, struct exchange *exchange);

/* handle_outbox.c */
void handle_outbox_list(struct service *service, struct exchange *exchange);
void handle_outbox_retry(struct service *service, struct exchange *exchange);
void handle_outbox_retry_all(struct service *service, struct exchange *exchange);
/* handle_console_messages.c */
void handle_console_messages_get(struct service *service, struct exchange *exchange);
void handle_console_message_retry(struct service *service, struct exchange *exchange);
void handle_console_messages_retry(struct service *service, struct exchange *exchange);

/* handle_assets.c */
void handle_assets_get(struct service *service, struct exchange *exchange);
/* handle_sign_in.c */
void handle_root_get(struct service *service, struct exchange *exchange);
void handle_login_get(struct service *service, struct exchange *exchange);
void handle_login_post(struct service *service, struct exchange *exchange);
void handle_setup_get(struct service *service, struct exchange *exchange);
void handle_setup_post(struct service *service, struct exchange *exchange);
void handle_logout_post(struct service *service, struct exchange *exchange);
void handle_account_leave(struct service *service, struct exchange *exchange);
void handle_account_get(struct service *service, struct exchange *exchange);
void handle_account_factor(struct service *service, struct exchange *exchange);
void handle_account_password(struct service *service, struct exchange *exchange);
void handle_account_language(struct service *service, struct exchange *exchange);
/* handle_persons.c */
void handle_persons_list(struct service *service, struct exchange *exchange);
void handle_persons_create(struct service *service, struct exchange *exchange);
void handle_persons_invite(struct service *service, struct exchange *exchange);
void handle_persons_revoke(struct service *service, struct exchange *exchange);
void handle_persons_page(struct service *service, struct exchange *exchange);
void handle_persons_page_add(struct service *service, struct exchange *exchange);
void handle_persons_page_invite(struct service *service, struct exchange *exchange);
void handle_persons_page_revoke(struct service *service, struct exchange *exchange);
/* handle_console_rolls.c */
void handle_console_rolls_list(struct service *service, struct exchange *exchange);
void handle_console_rolls_create(struct service *service, struct exchange *exchange);
void handle_console_orders_create(struct service *service, struct exchange *exchange);
/* handle_console_acts.c */
void handle_console_roll_get(struct service *service, struct exchange *exchange);
void handle_console_roll_approve(struct service *service, struct exchange *exchange);
void handle_console_roll_reject(struct service *service, struct exchange *exchange);
void handle_console_roll_print(struct service *service, struct exchange *exchange);
void handle_console_roll_remake(struct service *service, struct exchange *exchange);
void handle_console_roll_judge(struct service *service, struct exchange *exchange);
void handle_console_roll_amend(struct service *service, struct exchange *exchange);
void handle_console_roll_release(struct service *service, struct exchange *exchange);
void handle_console_roll_withdraw(struct service *service, struct exchange *exchange);
/* handle_console_bags.c */
void handle_console_label_get(struct service *service, struct exchange *exchange);
void handle_console_labels_pdf(struct service *service, struct exchange *exchange);
void handle_console_bag_get(struct service *service, struct exchange *exchange);
void handle_console_review_get(struct service *service, struct exchange *exchange);
void handle_console_lines_list(struct service *service, struct exchange *exchange);
void handle_console_line_get(struct service *service, struct exchange *exchange);
void handle_console_line_now(struct service *service, struct exchange *exchange);
void handle_console_line_stream(struct service *service, struct exchange *exchange);
/* handle_console_watch.c */
void handle_console_alarms_get(struct service *service, struct exchange *exchange);
void handle_console_alarm_acknowledge(struct service *service, struct exchange *exchange);
void handle_console_dispensers_get(struct service *service, struct exchange *exchange);
void handle_console_journal_get(struct service *service, struct exchange *exchange);
void handle_console_journal_csv(struct service *service, struct exchange *exchange);
/* handle_clients.c */
void handle_clients_adherence(struct service *service, struct exchange *exchange);
void handle_clients_adherence_csv(struct service *service, struct exchange *exchange);
void handle_clients_page(struct service *service, struct exchange *exchange);
void handle_clients_consent(struct service *service, struct exchange *exchange);
void handle_clients_consent_end(struct service *service, struct exchange *exchange);
/* handle_followed.c */
void handle_followed_list(struct service *service, struct exchange *exchange);
void handle_followed_get(struct service *service, struct exchange *exchange);
void handle_followed_page(struct service *service, struct exchange *exchange);
void handle_followed_acknowledge(struct service *service, struct exchange *exchange);
/* handle_reports.c */
void handle_reports_1062(struct service *service, struct exchange *exchange);

#endif
