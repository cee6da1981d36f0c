/* SPDX-License-Identifier: Apache-2.0 */
/* Turns one row of rolwacht/orders/1 into an order line. */
#include "roll-builder/intake/csv_row.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/model/quantity.h"
#include "roll-builder/intake/fhir_value.h"

#define WORD_MAX 24        /* bytes of a word in a list, its NUL included */
#define NUMBER_MAX 9       /* digits of a whole number */
#define DATE_LENGTH 10     /* "2026-11-23"; a date and time is longer */
#define FREQUENCY_MAX 1000 /* intakes in one period */
#define MILLI 1000

static const char *const columns[CSV_COLUMN_COUNT] = {
    "order",     "client", "name",  "born", "system",    "code",  "product",
    "dose",      "unit",   "route", "when", "time",      "exact", "weekdays",
    "frequency", "period", "start", "end",  "as_needed", "text",
};

const char *csv_row_column(enum csv_column column)
{
    return columns[column];
}

/* One row on its way. */
struct row {
    const struct csv_values *values;
    const struct rw_zone *zone;
    struct rw_arena *arena;
    struct order *order;
    struct dosing *dosing;
};

static void malformed(struct row *row, enum csv_column column, const char *text)
{
    char pointer[RW_ERROR_AT_MAX];
    (void)rw_text_copy(pointer, sizeof pointer, row->order->pointer); /* far shorter */
    size_t used = strlen(pointer);
    (void)rw_text_copy(pointer + used, sizeof pointer - used, "/");
    (void)rw_text_copy(pointer + used + 1, sizeof pointer - used - 1, columns[column]);
    rw_diag_add(&row->order->findings, "D9", "malformed-input", RW_BLOCKS, pointer, "%s", text);
}

/* The next word of a list that is separated by spaces; 0 at its end, -1 when it is too long. */
static int next_word(const char **at, char ret_word[WORD_MAX])
{
    size_t length = 0;
    while (**at == ' ')
        (*at)++;
    while ((*at)[length] != '\0' && (*at)[length] != ' ')
        length++;
    if (length == 0)
        return 0;
    if (length >= WORD_MAX)
        return -1;
    memcpy(ret_word, *at, length);
    ret_word[length] = '\0';
    *at += length;
    return 1;
}

static bool read_client(struct row *row, struct rw_error *err)
{
    const char *const *of = row->values->of;
    int32_t day;
    row->order->client.name = of[CSV_NAME];
    row->order->client.born = of[CSV_BORN];
    if (of[CSV_CLIENT] != NULL && client_is_id(of[CSV_CLIENT]))
        row->order->client.id = of[CSV_CLIENT];
    else
        malformed(row, CSV_CLIENT,
                  "the client has no id of letters, digits, \".\", \"-\" and \"_\"");
    if (of[CSV_BORN] != NULL && !rw_date_parse(of[CSV_BORN], &day))
        malformed(row, CSV_BORN, "the date is not written like 1941-03-14");
    if (row->order->client.id == NULL)
        row->order->client_pointer =
            rw_arena_format(row->arena, err, "%s/%s", row->order->pointer, columns[CSV_CLIENT]);
    return row->order->client.id != NULL || row->order->client_pointer != NULL;
}

static bool read_product(struct row *row, struct rw_error *err)
{
    const char *const *of = row->values->of;
    struct medicine *product = &row->order->product;
    product->text = of[CSV_PRODUCT];
    if ((of[CSV_SYSTEM] == NULL) != (of[CSV_CODE] == NULL))
        malformed(row, of[CSV_CODE] == NULL ? CSV_CODE : CSV_SYSTEM,
                  "a code stands beside the system that it is from");
    if (of[CSV_PRODUCT] == NULL && of[CSV_CODE] == NULL)
        malformed(row, CSV_PRODUCT, "the row names no product");
    if (of[CSV_CODE] == NULL)
        return true;
    product->codes = rw_arena_array(row->arena, 1, sizeof(*product->codes), err);
    if (product->codes == NULL)
        return false;
    product->codes[0] = (struct medicine_code){ .system = of[CSV_SYSTEM], .code = of[CSV_CODE] };
    product->code_count = 1;
    if (product->text == NULL)
        product->text = of[CSV_CODE];
    return true;
}

static enum dosing_countable judge_unit(const char *unit)
{
    static const char *const pieces[] = { "piece",    "pieces", "tablet", "tablets",  "capsule",
                                          "capsules", "stuk",   "stuks",  "tabletten" };
    if (unit == NULL)
        return DOSING_UNIT_ABSENT;
    for (size_t i = 0; i < RW_COUNT(pieces); i++) {
        if (rw_text_equal_nocase(unit, pieces[i]))
            return DOSING_COUNTABLE;
    }
    return DOSING_NOT_COUNTABLE;
}

