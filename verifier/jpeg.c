/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes JPEG pictures to grey; the door to libjpeg. */
#include "verifier/jpeg.h"

#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

#include "verifier/shade.h"

#define INKS 4 /* components of a picture for print: cyan, magenta, yellow, black */

struct jpeg_work {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr manager;
    struct jpeg_progress_mgr progress;
    jmp_buf out;
    bool damaged;
    struct rw_arena *arena;
    struct picture picture;
    struct rw_error *err;
};

static void leave(j_common_ptr jpeg)
{
    struct jpeg_work *work = jpeg->client_data;
    work->damaged = work->damaged || jpeg->err->msg_code != JERR_OUT_OF_MEMORY;
    longjmp(work->out, 1);
}

/* What libjpeg goes on after. Bytes between two parts of the file, and what only concerns colour,
 * leave every grey pixel as it was written. */
static void keep_warning(j_common_ptr jpeg, int level)
{
    struct jpeg_work *work = jpeg->client_data;
    int code = jpeg->err->msg_code;
    bool harmless = level >= 0 || code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR ||
                    code == JWRN_ADOBE_XFORM;
    work->damaged = work->damaged || !harmless;
}

static void bound_scans(j_common_ptr jpeg)
{
    if (((j_decompress_ptr)jpeg)->input_scan_number > JPEG_SCANS_MAX)
        leave(jpeg);
}

/* Ink by ink to light; Adobe's programs, which write most of these, store light for ink. */
static void mix_inks(const struct jpeg_decompress_struct *jpeg, const JSAMPLE *inks,
                     uint8_t *ret_grey)
{
    int flip = jpeg->saw_Adobe_marker ? 0 : 255;

    for (JDIMENSION x = 0; x < jpeg->output_width; x++, inks += INKS) {
        int light = shade_of_colour(inks[0] ^ flip, inks[1] ^ flip, inks[2] ^ flip);
        ret_grey[x] = (uint8_t)(light * (inks[3] ^ flip) / 255);
    }
}

static bool read_rows(struct jpeg_work *work)
{
    struct jpeg_decompress_struct *jpeg = &work->jpeg;
    bool inks = jpeg->num_components == INKS;
    JSAMPLE *row = NULL;

    if (jpeg->num_components != 1 && jpeg->num_components != 3 && !inks)
        return rw_error_set(work->err, RW_UNREADABLE, "",
                            "the picture has %d colours; 1, 3 or 4 are read", jpeg->num_components);
    jpeg->out_color_space = inks ? JCS_CMYK : JCS_GRAYSCALE;
    if (!picture_make_room(work->arena, (int32_t)jpeg->image_width, (int32_t)jpeg->image_height,
                           &work->picture, work->err))
        return false;
    (void)jpeg_start_decompress(jpeg); /* the bytes are all there: it never waits for more */
    if (inks &&
        (row = rw_arena_alloc(work->arena, (size_t)INKS * jpeg->output_width, work->err)) == NULL)
        return false;
    while (jpeg->output_scanline < jpeg->output_height) {
        uint8_t *grey =
            work->picture.pixels + (ptrdiff_t)jpeg->output_scanline * work->picture.stride;
        JSAMPLE *into = inks ? row : grey;
        (void)jpeg_read_scanlines(jpeg, &into, 1); /* one row, as it never waits */
        if (inks)
            mix_inks(jpeg, row, grey);
    }
    (void)jpeg_finish_decompress(jpeg);
    return true;
}

/* What is built here is taken down by the caller, however it ends. */
static bool decode(struct jpeg_work *work, const uint8_t *bytes, size_t length)
{
    if (setjmp(work->out) != 0)
        return work->damaged
                   ? rw_error_set(work->err, RW_UNREADABLE, "", "the picture is cut off or damaged")
                   : rw_error_set(work->err, RW_NO_MEMORY, "", "no memory for the picture");
    jpeg_create_decompress(&work->jpeg);
    work->jpeg.progress = &work->progress;
    jpeg_mem_src(&work->jpeg, bytes, length);
    (void)jpeg_read_header(&work->jpeg, TRUE); /* TRUE: tables without a picture are an error */
    if (!read_rows(work))
        return false;
    if (work->damaged)
        return rw_error_set(work->err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    return true;
}

bool jpeg_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                      struct picture *ret_picture, struct rw_error *err)
{
    struct jpeg_work work = { .arena = arena,
                              .err = err,
                              .progress = { .progress_monitor = bound_scans } };

    work.jpeg.err = jpeg_std_error(&work.manager);
    work.jpeg.client_data = &work;
    work.manager.error_exit = leave;
    work.manager.emit_message = keep_warning;
    bool is_read = decode(&work, bytes, length);
    jpeg_destroy_decompress(&work.jpeg);
    if (is_read)
        *ret_picture = work.picture;
    return is_read;
}
