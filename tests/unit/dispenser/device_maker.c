/* SPDX-License-Identifier: Apache-2.0 */
/* Makes certificates and signed schedules for a played service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/jws.h"
#include "core/json/schedule_json.h"
#include "core/net/pki.h"
#include "strip.h"

#define DAY_MS 86400000

static struct rw_arena *arena;
static struct rw_error err;

static int fail(void)
{
    fprintf(stderr, "device_maker: %s\n", err.text);
    return 1;
}

static bool keep(const char *folder, const char *name, const void *bytes, size_t length)
{
    char path[RW_FILE_PATH_MAX];
    return rw_file_join(path, folder, name, &err) && rw_file_write(path, bytes, length, 0600, &err);
}

static bool read_all(const char *folder, const char *name, char **ret_bytes)
{
    char path[RW_FILE_PATH_MAX];
    size_t length;
    return rw_file_join(path, folder, name, &err) &&
           rw_file_read(path, 65536, arena, ret_bytes, &length, &err);
}

/* ca FOLDER: everything that a service needs; prints the public signing key. */
static int make_ca(const char *folder)
{
    struct rw_clock clock = rw_clock_system();
    int64_t from_ms = rw_clock_utc_ms(&clock) - DAY_MS;
    const char *ca_key;
    const char *ca;
    const char *key;
    const char *cert;
    const char *text;
    uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    if (!pki_key_make(arena, &ca_key, &err) ||
        !pki_ca_make(ca_key, "test", from_ms, 30, arena, &ca, &err) ||
        !pki_key_make(arena, &key, &err))
        return fail();
    const struct pki_issuer issuer = { ca, ca_key };
    rw_sign_keypair(public_key, secret);
    if (!pki_server_make(&issuer, key, "localhost,127.0.0.1,::1", from_ms, 30, arena, &cert,
                         &err) ||
        !keep(folder, "ca.key", ca_key, strlen(ca_key)) ||
        !keep(folder, "ca.pem", ca, strlen(ca)) || !keep(folder, "server.key", key, strlen(key)) ||
        !keep(folder, "server.pem", cert, strlen(cert)) ||
        !keep(folder, "sign.key", secret, sizeof secret) ||
        !rw_base64url(arena, public_key, sizeof public_key, &text, &err))
        return fail();
    puts(text);
    return 0;
}

/* certify FOLDER ID ROLE AGE: a request on standard input, its certificate on standard output; it
 * was made AGE days ago for a week. */
static int certify(const char *folder, const char *id, const char *role, const char *age)
{
    struct rw_clock clock = rw_clock_system();
    int64_t from_ms = rw_clock_utc_ms(&clock) - strtol(age, NULL, 10) * DAY_MS;
    const struct pki_client client = {
        .common_name = id, .role = role, .from_utc_ms = from_ms, .days = 7
    };
    char *ca;
    char *ca_key;
    char *csr;
    size_t length;
    const char *cert;
    if (!read_all(folder, "ca.pem", &ca) || !read_all(folder, "ca.key", &ca_key) ||
        !rw_file_read("-", 65536, arena, &csr, &length, &err) ||
        !pki_client_sign(ca, ca_key, csr, &client, arena, &cert, &err))
        return fail();
    fputs(cert, stdout);
    return 0;
}

/* schedule FOLDER DISPENSER VERSION: signed, released now. */
static int make_schedule(const char *folder, const char *dispenser, const char *version)
{
    static struct strip strip;
    struct rw_clock clock = rw_clock_system();
    char released[RW_CLOCK_TEXT_MAX];
    char *secret;
    const char *payload;
    const char *signed_text;
    size_t length;
    rw_clock_write_utc(rw_clock_utc_ms(&clock), released);
    strip_make(&strip, (int32_t)strtol(version, NULL, 10), dispenser);
    strip.schedule.released = released;
    if (!read_all(folder, "sign.key", &secret) ||
        !schedule_json_write(&strip.schedule, arena, &payload, &length, &err) ||
        !jws_sign(payload, length, SCHEDULE_JSON_TYP, (const uint8_t *)secret, arena, &signed_text,
                  &length, &err))
        return fail();
    fputs(signed_text, stdout);
    return 0;
}

/* codes: one line for each bag. */
static int print_codes(void)
{
    static struct strip strip;
    strip_make(&strip, 1, "any");
    for (int i = 0; i < STRIP_BAGS; i++)
        puts(strip.codes[i]);
    return 0;
}

int main(int argc, char **argv)
{
    arena = rw_arena_open(4 * RW_ARENA_MIB);
    if (arena == NULL || !rw_crypto_init(&err))
        return fail();
    int status = 2;
    if (argc == 3 && strcmp(argv[1], "ca") == 0)
        status = make_ca(argv[2]);
    else if (argc == 6 && strcmp(argv[1], "certify") == 0)
        status = certify(argv[2], argv[3], argv[4], argv[5]);
    else if (argc == 5 && strcmp(argv[1], "schedule") == 0)
        status = make_schedule(argv[2], argv[3], argv[4]);
    else if (argc == 2 && strcmp(argv[1], "codes") == 0)
        status = print_codes();
    rw_arena_close(arena);
    return status;
}
