/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the readers of a PDF how to treat it; the door to qpdf. */
#include "labels/catalogue.h"

#include <string.h>

#include <qpdf/qpdf-c.h>

/* cairo writes the digits alone, which a strict reader takes for no date. */
static bool mark_date(qpdf_data document, struct rw_arena *arena, struct rw_error *err)
{
    const char *digits = qpdf_get_info_key(document, "/CreationDate");
    const char *date = rw_arena_format(arena, err, "D:%s", digits == NULL ? "" : digits);
    if (date == NULL)
        return false;
    qpdf_set_info_key(document, "/CreationDate", date);
    return true;
}

static void add_wishes(qpdf_data document, const char *language)
{
    qpdf_oh root = qpdf_get_root(document);
    qpdf_oh wishes = qpdf_oh_new_dictionary(document);
    qpdf_oh_replace_key(document, wishes, "/PrintScaling", qpdf_oh_new_name(document, "/None"));
    qpdf_oh_replace_key(document, wishes, "/DisplayDocTitle",
                        qpdf_oh_new_bool(document, QPDF_TRUE));
    qpdf_oh_replace_key(document, root, "/ViewerPreferences", wishes);
    qpdf_oh_replace_key(document, root, "/Lang", qpdf_oh_new_unicode_string(document, language));
}

/* Whatever makes two documents of the same roll differ is left out; the pages stay as they are. */
static bool write(qpdf_data document, struct rw_arena *arena, const char **ret_bytes,
                  size_t *ret_length, struct rw_error *err)
{
    if ((qpdf_init_write_memory(document) & QPDF_ERRORS) != 0)
        return false;
    qpdf_set_deterministic_ID(document, QPDF_TRUE);
    qpdf_set_stream_data_mode(document, qpdf_s_preserve);
    if ((qpdf_write(document) & QPDF_ERRORS) != 0)
        return false;
    size_t length = qpdf_get_buffer_length(document);
    char *copy = rw_arena_alloc(arena, length, err);
    if (copy == NULL)
        return false;
    memcpy(copy, qpdf_get_buffer(document), length);
    *ret_bytes = copy;
    *ret_length = length;
    return true;
}

bool catalogue_complete(const char *bytes, size_t length, const char *language,
                        struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                        struct rw_error *err)
{
    qpdf_data document = qpdf_init();
    qpdf_silence_errors(document);
    qpdf_set_suppress_warnings(document, QPDF_TRUE);
    qpdf_set_attempt_recovery(document, QPDF_FALSE);
    bool done = (qpdf_read_memory(document, "", bytes, length, NULL) & QPDF_ERRORS) == 0;
    done = done && mark_date(document, arena, err);
    if (done)
        add_wishes(document, language);
    done = done && write(document, arena, ret_bytes, ret_length, err);
    qpdf_cleanup(&document);
    return done || rw_error_set(err, RW_BUG, "", "a document could not be completed");
}
