/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht build: orders of one or many clients become rolls. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/build_client.h"
#include "cli/build_crew.h"
#include "cli/build_inputs.h"
#include "cli/build_names.h"
#include "cli/build_progress.h"
#include "cli/build_report.h"
#include "cli/build_setup.h"
#include "cli/build_work.h"
#include "cli/keys.h"
#include "cli/options.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/draft.h"
#include "core/base/file.h"
#include "labels/canvas.h"
#include "labels/layout.h"

#define INPUT_MEMORY_MAX (8192 * RW_ARENA_MIB) /* all orders and the product table */
#define CLIENT_MEMORY_MAX (512 * RW_ARENA_MIB) /* one client's roll */
#define REPORT_MEMORY_MAX (1024 * RW_ARENA_MIB)
#define DRAFT_MEMORY_MAX (16 * RW_ARENA_MIB)
#define FOLDER_MODE 0700

struct wishes {
    struct build_files files;
    const char *state;
    const char *folder;
    const char *issued;
    const char *serial_seed;
    const char *check_policy;
    int32_t from;
    bool has_from;
    int64_t days;
    int64_t jobs;
};

/* One run. What is opened here is closed by `close_run`. */
struct run {
    struct options *options;
    const struct wishes *wishes;
    struct rw_arena *arena;        /* lives as long as the run */
    struct rw_arena *client_arena; /* of one client */
    struct rw_arena *report_arena; /* of what is on its way to the summary */
    struct rw_arena *draft_arena;  /* of files that wait for their names */
    struct rw_arena *asked_arena;  /* of one question whether a bag fits */
    struct build_setup setup;
    struct layout_desk desk;
    struct fits fits;
    uint8_t key[RW_HMAC_KEY_BYTES];
    struct build_plant plant;
    struct build_inputs inputs;
    struct build_report report;
    struct build_progress progress; /* of the reading */
    const char *place;              /* client that the current error speaks of, or NULL */
};

static void on_unreadable(void *self, const char *path, const struct rw_error *err)
{
    struct run *run = self;
    build_progress_clear(&run->progress);
    options_complain(run->options, path, err);
}

static void on_repeated(void *self, const char *path)
{
    struct run *run = self;
    build_progress_clear(&run->progress);
    if (!run->options->quiet)
        fprintf(stderr, "%s: %s: the same bytes were given before, read once\n",
                run->options->program, path);
}

static void on_passed(void *self, size_t files)
{
    struct run *run = self;
    build_progress_tell(&run->progress, files);
}

static bool read_issued(struct run *run, struct rw_error *err)
{
    struct rw_stamp stamp;
    char text[RW_ZONE_STAMP_MAX];
    if (run->wishes->issued == NULL)
        return true;
    if (!rw_stamp_parse(run->wishes->issued, &stamp))
        return rw_error_set(err, RW_USAGE, "",
                            "--issued \"%s\" is no moment like 2026-11-20T15:00+01:00",
                            run->wishes->issued);
    rw_stamp_write(stamp, text);
    run->plant.issued = rw_arena_text(run->arena, text, err);
    return run->plant.issued != NULL;
}

static bool prepare(struct run *run, struct rw_error *err)
{
    const struct wishes *wishes = run->wishes;
    run->plant.window = (struct window){ .from = wishes->from, .days = (int32_t)wishes->days };
    run->plant.serial_seed = wishes->serial_seed;
    run->plant.folder = wishes->folder;
    if (!read_issued(run, err) || !build_setup_read(&run->setup, err) ||
        !canvas_open(&run->desk.canvas, err))
        return false;
    run->desk.media = run->setup.media;
    run->desk.symbol_side = run->setup.policy.gtin == NULL ? SYMBOL_SIDE_INTERNAL : SYMBOL_SIDE_MAX;
    run->desk.asked = run->asked_arena;
    run->desk.fitted = rw_arena_alloc(run->arena, sizeof *run->desk.fitted, err);
    if (run->desk.fitted == NULL)
        return false;
    run->fits = layout_fits(&run->desk);
    run->plant.policy = &run->setup.policy;
    run->plant.products = run->setup.products;
    run->plant.people = run->setup.people;
    run->plant.overrides = &run->setup.overrides;
    run->plant.media = run->setup.media;
    run->plant.fits = &run->fits;
    return true;
}

static bool read_inputs(struct run *run, struct rw_error *err)
{
    const struct build_listener listener = { { run, on_repeated }, on_unreadable, on_passed };
    struct build_inputs *inputs = &run->inputs;
    if (!build_names_expand(run->options->arguments, run->options->argument_count, &inputs->names,
                            err))
        return false;
    build_progress_begin(&run->progress, run->options, "files read", inputs->names.count);
    const bool done =
        build_inputs_read(inputs, run->setup.zone, &listener, (size_t)run->wishes->jobs, err);
    build_progress_clear(&run->progress);
    if (!done)
        return false;
    run->plant.number_given = run->wishes->serial_seed != NULL &&
                              inputs->roster.clients.count == 1 &&
                              roll_is_number(run->wishes->serial_seed);
    run->plant.numbers.arena = run->arena;
    run->plant.arena = run->draft_arena;
    return true;
}

