/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes PNG pictures to grey; the door to libpng. */
#include "verifier/png_pixels.h"

#include <setjmp.h>
#include <string.h>

#include <png.h>

#include "verifier/shade.h"

#define CHUNK_BYTES_MAX 65536 /* of what libpng keeps beside the pixels: a palette is 768 bytes */
#define ALL_BUT_PIXELS (-1)   /* png_set_keep_unknown_chunks: every chunk that pixels do not need */

struct png_work {
    png_structp png;
    png_infop details;
    const uint8_t *bytes;
    size_t length;
    size_t at;
    struct rw_arena *arena;
    struct picture picture;
    bool failed_alone; /* no fault of the file: `err` says what it was */
    struct rw_error *err;
};

static void leave(png_structp png, png_const_charp text)
{
    (void)text; /* the sentence is ours, and standard error too */
    png_longjmp(png, 1);
}

static void stay_silent(png_structp png, png_const_charp text)
{
    (void)png; /* what libpng only warns of leaves the pixels as they were written */
    (void)text;
}

static void give_bytes(png_structp png, png_bytep ret_bytes, size_t count)
{
    struct png_work *work = png_get_io_ptr(png);

    if (count > work->length - work->at)
        png_error(png, "cut off");
    memcpy(ret_bytes, work->bytes + work->at, count);
    work->at += count;
}

/* Whatever is stored comes as bytes of grey, followed by bytes of opacity where there is any. The
 * chunks that speak of colour are passed over, so grey is what the numbers say. */
static void ask_for_grey(struct png_work *work)
{
    png_structp png = work->png;

    png_set_read_fn(png, work, give_bytes);
    png_set_user_limits(png, PICTURE_SIDE_MAX, PICTURE_SIDE_MAX);
    png_set_chunk_malloc_max(png, CHUNK_BYTES_MAX);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, ALL_BUT_PIXELS);
    png_read_info(png, work->details);
    png_set_expand(png);
    png_set_scale_16(png);
    if (png_get_color_type(png, work->details) & PNG_COLOR_MASK_COLOR)
        png_set_rgb_to_gray_fixed(png, PNG_ERROR_ACTION_NONE, SHADE_RED_PART, SHADE_GREEN_PART);
    (void)png_set_interlace_handling(png); /* png_read_image asks again how many passes there are */
    png_read_update_info(png, work->details);
}

static void *room_for(struct png_work *work, size_t bytes)
{
    void *room = rw_arena_alloc(work->arena, bytes, work->err);

    work->failed_alone = room == NULL;
    if (room == NULL)
        png_error(work->png, "no memory");
    return room;
}

static void read_pixels(struct png_work *work)
{
    png_structp png = work->png;
    uint32_t width = png_get_image_width(png, work->details);
    uint32_t height = png_get_image_height(png, work->details);
    size_t samples = png_get_channels(png, work->details);
    struct picture *picture = &work->picture;

    work->failed_alone =
        !picture_make(work->arena, (int32_t)width, (int32_t)height, picture, work->err);
    if (work->failed_alone || png_get_rowbytes(png, work->details) != width * samples)
        png_error(png, "no memory, or none of our kind");
    uint8_t **rows = room_for(work, height * sizeof *rows);
    uint8_t *pairs = samples == 1 ? NULL : room_for(work, width * samples * height);
    for (uint32_t y = 0; y < height; y++)
        rows[y] = pairs == NULL ? picture->pixels + (ptrdiff_t)y * picture->stride
                                : pairs + y * width * samples;
    png_read_image(png, rows);
    png_read_end(png, NULL);
    for (uint32_t y = 0; pairs != NULL && y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            picture->pixels[(ptrdiff_t)y * picture->stride + x] =
                shade_on_paper(rows[y][2 * x], rows[y][2 * x + 1]);
}

/* Kept apart from its caller, whose variables a jump back must not touch. */
RW_NO_INLINE static bool decode(struct png_work *work)
{
    if (setjmp(png_jmpbuf(work->png)) != 0)
        return work->failed_alone ? false
                                  : rw_error_set(work->err, RW_UNREADABLE, "",
                                                 "the picture is cut off or damaged");
    ask_for_grey(work);
    read_pixels(work);
    return true;
}

bool png_pixels_decode(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                       struct picture *ret_picture, struct rw_error *err)
{
    struct png_work work = { .bytes = bytes, .length = length, .arena = arena, .err = err };

    work.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, leave, stay_silent);
    work.details = work.png == NULL ? NULL : png_create_info_struct(work.png);
    bool is_read = work.details != NULL
                       ? decode(&work)
                       : rw_error_set(err, RW_NO_MEMORY, "", "no memory for the picture");
    png_destroy_read_struct(&work.png, &work.details, NULL);
    if (is_read)
        *ret_picture = work.picture;
    return is_read;
}
