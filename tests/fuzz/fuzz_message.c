/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever modules or codewords a stranger prints, reading them ends. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "verifier/codewords.h"
#include "verifier/message.h"

#define ARENA_BYTES (4 * RW_ARENA_MIB)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The first byte tells the size; the others are data words, drawn, read back and understood. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct message message;
    static struct codewords found;
    static uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    uint8_t words[SYMBOLOGY_WORDS_MAX] = { 0 };
    struct codewords_layout layout;

    if (length < 2)
        return 0;
    const struct symbology *size = symbology_get(bytes[0] % SYMBOLOGY_COUNT);
    size_t room = (size_t)size->data_words;
    memcpy(words, bytes + 1, length - 1 < room ? length - 1 : room);
    if (message_read(words, size->data_words, &message))
        assert(message.length > 0 && message.length <= MESSAGE_BYTES_MAX);

    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    assert(arena != NULL);
    bool is_laid_out = codewords_lay_out(size, arena, &layout, NULL);
    assert(is_laid_out);
    codewords_protect(size, words);
    codewords_draw(&layout, words, dark);
    for (size_t i = 1; i < length && i <= (size_t)(size->check_words / size->blocks / 2); i++)
        dark[bytes[i] * 7 % (size->rows * size->cols)] ^= 1;
    if (codewords_read(&layout, dark, &found))
        assert(memcmp(found.words, words, room) == 0 || found.errors > 0);
    rw_arena_close(arena);
    return 0;
}
