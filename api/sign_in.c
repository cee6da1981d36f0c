/* SPDX-License-Identifier: Apache-2.0 */
/* Lets people in by password and second factor, and out again. */
#include "api/sign_in.h"

#include <string.h>

#include "api/service.h"
#include "core/base/text.h"
#include "core/model/client.h"
#include "db/journal.h"
#include "db/persons.h"
#include "db/sessions.h"

/* Tries before waiting begins: of one name, and of one address behind which an office may sit. */
#define FREE_OF_NAME 5
#define FREE_OF_SOURCE 20
#define SECOND_MS 1000

/* Nobody's password, made the same way as all: a name that nobody has costs the same time. */
static const char nobodys[] = "$argon2id$v=19$m=65536,t=2,p=1$moBQopVqbUT4w5K4RmATaA$"
                              "OZl/cHZ18CQqxQCuWDSMgQtl4dw/CUVUNkEtl/jr4a8";

enum way { BY_PASSWORD, BY_CODE, ENROL, CHANGE };

struct signing {
    struct service *service;
    const struct sign_in_request *request;
    enum way way;
    struct persons_row person; /* as it was when the try began; person_id NULL = nobody */
    int64_t wait_ms;
    bool good;
    int64_t step; /* whose code was given; 0 = none was asked for */
    char password[RW_PASSWORD_HASH_MAX];
    const char *token;
    bool enrolled;
    bool known;                         /* the person signed in in this browser before */
    char known_next[RW_HEX_SHA256_MAX]; /* "" = no second factor yet */
};

static void key_of(const char *kind, const char *value, char ret_hash[RW_HEX_SHA256_MAX])
{
    struct rw_sha256 hash;
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256_begin(&hash);
    rw_sha256_add(&hash, kind, strlen(kind));
    rw_sha256_add(&hash, value, strlen(value));
    rw_sha256_end(&hash, digest);
    rw_hex_sha256(digest, ret_hash);
}

void sign_in_secret(const struct service *service, const char *person, const char *nonce,
                    uint8_t ret_secret[TOTP_SECRET_BYTES])
{
    uint8_t mac[RW_SHA256_BYTES];
    char salted[RW_HEX_SHA256_MAX];
    key_of(person, nonce, salted);
    rw_hmac_sha256(service->secrets.totp_key, RW_HMAC_KEY_BYTES, salted, strlen(salted), mac);
    memcpy(ret_secret, mac, TOTP_SECRET_BYTES);
    rw_crypto_wipe(mac, sizeof mac);
}

/* What a browser keeps once this person signed in there; void with the second factor. */
static void known_of(const struct service *service, const struct persons_row *person,
                     char ret_known[RW_HEX_SHA256_MAX])
{
    uint8_t mac[RW_SHA256_BYTES];
    char salted[RW_HEX_SHA256_MAX];
    ret_known[0] = '\0';
    if (!person->person_id || !person->totp_nonce)
        return;
    key_of(person->person_id, person->totp_nonce, salted);
    salted[0] = 'k'; /* no digit of hex: never the text that a secret follows from */
    rw_hmac_sha256(service->secrets.totp_key, RW_HMAC_KEY_BYTES, salted, strlen(salted), mac);
    rw_hex_sha256(mac, ret_known);
}

/* Of the name: those who guess wait apart from browsers that are known. */
static void name_key(const struct signing *signing, char ret_hash[RW_HEX_SHA256_MAX])
{
    key_of(signing->known ? "known:" : "name:", signing->request->person, ret_hash);
}

/* REQ-021: counts the try, and reads who it is about. */
static bool begin(void *self, const struct scope *scope, struct rw_error *err)
{
    struct signing *signing = self;
    char name[RW_HEX_SHA256_MAX];
    char source[RW_HEX_SHA256_MAX];
    int64_t name_ms = 0;
    int64_t source_ms = 0;
    const char *said = signing->request->known ? signing->request->known : "";
    key_of("source:", scope->source, source);
    if (!persons_find(scope, signing->request->person, &signing->person, err))
        return false;
    known_of(signing->service, &signing->person, name);
    signing->known =
        name[0] && strlen(said) == strlen(name) && rw_crypto_equal(said, name, strlen(name));
    name_key(signing, name);
    if (!sessions_try(scope, source, FREE_OF_SOURCE, &source_ms, err) ||
        (source_ms == 0 && !sessions_try(scope, name, FREE_OF_NAME, &name_ms, err)))
        return false;
    signing->wait_ms = source_ms > 0 ? source_ms : name_ms;
    if (signing->person.ended_ms > 0)
        signing->person = (struct persons_row){ 0 };
    return true;
}

