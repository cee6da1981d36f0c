/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a machine known to the service and keeps what it was given. */
#define _POSIX_C_SOURCE 200809L
#include "core/net/enrol.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"
#include "core/json/schedule_keys.h"
#include "core/model/client.h"
#include "core/net/pki.h"

#define ENROL_TIMEOUT_MS 30000
#define ENROL_BODY_MAX ((size_t)32 * 1024)

/* The path of a file of the state folder, in the arena. */
static const char *path_in(const char *folder, const char *name, struct rw_arena *arena,
                           struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    return rw_file_join(path, folder, name, err) ? rw_arena_text(arena, path, err) : NULL;
}

static bool name_files(const char *folder, struct rw_arena *arena, struct enrol_identity *identity,
                       struct rw_error *err)
{
    struct fetch_identity *ret = &identity->files;
    identity->keys_file = path_in(folder, "signing-keys.json", arena, err);
    ret->ca_file = path_in(folder, "ca.pem", arena, err);
    ret->client_cert_file = path_in(folder, "client.pem", arena, err);
    ret->client_key_file = path_in(folder, "client.key", arena, err);
    return identity->keys_file != NULL && ret->ca_file != NULL && ret->client_cert_file != NULL &&
           ret->client_key_file != NULL;
}

/* Checks device.json, or the answer that becomes it. */
static bool read_identity(const struct json *root, struct rw_arena *arena,
                          struct enrol_identity *identity, struct rw_error *err)
{
    const char *key_text;
    if (!json_text(root, "id", &identity->id, err) ||
        !json_text(root, "role", &identity->role, err) ||
        !json_text(root, "devices", &identity->devices, err) ||
        !json_text_or(root, "signing_key", NULL, &key_text, err))
        return false;
    if (!client_is_id(identity->id))
        return json_refuse(json_member(root, "id"), "the id is letters, digits, '.', '-', '_'",
                           err);
    if (!rw_text_starts_with(identity->devices, "https://") ||
        rw_text_ends_with(identity->devices, "/"))
        return json_refuse(json_member(root, "devices"), "the address is not \"https://host:port\"",
                           err);
    if (key_text == NULL)
        return !rw_text_equal(identity->role, "dispenser") ||
               rw_error_set(err, RW_INVALID, "/signing_key",
                            "a dispenser needs the key that signs schedules");
    uint8_t *key;
    size_t length;
    if (!rw_base64url_decode(arena, key_text, &key, &length, NULL) ||
        length != sizeof identity->signing_key)
        return json_refuse(json_member(root, "signing_key"), "the key is not 32 bytes in base64url",
                           err);
    memcpy(identity->signing_key, key, length);
    identity->has_signing_key = true;
    return true;
}

bool enrol_load(const char *state_folder, struct rw_arena *arena,
                struct enrol_identity *ret_identity, struct rw_error *err)
{
    struct enrol_identity identity = { 0 };
    const char *path = path_in(state_folder, "device.json", arena, err);
    char *bytes;
    size_t length;
    const struct json *root;
    if (path == NULL)
        return false;
    if (access(path, F_OK) != 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "\"%.128s\" was never enrolled", state_folder);
    if (!rw_file_read(path, ENROL_FILE_MAX, arena, &bytes, &length, err) ||
        !json_parse(arena, bytes, length, &root, err) ||
        !json_format_is(root, "rolwacht/device/1", err) ||
        !read_identity(root, arena, &identity, err) ||
        !name_files(state_folder, arena, &identity, err))
        return false;
    *ret_identity = identity;
    return true;
}

