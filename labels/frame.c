/* SPDX-License-Identifier: Apache-2.0 */
/* The head and the foot that all bags of a roll have in common. */
#include "labels/frame.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/gs1.h"

#define NO_BREAK "\u00A0"
#define KEY_GROUPS (BAG_SERIAL_DIGITS / 3)
#define KEY_ROWS (KEY_GROUPS / 2)
#define KEY_ROW_UM 1900    /* from one line of key digits to the next */
#define KEY_ROUND_UM 60    /* by which round figures are higher than others */
#define KEY_GAP_UM 550     /* between the groups of a line, at least */
#define HEAD_GAP_UM 2000   /* between name and birth date */
#define SYMBOL_GAP_UM 1900 /* between the text and the symbol or its key digits */
#define RULE_UM 250        /* a rule on whole dots is never thicker */
#define QUIET_MODULES 2    /* GS1 asks for one; two were needed to read it well */

static const struct canvas_style small = { FRAME_SMALL_UM, CANVAS_REGULAR };
static const struct canvas_style key = { FRAME_KEY_UM, CANVAS_REGULAR };
static const struct canvas_style name_style = { FRAME_NAME_UM, CANVAS_BOLD };

bool frame_is_planned(const struct compose *compose)
{
    return compose->bag->code == NULL || compose->bag->code[0] == '\0';
}

static int32_t larger(int32_t one, int32_t other)
{
    return one > other ? one : other;
}

/* Lines of a name lie as those of Latin letters do, and further apart only for the scripts that
 * reach higher (Vietnamese) or lower (Arabic). */
int32_t frame_head(struct compose *compose)
{
    const char *date = wording_short_date(compose->wording, compose->roll->client.born,
                                          compose->arena, compose->err);
    if (date == NULL) {
        compose_fail(compose, "born");
        return 0;
    }
    const char *name = compose->roll->client.name;
    struct canvas_extent ink = compose_ink(compose, "client-name", name, name_style);
    int32_t below = ink.ink_y_um + ink.ink_height_um;
    int32_t clear = 2 * compose->dot_um; /* each box is a dot larger than its ink */
    int32_t baseline =
        compose->top_um + larger(FRAME_ASCENT(FRAME_NAME_UM), compose->dot_um - ink.ink_y_um);
    const char *born = compose_say(compose, WORDING_BORN, date, NULL);
    int32_t born_left = compose_text_right(compose, "born", born, small,
                                           (const int32_t[2]){ compose->right_um, baseline });
    struct compose_flow flow = { .left_um = compose->left_um,
                                 .right_um = born_left - HEAD_GAP_UM,
                                 .line_um =
                                     larger(FRAME_NAME_UM * 115 / 100, ink.ink_height_um + clear),
                                 .x_um = compose->left_um,
                                 .baseline_um = baseline };
    compose_run(compose, &flow, "client-name", name, name_style, 0);
    int32_t rule_y = flow.baseline_um + larger(compose->spacing->below_name_um, below + clear);
    compose_rule(compose, "rule-1", rule_y, compose->right_um);
    return rule_y;
}

static int32_t module_um(const struct compose *compose)
{
    return media_um(compose->layout->module_dots, compose->layout->dpi);
}

static int32_t text_right_um(struct compose *compose)
{
    int32_t symbol = (compose->layout->symbol.side + QUIET_MODULES) * module_um(compose);
    int32_t key_digits = 2 * compose_width(compose, "key", "000", key) + KEY_GAP_UM;
    return compose->symbol_right_um - larger(symbol, key_digits) - SYMBOL_GAP_UM;
}

struct frame_foot frame_foot_begin(struct compose *compose)
{
    struct compose_flow flow = { .left_um = compose->left_um,
                                 .right_um = text_right_um(compose),
                                 .line_um = compose->spacing->foot_um,
                                 .x_um = compose->left_um };
    return (struct frame_foot){ flow, compose->layout->print.field_count };
}

/* "482 913 570": nine figures in a row are misread, three times three are not. */
static const char *group_roll_number(struct compose *compose)
{
    const char *number = frame_is_planned(compose) ? "888888888" : compose->roll->number;
    if (compose_is_stopped(compose))
        return "";
    const char *grouped =
        rw_arena_format(compose->arena, compose->err, "%.3s" NO_BREAK "%.3s" NO_BREAK "%.3s",
                        number, number + 3, number + 6);
    if (grouped == NULL)
        compose_fail(compose, "roll");
    return grouped == NULL ? "" : grouped;
}

void frame_foot_roll(struct compose *compose, struct frame_foot *foot)
{
    const char *roll = compose_say(compose, WORDING_ROLL, group_roll_number(compose), NULL);
    compose_run(compose, &foot->flow, "roll", roll, small, FRAME_SMALL_UM);
}

