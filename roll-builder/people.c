/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the clients' records and says when a roll asks for a review. */
#include "roll-builder/people.h"

#include <stddef.h>
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

static const struct json_sheet_member row_members[] = {
    { "client", JSON_SHEET_TEXT, offsetof(struct person, id), true, 0, 0 },
    { "suitable", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "relocated", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "moments", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "weekdays", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { 0 },
};
static const struct json_sheet_member root_members[] = {
    { "format", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "clients", JSON_SHEET_OTHER, 0, true, 0, 0 },
    { "note", JSON_SHEET_OTHER, 0, false, 0, 0 },
    { 0 },
};

static void read_day(struct json_sheet *sheet, const struct json *node, bool *ret_has,
                     int32_t *ret_day)
{
    if (node == NULL || node->kind == JSON_NULL)
        return;
    *ret_has = node->kind == JSON_TEXT && rw_date_parse(node->text, ret_day);
    if (!*ret_has)
        json_sheet_fault(sheet, node, "a day is written like \"2026-09-01\"");
}

static void read_daytimes(struct json_sheet *sheet, const struct json *row,
                          const struct daytimes *site, struct person *person)
{
    struct rw_error fault = { 0 };
    if (json_member(row, "moments") == NULL && json_member(row, "weekdays") == NULL)
        return;
    struct daytimes *own = rw_arena_alloc(sheet->arena, sizeof *own, &fault);
    json_sheet_take(sheet, &fault);
    if (own == NULL)
        return;
    *own = *site;
    daytimes_read(sheet, row, own);
    person->daytimes = own;
}

static void read_row(struct json_sheet *sheet, const struct json *row, const struct daytimes *site,
                     struct person *person)
{
    json_sheet_read(sheet, row, row_members, person);
    read_day(sheet, json_member(row, "suitable"), &person->has_reviewed, &person->reviewed);
    read_day(sheet, json_member(row, "relocated"), &person->has_relocated, &person->relocated);
    read_daytimes(sheet, row, site, person);
}

/* The rows, or NULL. */
static const struct json *open_rows(struct json_sheet *sheet, const struct json *root,
                                    struct people *people)
{
    struct rw_error fault = { 0 };
    json_sheet_read(sheet, root, root_members, NULL);
    const struct json *list = json_member(root, "clients");
    if (list == NULL)
        return NULL;
    if (list->kind != JSON_LIST)
        json_sheet_fault(sheet, list, "clients is a list");
    else if (list->count > PEOPLE_MAX)
        (void)rw_error_set(&fault, RW_TOO_LARGE, "/clients", "more than %d clients", PEOPLE_MAX);
    else
        people->list =
            rw_arena_array(sheet->arena, (size_t)list->count, sizeof *people->list, &fault);
    json_sheet_take(sheet, &fault);
    return people->list != NULL ? list : NULL;
}

void people_read_faults(const char *bytes, size_t length, const struct daytimes *site,
                        struct json_sheet *sheet, struct people *people)
{
    const struct json *root = json_sheet_open(sheet, bytes, length, "rolwacht/clients/1");
    const struct json *list = root != NULL ? open_rows(sheet, root, people) : NULL;
    for (const struct json *row = list != NULL ? list->first : NULL; row != NULL; row = row->next)
        read_row(sheet, row, site, &people->list[people->count++]);
    if (sheet->count > 0 || people->count == 0)
        return;
    qsort(people->list, people->count, sizeof *people->list, compare_person);
    for (size_t i = 1; i < people->count; i++) {
        if (strcmp(people->list[i - 1].id, people->list[i].id) == 0)
            json_sheet_fault(sheet, list, "client \"%.64s\" has two rows", people->list[i].id);
    }
}

bool people_read(const char *bytes, size_t length, const struct daytimes *site,
                 struct rw_arena *arena, struct people **ret_people, struct rw_error *err)
{
    struct json_sheet sheet;
    struct people *people = rw_arena_alloc(arena, sizeof *people, err);
    if (people == NULL)
        return false;
    json_sheet_init(&sheet, arena);
    people_read_faults(bytes, length, site, &sheet, people);
    if (!json_sheet_end(&sheet, err))
        return false;
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
