/* SPDX-License-Identifier: Apache-2.0 */
/* Takes pictures from a camera of this machine; the door to V4L2. */
#define _POSIX_C_SOURCE 200809L
#include "verifier/camera.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/file.h"

#define NUMBER_DIGITS_MAX 3
#define TRIES_MAX 8      /* of a call that a signal cut short */
#define WIDTH_ASKED 2592 /* of a driver that names no size: it takes the one next to it */
#define HEIGHT_ASKED 1944
#define LOOPBACK "v4l2 loopback" /* the driver of pictures that another program makes */

bool camera_is_named(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    bool is_number = digits > 0 && digits <= NUMBER_DIGITS_MAX && name[digits] == '\0';
    return is_number || strncmp(name, "/dev/", 5) == 0;
}

/* Zeros are what V4L2 asks for in every field that is not set. */
static bool ask(const struct camera *camera, unsigned long request, void *what)
{
    int answer = -1;
    for (int i = 0; i < TRIES_MAX && answer < 0; i++) {
        answer = ioctl(camera->file, request, what);
        if (answer < 0 && errno != EINTR)
            break;
    }
    return answer >= 0;
}

static bool refuse(const char *name, const char *why, struct rw_error *err)
{
    return rw_error_set(err, RW_UNAVAILABLE, "", "could not open the camera \"%.128s\": %s", name,
                        why);
}

/* What the driver's numbers mean for who stands before the camera. */
static bool refuse_call(const char *name, struct rw_error *err)
{
    const char *why = errno == EBUSY    ? "another program uses it"
                      : errno == ENOSPC ? "other cameras leave no room for it on its USB bus"
                      : errno == ENOTTY ? "it is no camera"
                      : errno == EINVAL ? "it gives no pictures now"
                                        : strerror(errno);
    return refuse(name, why, err);
}

/* Pictures a second of the fastest interval; 0 where the driver does not tell. */
static int32_t fastest_rate(const struct camera *camera, const struct camera_mode *mode)
{
    int64_t fastest = 0;
    for (uint32_t i = 0; i < CAMERA_RATES_MAX; i++) {
        struct v4l2_frmivalenum interval = { .index = i,
                                             .pixel_format = mode->format,
                                             .width = (uint32_t)mode->width,
                                             .height = (uint32_t)mode->height };
        if (!ask(camera, VIDIOC_ENUM_FRAMEINTERVALS, &interval))
            break;
        bool is_discrete = interval.type == V4L2_FRMIVAL_TYPE_DISCRETE;
        struct v4l2_fract one = is_discrete ? interval.discrete : interval.stepwise.min;
        int64_t rate = one.numerator > 0 ? (int64_t)one.denominator * 1000 / one.numerator : 0;
        if (rate > fastest && rate < INT32_MAX)
            fastest = rate;
        if (!is_discrete)
            break;
    }
    return (int32_t)fastest;
}

static void consider(struct camera *camera, struct camera_mode mode)
{
    if (mode.width < 1 || mode.height < 1 || mode.width > PICTURE_SIDE_MAX ||
        mode.height > PICTURE_SIDE_MAX)
        return;
    mode.rate_milli = fastest_rate(camera, &mode);
    if (camera->mode.format == 0 || camera_mode_is_better(&mode, &camera->mode))
        camera->mode = mode;
}

/* A camera that takes any size is asked for its largest, and for one that is useful. */
static void consider_steps(struct camera *camera, uint32_t format,
                           const struct v4l2_frmsize_stepwise *sizes)
{
    const struct camera_mode largest = { .format = format,
                                         .width = (int32_t)sizes->max_width,
                                         .height = (int32_t)sizes->max_height };
    struct camera_mode useful = largest;
    for (uint32_t half = 2; half <= 8; half *= 2) {
        useful.width = (int32_t)(sizes->max_width / half);
        useful.height = (int32_t)(sizes->max_height / half);
        if ((uint32_t)useful.width >= sizes->min_width &&
            (uint32_t)useful.height >= sizes->min_height)
            consider(camera, useful);
    }
    consider(camera, largest);
}

static void consider_sizes(struct camera *camera, uint32_t format)
{
    for (uint32_t i = 0; i < CAMERA_SIZES_MAX; i++) {
        struct v4l2_frmsizeenum size = { .index = i, .pixel_format = format };
        if (!ask(camera, VIDIOC_ENUM_FRAMESIZES, &size))
            return;
        if (size.type != V4L2_FRMSIZE_TYPE_DISCRETE) {
            consider_steps(camera, format, &size.stepwise);
            return;
        }
        consider(camera, (struct camera_mode){ .format = format,
                                               .width = (int32_t)size.discrete.width,
                                               .height = (int32_t)size.discrete.height });
    }
}

