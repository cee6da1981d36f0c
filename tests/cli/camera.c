/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded by a test: a V4L2 camera that shows the frames of a film. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <jpeglib.h>

#define NAME "/dev/video0"
#define WIDTH 880 /* of the frames */
#define HEIGHT 1184
#define BUFFERS_MAX 8
#define BUFFER_BYTES (1 << 21) /* whole pages, and two bytes a pixel fit */
#define NEVER 1000000
#define LATE 7 /* pictures that find no buffer, each time that so many were shown, three times */
#define LATE_TIMES 3
#define AHEAD 20 /* frames from one to the one that a broken picture shows */

/* The frames lie as 0.jpg, 1.jpg, … in the folder that RW_CAMERA names, the mode and the pictures a
 * second that were asked for are written to its files `mode` and `rate`. After the last frame the
 * camera was pulled out. Its descriptor is one of memory, in which buffers lie as in a driver's.
 * RW_CAMERA_PLAY says what goes wrong, in words such as "silent=12 raw". */
static struct {
    int file;
    int frame;
    int shown; /* pictures, broken ones too */
    int absences;
    bool is_overwritten; /* the picture that was shown last, as another came meanwhile */
    struct v4l2_pix_format mode;
    unsigned queue[BUFFERS_MAX];
    unsigned waiting;
} camera = { .file = -1 };

/* Of a word with a number the number, of one without 1; where it is not there, `otherwise`. */
static int play(const char *word, int otherwise)
{
    const char *words = getenv("RW_CAMERA_PLAY");
    const char *at = words != NULL ? strstr(words, word) : NULL;
    if (at == NULL)
        return otherwise;
    at += strlen(word);
    return *at == '=' ? (int)strtol(at + 1, NULL, 10) : 1;
}

static int fail(int code)
{
    errno = code;
    return -1;
}

/* Small, as a camera is before it was asked. */
static void forget_mode(void)
{
    camera.mode = (struct v4l2_pix_format){ .width = WIDTH / 2,
                                            .height = HEIGHT / 2,
                                            .pixelformat = V4L2_PIX_FMT_YUYV,
                                            .bytesperline = WIDTH,
                                            .field = V4L2_FIELD_NONE,
                                            .sizeimage = BUFFER_BYTES };
}

static int open_camera(void)
{
    if (getenv("RW_CAMERA") == NULL)
        return fail(ENOENT);
    if (camera.absences > 0) {
        camera.absences--;
        return fail(ENOENT);
    }
    camera.file = memfd_create("camera", MFD_CLOEXEC);
    camera.waiting = 0;
    forget_mode();
    if (camera.file >= 0 && ftruncate(camera.file, (off_t)BUFFERS_MAX * BUFFER_BYTES) != 0)
        return -1;
    return camera.file;
}

static int open_any(const char *path, int how, mode_t mode)
{
    return strcmp(path, NAME) == 0 ? open_camera()
                                   : (int)syscall(SYS_openat, AT_FDCWD, path, how, mode);
}

int open(const char *path, int how, ...)
{
    va_list more;
    va_start(more, how);
    mode_t mode = how & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_any(path, how, mode);
}

int open64(const char *path, int how, ...) __attribute__((alias("open")));

/* What the compiler makes of open() where no mode is given. */
int __open_2(const char *path, int how);
int __open_2(const char *path, int how)
{
    return open_any(path, how, 0);
}

int __open64_2(const char *path, int how) __attribute__((alias("__open_2")));

int close(int file)
{
    if (file >= 0 && file == camera.file)
        camera.file = -1;
    return (int)syscall(SYS_close, file);
}

/* A camera that gives no more pictures lets who waits wait: here at once, as time is dear. */
static int poll_any(struct pollfd *files, nfds_t count, int wait_ms)
{
    if (count == 1 && files->fd >= 0 && files->fd == camera.file) {
        bool is_silent = camera.frame >= play("silent", NEVER);
        bool is_ready = wait_ms == 0 ? camera.is_overwritten : !is_silent;
        files->revents = is_ready ? POLLIN : 0;
        return is_ready ? 1 : 0;
    }
    return (int)syscall(SYS_poll, files, count, wait_ms);
}

int poll(struct pollfd *files, nfds_t count, int wait_ms)
{
    return poll_any(files, count, wait_ms);
}

int __poll_chk(struct pollfd *files, nfds_t count, int wait_ms, size_t size);
int __poll_chk(struct pollfd *files, nfds_t count, int wait_ms, size_t size)
{
    (void)size;
    return poll_any(files, count, wait_ms);
}

static size_t read_frame(int frame, unsigned char bytes[BUFFER_BYTES])
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%d.jpg", getenv("RW_CAMERA"), frame);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    size_t length = fread(bytes, 1, BUFFER_BYTES, file);
    (void)fclose(file);
    return length;
}