static bool write_question(const char *code, const char *csr, struct rw_arena *arena,
                           const char **ret_body, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    rw_text_init(&text, arena, ENROL_BODY_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    if (code != NULL)
        json_write_text(&writer, "code", code);
    json_write_text(&writer, "csr", csr);
    json_write_object_end(&writer);
    return rw_text_finish(&text, ret_body, err);
}

static enum rw_code code_of_status(int32_t status)
{
    return status == 401 || status == 403   ? RW_DENIED
           : status == 404 || status == 410 ? RW_NOT_FOUND
           : status == 409                  ? RW_CONFLICT
           : status >= 400 && status < 500  ? RW_INVALID
                                            : RW_UNAVAILABLE;
}

/* Posts the request for a certificate; the body of the answer is parsed. */
static bool post(const struct fetch_identity *shown, const char *url, const char *body,
                 struct rw_arena *arena, const struct json **ret_root, struct rw_error *err)
{
    struct fetch *fetch;
    struct fetch_answer answer = { 0 };
    if (!fetch_open(shown, &fetch, err))
        return false;
    const struct fetch_request request = {
        .method = "POST",
        .url = url,
        .content_type = "application/json",
        .body = body,
        .body_length = strlen(body),
        .timeout_ms = ENROL_TIMEOUT_MS,
    };
    bool done = fetch_send(fetch, &request, arena, &answer, err);
    fetch_close(fetch);
    if (!done)
        return false;
    if (answer.status != 200 && answer.status != 201)
        return rw_error_set(err, code_of_status(answer.status), "",
                            "the service did not accept the request for a certificate (status %d)",
                            (int)answer.status);
    return json_parse(arena, answer.body, answer.body_length, ret_root, err);
}

static bool ask(const struct enrol_order *order, const char *body, struct rw_arena *arena,
                const struct json **ret_root, struct rw_error *err)
{
    const char *kept_ca = path_in(order->state_folder, "ca.pem", arena, err);
    const char *url = rw_arena_format(arena, err, "%s/v1/enrolments", order->server);
    if (kept_ca == NULL || url == NULL)
        return false;
    struct fetch_identity trust = { .ca_file = order->ca_file };
    if (trust.ca_file == NULL && access(kept_ca, R_OK) == 0)
        trust.ca_file = kept_ca;
    return post(&trust, url, body, arena, ret_root, err);
}

static bool write_identity(const struct enrol_identity *identity, const char *path,
                           const char *signing_key, struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    const char *bytes;
    rw_text_init(&text, arena, ENROL_FILE_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", "rolwacht/device/1");
    json_write_text(&writer, "id", identity->id);
    json_write_text(&writer, "role", identity->role);
    json_write_text(&writer, "devices", identity->devices);
    json_write_text(&writer, "signing_key", signing_key);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    return rw_text_finish(&text, &bytes, err) && rw_file_write(path, bytes, text.length, 0600, err);
}

/* An identity that is being replaced stops counting before its first file changes. */
static bool forget(const char *path, struct rw_error *err)
{
    return unlink(path) == 0 || errno == ENOENT ||
           rw_error_set(err, RW_UNAVAILABLE, "", "could not replace \"%.128s\": %s", path,
                        strerror(errno));
}

/* The keys that schedules of before were signed with, and those that are to come. */
static bool keep_keys(const struct enrol_identity *identity, const struct json *list,
                      struct rw_arena *arena, struct rw_error *err)
{
    struct keyring keys;
    struct rw_text text;
    struct json_writer writer;
    const char *bytes;
    if (list == NULL)
        return forget(identity->keys_file, err);
    rw_text_init(&text, arena, ENROL_FILE_MAX);
    json_write_init(&writer, &text);
    if (!keyring_take(&schedule_keys_kind, list, arena, &keys, err))
        return false;
    keyring_write(&schedule_keys_kind, &keys, NULL, &writer);
    return rw_text_finish(&text, &bytes, err) &&
           rw_file_write(identity->keys_file, bytes, text.length, 0600, err);
}

static bool keep_answer(const struct enrol_order *order, const struct json *root,
                        const char *key_pem, struct rw_arena *arena,
                        struct enrol_identity *identity, struct rw_error *err)
{
    const char *certificate;
    const char *ca;
    const char *signing_key;
    const char *path = path_in(order->state_folder, "device.json", arena, err);
    char fingerprint[PKI_FINGERPRINT_MAX];
    return path != NULL && json_text(root, "certificate", &certificate, err) &&
           json_text(root, "ca", &ca, err) &&
           json_text_or(root, "signing_key", NULL, &signing_key, err) &&
           read_identity(root, arena, identity, err) &&
           pki_fingerprint(certificate, fingerprint, err) &&
           pki_fingerprint(ca, fingerprint, err) &&
           name_files(order->state_folder, arena, identity, err) && forget(path, err) &&
           rw_file_write(identity->files.client_key_file, key_pem, strlen(key_pem), 0600, err) &&
           rw_file_write(identity->files.client_cert_file, certificate, strlen(certificate), 0600,
                         err) &&
           rw_file_write(identity->files.ca_file, ca, strlen(ca), 0600, err) &&
           keep_keys(identity, json_member(root, "signing_keys"), arena, err) &&
           write_identity(identity, path, signing_key, arena, err);
}

bool enrol_run(const struct enrol_order *order, struct rw_arena *arena,
               struct enrol_identity *ret_identity, struct rw_error *err)
{
    struct enrol_identity identity = { 0 };
    const char *key_pem;
    const char *csr_pem;
    const char *body;
    const struct json *root;
    if (strlen(order->code) == 0 || strlen(order->code) >= ENROL_CODE_MAX)
        return rw_error_set(err, RW_INVALID, "", "an enrolment code has 1 to %d characters",
                            ENROL_CODE_MAX - 1);
    if (!rw_file_make_folder(order->state_folder, 0700, err) ||
        !pki_key_make(arena, &key_pem, err) ||
        !pki_request_make(key_pem, "rolwacht device", arena, &csr_pem, err) ||
        !write_question(order->code, csr_pem, arena, &body, err) ||
        !ask(order, body, arena, &root, err) ||
        !keep_answer(order, root, key_pem, arena, &identity, err))
        return false;
    *ret_identity = identity;
    return true;
}

/* The certificate that lies in the folder, and its time. */
struct held {
    char *pem;
    int64_t from_ms;
    int64_t until_ms;
    char until[RW_CLOCK_TEXT_MAX];
};

static bool read_held(const struct enrol_identity *identity, struct rw_arena *arena,
                      struct held *ret_held, struct rw_error *err)
{
    size_t length;
    if (!rw_file_read(identity->files.client_cert_file, ENROL_FILE_MAX, arena, &ret_held->pem,
                      &length, err) ||
        !pki_times(ret_held->pem, &ret_held->from_ms, &ret_held->until_ms, err))
        return false;
    rw_clock_write_utc(ret_held->until_ms, ret_held->until);
    return true;
}

static bool is_over(const struct enrol_identity *identity, const struct held *held,
                    struct rw_error *err)
{
    return rw_error_set(err, RW_UNAUTHENTICATED, "",
                        "the certificate of %s \"%.64s\" ended at %s (\"%.128s\"); enrol this "
                        "machine again with a new code of the pharmacy, what waits here is kept",
                        identity->role, identity->id, held->until,
                        identity->files.client_cert_file);
}

bool enrol_check(const struct enrol_identity *identity, int64_t now_utc_ms, struct rw_arena *arena,
                 struct rw_error *err)
{
    struct held held;
    return read_held(identity, arena, &held, err) &&
           (now_utc_ms < held.until_ms || is_over(identity, &held, err));
}

/* The answer must be a certificate of ours that does not end before the one that is there. */
static bool keep_renewed(const struct enrol_identity *identity, const struct held *held,
                         const struct json *root, int64_t *ret_until_ms, struct rw_error *err)
{
    const char *certificate;
    int64_t from_ms;
    int64_t until_ms;
    if (!json_text(root, "certificate", &certificate, err) ||
        !pki_times(certificate, &from_ms, &until_ms, err))
        return false;
    if (until_ms < held->until_ms)
        return rw_error_set(err, RW_INVALID, "/certificate",
                            "the new certificate ends before the one that is held");
    if (!rw_file_write(identity->files.client_cert_file, certificate, strlen(certificate), 0600,
                       err))
        return false;
    *ret_until_ms = until_ms;
    return true;
}

static bool ask_next(const struct enrol_identity *identity, const struct held *held,
                     struct rw_arena *arena, int64_t *ret_until_ms, struct rw_error *err)
{
    char *key;
    size_t length;
    const char *csr;
    const char *body;
    const struct json *root;
    const char *url = rw_arena_format(arena, err, "%s/v1/renewals", identity->devices);
    return url != NULL &&
           rw_file_read(identity->files.client_key_file, ENROL_FILE_MAX, arena, &key, &length,
                        err) &&
           pki_request_make(key, identity->id, arena, &csr, err) &&
           write_question(NULL, csr, arena, &body, err) &&
           post(&identity->files, url, body, arena, &root, err) &&
           keep_renewed(identity, held, root, ret_until_ms, err);
}

bool enrol_renew_now(const struct enrol_identity *identity, struct rw_arena *arena,
                     int64_t *ret_until_ms, struct rw_error *err)
{
    struct held held;
    return read_held(identity, arena, &held, err) &&
           ask_next(identity, &held, arena, ret_until_ms, err);
}

/* One that has ended is asked for as well: it may be our clock that is wrong. */
bool enrol_renew(const struct enrol_identity *identity, int64_t now_utc_ms, struct rw_arena *arena,
                 int64_t *ret_until_ms, struct rw_error *err)
{
    struct held held;
    struct rw_error fault = { 0 };
    if (!read_held(identity, arena, &held, err))
        return false;
    if (now_utc_ms < held.from_ms + (held.until_ms - held.from_ms) / 3 * 2) {
        *ret_until_ms = 0;
        return true;
    }
    if (ask_next(identity, &held, arena, ret_until_ms, &fault))
        return true;
    if (now_utc_ms >= held.until_ms)
        return is_over(identity, &held, err);
    return rw_error_set(err, fault.code, "",
                        "the certificate of this %s ends at %s and could not be renewed: %s",
                        identity->role, held.until, fault.text);
}
