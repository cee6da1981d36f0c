/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps look-alikes from standing beside each other in a bag. */
#ifndef RW_ROLL_BUILDER_APART_H
#define RW_ROLL_BUILDER_APART_H

#include <stddef.h>

#include "core/model/roll.h"
#include "roll-builder/line.h"

/* D42: two look-alikes of one bag get another product between them, where there is one. All else
 * keeps its place, so that one moment is told in one order on every day. */
void apart_place(struct roll *roll, const struct line *lines, size_t count);

#endif
