/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for files before they are read. */
#ifndef RW_CORE_BASE_PREFETCH_H
#define RW_CORE_BASE_PREFETCH_H

/* Lets the disk begin to read a file that is wanted soon, and waits for nothing of it. Who reads
 * it afterwards hears what is wrong with it. */
void rw_prefetch(const char *path);

#endif
