/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out who asks. */
#include "api/access.h"

#include <string.h>

#include "api/service.h"
#include "core/base/text.h"
#include "db/devices.h"
#include "db/tokens.h"

#define TOKEN_MAX 512

/* What a credential stands for, asked in the database at each request: revoking acts at once. */
struct credential {
    const char *hash; /* of a token, or of a certificate */
    struct token_row token;
    struct device_row device;
};

static bool find_token(void *self, const struct scope *scope, struct rw_error *err)
{
    struct credential *credential = self;
    return tokens_find(scope, credential->hash, &credential->token, err);
}

static bool find_device(void *self, const struct scope *scope, struct rw_error *err)
{
    struct credential *credential = self;
    return devices_find(scope, credential->hash, &credential->device, err);
}

static bool take_caller(struct exchange *exchange, const char *role, const char *name,
                        uint32_t allowed, struct rw_error *err)
{
    uint32_t bit = ROLE_NOBODY;
    if (!role || !role_from_word(role, &bit) || !(bit & allowed))
        return rw_error_set(err, RW_UNAUTHENTICATED, "", "the token or certificate is not valid");
    exchange->caller = (struct exchange_caller){ .role = bit, .name = name };
    return true;
}

/* Each connection is looked up once, and again as soon as any certificate was refused anywhere. */
static bool is_let_in(const struct service *service, const struct exchange_link *link)
{
    return link->role != ROLE_NOBODY && link->refusals == atomic_load(&service->refusals) &&
           service_is_fed(service);
}

static bool let_in(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    struct exchange_link *link = exchange->link;
    struct credential credential = { .hash = link->fingerprint };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &credential, find_device };
    int64_t refusals = atomic_load(&service->refusals); /* before it is looked up */
    link->role = ROLE_NOBODY;
    if (!service_read(service, &who, &work, err) ||
        !take_caller(exchange, credential.device.role, credential.device.device_id, ROLE_DEVICES,
                     err))
        return false;
    if (rw_text_copy(link->name, sizeof link->name, exchange->caller.name)) {
        link->role = exchange->caller.role;
        link->refusals = refusals;
    }
    return true;
}

static bool by_certificate(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    const struct exchange_link *link = exchange->link;
    if (!link->fingerprint[0])
        return rw_error_set(err, RW_UNAUTHENTICATED, "", "no certificate was shown");
    if (is_let_in(service, link))
        exchange->caller = (struct exchange_caller){ .role = link->role, .name = link->name };
    else if (!let_in(service, exchange, err))
        return false;
    if (exchange->caller.role == ROLE_DISPENSER)
        contacts_note(service->contacts, exchange->caller.name);
    return true;
}

bool access_authenticate(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    exchange->caller = (struct exchange_caller){ 0 };
    if (exchange->listener == EXCHANGE_DEVICES)
        return by_certificate(service, exchange, err);
    const char *header = exchange_header(exchange, "authorization");
    if (!header)
        return true;
    char hash[RW_HEX_SHA256_MAX];
    if (strlen(header) > TOKEN_MAX || !rw_text_starts_with(header, "Bearer "))
        return rw_error_set(err, RW_UNAUTHENTICATED, "", "the authorization is no bearer token");
    secrets_hash(header + strlen("Bearer "), hash);
    struct credential credential = { .hash = hash };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &credential, find_token };
    return service_read(service, &who, &work, err) &&
           take_caller(exchange, credential.token.role, credential.token.name, ROLE_TOKENS, err);
}
