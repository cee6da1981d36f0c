/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts a process that waits, by a signal that is harmless. */
#define _POSIX_C_SOURCE 200809L
#include "tests/support/interrupt.h"

#include <assert.h>
#include <signal.h>
#include <stddef.h>
#ifdef RW_COVERAGE
#include <gcov.h>
#endif

static void go_on(int number)
{
    (void)number;
#ifdef RW_COVERAGE
    __gcov_dump();
    __gcov_reset();
#endif
}

void interrupt_allow(void)
{
    const struct sigaction action = { .sa_handler = go_on }; /* without SA_RESTART: calls end */
    int failed = sigaction(SIGUSR1, &action, NULL);
    assert(failed == 0);
}

void interrupt_send(pid_t process)
{
    assert(process > 0);
    int failed = kill(process, SIGUSR1);
    assert(failed == 0);
}
