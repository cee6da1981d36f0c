/* SPDX-License-Identifier: Apache-2.0 */
/* The roles that callers have. */
#include "api/role.h"

#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/text.h"

struct role_row {
    const char *word;
    uint32_t bit;
};

static const struct role_row roles[] = {
    { "administrator", ROLE_ADMINISTRATOR },
    { "apotheker", ROLE_APOTHEKER },
    { "assistent", ROLE_ASSISTENT },
    { "operator", ROLE_OPERATOR },
    { "care", ROLE_CARE },
    { "line", ROLE_LINE },
    { "dispenser", ROLE_DISPENSER },
    { "family", ROLE_FAMILY },
    { "auditor", ROLE_AUDITOR },
    { "enrolling", ROLE_ENROLLING },
};

const char *role_word(uint32_t role)
{
    for (size_t i = 0; i < RW_COUNT(roles); i++) {
        if (roles[i].bit == role)
            return roles[i].word;
    }
    return "nobody";
}

bool role_from_word(const char *word, uint32_t *ret_role)
{
    for (size_t i = 0; i < RW_COUNT(roles); i++) {
        if (rw_text_equal(roles[i].word, word)) {
            *ret_role = roles[i].bit;
            return true;
        }
    }
    return false;
}
