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
#include "core/base/file.h"
#include "core/base/prefetch.h"
#include "core/base/text.h"
#include "roll-builder/intake/intake.h"

#define FILE_MEMORY_MAX (2048 * RW_ARENA_MIB) /* one file with its orders */
#define CHUNK_MEMORY_MAX (512 * RW_ARENA_MIB) /* what is told of one chunk of files */

/* The files while they are read. */
struct reading {
    struct build_inputs *inputs;
    const struct rw_zone *zone;
    const struct build_listener *listener;
    struct rw_arena *file; /* of one file */
    struct rw_error worst; /* of the files that could not be read */
    size_t unusable;       /* of them, each told when it was met */
};

static bool is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* A source that is more than a note: its orders stay, or what in it names nobody. */
static bool copy_source(struct reading *reading, const struct build_name *name,
                        struct build_source **ret_source, struct rw_error *err)
{
    struct rw_arena *arena = reading->inputs->arena;
    struct build_source *source = rw_arena_alloc(arena, sizeof *source, err);
    char *path = rw_arena_text(arena, name->path, err);
    if (source == NULL || path == NULL)
        return false;
    source->path = path;
    source->name = path + (strlen(name->path) - strlen(name->name));
    source->place = name->place;
    *ret_source = source;
    return true;
}

static bool note_stray(struct reading *reading, struct build_strayed *strayed,
                       struct build_stray from, struct rw_error *err)
{
    struct rw_arena *arena = reading->inputs->arena;
    struct build_stray stray = { rw_arena_text(arena, from.pointer, err), NULL };
    if (from.id != NULL)
        stray.id = rw_arena_text(arena, from.id, err);
    if (stray.pointer == NULL || (from.id != NULL && stray.id == NULL))
        return false;
    strayed->strays[strayed->count++] = stray;
    return true;
}

/* What names nobody is kept, and `ret_repeated` says that it is already. */
static bool note_strays(struct reading *reading, const struct build_source *source,
                        const struct build_glance *glance, bool *ret_repeated, struct rw_error *err)
{
    struct build_inputs *inputs = reading->inputs;
    struct build_strayed strayed = { .source = source };
    *ret_repeated = false;
    for (size_t i = 0; i < inputs->strayed_count; i++) {
        if (strcmp(inputs->strayed[i].source->digest, source->digest) == 0)
            *ret_repeated = true;
    }
    if (*ret_repeated)
        return true;
    strayed.strays =
        rw_arena_array(inputs->arena, glance->stray_count, sizeof *strayed.strays, err);
    if (strayed.strays == NULL ||
        !rw_arena_grow(inputs->arena, &inputs->strayed, &inputs->strayed_room,
                       inputs->strayed_count, sizeof strayed, BUILD_NAMES_MAX, err))
        return false;
    for (size_t i = 0; i < glance->stray_count; i++) {
        if (!note_stray(reading, &strayed, glance->strays[i], err))
            return false;
    }
    inputs->strayed[inputs->strayed_count++] = strayed;
    return true;
}

/* A file that cannot be read once more, or not for each of its clients: its orders stay. They
 * borrow from the bytes they were read from, which stay too. */
static bool keep_orders(struct reading *reading, struct build_source *source,
                        struct build_glance *glance, struct rw_error *err)
{
    struct rw_arena *arena = reading->inputs->arena;
    char *bytes;
    size_t length;
    source->kept = true;
    return rw_file_read(source->path, RW_FILE_INPUT_MAX, arena, &bytes, &length, err) &&
           intake_read(source->name, bytes, length, reading->zone, arena, &source->orders, err) &&
           build_glance_make(bytes, length, &source->orders, arena, glance, err);
}

/* Notes what stands in a file. Whether its bytes were there before shows once the notes are sorted;
 * only of a file without clients it must be told at once. */
static bool add_source(struct reading *reading, const struct build_name *name,
                       struct build_glance *glance, struct rw_error *err)
{
    struct build_source passing = { .path = name->path, .name = name->name, .place = name->place };
    struct build_source *source = &passing;
    bool repeated = false;
    if ((glance->apart || glance->stray_count > 0) && !copy_source(reading, name, &source, err))
        return false;
    if (glance->apart && !keep_orders(reading, source, glance, err))
        return false;
    memcpy(source->digest, glance->digest, sizeof source->digest);
    source->check = glance->check;
    source->strays = glance->stray_count > 0;
    if (source->strays && !note_strays(reading, source, glance, &repeated, err))
        return false;
    if (repeated && glance->client_count == 0)
        reading->listener->repeats.repeated(reading->listener->repeats.self, source->path);
    for (size_t i = 0; i < glance->client_count; i++) {
        if (!build_roster_note(&reading->inputs->roster, source, glance->clients[i], i == 0, err))
            return false;
    }
    return true;
}

