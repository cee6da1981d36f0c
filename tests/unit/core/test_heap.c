/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the system what it was told about the memory of a program. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/heap.h"

#define LINES_MAX 100000
#define LARGE_BYTES (8 * 1024 * 1024)

/* Whether the mapping that holds this address is marked for large pages. */
static bool is_marked(const unsigned char *at)
{
    char line[4096];
    bool here = false;
    bool marked = false;
    FILE *maps = fopen("/proc/self/smaps", "r");

    assert_non_null(maps);
    for (int i = 0; i < LINES_MAX && fgets(line, sizeof line, maps) != NULL; i++) {
        char *dash = NULL;
        uintptr_t first = (uintptr_t)strtoull(line, &dash, 16);
        if (dash > line && *dash == '-')
            here = (uintptr_t)at >= first && (uintptr_t)at < strtoull(dash + 1, NULL, 16);
        if (here && strncmp(line, "VmFlags:", 8) == 0)
            marked = strstr(line, " hg") != NULL;
    }
    (void)fclose(maps);
    return marked;
}

/* A sanitizer brings a heap of its own, and a kernel may come without large pages. */
static void large_things_lie_in_large_pages(void **state)
{
    (void)state;
#ifdef RW_ADDRESS_SANITIZER
    skip();
#endif
    if (access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK) != 0)
        skip();
    unsigned char *before = malloc(LARGE_BYTES);
    assert_non_null(before);
    assert_false(is_marked(before + LARGE_BYTES / 2));
    rw_heap_keep();
    unsigned char *large = malloc(LARGE_BYTES);
    assert_non_null(large);
    assert_true(is_marked(large + LARGE_BYTES / 2));
    free(large);
    free(before);
}

/* Under any heap: what it hands out can be written, before and behind what was asked for. */
static void memory_stays_usable(void **state)
{
    (void)state;
    rw_heap_keep();
    rw_heap_keep();
    for (size_t bytes = 1; bytes <= LARGE_BYTES; bytes *= 2) {
        unsigned char *given = malloc(bytes);
        assert_non_null(given);
        memset(given, 0xA5, bytes);
        assert_int_equal(given[bytes - 1], 0xA5);
        free(given);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_things_lie_in_large_pages),
        cmocka_unit_test(memory_stays_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
