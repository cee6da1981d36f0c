/* SPDX-License-Identifier: Apache-2.0 */
/* Reads frames and their symbols ahead, while earlier ones are judged. */
#define _POSIX_C_SOURCE 200809L
#include "cli/verify_ahead.h"

#include <pthread.h>

#define SLOTS (VERIFY_AHEAD_LANES + 2) /* one that is judged and one that waits */
#define FRAME_MEMORY_MAX (1024 * RW_ARENA_MIB)

struct slot {
    struct verify_ahead_frame frame;
    struct rw_error err;
    bool failed;
    bool ready; /* to be taken; under the mutex */
};

/* What one thread needs. */
struct worker {
    struct verify_ahead *ahead;
    struct lane *lane;
    size_t first; /* of its frames: first, first + VERIFY_AHEAD_LANES, … */
    pthread_t thread;
};

struct verify_ahead {
    struct frames *frames;
    struct slot slots[SLOTS];
    struct worker workers[VERIFY_AHEAD_LANES];
    size_t worker_count; /* threads that were started */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t fetched; /* frames that left the source; under the mutex, as all below */
    size_t taken;
    bool over; /* no further frame is fetched */
    bool stop;
};

/* Waits until it is this frame's turn to be fetched and a slot is free; false = it never is. */
static bool wait_for_turn(struct verify_ahead *ahead, size_t frame)
{
    (void)pthread_mutex_lock(&ahead->mutex); /* fails for wrong use alone, as below */
    while (!ahead->stop && !ahead->over &&
           (ahead->fetched < frame || frame >= ahead->taken + SLOTS - 1))
        (void)pthread_cond_wait(&ahead->changed, &ahead->mutex);
    bool mine = !ahead->stop && !ahead->over;
    (void)pthread_mutex_unlock(&ahead->mutex);
    return mine;
}

/* Says that the frame left the source, so that another thread fetches the next meanwhile. */
static void pass_turn(struct verify_ahead *ahead, bool more)
{
    (void)pthread_mutex_lock(&ahead->mutex);
    ahead->fetched++;
    ahead->over = !more;
    (void)pthread_cond_broadcast(&ahead->changed);
    (void)pthread_mutex_unlock(&ahead->mutex);
}

/* Reads one frame into a slot that nobody else looks at. */
static void fill(const struct worker *worker, struct slot *slot)
{
    struct verify_ahead *ahead = worker->ahead;
    struct verify_ahead_frame *frame = &slot->frame;
    struct rw_arena *arena = frame->arena;

    rw_arena_reset(arena);
    *frame = (struct verify_ahead_frame){ .arena = arena };
    slot->failed = !frames_next(ahead->frames, arena, &frame->frame, &frame->end, &slot->err);
    pass_turn(ahead, !slot->failed && !frame->end);
    bool has_picture = !frame->end && !frame->frame.is_gone && frame->frame.fault.code == RW_OK;
    if (!slot->failed && has_picture)
        slot->failed =
            !lane_read(worker->lane, &frame->frame.picture, arena, &frame->readings, &slot->err);
}

static void *run(void *self)
{
    const struct worker *worker = self;
    struct verify_ahead *ahead = worker->ahead;
    for (size_t i = worker->first; wait_for_turn(ahead, i); i += VERIFY_AHEAD_LANES) {
        struct slot *slot = &ahead->slots[i % SLOTS];
        fill(worker, slot);
        (void)pthread_mutex_lock(&ahead->mutex);
        slot->ready = true;
        (void)pthread_cond_broadcast(&ahead->changed);
        (void)pthread_mutex_unlock(&ahead->mutex);
    }
    return NULL;
}

static bool start(struct verify_ahead *ahead, struct lane *const lanes[VERIFY_AHEAD_LANES],
                  struct rw_error *err)
{
    for (size_t i = 0; i < SLOTS; i++) {
        ahead->slots[i].frame.arena = rw_arena_open(FRAME_MEMORY_MAX);
        if (ahead->slots[i].frame.arena == NULL)
            return rw_error_set(err, RW_NO_MEMORY, "", "no memory to read frames with");
    }
    for (size_t i = 0; i < VERIFY_AHEAD_LANES; i++) {
        struct worker *worker = &ahead->workers[i];
        *worker = (struct worker){ .ahead = ahead, .lane = lanes[i], .first = i };
        if (pthread_create(&worker->thread, NULL, run, worker) != 0)
            return rw_error_set(err, RW_NO_MEMORY, "", "no memory to read frames with");
        ahead->worker_count++;
    }
    return true;
}

bool verify_ahead_open(struct frames *frames, struct lane *const lanes[VERIFY_AHEAD_LANES],
                       struct rw_arena *arena, struct verify_ahead **ret_ahead,
                       struct rw_error *err)
{
    struct verify_ahead *ahead = rw_arena_alloc(arena, sizeof *ahead, err);

    if (ahead == NULL)
        return false;
    *ahead = (struct verify_ahead){ .frames = frames };
    if (pthread_mutex_init(&ahead->mutex, NULL) != 0 ||
        pthread_cond_init(&ahead->changed, NULL) != 0)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to read frames with");
    if (!start(ahead, lanes, err)) {
        verify_ahead_close(ahead);
        return false;
    }
    *ret_ahead = ahead;
    return true;
}

bool verify_ahead_next(struct verify_ahead *ahead, struct verify_ahead_frame **ret_frame,
                       struct rw_error *err)
{
    (void)pthread_mutex_lock(&ahead->mutex);
    size_t mine = ahead->taken;
    struct slot *slot = &ahead->slots[mine % SLOTS];
    ahead->taken++;
    (void)pthread_cond_broadcast(&ahead->changed);
    while (!slot->ready)
        (void)pthread_cond_wait(&ahead->changed, &ahead->mutex);
    slot->ready = false;
    (void)pthread_mutex_unlock(&ahead->mutex);
    *ret_frame = &slot->frame;
    if (slot->failed)
        *err = slot->err;
    return !slot->failed;
}

void verify_ahead_close(struct verify_ahead *ahead)
{
    if (ahead == NULL)
        return;
    (void)pthread_mutex_lock(&ahead->mutex);
    ahead->stop = true;
    (void)pthread_cond_broadcast(&ahead->changed);
    (void)pthread_mutex_unlock(&ahead->mutex);
    for (size_t i = 0; i < ahead->worker_count; i++)
        (void)pthread_join(ahead->workers[i].thread, NULL);
    (void)pthread_cond_destroy(&ahead->changed);
    (void)pthread_mutex_destroy(&ahead->mutex);
    for (size_t i = 0; i < SLOTS; i++)
        rw_arena_close(ahead->slots[i].frame.arena);
}
