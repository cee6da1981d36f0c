/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV: decoding, filtering, warping. */
#include <cmath>
#include <cstring>
#include <exception>
#include <new>
#include <vector>

#include <opencv2/calib3d.hpp>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

extern "C" {
#include "core/base/heap.h"
#include "verifier/vision.h"
}

namespace
{

constexpr int encode_level = 3;      /* of zlib: a picture of a bag is not kept for its size */
constexpr size_t png_colour_at = 25; /* the colour type in a PNG file */

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
    if (!picture_make(arena, mat.cols, mat.rows, &picture, err))
        return false;
    for (int y = 0; y < mat.rows; y++)
        std::memcpy(picture.pixels + static_cast<size_t>(y) * picture.stride, mat.ptr(y),
                    static_cast<size_t>(mat.cols));
    *ret_picture = picture;
    return true;
}

/* A PNG whose pixels may be transparent (PNG 11.2.2 and 11.3.2.1), or any WebP; what is behind them
 * is taken as paper. The chunk tRNS stands before the pixels. */
bool has_alpha(const uint8_t *bytes, size_t length)
{
    static const uint8_t transparency[] = { 't', 'R', 'N', 'S' };
    static const uint8_t pixels[] = { 'I', 'D', 'A', 'T' };
    if (length <= png_colour_at || bytes[0] != 0x89)
        return length > 0 && bytes[0] == 'R';
    const uint8_t *end = std::search(bytes, bytes + length, pixels, pixels + 4);
    return (bytes[png_colour_at] & 4) != 0 ||
           std::search(bytes, end, transparency, transparency + 4) != end;
}

cv::Mat on_white(const cv::Mat &colour)
{
    cv::Mat bytes;
    cv::Mat grey;
    cv::Mat alpha;
    colour.convertTo(bytes, CV_8U, colour.depth() == CV_16U ? 1.0 / 257 : 1);
    cv::cvtColor(bytes, grey, cv::COLOR_BGRA2GRAY);
    cv::extractChannel(bytes, alpha, 3);
    cv::Mat paper = 255 - alpha;
    cv::Mat print;
    cv::multiply(grey, alpha, print, 1.0 / 255);
    return print + paper;
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

extern "C" bool vision_decode(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                              struct picture *ret_picture, struct rw_error *err)
{
    return guarded(err, [&] {
        if (length == 0 || length > static_cast<size_t>(INT32_MAX))
            return rw_error_set(err, RW_UNREADABLE, "", "the picture has no bytes");
        cv::Mat raw(1, static_cast<int>(length), CV_8UC1, const_cast<uint8_t *>(bytes));
        int how = has_alpha(bytes, length) ? cv::IMREAD_UNCHANGED : cv::IMREAD_GRAYSCALE;
        cv::Mat grey = cv::imdecode(raw, how | cv::IMREAD_IGNORE_ORIENTATION);
        if (grey.channels() == 4)
            grey = on_white(grey);
        else if (how != cv::IMREAD_GRAYSCALE) /* OpenCV knows no transparency of this kind */
            grey = cv::imdecode(raw, cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
        if (grey.empty() || grey.type() != CV_8UC1)
            return rw_error_set(err, RW_UNREADABLE, "", "the picture's bytes are damaged");
        return copy_out(grey, arena, ret_picture, err);
    });
}

extern "C" bool vision_encode_png(const struct picture *picture, struct rw_arena *arena,
                                  const uint8_t **ret_bytes, size_t *ret_length,
                                  struct rw_error *err)
{
    return guarded(err, [&] {
        std::vector<uchar> png;
        std::vector<int> options = { cv::IMWRITE_PNG_COMPRESSION, encode_level };
        if (!cv::imencode(".png", view(picture), png, options))
            return rw_error_set(err, RW_BUG, "", "the picture could not be written as PNG");
        auto *bytes = static_cast<uint8_t *>(rw_arena_alloc(arena, png.size(), err));
        if (bytes == nullptr)
            return false;
        std::memcpy(bytes, png.data(), png.size());
        *ret_bytes = bytes;
        *ret_length = png.size();
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

extern "C" bool vision_fit_plane(const struct vision_pair *pairs, size_t count, float tolerance,
                                 float ret_from_to[9], size_t *ret_agree, struct rw_error *err)
{
    return guarded(err, [&] {
        std::vector<cv::Point2f> from;
        std::vector<cv::Point2f> to;
        std::vector<uchar> agree;
        for (size_t i = 0; i < count; i++) {
            from.emplace_back(pairs[i].from.x, pairs[i].from.y);
            to.emplace_back(pairs[i].to.x, pairs[i].to.y);
        }
        cv::theRNG().state = 1; /* the same answer for the same pairs */
        cv::Mat plane = cv::findHomography(from, to, cv::RANSAC, tolerance, agree);
        if (plane.empty())
            return false;
        for (int i = 0; i < 9; i++)
            ret_from_to[i] = static_cast<float>(plane.at<double>(i / 3, i % 3));
        *ret_agree = static_cast<size_t>(cv::countNonZero(agree));
        return true;
    });
}
