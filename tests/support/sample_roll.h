/* SPDX-License-Identifier: Apache-2.0 */
/* Invents signed rolls from a seed, for tests and pictures. */
#ifndef RW_TESTS_SUPPORT_SAMPLE_ROLL_H
#define RW_TESTS_SUPPORT_SAMPLE_ROLL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/model/roll.h"
#include "core/model/tag.h"

/* The key of every sample: bytes 00 to 1f, as in the vectors of the tag. */
extern const uint8_t sample_roll_key[RW_HMAC_KEY_BYTES];

struct sample_roll_request {
    uint64_t seed; /* chooses person, roll number and medicines */
    int32_t days;  /* 1 to 60 */
    int32_t dpi;
    const char *language;     /* NULL = "nl" */
    enum tag_profile profile; /* gs1 uses a GTIN of the example prefix 952 */
    bool remade;              /* the same bags under serials that the roll does not have else */
};

/* Header, doses at up to four moments a day from 2026-11-23, trailer; everything signed. */
RW_MUST_USE bool sample_roll_make(const struct sample_roll_request *request, struct rw_arena *arena,
                                  struct roll **ret_roll, struct rw_error *err);

/* A product of the invented shelf. */
struct bag_content sample_roll_content(struct rw_random *random);

#endif
