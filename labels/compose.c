/* SPDX-License-Identifier: Apache-2.0 */
/* Sets text in lines and keeps count of what found no room. */
#include "labels/compose.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/media.h"

#define RULE_UM 170

/* A text that is being set, line after line. */
struct run {
    struct canvas_style style;
    int32_t x_um; /* where it goes on */
    size_t line;
};

bool compose_is_stopped(const struct compose *compose)
{
    return compose->failed || compose->overflow[0] != '\0';
}

void compose_fail(struct compose *compose, const char *field)
{
    char place[COMPOSE_NAME_MAX + 1] = "/";
    (void)rw_text_copy(place + 1, COMPOSE_NAME_MAX, field); /* our own names are short */
    (void)rw_error_prefix(compose->err, place);             /* false by its nature */
    compose->failed = true;
}

void compose_overflow(struct compose *compose, const char *field)
{
    if (!compose_is_stopped(compose))
        (void)rw_text_copy(compose->overflow, sizeof compose->overflow, field); /* short, ours */
}

static bool measure(struct compose *compose, const char *field, const char *text,
                    struct canvas_style style, struct canvas_extent *ret_extent)
{
    if (compose_is_stopped(compose))
        return false;
    if (canvas_measure(compose->canvas, text, style, ret_extent, compose->err))
        return true;
    compose_fail(compose, field);
    return false;
}

int32_t compose_width(struct compose *compose, const char *field, const char *text,
                      struct canvas_style style)
{
    struct canvas_extent extent;
    return measure(compose, field, text, style, &extent) ? extent.advance_um : 0;
}

struct canvas_extent compose_ink(struct compose *compose, const char *field, const char *text,
                                 struct canvas_style style)
{
    struct canvas_extent extent;
    return measure(compose, field, text, style, &extent) ? extent : (struct canvas_extent){ 0 };
}

/* The next free field, or NULL when the label has more fields than a print can hold. */
static struct print_field *add_field(struct compose *compose, const char *field,
                                     const struct layout_mark *mark)
{
    struct print *print = &compose->layout->print;
    if (print->field_count == PRINT_FIELDS_MAX) {
        compose_overflow(compose, field);
        return NULL;
    }
    compose->layout->marks[print->field_count] = *mark;
    struct print_field *added = &print->fields[print->field_count++];
    added->name = field;
    added->text = "";
    return added;
}

int32_t compose_text(struct compose *compose, const char *field, const char *text,
                     struct canvas_style style, const int32_t origin_um[2])
{
    struct canvas_extent extent;
    if (text[0] == '\0' || !measure(compose, field, text, style, &extent))
        return origin_um[0];
    /* A letter like J reaches back before its origin: at the margin it moves in by that much. */
    int32_t reach_um = compose->left_um - (origin_um[0] + extent.ink_x_um);
    int32_t x_um = origin_um[0] + (reach_um > 0 ? reach_um : 0);
    struct layout_mark mark = { LAYOUT_TEXT, style, x_um, origin_um[1] };
    struct print_field *added = add_field(compose, field, &mark);
    if (added != NULL) {
        added->text = text;
        added->x_um = x_um + extent.ink_x_um - compose->dot_um;
        added->y_um = origin_um[1] + extent.ink_y_um - compose->dot_um;
        added->width_um = extent.ink_width_um + 2 * compose->dot_um;
        added->height_um = extent.ink_height_um + 2 * compose->dot_um;
    }
    return x_um + extent.advance_um;
}

int32_t compose_text_right(struct compose *compose, const char *field, const char *text,
                           struct canvas_style style, const int32_t end_um[2])
{
    int32_t left = end_um[0] - compose_width(compose, field, text, style);
    (void)compose_text(compose, field, text, style, (const int32_t[2]){ left, end_um[1] });
    return left;
}

void compose_rule(struct compose *compose, const char *field, int32_t y_um, int32_t right_um)
{
    if (compose_is_stopped(compose))
        return;
    int32_t dpi = compose->layout->dpi;
    struct layout_mark mark = { .ink = LAYOUT_RULE };
    struct print_field *added = add_field(compose, field, &mark);
    if (added == NULL)
        return;
    int32_t dots = media_dots(RULE_UM, dpi);
    added->x_um = media_um(media_dots(compose->left_um, dpi), dpi);
    added->y_um = media_um(media_dots(y_um, dpi), dpi);
    added->width_um = media_um(media_dots(right_um, dpi), dpi) - added->x_um;
    added->height_um = media_um(dots > 0 ? dots : 1, dpi);
}

void compose_new_line(struct compose_flow *flow)
{
    flow->x_um = flow->left_um;
    flow->baseline_um += flow->line_um;
}