static bool read_dose(struct row *row, struct rw_error *err)
{
    const char *const *of = row->values->of;
    struct dosing_dose *dose = &row->dosing->dose;
    dose->countable = judge_unit(of[CSV_UNIT]);
    dose->unit_text = of[CSV_UNIT];
    dose->pointer = rw_arena_format(row->arena, err, "%s/dose", row->order->pointer);
    if (dose->pointer == NULL)
        return false;
    if (of[CSV_DOSE] == NULL)
        return true;
    enum quantity_reading reading = quantity_parse(of[CSV_DOSE], &dose->milli);
    row->dosing->dose_count = 1;
    dose->given = true;
    dose->finer = reading == QUANTITY_FINER;
    if (reading == QUANTITY_MALFORMED || reading == QUANTITY_OUT_OF_RANGE ||
        (reading == QUANTITY_EXACT && dose->milli < 0))
        malformed(row, CSV_DOSE, "the dose is not written like 1 or 0.5");
    return true;
}

static void read_route(struct row *row)
{
    const char *route = row->values->of[CSV_ROUTE];
    if (route == NULL)
        row->dosing->route = DOSING_ROUTE_ABSENT;
    else if (rw_text_equal_nocase(route, "oral") || rw_text_equal_nocase(route, "oraal"))
        row->dosing->route = DOSING_ROUTE_ORAL;
    else
        row->dosing->route = DOSING_ROUTE_OTHER;
}

