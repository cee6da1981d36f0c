/* SPDX-License-Identifier: Apache-2.0 */
/* Finds words such as "when needed" and "once a week" in a wording. */
#include "roll-builder/text_manner.h"

#include <stddef.h>
#include <string.h>

#include "roll-builder/text_hint.h"

#define TEXT_MAX 4096 /* bytes of a text that are looked at */

static const char *const needs[] = {
    "zo nodig",    "zonodig",       "indien nodig",      "wanneer nodig",
    "bei bedarf",  "nach bedarf",   "bedarfsmedikation", "as needed",
    "as required", "if needed",     "if required",       "if necessary",
    "when needed", "when required", "when necessary",    "prn",
    "p.r.n.",      "au besoin",     "si besoin",         "en cas de besoin",
    NULL
};
static const char *const rare[] = { "per week",
                                    "wekelijks",
                                    "per maand",
                                    "maandelijks",
                                    "om de dag",
                                    "om de andere dag",
                                    "pro woche",
                                    "w\xC3\xB6"
                                    "chentlich",
                                    "pro monat",
                                    "monatlich",
                                    "jeden zweiten tag",
                                    "alle zwei tage",
                                    "jeden 2. tag",
                                    "weekly",
                                    "monthly",
                                    "times a week",
                                    "once a week",
                                    "twice a week",
                                    "x a week",
                                    "every week",
                                    "per month",
                                    "every other day",
                                    "every second day",
                                    "alternate days",
                                    "par semaine",
                                    "un jour sur deux",
                                    NULL };

static bool is_letter(char one)
{
    return ((one | 0x20) >= 'a' && (one | 0x20) <= 'z') || (unsigned char)one >= 0x80;
}

static bool starts_one(const char *at, const char *const *phrases)
{
    for (size_t i = 0; phrases[i] != NULL; i++) {
        if (text_hint_follows(at, phrases[i]))
            return true;
    }
    return false;
}

void text_manner_find(const char *text, struct text_manner *ret_manner)
{
    struct text_manner manner = { 0 };
    const size_t length = text == NULL ? 0 : strlen(text);
    for (size_t i = 0; length <= TEXT_MAX && i < length; i++) {
        if (i > 0 && is_letter(text[i - 1]))
            continue;
        manner.as_needed = manner.as_needed || starts_one(text + i, needs);
        manner.rarer = manner.rarer || starts_one(text + i, rare);
    }
    *ret_manner = manner;
}