/* One at a time: each takes 64 MiB. */
static bool check_password(struct signing *signing)
{
    const char *held = signing->person.password;
    (void)pthread_mutex_lock(&signing->service->hashing);
    bool same = rw_password_check(held ? held : nobodys, signing->request->password);
    (void)pthread_mutex_unlock(&signing->service->hashing);
    return same && held;
}

static bool hash_password(struct signing *signing, struct rw_error *err)
{
    (void)pthread_mutex_lock(&signing->service->hashing);
    bool done = rw_password_hash(signing->request->new_password, signing->password, err);
    (void)pthread_mutex_unlock(&signing->service->hashing);
    return done;
}

static bool check_totp(struct signing *signing, const char *nonce, int64_t now_ms,
                       struct rw_error *err)
{
    uint8_t secret[TOTP_SECRET_BYTES];
    sign_in_secret(signing->service, signing->request->person, nonce, secret);
    bool done = totp_check(secret, signing->request->code, now_ms, signing->person.totp_step,
                           &signing->step, err);
    rw_crypto_wipe(secret, sizeof secret);
    return done;
}

/* Everything is looked at whatever was wrong before, so that the time tells nothing. */
static bool judge(struct signing *signing, int64_t now_ms, struct rw_error *err)
{
    const struct persons_row *person = &signing->person;
    char hash[RW_HEX_SHA256_MAX];
    switch (signing->way) {
    case BY_PASSWORD:
        if (person->totp_nonce && !check_totp(signing, person->totp_nonce, now_ms, err))
            return false;
        signing->good = check_password(signing) && (!person->totp_nonce || signing->step > 0);
        return true;
    case BY_CODE:
        secrets_hash(signing->request->code, hash);
        signing->good = person->code_hash && person->code_expires_ms > now_ms &&
                        rw_crypto_equal(person->code_hash, hash, RW_HEX_SHA256_MAX);
        return hash_password(signing, err);
    case ENROL:
        if (!check_totp(signing, signing->request->session, now_ms, err))
            return false;
        signing->good = signing->step > 0 && (!person->totp_nonce || check_password(signing));
        return true;
    case CHANGE:
        signing->good = check_password(signing);
        return hash_password(signing, err);
    }
    return false;
}

static const char *const ways[] = { "by password", "by one-time code", "second factor",
                                    "password changed" };

/* Who enrols a factor or changes a password is signed in already. */
bool sign_in_is_claimed(const struct journal_act *act)
{
    return rw_text_equal(act->action, "sign-in-refused") &&
           (rw_text_equal(act->detail, ways[BY_PASSWORD]) ||
            rw_text_equal(act->detail, ways[BY_CODE]));
}

static bool note(const struct scope *scope, const struct signing *signing, const char *action,
                 struct rw_error *err)
{
    const struct journal_act act = { .action = action,
                                     .object_type = "person",
                                     .object_id =
                                         signing->person.person_id ? signing->person.person_id : "",
                                     .client = "",
                                     .detail = ways[signing->way] };
    return journal_insert(scope, &act, err);
}

/* What the try changes about the person; false when somebody else was faster. */
static bool change_person(struct signing *signing, struct persons_row *now)
{
    const struct persons_row *before = &signing->person;
    if (!now->person_id || now->ended_ms > 0 || !rw_text_equal(now->password, before->password) ||
        !rw_text_equal(now->code_hash, before->code_hash) ||
        !rw_text_equal(now->totp_nonce, before->totp_nonce) ||
        (signing->step > 0 && signing->step <= now->totp_step))
        return false;
    if (signing->step > 0)
        now->totp_step = signing->step;
    if (signing->way == BY_CODE || signing->way == CHANGE)
        now->password = signing->password;
    if (signing->way == BY_CODE) {
        now->code_hash = NULL;
        now->totp_nonce = NULL;
    }
    if (signing->way == ENROL)
        now->totp_nonce = signing->request->session;
    return true;
}

/* The new session never has the token of an old one: who knew that one gains nothing. */
static bool open_session(const struct scope *scope, struct signing *signing, struct rw_error *err)
{
    char hash[RW_HEX_SHA256_MAX];
    const char *person = signing->person.person_id;
    if (signing->way != BY_PASSWORD && !sessions_end_all(scope, person, err))
        return false;
    if (!secrets_token(scope->arena, &signing->token, err))
        return false;
    secrets_hash(signing->token, hash);
    return sessions_insert(scope, hash, person, err);
}

static bool forgive(const struct scope *scope, const struct signing *signing, struct rw_error *err)
{
    char name[RW_HEX_SHA256_MAX];
    char source[RW_HEX_SHA256_MAX];
    name_key(signing, name);
    key_of("source:", scope->source, source);
    return sessions_forgive(scope, name, true, err) && sessions_forgive(scope, source, false, err);
}

