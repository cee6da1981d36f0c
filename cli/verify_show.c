/* SPDX-License-Identifier: Apache-2.0 */
/* Says what `verify` finds while the film still runs, and stops it. */
#define _POSIX_C_SOURCE 200809L
#include "cli/verify_show.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/verify_line.h"
#include "core/base/file.h"
#include "core/json/verdict_json.h"

#define NUMBER_MAX 16
#define TOLD_MAX 512
#define LINE_BYTES (4 * RW_ARENA_MIB)
#define WAIT_STEP_MS 20
#define LIVE_BYTES_MAX 256 /* of the line that changes */
#define COLUMNS_DEFAULT 80 /* of a terminal that does not say how wide it is */

extern char **environ;

static void clear_line(const struct verify_show *show)
{
    if (show->live)
        fputs("\r\033[K", stderr);
}

/* Told at once, the first time: who stands at the line has to stop the strip by hand. */
static void miss_hook(struct verify_show *show, const char *why)
{
    if (!show->hook_failed) {
        clear_line(show);
        fprintf(stderr, "%s: the command \"%.128s\" did not stop the strip: %s\n",
                show->options->program, show->on_stop, why);
    }
    show->hook_failed = true;
}

/* Takes leave of commands that have ended. */
static void reap(struct verify_show *show)
{
    for (size_t i = 0; i < show->hook_count;) {
        int status = 0;
        if (waitpid(show->hooks[i], &status, WNOHANG) == 0) {
            i++;
            continue;
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            miss_hook(show, "it failed");
        show->hooks[i] = show->hooks[--show->hook_count];
    }
}

/* Runs the command as it stands, by no shell, with roll, bag ("-" for a stranger) and reason. Its
 * input is empty and what it writes goes to standard error. */
static void run_hook(struct verify_show *show, const char *bag, const char *reason)
{
    posix_spawn_file_actions_t actions;
    char text[4][RW_FILE_PATH_MAX]; /* the words may not be constant */
    char *const words[] = { text[0], text[1], text[2], text[3], NULL };
    pid_t child = 0;

    reap(show);
    if (show->on_stop == NULL)
        return;
    if (show->hook_count == VERIFY_SHOW_HOOKS_MAX || posix_spawn_file_actions_init(&actions) != 0) {
        miss_hook(show, "earlier ones do not end");
        return;
    }
    (void)snprintf(text[0], sizeof text[0], "%s", show->on_stop);
    (void)snprintf(text[1], sizeof text[1], "%s", show->roll->number);
    (void)snprintf(text[2], sizeof text[2], "%s", bag);
    (void)snprintf(text[3], sizeof text[3], "%s", reason);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    int fault = posix_spawnp(&child, show->on_stop, &actions, NULL, words, environ);
    if (fault == 0)
        show->hooks[show->hook_count++] = child;
    else
        miss_hook(show, strerror(fault));
    (void)posix_spawn_file_actions_destroy(&actions);
}

/* One bag as a line of JSON: a report of this bag alone. */
static void write_line(struct verify_show *show, const struct verdict_bag *bag, bool judged_order)
{
    struct verdict_bag copy = *bag;
    struct verdict_report report = verify_line_glance(show->roll, &copy);
    const char *bytes = NULL;
    size_t length = 0;

    report.judged_order = judged_order;
    rw_arena_reset(show->arena);
    bool done = show->fault.code == RW_OK &&
                verdict_json_write_bag(&report, 0, show->arena, &bytes, &length, &show->fault) &&
                options_print(bytes, length, &show->fault);
    if (done && bytes[length - 1] != '\n')
        done = options_print("\n", 1, &show->fault);
    (void)done; /* the first fault is told at the end */
}

static const char *first_reason(const struct verdict_bag *bag)
{
    return bag->reason_count > 0 ? verdict_reason_word(bag->reasons[0])
                                 : verdict_word(bag->verdict);
}

/* Only print has a place on the label: a bag that comes twice does so as a whole. */
static bool has_field(const struct verdict_bag *bag, const char *reason)
{
    return bag->defect_count > 0 && bag->defects[0].field[0] != '\0' &&
           (strcmp(reason, verdict_reason_word(REASON_TEXT_DIFFERS)) == 0 ||
            strcmp(reason, verdict_reason_word(REASON_PRINT_DAMAGED)) == 0);
}

static void tell_bag(struct verify_show *show, const struct verdict_bag *bag, const char *reason)
{
    char number[NUMBER_MAX];

    (void)snprintf(number, sizeof number, "%d", (int)bag->n);
    if (bag->verdict != VERDICT_PASS && show->live) {
        clear_line(show);
        bool has_place = has_field(bag, reason);
        fprintf(stderr, "bag %s: %s, %s%s%s\n", number, verdict_word(bag->verdict), reason,
                has_place ? " in " : "", has_place ? bag->defects[0].field : "");
    }
    if (bag->verdict == VERDICT_FAIL)
        run_hook(show, number, reason);
}

static void hear_bag(void *self, const struct verdict_bag *bag, const struct inspect_view *view)
{
    struct verify_show *show = self;
    (void)view;
    for (size_t i = 0; i < show->roll->bag_count; i++)
        if (show->roll->bags[i].n == bag->n)
            show->told[i] = bag->verdict;
    show->counts[bag->verdict]++;
    tell_bag(show, bag, first_reason(bag));
    if (show->lines)
        write_line(show, bag, false);
}

static void hear_stranger(void *self, const struct verdict_stranger *stranger)
{
    struct verify_show *show = self;
    show->strangers++;
    if (show->live) {
        clear_line(show);
        fprintf(stderr, "a strange bag: %s\n", verdict_reason_word(stranger->reason));
    }
    run_hook(show, "-", verdict_reason_word(stranger->reason));
}

bool verify_show_begin(struct verify_show *show, struct rw_arena *run, struct rw_error *err)
{
    show->live = !show->options->quiet && isatty(STDERR_FILENO) == 1;
    show->listener = (struct inspect_listener){ show, hear_bag, hear_stranger };
    show->told = rw_arena_array(run, show->roll->bag_count, sizeof *show->told, err);
    return show->told != NULL;
}

/* A line that nobody watches is told as well: its log says when the camera was away. */
static void tell_camera(const struct verify_show *show, const char *what)
{
    clear_line(show);
    if (!show->options->quiet)
        fprintf(stderr, "%s: %s\n", show->options->program, what);
}

void verify_show_gone(struct verify_show *show, const struct rw_error *fault)
{
    char text[TOLD_MAX];
    bool has_why = fault->code != RW_OK;
    reap(show);
    if (show->is_blind)
        return;
    show->is_blind = true;
    (void)snprintf(text, sizeof text, "the camera is gone%s%s; it is looked for again",
                   has_why ? ": " : "", has_why ? fault->text : "");
    tell_camera(show, text);
    run_hook(show, "-", verdict_reason_word(REASON_NOT_SEEN));
}

void verify_show_broken(const struct verify_show *show, const struct rw_error *fault)
{
    clear_line(show);
    fprintf(stderr, "%s: the film breaks off %s; what came after that was not seen\n",
            show->options->program, fault->text);
}

void verify_show_lost(const struct verify_show *show, int64_t count)
{
    clear_line(show);
    fprintf(stderr,
            "%s: of the camera's pictures %" PRId64 " did not arrive; is this machine too slow?\n",
            show->options->program, count);
}

void verify_show_fault(const struct verify_show *show, const char *name,
                       const struct rw_error *fault)
{
    clear_line(show);
    options_complain(show->options, name, fault);
}

static int columns(void)
{
    struct winsize size = { 0 };
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : COLUMNS_DEFAULT;
}

/* What came out so far. Where there is room for few words, what stops a strip comes first. */
static void write_live(const struct verify_show *show, int width, char text[LIVE_BYTES_MAX])
{
    const int32_t *counts = show->counts;
    const int strangers = (int)show->strangers;
    const int bags = counts[VERDICT_PASS] + counts[VERDICT_UNSURE] + counts[VERDICT_FAIL];
    const size_t of = show->roll->bag_count;
    char waiting[NUMBER_MAX * 2] = "";

    if (show->waiting > 0)
        (void)snprintf(waiting, sizeof waiting, ", %zu unsent", show->waiting);
    int length =
        snprintf(text, LIVE_BYTES_MAX, "roll %s %d/%zu%s: pass %d, unsure %d, fail %d, strange %d",
                 show->roll->number, bags, of, waiting, counts[VERDICT_PASS],
                 counts[VERDICT_UNSURE], counts[VERDICT_FAIL], strangers);
    if (length > width)
        (void)snprintf(text, LIVE_BYTES_MAX, "%d/%zu fail %d strange %d unsure %d pass %d%s", bags,
                       of, counts[VERDICT_FAIL], strangers, counts[VERDICT_UNSURE],
                       counts[VERDICT_PASS], waiting);
}

/* One line whatever the terminal's width: one that wraps could not be taken back. */
void verify_show_frame(struct verify_show *show, const char *name)
{
    char text[LIVE_BYTES_MAX];
    const char *slash = strrchr(name, '/');
    const char *file = slash != NULL ? slash + 1 : name;
    reap(show);
    if (show->is_blind)
        tell_camera(show, "the camera is back");
    show->is_blind = false;
    if (!show->live)
        return;
    int width = columns() - 1;
    write_live(show, width, text);
    bool has_room = (int)(strlen(text) + strlen(file)) + 2 <= width;
    clear_line(show);
    fprintf(stderr, "%.*s%s%s", width, text, has_room ? "  " : "", has_room ? file : "");
    (void)fflush(stderr); /* a terminal that is gone is no reason to stop judging */
}

/* How the roll came out, for who stands at the line. */
static void tell_roll(const struct verify_show *show, const struct verdict_report *report)
{
    int counts[VERDICT_COUNT] = { 0 };
    for (size_t i = 0; i < report->bag_count; i++)
        counts[report->bags[i].verdict]++;
    if (show->live)
        fprintf(stderr, "roll %s: %s (pass %d, unsure %d, missing %d, fail %d, strange %zu)\n",
                report->roll, verdict_word(report->verdict), counts[VERDICT_PASS],
                counts[VERDICT_UNSURE], counts[VERDICT_MISSING], counts[VERDICT_FAIL],
                report->stranger_count);
}

/* Why more is to be told of the bag now that its place in the order is known; NULL = nothing. */
static const char *news_of(const struct verdict_bag *bag, enum verdict told)
{
    for (size_t i = 0; i < bag->reason_count; i++)
        if (bag->reasons[i] == REASON_OUT_OF_ORDER || bag->reasons[i] == REASON_TWICE ||
            bag->reasons[i] == REASON_BAD_TAG)
            return verdict_reason_word(bag->reasons[i]);
    return bag->verdict != told ? first_reason(bag) : NULL;
}

/* The last of the bags behind each other, from this one on, that never came for the same reason. */
static size_t last_missing(const struct verify_show *show, const struct verdict_report *report,
                           size_t first, const char *news)
{
    size_t last = first;
    while (last + 1 < report->bag_count && report->bags[last + 1].verdict == VERDICT_MISSING) {
        const char *other = news_of(&report->bags[last + 1], show->told[last + 1]);
        if (other == NULL || strcmp(other, news) != 0)
            break;
        last++;
    }
    return last;
}

void verify_show_rest(struct verify_show *show, const struct verdict_report *report)
{
    clear_line(show);
    for (size_t i = 0; i < report->bag_count; i++) {
        const struct verdict_bag *bag = &report->bags[i];
        const char *news = news_of(bag, show->told[i]);
        size_t last = news != NULL && bag->verdict == VERDICT_MISSING
                          ? last_missing(show, report, i, news)
                          : i;
        if (last > i && show->live)
            fprintf(stderr, "bags %d to %d: %s, %s\n", (int)bag->n, (int)report->bags[last].n,
                    verdict_word(bag->verdict), news);
        else if (last == i && news != NULL)
            tell_bag(show, bag, news);
        if (show->lines && bag->frame != NULL && show->told[i] == VERDICT_UNDECIDED)
            write_line(show, bag, true);
        i = last;
    }
}

bool verify_show_end(struct verify_show *show, const struct verdict_report *report,
                     struct rw_error *err)
{
    const struct timespec step = { 0, WAIT_STEP_MS * 1000000L };

    tell_roll(show, report);
    for (int waited = 0; show->hook_count > 0 && waited < VERIFY_SHOW_WAIT_MS;
         waited += WAIT_STEP_MS) {
        reap(show);
        if (show->hook_count > 0)
            (void)nanosleep(&step, NULL); /* a signal only makes the wait shorter */
    }
    if (show->fault.code != RW_OK) {
        *err = show->fault;
        return false;
    }
    if (show->hook_failed || show->hook_count > 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the command \"%.128s\" %s", show->on_stop,
                            show->hook_failed ? "could not be run or failed" : "does not end");
    return true;
}
