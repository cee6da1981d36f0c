/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps enrolment codes and the certificates that came of them. */
#ifndef RW_DB_DEVICES_H
#define RW_DB_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "db/scope.h"

struct device_row {
    const char *role;      /* "dispenser" or "line"; NULL when there is no such valid device */
    const char *device_id; /* the common name of its certificate */
    bool renewed;          /* devices_find: an older certificate of it is still valid */
};

RW_MUST_USE bool devices_insert_code(const struct scope *scope, const char *code_hash,
                                     const struct device_row *device, int64_t expires_ms,
                                     struct rw_error *err);
/* Uses up a code. `ret_device->role` is NULL when the code is wrong, was used or is too old. */
RW_MUST_USE bool devices_use_code(const struct scope *scope, const char *code_hash,
                                  struct device_row *ret_device, struct rw_error *err);
/* A new certificate of a device; those it had before are refused from now on. */
RW_MUST_USE bool devices_insert(const struct scope *scope, const char *fingerprint,
                                const struct device_row *device, struct rw_error *err);
/* One more certificate of a device, beside the one with which it asked for it: that one ends when
 * the new one is first used, so an answer that is lost locks nobody out. */
RW_MUST_USE bool devices_renew(const struct scope *scope, const char *asked_with,
                               const char *fingerprint, const struct device_row *device,
                               struct rw_error *err);
RW_MUST_USE bool devices_find(const struct scope *scope, const char *fingerprint,
                              struct device_row *ret_device, struct rw_error *err);
/* Refuses all certificates of the device but `kept` (NULL: all) from now on, and tells the nodes.
 */
RW_MUST_USE bool devices_revoke(const struct scope *scope, const struct device_row *device,
                                const char *kept, int64_t *ret_changed, struct rw_error *err);

#endif