/* Reads one file, wherever this runs; what is wrong with it is part of the piece. */
static bool make(void *self, size_t index, struct rw_arena *arena, struct build_piece *ret_piece,
                 struct rw_error *err)
{
    struct reading *reading = self;
    struct build_glance glance = { 0 };
    struct order_list orders = { 0 };
    struct build_name name;
    char *bytes;
    size_t length;
    rw_arena_reset(reading->file);
    if (!build_names_get(&reading->inputs->names, index, reading->file, &name, err))
        return false;
    glance.apart = !is_file(name.path);
    const bool done =
        glance.apart ||
        (rw_file_read(name.path, RW_FILE_INPUT_MAX, reading->file, &bytes, &length, &glance.err) &&
         intake_look(name.name, bytes, length, reading->zone, reading->file, &orders,
                     &glance.err) &&
         build_glance_make(bytes, length, &orders, reading->file, &glance, &glance.err));
    assert(done == (glance.err.code == RW_OK));
    return build_glance_pack(&glance, arena, ret_piece, err);
}

static void expect(void *self, size_t index, struct rw_arena *arena)
{
    const struct reading *reading = self;
    struct build_name name;
    struct rw_error ignored = { 0 }; /* told when the file is read */
    if (build_names_get(&reading->inputs->names, index, arena, &name, &ignored))
        rw_prefetch(name.path);
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
    (void)index; /* only memory and passing files fail here, and the error says so */
}

static bool take(void *self, size_t index, const struct build_piece *piece, struct rw_error *err)
{
    struct reading *reading = self;
    struct build_glance glance;
    struct build_name name;
    reading->listener->passed(reading->listener->repeats.self, index + 1);
    rw_arena_reset(reading->file);
    if (!build_glance_unpack(piece, reading->file, &glance, err) ||
        !build_names_get(&reading->inputs->names, index, reading->file, &name, err))
        return false;
    if (glance.err.code == RW_OK && add_source(reading, &name, &glance, &glance.err))
        return true;
    reading->unusable++;
    reading->listener->unreadable(reading->listener->repeats.self, name.path, &glance.err);
    if (rw_error_exit_status(glance.err.code) > rw_error_exit_status(reading->worst.code))
        reading->worst = glance.err;
    return true;
}

static bool read_sources(struct reading *reading, size_t jobs, struct rw_error *err)
{
    const size_t count = reading->inputs->names.count;
    const struct build_crew crew = { .self = reading,
                                     .make = make,
                                     .expect = expect,
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
    return rw_error_set(err, reading->worst.code, "",
                        "no roll was made: of the files %zu of %zu cannot be used",
                        reading->unusable, count);
}

static int compare_strayed(const void *left, const void *right)
{
    const struct build_strayed *one = left;
    const struct build_strayed *two = right;
    return strcmp(one->source->digest, two->source->digest);
}

void build_inputs_init(struct build_inputs *inputs, struct rw_arena *arena)
{
    *inputs = (struct build_inputs){ .arena = arena };
    build_spool_init(&inputs->names, arena);
    build_roster_init(&inputs->roster, arena);
}

void build_inputs_close(struct build_inputs *inputs)
{
    build_spool_close(&inputs->names);
    build_roster_close(&inputs->roster);
}

bool build_inputs_read(struct build_inputs *inputs, const struct rw_zone *zone,
                       const struct build_listener *listener, size_t jobs, struct rw_error *err)
{
    struct reading reading = {
        .inputs = inputs, .zone = zone, .listener = listener, .file = rw_arena_open(FILE_MEMORY_MAX)
    };
    if (reading.file == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to read files with");
    const bool done = read_sources(&reading, jobs, err) &&
                      build_roster_close_notes(&inputs->roster, &listener->repeats, err);
    rw_arena_close(reading.file);
    if (done && inputs->strayed_count > 0)
        qsort(inputs->strayed, inputs->strayed_count, sizeof *inputs->strayed, compare_strayed);
    return done;
}

/* The orders of one file, read again where they were not kept. Whose bytes the digest is of is
 * known; that nobody writes to the file meanwhile takes no more than 64 bits. */
static bool load_source(const struct build_source *source, const struct rw_zone *zone,
                        struct rw_arena *arena, struct order_list *ret_orders, struct rw_error *err)
{
    char *bytes;
    size_t length;
    *ret_orders = source->orders;
    if (source->kept)
        return true;
    if (!rw_file_read(source->path, RW_FILE_INPUT_MAX, arena, &bytes, &length, err))
        return false;
    if (rw_text_hash(bytes, length) != source->check)
        return rw_error_set(err, RW_UNREADABLE, "", "\"%s\" changed while it was used",
                            source->name);
    return intake_read(source->name, bytes, length, zone, arena, ret_orders, err);
}

void build_inputs_expect(const struct build_client *client)
{
    for (size_t i = 0; i < client->source_count; i++) {
        if (!client->sources[i]->kept)
            rw_prefetch(client->sources[i]->path);
    }
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
