/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a comparison of two rolls as rolwacht/diff/1. */
#ifndef RW_ROLL_BUILDER_AMEND_JSON_H
#define RW_ROLL_BUILDER_AMEND_JSON_H

#include "core/json/json_write.h"
#include "core/model/roll.h"
#include "roll-builder/amend.h"

#define AMEND_JSON_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* The members of an object that was begun. */
void amend_json_write(struct json_writer *writer, const struct roll *old_roll,
                      const struct roll *new_roll, const struct amendment *amendment);

#endif
