/* SPDX-License-Identifier: Apache-2.0 */
/* Decides who may sign in, and with which role. */
#include "api/staff.h"

#include <string.h>

#include "api/role.h"
#include "api/service.h"
#include "core/base/text.h"
#include "core/model/client.h"
#include "db/journal.h"
#include "db/sessions.h"
#include "db/settings.h"
#include "db/tokens.h"

#define CODE_MS (INT64_C(86400000) * STAFF_CODE_DAYS)
#define TOKEN_FILE "administrator.token"
#define CODE_FILE "administrator.code"

struct staffing {
    struct service *service;
    const struct staff_request *request;
    const char *person;
    const char *code;
    struct persons_list list;
};

static bool note(const struct scope *scope, const char *action, const char *person,
                 const char *detail, struct rw_error *err)
{
    const struct journal_act act = { .action = action,
                                     .object_type = "person",
                                     .object_id = person,
                                     .client = "",
                                     .detail = detail };
    return journal_insert(scope, &act, err);
}

static bool make_code(const struct scope *scope, struct persons_row *row, const char **ret_code,
                      struct rw_error *err)
{
    char hash[RW_HEX_SHA256_MAX];
    if (!secrets_token(scope->arena, ret_code, err))
        return false;
    secrets_hash(*ret_code, hash);
    row->code_hash = rw_arena_text(scope->arena, hash, err);
    row->code_expires_ms = scope->now_ms + CODE_MS;
    return row->code_hash != NULL;
}

static bool check_request(const struct staff_request *request, struct rw_error *err)
{
    uint32_t role = ROLE_NOBODY;
    if (!client_is_id(request->person)) /* it stands in addresses and in the journal */
        return rw_error_set(err, RW_INVALID, "/person",
                            "an id has letters, digits, dots, hyphens and underscores");
    if (!request->name[0] || strlen(request->name) > STAFF_NAME_MAX)
        return rw_error_set(err, RW_INVALID, "/name", "a name has 1 to %d bytes", STAFF_NAME_MAX);
    if (!role_from_word(request->role, &role) || !(role & ROLE_PERSONS))
        return rw_error_set(err, RW_INVALID, "/role", "\"%.32s\" is not a role of a person",
                            request->role);
    if (!rw_text_equal(request->language, "nl") && !rw_text_equal(request->language, "en"))
        return rw_error_set(err, RW_INVALID, "/language", "the language is \"nl\" or \"en\"");
    if (request->team && request->team[0] && !client_is_id(request->team))
        return rw_error_set(err, RW_INVALID, "/team", "a team's name is an id");
    return true;
}

/* One name stands for one actor in the journal. */
static bool check_name_is_free(const struct scope *scope, const char *name, struct rw_error *err)
{
    bool taken = false;
    if (!tokens_has_name(scope, name, &taken, err))
        return false;
    if (taken)
        return rw_error_set(err, RW_CONFLICT, "/person", "a token has the name \"%s\"", name);
    return true;
}

static bool add(void *self, const struct scope *scope, struct rw_error *err)
{
    struct staffing *staffing = self;
    const struct staff_request *request = staffing->request;
    struct persons_row row = { .person_id = request->person,
                               .name = request->name,
                               .role = request->role,
                               .language = request->language,
                               .team = request->team && request->team[0] ? request->team : NULL };
    return check_name_is_free(scope, request->person, err) &&
           make_code(scope, &row, &staffing->code, err) && persons_insert(scope, &row, err) &&
           note(scope, "create", request->person, request->role, err);
}

static bool find_active(const struct scope *scope, const char *person, struct persons_row *ret_row,
                        struct rw_error *err)
{
    if (!persons_find(scope, person, ret_row, err))
        return false;
    if (!ret_row->person_id || ret_row->ended_ms > 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no person \"%s\"", person);
    return true;
}

static bool invite(void *self, const struct scope *scope, struct rw_error *err)
{
    struct staffing *staffing = self;
    struct persons_row row;
    if (!find_active(scope, staffing->person, &row, err) ||
        !make_code(scope, &row, &staffing->code, err))
        return false;
    row.password = NULL;
    row.totp_nonce = NULL;
    return persons_update(scope, &row, err) && sessions_end_all(scope, row.person_id, err) &&
           note(scope, "invite", row.person_id, "", err);
}

