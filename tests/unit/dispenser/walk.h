/* SPDX-License-Identifier: Apache-2.0 */
/* A dispenser that walks through a strip step by step. */
#ifndef RW_TESTS_UNIT_DISPENSER_WALK_H
#define RW_TESTS_UNIT_DISPENSER_WALK_H

#include "dispenser/loop.h"
#include "strip.h"

extern struct strip strip;
extern struct loop_state current; /* as the last step left it */
extern struct loop_result result; /* of the last step */

/* A strip of version 7 for "d-1" and a dispenser that knows nothing. */
void walk_begin(void);
/* One act at a wall time of the first day; `code` is what the eye sees, or NULL. */
void walk_act(const struct schedule *schedule, enum loop_act act, const char *code, int32_t hour,
              int32_t minute);
/* The same on `strip`, where nothing lies before the eye. */
void walk_step(enum loop_act act, int32_t hour, int32_t minute);
/* Puts the strip in with its n-th bag (from 1) in front. */
enum loading_answer walk_load(int32_t n, int32_t hour, int32_t minute);

#endif
