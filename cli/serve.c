/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht serve: the HTTP service with its database. */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "api/child.h"
#include "api/config.h"
#include "api/database.h"
#include "api/server.h"
#include "cli/keys.h"
#include "cli/options.h"
#include "cli/serve_journal.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/model/client.h"

#define DEFAULT_LISTEN "127.0.0.1:8443"
#define DEFAULT_DEVICES "127.0.0.1:8444"
#define DEFAULT_PHARMACY "pharmacy"
#define DEFAULT_HOSTS "localhost,127.0.0.1,::1"
#define LINE_MAX_BYTES 16384
#define ROTATE_DAYS_MAX 30

/* Taken by server_run alone; a closed connection must not end the process. */
static void block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static bool print_line(struct rw_text *text, struct rw_error *err)
{
    const char *line = NULL;
    rw_text_add_char(text, '\n');
    return rw_text_finish(text, &line, err) && options_print(line, text->length, err);
}

static bool print_places(const struct server_places *places, struct rw_arena *arena,
                         struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    const char *listen = rw_arena_format(arena, err, "https://%s", places->listen);
    const char *devices = rw_arena_format(arena, err, "https://%s", places->devices);
    if (!listen || !devices)
        return false;
    rw_text_init(&text, arena, LINE_MAX_BYTES);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "listen", listen);
    json_write_text(&json, "devices", devices);
    json_write_text(&json, "ca", places->ca_path);
    json_write_text(&json, "token", places->token_path);
    json_write_text(&json, "first_sign_in", places->code_path);
    json_write_object_end(&json);
    return print_line(&text, err);
}

static enum options_exit check_journal(const struct options *options, struct server *server,
                                       struct rw_arena *arena)
{
    (void)arena;
    struct rw_error err = { 0 };
    struct journal_report report;
    if (!server_check_journal(server, &report, &err))
        return options_fail(options, NULL, &err);
    return serve_journal_print(options, &report);
}

static enum options_exit take_keys(const struct options *options, struct server *server,
                                   struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct rw_text text;
    struct json_writer json;
    bool taken = false;
    if (!server_take_keys(server, &taken, &err))
        return options_fail(options, NULL, &err);
    rw_text_init(&text, arena, LINE_MAX_BYTES);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_bool(&json, "taken", taken);
    json_write_object_end(&json);
    return print_line(&text, &err) ? OPTIONS_GOOD : options_fail(options, NULL, &err);
}

static enum options_exit serve(const struct options *options, struct server *server,
                               struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct server_places places;
    /* Told to stop while it was starting: that is no failure, and nobody is told an address. */
    if (child_stop_asked())
        return OPTIONS_GOOD;
    if (!server_start(server, &places, &err) || !print_places(&places, arena, &err))
        return options_fail(options, NULL, &err);
    server_run(server);
    return OPTIONS_GOOD;
}

/* Nothing of the service works meanwhile: what replaces all tables would wait for it, and it for
 * them. */
static enum options_exit hold_database(const struct options *options, struct server *server,
                                       struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct rw_text text;
    struct json_writer json;
    rw_text_init(&text, arena, LINE_MAX_BYTES);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "database", server_own_database(server));
    json_write_object_end(&json);
    if (!print_line(&text, &err))
        return options_fail(options, NULL, &err);
    server_run(server);
    return OPTIONS_GOOD;
}

/* Reads the configuration as a start would, and says what is wrong with it. */
static enum options_exit check_config(const struct options *options, const char *path,
                                      const struct server_settings *settings)
{
    struct rw_error err = { 0 };
    struct config config;
    struct rw_arena *arena = rw_arena_open(SERVER_MEMORY);
    bool done = arena && config_read(path, arena, &config, &err);
    if (done && settings->database) {
        path = NULL; /* the file is good */
        done = database_check(settings->database, arena, &err) &&
               (!settings->database_owner || database_check(settings->database_owner, arena, &err));
    }
    if (!arena)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "no memory to check with");
    enum options_exit status = done ? OPTIONS_GOOD : options_fail(options, path, &err);
    rw_arena_close(arena);
    return status;
}

