/* SPDX-License-Identifier: Apache-2.0 */
/* Wakes connections that wait, whichever node made the change. */
#ifndef RW_API_PUSH_H
#define RW_API_PUSH_H

#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

/* The body of one thread: listens for hints and reads the changes of the last seconds again and
 * again, until the service is stopping. A database that is away is waited for. */
void push_run(struct service *service);

#endif
