/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes TIFF pictures to grey; the door to libtiff. */
#include "verifier/tiff_pixels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "verifier/shade.h"

#define TAKE_MAX 200000000 /* bytes that libtiff may take at once: a large picture of 8 bytes */
#define READ_ONLY "rm"     /* through our functions, not through a mapped file */
#define WHY_BYTES 1024     /* of a sentence of TIFFRGBAImageBegin */

/* A file in memory, as libtiff sees it. */
struct tiff_file {
    const uint8_t *bytes;
    size_t length;
    size_t at;
};

static tmsize_t read_bytes(thandle_t handle, void *ret_bytes, tmsize_t count)
{
    struct tiff_file *file = handle;
    size_t left = file->length - file->at;
    size_t taken = (size_t)count < left ? (size_t)count : left;

    memcpy(ret_bytes, file->bytes + file->at, taken);
    file->at += taken;
    return (tmsize_t)taken;
}

static tmsize_t write_nothing(thandle_t handle, void *bytes, tmsize_t count)
{
    (void)handle;
    (void)bytes;
    (void)count;
    return 0;
}

static toff_t go_to(thandle_t handle, toff_t offset, int whence)
{
    struct tiff_file *file = handle;
    toff_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file->at : file->length;
    toff_t place = from + offset;

    file->at = place < file->length ? (size_t)place : file->length;
    return place;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t length_of(thandle_t handle)
{
    return ((struct tiff_file *)handle)->length;
}

/* The sentence is ours, and standard error too. */
static int stay_silent(TIFF *tiff, void *given, const char *module, const char *format,
                       va_list values)
{
    (void)tiff;
    (void)given;
    (void)module;
    (void)format;
    (void)values;
    return 1; /* not to be told by others */
}

static TIFF *open_file(struct tiff_file *file)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();

    if (options == NULL)
        return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, TAKE_MAX);
    TIFFOpenOptionsSetErrorHandlerExtR(options, stay_silent, NULL);
    TIFFOpenOptionsSetWarningHandlerExtR(options, stay_silent, NULL);
    TIFF *tiff = TIFFClientOpenExt("picture", READ_ONLY, file, read_bytes, write_nothing, go_to,
                                   close_nothing, length_of, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

/* Colours as libtiff mixes them: premultiplied where they are transparent. */
static void take_grey(const uint32_t *colours, struct picture *picture)
{
    for (int32_t y = 0; y < picture->height; y++)
        for (int32_t x = 0; x < picture->width; x++, colours++) {
            int grey = shade_of_colour(TIFFGetR(*colours), TIFFGetG(*colours), TIFFGetB(*colours));
            int paper = 255 - (int)TIFFGetA(*colours);
            picture->pixels[(ptrdiff_t)y * picture->stride + x] =
                (uint8_t)(grey + paper < 255 ? grey + paper : 255);
        }
}

static bool read_colours(TIFF *tiff, struct picture *picture, uint32_t *colours)
{
    TIFFRGBAImage image;
    char why[WHY_BYTES]; /* the library's words; ours are enough */

    if (!TIFFRGBAImageBegin(&image, tiff, 1, why))
        return false;
    image.req_orientation = image.orientation;
    bool is_read = image.width == (uint32_t)picture->width &&
                   image.height == (uint32_t)picture->height &&
                   TIFFRGBAImageGet(&image, colours, image.width, image.height);
    TIFFRGBAImageEnd(&image);
    if (is_read)
        take_grey(colours, picture);
    return is_read;
}

static bool decode(TIFF *tiff, struct rw_arena *arena, struct picture *ret_picture,
                   struct rw_error *err)
{
    uint32_t width = 0;
    uint32_t height = 0;

    if (TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) != 1 ||
        TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height) != 1 || width < 1 || height < 1 ||
        width > PICTURE_SIDE_MAX || height > PICTURE_PIXELS_MAX / width)
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    if (!picture_make(arena, (int32_t)width, (int32_t)height, ret_picture, err))
        return false;
    uint32_t *colours = calloc((size_t)width * height, sizeof *colours);
    if (colours == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the picture");
    bool is_read = read_colours(tiff, ret_picture, colours);
    free(colours);
    return is_read || rw_error_set(err, RW_UNREADABLE, "",
                                   "the picture is cut off, damaged or of a kind that is not read");
}

bool tiff_pixels_decode(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                        struct picture *ret_picture, struct rw_error *err)
{
    struct tiff_file file = { bytes, length, 0 };
    struct picture picture;
    TIFF *tiff = open_file(&file);

    if (tiff == NULL)
        return rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    bool is_read = decode(tiff, arena, &picture, err);
    TIFFClose(tiff);
    if (is_read)
        *ret_picture = picture;
    return is_read;
}
