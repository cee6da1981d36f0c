/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht label: a roll as PDF, SVG, PNG, ZPL or order file. */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/media_json.h"
#include "core/json/roll_json.h"
#include "core/net/printer.h"
#include "labels/expected.h"
#include "labels/orderfile.h"
#include "labels/pdf.h"
#include "labels/png.h"
#include "labels/strip.h"
#include "labels/svg.h"
#include "labels/zpl.h"

#define MEMORY_MAX (1024 * RW_ARENA_MIB) /* of one roll with all its pages */
#define BAG_MEMORY_MAX (64 * RW_ARENA_MIB)
#define BAG_FILE_NAME_MAX 32
#define PRINT_TIMEOUT_MS 30000 /* a printer that takes nothing is out of film or off */
#define FILE_MODE 0600         /* a label bears a name and what the person takes */
#define FOLDER_MODE 0700

struct wishes {
    const char *as;
    const char *media_file;
    const char *path;
    const char *print; /* URL of a printer */
    bool strip;
};

struct work {
    const struct wishes *wishes;
    struct roll *roll;
    struct layout_desk desk;
    struct printer printer;
    struct rw_arena *arena;
};

static bool read_media(struct work *work, struct rw_error *err)
{
    if (work->wishes->media_file == NULL)
        return true;
    char *bytes = NULL;
    size_t length = 0;
    struct media *media = NULL;
    if (!rw_file_read(work->wishes->media_file, MEDIA_JSON_BYTES_MAX, work->arena, &bytes, &length,
                      err) ||
        !media_json_read(bytes, length, work->arena, &media, err))
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
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, work->arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, work->arena, &work->roll, err);
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
    if (rw_text_equal(work->wishes->as, "svg")) {
        if (!svg_write(&work->desk, work->roll, bag, arena, &bytes, err))
            return false;
        length = strlen(bytes);
    } else if (!render_png(work, bag, arena, &bytes, &length, err)) {
        return false;
    }
    char name[BAG_FILE_NAME_MAX];
    char path[RW_FILE_PATH_MAX];
    (void)snprintf(name, sizeof name, "bag-%03d.%s", bag->n, work->wishes->as);
    return rw_file_join(path, work->wishes->path, name, err) &&
           rw_file_write(path, bytes, length, FILE_MODE, err);
}

/* One file a bag: bag-000 is the header. */
static bool write_bags(const struct work *work, struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(BAG_MEMORY_MAX);
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a label");
    bool done = rw_file_make_folder(work->wishes->path, FOLDER_MODE, err);
    for (size_t i = 0; done && i < work->roll->bag_count; i++) {
        rw_arena_reset(arena);
        done = write_bag(work, &work->roll->bags[i], arena, err);
    }
    rw_arena_close(arena);
    return done;
}

