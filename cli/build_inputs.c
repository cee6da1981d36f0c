/* SPDX-License-Identifier: Apache-2.0 */
/* Reads order files and sorts their lines by client. */
#define _POSIX_C_SOURCE 200809L
#include "cli/build_inputs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/build_crew.h"
#include "cli/build_glance.h"
#include "cli/build_names.h"
#include "cli/build_numbers.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "roll-builder/intake/intake.h"

#define FILE_MEMORY_MAX (2048 * RW_ARENA_MIB) /* one file with its orders */
#define CHUNK_MEMORY_MAX (512 * RW_ARENA_MIB) /* what is told of one chunk of files */
#define DIGEST_WORD 8                         /* hex digits that tell most files apart */

/* One client of one file. */
struct placed {
    const char *client;
    const struct build_source *source;
};

/* The files while they are read. */
struct reading {
    struct build_inputs *inputs;
    const struct rw_zone *zone;
    const struct build_listener *listener;
    struct rw_arena *arena; /* of the run */
    struct rw_arena *file;  /* of one file */
    struct build_numbers seen;
    char *const *paths;
    const char **names;
    struct rw_error worst; /* of the files that could not be read */
    struct placed *placed;
    size_t placed_count;
    size_t placed_room;
};

static bool is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static bool is_repeated(struct reading *reading, const char *digest, bool *ret_repeated,
                        struct rw_error *err)
{
    char word[DIGEST_WORD + 1];
    bool is_new;
    (void)rw_text_copy(word, sizeof word, digest);
    *ret_repeated = false;
    /* One bit less than the word: the set keeps each number plus one. */
    if (!build_numbers_take(&reading->seen, (uint32_t)(strtoul(word, NULL, 16) >> 1), &is_new, err))
        return false;
    for (size_t i = 0; !is_new && i < reading->inputs->source_count && !*ret_repeated; i++)
        *ret_repeated = strcmp(reading->inputs->sources[i].digest, digest) == 0;
    return true;
}

static bool note_stray(struct reading *reading, struct build_source *source, size_t room,
                       struct build_stray from, struct rw_error *err)
{
    struct build_stray stray = { rw_arena_text(reading->arena, from.pointer, err), NULL };
    if (source->strays == NULL)
        source->strays = rw_arena_array(reading->arena, room, sizeof stray, err);
    if (from.id != NULL)
        stray.id = rw_arena_text(reading->arena, from.id, err);
    if (source->strays == NULL || stray.pointer == NULL || (from.id != NULL && stray.id == NULL))
        return false;
    source->strays[source->stray_count++] = stray;
    return true;
}

/* Several places of one client and one file become one after sorting. */
static bool note_client(struct reading *reading, const struct build_source *source, const char *id,
                        struct rw_error *err)
{
    if (reading->placed_count > 0) {
        const struct placed *last = &reading->placed[reading->placed_count - 1];
        if (last->source == source && strcmp(last->client, id) == 0)
            return true;
    }
    const char *copy = rw_arena_text(reading->arena, id, err);
    if (copy == NULL ||
        !rw_arena_grow(reading->arena, &reading->placed, &reading->placed_room,
                       reading->placed_count, sizeof *reading->placed, SIZE_MAX / 64, err))
        return false;
    reading->placed[reading->placed_count++] = (struct placed){ copy, source };
    return true;
}

static bool note_glance(struct reading *reading, struct build_source *source,
                        const struct build_glance *glance, struct rw_error *err)
{
    for (size_t i = 0; i < glance->stray_count; i++) {
        if (!note_stray(reading, source, glance->stray_count, glance->strays[i], err))
            return false;
    }
    for (size_t i = 0; i < glance->client_count; i++) {
        if (!note_client(reading, source, glance->clients[i], err))
            return false;
    }
    return true;
}

/* A file that cannot be read once more, or not for each of its clients: its orders stay. They
 * borrow from the bytes they were read from, which stay too. */
static bool keep_orders(struct reading *reading, struct build_source *source,
                        struct build_glance *glance, struct rw_error *err)
{
    char *bytes;
    size_t length;
    source->kept = true;
    return rw_file_read(source->path, RW_FILE_INPUT_MAX, reading->arena, &bytes, &length, err) &&
           intake_read(source->name, bytes, length, reading->zone, reading->arena, &source->orders,
                       err) &&
           build_glance_make(bytes, length, &source->orders, reading->arena, glance, err);
}

