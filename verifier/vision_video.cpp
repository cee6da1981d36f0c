/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV's cameras and video files. */
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

extern "C" {
#include "verifier/vision.h"
#include "verifier/vision_video.h"
}

struct vision_video {
    cv::VideoCapture capture;
    cv::Mat frame;
    cv::Mat grey;
};

namespace
{

constexpr int camera_wait_ms = 5000; /* for a stream's first or next frame */

template <typename Work> bool guarded(struct rw_error *err, Work work)
{
    try {
        return work();
    } catch (...) {
        return vision_caught(err);
    }
}

/* "3" and "/dev/video3" are the third camera of this machine, all else is a stream's address. */
int camera_number(const std::string &name)
{
    const std::string prefix = "/dev/video";
    std::string digits = name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : name;
    bool is_number = !digits.empty() && digits.size() < 4 &&
                     digits.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? std::stoi(digits) : -1;
}

bool open_capture(struct vision_video *video, const char *name, bool camera)
{
    int number = camera ? camera_number(name) : -1;
    if (number >= 0)
        return video->capture.open(number, cv::CAP_V4L2);
    if (camera)
        return video->capture.open(name, cv::CAP_FFMPEG,
                                   { cv::CAP_PROP_OPEN_TIMEOUT_MSEC, camera_wait_ms,
                                     cv::CAP_PROP_READ_TIMEOUT_MSEC, camera_wait_ms });
    /* Left to choose, OpenCV would also look for cameras on every bus. */
    for (int reader : { cv::CAP_FFMPEG, cv::CAP_IMAGES, cv::CAP_OPENCV_MJPEG })
        if (video->capture.open(name, reader))
            return true;
    return false;
}

} // namespace

extern "C" bool vision_video_open(const char *name, bool camera, struct vision_video **ret_video,
                                  struct rw_error *err)
{
    return guarded(err, [&] {
        auto *video = new struct vision_video();
        if (!open_capture(video, name, camera)) {
            delete video;
            return rw_error_set(err, camera ? RW_UNAVAILABLE : RW_UNREADABLE, "",
                                camera ? "could not open the camera \"%.256s\""
                                       : "\"%.256s\" is no video that can be read",
                                name);
        }
        *ret_video = video;
        return true;
    });
}

extern "C" bool vision_video_next(struct vision_video *video, struct rw_arena *arena,
                                  struct picture *ret_picture, bool *ret_end, struct rw_error *err)
{
    return guarded(err, [&] {
        *ret_end = !video->capture.read(video->frame) || video->frame.empty();
        if (*ret_end)
            return true;
        cv::Mat grey = video->frame;
        if (grey.channels() == 3)
            cv::cvtColor(video->frame, grey = video->grey, cv::COLOR_BGR2GRAY);
        if (grey.type() != CV_8UC1)
            return rw_error_set(err, RW_UNREADABLE, "", "the video's frames are no pictures");
        struct picture picture = {};
        if (!picture_make(arena, grey.cols, grey.rows, &picture, err))
            return false;
        grey.copyTo(cv::Mat(picture.height, picture.width, CV_8UC1, picture.pixels,
                            static_cast<size_t>(picture.stride)));
        *ret_picture = picture;
        return true;
    });
}

extern "C" void vision_video_close(struct vision_video *video)
{
    delete video;
}
