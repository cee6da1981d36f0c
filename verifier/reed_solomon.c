/* SPDX-License-Identifier: Apache-2.0 */
/* Mends one block of codewords with its check words. */
#include "verifier/reed_solomon.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define FIELD_POLYNOMIAL 0x12D /* ISO/IEC 16022, 5.7.3 */
#define FIELD_ORDER 255
#define CHECK_MAX 68 /* of one block, 48x48 */

struct field {
    uint8_t power[2 * FIELD_ORDER];
    uint8_t log[256];
};

static void field_init(struct field *field)
{
    int value = 1;
    field->log[0] = 0;
    for (int i = 0; i < FIELD_ORDER; i++) {
        field->power[i] = (uint8_t)value;
        field->power[i + FIELD_ORDER] = (uint8_t)value;
        field->log[value] = (uint8_t)i;
        value <<= 1;
        if (value > 255)
            value ^= FIELD_POLYNOMIAL;
    }
}

static uint8_t multiply(const struct field *field, uint8_t left, uint8_t right)
{
    if (left == 0 || right == 0)
        return 0;
    return field->power[field->log[left] + field->log[right]];
}

static uint8_t divide(const struct field *field, uint8_t left, uint8_t right)
{
    assert(right != 0);
    if (left == 0)
        return 0;
    return field->power[field->log[left] + FIELD_ORDER - field->log[right]];
}

/* The value at 2^exponent of a polynomial whose first word is the highest power. */
static uint8_t evaluate(const struct field *field, const uint8_t *words, int length, int exponent)
{
    uint8_t at = field->power[exponent % FIELD_ORDER];
    uint8_t value = 0;
    for (int i = 0; i < length; i++)
        value = multiply(field, value, at) ^ words[i];
    return value;
}

/* Berlekamp and Massey: the shortest register that makes the syndromes. Gives its length. */
static int find_locator(const struct field *field, const uint8_t *syndrome, int check,
                        uint8_t locator[CHECK_MAX + 1])
{
    uint8_t previous[CHECK_MAX + 1] = { 1 };
    uint8_t last_gap = 1;
    int length = 0;
    int shift = 1;

    memset(locator, 0, CHECK_MAX + 1);
    locator[0] = 1;
    for (int n = 0; n < check; n++) {
        uint8_t gap = syndrome[n];
        for (int i = 1; i <= length; i++)
            gap ^= multiply(field, locator[i], syndrome[n - i]);
        if (gap == 0) {
            shift++;
            continue;
        }
        uint8_t kept[CHECK_MAX + 1];
        memcpy(kept, locator, sizeof kept);
        uint8_t factor = divide(field, gap, last_gap);
        for (int i = 0; i + shift <= check; i++)
            locator[i + shift] ^= multiply(field, factor, previous[i]);
        if (2 * length <= n) {
            length = n + 1 - length;
            memcpy(previous, kept, sizeof previous);
            last_gap = gap;
            shift = 1;
        } else {
            shift++;
        }
    }
    return length;
}

/* Chien's search: the places whose inverse is a root of the locator. */
static int find_places(const struct field *field, const uint8_t *locator, int errors, int length,
                       int places[CHECK_MAX])
{
    int found = 0;
    for (int power = 0; power < length; power++) {
        uint8_t value = 0;
        for (int i = 0; i <= errors; i++) {
            int exponent = (FIELD_ORDER - power) * i % FIELD_ORDER;
            value ^= multiply(field, locator[i], field->power[exponent]);
        }
        if (value != 0)
            continue;
        if (found == errors)
            return -1;
        places[found++] = power;
    }
    return found;
}

/* Forney: how much the word at this power is off. */
static uint8_t find_amount(const struct field *field, const uint8_t *syndrome,
                           const uint8_t *locator, int errors, int power)
{
    int inverse = (FIELD_ORDER - power) % FIELD_ORDER;
    uint8_t above = 0;
    uint8_t below = 0;

    for (int i = 0; i < errors; i++) { /* syndrome * locator, cut at x^errors */
        uint8_t term = 0;
        for (int j = 0; j <= i; j++)
            term ^= multiply(field, syndrome[i - j], locator[j]);
        above ^= multiply(field, term, field->power[inverse * i % FIELD_ORDER]);
    }
    for (int i = 1; i <= errors; i += 2) /* the derivative keeps the odd powers */
        below ^= multiply(field, locator[i], field->power[inverse * (i - 1) % FIELD_ORDER]);
    return below == 0 ? 0 : divide(field, above, below);
}

static bool find_syndrome(const struct field *field, const uint8_t *block, int length, int check,
                          uint8_t syndrome[CHECK_MAX])
{
    bool clean = true;
    for (int i = 0; i < check; i++) {
        syndrome[i] = evaluate(field, block, length, i + 1);
        clean = clean && syndrome[i] == 0;
    }
    return clean;
}

int reed_solomon_mend(uint8_t *block, int length, int check)
{
    assert(length > check && length <= REED_SOLOMON_BLOCK_MAX);
    assert(check > 0 && check <= CHECK_MAX);
    struct field field;
    uint8_t syndrome[CHECK_MAX];
    uint8_t locator[CHECK_MAX + 1];
    int places[CHECK_MAX];

    field_init(&field);
    if (find_syndrome(&field, block, length, check, syndrome))
        return 0;
    int errors = find_locator(&field, syndrome, check, locator);
    if (2 * errors > check || find_places(&field, locator, errors, length, places) != errors)
        return -1;

    uint8_t mended[REED_SOLOMON_BLOCK_MAX];
    memcpy(mended, block, (size_t)length);
    for (int i = 0; i < errors; i++)
        mended[length - 1 - places[i]] ^= find_amount(&field, syndrome, locator, errors, places[i]);
    if (!find_syndrome(&field, mended, length, check, syndrome))
        return -1;
    memcpy(block, mended, (size_t)length);
    return errors;
}

void reed_solomon_protect(uint8_t *block, int length, int check)
{
    assert(length > check && length <= REED_SOLOMON_BLOCK_MAX);
    assert(check > 0 && check <= CHECK_MAX);
    struct field field;
    uint8_t generator[CHECK_MAX + 1] = { 1 };
    uint8_t rest[CHECK_MAX + 1] = { 0 };

    field_init(&field);
    for (int root = 1; root <= check; root++)
        for (int i = root; i > 0; i--) /* multiply by (x + 2^root), highest power first */
            generator[i] ^= multiply(&field, generator[i - 1], field.power[root]);
    for (int i = 0; i < length - check; i++) {
        uint8_t lead = block[i] ^ rest[0];
        for (int j = 0; j < check; j++)
            rest[j] = rest[j + 1] ^ multiply(&field, lead, generator[j + 1]);
    }
    memcpy(block + length - check, rest, (size_t)check);
}
