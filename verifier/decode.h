/* SPDX-License-Identifier: Apache-2.0 */
/* Turns codewords into text in a child; the door to libdmtx. */
#ifndef RW_VERIFIER_DECODE_H
#define RW_VERIFIER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/codewords.h"
#include "verifier/message.h"

#define DECODE_PLACES_MAX 100000 /* that one search may look at */
#define DECODE_PIXELS_MAX 65536  /* of a crop that is searched, or cells of a symbol */

/* libdmtx checks the bytes of strangers with assert(), which ends the process. It therefore runs in
 * the worker of a nursery, and what kills the worker counts as unreadable. A text is one on which
 * libdmtx and our own reading of the codewords agree. */
struct decode;

enum decode_outcome {
    DECODE_NOTHING, /* no text in it */
    DECODE_TEXT,
    DECODE_LOST, /* the worker died or was late; the symbol counts as unreadable */
    DECODE_OUTCOME_COUNT
};

struct decode_text {
    int32_t size; /* of symbology_get */
    struct message message;
    struct picture_quad quad; /* of a search, in the crop */
};

/* Call before any thread of the process is started. Closed by decode_close. */
RW_MUST_USE bool decode_open(struct rw_arena *arena, struct decode **ret_decode,
                             struct rw_error *err);
void decode_close(struct decode *decode);

/* What these (corrected) codewords say. libdmtx is not asked where it would guess: charsets, parts
 * of several symbols, and the long rectangles, which it does not know. */
enum decode_outcome decode_words(struct decode *decode, const struct codewords_layout *layout,
                                 const uint8_t *words, struct decode_text *ret);
/* Looks for one symbol at `places` of a crop of at most DECODE_PIXELS_MAX pixels; `limit_ms` is the
 * ceiling of the time that libdmtx computes, whatever else the machine does. */
enum decode_outcome decode_search(struct decode *decode, const struct picture *crop, int places,
                                  int limit_ms, struct decode_text *ret);
/* The process that works now (0 = none), and how many were lost so far. */
pid_t decode_worker(const struct decode *decode);
uint32_t decode_lost(const struct decode *decode);

#endif
