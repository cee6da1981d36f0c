/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht read: the symbols in pictures, no roll needed. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/model/gs1.h"
#include "verifier/decode.h"
#include "verifier/image.h"
#include "verifier/reader.h"
#include "verifier/vision.h"

#define ARENA_BYTES (512 * RW_ARENA_MIB)
#define LINE_BYTES_MAX (4 * RW_ARENA_MIB)
#define BUDGET_MS_MAX 3600000
#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD, for a byte that text cannot hold */

static const char usage[] =
    "usage: rolwacht read [OPTION] IMAGE...\n"
    "\n"
    "Writes one JSON line for each PNG, JPEG, PGM, TIFF or BMP picture.\n"
    "\n"
    "  --budget-ms N   stop looking in a picture after N milliseconds (0 = no clock)\n"
    "  --small         report symbols under 14x14 too; noise may look like one\n"
    "  --quiet         say nothing on standard error but errors\n"
    "  --help, --version\n";

struct options {
    struct reader_limits limits;
    char **files;
    int file_count;
};

/* The work that all pictures share. */
struct reading_room {
    struct rw_arena *arena; /* lives as long as the program */
    struct rw_arena *frame; /* of one picture */
    struct rw_clock clock;
    struct decode *decode;
    struct reader *reader;
};

enum { OPTION_BUDGET = 256, OPTION_SMALL, OPTION_QUIET, OPTION_HELP, OPTION_VERSION };

/* False: the program is done, with this status. */
static bool read_options(int argc, char **argv, struct options *ret, int *ret_status)
{
    static const struct option known[] = {
        { "budget-ms", required_argument, NULL, OPTION_BUDGET },
        { "small", no_argument, NULL, OPTION_SMALL },
        { "quiet", no_argument, NULL, OPTION_QUIET },
        { "help", no_argument, NULL, OPTION_HELP },
        { "version", no_argument, NULL, OPTION_VERSION },
        { NULL, 0, NULL, 0 },
    };
    int option = 0;

    *ret_status = rw_error_exit_status(RW_USAGE);
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
        switch (option) {
        case OPTION_BUDGET:
            if (!rw_text_to_int(optarg, 0, BUDGET_MS_MAX, &ret->limits.budget_ms)) {
                fprintf(stderr, "rolwacht read: --budget-ms \"%s\" is not 0 to %d\n", optarg,
                        BUDGET_MS_MAX);
                return false;
            }
            break;
        case OPTION_SMALL:
            ret->limits.small = true;
            break;
        case OPTION_QUIET:
            break;
        case OPTION_HELP:
            fputs(usage, stdout);
            *ret_status = 0;
            return false;
        case OPTION_VERSION:
            puts("rolwacht " RW_VERSION);
            *ret_status = 0;
            return false;
        default:
            fputs(usage, stderr);
            return false;
        }
    ret->files = argv + optind;
    ret->file_count = argc - optind;
    if (ret->file_count < 1) {
        fputs(usage, stderr);
        return false;
    }
    return true;
}

/* Bytes as text: UTF-8 as it is, else each byte as a letter of ISO 8859-1, which is what a Data
 * Matrix holds unless it says otherwise. */
static bool plain_text(const struct reading *reading, struct rw_arena *arena, const char **ret_text,
                       struct rw_error *err)
{
    const char *bytes = (const char *)reading->bytes;
    struct rw_text text;

    rw_text_init(&text, arena, LINE_BYTES_MAX);
    if (rw_text_is_utf8(bytes, reading->length)) {
        rw_text_add_n(&text, bytes, reading->length);
        return rw_text_finish(&text, ret_text, err);
    }
    for (size_t i = 0; i < reading->length; i++) {
        uint8_t byte = reading->bytes[i];
        if (byte == 0) {
            rw_text_add(&text, REPLACEMENT);
        } else if (byte < 0x80) {
            rw_text_add_char(&text, (char)byte);
        } else {
            rw_text_add_char(&text, (char)(0xC0 | byte >> 6));
            rw_text_add_char(&text, (char)(0x80 | (byte & 0x3F)));
        }
    }
    return rw_text_finish(&text, ret_text, err);
}