/* Nobody's roll holds an order whose client is not known; somebody must hear of it. */
static bool tell_nameless(const struct run *run)
{
    const struct build_inputs *inputs = &run->inputs;
    for (size_t i = 0; i < inputs->strayed_count; i++) {
        const char *pointer = inputs->strayed[i].strays[0].pointer;
        fprintf(stderr,
                "%s: %s: B D1%s%s: an order names no client that is known (unknown-client)\n",
                run->options->program, inputs->strayed[i].source->path,
                pointer[0] != '\0' ? " " : "", pointer);
    }
    if (inputs->roster.clients.count == 0 && inputs->strayed_count == 0)
        fprintf(stderr, "%s: the input holds no order of any client\n", run->options->program);
    return inputs->strayed_count > 0 || inputs->roster.clients.count == 0;
}

static bool build_all(struct run *run, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    const struct build_common common = { run->setup.policy.pharmacy_id, run->setup.media,
                                         &run->plant.window };
    struct build_work work = { .plant = &run->plant,
                               .inputs = &run->inputs,
                               .report = &run->report,
                               .options = run->options,
                               .arena = run->client_arena,
                               .jobs = (size_t)run->wishes->jobs };
    run->report.arena = run->report_arena;
    run->report.copies = run->options->json;
    if (!rw_file_join(path, run->wishes->folder, "summary.json", err) ||
        !build_report_begin(&run->report, path, &common, err))
        return false;
    if (build_work_run(&work, err) && build_report_end(&run->report, &run->inputs, err))
        return true;
    rw_draft_abandon(&run->report.draft);
    run->place = work.failed;
    return false;
}

static bool build(struct run *run, enum options_exit *ret_status, struct rw_error *err)
{
    if (!prepare(run, err) || !read_inputs(run, err) ||
        !keys_pharmacy(run->wishes->state, true, run->key, err) ||
        !rw_file_make_folder(run->wishes->folder, FOLDER_MODE, err))
        return false;
    run->plant.pharmacy_key = run->key;
    if (!build_all(run, err))
        return false;
    const bool nameless = tell_nameless(run);
    *ret_status = run->report.counts.blocked > 0 || nameless ? OPTIONS_NOT_GOOD : OPTIONS_GOOD;
    return true;
}

static bool check_wishes(const struct run *run, struct rw_error *err)
{
    const struct wishes *wishes = run->wishes;
    if (wishes->check_policy != NULL)
        return true;
    if (!wishes->has_from || wishes->days == 0)
        return rw_error_set(err, RW_USAGE, "", "--from DATE and --days N are needed");
    if (wishes->folder == NULL)
        return rw_error_set(err, RW_USAGE, "", "-o DIR is needed");
    return run->options->argument_count > 0 ||
           rw_error_set(err, RW_USAGE, "", "no file with orders was given");
}

