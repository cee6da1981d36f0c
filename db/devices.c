/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps enrolment codes and the certificates that came of them. */
#include "db/devices.h"

#include "db/dispensers.h"

bool devices_insert_code(const struct scope *scope, const char *code_hash,
                         const struct device_row *device, int64_t expires_ms, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(code_hash),
                                         conn_text(device->role), conn_text(device->device_id),
                                         conn_int(expires_ms) };
    return conn_run(scope->conn,
                    "INSERT INTO enrolment_codes"
                    " (pharmacy_id, code_hash, role, device_id, expires_ms)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

static void take_device(const struct conn_rows *rows, struct device_row *ret_device)
{
    struct device_row device = { 0 };
    if (rows->count == 1) {
        device.role = conn_cell_text(rows, 0, 0);
        device.device_id = conn_cell_text(rows, 0, 1);
    }
    *ret_device = device;
}

bool devices_use_code(const struct scope *scope, const char *code_hash,
                      struct device_row *ret_device, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(code_hash),
                                         conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE enrolment_codes SET used_ms = $3"
                  " WHERE pharmacy_id = $1 AND code_hash = $2 AND used_ms IS NULL"
                  " AND expires_ms > $3 RETURNING role, device_id",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    take_device(&rows, ret_device);
    return true;
}

static bool insert(const struct scope *scope, const char *fingerprint,
                   const struct device_row *device, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(fingerprint),
                                         conn_text(device->role), conn_text(device->device_id),
                                         conn_int(scope->now_ms) };
    return conn_run(scope->conn,
                    "INSERT INTO devices (pharmacy_id, fingerprint, role, device_id, issued_ms)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool devices_insert(const struct scope *scope, const char *fingerprint,
                    const struct device_row *device, struct rw_error *err)
{
    int64_t replaced = 0;
    return devices_revoke(scope, device, NULL, &replaced, err) &&
           insert(scope, fingerprint, device, err);
}

bool devices_renew(const struct scope *scope, const char *asked_with, const char *fingerprint,
                   const struct device_row *device, struct rw_error *err)
{
    int64_t unused = 0;
    return devices_revoke(scope, device, asked_with, &unused, err) &&
           insert(scope, fingerprint, device, err);
}

bool devices_find(const struct scope *scope, const char *fingerprint, struct device_row *ret_device,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(fingerprint) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT d.role, d.device_id, EXISTS (SELECT 1 FROM devices AS o"
                  "  WHERE o.pharmacy_id = $1 AND o.device_id = d.device_id AND o.role = d.role"
                  "  AND o.revoked_ms IS NULL AND o.issued_ms < d.issued_ms)"
                  " FROM devices AS d"
                  " WHERE d.pharmacy_id = $1 AND d.fingerprint = $2 AND d.revoked_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    take_device(&rows, ret_device);
    ret_device->renewed = rows.count == 1 && conn_cell_int(&rows, 0, 2) != 0;
    return true;
}

bool devices_revoke(const struct scope *scope, const struct device_row *device, const char *kept,
                    int64_t *ret_changed, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(device->role),
                                         conn_text(device->device_id), conn_int(scope->now_ms),
                                         conn_text(kept ? kept : "") };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE devices SET revoked_ms = $4 WHERE pharmacy_id = $1 AND role = $2"
                  " AND device_id = $3 AND revoked_ms IS NULL AND fingerprint <> $5",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_changed = rows.affected;
    return rows.affected == 0 || dispensers_announce(scope, device->device_id, 0, err);
}
