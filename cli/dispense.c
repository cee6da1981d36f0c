/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht dispense: the reference dispenser. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/conform.h"
#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_time.h"
#include "core/json/json_write.h"
#include "core/net/enrol.h"
#include "dispenser/certificate.h"
#include "dispenser/device.h"
#include "dispenser/live.h"
#include "dispenser/script.h"

#define ARENA_BYTES (16 * RW_ARENA_MIB)
#define NOTE_BYTES_MAX 4096

static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

/* Everything that the command line says. */
struct wishes {
    const char *server;
    const char *state;
    const char *code;
    const char *ca;
    const char *script;
    const char *revoked;
    bool conform;
};

/* How notes are written: JSON lines, or sentences where a person looks at them. */
struct printer {
    bool json;
    bool failed;
    struct rw_error fault;
};

static void write_event(struct json_writer *writer, const struct event *event)
{
    json_write_int(writer, "seq", event->seq);
    json_time_write_utc(writer, "happened", event->at_utc_ms);
    if (event->serial[0] != '\0')
        json_write_text(writer, "serial", event->serial);
    if (event->cause != EVENT_CAUSE_NONE)
        json_write_text(writer, "cause", event_cause_word(event->cause));
}

static void write_json(struct rw_text *text, const struct device_note *note)
{
    struct json_writer writer;
    json_write_init(&writer, text);
    json_write_object(&writer, NULL);
    json_time_write_utc(&writer, "at", note->at_utc_ms);
    json_write_text(&writer, "what", note->what);
    if (note->word != NULL)
        json_write_text(&writer, "word", note->word);
    if (note->event != NULL)
        write_event(&writer, note->event);
    if (note->n != 0)
        json_write_int(&writer, "n", note->n);
    if (note->version != 0)
        json_write_int(&writer, "version", note->version);
    if (note->number >= 0)
        json_write_int(&writer, "number", note->number);
    if (note->text != NULL)
        json_write_text(&writer, "text", note->text);
    json_write_object_end(&writer);
    rw_text_add_char(text, '\n');
}

static void write_sentence(struct rw_text *text, const struct device_note *note)
{
    char at[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(note->at_utc_ms, at);
    rw_text_format(text, "%.10s %.5s  %s", at, at + 11, note->what);
    if (note->word != NULL)
        rw_text_format(text, " %s", note->word);
    if (note->event != NULL)
        rw_text_format(text, " %s", note->event->serial);
    if (note->n != 0)
        rw_text_format(text, ", bag %d", (int)note->n);
    if (note->version != 0)
        rw_text_format(text, ", version %lld", (long long)note->version);
    if (note->number >= 0)
        rw_text_format(text, ", %lld", (long long)note->number);
    if (note->text != NULL)
        rw_text_format(text, ": %s", note->text);
    rw_text_add_char(text, '\n');
}

static void print_note(void *self, const struct device_note *note)
{
    struct printer *printer = self;
    struct rw_arena *arena = rw_arena_open(4 * NOTE_BYTES_MAX);
    struct rw_text text;
    const char *bytes;
    if (arena == NULL || printer->failed)
        return;
    rw_text_init(&text, arena, NOTE_BYTES_MAX);
    if (printer->json)
        write_json(&text, note);
    else
        write_sentence(&text, note);
    if (!rw_text_finish(&text, &bytes, &printer->fault) ||
        !options_print(bytes, text.length, &printer->fault))
        printer->failed = true;
    rw_arena_close(arena);
}

static void listen_to_signals(void)
{
    struct sigaction action = { .sa_handler = ask_stop };
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

/* Enrols when a code was given, else reads what an earlier enrolment left. */
static bool identify(const struct wishes *wishes, const char *folder, struct rw_arena *arena,
                     struct enrol_identity *ret_identity, struct rw_error *err)
{
    if (wishes->code == NULL)
        return enrol_load(folder, arena, ret_identity, err);
    const struct enrol_order order = { .server = wishes->server,
                                       .code = wishes->code,
                                       .ca_file = wishes->ca,
                                       .state_folder = folder };
    return enrol_run(&order, arena, ret_identity, err);
}

static bool run_script(const struct wishes *wishes, struct device *device,
                       struct script_clock *clock, struct rw_arena *arena, bool *ret_good,
                       struct rw_error *err)
{
    char *bytes;
    size_t length;
    return rw_file_read(wishes->script, SCRIPT_BYTES_MAX, arena, &bytes, &length, err) &&
           script_run(device, clock, bytes, length, ret_good, err);
}

/* Who this is, and where it keeps what it has. */
static bool open_identity(const struct wishes *wishes, struct rw_arena *arena,
                          char folder[RW_FILE_PATH_MAX], struct enrol_identity *ret_identity,
                          struct rw_error *err)
{
    if (!options_state_folder(wishes->state, folder, RW_FILE_PATH_MAX, err) ||
        !identify(wishes, folder, arena, ret_identity, err))
        return false;
    if (!ret_identity->has_signing_key)
        return rw_error_set(err, RW_CONFLICT, "",
                            "\"%.128s\" was enrolled as a %s, not a dispenser", folder,
                            ret_identity->role);
    return true;
}

/* The service takes nothing from a machine whose certificate has ended. */
static bool check_certificate(const struct enrol_identity *identity, struct rw_arena *arena,
                              struct rw_error *err)
{
    const struct rw_clock clock = rw_clock_system();
    return enrol_check(identity, rw_clock_utc_ms(&clock), arena, err);
}

/* One that has nothing to hand out and cannot get anything either has nothing to run for. */
static bool run_live(const struct enrol_identity *identity, struct device *device,
                     struct rw_arena *arena, struct rw_error *err)
{
    return (device_schedule(device) != NULL || check_certificate(identity, arena, err)) &&
           live_run(device, identity, &stop_asked, err);
}

static bool work(const struct wishes *wishes, struct printer *printer, struct rw_arena *arena,
                 bool *ret_good, struct rw_error *err)
{
    char folder[RW_FILE_PATH_MAX];
    struct enrol_identity identity;
    struct script_clock clock = { .real = rw_clock_system() };
    if (!open_identity(wishes, arena, folder, &identity, err))
        return false;
    const struct device_settings settings = {
        .state_folder = folder,
        .identity = &identity,
        .clock = script_clock_port(&clock),
        .voice = { .self = printer, .say = print_note },
    };
    struct device *device;
    if (!device_open(&settings, &device, err))
        return false;
    device_say(device, (struct device_note){ .what = "started",
                                             .word = identity.id,
                                             .version = device_state(device)->version,
                                             .number = (int64_t)device_waiting(device) });
    certificate_tend(&identity, device);
    *ret_good = true;
    bool done = wishes->script != NULL ? run_script(wishes, device, &clock, arena, ret_good, err)
                                       : run_live(&identity, device, arena, err);
    device_close(device);
    return done;
}

static enum options_exit play(const struct wishes *wishes, const struct options *options)
{
    struct rw_error err = { 0 };
    struct printer printer = { .json = options->json || !isatty(STDOUT_FILENO) };
    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    bool good = true;
    bool done = arena != NULL && rw_crypto_init(&err) && work(wishes, &printer, arena, &good, &err);
    rw_arena_close(arena);
    if (done && printer.failed)
        done = rw_error_set(&err, printer.fault.code, "", "%s", printer.fault.text);
    if (!done) {
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "the dispenser found no memory");
        return options_fail(options, NULL, &err);
    }
    return good ? OPTIONS_GOOD : OPTIONS_NOT_GOOD;
}

/* A service on trial in place of a dispenser at work. */
static enum options_exit try_service(const struct wishes *wishes, const struct options *options)
{
    struct rw_error err = { 0 };
    char folder[RW_FILE_PATH_MAX];
    struct enrol_identity identity;
    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    enum options_exit status = OPTIONS_GOOD;
    if (arena == NULL)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "the trial found no memory");
    if (err.code == RW_OK && rw_crypto_init(&err) &&
        open_identity(wishes, arena, folder, &identity, &err) &&
        check_certificate(&identity, arena, &err))
        status = conform_run(options, folder, &identity, wishes->revoked, arena);
    else
        status = options_fail(options, NULL, &err);
    rw_arena_close(arena);
    return status;
}

