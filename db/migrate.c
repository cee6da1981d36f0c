/* SPDX-License-Identifier: Apache-2.0 */
/* Brings a database to the schema that this program knows. */
#include "db/migrate.h"

#include "core/base/crypto.h"
#include "core/base/text.h"

#define ANSWER_MAX (512 * RW_ARENA_KIB) /* a row of a hundred bytes for each file, a few times */
#define TRIES_MAX 3                     /* services that do the same at the same time */

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

struct run {
    const struct rw_embedded *files;
    int64_t count;
    int64_t now_ms;
    bool applied[MIGRATE_FILES_MAX];
    const char *at; /* name of the file that is being applied */
};

static void write_sha256(const struct rw_embedded *file, char ret_hex[RW_HEX_SHA256_MAX])
{
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256(file->bytes, file->length, digest);
    rw_hex_sha256(digest, ret_hex);
}

static bool take_row(struct run *run, int64_t version, const char *sha256, struct rw_error *err)
{
    char hex[RW_HEX_SHA256_MAX];
    if (version > run->count)
        return rw_error_set(err, RW_CONFLICT, "",
                            "the database is newer than this program; use a newer program");
    if (version < 1)
        return rw_error_set(err, RW_CONFLICT, "", "the database has a migration without a number");
    write_sha256(&run->files[version - 1], hex);
    if (!rw_text_equal(sha256, hex))
        return rw_error_set(err, RW_CONFLICT, "",
                            "migration %s was applied with another text; this program does not "
                            "belong to this database",
                            run->files[version - 1].name);
    run->applied[version - 1] = true;
    return true;
}

static bool find_missing(struct conn *conn, struct run *run, struct rw_arena *arena,
                         int32_t *ret_missing, struct rw_error *err)
{
    struct conn_rows rows;
    int32_t missing = 0;
    if (!conn_run(conn, "SELECT version, sha256 FROM schema_migrations ORDER BY version DESC", NULL,
                  0, arena, &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        if (!take_row(run, conn_cell_int(&rows, i, 0), conn_cell_text(&rows, i, 1), err))
            return false;
    }
    for (int64_t i = 0; i < run->count; i++)
        missing += !run->applied[i];
    *ret_missing = missing;
    return true;
}

static bool insert_row(struct conn *conn, const struct run *run, int64_t at, struct rw_error *err)
{
    char hex[RW_HEX_SHA256_MAX];
    write_sha256(&run->files[at], hex);
    const struct conn_param params[] = { conn_int(at + 1), conn_text(run->files[at].name),
                                         conn_text(hex), conn_int(run->now_ms) };
    return conn_run(conn,
                    "INSERT INTO schema_migrations (version, name, sha256, applied_ms)"
                    " VALUES ($1, $2, $3, $4)",
                    params, RW_COUNT(params), NULL, NULL, err);
}

/* The rows come first: a second service that does the same waits here for the first to end. The
 * fences are down for the files alone, and nobody else ever sees them so; a new database has none.
 */
static bool apply(void *self, struct conn *conn, struct rw_error *err)
{
    struct run *run = self;
    bool is_new = true;
    for (int64_t i = 0; i < run->count; i++) {
        run->at = run->files[i].name;
        is_new = is_new && !run->applied[i];
        if (!run->applied[i] && !insert_row(conn, run, i, err))
            return false;
    }
    if (!is_new && !conn_script(conn, take_fences_down, err))
        return false;
    for (int64_t i = 0; i < run->count; i++) {
        run->at = run->files[i].name;
        if (!run->applied[i] && !conn_script(conn, run->files[i].bytes, err))
            return false;
    }
    return migrate_fence(conn, err);
}

/* Another service may have applied what was missing a moment ago: then it is looked at once more.
 */
static bool apply_missing(struct conn *conn, struct run *run, struct rw_arena *arena,
                          int32_t *ret_applied, struct rw_error *err)
{
    struct rw_error failure = { 0 };
    const struct conn_work work = { run, apply };
    int32_t missing = 0;
    for (int i = 0; i < TRIES_MAX; i++) {
        failure = (struct rw_error){ 0 };
        if (!find_missing(conn, run, arena, &missing, err))
            return false;
        if (missing == 0 || conn_transact(conn, &work, &failure)) {
            *ret_applied = missing;
            return true;
        }
        if (failure.code != RW_CONFLICT)
            break;
    }
    return rw_error_set(err, failure.code, "", "migration %s failed: %s", run->at, failure.text);
}

bool migrate_run(struct conn *conn, const struct rw_embedded *files, int64_t now_ms,
                 int32_t *ret_applied, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(ANSWER_MAX);
    struct run *run = arena ? rw_arena_alloc(arena, sizeof *run, err) : NULL;
    if (!run) {
        rw_arena_close(arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the migrations");
    }
    *run = (struct run){ .files = files, .now_ms = now_ms };
    while (run->count < MIGRATE_FILES_MAX && files[run->count].name)
        run->count++;
    bool done =
        conn_script(conn, create_table, err) && apply_missing(conn, run, arena, ret_applied, err);
    rw_arena_close(arena);
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
