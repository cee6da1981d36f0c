/* SPDX-License-Identifier: Apache-2.0 */
/* Measures a line's light on the test roll, and reads it again. */
#include "cli/verify_light.h"

#include <stdio.h>
#include <string.h>

#include "cli/verify_signal.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/light_json.h"
#include "verifier/chart.h"
#include "verifier/decode.h"
#include "verifier/vision.h"

#define RUN_MEMORY_MAX (64 * RW_ARENA_MIB)
#define FRAME_MEMORY_MAX (1024 * RW_ARENA_MIB)
#define FILE_MODE 0644 /* it says nothing of anybody */
#define PERCENT_MAX 100
#define PERCENT_TEXT_MAX 8

/* One measurement. */
struct sitting {
    struct rw_arena *run;
    struct rw_arena *frame;
    struct decode *decode;
    struct reader *reader;
    struct frames *frames;
    struct modules modules;
    struct light light;
    struct light_spot spots[LIGHT_SPOTS_MAX];
    size_t count;
};

/* "84,6" or "84.5,6": whole percent, or with one digit more. */
static bool read_percent(const char *text, size_t length, int32_t *ret_milli)
{
    char whole[PERCENT_TEXT_MAX];
    int64_t percent = 0;
    int64_t tenth = 0;
    const char *point = memchr(text, '.', length);
    size_t before = point != NULL ? (size_t)(point - text) : length;
    if (before >= sizeof whole || (point != NULL && length - before != 2))
        return false;
    memcpy(whole, text, before);
    whole[before] = '\0';
    if (!rw_text_to_int(whole, 0, PERCENT_MAX, &percent))
        return false;
    if (point != NULL) {
        const char digit[2] = { point[1], '\0' };
        if (!rw_text_to_int(digit, 0, 9, &tenth))
            return false;
    }
    *ret_milli = (int32_t)(10 * percent + tenth);
    return true;
}

static bool read_reflectance(const char *text, struct light *light, struct rw_error *err)
{
    const char *comma = text != NULL ? strchr(text, ',') : NULL;
    if (comma == NULL ||
        !read_percent(text, (size_t)(comma - text), &light->film_reflectance_milli) ||
        !read_percent(comma + 1, strlen(comma + 1), &light->black_reflectance_milli))
        return rw_error_set(err, RW_USAGE, "",
                            "--calibrate needs --reflectance FILM,BLACK in percent, as an "
                            "instrument measured them, such as 84,6");
    return true;
}

static bool look_at(struct sitting *sitting, const struct picture *picture, struct rw_error *err)
{
    const struct reader_limits limits = { .thorough = true };
    struct light *light = &sitting->light;
    struct readings readings;

    if (light->frame_width == 0) {
        light->frame_width = picture->width;
        light->frame_height = picture->height;
    }
    if (light->frame_width != picture->width || light->frame_height != picture->height)
        return rw_error_set(err, RW_INVALID, "", "the pictures are not all of one size");
    if (!reader_read(sitting->reader, picture, &limits, sitting->frame, &readings, err))
        return false;
    sitting->count =
        chart_spots(picture, &readings, &sitting->modules, sitting->spots, sitting->count);
    return true;
}

/* Until the pictures end; a camera is looked at until there are enough spots. */
static bool look_at_all(struct sitting *sitting, bool is_camera, char *name, struct rw_error *err)
{
    size_t enough = is_camera ? LIGHT_SPOTS_MAX : LIGHT_SPOTS_MAX + 1;
    for (bool end = false; !end && !verify_signal_came() && sitting->count < enough;) {
        struct frames_frame frame = { .name = "" };
        rw_arena_reset(sitting->frame);
        bool done = frames_next(sitting->frames, sitting->frame, &frame, &end, err) &&
                    (end || look_at(sitting, &frame.picture, err));
        memcpy(name, frame.name, FRAMES_NAME_MAX);
        if (!done)
            return false;
    }
    name[0] = '\0';
    return true;
}

static bool write_light(struct sitting *sitting, const char *to, struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    return light_fit(&sitting->light, sitting->spots, sitting->count, err) &&
           light_json_write(&sitting->light, sitting->run, &bytes, &length, err) &&
           rw_file_write(to, bytes, length, FILE_MODE, err) && options_print(bytes, length, err);
}

static bool measure(struct sitting *sitting, const struct frames_source *source,
                    const struct verify_light_wishes *wishes, char *name, struct rw_error *err)
{
    return read_reflectance(wishes->reflectance, &sitting->light, err) &&
           decode_open(sitting->run, &sitting->decode, err) && vision_start(err) &&
           reader_open(sitting->decode, sitting->run, &sitting->reader, err) &&
           frames_open(source, sitting->run, &sitting->frames, err) &&
           look_at_all(sitting, source->camera != NULL, name, err) &&
           write_light(sitting, wishes->to, err);
}

enum options_exit verify_light_measure(const struct options *options,
                                       const struct frames_source *source,
                                       const struct verify_light_wishes *wishes)
{
    struct rw_error err = { 0 };
    char name[FRAMES_NAME_MAX] = "";
    struct rw_arena *run = rw_arena_open(RUN_MEMORY_MAX);
    struct rw_arena *frame = rw_arena_open(FRAME_MEMORY_MAX);
    struct sitting *sitting =
        run != NULL && frame != NULL ? rw_arena_alloc(run, sizeof *sitting, &err) : NULL;
    bool done = sitting != NULL;

    if (done) {
        *sitting = (struct sitting){ .run = run, .frame = frame };
        done = measure(sitting, source, wishes, name, &err);
        frames_close(sitting->frames);
        decode_close(sitting->decode);
    } else {
        rw_error_set(&err, RW_NO_MEMORY, "", "no memory to start with");
    }
    rw_arena_close(frame);
    rw_arena_close(run);
    return done ? OPTIONS_GOOD : options_fail(options, name[0] != '\0' ? name : NULL, &err);
}

bool verify_light_read(const char *path, struct rw_arena *arena, const struct light **ret_light,
                       struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    struct light *light = rw_arena_alloc(arena, sizeof *light, err);
    if (light == NULL || !rw_file_read(path, LIGHT_JSON_BYTES_MAX, arena, &bytes, &length, err) ||
        !light_json_read(bytes, length, arena, light, err))
        return false;
    *ret_light = light;
    return true;
}
