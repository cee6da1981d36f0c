/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the options that a program declares and reports its failures. */
#define _POSIX_C_SOURCE 200809L
#include "cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/base/text.h"

#define HELP_COLUMN 26      /* where the explanation of an option begins */
#define USAGE_COLUMN 7      /* behind "usage: " */
#define HELP_COLUMNS_MAX 80 /* of a terminal as it is opened */

/* How many columns so many bytes of UTF-8 take. */
static int count_columns(const char *text, size_t length)
{
    int columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

/* Prints words of which the first stands at `column`; lines that follow begin at `margin`. */
static void print_words(const char *text, int column, int margin)
{
    for (bool is_first = true; *text != '\0'; is_first = false) {
        size_t length = strcspn(text, " \n");
        int width = count_columns(text, length);
        bool is_broken = !is_first && (text[-1] == '\n' || column + 1 + width > HELP_COLUMNS_MAX);
        if (is_broken)
            printf("\n%*s", margin, "");
        else if (!is_first)
            putchar(' ');
        column = is_broken ? margin + width : column + width + !is_first;
        printf("%.*s", (int)length, text);
        text += length + (text[length] != '\0');
    }
    putchar('\n');
}

static void print_help_line(const char *name, const char *argument, const char *help)
{
    char left[OPTIONS_LINE_MAX];
    const char *dashes = strlen(name) == 1 ? "-" : "--";
    (void)snprintf(left, sizeof(left), "  %s%s%s%s", dashes, name, argument != NULL ? " " : "",
                   argument != NULL ? argument : "");
    if (strlen(left) < HELP_COLUMN)
        printf("%-*s", HELP_COLUMN, left);
    else
        printf("%s\n%*s", left, HELP_COLUMN, "");
    print_words(help, HELP_COLUMN, HELP_COLUMN);
}

static void print_help(const struct options *options)
{
    printf("usage: %s ", options->program);
    print_words(options->usage, (int)strlen(options->program) + USAGE_COLUMN + 1, USAGE_COLUMN);
    putchar('\n');
    print_words(options->summary, 0, 0);
    putchar('\n');
    for (const struct options_row *row = options->rows; row->name != NULL; row++)
        print_help_line(row->name, row->argument, row->help);
    print_help_line("json", NULL, "JSON on standard output, nothing for people");
    print_help_line("quiet", NULL, "nothing on standard error but errors");
    print_help_line("help", NULL, "this text");
    print_help_line("version", NULL, "the version");
    if (options->details != NULL) {
        putchar('\n');
        print_words(options->details, 0, 0);
        print_words("All programs: 2 usage, 3 an input could not be read, 4 a file, the network or "
                    "the database failed, 5 our own fault.",
                    0, 0);
    }
}

static bool complain_usage(const struct options *options, const char *option, const char *text)
{
    fprintf(stderr, "%s: %.*s %s; see %s --help\n", options->program, (int)strcspn(option, "="),
            option, text, options->program);
    return false;
}

static bool take_value(const struct options *options, const struct options_row *row,
                       const char *option, const char *value)
{
    switch (row->kind) {
    case OPTIONS_TEXT:
        *(const char **)row->target = value;
        return true;
    case OPTIONS_DAY:
        if (!rw_date_parse(value, (int32_t *)row->target))
            return complain_usage(options, option, "needs a date like 2026-11-23");
        return true;
    case OPTIONS_NUMBER:
        if (!rw_text_to_int(value, row->min, row->max, (int64_t *)row->target)) {
            char text[OPTIONS_LINE_MAX];
            (void)snprintf(text, sizeof(text), "needs a number from %" PRId64 " to %" PRId64,
                           row->min, row->max);
            return complain_usage(options, option, text);
        }
        return true;
    case OPTIONS_FLAG:
        break;
    }
    *(bool *)row->target = true;
    return true;
}

/* The row of "--from", "--from=2026-11-23" or "-o"; the value behind "=" in `ret_value`. */
static const struct options_row *find_row(const struct options *options, const char *argument,
                                          const char **ret_value)
{
    const char *name = argument + (argument[1] == '-' ? 2 : 1);
    size_t length = strcspn(name, "=");
    for (const struct options_row *row = options->rows; row->name != NULL; row++) {
        bool is_long = strlen(row->name) > 1;
        if (is_long == (argument[1] == '-') && strlen(row->name) == length &&
            strncmp(row->name, name, length) == 0) {
            *ret_value = name[length] == '=' ? name + length + 1 : NULL;
            return row;
        }
    }
    return NULL;
}

static bool take_option(struct options *options, int argc, char **argv, int *at)
{
    const char *option = argv[*at];
    const char *value = NULL;
    if (rw_text_equal(option, "--quiet") || rw_text_equal(option, "--json")) {
        *(option[2] == 'q' ? &options->quiet : &options->json) = true;
        return true;
    }
    const struct options_row *row = find_row(options, option, &value);
    if (row == NULL)
        return complain_usage(options, option, "is not an option");
    if (row->kind == OPTIONS_FLAG && value != NULL)
        return complain_usage(options, option, "takes no value");
    if (row->kind != OPTIONS_FLAG && value == NULL) {
        if (*at + 1 >= argc)
            return complain_usage(options, option, "needs a value");
        value = argv[++*at];
    }
    if (row->seen != NULL)
        *row->seen = true;
    return take_value(options, row, option, value);
}

/* --help and --version end the program; a full disk is told like any other. */
static bool tell_about(const struct options *options, const char *option,
                       enum options_exit *ret_exit)
{
    if (rw_text_equal(option, "--help"))
        print_help(options);
    else if (rw_text_equal(option, "--version"))
        printf("%s %s\n", options->program, RW_VERSION);
    else
        return false;
    struct rw_error err = { 0 };
    *ret_exit = options_print("", 0, &err) ? OPTIONS_GOOD : options_fail(options, NULL, &err);
    return true;
}

bool options_read(struct options *options, int argc, char **argv, enum options_exit *ret_exit)
{
    bool only_arguments = false;
    options->argument_count = 0;
    int kept = 1;
    for (int at = 1; at < argc; at++) {
        char *argument = argv[at];
        bool is_option = !only_arguments && argument[0] == '-' && argument[1] != '\0';
        *ret_exit = OPTIONS_GOOD;
        if (is_option && tell_about(options, argument, ret_exit))
            return false;
        *ret_exit = OPTIONS_USAGE;
        if (is_option && rw_text_equal(argument, "--"))
            only_arguments = true;
        else if (!is_option)
            argv[kept++] = argument;
        else if (!take_option(options, argc, argv, &at))
            return false;
    }
    options->arguments = argv + 1;
    options->argument_count = (size_t)(kept - 1);
    return options->argument_count <= OPTIONS_ARGUMENTS_MAX ||
           complain_usage(options, "the command line", "holds too many inputs");
}

void options_complain(const struct options *options, const char *place, const struct rw_error *err)
{
    fprintf(stderr, "%s: %s%s%s%s%s\n", options->program, place != NULL ? place : "",
            place != NULL ? ": " : "", err->at, err->at[0] != '\0' ? ": " : "", err->text);
}

enum options_exit options_fail(const struct options *options, const char *place,
                               const struct rw_error *err)
{
    options_complain(options, place, err);
    return (enum options_exit)rw_error_exit_status(err->code);
}

bool options_print(const char *bytes, size_t length, struct rw_error *err)
{
    if (fwrite(bytes, 1, length, stdout) != length || fflush(stdout) != 0 || ferror(stdout))
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not write to standard output: %s",
                            strerror(errno));
    return true;
}

enum options_exit options_worse(enum options_exit left, enum options_exit right)
{
    return left > right ? left : right;
}

bool options_state_folder(const char *given, char *room, size_t size, struct rw_error *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int length = 0;
    if (given != NULL)
        length = snprintf(room, size, "%s", given);
    else if (geteuid() == 0)
        length = snprintf(room, size, "/var/lib/rolwacht");
    else if (state != NULL && state[0] == '/')
        length = snprintf(room, size, "%s/rolwacht", state);
    else if (home != NULL && home[0] == '/')
        length = snprintf(room, size, "%s/.local/state/rolwacht", home);
    else
        return rw_error_set(err, RW_USAGE, "", "no folder for the state: give --state DIR");
    if (length < 0 || (size_t)length >= size)
        return rw_error_set(err, RW_USAGE, "", "the path of the state folder is too long");
    return true;
}
