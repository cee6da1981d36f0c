/* SPDX-License-Identifier: Apache-2.0 */
/* Writes labels to a file or a folder, or sends them to a printer. */
#include "cli/label_output.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/media_json.h"

#define PRINT_TIMEOUT_MS 30000 /* a printer that takes nothing is out of film or off */
#define FILE_MODE 0600         /* a label bears a name and what the person takes */
#define FOLDER_MODE 0700

bool label_output_check(struct label_output *output, struct rw_error *err)
{
    static const char *const taken[PRINTER_KIND_COUNT] = {
        [PRINTER_RAW] = "zpl", [PRINTER_IPP] = "pdf"
    };
    if ((output->path == NULL) == (output->print == NULL))
        return rw_error_set(err, RW_USAGE, "", "either -o PATH or --print URL is needed");
    if (output->print == NULL)
        return true;
    if (!printer_parse(output->print, &output->printer, err))
        return false;
    output->printer.store = output->certificates;
    const char *as = taken[output->printer.kind];
    bool dots = output->printer.kind == PRINTER_RAW && rw_text_equal(output->as, "zpl-dots");
    return dots || rw_text_equal(output->as, as) ||
           rw_error_set(err, RW_USAGE, "", "the printer %s takes %s: give --as %s", output->print,
                        as, as);
}

/* The job is called by the roll's number alone: a printer shows its jobs to whoever passes. */
bool label_output_send(const struct label_output *output, const char *job, const char *bytes,
                       size_t length, struct rw_error *err)
{
    if (output->print == NULL)
        return rw_file_write(output->path, bytes, length, FILE_MODE, err);
    if (output->printer.kind == PRINTER_RAW)
        return printer_send(&output->printer, bytes, length, PRINT_TIMEOUT_MS, err);
    const struct printer_job wanted = { job, bytes, length };
    return printer_print(&output->printer, &wanted, PRINT_TIMEOUT_MS, err);
}

bool label_output_make_folder(const struct label_output *output, struct rw_error *err)
{
    return rw_file_make_folder(output->path, FOLDER_MODE, err);
}

bool label_output_add_file(const struct label_output *output, const char *name, const char *bytes,
                           size_t length, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    return rw_file_join(path, output->path, name, err) &&
           rw_file_write(path, bytes, length, FILE_MODE, err);
}

bool label_output_read_media(const char *path, struct rw_arena *arena, struct media **ret_media,
                             struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    return rw_file_read(path, MEDIA_JSON_BYTES_MAX, arena, &bytes, &length, err) &&
           media_json_read(bytes, length, arena, ret_media, err);
}
