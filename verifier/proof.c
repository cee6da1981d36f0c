/* SPDX-License-Identifier: Apache-2.0 */
/* Compares a bag's print with the ways its label can be printed. */
#include "verifier/proof.h"

#include "core/model/media.h"
#include "verifier/laying.h"

/* Mean likeness of letters, in thousandths, below which something is missing or another: no way of
 * setting them makes that good. */
#define ALIKE_MIN 880
#define LAID_MIN 6           /* pieces of text that must agree on where the label lies */
#define ROUNDED_MILLI 140.0F /* spot of most letters for each pixel of a dot that rounded them */
#define LAYING_BYTES (192 * RW_ARENA_MIB) /* of the pictures of one label, laid once */
#define DRAWING_BYTES (64 * RW_ARENA_MIB) /* of one drawing of it */

static const int32_t coarse_dpis[] = { 203, 300 };

/* One bag at work: what is laid in one way makes room for the next. */
struct trial {
    const struct proof_view *view;
    struct rw_arena *kept;
    struct rw_arena *laying;
    struct rw_arena *drawing;
};

/* Does every field of the label lie in the frame? */
static bool lies_whole(const struct proof *proof, const struct picture *frame)
{
    for (size_t i = 0; i < proof->print.field_count * 4; i++) {
        const struct print_field *field = &proof->print.fields[i / 4];
        float x = (float)(field->x_um + (i % 2 == 0 ? 0 : field->width_um));
        float y = (float)(field->y_um + (i % 4 < 2 ? 0 : field->height_um));
        struct picture_point at = register_to_frame(&proof->registration, x, y);
        if (!(at.x >= 0 && at.y >= 0 && at.x <= (float)frame->width &&
              at.y <= (float)frame->height))
            return false;
    }
    return true;
}

static bool is_judged(const struct proof *proof)
{
    return proof->is_laid && proof->is_whole;
}

/* A smear lies over letters that are good: no other way of setting them takes it away. */
static bool is_good(const struct proof *proof)
{
    const struct comparison *comparison = &proof->comparison;
    return is_judged(proof) && (comparison->defect_count == 0 || comparison->is_smeared);
}

static bool is_same(struct proof_way one, struct proof_way other)
{
    return one.letters == other.letters && one.dpi == other.dpi;
}

static bool draw(const struct trial *trial, struct proof_way way, struct rw_arena *arena,
                 struct picture *ret_label, struct print *ret_print, struct rw_error *err)
{
    const struct proof_view *view = trial->view;
    const struct print_order order = { view->roll, view->bag, way.letters,
                                       way.dpi > 0 ? way.dpi : view->roll->dpi };
    return view->labels->draw(view->labels->self, &order, arena, ret_label, ret_print, err);
}

/* Finds where the label lies; all that lay there before is gone. */
static bool place(const struct trial *trial, struct proof_way way, struct proof *ret_proof,
                  struct rw_error *err)
{
    struct picture label;
    struct proof proof = { .way = way };
    const struct register_view where = { trial->view->frame, trial->view->symbol, &label,
                                         &proof.print };
    rw_arena_reset(trial->laying);
    if (!draw(trial, way, trial->laying, &label, &proof.print, err) ||
        !register_label(&where, trial->laying, &proof.registration, err))
        return false;
    proof.is_laid = proof.registration.agreeing >= LAID_MIN;
    proof.is_whole = lies_whole(&proof, trial->view->frame);
    *ret_proof = proof;
    return true;
}

/* Copies the fields out of the pictures' arena, with the names that the defects have of them. */
static bool keep_print(const struct trial *trial, struct proof *proof, struct rw_error *err)
{
    const struct print_field *fields = proof->print.fields;
    struct comparison *comparison = &proof->comparison;
    size_t count = proof->print.field_count;
    struct print_field *kept = rw_arena_array(trial->kept, count, sizeof *kept, err);
    if (kept == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        kept[i] = fields[i];
        kept[i].name = rw_arena_text(trial->kept, fields[i].name, err);
        kept[i].text = rw_arena_text(trial->kept, fields[i].text, err);
        if (kept[i].name == NULL || kept[i].text == NULL)
            return false;
        for (size_t k = 0; k < comparison->defect_count && k < VERDICT_DEFECTS_MAX; k++)
            if (comparison->defects[k].field == fields[i].name)
                comparison->defects[k].field = kept[i].name;
    }
    proof->print.fields = kept;
    return true;
}

/* Lays the label over the frame and compares. */
static bool lay(const struct trial *trial, struct proof_way way, float edge_um,
                struct proof *ret_proof, struct rw_error *err)
{
    struct proof proof;
    if (!place(trial, way, &proof, err))
        return false;
    const struct compare_view compared = { &proof.registration, &proof.print, edge_um,
                                           trial->view->bag->content_count == 0 };
    if (is_judged(&proof) && !compare_print(&compared, trial->laying, &proof.comparison, err))
        return false;
    proof.registration.seen = (struct picture){ 0 };
    proof.registration.expected = (struct picture){ 0 };
    *ret_proof = proof;
    return keep_print(trial, ret_proof, err);
}

