/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a key and a certificate request, as a device would. */
#include <stdio.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/net/pki.h"

int main(int argc, char **argv)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    const char *key = NULL;
    const char *request = NULL;
    bool done = argc == 4 && arena && rw_crypto_init(&err) && pki_key_make(arena, &key, &err) &&
                pki_request_make(key, argv[3], arena, &request, &err) &&
                rw_file_write(argv[1], key, strlen(key), 0600, &err) &&
                rw_file_write(argv[2], request, strlen(request), 0600, &err);
    if (!done)
        (void)fprintf(stderr, "device_request KEY CSR NAME: %s\n", err.text);
    rw_arena_close(arena);
    return done ? 0 : 1;
}
