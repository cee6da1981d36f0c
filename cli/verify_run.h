/* SPDX-License-Identifier: Apache-2.0 */
/* Judges one film: opens the line, looks at its frames, tells. */
#ifndef RW_CLI_VERIFY_RUN_H
#define RW_CLI_VERIFY_RUN_H

#include "cli/options.h"
#include "cli/verify_line.h"
#include "verifier/frames.h"

/* What was asked for; NULL = not asked. */
struct verify_run_wishes {
    const char *roll; /* a file; with a service its number */
    const char *media;
    const char *state;
    const char *out;
    const char *video;
    const char *camera;
    const char *on_stop;
    const char *others;
    const char *calibration;
    struct verify_line_wishes service;
};

/* Where the frames come from: the video, the camera or the program's arguments. */
struct frames_source verify_run_source(const struct verify_run_wishes *wishes,
                                       const struct options *options);
enum options_exit verify_run(const struct verify_run_wishes *wishes, const struct options *options);

#endif
