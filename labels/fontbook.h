/* SPDX-License-Identifier: Apache-2.0 */
/* The font files of the labels and no others; the door to fontconfig. */
#ifndef RW_LABELS_FONTBOOK_H
#define RW_LABELS_FONTBOOK_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "labels/script.h"

#define FONTBOOK_NAMES_MAX 1024

struct _FcConfig; /* fontconfig's own name */
struct _FcPattern;

/* The usual fonts are there from the start, those of a script from its first letter on. */
struct fontbook {
    struct _FcConfig *config;
    bool loaded[SCRIPT_COUNT];
};

/* RW_UNAVAILABLE names the font file that is not there. */
RW_MUST_USE bool fontbook_open(struct fontbook *ret_book, struct rw_error *err);
void fontbook_close(struct fontbook *book);
/* The families that a text is looked up in, always the same for the same text whatever was loaded
 * before it. `ret_changed` says that a font came in. */
RW_MUST_USE bool fontbook_list(struct fontbook *book, const char *text,
                               char ret_names[FONTBOOK_NAMES_MAX], bool *ret_changed,
                               struct rw_error *err);
/* The file of a font, or NULL. */
const char *fontbook_path(struct _FcPattern *pattern);
/* One that names the file and nothing else. */
struct _FcPattern *fontbook_make_pattern(const char *path);
void fontbook_free_pattern(struct _FcPattern *pattern);

#endif
