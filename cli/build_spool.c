/* SPDX-License-Identifier: Apache-2.0 */
/* A list of records that goes to the disk, and sorts itself there. */
#define _POSIX_C_SOURCE 200809L
#include "cli/build_spool.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"

#define FOLDER_ENV "TMPDIR"
#define FOLDER_DEFAULT "/var/tmp" /* a disk, where /tmp may be memory */
#define RUN_MEMORY_MAX (2 * BUILD_SPOOL_RECORD_MAX)
#define RUN_BYTES ((size_t)2 * 1024 * 1024) /* that are sorted in memory, or a record more */

static const char *folder(void)
{
    const char *given = getenv(FOLDER_ENV);
    return given != NULL && given[0] != '\0' ? given : FOLDER_DEFAULT;
}

static bool failed(const char *verb, struct rw_error *err)
{
    return rw_error_set(err, RW_UNAVAILABLE, "",
                        "could not %s a passing file in \"%s\" (" FOLDER_ENV "): %s", verb,
                        folder(), strerror(errno));
}

static bool open_file(int *ret_file, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    if (!rw_file_join(path, folder(), "rolwacht-XXXXXX", err))
        return false;
    *ret_file = mkstemp(path); /* for nobody else to read */
    return (*ret_file >= 0 && unlink(path) == 0) || failed("make", err);
}

static bool spill(struct build_tape *tape, struct rw_error *err)
{
    if (tape->spilled == 0 && !open_file(&tape->file, err))
        return false;
    for (size_t done = 0; done < tape->length;) {
        const ssize_t count = pwrite(tape->file, tape->bytes + done, tape->length - done,
                                     (off_t)(tape->spilled + done));
        if (count < 0 && errno != EINTR)
            return failed("write", err);
        done += count > 0 ? (size_t)count : 0;
    }
    tape->spilled += tape->length;
    tape->length = 0;
    return true;
}

static bool tape_add(struct build_tape *tape, const char *bytes, size_t length,
                     struct rw_arena *arena, struct rw_error *err)
{
    if (tape->bytes == NULL)
        tape->bytes = rw_arena_alloc(arena, BUILD_SPOOL_KEPT, err);
    while (tape->bytes != NULL && length > 0) {
        if (tape->length == BUILD_SPOOL_KEPT && !spill(tape, err))
            return false;
        const size_t room = BUILD_SPOOL_KEPT - tape->length;
        const size_t part = length < room ? length : room;
        memcpy(tape->bytes + tape->length, bytes, part);
        tape->length += part;
        bytes += part;
        length -= part;
    }
    return tape->bytes != NULL;
}

static bool tape_read(const struct build_tape *tape, uint64_t at, char *bytes, size_t length,
                      struct rw_error *err)
{
    assert(at + length <= tape->spilled + tape->length);
    while (length > 0 && at < tape->spilled) {
        const size_t wanted = length < tape->spilled - at ? length : (size_t)(tape->spilled - at);
        const ssize_t count = pread(tape->file, bytes, wanted, (off_t)at);
        if (count == 0 || (count < 0 && errno != EINTR))
            return failed("read", err);
        if (count > 0) {
            at += (size_t)count;
            bytes += count;
            length -= (size_t)count;
        }
    }
    if (length > 0)
        memcpy(bytes, tape->bytes + (at - tape->spilled), length);
    return true;
}

static void tape_close(struct build_tape *tape)
{
    if (tape->spilled > 0)
        (void)close(tape->file); /* nobody needs what was in it */
    *tape = (struct build_tape){ 0 };
}

void build_spool_init(struct build_spool *spool, struct rw_arena *arena)
{
    *spool = (struct build_spool){ .arena = arena };
}

void build_spool_close(struct build_spool *spool)
{
    tape_close(&spool->records);
    tape_close(&spool->ends);
    spool->count = 0;
}

bool build_spool_add(struct build_spool *spool, const char *bytes, size_t length,
                     struct rw_error *err)
{
    char end[sizeof(uint64_t)];
    const uint64_t at = spool->records.spilled + spool->records.length + length;
    memcpy(end, &at, sizeof end);
    if (length > BUILD_SPOOL_RECORD_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a record of more than %zu bytes",
                            BUILD_SPOOL_RECORD_MAX);
    if (!tape_add(&spool->records, bytes, length, spool->arena, err) ||
        !tape_add(&spool->ends, end, sizeof end, spool->arena, err))
        return false;
    spool->count++;
    return true;
}