/* The same as YUYV: grey from 16 to 235 and no colour, in the size of the mode. */
static size_t unpack(unsigned char bytes[BUFFER_BYTES], size_t length)
{
    static unsigned char packed[BUFFER_BYTES];
    static unsigned char row[WIDTH];
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr manager;
    unsigned char *to = bytes;

    memcpy(packed, bytes, length);
    jpeg.err = jpeg_std_error(&manager);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, packed, length);
    (void)jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_GRAYSCALE;
    jpeg.scale_num = camera.mode.width;
    jpeg.scale_denom = WIDTH;
    (void)jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPLE *into = row;
        (void)jpeg_read_scanlines(&jpeg, &into, 1);
        for (unsigned x = 0; x < jpeg.output_width; x++) {
            *to++ = (unsigned char)(16 + (row[x] * 219 + 127) / 255);
            *to++ = 128;
        }
    }
    (void)jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return (size_t)(to - bytes);
}

/* The same as it lies in the buffer. */
static size_t read_bytes(int frame, unsigned char bytes[BUFFER_BYTES])
{
    size_t length = read_frame(frame, bytes);
    return length > 0 && camera.mode.pixelformat == V4L2_PIX_FMT_YUYV ? unpack(bytes, length)
                                                                      : length;
}

/* v4l2loopback writes the next picture but one over what is being read, if it has two buffers. */
static void overwrite_half(unsigned char bytes[BUFFER_BYTES], size_t length)
{
    static unsigned char later[BUFFER_BYTES];
    if (read_bytes(camera.frame + AHEAD, later) > 0 || read_bytes(0, later) > 0)
        memcpy(bytes, later, length / 2);
}

/* Every fourth picture of a broken camera is one of a later frame, said to be broken, and every
 * fourth is cut off. */
static bool show_picture(struct v4l2_buffer *buffer)
{
    static unsigned char bytes[BUFFER_BYTES];
    int late = (camera.shown + 1) / play("late", NEVER);
    bool is_flagged = play("flagged", 0) != 0 && camera.shown % 4 == 1;
    bool is_cut = (play("cut", 0) != 0 && camera.shown % 4 == 3) || play("never-whole", 0) != 0;
    int frame = is_flagged || is_cut ? camera.frame + AHEAD : camera.frame++;
    size_t length = read_bytes(frame, bytes);

    bool is_loopback = play("loopback", 0) != 0;
    camera.is_overwritten = is_loopback && camera.shown % 4 == 2;
    if (is_loopback && camera.shown > 0)
        late = LATE_TIMES; /* it was fed before it was looked at; its first picture is 0 even so */
    buffer->sequence = (__u32)(camera.shown + LATE * (late < LATE_TIMES ? late : LATE_TIMES));
    camera.shown++;
    if (length == 0 && (is_flagged || is_cut))
        length = read_bytes(0, bytes);
    if (camera.is_overwritten) {
        overwrite_half(bytes, length);
        camera.frame -= length > 0;
    }
    buffer->flags = is_flagged ? V4L2_BUF_FLAG_ERROR : 0;
    buffer->bytesused = (__u32)(is_cut ? length / 2 : length);
    return length > 0 && pwrite(camera.file, bytes, length, (off_t)buffer->index * BUFFER_BYTES) ==
                             (ssize_t)length;
}

/* The oldest buffer that waits, filled. */
static int take_buffer(struct v4l2_buffer *buffer)
{
    static bool was_out;
    if (camera.frame == play("out", NEVER) && !was_out) {
        was_out = true;
        camera.absences = play("absent", 0);
        return fail(ENODEV);
    }
    if (camera.waiting == 0)
        return fail(EAGAIN);
    buffer->index = camera.queue[0];
    buffer->length = BUFFER_BYTES;
    if (!show_picture(buffer))
        return fail(ENODEV);
    camera.waiting--;
    memmove(camera.queue, camera.queue + 1, camera.waiting * sizeof *camera.queue);
    return 0;
}

static int give_buffer(const struct v4l2_buffer *buffer)
{
    if (camera.waiting == BUFFERS_MAX)
        return fail(EINVAL);
    camera.queue[camera.waiting++] = buffer->index;
    return 0;
}

static int name_format(struct v4l2_fmtdesc *format)
{
    const __u32 formats[] = { V4L2_PIX_FMT_H264, V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_MJPEG };
    if (format->index > 2 || play("mute", 0) != 0 || play("unfed", 0) != 0)
        return fail(EINVAL);
    format->pixelformat = formats[format->index];
    return 0;
}

