/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a page's template with values; whatever it puts in is escaped. */
#ifndef RW_API_TEMPLATE_H
#define RW_API_TEMPLATE_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/embedded.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/json/json_read.h"

#define TEMPLATE_DEPTH_MAX 24 /* sections and files inside each other */
#define TEMPLATE_NAME_MAX 64

/* A template is HTML with these marks:
 *   {{name}}       the value, escaped; "a.b" a member of a member, "." the element itself
 *   {{#name}}…{{/name}}  once for each element of a list, or once if it is there and not empty,
 *                  false or 0
 *   {{^name}}…{{/name}}  if it is not
 *   {{>file}}      another template in this place
 *   {{_word}}      the language's text of that word
 *   {{_kind:name}} its text of "kind." and the value; the value itself where it has none
 * There is no mark that puts something in as it is. Names are looked for from the inside out. */
struct template_shelf {
    const struct rw_embedded *files; /* ended by a row without a name */
    const struct json *words;        /* an object of texts */
};

/* A template that is wrong, or a word without a text, is RW_BUG: both are ours. */
RW_MUST_USE bool template_fill(const struct template_shelf *shelf, const char *file,
                               const struct json *values, struct rw_text *text,
                               struct rw_error *err);
/* The only way by which a value enters a page (HTML Living Standard 13.1.2.3 and 13.1.4). */
void template_escape(struct rw_text *text, const char *value);
/* The language's text; NULL when it has none. */
const char *template_word(const struct json *words, const char *word);

#endif