static bool write_code(struct json_writer *writer, const struct reading *reading,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct gs1_string elements;
    char bracketed[GS1_TEXT_MAX];
    const char *text = NULL;
    const char *raw = NULL;

    if (!plain_text(reading, arena, &text, err) ||
        !rw_base64(arena, reading->bytes, reading->length, &raw, err))
        return false;
    if (reading->gs1 &&
        gs1_parse_bytes((const char *)reading->bytes, reading->length, &elements, NULL)) {
        gs1_write_bracketed(&elements, bracketed);
        text = bracketed;
    }
    json_write_object(writer, NULL);
    json_write_text(writer, "text", text);
    json_write_bool(writer, "gs1", reading->gs1);
    json_write_text(writer, "raw", raw);
    json_write_list(writer, "quad");
    for (int i = 0; i < 4; i++) {
        json_write_list(writer, NULL);
        json_write_milli(writer, NULL, (int64_t)(reading->grid.quad.corner[i].x * 1000));
        json_write_milli(writer, NULL, (int64_t)(reading->grid.quad.corner[i].y * 1000));
        json_write_list_end(writer);
    }
    json_write_list_end(writer);
    json_write_object_end(writer);
    return true;
}

static bool write_line(const char *file, const struct readings *readings, int64_t micros,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    const char *line = NULL;

    rw_text_init(&text, arena, LINE_BYTES_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "file", file);
    json_write_list(&writer, "codes");
    for (size_t i = 0; i < readings->count; i++)
        if (!write_code(&writer, &readings->readings[i], arena, err))
            return false;
    json_write_list_end(&writer);
    json_write_milli(&writer, "ms", micros);
    if (readings->cut_short)
        json_write_bool(&writer, "cut_short", true);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    if (!rw_text_finish(&text, &line, err))
        return false;
    if (fputs(line, stdout) < 0 || fflush(stdout) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not write to standard output");
    return true;
}

static bool read_file(struct reading_room *room, const struct reader_limits *limits,
                      const char *file, struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    struct picture picture;
    struct readings readings;

    rw_arena_reset(room->frame);
    if (!rw_file_read(file, RW_FILE_INPUT_MAX, room->frame, &bytes, &length, err) ||
        !image_read((const uint8_t *)bytes, length, room->frame, &picture, err))
        return false;
    int64_t started_ms = rw_clock_monotonic_ms(&room->clock);
    if (!reader_read(room->reader, &picture, limits, room->frame, &readings, err))
        return false;
    int64_t ended_ms = rw_clock_monotonic_ms(&room->clock);
    return write_line(file, &readings, (ended_ms - started_ms) * 1000, room->frame, err);
}

/* The decoder's processes come first: nothing here has a thread yet. */
static bool open_room(struct reading_room *room, struct rw_error *err)
{
    room->clock = rw_clock_system();
    room->arena = rw_arena_open(64 * RW_ARENA_MIB);
    room->frame = rw_arena_open(ARENA_BYTES);
    if (room->arena == NULL || room->frame == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to start with");
    return decode_open(room->arena, &room->decode, err) && vision_start(err) &&
           reader_open(room->decode, room->arena, &room->reader, err);
}

static void close_room(struct reading_room *room)
{
    decode_close(room->decode);
    rw_arena_close(room->frame);
    rw_arena_close(room->arena);
}

static int read_all(struct reading_room *room, const struct options *options)
{
    int status = 0;
    for (int i = 0; i < options->file_count; i++) {
        struct rw_error err = { 0 };
        if (read_file(room, &options->limits, options->files[i], &err))
            continue;
        fprintf(stderr, "rolwacht read: %s: %s\n", options->files[i], err.text);
        int failed = rw_error_exit_status(err.code);
        status = failed > status ? failed : status;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct options options = { 0 };
    struct reading_room room = { 0 };
    struct rw_error err = { 0 };
    int status = 0;

    if (!read_options(argc, argv, &options, &status))
        return status;
    if (rw_crypto_init(&err) && open_room(&room, &err)) {
        options.limits.clock = &room.clock;
        status = read_all(&room, &options);
    } else {
        fprintf(stderr, "rolwacht read: %s\n", err.text);
        status = rw_error_exit_status(err.code);
    }
    close_room(&room);
    return status;
}
