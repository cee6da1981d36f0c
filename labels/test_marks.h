/* SPDX-License-Identifier: Apache-2.0 */
/* What each page of the test roll shows below its title. */
#ifndef RW_LABELS_TEST_MARKS_H
#define RW_LABELS_TEST_MARKS_H

#include "labels/test_page.h"

/* `number` is that of the page, from 1; codes end with it. `top` is the first free row of dots. */
struct test_place {
    int32_t number;
    int32_t top;
    int32_t module_dots;
};

void test_marks_rulers(struct test_page *page, const struct test_place *place);
void test_marks_codes(struct test_page *page, const struct test_place *place);
void test_marks_turns(struct test_page *page, const struct test_place *place);
void test_marks_letters(struct test_page *page, const struct test_place *place);
void test_marks_lines(struct test_page *page, const struct test_place *place);
void test_marks_head(struct test_page *page, const struct test_place *place);

#endif
