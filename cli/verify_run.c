/* SPDX-License-Identifier: Apache-2.0 */
/* Judges one film: opens the line, looks at its frames, tells. */
#include "cli/verify_run.h"

#include <stdio.h>
#include <string.h>

#include "cli/verify_ahead.h"
#include "cli/verify_inputs.h"
#include "cli/verify_light.h"
#include "cli/verify_number.h"
#include "cli/verify_others.h"
#include "cli/verify_out.h"
#include "cli/verify_show.h"
#include "cli/verify_signal.h"
#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/json/roll_json.h"
#include "core/json/verdict_json.h"
#include "core/model/tag.h"
#include "labels/expected.h"
#include "verifier/inspect.h"
#include "verifier/station.h"
#include "verifier/vision.h"

#define RUN_MEMORY_MAX (512 * RW_ARENA_MIB)
#define FRAME_MEMORY_MAX (1024 * RW_ARENA_MIB)
#define LINES_MEMORY_MAX (8 * RW_ARENA_MIB)
#define IDLE_FRAMES 50 /* of a camera behind the last bag */

/* What lives as long as the run, and what is used again for each frame. */
struct line {
    const struct verify_run_wishes *wishes;
    const struct options *options;
    struct rw_arena *run;
    struct rw_arena *frame;
    struct rw_arena *lines; /* of one line of output */
    struct decode *decodes[VERIFY_AHEAD_LANES];
    struct lane *lanes[VERIFY_AHEAD_LANES];
    struct roll *roll;
    struct layout_desk desk;
    struct expected_labels labels;
    struct inspect *inspect;
    struct frames *frames;
    struct verify_ahead *ahead; /* while frames are looked at */
    struct verify_show show;
    struct station *station; /* NULL without a service */
    struct station_roll given;
    struct verify_out out;
    struct rw_clock clock;
    const struct light *light; /* NULL: not calibrated */
    size_t frames_read;
    int64_t frames_lost;
    struct rw_error broke_off; /* RW_OK: the film has its own end */
    enum options_exit unread;  /* OPTIONS_GOOD: every picture could be read */
    bool has_key;
    uint8_t roll_key[RW_HMAC_KEY_BYTES];
};

struct frames_source verify_run_source(const struct verify_run_wishes *wishes,
                                       const struct options *options)
{
    return (struct frames_source){ .camera = wishes->camera,
                                   .video = wishes->video,
                                   .files = (const char *const *)options->arguments,
                                   .file_count = options->argument_count };
}

static bool open_frames(struct line *line, struct rw_error *err)
{
    struct frames_source source = verify_run_source(line->wishes, line->options);
    source.is_awaited = true;
    source.passes_faults = true;
    return line->frames != NULL || frames_open(&source, line->run, &line->frames, err);
}

/* The number of the roll that lies on the line: that of the first code of ours in its frames, else
 * that of the roll that the service wants checked next. */
static bool find_number(struct line *line, char ret_number[ROLL_NUMBER_MAX], struct rw_error *err)
{
    if (line->wishes->roll != NULL)
        return verify_line_number(line->wishes->roll, ret_number, err);
    if (!open_frames(line, err))
        return false;
    const struct verify_number_desk desk = { line->frames, line->decodes[0], line->run,
                                             line->frame };
    if (!verify_number_find(&desk, ret_number, err) ||
        (ret_number[0] == '\0' && !station_claim(line->station, ret_number, err)))
        return false;
    return ret_number[0] != '\0' ||
           rw_error_set(err, RW_UNREADABLE, "",
                        "no picture has a code that names its roll, and no roll waits");
}

/* The roll that the service holds for this line. */
static bool fetch_roll(struct line *line, struct rw_error *err)
{
    char number[ROLL_NUMBER_MAX];
    if (!verify_line_open(&line->wishes->service, line->wishes->state, &line->clock, line->run,
                          &line->station, err))
        return false;
    verify_line_check(line->station, line->options);
    return find_number(line, number, err) &&
           verify_line_fetch(line->station, number, line->run, &line->roll, &line->given, err);
}

static bool read_roll(struct line *line, struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    if (line->wishes->service.server != NULL)
        return fetch_roll(line, err);
    return rw_file_read(line->wishes->roll, ROLL_JSON_BYTES_MAX, line->run, &bytes, &length, err) &&
           roll_json_read(bytes, length, line->run, &line->roll, err);
}

static bool open_decodes(struct line *line, struct rw_error *err)
{
    for (size_t i = 0; i < VERIFY_AHEAD_LANES; i++)
        if (!decode_open(line->run, &line->decodes[i], err))
            return false;
    return true;
}

