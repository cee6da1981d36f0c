/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a finished label file to a printer, over TCP or IPP. */
#ifndef RW_CORE_NET_PRINTER_H
#define RW_CORE_NET_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define PRINTER_HOST_MAX 256
#define PRINTER_PORT_MAX 6
#define PRINTER_PATH_MAX 256
#define PRINTER_PORT "9100" /* where label printers take raw data */
#define PRINTER_IPP_PORT "631"
#define PRINTER_IPP_PATH "/ipp/print" /* of a printer by itself; a queue of CUPS has another */

/* What a printer takes: ZPL as a stream of bytes, or PDF as a job. */
enum printer_kind { PRINTER_RAW, PRINTER_IPP, PRINTER_KIND_COUNT };

struct printer {
    enum printer_kind kind;
    bool encrypted;    /* ipps: only to a printer whose certificate is kept */
    const char *store; /* folder of HOST.crt files; borrowed; NULL = that of CUPS */
    char host[PRINTER_HOST_MAX];
    char port[PRINTER_PORT_MAX];
    char path[PRINTER_PATH_MAX]; /* of IPP; "" for a raw one */
};

/* "tcp://HOST", "tcp://HOST:PORT", "tcp://[2001:db8::1]:9100", "ipp://HOST",
 * "ipp://HOST:PORT/ipp/print", "ipps://…"; anything else is RW_USAGE. */
RW_MUST_USE bool printer_parse(const char *url, struct printer *ret_printer, struct rw_error *err);
/* Sends all bytes; RW_UNAVAILABLE when the printer cannot be reached or takes nothing for
 * `timeout_ms`. That bytes were taken does not say that they were printed. */
RW_MUST_USE bool printer_send(const struct printer *printer, const void *bytes, size_t length,
                              int32_t timeout_ms, struct rw_error *err);

/* A PDF and what its job is called. Who walks past the printer can read the name of a job: it holds
 * no name of a person. */
struct printer_job {
    const char *name;
    const void *bytes;
    size_t length;
};
/* Prints on an IPP printer, unscaled. RW_UNAVAILABLE: it cannot be reached, breaks off, stays still
 * for `timeout_ms`, or says that it cannot now; RW_CONFLICT: it refuses the document. True says
 * that the printer took the job, not that it printed it. */
RW_MUST_USE bool printer_print(const struct printer *printer, const struct printer_job *job,
                               int32_t timeout_ms, struct rw_error *err);

#endif