static bool is_better(const struct proof *one, const struct proof *other)
{
    if (is_judged(one) != is_judged(other))
        return is_judged(one);
    if (one->comparison.defect_count != other->comparison.defect_count)
        return one->comparison.defect_count < other->comparison.defect_count;
    return one->comparison.score_milli > other->comparison.score_milli;
}

/* Compares another way, and keeps what is more alike, and what fits most letters best. */
static bool try_way(const struct trial *trial, struct proof_way way, struct proof *best,
                    struct proof *closest, struct rw_error *err)
{
    struct proof other;
    if (!lay(trial, way, 0, &other, err))
        return false;
    if (is_better(&other, best))
        *best = other;
    if (is_judged(&other) &&
        (!is_judged(closest) || other.comparison.usual_milli < closest->comparison.usual_milli))
        *closest = other;
    return true;
}

/* How alike the letters of this way are to what was seen. */
static bool weigh(const struct trial *trial, struct proof_way way, const struct laying *laying,
                  float *ret_alike, struct rw_error *err)
{
    struct registration drawn = *laying->registration;
    struct picture label;
    struct print print;
    rw_arena_reset(trial->drawing);
    return draw(trial, way, trial->drawing, &label, &print, err) &&
           register_redraw(&label, &print, trial->drawing, &drawn, err) &&
           laying_try(laying, &drawn.expected, trial->drawing, ret_alike, err);
}

/* The way of other software that is most like what was seen. */
static bool choose_way(const struct trial *trial, struct proof_way near, struct proof_way *ret_way,
                       struct rw_error *err)
{
    struct proof proof;
    struct laying laying;
    float most = -1;
    if (!place(trial, near, &proof, err) ||
        !laying_make(&proof.registration, &proof.print, trial->laying, &laying, err))
        return false;
    for (size_t i = 0; i < RW_COUNT(coarse_dpis); i++)
        for (int letters = PRINT_OUTLINED + 1; letters < PRINT_LETTERS_COUNT; letters++) {
            struct proof_way way = { (enum print_letters)letters, coarse_dpis[i] };
            float alike = 0;
            if (!weigh(trial, way, &laying, &alike, err))
                return false;
            if (alike > most) {
                most = alike;
                *ret_way = way;
            }
        }
    return true;
}

/* Compares again where most letters look as if their edges were put on dots of this size. What fits
 * only then is left to a person: a letter may hide in it. */
static bool round_edges(const struct trial *trial, const struct proof *closest, struct proof *best,
                        struct rw_error *err)
{
    struct proof rounded;
    int32_t dpi = closest->way.dpi > 0 ? closest->way.dpi : trial->view->roll->dpi;
    float dot_px = (float)media_um(1, dpi) * closest->registration.px_per_mm / 1000;
    if (!is_judged(closest) || (float)closest->comparison.usual_milli < ROUNDED_MILLI * dot_px)
        return true;
    if (!lay(trial, closest->way, (float)media_um(1, dpi) / 2, &rounded, err))
        return false;
    if (rounded.comparison.defect_count == 0)
        best->comparison.is_rounded = true;
    else if (is_better(&rounded, best))
        *best = rounded;
    return true;
}

static bool try_all(const struct trial *trial, struct proof_way first, struct proof *best,
                    struct rw_error *err)
{
    static const struct proof_way own[] = { { PRINT_FITTED, 0 }, { PRINT_OUTLINED, 0 } };
    struct proof_way way = first;
    if (!lay(trial, first, 0, best, err))
        return false;
    struct proof closest = *best;
    closest.is_laid &= first.letters <= PRINT_OUTLINED;
    for (size_t i = 0; i < RW_COUNT(own); i++)
        if (!is_good(best) && !is_same(own[i], first) &&
            !try_way(trial, own[i], best, &closest, err))
            return false;
    if (is_good(best) || !is_judged(&closest))
        return true;
    struct proof unused = closest;
    if (closest.comparison.score_milli >= ALIKE_MIN &&
        (!choose_way(trial, closest.way, &way, err) ||
         (!is_same(way, first) && !try_way(trial, way, best, &unused, err))))
        return false;
    return is_good(best) || round_edges(trial, &closest, best, err);
}

bool proof_take(const struct proof_view *view, struct proof_way first, struct rw_arena *arena,
                struct proof *ret_proof, struct rw_error *err)
{
    struct trial trial = { view, arena, rw_arena_open(LAYING_BYTES), rw_arena_open(DRAWING_BYTES) };
    bool done = trial.laying != NULL && trial.drawing != NULL
                    ? try_all(&trial, first, ret_proof, err)
                    : rw_error_set(err, RW_NO_MEMORY, "", "no memory to judge a bag");
    rw_arena_close(trial.drawing);
    rw_arena_close(trial.laying);
    return done;
}
