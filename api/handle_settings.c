/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens, policy and products. */
#include "api/handlers.h"
#include "api/plan_settings.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/service.h"
#include "core/base/text.h"
#include "core/json/json_time.h"
#include "core/model/client.h"
#include "db/journal.h"
#include "db/persons.h"
#include "db/settings.h"
#include "db/tokens.h"

struct token_work {
    const char *hash;
    const char *role;
    const char *name;
};

static bool journal_token(const struct scope *scope, const char *action,
                          const struct token_work *token, struct rw_error *err)
{
    const struct journal_act act = { .action = action,
                                     .object_type = "token",
                                     .object_id = token->name,
                                     .client = "",
                                     .detail = token->role ? token->role : "" };
    return journal_insert(scope, &act, err);
}

static bool insert_token(void *self, const struct scope *scope, struct rw_error *err)
{
    struct token_work *token = self;
    struct persons_row person;
    if (!persons_find(scope, token->name, &person, err))
        return false;
    if (person.person_id) /* one name stands for one actor in the journal */
        return rw_error_set(err, RW_CONFLICT, "/name", "a person has the id \"%s\"", token->name);
    bool has = false;
    if (!tokens_has_name(scope, token->name, &has, err))
        return false;
    if (has)
        return rw_error_set(err, RW_CONFLICT, "/name",
                            "a token \"%s\" is there: take another name, or delete that one first",
                            token->name);
    return tokens_insert(scope, token->hash, token->role, token->name, err) &&
           journal_token(scope, "create", token, err);
}

static bool revoke_token(void *self, const struct scope *scope, struct rw_error *err)
{
    struct token_work *token = self;
    int64_t changed = 0;
    if (!tokens_revoke(scope, token->name, &changed, err))
        return false;
    if (changed == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no token \"%s\"", token->name);
    return journal_token(scope, "revoke", token, err);
}

static bool read_token(struct exchange *exchange, struct token_work *token, struct rw_error *err)
{
    static const char *const names[] = { "role", "name", NULL };
    const struct json *root = NULL;
    uint32_t role = ROLE_NOBODY;
    if (!respond_read(exchange, names, &root, err) || !json_text(root, "role", &token->role, err) ||
        !json_text(root, "name", &token->name, err))
        return false;
    if (!role_from_word(token->role, &role) || !(role & ROLE_TOKENS))
        return rw_error_set(err, RW_INVALID, "/role", "\"%s\" is not a role for a token",
                            token->role);
    if (!client_is_id(token->name)) /* it stands in addresses and in the journal */
        return rw_error_set(err, RW_INVALID, "/name",
                            "a name has letters, digits, dots, hyphens and underscores");
    return true;
}

void handle_tokens_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct token_work token = { 0 };
    struct respond respond;
    const char *secret = NULL;
    char hash[RW_HEX_SHA256_MAX];
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &token, insert_token };
    if (!read_token(exchange, &token, &err) || !secrets_token(exchange->arena, &secret, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    secrets_hash(secret, hash);
    token.hash = hash;
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "role", token.role);
    json_write_text(&respond.json, "name", token.name);
    json_write_text(&respond.json, "token", secret);
    respond_end(service, exchange, &respond, 201);
}

void handle_tokens_revoke(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct token_work token = { .name = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &token, revoke_token };
    if (!service_transact(service, &who, &work, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

struct settings_work {
    const char *kind;
    const struct exchange *exchange;
    int64_t version;
    int64_t wanted; /* version; 0 = the one that holds */
    struct settings_row row;
    struct settings_version *versions;
    size_t count;
};

static bool store_settings(void *self, const struct scope *scope, struct rw_error *err)
{
    struct settings_work *settings = self;
    return plan_settings_store(scope, settings->kind, settings->exchange->body,
                               settings->exchange->body_length, &settings->version, err);
}

static bool find_settings(void *self, const struct scope *scope, struct rw_error *err)
{
    struct settings_work *settings = self;
    return settings->wanted > 0
               ? settings_find_version(scope, settings->kind, settings->wanted, &settings->row, err)
               : settings_find(scope, settings->kind, &settings->row, err);
}

static bool find_history(void *self, const struct scope *scope, struct rw_error *err)
{
    struct settings_work *settings = self;
    return settings_history(scope, settings->kind, &settings->versions, &settings->count, err);
}

static void put_settings(struct service *service, struct exchange *exchange, const char *kind)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct settings_work settings = { .kind = kind, .exchange = exchange };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &settings, store_settings };
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_int(&respond.json, "version", settings.version);
    respond_end(service, exchange, &respond, 200);
}

static void get_settings(struct service *service, struct exchange *exchange, const char *kind)
{
    struct rw_error err = { 0 };
    struct settings_work settings = { .kind = kind };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &settings, find_settings };
    const char *version = exchange_query(exchange, "version");
    if (version && !rw_text_to_int(version, 1, INT32_MAX, &settings.wanted))
        (void)rw_error_set(&err, RW_NOT_FOUND, "", "there is no version \"%.32s\"", version);
    if (err.code == RW_OK && service_transact(service, &who, &work, &err) &&
        settings.row.version == 0)
        (void)rw_error_set(&err, RW_NOT_FOUND, "", "nobody has given the %s yet", kind);
    if (err.code != RW_OK)
        respond_error(service, exchange, &err);
    else
        exchange_reply_bytes(exchange, EXCHANGE_JSON_TYPE, settings.row.bytes, settings.row.length);
}

static void list_settings(struct service *service, struct exchange *exchange, const char *kind)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct settings_work settings = { .kind = kind };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &settings, find_history };
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_list(&respond.json, "versions");
    for (size_t i = 0; i < settings.count; i++) {
        json_write_object(&respond.json, NULL);
        json_write_int(&respond.json, "version", settings.versions[i].version);
        json_time_write_utc(&respond.json, "at", settings.versions[i].at_ms);
        json_write_text(&respond.json, "by", settings.versions[i].actor);
        json_write_int(&respond.json, "bytes", settings.versions[i].length);
        json_write_object_end(&respond.json);
    }
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_policy_versions(struct service *service, struct exchange *exchange)
{
    list_settings(service, exchange, "policy");
}

void handle_products_versions(struct service *service, struct exchange *exchange)
{
    list_settings(service, exchange, "products");
}

void handle_policy_put(struct service *service, struct exchange *exchange)
{
    put_settings(service, exchange, "policy");
}

void handle_policy_get(struct service *service, struct exchange *exchange)
{
    get_settings(service, exchange, "policy");
}

void handle_products_put(struct service *service, struct exchange *exchange)
{
    put_settings(service, exchange, "products");
}

void handle_products_get(struct service *service, struct exchange *exchange)
{
    get_settings(service, exchange, "products");
}
