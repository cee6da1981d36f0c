/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts what stands in which file, and finds the files of a client. */
#include "cli/build_roster.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"

#define NOTE_MEMORY_MAX (1024 * RW_ARENA_MIB) /* the notes of one client */
#define PLACE_BYTES 4

/* What is known of a file beside its texts. */
struct mark {
    uint64_t check; /* of its bytes */
    uint32_t kept;  /* which of the kept ones, from 1; 0 = to be read again */
    bool shared;    /* its name is its path */
    bool strays;
    bool first; /* client of its file */
};

/* A note is the client, the digest, the place on the command line and the path, in this order since
 * it sorts so; then the mark. */
struct note {
    const char *client;
    const char *digest;
    const char *path;
    struct mark mark;
    const char *file; /* digest, place, path and mark: what a client's record repeats */
    size_t file_length;
};

void build_roster_init(struct build_roster *roster, struct rw_arena *arena)
{
    *roster = (struct build_roster){ .arena = arena };
    build_spool_init(&roster->places, arena);
    build_spool_init(&roster->clients, arena);
}

void build_roster_close(struct build_roster *roster)
{
    build_spool_close(&roster->places);
    build_spool_close(&roster->clients);
}

/* The number of a source among the kept ones, of which it becomes one. */
static bool keep(struct build_roster *roster, const struct build_source *source, uint32_t *ret_kept,
                 struct rw_error *err)
{
    const size_t count = roster->kept_count;
    if (count == 0 || roster->kept[count - 1] != source) {
        if (!rw_arena_grow(roster->arena, &roster->kept, &roster->kept_room, count,
                           sizeof *roster->kept, BUILD_NAMES_MAX, err))
            return false;
        roster->kept[roster->kept_count++] = source;
    }
    *ret_kept = (uint32_t)roster->kept_count;
    return true;
}

bool build_roster_note(struct build_roster *roster, const struct build_source *source,
                       const char *client, bool first, struct rw_error *err)
{
    struct mark mark = { .check = source->check,
                         .shared = source->name == source->path,
                         .strays = source->strays,
                         .first = first };
    struct rw_arena *arena = rw_arena_open(NOTE_MEMORY_MAX);
    struct rw_text text;
    const char *bytes;
    bool done = arena != NULL || rw_error_set(err, RW_NO_MEMORY, "", "no memory for a note");
    done = done && (!source->kept || keep(roster, source, &mark.kept, err));
    if (done) {
        rw_text_init(&text, arena, BUILD_SPOOL_RECORD_MAX);
        rw_text_add_n(&text, client, strlen(client) + 1);
        rw_text_add_n(&text, source->digest, strlen(source->digest) + 1);
        for (int shift = 24; shift >= 0; shift -= 8) /* the largest digit first: sorts as counted */
            rw_text_add_char(&text, (char)(source->place >> shift));
        rw_text_add_n(&text, source->path, strlen(source->path) + 1);
        rw_text_add_n(&text, (const char *)&mark, sizeof mark);
        done = rw_text_finish(&text, &bytes, err) &&
               build_spool_add(&roster->places, bytes, text.length, err);
    }
    rw_arena_close(arena);
    return done;
}

/* Reads digest, place, path and mark, and gives what is behind them. */
static const char *read_file(const char *at, struct note *note)
{
    note->file = at;
    note->digest = at;
    note->path = at + strlen(at) + 1 + PLACE_BYTES;
    at = note->path + strlen(note->path) + 1;
    memcpy(&note->mark, at, sizeof note->mark);
    at += sizeof note->mark;
    note->file_length = (size_t)(at - note->file);
    return at;
}

static bool get_note(const struct build_spool *sorted, size_t index, struct rw_arena *arena,
                     struct note *ret_note, struct rw_error *err)
{
    struct build_record record;
    if (!build_spool_get(sorted, index, arena, &record, err))
        return false;
    ret_note->client = record.bytes;
    const char *end = read_file(record.bytes + strlen(record.bytes) + 1, ret_note);
    assert(end == record.bytes + record.length);
    (void)end; /* of the assertion alone */
    return true;
}

