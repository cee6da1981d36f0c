/* SPDX-License-Identifier: Apache-2.0 */
/* Says what data codewords of a Data Matrix mean. */
#ifndef RW_VERIFIER_MESSAGE_H
#define RW_VERIFIER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MESSAGE_BYTES_MAX 4096 /* of one symbol; 144x144 holds 3116 digits */
#define MESSAGE_ECI_NONE (-1)
#define MESSAGE_ECI_UTF8 26

/* What one symbol carries (ISO/IEC 16022, 5.2). */
struct message {
    bool gs1;     /* FNC1 comes first */
    bool special; /* a part of several symbols, for the reader itself, or with its own charsets */
    int32_t eci;  /* the last charset that was named, else MESSAGE_ECI_NONE */
    uint32_t length;
    uint8_t bytes[MESSAGE_BYTES_MAX]; /* FNC1 as 0x1D, without the leading one */
};

/* False when the codewords break the rules of their schemes, or carry nothing. */
bool message_read(const uint8_t *words, int count, struct message *ret);

#endif
