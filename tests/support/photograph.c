/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a roll's bags as a line's camera would see them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/json/roll_json.h"
#include "tests/support/photo.h"

#define CHANGES_MAX 64
#define MEMORY_MAX (256 * RW_ARENA_MIB)
#define FRAME_MEMORY_MAX (128 * RW_ARENA_MIB)
#define TRUTH_BYTES_MAX (16 * RW_ARENA_MIB)
#define NUMBER_MAX 999

static const char usage[] =
    "usage: photograph --roll ROLL.json --seed N -o DIR [CHANGE...]\n"
    "\n"
    "Writes f0001.png, f0002.png, … (one bag a frame) and truth.json.\n"
    "\n"
    "  --swap BAGN:OTHER.json:BAGN  the other roll's bag in place of this one\n"
    "  --damage BAGN:KIND           line, faded, smear, void or torn\n"
    "  --missing BAGN               no frame of this bag\n"
    "  --no-tablets                 empty film\n"
    "  --perfect                    straight, sharp and without noise\n";

enum change_kind { CHANGE_SWAP, CHANGE_DAMAGE, CHANGE_MISSING };

struct change {
    enum change_kind kind;
    int32_t n;
    enum damage_kind damage;
    struct roll *other;
    int32_t other_n;
};

struct session {
    const char *roll_path;
    const char *folder;
    int64_t seed;
    bool without_tablets;
    bool perfect;
    struct change changes[CHANGES_MAX];
    size_t change_count;
    struct roll *roll;
    struct layout_desk desk;
    struct rw_arena *arena;
    struct rw_text truth_text;
    struct json_writer truth;
    int32_t frame;
};

static bool refuse(struct rw_error *err, const char *word)
{
    return rw_error_set(err, RW_USAGE, "", "cannot understand \"%s\"", word);
}

static bool read_roll(struct session *session, const char *path, struct roll **ret_roll,
                      struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    return rw_file_read(path, ROLL_JSON_BYTES_MAX, session->arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, session->arena, ret_roll, err);
}

static bool read_number(const char *text, int32_t *ret_number)
{
    int64_t number = 0;
    if (!rw_text_to_int(text, 0, NUMBER_MAX, &number))
        return false;
    *ret_number = (int32_t)number;
    return true;
}

/* Cuts "a:b" at its first colon; NULL when there is none. */
static char *cut(char *text)
{
    char *colon = strchr(text, ':');
    if (colon != NULL)
        *colon++ = '\0';
    return colon;
}

static bool read_change(struct session *session, enum change_kind kind, const char *value,
                        struct rw_error *err)
{
    struct change change = { .kind = kind };
    char *first = rw_arena_text(session->arena, value, err);
    if (first == NULL || session->change_count == CHANGES_MAX)
        return refuse(err, value);
    char *second = kind == CHANGE_MISSING ? NULL : cut(first);
    char *third = second == NULL ? NULL : cut(second);
    if (!read_number(first, &change.n) || (kind != CHANGE_MISSING && second == NULL) ||
        (kind == CHANGE_SWAP) != (third != NULL))
        return refuse(err, value);
    if (kind == CHANGE_DAMAGE && !damage_from_word(second, &change.damage))
        return refuse(err, value);
    if (kind == CHANGE_SWAP &&
        (!read_number(third, &change.other_n) || !read_roll(session, second, &change.other, err)))
        return refuse(err, value);
    session->changes[session->change_count++] = change;
    return true;
}

static bool read_value(struct session *session, const char *option, const char *value,
                       struct rw_error *err)
{
    if (strcmp(option, "--roll") == 0)
        session->roll_path = value;
    else if (strcmp(option, "-o") == 0)
        session->folder = value;
    else if (strcmp(option, "--seed") == 0)
        return rw_text_to_int(value, 0, INT64_MAX / 4096, &session->seed) || refuse(err, value);
    else if (strcmp(option, "--swap") == 0)
        return read_change(session, CHANGE_SWAP, value, err);
    else if (strcmp(option, "--damage") == 0)
        return read_change(session, CHANGE_DAMAGE, value, err);
    else if (strcmp(option, "--missing") == 0)
        return read_change(session, CHANGE_MISSING, value, err);
    else
        return refuse(err, option);
    return true;
}

static bool read_options(struct session *session, int argc, char **argv, struct rw_error *err)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--no-tablets") == 0) {
            session->without_tablets = true;
        } else if (strcmp(argv[i], "--perfect") == 0) {
            session->perfect = true;
        } else {
            if (i + 1 == argc)
                return refuse(err, argv[i]);
            if (!read_value(session, argv[i], argv[i + 1], err))
                return false;
            i++;
        }
    }
    if (session->roll_path == NULL || session->folder == NULL)
        return rw_error_set(err, RW_USAGE, "", "--roll and -o are needed");
    return true;
}

static const struct change *find_change(const struct session *session, enum change_kind kind,
                                        int32_t n)
{
    for (size_t i = 0; i < session->change_count; i++)
        if (session->changes[i].kind == kind && session->changes[i].n == n)
            return &session->changes[i];
    return NULL;
}

static const struct bag *find_bag(const struct roll *roll, int32_t n)
{
    for (size_t i = 0; i < roll->bag_count; i++)
        if (roll->bags[i].n == n)
            return &roll->bags[i];
    return NULL;
}

static void write_quad(struct json_writer *writer, const char *name,
                       const struct picture_quad *quad)
{
    json_write_list(writer, name);
    for (int i = 0; i < 4; i++) {
        json_write_list(writer, NULL);
        json_write_milli(writer, NULL, (int64_t)(quad->corner[i].x * 10.0F) * 100);
        json_write_milli(writer, NULL, (int64_t)(quad->corner[i].y * 10.0F) * 100);
        json_write_list_end(writer);
    }
    json_write_list_end(writer);
}

