/* SPDX-License-Identifier: Apache-2.0 */
/* Spoils a label as a whole, as a printer that is fed wrong does. */
#ifndef RW_TESTS_SUPPORT_MISFEED_H
#define RW_TESTS_SUPPORT_MISFEED_H

#include "core/base/random.h"
#include "core/model/picture.h"
#include "core/model/print.h"

/* All change the ink of a label as printed, 0 = ink. */
void misfeed_mirror(struct picture *label);
/* Leaves out the upper or the left part. */
void misfeed_half(struct picture *label, struct rw_random *random);
/* Prints all but the symbol a second time, one to two and a half millimetres aside. */
void misfeed_overprint(struct picture *label, const struct print *print, struct rw_random *random);
/* Prints the last letters of a text again behind it, where its line has room. */
void misfeed_add_word(struct picture *label, const struct print *print, struct rw_random *random);
/* Makes the print smaller by a tenth or so, both ways or across the film alone. */
void misfeed_scale(struct picture *label, struct rw_random *random);

#endif
