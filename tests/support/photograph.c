/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a roll's bags as a line's camera would see them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "tests/support/photograph_options.h"
#include "tests/support/reel.h"
#include "tests/support/travel.h"

#define MEMORY_MAX (256 * RW_ARENA_MIB)
#define FRAME_MEMORY_MAX (1024 * RW_ARENA_MIB)
#define TRUTH_BYTES_MAX (16 * RW_ARENA_MIB)

struct session {
    struct photograph_options options;
    struct layout_desk desk;
    struct rw_arena *arena;
    struct rw_arena *frame; /* of one frame */
    struct fault *faults;   /* of each bag */
    struct faults_shot *shots;
    size_t shot_count;
    struct rw_text truth_text;
    struct json_writer truth;
    struct rw_random random;
    struct photo_look look; /* of a video: one camera for all frames */
    struct sheet_film film;
};

static size_t index_of(const struct roll *roll, int32_t n)
{
    for (size_t i = 0; i < roll->bag_count; i++)
        if (roll->bags[i].n == n)
            return i;
    return roll->bag_count;
}

/* Draws faults, then does what was asked for by name. */
static bool choose_faults(struct session *session, struct rw_error *err)
{
    const struct photograph_options *options = &session->options;
    const struct roll *roll = options->roll;
    struct faults_strangers strangers = { 0 };

    for (size_t i = 0; i < options->stranger_count; i++) {
        const struct roll *other = options->strangers[i];
        if (rw_text_equal(other->client.id, roll->client.id))
            strangers.same_client = other;
        else
            strangers.other_client = other;
    }
    if (options->one_in > 0)
        faults_draw(roll, &strangers, (uint64_t)options->one_in, &session->random, session->faults);
    for (size_t i = 0; i < options->change_count; i++) {
        size_t index = index_of(roll, options->changes[i].n);
        if (index == roll->bag_count)
            return rw_error_set(err, RW_NOT_FOUND, "", "the roll has no bag %d",
                                (int)options->changes[i].n);
        session->faults[index] = options->changes[i].fault;
    }
    return faults_film(roll, session->faults, &strangers, &session->random, session->arena,
                       session->shots, &session->shot_count, err);
}

