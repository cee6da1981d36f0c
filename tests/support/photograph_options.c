/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the photographer is asked for. */
#include "tests/support/photograph_options.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"

#define NUMBER_MAX 999
#define SEED_MAX (INT64_MAX / 4096)

const char photograph_options_usage[] =
    "usage: photograph --roll ROLL.json --seed N -o DIR [CHANGE...] [OPTION...]\n"
    "\n"
    "Writes f0001.png, f0002.png, … (one bag a frame) and truth.json. The same words and the\n"
    "same seed give the same pictures.\n"
    "\n"
    "  --swap BAGN:OTHER.json:BAGN  the other roll's bag in place of this one\n"
    "  --missing BAGN               no frame of this bag\n"
    "  --fault BAGN:KIND            one of: swapped (with the next bag) doubled name born date\n"
    "                               time drug strength count (one letter or digit of the print\n"
    "                               differs) line faded smear void shifted scratched pale burnt\n"
    "                               torn code (the symbol cannot be read) mirrored blank half\n"
    "                               overprint added scaled\n"
    "  --damage BAGN:KIND           the same\n"
    "  --faults N                   one bag in N or so has a fault, drawn from the seed\n"
    "  --other OTHER.json           a roll to take strange bags from when faults are drawn\n"
    "  --look KIND                  perfect, usual or any (light, lens, ink, film and angle "
    "drawn)\n"
    "  --perfect                    straight, sharp and without noise\n"
    "  --no-tablets                 empty film\n"
    "  --jpeg QUALITY               f0001.jpg and so on\n"
    "  --size WIDTHxHEIGHT          pixels of a frame\n"
    "  --scale N                    pixels a millimetre; 15.2 without\n"
    "  --video FILE.avi             the strip runs past the camera, 12 frames a second\n"
    "  --hesitate                   … stops on its way and goes back\n";

static bool refuse(struct rw_error *err, const char *word)
{
    return rw_error_set(err, RW_USAGE, "", "cannot understand \"%s\"", word);
}

static bool read_roll(const char *path, struct rw_arena *arena, struct roll **ret_roll,
                      struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, arena, ret_roll, err);
}

static bool read_number(const char *text, int32_t *ret_number)
{
    int64_t number = 0;
    if (!rw_text_to_int(text, 0, NUMBER_MAX, &number))
        return false;
    *ret_number = (int32_t)number;
    return true;
}

/* Cuts "a:b" at its first separator; NULL when there is none. */
static char *cut(char *text, char separator)
{
    char *at = strchr(text, separator);
    if (at != NULL)
        *at++ = '\0';
    return at;
}

