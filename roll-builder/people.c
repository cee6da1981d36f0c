/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the clients' records and says when a roll asks for a review. */
#include "roll-builder/people.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/json/json_read.h"

static int compare_person(const void *left, const void *right)
{
    const struct person *one = left;
    const struct person *two = right;
    return strcmp(one->id, two->id);
}

static bool read_day(const struct json *row, const char *name, bool *ret_has, int32_t *ret_day,
                     struct rw_error *err)
{
    const char *text;
    if (!json_text_or(row, name, NULL, &text, err))
        return false;
    *ret_has = text != NULL;
    return text == NULL || rw_date_parse(text, ret_day) ||
           json_refuse(json_member(row, name), "the value is no date", err);
}

static bool read_row(const struct json *row, struct person *ret, struct rw_error *err)
{
    static const char *const known[] = { "client", "suitable", "relocated", NULL };
    return json_only(row, known, err) && json_text(row, "client", &ret->id, err) &&
           read_day(row, "suitable", &ret->has_reviewed, &ret->reviewed, err) &&
           read_day(row, "relocated", &ret->has_relocated, &ret->relocated, err);
}

bool people_read(const char *bytes, size_t length, struct rw_arena *arena,
                 struct people **ret_people, struct rw_error *err)
{
    static const char *const known[] = { "format", "clients", NULL };
    const struct json *root;
    const struct json *list;
    struct people *people = rw_arena_alloc(arena, sizeof *people, err);
    if (people == NULL || !json_parse(arena, bytes, length, &root, err) ||
        !json_format_is(root, "rolwacht/clients/1", err) || !json_only(root, known, err) ||
        !json_list(root, "clients", &list, err))
        return false;
    if (list->count > PEOPLE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "/clients", "more than %d clients", PEOPLE_MAX);
    people->list = rw_arena_array(arena, (size_t)list->count, sizeof *people->list, err);
    if (people->list == NULL)
        return false;
    for (const struct json *row = list->first; row != NULL; row = row->next) {
        if (!read_row(row, &people->list[people->count++], err))
            return false;
    }
    qsort(people->list, people->count, sizeof *people->list, compare_person);
    for (size_t i = 1; i < people->count; i++) {
        if (strcmp(people->list[i - 1].id, people->list[i].id) == 0)
            return rw_error_set(err, RW_INVALID, "/clients", "a client has two rows");
    }
    *ret_people = people;
    return true;
}

struct person people_find(const struct people *people, const char *id)
{
    const struct person wanted = { .id = id };
    const struct person *found = people->count == 0 ? NULL
                                                    : bsearch(&wanted, people->list, people->count,
                                                              sizeof wanted, compare_person);
    return found != NULL ? *found : wanted;
}

static void check_records(const struct person *person, const struct window *window,
                          struct rw_diag *diag)
{
    if (!person->has_reviewed)
        rw_diag_add(diag, "D3", "suitability-not-recorded", RW_OVERRIDABLE, "",
                    "nobody recorded that a roll suits this client");
    else if (window->from - person->reviewed > PEOPLE_REVIEW_DAYS_MAX)
        rw_diag_add(diag, "D3", "suitability-to-review", RW_OVERRIDABLE, "",
                    "that a roll suits this client was last reviewed %d days before its first day",
                    window->from - person->reviewed);
    if (person->has_relocated && (!person->has_reviewed || person->relocated > person->reviewed))
        rw_diag_add(diag, "D30", "relocated", RW_OVERRIDABLE, "",
                    "the client moved since the last review: every order is to be verified again");
}

static bool changes(const struct line *line, const struct window *window)
{
    const struct dosing_point *start = &line->chosen->order->period_start;
    const struct dosing_point *end = &line->chosen->order->period_end;
    if (line->destination != ORDER_TO_ROLL || line->kept == 0)
        return false;
    return line->ended_milli > 0 ||
           (start->precision != DOSING_ABSENT && start->stamp.wall.day > window->from) ||
           (end->precision != DOSING_ABSENT &&
            end->stamp.wall.day < window->from + window->days - 1);
}

void people_check(const struct person *person, const struct window *window,
                  const struct line *lines, size_t count, struct rw_diag *diag)
{
    size_t changed = 0;
    if (person != NULL)
        check_records(person, window, diag);
    for (size_t i = 0; i < count; i++)
        changed += changes(&lines[i], window);
    if (changed > PEOPLE_CHANGES_MAX)
        rw_diag_add(diag, "D3", "frequent-changes", RW_OVERRIDABLE, "",
                    "%zu orders begin or end within the roll: does a roll suit this client",
                    changed);
}
