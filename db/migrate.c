/* SPDX-License-Identifier: Apache-2.0 */
/* Brings a database to the schema that this program knows. */
#include "db/migrate.h"

#include "core/base/crypto.h"
#include "core/base/text.h"

#define ANSWER_MAX (256 * RW_ARENA_KIB)

static const char create_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " version bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,"
    " applied_ms bigint NOT NULL)";

/* The fences hold for the owner too, who belongs to no pharmacy: without this a migration that
 * changes rows would find none and change nothing. */
static const char take_fences_down[] =
    "DO $down$ DECLARE one name; BEGIN FOR one IN"
    " SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relforcerowsecurity ORDER BY relname LOOP"
    " EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', one);"
    " END LOOP; END $down$";

struct step {
    const struct rw_embedded *file;
    int64_t version;
    int64_t now_ms;
    char sha256[RW_HEX_SHA256_MAX];
};

static struct step step_make(const struct rw_embedded *file, int64_t version, int64_t now_ms)
{
    struct step step = { .file = file, .version = version, .now_ms = now_ms };
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256(file->bytes, file->length, digest);
    rw_hex_sha256(digest, step.sha256);
    return step;
}

/* The row comes first: a second service that does the same waits here for the first to end. The
 * fences are down for the file alone, and nobody else ever sees them so. */
static bool apply(void *self, struct conn *conn, struct rw_error *err)
{
    const struct step *step = self;
    const struct conn_param params[] = { conn_int(step->version), conn_text(step->file->name),
                                         conn_text(step->sha256), conn_int(step->now_ms) };
    if (!conn_run(conn,
                  "INSERT INTO schema_migrations (version, name, sha256, applied_ms)"
                  " VALUES ($1, $2, $3, $4)",
                  params, RW_COUNT(params), NULL, NULL, err))
        return false;
    return conn_script(conn, take_fences_down, err) && conn_script(conn, step->file->bytes, err) &&
           migrate_fence(conn, err);
}

static bool find_applied(struct conn *conn, const struct step *step, struct rw_arena *arena,
                         bool *ret_applied, struct rw_error *err)
{
    const struct conn_param params[] = { conn_int(step->version) };
    struct conn_rows rows;
    if (!conn_run(conn, "SELECT sha256 FROM schema_migrations WHERE version = $1", params, 1, arena,
                  &rows, err))
        return false;
    *ret_applied = rows.count == 1;
    if (rows.count == 1 && !rw_text_equal(conn_cell_text(&rows, 0, 0), step->sha256)) {
        return rw_error_set(err, RW_CONFLICT, "",
                            "migration %s was applied with another text; this program does not "
                            "belong to this database",
                            step->file->name);
    }
    return true;
}

static bool apply_missing(struct conn *conn, struct step *step, struct rw_arena *arena,
                          int32_t *applied, struct rw_error *err)
{
    bool there = false;
    if (!find_applied(conn, step, arena, &there, err) || there)
        return there;
    struct rw_error failure = { 0 };
    const struct conn_work work = { step, apply };
    if (conn_transact(conn, &work, &failure)) {
        *applied += 1;
        return true;
    }
    if (failure.code == RW_CONFLICT && find_applied(conn, step, arena, &there, err) && there)
        return true;
    return rw_error_set(err, failure.code, "", "migration %s failed: %s", step->file->name,
                        failure.text);
}

static bool check_not_ahead(struct conn *conn, int64_t last, struct rw_arena *arena,
                            struct rw_error *err)
{
    struct conn_rows rows;
    const struct conn_param params[] = { conn_int(last) };
    if (!conn_run(conn, "SELECT count(*) FROM schema_migrations WHERE version > $1", params, 1,
                  arena, &rows, err))
        return false;
    if (conn_cell_int(&rows, 0, 0) > 0) {
        return rw_error_set(err, RW_CONFLICT, "",
                            "the database is newer than this program; use a newer program");
    }
    return true;
}

bool migrate_run(struct conn *conn, const struct rw_embedded *files, int64_t now_ms,
                 int32_t *ret_applied, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(ANSWER_MAX);
    if (!arena)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the migrations");
    int64_t count = 0;
    while (count < MIGRATE_FILES_MAX && files[count].name)
        count++;
    int32_t applied = 0;
    bool done = conn_script(conn, create_table, err) && check_not_ahead(conn, count, arena, err);
    for (int64_t i = 0; done && i < count; i++) {
        struct step step = step_make(&files[i], i + 1, now_ms);
        done = apply_missing(conn, &step, arena, &applied, err);
    }
    rw_arena_close(arena);
    if (done)
        *ret_applied = applied;
    return done;
}

bool migrate_fence(struct conn *conn, struct rw_error *err)
{
    return conn_script(conn, migrate_fences[0].bytes, err);
}

bool migrate_grant(struct conn *conn, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(ANSWER_MAX);
    if (!arena)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the grants");
    struct conn_rows rows = { 0 };
    bool done = conn_run(conn, "SELECT 1 FROM pg_roles WHERE rolname = 'rolwacht_app'", NULL, 0,
                         arena, &rows, err);
    if (done && rows.count == 1)
        done = conn_script(conn, migrate_grants[0].bytes, err);
    rw_arena_close(arena);
    return done;
}