/* The best of the modes that it names. */
static void choose_mode(struct camera *camera)
{
    for (uint32_t i = 0; i < CAMERA_FORMATS_MAX; i++) {
        struct v4l2_fmtdesc format = { .index = i, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
        if (!ask(camera, VIDIOC_ENUM_FMT, &format))
            break;
        if (camera_mode_is_read(format.pixelformat))
            consider_sizes(camera, format.pixelformat);
    }
}

/* A camera has devices beside the one that gives pictures, which look alike from outside. */
static bool check_kind(struct camera *camera, const char *name, struct rw_error *err)
{
    struct v4l2_capability about = { .capabilities = 0 };
    if (!ask(camera, VIDIOC_QUERYCAP, &about))
        return refuse_call(name, err);
    uint32_t can =
        about.capabilities & V4L2_CAP_DEVICE_CAPS ? about.device_caps : about.capabilities;
    if ((can & V4L2_CAP_VIDEO_CAPTURE) == 0 || (can & V4L2_CAP_STREAMING) == 0)
        return refuse(name, "this device of it gives no pictures, another one may", err);
    camera->is_written_over = strcmp((const char *)about.driver, LOOPBACK) == 0;
    return true;
}

/* The driver has the last word on the size; a format that cannot be read is refused. */
static bool set_mode(struct camera *camera, const char *name, struct rw_error *err)
{
    struct v4l2_format wanted = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
    struct v4l2_pix_format *pixels = &wanted.fmt.pix;
    struct camera_mode *mode = &camera->mode;

    if (!ask(camera, VIDIOC_G_FMT, &wanted))
        return refuse_call(name, err);
    pixels->pixelformat = mode->format != 0 ? mode->format : pixels->pixelformat;
    pixels->width = mode->format != 0 ? (uint32_t)mode->width : WIDTH_ASKED;
    pixels->height = mode->format != 0 ? (uint32_t)mode->height : HEIGHT_ASKED;
    pixels->field = V4L2_FIELD_NONE;
    pixels->bytesperline = 0;
    if (!ask(camera, VIDIOC_S_FMT, &wanted))
        return refuse_call(name, err);
    if (!camera_mode_is_read(pixels->pixelformat) || pixels->width > PICTURE_SIDE_MAX ||
        pixels->height > PICTURE_SIDE_MAX || pixels->bytesperline > INT32_MAX)
        return refuse(name, "it gives no pictures of a kind that is read", err);
    bool is_grey = pixels->pixelformat == V4L2_PIX_FMT_GREY;
    enum v4l2_quantization range = pixels->quantization;
    if (range == V4L2_QUANTIZATION_DEFAULT)
        range = V4L2_MAP_QUANTIZATION_DEFAULT(is_grey, pixels->colorspace, pixels->ycbcr_enc);
    *mode = (struct camera_mode){ .format = pixels->pixelformat,
                                  .width = (int32_t)pixels->width,
                                  .height = (int32_t)pixels->height,
                                  .stride = (int32_t)pixels->bytesperline,
                                  .rate_milli = mode->rate_milli,
                                  .is_narrow = range == V4L2_QUANTIZATION_LIM_RANGE };
    return true;
}

/* As fast as the mode allows; a driver that cannot be told goes at its own rate. */
static void set_rate(const struct camera *camera)
{
    struct v4l2_streamparm wanted = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
    if (camera->mode.rate_milli == 0 || !ask(camera, VIDIOC_G_PARM, &wanted))
        return;
    wanted.parm.capture.timeperframe =
        (struct v4l2_fract){ 1000, (uint32_t)camera->mode.rate_milli };
    (void)ask(camera, VIDIOC_S_PARM, &wanted);
}

static bool queue(const struct camera *camera, uint32_t index)
{
    struct v4l2_buffer buffer = { .index = index,
                                  .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                  .memory = V4L2_MEMORY_MMAP };
    return ask(camera, VIDIOC_QBUF, &buffer);
}

static bool map_buffer(struct camera *camera, uint32_t index)
{
    struct v4l2_buffer buffer = { .index = index,
                                  .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                  .memory = V4L2_MEMORY_MMAP };
    if (!ask(camera, VIDIOC_QUERYBUF, &buffer))
        return false;
    void *bytes =
        mmap(NULL, buffer.length, PROT_READ, MAP_SHARED, camera->file, (off_t)buffer.m.offset);
    if (bytes == MAP_FAILED)
        return false;
    camera->buffers[camera->buffer_count++] = (struct camera_buffer){ bytes, buffer.length };
    return queue(camera, index);
}

static bool start(struct camera *camera, const char *name, struct rw_error *err)
{
    struct v4l2_requestbuffers wanted = { .count = CAMERA_BUFFERS,
                                          .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                          .memory = V4L2_MEMORY_MMAP };
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

    if (!ask(camera, VIDIOC_REQBUFS, &wanted))
        return refuse_call(name, err);
    for (uint32_t i = 0; i < wanted.count && i < CAMERA_BUFFERS; i++)
        if (!map_buffer(camera, i))
            return refuse_call(name, err);
    return ask(camera, VIDIOC_STREAMON, &type) || refuse_call(name, err);
}

bool camera_open(const char *name, struct camera *ret_camera, struct rw_error *err)
{
    struct camera camera = { .is_open = true };
    char path[RW_FILE_PATH_MAX];
    bool is_number = name[0] != '/';

    (void)snprintf(path, sizeof path, "%s%s", is_number ? "/dev/video" : "", name);
    camera.file = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (camera.file < 0)
        return refuse(name, strerror(errno), err);
    if (check_kind(&camera, name, err)) {
        choose_mode(&camera);
        if (set_mode(&camera, name, err)) {
            set_rate(&camera);
            if (start(&camera, name, err)) {
                *ret_camera = camera;
                return true;
            }
        }
    }
    camera_close(&camera);
    return false;
}

static bool end(const char *why, char ret_reason[CAMERA_REASON_MAX])
{
    (void)snprintf(ret_reason, CAMERA_REASON_MAX, "%s", why);
    return false;
}

/* Waits for a buffer with a picture in it. What poll says of a camera that was pulled out differs
 * from driver to driver, so the buffer is asked for in any case. */
static bool take(const struct camera *camera, struct v4l2_buffer *buffer,
                 char ret_reason[CAMERA_REASON_MAX])
{
    for (int i = 0; i < TRIES_MAX; i++) {
        struct pollfd wanted = { .fd = camera->file, .events = POLLIN };
        int ready = poll(&wanted, 1, CAMERA_WAIT_MS);
        if (ready == 0)
            return end("no picture came in five seconds", ret_reason);
        *buffer =
            (struct v4l2_buffer){ .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP };
        if (ready > 0 && ask(camera, VIDIOC_DQBUF, buffer))
            return buffer->index < camera->buffer_count ||
                   end("its driver gave a buffer that there is not", ret_reason);
        if (errno != EAGAIN && errno != EINTR)
            break;
    }
    return end(errno == ENODEV ? "it was pulled out" : strerror(errno), ret_reason);
}

/* A driver counts what it takes, also where no buffer is free to take it into. v4l2loopback gives
 * the first picture number 0, though it took others before it. */
static void count_lost(struct camera *camera, uint32_t number)
{
    uint32_t step = number - camera->number;
    bool counts = camera->has_number && (camera->number > 0 || !camera->is_written_over);
    if (counts && step > 1 && step <= CAMERA_LOST_MAX)
        camera->lost += (int32_t)step - 1;
    camera->number = number;
    camera->has_number = true;
}

/* Is it whole? A driver says what it knows; the picture itself says the rest. */
static bool copy_out(const struct camera *camera, const struct v4l2_buffer *buffer,
                     struct rw_arena *arena, struct picture *ret_picture, struct rw_error *err)
{
    const struct camera_buffer *from = &camera->buffers[buffer->index];
    size_t length = buffer->bytesused < from->length ? buffer->bytesused : from->length;
    if (buffer->flags & V4L2_BUF_FLAG_ERROR)
        return rw_error_set(err, RW_UNREADABLE, "", "the camera gave a broken picture");
    return camera_mode_grey(&camera->mode, from->bytes, length, arena, ret_picture, err);
}

/* v4l2loopback does not wait until a picture was read: with two buffers, as it has where nobody
 * says otherwise, the next but one comes over it. It is whole if not even the next is there. */
static bool may_be_written_over(const struct camera *camera)
{
    struct pollfd wanted = { .fd = camera->file, .events = POLLIN };
    return camera->is_written_over && poll(&wanted, 1, 0) != 0;
}

bool camera_next(struct camera *camera, struct rw_arena *arena, struct picture *ret_picture,
                 bool *ret_end, char ret_reason[CAMERA_REASON_MAX], struct rw_error *err)
{
    *ret_end = false;
    camera->lost = 0;
    for (int i = 0; i < CAMERA_BROKEN_MAX; i++) {
        struct v4l2_buffer buffer;
        struct rw_error fault = { 0 };
        if (!take(camera, &buffer, ret_reason)) {
            *ret_end = true;
            return true;
        }
        count_lost(camera, buffer.sequence);
        bool is_whole = copy_out(camera, &buffer, arena, ret_picture, &fault);
        if (!is_whole && fault.code == RW_NO_MEMORY)
            return rw_error_set(err, fault.code, fault.at, "%s", fault.text);
        bool is_old = may_be_written_over(camera);
        (void)queue(camera, buffer.index); /* of a camera that is gone the next one tells */
        if (is_whole && !is_old)
            return true;
        camera->lost += is_old;
    }
    *ret_end = true;
    (void)end("all its pictures are broken", ret_reason);
    return true;
}

void camera_close(struct camera *camera)
{
    if (!camera->is_open)
        return;
    for (uint32_t i = 0; i < camera->buffer_count; i++)
        (void)munmap(camera->buffers[i].bytes, camera->buffers[i].length);
    (void)close(camera->file); /* ends the stream too */
    camera->is_open = false;
}
