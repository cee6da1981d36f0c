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
#include "roll-builder/plan.h"

#define ROLL_SUFFIX ".roll.json"

static void add_word(struct rw_sha256 *hash, const char *word)
{
    rw_sha256_add(hash, word, strlen(word) + 1); /* the NUL keeps two words apart */
}

/* SHA-256 of pharmacy, client, first day, days and the orders' bytes, or of the given seed. */
static void make_seed(const struct build_plant *plant, const struct build_client *client,
                      uint32_t attempt, uint8_t ret_seed[RW_SHA256_BYTES])
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
    if (attempt > 0) {
        (void)snprintf(number, sizeof number, "%u", attempt);
        add_word(&hash, number);
    }
    rw_sha256_end(&hash, ret_seed);
}

/* Keeps the numbers of this run sorted; false when this one was given before. */
static bool take_number(struct build_plant *plant, uint32_t number)
{
    size_t low = 0;
    size_t high = plant->number_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (plant->numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < plant->number_count && plant->numbers[low] == number)
        return false;
    memmove(&plant->numbers[low + 1], &plant->numbers[low],
            (plant->number_count - low) * sizeof plant->numbers[0]);
    plant->numbers[low] = number;
    plant->number_count++;
    return true;
}

/* Two rolls of one run never share a number: the later client of the two tries again. */
static const char *choose_number(struct build_plant *plant, const struct build_client *client,
                                 struct rw_arena *arena, struct rw_error *err)
{
    char text[ROLL_NUMBER_MAX];
    if (plant->number_given)
        return plant->serial_seed;
    for (uint32_t attempt = 0; attempt <= BUILD_CLIENTS_MAX; attempt++) {
        uint8_t seed[RW_SHA256_BYTES];
        int64_t number;
        make_seed(plant, client, attempt, seed);
        plan_number(seed, text);
        if (rw_text_to_int(text, 0, 999999999, &number) && take_number(plant, (uint32_t)number))
            return rw_arena_text(arena, text, err);
    }
    (void)rw_error_set(err, RW_BUG, "", "no roll number is free");
    return NULL;
}

static bool is_nameless(const struct build_client *client)
{
    for (size_t i = 0; i < client->source_count; i++) {
        if (client->sources[i]->nameless)
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

static bool write_roll(const struct build_plant *plant, struct rw_arena *arena,
                       struct build_result *result, struct rw_error *err)
{
    const char *bytes;
    size_t length;
    char path[RW_FILE_PATH_MAX];
    result->file = rw_arena_format(arena, err, "%s%s", result->roll->client.id, ROLL_SUFFIX);
    return result->file != NULL && roll_json_write(result->roll, arena, &bytes, &length, err) &&
           check_bytes(bytes, length, arena, result, err) &&
           rw_file_join(path, plant->folder, result->file, err) &&
           rw_file_write(path, bytes, length, BUILD_FILE_MODE, err);
}

bool build_client_roll(struct build_plant *plant, const struct build_client *client,
                       struct rw_arena *arena, struct build_result *ret_result,
                       struct rw_error *err)
{
    struct roll *roll;
    struct build_result result = { 0 };
    const struct plan_request request = {
        .client_id = client->id,
        .orders = client->orders,
        .order_count = client->order_count,
        .many_sources = client->source_count > 1,
        .nameless_lines = is_nameless(client),
        .policy = plant->policy,
        .products = plant->products,
        .media = plant->media,
        .window = &plant->window,
        .number = choose_number(plant, client, arena, err),
        .issued = plant->issued,
        .pharmacy_key = plant->pharmacy_key,
        .fits = plant->fits,
    };
    if (request.number == NULL || !plan_roll(&request, arena, &roll, &result.blocked, err))
        return false;
    result.roll = roll;
    if (!result.blocked && !write_roll(plant, arena, &result, err))
        return false;
    *ret_result = result;
    return true;
}
