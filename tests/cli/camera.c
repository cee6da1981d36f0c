/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded by a test: a V4L2 camera that shows the frames of a film. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NAME "/dev/video0"
#define WIDTH 880 /* of the frames */
#define HEIGHT 1184
#define RATE 12 /* frames a second */
#define BUFFERS_MAX 8
#define BUFFER_BYTES (1 << 20)

/* The frames lie as 0.jpg, 1.jpg, … in the folder that RW_CAMERA names. After the last the camera
 * was pulled out. Its descriptor is one of memory, in which buffers lie as in a driver's. */
static struct {
    int file;
    int frame;
    unsigned queue[BUFFERS_MAX];
    unsigned waiting;
} camera = { .file = -1 };

static int open_camera(void)
{
    if (getenv("RW_CAMERA") == NULL) {
        errno = ENOENT;
        return -1;
    }
    camera.file = memfd_create("camera", MFD_CLOEXEC);
    camera.waiting = 0;
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

static bool show_frame(unsigned buffer, __u32 *ret_bytes)
{
    static char bytes[BUFFER_BYTES];
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%d.jpg", getenv("RW_CAMERA"), camera.frame);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    camera.frame++;
    *ret_bytes = (__u32)length;
    return pwrite(camera.file, bytes, length, (off_t)buffer * BUFFER_BYTES) == (ssize_t)length;
}

/* The oldest buffer that waits, filled. */
static int take_buffer(struct v4l2_buffer *buffer)
{
    const struct timespec a_frame = { .tv_nsec = 1000000000 / RATE };
    if (camera.waiting == 0) {
        errno = EAGAIN;
        return -1;
    }
    buffer->index = camera.queue[0];
    buffer->length = BUFFER_BYTES;
    (void)nanosleep(&a_frame, NULL);
    if (!show_frame(buffer->index, &buffer->bytesused)) {
        errno = ENODEV;
        return -1;
    }
    camera.waiting--;
    memmove(camera.queue, camera.queue + 1, camera.waiting * sizeof *camera.queue);
    return 0;
}

static int give_buffer(const struct v4l2_buffer *buffer)
{
    if (camera.waiting == BUFFERS_MAX) {
        errno = EINVAL;
        return -1;
    }
    camera.queue[camera.waiting++] = buffer->index;
    return 0;
}

static void tell_format(struct v4l2_pix_format *format)
{
    format->width = WIDTH;
    format->height = HEIGHT;
    format->pixelformat = V4L2_PIX_FMT_MJPEG;
    format->field = V4L2_FIELD_NONE;
    format->sizeimage = BUFFER_BYTES;
}

static int answer(unsigned long request, void *what)
{
    switch (request) {
    case VIDIOC_QUERYCAP:
        ((struct v4l2_capability *)what)->capabilities =
            V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return 0;
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT:
    case VIDIOC_TRY_FMT:
        tell_format(&((struct v4l2_format *)what)->fmt.pix);
        return 0;
    case VIDIOC_REQBUFS:
        if (((struct v4l2_requestbuffers *)what)->count > BUFFERS_MAX)
            ((struct v4l2_requestbuffers *)what)->count = BUFFERS_MAX;
        return 0;
    case VIDIOC_QUERYBUF:
        ((struct v4l2_buffer *)what)->length = BUFFER_BYTES;
        ((struct v4l2_buffer *)what)->m.offset = ((struct v4l2_buffer *)what)->index * BUFFER_BYTES;
        return 0;
    case VIDIOC_QBUF:
        return give_buffer(what);
    case VIDIOC_DQBUF:
        return take_buffer(what);
    case VIDIOC_STREAMON:
    case VIDIOC_STREAMOFF:
        return 0;
    default: /* as a driver without this control */
        errno = EINVAL;
        return -1;
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