/* Takes a file up among the sources, or says that it was there. */
static bool add_source(struct reading *reading, size_t index, struct build_glance *glance,
                       struct rw_error *err)
{
    struct build_source *source = &reading->inputs->sources[reading->inputs->source_count];
    bool repeated;
    *source = (struct build_source){ .path = reading->paths[index], .name = reading->names[index] };
    if (glance->apart && !keep_orders(reading, source, glance, err))
        return false;
    memcpy(source->digest, glance->digest, sizeof source->digest);
    if (!is_repeated(reading, source->digest, &repeated, err))
        return false;
    if (repeated) {
        reading->listener->repeated(reading->listener->self, source->path);
        return true;
    }
    if (!note_glance(reading, source, glance, err))
        return false;
    reading->inputs->source_count++;
    return true;
}

/* Reads one file, wherever this runs; what is wrong with it is part of the piece. */
static bool make(void *self, size_t index, struct rw_arena *arena, struct build_piece *ret_piece,
                 struct rw_error *err)
{
    struct reading *reading = self;
    struct build_glance glance = { 0 };
    const char *path = reading->paths[index];
    struct order_list orders = { 0 };
    char *bytes;
    size_t length;
    rw_arena_reset(reading->file);
    glance.apart = !is_file(path);
    const bool done =
        glance.apart ||
        (rw_file_read(path, RW_FILE_INPUT_MAX, reading->file, &bytes, &length, &glance.err) &&
         intake_read(reading->names[index], bytes, length, reading->zone, reading->file, &orders,
                     &glance.err) &&
         build_glance_make(bytes, length, &orders, reading->file, &glance, &glance.err));
    assert(done == (glance.err.code == RW_OK));
    return build_glance_pack(&glance, arena, ret_piece, err);
}

static bool settle(void *self, struct rw_error *err)
{
    (void)self;
    (void)err; /* reading leaves nothing behind that could be unsafe */
    return true;
}

static void failed(void *self, size_t index)
{
    (void)self;
    (void)index; /* only memory fails here, and the error says so */
}

static bool take(void *self, size_t index, const struct build_piece *piece, struct rw_error *err)
{
    struct reading *reading = self;
    struct build_glance glance;
    reading->listener->passed(reading->listener->self, index + 1);
    rw_arena_reset(reading->file);
    if (!build_glance_unpack(piece, reading->file, &glance, err))
        return false;
    if (glance.err.code == RW_OK && add_source(reading, index, &glance, &glance.err))
        return true;
    reading->listener->unreadable(reading->listener->self, reading->paths[index], &glance.err);
    if (rw_error_exit_status(glance.err.code) > rw_error_exit_status(reading->worst.code))
        reading->worst = glance.err;
    return true;
}

static bool read_sources(struct reading *reading, char *const *paths, size_t count, size_t jobs,
                         struct rw_error *err)
{
    reading->inputs->sources =
        rw_arena_array(reading->arena, count, sizeof *reading->inputs->sources, err);
    if (reading->inputs->sources == NULL ||
        !build_names_make(paths, count, reading->arena, &reading->names, err))
        return false;
    reading->paths = paths;
    const struct build_crew crew = { .self = reading,
                                     .make = make,
                                     .settle = settle,
                                     .failed = failed,
                                     .take = take,
                                     .clients = count,
                                     .jobs = build_crew_jobs(jobs, count),
                                     .memory = CHUNK_MEMORY_MAX };
    if (!build_crew_run(&crew, err))
        return false;
    if (reading->worst.code == RW_OK)
        return true;
    *err = reading->worst;
    return false;
}

static int compare_placed(const void *left, const void *right)
{
    const struct placed *one = left;
    const struct placed *two = right;
    const int order = strcmp(one->client, two->client);
    return order != 0 ? order : strcmp(one->source->digest, two->source->digest);
}

static bool add_client(struct build_inputs *inputs, const struct placed *placed, size_t count,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct build_client *client = &inputs->clients[inputs->client_count++];
    client->id = placed[0].client;
    client->sources = rw_arena_array(arena, count, sizeof *client->sources, err);
    for (size_t i = 0; client->sources != NULL && i < count; i++) {
        if (i == 0 || placed[i].source != placed[i - 1].source)
            client->sources[client->source_count++] = placed[i].source;
    }
    return client->sources != NULL;
}

