/* SPDX-License-Identifier: Apache-2.0 */
/* Reads grey pictures of the netpbm family, binary and plain. */
#include "verifier/pgm.h"

#include <ctype.h>

#define DIGITS_MAX 9 /* of one number */
#define WHITE_MAX 65535
#define BYTE_MAX 255

struct pgm_reader {
    const uint8_t *bytes;
    size_t length;
    size_t at;
};

/* A decimal number after blanks and comments. */
static bool read_number(struct pgm_reader *reader, int64_t *ret)
{
    int64_t value = 0;

    while (reader->at < reader->length &&
           (isspace(reader->bytes[reader->at]) || reader->bytes[reader->at] == '#')) {
        bool comment = reader->bytes[reader->at] == '#';
        while (comment && reader->at < reader->length && reader->bytes[reader->at] != '\n')
            reader->at++;
        reader->at += !comment;
    }
    size_t start = reader->at;
    for (; reader->at < reader->length && isdigit(reader->bytes[reader->at]); reader->at++) {
        if (reader->at - start == DIGITS_MAX)
            return false;
        value = value * 10 + (reader->bytes[reader->at] - '0');
    }
    *ret = value;
    return reader->at > start;
}

bool pgm_header_read(const uint8_t *bytes, size_t length, struct pgm_header *ret_header)
{
    struct pgm_reader reader = { bytes, length, 2 };
    struct pgm_header header = { .plain = bytes[1] == '2' };

    if (!read_number(&reader, &header.width) || !read_number(&reader, &header.height) ||
        !read_number(&reader, &header.white) || header.white < 1 || header.white > WHITE_MAX)
        return false;
    header.samples = reader.at + 1; /* one blank */
    *ret_header = header;
    if (header.width > PICTURE_SIDE_MAX || header.height > PICTURE_SIDE_MAX)
        return true;
    /* A plain sample has a digit and, but for the last, a blank. */
    int64_t each = header.plain || header.white > BYTE_MAX ? 2 : 1;
    int64_t needed = header.width * header.height * each - header.plain;
    return needed <= (int64_t)length - (int64_t)header.samples;
}

bool pgm_decode(const uint8_t *bytes, size_t length, const struct pgm_header *header,
                struct picture *picture)
{
    struct pgm_reader reader = { bytes, length, header->samples };

    for (int32_t y = 0; y < picture->height; y++)
        for (int32_t x = 0; x < picture->width; x++) {
            int64_t sample = 0;
            if (header->plain) {
                if (!read_number(&reader, &sample))
                    return false;
            } else {
                sample = bytes[reader.at++];
                if (header->white > BYTE_MAX)
                    sample = sample << 8 | bytes[reader.at++];
            }
            if (sample > header->white)
                return false;
            picture->pixels[(ptrdiff_t)y * picture->stride + x] =
                (uint8_t)((sample * BYTE_MAX + header->white / 2) / header->white);
        }
    return true;
}
