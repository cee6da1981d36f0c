/* SPDX-License-Identifier: Apache-2.0 */
/* How the C library keeps memory that was freed. */
#ifndef RW_CORE_BASE_HEAP_H
#define RW_CORE_BASE_HEAP_H

/* From now on, memory that was freed stays with the program. What goes back to the system is
 * fetched again page by page, each zeroed: dear to who makes large things in turn. Where the system
 * has large pages for it, they are asked for. For all threads; call it before there are others. */
void rw_heap_keep(void);

#endif
