/* SPDX-License-Identifier: Apache-2.0 */
/* Builds one client's roll and writes its file. */
#include "cli/build_client.h"

#include <stdio.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/date.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "roll-builder/series.h"

#define ROLL_SUFFIX ".roll.json"

static void add_word(struct rw_sha256 *hash, const char *word)
{
    rw_sha256_add(hash, word, strlen(word) + 1); /* the NUL keeps two words apart */
}

/* Which roll of the client, and how often its number was taken already. */
struct draw {
    size_t part;
    uint32_t attempt;
};

/* SHA-256 of pharmacy, client, first day, days and the orders' bytes, or of the given seed. */
static void make_seed(const struct build_plant *plant, const struct build_client *client,
                      struct draw draw, uint8_t ret_seed[RW_SHA256_BYTES])
{
    char number[32];
    char from[RW_DATE_TEXT_MAX];
    struct rw_sha256 hash;
    rw_sha256_begin(&hash);
    if (plant->serial_seed != NULL) {
        add_word(&hash, plant->serial_seed);
        add_word(&hash, client->id);
    } else {
        rw_date_write(plant->window.from, from);
        (void)snprintf(number, sizeof number, "%d", plant->window.days);
        add_word(&hash, plant->policy->pharmacy_id);
        add_word(&hash, client->id);
        add_word(&hash, from);
        add_word(&hash, number);
        for (size_t i = 0; i < client->source_count; i++)
            add_word(&hash, client->sources[i]->digest);
    }
    if (draw.part > 1) {
        (void)snprintf(number, sizeof number, "part %zu", draw.part);
        add_word(&hash, number);
    }
    if (draw.attempt > 0) {
        (void)snprintf(number, sizeof number, "%u", draw.attempt);
        add_word(&hash, number);
    }
    rw_sha256_end(&hash, ret_seed);
}

struct drawing {
    struct build_plant *plant;
    const struct build_client *client;
};

/* Two rolls of one run never share a number: the later client of the two tries again. */
static const char *choose_number(void *self, size_t part, struct rw_arena *arena,
                                 struct rw_error *err)
{
    const struct drawing *drawing = self;
    struct build_plant *plant = drawing->plant;
    char text[ROLL_NUMBER_MAX];
    if (plant->number_given && part == 1)
        return plant->serial_seed;
    for (uint32_t attempt = 0; attempt <= BUILD_CLIENTS_MAX; attempt++) {
        uint8_t seed[RW_SHA256_BYTES];
        int64_t number;
        make_seed(plant, drawing->client, (struct draw){ part, attempt }, seed);
        plan_number(seed, text);
        bool is_new = false;
        if (rw_text_to_int(text, 0, 999999999, &number) &&
            !build_numbers_take(&plant->numbers, (uint32_t)number, &is_new, err))
            return NULL;
        if (is_new)
            return rw_arena_text(arena, text, err);
    }
    (void)rw_error_set(err, RW_BUG, "", "no roll number is free");
    return NULL;
}

const char *build_client_number(struct build_plant *plant, const struct build_client *client,
                                struct rw_arena *arena, struct rw_error *err)
{
    struct drawing drawing = { plant, client };
    return choose_number(&drawing, 1, arena, err);
}

static bool is_nameless(const struct build_client *client)
{
    for (size_t i = 0; i < client->source_count; i++) {
        if (client->sources[i]->strays)
            return true;
    }
    return false;
}

/* What was written must read back as a whole roll: the check by another road. */
static bool check_bytes(const char *bytes, size_t length, struct rw_arena *arena,
                        struct build_result *result, struct rw_error *err)
{
    struct roll *again;
    struct rw_error cause = { 0 };
    if (!roll_json_read(bytes, length, arena, &again, &cause)) {
        if (cause.code == RW_NO_MEMORY)
            return rw_error_set(err, RW_NO_MEMORY, "", "%s", cause.text);
        return rw_error_set(err, RW_BUG, cause.at, "a roll does not read back: %s", cause.text);
    }
    result->fingerprint = again->fingerprint;
    return true;
}