void frame_foot_pharmacy(struct compose *compose, struct frame_foot *foot)
{
    compose_new_line(&foot->flow);
    compose_run(compose, &foot->flow, "pharmacy", compose->roll->pharmacy.name, small, 0);
    const char *phone = compose_say(compose, WORDING_PHONE, compose->roll->pharmacy.phone, NULL);
    compose_run(compose, &foot->flow, "phone", phone, small, FRAME_SMALL_UM * 2 / 3);
}

static void place_symbol(struct compose *compose, int32_t bottom_um)
{
    struct layout *layout = compose->layout;
    int32_t side_dots = layout->symbol.side * layout->module_dots;
    layout->symbol_x_dots = media_dots(compose->symbol_right_um, layout->dpi) - side_dots;
    layout->symbol_y_dots = media_dots(bottom_um, layout->dpi) - side_dots;
    struct print *print = &layout->print;
    if (compose_is_stopped(compose))
        return;
    if (print->field_count == PRINT_FIELDS_MAX) {
        compose_overflow(compose, "symbol");
        return;
    }
    print->symbol = (int32_t)print->field_count;
    print->modules = layout->symbol.side;
    layout->marks[print->field_count] = (struct layout_mark){ .ink = LAYOUT_SYMBOL };
    print->fields[print->field_count++] =
        (struct print_field){ .name = "symbol",
                              .text = "",
                              .x_um = media_um(layout->symbol_x_dots, layout->dpi),
                              .y_um = media_um(layout->symbol_y_dots, layout->dpi),
                              .width_um = media_um(side_dots, layout->dpi),
                              .height_um = media_um(side_dots, layout->dpi) };
}

/* From the baseline of the last key digits to the lower edge of the symbol. */
static int32_t key_height_um(const struct compose *compose)
{
    return (KEY_ROWS - 1) * KEY_ROW_UM + FRAME_FIGURE(FRAME_KEY_UM) +
           QUIET_MODULES * module_um(compose) + 2 * compose->dot_um + KEY_ROUND_UM;
}

/* The serial under the symbol in groups of three, two in a line, from its left to its right edge:
 * what is typed in when no reader is at hand. */
static void place_key(struct compose *compose, int32_t bottom_um)
{
    const char *serial = frame_is_planned(compose) ? "888888888888" : compose->bag->serial;
    int32_t width = compose_width(compose, "key", "000", key);
    int32_t symbol_left = media_um(compose->layout->symbol_x_dots, compose->layout->dpi);
    int32_t left = compose->symbol_right_um - 2 * width - KEY_GAP_UM;
    left = symbol_left < left ? symbol_left : left;
    for (int32_t group = 0; group < KEY_GROUPS && !compose_is_stopped(compose); group++) {
        const char *digits =
            rw_arena_text_n(compose->arena, serial + (size_t)group * 3, 3, compose->err);
        if (digits == NULL) {
            compose_fail(compose, "key");
            return;
        }
        int32_t end = group % 2 == 0 ? left + width : compose->symbol_right_um;
        int32_t baseline = bottom_um - (KEY_ROWS - 1 - group / 2) * KEY_ROW_UM;
        const char *field = compose_name(compose, "key", (size_t)group + 1);
        (void)compose_text_right(compose, field, digits, key, (const int32_t[2]){ end, baseline });
    }
}

static void move_down(struct compose *compose, size_t first, int32_t by_um)
{
    struct print *print = &compose->layout->print;
    for (size_t i = first; i < print->field_count; i++) {
        print->fields[i].y_um += by_um;
        compose->layout->marks[i].baseline_um += by_um;
    }
}

int32_t frame_foot_end(struct compose *compose, struct frame_foot *foot)
{
    int32_t bottom = compose->bottom_um - FRAME_DESCENT(FRAME_SMALL_UM);
    int32_t by = bottom - foot->flow.baseline_um;
    move_down(compose, foot->first_field, by);
    int32_t key_bottom =
        compose->spacing->rule_beside ? compose->bottom_um - compose->dot_um : bottom;
    if (compose->symbol_bottom_um > 0)
        key_bottom = compose->symbol_bottom_um;
    int32_t symbol_bottom = key_bottom - key_height_um(compose);
    place_symbol(compose, symbol_bottom);
    place_key(compose, key_bottom);
    int32_t symbol_top = symbol_bottom - compose->layout->symbol.side * module_um(compose);
    int32_t text_top = by - FRAME_ASCENDER(FRAME_STRONG_UM) - compose->spacing->above_foot_um;
    symbol_top -= QUIET_MODULES * module_um(compose);
    bool beside = compose->spacing->rule_beside && symbol_top < text_top;
    int32_t rule_y = (symbol_top < text_top && !beside ? symbol_top : text_top) - RULE_UM;
    int32_t right_um = beside ? media_um(compose->layout->symbol_x_dots, compose->layout->dpi) -
                                    (QUIET_MODULES + 1) * module_um(compose)
                              : compose->right_um;
    compose_rule(compose, "rule-2", rule_y, right_um);
    return rule_y;
}
