/* SPDX-License-Identifier: Apache-2.0 */
/* Finds in the frames which roll lies on the line. */
#include "cli/verify_number.h"

#include "cli/verify_line.h"
#include "cli/verify_signal.h"
#include "verifier/reader.h"

/* False in `ret_found`: no code of ours. */
static bool look_at(const struct verify_number_desk *desk, struct reader *reader,
                    const struct frames_frame *frame, char ret_number[ROLL_NUMBER_MAX],
                    bool *ret_found, struct rw_error *err)
{
    const struct reader_limits limits = { 0 };
    struct readings readings = { 0 };

    *ret_found = false;
    if (!reader_read(reader, &frame->picture, &limits, desk->frame, &readings, err) ||
        (readings.count > 0 && !frames_hold(desk->frames, frame, desk->run, err)))
        return false;
    for (size_t i = 0; i < readings.count && !*ret_found; i++)
        *ret_found = verify_line_number_of(&readings.readings[i], ret_number);
    return true;
}

bool verify_number_find(const struct verify_number_desk *desk, char ret_number[ROLL_NUMBER_MAX],
                        struct rw_error *err)
{
    struct reader *reader = NULL;
    bool found = false;

    ret_number[0] = '\0';
    if (!reader_open(desk->decode, desk->run, &reader, err))
        return false;
    while (!found && !verify_signal_came()) {
        struct frames_frame frame;
        bool end = false;
        rw_arena_reset(desk->frame);
        if (!frames_next(desk->frames, desk->frame, &frame, &end, err))
            return false;
        if (end)
            break;
        bool has_picture = !frame.is_gone && frame.fault.code == RW_OK;
        if (has_picture && !look_at(desk, reader, &frame, ret_number, &found, err))
            return false;
    }
    return frames_again(desk->frames, err);
}
