/* SPDX-License-Identifier: Apache-2.0 */
/* Makes keys and certificates for those who call in the tests. */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/net/pki.h"

#define DAYS 30

static bool write_text(const char *path, const char *text, struct rw_error *err)
{
    return rw_file_write(path, text, strlen(text), 0600, err);
}

/* KEY CSR NAME: as a device would. */
static bool make_request(char **paths, struct rw_arena *arena, struct rw_error *err)
{
    const char *key = NULL;
    const char *request = NULL;
    return pki_key_make(arena, &key, err) &&
           pki_request_make(key, paths[2], arena, &request, err) &&
           write_text(paths[0], key, err) && write_text(paths[1], request, err);
}

/* KEY CERT CA --server: a server of somebody else, and whom to trust for it. */
static bool make_server(char **paths, struct rw_arena *arena, struct rw_error *err)
{
    struct rw_clock clock = rw_clock_system();
    int64_t from_ms = rw_clock_utc_ms(&clock) - 3600 * INT64_C(1000);
    const char *ca_key = NULL;
    const char *ca = NULL;
    const char *key = NULL;
    const char *cert = NULL;
    if (!pki_key_make(arena, &ca_key, err) ||
        !pki_ca_make(ca_key, "somebody else", from_ms, DAYS, arena, &ca, err))
        return false;
    const struct pki_issuer issuer = { .cert_pem = ca, .key_pem = ca_key };
    return pki_key_make(arena, &key, err) &&
           pki_server_make(&issuer, key, "localhost,127.0.0.1", from_ms, DAYS, arena, &cert, err) &&
           write_text(paths[0], key, err) && write_text(paths[1], cert, err) &&
           write_text(paths[2], ca, err);
}

int main(int argc, char **argv)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    bool server = argc == 5 && strcmp(argv[4], "--server") == 0;
    bool done = arena && (argc == 4 || server) && rw_crypto_init(&err) &&
                (server ? make_server(argv + 1, arena, &err) : make_request(argv + 1, arena, &err));
    if (!done)
        (void)fprintf(stderr, "device_request KEY CSR NAME: %s\n", err.text);
    rw_arena_close(arena);
    return done ? 0 : 1;
}
