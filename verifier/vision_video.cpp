/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV's streams and video files, a module of its own. */
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

extern "C" {
#include <libavutil/log.h>

#include "verifier/vision_video.h"
}

struct vision_video {
    std::string name;
    bool is_camera;
    cv::VideoCapture capture;
    cv::Mat frame;
    cv::Mat grey;
    double promised; /* frames that a file says it has; 0 or less: it says nothing */
    double rate;     /* of them a second */
    int shown;
};

namespace
{

constexpr int camera_wait_ms = 5000; /* for a stream's first or next frame */

/* FFmpeg takes twenty frames of a stream to guess its rate, which nobody here asks for: at two
 * frames a second that is longer than we wait, and no frame came at all. */
constexpr const char *stream_options_name = "OPENCV_FFMPEG_CAPTURE_OPTIONS";
constexpr const char *stream_options = "rtsp_transport;tcp|fpsprobesize;0";

/* What FFmpeg complained of first in this thread since it began to open a source. It would write to
 * standard error, across the line that a terminal shows, and its callback has nothing of ours. */
thread_local char complaint[VISION_VIDEO_FAULT_MAX];

void hear(void *, int level, const char *format, va_list words)
{
    if (level > AV_LOG_ERROR || complaint[0] != '\0')
        return;
    std::vsnprintf(complaint, sizeof complaint, format, words);
    complaint[std::strcspn(complaint, "\r\n")] = '\0';
}

/* Of a line with an address, which may hold a password, only the reason at its end is told, and
 * nothing that is a part of the name. */
void tell_complaint(const char *name, char fault[VISION_VIDEO_FAULT_MAX])
{
    const char *reason = complaint;
    if (std::strstr(complaint, "://") != nullptr) {
        const char *colon = std::strrchr(complaint, ':');
        reason = colon[1] == ' ' ? colon + 2 : "";
    }
    if (std::strstr(name, reason) == nullptr)
        std::snprintf(fault, VISION_VIDEO_FAULT_MAX, "%s", reason);
}

/* A film that ends before its own end, or with a complaint. What says only how long it lasts may
 * count its frames a little wrong. */
void tell_end(const struct vision_video *video, char fault[VISION_VIDEO_FAULT_MAX])
{
    char why[VISION_VIDEO_FAULT_MAX] = "";
    double allowed = 2 + video->promised / 100;

    tell_complaint(video->name.c_str(), why);
    bool is_whole = why[0] == '\0' && video->shown + allowed >= video->promised;
    if (video->shown == 0 || video->is_camera || is_whole) {
        std::memcpy(fault, why, sizeof why);
        return;
    }
    int length = std::snprintf(fault, VISION_VIDEO_FAULT_MAX, "after picture %d", video->shown);
    if (video->promised > video->shown)
        length += std::snprintf(fault + length, VISION_VIDEO_FAULT_MAX - length, " of %.0f",
                                video->promised);
    if (video->rate > 0)
        length += std::snprintf(fault + length, VISION_VIDEO_FAULT_MAX - length, ", %.1f seconds",
                                video->shown / video->rate);
    if (why[0] != '\0')
        std::snprintf(fault + length, VISION_VIDEO_FAULT_MAX - length, ": %.160s", why);
}

/* Turns whatever the body throws into a fault. */
template <typename Answer, typename Body>
Answer guarded(char fault[VISION_VIDEO_FAULT_MAX], Answer failed, Body body) noexcept
{
    fault[0] = '\0';
    try {
        return body();
    } catch (const std::exception &caught) {
        std::snprintf(fault, VISION_VIDEO_FAULT_MAX, "the video library failed: %s", caught.what());
    } catch (...) {
        std::snprintf(fault, VISION_VIDEO_FAULT_MAX, "the video library failed");
    }
    return failed;
}

bool open_capture(cv::VideoCapture &capture, const char *name, bool camera)
{
    /* OpenCV has no other way in. What is set already stays: then nothing is changed while threads
     * read. */
    if (camera && setenv(stream_options_name, stream_options, 0) != 0)
        return false;
    if (camera)
        return capture.open(name, cv::CAP_FFMPEG,
                            { cv::CAP_PROP_OPEN_TIMEOUT_MSEC, camera_wait_ms,
                              cv::CAP_PROP_READ_TIMEOUT_MSEC, camera_wait_ms });
    if (std::strncmp(name, VISION_VIDEO_PIPE, sizeof VISION_VIDEO_PIPE - 1) == 0)
        return capture.open(name, cv::CAP_FFMPEG);
    /* Left to choose, OpenCV would also look for cameras on every bus. */
    for (int reader : { cv::CAP_FFMPEG, cv::CAP_IMAGES, cv::CAP_OPENCV_MJPEG })
        if (capture.open(name, reader))
            return true;
    return false;
}

struct vision_video *open_video(const char *name, bool camera, char fault[VISION_VIDEO_FAULT_MAX])
{
    return guarded(fault, static_cast<struct vision_video *>(nullptr), [&] {
        cv::VideoCapture capture;
        complaint[0] = '\0';
        av_log_set_callback(hear);
        if (!open_capture(capture, name, camera)) {
            tell_complaint(name, fault);
            return static_cast<struct vision_video *>(nullptr);
        }
        double promised = camera ? 0 : capture.get(cv::CAP_PROP_FRAME_COUNT);
        double rate = camera ? 0 : capture.get(cv::CAP_PROP_FPS);
        return new vision_video{ name, camera, capture, cv::Mat(), cv::Mat(), promised, rate, 0 };
    });
}

enum vision_video_outcome next_frame(struct vision_video *video,
                                     struct vision_video_frame *ret_frame,
                                     char fault[VISION_VIDEO_FAULT_MAX])
{
    return guarded(fault, VISION_VIDEO_FAILED, [&] {
        if (video->shown > 0)
            complaint[0] = '\0'; /* what was heard of a frame says nothing of the end */
        if (!video->capture.read(video->frame) || video->frame.empty()) {
            tell_end(video, fault);
            return VISION_VIDEO_END;
        }
        video->shown++;
        cv::Mat grey = video->frame;
        if (grey.channels() == 3)
            cv::cvtColor(video->frame, grey = video->grey, cv::COLOR_BGR2GRAY);
        if (grey.type() != CV_8UC1) {
            std::snprintf(fault, VISION_VIDEO_FAULT_MAX, "the video's frames are no pictures");
            return VISION_VIDEO_FAILED;
        }
        video->grey = grey; /* keeps the pixels */
        *ret_frame = { grey.data, grey.step[0], grey.cols, grey.rows };
        return VISION_VIDEO_FRAME;
    });
}

void close_video(struct vision_video *video)
{
    delete video;
}

} // namespace

extern "C" const struct vision_video_calls vision_video_calls = { open_video, next_frame,
                                                                  close_video };
