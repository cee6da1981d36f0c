/* SPDX-License-Identifier: Apache-2.0 */
/* The font files of the labels and no others; the door to fontconfig. */
#include "labels/fontbook.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <fontconfig/fontconfig.h>

#include "labels/measure.h"

#ifdef RW_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

#define NOTO "/usr/share/fonts/truetype/noto/Noto"
#define DEJAVU "/usr/share/fonts/truetype/dejavu/DejaVuSans"
#define FAMILIES "Noto Sans, Noto Sans Arabic, Noto Sans Hebrew"
#define LAST_FAMILY ", DejaVu Sans" /* for letters and signs that the others lack */
#define PATH_BYTES_MAX 128

static const char *const usual_files[] = { NOTO "Sans-Regular.ttf",
                                           NOTO "Sans-Bold.ttf",
                                           NOTO "SansArabic-Regular.ttf",
                                           NOTO "SansArabic-Bold.ttf",
                                           NOTO "SansHebrew-Regular.ttf",
                                           NOTO "SansHebrew-Bold.ttf",
                                           DEJAVU ".ttf",
                                           DEJAVU "-Bold.ttf" };

/* fontconfig keeps distances in place of addresses: the search for leaks, which follows addresses,
 * takes for lost what it holds, and naming where that came from takes longer than a label. */
static void forgive_leaks(bool forgiven)
{
#ifdef RW_ADDRESS_SANITIZER
    if (forgiven)
        __lsan_disable();
    else
        __lsan_enable();
#else
    (void)forgiven;
#endif
}

static bool add_file(FcConfig *config, const char *path)
{
    forgive_leaks(true);
    bool added = FcConfigAppFontAddFile(config, (const FcChar8 *)path);
    forgive_leaks(false);
    return added;
}

static bool add_needed_file(FcConfig *config, const char *path, struct rw_error *err)
{
    return add_file(config, path) ||
           rw_error_set(err, RW_UNAVAILABLE, "",
                        "could not load the font %s; packages fonts-noto-core and "
                        "fonts-dejavu-core hold the fonts of the labels",
                        path);
}

/* An empty configuration with these files: no cache, no rule and no font of the machine counts. */
bool fontbook_open(struct fontbook *ret_book, struct rw_error *err)
{
    FcConfig *config = FcConfigCreate();
    if (config == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for fonts");
    for (size_t i = 0; i < RW_COUNT(usual_files); i++) {
        if (!add_needed_file(config, usual_files[i], err)) {
            FcConfigDestroy(config);
            return false;
        }
    }
    /* Pango's own thread asks for a current one, and would read all fonts of the machine. */
    (void)FcConfigSetCurrent(config); /* without memory for it they are read for nothing */
    *ret_book = (struct fontbook){ .config = config };
    return true;
}

void fontbook_close(struct fontbook *book)
{
    FcConfigDestroy(book->config);
}

/* A script that has no bold face in the package is set in its regular one. */
static bool load_script(struct fontbook *book, int32_t number, struct rw_error *err)
{
    char path[PATH_BYTES_MAX];
    const struct script *script = script_at(number);
    (void)snprintf(path, sizeof path, NOTO "%s-Regular.ttf", script->file);
    if (!add_needed_file(book->config, path, err))
        return false;
    (void)snprintf(path, sizeof path, NOTO "%s-Bold.ttf", script->file);
    (void)add_file(book->config, path);
    book->loaded[number] = true;
    return true;
}

bool fontbook_list(struct fontbook *book, const char *text, char ret_names[FONTBOOK_NAMES_MAX],
                   bool *ret_changed, struct rw_error *err)
{
    bool needed[SCRIPT_COUNT] = { false };
    for (const char *at = text; *at != '\0';) {
        int32_t number = script_find(measure_next_character(&at));
        if (number >= 0)
            needed[number] = true;
    }
    size_t length = strlen(FAMILIES);
    memcpy(ret_names, FAMILIES, length + 1);
    *ret_changed = false;
    for (int32_t i = 0; i < SCRIPT_COUNT; i++) {
        if (!needed[i])
            continue;
        if (!book->loaded[i]) {
            if (!load_script(book, i, err))
                return false;
            *ret_changed = true;
        }
        length += (size_t)snprintf(ret_names + length, FONTBOOK_NAMES_MAX - length, ", %s",
                                   script_at(i)->family);
        assert(length + sizeof LAST_FAMILY <= FONTBOOK_NAMES_MAX);
    }
    memcpy(ret_names + length, LAST_FAMILY, sizeof LAST_FAMILY);
    return true;
}

const char *fontbook_path(struct _FcPattern *pattern)
{
    FcChar8 *path = NULL;
    return FcPatternGetString(pattern, FC_FILE, 0, &path) == FcResultMatch ? (const char *)path
                                                                           : NULL;
}

struct _FcPattern *fontbook_make_pattern(const char *path)
{
    return FcPatternBuild(NULL, FC_FILE, FcTypeString, path, FC_INDEX, FcTypeInteger, 0, NULL);
}

void fontbook_free_pattern(struct _FcPattern *pattern)
{
    FcPatternDestroy(pattern);
}
