/* SPDX-License-Identifier: Apache-2.0 */
/* Says what data codewords of a Data Matrix mean. */
#include "verifier/message.h"

#include <string.h>

/* Codewords of the ASCII scheme (ISO/IEC 16022 table 2). */
#define WORD_PAD 129
#define WORD_DIGITS 130
#define WORD_C40 230
#define WORD_BASE256 231
#define WORD_FNC1 232
#define WORD_STRUCTURED_APPEND 233
#define WORD_PROGRAMMING 234
#define WORD_UPPER_SHIFT 235
#define WORD_MACRO_05 236
#define WORD_MACRO_06 237
#define WORD_X12 238
#define WORD_TEXT 239
#define WORD_EDIFACT 240
#define WORD_ECI 241
#define WORD_UNLATCH 254
#define STRUCTURED_APPEND_ARGUMENTS 3
#define SEPARATOR 0x1D
#define UPPER 128
#define EDIFACT_UNLATCH 31

enum scheme { SCHEME_ASCII, SCHEME_C40, SCHEME_TEXT, SCHEME_X12, SCHEME_EDIFACT, SCHEME_BASE256 };

struct walk {
    const uint8_t *words;
    int count;
    int at;
    enum scheme scheme;
    bool ended;  /* by a pad */
    bool broken; /* a rule was not kept */
    int set;     /* of C40 and Text: the shift that holds for the next value */
    int upper;   /* what an upper shift adds to the next character */
    const char *tail;
    struct message *message;
};

static void put(struct walk *walk, int byte)
{
    struct message *message = walk->message;
    int whole = byte + walk->upper;

    walk->upper = 0;
    if (byte < 0 || whole > 255 || message->length == MESSAGE_BYTES_MAX) {
        walk->broken = true;
        return;
    }
    message->bytes[message->length++] = (uint8_t)whole;
}

static void put_text(struct walk *walk, const char *text)
{
    for (; *text != '\0'; text++)
        put(walk, (unsigned char)*text);
}

static int left(const struct walk *walk)
{
    return walk->count - walk->at;
}

/* An extended channel: one, two or three words (5.2.4.7, table 6). */
static void read_eci(struct walk *walk)
{
    const uint8_t *words = walk->words + walk->at;
    int length = left(walk) == 0 || words[0] < 128 ? 1 : words[0] < 192 ? 2 : 3;

    walk->message->special = true;
    if (left(walk) < length || words[0] == 0) {
        walk->broken = true;
        return;
    }
    if (length == 1)
        walk->message->eci = words[0] - 1;
    else if (length == 2)
        walk->message->eci = (words[0] - 128) * 254 + words[1] - 1 + 127;
    else
        walk->message->eci = (words[0] - 192) * 64516 + (words[1] - 1) * 254 + words[2] - 1 + 16383;
    walk->at += length;
}

/* FNC1, structured append, programming and the macros count as such only at the start. */
static bool read_start(struct walk *walk)
{
    switch (walk->words[0]) {
    case WORD_FNC1:
        walk->message->gs1 = true;
        walk->at = 1;
        return true;
    case WORD_STRUCTURED_APPEND:
        walk->message->special = true;
        walk->at = 1 + STRUCTURED_APPEND_ARGUMENTS;
        return walk->count > walk->at;
    case WORD_PROGRAMMING:
        walk->message->special = true;
        walk->at = 1;
        return true;
    case WORD_MACRO_05:
    case WORD_MACRO_06:
        put_text(walk, walk->words[0] == WORD_MACRO_05 ? "[)>\x1e"
                                                         "05\x1d"
                                                       : "[)>\x1e"
                                                         "06\x1d");
        walk->tail = "\x1e\x04";
        walk->at = 1;
        return true;
    }
    return true;
}

static void read_ascii(struct walk *walk)
{
    static const enum scheme latches[] = {
        [WORD_C40 - WORD_C40] = SCHEME_C40,         [WORD_BASE256 - WORD_C40] = SCHEME_BASE256,
        [WORD_X12 - WORD_C40] = SCHEME_X12,         [WORD_TEXT - WORD_C40] = SCHEME_TEXT,
        [WORD_EDIFACT - WORD_C40] = SCHEME_EDIFACT,
    };
    int word = walk->words[walk->at++];

    if (word >= 1 && word <= 128) {
        put(walk, word - 1);
    } else if (word == WORD_PAD) {
        walk->ended = true;
    } else if (word >= WORD_DIGITS && word < WORD_C40) {
        put(walk, '0' + (word - WORD_DIGITS) / 10);
        put(walk, '0' + (word - WORD_DIGITS) % 10);
    } else if (word == WORD_FNC1) {
        put(walk, SEPARATOR);
    } else if (word == WORD_UPPER_SHIFT) {
        walk->upper = UPPER;
    } else if (word == WORD_ECI) {
        read_eci(walk);
    } else if (word == WORD_UNLATCH && left(walk) == 0) {
        walk->ended = true; /* some encoders leave C40 in this way at the very end */
    } else if (word >= WORD_C40 && word <= WORD_EDIFACT && latches[word - WORD_C40] != 0) {
        walk->scheme = latches[word - WORD_C40];
        walk->set = 0;
    } else {
        walk->broken = true;
    }
}

