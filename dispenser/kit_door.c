/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the kit about certificates and who may come in. */
#define _POSIX_C_SOURCE 200809L
#include "dispenser/kit_door.h"

#include <unistd.h>

#include "core/base/file.h"
#include "dispenser/kit_schedule.h"

#define STRANGER "kit-nobody" /* the id of somebody else */

bool kit_door_hides_others(struct kit_call *kit, struct rw_error *err)
{
    static const char *const parts[] = { "schedule", "schedule?wait=20", "stream" };
    struct fetch_answer answer;
    for (size_t i = 0; i < RW_COUNT(parts); i++) {
        const struct fetch_request request = { .method = "GET",
                                               .url =
                                                   kit_call_address(kit, STRANGER, parts[i], err),
                                               .timeout_ms = KIT_CALL_TIMEOUT_MS };
        if (!request.url || !fetch_send(kit->fetch, &request, kit->arena, &answer, err))
            return false;
        if (answer.status != 404)
            return kit_call_broken(err, "another dispenser's address was to be 404", &answer);
    }
    if (!kit_call_post(kit, STRANGER, 1, 1, 0, &answer, err))
        return false;
    return answer.status == 404 ||
           kit_call_broken(err, "another dispenser's events were to be 404", &answer);
}

/* No answer, or that of a listener that reads the certificate only after the handshake. */
static bool is_kept_out(struct kit_call *kit, const struct fetch_identity *files,
                        struct rw_error *err)
{
    int32_t status = 0;
    if (!kit_call_as(kit, files, &status, err))
        return false;
    return status == 0 || status == 401 ||
           rw_error_set(err, RW_CONFLICT, "", "status %d came", (int)status);
}

bool kit_door_wants_a_certificate(struct kit_call *kit, struct rw_error *err)
{
    const struct fetch_identity files = { .ca_file = kit->identity->files.ca_file };
    int32_t status = 0;
    if (!kit_call_as(kit, &files, &status, err))
        return false;
    return status == 0 || rw_error_set(err, RW_CONFLICT, "", "status %d came", (int)status);
}

bool kit_door_refuses_old_tls(struct kit_call *kit, struct rw_error *err)
{
    struct fetch_identity files = kit->identity->files;
    int32_t status = 0;
    files.old_tls = true;
    if (!kit_call_as(kit, &files, &status, err))
        return false;
    return status == 0 || rw_error_set(err, RW_CONFLICT, "", "status %d came", (int)status);
}

/* The connections of before ended, so that the next question shows what lies in the folder. */
static bool come_anew(struct kit_call *kit, struct rw_error *err)
{
    fetch_close(kit->fetch);
    kit->fetch = NULL;
    return fetch_open(&kit->identity->files, &kit->fetch, err);
}

static bool renew(struct kit_call *kit, const struct fetch_identity *old, struct rw_error *err)
{
    const struct enrol_identity *identity = kit->identity;
    int64_t until_ms = 0;
    int32_t status = 0;
    if (!enrol_renew_now(identity, kit->arena, &until_ms, err) ||
        !kit_call_as(kit, old, &status, err))
        return false;
    if (status != 200)
        return rw_error_set(err, RW_CONFLICT, "",
                            "the certificate of before got status %d before the new one was used",
                            (int)status);
    return come_anew(kit, err) && kit_schedule_is_given(kit, err) && is_kept_out(kit, old, err);
}

bool kit_door_renews(struct kit_call *kit, struct rw_error *err)
{
    struct fetch_identity old = kit->identity->files;
    char *pem = NULL;
    size_t length = 0;
    const char *path = rw_arena_format(kit->arena, err, "%s.before", old.client_cert_file);
    if (!kit_call_has_schedule(kit, err) || !path ||
        !rw_file_read(old.client_cert_file, ENROL_FILE_MAX, kit->arena, &pem, &length, err) ||
        !rw_file_write(path, pem, length, 0600, err))
        return false;
    old.client_cert_file = path;
    bool kept = renew(kit, &old, err);
    (void)unlink(path); /* it lets nobody in any more */
    return kept;
}

bool kit_door_refuses_the_revoked(struct kit_call *kit, struct rw_error *err)
{
    kit->skipped = !kit->revoked;
    return kit->skipped || is_kept_out(kit, &kit->revoked->files, err);
}
