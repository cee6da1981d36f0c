/* SPDX-License-Identifier: Apache-2.0 */
/* Turns codewords into text in a child; the door to libdmtx. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/decode.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include <dmtx.h>

#include "verifier/nursery.h"

#define GROUP_SEPARATOR 29 /* what libdmtx writes for FNC1 */
#define FNC1_WORD 232      /* as the first codeword: GS1 (ISO/IEC 16022, 5.2.4.6) */
#define WORDS_LIMIT_MS 200 /* decoding takes microseconds */
#define SEARCH_GAP 3       /* pixels between the places where a search starts */

enum question { QUESTION_WORDS, QUESTION_SEARCH };

/* Of `bytes` only the used part travels. */
struct ask {
    int32_t question;
    int32_t size;
    int32_t places; /* that a search looks at */
    int32_t width;
    int32_t height;
    uint8_t bytes[DECODE_PIXELS_MAX];
};
struct answer {
    int32_t outcome;
    struct decode_text text;
};
_Static_assert(sizeof(struct ask) <= NURSERY_ASK_MAX, "a question fits");
_Static_assert(sizeof(struct answer) <= NURSERY_ANSWER_MAX, "an answer fits");

struct decode {
    struct nursery *nursery;
    struct ask ask;
    struct decode_text second; /* libdmtx's reading of what we read */
};

/* --- in the worker --- */

static void take_message(const DmtxMessage *message, struct answer *answer)
{
    size_t length = message->outputIdx > 0 ? (size_t)message->outputIdx : 0;
    const uint8_t *bytes = message->output;

    if (length > message->outputSize)
        return;
    answer->text.message.gs1 = message->codeSize > 0 && message->code[0] == FNC1_WORD;
    if (answer->text.message.gs1 && length > 0 && bytes[0] == GROUP_SEPARATOR) {
        bytes++;
        length--;
    }
    if (length == 0 || length > MESSAGE_BYTES_MAX)
        return;
    memcpy(answer->text.message.bytes, bytes, length);
    answer->text.message.length = (uint32_t)length;
    answer->outcome = DECODE_TEXT;
}

static void answer_words(const struct ask *ask, struct answer *answer)
{
    DmtxMessage *message = dmtxMessageCreate(ask->size, DmtxFormatMatrix);
    size_t cells = (size_t)ask->width * (size_t)ask->height;

    if (message == NULL)
        return;
    if (message->arraySize == cells) {
        message->fnc1 = GROUP_SEPARATOR;
        for (size_t i = 0; i < cells; i++)
            message->array[i] =
                ask->bytes[i] ? DmtxModuleOnRGB | DmtxModuleAssigned : DmtxModuleAssigned;
        DmtxMessage *read = dmtxDecodePopulatedArray(ask->size, message, DmtxUndefined);
        if (read == NULL)
            return; /* libdmtx has freed the message */
        take_message(read, answer);
    }
    answer->text.size = ask->size;
    dmtxMessageDestroy(&message);
}

/* The corners of the region; libdmtx counts rows from the bottom. */
static void take_corners(const DmtxRegion *region, int height, struct picture_quad *quad)
{
    static const double corners[4][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } };
    for (int i = 0; i < 4; i++) {
        DmtxVector2 at = { corners[i][0], corners[i][1] };
        if (dmtxMatrix3VMultiplyBy(&at, (double(*)[3])region->fit2raw) != DmtxPass)
            return;
        quad->corner[i].x = (float)at.X;
        quad->corner[i].y = (float)height - (float)at.Y;
    }
}

/* How long this process has computed. */
static int64_t own_ms(void)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* the clock exists */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Looks at so many places of libdmtx's scan: a count, as on a machine with much else to do a time
 * ends sooner. A moment that has passed makes libdmtx return after one place. */
static void search_regions(DmtxDecode *decode, const struct ask *ask, int limit_ms,
                           struct answer *answer)
{
    const int64_t until_ms = own_ms() + limit_ms;
    DmtxTime past = { 0, 0 };

    for (int place = 0; place < ask->places && answer->outcome == DECODE_NOTHING; place++) {
        if (own_ms() > until_ms)
            return;
        DmtxRegion *region = dmtxRegionFindNext(decode, &past);
        if (region == NULL)
            continue;
        DmtxMessage *message = dmtxDecodeMatrixRegion(decode, region, DmtxUndefined);
        if (message != NULL) {
            take_message(message, answer);
            take_corners(region, ask->height, &answer->text.quad);
            answer->text.size = region->sizeIdx;
            dmtxMessageDestroy(&message);
        }
        dmtxRegionDestroy(&region);
    }
}