/* The database's programs work in another folder than we do. */
static bool make_whole(char folder[RW_FILE_PATH_MAX], struct rw_error *err)
{
    char whole[PATH_MAX];
    if (folder[0] == '/')
        return true;
    if (!realpath(folder, whole) || !rw_text_copy(folder, RW_FILE_PATH_MAX, whole))
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not find the folder \"%.128s\"",
                            folder);
    return true;
}

static bool prepare(struct server_settings *settings, const char *state,
                    char folder[RW_FILE_PATH_MAX], struct rw_error *err)
{
    if (!client_is_id(settings->pharmacy))
        return rw_error_set(err, RW_USAGE, "", "\"%s\" cannot be a pharmacy's id",
                            settings->pharmacy);
    settings->clock = rw_clock_system();
    settings->state_folder = folder;
    return rw_crypto_init(err) && options_state_folder(state, folder, RW_FILE_PATH_MAX, err) &&
           rw_file_make_folder(folder, 0711, err) && make_whole(folder, err) &&
           keys_pharmacy(folder, true, settings->pharmacy_key, err);
}

/* What the command line asks for. */
struct request {
    struct server_settings settings;
    struct serve_journal journal;
    const char *state;
    const char *config_path; /* NULL = none */
    const char *check_path;  /* of a configuration */
    bool check;              /* the journal */
    bool database_only;
    bool take_keys;
};

static enum options_exit run(const struct options *options, struct request *request,
                             enum options_exit (*use)(const struct options *, struct server *,
                                                      struct rw_arena *))
{
    struct rw_error err = { 0 };
    struct server *server = NULL;
    struct server_settings *settings = &request->settings;
    char folder[RW_FILE_PATH_MAX];
    struct rw_arena *arena = rw_arena_open(SERVER_MEMORY);
    enum options_exit status = OPTIONS_GOOD;
    if (!arena)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "no memory to start with");
    config_init(&settings->config);
    if (arena && request->config_path &&
        !config_read(request->config_path, arena, &settings->config, &err)) {
        status = options_fail(options, request->config_path, &err);
    } else if (arena && prepare(settings, request->state, folder, &err) &&
               server_open(settings, arena, &server, &err)) {
        status = use(options, server, arena);
        server_close(server);
    } else if (!child_stop_asked()) {
        status = options_fail(options, NULL, &err);
    }
    rw_crypto_wipe(settings->pharmacy_key, sizeof settings->pharmacy_key);
    rw_arena_close(arena);
    return status;
}

static enum options_exit refuse(const struct options *options, const char *word)
{
    struct rw_error err = { 0 };
    (void)rw_error_set(&err, RW_USAGE, "", "\"%s\" is not expected", word);
    return options_fail(options, NULL, &err);
}

static enum options_exit carry_out(const struct options *options, struct request *request)
{
    const struct serve_journal *journal = &request->journal;
    if (options->argument_count > 0)
        return refuse(options, options->arguments[0]);
    if (request->database_only && request->settings.database)
        return refuse(options, "--database beside --database-only");
    if (request->settings.database_owner && !request->settings.database)
        return refuse(options, "--database-owner without --database");
    if (request->check_path)
        return check_config(options, request->check_path, &request->settings);
    if (journal->file || journal->rotate || journal->rotate_schedule)
        return serve_journal_run(options, journal, request->state);
    block_signals();
    if (request->check)
        return run(options, request, check_journal);
    if (request->database_only)
        return run(options, request, hold_database);
    request->settings.takes_keys = request->take_keys;
    if (request->take_keys)
        return run(options, request, take_keys);
    request->settings.serves = true;
    return run(options, request, serve);
}

