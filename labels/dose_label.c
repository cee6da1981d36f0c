/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on a bag that holds medicine. */
#include "labels/dose_label.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "labels/frame.h"

#define NO_BREAK "\u00A0"
#define TIME_UM 9000 /* figures of 6.4 mm: the largest thing on the bag */
#define WEEKDAY_UM 3700
#define TIME_GAP_UM 2400   /* right of the time */
#define AMOUNT_GAP_UM 1100 /* right of the amount */
#define FORM_GAP_UM 800
#define LOOK_GAP_UM 1400
#define WIDEST_NUMBER 888 /* of a bag and of bags */
#define PARTS_WIDEST 8    /* "8 van 8" stands for the parts while planning */

static const struct canvas_style small = { FRAME_SMALL_UM, CANVAS_REGULAR };
static const struct canvas_style small_bold = { FRAME_SMALL_UM, CANVAS_BOLD };
static const struct canvas_style strong = { FRAME_STRONG_UM, CANVAS_BOLD };
const struct canvas_style dose_label_weekday = { WEEKDAY_UM, CANVAS_BOLD };
const struct canvas_style dose_label_date = { FRAME_STRONG_UM, CANVAS_REGULAR };
static const struct canvas_style time_style = { TIME_UM, CANVAS_BOLD };

/* The upper right: the moment in a word, and under it which part of the moment this bag is. */
static void place_moment(struct compose *compose, int32_t upper_um, int32_t lower_um)
{
    const struct bag *bag = compose->bag;
    const char *moment = wording_moment(compose->wording, bag->moment);
    if (bag->exact)
        moment = compose_say(compose, WORDING_EXACT, NULL, NULL);
    if (moment != NULL)
        (void)compose_text_right(compose, "moment", moment, small,
                                 (const int32_t[2]){ compose->right_um, upper_um });
    bool planned = frame_is_planned(compose);
    if (!planned && bag->parts <= 1)
        return;
    const char *part = compose_number(compose, planned ? PARTS_WIDEST : bag->part);
    const char *parts = compose_number(compose, planned ? PARTS_WIDEST : bag->parts);
    (void)compose_text_right(compose, "part", compose_say(compose, WORDING_PART, part, parts),
                             strong, (const int32_t[2]){ compose->right_um, lower_um });
}

void dose_label_place_day(struct compose *compose)
{
    const int32_t day = compose->bag->at.wall.day;
    const char *date = wording_date(compose->wording, day, compose->arena, compose->err);
    if (date == NULL) {
        compose_fail(compose, "time");
        return;
    }
    const char *weekday = wording_weekday(compose->wording, rw_date_weekday(day));
    compose->day.first_field = compose->layout->print.field_count;
    (void)compose_text(compose, "weekday", weekday, dose_label_weekday,
                       (const int32_t[2]){ compose->day.x_um, compose->day.weekday_um });
    (void)compose_text(compose, "date", date, dose_label_date,
                       (const int32_t[2]){ compose->day.x_um, compose->day.date_um });
    compose->day.end_field = compose->layout->print.field_count;
}

/* Time, and right of it weekday over date; their upper and lower edges agree. */
static int32_t place_time(struct compose *compose, int32_t rule_y)
{
    int32_t top = rule_y + compose->spacing->above_time_um;
    int32_t lower = top + FRAME_FIGURE(TIME_UM);
    int32_t upper = top + FRAME_FIGURE(WEEKDAY_UM);
    const char *clock = wording_clock(compose->bag->at.wall, compose->arena, compose->err);
    if (clock == NULL) {
        compose_fail(compose, "time");
        return lower;
    }
    int32_t x = compose_text(compose, "time", clock, time_style,
                             (const int32_t[2]){ compose->left_um, lower });
    compose->day =
        (struct compose_day){ .x_um = x + TIME_GAP_UM, .weekday_um = upper, .date_um = lower };
    dose_label_place_day(compose);
    place_moment(compose, upper, lower);
    return lower;
}

static const char *amount_text(struct compose *compose, size_t index)
{
    struct rw_text text;
    const char *times;
    if (compose_is_stopped(compose))
        return "";
    rw_text_init(&text, compose->arena, WORDING_SAID_MAX);
    const char *amount =
        wording_amount(compose->bag->contents[index].milli, compose->arena, compose->err);
    if (amount != NULL) {
        rw_text_add(&text, amount);
        rw_text_add(&text, NO_BREAK "×");
    }
    if (amount != NULL && rw_text_finish(&text, &times, compose->err))
        return times;
    compose_fail(compose, compose_name(compose, "amount", index + 1));
    return "";
}