static void write_tablets(struct json_writer *writer, const struct photo *photo)
{
    json_write_list(writer, "pieces");
    for (int32_t i = 0; i < photo->tablet_count; i++) {
        const struct tablet *tablet = &photo->tablets[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "product", tablet->product);
        json_write_int(writer, "x_um", (int64_t)(tablet->x_mm * 1000.0F));
        json_write_int(writer, "y_um", (int64_t)(tablet->y_mm * 1000.0F));
        json_write_bool(writer, "half", tablet->half);
        json_write_bool(writer, "under_text", tablet->under_text);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static void write_truth(struct session *session, const char *name,
                        const struct photo_request *request, const struct photo *photo)
{
    struct json_writer *writer = &session->truth;
    json_write_object(writer, NULL);
    json_write_text(writer, "frame", name);
    json_write_text(writer, "roll", request->roll->number);
    json_write_int(writer, "n", request->bag->n);
    json_write_text(writer, "serial", request->bag->serial);
    json_write_text(writer, "code", request->bag->code);
    json_write_bool(writer, "swapped", request->roll != session->roll);
    json_write_text(writer, "damage", damage_word(request->damage));
    write_quad(writer, "bag", &photo->bag);
    write_quad(writer, "symbol", &photo->symbol);
    write_tablets(writer, photo);
    json_write_object_end(writer);
}

static bool take_frame(struct session *session, const struct photo_request *request,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct photo photo;
    const char *bytes = NULL;
    size_t length = 0;
    char name[32];
    char path[RW_FILE_PATH_MAX];
    (void)snprintf(name, sizeof name, "f%04d.png", ++session->frame);
    if (!photo_take(request, arena, &photo, err) ||
        !photo_write_png(&photo, arena, &bytes, &length, err) ||
        !rw_file_join(path, session->folder, name, err) ||
        !rw_file_write(path, bytes, length, 0600, err))
        return false;
    write_truth(session, name, request, &photo);
    return true;
}

static bool take_bag(struct session *session, const struct bag *bag, struct rw_arena *arena,
                     struct rw_error *err)
{
    const struct change *swap = find_change(session, CHANGE_SWAP, bag->n);
    const struct change *damage = find_change(session, CHANGE_DAMAGE, bag->n);
    if (find_change(session, CHANGE_MISSING, bag->n) != NULL)
        return true;
    struct photo_request request = { .desk = &session->desk,
                                     .roll = session->roll,
                                     .bag = bag,
                                     .seed = (uint64_t)session->seed * 4096 + (uint64_t)bag->n,
                                     .damage = damage == NULL ? DAMAGE_NONE : damage->damage,
                                     .without_tablets = session->without_tablets,
                                     .perfect = session->perfect };
    if (swap != NULL) {
        request.roll = swap->other;
        request.bag = find_bag(swap->other, swap->other_n);
        if (request.bag == NULL)
            return rw_error_set(err, RW_NOT_FOUND, "", "the other roll has no bag %d",
                                swap->other_n);
    }
    return take_frame(session, &request, arena, err);
}

static bool take_all(struct session *session, struct rw_arena *frame_arena, struct rw_error *err)
{
    struct json_writer *writer = &session->truth;
    rw_text_init(&session->truth_text, session->arena, TRUTH_BYTES_MAX);
    json_write_init(writer, &session->truth_text);
    json_write_object(writer, NULL);
    json_write_text(writer, "format", "rolwacht/truth/1");
    json_write_text(writer, "roll", session->roll->number);
    json_write_list(writer, "frames");
    for (size_t i = 0; i < session->roll->bag_count; i++) {
        rw_arena_reset(frame_arena);
        if (!take_bag(session, &session->roll->bags[i], frame_arena, err))
            return false;
    }
    json_write_list_end(writer);
    json_write_list(writer, "missing");
    for (size_t i = 0; i < session->change_count; i++)
        if (session->changes[i].kind != CHANGE_DAMAGE)
            json_write_int(writer, NULL, session->changes[i].n);
    json_write_list_end(writer);
    json_write_object_end(writer);
    rw_text_add_char(&session->truth_text, '\n');
    const char *text = NULL;
    char path[RW_FILE_PATH_MAX];
    return rw_text_finish(&session->truth_text, &text, err) &&
           rw_file_join(path, session->folder, "truth.json", err) &&
           rw_file_write(path, text, session->truth_text.length, 0600, err);
}

static bool run(struct session *session, int argc, char **argv, struct rw_error *err)
{
    if (!rw_crypto_init(err) || !read_options(session, argc, argv, err) ||
        !read_roll(session, session->roll_path, &session->roll, err) ||
        !rw_file_make_folder(session->folder, 0700, err) ||
        !canvas_open(&session->desk.canvas, err))
        return false;
    struct rw_arena *frame_arena = rw_arena_open(FRAME_MEMORY_MAX);
    bool done = frame_arena == NULL ? rw_error_set(err, RW_NO_MEMORY, "", "no memory")
                                    : take_all(session, frame_arena, err);
    rw_arena_close(frame_arena);
    canvas_close(session->desk.canvas);
    return done;
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        fputs(usage, argc < 2 ? stderr : stdout);
        return argc < 2 ? rw_error_exit_status(RW_USAGE) : 0;
    }
    static struct session session;
    struct rw_error err = { 0 };
    session.arena = rw_arena_open(MEMORY_MAX);
    if (session.arena == NULL || !run(&session, argc, argv, &err))
        fprintf(stderr, "photograph: %s%s%s\n", err.at, err.at[0] == '\0' ? "" : ": ", err.text);
    rw_arena_close(session.arena);
    return rw_error_exit_status(err.code);
}
