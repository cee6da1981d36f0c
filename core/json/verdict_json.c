/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a report as rolwacht/report/1 and reads single verdicts back. */
#include "core/json/verdict_json.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_time.h"
#include "core/json/json_write.h"

#define VERDICT_JSON_REPORT_MAX ((size_t)16 * 1024 * 1024)
#define VERDICT_JSON_BAG_MAX ((size_t)64 * 1024)

static void write_judged(struct json_writer *writer, const struct verdict_report *report)
{
    json_write_list(writer, "judged");
    if (report->judged_code)
        json_write_text(writer, NULL, "code");
    if (report->judged_order)
        json_write_text(writer, NULL, "order");
    if (report->judged_print)
        json_write_text(writer, NULL, "print");
    json_write_list_end(writer);
}

static void write_quad(struct json_writer *writer, const struct verdict_bag *bag)
{
    if (bag->frame == NULL) {
        json_write_null(writer, "quad");
        return;
    }
    struct rw_text *text = writer->text;
    json_write_list(writer, "quad");
    for (int i = 0; i < 4; i++) {
        const struct picture_point *point = &bag->quad.corner[i];
        json_write_raw(writer, NULL, "");
        rw_text_format(text, "[%.1f,%.1f]", (double)point->x, (double)point->y);
    }
    json_write_list_end(writer);
}

static void write_letter(struct json_writer *writer, const char *name, int8_t grade)
{
    char letter[2] = { verdict_grade_letter(grade), '\0' };
    json_write_text(writer, name, letter);
}

static void write_grade(struct json_writer *writer, const struct verdict_bag *bag)
{
    if (!bag->has_grade) {
        json_write_null(writer, "grade");
        return;
    }
    const struct verdict_grade *grade = &bag->grade;
    json_write_object(writer, "grade");
    write_letter(writer, "overall", grade->overall);
    write_letter(writer, "decode", grade->decode);
    write_letter(writer, "contrast", grade->contrast);
    write_letter(writer, "modulation", grade->modulation);
    write_letter(writer, "fixed_pattern", grade->fixed_pattern);
    write_letter(writer, "axial", grade->axial);
    write_letter(writer, "grid", grade->grid);
    write_letter(writer, "error_correction", grade->error_correction);
    write_letter(writer, "reflectance_margin", grade->reflectance_margin);
    json_write_object(writer, "dpm");
    write_letter(writer, "overall", grade->dpm_overall);
    write_letter(writer, "cell_contrast", grade->cell_contrast);
    write_letter(writer, "cell_modulation", grade->cell_modulation);
    json_write_object_end(writer);
    json_write_text(writer, "method", grade->is_dpm ? "iso-29158" : "iso-15415");
    json_write_bool(writer, "calibrated", grade->is_calibrated);
    json_write_object_end(writer);
}