/* "yes" or "no"; an empty cell is no. */
static bool read_flag(struct row *row, enum csv_column column)
{
    const char *text = row->values->of[column];
    if (text != NULL && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
        malformed(row, column, "the cell is neither yes nor no");
    return text != NULL && strcmp(text, "yes") == 0;
}

/* The words of the moments, or a code of FHIR that the site may map. */
static bool read_when(struct row *row, struct rw_error *err)
{
    static const char *const words[][2] = {
        { "morning", "MORN" }, { "noon", "NOON" }, { "evening", "EVE" }, { "night", "NIGHT" }
    };
    struct dosing *dosing = row->dosing;
    const char *at = row->values->of[CSV_WHEN];
    char word[WORD_MAX];
    int found = 1;
    while (at != NULL && (found = next_word(&at, word)) > 0) {
        const char *code = NULL;
        bool again = false;
        for (size_t i = 0; i < RW_COUNT(words); i++)
            code = strcmp(words[i][0], word) == 0 ? words[i][1] : code;
        if (code == NULL && (code = rw_arena_text(row->arena, word, err)) == NULL)
            return false;
        for (size_t i = 0; i < dosing->when_count; i++)
            again = again || strcmp(dosing->when[i], code) == 0;
        if (again || dosing->when_count == DOSING_TIMES_MAX) {
            malformed(row, CSV_WHEN, "a moment stands there twice");
            return true;
        }
        dosing->when[dosing->when_count++] = code;
    }
    if (found < 0)
        malformed(row, CSV_WHEN, "a moment is a single word");
    return true;
}

/* "08:00" */
static bool read_clock(const char *word, int32_t *ret_minute)
{
    for (size_t i = 0; i < 5; i++) {
        bool colon = i == 2;
        if (colon ? word[i] != ':' : word[i] < '0' || word[i] > '9')
            return false;
    }
    int32_t hours = (word[0] - '0') * 10 + (word[1] - '0');
    int32_t minutes = (word[3] - '0') * 10 + (word[4] - '0');
    *ret_minute = hours * 60 + minutes;
    return word[5] == '\0' && hours < 24 && minutes < 60;
}

static void read_times(struct row *row)
{
    struct dosing *dosing = row->dosing;
    const char *at = row->values->of[CSV_TIME];
    char word[WORD_MAX];
    int found = 1;
    while (at != NULL && (found = next_word(&at, word)) > 0) {
        int32_t minute;
        size_t place = dosing->time_count;
        if (!read_clock(word, &minute) || dosing->time_count == DOSING_TIMES_MAX) {
            found = -1;
            break;
        }
        for (; place > 0 && dosing->times[place - 1] > minute; place--)
            dosing->times[place] = dosing->times[place - 1];
        dosing->times[place] = minute;
        dosing->time_count++;
        if (place > 0 && dosing->times[place - 1] == minute)
            found = -1;
        if (found < 0)
            break;
    }
    if (found < 0)
        malformed(row, CSV_TIME, "the times are not different ones, written like 08:00 20:00");
}

static void read_weekdays(struct row *row)
{
    static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
    const char *at = row->values->of[CSV_WEEKDAYS];
    char word[WORD_MAX];
    int found = 1;
    while (at != NULL && (found = next_word(&at, word)) > 0) {
        unsigned bit = 0;
        for (size_t i = 0; i < RW_COUNT(names); i++)
            bit |= strcmp(names[i], word) == 0 ? 1u << i : 0u;
        if (bit == 0 || (row->dosing->weekdays & bit) != 0) {
            found = -1;
            break;
        }
        row->dosing->weekdays = (uint8_t)(row->dosing->weekdays | bit);
    }
    if (found < 0)
        malformed(row, CSV_WEEKDAYS, "the days are not different ones, written like mon thu");
}

/* "1 d", "2 wk": a whole number and a unit of time. */
static bool read_period(const char *text, int64_t *ret_milli, enum dosing_unit *ret_unit)
{
    static const struct {
        const char *word;
        enum dosing_unit unit;
    } units[] = {
        { "min", DOSING_MINUTES }, { "h", DOSING_HOUR },   { "d", DOSING_DAY },
        { "wk", DOSING_WEEK },     { "mo", DOSING_MONTH }, { "a", DOSING_YEAR },
    };
    char number[WORD_MAX];
    char word[WORD_MAX];
    int64_t count;
    if (next_word(&text, number) <= 0 || next_word(&text, word) <= 0 || strlen(text) > 0 ||
        strlen(number) > NUMBER_MAX || !rw_text_to_int(number, 1, INT32_MAX, &count))
        return false;
    for (size_t i = 0; i < RW_COUNT(units); i++) {
        if (strcmp(units[i].word, word) == 0) {
            *ret_milli = count * MILLI;
            *ret_unit = units[i].unit;
            return true;
        }
    }
    return false;
}

static void read_rhythm(struct row *row)
{
    const char *const *of = row->values->of;
    struct dosing *dosing = row->dosing;
    if (of[CSV_FREQUENCY] != NULL &&
        !rw_text_to_int(of[CSV_FREQUENCY], 1, FREQUENCY_MAX, &dosing->frequency))
        malformed(row, CSV_FREQUENCY, "the frequency is no whole number from 1 on");
    if (of[CSV_PERIOD] != NULL &&
        !read_period(of[CSV_PERIOD], &dosing->period_milli, &dosing->period_unit))
        malformed(row, CSV_PERIOD, "the period is not written like 1 d, 2 wk or 1 mo");
    if (dosing->frequency > 0 && of[CSV_PERIOD] == NULL)
        malformed(row, CSV_PERIOD, "a frequency stands beside the period that it counts for");
}

static void read_bounds(struct row *row)
{
    const char *start = row->values->of[CSV_START];
    const char *end = row->values->of[CSV_END];
    if (start != NULL && (strlen(start) < DATE_LENGTH ||
                          !fhir_value_point(start, row->zone, &row->order->period_start)))
        malformed(row, CSV_START, "the start is no date and no date with time and offset");
    if (end != NULL &&
        (strlen(end) < DATE_LENGTH || !fhir_value_end(end, row->zone, &row->order->period_end)))
        malformed(row, CSV_END, "the end is no date and no date with time and offset");
}

static void read_timing(struct row *row)
{
    const struct dosing *dosing = row->dosing;
    read_times(row);
    read_weekdays(row);
    read_rhythm(row);
    read_bounds(row);
    bool said = dosing->when_count > 0 || dosing->time_count > 0 || dosing->weekdays != 0 ||
                dosing->frequency > 0 || dosing->period_milli > 0;
    row->dosing->has_timing = said;
    row->dosing->has_repeat = said;
}

bool csv_row_read(const struct csv_values *values, const struct rw_zone *zone,
                  struct rw_arena *arena, struct order *order, struct rw_error *err)
{
    struct row row = { .values = values, .zone = zone, .arena = arena, .order = order };
    row.dosing = rw_arena_array(arena, 1, sizeof(*row.dosing), err);
    if (row.dosing == NULL)
        return false;
    order->kind = ORDER_PLAIN;
    order->resource = "row";
    order->id = values->of[CSV_ORDER];
    order->dosings = row.dosing;
    order->dosing_count = 1;
    row.dosing->pointer = order->pointer;
    row.dosing->text = values->of[CSV_TEXT];
    row.dosing->as_needed = read_flag(&row, CSV_AS_NEEDED);
    row.dosing->exact = read_flag(&row, CSV_EXACT);
    if (!read_client(&row, err))
        return false;
    read_route(&row);
    if (!read_product(&row, err) || !read_dose(&row, err) || !read_when(&row, err))
        return false;
    read_timing(&row);
    if (!row.dosing->has_timing)
        order->free_text = row.dosing->text;
    return true;
}
