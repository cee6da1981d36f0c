/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht read: the symbols in pictures, no roll needed. */
#define _POSIX_C_SOURCE 200809L

#include <string.h>
#include <time.h>

#include "cli/options.h"
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

/* The work that all pictures share. */
struct reading_room {
    struct rw_arena *arena; /* lives as long as the program */
    struct rw_arena *frame; /* of one picture */
    struct rw_clock clock;
    struct decode *decode;
    struct reader *reader;
};

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

/* What reading one picture took, in microseconds. */
struct effort {
    int64_t wall;
    int64_t cpu; /* of this process and the worker */
};

static bool write_line(const char *file, const struct readings *readings,
                       const struct effort *effort, struct rw_arena *arena, struct rw_error *err)
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
    json_write_milli(&writer, "ms", effort->wall);
    json_write_milli(&writer, "cpu_ms", effort->cpu);
    if (readings->cut_short)
        json_write_bool(&writer, "cut_short", true);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    if (!rw_text_finish(&text, &line, err))
        return false;
    return options_print(line, strlen(line), err);
}

static int64_t clock_us(clockid_t clock)
{
    struct timespec now = { 0 };
    if (clock_gettime(clock, &now) != 0)
        return 0; /* a worker that has just ended */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The time since some moment; a worker that was replaced takes its time with it. */
static struct effort effort_so_far(const struct decode *decode)
{
    clockid_t worker;
    struct effort effort = { clock_us(CLOCK_MONOTONIC), clock_us(CLOCK_PROCESS_CPUTIME_ID) };
    if (decode_worker(decode) > 0 && clock_getcpuclockid(decode_worker(decode), &worker) == 0)
        effort.cpu += clock_us(worker);
    return effort;
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
    struct effort before = effort_so_far(room->decode);
    if (!reader_read(room->reader, &picture, limits, room->frame, &readings, err))
        return false;
    struct effort after = effort_so_far(room->decode);
    struct effort effort = { after.wall - before.wall,
                             after.cpu > before.cpu ? after.cpu - before.cpu : 0 };
    return write_line(file, &readings, &effort, room->frame, err);
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

static enum options_exit read_all(struct reading_room *room, const struct options *options,
                                  const struct reader_limits *limits)
{
    enum options_exit status = OPTIONS_GOOD;
    for (size_t i = 0; i < options->argument_count; i++) {
        struct rw_error err = { 0 };
        const char *file = options->arguments[i];
        if (!read_file(room, limits, file, &err))
            status = options_worse(status, options_fail(options, file, &err));
    }
    return status;
}

int main(int argc, char **argv)
{
    struct reader_limits limits = { .thorough = true };
    bool small = false;
    struct reading_room room = { 0 };
    struct rw_error err = { 0 };
    const struct options_row rows[] = {
        { "budget-ms", OPTIONS_NUMBER, &limits.budget_ms, NULL, "N",
          "stop looking in a picture after N milliseconds; 0 = no clock", 0, BUDGET_MS_MAX },
        { "small", OPTIONS_FLAG, &small, NULL, NULL,
          "report doubtful symbols under 14x14 too; noise may look like one", 0, 0 },
        { 0 },
    };
    struct options options = {
        .program = "rolwacht read",
        .summary = "Reads the Data Matrix symbols in pictures; one JSON line for each picture.",
        .usage = "[--budget-ms N] [--small] IMAGE...",
        .details = "IMAGE is a PNG, JPEG, PGM, TIFF, BMP or WebP file. Its line has file, and of "
                   "each of its codes text (GS1 with its identifiers in brackets), gs1, raw (its "
                   "bytes in base64) and quad (its corners in pixels); ms, cpu_ms; and cut_short "
                   "where the budget ended before the search.\n"
                   "Exit status: 0 every picture was looked at, whatever was found.",
        .rows = rows,
    };
    enum options_exit status = OPTIONS_GOOD;

    if (!options_read(&options, argc, argv, &status))
        return status;
    if (options.argument_count == 0) {
        rw_error_set(&err, RW_USAGE, "", "name at least one picture");
        return options_fail(&options, NULL, &err);
    }
    limits.clock = &room.clock;
    limits.small = small ? READER_SMALL_ALL : READER_SMALL_SURE;
    if (rw_crypto_init(&err) && open_room(&room, &err))
        status = read_all(&room, &options, &limits);
    else
        status = options_fail(&options, NULL, &err);
    close_room(&room);
    return status;
}
