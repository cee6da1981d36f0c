/* SPDX-License-Identifier: Apache-2.0 */
/* Walks through JSON text, value after value; the door to RapidJSON. */
#ifndef RW_CORE_JSON_JSON_SCAN_H
#define RW_CORE_JSON_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"

/* Told of each value in the order of the text. Texts are decoded and end with their NUL; they may
 * hold another NUL or bytes that are no UTF-8. Numbers are as they were written, without a NUL.
 * A false answer ends the walk. */
struct json_listener {
    void *self;
    bool (*open)(void *self, bool is_object);
    bool (*close)(void *self);
    bool (*name)(void *self, const char *text, size_t length); /* of the member that follows */
    bool (*text)(void *self, const char *text, size_t length);
    bool (*number)(void *self, const char *digits, size_t length);
    bool (*truth)(void *self, bool truth);
    bool (*nothing)(void *self);
};

/* Where a walk ended too early, and why; NULL where the listener ended it. */
struct json_scan_fault {
    size_t offset;
    const char *sentence;
};

#define JSON_SCAN_ROOM 8 /* bytes from the NUL on, which may be read */

/* `bytes` ends with a NUL at `length` and has JSON_SCAN_ROOM bytes from there on; texts are decoded
 * in their place and live as long as it. */
RW_MUST_USE bool json_scan(char *bytes, size_t length, const struct json_listener *listener,
                           struct json_scan_fault *ret_fault);

#endif