static bool is_letter(char one)
{
    unsigned char byte = (unsigned char)one;
    return byte >= 0x80 || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* Where a line may end: before a space, and where a word alone is too long also after a slash or
 * hyphen between two letters, so that neither "10/12,5" nor "25 mg/5" is torn apart. 0 = not here,
 * else the bytes that stay. */
static size_t break_length(const char *text, size_t at, bool joints)
{
    if (text[at] == ' ')
        return at;
    bool joint = joints && (text[at] == '/' || text[at] == '-');
    return joint && at > 0 && is_letter(text[at - 1]) && is_letter(text[at + 1]) ? at + 1 : 0;
}

static size_t longest_start(struct compose *compose, const char *field, const char *text,
                            struct canvas_style style, int32_t room_um, bool joints)
{
    size_t fitting = 0;
    for (size_t at = 0; text[at] != '\0' && !compose_is_stopped(compose); at++) {
        size_t length = break_length(text, at, joints);
        if (length == 0)
            continue;
        const char *start = rw_arena_text_n(compose->arena, text, length, compose->err);
        if (start == NULL) {
            compose_fail(compose, field);
            return 0;
        }
        if (compose_width(compose, field, start, style) > room_um)
            break;
        fitting = length;
    }
    return fitting;
}

/* "look-3" for its first line, "look-3.2" for the second. */
static const char *line_name(struct compose *compose, const char *field, size_t line)
{
    if (line == 1)
        return field;
    const char *name = rw_arena_format(compose->arena, compose->err, "%s.%zu", field, line);
    if (name == NULL)
        compose_fail(compose, field);
    return name == NULL ? field : name;
}

/* How much of the text goes on the line in hand. Nothing, when the whole text fits on the next line
 * and not on this one: what belongs together is not torn apart without need. */
static size_t fitting_length(struct compose *compose, const struct compose_flow *flow,
                             const char *field, const char *text, const struct run *run)
{
    int32_t width = compose_width(compose, field, text, run->style);
    int32_t room = flow->right_um - run->x_um;
    if (width <= room)
        return strlen(text);
    bool at_start = run->x_um == flow->left_um;
    if (!at_start && width <= flow->right_um - flow->left_um)
        return 0;
    size_t length = longest_start(compose, field, text, run->style, room, false);
    if (length == 0 && at_start)
        length = longest_start(compose, field, text, run->style, room, true);
    return length;
}

static void place_part(struct compose *compose, struct compose_flow *flow, const char *field,
                       const char *part, const struct run *run)
{
    if (part == NULL) {
        compose_fail(compose, field);
        return;
    }
    flow->x_um = compose_text(compose, line_name(compose, field, run->line), part, run->style,
                              (const int32_t[2]){ run->x_um, flow->baseline_um });
}

void compose_run(struct compose *compose, struct compose_flow *flow, const char *field,
                 const char *text, struct canvas_style style, int32_t gap_um)
{
    const char *rest = text;
    struct run run = { .style = style, .line = 1 };
    while (rest[0] != '\0' && !compose_is_stopped(compose)) {
        bool at_start = flow->x_um == flow->left_um;
        run.x_um = at_start ? flow->x_um : flow->x_um + gap_um;
        size_t length = fitting_length(compose, flow, field, rest, &run);
        if (length == 0 && at_start) {
            compose_overflow(compose, field);
            return;
        }
        if (length > 0) {
            place_part(compose, flow, field,
                       rw_arena_text_n(compose->arena, rest, length, compose->err), &run);
            run.line++;
            rest += length;
            rest += strspn(rest, " ");
        }
        if (rest[0] != '\0')
            compose_new_line(flow);
    }
}

const char *compose_name(struct compose *compose, const char *word, size_t number)
{
    if (compose_is_stopped(compose))
        return word;
    const size_t length = strlen(word);
    const size_t digits = number < 10 ? 1 : number < 100 ? 2 : 3; /* no label counts further */
    char *name = rw_arena_alloc(compose->arena, length + 1 + digits + 1, compose->err);
    if (name == NULL) {
        compose_fail(compose, word);
        return word;
    }
    memcpy(name, word, length);
    name[length] = '-';
    rw_text_write_digits(name + length + 1, (uint32_t)number, digits);
    return name;
}

const char *compose_say(struct compose *compose, enum wording_phrase phrase, const char *first,
                        const char *second)
{
    if (compose_is_stopped(compose))
        return "";
    const char *said =
        wording_say(compose->wording, phrase, (const char *const[2]){ first, second },
                    compose->arena, compose->err);
    if (said == NULL)
        compose_fail(compose, "text");
    return said == NULL ? "" : said;
}

const char *compose_number(struct compose *compose, int64_t number)
{
    struct rw_text text;
    const char *digits;
    if (compose_is_stopped(compose))
        return "";
    rw_text_init(&text, compose->arena, COMPOSE_NAME_MAX - 1);
    rw_text_add_int(&text, number);
    if (rw_text_finish(&text, &digits, compose->err))
        return digits;
    compose_fail(compose, "text");
    return "";
}
