/* SPDX-License-Identifier: Apache-2.0 */
/* Delivers messages to those whom the configuration names. */
#ifndef RW_API_DELIVER_H
#define RW_API_DELIVER_H

struct service;

/* The body of one thread, until the service is stopping. A message is signed as Standard Webhooks
 * asks, sent outside any transaction, and tried again until every address has taken it: after one,
 * two, four … seconds, an hour at most, with chance in it (REQ-018). */
void deliver_run(struct service *service);

#endif
