/* SPDX-License-Identifier: Apache-2.0 */
/* Which font holds the letters of a script that few labels need. */
#include "labels/script.h"

#include <assert.h>

#define SANS(name, rest) "Noto Sans " name, "Sans" rest
#define SERIF(name) "Noto Serif " name, "Serif" name

/* The living scripts of fonts-noto-core, by the blocks of Unicode. */
static const struct script scripts[SCRIPT_COUNT] = {
    { 0x0530, 0x058F, SANS("Armenian", "Armenian") },
    { 0x0700, 0x074F, SANS("Syriac", "Syriac") },
    { 0x0780, 0x07BF, SANS("Thaana", "Thaana") },
    { 0x07C0, 0x07FF, SANS("NKo", "NKo") },
    { 0x0900, 0x097F, SANS("Devanagari", "Devanagari") },
    { 0x0980, 0x09FF, SANS("Bengali", "Bengali") },
    { 0x0A00, 0x0A7F, SANS("Gurmukhi", "Gurmukhi") },
    { 0x0A80, 0x0AFF, SANS("Gujarati", "Gujarati") },
    { 0x0B00, 0x0B7F, SANS("Oriya", "Oriya") },
    { 0x0B80, 0x0BFF, SANS("Tamil", "Tamil") },
    { 0x0C00, 0x0C7F, SANS("Telugu", "Telugu") },
    { 0x0C80, 0x0CFF, SANS("Kannada", "Kannada") },
    { 0x0D00, 0x0D7F, SANS("Malayalam", "Malayalam") },
    { 0x0D80, 0x0DFF, SANS("Sinhala", "Sinhala") },
    { 0x0E00, 0x0E7F, SANS("Thai", "Thai") },
    { 0x0E80, 0x0EFF, SANS("Lao", "Lao") },
    { 0x0F00, 0x0FFF, SERIF("Tibetan") },
    { 0x1000, 0x109F, SANS("Myanmar", "Myanmar") },
    { 0x10A0, 0x10FF, SANS("Georgian", "Georgian") },
    { 0x1200, 0x139F, SANS("Ethiopic", "Ethiopic") },
    { 0x13A0, 0x13FF, SANS("Cherokee", "Cherokee") },
    { 0x1400, 0x167F, SANS("Canadian Aboriginal", "CanadianAboriginal") },
    { 0x1780, 0x17FF, SANS("Khmer", "Khmer") },
    { 0x1800, 0x18AF, SANS("Mongolian", "Mongolian") },
    { 0x1B00, 0x1B7F, SANS("Balinese", "Balinese") },
    { 0x1C50, 0x1C7F, SANS("Ol Chiki", "OlChiki") },
    { 0x2C80, 0x2CFF, SANS("Coptic", "Coptic") },
    { 0x2D30, 0x2D7F, SANS("Tifinagh", "Tifinagh") },
    { 0xA000, 0xA4CF, SANS("Yi", "Yi") },
    { 0xA500, 0xA63F, SANS("Vai", "Vai") },
    { 0xA980, 0xA9DF, SANS("Javanese", "Javanese") },
};

int32_t script_find(uint32_t character)
{
    for (int32_t i = 0; i < SCRIPT_COUNT; i++)
        if (character >= scripts[i].first && character <= scripts[i].last)
            return i;
    return -1;
}

const struct script *script_at(int32_t number)
{
    assert(number >= 0 && number < SCRIPT_COUNT);
    return &scripts[number];
}
