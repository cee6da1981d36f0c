/* SPDX-License-Identifier: Apache-2.0 */
/* Makes one client's rolls and tells of them, wherever it runs. */
#define _POSIX_C_SOURCE 200809L
#include "cli/build_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/build_crew.h"
#include "core/base/file.h"

#define CHUNK_MEMORY_MAX (512 * RW_ARENA_MIB) /* what is told about one chunk of clients */

/* A piece is this, then its three texts, each with its NUL, then the numbers. */
struct piece_head {
    struct build_counts counts;
    size_t lengths[3]; /* rows of the summary, for standard output, for standard error */
    size_t number_count;
};

static void tell_finding(const struct build_work *work, const char *client,
                         const struct rw_finding *finding, struct rw_text *said)
{
    rw_text_format(said, "%s: %s: %s %s ", work->options->program, client,
                   rw_severity_letter(finding->severity), finding->id);
    if (finding->about != NULL) {
        rw_text_add_plain(said, finding->about);
        rw_text_add(said, " at ");
    }
    rw_text_add_plain(said, finding->pointer);
    rw_text_add(said, finding->pointer[0] != '\0' ? ": " : "");
    rw_text_add_plain(said, finding->text);
    rw_text_format(said, " (%s)\n", finding->reason);
}

static void tell_findings(const struct build_work *work, const struct roll *roll,
                          struct rw_text *said)
{
    for (size_t i = 0; i < roll->findings.count && !work->options->quiet; i++) {
        const struct rw_finding *finding = &roll->findings.findings[i];
        if (finding->severity == RW_BLOCKS || finding->severity == RW_OVERRIDABLE)
            tell_finding(work, roll->client.id, finding, said);
    }
}

/* People read one line a roll and, for a blocked client, why. */
static void tell(const struct build_work *work, const struct build_result *result,
                 struct rw_text *told, struct rw_text *said)
{
    const struct roll *roll = result->roll;
    tell_findings(work, roll, said);
    if (work->options->json)
        return;
    if (result->blocked)
        rw_text_format(told, "%s  blocked\n", roll->client.id);
    else
        rw_text_format(told, "%s  roll %s  bags %zu  loose %zu  excluded %zu  %s\n",
                       roll->client.id, roll->number, roll->bag_count - 2, roll->loose_count,
                       roll->excluded_count, result->file);
}

/* Whoever signed for a finding that is not there meant another. */
static void warn_of_overrides(const struct build_work *work, const char *client,
                              const struct build_results *results, struct rw_text *said)
{
    const struct overrides *overrides = work->plant->overrides;
    for (size_t i = 0; overrides != NULL && i < overrides->count && !work->options->quiet; i++) {
        const struct override *override = &overrides->list[i];
        bool takes = !rw_text_equal(override->client, client);
        for (size_t j = 0; j < results->count && !takes; j++)
            takes = overrides_take(override, results->list[j].roll);
        if (!takes)
            rw_text_format(said, "%s: %s: the override /overrides/%zu of %s meets no finding\n",
                           work->options->program, client, i, override->id);
    }
}

/* A roll of an earlier run does not become true again by staying in the folder. `part` is the
 * first that this run did not write. */
static void warn_of_old(const struct build_work *work, const char *client, size_t part,
                        struct rw_text *said)
{
    char name[BUILD_FILE_NAME_MAX];
    char path[RW_FILE_PATH_MAX];
    struct rw_error ignored = { 0 };
    build_client_file(client, part, name);
    if (rw_file_join(path, work->plant->folder, name, &ignored) && access(path, F_OK) == 0)
        rw_text_format(said, "%s: %s: an older %s stays there and is not of this run\n",
                       work->options->program, client, path);
}

/* Lays head, texts and numbers behind each other. */
static bool pack(const struct piece_head *head, const struct rw_text texts[3],
                 const uint32_t *numbers, struct rw_arena *arena, struct build_piece *ret_piece,
                 struct rw_error *err)
{
    struct build_piece piece = { .length = sizeof *head };
    for (size_t i = 0; i < 3; i++)
        piece.length += head->lengths[i] + 1;
    piece.length += head->number_count * sizeof *numbers;
    char *bytes = rw_arena_alloc(arena, piece.length, err);
    if (bytes == NULL)
        return false;
    piece.bytes = bytes;
    memcpy(bytes, head, sizeof *head);
    bytes += sizeof *head;
    for (size_t i = 0; i < 3; i++) {
        const char *text;
        if (!rw_text_finish(&texts[i], &text, err))
            return false;
        memcpy(bytes, text, head->lengths[i] + 1);
        bytes += head->lengths[i] + 1;
    }
    if (head->number_count > 0)
        memcpy(bytes, numbers, head->number_count * sizeof *numbers);
    *ret_piece = piece;
    return true;
}

static bool make_piece(const struct build_work *work, const struct build_client *client,
                       const struct build_results *results, struct rw_arena *arena,
                       struct build_piece *ret_piece, struct rw_error *err)
{
    struct piece_head head = { 0 };
    struct rw_text texts[3];
    uint32_t *numbers = rw_arena_array(work->arena, results->count, sizeof *numbers, err);
    for (size_t i = 0; i < 3; i++)
        rw_text_init(&texts[i], work->arena, BUILD_TOLD_BYTES_MAX);
    for (size_t i = 0; numbers != NULL && i < results->count; i++) {
        const struct build_result *result = &results->list[i];
        const char *row;
        if (!build_report_row(result, work->arena, &head.counts, &row, err))
            return false;
        rw_text_format(&texts[0], "%s%s", i > 0 ? "," : "", row);
        tell(work, result, &texts[1], &texts[2]);
        if (i > 0)
            numbers[head.number_count++] = (uint32_t)strtoul(result->roll->number, NULL, 10);
    }
    if (numbers == NULL)
        return false;
    warn_of_old(work, client->id, results->list[0].blocked ? 1 : results->count + 1, &texts[2]);
    warn_of_overrides(work, client->id, results, &texts[2]);
    for (size_t i = 0; i < 3; i++)
        head.lengths[i] = texts[i].length;
    return pack(&head, texts, numbers, arena, ret_piece, err);
}

