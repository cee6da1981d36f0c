/* SPDX-License-Identifier: Apache-2.0 */
/* The door to what OpenCV finds in a picture: blobs, edges and hulls. */
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

extern "C" {
#include "verifier/vision.h"
#include "verifier/vision_shapes.h"
}

namespace
{

constexpr double noise_factor = 1.6;    /* ink is darker than paper by this many sigmas … */
constexpr double contrast_min = 3;      /* … and by this many grey levels */
constexpr double mad_to_sigma = 1.4826; /* of a normal distribution */
constexpr int noise_band = 8;           /* rows that are looked at … */
constexpr int noise_bands_apart = 8;    /* … in every so many of them */
constexpr int white = 255;
constexpr int wanted_dark = 40;    /* grey levels by which a rendering's ink is darker */
constexpr double hull_slack = 1.5; /* pixels that a corner of a hull may stand out */

template <typename Body> bool guarded(struct rw_error *err, Body body) noexcept
{
    try {
        body();
        return true;
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

/* The noise of the picture: the median difference to its blurred self, in bands all over it. */
double noise_sigma(const cv::Mat &grey)
{
    int histogram[256] = {};
    long count = 0;
    for (int top = 0; top < grey.rows; top += noise_band * noise_bands_apart) {
        cv::Mat band = grey.rowRange(top, std::min(top + noise_band, grey.rows));
        cv::Mat smooth;
        cv::Mat difference;
        cv::blur(band, smooth, cv::Size(3, 3));
        cv::absdiff(band, smooth, difference);
        for (int y = 0; y < difference.rows; y++)
            for (int x = 0; x < difference.cols; x++)
                histogram[difference.at<uchar>(y, x)]++;
        count += static_cast<long>(difference.rows) * difference.cols;
    }
    int median = 0;
    for (long seen = histogram[0]; seen < count / 2 && median < 255; seen += histogram[median])
        median++;
    return median * mad_to_sigma;
}

/* What is darker than its neighbourhood by more than the noise. */
cv::Mat ink_of(const cv::Mat &grey, int box)
{
    cv::Mat paper;
    cv::Mat ink;
    double contrast = std::max(contrast_min, noise_factor * noise_sigma(grey));
    cv::boxFilter(grey, paper, -1, cv::Size(box, box));
    cv::subtract(paper, grey, ink);
    cv::threshold(ink, ink, contrast, 255, cv::THRESH_BINARY);
    return ink;
}

cv::Mat square_kernel(int side)
{
    return cv::getStructuringElement(cv::MORPH_RECT, cv::Size(side, side));
}

struct picture_quad to_quad(const cv::RotatedRect &rect)
{
    cv::Point2f points[4];
    struct picture_quad quad = {};
    rect.points(points);
    for (int i = 0; i < 4; i++) {
        quad.corner[3 - i].x = points[i].x + 0.5F; /* OpenCV goes round the other way */
        quad.corner[3 - i].y = points[i].y + 0.5F;
    }
    return quad;
}

/* Can the rectangle of a shape that lies within these bounds be one that is looked for? It reaches
 * from one end of them to the other, so the area that its shape must fill is known before it is. */
bool may_be_wanted(const cv::Rect &bounds, double area, const struct vision_blobs &how)
{
    double side = std::max(bounds.width, bounds.height) - 1;
    double least = std::max(side * side * how.aspect_max / (1 + how.aspect_max * how.aspect_max),
                            static_cast<double>(how.side_min) * how.side_min);
    return area >= how.fill_min * least;
}

void add_outlines(cv::Mat &mask, const struct vision_blobs &how, struct vision_rects *rects)
{
    std::vector<std::vector<cv::Point>> outlines;
    std::vector<cv::Vec4i> tree;
    cv::findContours(mask, outlines, tree, cv::RETR_CCOMP, cv::CHAIN_APPROX_SIMPLE);
    for (size_t i = 0; i < outlines.size() && rects->count < VISION_RECTS_MAX; i++) {
        if (tree[i][3] >= 0 || outlines[i].size() < 4)
            continue; /* a hole */
        cv::Rect bounds = cv::boundingRect(outlines[i]);
        if (static_cast<float>(bounds.width + bounds.height) < 2 * how.side_min)
            continue;
        double area = cv::contourArea(outlines[i]);
        if (!may_be_wanted(bounds, area, how))
            continue;
        cv::RotatedRect rect = cv::minAreaRect(outlines[i]);
        rect.size.width += 1; /* outlines run through the centres of pixels */
        rect.size.height += 1;
        float shorter = std::min(rect.size.width, rect.size.height);
        float longer = std::max(rect.size.width, rect.size.height);
        float fill = static_cast<float>(area) / rect.size.area();
        if (shorter < how.side_min || longer > how.side_max || longer > shorter * how.aspect_max ||
            fill < how.fill_min)
            continue;
        rects->rects[rects->count++] = { to_quad(rect), fill, false };
    }
}

/* The corners of a hull; an outline runs through the centres of pixels, its hull around them. */
std::vector<cv::Point2f> hull_of(const std::vector<cv::Point> &outline)
{
    std::vector<cv::Point> around;
    std::vector<cv::Point2f> squares;
    std::vector<cv::Point2f> whole;
    std::vector<cv::Point2f> corners;
    cv::convexHull(outline, around);
    for (const cv::Point &pixel : around)
        for (int i = 0; i < 4; i++)
            squares.emplace_back(static_cast<float>(pixel.x + i % 2),
                                 static_cast<float>(pixel.y + i / 2));
    cv::convexHull(squares, whole);
    cv::approxPolyDP(whole, corners, hull_slack, true);
    return corners;
}

/* Its edges one after the other, and the first one again. */
void add_hull(const std::vector<cv::Point2f> &corners, struct vision_segments *edges)
{
    size_t count = corners.size();
    if (count < 3 || edges->count + count + 1 > VISION_SEGMENTS_MAX)
        return;
    for (size_t i = 0; i <= count; i++) {
        const cv::Point2f &from = corners[i % count];
        const cv::Point2f &to = corners[(i + 1) % count];
        edges->segments[edges->count++] = { { from.x, from.y }, { to.x, to.y } };
    }
}

/* Takes the pixel, where there is one of ink, out of the mask and into the spot. */
void take_ink(cv::Mat &mask, cv::Point at, std::vector<cv::Point> &spot)
{
    if (at.x < 0 || at.y < 0 || at.x >= mask.cols || at.y >= mask.rows || mask.at<uchar>(at) == 0)
        return;
    mask.at<uchar>(at) = 0;
    spot.push_back(at);
}

/* What hangs together with this pixel, by sides or corners; leaves the mask without it. */
struct vision_spot take_spot(cv::Mat &mask, cv::Point first, std::vector<cv::Point> &spot)
{
    cv::Point least = first;
    cv::Point most = first;
    spot.clear();
    take_ink(mask, first, spot);
    for (size_t i = 0; i < spot.size(); i++) {
        const cv::Point at = spot[i];
        least = cv::Point(std::min(least.x, at.x), std::min(least.y, at.y));
        most = cv::Point(std::max(most.x, at.x), std::max(most.y, at.y));
        for (int k = 0; k < 9; k++)
            take_ink(mask, at + cv::Point(k % 3 - 1, k / 3 - 1), spot);
    }
    return { { least.x, least.y, most.x - least.x + 1, most.y - least.y + 1 },
             static_cast<int>(spot.size()) };
}

/* Nearly all of a mask is empty, and a row is searched for ink faster than it is labelled. */
void add_spots(cv::Mat &mask, struct vision_spots *spots)
{
    std::vector<cv::Point> spot;
    for (int y = 0; y < mask.rows; y++)
        for (int x = 0; x < mask.cols && spots->count < VISION_SPOTS_MAX; x++) {
            const uchar *row = mask.ptr(y);
            const void *ink = std::memchr(row + x, white, static_cast<size_t>(mask.cols - x));
            if (ink == nullptr)
                break;
            x = static_cast<int>(static_cast<const uchar *>(ink) - row);
            spots->spots[spots->count++] = take_spot(mask, cv::Point(x, y), spot);
        }
}

} // namespace

extern "C" bool vision_shapes_blobs(const struct picture *picture, const struct vision_blobs *how,
                                    int count_how, struct budget *budget,
                                    struct vision_rects *rects, struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat grey = view(picture);
        cv::Mat ink;
        cv::Mat closed;
        cv::Mat opened;
        int box = 0;
        int close = 0;
        for (int i = 0; i < count_how && !budget_has_ended(budget); i++) {
            if (how[i].box != box) {
                box = how[i].box;
                close = 0;
                ink = ink_of(grey, box);
            }
            if (how[i].close != close) {
                close = how[i].close;
                cv::morphologyEx(ink, closed, cv::MORPH_CLOSE, square_kernel(close));
            }
            if (budget_has_ended(budget))
                return;
            cv::morphologyEx(closed, opened, cv::MORPH_OPEN, square_kernel(how[i].open));
            add_outlines(opened, how[i], rects);
        }
    });
}

