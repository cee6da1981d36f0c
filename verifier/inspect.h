/* SPDX-License-Identifier: Apache-2.0 */
/* Takes one frame after the other through all checks and reports. */
#ifndef RW_VERIFIER_INSPECT_H
#define RW_VERIFIER_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "core/model/verdict.h"
#include "verifier/decide.h"
#include "verifier/decode.h"
#include "verifier/lane.h"
#include "verifier/match.h"
#include "verifier/reader.h"
#include "verifier/sequence.h"
#include "verifier/size.h"

/* Of one roll as a video; stills end at SEQUENCE_SIGHTINGS_MAX, as each counts as one thing at
 * least. */
#define INSPECT_FRAMES_MAX 100000

struct inspect_view;

/* Port: hears of each bag once, as soon as it left the view, and of each stranger. What it hears of
 * a bag speaks of code and print; its place in the order is known at the end alone. */
struct inspect_listener {
    void *self;
    void (*bag)(void *self, const struct verdict_bag *bag, const struct inspect_view *view);
    void (*stranger)(void *self, const struct verdict_stranger *stranger);
};

/* What a run is given. Everything is borrowed and outlives the run. */
struct inspect_setup {
    struct match_plan plan;
    struct decode *decode;
    const struct expected_labels *labels; /* the port that draws a bag's label */
    struct decide_policy policy;
    const struct light *light;               /* NULL: not calibrated */
    const struct inspect_listener *listener; /* NULL = nobody listens */
    bool moving;                             /* frames of a video: each bag is seen in several */
    bool keeps_pictures;                     /* of the best view of each bag */
    struct reader_limits limits;
};

/* What is kept of the best view of a bag. */
struct inspect_view {
    bool is_seen;   /* with exactly the planned code */
    bool is_forged; /* a code with its serial, but not its code, was seen */
    bool is_whole;  /* the whole label lies in the frame */
    bool is_laid;   /* the label could be laid over the frame */
    bool is_told;
    int32_t frame;
    int32_t frame_last;     /* where it was seen last, in whatever view */
    struct picture upright; /* the label in this view; no pixels where it is not kept */
    float to_frame[9];      /* micrometres on the label -> pixels of the frame */
    struct size_part part;  /* its size for that of the others; known at the end */
};

/* One roll under inspection. What it keeps lives in the arena it was opened in. */
struct inspect;

RW_MUST_USE bool inspect_open(const struct inspect_setup *setup, struct rw_arena *arena,
                              struct inspect **ret_inspect, struct rw_error *err);
/* Frames come in the order of the film. `arena` is that of the frame and may be reset after. */
RW_MUST_USE bool inspect_frame(struct inspect *inspect, const char *name,
                               const struct picture *picture, struct rw_arena *arena,
                               struct rw_error *err);
/* The second half of it, for frames that were read by a lane already. */
RW_MUST_USE bool inspect_judge(struct inspect *inspect, const char *name,
                               const struct picture *picture, const struct readings *readings,
                               struct rw_arena *arena, struct rw_error *err);
/* Frames were lost before the next one, as when a camera was gone for a while. */
void inspect_lose(struct inspect *inspect);
/* Judges the order and every bag. The report borrows from the inspection's arena. */
RW_MUST_USE bool inspect_finish(struct inspect *inspect, struct verdict_report *ret_report,
                                struct rw_error *err);
/* Were the roll's first and last bag seen? */
bool inspect_saw_ends(const struct inspect *inspect);
/* … and is no bag in the view any more? */
bool inspect_is_over(const struct inspect *inspect);
/* The label of a bag as it was planned, one pixel per dot. */
RW_MUST_USE bool inspect_planned(const struct inspect *inspect, size_t bag, struct rw_arena *arena,
                                 struct picture *ret_picture, struct rw_error *err);
const struct inspect_view *inspect_view_of(const struct inspect *inspect, size_t bag);

#endif