static bool make(void *self, size_t index, struct rw_arena *arena, struct build_piece *ret_piece,
                 struct rw_error *err)
{
    struct build_work *work = self;
    struct build_client client;
    struct build_record number;
    struct build_results results;
    rw_arena_reset(work->arena);
    if (!build_roster_get(&work->inputs->roster, index, work->arena, &client, err) ||
        !build_spool_get(&work->numbers, index, work->arena, &number, err))
        return false;
    client.number = number.bytes;
    return build_client_roll(work->plant, &client, work->arena, &results, err) &&
           make_piece(work, &client, &results, arena, ret_piece, err);
}

static void expect(void *self, size_t index, struct rw_arena *arena)
{
    const struct build_work *work = self;
    struct build_client client;
    struct rw_error ignored = { 0 }; /* told when the client is made */
    if (build_roster_get(&work->inputs->roster, index, arena, &client, &ignored))
        build_inputs_expect(&client);
}

static bool settle(void *self, struct rw_error *err)
{
    struct build_work *work = self;
    return build_client_settle(work->plant, err);
}

static void failed(void *self, size_t index)
{
    struct build_work *work = self;
    struct build_client client;
    struct rw_error ignored = { 0 }; /* then the error names nobody */
    if (build_roster_get(&work->inputs->roster, index, work->inputs->arena, &client, &ignored))
        work->failed = client.id;
}

/* Processes do not see each other's numbers: false when one was given to another client. */
static bool take_numbers(struct build_work *work, const char *bytes, size_t count, bool *ret_free,
                         struct rw_error *err)
{
    *ret_free = true;
    for (size_t i = 0; work->jobs > 1 && i < count && *ret_free; i++) {
        uint32_t number;
        memcpy(&number, bytes + i * sizeof number, sizeof number);
        if (!build_numbers_take(&work->plant->numbers, number, ret_free, err))
            return false;
    }
    return true;
}

static bool publish(struct build_work *work, const struct piece_head *head, const char *texts,
                    struct rw_error *err)
{
    const char *told = texts + head->lengths[0] + 1;
    const char *said = told + head->lengths[1] + 1;
    struct build_counts *counts = &work->report->counts;
    counts->built += head->counts.built;
    counts->blocked += head->counts.blocked;
    counts->open += head->counts.open;
    if (head->lengths[2] > 0 || work->progress.mixed)
        build_progress_clear(&work->progress);
    if (head->lengths[2] > 0)
        fputs(said, stderr);
    return build_report_add(work->report, texts, err) &&
           (head->lengths[1] == 0 || options_print(told, head->lengths[1], err));
}

static bool take(void *self, size_t index, const struct build_piece *piece, struct rw_error *err)
{
    struct build_work *work = self;
    struct piece_head head;
    bool is_free;
    memcpy(&head, piece->bytes, sizeof head);
    const char *texts = piece->bytes + sizeof head;
    const char *numbers =
        texts + head.lengths[0] + head.lengths[1] + head.lengths[2] + RW_COUNT(head.lengths);
    if (!take_numbers(work, numbers, head.number_count, &is_free, err))
        return false;
    if (is_free && !publish(work, &head, texts, err))
        return false;
    if (!is_free) { /* once in a thousand million: this process makes the rolls again */
        struct rw_arena *arena = rw_arena_open(CHUNK_MEMORY_MAX);
        struct build_piece again;
        const bool done =
            arena != NULL && make(self, index, arena, &again, err) && settle(self, err);
        if (done)
            memcpy(&head, again.bytes, sizeof head);
        const bool told = done && publish(work, &head, again.bytes + sizeof head, err);
        rw_arena_close(arena);
        return told;
    }
    build_progress_tell(&work->progress, index + 1);
    return true;
}

/* In the order of the clients, before any of them may take a number for a second roll. */
static bool give_numbers(struct build_work *work, struct rw_error *err)
{
    for (size_t i = 0; i < work->inputs->roster.clients.count; i++) {
        struct build_client client;
        rw_arena_reset(work->arena);
        if (!build_roster_get(&work->inputs->roster, i, work->arena, &client, err))
            return false;
        const char *number = build_client_number(work->plant, &client, work->arena, err);
        if (number == NULL || !build_spool_add(&work->numbers, number, strlen(number), err))
            return false;
    }
    return true;
}

bool build_work_run(struct build_work *work, struct rw_error *err)
{
    const size_t clients = work->inputs->roster.clients.count;
    work->jobs = build_crew_jobs(work->jobs, clients);
    build_progress_begin(&work->progress, work->options, "clients", clients);
    const struct build_crew crew = { .self = work,
                                     .make = make,
                                     .expect = expect,
                                     .settle = settle,
                                     .failed = failed,
                                     .take = take,
                                     .clients = clients,
                                     .jobs = work->jobs,
                                     .memory = CHUNK_MEMORY_MAX };
    build_spool_init(&work->numbers, work->inputs->arena);
    const bool done = give_numbers(work, err) && build_crew_run(&crew, err);
    build_spool_close(&work->numbers);
    build_progress_clear(&work->progress);
    return done;
}
