/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the program that a command's first word names. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "core/base/attributes.h"
#include "core/base/text.h"

#define PATH_ROOM 4096

static const struct {
    const char *name;
    const char *does;
} programs[] = {
    { "plan", "what each order alone means: its intakes or the reason it is refused" },
    { "build", "orders of one or many clients -> rolls" },
    { "diff", "old roll, new roll -> what must happen to the old one" },
    { "label", "roll -> labels to print or to look at" },
    { "read", "images -> the Data Matrix symbols in them" },
    { "verify", "roll and images -> a verdict for each bag" },
    { "serve", "the service of the pharmacy" },
    { "dispense", "the reference dispenser" },
};

static void print_help(FILE *stream)
{
    fprintf(stream, "usage: rolwacht PROGRAM [OPTION…] [INPUT…]\n\n");
    for (size_t i = 0; i < RW_COUNT(programs); i++)
        fprintf(stream, "  %-10s%s\n", programs[i].name, programs[i].does);
    fprintf(stream, "\nrolwacht PROGRAM --help tells more.\n");
}

static bool is_program(const char *name)
{
    for (size_t i = 0; i < RW_COUNT(programs); i++) {
        if (rw_text_equal(programs[i].name, name))
            return true;
    }
    return false;
}

/* The programs lie beside this one, wherever that is. */
static bool find_program(const char *name, char *room, size_t size)
{
    char own[PATH_ROOM];
    ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
    if (length < 0)
        return false;
    own[length] = '\0';
    char *slash = strrchr(own, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    int written = snprintf(room, size, "%s/rolwacht-%s", own, name);
    return written > 0 && (size_t)written < size;
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (rw_text_equal(word, "--help") || rw_text_equal(word, "help")) {
        print_help(stdout);
        return OPTIONS_GOOD;
    }
    if (rw_text_equal(word, "--version")) {
        printf("rolwacht %s\n", RW_VERSION);
        return OPTIONS_GOOD;
    }
    if (!is_program(word)) {
        if (word != NULL)
            fprintf(stderr, "rolwacht: \"%s\" is none of its programs\n", word);
        print_help(stderr);
        return OPTIONS_USAGE;
    }
    char path[PATH_ROOM];
    if (find_program(word, path, sizeof(path))) {
        argv[1] = path;              /* a list of processes tells which program it is */
        (void)execv(path, argv + 1); /* comes back only when it failed */
    }
    fprintf(stderr, "rolwacht: could not start rolwacht-%s: %s\n", word, strerror(errno));
    return OPTIONS_WORLD;
}
