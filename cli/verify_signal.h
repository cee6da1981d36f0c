/* SPDX-License-Identifier: Apache-2.0 */
/* Lets an interrupt end the frames instead of the program. */
#ifndef RW_CLI_VERIFY_SIGNAL_H
#define RW_CLI_VERIFY_SIGNAL_H

#include <stdbool.h>

/* From here on the first SIGINT or SIGTERM is noted, a second one ends the program. */
void verify_signal_watch(void);
bool verify_signal_came(void);

#endif
