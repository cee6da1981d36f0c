/* SPDX-License-Identifier: Apache-2.0 */
/* One page of the console under construction. */
#ifndef RW_API_PAGE_H
#define RW_API_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/exchange.h"
#include "core/base/attributes.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/model/quantity.h"

struct rw_zone;
struct service;

#define PAGE_BYTES_MAX (8 * RW_ARENA_MIB)

/* Its values are written as JSON and then put into the template web/NAME.html. */
struct page {
    struct service *service;
    struct exchange *exchange;
    const char *name;
    struct rw_text text;
    struct json_writer json;
    struct rw_zone *zone; /* of the pharmacy's wall; opened when a time is first written */
};

/* Writes what every page has: language, person, menu, the session's token, and what was just done.
 * `trouble` is told on top of the page; NULL when there is none. */
void page_begin(struct page *page, struct service *service, struct exchange *exchange,
                const char *name, const struct rw_error *trouble);
/* A sentence of the program (api/sentence.h): `name.text`, and `name.said` when that is in the
 * language of the reader. Where moments stand in it also `name.pieces`, each with its `words` and,
 * of a moment, `moment` as page_time() writes it. */
void page_sentence(struct page *page, const char *name, const char *english);
/* An amount of a medicine, as the reader's language writes decimals: "0,5". */
void page_amount(const struct page *page, int64_t milli, char ret_text[QUANTITY_TEXT_MAX]);
/* Members of an object that was begun: a day as people write it, its year only when it is another
 * than ours (web/day.html). */
void page_day(struct page *page, int32_t day);
/* A moment as `name.iso` and, on the pharmacy's wall, as its day and `name.time` (web/time.html);
 * 0 = never, and nothing. */
void page_time(struct page *page, const char *name, int64_t utc_ms);
/* Fills the template and answers with it: with 200, or with the status of the trouble. */
void page_send(struct page *page);
/* Answers with the trouble alone. Who is not signed in is sent to where one does that. */
void page_fail(struct service *service, struct exchange *exchange, const struct rw_error *trouble);
/* Sends the browser on to another page of ours (303). */
void page_go(struct service *service, struct exchange *exchange, const char *format, ...)
    RW_PRINTF(3, 4);
/* The first page of a role. */
const char *page_home(uint32_t role);

#endif
