/* SPDX-License-Identifier: Apache-2.0 */
/* Enrolment codes, enrolments, and devices that are refused. */
#include <string.h>

#include "api/enrol.h"
#include "api/handlers.h"
#include "api/key_files.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/text.h"

void handle_codes_create(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "role", "id", NULL };
    struct rw_error err = { 0 };
    struct device_row device = { 0 };
    struct respond respond;
    const struct json *root = NULL;
    const char *code = NULL;
    char expires[RW_CLOCK_TEXT_MAX];
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "role", &device.role, &err) ||
        !json_text(root, "id", &device.device_id, &err) ||
        !enrol_make_code(service, &who, &device, &code, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    rw_clock_write_utc(exchange->now_ms + ENROL_CODE_MS, expires);
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "role", device.role);
    json_write_text(&respond.json, "id", device.device_id);
    json_write_text(&respond.json, "code", code);
    json_write_text(&respond.json, "expires", expires);
    respond_end(service, exchange, &respond, 201);
}

/* Where the devices' door is, under the name by which the caller reached us. */
static const char *devices_url(struct service *service, struct exchange *exchange,
                               struct rw_error *err)
{
    const char *address = http_address(service->devices);
    const char *host = exchange_header(exchange, "host");
    const char *port = strrchr(address, ':');
    if (!host)
        return rw_arena_format(exchange->arena, err, "https://%s", address);
    const char *colon = strrchr(host, ':');
    bool has_port = colon && !strchr(colon, ']');
    int length = (int)(has_port ? (size_t)(colon - host) : strlen(host));
    return rw_arena_format(exchange->arena, err, "https://%.*s%s", length, host, port);
}

/* All keys for schedules, and the one that signs today. */
static bool signing_key(struct service *service, struct exchange *exchange,
                        struct keyring *ret_keys, const char **ret_key, struct rw_error *err)
{
    if (!key_files_list(&key_files_schedule, service->secrets.folder, exchange->arena, ret_keys,
                        err))
        return false;
    const struct keyring_key *now = key_files_now(ret_keys, exchange->now_ms);
    if (!now)
        return rw_error_set(err, RW_UNAVAILABLE, "", "no key for schedules holds now");
    return rw_base64url(exchange->arena, now->public_key, RW_SIGN_PUBLIC_BYTES, ret_key, err);
}

void handle_signing_keys_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct rw_text text;
    struct json_writer json;
    struct keyring keys;
    const char *body = NULL;
    rw_text_init(&text, exchange->arena, KEY_FILES_BYTES_MAX);
    json_write_init(&json, &text);
    if (key_files_list(&key_files_schedule, service->secrets.folder, exchange->arena, &keys,
                       &err)) {
        keyring_write(key_files_schedule.ring, &keys, NULL, &json);
        if (rw_text_finish(&text, &body, &err)) {
            exchange_reply_json(exchange, 200, body);
            return;
        }
    }
    respond_error(service, exchange, &err);
}

static void answer_enrolled(struct service *service, struct exchange *exchange,
                            const struct enrol_result *result)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct keyring keys;
    const char *key = NULL;
    const char *url = devices_url(service, exchange, &err);
    if (!url || !signing_key(service, exchange, &keys, &key, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "id", result->device.device_id);
    json_write_text(&respond.json, "role", result->device.role);
    json_write_text(&respond.json, "certificate", result->certificate_pem);
    json_write_text(&respond.json, "ca", service->secrets.ca_cert_pem);
    json_write_text(&respond.json, "devices", url);
    json_write_text(&respond.json, "signing_key", key);
    keyring_write(key_files_schedule.ring, &keys, "signing_keys", &respond.json);
    respond_end(service, exchange, &respond, 201);
}

void handle_enrolments_create(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "code", "csr", NULL };
    struct rw_error err = { 0 };
    struct enrol_request request = { 0 };
    struct enrol_result result;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "code", &request.code, &err) ||
        !json_text(root, "csr", &request.csr_pem, &err) ||
        !enrol_device(service, &who, &request, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    answer_enrolled(service, exchange, &result);
}

void handle_renewals_create(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "csr", NULL };
    struct rw_error err = { 0 };
    struct respond respond;
    const struct json *root = NULL;
    const char *certificate = NULL;
    const struct scope who = service_who(service, exchange);
    struct enrol_renewal renewal = { .device = { .role = who.role, .device_id = who.actor },
                                     .fingerprint = exchange->link->fingerprint };
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "csr", &renewal.csr_pem, &err) ||
        !enrol_renew(service, &who, &renewal, &certificate, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "certificate", certificate);
    json_write_text(&respond.json, "ca", service->secrets.ca_cert_pem);
    respond_end(service, exchange, &respond, 201);
}

void handle_devices_revoke(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct device_row device = { .role = exchange->args[0], .device_id = exchange->args[1] };
    const struct scope who = service_who(service, exchange);
    if (!enrol_revoke(service, &who, &device, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}