static bool add_change(struct photograph_options *options, const struct photograph_change *change,
                       struct rw_error *err)
{
    if (options->change_count == PHOTOGRAPH_CHANGES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d changes", PHOTOGRAPH_CHANGES_MAX);
    options->changes[options->change_count++] = *change;
    return true;
}

/* BAGN:OTHER.json:BAGN */
static bool read_swap(struct photograph_options *options, const char *value, struct rw_arena *arena,
                      struct rw_error *err)
{
    struct photograph_change change = { 0 };
    char *first = rw_arena_text(arena, value, err);
    char *second = first == NULL ? NULL : cut(first, ':');
    char *third = second == NULL ? NULL : cut(second, ':');
    if (third == NULL || !read_number(first, &change.n) || !read_number(third, &change.other_n))
        return refuse(err, value);
    return read_roll(second, arena, &change.other, err) && add_change(options, &change, err);
}

/* BAGN:KIND */
static bool read_fault(struct photograph_options *options, const char *value,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct photograph_change change = { 0 };
    char *first = rw_arena_text(arena, value, err);
    char *second = first == NULL ? NULL : cut(first, ':');
    if (second == NULL || !read_number(first, &change.n) || !fault_from_word(second, &change.fault))
        return refuse(err, value);
    return add_change(options, &change, err);
}

static bool read_missing(struct photograph_options *options, const char *value,
                         struct rw_error *err)
{
    struct photograph_change change = { .fault = { .kind = FAULT_MISSING } };
    return (read_number(value, &change.n) || refuse(err, value)) &&
           add_change(options, &change, err);
}

static bool read_size(struct photograph_options *options, const char *value, struct rw_arena *arena,
                      struct rw_error *err)
{
    char *first = rw_arena_text(arena, value, err);
    char *second = first == NULL ? NULL : cut(first, 'x');
    return (second != NULL && rw_text_to_int(first, 100, PHOTO_SIDE_MAX, &options->width) &&
            rw_text_to_int(second, 100, PHOTO_SIDE_MAX, &options->height)) ||
           refuse(err, value);
}

static bool read_look(struct photograph_options *options, const char *value, struct rw_error *err)
{
    static const char *const words[PHOTO_STYLE_COUNT] = { "perfect", "usual", "any" };
    for (int i = 0; i < PHOTO_STYLE_COUNT; i++)
        if (strcmp(words[i], value) == 0) {
            options->style = (enum photo_style)i;
            return true;
        }
    return refuse(err, value);
}

static bool read_other(struct photograph_options *options, const char *value,
                       struct rw_arena *arena, struct rw_error *err)
{
    if (options->stranger_count == RW_COUNT(options->strangers))
        return rw_error_set(err, RW_TOO_LARGE, "", "at most two other rolls");
    return read_roll(value, arena, &options->strangers[options->stranger_count++], err);
}

static bool read_plain(struct photograph_options *options, const char *option, const char *value,
                       struct rw_error *err)
{
    if (strcmp(option, "--roll") == 0)
        options->roll_path = value;
    else if (strcmp(option, "-o") == 0)
        options->folder = value;
    else if (strcmp(option, "--video") == 0)
        options->video = value;
    else if (strcmp(option, "--seed") == 0)
        return rw_text_to_int(value, 0, SEED_MAX, &options->seed) || refuse(err, value);
    else if (strcmp(option, "--faults") == 0)
        return rw_text_to_int(value, 1, NUMBER_MAX, &options->one_in) || refuse(err, value);
    else if (strcmp(option, "--jpeg") == 0)
        return rw_text_to_int(value, 1, 100, &options->quality) || refuse(err, value);
    else if (strcmp(option, "--scale") == 0)
        return rw_text_to_int(value, 6, 60, &options->scale) || refuse(err, value);
    else if (strcmp(option, "--look") == 0)
        return read_look(options, value, err);
    else
        return refuse(err, option);
    return true;
}

static bool read_value(struct photograph_options *options, char **pair, struct rw_arena *arena,
                       struct rw_error *err)
{
    const char *option = pair[0];
    const char *value = pair[1];
    if (strcmp(option, "--swap") == 0)
        return read_swap(options, value, arena, err);
    if (strcmp(option, "--fault") == 0 || strcmp(option, "--damage") == 0)
        return read_fault(options, value, arena, err);
    if (strcmp(option, "--missing") == 0)
        return read_missing(options, value, err);
    if (strcmp(option, "--size") == 0)
        return read_size(options, value, arena, err);
    if (strcmp(option, "--other") == 0)
        return read_other(options, value, arena, err);
    return read_plain(options, option, value, err);
}

static bool read_flag(struct photograph_options *options, const char *word)
{
    if (strcmp(word, "--no-tablets") == 0)
        options->without_tablets = true;
    else if (strcmp(word, "--perfect") == 0)
        options->style = PHOTO_PERFECT;
    else if (strcmp(word, "--hesitate") == 0)
        options->hesitate = true;
    else
        return false;
    return true;
}

bool photograph_options_read(struct photograph_options *options, int argc, char **argv,
                             struct rw_arena *arena, struct rw_error *err)
{
    options->style = PHOTO_USUAL;
    for (int i = 1; i < argc; i++) {
        if (read_flag(options, argv[i]))
            continue;
        if (i + 1 == argc)
            return refuse(err, argv[i]);
        if (!read_value(options, argv + i, arena, err))
            return false;
        i++;
    }
    if (options->roll_path == NULL || options->folder == NULL)
        return rw_error_set(err, RW_USAGE, "", "--roll and -o are needed");
    return read_roll(options->roll_path, arena, &options->roll, err);
}
