/* SPDX-License-Identifier: Apache-2.0 */
/* Gives lines and dispensers their certificates, and takes them away. */
#include "api/enrol.h"

#include "api/service.h"
#include "core/base/text.h"
#include "core/model/client.h"
#include "core/net/pki.h"
#include "db/dispensers.h"
#include "db/journal.h"

#define SKEW_MS (3600 * INT64_C(1000))

struct enrolment {
    struct service *service;
    const struct device_row *device;
    const char *code_hash;
    const struct enrol_request *request;
    const struct enrol_renewal *renewal;
    const char *kept; /* fingerprint */
    struct enrol_result result;
    int64_t changed;
};

static bool journal_device(const struct scope *scope, const char *action,
                           const struct device_row *device, struct rw_error *err)
{
    const struct journal_act act = { .action = action,
                                     .object_type = device->role,
                                     .object_id = device->device_id,
                                     .client = "",
                                     .detail = "" };
    return journal_insert(scope, &act, err);
}

static bool make_code(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct enrolment *enrolment = self;
    return devices_insert_code(scope, enrolment->code_hash, enrolment->device,
                               scope->now_ms + ENROL_CODE_MS, err) &&
           journal_device(scope, "invite", enrolment->device, err);
}

bool enrol_make_code(struct service *service, const struct scope *who,
                     const struct device_row *device, const char **ret_code, struct rw_error *err)
{
    char hash[RW_HEX_SHA256_MAX];
    if (!rw_text_equal(device->role, "dispenser") && !rw_text_equal(device->role, "line"))
        return rw_error_set(err, RW_INVALID, "/role", "a device is a dispenser or a line");
    if (!client_is_id(device->device_id))
        return rw_error_set(err, RW_INVALID, "/id",
                            "an id has letters, digits, dots, hyphens and underscores");
    if (!secrets_token(who->arena, ret_code, err))
        return false;
    secrets_hash(*ret_code, hash);
    struct enrolment enrolment = { .device = device, .code_hash = hash };
    const struct service_work work = { &enrolment, make_code };
    return service_transact(service, who, &work, err);
}

static bool certify(const struct scope *scope, const struct secrets *secrets,
                    const struct device_row *device, const char *csr_pem,
                    const char **ret_certificate_pem, struct rw_error *err)
{
    const struct pki_client client = { .common_name = device->device_id,
                                       .role = device->role,
                                       .from_utc_ms = scope->now_ms - SKEW_MS,
                                       .days = SECRETS_DEVICE_DAYS };
    return pki_client_sign(secrets->ca_cert_pem, secrets->ca_key_pem, csr_pem, &client,
                           scope->arena, ret_certificate_pem, err);
}

static bool enrol(void *self, const struct scope *scope, struct rw_error *err)
{
    struct enrolment *enrolment = self;
    struct enrol_result *result = &enrolment->result;
    char fingerprint[PKI_FINGERPRINT_MAX];
    if (!devices_use_code(scope, enrolment->code_hash, &result->device, err))
        return false;
    if (!result->device.role)
        return rw_error_set(err, RW_DENIED, "/code", "the code cannot be used");
    bool dispenser = rw_text_equal(result->device.role, "dispenser");
    return certify(scope, &enrolment->service->secrets, &result->device,
                   enrolment->request->csr_pem, &result->certificate_pem, err) &&
           pki_fingerprint(result->certificate_pem, fingerprint, err) &&
           devices_insert(scope, fingerprint, &result->device, err) &&
           (!dispenser || dispensers_enrol(scope, result->device.device_id, err)) &&
           journal_device(scope, "enrol", &result->device, err);
}

bool enrol_device(struct service *service, const struct scope *who,
                  const struct enrol_request *request, struct enrol_result *ret_result,
                  struct rw_error *err)
{
    char hash[RW_HEX_SHA256_MAX];
    secrets_hash(request->code, hash);
    struct enrolment enrolment = { .service = service, .code_hash = hash, .request = request };
    const struct service_work work = { &enrolment, enrol };
    if (!service_transact(service, who, &work, err))
        return false;
    atomic_fetch_add(&service->refusals, 1); /* the certificates it had before */
    *ret_result = enrolment.result;
    return true;
}

static bool revoke(void *self, const struct scope *scope, struct rw_error *err)
{
    struct enrolment *enrolment = self;
    if (!devices_revoke(scope, enrolment->device, NULL, &enrolment->changed, err))
        return false;
    if (enrolment->changed == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no %s \"%s\"", enrolment->device->role,
                            enrolment->device->device_id);
    return journal_device(scope, "revoke", enrolment->device, err);
}

bool enrol_revoke(struct service *service, const struct scope *who, const struct device_row *device,
                  struct rw_error *err)
{
    struct enrolment enrolment = { .device = device };
    const struct service_work work = { &enrolment, revoke };
    if (!service_transact(service, who, &work, err))
        return false;
    atomic_fetch_add(&service->refusals, 1);
    waiters_dismiss(service->waiters, device->device_id);
    return true;
}

static bool renew(void *self, const struct scope *scope, struct rw_error *err)
{
    struct enrolment *enrolment = self;
    const struct enrol_renewal *renewal = enrolment->renewal;
    char fingerprint[PKI_FINGERPRINT_MAX];
    return certify(scope, &enrolment->service->secrets, &renewal->device, renewal->csr_pem,
                   &enrolment->result.certificate_pem, err) &&
           pki_fingerprint(enrolment->result.certificate_pem, fingerprint, err) &&
           devices_renew(scope, renewal->fingerprint, fingerprint, &renewal->device, err) &&
           journal_device(scope, "renew", &renewal->device, err);
}

bool enrol_renew(struct service *service, const struct scope *who,
                 const struct enrol_renewal *renewal, const char **ret_certificate_pem,
                 struct rw_error *err)
{
    struct enrolment enrolment = { .service = service, .renewal = renewal };
    const struct service_work work = { &enrolment, renew };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_certificate_pem = enrolment.result.certificate_pem;
    return true;
}

static bool retire(void *self, const struct scope *scope, struct rw_error *err)
{
    struct enrolment *enrolment = self;
    return devices_revoke(scope, enrolment->device, enrolment->kept, &enrolment->changed, err) &&
           (enrolment->changed == 0 || journal_device(scope, "retire", enrolment->device, err));
}

bool enrol_retire(struct service *service, const struct scope *who, const struct device_row *device,
                  const char *fingerprint, struct rw_error *err)
{
    struct enrolment enrolment = { .device = device, .kept = fingerprint };
    const struct service_work work = { &enrolment, retire };
    if (!service_transact(service, who, &work, err))
        return false;
    atomic_fetch_add(&service->refusals, 1);
    return true;
}
