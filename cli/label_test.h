/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht label --test-roll: what certifies a film and a printer. */
#ifndef RW_CLI_LABEL_TEST_H
#define RW_CLI_LABEL_TEST_H

#include "cli/label_output.h"

/* `film` is a built-in profile's name or a file of measures. */
RW_MUST_USE bool label_test_run(const struct label_output *output, const char *film, int32_t dpi,
                                struct rw_error *err);

#endif
