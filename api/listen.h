/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a listening socket for an address as people write it. */
#ifndef RW_API_LISTEN_H
#define RW_API_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define LISTEN_ADDRESS_MAX 128
#define LISTEN_PEER_MAX 64 /* an address of IPv6 with its zone */

/* `address` is "127.0.0.1:8443", "[::1]:8443", "localhost:0" or ":8443" (every address of the
 * machine); port 0 lets the system choose. "fd:3" is a socket that listens already. `ret_address`
 * is where it listens, in the same form. */
RW_MUST_USE bool listen_open(const char *address, int *ret_socket,
                             char ret_address[LISTEN_ADDRESS_MAX], struct rw_error *err);

/* The address of a peer without its port; "?" when it is of no family we know. */
struct sockaddr;
void listen_write_peer(const struct sockaddr *peer, char ret_text[LISTEN_PEER_MAX]);

#endif