bool build_spool_get(const struct build_spool *spool, size_t index, struct rw_arena *arena,
                     struct build_record *ret_record, struct rw_error *err)
{
    uint64_t ends[2] = { 0, 0 }; /* of the record before, and its own */
    char raw[sizeof ends];
    const size_t known = index > 0 ? 2 : 1;
    assert(index < spool->count);
    if (!tape_read(&spool->ends, (index + 1 - known) * sizeof ends[0], raw, known * sizeof ends[0],
                   err))
        return false;
    memcpy(&ends[2 - known], raw, known * sizeof ends[0]);
    const size_t length = (size_t)(ends[1] - ends[0]);
    char *bytes = rw_arena_alloc(arena, length + 1, err);
    if (bytes == NULL || !tape_read(&spool->records, ends[0], bytes, length, err))
        return false;
    bytes[length] = '\0';
    *ret_record = (struct build_record){ bytes, length };
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct build_record *one = left;
    const struct build_record *two = right;
    const size_t shorter = one->length < two->length ? one->length : two->length;
    const int order = memcmp(one->bytes, two->bytes, shorter);
    return order != 0 ? order : (one->length > two->length) - (one->length < two->length);
}

/* Sorted records of the spool behind each other, from one `ends` entry to the next. */
struct runs {
    struct build_spool records;
    size_t ends[BUILD_SPOOL_RUNS_MAX];
    size_t count;
};

/* Sorts as many records from `first` on as memory takes; `ret_end` is behind the last. */
static bool sort_run(const struct build_spool *spool, size_t first, struct rw_arena *arena,
                     struct build_spool *sorted, size_t *ret_end, struct rw_error *err)
{
    size_t count = 0;
    rw_arena_reset(arena);
    struct build_record *records = rw_arena_array(arena, BUILD_SPOOL_RUN, sizeof *records, err);
    if (records == NULL)
        return false;
    while (count < BUILD_SPOOL_RUN && first + count < spool->count &&
           rw_arena_used(arena) < RUN_BYTES) {
        if (!build_spool_get(spool, first + count, arena, &records[count], err))
            return false;
        count++;
    }
    qsort(records, count, sizeof *records, compare);
    for (size_t i = 0; i < count; i++) {
        if (!build_spool_add(sorted, records[i].bytes, records[i].length, err))
            return false;
    }
    *ret_end = first + count;
    return true;
}

static bool make_runs(const struct build_spool *spool, struct runs *runs, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(RUN_MEMORY_MAX);
    bool done = arena != NULL || rw_error_set(err, RW_NO_MEMORY, "", "no memory to sort with");
    for (size_t first = 0; done && first < spool->count; first = runs->ends[runs->count++]) {
        if (runs->count == BUILD_SPOOL_RUNS_MAX)
            done = rw_error_set(err, RW_TOO_LARGE, "", "too many records to sort");
        else
            done = sort_run(spool, first, arena, &runs->records, &runs->ends[runs->count], err);
        if (!done)
            break;
    }
    rw_arena_close(arena);
    return done;
}

/* The first of a run's records that were not taken yet. */
struct head {
    size_t next;
    size_t end;
    struct rw_arena *arena;
    struct build_record record;
};

static bool advance(const struct build_spool *records, struct head *head, struct rw_error *err)
{
    rw_arena_reset(head->arena);
    return head->next == head->end ||
           build_spool_get(records, head->next, head->arena, &head->record, err);
}

static struct head *find_least(struct head *heads, size_t count)
{
    struct head *least = NULL;
    for (size_t i = 0; i < count; i++) {
        if (heads[i].next < heads[i].end &&
            (least == NULL || compare(&heads[i].record, &least->record) < 0))
            least = &heads[i];
    }
    return least;
}

static bool merge(const struct runs *runs, struct head *heads, struct build_spool *sorted,
                  struct rw_error *err)
{
    for (size_t i = 0; i < runs->count; i++) {
        heads[i].next = i > 0 ? runs->ends[i - 1] : 0;
        heads[i].end = runs->ends[i];
        heads[i].arena = rw_arena_open(RUN_MEMORY_MAX);
        if (heads[i].arena == NULL)
            return rw_error_set(err, RW_NO_MEMORY, "", "no memory to sort with");
        if (!advance(&runs->records, &heads[i], err))
            return false;
    }
    for (size_t i = 0; i < runs->records.count; i++) {
        struct head *least = find_least(heads, runs->count);
        if (!build_spool_add(sorted, least->record.bytes, least->record.length, err))
            return false;
        least->next++;
        if (!advance(&runs->records, least, err))
            return false;
    }
    return true;
}

bool build_spool_sort(const struct build_spool *spool, struct build_spool *sorted,
                      struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(RUN_MEMORY_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to sort with");
    struct runs runs = { .count = 0 };
    build_spool_init(&runs.records, arena);
    bool done = make_runs(spool, &runs, err);
    struct head *heads = done ? rw_arena_array(arena, runs.count, sizeof *heads, err) : NULL;
    done = heads != NULL && merge(&runs, heads, sorted, err);
    for (size_t i = 0; heads != NULL && i < runs.count; i++)
        rw_arena_close(heads[i].arena);
    build_spool_close(&runs.records);
    rw_arena_close(arena);
    return done;
}
