/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the conformance kit and prints what it finds. */
#include "cli/conform.h"

#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "dispenser/kit.h"

#define LINE_MAX_BYTES 2000
#define JOURNAL_FILE "journal" /* of a dispenser at work (dispenser/store.h) */

struct trial {
    bool json;
    size_t counts[KIT_OUTCOME_COUNT];
    bool printed;          /* the last line */
    struct rw_error fault; /* why it was not */
};

static const char *const words[KIT_OUTCOME_COUNT] = { "broken", "kept", "skipped" };

static void write_json(struct rw_text *text, const struct kit_finding *finding)
{
    struct json_writer writer;
    json_write_init(&writer, text);
    json_write_object(&writer, NULL);
    json_write_int(&writer, "n", (int64_t)finding->n);
    json_write_text(&writer, "rule", finding->rule);
    json_write_text(&writer, "todo", finding->todo);
    json_write_text(&writer, "outcome", words[finding->outcome]);
    if (finding->why[0])
        json_write_text(&writer, "why", finding->why);
    json_write_object_end(&writer);
    rw_text_add_char(text, '\n');
}

static void write_tap(struct rw_text *text, const struct kit_finding *finding)
{
    rw_text_format(text, "%s %zu - %s", finding->outcome == KIT_BROKEN ? "not ok" : "ok",
                   finding->n, finding->rule);
    if (finding->outcome == KIT_SKIPPED)
        rw_text_format(text, " # SKIP %s", finding->why);
    rw_text_format(text, "\n#      a dispenser: %s\n", finding->todo);
    if (finding->outcome == KIT_BROKEN)
        rw_text_format(text, "#      the service: %s\n", finding->why);
}

static void tell(void *self, const struct kit_finding *finding)
{
    struct trial *trial = self;
    struct rw_arena *arena = rw_arena_open(4 * LINE_MAX_BYTES);
    struct rw_text text;
    const char *line = NULL;
    if (!arena || !trial->printed) {
        rw_arena_close(arena);
        return;
    }
    trial->counts[finding->outcome]++;
    rw_text_init(&text, arena, LINE_MAX_BYTES);
    if (trial->json)
        write_json(&text, finding);
    else
        write_tap(&text, finding);
    trial->printed = rw_text_finish(&text, &line, &trial->fault) &&
                     options_print(line, text.length, &trial->fault);
    rw_arena_close(arena);
}

static bool print_count(struct trial *trial, struct rw_arena *arena)
{
    const char *line = rw_arena_format(arena, &trial->fault, "1..%zu\n", kit_rule_count);
    return line && options_print(line, strlen(line), &trial->fault);
}

static bool check_folder(const char *folder, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    if (!rw_file_join(path, folder, JOURNAL_FILE, err))
        return false;
    return access(path, F_OK) != 0 ||
           rw_error_set(err, RW_USAGE, "",
                        "a dispenser works in \"%.128s\"; enrol one for the trial alone", folder);
}

static bool print_sum(struct trial *trial, struct rw_arena *arena)
{
    const char *line = rw_arena_format(
        arena, &trial->fault, "# %zu kept, %zu broken, %zu skipped\n", trial->counts[KIT_KEPT],
        trial->counts[KIT_BROKEN], trial->counts[KIT_SKIPPED]);
    return line && options_print(line, strlen(line), &trial->fault);
}

enum options_exit conform_run(const struct options *options, const char *folder,
                              const struct enrol_identity *identity, const char *revoked_folder,
                              struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct trial trial = { .json = options->json, .printed = true };
    struct enrol_identity revoked;
    bool good = false;
    const struct kit_settings settings = { .identity = identity,
                                           .revoked = revoked_folder ? &revoked : NULL,
                                           .clock = rw_clock_system(),
                                           .self = &trial,
                                           .tell = tell };
    bool done = check_folder(folder, &err) &&
                (!revoked_folder || enrol_load(revoked_folder, arena, &revoked, &err)) &&
                (trial.json || print_count(&trial, arena)) && kit_run(&settings, &good, &err);
    if (done && trial.printed && !trial.json)
        trial.printed = print_sum(&trial, arena);
    if (!trial.printed || trial.fault.code != RW_OK)
        return options_fail(options, NULL, &trial.fault);
    if (!done)
        return options_fail(options, NULL, &err);
    return good ? OPTIONS_GOOD : OPTIONS_NOT_GOOD;
}
