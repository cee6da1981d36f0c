/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps look-alikes from standing beside each other in a bag. */
#include "roll-builder/apart.h"

#include <assert.h>
#include <string.h>

/* One bag's list and the products behind it. */
struct row {
    struct bag_content *contents;
    const struct product *products[BAG_CONTENTS_MAX];
    size_t count;
};

static bool is_packed(const struct line *line)
{
    return line->destination == ORDER_TO_ROLL;
}

static bool look_alike(const struct product *one, const struct product *two)
{
    return one != two && products_look_alike(one, two);
}

/* Most clients have none: their bags are not looked at. */
static bool has_look_alikes(const struct line *lines, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; is_packed(&lines[i]) && j < i; j++) {
            if (is_packed(&lines[j]) && look_alike(lines[i].product, lines[j].product))
                return true;
        }
    }
    return false;
}

static const struct product *product_of(const struct bag_content *content, const struct line *lines,
                                        size_t count)
{
    size_t i = 0;
    while (i + 1 < count && lines[i].label != content->order)
        i++;
    assert(lines[i].label == content->order); /* each content has the label of its line */
    return lines[i].product;
}

/* Moves one entry forward; those before it up to that place move up by one. */
static void move(struct row *row, size_t from, size_t to)
{
    const struct bag_content content = row->contents[from];
    const struct product *product = row->products[from];
    memmove(&row->contents[to + 1], &row->contents[to], (from - to) * sizeof row->contents[0]);
    memmove(&row->products[to + 1], &row->products[to], (from - to) * sizeof row->products[0]);
    row->contents[to] = content;
    row->products[to] = product;
}

/* A later product goes between; where there is none, the second looks for a place before. */
static void part(struct row *row, size_t at)
{
    const struct product *before = row->products[at - 1];
    const struct product *own = row->products[at];
    for (size_t i = at + 1; i < row->count; i++) {
        if (!look_alike(before, row->products[i])) {
            move(row, i, at);
            return;
        }
    }
    for (size_t i = 0; i + 1 < at; i++) {
        if (!look_alike(own, row->products[i]) &&
            (i == 0 || !look_alike(own, row->products[i - 1]))) {
            move(row, at, i);
            return;
        }
    }
}

void apart_place(struct roll *roll, const struct line *lines, size_t count)
{
    if (!has_look_alikes(lines, count))
        return;
    for (size_t i = 0; i < roll->bag_count; i++) {
        struct row row = { .contents = roll->bags[i].contents,
                           .count = roll->bags[i].content_count };
        for (size_t j = 0; j < row.count; j++)
            row.products[j] = product_of(&row.contents[j], lines, count);
        for (size_t j = 1; row.count > 2 && j < row.count; j++) {
            if (look_alike(row.products[j - 1], row.products[j]))
                part(&row, j);
        }
    }
}
