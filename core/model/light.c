/* SPDX-License-Identifier: Apache-2.0 */
/* How a line's camera and light turn reflectance into grey. */
#include "core/model/light.h"

#include <math.h>
#include <stdlib.h>

#define SPOTS_MIN 3
#define CONTRAST_MIN_MILLI \
    20000 /* grey levels between film and black: less is no picture of print */
#define REFLECTANCE_STEP_MILLI 100 /* between film and black: an instrument tells them apart */
#define AREA_MIN 0.01 /* of the frame, that the spots span: below, they lie in a line */
#define MILLI 1000.0

/* Sums of a plane film = a + b across + c down, places from the middle in parts of the frame. */
struct plane_sums {
    double x;
    double y;
    double xx;
    double xy;
    double yy;
    double film;
    double film_x;
    double film_y;
    double black;
};

static struct plane_sums sum_spots(const struct light *light, const struct light_spot *spots,
                                   size_t count)
{
    struct plane_sums sums = { 0 };
    for (size_t i = 0; i < count; i++) {
        double x = (double)spots[i].x / light->frame_width - 0.5;
        double y = (double)spots[i].y / light->frame_height - 0.5;
        sums.x += x / (double)count;
        sums.y += y / (double)count;
        sums.xx += x * x / (double)count;
        sums.xy += x * y / (double)count;
        sums.yy += y * y / (double)count;
        sums.film += (double)spots[i].film / (double)count;
        sums.film_x += (double)spots[i].film * x / (double)count;
        sums.film_y += (double)spots[i].film * y / (double)count;
    }
    return sums;
}

/* Black gets darker and lighter with the light as film does; this is what it would be at the
 * middle. */
static double black_at_middle(const struct light *light, const struct light_spot *spots,
                              size_t count)
{
    double sum = 0;
    double film = light->film_grey_milli / MILLI;
    for (size_t i = 0; i < count; i++) {
        double x = (double)spots[i].x / light->frame_width - 0.5;
        double y = (double)spots[i].y / light->frame_height - 0.5;
        double here =
            film + light->film_across_milli / MILLI * x + light->film_down_milli / MILLI * y;
        sum += (double)spots[i].black * film / here;
    }
    return sum / (double)count;
}

bool light_fit(struct light *light, const struct light_spot *spots, size_t count,
               struct rw_error *err)
{
    if (count < SPOTS_MIN || light->frame_width < 1 || light->frame_height < 1)
        return rw_error_set(err, RW_INVALID, "",
                            "a light is measured on %d symbols or more, not on %zu", SPOTS_MIN,
                            count);
    struct plane_sums sums = sum_spots(light, spots, count);
    double xx = sums.xx - sums.x * sums.x;
    double xy = sums.xy - sums.x * sums.y;
    double yy = sums.yy - sums.y * sums.y;
    double determinant = xx * yy - xy * xy;
    if (determinant < AREA_MIN * AREA_MIN)
        return rw_error_set(err, RW_INVALID, "",
                            "the symbols lie in a line or close together: the light between the "
                            "edges of the frame is not known");
    double film_x = sums.film_x - sums.film * sums.x;
    double film_y = sums.film_y - sums.film * sums.y;
    double across = (film_x * yy - film_y * xy) / determinant;
    double down = (film_y * xx - film_x * xy) / determinant;
    light->film_across_milli = (int32_t)lrint(MILLI * across);
    light->film_down_milli = (int32_t)lrint(MILLI * down);
    light->film_grey_milli = (int32_t)lrint(MILLI * (sums.film - across * sums.x - down * sums.y));
    light->black_grey_milli = 0;
    if (!light_check(light, err))
        return false;
    light->black_grey_milli = (int32_t)lrint(MILLI * black_at_middle(light, spots, count));
    return light_check(light, err);
}

bool light_check(const struct light *light, struct rw_error *err)
{
    int64_t slope =
        llabs((long long)light->film_across_milli) + llabs((long long)light->film_down_milli);
    if (light->black_reflectance_milli < 0 || light->film_reflectance_milli > 1000 ||
        light->film_reflectance_milli - light->black_reflectance_milli < REFLECTANCE_STEP_MILLI)
        return rw_error_set(err, RW_INVALID, "/film_reflectance_milli",
                            "film must reflect more than black print, between 0 and 1000");
    if (light->film_grey_milli - light->black_grey_milli < CONTRAST_MIN_MILLI)
        return rw_error_set(err, RW_INVALID, "/film_grey_milli",
                            "film and black print look nearly the same");
    /* At the darkest corner film is still lighter than black print. */
    if (light->film_grey_milli - slope / 2 < light->black_grey_milli + CONTRAST_MIN_MILLI / 2)
        return rw_error_set(err, RW_INVALID, "/film_across_milli",
                            "the light falls off too far over the frame");
    return true;
}

float light_reflectance(const struct light *light, float x, float y, float grey)
{
    float film = (float)light->film_grey_milli / 1000;
    float black = (float)light->black_grey_milli / 1000;
    float of_film = (float)light->film_reflectance_milli / 1000;
    float of_black = (float)light->black_reflectance_milli / 1000;
    float here = film +
                 (float)light->film_across_milli / 1000 * (x / (float)light->frame_width - 0.5F) +
                 (float)light->film_down_milli / 1000 * (y / (float)light->frame_height - 0.5F);
    /* The same place under the light of the middle. */
    float even = grey * film / here;
    return of_black + (even - black) * (of_film - of_black) / (film - black);
}