static bool open_lanes(struct line *line, const struct inspect_setup *setup, struct rw_error *err)
{
    for (size_t i = 0; i < VERIFY_AHEAD_LANES; i++) {
        const struct lane_setup lane = { setup->plan.roll, setup->labels, setup->limits,
                                         line->decodes[i] };
        if (!lane_open(&lane, line->run, &line->lanes[i], err))
            return false;
    }
    return true;
}

/* Who hears of bags, and who looks at them. */
static bool open_eyes(struct line *line, struct rw_error *err)
{
    bool moving = line->wishes->video != NULL || line->wishes->camera != NULL;
    const struct match_other *others = NULL;
    size_t other_count = 0;
    if (line->wishes->others != NULL &&
        !verify_others_read(line->wishes->others, line->run, &others, &other_count, err))
        return false;
    line->show = (struct verify_show){ .options = line->options,
                                       .roll = line->roll,
                                       .on_stop = line->wishes->on_stop,
                                       .lines = line->options->json && moving,
                                       .arena = line->lines };
    line->out = (struct verify_out){ .folder = line->wishes->out,
                                     .roll = line->roll,
                                     .station = line->station,
                                     .arena = line->frame,
                                     .next = &line->show.listener };
    if (!verify_show_begin(&line->show, line->run, err) ||
        !verify_out_begin(&line->out, line->run, err))
        return false;
    struct inspect_setup setup = {
        .listener = &line->out.listener,
        .moving = moving,
        .keeps_pictures = line->wishes->out != NULL || line->station != NULL,
        .plan = { line->roll, line->has_key ? line->roll_key : NULL, others, other_count },
        .decode = line->decodes[0],
        .labels = &line->labels,
        .policy = decide_policy_default(),
        .light = line->light,
    };
    if (!open_lanes(line, &setup, err) || !inspect_open(&setup, line->run, &line->inspect, err))
        return false;
    line->out.inspect = line->inspect;
    return true;
}

