/* SPDX-License-Identifier: Apache-2.0 */
/* Draws the labels of one roll in the form that was asked for. */
#include "cli/label_roll.h"

#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "core/model/tag.h"
#include "labels/expected.h"
#include "labels/orderfile.h"
#include "labels/pdf.h"
#include "labels/png.h"
#include "labels/strip.h"
#include "labels/svg.h"
#include "labels/zpl.h"
#include "labels/zpl_dots.h"

#define BAG_MEMORY_MAX (64 * RW_ARENA_MIB)
#define FILE_NAME_MAX 32
#define PROGRESS_STEP 25 /* bags between two signs of life */

struct work {
    const struct label_roll *job;
    struct label_output output; /* of this roll */
    struct roll *roll;
    struct layout_desk desk;
};

static bool read_media(struct work *work, struct rw_error *err)
{
    if (work->job->media_file == NULL)
        return true;
    struct media *media = NULL;
    if (!label_output_read_media(work->job->media_file, work->job->arena, &media, err))
        return false;
    if (!rw_text_equal(media->name, work->roll->media))
        return rw_error_set(err, RW_CONFLICT, "/media",
                            "the roll was planned for the film \"%s\", not for \"%s\"",
                            work->roll->media, media->name);
    work->desk.media = media;
    return true;
}

static bool read_roll(struct work *work, const char *path, struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, work->job->arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, work->job->arena, &work->roll, err);
}

/* What is printed with a code that no line and no dispenser takes is thrown away. */
static bool check_codes(const struct work *work, struct rw_error *err)
{
    uint8_t roll_key[RW_HMAC_KEY_BYTES];
    struct rw_hmac ready;
    char at[FILE_NAME_MAX];
    if (work->job->key == NULL)
        return true;
    tag_roll_key(work->job->key, work->roll->number, roll_key);
    rw_hmac_begin(&ready, roll_key, sizeof roll_key);
    rw_crypto_wipe(roll_key, sizeof roll_key);
    size_t good = 0;
    while (good < work->roll->bag_count && tag_is_of_bag(work->roll, good, &ready))
        good++;
    rw_crypto_wipe(&ready, sizeof ready);
    if (good == work->roll->bag_count)
        return true;
    (void)snprintf(at, sizeof at, "/bags/%zu/code", good);
    return rw_error_set(err, RW_INVALID, at,
                        "the code was not made for this bag with the key of --state");
}

static bool render_png(const struct work *work, const struct bag *bag, struct rw_arena *arena,
                       const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    struct picture picture;
    return expected_draw(&work->desk, work->roll, bag, arena, &picture, NULL, err) &&
           png_write(&picture, PNG_BITS, arena, ret_bytes, ret_length, err);
}

static bool write_bag(const struct work *work, const struct bag *bag, struct rw_arena *arena,
                      struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    if (rw_text_equal(work->output.as, "svg")) {
        if (!svg_write(&work->desk, work->roll, bag, arena, &bytes, err))
            return false;
        length = strlen(bytes);
    } else if (!render_png(work, bag, arena, &bytes, &length, err)) {
        return false;
    }
    char name[FILE_NAME_MAX];
    (void)snprintf(name, sizeof name, "bag-%03d.%s", bag->n, work->output.as);
    return label_output_add_file(&work->output, name, bytes, length, err);
}

/* One line that is written over, and taken away at the end. */
static void tell_progress(void *self, size_t done)
{
    const struct work *work = self;
    const struct label_roll *job = work->job;
    if (!job->progress || done % PROGRESS_STEP != 0)
        return;
    fprintf(stderr, "\rrolwacht label: ");
    if (job->count > 1)
        fprintf(stderr, "roll %zu of %zu, ", job->number, job->count);
    fprintf(stderr, "bag %zu of %zu\033[K", done, work->roll->bag_count);
}

static void end_progress(const struct work *work)
{
    if (work->job->progress)
        fputs("\r\033[K", stderr);
}

