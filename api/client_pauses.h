/* SPDX-License-Identifier: Apache-2.0 */
/* The absences of a client as the pages show them. */
#ifndef RW_API_CLIENT_PAUSES_H
#define RW_API_CLIENT_PAUSES_H

#include <stdbool.h>
#include <stddef.h>

#include "api/page.h"
#include "core/base/attributes.h"
#include "db/lookups.h"
#include "db/pauses.h"
#include "db/scope.h"

struct service;

#define CLIENT_PAUSES_MAX 20 /* the last of a client; all of them are at /v1/clients/…/pauses */

/* A bag of one, and whether its dispenser gives it before its time. */
struct client_pauses_bag {
    const struct lookups_moment *moment;
    bool along;
};
struct client_pauses_row {
    const struct pauses_row *row;
    bool is_over;
    bool has_begun;
    struct client_pauses_bag *bags; /* of one that is not over */
    size_t count;
};
struct client_pauses {
    struct client_pauses_row rows[CLIENT_PAUSES_MAX];
    size_t count;
};

RW_MUST_USE bool client_pauses_read(struct service *service, const struct scope *scope,
                                    const char *client_id, struct client_pauses *ret_pauses,
                                    struct rw_error *err);
/* A list "pauses". */
void client_pauses_write(struct page *page, const struct client_pauses *pauses);

#endif