/* The decoders' processes come first: nothing here has a thread yet. */
static bool open_line(struct line *line, struct rw_error *err)
{
    line->clock = rw_clock_system();
    line->run = rw_arena_open(RUN_MEMORY_MAX);
    line->frame = rw_arena_open(FRAME_MEMORY_MAX);
    line->lines = rw_arena_open(LINES_MEMORY_MAX);
    if (line->run == NULL || line->frame == NULL || line->lines == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to start with");
    if (!rw_crypto_init(err) || !open_decodes(line, err) || !vision_start(err) ||
        !read_roll(line, err) ||
        !verify_inputs_media(line->wishes->media, line->run, &line->desk.media, err) ||
        !verify_inputs_key(line->wishes->state, line->roll->number, line->roll_key, &line->has_key,
                           err) ||
        !canvas_open(&line->desk.canvas, err) ||
        (line->wishes->calibration != NULL &&
         !verify_light_read(line->wishes->calibration, line->run, &line->light, err)))
        return false;
    line->labels = expected_labels_from(&line->desk);
    return open_eyes(line, err) &&
           (line->station == NULL ||
            verify_line_begin(line->station, line->roll, &line->given, line->options, err));
}

static void close_line(struct line *line)
{
    frames_close(line->frames);
    for (size_t i = 0; i < VERIFY_AHEAD_LANES; i++)
        decode_close(line->decodes[i]);
    station_close(line->station);
    if (line->desk.canvas != NULL)
        canvas_close(line->desk.canvas);
    rw_crypto_wipe(line->roll_key, sizeof line->roll_key);
    rw_arena_close(line->lines);
    rw_arena_close(line->frame);
    rw_arena_close(line->run);
}

/* A picture that cannot be read may be one of a bag: where it lies, a bag cannot be read. */
static bool judge_frame(struct line *line, const struct verify_ahead_frame *next,
                        struct rw_error *err)
{
    const struct rw_error *fault = &next->frame.fault;
    if (fault->code != RW_OK) {
        verify_show_fault(&line->show, next->frame.name, fault);
        line->unread =
            options_worse(line->unread, (enum options_exit)rw_error_exit_status(fault->code));
    } else {
        line->frames_read++;
    }
    line->frames_lost += next->frame.lost;
    return inspect_judge(line->inspect, next->frame.name, &next->frame.picture, &next->readings,
                         next->arena, err);
}

/* A video's file that has not all of its film. A camera that does not come back was told. */
static void hear_break(struct line *line, const struct rw_error *fault)
{
    if (line->wishes->video == NULL)
        return;
    line->broke_off = *fault;
    verify_show_broken(&line->show, fault);
}

/* Looks at every frame; `place` is the one that failed. */
static bool look_at_frames(struct line *line, char place[FRAMES_NAME_MAX], struct rw_error *err)
{
    int32_t idle = 0; /* frames of a camera since the film's end */

    bool done = open_frames(line, err) &&
                verify_ahead_open(line->frames, line->lanes, line->run, &line->ahead, err);

    place[0] = '\0';
    while (done && !verify_signal_came() && idle < IDLE_FRAMES) {
        struct verify_ahead_frame *next = NULL;
        done = verify_ahead_next(line->ahead, &next, err);
        memcpy(place, next->frame.name, FRAMES_NAME_MAX);
        if (done && next->end && next->frame.fault.code != RW_OK)
            hear_break(line, &next->frame.fault);
        if (!done || next->end)
            break;
        if (next->frame.is_gone && inspect_saw_ends(line->inspect))
            break;
        if (next->frame.is_gone) {
            verify_show_gone(&line->show, &next->frame.fault);
            inspect_lose(line->inspect);
            continue;
        }
        done = judge_frame(line, next, err);
        if (line->station != NULL)
            line->show.waiting = station_waiting(line->station);
        verify_show_frame(&line->show, place);
        bool is_over = line->wishes->camera != NULL && inspect_is_over(line->inspect);
        idle = is_over ? idle + 1 : 0;
    }
    verify_ahead_close(line->ahead);
    line->ahead = NULL;
    if (done)
        place[0] = '\0';
    return done;
}

/* What the network did not take yet goes now, and what still waits is told. A run whose verdicts
 * are not all on the disk (`is_whole` false) has not ended for the next one. */
static bool send_what_waits(struct line *line, bool is_whole, struct rw_error *err)
{
    size_t left = 0;
    if (line->station == NULL)
        return true;
    if (is_whole && !station_end(line->station, err))
        return false;
    bool is_taken = station_flush(line->station, &left, err);
    if (left > 0)
        fprintf(stderr, "%s: verdicts and pictures that wait for the network: %zu\n",
                line->options->program, left);
    return is_taken;
}

/* What fails once a film was judged is told, and what comes after it is done all the same. */
static bool tell(struct line *line, bool done, struct rw_error *err)
{
    if (!done)
        options_complain(line->options, NULL, err);
    *err = (struct rw_error){ 0 };
    return done;
}

static enum options_exit judge(struct line *line)
{
    struct rw_error err = { 0 };
    struct verdict_report report;
    char place[FRAMES_NAME_MAX] = "";
    const char *bytes = NULL;
    size_t length = 0;

    if (!open_line(line, &err))
        return options_fail(line->options, line->wishes->roll, &err);
    int64_t started_ms = rw_clock_monotonic_ms(&line->clock);
    if (!look_at_frames(line, place, &err) || !inspect_finish(line->inspect, &report, &err))
        return options_fail(line->options, place[0] != '\0' ? place : NULL, &err);
    if (line->unread != OPTIONS_GOOD && line->frames_read == 0)
        return line->unread; /* a film that nobody saw has no verdicts */
    if (line->unread != OPTIONS_GOOD)
        report.verdict = verdict_worst(report.verdict, VERDICT_UNSURE);
    if (line->broke_off.code != RW_OK)
        report.broke_off = line->broke_off.text;
    report.frames_lost = line->frames_lost;
    if (report.frames_lost > 0)
        verify_show_lost(&line->show, report.frames_lost);
    report.elapsed_ms = rw_clock_monotonic_ms(&line->clock) - started_ms;
    verify_show_rest(&line->show, &report);
    if (line->given.is_offline &&
        !verify_line_confirm(line->station, line->roll, line->options, &report, &err))
        return options_fail(line->options, NULL, &err);
    bool is_told = tell(line, verify_show_end(&line->show, &report, &err), &err);
    is_told = tell(line, line->out.fault.code == RW_OK, &line->out.fault) && is_told;
    bool is_whole = tell(line, verify_out_hand_over(&line->out, &report, &err), &err);
    bool is_taken = tell(line, send_what_waits(line, is_whole, &err), &err);
    if (!verdict_json_write_report(&report, line->run, &bytes, &length, &err) ||
        !options_print(bytes, length, &err))
        return options_fail(line->options, NULL, &err);
    verify_line_renew(line->station, line->options);
    if (!is_told || !is_whole || !is_taken)
        return OPTIONS_WORLD;
    return options_worse(line->unread,
                         report.verdict == VERDICT_PASS ? OPTIONS_GOOD : OPTIONS_NOT_GOOD);
}

enum options_exit verify_run(const struct verify_run_wishes *wishes, const struct options *options)
{
    struct line line = { .wishes = wishes, .options = options };
    enum options_exit status = judge(&line);
    close_line(&line);
    return status;
}