static bool open_run(struct run *run, struct rw_error *err)
{
    run->arena = rw_arena_open(INPUT_MEMORY_MAX);
    run->client_arena = rw_arena_open(CLIENT_MEMORY_MAX);
    run->report_arena = rw_arena_open(REPORT_MEMORY_MAX);
    run->draft_arena = rw_arena_open(DRAFT_MEMORY_MAX);
    run->asked_arena = rw_arena_open(LAYOUT_ASKED_MAX);
    build_inputs_init(&run->inputs, run->arena);
    run->setup.files = run->wishes->files;
    run->setup.arena = run->arena;
    if (run->arena == NULL || run->client_arena == NULL || run->report_arena == NULL ||
        run->draft_arena == NULL || run->asked_arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to start with");
    return rw_crypto_init(err);
}

static void close_run(struct run *run)
{
    rw_crypto_wipe(run->key, sizeof run->key);
    if (run->desk.canvas != NULL)
        canvas_close(run->desk.canvas);
    build_setup_close(&run->setup);
    build_inputs_close(&run->inputs);
    rw_arena_close(run->asked_arena);
    rw_arena_close(run->draft_arena);
    rw_arena_close(run->report_arena);
    rw_arena_close(run->client_arena);
    rw_arena_close(run->arena);
}

/* Every fault of a file, each with its place. */
static bool check_file(struct run *run, const char *path, const char *wanted,
                       enum options_exit *ret_status, struct rw_error *err)
{
    struct json_sheet sheet;
    json_sheet_init(&sheet, run->arena);
    if (!build_setup_check(&run->setup, path, wanted, &sheet, err))
        return false;
    for (size_t i = 0; i < sheet.count; i++)
        *ret_status =
            options_worse(*ret_status, options_fail(run->options, path, &sheet.faults[i]));
    if (sheet.lost > 0)
        fprintf(stderr, "%s: %s: and %zu more\n", run->options->program, path, sheet.lost);
    if (sheet.count == 0 && !run->options->quiet)
        fprintf(stderr, "%s: %s: nothing is wrong with it\n", run->options->program, path);
    return true;
}

/* The file that is named, and those that were given beside it. */
static bool check(struct run *run, enum options_exit *ret_status, struct rw_error *err)
{
    const struct build_files *files = &run->wishes->files;
    const struct {
        const char *path;
        const char *format;
    } given[] = {
        { run->wishes->check_policy, NULL },          { files->policy, "rolwacht/policy/1" },
        { files->products, "rolwacht/products/1" },   { files->media, "rolwacht/media/1" },
        { files->overrides, "rolwacht/overrides/1" }, { files->clients, "rolwacht/clients/1" },
    };
    for (size_t i = 0; i < RW_COUNT(given); i++) {
        if (given[i].path != NULL &&
            !check_file(run, given[i].path, given[i].format, ret_status, err))
            return false;
    }
    return true;
}

static enum options_exit run_all(struct run *run)
{
    struct rw_error err = { 0 };
    enum options_exit status = OPTIONS_GOOD;
    bool done = check_wishes(run, &err) && open_run(run, &err);
    if (done && run->wishes->check_policy != NULL)
        done = check(run, &status, &err);
    else if (done)
        done = build(run, &status, &err);
    if (!done)
        status =
            options_fail(run->options, run->place != NULL ? run->place : run->setup.place, &err);
    close_run(run);
    return status;
}

static struct wishes wishes;
static const struct options_row rows[] = {
    { "from", OPTIONS_DAY, &wishes.from, &wishes.has_from, "DATE", "first day of the rolls", 0, 0 },
    { "days", OPTIONS_NUMBER, &wishes.days, NULL, "N", "how many days", 1, 366 },
    { "policy", OPTIONS_TEXT, &wishes.files.policy, NULL, "FILE",
      "the pharmacy's settings, rolwacht/policy/1", 0, 0 },
    { "products", OPTIONS_TEXT, &wishes.files.products, NULL, "FILE",
      "the product table, rolwacht/products/1; without it nothing may be packed", 0, 0 },
    { "media", OPTIONS_TEXT, &wishes.files.media, NULL, "FILE",
      "another film, rolwacht/media/1; default: the built-in one of the policy", 0, 0 },
    { "state", OPTIONS_TEXT, &wishes.state, NULL, "DIR",
      "where the pharmacy's key lies; made where there is none", 0, 0 },
    { "o", OPTIONS_TEXT, &wishes.folder, NULL, "DIR", "where the rolls are written", 0, 0 },
    { "overrides", OPTIONS_TEXT, &wishes.files.overrides, NULL, "FILE",
      "who takes which finding of severity O, and why: rolwacht/overrides/1", 0, 0 },
    { "clients", OPTIONS_TEXT, &wishes.files.clients, NULL, "FILE",
      "own moments of clients, whom a roll suits, who moved: rolwacht/clients/1", 0, 0 },
    { "jobs", OPTIONS_NUMBER, &wishes.jobs, NULL, "N",
      "processes; default: one more than processors when there are many clients", 1,
      BUILD_CREW_JOBS_MAX },
    { "issued", OPTIONS_TEXT, &wishes.issued, NULL, "MOMENT",
      "when the rolls were issued; default: the first day at 00:00 local", 0, 0 },
    { "serial-seed", OPTIONS_TEXT, &wishes.serial_seed, NULL, "TEXT",
      "what roll numbers are made from; nine digits and one client: the number", 0, 0 },
    { "check-policy", OPTIONS_TEXT, &wishes.check_policy, NULL, "FILE",
      "only check this file, and those given beside it: names every fault", 0, 0 },
    { 0 },
};

int main(int argc, char **argv)
{
    struct options options = {
        .program = "rolwacht build",
        .summary = "Turns the orders of one or many clients into rolls.",
        .usage = "--from DATE --days N [OPTION...] -o DIR INPUT...",
        .details =
            "INPUT is FHIR R4 or MP9 (JSON or XML), eMediplan, our CSV, a folder of these, or -. "
            "DIR gets CLIENT.roll.json for each client and summary.json. A finding of severity B "
            "stops a client, who has no roll then; one of O asks a person to take it "
            "before the roll is approved; one of I is to be known. Allergies, interactions and "
            "kidney function are not checked here. Lists of many clients pass through $TMPDIR or "
            "/var/tmp, so that memory does not grow with their number.\n"
            "Exit status: 0 every client has a roll, 1 a finding stopped one.",
        .rows = rows,
    };
    enum options_exit status;
    if (!options_read(&options, argc, argv, &status))
        return (int)status;
    struct run run = { .options = &options, .wishes = &wishes };
    return (int)run_all(&run);
}
