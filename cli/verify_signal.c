/* SPDX-License-Identifier: Apache-2.0 */
/* Lets an interrupt end the frames instead of the program. */
#define _POSIX_C_SOURCE 200809L
#include "cli/verify_signal.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t came;

static void note(int number)
{
    (void)number;
    came = 1;
}

void verify_signal_watch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    action.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &action, NULL); /* both signals exist and may be caught */
    (void)sigaction(SIGTERM, &action, NULL);
}

bool verify_signal_came(void)
{
    return came != 0;
}
