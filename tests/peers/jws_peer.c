/* SPDX-License-Identifier: Apache-2.0 */
/* Signs or checks one document for the test that compares us with jose. */
#include <stdio.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/jws.h"

enum { PEER_BYTES_MAX = 1 << 16 };

static int failed(const struct rw_error *err)
{
    fprintf(stderr, "%s: %s\n", rw_error_id(err->code), err->text);
    return 1;
}

/* Prints {"x":PUBLIC,"kid":KID,"jws":DOCUMENT} with a key made for this call. */
static int sign(struct rw_arena *arena, const char *typ, const char *payload, size_t length)
{
    struct rw_error err = { 0 };
    uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    char kid[JWS_KID_MAX];
    const char *document = NULL;
    const char *x = NULL;
    size_t document_length = 0;
    rw_sign_keypair(public_key, secret);
    jws_kid(public_key, kid);
    if (!jws_sign(payload, length, typ, secret, arena, &document, &document_length, &err) ||
        !rw_base64url(arena, public_key, sizeof public_key, &x, &err))
        return failed(&err);
    printf("{\"x\":\"%s\",\"kid\":\"%s\",\"jws\":%.*s}\n", x, kid, (int)document_length, document);
    return 0;
}

static int check(struct rw_arena *arena, const char *const words[2], const char *document,
                 size_t length)
{
    struct rw_error err = { 0 };
    uint8_t *public_key = NULL;
    size_t key_length = 0;
    const char *payload = NULL;
    size_t payload_length = 0;
    if (!rw_base64url_decode(arena, words[1], &public_key, &key_length, &err))
        return failed(&err);
    if (key_length != RW_SIGN_PUBLIC_BYTES)
        return 2;
    if (!jws_check(document, length, words[0], public_key, arena, &payload, &payload_length, &err))
        return failed(&err);
    printf("%.*s", (int)payload_length, payload);
    return 0;
}

int main(int argc, char **argv)
{
    static char input[PEER_BYTES_MAX];
    struct rw_error err = { 0 };
    size_t length = fread(input, 1, sizeof input, stdin);
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    int status = 2;
    if (!rw_crypto_init(&err))
        status = failed(&err);
    else if (argc == 3 && strcmp(argv[1], "sign") == 0)
        status = sign(arena, argv[2], input, length);
    else if (argc == 4 && strcmp(argv[1], "check") == 0)
        status = check(arena, (const char *const[]){ argv[2], argv[3] }, input, length);
    rw_arena_close(arena);
    return status;
}
