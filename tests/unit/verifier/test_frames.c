/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that frames come in their order, and held ones again. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/reel.h"
#include "tests/support/scratch.h"
#include "verifier/frames.h"
#include "verifier/vision.h"

#define COUNT 20 /* frames, four more than can be held */
#define STEP 12  /* grey levels from one to the next */
#define SIDE 64
#define PIPE_BYTES 65536 /* that lie in a pipe while nobody reads (pipe(7)) */
#define PIPE_SECONDS_MAX 60

static struct rw_arena *run;
static struct rw_arena *arena;
static char folder[SCRATCH_PATH_MAX];
static char path[sizeof folder + 8];

static int set_up(void **state)
{
    (void)state;
    uint8_t bytes[SIDE * SIDE * PHOTO_COLOUR];
    struct photo photo = { bytes, SIDE, SIDE, PHOTO_COLOUR };
    struct reel *reel = NULL;
    struct rw_error err = { 0 };

    run = rw_arena_open(64 * RW_ARENA_MIB);
    arena = rw_arena_open(64 * RW_ARENA_MIB);
    if (!scratch_make(folder) || run == NULL || arena == NULL || !vision_start(&err))
        return 1;
    (void)snprintf(path, sizeof path, "%s/a.avi", folder);
    if (!reel_open(path, &photo, &reel, &err))
        return 1;
    for (int i = 0; i < COUNT; i++) {
        memset(bytes, i * STEP, sizeof bytes);
        if (!reel_add(reel, &photo, &err))
            return 1;
    }
    reel_close(reel);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    rw_arena_close(run);
    return unlink(path) != 0 || rmdir(folder) != 0;
}

/* Which frame is it, by its grey? -1 = the end. */
static int next(struct frames *frames, struct frames_frame *frame)
{
    bool end = false;
    struct rw_error err = { 0 };
    assert_true(frames_next(frames, arena, frame, &end, &err));
    return end ? -1 : (frame->picture.pixels[SIDE * SIDE / 2] + STEP / 2) / STEP;
}

static struct frames *open_source(struct frames_source source)
{
    struct frames *frames = NULL;
    struct rw_error err = { 0 };
    if (!frames_open(&source, run, &frames, &err))
        fail_msg("%s", err.text);
    return frames;
}

static void what_a_camera_showed_and_was_held_comes_first(void **state)
{
    (void)state;
    struct frames *frames = open_source((struct frames_source){ .camera = path });
    struct frames_frame frame;
    struct rw_error err = { 0 };
    assert_true(frames_are_moving(frames));
    for (int i = 0; i < 5; i++) {
        assert_int_equal(next(frames, &frame), i);
        if (i % 2 == 1)
            assert_true(frames_hold(frames, &frame, run, &err));
        rw_arena_reset(arena); /* its pixels are gone */
    }
    assert_true(frames_again(frames, &err));
    const int expected[] = { 1, 3, 5, 6 };
    for (size_t i = 0; i < RW_COUNT(expected); i++)
        assert_int_equal(next(frames, &frame), expected[i]);
    assert_string_equal(frame.name, "camera#7");
    frames_close(frames);
}

static void of_too_many_held_frames_the_last_are_kept(void **state)
{
    (void)state;
    struct frames *frames = open_source((struct frames_source){ .camera = path });
    struct frames_frame frame;
    struct rw_error err = { 0 };
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(next(frames, &frame), i);
        assert_true(frames_hold(frames, &frame, run, &err));
    }
    assert_true(frames_again(frames, &err));
    for (int i = COUNT - FRAMES_HELD_MAX; i < COUNT; i++) {
        assert_int_equal(next(frames, &frame), i);
        char name[32];
        (void)snprintf(name, sizeof name, "camera#%d", i + 1);
        assert_string_equal(frame.name, name);
    }
    assert_int_equal(next(frames, &frame), -1);
    frames_close(frames);
}

static void a_video_begins_again(void **state)
{
    (void)state;
    struct frames *frames = open_source((struct frames_source){ .video = path });
    struct frames_frame frame;
    struct rw_error err = { 0 };
    assert_int_equal(next(frames, &frame), 0);
    assert_true(frames_hold(frames, &frame, run, &err)); /* there is no need */
    assert_int_equal(next(frames, &frame), 1);
    assert_true(frames_again(frames, &err));
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(next(frames, &frame), i);
    assert_int_equal(next(frames, &frame), -1);
    frames_close(frames);
}

