/* SPDX-License-Identifier: Apache-2.0 */
/* Reads how often a day some wordings say: a hint, never a plan. */
#include "roll-builder/text_hint.h"

#include <stddef.h>
#include <string.h>

#include "core/base/attributes.h"

#define MILLI 1000
#define TIMES_MAX 24
#define TEXT_MAX 4096 /* bytes of a text that are looked at */

static bool is_digit(char one)
{
    return one >= '0' && one <= '9';
}

static bool is_word(char one)
{
    return is_digit(one) || (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
}

bool text_hint_amount(const char **at, int64_t *ret_milli)
{
    const char *text = *at;
    if (strncmp(text, "\xC2\xBD", 2) == 0) { /* one half, U+00BD */
        *at = text + 2;
        *ret_milli = MILLI / 2;
        return true;
    }
    if (!is_digit(*text) || (is_digit(text[1]) && is_digit(text[2])))
        return false;
    int64_t milli = 0;
    for (; is_digit(*text); text++)
        milli = milli * 10 + (*text - '0') * MILLI;
    if ((*text == ',' || *text == '.') && is_digit(text[1])) {
        if (text[1] != '5' || is_digit(text[2]))
            return false;
        milli += MILLI / 2;
        text += 2;
    }
    *at = text;
    *ret_milli = milli;
    return true;
}

/* Three or four amounts with a dash between them and nothing joined to them. */
static bool take_slots(const char *text, struct text_hint *ret_hint)
{
    struct text_hint hint = { .has_slots = true };
    size_t count = 0;
    for (;;) {
        if (count == TEXT_HINT_SLOTS || !text_hint_amount(&text, &hint.slot_milli[count]))
            return false;
        hint.times += hint.slot_milli[count] > 0 ? 1 : 0;
        count++;
        if (*text != '-')
            break;
        text++;
    }
    if (count < 3 || is_word(*text) || *text == '/')
        return false;
    *ret_hint = hint;
    return true;
}

bool text_hint_follows(const char *text, const char *word)
{
    while (*word != '\0' && *text != '\0' && (*text | 0x20) == (*word | 0x20)) {
        text++;
        word++;
    }
    return *word == '\0' && !is_word(*text);
}

/* "3 dd", "3x daags", "3 maal per dag", "3 mal täglich", "3 times a day". */
static bool take_times(const char *text, struct text_hint *ret_hint)
{
    static const char *const words[] = {
        "dd",
        "d.d.",
        "x daags",
        "x per dag",
        "maal per dag",
        "maal daags",
        "keer per dag",
        "x t\xC3\xA4glich",
        "mal t\xC3\xA4glich",
        "times a day",
        "times daily",
        "times per day",
        "x daily",
        "x/dag",
        "x/tag",
    };
    int64_t milli;
    if (!text_hint_amount(&text, &milli) || milli % MILLI != 0)
        return false;
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < RW_COUNT(words); i++) {
        if (text_hint_follows(text, words[i])) {
            *ret_hint = (struct text_hint){ .times = milli / MILLI };
            return ret_hint->times >= 1 && ret_hint->times <= TIMES_MAX;
        }
    }
    return false;
}

/* "twice daily", "driemaal daags", "zweimal am Tag". */
static bool take_words(const char *text, struct text_hint *ret_hint)
{
    static const struct {
        const char *word;
        int64_t times;
    } numbers[] = {
        { "once", 1 },    { "twice", 2 },    { "three times", 3 }, { "four times", 4 },
        { "eenmaal", 1 }, { "tweemaal", 2 }, { "driemaal", 3 },    { "viermaal", 4 },
        { "einmal", 1 },  { "zweimal", 2 },  { "dreimal", 3 },     { "viermal", 4 },
    };
    static const char *const days[] = { "daily",   "a day",          "per day", "daags",
                                        "per dag", "t\xC3\xA4glich", "am tag",  "pro tag" };
    for (size_t i = 0; i < RW_COUNT(numbers); i++) {
        if (!text_hint_follows(text, numbers[i].word))
            continue;
        const char *behind = text + strlen(numbers[i].word);
        while (*behind == ' ')
            behind++;
        for (size_t j = 0; j < RW_COUNT(days); j++) {
            if (text_hint_follows(behind, days[j])) {
                *ret_hint = (struct text_hint){ .times = numbers[i].times };
                return true;
            }
        }
    }
    return false;
}

bool text_hint_find(const char *text, struct text_hint *ret_hint)
{
    bool found = false;
    if (text == NULL || strlen(text) > TEXT_MAX)
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        struct text_hint hint;
        bool inside = at > text && (is_word(at[-1]) || strchr(",.-/", at[-1]) != NULL);
        if (inside || (!take_slots(at, &hint) && !take_times(at, &hint) && !take_words(at, &hint)))
            continue;
        if (found && hint.times != ret_hint->times)
            return false;
        if (!found || hint.has_slots)
            *ret_hint = hint;
        found = true;
    }
    return found;
}
