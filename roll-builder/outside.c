/* SPDX-License-Identifier: Apache-2.0 */
/* Lists what lies outside a roll and balances every product. */
#include "roll-builder/outside.h"

/* The lines that the roll lists as loose or excluded: none, one, or two when an end or a PRN
 * dosage splits the order. At most 2 + DOSING lines. */
#define OUTSIDE_LINE_MAX (2 + ORDER_DOSINGS_MAX)
struct outside {
    struct roll_outside loose[OUTSIDE_LINE_MAX];
    size_t loose_count;
    struct roll_outside excluded[2];
    size_t excluded_count;
};

static const char *dosage_text(const struct order *order, const struct dosing *dosing)
{
    if (dosing != NULL && dosing->text != NULL)
        return dosing->text;
    if (order->free_text != NULL)
        return order->free_text;
    return order->dosing_count > 0 ? order->dosings[0].text : NULL;
}

static struct roll_outside outside_row(const struct line *line, const char *reason, int64_t milli)
{
    return (struct roll_outside){
        .order = line->label,
        .product = line->product != NULL ? line->product->code : NULL,
        .name = line->name,
        .strength = line->product != NULL ? line->product->strength : NULL,
        .text = dosage_text(line->chosen->order, NULL),
        .reason = reason,
        .milli = milli,
        .by = line->by,
    };
}

/* A1: the PRN dosages beside regular ones are never packed. They stand while they hold, also where
 * the regular ones give nothing in these days. */
static void list_as_needed(const struct line *line, struct outside *ret_outside)
{
    const struct order *order = line->chosen->order;
    if (!line->judged.planned || line->chosen->replaced ||
        (line->destination == ORDER_EXCLUDED && line->kept > 0))
        return;
    for (size_t i = 0; i < line->judged.as_needed_count && i < ORDER_DOSINGS_MAX; i++) {
        const size_t dosing = line->judged.as_needed[i];
        struct roll_outside row = outside_row(line, "as-needed", -1);
        row.text = dosage_text(order, &order->dosings[dosing]);
        if (!line->validity.lapsed[dosing])
            ret_outside->loose[ret_outside->loose_count++] = row;
    }
}

static void list_line(const struct line *line, struct outside *ret_outside)
{
    ret_outside->loose_count = 0;
    ret_outside->excluded_count = 0;
    if (line->silent)
        return;
    const bool counted = line->judged.planned && !line->chosen->replaced;
    const int64_t milli = !counted ? -1 : line->over ? line->ended_milli : line->kept_milli;
    if (line->destination == ORDER_TO_LOOSE)
        ret_outside->loose[ret_outside->loose_count++] = outside_row(line, line->reason, milli);
    if (line->destination == ORDER_EXCLUDED)
        ret_outside->excluded[ret_outside->excluded_count++] =
            outside_row(line, line->reason, milli);
    if (counted && line->ended_milli > 0 && !line->over)
        ret_outside->excluded[ret_outside->excluded_count++] =
            outside_row(line, line->chosen->until_reason, line->ended_milli);
    list_as_needed(line, ret_outside);
}

static bool add_row(struct roll *roll, const struct roll_outside *row, bool loose,
                    struct rw_error *err)
{
    if (roll->loose_count + roll->excluded_count == ROLL_OUTSIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, row->order,
                            "more than %d lines of one client lie outside the roll",
                            ROLL_OUTSIDE_MAX);
    if (loose)
        roll->loose[roll->loose_count++] = *row;
    else
        roll->excluded[roll->excluded_count++] = *row;
    if (row->milli > 0) {
        roll->audit.loose_milli += loose ? row->milli : 0;
        roll->audit.excluded_milli += loose ? 0 : row->milli;
    }
    return true;
}

static int64_t counted(const struct roll_outside *rows, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += rows[i].milli > 0 ? rows[i].milli : 0;
    return sum;
}

/* What one line adds to the balance of its product. */
static void add_balance(struct roll *roll, const struct line *line, const struct outside *outside)
{
    const char *product = line->product != NULL ? line->product->code : NULL;
    size_t at = 0;
    if (line->kept_milli + line->ended_milli == 0)
        return;
    while (at < roll->balance_count && roll->balances[at].product != product)
        at++; /* lines of one product share its row of the table, and so the text */
    struct roll_balance *balance = &roll->balances[at];
    if (at == roll->balance_count)
        roll->balances[roll->balance_count++] = (struct roll_balance){ .product = product };
    balance->ordered_milli += line->kept_milli + line->ended_milli;
    if (line->destination == ORDER_TO_ROLL)
        balance->packed_milli += line->kept_milli;
    balance->loose_milli += counted(outside->loose, outside->loose_count);
    balance->excluded_milli += counted(outside->excluded, outside->excluded_count);
}

static bool same_moment(const struct intake *one, const struct intake *two)
{
    return rw_stamp_utc_minute(one->at) == rw_stamp_utc_minute(two->at);
}

/* The administration list says when a loose line is taken too. A line with more times than the list
 * has room for is told by its words alone. */
static bool give_times(const struct line *line, struct roll_outside *row, struct rw_arena *arena,
                       struct rw_error *err)
{
    const struct intake *intakes = line->judged.intakes;
    if (row->milli <= 0)
        return true;
    row->times.list = rw_arena_array(arena, ROLL_TIMES_MAX, sizeof *row->times.list, err);
    if (row->times.list == NULL)
        return false;
    for (size_t i = 0; i < line->kept; i++) {
        int64_t milli = intakes[i].milli; /* several dosages may meet at one moment */
        for (; i + 1 < line->kept && same_moment(&intakes[i], &intakes[i + 1]); i++)
            milli += intakes[i + 1].milli;
        if (!roll_time_add(&row->times, intakes[i].at.wall, milli)) {
            row->times.count = 0;
            break;
        }
    }
    return true;
}

bool outside_list(struct roll *roll, const struct line *lines, size_t count, struct rw_arena *arena,
                  struct rw_error *err)
{
    roll->balances = rw_arena_array(arena, count, sizeof *roll->balances, err);
    roll->loose = rw_arena_array(arena, ROLL_OUTSIDE_MAX, sizeof *roll->loose, err);
    roll->excluded = rw_arena_array(arena, ROLL_OUTSIDE_MAX, sizeof *roll->excluded, err);
    if (roll->loose == NULL || roll->excluded == NULL || roll->balances == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &lines[i];
        struct outside outside;
        list_line(line, &outside);
        for (size_t j = 0; j < outside.loose_count; j++) {
            if (!give_times(line, &outside.loose[j], arena, err) ||
                !add_row(roll, &outside.loose[j], true, err))
                return false;
        }
        for (size_t j = 0; j < outside.excluded_count; j++) {
            if (!add_row(roll, &outside.excluded[j], false, err))
                return false;
        }
        roll->audit.ordered_milli += line->kept_milli + line->ended_milli;
        if (line->destination == ORDER_TO_ROLL)
            roll->audit.packed_milli += line->kept_milli;
        add_balance(roll, line, &outside);
    }
    return true;
}