static void write_print(struct json_writer *writer, const struct verdict_bag *bag)
{
    if (!bag->print_judged) {
        json_write_null(writer, "print");
        return;
    }
    json_write_object(writer, "print");
    json_write_int(writer, "score_milli", bag->print_score_milli);
    json_write_list(writer, "defects");
    for (size_t i = 0; i < bag->defect_count; i++) {
        const struct verdict_defect *defect = &bag->defects[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "field", defect->field);
        json_write_text(writer, "reason", verdict_reason_word(defect->reason));
        json_write_int(writer, "x_um", defect->x_um);
        json_write_int(writer, "y_um", defect->y_um);
        json_write_int(writer, "width_um", defect->width_um);
        json_write_int(writer, "height_um", defect->height_um);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
    json_write_object_end(writer);
}

/* The members of one bag's object, without its braces. */
static void write_bag(struct json_writer *writer, const struct verdict_bag *bag)
{
    assert(bag->verdict != VERDICT_UNDECIDED);
    json_write_int(writer, "n", bag->n);
    json_write_text(writer, "serial", bag->serial);
    json_write_text(writer, "verdict", verdict_word(bag->verdict));
    json_write_text(writer, "frame", bag->frame);
    write_quad(writer, bag);
    write_grade(writer, bag);
    write_print(writer, bag);
    json_write_null(writer, "pieces");
    json_write_list(writer, "reasons");
    for (size_t i = 0; i < bag->reason_count; i++)
        json_write_text(writer, NULL, verdict_reason_word(bag->reasons[i]));
    json_write_list_end(writer);
}

static void write_strangers(struct json_writer *writer, const struct verdict_report *report)
{
    json_write_list(writer, "strangers");
    for (size_t i = 0; i < report->stranger_count; i++) {
        json_write_object(writer, NULL);
        json_write_text(writer, "frame", report->strangers[i].frame);
        json_write_text(writer, "text", report->strangers[i].text);
        json_write_text(writer, "reason", verdict_reason_word(report->strangers[i].reason));
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

bool verdict_json_write_report(const struct verdict_report *report, struct rw_arena *arena,
                               const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    assert(report->verdict != VERDICT_UNDECIDED);
    assert(!report->is_offline || report->verdict != VERDICT_PASS);
    struct rw_text text;
    rw_text_init(&text, arena, VERDICT_JSON_REPORT_MAX);
    struct json_writer writer;
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", "rolwacht/report/1");
    json_write_text(&writer, "roll", report->roll);
    json_write_text(&writer, "fingerprint", report->fingerprint);
    write_judged(&writer, report);
    json_write_text(&writer, "verdict", verdict_word(report->verdict));
    if (report->is_offline)
        json_write_bool(&writer, "offline", true);
    if (report->broke_off != NULL)
        json_write_text(&writer, "broke_off", report->broke_off);
    json_write_list(&writer, "bags");
    for (size_t i = 0; i < report->bag_count; i++) {
        json_write_object(&writer, NULL);
        write_bag(&writer, &report->bags[i]);
        json_write_object_end(&writer);
    }
    json_write_list_end(&writer);
    write_strangers(&writer, report);
    json_write_int(&writer, "frames", report->frames);
    if (report->frames_lost > 0)
        json_write_int(&writer, "frames_lost", report->frames_lost);
    json_write_milli(&writer, "seconds", report->elapsed_ms);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}

bool verdict_json_write_bag(const struct verdict_report *report, size_t index,
                            struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                            struct rw_error *err)
{
    assert(index < report->bag_count);
    struct rw_text text;
    rw_text_init(&text, arena, VERDICT_JSON_BAG_MAX);
    struct json_writer writer;
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "fingerprint", report->fingerprint);
    write_judged(&writer, report);
    write_bag(&writer, &report->bags[index]);
    json_write_object_end(&writer);
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}

static bool read_judged(const struct json *root, struct verdict_posted *posted,
                        struct rw_error *err)
{
    const struct json *list;
    if (!json_list(root, "judged", &list, err))
        return false;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        const char *word = node->kind == JSON_TEXT ? node->text : "";
        bool *judged = strcmp(word, "code") == 0     ? &posted->judged_code
                       : strcmp(word, "order") == 0  ? &posted->judged_order
                       : strcmp(word, "print") == 0  ? &posted->judged_print
                       : strcmp(word, "pieces") == 0 ? &posted->judged_pieces
                                                     : NULL;
        if (judged == NULL || *judged)
            return json_refuse(node, "judged names code, order, print and pieces, each once", err);
        *judged = true;
    }
    return true;
}

static bool read_reasons(const struct json *root, struct verdict_bag *bag, struct rw_error *err)
{
    const struct json *list;
    if (!json_list(root, "reasons", &list, err))
        return false;
    if (list->count > VERDICT_REASONS_MAX)
        return json_refuse(list, "there are too many reasons", err);
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        enum verdict_reason reason;
        if (node->kind != JSON_TEXT || !verdict_reason_from_word(node->text, &reason))
            return json_refuse(node, "no verdict has this reason", err);
        bag->reasons[bag->reason_count++] = reason;
    }
    return true;
}

bool verdict_json_read_bag(const char *bytes, size_t length, struct rw_arena *arena,
                           struct verdict_posted *ret_posted, struct rw_error *err)
{
    if (length > VERDICT_JSON_BAG_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a verdict of %zu bytes is too large", length);
    struct verdict_posted posted = { 0 };
    const struct json *root;
    const char *word;
    int64_t n;
    if (!json_parse(arena, bytes, length, &root, err) ||
        !json_text(root, "fingerprint", &posted.fingerprint, err) ||
        !read_judged(root, &posted, err) || !json_int(root, "n", 0, ROLL_BAGS_MAX + 1, &n, err) ||
        !json_time_digits(root, "serial", BAG_SERIAL_DIGITS, &posted.bag.serial, err) ||
        !json_text(root, "verdict", &word, err) ||
        !json_text_or(root, "frame", NULL, &posted.bag.frame, err) ||
        !read_reasons(root, &posted.bag, err))
        return false;
    if (!verdict_from_word(word, &posted.bag.verdict) || posted.bag.verdict == VERDICT_UNDECIDED)
        return json_refuse(json_member(root, "verdict"),
                           "a verdict is pass, fail, unsure or missing", err);
    /* Whoever says "pass" must have looked, and must not name a fault in the same breath. */
    if (posted.bag.verdict == VERDICT_PASS && (!posted.judged_code || posted.bag.reason_count > 0))
        return json_refuse(json_member(root, "verdict"),
                           "a pass needs the code judged and has no reasons", err);
    posted.bag.n = (int32_t)n;
    *ret_posted = posted;
    return true;
}