/* The second set of C40 and Text: signs, FNC1 and the upper shift. */
static void put_sign(struct walk *walk, int value)
{
    static const char signs[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_";

    if (value < (int)sizeof signs - 1)
        put(walk, signs[value]);
    else if (value == 27)
        put(walk, SEPARATOR);
    else if (value == 30)
        walk->upper = UPPER;
    else
        walk->broken = true;
}

/* One value of C40, or of Text, which has small and capital letters change places. */
static void put_c40(struct walk *walk, int value)
{
    bool small = walk->scheme == SCHEME_TEXT;
    int set = walk->set;

    walk->set = 0;
    if (set == 0 && value < 3)
        walk->set = value + 1;
    else if (set == 0)
        put(walk, value == 3   ? ' '
                  : value < 14 ? '0' + value - 4
                               : (small ? 'a' : 'A') + value - 14);
    else if (set == 1)
        put(walk, value < 32 ? value : -1);
    else if (set == 2)
        put_sign(walk, value);
    else if (small && value >= 1 && value <= 26)
        put(walk, 'A' + value - 1);
    else
        put(walk, value < 32 ? '`' + value : -1);
}

static void put_x12(struct walk *walk, int value)
{
    static const char signs[] = "\r*> ";
    put(walk, value < 4 ? signs[value] : value < 14 ? '0' + value - 4 : 'A' + value - 14);
}

/* Two words hold three values of 40. A single word at the end is ASCII. */
static void read_triples(struct walk *walk)
{
    if (walk->words[walk->at] == WORD_UNLATCH) {
        walk->at++;
        walk->scheme = SCHEME_ASCII;
        return;
    }
    if (left(walk) < 2) {
        walk->scheme = SCHEME_ASCII;
        return;
    }
    int whole = walk->words[walk->at] * 256 + walk->words[walk->at + 1] - 1;
    int values[3] = { whole / 1600, whole / 40 % 40, whole % 40 };

    walk->at += 2;
    if (whole < 0 || values[0] >= 40) {
        walk->broken = true;
        return;
    }
    for (int i = 0; i < 3; i++) {
        if (walk->scheme == SCHEME_X12)
            put_x12(walk, values[i]);
        else
            put_c40(walk, values[i]);
    }
}

/* Three words hold four values of 64. Two words or fewer at the end are ASCII. */
static void read_edifact(struct walk *walk)
{
    int before = walk->at;

    if (left(walk) < 3) {
        walk->scheme = SCHEME_ASCII;
        return;
    }
    const uint8_t *words = walk->words + walk->at;
    uint32_t bits = (uint32_t)words[0] << 16 | (uint32_t)words[1] << 8 | words[2];
    walk->at += 3;
    for (int i = 0; i < 4; i++) {
        int value = (int)(bits >> (18 - 6 * i) & 63);
        if (value == EDIFACT_UNLATCH) {
            walk->scheme = SCHEME_ASCII;
            walk->at = before + (6 * i + 6 + 7) / 8; /* the rest of the word is filled up */
            return;
        }
        put(walk, value & 32 ? value : value | 64);
    }
}

/* Annex B: what stands at a place is hidden behind a number of that place. */
static int plain(const struct walk *walk, int at)
{
    int veil = 149 * (at + 1) % 255 + 1;
    return (walk->words[at] - veil + 256) % 256;
}

static void read_base256(struct walk *walk)
{
    int length = plain(walk, walk->at++);

    if (length >= 250 && left(walk) > 0)
        length = 250 * (length - 249) + plain(walk, walk->at++);
    else if (length == 0)
        length = left(walk);
    walk->scheme = SCHEME_ASCII;
    if (length > left(walk)) {
        walk->broken = true;
        return;
    }
    for (int i = 0; i < length; i++)
        put(walk, plain(walk, walk->at++));
}

static void read_some(struct walk *walk)
{
    switch (walk->scheme) {
    case SCHEME_ASCII:
        read_ascii(walk);
        return;
    case SCHEME_C40:
    case SCHEME_TEXT:
    case SCHEME_X12:
        read_triples(walk);
        return;
    case SCHEME_EDIFACT:
        read_edifact(walk);
        return;
    case SCHEME_BASE256:
        read_base256(walk);
        return;
    }
}

bool message_read(const uint8_t *words, int count, struct message *ret)
{
    struct walk walk = { .words = words, .count = count, .message = ret };

    ret->gs1 = false;
    ret->special = false;
    ret->eci = MESSAGE_ECI_NONE;
    ret->length = 0;
    if (count < 1 || !read_start(&walk))
        return false;
    /* Each step takes a word or leaves a scheme for ASCII, which takes one. */
    for (int step = 0; step < 2 * count && left(&walk) > 0 && !walk.ended && !walk.broken; step++)
        read_some(&walk);
    if (!walk.broken && walk.tail != NULL)
        put_text(&walk, walk.tail);
    return !walk.broken && ret->length > 0;
}
