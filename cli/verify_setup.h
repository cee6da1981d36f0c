/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how well the camera sees, and says what to change. */
#ifndef RW_CLI_VERIFY_SETUP_H
#define RW_CLI_VERIFY_SETUP_H

#include "cli/options.h"
#include "verifier/decode.h"
#include "verifier/frames.h"

/* One line a frame, on a terminal always the same one; JSON lines with --json. Ends with the
 * frames, or when it is interrupted. Good when the last frame gave no advice. */
enum options_exit verify_setup_run(const struct options *options,
                                   const struct frames_source *source);

#endif
