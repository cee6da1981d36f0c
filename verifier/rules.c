/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what a dead element of the printhead leaves out of the rules. */
#include "verifier/rules.h"

#include <math.h>

#include "verifier/bend.h"

#define COLUMNS_MAX 4096  /* pixels of a label's width */
#define REACH_UM 400.0F   /* above and below where the rule should be */
#define BESIDE_UM 1500.0F /* to each side: what the rule is like there … */
#define GAP_UM 300.0F     /* … but for so much next to a gap */
#define ASIDE_UM 300.0F   /* one gap may lie so far from below the other */
#define PLAIN_PART 0.25F  /* of full ink: a paler rule shows no gap */
#define STEADY_PART 0.70F /* of its ink is what a rule has on each side of a gap at the least */

/* The ink of one rule, column by column of the label. */
struct profile {
    int16_t ink[COLUMNS_MAX];
    int from;
    int to;
    int y;
};

static bool is_rule(const struct print *print, size_t index)
{
    return print->fields[index].text[0] == '\0' && index != (size_t)print->symbol;
}

/* The darkest place of a column near the rule. */
static int16_t darkest(const struct laying *laying, int x, int y)
{
    const struct plane *seen = &laying->planes.seen;
    float px = laying->px_per_um;
    struct picture_point moved = bend_at(&laying->registration->bend, (float)x / px, (float)y / px);
    int col = x + (int)lroundf(moved.x * px);
    int row = y + (int)lroundf(moved.y * px);
    int reach = (int)(REACH_UM * px);
    int16_t most = 0;
    for (int i = row - reach; i <= row + reach; i++)
        if (col >= 0 && i >= 0 && col < seen->width && i < seen->height) {
            int16_t ink = *plane_row(seen, col, i);
            most = ink > most ? ink : most;
        }
    return most;
}

static void follow(const struct laying *laying, const struct print_field *rule,
                   struct profile *ret_profile)
{
    float px = laying->px_per_um;
    int width = laying->planes.seen.width;
    int right = (int)((float)(rule->x_um + rule->width_um) * px);
    ret_profile->from = (int)ceilf((float)rule->x_um * px);
    ret_profile->from = ret_profile->from > 0 ? ret_profile->from : 0;
    ret_profile->to = right < width ? right : width;
    ret_profile->to = ret_profile->to < COLUMNS_MAX ? ret_profile->to : COLUMNS_MAX;
    ret_profile->y = (int)(((float)rule->y_um + (float)rule->height_um / 2) * px);
    for (int x = ret_profile->from; x < ret_profile->to; x++)
        ret_profile->ink[x] = darkest(laying, x, ret_profile->y);
}

/* Mean ink of some columns; 0 where they are not all of the rule. */
static float mean_of(const struct profile *profile, int from, int to)
{
    int sum = 0;
    if (from < profile->from || to > profile->to)
        return 0;
    for (int x = from; x < to; x++)
        sum += profile->ink[x];
    return (float)sum / (float)(to - from);
}

/* How much of the ink beside it a column lacks: 0 where the rule is no even one there. */
static float lack_at(const struct profile *profile, int x, float px, float full)
{
    int gap = (int)ceilf(GAP_UM * px);
    int beside = (int)(BESIDE_UM * px);
    float left = mean_of(profile, x - beside, x - gap);
    float right = mean_of(profile, x + gap + 1, x + beside + 1);
    float least = fminf(left, right);
    if (least < PLAIN_PART * full || least < STEADY_PART * fmaxf(left, right))
        return 0;
    return fmaxf(1 - (float)profile->ink[x] / least, 0);
}

/* The gap that both rules have at one place; gives no places where they have none. */
static float find_common(const struct profile profiles[RULES_COMPARED], float px, float full,
                         int ret_x[RULES_COMPARED])
{
    int aside = (int)(ASIDE_UM * px);
    float most = 0;
    for (int x = profiles[0].from; x < profiles[0].to; x++) {
        float upper = lack_at(&profiles[0], x, px, full);
        for (int i = x - aside; upper > most && i <= x + aside; i++) {
            float both = fminf(upper, lack_at(&profiles[1], i, px, full));
            if (both > most) {
                most = both;
                ret_x[0] = x;
                ret_x[1] = i;
            }
        }
    }
    return most;
}

float rules_find_gap(const struct laying *laying, const struct print *print,
                     struct rules_gap ret_gaps[RULES_COMPARED])
{
    struct profile profiles[RULES_COMPARED];
    float px = laying->px_per_um;
    float full = CELL_FULL_INK * laying->usual.contrast;
    int width = (int)ceilf(2 * GAP_UM * px);
    int at[RULES_COMPARED];
    size_t count = 0;
    for (size_t i = 0; i < print->field_count && count < RULES_COMPARED; i++)
        if (is_rule(print, i)) {
            ret_gaps[count].field = print->fields[i].name;
            follow(laying, &print->fields[i], &profiles[count++]);
        }
    float lack = count == RULES_COMPARED ? find_common(profiles, px, full, at) : 0;
    for (size_t i = 0; i < RULES_COMPARED && lack > 0; i++)
        ret_gaps[i].box =
            (struct plane_box){ at[i] - width / 2, profiles[i].y - width / 2, width, width };
    return lack;
}
