/* SPDX-License-Identifier: Apache-2.0 */
/* Seals the journal, raises missed moments and cuts slow callers. */
#ifndef RW_API_CARETAKER_H
#define RW_API_CARETAKER_H

struct service;

/* The bodies of two threads, until the service is stopping. */
void caretaker_run_database(struct service *service);
void caretaker_run_connections(struct service *service);

#endif