static bool finish(void *self, const struct scope *scope, struct rw_error *err)
{
    struct signing *signing = self;
    struct persons_row now = { 0 };
    if (signing->good && !persons_find(scope, signing->request->person, &now, err))
        return false;
    if (!signing->good || !change_person(signing, &now)) {
        signing->good = false;
        return note(scope, signing, "sign-in-refused", err);
    }
    signing->enrolled = now.totp_nonce != NULL;
    known_of(signing->service, &now, signing->known_next);
    return persons_update(scope, &now, err) && forgive(scope, signing, err) &&
           open_session(scope, signing, err) && note(scope, signing, "sign-in", err);
}

static bool check_new_password(const struct sign_in_request *request, struct rw_error *err)
{
    size_t count = 0;
    for (const char *at = request->new_password; *at; at++)
        count += ((unsigned char)*at & 0xC0) != 0x80; /* characters, not bytes */
    if (count < SIGN_IN_PASSWORD_MIN || strlen(request->new_password) > SIGN_IN_PASSWORD_MAX)
        return rw_error_set(err, RW_INVALID, "/new_password",
                            "a password has at least %d characters and at most %d bytes",
                            SIGN_IN_PASSWORD_MIN, SIGN_IN_PASSWORD_MAX);
    if (rw_text_equal_nocase(request->new_password, request->person))
        return rw_error_set(err, RW_INVALID, "/new_password", "the name is no password");
    return true;
}

static bool run(struct signing *signing, const struct scope *who, struct sign_in_result *ret_result,
                struct rw_error *err)
{
    struct service *service = signing->service;
    const struct service_work beginning = { signing, begin };
    const struct service_work finishing = { signing, finish };
    struct scope named = *who;
    if (strlen(signing->request->password) > SIGN_IN_PASSWORD_MAX ||
        !client_is_id(signing->request->person))
        return rw_error_set(err, RW_UNAUTHENTICATED, "",
                            "the name, the password or the code is not right");
    if (!service_transact(service, who, &beginning, err))
        return false;
    const int64_t wait_s = signing->wait_ms / SECOND_MS + 1;
    if (signing->wait_ms > 0)
        return rw_error_set(err, RW_TOO_MANY, "",
                            wait_s == 1 ? "there were too many tries; wait %lld second"
                                        : "there were too many tries; wait %lld seconds",
                            (long long)wait_s);
    if (!judge(signing, who->now_ms, err))
        return false;
    if (signing->person.person_id) {
        named.actor = signing->person.person_id;
        named.role = signing->person.role;
    }
    if (!service_transact(service, &named, &finishing, err))
        return false;
    if (!signing->good)
        return rw_error_set(err, RW_UNAUTHENTICATED, "",
                            "the name, the password or the code is not right");
    const char *known = rw_arena_text(who->arena, signing->known_next, err);
    if (!known)
        return false;
    *ret_result = (struct sign_in_result){ .token = signing->token,
                                           .enrolled = signing->enrolled,
                                           .known = known[0] ? known : NULL };
    return true;
}

bool sign_in(struct service *service, const struct scope *who,
             const struct sign_in_request *request, struct sign_in_result *ret_result,
             struct rw_error *err)
{
    struct signing signing = { .service = service, .request = request, .way = BY_PASSWORD };
    return run(&signing, who, ret_result, err);
}

bool sign_in_by_code(struct service *service, const struct scope *who,
                     const struct sign_in_request *request, struct sign_in_result *ret_result,
                     struct rw_error *err)
{
    struct signing signing = { .service = service, .request = request, .way = BY_CODE };
    return check_new_password(request, err) && run(&signing, who, ret_result, err);
}

bool sign_in_enrol(struct service *service, const struct scope *who,
                   const struct sign_in_request *request, struct sign_in_result *ret_result,
                   struct rw_error *err)
{
    struct signing signing = { .service = service, .request = request, .way = ENROL };
    return run(&signing, who, ret_result, err);
}

bool sign_in_change(struct service *service, const struct scope *who,
                    const struct sign_in_request *request, struct sign_in_result *ret_result,
                    struct rw_error *err)
{
    struct signing signing = { .service = service, .request = request, .way = CHANGE };
    return check_new_password(request, err) && run(&signing, who, ret_result, err);
}

struct leaving {
    const char *session;
};

static bool leave(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct leaving *leaving = self;
    const struct journal_act act = { .action = "sign-out",
                                     .object_type = "person",
                                     .object_id = scope->actor,
                                     .client = "",
                                     .detail = leaving->session ? "" : "everywhere" };
    bool ended = leaving->session ? sessions_end(scope, leaving->session, err)
                                  : sessions_end_all(scope, scope->actor, err);
    return ended && journal_insert(scope, &act, err);
}

bool sign_in_out(struct service *service, const struct scope *who, const char *session,
                 struct rw_error *err)
{
    struct leaving leaving = { session };
    const struct service_work work = { &leaving, leave };
    return service_transact(service, who, &work, err);
}
