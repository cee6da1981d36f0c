/* SPDX-License-Identifier: Apache-2.0 */
/* How a strip runs past a camera: speed, stops, ways back. */
#include "tests/support/travel.h"

#include "core/model/media.h"

#define STEP_MM 15.0F /* a frame, as an even run has it */
#define STOP_FRAMES 6
#define BACK_FRAMES 5 /* more than one bag */

bool travel_plan(const struct roll *roll, size_t sheets, bool hesitate, struct rw_random *random,
                 struct travel *ret_travel, struct rw_error *err)
{
    const struct media *media = media_find(roll->media);
    struct travel travel = { .sheets = sheets };
    if (media == NULL)
        return rw_error_set(err, RW_NOT_FOUND, "/media", "the film \"%s\" is not known",
                            roll->media);
    travel.height_mm = (float)media->height_um / 1000.0F;
    float end = travel.height_mm * ((float)sheets + 0.4F);
    float turn_back = end / 2.0F;
    float at = -0.4F * travel.height_mm;

    while (at < end && travel.count < TRAVEL_FRAMES_MAX) {
        travel.along_mm[travel.count++] = at;
        float step = STEP_MM * (0.7F + 0.6F * (float)rw_random_unit(random));
        if (hesitate && at > turn_back && travel.count + 64 < TRAVEL_FRAMES_MAX) {
            for (int i = 0; i < STOP_FRAMES; i++)
                travel.along_mm[travel.count++] = at;
            for (int i = 0; i < BACK_FRAMES; i++)
                travel.along_mm[travel.count++] = at -= step;
            hesitate = false;
        }
        at += step;
    }
    if (at < end)
        return rw_error_set(err, RW_TOO_LARGE, "", "the video has more than %d frames",
                            TRAVEL_FRAMES_MAX);
    *ret_travel = travel;
    return true;
}

struct travel_window travel_window_at(const struct travel *travel, size_t frame)
{
    float at = travel->along_mm[frame];
    int middle = (int)(at / travel->height_mm);
    int first = middle > 2 ? middle - 2 : 0;
    int last = middle + 2 < (int)travel->sheets ? middle + 2 : (int)travel->sheets - 1;
    if (first > last)
        first = last;
    return (struct travel_window){ (size_t)first, (size_t)(last - first + 1),
                                   at - (float)first * travel->height_mm };
}