static bool render_strip(const struct work *work, const char **ret_bytes, size_t *ret_length,
                         struct rw_error *err)
{
    return strip_write(&work->desk, work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_pdf(const struct work *work, const char **ret_bytes, size_t *ret_length,
                       struct rw_error *err)
{
    return pdf_write(&work->desk, work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_zpl(const struct work *work, const char **ret_bytes, size_t *ret_length,
                       struct rw_error *err)
{
    return zpl_write(&work->desk, work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_order_csv(const struct work *work, const char **ret_bytes, size_t *ret_length,
                             struct rw_error *err)
{
    return orderfile_write_csv(work->roll, work->arena, ret_bytes, ret_length, err);
}

static bool render_order_json(const struct work *work, const char **ret_bytes, size_t *ret_length,
                              struct rw_error *err)
{
    return orderfile_write_json(work->roll, work->arena, ret_bytes, ret_length, err);
}

/* NULL: one file a bag. */
struct format {
    const char *name;
    bool (*render)(const struct work *work, const char **ret_bytes, size_t *ret_length,
                   struct rw_error *err);
};
static const struct format formats[] = {
    { "pdf", render_pdf },
    { "svg", NULL },
    { "png", NULL },
    { "zpl", render_zpl },
    { "order-csv", render_order_csv },
    { "order-json", render_order_json },
};
static const struct format strip_format = { "png", render_strip };

static const struct format *find_format(const struct wishes *wishes)
{
    if (wishes->strip)
        return wishes->as == NULL || rw_text_equal(wishes->as, "png") ? &strip_format : NULL;
    for (size_t i = 0; i < RW_COUNT(formats); i++)
        if (rw_text_equal(formats[i].name, wishes->as))
            return &formats[i];
    return NULL;
}

/* The job is called by the roll's number alone: a printer shows its jobs to whoever passes. */
static bool print(const struct work *work, const char *bytes, size_t length, struct rw_error *err)
{
    if (work->printer.kind == PRINTER_RAW)
        return printer_send(&work->printer, bytes, length, PRINT_TIMEOUT_MS, err);
    const struct printer_job job = { work->roll->number, bytes, length };
    return printer_print(&work->printer, &job, PRINT_TIMEOUT_MS, err);
}

static bool write_format(const struct work *work, const struct format *format, struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    if (format->render == NULL)
        return write_bags(work, err);
    if (!format->render(work, &bytes, &length, err))
        return false;
    if (work->wishes->print != NULL)
        return print(work, bytes, length, err);
    return rw_file_write(work->wishes->path, bytes, length, FILE_MODE, err);
}

static bool read_printer(struct work *work, struct rw_error *err)
{
    static const char *const taken[PRINTER_KIND_COUNT] = {
        [PRINTER_RAW] = "zpl", [PRINTER_IPP] = "pdf"
    };
    if (work->wishes->print == NULL)
        return true;
    if (!printer_parse(work->wishes->print, &work->printer, err))
        return false;
    const char *as = taken[work->printer.kind];
    return (!work->wishes->strip && rw_text_equal(work->wishes->as, as)) ||
           rw_error_set(err, RW_USAGE, "", "the printer %s takes %s: give --as %s",
                        work->wishes->print, as, as);
}

static bool run(struct work *work, const char *roll_path, struct rw_error *err)
{
    if (!read_printer(work, err))
        return false;
    if (!read_roll(work, roll_path, err) || !read_media(work, err) ||
        !canvas_open(&work->desk.canvas, err))
        return false;
    bool done = write_format(work, find_format(work->wishes), err);
    canvas_close(work->desk.canvas);
    return done;
}

static bool check_wishes(const struct options *options, const struct wishes *wishes,
                         struct rw_error *err)
{
    if (options->argument_count != 1)
        return rw_error_set(err, RW_USAGE, "", "one roll file is needed");
    if ((wishes->path == NULL) == (wishes->print == NULL))
        return rw_error_set(err, RW_USAGE, "", "either -o PATH or --print URL is needed");
    if (find_format(wishes) != NULL)
        return true;
    return rw_error_set(err, RW_USAGE, "", "%s",
                        wishes->strip ? "--strip is a PNG picture"
                                      : "--as is one of pdf, svg, png, zpl, order-csv, order-json");
}

int main(int argc, char **argv)
{
    struct wishes wishes = { 0 };
    const struct options_row rows[] = {
        { .name = "as",
          .kind = OPTIONS_TEXT,
          .target = &wishes.as,
          .argument = "FORMAT",
          .help = "pdf, zpl, order-csv, order-json (one file); svg, png (one file a bag)" },
        { .name = "strip",
          .kind = OPTIONS_FLAG,
          .target = &wishes.strip,
          .help = "one long PNG picture of the whole roll" },
        { .name = "media",
          .kind = OPTIONS_TEXT,
          .target = &wishes.media_file,
          .argument = "FILE",
          .help = "measures of the film; default: the built-in profile that the roll names" },
        { .name = "print",
          .kind = OPTIONS_TEXT,
          .target = &wishes.print,
          .argument = "URL",
          .help = "in place of -o: ZPL to tcp://HOST:9100, PDF to ipp://HOST/ipp/print" },
        { .name = "o",
          .kind = OPTIONS_TEXT,
          .target = &wishes.path,
          .argument = "PATH",
          .help = "file to write; for svg and png a folder" },
        { 0 }
    };
    struct options options = { .program = "rolwacht label",
                               .summary = "Draws the labels of a roll's bags.",
                               .usage = "ROLL --as pdf|svg|png|zpl|order-csv|order-json [--media "
                                        "FILE] [--strip] (-o PATH | --print URL)",
                               .rows = rows };
    enum options_exit status = OPTIONS_GOOD;
    if (!options_read(&options, argc, argv, &status))
        return status;
    struct rw_error err = { 0 };
    struct work work = { .wishes = &wishes, .arena = rw_arena_open(MEMORY_MAX) };
    if (work.arena == NULL)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "no memory"); /* told below */
    else if (rw_crypto_init(&err) && check_wishes(&options, &wishes, &err))
        (void)run(&work, options.arguments[0], &err); /* the error tells */
    rw_arena_close(work.arena);
    if (err.code == RW_OK)
        return OPTIONS_GOOD;
    return options_fail(&options, options.argument_count > 0 ? options.arguments[0] : NULL, &err);
}
