/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes BMP pictures to grey; the door to gdk-pixbuf. */
#include "verifier/bmp.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "verifier/shade.h"

/* Called when the size is known and nothing is taken yet; a size of 0 ends the loading. */
static void bound_size(GdkPixbufLoader *loader, int width, int height, gpointer given)
{
    (void)given;
    if (width < 1 || height < 1 || width > PICTURE_SIDE_MAX || height > PICTURE_PIXELS_MAX / width)
        gdk_pixbuf_loader_set_size(loader, 0, 0);
}

/* Opacity is passed over: most programs that write 32 bits leave it 0. */
static bool take_grey(const GdkPixbuf *colours, struct rw_arena *arena, struct picture *ret_picture,
                      struct rw_error *err)
{
    const guint8 *pixels = gdk_pixbuf_read_pixels(colours);
    int samples = gdk_pixbuf_get_n_channels(colours);
    int stride = gdk_pixbuf_get_rowstride(colours);
    struct picture picture;

    if (!picture_make(arena, gdk_pixbuf_get_width(colours), gdk_pixbuf_get_height(colours),
                      &picture, err))
        return false;
    for (int32_t y = 0; y < picture.height; y++)
        for (int32_t x = 0; x < picture.width; x++) {
            const guint8 *colour = pixels + (ptrdiff_t)y * stride + (ptrdiff_t)x * samples;
            picture.pixels[(ptrdiff_t)y * picture.stride + x] =
                shade_of_colour(colour[0], colour[1], colour[2]);
        }
    *ret_picture = picture;
    return true;
}

bool bmp_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                     struct picture *ret_picture, struct rw_error *err)
{
    GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_type("bmp", NULL);

    if (loader == NULL)
        return rw_error_set(err, RW_UNAVAILABLE, "", "this machine has no reader of BMP pictures");
    (void)g_signal_connect(loader, "size-prepared", G_CALLBACK(bound_size), NULL);
    bool is_written = gdk_pixbuf_loader_write(loader, bytes, length, NULL);
    bool is_closed = gdk_pixbuf_loader_close(loader, NULL); /* it must be closed in any case */
    const GdkPixbuf *colours = gdk_pixbuf_loader_get_pixbuf(loader);
    bool is_read = is_written && is_closed && colours != NULL
                       ? take_grey(colours, arena, ret_picture, err)
                       : rw_error_set(err, RW_UNREADABLE, "", "the picture is cut off or damaged");
    g_object_unref(loader);
    return is_read;
}
