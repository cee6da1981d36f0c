/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs rolls with known faults and counts what is accepted. */
#include "tests/support/judging.h"

#include <stdio.h>
#include <string.h>

#include "core/model/tag.h"
#include "labels/expected.h"
#include "tests/support/reel.h"
#include "tests/support/sample_roll.h"
#include "verifier/image.h"
#include "verifier/inspect.h"
#include "verifier/vision.h"

#define ROLL_BYTES (64 * RW_ARENA_MIB)
#define FRAME_BYTES (256 * RW_ARENA_MIB)
#define ONE_IN 2 /* bags that get a fault, where none lies beside them */
#define QUALITY_MIN 60

struct judging {
    struct judging_order order;
    struct rw_arena *process; /* the decoder's */
    struct rw_arena *roll;
    struct rw_arena *frame;
    struct decode *decode;
    struct layout_desk desk;
    struct expected_labels labels;
};

/* One roll, its faults, and what lies in the film. */
struct trial {
    struct roll *roll;
    struct fault *faults;
    struct faults_shot *shots;
    size_t shot_count;
    struct rw_random random;
    uint64_t seed;
    uint8_t key[RW_HMAC_KEY_BYTES];
    struct sheet_film film;
    enum sheet_printing printing;
    struct photo_look look; /* one camera for the whole roll */
};

bool judging_open(const struct judging_order *order, struct judging **ret_judging,
                  struct rw_error *err)
{
    struct rw_arena *arena = rw_arena_open(ROLL_BYTES);
    struct judging *judging = arena == NULL ? NULL : rw_arena_alloc(arena, sizeof *judging, err);
    if (judging == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory");
    judging->order = *order;
    judging->process = arena;
    judging->roll = rw_arena_open(ROLL_BYTES);
    judging->frame = rw_arena_open(FRAME_BYTES);
    if (judging->roll == NULL || judging->frame == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory");
    if (!rw_crypto_init(err) || !decode_open(arena, &judging->decode, err) || !vision_start(err) ||
        !canvas_open(&judging->desk.canvas, err))
        return false;
    judging->labels = expected_labels_from(&judging->desk);
    *ret_judging = judging;
    return true;
}

void judging_close(struct judging *judging)
{
    decode_close(judging->decode);
    canvas_close(judging->desk.canvas);
    rw_arena_close(judging->frame);
    rw_arena_close(judging->roll);
    rw_arena_close(judging->process);
}

/* Takes products out of bags that hold more than their label can name. */
static void make_fit(struct judging *judging, struct roll *roll)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        struct layout layout;
        struct rw_error none = { 0 };
        while (roll->bags[i].content_count > 1 &&
               !layout_make(&judging->desk, roll, &roll->bags[i], judging->frame, &layout, &none))
            roll->bags[i].content_count--;
    }
    rw_arena_reset(judging->frame);
}

/* The roll, and others that strange bags come from. */
static bool invent(struct judging *judging, struct trial *trial, struct faults_strangers *strangers,
                   struct rw_error *err)
{
    static const int32_t dpis[] = { 203, 300, 300, 600 };
    struct rw_random *random = &trial->random;
    struct sample_roll_request request = {
        .seed = trial->seed,
        .days = 2,
        .dpi = dpis[rw_random_below(random, RW_COUNT(dpis))],
        .language = rw_random_below(random, 4) == 0 ? "en" : "nl",
        .profile = rw_random_below(random, 2) == 0 ? TAG_GS1 : TAG_INTERNAL,
    };
    struct roll *others[3];
    if (!sample_roll_make(&request, judging->roll, &trial->roll, err))
        return false;
    for (int i = 0; i < 2; i++) {
        request.seed = trial->seed + 7919 + (uint64_t)i;
        if (!sample_roll_make(&request, judging->roll, &others[i], err))
            return false;
    }
    others[0]->client = trial->roll->client;
    request.seed = trial->seed;
    request.remade = true;
    if (!sample_roll_make(&request, judging->roll, &others[2], err))
        return false;
    trial->roll->version = 2;
    make_fit(judging, trial->roll);
    for (size_t i = 0; i < RW_COUNT(others); i++)
        make_fit(judging, others[i]);
    *strangers = (struct faults_strangers){ others[0], others[1], others[2] };
    tag_roll_key(sample_roll_key, trial->roll->number, trial->key);
    return true;
}

