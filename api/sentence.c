/* SPDX-License-Identifier: Apache-2.0 */
/* Says a sentence of the program in the language of its reader. */
#include "api/sentence.h"

#include <stdio.h>
#include <string.h>

#include "api/template.h"
#include "core/base/text.h"

#define GAP "…"
#define GAP_BYTES (sizeof GAP - 1)

struct span {
    const char *at;
    size_t length;
};

/* What was written into the gaps of a row. */
struct fit {
    const struct json *row; /* NULL: none */
    size_t own;             /* bytes that the row and the sentence share */
    size_t gaps;
    struct span held[SENTENCE_GAPS_MAX];
};

/* Where the next of the row's own words begin in what is left; the last of them stand at the end.
 */
static const char *find_words(const struct span *words, bool last, const struct span *left)
{
    if (words->length > left->length)
        return NULL;
    if (last) {
        const char *at = left->at + left->length - words->length;
        return memcmp(at, words->at, words->length) == 0 ? at : NULL;
    }
    for (size_t i = 0; i + words->length <= left->length; i++) {
        if (memcmp(left->at + i, words->at, words->length) == 0)
            return left->at + i;
    }
    return NULL;
}

static struct span words_before_gap(const char *row)
{
    const char *gap = strstr(row, GAP);
    return (struct span){ row, gap ? (size_t)(gap - row) : strlen(row) };
}

static bool fits(const struct json *row, struct span left, struct fit *fit)
{
    struct span words = words_before_gap(row->name);
    bool last = row->name[words.length] == '\0';
    *fit = (struct fit){ .row = row, .own = words.length };
    if (words.length > left.length || memcmp(left.at, words.at, words.length) != 0 ||
        (last && words.length != left.length))
        return false;
    left = (struct span){ left.at + words.length, left.length - words.length };
    while (!last) { /* each round goes behind one gap of the row */
        words = words_before_gap(words.at + words.length + GAP_BYTES);
        last = words.at[words.length] == '\0';
        const char *found = find_words(&words, last, &left);
        if (!found || fit->gaps == SENTENCE_GAPS_MAX)
            return false;
        size_t held = (size_t)(found - left.at);
        fit->held[fit->gaps++] = (struct span){ left.at, held };
        left = (struct span){ found + words.length, left.length - held - words.length };
        fit->own += words.length;
    }
    return left.length == 0;
}

static struct fit find_row(const struct json *rows, struct span english)
{
    struct fit best = { 0 };
    for (const struct json *row = rows->first; row; row = row->next) {
        struct fit fit;
        if (row->kind == JSON_TEXT && fits(row, english, &fit) && (!best.row || fit.own > best.own))
            best = fit;
    }
    return best;
}

/* The word of a kind, or what was written; one by one in a list ("morning, evening"). */
static void say_words(const struct sentence_book *book, const struct span *kind, struct span held,
                      struct rw_text *text)
{
    while (held.length > 0) { /* each round takes a byte at least */
        size_t length = 0;
        char word[TEMPLATE_NAME_MAX];
        const char *said = NULL;
        while (length < held.length && held.at[length] != ',' && held.at[length] != ' ')
            length++;
        int written = snprintf(word, sizeof word, "%.*s.%.*s", (int)kind->length, kind->at,
                               (int)length, held.at);
        if (written > 0 && (size_t)written < sizeof word)
            said = template_word(book->words, word);
        rw_text_add_n(text, said ? said : held.at, said ? strlen(said) : length);
        if (length < held.length)
            rw_text_add_n(text, held.at + length++, 1);
        held = (struct span){ held.at + length, held.length - length };
    }
}

/* "{2}" or "{2:state}"; gives what stands behind it, NULL where it is none. */
static const char *say_gap(const struct sentence_book *book, const struct fit *fit, const char *at,
                           struct rw_text *text)
{
    size_t length = strcspn(at, "}");
    size_t gap = (size_t)(at[1] - '1');
    if (at[1] < '1' || gap >= fit->gaps || at[length] != '}' || (length > 2 && at[2] != ':'))
        return NULL;
    const struct span *held = &fit->held[gap];
    const struct span kind = { at + 3, length > 3 ? length - 3 : 0 };
    if (kind.length > 0)
        say_words(book, &kind, *held, text);
    else
        rw_text_add_n(text, held->at, held->length);
    return at + length + 1;
}

static void say_row(const struct sentence_book *book, const struct fit *fit, struct rw_text *text)
{
    const char *at = fit->row->text;
    while (*at) { /* each round goes on by a byte at least */
        const char *behind = *at == '{' ? say_gap(book, fit, at, text) : NULL;
        if (!behind) {
            rw_text_add_n(text, at, 1);
            behind = at + 1;
        }
        at = behind;
    }
}

const char *sentence_say(const struct sentence_book *book, const char *english,
                         struct rw_arena *arena)
{
    struct rw_text text;
    const char *said = NULL;
    if (!book->rows || !english || !english[0])
        return NULL;
    rw_text_init(&text, arena, SENTENCE_BYTES_MAX);
    const char *rest = NULL;
    struct fit fit = find_row(book->rows, (struct span){ english, strlen(english) });
    /* A sentence may hold a colon of its own; ends with the last of them. */
    for (const char *at = strstr(english, ": "); at && !fit.row; at = strstr(at + 2, ": ")) {
        rest = at;
        fit = find_row(book->rows, (struct span){ english, (size_t)(rest - english) });
    }
    if (!fit.row)
        return NULL;
    say_row(book, &fit, &text);
    if (rest) {
        fit = find_row(book->rows, (struct span){ rest + 2, strlen(rest + 2) });
        rw_text_add(&text, ": ");
        if (fit.row)
            say_row(book, &fit, &text);
        else
            rw_text_add(&text, rest + 2);
    }
    return rw_text_finish(&text, &said, NULL) ? said : NULL;
}
