/* SPDX-License-Identifier: Apache-2.0 */
/* Reads frames and their symbols ahead, while earlier ones are judged. */
#define _POSIX_C_SOURCE 200809L
#include "cli/verify_ahead.h"

#include <pthread.h>

#define SLOTS 3 /* one that is judged, one that waits, one that is read */
#define FRAME_MEMORY_MAX (1024 * RW_ARENA_MIB)

struct slot {
    struct verify_ahead_frame frame;
    struct rw_error err;
    bool failed;
};

struct verify_ahead {
    struct frames *frames;
    struct inspect *inspect;
    struct slot slots[SLOTS];
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t read;  /* frames that were read; under the mutex */
    size_t taken; /* and taken */
    bool stop;
};

/* Reads one frame into a slot that nobody else looks at. */
static void fill(struct verify_ahead *ahead, struct slot *slot)
{
    struct verify_ahead_frame *frame = &slot->frame;
    struct rw_arena *arena = frame->arena;

    rw_arena_reset(arena);
    *frame = (struct verify_ahead_frame){ .arena = arena };
    slot->failed = !frames_next(ahead->frames, arena, &frame->frame, &frame->end, &slot->err) ||
                   (!frame->end && !inspect_read(ahead->inspect, &frame->frame.picture, arena,
                                                 &frame->readings, &slot->err));
}

static void *run(void *self)
{
    struct verify_ahead *ahead = self;
    bool more = true;
    for (size_t i = 0; more; i++) {
        struct slot *slot = &ahead->slots[i % SLOTS];
        (void)pthread_mutex_lock(&ahead->mutex); /* fails for wrong use alone, as below */
        while (i >= ahead->taken + SLOTS - 1 && !ahead->stop)
            (void)pthread_cond_wait(&ahead->changed, &ahead->mutex);
        bool stop = ahead->stop;
        (void)pthread_mutex_unlock(&ahead->mutex);
        if (stop)
            break;
        fill(ahead, slot);
        more = !slot->failed && !slot->frame.end;
        (void)pthread_mutex_lock(&ahead->mutex);
        ahead->read = i + 1;
        (void)pthread_cond_broadcast(&ahead->changed);
        (void)pthread_mutex_unlock(&ahead->mutex);
    }
    return NULL;
}

bool verify_ahead_open(struct frames *frames, struct inspect *inspect, struct rw_arena *arena,
                       struct verify_ahead **ret_ahead, struct rw_error *err)
{
    struct verify_ahead *ahead = rw_arena_alloc(arena, sizeof *ahead, err);
    bool done = ahead != NULL;

    if (!done)
        return false;
    *ahead = (struct verify_ahead){ .frames = frames, .inspect = inspect };
    for (size_t i = 0; i < SLOTS; i++) {
        ahead->slots[i].frame.arena = rw_arena_open(FRAME_MEMORY_MAX);
        done = done && ahead->slots[i].frame.arena != NULL;
    }
    done = done && pthread_mutex_init(&ahead->mutex, NULL) == 0 &&
           pthread_cond_init(&ahead->changed, NULL) == 0 &&
           pthread_create(&ahead->thread, NULL, run, ahead) == 0;
    if (!done) {
        for (size_t i = 0; i < SLOTS; i++)
            rw_arena_close(ahead->slots[i].frame.arena);
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to read frames with");
    }
    *ret_ahead = ahead;
    return true;
}

bool verify_ahead_next(struct verify_ahead *ahead, struct verify_ahead_frame **ret_frame,
                       struct rw_error *err)
{
    (void)pthread_mutex_lock(&ahead->mutex);
    size_t mine = ahead->taken;
    ahead->taken++;
    (void)pthread_cond_broadcast(&ahead->changed);
    while (ahead->read <= mine)
        (void)pthread_cond_wait(&ahead->changed, &ahead->mutex);
    (void)pthread_mutex_unlock(&ahead->mutex);
    struct slot *slot = &ahead->slots[mine % SLOTS];
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
    (void)pthread_join(ahead->thread, NULL);
    (void)pthread_cond_destroy(&ahead->changed);
    (void)pthread_mutex_destroy(&ahead->mutex);
    for (size_t i = 0; i < SLOTS; i++)
        rw_arena_close(ahead->slots[i].frame.arena);
}
