/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps which line holds which roll. */
#include "db/claims.h"

#include "core/base/text.h"

bool claims_find(const struct scope *scope, const char *line_id, struct claims_offer *ret_offer,
                 struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(roll_state_word(ROLL_PRINTED)),
                                         conn_text(line_id), conn_int(scope->now_ms),
                                         conn_int(CLAIMS_OFFERED_MAX) };
    struct conn_rows rows;
    struct claims_offer offer = { 0 };
    if (!conn_run(scope->conn,
                  "SELECT r.roll FROM rolls AS r LEFT JOIN claims AS c"
                  " ON c.pharmacy_id = r.pharmacy_id AND c.roll = r.roll AND c.expires_ms > $4"
                  " WHERE r.pharmacy_id = $1 AND r.state = $2"
                  " AND (c.line_id IS NULL OR c.line_id = $3)"
                  " AND EXISTS (SELECT 1 FROM bags AS b WHERE b.pharmacy_id = r.pharmacy_id"
                  "  AND b.roll = r.roll AND b.until IS NULL AND NOT EXISTS"
                  "  (SELECT 1 FROM verdicts AS v WHERE v.pharmacy_id = b.pharmacy_id"
                  "   AND v.roll = b.roll AND v.serial = b.serial))"
                  " ORDER BY c.line_id NULLS LAST, r.changed_ms, r.roll LIMIT $5",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        if (!rw_text_copy(offer.rolls[i], ROLL_NUMBER_MAX, conn_cell_text(&rows, i, 0)))
            return rw_error_set(err, RW_BUG, "", "a roll's number is too long");
    }
    offer.count = rows.count;
    *ret_offer = offer;
    return true;
}

bool claims_take(const struct scope *scope, const char *line_id, const char *roll,
                 bool from_another, bool *ret_taken, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(roll),
                                         conn_text(line_id),
                                         conn_int(scope->now_ms),
                                         conn_int(scope->now_ms + CLAIMS_LEASE_MS),
                                         conn_int(from_another ? 1 : 0) };
    struct conn_rows rows;
    /* The condition is looked at under the row's lock: of two lines one changes nothing. */
    if (!conn_run(scope->conn,
                  "INSERT INTO claims AS c (pharmacy_id, roll, line_id, claimed_ms, expires_ms)"
                  " VALUES ($1, $2, $3, $4::bigint, $5::bigint)"
                  " ON CONFLICT (pharmacy_id, roll) DO UPDATE SET line_id = $3,"
                  " claimed_ms = CASE WHEN c.line_id = $3 AND c.expires_ms > $4::bigint"
                  "  THEN c.claimed_ms ELSE $4::bigint END, expires_ms = $5::bigint"
                  " WHERE c.line_id = $3 OR ($6::bigint = 1 AND c.expires_ms <= $4::bigint)",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_taken = rows.affected == 1;
    return true;
}

bool claims_holder(const struct scope *scope, const char *roll, const char **ret_line,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll),
                                         conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT line_id FROM claims"
                  " WHERE pharmacy_id = $1 AND roll = $2 AND expires_ms > $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_line = rows.count > 0 ? conn_cell_text(&rows, 0, 0) : NULL;
    return true;
}
