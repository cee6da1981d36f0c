/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of settings that keep nothing, for tests of ceilings. */
#ifndef RW_TESTS_TORTURE_SETTINGS_H
#define RW_TESTS_TORTURE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/error.h"

bool settings_read_policy(const char *bytes, size_t length, struct rw_arena *arena,
                          struct rw_error *err);
bool settings_read_products(const char *bytes, size_t length, struct rw_arena *arena,
                            struct rw_error *err);
bool settings_read_people(const char *bytes, size_t length, struct rw_arena *arena,
                          struct rw_error *err);
bool settings_read_overrides(const char *bytes, size_t length, struct rw_arena *arena,
                             struct rw_error *err);

#endif