void build_client_file(const char *client, size_t part, char ret_name[BUILD_FILE_NAME_MAX])
{
    if (part == 1)
        (void)snprintf(ret_name, BUILD_FILE_NAME_MAX, "%s" ROLL_SUFFIX, client);
    else
        (void)snprintf(ret_name, BUILD_FILE_NAME_MAX, "%s~%zu" ROLL_SUFFIX, client, part);
}

bool build_client_settle(struct build_plant *plant, struct rw_error *err)
{
    const size_t count = plant->draft_count;
    plant->draft_count = 0;
    const bool done = rw_draft_commit_all(plant->drafts, count, err);
    plant->drafts = NULL;
    plant->draft_room = 0;
    rw_arena_reset(plant->arena);
    return done;
}

static bool add_draft(struct build_plant *plant, const char *path, const char *bytes, size_t length,
                      struct rw_error *err)
{
    if (plant->draft_count == BUILD_DRAFTS_MAX && !build_client_settle(plant, err))
        return false;
    if (!rw_arena_grow(plant->arena, &plant->drafts, &plant->draft_room, plant->draft_count,
                       sizeof *plant->drafts, BUILD_DRAFTS_MAX, err))
        return false;
    struct rw_draft *draft = &plant->drafts[plant->draft_count];
    if (!rw_draft_begin(draft, path, BUILD_FILE_MODE, err) ||
        !rw_draft_fill(draft, bytes, length, err))
        return false;
    plant->draft_count++;
    return true;
}

static bool write_roll(struct build_plant *plant, size_t part, struct rw_arena *arena,
                       struct build_result *result, struct rw_error *err)
{
    const char *bytes;
    size_t length;
    char path[RW_FILE_PATH_MAX];
    char name[BUILD_FILE_NAME_MAX];
    build_client_file(result->roll->client.id, part, name);
    result->file = rw_arena_text(arena, name, err);
    return result->file != NULL && roll_json_write(result->roll, arena, &bytes, &length, err) &&
           check_bytes(bytes, length, arena, result, err) &&
           rw_file_join(path, plant->folder, result->file, err) &&
           add_draft(plant, path, bytes, length, err);
}

static bool write_rolls(struct build_plant *plant, const struct series *series,
                        struct rw_arena *arena, struct build_results *results, struct rw_error *err)
{
    results->list = rw_arena_array(arena, series->count, sizeof *results->list, err);
    if (results->list == NULL)
        return false;
    for (size_t i = 0; i < series->count; i++) {
        struct build_result *result = &results->list[results->count++];
        result->roll = series->rolls[i];
        result->blocked = series->blocked;
        if (!result->blocked && !write_roll(plant, i + 1, arena, result, err))
            return false;
    }
    return true;
}

/* Who took which finding stands in the roll itself. */
static bool sign_off(const struct build_plant *plant, const struct series *series,
                     struct rw_arena *arena, struct rw_error *err)
{
    for (size_t i = 0; i < series->count; i++) {
        if (!overrides_apply(plant->overrides, series->rolls[i], arena, err))
            return false;
    }
    return true;
}

bool build_client_roll(struct build_plant *plant, const struct build_client *client,
                       struct rw_arena *arena, struct build_results *ret_results,
                       struct rw_error *err)
{
    struct series series;
    struct build_results results = { 0 };
    struct drawing drawing = { plant, client };
    const struct series_numbers numbers = { &drawing, choose_number };
    struct person person = { 0 };
    struct build_lines lines;
    if (!build_inputs_load(client, plant->policy->zone, arena, &lines, err))
        return false;
    if (plant->people != NULL)
        person = people_find(plant->people, client->id);
    const struct plan_request request = {
        .client_id = client->id,
        .orders = lines.orders,
        .order_count = lines.count,
        .many_sources = client->source_count > 1,
        .nameless_lines = is_nameless(client),
        .policy = plant->policy,
        .products = plant->products,
        .media = plant->media,
        .window = &plant->window,
        .number = client->number,
        .issued = plant->issued,
        .pharmacy_key = plant->pharmacy_key,
        .fits = plant->fits,
        .person = plant->people != NULL ? &person : NULL,
    };
    if (!series_plan(&request, &numbers, arena, &series, err) ||
        !sign_off(plant, &series, arena, err) || !write_rolls(plant, &series, arena, &results, err))
        return false;
    *ret_results = results;
    return true;
}