/* One client's notes, of which those with one digest are one file. */
static bool add_client(struct build_roster *roster, const struct build_spool *sorted, size_t *inout,
                       const struct build_repeats *repeats, struct rw_arena *arena,
                       struct rw_error *err)
{
    struct rw_text text;
    struct note first;
    struct note last = { .digest = "" };
    const char *bytes;
    rw_arena_reset(arena);
    rw_text_init(&text, arena, BUILD_SPOOL_RECORD_MAX);
    if (!get_note(sorted, *inout, arena, &first, err))
        return false;
    rw_text_add_n(&text, first.client, strlen(first.client) + 1);
    for (; *inout < sorted->count; (*inout)++) {
        struct note note;
        if (!get_note(sorted, *inout, arena, &note, err))
            return false;
        if (strcmp(note.client, first.client) != 0)
            break;
        if (strcmp(note.digest, last.digest) != 0)
            rw_text_add_n(&text, note.file, note.file_length);
        else if (note.mark.first)
            repeats->repeated(repeats->self, note.path);
        last = note;
    }
    return rw_text_finish(&text, &bytes, err) &&
           build_spool_add(&roster->clients, bytes, text.length, err);
}

static bool add_clients(struct build_roster *roster, const struct build_spool *sorted,
                        const struct build_repeats *repeats, struct rw_arena *arena,
                        struct rw_error *err)
{
    for (size_t at = 0; at < sorted->count;) {
        if (roster->clients.count == BUILD_CLIENTS_MAX)
            return rw_error_set(err, RW_TOO_LARGE, "", "one run builds rolls of at most %d clients",
                                BUILD_CLIENTS_MAX);
        if (!add_client(roster, sorted, &at, repeats, arena, err))
            return false;
    }
    return true;
}

bool build_roster_close_notes(struct build_roster *roster, const struct build_repeats *repeats,
                              struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(NOTE_MEMORY_MAX);
    struct build_spool sorted;
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to sort clients with");
    build_spool_init(&sorted, roster->arena);
    const bool done = build_spool_sort(&roster->places, &sorted, err) &&
                      add_clients(roster, &sorted, repeats, arena, err);
    build_spool_close(&sorted);
    build_spool_close(&roster->places);
    rw_arena_close(arena);
    return done;
}

static const struct build_source *make_source(const struct build_roster *roster,
                                              const struct note *note, struct rw_arena *arena,
                                              struct rw_error *err)
{
    if (note->mark.kept > 0)
        return roster->kept[note->mark.kept - 1];
    struct build_source *source = rw_arena_alloc(arena, sizeof *source, err);
    if (source == NULL)
        return NULL;
    const char *slash = strrchr(note->path, '/');
    source->path = note->path;
    source->name = note->mark.shared || slash == NULL ? note->path : slash + 1;
    source->strays = note->mark.strays;
    source->check = note->mark.check;
    (void)rw_text_copy(source->digest, sizeof source->digest, note->digest); /* same size */
    return source;
}

bool build_roster_get(const struct build_roster *roster, size_t index, struct rw_arena *arena,
                      struct build_client *ret_client, struct rw_error *err)
{
    struct build_client client = { 0 };
    struct build_record record;
    size_t room = 0;
    if (!build_spool_get(&roster->clients, index, arena, &record, err))
        return false;
    const char *end = record.bytes + record.length;
    client.id = record.bytes;
    for (const char *at = client.id + strlen(client.id) + 1; at < end;) {
        struct note note;
        at = read_file(at, &note);
        if (!rw_arena_grow(arena, &client.sources, &room, client.source_count,
                           sizeof *client.sources, BUILD_NAMES_MAX, err))
            return false;
        client.sources[client.source_count] = make_source(roster, &note, arena, err);
        if (client.sources[client.source_count++] == NULL)
            return false;
    }
    *ret_client = client;
    return true;
}