static bool check_wishes(const struct wishes *wishes, const struct options *options,
                         struct rw_error *err)
{
    if (options->argument_count > 0)
        return rw_error_set(err, RW_USAGE, "", "takes no inputs; see --help");
    if (wishes->code != NULL && wishes->server == NULL)
        return rw_error_set(err, RW_USAGE, "", "--enroll needs --server; see --help");
    if (wishes->conform && wishes->script != NULL)
        return rw_error_set(err, RW_USAGE, "", "--conform and --script exclude each other");
    if (wishes->revoked != NULL && !wishes->conform)
        return rw_error_set(err, RW_USAGE, "", "--revoked needs --conform");
    return true;
}

static enum options_exit start(const struct wishes *wishes, const struct options *options)
{
    struct rw_error err = { 0 };
    if (!check_wishes(wishes, options, &err))
        return options_fail(options, NULL, &err);
    listen_to_signals();
    return wishes->conform ? try_service(wishes, options) : play(wishes, options);
}

int main(int argc, char **argv)
{
    struct wishes wishes = { 0 };
    const struct options_row rows[] = {
        { .name = "server",
          .kind = OPTIONS_TEXT,
          .target = &wishes.server,
          .argument = "URL",
          .help = "the service, for enrolling: https://HOST:PORT" },
        { .name = "state",
          .kind = OPTIONS_TEXT,
          .target = &wishes.state,
          .argument = "DIR",
          .help = "what this dispenser keeps: keys, schedule, journal" },
        { .name = "enroll",
          .kind = OPTIONS_TEXT,
          .target = &wishes.code,
          .argument = "CODE",
          .help = "enrol first, with this code of the pharmacy" },
        { .name = "ca",
          .kind = OPTIONS_TEXT,
          .target = &wishes.ca,
          .argument = "FILE",
          .help = "the service's certificate authority, for enrolling" },
        { .name = "script",
          .kind = OPTIONS_TEXT,
          .target = &wishes.script,
          .argument = "FILE",
          .help = "lines of JSON that drive it in place of the clock; \"-\" is standard input" },
        { .name = "conform",
          .kind = OPTIONS_FLAG,
          .target = &wishes.conform,
          .help = "tries whether the service keeps every rule of docs/DISPENSER.md; prints TAP" },
        { .name = "revoked",
          .kind = OPTIONS_TEXT,
          .target = &wishes.revoked,
          .argument = "DIR",
          .help = "with --conform: a dispenser whose certificate was revoked" },
        { .name = NULL },
    };
    struct options options = {
        .program = "rolwacht dispense",
        .summary = "Plays a dispenser at a client's home: downloads, checks, hands out, reports.",
        .usage = "--server URL [--state DIR] [--enroll CODE] [--script FILE] [--conform]",
        .details =
            "Without --script it runs in real time until SIGTERM. Prints one line for each thing "
            "that happens. --conform wants a dispenser that was enrolled and given a schedule for "
            "the trial alone.\n"
            "Exit status: 0 done, 1 a script waited for a schedule in vain, or a rule is broken.",
        .rows = rows,
    };
    enum options_exit status;
    return (int)(options_read(&options, argc, argv, &status) ? start(&wishes, &options) : status);
}