extern "C" bool vision_shapes_hulls(const struct picture *picture, const struct vision_hulls *how,
                                    struct vision_segments *edges, struct rw_error *err)
{
    return guarded(err, [&] {
        std::vector<std::vector<cv::Point>> outlines;
        cv::Mat ink = ink_of(view(picture), how->box);
        cv::findContours(ink, outlines, cv::RETR_CCOMP, cv::CHAIN_APPROX_SIMPLE);
        for (const std::vector<cv::Point> &outline : outlines) {
            cv::Rect bounds = cv::boundingRect(outline);
            if (static_cast<float>(std::max(bounds.width, bounds.height)) >= how->side_min)
                add_hull(hull_of(outline), edges);
        }
    });
}

extern "C" bool vision_shapes_spots(const struct picture *ink, const struct picture *wanted,
                                    const struct vision_inks *how, struct vision_spots *spots,
                                    struct rw_error *err)
{
    return guarded(err, [&] {
        cv::Mat mask;
        cv::Mat known;
        cv::threshold(view(ink), mask, white - how->dark, white, cv::THRESH_BINARY_INV);
        cv::threshold(view(wanted), known, white - wanted_dark, white, cv::THRESH_BINARY_INV);
        cv::dilate(known, known, square_kernel(2 * how->reach + 1));
        mask.setTo(0, known);
        add_spots(mask, spots);
    });
}
