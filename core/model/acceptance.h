/* SPDX-License-Identifier: Apache-2.0 */
/* Decides whether a roll's verdicts let it be released (D50 to D55). */
#ifndef RW_CORE_MODEL_ACCEPTANCE_H
#define RW_CORE_MODEL_ACCEPTANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/verdict.h"

/* The last verdict about one bag that belongs to the roll. Texts are borrowed. */
struct acceptance_bag {
    const char *serial;
    enum verdict verdict; /* VERDICT_UNDECIDED: nobody judged it */
    bool dose;            /* header and trailer have no pieces */
    bool by_person;
    bool pieces_judged;
    const char *by;      /* the line or the person; NULL when nobody judged it */
    const char *reasons; /* words of the contract with spaces between; "" = none */
};

/* May a named person let this bag pass? Never one that was not seen, and never one whose code says
 * that it is another bag (D51): that bag is made again. `ret_why` is then the reason. */
bool acceptance_may_pass(const struct acceptance_bag *bag, const char **ret_why);
/* Are all bags good: the last verdict is "pass"? RW_CONFLICT names the first that is not. */
RW_MUST_USE bool acceptance_all_pass(const struct acceptance_bag *bags, size_t count,
                                     struct rw_error *err);
/* The same, and the contents were judged too: of each bag by a camera, or by the person who let it
 * pass, or of the whole roll by somebody who `counted` it. */
RW_MUST_USE bool acceptance_may_release(const struct acceptance_bag *bags, size_t count,
                                        bool counted, struct rw_error *err);

/* Does the roll hold a medicine that asks for a second pair of eyes (D11, D55)? */
bool acceptance_is_high_risk(const struct roll *roll);
/* Who planned such a roll does not approve it. RW_CONFLICT. */
RW_MUST_USE bool acceptance_may_approve(const struct roll *roll, const char *planned_by,
                                        const char *approver, struct rw_error *err);

/* Who had a hand in a roll, beside those who judged single bags; NULL: nobody. */
struct acceptance_hands {
    const char *printed_by;
    const char *remade_by; /* who releases, when that person made bags again */
    const char *counted_by;
};
/* Who releases such a roll is nobody who packed it, let a bag pass or counted. RW_CONFLICT says
 * what that person did. */
RW_MUST_USE bool acceptance_four_eyes(const struct acceptance_bag *bags, size_t count,
                                      const struct acceptance_hands *hands, const char *releaser,
                                      struct rw_error *err);

#endif
