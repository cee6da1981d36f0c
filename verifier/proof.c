/* SPDX-License-Identifier: Apache-2.0 */
/* Compares a bag's print with the ways its label can be printed. */
#include "verifier/proof.h"

#include "core/model/media.h"

#define LAID_MIN 6           /* pieces of text that must agree on where the label lies */
#define ROUNDED_MILLI 140.0F /* spot of most letters for each pixel of a dot that rounded them */

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

/* Lays the label over the frame and compares. */
static bool lay(const struct proof_view *view, enum proof_letters letters, struct rw_arena *arena,
                struct proof *ret_proof, struct rw_error *err)
{
    const struct expected_labels *labels = view->labels;
    struct picture label;
    struct proof proof = { .letters = letters };
    const struct register_view where = { view->frame, view->symbol, &label, &proof.print };
    bool drawn = letters == PROOF_DOTS ? labels->draw(labels->self, view->roll, view->bag, arena,
                                                      &label, &proof.print, err)
                                       : labels->draw_outlined(labels->self, view->roll, view->bag,
                                                               arena, &label, &proof.print, err);

    if (!drawn || !register_label(&where, arena, &proof.registration, err))
        return false;
    proof.is_laid = proof.registration.agreeing >= LAID_MIN;
    proof.is_whole = lies_whole(&proof, view->frame);
    if (proof.is_laid && proof.is_whole &&
        !compare_print(&proof.registration, &proof.print, 0, arena, &proof.comparison, err))
        return false;
    *ret_proof = proof;
    return true;
}

static bool is_better(const struct proof *one, const struct proof *other)
{
    if (one->is_laid != other->is_laid || one->is_whole != other->is_whole)
        return one->is_laid && one->is_whole;
    if (one->comparison.defect_count != other->comparison.defect_count)
        return one->comparison.defect_count < other->comparison.defect_count;
    return one->comparison.score_milli > other->comparison.score_milli;
}

static bool is_judged(const struct proof *proof)
{
    return proof->is_laid && proof->is_whole;
}

/* Compares again where most letters look as if their edges were put on dots of this size. What fits
 * only then is left to a person: a letter may hide in it. */
static bool round_edges(const struct proof *proof, int32_t dot_um, struct rw_arena *arena,
                        struct proof *ret_proof, struct rw_error *err)
{
    struct proof rounded = *proof;
    float dot_px = (float)dot_um * proof->registration.px_per_mm / 1000;
    if (!is_judged(proof) || (float)proof->comparison.usual_milli < ROUNDED_MILLI * dot_px)
        return true;
    if (!compare_print(&rounded.registration, &rounded.print, (float)dot_um / 2, arena,
                       &rounded.comparison, err))
        return false;
    if (rounded.comparison.defect_count == 0)
        ret_proof->comparison.is_rounded = true;
    else if (is_better(&rounded, ret_proof))
        *ret_proof = rounded;
    return true;
}

bool proof_take(const struct proof_view *view, enum proof_letters first, struct rw_arena *arena,
                struct proof *ret_proof, struct rw_error *err)
{
    struct proof one;
    struct proof other;
    if (!lay(view, first, arena, &one, err))
        return false;
    *ret_proof = one;
    if (is_judged(&one) && one.comparison.defect_count == 0)
        return true;
    if (!lay(view, first == PROOF_DOTS ? PROOF_OUTLINES : PROOF_DOTS, arena, &other, err))
        return false;
    if (is_better(&other, &one))
        *ret_proof = other;
    if (is_judged(ret_proof) && ret_proof->comparison.defect_count == 0)
        return true;
    bool fits_better =
        !is_judged(&one) || other.comparison.usual_milli < one.comparison.usual_milli;
    return round_edges(is_judged(&other) && fits_better ? &other : &one,
                       media_um(1, view->roll->dpi), arena, ret_proof, err);
}
