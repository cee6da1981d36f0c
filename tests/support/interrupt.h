/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts a process that waits, by a signal that is harmless. */
#ifndef RW_TESTS_SUPPORT_INTERRUPT_H
#define RW_TESTS_SUPPORT_INTERRUPT_H

#include <sys/types.h>

/* From now on this process and those it starts go on after the signal. In a coverage build they
 * then write what they ran so far: a worker that ends by _exit or a kill never would. */
void interrupt_allow(void);
void interrupt_send(pid_t process);

#endif
