/* SPDX-License-Identifier: Apache-2.0 */
/* What units, routes and methods of an eMediplan mean for a bag. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED_WORDS_H
#define RW_ROLL_BUILDER_INTAKE_CHMED_WORDS_H

#include "core/model/dosing.h"

/* The unit of the position and that of its medicament; NULL when absent. */
enum dosing_countable chmed_words_unit(const char *position, const char *medicament);
/* Route, and method of administration (CHMED23A alone); NULL when absent. */
enum dosing_route chmed_words_route(const char *route, const char *method);

#endif
