/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV's planes: a module of it that few programs need. */
#include <vector>

#include <opencv2/calib3d.hpp>
#include <opencv2/core.hpp>

extern "C" {
#include "verifier/vision.h"
#include "verifier/vision_plane.h"
}

extern "C" bool vision_plane_fit(const struct vision_plane_pair *pairs, size_t count,
                                 float tolerance, float ret_from_to[9], size_t *ret_agree,
                                 struct rw_error *err)
{
    try {
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
    } catch (...) {
        return vision_caught(err);
    }
}