/* The width of the column of amounts: that of the widest. */
static int32_t amounts_width(struct compose *compose)
{
    int32_t widest = 0;
    for (size_t i = 0; i < compose->bag->content_count && !compose_is_stopped(compose); i++) {
        int32_t width = compose_width(compose, "amount", amount_text(compose, i), strong);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* "METFORMINE 500 mg", the number and its unit never on two lines. */
static const char *name_and_strength(struct compose *compose, const struct bag_content *content)
{
    struct rw_text text;
    rw_text_init(&text, compose->arena, 1024);
    rw_text_add(&text, content->name);
    if (content->strength != NULL && content->strength[0] != '\0')
        rw_text_add_char(&text, ' ');
    for (const char *at = content->strength; at != NULL && *at != '\0'; at++) {
        if (*at == ' ')
            rw_text_add(&text, NO_BREAK);
        else
            rw_text_add_char(&text, *at);
    }
    const char *both = NULL;
    if (rw_text_finish(&text, &both, compose->err))
        return both;
    compose_fail(compose, "content");
    return "";
}

/* The second line: a part in words, how it looks, and what must not be done with it. */
static void place_details(struct compose *compose, struct compose_flow *flow, size_t index)
{
    const struct bag_content *content = &compose->bag->contents[index];
    const char *words = NULL;
    if (!compose_is_stopped(compose) &&
        !wording_amount_words(compose->wording, content->milli, &words, compose->err))
        compose_fail(compose, compose_name(compose, "amount", index + 1));
    if (words != NULL)
        compose_run(compose, flow, compose_name(compose, "words", index + 1), words, small_bold,
                    LOOK_GAP_UM);
    if (content->look != NULL)
        compose_run(compose, flow, compose_name(compose, "look", index + 1), content->look, small,
                    LOOK_GAP_UM);
    if (content->warning != NULL)
        compose_run(compose, flow, compose_name(compose, "warning", index + 1), content->warning,
                    small_bold, LOOK_GAP_UM);
}

static bool has_details(const struct bag_content *content)
{
    return (content->look != NULL && content->look[0] != '\0') ||
           (content->warning != NULL && content->warning[0] != '\0') || content->milli % 1000 != 0;
}

static void place_content(struct compose *compose, struct compose_flow *flow, size_t index,
                          int32_t amount_right)
{
    const struct bag_content *content = &compose->bag->contents[index];
    (void)compose_text_right(compose, compose_name(compose, "amount", index + 1),
                             amount_text(compose, index), strong,
                             (const int32_t[2]){ amount_right, flow->baseline_um });
    int32_t first_line_um = flow->baseline_um;
    flow->x_um = flow->left_um;
    compose_run(compose, flow, compose_name(compose, "content", index + 1),
                name_and_strength(compose, content), strong, 0);
    if (content->form != NULL)
        compose_run(compose, flow, compose_name(compose, "form", index + 1), content->form, small,
                    FORM_GAP_UM);
    bool still_first = flow->baseline_um == first_line_um;
    if (has_details(content) && still_first && !compose->spacing->look_beside)
        compose_new_line(flow);
    place_details(compose, flow, index);
}

/* Gives the lowest point that the contents' letters may reach. */
static int32_t place_contents(struct compose *compose, int32_t baseline_um)
{
    int32_t amount_right = compose->left_um + amounts_width(compose);
    struct compose_flow flow = { .left_um = amount_right + AMOUNT_GAP_UM,
                                 .right_um = compose->right_um,
                                 .line_um = compose->spacing->line_um,
                                 .baseline_um = baseline_um };
    for (size_t i = 0; i < compose->bag->content_count && !compose_is_stopped(compose); i++) {
        if (i > 0)
            flow.baseline_um += compose->spacing->product_um;
        place_content(compose, &flow, i, amount_right);
    }
    return flow.baseline_um + FRAME_DESCENT(FRAME_SMALL_UM) + compose->dot_um;
}

static void foot_total(struct compose *compose, struct frame_foot *foot)
{
    int64_t pieces = bag_pieces(compose->bag);
    int64_t split = 0;
    for (size_t i = 0; i < compose->bag->content_count; i++)
        split += compose->bag->contents[i].milli % 1000 != 0;
    const char *total =
        pieces == 1 ? compose_say(compose, WORDING_TOTAL_ONE, NULL, NULL)
                    : compose_say(compose, WORDING_TOTAL, compose_number(compose, pieces), NULL);
    compose_run(compose, &foot->flow, "total", total, strong, 0);
    if (split > 0)
        compose_run(compose, &foot->flow, "split",
                    compose_say(compose, WORDING_SPLIT, compose_number(compose, split), NULL),
                    small, LOOK_GAP_UM);
}

/* The roll's number stands in one column through the whole strip, whatever the bag's number. */
static void foot_bag(struct compose *compose, struct frame_foot *foot)
{
    bool planned = frame_is_planned(compose);
    const char *n = compose_number(compose, planned ? WIDEST_NUMBER : compose->bag->n);
    const char *of = compose_number(compose, planned ? WIDEST_NUMBER : compose->bag->of);
    const char *widest = compose_number(compose, WIDEST_NUMBER);
    int32_t column_um =
        foot->flow.left_um +
        compose_width(compose, "bag", compose_say(compose, WORDING_BAG, widest, widest), small);
    compose_new_line(&foot->flow);
    compose_run(compose, &foot->flow, "bag", compose_say(compose, WORDING_BAG, n, of), small, 0);
    if (foot->flow.x_um < column_um)
        foot->flow.x_um = column_um;
    frame_foot_roll(compose, foot);
}

static void foot_use_by(struct compose *compose, struct frame_foot *foot)
{
    const char *iso = compose->bag->use_by;
    if (iso == NULL && frame_is_planned(compose))
        iso = "2026-12-28";
    if (iso == NULL || compose_is_stopped(compose))
        return;
    const char *date = wording_short_date(compose->wording, iso, compose->arena, compose->err);
    if (date == NULL) {
        compose_fail(compose, "use-by");
        return;
    }
    compose_new_line(&foot->flow);
    compose_run(compose, &foot->flow, "use-by", compose_say(compose, WORDING_USE_BY, date, NULL),
                small, 0);
}

void dose_label_compose(struct compose *compose)
{
    int32_t head = frame_head(compose);
    int32_t time = place_time(compose, head);
    int32_t lowest = place_contents(compose, time + compose->spacing->below_time_um);
    struct frame_foot foot = frame_foot_begin(compose);
    foot_total(compose, &foot);
    foot_bag(compose, &foot);
    foot_use_by(compose, &foot);
    frame_foot_pharmacy(compose, &foot);
    if (frame_foot_end(compose, &foot) < lowest)
        compose_overflow(compose, compose_name(compose, "content", compose->bag->content_count));
}
