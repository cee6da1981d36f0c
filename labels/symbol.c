/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a code into the modules of a symbol; the door to libzint. */
#include "labels/symbol.h"

#include <assert.h>
#include <string.h>

#include <zint.h>

#include "core/base/text.h"
#include "core/model/gs1.h"

#define QR_LEVEL_M 2  /* as libzint counts: L M Q H */
#define QR_RUN_MAX 24 /* bytes of one run of dark modules in a path */

/* REQ-009: the check digits and dates are ours to check; libzint would only warn of them. It marks
 * AIs with square brackets, because its GS1PARENS cannot hold a parenthesis. */
static bool write_zint_input(const char *code, char *ret_input, size_t *ret_length,
                             struct rw_error *err)
{
    struct gs1_string string;
    if (!gs1_parse_bracketed(code, &string, err))
        return rw_error_prefix(err, "/code"); /* false by its nature */
    size_t length = 0;
    for (size_t i = 0; i < string.count; i++) {
        const struct gs1_element *element = &string.elements[i];
        size_t ai = strlen(element->ai);
        size_t value = strlen(element->value);
        assert(length + ai + value + 2 < GS1_TEXT_MAX); /* what is read can always be written */
        ret_input[length++] = '[';
        memcpy(ret_input + length, element->ai, ai);
        length += ai;
        ret_input[length++] = ']';
        memcpy(ret_input + length, element->value, value);
        length += value;
    }
    ret_input[length] = '\0';
    *ret_length = length;
    return true;
}

static bool copy_modules(const struct zint_symbol *zint, struct symbol *ret_symbol,
                         struct rw_error *err)
{
    if (zint->rows != zint->width)
        return rw_error_set(err, RW_BUG, "/code", "the symbol is %d by %d modules and not square",
                            zint->rows, zint->width);
    if (zint->rows > SYMBOL_SIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "/code",
                            "the code needs %d modules a side, a bag takes at most %d", zint->rows,
                            SYMBOL_SIDE_MAX);
    *ret_symbol = (struct symbol){ .side = zint->rows };
    for (int32_t row = 0; row < zint->rows; row++)
        for (int32_t column = 0; column < zint->width; column++)
            ret_symbol->dark[row][column] =
                (zint->encoded_data[row][column >> 3] >> (column & 7)) & 1;
    return true;
}

bool symbol_encode(const char *code, struct symbol *ret_symbol, struct rw_error *err)
{
    char input[GS1_TEXT_MAX];
    size_t length = 0;
    if (!write_zint_input(code, input, &length, err))
        return false;
    struct zint_symbol *zint = ZBarcode_Create();
    if (zint == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a symbol");
    zint->symbology = BARCODE_DATAMATRIX;
    zint->input_mode = GS1_MODE | FAST_MODE; /* a quarter of the time, the same for digits */
    zint->option_3 = DM_SQUARE;
    zint->warn_level = WARN_FAIL_ALL;
    int status = ZBarcode_Encode(zint, (const unsigned char *)input, (int)length);
    bool done = status == 0 && copy_modules(zint, ret_symbol, err);
    if (status != 0)
        (void)rw_error_set(err, RW_INVALID, "/code", "the code cannot be a symbol: %s",
                           zint->errtxt); /* the return value only says that there is an error */
    ZBarcode_Delete(zint);
    return done;
}

static bool is_dark_at(const struct zint_symbol *zint, int row, int column)
{
    return column < zint->width && (zint->encoded_data[row][column >> 3] >> (column & 7)) & 1;
}

/* Each run of dark modules of a row is one rectangle. */
static bool write_path(const struct zint_symbol *zint, struct rw_arena *arena,
                       const char **ret_path, struct rw_error *err)
{
    struct rw_text text;
    size_t runs = (size_t)zint->rows * (size_t)(zint->width + 1) / 2;
    rw_text_init(&text, arena, runs * QR_RUN_MAX + 1);
    for (int row = 0; row < zint->rows; row++) {
        for (int column = 0; column < zint->width; column++) {
            int begin = column;
            while (is_dark_at(zint, row, column)) /* ends at the edge */
                column++;
            if (column > begin)
                rw_text_format(&text, "M%d %dh%dv1h-%dz", begin, row, column - begin,
                               column - begin);
        }
    }
    return rw_text_finish(&text, ret_path, err);
}

bool symbol_qr(const char *text, struct rw_arena *arena, const char **ret_path, int32_t *ret_side,
               struct rw_error *err)
{
    size_t length = strlen(text);
    if (length == 0 || length > SYMBOL_QR_TEXT_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a QR code takes 1 to %d bytes here",
                            SYMBOL_QR_TEXT_MAX);
    struct zint_symbol *zint = ZBarcode_Create();
    if (zint == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a symbol");
    zint->symbology = BARCODE_QRCODE;
    zint->input_mode = UNICODE_MODE;
    zint->option_1 = QR_LEVEL_M;
    int status = ZBarcode_Encode(zint, (const unsigned char *)text, (int)length);
    bool done = status < ZINT_ERROR && write_path(zint, arena, ret_path, err);
    if (status >= ZINT_ERROR)
        (void)rw_error_set(err, RW_INVALID, "", "the text cannot be a symbol: %s",
                           zint->errtxt); /* the return value only says that there is an error */
    if (done)
        *ret_side = zint->width;
    ZBarcode_Delete(zint);
    return done;
}

bool symbol_is_dark(const struct symbol *symbol, int32_t row, int32_t column)
{
    assert(row >= 0 && row < symbol->side && column >= 0 && column < symbol->side);
    return symbol->dark[row][column] != 0;
}
