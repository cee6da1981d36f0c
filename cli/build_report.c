/* SPDX-License-Identifier: Apache-2.0 */
/* Writes what a build did as rolwacht/summary/1. */
#include "cli/build_report.h"

#include "cli/options.h"
#include "core/base/date.h"

#define BUILD_SUMMARY_MODE 0600 /* it says what people take */

static const struct roll_override *find_override(const struct roll *roll,
                                                 const struct rw_finding *finding)
{
    for (size_t i = 0; i < roll->override_count; i++) {
        const struct roll_override *override = &roll->overrides[i];
        if (rw_text_equal(override->id, finding->id) &&
            rw_text_equal(override->reason, finding->reason) &&
            rw_text_equal(override->pointer, finding->pointer))
            return override;
    }
    return NULL;
}

static void write_findings(struct json_writer *writer, const struct roll *roll,
                           struct build_counts *counts)
{
    json_write_list(writer, "findings");
    for (size_t i = 0; i < roll->findings.count; i++) {
        const struct rw_finding *finding = &roll->findings.findings[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "id", finding->id);
        json_write_text(writer, "severity", rw_severity_letter(finding->severity));
        json_write_text(writer, "reason", finding->reason);
        json_write_text(writer, "pointer", finding->pointer);
        json_write_text(writer, "name", finding->about);
        json_write_text(writer, "text", finding->text);
        if (finding->severity == RW_OVERRIDABLE) {
            const struct roll_override *override = find_override(roll, finding);
            json_write_text(writer, "by", override != NULL ? override->by : NULL);
            json_write_text(writer, "why", override != NULL ? override->why : NULL);
            counts->open += override == NULL;
        }
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_outside(struct json_writer *writer, const char *name,
                          const struct roll_outside *rows, size_t count)
{
    json_write_list(writer, name);
    for (size_t i = 0; i < count; i++) {
        json_write_object(writer, NULL);
        json_write_text(writer, "order", rows[i].order);
        json_write_text(writer, "product", rows[i].product);
        json_write_text(writer, "name", rows[i].name);
        json_write_text(writer, "reason", rows[i].reason);
        if (rows[i].milli < 0)
            json_write_null(writer, "milli");
        else
            json_write_int(writer, "milli", rows[i].milli);
        json_write_text(writer, "by", rows[i].by);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_row(struct json_writer *writer, const struct build_result *result,
                      struct build_counts *counts)
{
    const struct roll *roll = result->roll;
    json_write_object(writer, NULL);
    json_write_text(writer, "client", roll->client.id);
    json_write_text(writer, "outcome", result->blocked ? "blocked" : "roll");
    json_write_text(writer, "roll", result->blocked ? NULL : roll->number);
    json_write_text(writer, "file", result->file);
    json_write_text(writer, "fingerprint", result->fingerprint);
    json_write_int(writer, "bags", result->blocked ? 0 : (int64_t)roll->bag_count - 2);
    write_outside(writer, "loose", roll->loose, roll->loose_count);
    write_outside(writer, "excluded", roll->excluded, roll->excluded_count);
    write_findings(writer, roll, counts);
    json_write_object_end(writer);
}

bool build_report_row(const struct build_result *result, struct rw_arena *arena,
                      struct build_counts *counts, const char **ret_json, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    rw_text_init(&text, arena, BUILD_SUMMARY_BYTES_MAX);
    json_write_init(&writer, &text);
    write_row(&writer, result, counts);
    counts->blocked += result->blocked;
    counts->built += !result->blocked;
    return rw_text_finish(&text, ret_json, err);
}

/* What was written so far leaves memory; the writer goes on where it was. */
static bool flush(struct build_report *report, struct rw_error *err)
{
    const char *bytes;
    const size_t length = report->text.length;
    if (!rw_text_finish(&report->text, &bytes, err) ||
        !rw_draft_fill(&report->draft, bytes, length, err) ||
        (report->copies && !options_print(bytes, length, err)))
        return false;
    rw_arena_reset(report->arena);
    rw_text_init(&report->text, report->arena, BUILD_SUMMARY_BYTES_MAX);
    return true;
}

/* Which film the rolls are for, and which of its measures nobody has verified. */
static void write_media(struct json_writer *writer, const struct media *media)
{
    json_write_object(writer, "media");
    json_write_text(writer, "name", media->name);
    json_write_list(writer, "unverified");
    for (int i = 0; i < MEDIA_MEASURE_COUNT; i++) {
        if ((media->unverified & 1u << i) != 0)
            json_write_text(writer, NULL, media_measure_word((enum media_measure)i));
    }
    json_write_list_end(writer);
    json_write_object_end(writer);
}

bool build_report_begin(struct build_report *report, const char *path,
                        const struct build_common *common, struct rw_error *err)
{
    char date[RW_DATE_TEXT_MAX];
    rw_date_write(common->window->from, date);
    rw_text_init(&report->text, report->arena, BUILD_SUMMARY_BYTES_MAX);
    json_write_init(&report->writer, &report->text);
    json_write_object(&report->writer, NULL);
    json_write_text(&report->writer, "format", "rolwacht/summary/1");
    json_write_text(&report->writer, "pharmacy", common->pharmacy_id);
    json_write_text(&report->writer, "from", date);
    json_write_int(&report->writer, "days", common->window->days);
    write_media(&report->writer, common->media);
    json_write_list(&report->writer, "clients");
    return rw_draft_begin(&report->draft, path, BUILD_SUMMARY_MODE, err) && flush(report, err);
}

bool build_report_add(struct build_report *report, const char *json, struct rw_error *err)
{
    json_write_raw(&report->writer, NULL, json);
    return flush(report, err);
}

static void write_nameless(struct json_writer *writer, const struct build_inputs *inputs)
{
    json_write_list(writer, "unknown_client");
    for (size_t i = 0; i < inputs->strayed_count; i++) {
        const struct build_strayed *strayed = &inputs->strayed[i];
        for (size_t j = 0; j < strayed->count; j++) {
            json_write_object(writer, NULL);
            json_write_text(writer, "source", strayed->source->name);
            json_write_text(writer, "pointer", strayed->strays[j].pointer);
            json_write_text(writer, "id", strayed->strays[j].id);
            json_write_object_end(writer);
        }
    }
    json_write_list_end(writer);
}

bool build_report_end(struct build_report *report, const struct build_inputs *inputs,
                      struct rw_error *err)
{
    struct json_writer *writer = &report->writer;
    json_write_list_end(writer);
    write_nameless(writer, inputs);
    json_write_int(writer, "rolls", (int64_t)report->counts.built);
    json_write_int(writer, "blocked", (int64_t)report->counts.blocked);
    json_write_int(writer, "open_overridable", (int64_t)report->counts.open);
    json_write_object_end(writer);
    rw_text_add_char(&report->text, '\n');
    return flush(report, err) && rw_draft_commit(&report->draft, err);
}
