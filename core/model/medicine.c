/* SPDX-License-Identifier: Apache-2.0 */
/* What a product is called and by which codes it is known. */
#include "core/model/medicine.h"

#include "core/base/attributes.h"
#include "core/base/text.h"

static size_t rank(const struct medicine_code *code)
{
    static const char *const order[] = { MEDICINE_SYSTEM_HPK, MEDICINE_SYSTEM_ZI,
                                         MEDICINE_SYSTEM_PRK, MEDICINE_SYSTEM_GPK };
    size_t at = 0;
    while (at < RW_COUNT(order) && !rw_text_equal(code->system, order[at]))
        at++;
    return at;
}

const struct medicine_code *medicine_best_code(const struct medicine *medicine)
{
    const struct medicine_code *best = NULL;
    for (size_t i = 0; i < medicine->code_count; i++) {
        const struct medicine_code *code = &medicine->codes[i];
        if (code->code != NULL && (best == NULL || rank(code) < rank(best)))
            best = code;
    }
    return best;
}

bool medicine_is_magistral(const struct medicine_code *code)
{
    return code->system != NULL && rw_text_starts_with(code->system, MEDICINE_SYSTEM_MAGISTRAL);
}

bool medicine_is_same(const struct medicine *left, const struct medicine *right)
{
    for (size_t i = 0; i < left->code_count; i++) {
        for (size_t j = 0; j < right->code_count; j++) {
            if (left->codes[i].code != NULL &&
                rw_text_equal(left->codes[i].code, right->codes[j].code) &&
                rw_text_equal(left->codes[i].system, right->codes[j].system))
                return true;
        }
    }
    return (left->code_count == 0 || right->code_count == 0) && left->text != NULL &&
           rw_text_equal(left->text, right->text);
}
