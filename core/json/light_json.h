/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes the light of a line, rolwacht/light/1. */
#ifndef RW_CORE_JSON_LIGHT_JSON_H
#define RW_CORE_JSON_LIGHT_JSON_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/light.h"

#define LIGHT_JSON_BYTES_MAX 4096

RW_MUST_USE bool light_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                                 struct light *ret_light, struct rw_error *err);
RW_MUST_USE bool light_json_write(const struct light *light, struct rw_arena *arena,
                                  const char **ret_bytes, size_t *ret_length, struct rw_error *err);

#endif
