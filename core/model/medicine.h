/* SPDX-License-Identifier: Apache-2.0 */
/* What a product is called and by which codes it is known. */
#ifndef RW_CORE_MODEL_MEDICINE_H
#define RW_CORE_MODEL_MEDICINE_H

#include <stdbool.h>
#include <stddef.h>

#define MEDICINE_CODES_MAX 16
#define MEDICINE_SYSTEM_HPK "urn:oid:2.16.840.1.113883.2.4.4.7"
#define MEDICINE_SYSTEM_PRK "urn:oid:2.16.840.1.113883.2.4.4.10"
#define MEDICINE_SYSTEM_GPK "urn:oid:2.16.840.1.113883.2.4.4.1"
#define MEDICINE_SYSTEM_MAGISTRAL \
    "urn:oid:2.16.840.1.113883.2.4.3.11.9999.77.90000000" /* its root */
#define MEDICINE_SYSTEM_ZI "urn:oid:2.16.840.1.113883.2.4.4.8"

struct medicine_code {
    const char *system; /* URI; NULL when none was written */
    const char *code;
    const char *display;
    bool user_selected; /* FHIR Coding.userSelected: the one a person chose */
};

/* The product of an order, as the order says it. Texts are borrowed. */
struct medicine {
    const char *text; /* the best human text; NULL when there is none */
    struct medicine_code *codes;
    size_t code_count;
};

/* "SYSTEM|CODE" is compared; the code that a product table would know best comes first:
 * HPK, ZI, PRK, GPK, any other. NULL when the medicine has no code. */
const struct medicine_code *medicine_best_code(const struct medicine *medicine);
/* Do both name one product: by a code that they share, or by their text where one has no code? */
bool medicine_is_same(const struct medicine *left, const struct medicine *right);
/* A number that a pharmacy gave a magistral product itself, which no other system knows (D7). */
bool medicine_is_magistral(const struct medicine_code *code);

#endif
