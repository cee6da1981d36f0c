/* SPDX-License-Identifier: Apache-2.0 */
/* What all pages of the console share: words, templates, assets. */
#ifndef RW_API_CONSOLE_H
#define RW_API_CONSOLE_H

#include <stdbool.h>

#include "api/exchange.h"
#include "api/sentence.h"
#include "api/template.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_read.h"

#define CONSOLE_VERSION_MAX 9
#define CONSOLE_LANGUAGES 2

struct console_language {
    const char *word; /* "nl" */
    const struct json *words;
    struct sentence_book sentences; /* of errors, findings and the journal */
};
/* Immutable once it is open; lives in the arena it was opened in. */
struct console {
    struct console_language languages[CONSOLE_LANGUAGES]; /* the first is for who asked for none */
    char version[CONSOLE_VERSION_MAX]; /* of the assets: they are asked for by it and kept long */
    bool has_script;                   /* htmx was there when the program was built */
};

RW_MUST_USE bool console_open(struct rw_arena *arena, struct console **ret_console,
                              struct rw_error *err);
/* The language of the person, or the first that the browser names and we have. */
const struct console_language *console_language(const struct console *console,
                                                const struct exchange *exchange);
/* NULL when there is no such asset. */
const struct rw_embedded *console_asset(const char *name);

#endif
