/* SPDX-License-Identifier: Apache-2.0 */
/* Lets child processes make chunks of clients and takes them in order. */
#define _POSIX_C_SOURCE 200809L
#include "cli/build_crew.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNITS_WORTH_JOBS 200 /* fewer are done sooner than a process is started */

/* What goes before the bytes of a piece. `err.code` other than RW_OK: the client failed. */
struct piece_head {
    struct rw_error err;
    uint64_t length;
};

struct worker {
    pid_t pid;
    int pipe; /* this process reads from it */
};

/* A chunk of clients while it is made. */
struct chunk {
    size_t first;
    size_t count; /* pieces that were made */
    struct build_piece pieces[BUILD_CREW_CHUNK_MAX];
    struct rw_error err; /* of the client behind them */
};

static size_t chunk_end(const struct build_crew *crew, size_t first)
{
    const size_t end = first + BUILD_CREW_CHUNK_MAX;
    return end < crew->clients ? end : crew->clients;
}

static void expect_chunk(const struct build_crew *crew, size_t first, struct rw_arena *arena)
{
    for (size_t i = first; i < chunk_end(crew, first); i++)
        crew->expect(crew->self, i, arena);
}

/* A failure leaves the pieces before it whole. While this chunk is made, the disk reads what the
 * next one of this process needs, which begins at `next`. */
static void make_chunk(const struct build_crew *crew, size_t first, size_t next,
                       struct rw_arena *arena, struct chunk *chunk)
{
    *chunk = (struct chunk){ .first = first };
    expect_chunk(crew, next, arena);
    rw_arena_reset(arena);
    for (size_t i = first; i < chunk_end(crew, first); i++) {
        if (!crew->make(crew->self, i, arena, &chunk->pieces[chunk->count], &chunk->err))
            break;
        chunk->count++;
    }
    struct rw_error err = { 0 };
    if (!crew->settle(crew->self, &err)) {
        chunk->count = 0;
        chunk->err = err;
    }
}

static bool fail(const struct build_crew *crew, size_t client, const struct rw_error *cause,
                 struct rw_error *err)
{
    crew->failed(crew->self, client);
    return rw_error_set(err, cause->code, cause->at, "%s", cause->text);
}

static bool run_alone(const struct build_crew *crew, struct rw_arena *arena, struct rw_error *err)
{
    for (size_t first = 0; first < crew->clients; first = chunk_end(crew, first)) {
        struct chunk chunk;
        make_chunk(crew, first, chunk_end(crew, first), arena, &chunk);
        for (size_t i = 0; i < chunk.count; i++) {
            if (!crew->take(crew->self, first + i, &chunk.pieces[i], err))
                return false;
        }
        if (chunk.err.code != RW_OK)
            return fail(crew, first + chunk.count, &chunk.err, err);
    }
    return true;
}

static bool write_all(int pipe, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        const ssize_t count = write(pipe, at, length);
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0) {
            at += count;
            length -= (size_t)count;
        }
    }
    return true;
}

static bool read_all(int pipe, void *bytes, size_t length)
{
    char *at = bytes;
    while (length > 0) {
        const ssize_t count = read(pipe, at, length);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        if (count > 0) {
            at += count;
            length -= (size_t)count;
        }
    }
    return true;
}

static bool send_chunk(int pipe, const struct chunk *chunk)
{
    for (size_t i = 0; i < chunk->count; i++) {
        const struct piece_head head = { .length = chunk->pieces[i].length };
        if (!write_all(pipe, &head, sizeof head) ||
            !write_all(pipe, chunk->pieces[i].bytes, chunk->pieces[i].length))
            return false;
    }
    const struct piece_head end = { .err = chunk->err };
    return chunk->err.code == RW_OK || write_all(pipe, &end, sizeof end);
}

