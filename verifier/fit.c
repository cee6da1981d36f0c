/* SPDX-License-Identifier: Apache-2.0 */
/* Says which symbols may lie at a place, and how they lie there. */
#include "verifier/fit.h"

#include <math.h>

#include "verifier/track.h"

#define MODULE_MIN_PX 1.9F /* nothing is read below */
#define COARSE_MIN 0.5F    /* measured: the least of any symbol that was read is 0.54 */
#define POWER_MIN 0.30F    /* of both tracks together: below, no clock runs along them */
#define POWER_SURE 1.35F   /* both tracks are clear: the far sides were found */
#define SHIFTS 9           /* the middle and one step to each side */
#define ASPECT_MAX 1.35F   /* how far a candidate's shape may be from the size's … */
#define ASPECT_FAR 6.0F /* … and where its clock is heard well: seen from far aside, stretched */
#define POWER_FAR 0.6F
#define GUESSES_MAX 6 /* sizes and turns whose clock is heard best */

/* A size and a turn that the clock tracks speak for. A rectangle seen from behind stands where one
 * seen from before would lie; a square has the same frame from both sides. */
struct guess {
    int size;
    int turn;
    bool mirrored;
    float power;
};
struct guesses {
    struct guess list[GUESSES_MAX];
    int count;
};

/* Could this quad, with its first corner as the L, be the guessed symbol? */
static bool may_be(const struct picture_quad *quad, const struct guess *guess)
{
    const struct symbology *symbology = symbology_get(guess->size);
    float across = grid_quad_width(quad) / (float)symbology->cols;
    float down = grid_quad_height(quad) / (float)symbology->rows;
    float module = (across + down) / 2;
    float aspect = guess->power >= POWER_FAR ? ASPECT_FAR : ASPECT_MAX;

    return module >= MODULE_MIN_PX && across <= down * aspect && down <= across * aspect;
}

static void keep_guess(struct guesses *guesses, struct guess guess)
{
    int at = guesses->count;
    while (at > 0 && guesses->list[at - 1].power < guess.power)
        at--;
    if (at == GUESSES_MAX)
        return;
    int last = guesses->count < GUESSES_MAX ? guesses->count++ : GUESSES_MAX - 1;
    for (int i = last; i > at; i--)
        guesses->list[i] = guesses->list[i - 1];
    guesses->list[at] = guess;
}

static void guess_sizes(const struct fit *fit, const struct picture_quad *quad, int turn,
                        const struct tracks *tracks, struct guesses *guesses)
{
    struct picture_quad behind = grid_quad_mirrored(quad);

    for (int size = 0; size < SYMBOLOGY_COUNT; size++) {
        const struct symbology *symbology = symbology_get(size);
        int across = wave_index(symbology->cols);
        int down = wave_index(symbology->rows);
        const struct guess sides[] = {
            { size, turn, false,
              tracks->power[TRACK_TOP][across] + tracks->power[TRACK_RIGHT][down] },
            { size, turn, true,
              tracks->power[TRACK_TOP][down] + tracks->power[TRACK_RIGHT][across] },
        };
        if (!fit->sizes[size])
            continue;
        if (sides[0].power >= POWER_MIN && may_be(quad, &sides[0]))
            keep_guess(guesses, sides[0]);
        if (across != down && sides[1].power >= POWER_MIN && may_be(&behind, &sides[1]))
            keep_guess(guesses, sides[1]);
    }
}

/* The best of shifts of half a module. */
static struct grid coarse_fit(const struct fit *fit, const struct picture_quad *quad, int size)
{
    static const int shifts[SHIFTS][2] = { { 0, 0 },   { -1, 0 }, { 1, 0 },  { 0, -1 }, { 0, 1 },
                                           { -1, -1 }, { 1, -1 }, { -1, 1 }, { 1, 1 } };
    struct grid best = { .quad = *quad, .size = size, .score = -1 };
    float module = grid_module_px(&best);

    for (int shift = 0; shift < SHIFTS; shift++) {
        struct picture_quad tried = *quad;
        for (int i = 0; i < 4; i++) {
            tried.corner[i].x += 0.5F * module * (float)shifts[shift][0];
            tried.corner[i].y += 0.5F * module * (float)shifts[shift][1];
        }
        float score = pattern_score(fit->picture, &fit->patterns[size], &tried);
        if (score > best.score) {
            best.score = score;
            best.quad = tried;
        }
    }
    return best;
}

/* Keeps the best few, the best first. */
static void keep_best(struct grid kept[FIT_KEPT_MAX], int *count, const struct grid *grid)
{
    int at = *count;
    while (at > 0 && kept[at - 1].score < grid->score)
        at--;
    if (at == FIT_KEPT_MAX)
        return;
    int last = *count < FIT_KEPT_MAX ? (*count)++ : FIT_KEPT_MAX - 1;
    for (int i = last; i > at; i--)
        kept[i] = kept[i - 1];
    kept[at] = *grid;
}

int fit_place(const struct fit *fit, const struct picture_quad *quad, enum fit_source from,
              struct grid kept[FIT_KEPT_MAX])
{
    struct track_search how = { .picture = fit->picture,
                                .waves = fit->waves,
                                .module_min_px = MODULE_MIN_PX };
    struct tracks tracks[TRACK_TURNS];
    struct guesses guesses = { .count = 0 };
    int count = 0;

    for (int turn = 0; turn < TRACK_TURNS; turn++) {
        if (guesses.count > 0 && guesses.list[0].power >= POWER_SURE)
            break; /* the L is known */
        struct picture_quad turned = grid_quad_turned(quad, turn);
        how.slanted = from == FIT_EDGES && turn == 0;
        track_listen(&how, quad, turn, tracks);
        guess_sizes(fit, &turned, turn, &tracks[turn], &guesses);
    }
    for (int i = 0; i < guesses.count; i++) {
        const struct guess *guess = &guesses.list[i];
        struct picture_quad turned = grid_quad_turned(quad, guess->turn);
        struct tracks heard = tracks[guess->turn];
        if (guess->mirrored) {
            turned = grid_quad_mirrored(&turned);
            heard = track_mirrored(&heard);
        }
        struct picture_quad squared =
            track_squared(&how, &turned, symbology_get(guess->size), &heard);
        struct grid grid = coarse_fit(fit, &squared, guess->size);
        if (grid.score >= COARSE_MIN)
            keep_best(kept, &count, &grid);
    }
    return count;
}