/* Two sizes of each, and raw pictures of the large one come slowly. */
static int name_size(struct v4l2_frmsizeenum *size)
{
    if (size->index > 1)
        return fail(EINVAL);
    if (play("steps", 0) != 0) {
        size->type = V4L2_FRMSIZE_TYPE_STEPWISE;
        size->stepwise =
            (struct v4l2_frmsize_stepwise){ WIDTH / 2, WIDTH, 1, HEIGHT / 2, HEIGHT, 1 };
        return 0;
    }
    size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    size->discrete.width = size->index == 0 ? WIDTH / 2 : WIDTH;
    size->discrete.height = size->index == 0 ? HEIGHT / 2 : HEIGHT;
    return 0;
}

static int name_interval(struct v4l2_frmivalenum *interval)
{
    bool is_slow = interval->width == WIDTH && interval->pixel_format == V4L2_PIX_FMT_YUYV &&
                   play("raw", 0) == 0;
    if (interval->index > 1)
        return fail(EINVAL);
    interval->type = V4L2_FRMIVAL_TYPE_DISCRETE;
    interval->discrete = (struct v4l2_fract){ 1 + interval->index, is_slow ? 5 : 30 };
    return 0;
}

/* v4l2loopback without a program that writes to it has none. */
static int tell_mode(struct v4l2_pix_format *ret_mode)
{
    if (play("unfed", 0) != 0)
        return fail(EINVAL);
    *ret_mode = camera.mode;
    return 0;
}

static int note(const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", getenv("RW_CAMERA"), name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return fail(EIO);
    (void)fputs(text, file);
    return fclose(file);
}

static int set_mode(struct v4l2_pix_format *asked)
{
    char text[64];
    if (play("small", 0) == 0 && asked->width >= WIDTH)
        camera.mode.width = WIDTH;
    camera.mode.height = camera.mode.width == WIDTH ? HEIGHT : HEIGHT / 2;
    camera.mode.bytesperline = 2 * camera.mode.width;
    camera.mode.pixelformat = play("odd", 0) != 0 ? V4L2_PIX_FMT_H264 : asked->pixelformat;
    *asked = camera.mode;
    (void)snprintf(text, sizeof text, "%.4s %ux%u", (const char *)&asked->pixelformat, asked->width,
                   asked->height);
    return note("mode", text);
}

static int set_rate(const struct v4l2_fract *asked)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%g", (double)asked->denominator / asked->numerator);
    return note("rate", text);
}

static int tell_kind(struct v4l2_capability *ret_about)
{
    __u32 gives = play("meta", 0) != 0 ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE;
    bool is_loopback = play("loopback", 0) != 0;

    (void)snprintf((char *)ret_about->driver, sizeof ret_about->driver, "%s",
                   is_loopback ? "v4l2 loopback" : "uvcvideo");
    ret_about->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_DEVICE_CAPS;
    ret_about->device_caps = gives | V4L2_CAP_STREAMING;
    return 0;
}

static int answer(unsigned long request, void *what)
{
    switch (request) {
    case VIDIOC_QUERYCAP:
        return tell_kind(what);
    case VIDIOC_ENUM_FMT:
        return name_format(what);
    case VIDIOC_ENUM_FRAMESIZES:
        return name_size(what);
    case VIDIOC_ENUM_FRAMEINTERVALS:
        return name_interval(what);
    case VIDIOC_G_FMT:
        return tell_mode(&((struct v4l2_format *)what)->fmt.pix);
    case VIDIOC_S_FMT:
        return set_mode(&((struct v4l2_format *)what)->fmt.pix);
    case VIDIOC_G_PARM:
        return 0;
    case VIDIOC_S_PARM:
        return set_rate(&((struct v4l2_streamparm *)what)->parm.capture.timeperframe);
    case VIDIOC_REQBUFS:
        return play("busy", 0) != 0 ? fail(EBUSY) : 0;
    case VIDIOC_QUERYBUF:
        ((struct v4l2_buffer *)what)->length = BUFFER_BYTES;
        ((struct v4l2_buffer *)what)->m.offset = ((struct v4l2_buffer *)what)->index * BUFFER_BYTES;
        return 0;
    case VIDIOC_QBUF:
        return give_buffer(what);
    case VIDIOC_DQBUF:
        return take_buffer(what);
    case VIDIOC_STREAMON:
        return 0;
    default: /* as a driver without this call */
        return fail(ENOTTY);
    }
}

int ioctl(int file, unsigned long request, ...)
{
    va_list more;
    va_start(more, request);
    void *what = va_arg(more, void *);
    va_end(more);
    return file >= 0 && file == camera.file ? answer(request, what)
                                            : (int)syscall(SYS_ioctl, file, request, what);
}