int main(int argc, char **argv)
{
    struct request request = { .settings = { .listen = DEFAULT_LISTEN,
                                             .listen_devices = DEFAULT_DEVICES,
                                             .pharmacy = DEFAULT_PHARMACY,
                                             .hosts = DEFAULT_HOSTS } };
    struct server_settings *settings = &request.settings;
    struct serve_journal *journal = &request.journal;
    const struct options_row rows[] = {
        { "listen", OPTIONS_TEXT, &settings->listen, NULL, "HOST:PORT",
          "where people and programs connect (" DEFAULT_LISTEN "); port 0 = any that is free", 0,
          0 },
        { "listen-devices", OPTIONS_TEXT, &settings->listen_devices, NULL, "HOST:PORT",
          "where lines and dispensers connect (" DEFAULT_DEVICES ")", 0, 0 },
        { "database", OPTIONS_TEXT, &settings->database, NULL, "CONNINFO",
          "a PostgreSQL that is there; else one of its own is made under --state", 0, 0 },
        { "database-owner", OPTIONS_TEXT, &settings->database_owner, NULL, "CONNINFO",
          "who owns it and brings its tables up to date, where --database owns nothing", 0, 0 },
        { "state", OPTIONS_TEXT, &request.state, NULL, "DIR", "keys, certificates, own database", 0,
          0 },
        { "config", OPTIONS_TEXT, &request.config_path, NULL, "FILE",
          "whom to tell of alarms and releases (docs/OPERATIONS.md)", 0, 0 },
        { "pharmacy", OPTIONS_TEXT, &settings->pharmacy, NULL, "ID",
          "whose records these are (" DEFAULT_PHARMACY ")", 0, 0 },
        { "hosts", OPTIONS_TEXT, &settings->hosts, NULL, "NAMES",
          "names and addresses in the certificate (" DEFAULT_HOSTS ")", 0, 0 },
        { "check-journal", OPTIONS_FLAG, &request.check, NULL, NULL,
          "check the journal's chain, say what was found, and stop", 0, 0 },
        { "journal", OPTIONS_TEXT, &journal->file, NULL, "FILE",
          "with --check-journal: check this export (GET /v1/journal), without a database", 0, 0 },
        { "journal-keys", OPTIONS_TEXT, &journal->keys, NULL, "FILE",
          "the keys to trust for it; else those under --state", 0, 0 },
        { "database-only", OPTIONS_FLAG, &request.database_only, NULL, NULL,
          "start the own database without the service, for pg_dump and pg_restore", 0, 0 },
        { "rotate-journal-key", OPTIONS_FLAG, &journal->rotate, NULL, NULL,
          "sign the journal with a new key from now on, and stop", 0, 0 },
        { "rotate-schedule-key", OPTIONS_NUMBER, &journal->rotate_days, &journal->rotate_schedule,
          "DAYS", "sign schedules with a new key from so many days on, and stop", 0,
          ROTATE_DAYS_MAX },
        { "take-keys", OPTIONS_FLAG, &request.take_keys, NULL, NULL,
          "the keys that signed so far are lost for good: sign with these, and stop", 0, 0 },
        { "check-config", OPTIONS_TEXT, &request.check_path, NULL, "FILE",
          "check this file and --database, say what is wrong, and stop", 0, 0 },
        { 0 },
    };
    struct options options = {
        .program = "rolwacht serve",
        .summary = "Serves orders, rolls, lines, dispensers and alarms over HTTPS.",
        .usage = "[--listen HOST:PORT] [--listen-devices HOST:PORT] [--state DIR]",
        .details =
            "When it is ready, one JSON line says where it listens. See docs/OPERATIONS.md.\n"
            "Exit status: 0 stopped as it was told, or what was checked is sound, 1 the journal is "
            "not whole.",
        .rows = rows,
    };
    enum options_exit status = OPTIONS_GOOD;
    if (!options_read(&options, argc, argv, &status))
        return status;
    return carry_out(&options, &request);
}
