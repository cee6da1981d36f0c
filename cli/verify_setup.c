/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how well the camera sees, and says what to change. */
#define _POSIX_C_SOURCE 200809L
#include "cli/verify_setup.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/verify_signal.h"
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "verifier/optics.h"
#include "verifier/reader.h"
#include "verifier/vision.h"

#define RUN_MEMORY_MAX (64 * RW_ARENA_MIB)
#define FRAME_MEMORY_MAX (1024 * RW_ARENA_MIB)
#define LINE_BYTES_MAX 4096

struct bench {
    const struct options *options;
    struct rw_arena *run;
    struct rw_arena *frame;
    struct decode *decode;
    struct reader *reader;
    struct frames *frames;
    struct modules modules;
    bool live;
    uint32_t advice; /* of the last frame */
};

static bool write_json(const char *name, const struct optics *optics, uint32_t advice,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    const char *bytes = NULL;
    rw_text_init(&text, arena, LINE_BYTES_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "frame", name);
    json_write_int(&writer, "codes", (int64_t)optics->symbols);
    json_write_milli(&writer, "module_px", optics->module_px_milli);
    json_write_milli(&writer, "focus", optics->focus_milli);
    json_write_milli(&writer, "light", optics->light_milli);
    json_write_milli(&writer, "contrast", optics->contrast_milli);
    json_write_milli(&writer, "tilt", optics->tilt_milli);
    json_write_milli(&writer, "burnt", optics->burnt_milli);
    json_write_list(&writer, "advice");
    for (int i = 0; i < OPTICS_ADVICE_COUNT; i++)
        if (advice >> i & 1)
            json_write_text(&writer, NULL, optics_advice_word((enum optics_advice)i));
    json_write_list_end(&writer);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    return rw_text_finish(&text, &bytes, err) && options_print(bytes, strlen(bytes), err);
}

/* For a person: the measures, and below them what to change. */
static bool write_words(const struct bench *bench, const char *name, const struct optics *optics,
                        struct rw_error *err)
{
    struct rw_text text;
    const char *bytes = NULL;
    rw_text_init(&text, bench->frame, LINE_BYTES_MAX);
    if (bench->live)
        rw_text_add(&text, "\033[H\033[J"); /* a clean screen for each frame */
    rw_text_format(&text,
                   "%.60s: symbols %zu, module %.1f px, focus %d %%, light %d %%, contrast %d %%, "
                   "tilt %.1f %%\n",
                   name, optics->symbols, (double)optics->module_px_milli / 1000,
                   (int)optics->focus_milli / 10, (int)optics->light_milli / 10,
                   (int)optics->contrast_milli / 10, (double)optics->tilt_milli / 10);
    for (int i = 0; i < OPTICS_ADVICE_COUNT; i++)
        if (bench->advice >> i & 1)
            rw_text_format(&text, "  %s\n", optics_advice_text((enum optics_advice)i));
    if (bench->advice == 0)
        rw_text_add(&text, "  good as it is\n");
    return rw_text_finish(&text, &bytes, err) && options_print(bytes, strlen(bytes), err);
}

static bool measure(struct bench *bench, struct frames_frame *frame, bool *ret_end,
                    struct rw_error *err)
{
    const struct reader_limits limits = { 0 };
    struct readings readings;
    struct optics optics;

    rw_arena_reset(bench->frame);
    if (!frames_next(bench->frames, bench->frame, frame, ret_end, err))
        return false;
    if (*ret_end)
        return true;
    if (!reader_read(bench->reader, &frame->picture, &limits, bench->frame, &readings, err))
        return false;
    optics_measure(&frame->picture, &readings, &bench->modules, &optics);
    bench->advice = optics_advise(&optics);
    return bench->options->json ? write_json(frame->name, &optics, bench->advice, bench->frame, err)
                                : write_words(bench, frame->name, &optics, err);
}

enum options_exit verify_setup_run(const struct options *options,
                                   const struct frames_source *source)
{
    struct bench bench = { .options = options,
                           .live = source->camera != NULL && isatty(STDOUT_FILENO) == 1,
                           .advice = 1U << OPTICS_NO_SYMBOL };
    struct frames_frame frame = { .name = "" };
    struct rw_error err = { 0 };
    bool end = false;

    bench.run = rw_arena_open(RUN_MEMORY_MAX);
    bench.frame = rw_arena_open(FRAME_MEMORY_MAX);
    if (bench.run == NULL || bench.frame == NULL)
        rw_error_set(&err, RW_NO_MEMORY, "", "no memory to start with");
    bool done = bench.run != NULL && bench.frame != NULL &&
                decode_open(bench.run, &bench.decode, &err) && vision_start(&err) &&
                reader_open(bench.decode, bench.run, &bench.reader, &err) &&
                frames_open(source, bench.run, &bench.frames, &err);
    while (done && !end && !verify_signal_came())
        done = measure(&bench, &frame, &end, &err);
    frames_close(bench.frames);
    decode_close(bench.decode);
    rw_arena_close(bench.frame);
    rw_arena_close(bench.run);
    if (!done)
        return options_fail(options, frame.name[0] != '\0' ? frame.name : NULL, &err);
    return bench.advice == 0 ? OPTIONS_GOOD : OPTIONS_NOT_GOOD;
}
