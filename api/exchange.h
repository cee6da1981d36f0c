/* SPDX-License-Identifier: Apache-2.0 */
/* One request and its answer, without a word of the HTTP library. */
#ifndef RW_API_EXCHANGE_H
#define RW_API_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/listen.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/diag.h"
#include "core/base/error.h"

#define EXCHANGE_PAIRS_MAX 64 /* headers, and parameters of the query */
#define EXCHANGE_ARGS_MAX 3   /* {names} in a route's path */
#define EXCHANGE_ARG_MAX 65   /* bytes of one of them, NUL included */
#define EXCHANGE_EXTRAS_MAX 8 /* headers of an answer beside its content type */
#define EXCHANGE_JSON_MAX (8 * RW_ARENA_MIB)
#define EXCHANGE_JSON_TYPE "application/json"

/* Two doors: people and programs at one, machines with a certificate at the other. */
enum exchange_listener { EXCHANGE_PEOPLE, EXCHANGE_DEVICES, EXCHANGE_LISTENER_COUNT };

struct exchange_pair {
    const char *name;
    const char *value;
    size_t value_length;
};

/* Who asks, as authentication found. `role` is a word of api/role.h. */
struct exchange_caller {
    uint32_t role;    /* one bit of enum role; 0 = nobody */
    const char *name; /* of the token, or the id of the person or device */
    /* Of care and family alone: whom a client's consent names, a person or "@" and a team. A token
     * is a team's, and called like it. NULL: sees whom the role sees. */
    const char *follower;
    const char *credential; /* the hash of its cookie or token; NULL = came with a certificate */
    /* Of a person who came with a cookie; else NULL. */
    const char *session;     /* the hash of the session */
    const char *csrf;        /* what this session's forms must send back */
    const char *person_name; /* as colleagues know the person */
    const char *language;
};

/* What is known of a connection from one of its requests to the next; all zero at first. */
struct exchange_link {
    char source[LISTEN_PEER_MAX];        /* the caller's address; "" = not asked for yet */
    char fingerprint[RW_HEX_SHA256_MAX]; /* of the certificate that was shown, hex; "" = none */
    char name[EXCHANGE_ARG_MAX];         /* of the device that was let in */
    uint32_t role;
    int64_t refusals; /* how often devices had been refused when it was let in */
    int64_t noted_ms; /* UTC: when it was last noted that the device was heard */
};

/* Instead of an answer: the request sleeps. `start` is called once it does, and must see to it that
 * `resume` is called once with `connection`, on any thread; then the request is asked again, with
 * `resumed` set, and may sleep again. False: it could not, and the request is asked again at once.
 */
struct exchange_park {
    void *self;
    bool (*start)(void *self, void (*resume)(void *connection), void *connection);
};

/* PARK: as above. STREAM: told each schedule of `stream_key` that is newer than `stream_version`.
 */
enum exchange_hold { EXCHANGE_ANSWER, EXCHANGE_PARK, EXCHANGE_STREAM, EXCHANGE_HOLD_COUNT };

/* A body that its owner keeps until it is given back, on any thread; NULL = it is the request's. */
struct exchange_lent {
    void (*give_back)(void *owner);
    void *owner;
};

struct exchange_reply {
    int32_t status;
    const char *content_type; /* NULL without a body */
    const char *body;
    size_t length;
    struct exchange_lent lent;
    struct exchange_pair extras[EXCHANGE_EXTRAS_MAX];
    size_t extra_count;
    const char *cache; /* Cache-Control; NULL = nobody keeps it */
    enum exchange_hold hold;
    struct exchange_park park;
    const char *stream_key;
    int64_t stream_version;
};

/* All texts are borrowed from the request and live as long as it. */
struct exchange {
    enum exchange_listener listener;
    const char *method;
    const char *path;
    struct exchange_pair *headers; /* at most EXCHANGE_PAIRS_MAX, as of the queries */
    size_t header_count;
    struct exchange_pair *queries;
    size_t query_count;
    struct exchange_pair *fields; /* of a page's form, once it was read */
    size_t field_count;
    const char *body; /* a NUL that is not counted follows it */
    size_t body_length;
    struct exchange_link *link;
    bool resumed; /* it is asked again, after EXCHANGE_PARK */
    void *parked; /* what the handler kept meanwhile */
    struct rw_arena *arena;
    int64_t now_ms;   /* UTC, when the request began */
    int64_t clock_ms; /* monotonic, when it began or, where it slept or had a body, went on */
    /* Set while it is answered. */
    const struct route *route;
    char args[EXCHANGE_ARGS_MAX][EXCHANGE_ARG_MAX];
    struct exchange_caller caller;
    struct exchange_reply reply;
};

/* Is it the header of this name? `name` is in small letters; the header's in any. */
bool exchange_pair_is(const struct exchange_pair *pair, const char *name);
/* Value of a header (as above) or a query parameter; NULL when absent. */
const char *exchange_header(const struct exchange *exchange, const char *name);
const char *exchange_query(const struct exchange *exchange, const char *name);
/* A field of the form; "" when absent. */
const char *exchange_field(const struct exchange *exchange, const char *name);

/* Answers. */
void exchange_reply_json(struct exchange *exchange, int32_t status, const char *json);
void exchange_reply_bytes(struct exchange *exchange, const char *content_type, const char *bytes,
                          size_t length);
void exchange_reply_empty(struct exchange *exchange, int32_t status);
void exchange_reply_extra(struct exchange *exchange, const char *name, const char *value);
/* application/problem+json for the error, with the findings if there are any. Of a failure of ours
 * it says what failed, and not why. */
void exchange_reply_error(struct exchange *exchange, const struct rw_error *err,
                          const struct rw_diag *findings);

#endif