/* One file a bag: bag-000 is the header. */
static bool write_bags(struct work *work, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(BAG_MEMORY_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a label");
    bool done = label_output_make_folder(&work->output, err);
    for (size_t i = 0; done && i < work->roll->bag_count; i++) {
        rw_arena_reset(arena);
        tell_progress(work, i);
        done = write_bag(work, &work->roll->bags[i], arena, err);
    }
    rw_arena_close(arena);
    return done;
}

static bool render_strip(const struct work *work, const char **ret_bytes, size_t *ret_length,
                         struct rw_error *err)
{
    return strip_write(&work->desk, work->roll, work->job->arena, ret_bytes, ret_length, err);
}

static bool render_pdf(const struct work *work, const char **ret_bytes, size_t *ret_length,
                       struct rw_error *err)
{
    return pdf_write(&work->desk, work->roll, work->job->arena, ret_bytes, ret_length, err);
}

static bool render_zpl(const struct work *work, const char **ret_bytes, size_t *ret_length,
                       struct rw_error *err)
{
    return zpl_write(&work->desk, work->roll, work->job->arena, ret_bytes, ret_length, err);
}

static bool render_zpl_dots(const struct work *work, const char **ret_bytes, size_t *ret_length,
                            struct rw_error *err)
{
    return zpl_dots_write(&work->desk, work->roll, work->job->arena, ret_bytes, ret_length, err);
}

static bool render_order_csv(const struct work *work, const char **ret_bytes, size_t *ret_length,
                             struct rw_error *err)
{
    return orderfile_write_csv(work->roll, work->job->arena, ret_bytes, ret_length, err);
}

static bool render_order_json(const struct work *work, const char **ret_bytes, size_t *ret_length,
                              struct rw_error *err)
{
    return orderfile_write_json(work->roll, work->job->arena, ret_bytes, ret_length, err);
}

/* Without `render`: one file a bag. */
struct format {
    const char *name;
    const char *ending; /* of a roll's file; "" = a folder */
    bool (*render)(const struct work *work, const char **ret_bytes, size_t *ret_length,
                   struct rw_error *err);
};
static const struct format formats[] = {
    { "pdf", ".pdf", render_pdf },
    { "svg", "", NULL },
    { "png", "", NULL },
    { "zpl", ".zpl", render_zpl },
    { "zpl-dots", ".zpl", render_zpl_dots },
    { "order-csv", ".csv", render_order_csv },
    { "order-json", ".json", render_order_json },
};
static const struct format strip_format = { "png", ".png", render_strip };

static const struct format *find_format(const char *as, bool strip)
{
    if (strip)
        return as == NULL || rw_text_equal(as, "png") ? &strip_format : NULL;
    for (size_t i = 0; i < RW_COUNT(formats); i++)
        if (rw_text_equal(formats[i].name, as))
            return &formats[i];
    return NULL;
}

bool label_roll_is_form(const char *as, bool strip)
{
    return find_format(as, strip) != NULL;
}

/* The same number twice would hide the first of the two. */
static bool check_number(const struct work *work, struct rw_error *err)
{
    const struct label_roll *job = work->job;
    int64_t *number = &job->numbers[job->number - 1];
    if (!rw_text_to_int(work->roll->number, 0, INT64_MAX, number))
        return rw_error_set(err, RW_INVALID, "/roll", "a roll's number has nine digits");
    for (size_t i = 0; i + 1 < job->number; i++)
        if (job->numbers[i] == *number)
            return rw_error_set(err, RW_CONFLICT, "/roll", "roll %s was given twice",
                                work->roll->number);
    return true;
}

/* Where several rolls go: a folder with a place for each. */
static bool name_place(struct work *work, const struct format *format, char room[RW_FILE_PATH_MAX],
                       struct rw_error *err)
{
    char name[FILE_NAME_MAX];
    if (work->job->count == 1 || work->output.path == NULL)
        return true;
    (void)snprintf(name, sizeof name, "%s%s", work->roll->number, format->ending);
    if (!check_number(work, err) || !label_output_make_folder(&work->output, err) ||
        !rw_file_join(room, work->output.path, name, err))
        return false;
    work->output.path = room;
    return true;
}

static bool write_format(struct work *work, struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    char place[RW_FILE_PATH_MAX];
    const struct format *format = find_format(work->output.as, work->job->strip);
    if (!name_place(work, format, place, err))
        return false;
    if (format->render == NULL)
        return write_bags(work, err);
    return format->render(work, &bytes, &length, err) &&
           label_output_send(&work->output, work->roll->number, bytes, length, err);
}

bool label_roll_run(const struct label_roll *job, const char *path, struct rw_error *err)
{
    struct work work = { .job = job, .output = *job->output, .desk = { .canvas = job->canvas } };
    work.desk.told = tell_progress;
    work.desk.told_self = &work;
    rw_arena_reset(job->arena);
    bool done = read_roll(&work, path, err) && check_codes(&work, err) && read_media(&work, err) &&
                write_format(&work, err);
    end_progress(&work);
    return done;
}
