/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV: filtering and scaling. */
#include <cmath>
#include <cstring>
#include <exception>
#include <new>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>

extern "C" {
#include "core/base/heap.h"
#include "verifier/vision.h"
}

namespace
{

/* Runs the body and turns whatever it throws into an error. */
template <typename Body> bool guarded(struct rw_error *err, Body body) noexcept
{
    try {
        return body();
    } catch (...) {
        return vision_caught(err);
    }
}

/* A view; OpenCV has no const one, and nothing here writes through it. */
cv::Mat view(const struct picture *picture)
{
    return cv::Mat(picture->height, picture->width, CV_8UC1, picture->pixels,
                   static_cast<size_t>(picture->stride));
}

bool copy_out(const cv::Mat &mat, struct rw_arena *arena, struct picture *ret_picture,
              struct rw_error *err)
{
    struct picture picture = {};
    if (!picture_make_room(arena, mat.cols, mat.rows, &picture, err))
        return false;
    for (int y = 0; y < mat.rows; y++)
        std::memcpy(picture.pixels + static_cast<size_t>(y) * picture.stride, mat.ptr(y),
                    static_cast<size_t>(mat.cols));
    *ret_picture = picture;
    return true;
}

cv::Mat square_kernel(int side)
{
    return cv::getStructuringElement(cv::MORPH_RECT, cv::Size(side, side));
}

} // namespace

extern "C" bool vision_caught(struct rw_error *err)
{
    try {
        throw;
    } catch (const cv::Exception &fault) {
        return rw_error_set(err, RW_UNREADABLE, "", "the picture cannot be used: %s",
                            fault.err.c_str());
    } catch (const std::bad_alloc &) {
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the picture");
    } catch (const std::exception &fault) {
        return rw_error_set(err, RW_BUG, "", "the picture library failed: %s", fault.what());
    } catch (...) {
        return rw_error_set(err, RW_BUG, "", "the picture library failed");
    }
}

extern "C" bool vision_start(struct rw_error *err)
{
    return guarded(err, [&] {
        cv::setNumThreads(1);
        rw_heap_keep(); /* OpenCV makes and frees pictures with every frame */
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        return true;
    });
}

extern "C" bool vision_enlarge(const struct picture *picture, const struct vision_frame *how,
                               struct rw_arena *arena, struct picture *ret_picture,
                               struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat large;
        cv::Mat framed;
        cv::resize(view(picture), large, cv::Size(), how->by, how->by, cv::INTER_LINEAR);
        cv::copyMakeBorder(large, framed, how->margin, how->margin, how->margin, how->margin,
                           cv::BORDER_CONSTANT, cv::Scalar(how->grey));
        return copy_out(framed, arena, ret_picture, err);
    });
}

extern "C" bool vision_resize(const struct picture *picture, int32_t width, int32_t height,
                              struct rw_arena *arena, struct picture *ret_picture,
                              struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat other;
        cv::resize(view(picture), other, cv::Size(width, height), 0, 0, cv::INTER_LINEAR);
        return copy_out(other, arena, ret_picture, err);
    });
}

extern "C" bool vision_blur(const struct picture *picture, float sigma, struct rw_arena *arena,
                            struct picture *ret_picture, struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat grey = view(picture);
        cv::Mat smooth;
        cv::GaussianBlur(grey, smooth, cv::Size(0, 0), sigma, sigma, cv::BORDER_REPLICATE);
        return copy_out(smooth, arena, ret_picture, err);
    });
}

extern "C" bool vision_soften(const struct picture *picture, float part, struct rw_arena *arena,
                              struct picture *ret_picture, struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat small;
        cv::Mat soft;
        cv::GaussianBlur(view(picture), soft, cv::Size(5, 5), 1, 1, cv::BORDER_REPLICATE);
        cv::resize(soft, small, cv::Size(), part, part, cv::INTER_LINEAR);
        return copy_out(small, arena, ret_picture, err);
    });
}

extern "C" bool vision_paper(const struct picture *picture, float stroke, struct rw_arena *arena,
                             struct picture *ret_picture, struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat grey = view(picture);
        cv::Mat small;
        cv::Mat closed;
        cv::Size size(std::max(1, grey.cols / 2), std::max(1, grey.rows / 2));
        int side = std::max(3, static_cast<int>(stroke / 2)) | 1;
        cv::resize(grey, small, size, 0, 0, cv::INTER_AREA);
        cv::morphologyEx(small, closed, cv::MORPH_CLOSE, square_kernel(side));
        cv::GaussianBlur(closed, small, cv::Size(0, 0), 1, 1, cv::BORDER_REPLICATE);
        cv::resize(small, closed, grey.size(), 0, 0, cv::INTER_LINEAR);
        return copy_out(closed, arena, ret_picture, err);
    });
}

extern "C" bool vision_lift(const struct picture *picture, const struct picture *paper,
                            struct rw_arena *arena, struct picture *ret_picture,
                            struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat ink;
        cv::subtract(view(paper), view(picture), ink); /* what is lighter than its paper is 0 */
        return copy_out(~ink, arena, ret_picture, err);
    });
}