/* Both ends are opened here; the one that writes is gone before anybody reads. */
static int fill_pipe(const char *pipe)
{
    char bytes[PIPE_BYTES];
    FILE *film = fopen(path, "rb");
    assert_non_null(film);
    size_t length = fread(bytes, 1, sizeof bytes, film);
    assert_int_equal(fclose(film), 0);
    assert_true(length > 0 && length < sizeof bytes);
    assert_int_equal(mkfifo(pipe, S_IRUSR | S_IWUSR), 0);
    int reader = open(pipe, O_RDONLY | O_NONBLOCK);
    int writer = open(pipe, O_WRONLY | O_NONBLOCK);
    assert_true(reader >= 0 && writer >= 0);
    assert_int_equal(write(writer, bytes, length), length);
    assert_int_equal(close(writer), 0);
    return reader;
}

static void a_pipe_is_read_whose_writer_is_gone(void **state)
{
    (void)state;
    char pipe[sizeof folder + 8];
    (void)snprintf(pipe, sizeof pipe, "%s/p.avi", folder);
    int reader = fill_pipe(pipe);
    (void)alarm(PIPE_SECONDS_MAX); /* a wait without end is a failure */
    struct frames *frames = open_source((struct frames_source){ .video = pipe });
    struct frames_frame frame;
    struct rw_error err = { 0 };
    assert_int_equal(next(frames, &frame), 0);
    assert_true(frames_hold(frames, &frame, run, &err));
    assert_int_equal(next(frames, &frame), 1);
    assert_true(frames_again(frames, &err)); /* what was not held is gone */
    assert_int_equal(next(frames, &frame), 0);
    for (int i = 2; i < COUNT; i++)
        assert_int_equal(next(frames, &frame), i);
    assert_int_equal(next(frames, &frame), -1);
    frames_close(frames);
    (void)alarm(0);
    assert_int_equal(close(reader), 0);
    assert_int_equal(unlink(pipe), 0);
}

static void files_begin_again_and_a_bad_one_is_named(void **state)
{
    (void)state;
    const char *const files[] = { "/nowhere/a.png" };
    struct frames *frames = open_source((struct frames_source){ .files = files, .file_count = 1 });
    struct frames_frame frame = { .name = "" };
    struct rw_error err = { 0 };
    bool end = false;
    assert_false(frames_are_moving(frames));
    for (int i = 0; i < 2; i++) {
        assert_false(frames_next(frames, arena, &frame, &end, &err));
        assert_string_equal(frame.name, files[0]);
        assert_true(frames_next(frames, arena, &frame, &end, &err) && end);
        assert_true(frames_again(frames, &err));
        end = false;
    }
    frames_close(frames);
    frames_close(NULL);
}

static void a_bad_file_may_be_passed_over(void **state)
{
    (void)state;
    const char *const files[] = { "/nowhere/a.png", folder };
    struct frames *frames = open_source(
        (struct frames_source){ .files = files, .file_count = 2, .passes_faults = true });
    struct rw_error err = { 0 };
    bool end = false;
    for (int i = 0; i < 2; i++) {
        struct frames_frame frame = { .name = "" };
        assert_true(frames_next(frames, arena, &frame, &end, &err) && !end);
        assert_string_equal(frame.name, files[i]);
        assert_int_not_equal(frame.fault.code, RW_OK);
        assert_non_null(strstr(frame.fault.text, files[i]));
    }
    struct frames_frame last = { .fault = { .code = RW_BUG } };
    assert_true(frames_next(frames, arena, &last, &end, &err) && end);
    assert_int_equal(last.fault.code, RW_OK);
    frames_close(frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_camera_showed_and_was_held_comes_first),
        cmocka_unit_test(of_too_many_held_frames_the_last_are_kept),
        cmocka_unit_test(a_video_begins_again),
        cmocka_unit_test(a_pipe_is_read_whose_writer_is_gone),
        cmocka_unit_test(files_begin_again_and_a_bad_one_is_named),
        cmocka_unit_test(a_bad_file_may_be_passed_over),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