/* A text that was changed may not fit where the planned one did: then the bag is a good one. */
static void drop_unfit(struct judging *judging, struct trial *trial)
{
    for (size_t i = 0; i < trial->shot_count; i++) {
        struct faults_shot *shot = &trial->shots[i];
        struct layout layout;
        struct rw_error none = { 0 };
        bool is_text = shot->fault.kind >= FAULT_NAME && shot->fault.kind <= FAULT_COUNT;
        if (!is_text ||
            layout_make(&judging->desk, shot->roll, shot->bag, judging->frame, &layout, &none))
            continue;
        trial->faults[shot->index] = shot->fault = (struct fault){ FAULT_NONE, DAMAGE_NONE };
        shot->roll = trial->roll;
        shot->bag = &trial->roll->bags[shot->index];
    }
    rw_arena_reset(judging->frame);
}

/* One printer makes a roll. */
static const enum sheet_printing printings[4] = { SHEET_FITTED, SHEET_ROUNDED, SHEET_FITTED,
                                                  SHEET_OUTLINED };

static bool prepare(struct judging *judging, struct trial *trial, struct rw_error *err)
{
    struct faults_strangers strangers;
    if (!invent(judging, trial, &strangers, err))
        return false;
    size_t count = trial->roll->bag_count;
    trial->faults = rw_arena_array(judging->roll, count, sizeof *trial->faults, err);
    trial->shots = rw_arena_array(judging->roll, 2 * count, sizeof *trial->shots, err);
    if (trial->faults == NULL || trial->shots == NULL)
        return false;
    faults_draw(trial->roll, &strangers, ONE_IN, &trial->random, trial->faults);
    trial->film =
        judging->order.style == PHOTO_ANY ? sheet_film_any(&trial->random) : sheet_film_usual();
    trial->look = photo_look_make(judging->order.style, &trial->random);
    trial->printing = judging->order.style == PHOTO_ANY ? printings[trial->seed % 4] : SHEET_FITTED;
    if (!faults_film(trial->roll, trial->faults, &strangers, &trial->random, judging->roll,
                     trial->shots, &trial->shot_count, err))
        return false;
    drop_unfit(judging, trial);
    return true;
}

/* What the camera gives: half of the time through JPEG. */
static bool take(struct judging *judging, struct trial *trial, size_t shot,
                 struct picture *ret_picture, struct rw_error *err)
{
    const struct sheet_request request = { .desk = &judging->desk,
                                           .roll = trial->shots[shot].roll,
                                           .bag = trial->shots[shot].bag,
                                           .seed = trial->seed * 4096 + shot,
                                           .damage = trial->shots[shot].fault.damage,
                                           .film = trial->film,
                                           .printing = trial->printing };
    struct sheet sheet;
    struct photo photo;
    const char *bytes = NULL;
    size_t length = 0;

    if (!sheet_make(&request, judging->frame, &sheet, err))
        return false;
    const struct photo_request photo_request = {
        .sheets = &sheet,
        .sheet_count = 1,
        .along_mm = (float)sheet.print.height_um / 2000.0F,
        .look = photo_look_next(&trial->look, &trial->random),
        .channels = PHOTO_GREY,
        .seed = trial->seed * 4096 + shot,
    };
    if (!photo_take(&photo_request, judging->frame, &photo, err))
        return false;
    if (rw_random_below(&trial->random, 2) == 0)
        return photo_grey(&photo, judging->frame, ret_picture, err);
    int32_t quality = QUALITY_MIN + (int32_t)rw_random_below(&trial->random, 40);
    return reel_encode(&photo, quality, judging->frame, &bytes, &length, err) &&
           image_read((const uint8_t *)bytes, length, judging->frame, ret_picture, err);
}

static bool has_reason(const struct verdict_bag *bag, enum verdict_reason reason)
{
    for (size_t i = 0; i < bag->reason_count; i++)
        if (bag->reasons[i] == reason)
            return true;
    return false;
}

static bool has_stranger(const struct verdict_report *report, const char *text,
                         enum verdict_reason reason)
{
    for (size_t i = 0; i < report->stranger_count; i++)
        if (strcmp(report->strangers[i].text, text) == 0)
            return report->strangers[i].reason == reason;
    return false;
}

