/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a finished label file to a printer that listens on TCP. */
#ifndef RW_CORE_NET_PRINTER_H
#define RW_CORE_NET_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define PRINTER_HOST_MAX 256
#define PRINTER_PORT_MAX 6
#define PRINTER_PORT "9100" /* where label printers take raw data */

struct printer {
    char host[PRINTER_HOST_MAX];
    char port[PRINTER_PORT_MAX];
};

/* "tcp://HOST", "tcp://HOST:PORT", "tcp://[2001:db8::1]:9100"; anything else is RW_USAGE. */
RW_MUST_USE bool printer_parse(const char *url, struct printer *ret_printer, struct rw_error *err);
/* Sends all bytes; RW_UNAVAILABLE when the printer cannot be reached or takes nothing for
 * `timeout_ms`. That bytes were taken does not say that they were printed. */
RW_MUST_USE bool printer_send(const struct printer *printer, const void *bytes, size_t length,
                              int32_t timeout_ms, struct rw_error *err);

#endif
