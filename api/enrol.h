/* SPDX-License-Identifier: Apache-2.0 */
/* Gives lines and dispensers their certificates, and takes them away. */
#ifndef RW_API_ENROL_H
#define RW_API_ENROL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "db/devices.h"
#include "db/scope.h"

struct service;

#define ENROL_CODE_MS (24 * 3600 * INT64_C(1000)) /* a code is good for a day */

struct enrol_request {
    const char *code;
    const char *csr_pem;
};
struct enrol_result {
    struct device_row device;
    const char *certificate_pem;
};

/* A one-time code for a device; RW_INVALID when role or id cannot be used. */
RW_MUST_USE bool enrol_make_code(struct service *service, const struct scope *who,
                                 const struct device_row *device, const char **ret_code,
                                 struct rw_error *err);
/* Trades the code for a certificate; the code is used up only when that works. RW_DENIED without
 * saying whether the code was wrong, old or used. */
RW_MUST_USE bool enrol_device(struct service *service, const struct scope *who,
                              const struct enrol_request *request, struct enrol_result *ret_result,
                              struct rw_error *err);
/* Refuses the device from now on and ends the connections it holds; RW_NOT_FOUND. */
RW_MUST_USE bool enrol_revoke(struct service *service, const struct scope *who,
                              const struct device_row *device, struct rw_error *err);

/* A new certificate for a device that shows one that is still good. */
struct enrol_renewal {
    struct device_row device;
    const char *fingerprint; /* of the certificate that it shows */
    const char *csr_pem;
};
RW_MUST_USE bool enrol_renew(struct service *service, const struct scope *who,
                             const struct enrol_renewal *renewal, const char **ret_certificate_pem,
                             struct rw_error *err);
/* Its new certificate is in use: those before it are refused from now on. */
RW_MUST_USE bool enrol_retire(struct service *service, const struct scope *who,
                              const struct device_row *device, const char *fingerprint,
                              struct rw_error *err);

#endif
