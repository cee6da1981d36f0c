/* SPDX-License-Identifier: Apache-2.0 */
/* Who may follow a client, as the client allowed it. */
#include "api/consent.h"

#include <string.h>

#include "api/approve.h"
#include "api/service.h"
#include "core/base/text.h"
#include "core/model/client.h"
#include "db/journal.h"
#include "db/orders.h"
#include "db/persons.h"
#include "db/tokens.h"

struct consenting {
    const char *client;
    const char *follower;
    const struct follows_row *given;
    struct follows_list list;
};

static bool note(const struct scope *scope, const struct consenting *consenting, const char *action,
                 const char *detail, struct rw_error *err)
{
    const char *pseudonym = NULL;
    if (!orders_pseudonym(scope, consenting->client, &pseudonym, err))
        return false;
    if (!pseudonym)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no client \"%s\"", consenting->client);
    const struct journal_act act = { .action = action,
                                     .object_type = "client",
                                     .object_id = consenting->client,
                                     .client = pseudonym,
                                     .detail = detail };
    return journal_insert(scope, &act, err);
}

/* A slip of the pen would let nobody see anything, and nobody would notice. */
static bool check_follower(const struct scope *scope, const struct follows_row *given,
                           struct rw_error *err)
{
    struct persons_list list;
    const bool is_team = given->follower[0] == FOLLOWS_TEAM;
    if (!persons_find_all(scope, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const struct persons_row *row = &list.rows[i];
        const char *name = is_team ? row->team : row->person_id;
        if (row->ended_ms == 0 && rw_text_equal(row->role, given->kind) &&
            rw_text_equal(name, given->follower + is_team))
            return true;
    }
    bool has = false;
    if (is_team && !tokens_has(scope, given->follower + 1, given->kind, &has, err))
        return false;
    return has ||
           rw_error_set(err, RW_INVALID, "/follower", "no %s of the role %s is called \"%.64s\"",
                        is_team ? "team with a person" : "person", given->kind, given->follower);
}

static bool give(void *self, const struct scope *scope, struct rw_error *err)
{
    struct consenting *consenting = self;
    const struct follows_row *given = consenting->given;
    const char *detail =
        rw_arena_format(scope->arena, err, "%s may follow as %s%s%s", given->follower, given->kind,
                        given->medicines ? ", with medicines" : "",
                        given->acknowledges ? ", acknowledges alarms" : "");
    return detail && check_follower(scope, given, err) && follows_insert(scope, given, err) &&
           note(scope, consenting, "consent", detail, err);
}

static bool take_back(void *self, const struct scope *scope, struct rw_error *err)
{
    struct consenting *consenting = self;
    int64_t changed = 0;
    if (!follows_end(scope, consenting->client, consenting->follower, &changed, err))
        return false;
    if (changed == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "\"%.64s\" does not follow this client",
                            consenting->follower);
    const char *detail =
        rw_arena_format(scope->arena, err, "%s follows no more", consenting->follower);
    return detail && note(scope, consenting, "consent", detail, err);
}

static bool read_list(void *self, const struct scope *scope, struct rw_error *err)
{
    struct consenting *consenting = self;
    return follows_of_client(scope, consenting->client, &consenting->list, err) &&
           note(scope, consenting, "read", "consents", err);
}

static bool check_given(const struct follows_row *given, struct rw_error *err)
{
    const char *follower = given->follower + (given->follower[0] == FOLLOWS_TEAM);
    if (!client_is_id(follower))
        return rw_error_set(err, RW_INVALID, "/follower",
                            "who follows is a person or @ and a team");
    if (!rw_text_equal(given->kind, "care") && !rw_text_equal(given->kind, "family"))
        return rw_error_set(err, RW_INVALID, "/kind", "one follows as care or as family");
    if (!given->reason[0] || strlen(given->reason) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, "/reason", "a reason has 1 to %d bytes",
                            APPROVE_REASON_MAX);
    return true;
}

bool consent_give(struct service *service, const struct scope *who, const struct follows_row *given,
                  struct rw_error *err)
{
    struct consenting consenting = { .client = given->client_id, .given = given };
    const struct service_work work = { &consenting, give };
    return check_given(given, err) && service_transact(service, who, &work, err);
}

bool consent_end(struct service *service, const struct scope *who, const char *client_id,
                 const char *follower, struct rw_error *err)
{
    struct consenting consenting = { .client = client_id, .follower = follower };
    const struct service_work work = { &consenting, take_back };
    return service_transact(service, who, &work, err);
}

bool consent_list(struct service *service, const struct scope *who, const char *client_id,
                  struct follows_list *ret_list, struct rw_error *err)
{
    struct consenting consenting = { .client = client_id };
    const struct service_work work = { &consenting, read_list };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_list = consenting.list;
    return true;
}
