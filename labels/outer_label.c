/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on the empty bags before and behind a roll's doses. */
#include "labels/outer_label.h"

#include "core/base/date.h"
#include "core/base/text.h"
#include "labels/frame.h"

#define TITLE_UM 6200
#define TITLE_GAP_UM 2600 /* right of the title */
#define REASON_GAP_UM 1400
#define LINE_UM 3500

static const struct canvas_style small = { FRAME_SMALL_UM, CANVAS_REGULAR };
static const struct canvas_style small_bold = { FRAME_SMALL_UM, CANVAS_BOLD };
static const struct canvas_style strong = { FRAME_STRONG_UM, CANVAS_BOLD };
static const struct canvas_style title_style = { TITLE_UM, CANVAS_BOLD };

/* "zondag 22 november 2026" in the phrase. */
static void place_day(struct compose *compose, struct compose_flow *flow, const char *field,
                      enum wording_phrase phrase, int32_t day)
{
    const char *date = wording_date(compose->wording, day, compose->arena, compose->err);
    const char *whole =
        date == NULL
            ? NULL
            : rw_arena_format(compose->arena, compose->err, "%s %s",
                              wording_weekday(compose->wording, rw_date_weekday(day)), date);
    if (whole == NULL) {
        compose_fail(compose, field);
        return;
    }
    compose_new_line(flow);
    compose_run(compose, flow, field, compose_say(compose, phrase, whole, NULL), small, 0);
}

static void place_title(struct compose *compose, struct compose_flow *flow)
{
    bool header = compose->bag->kind == BAG_HEADER;
    int32_t of = frame_is_planned(compose) ? 888 : compose->bag->of;
    const char *title = compose_say(compose, header ? WORDING_TITLE : WORDING_END, NULL, NULL);
    const char *count =
        of == 1 ? compose_say(compose, WORDING_COUNT_ONE, NULL, NULL)
                : compose_say(compose, WORDING_COUNT, compose_number(compose, of), NULL);
    (void)compose_text(compose, "title", title, title_style,
                       (const int32_t[2]){ flow->left_um, flow->baseline_um });
    (void)compose_text_right(compose, "count", count, strong,
                             (const int32_t[2]){ compose->right_um, flow->baseline_um });
}

/* An order that has ended or was replaced is no medicine that the person still takes: to list it
 * beside the roll would be wrong. Every other line is told, whatever its reason. */
static bool is_over(const struct roll_outside *line)
{
    static const char *const reasons[] = { "ended",
                                           "not-begun",
                                           "replaced",
                                           "stop-agreement",
                                           "do-not-perform",
                                           "cancelled-agreement",
                                           "not-an-order",
                                           "status-stopped",
                                           "status-completed",
                                           "status-cancelled",
                                           "status-ended",
                                           "status-entered-in-error" };
    for (size_t i = 0; i < RW_COUNT(reasons); i++)
        if (rw_text_equal(line->reason, reasons[i]))
            return true;
    return false;
}

static int64_t count_lines(const struct roll_outside *lines, size_t count)
{
    int64_t told = 0;
    for (size_t i = 0; i < count; i++)
        told += is_over(&lines[i]) ? 0 : 1;
    return told;
}

static void place_outside_line(struct compose *compose, struct compose_flow *flow)
{
    const struct roll *roll = compose->roll;
    int64_t count = count_lines(roll->loose, roll->loose_count) +
                    count_lines(roll->excluded, roll->excluded_count);
    const char *said = NULL;
    if (count == 0)
        said = compose_say(compose, WORDING_OUTSIDE_NONE, NULL, NULL);
    else if (count == 1)
        said = compose_say(compose, WORDING_OUTSIDE_ONE, NULL, NULL);
    else
        said = compose_say(compose, WORDING_OUTSIDE, compose_number(compose, count), NULL);
    flow->baseline_um += compose->spacing->product_um - flow->line_um;
    compose_new_line(flow);
    compose_run(compose, flow, "outside", said, small_bold, 0);
}

static void place_names(struct compose *compose, struct compose_flow *flow,
                        const struct roll_outside *lines, size_t count, size_t first)
{
    for (size_t i = 0; i < count && !compose_is_stopped(compose); i++) {
        if (is_over(&lines[i]))
            continue;
        compose_new_line(flow);
        compose_run(compose, flow, compose_name(compose, "outside-name", first + i), lines[i].name,
                    small, 0);
        compose_run(compose, flow, compose_name(compose, "outside-reason", first + i),
                    wording_reason(compose->wording, lines[i].reason), small, REASON_GAP_UM);
    }
}

static int32_t place_body(struct compose *compose, int32_t rule_y, bool names)
{
    const struct roll *roll = compose->roll;
    struct compose_flow flow = { .left_um = compose->left_um,
                                 .right_um = compose->right_um,
                                 .line_um = compose->spacing->line_um,
                                 .x_um = compose->left_um };
    flow.baseline_um = rule_y + compose->spacing->above_time_um + FRAME_FIGURE(TITLE_UM);
    place_title(compose, &flow);
    flow.baseline_um += compose->spacing->below_time_um - flow.line_um;
    place_day(compose, &flow, "from", WORDING_FROM, roll->from);
    place_day(compose, &flow, "until", WORDING_UNTIL, roll->from + roll->days - 1);
    if (compose->bag->kind == BAG_HEADER) {
        place_outside_line(compose, &flow);
        if (names) {
            place_names(compose, &flow, roll->loose, roll->loose_count, 1);
            place_names(compose, &flow, roll->excluded, roll->excluded_count,
                        roll->loose_count + 1);
        }
    }
    return flow.baseline_um + FRAME_DESCENT(FRAME_SMALL_UM) + compose->dot_um;
}

void outer_label_compose(struct compose *compose, bool names)
{
    int32_t lowest = place_body(compose, frame_head(compose), names);
    struct frame_foot foot = frame_foot_begin(compose);
    compose_run(compose, &foot.flow, "empty", compose_say(compose, WORDING_EMPTY, NULL, NULL),
                strong, 0);
    compose_run(compose, &foot.flow, "remove", compose_say(compose, WORDING_REMOVE, NULL, NULL),
                small, REASON_GAP_UM);
    compose_new_line(&foot.flow);
    frame_foot_roll(compose, &foot);
    frame_foot_pharmacy(compose, &foot);
    if (frame_foot_end(compose, &foot) < lowest)
        compose_overflow(compose, "outside");
}