/* Do the reasons say what the fault is? */
static bool is_named(const struct trial *trial, const struct verdict_report *report, size_t index,
                     struct fault fault)
{
    const struct verdict_bag *bag = &report->bags[index];
    const char *code = "";
    for (size_t i = 0; i < trial->shot_count; i++)
        if (trial->shots[i].index == index)
            code = trial->shots[i].bag->code;
    switch (fault.kind) {
    case FAULT_SWAPPED:
        return has_reason(bag, REASON_OUT_OF_ORDER);
    case FAULT_MISSING:
        return has_reason(bag, REASON_NOT_SEEN);
    case FAULT_DOUBLED:
        return has_reason(bag, REASON_TWICE);
    case FAULT_FOREIGN:
    case FAULT_OTHER_CLIENT:
        return has_stranger(report, code, REASON_OTHER_ROLL);
    case FAULT_SUPERSEDED:
        return has_stranger(report, code, REASON_SUPERSEDED);
    case FAULT_NAME:
    case FAULT_BORN:
    case FAULT_DATE:
    case FAULT_TIME:
    case FAULT_DRUG:
    case FAULT_STRENGTH:
    case FAULT_COUNT:
        return has_reason(bag, REASON_TEXT_DIFFERS);
    case FAULT_DAMAGED:
        return fault.damage == DAMAGE_CODE || fault.damage == DAMAGE_BLANK
                   ? has_reason(bag, REASON_CODE_UNREADABLE)
                   : has_reason(bag, REASON_PRINT_DAMAGED) || has_reason(bag, REASON_TEXT_DIFFERS);
    case FAULT_NONE:
    case FAULT_KIND_COUNT:
        break;
    }
    return false;
}

static void tell(const struct trial *trial, const struct verdict_bag *bag, struct fault fault)
{
    const struct verdict_grade *grade = &bag->grade;
    const int8_t marks[] = { grade->overall,         grade->contrast, grade->modulation,
                             grade->fixed_pattern,   grade->axial,    grade->grid,
                             grade->error_correction };
    fprintf(stderr, "seed %llu bag %d %s (%d dpi): %s, likeness %d, grade ",
            (unsigned long long)trial->seed, (int)bag->n, fault_word(fault), (int)trial->roll->dpi,
            verdict_word(bag->verdict), (int)bag->print_score_milli);
    for (size_t i = 0; i < RW_COUNT(marks); i++)
        fputc(verdict_grade_letter(marks[i]), stderr);
    fputc(':', stderr);
    for (size_t i = 0; i < bag->reason_count; i++)
        fprintf(stderr, " %s", verdict_reason_word(bag->reasons[i]));
    for (size_t i = 0; i < bag->defect_count; i++)
        fprintf(stderr, " [%s %s %d %d]", bag->defects[i].field,
                verdict_reason_word(bag->defects[i].reason), (int)bag->defects[i].x_um,
                (int)bag->defects[i].width_um);
    fputc('\n', stderr);
}

static size_t place_of(struct fault fault)
{
    for (size_t i = 0; i < FAULTS_MAX; i++)
        if (faults_at(i).kind == fault.kind && faults_at(i).damage == fault.damage)
            return i;
    return FAULTS_MAX;
}

static void count(const struct trial *trial, const struct verdict_report *report,
                  struct judging_tally *tallies)
{
    for (size_t i = 0; i < report->bag_count; i++) {
        struct fault fault = trial->faults[i];
        if (i > 0 && trial->faults[i - 1].kind == FAULT_SWAPPED)
            fault = trial->faults[i - 1];
        struct judging_tally *tally = &tallies[place_of(fault)];
        const struct verdict_bag *bag = &report->bags[i];
        bool passed = bag->verdict == VERDICT_PASS;
        bool named = is_named(trial, report, i, fault);
        tally->bags++;
        tally->passed += passed;
        tally->unsure += bag->verdict == VERDICT_UNSURE;
        tally->named += named;
        if (fault.kind == FAULT_NONE ? !passed : passed || !named)
            tell(trial, bag, fault);
    }
}

bool judging_roll(struct judging *judging, uint64_t seed,
                  struct judging_tally tallies[FAULTS_MAX + 1], int64_t *bags, struct rw_error *err)
{
    struct trial trial = { .seed = seed, .random = rw_random_seeded(seed) };
    struct inspect *inspect = NULL;
    struct verdict_report report;

    rw_arena_reset(judging->roll);
    if (!prepare(judging, &trial, err))
        return false;
    const struct inspect_setup setup = { .plan = { .roll = trial.roll, .roll_key = trial.key },
                                         .decode = judging->decode,
                                         .labels = &judging->labels,
                                         .policy = decide_policy_default() };
    if (!inspect_open(&setup, judging->roll, &inspect, err))
        return false;
    for (size_t i = 0; i < trial.shot_count; i++) {
        struct picture picture;
        char name[32];
        (void)snprintf(name, sizeof name, "%zu", i);
        rw_arena_reset(judging->frame);
        if (!take(judging, &trial, i, &picture, err) ||
            !inspect_frame(inspect, name, &picture, judging->frame, err))
            return false;
    }
    if (!inspect_finish(inspect, &report, err))
        return false;
    count(&trial, &report, tallies);
    *bags += (int64_t)report.bag_count;
    return true;
}
