/* SPDX-License-Identifier: Apache-2.0 */
/* Writes photographs as picture files or as a video. */
extern "C" {
#include "tests/support/reel.h"
}

#include <cstring>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <vector>

struct reel {
    cv::VideoWriter writer;
    cv::Size size;
};

namespace
{

/* OpenCV keeps blue first. */
cv::Mat turned(const struct photo *photo)
{
    cv::Mat view(photo->height, photo->width, photo->channels == PHOTO_COLOUR ? CV_8UC3 : CV_8UC1,
                 photo->bytes);
    cv::Mat mat = view;
    if (photo->channels == PHOTO_COLOUR)
        cv::cvtColor(view, mat, cv::COLOR_RGB2BGR);
    return mat;
}

template <typename Work> bool guarded(struct rw_error *err, Work work)
{
    try {
        return work();
    } catch (const std::exception &fault) {
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not write the pictures: %s",
                            fault.what());
    }
}

} // namespace

bool reel_encode(const struct photo *photo, int32_t quality, struct rw_arena *arena,
                 const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    return guarded(err, [&] {
        std::vector<uchar> file;
        std::vector<int> how = { cv::IMWRITE_JPEG_QUALITY, quality };
        if (quality == 0) /* a picture full of noise gets no smaller by more work */
            how = { cv::IMWRITE_PNG_COMPRESSION, 1, cv::IMWRITE_PNG_STRATEGY,
                    cv::IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY };
        if (!cv::imencode(quality == 0 ? ".png" : ".jpg", turned(photo), file, how))
            return rw_error_set(err, RW_BUG, "", "the photograph could not be written");
        auto *bytes = static_cast<char *>(rw_arena_alloc(arena, file.size(), err));
        if (bytes == nullptr)
            return false;
        std::memcpy(bytes, file.data(), file.size());
        *ret_bytes = bytes;
        *ret_length = file.size();
        return true;
    });
}

bool reel_open(const char *path, const struct photo *first, struct reel **ret_reel,
               struct rw_error *err)
{
    return guarded(err, [&] {
        auto *reel = new struct reel();
        reel->size = cv::Size(first->width, first->height);
        if (!reel->writer.open(path, cv::CAP_OPENCV_MJPEG,
                               cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), REEL_RATE, reel->size,
                               first->channels == PHOTO_COLOUR)) {
            delete reel;
            return rw_error_set(err, RW_UNAVAILABLE, "", "could not write \"%.256s\"", path);
        }
        *ret_reel = reel;
        return true;
    });
}

bool reel_add(struct reel *reel, const struct photo *photo, struct rw_error *err)
{
    return guarded(err, [&] {
        if (cv::Size(photo->width, photo->height) != reel->size)
            return rw_error_set(err, RW_INVALID, "", "the frames of a video have one size");
        reel->writer.write(turned(photo));
        return true;
    });
}

void reel_close(struct reel *reel)
{
    delete reel;
}
