/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the sizes of a roll's labels with each other. */
#include "verifier/size.h"

#include <math.h>
#include <stdlib.h>

#define LABELS_MIN 5       /* fewer say nothing about each other */
#define DIFFERS_MIN 0.045F /* film that lies nearer or is drawn in differs by less */
#define SPREADS 6.0F       /* … and by less than so many times what most labels differ */
#define STILL_MAX 0.015F   /* what most differ by at most while the camera stands still */
#define DRAWN_MAX 0.10F    /* a camera 15 degrees aside makes 0.035 of it */

/* How far a step of one micrometre goes in the frame, from a place of the label. */
static float step_of(const float h[9], const float at[2], const float by[2])
{
    float below = h[6] * at[0] + h[7] * at[1] + h[8];
    float x = (h[0] * at[0] + h[1] * at[1] + h[2]) / below;
    float y = (h[3] * at[0] + h[4] * at[1] + h[5]) / below;
    float more = h[6] * by[0] + h[7] * by[1];
    float dx = (h[0] * by[0] + h[1] * by[1] - x * more) / below;
    float dy = (h[3] * by[0] + h[4] * by[1] - y * more) / below;
    return hypotf(dx, dy);
}

struct size size_of(const float to_frame[9], const int32_t label_um[2])
{
    const float middle[2] = { (float)label_um[0] / 2, (float)label_um[1] / 2 };
    float across = step_of(to_frame, middle, (const float[2]){ 1, 0 });
    float along = step_of(to_frame, middle, (const float[2]){ 0, 1 });
    bool is_known = isfinite(across) && isfinite(along) && across > 0 && along > 0;
    return is_known ? (struct size){ true, sqrtf(across * along), across / along }
                    : (struct size){ 0 };
}

static int by_value(const void *left, const void *right)
{
    float first = *(const float *)left;
    float second = *(const float *)right;
    return (first > second) - (first < second);
}

static float median(float *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

/* What most values are, and what most differ from it by, as a part of it. */
struct usual {
    float middle;
    float spread;
};

static struct usual usual_of(float *values, size_t count)
{
    struct usual usual = { median(values, count), 0 };
    for (size_t i = 0; i < count; i++)
        values[i] = fabsf(values[i] / usual.middle - 1);
    usual.spread = median(values, count);
    return usual;
}

static bool is_far(float value, const struct usual *usual)
{
    return fabsf(value / usual->middle - 1) > fmaxf(DIFFERS_MIN, SPREADS * usual->spread);
}

/* The label for what most are; 0 = it does not say. */
static struct size_part part_of(const struct size *size, float scale, float aspect)
{
    float wide = sqrtf(size->aspect / aspect);
    float large = scale > 0 ? size->scale / scale : 1;
    return (struct size_part){ true, large * wide, large / wide };
}

bool size_compare(const struct size *sizes, size_t count, struct rw_arena *arena,
                  struct size_part *ret_parts, struct rw_error *err)
{
    float *scales = rw_arena_array(arena, count + 1, sizeof *scales, err);
    float *aspects = rw_arena_array(arena, count + 1, sizeof *aspects, err);
    size_t known = 0;

    if (scales == NULL || aspects == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_drawn = sizes[i].is_known && fabsf(sizes[i].aspect - 1) > DRAWN_MAX;
        ret_parts[i] = is_drawn ? part_of(&sizes[i], 0, 1) : (struct size_part){ 0 };
        if (!sizes[i].is_known)
            continue;
        scales[known] = sizes[i].scale;
        aspects[known++] = sizes[i].aspect;
    }
    if (known < LABELS_MIN)
        return true;
    const struct usual scale = usual_of(scales, known);
    const struct usual aspect = usual_of(aspects, known);
    /* A camera in the hand tilts as it moves, so both say nothing where one does. */
    if (scale.spread > STILL_MAX || aspect.spread > STILL_MAX)
        return true;
    for (size_t i = 0; i < count; i++)
        if (sizes[i].is_known && (ret_parts[i].differs || is_far(sizes[i].scale, &scale) ||
                                  is_far(sizes[i].aspect, &aspect)))
            ret_parts[i] = part_of(&sizes[i], scale.middle, aspect.middle);
    return true;
}