static bool sort_clients(struct reading *reading, struct rw_error *err)
{
    struct build_inputs *inputs = reading->inputs;
    struct placed *placed = reading->placed;
    const size_t count = reading->placed_count;
    inputs->clients = rw_arena_array(reading->arena, count, sizeof *inputs->clients, err);
    if (inputs->clients == NULL)
        return false;
    if (count > 0)
        qsort(placed, count, sizeof *placed, compare_placed);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count; end++) {
            if (strcmp(placed[end].client, placed[start].client) != 0)
                break;
        }
        if (inputs->client_count == BUILD_CLIENTS_MAX)
            return rw_error_set(err, RW_TOO_LARGE, "", "one run builds rolls of at most %d clients",
                                BUILD_CLIENTS_MAX);
        if (!add_client(inputs, &placed[start], end - start, reading->arena, err))
            return false;
    }
    return true;
}

static int compare_source(const void *left, const void *right)
{
    const struct build_source *const *one = left;
    const struct build_source *const *two = right;
    return strcmp((*one)->digest, (*two)->digest);
}

static bool order_sources(struct build_inputs *inputs, struct rw_arena *arena, struct rw_error *err)
{
    inputs->ordered = rw_arena_array(arena, inputs->source_count, sizeof *inputs->ordered, err);
    if (inputs->ordered == NULL)
        return false;
    for (size_t i = 0; i < inputs->source_count; i++)
        inputs->ordered[i] = &inputs->sources[i];
    qsort(inputs->ordered, inputs->source_count, sizeof *inputs->ordered, compare_source);
    return true;
}

bool build_inputs_read(char *const *paths, size_t count, const struct rw_zone *zone,
                       const struct build_listener *listener, size_t jobs, struct rw_arena *arena,
                       struct build_inputs *ret_inputs, struct rw_error *err)
{
    struct build_inputs inputs = { 0 };
    struct reading reading = { .inputs = &inputs,
                               .zone = zone,
                               .listener = listener,
                               .arena = arena,
                               .file = rw_arena_open(FILE_MEMORY_MAX),
                               .seen = { .arena = arena } };
    if (reading.file == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to read files with");
    const bool done = read_sources(&reading, paths, count, jobs, err) &&
                      sort_clients(&reading, err) && order_sources(&inputs, arena, err);
    rw_arena_close(reading.file);
    if (done)
        *ret_inputs = inputs;
    return done;
}

/* The orders of one file, read again where they were not kept. */
static bool load_source(const struct build_source *source, const struct rw_zone *zone,
                        struct rw_arena *arena, struct order_list *ret_orders, struct rw_error *err)
{
    char *bytes;
    size_t length;
    uint8_t digest[RW_SHA256_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    *ret_orders = source->orders;
    if (source->kept)
        return true;
    if (!rw_file_read(source->path, RW_FILE_INPUT_MAX, arena, &bytes, &length, err))
        return false;
    rw_sha256(bytes, length, digest);
    rw_hex_sha256(digest, hex);
    if (strcmp(hex, source->digest) != 0)
        return rw_error_set(err, RW_UNREADABLE, "", "\"%s\" changed while it was used",
                            source->name);
    return intake_read(source->name, bytes, length, zone, arena, ret_orders, err);
}

bool build_inputs_load(const struct build_client *client, const struct rw_zone *zone,
                       struct rw_arena *arena, struct build_lines *ret_lines, struct rw_error *err)
{
    struct build_lines lines = { 0 };
    size_t room = 0;
    for (size_t i = 0; i < client->source_count; i++) {
        struct order_list orders;
        if (!load_source(client->sources[i], zone, arena, &orders, err))
            return false;
        for (size_t j = 0; j < orders.count; j++) {
            const struct order *order = &orders.orders[j];
            if (order->client.id == NULL || strcmp(order->client.id, client->id) != 0)
                continue;
            if (!rw_arena_grow(arena, &lines.orders, &room, lines.count, sizeof *lines.orders,
                               SIZE_MAX / 64, err))
                return false;
            lines.orders[lines.count++] = order;
        }
    }
    *ret_lines = lines;
    return true;
}