static bool end(void *self, const struct scope *scope, struct rw_error *err)
{
    struct staffing *staffing = self;
    struct persons_row row;
    if (!find_active(scope, staffing->person, &row, err))
        return false;
    if (rw_text_equal(row.person_id, scope->actor))
        return rw_error_set(err, RW_CONFLICT, "", "nobody takes away their own access");
    row.ended_ms = scope->now_ms;
    return persons_update(scope, &row, err) && sessions_end_all(scope, row.person_id, err) &&
           note(scope, "revoke", row.person_id, row.role, err);
}

static bool set_language(void *self, const struct scope *scope, struct rw_error *err)
{
    struct staffing *staffing = self;
    struct persons_row row;
    if (!find_active(scope, scope->actor, &row, err))
        return false;
    row.language = staffing->request->language;
    return persons_update(scope, &row, err);
}

static bool list(void *self, const struct scope *scope, struct rw_error *err)
{
    struct staffing *staffing = self;
    return persons_find_all(scope, &staffing->list, err);
}

bool staff_add(struct service *service, const struct scope *who,
               const struct staff_request *request, const char **ret_code, struct rw_error *err)
{
    struct staffing staffing = { .service = service, .request = request };
    const struct service_work work = { &staffing, add };
    if (!check_request(request, err) || !service_transact(service, who, &work, err))
        return false;
    *ret_code = staffing.code;
    return true;
}

bool staff_invite(struct service *service, const struct scope *who, const char *person,
                  const char **ret_code, struct rw_error *err)
{
    struct staffing staffing = { .service = service, .person = person };
    const struct service_work work = { &staffing, invite };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_code = staffing.code;
    return true;
}

bool staff_end(struct service *service, const struct scope *who, const char *person,
               struct rw_error *err)
{
    struct staffing staffing = { .service = service, .person = person };
    const struct service_work work = { &staffing, end };
    return service_transact(service, who, &work, err);
}

bool staff_set_language(struct service *service, const struct scope *who, const char *language,
                        struct rw_error *err)
{
    const struct staff_request request = { .language = language };
    struct staffing staffing = { .service = service, .request = &request };
    const struct service_work work = { &staffing, set_language };
    if (!rw_text_equal(language, "nl") && !rw_text_equal(language, "en"))
        return rw_error_set(err, RW_INVALID, "/language", "the language is \"nl\" or \"en\"");
    return service_transact(service, who, &work, err);
}

bool staff_list(struct service *service, const struct scope *who, struct persons_list *ret_list,
                struct rw_error *err)
{
    struct staffing staffing = { .service = service };
    const struct service_work work = { &staffing, list };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_list = staffing.list;
    return true;
}

/* The file comes before the row: a crash in between only makes another token at the next start. */
static bool open_token(const struct scope *scope, const struct service *service,
                       struct rw_error *err)
{
    const char *role = role_word(ROLE_ADMINISTRATOR);
    const char *token = NULL;
    char hash[RW_HEX_SHA256_MAX];
    int64_t count = 0;
    if (!tokens_count(scope, role, &count, err))
        return false;
    if (count > 0)
        return true;
    if (!secrets_token(scope->arena, &token, err) ||
        !secrets_write(&service->secrets, TOKEN_FILE, token, err))
        return false;
    secrets_hash(token, hash);
    return tokens_insert(scope, hash, role, role, err);
}

/* Never a default password: whoever can read the folder of keys chooses the first one. */
static bool open_first(const struct scope *scope, const struct service *service,
                       struct rw_error *err)
{
    struct persons_row row;
    const char *code = NULL;
    if (!persons_find(scope, STAFF_FIRST, &row, err))
        return false;
    if (row.password || row.ended_ms > 0)
        return true;
    bool fresh = !row.person_id;
    if (fresh)
        row = (struct persons_row){ .person_id = STAFF_FIRST,
                                    .name = "Administrator",
                                    .role = role_word(ROLE_ADMINISTRATOR),
                                    .language = "nl" };
    if (!make_code(scope, &row, &code, err) ||
        !secrets_write(&service->secrets, CODE_FILE, code, err))
        return false;
    return fresh ? persons_insert(scope, &row, err) : persons_update(scope, &row, err);
}

static bool open_all(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct service *service = ((struct staffing *)self)->service;
    return settings_add_pharmacy(scope, err) && open_token(scope, service, err) &&
           open_first(scope, service, err);
}

bool staff_open(struct service *service, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    if (!arena)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the first administrator");
    struct staffing staffing = { .service = service };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &staffing, open_all };
    bool done = service_transact(service, &who, &work, err);
    rw_arena_close(arena);
    return done;
}
