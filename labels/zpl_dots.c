/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the labels of a roll in ZPL II, dot for dot. */
#include "labels/zpl_dots.h"

#include <string.h>

#include "core/base/text.h"
#include "labels/expected.h"

#define ROW_DIGITS_MAX (PICTURE_SIDE_MAX / 4 + 2)
#define BAG_BYTES_MAX (64 * RW_ARENA_MIB)
#define REPEAT_MAX 419 /* z (400) and Y (19) */

/* The hex digits of one row of dots, black = 1; whole bytes. Gives their number. */
static size_t row_digits(const struct picture *picture, int32_t y, char ret_digits[ROW_DIGITS_MAX])
{
    const uint8_t *row = picture->pixels + (size_t)y * (size_t)picture->stride;
    size_t count = 0;
    for (int32_t byte = 0; byte < (picture->width + 7) / 8; byte++) {
        uint32_t bits = 0;
        uint64_t eight = 0;
        if (byte * 8 + 8 <= picture->width) {
            memcpy(&eight, row + (size_t)byte * 8, sizeof eight);
            if (eight == UINT64_MAX) { /* most of a label is white */
                ret_digits[count++] = '0';
                ret_digits[count++] = '0';
                continue;
            }
        }
        for (int32_t x = byte * 8; x < byte * 8 + 8; x++)
            bits = bits << 1 | (uint32_t)(x < picture->width && row[x] < 128);
        ret_digits[count++] = "0123456789ABCDEF"[bits >> 4];
        ret_digits[count++] = "0123456789ABCDEF"[bits & 15];
    }
    ret_digits[count] = '\0';
    return count;
}

/* "Alternative data compression" of the ^GF command: g…z are 20…400 and G…Y are 1…19 repeats. */
static void add_repeats(struct rw_text *text, char digit, size_t count)
{
    while (count > 0) {
        size_t now = count < REPEAT_MAX ? count : REPEAT_MAX;
        if (now >= 20)
            rw_text_add_char(text, (char)('g' + now / 20 - 1));
        if (now % 20 > 0 && now > 1)
            rw_text_add_char(text, (char)('G' + now % 20 - 1));
        rw_text_add_char(text, digit);
        count -= now;
    }
}

static void add_row(struct rw_text *text, const char *digits, size_t count)
{
    size_t end = count;
    while (end > 0 && digits[end - 1] == '0')
        end--;
    end += end % 2; /* "," fills a row from a whole byte on */
    for (size_t i = 0; i < end;) {
        size_t run = 1;
        while (i + run < end && digits[i + run] == digits[i])
            run++;
        add_repeats(text, digits[i], run);
        i += run;
    }
    if (end < count)
        rw_text_add_char(text, ',');
}

void zpl_dots_add_graphic(struct rw_text *text, const struct picture *picture)
{
    char digits[ROW_DIGITS_MAX];
    char above[ROW_DIGITS_MAX] = "";
    int32_t row_bytes = (picture->width + 7) / 8;
    int32_t bytes = row_bytes * picture->height;
    rw_text_format(text, "^GFA,%d,%d,%d,", bytes, bytes, row_bytes);
    for (int32_t y = 0; y < picture->height; y++) {
        size_t count = row_digits(picture, y, digits);
        if (strcmp(digits, above) == 0)
            rw_text_add_char(text, ':');
        else
            add_row(text, digits, count);
        memcpy(above, digits, count + 1);
    }
    rw_text_add(text, "^FS\n");
}

void zpl_dots_add_picture(struct rw_text *text, const struct picture *picture)
{
    rw_text_format(text, "^XA\n^PW%d\n^LL%d\n^LH0,0\n^FO0,0", picture->width, picture->height);
    zpl_dots_add_graphic(text, picture);
    rw_text_add(text, "^PQ1\n^XZ\n");
}

bool zpl_dots_write(const struct layout_desk *desk, const struct roll *roll, struct rw_arena *arena,
                    const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    struct rw_text text;
    rw_text_init(&text, arena, ZPL_DOTS_BYTES_MAX);
    struct rw_arena *bag_arena = rw_arena_open(BAG_BYTES_MAX);
    if (bag_arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a label");
    bool done = true;
    for (size_t i = 0; done && i < roll->bag_count; i++) {
        struct picture picture;
        rw_arena_reset(bag_arena);
        layout_tell(desk, i);
        done = expected_draw(desk, roll, &roll->bags[i], bag_arena, &picture, NULL, err);
        if (done)
            zpl_dots_add_picture(&text, &picture);
    }
    rw_arena_close(bag_arena);
    if (!done || !rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}
