/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht verify: a roll and pictures of it -> a verdict for each bag. */
#include <string.h>

#include "cli/options.h"
#include "cli/verify_light.h"
#include "cli/verify_run.h"
#include "cli/verify_setup.h"
#include "cli/verify_signal.h"
#include "core/base/text.h"

#define ADDRESS_MAX 2048 /* bytes of a camera's address, NUL included */

struct wishes {
    bool setup;
    struct verify_light_wishes light;
    struct verify_run_wishes run;
};

/* Is the address of a stream given as a file? It may hold a password, so it is not told. */
static bool has_misplaced_address(const struct frames_source *source)
{
    bool is_misplaced = source->video != NULL && strstr(source->video, "://") != NULL;
    for (size_t i = 0; i < source->file_count && !is_misplaced; i++)
        is_misplaced = strstr(source->files[i], "://") != NULL;
    return is_misplaced;
}

/* Whoever has an account on the machine can read a command line: an address, in which a password
 * may be, does not stay there. */
static bool hide_address(struct verify_run_wishes *run, char room[ADDRESS_MAX])
{
    char *shown = run->camera != NULL ? strstr(run->camera, "://") : NULL;
    if (shown == NULL)
        return true;
    if (!rw_text_copy(room, ADDRESS_MAX, run->camera))
        return false;
    memset(shown, '*', strlen(shown));
    run->camera = room;
    return true;
}

/* Chooses the work by what was given. */
static enum options_exit run(struct wishes *wishes, const struct options *options)
{
    char address[ADDRESS_MAX];
    struct rw_error err = { 0 };
    if (!hide_address(&wishes->run, address)) {
        rw_error_set(&err, RW_USAGE, "", "the address of the camera is too long");
        return options_fail(options, NULL, &err);
    }
    const struct frames_source source = verify_run_source(&wishes->run, options);
    int sources = (source.file_count > 0) + (source.video != NULL) + (source.camera != NULL);
    bool has_pictures = sources == 1;

    verify_signal_watch();
    if (has_misplaced_address(&source)) {
        rw_error_set(&err, RW_USAGE, "", "the address of a stream belongs to --camera");
        return options_fail(options, NULL, &err);
    }
    if (wishes->setup && has_pictures)
        return verify_setup_run(options, &source);
    if (wishes->light.to != NULL && has_pictures)
        return verify_light_measure(options, &source, &wishes->light);
    if (wishes->run.service.server != NULL && wishes->run.service.code != NULL && sources == 0)
        return verify_line_enrol(&wishes->run.service, wishes->run.state, options);
    if ((wishes->run.roll != NULL || wishes->run.service.server != NULL) && has_pictures)
        return verify_run(&wishes->run, options);
    rw_error_set(&err, RW_USAGE, "",
                 "--roll ROLL or --server URL (or --setup), and either pictures, --video or "
                 "--camera are needed");
    return options_fail(options, NULL, &err);
}

int main(int argc, char **argv)
{
    struct wishes wishes = { 0 };
    const struct options_row rows[] = {
        { "roll", OPTIONS_TEXT, &wishes.run.roll, NULL, "ROLL",
          "the roll file that the film was made from; on the line its number", 0, 0 },
        { "media", OPTIONS_TEXT, &wishes.run.media, NULL, "FILE",
          "the film's measures, where they are not built in", 0, 0 },
        { "state", OPTIONS_TEXT, &wishes.run.state, NULL, "DIR",
          "where keys/pharmacy.hmac lies; without a key the plan decides", 0, 0 },
        { "others", OPTIONS_TEXT, &wishes.run.others, NULL, "DIR",
          "rolls of this line; tells strange bags of another client as such", 0, 0 },
        { "out", OPTIONS_TEXT, &wishes.run.out, NULL, "DIR",
          "write a picture of each bag that is not good", 0, 0 },
        { "video", OPTIONS_TEXT, &wishes.run.video, NULL, "FILE",
          "a video in place of pictures; also numbered pictures, f%04d.png", 0, 0 },
        { "camera", OPTIONS_TEXT, &wishes.run.camera, NULL, "DEV",
          "a camera: its number, /dev/videoN or an address, rtsp://…", 0, 0 },
        { "on-stop", OPTIONS_TEXT, &wishes.run.on_stop, NULL, "COMMAND",
          "run COMMAND ROLL BAG REASON at once for a fail or a camera that is gone", 0, 0 },
        { "setup", OPTIONS_FLAG, &wishes.setup, NULL, NULL,
          "no roll: show module size, focus, light and contrast, and advise", 0, 0 },
        { "calibrate", OPTIONS_TEXT, &wishes.light.to, NULL, "FILE",
          "no roll: measure the light on pictures of the test roll and write it here", 0, 0 },
        { "reflectance", OPTIONS_TEXT, &wishes.light.reflectance, NULL, "FILM,BLACK",
          "percent of the test roll's film and black, by an instrument: 84,6", 0, 0 },
        { "calibration", OPTIONS_TEXT, &wishes.run.calibration, NULL, "FILE",
          "the light that was measured: the grade is one and counts", 0, 0 },
        { "server", OPTIONS_TEXT, &wishes.run.service.server, NULL, "URL",
          "fetch the roll from the service and give it the verdicts", 0, 0 },
        { "line", OPTIONS_TEXT, &wishes.run.service.line, NULL, "ID",
          "the line that this machine was enrolled as", 0, 0 },
        { "enroll", OPTIONS_TEXT, &wishes.run.service.code, NULL, "CODE",
          "enrol first, with this code of the pharmacy; without IMAGE that is all", 0, 0 },
        { "ca", OPTIONS_TEXT, &wishes.run.service.ca_file, NULL, "FILE",
          "the service's certificate authority, for enrolling", 0, 0 },
        { 0 },
    };
    struct options options = {
        .program = "rolwacht verify",
        .summary = "Judges each bag of a roll from pictures of the film, given in its order.",
        .usage = "(--roll ROLL | --server URL --line ID | --setup | --calibrate FILE) [--out DIR] "
                 "(IMAGE... | --video FILE | --camera DEV)",
        .details =
            "IMAGE is a PNG, JPEG, PGM, TIFF, BMP or WebP file. Without --calibration the grade "
            "of a symbol is a trend of this line. With --server each bag is shown at the pharmacy "
            "as it leaves the view; verdicts follow at the film's end, and what the network does "
            "not take waits in --state for the next run. A network that is gone at the start: the "
            "roll as it was fetched before, never a pass. REASON is the first of the bag's, such "
            "as "
            "text-differs or out-of-order; BAG is - for a stranger and for a camera that is "
            "gone. A command of --on-stop that failed ends with 4.\n"
            "Exit status: 0 every bag passed, 1 a bag did not.",
        .rows = rows,
    };
    enum options_exit status = OPTIONS_GOOD;
    return options_read(&options, argc, argv, &status) ? run(&wishes, &options) : status;
}