static void answer_search(struct ask *ask, int limit_ms, struct answer *answer)
{
    DmtxImage *image = dmtxImageCreate(ask->bytes, ask->width, ask->height, DmtxPack8bppK);
    DmtxDecode *decode = image == NULL ? NULL : dmtxDecodeCreate(image, 1);

    if (decode != NULL) {
        dmtxDecodeSetProp(decode, DmtxPropFnc1, GROUP_SEPARATOR);
        dmtxDecodeSetProp(decode, DmtxPropScanGap, SEARCH_GAP);
        search_regions(decode, ask, limit_ms, answer);
        dmtxDecodeDestroy(&decode);
    }
    if (image != NULL)
        dmtxImageDestroy(&image);
}

static bool is_sound(const struct ask *ask, size_t length)
{
    if (length < offsetof(struct ask, bytes) || ask->width < 1 || ask->height < 1 ||
        ask->places > DECODE_PLACES_MAX || ask->width > DECODE_PIXELS_MAX ||
        ask->height > DECODE_PIXELS_MAX / ask->width)
        return false;
    return length == offsetof(struct ask, bytes) + (size_t)ask->width * (size_t)ask->height;
}

static size_t work(void *ask_bytes, size_t length, int limit_ms, void *answer_bytes)
{
    struct ask *ask = ask_bytes;
    struct answer *answer = answer_bytes;

    if (!is_sound(ask, length))
        return sizeof *answer;
    if (ask->question == QUESTION_WORDS)
        answer_words(ask, answer);
    else
        answer_search(ask, limit_ms, answer);
    return sizeof *answer;
}

/* --- in the caller --- */

bool decode_open(struct rw_arena *arena, struct decode **ret_decode, struct rw_error *err)
{
    struct decode *decode = rw_arena_alloc(arena, sizeof *decode, err);
    if (decode == NULL || !nursery_open(work, arena, &decode->nursery, err))
        return false;
    *ret_decode = decode;
    return true;
}

void decode_close(struct decode *decode)
{
    if (decode != NULL)
        nursery_close(decode->nursery);
}

static enum decode_outcome exchange(struct decode *decode, int limit_ms, struct decode_text *ret)
{
    const struct ask *ask = &decode->ask;
    size_t length = offsetof(struct ask, bytes) + (size_t)ask->width * (size_t)ask->height;
    const void *bytes = NULL;

    if (!nursery_ask(decode->nursery, ask, length, limit_ms, &bytes))
        return DECODE_LOST;
    const struct answer *answer = bytes;
    if (answer->outcome != DECODE_TEXT || answer->text.message.length > MESSAGE_BYTES_MAX)
        return DECODE_NOTHING;
    *ret = answer->text;
    return DECODE_TEXT;
}

/* Says the other reading the same? */
static bool is_same(const struct message *ours, const struct message *theirs)
{
    return ours->gs1 == theirs->gs1 && ours->length == theirs->length &&
           memcmp(ours->bytes, theirs->bytes, ours->length) == 0;
}

enum decode_outcome decode_words(struct decode *decode, const struct codewords_layout *layout,
                                 const uint8_t *words, struct decode_text *ret)
{
    struct ask *ask = &decode->ask;
    int cells = layout->map_rows * layout->map_cols;
    int size = symbology_find(layout->size->rows, layout->size->cols);

    assert(cells <= DECODE_PIXELS_MAX);
    if (!message_read(words, layout->size->data_words, &ret->message))
        return DECODE_NOTHING;
    ret->size = size;
    if (size >= SYMBOLOGY_CLASSIC || ret->message.special)
        return DECODE_TEXT;
    ask->question = QUESTION_WORDS;
    ask->size = size;
    ask->width = layout->map_cols;
    ask->height = layout->map_rows;
    for (int i = 0; i < cells; i++) {
        int bit = layout->bit_of[i];
        bool dark = bit >= 0 ? (words[bit / 8] >> (7 - bit % 8)) & 1 : bit == CODEWORDS_BIT_DARK;
        ask->bytes[i] = dark;
    }
    enum decode_outcome outcome = exchange(decode, WORDS_LIMIT_MS, &decode->second);
    if (outcome == DECODE_TEXT && !is_same(&ret->message, &decode->second.message))
        return DECODE_NOTHING;
    return outcome;
}

enum decode_outcome decode_search(struct decode *decode, const struct picture *crop, int places,
                                  int limit_ms, struct decode_text *ret)
{
    struct ask *ask = &decode->ask;

    if (crop->width < 1 || crop->height < 1 || crop->height > DECODE_PIXELS_MAX / crop->width)
        return DECODE_NOTHING;
    ask->question = QUESTION_SEARCH;
    ask->size = 0;
    ask->places = places;
    ask->width = crop->width;
    ask->height = crop->height;
    for (int y = 0; y < crop->height; y++)
        memcpy(ask->bytes + (size_t)y * (size_t)crop->width,
               crop->pixels + (size_t)y * (size_t)crop->stride, (size_t)crop->width);
    return exchange(decode, limit_ms, ret);
}

pid_t decode_worker(const struct decode *decode)
{
    return nursery_worker(decode->nursery);
}

uint32_t decode_lost(const struct decode *decode)
{
    return nursery_lost(decode->nursery);
}
