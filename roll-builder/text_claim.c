/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the clock times and the amount that some wordings name. */
#include "roll-builder/text_claim.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/attributes.h"
#include "roll-builder/text_hint.h"

#define TEXT_MAX 4096 /* bytes of a text that are looked at */
#define CLOCK_LENGTH 5
#define WORD_MAX 16 /* of a word that is compared; a longer one is cut */

static bool is_digit(char one)
{
    return one >= '0' && one <= '9';
}

static bool is_letter(char one)
{
    return ((one | 0x20) >= 'a' && (one | 0x20) <= 'z') || (unsigned char)one >= 0x80;
}

/* "08:00", with nothing joined to it. */
static bool take_clock(const char **at, int32_t *ret_minute)
{
    const char *text = *at;
    if (!is_digit(text[0]) || !is_digit(text[1]) || text[2] != ':' || !is_digit(text[3]) ||
        !is_digit(text[4]) || is_digit(text[CLOCK_LENGTH]))
        return false;
    int32_t hour = (text[0] - '0') * 10 + text[1] - '0';
    int32_t minute = (text[3] - '0') * 10 + text[4] - '0';
    if (hour > 23 || minute > 59)
        return false;
    *at += CLOCK_LENGTH;
    *ret_minute = hour * 60 + minute;
    return true;
}

/* Moves over what may stand between two times: a comma, "en", "und", "and". */
static const char *skip_joint(const char *at)
{
    static const char *const words[] = { "en", "und", "and" };
    while (*at == ',' || *at == ' ')
        at++;
    for (size_t i = 0; i < RW_COUNT(words); i++) {
        if (text_hint_follows(at, words[i]))
            at += strlen(words[i]);
    }
    while (*at == ' ')
        at++;
    return at;
}

/* The times behind "om", "um" or "at". */
static void take_times(const char *at, struct text_claim *claim)
{
    int32_t minute;
    while (*at == ' ')
        at++;
    while (claim->minute_count < TEXT_CLAIM_TIMES_MAX && take_clock(&at, &minute)) {
        claim->minutes[claim->minute_count++] = minute;
        at = skip_joint(at);
    }
}

/* What an amount of pieces is counted in. */
static const char *const units[] = { "stuk",
                                     "stuks",
                                     "tablet",
                                     "tabletten",
                                     "tablets",
                                     "tablette",
                                     "pil",
                                     "pillen",
                                     "capsule",
                                     "capsules",
                                     "kapsel",
                                     "kapseln",
                                     "st\xC3\xBC"
                                     "ck",
                                     NULL };
/* Behind these stands the most that may be taken, */
static const char *const caps[] = { "maximaal", "maximal", "maximum", "max", "hoogstens", NULL };
/* behind these the upper end of a range. */
static const char *const ranges[] = {
    "tot", "of", "bis", "oder", "to", "or", "a", "\xC3\xA0", NULL
};

/* The last word before this place, in `ret_word`; cut when it is long. */
static void word_before(const char *text, const char *at, char ret_word[WORD_MAX])
{
    size_t length = 0;
    const char *end = at;
    while (end > text && (end[-1] == ' ' || end[-1] == '.' || end[-1] == ','))
        end--;
    const char *start = end;
    while (start > text && is_letter(start[-1]))
        start--;
    for (; start < end && length + 1 < WORD_MAX; start++)
        ret_word[length++] = *start;
    ret_word[length] = '\0';
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (text_hint_follows(word, words[i]))
            return true;
    }
    return false;
}

void text_claim_find(const char *text, struct text_claim *ret_claim)
{
    struct text_claim claim = { 0 };
    bool unclear = false;
    size_t length = text == NULL ? 0 : strlen(text);
    for (size_t i = 0; length <= TEXT_MAX && i < length; i++) {
        const char *at = text + i;
        char left = i == 0 ? ' ' : at[-1];
        if (is_letter(left) || is_digit(left) || strchr(",.-/:", left) != NULL)
            continue;
        if (text_hint_follows(at, "om") || text_hint_follows(at, "um") ||
            text_hint_follows(at, "at"))
            take_times(at + 2, &claim);
        const char *behind = at;
        int64_t milli;
        if (!text_hint_amount(&behind, &milli) || *behind != ' ' || !is_one_of(behind + 1, units))
            continue;
        char before[WORD_MAX];
        word_before(text, at, before);
        if (is_one_of(before, caps))
            continue;
        bool other = claim.dose_milli != 0 && claim.dose_milli != milli;
        unclear = unclear || other || is_one_of(before, ranges);
        claim.dose_milli = milli;
    }
    if (unclear)
        claim.dose_milli = 0;
    *ret_claim = claim;
}