/* The bags of other rolls that were asked for by name. */
static bool put_others(struct session *session, struct rw_error *err)
{
    const struct photograph_options *options = &session->options;
    for (size_t i = 0; i < options->change_count; i++) {
        const struct photograph_change *change = &options->changes[i];
        if (change->other == NULL)
            continue;
        size_t other = index_of(change->other, change->other_n);
        if (other == change->other->bag_count)
            return rw_error_set(err, RW_NOT_FOUND, "", "the other roll has no bag %d",
                                (int)change->other_n);
        for (size_t k = 0; k < session->shot_count; k++)
            if (session->shots[k].index == index_of(options->roll, change->n)) {
                session->shots[k].roll = change->other;
                session->shots[k].bag = &change->other->bags[other];
            }
    }
    return true;
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

static void write_tablets(struct json_writer *writer, const struct sheet *sheet)
{
    json_write_list(writer, "pieces");
    for (int32_t i = 0; i < sheet->tablet_count; i++) {
        const struct tablet *tablet = &sheet->tablets[i];
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

/* What one bag in one frame is. */
static void write_truth(struct session *session, const char *name, const struct faults_shot *shot,
                        const struct photo_request *request, size_t sheet)
{
    struct json_writer *writer = &session->truth;
    const struct bag *planned = &session->options.roll->bags[shot->index];
    struct picture_quad bag;
    struct picture_quad symbol;

    photo_quads(request, sheet, &bag, &symbol);
    json_write_object(writer, NULL);
    json_write_text(writer, "frame", name);
    json_write_text(writer, "roll", shot->roll->number);
    json_write_int(writer, "n", shot->bag->n);
    json_write_text(writer, "serial", shot->bag->serial);
    json_write_text(writer, "code", shot->bag->code);
    json_write_bool(writer, "swapped", !rw_text_equal(planned->code, shot->bag->code));
    json_write_text(writer, "fault", fault_word(shot->fault));
    json_write_text(writer, "damage", damage_word(shot->fault.damage));
    write_quad(writer, "bag", &bag);
    write_quad(writer, "symbol", &symbol);
    write_tablets(writer, &request->sheets[sheet]);
    json_write_object_end(writer);
}

static bool make_sheet(struct session *session, size_t shot, struct sheet *ret_sheet,
                       struct rw_arena *arena, struct rw_error *err)
{
    const struct photograph_options *options = &session->options;
    const struct sheet_request request = {
        .desk = &session->desk,
        .roll = session->shots[shot].roll,
        .bag = session->shots[shot].bag,
        .seed = (uint64_t)options->seed * 4096 + shot,
        .damage = session->shots[shot].fault.damage,
        .film = session->film,
        .without_tablets = options->without_tablets,
    };
    return sheet_make(&request, arena, ret_sheet, err);
}

static void choose_look(struct session *session)
{
    const struct photograph_options *options = &session->options;
    session->look = photo_look_make(options->style, &session->random);
    session->film =
        options->style == PHOTO_ANY ? sheet_film_any(&session->random) : sheet_film_usual();
    if (options->style == PHOTO_PERFECT)
        session->film.wrinkle = session->film.glare = 0.0F;
    if (options->scale > 0)
        session->look.px_per_mm = (float)options->scale;
    if (options->video != NULL) /* a bag and a half, so that each is whole in some frame */
        session->look.height = session->look.width * 3 / 2;
    if (options->width > 0) {
        session->look.width = (int32_t)options->width;
        session->look.height = (int32_t)options->height;
    }
}

static bool write_photo(struct session *session, const char *name, const struct photo *photo,
                        struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    char path[RW_FILE_PATH_MAX];
    return reel_encode(photo, (int32_t)session->options.quality, session->frame, &bytes, &length,
                       err) &&
           rw_file_join(path, session->options.folder, name, err) &&
           rw_file_write(path, bytes, length, 0600, err);
}

/* One frame for each thing in the film. */
static bool take_frames(struct session *session, struct rw_error *err)
{
    for (size_t i = 0; i < session->shot_count; i++) {
        struct sheet sheet;
        struct photo photo;
        char name[32];
        rw_arena_reset(session->frame);
        choose_look(session);
        if (!make_sheet(session, i, &sheet, session->frame, err))
            return false;
        const struct photo_request request = {
            .sheets = &sheet,
            .sheet_count = 1,
            .along_mm = (float)sheet.print.height_um / 2000.0F,
            .look = session->look,
            .channels = PHOTO_COLOUR,
            .seed = (uint64_t)session->options.seed * 4096 + i,
        };
        (void)snprintf(name, sizeof name, "f%04zu.%s", i + 1,
                       session->options.quality > 0 ? "jpg" : "png");
        if (!photo_take(&request, session->frame, &photo, err) ||
            !write_photo(session, name, &photo, err))
            return false;
        write_truth(session, name, &session->shots[i], &request, 0);
    }
    return true;
}

/* The sheets that a frame at this place may show: the one in its middle and two on each side. */
static bool make_window(struct session *session, const struct travel_window *window,
                        struct sheet sheets[TRAVEL_SHEETS_MAX], struct rw_error *err)
{
    for (size_t i = 0; i < window->count; i++)
        if (!make_sheet(session, window->first + i, &sheets[i], session->frame, err))
            return false;
    return true;
}

/* The strip runs past the camera. */
static bool take_video(struct session *session, struct rw_error *err)
{
    struct reel *reel = NULL;
    struct travel travel;
    bool done = true;

    choose_look(session);
    if (!travel_plan(session->options.roll, session->shot_count, session->options.hesitate,
                     &session->random, &travel, err))
        return false;
    for (size_t i = 0; done && i < travel.count; i++) {
        struct sheet sheets[TRAVEL_SHEETS_MAX];
        struct travel_window window = travel_window_at(&travel, i);
        struct photo photo;
        rw_arena_reset(session->frame);
        done = make_window(session, &window, sheets, err);
        const struct photo_request request = { .sheets = sheets,
                                               .sheet_count = window.count,
                                               .along_mm = window.along_mm,
                                               .look = session->look,
                                               .channels = PHOTO_COLOUR,
                                               .seed = (uint64_t)session->options.seed * 4096 + i };
        done = done && photo_take(&request, session->frame, &photo, err) &&
               (reel != NULL || reel_open(session->options.video, &photo, &reel, err)) &&
               reel_add(reel, &photo, err);
        char name[32];
        (void)snprintf(name, sizeof name, "%zu", i + 1);
        for (size_t k = 0; done && k < window.count; k++)
            write_truth(session, name, &session->shots[window.first + k], &request, k);
    }
    reel_close(reel);
    return done;
}

static bool take_all(struct session *session, struct rw_error *err)
{
    struct json_writer *writer = &session->truth;
    const struct roll *roll = session->options.roll;
    rw_text_init(&session->truth_text, session->arena, TRUTH_BYTES_MAX);
    json_write_init(writer, &session->truth_text);
    json_write_object(writer, NULL);
    json_write_text(writer, "format", "rolwacht/truth/1");
    json_write_text(writer, "roll", roll->number);
    json_write_list(writer, "frames");
    if (!(session->options.video != NULL ? take_video(session, err) : take_frames(session, err)))
        return false;
    json_write_list_end(writer);
    json_write_list(writer, "missing");
    for (size_t i = 0; i < roll->bag_count; i++) {
        bool seen = false;
        for (size_t k = 0; k < session->shot_count; k++)
            seen = seen || rw_text_equal(session->shots[k].bag->code, roll->bags[i].code);
        if (!seen)
            json_write_int(writer, NULL, roll->bags[i].n);
    }
    json_write_list_end(writer);
    json_write_object_end(writer);
    rw_text_add_char(&session->truth_text, '\n');
    const char *text = NULL;
    char path[RW_FILE_PATH_MAX];
    return rw_text_finish(&session->truth_text, &text, err) &&
           rw_file_join(path, session->options.folder, "truth.json", err) &&
           rw_file_write(path, text, session->truth_text.length, 0600, err);
}

static bool run(struct session *session, int argc, char **argv, struct rw_error *err)
{
    if (!rw_crypto_init(err) ||
        !photograph_options_read(&session->options, argc, argv, session->arena, err) ||
        !rw_file_make_folder(session->options.folder, 0700, err) ||
        !canvas_open(&session->desk.canvas, err))
        return false;
    size_t count = session->options.roll->bag_count;
    session->random = rw_random_seeded((uint64_t)session->options.seed);
    session->faults = rw_arena_array(session->arena, count, sizeof *session->faults, err);
    session->shots = rw_arena_array(session->arena, 2 * count, sizeof *session->shots, err);
    bool done = session->faults != NULL && session->shots != NULL && choose_faults(session, err) &&
                put_others(session, err) && take_all(session, err);
    canvas_close(session->desk.canvas);
    return done;
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        fputs(photograph_options_usage, argc < 2 ? stderr : stdout);
        return argc < 2 ? rw_error_exit_status(RW_USAGE) : 0;
    }
    static struct session session;
    struct rw_error err = { 0 };
    session.arena = rw_arena_open(MEMORY_MAX);
    session.frame = rw_arena_open(FRAME_MEMORY_MAX);
    if (session.arena == NULL || session.frame == NULL || !run(&session, argc, argv, &err))
        fprintf(stderr, "photograph: %s%s%s\n", err.at, err.at[0] == '\0' ? "" : ": ", err.text);
    rw_arena_close(session.frame);
    rw_arena_close(session.arena);
    return rw_error_exit_status(err.code);
}