/* The child: every `jobs`th chunk. It ends without the clean-up of the process it came from. */
static void work(const struct build_crew *crew, size_t number, int pipe, struct rw_arena *arena)
{
    struct chunk chunk;
    const size_t step = crew->jobs * BUILD_CREW_CHUNK_MAX;
    bool going = true;
    expect_chunk(crew, number * BUILD_CREW_CHUNK_MAX, arena);
    for (size_t first = number * BUILD_CREW_CHUNK_MAX; going && first < crew->clients;
         first += step) {
        make_chunk(crew, first, first + step, arena, &chunk);
        going = send_chunk(pipe, &chunk) && chunk.err.code == RW_OK;
    }
    _exit(0);
}

static bool start(const struct build_crew *crew, size_t number, struct rw_arena *arena,
                  struct worker *workers, struct rw_error *err)
{
    int ends[2];
    if (pipe(ends) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "cannot make a pipe: %s", strerror(errno));
    const pid_t pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < number; i++)
            (void)close(workers[i].pipe); /* the others' pipes end with their readers */
        (void)close(ends[0]);
        work(crew, number, ends[1], arena);
    }
    (void)close(ends[1]); /* the child's end */
    workers[number] = (struct worker){ pid, ends[0] };
    return pid > 0 ||
           rw_error_set(err, RW_UNAVAILABLE, "", "cannot start a process: %s", strerror(errno));
}

static bool receive(const struct build_crew *crew, size_t client, const struct worker *worker,
                    struct rw_arena *arena, struct rw_error *err)
{
    struct piece_head head;
    if (!read_all(worker->pipe, &head, sizeof head) || head.length > BUILD_CREW_BYTES_MAX)
        return rw_error_set(err, RW_BUG, "", "a worker process ended before its work");
    if (head.err.code != RW_OK)
        return fail(crew, client, &head.err, err);
    char *bytes = rw_arena_alloc(arena, (size_t)head.length + 1, err);
    if (bytes == NULL)
        return false;
    if (!read_all(worker->pipe, bytes, (size_t)head.length))
        return rw_error_set(err, RW_BUG, "", "a worker process ended within its work");
    const struct build_piece piece = { bytes, (size_t)head.length };
    return crew->take(crew->self, client, &piece, err);
}

static bool receive_all(const struct build_crew *crew, const struct worker *workers,
                        struct rw_arena *arena, struct rw_error *err)
{
    for (size_t i = 0; i < crew->clients; i++) {
        const size_t number = i / BUILD_CREW_CHUNK_MAX % crew->jobs;
        rw_arena_reset(arena);
        if (!receive(crew, i, &workers[number], arena, err))
            return false;
    }
    return true;
}

static bool run_together(const struct build_crew *crew, struct rw_arena *arena,
                         struct rw_error *err)
{
    struct worker workers[BUILD_CREW_JOBS_MAX];
    size_t started = 0;
    bool done = true;
    while (done && started < crew->jobs) {
        done = start(crew, started, arena, workers, err);
        started += done;
    }
    done = done && receive_all(crew, workers, arena, err);
    for (size_t i = 0; i < started; i++) {
        (void)close(workers[i].pipe);           /* a worker that still writes ends by it */
        (void)waitpid(workers[i].pid, NULL, 0); /* what it had to say came through the pipe */
    }
    return done;
}

size_t build_crew_jobs(size_t wanted, size_t units)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const bool few = units < UNITS_WORTH_JOBS && wanted == 0;
    size_t jobs = wanted;
    if (wanted == 0) /* one more than processors: each waits for the disk after a chunk */
        jobs = processors > 0 ? (size_t)processors + 1 : 1;
    if (few || units <= BUILD_CREW_CHUNK_MAX)
        jobs = 1;
    return jobs < BUILD_CREW_JOBS_MAX ? jobs : BUILD_CREW_JOBS_MAX;
}

bool build_crew_run(const struct build_crew *crew, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(crew->memory);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to work with");
    const bool alone = crew->jobs < 2 || crew->clients <= BUILD_CREW_CHUNK_MAX;
    const bool done = alone ? run_alone(crew, arena, err) : run_together(crew, arena, err);
    rw_arena_close(arena);
    return done;
}
