/* SPDX-License-Identifier: Apache-2.0 */
/* The words on a label, in the languages of the roll. */
#include "labels/wording.h"

#include <assert.h>
#include <stddef.h>

#include "core/base/date.h"
#include "core/base/text.h"

#define MOMENT_WORDS 5
#define REASON_WORDS 15
#define PART_WORDS 3 /* a quarter, a half, three quarters */
#define NO_BREAK "\u00A0"

struct pair {
    const char *key;
    const char *word;
};

struct wording {
    const char *language;
    const char *phrases[WORDING_PHRASE_COUNT]; /* '%' is a slot */
    const char *weekdays[8];                   /* by ISO number, [0] unused */
    const char *months[13];
    bool month_digits; /* 14-03-1941, else 14 Mar 1941 */
    const char *short_months[13];
    struct pair moments[MOMENT_WORDS];
    struct pair reasons[REASON_WORDS]; /* the last one is for all others */
    const char *parts[PART_WORDS];
    const char *halves[WORDING_WHOLES_MAX + 1]; /* [n] = n and a half */
};

static const struct wording dutch = {
    .language = "nl",
    .phrases = { [WORDING_BORN] = "geb." NO_BREAK "%",
                 [WORDING_EXACT] = "exacte tijd",
                 [WORDING_PART] = "% van %",
                 [WORDING_TOTAL] = "Totaal % stuks",
                 [WORDING_TOTAL_ONE] = "Totaal 1 stuk",
                 [WORDING_SPLIT] = "waarvan % gedeeld",
                 [WORDING_BAG] = "Zakje % van %",
                 [WORDING_ROLL] = "Rol" NO_BREAK "%",
                 [WORDING_USE_BY] = "Gebruiken t/m" NO_BREAK "%",
                 [WORDING_PHONE] = "Tel." NO_BREAK "%",
                 [WORDING_TITLE] = "Medicijnrol",
                 [WORDING_END] = "Einde rol",
                 [WORDING_FROM] = "van %",
                 [WORDING_UNTIL] = "tot en met %",
                 [WORDING_COUNT] = "% zakjes",
                 [WORDING_COUNT_ONE] = "1 zakje",
                 [WORDING_EMPTY] = "Leeg zakje",
                 [WORDING_REMOVE] = "niet gebruiken",
                 [WORDING_OUTSIDE] = "Zie toedienlijst: % middelen buiten de rol",
                 [WORDING_OUTSIDE_ONE] = "Zie toedienlijst: 1 middel buiten de rol",
                 [WORDING_OUTSIDE_NONE] = "Buiten de rol: geen" },
    .weekdays = { "", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag",
                  "zondag" },
    .months = { "", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
                "september", "oktober", "november", "december" },
    .month_digits = true,
    .moments = { { "morning", "ochtend" },
                 { "noon", "middag" },
                 { "evening", "avond" },
                 { "night", "nacht" },
                 { "", "" } },
    .reasons = { { "as-needed", "zo nodig" },
                 { "loose-agreement", "los afgesproken" },
                 { "not-in-gds", "los op verzoek" },
                 { "not-packable", "kan niet in een zakje" },
                 { "not-oral", "niet om te slikken" },
                 { "free-text-only", "zie gebruiksaanwijzing" },
                 { "dose-range", "dosering wisselt" },
                 { "frequency-range", "dosering wisselt" },
                 { "period-range", "dosering wisselt" },
                 { "external-schedule", "apart doseerschema" },
                 { "rate", "geen los stuk" },
                 { "unit-not-countable", "niet per stuk te tellen" },
                 { "fraction", "niet zo te delen" },
                 { "conditional-period", "begin of einde nog onzeker" },
                 { "", "vraag de apotheek" } },
    .parts = { "een kwart", "een half", "driekwart" },
    .halves = { "een half", "anderhalf", "twee en een half", "drie en een half", "vier en een half",
                "vijf en een half", "zes en een half", "zeven en een half", "acht en een half",
                "negen en een half" },
};

static const struct wording english = {
    .language = "en",
    .phrases = { [WORDING_BORN] = "born" NO_BREAK "%",
                 [WORDING_EXACT] = "exact time",
                 [WORDING_PART] = "% of %",
                 [WORDING_TOTAL] = "Total % pieces",
                 [WORDING_TOTAL_ONE] = "Total 1 piece",
                 [WORDING_SPLIT] = "% of them split",
                 [WORDING_BAG] = "Bag % of %",
                 [WORDING_ROLL] = "Roll" NO_BREAK "%",
                 [WORDING_USE_BY] = "Use by" NO_BREAK "%",
                 [WORDING_PHONE] = "Tel." NO_BREAK "%",
                 [WORDING_TITLE] = "Medicine roll",
                 [WORDING_END] = "End of roll",
                 [WORDING_FROM] = "from %",
                 [WORDING_UNTIL] = "up to and including %",
                 [WORDING_COUNT] = "% bags",
                 [WORDING_COUNT_ONE] = "1 bag",
                 [WORDING_EMPTY] = "Empty bag",
                 [WORDING_REMOVE] = "do not use",
                 [WORDING_OUTSIDE] = "See the list: % medicines outside the roll",
                 [WORDING_OUTSIDE_ONE] = "See the list: 1 medicine outside the roll",
                 [WORDING_OUTSIDE_NONE] = "Outside the roll: none" },
    .weekdays = { "", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
                  "Sunday" },
    .months = { "", "January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December" },
    .short_months = { "", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
                      "Nov", "Dec" },
    .moments = { { "morning", "morning" },
                 { "noon", "noon" },
                 { "evening", "evening" },
                 { "night", "night" },
                 { "", "" } },
    .reasons = { { "as-needed", "when needed" },
                 { "loose-agreement", "handed over loose" },
                 { "not-in-gds", "loose on request" },
                 { "not-packable", "cannot be in a bag" },
                 { "not-oral", "not to be swallowed" },
                 { "free-text-only", "see its instructions" },
                 { "dose-range", "dose varies" },
                 { "frequency-range", "dose varies" },
                 { "period-range", "dose varies" },
                 { "external-schedule", "schedule of its own" },
                 { "rate", "no single piece" },
                 { "unit-not-countable", "not counted in pieces" },
                 { "fraction", "cannot be divided so" },
                 { "conditional-period", "start or end not certain" },
                 { "", "ask the pharmacy" } },
    .parts = { "a quarter", "a half", "three quarters" },
    .halves = { "a half", "one and a half", "two and a half", "three and a half", "four and a half",
                "five and a half", "six and a half", "seven and a half", "eight and a half",
                "nine and a half" },
};

static const struct wording *const languages[] = { &dutch, &english };

const struct wording *wording_find(const char *language)
{
    for (size_t i = 0; i < RW_COUNT(languages); i++)
        if (rw_text_equal(languages[i]->language, language))
            return languages[i];
    return NULL;
}

const char *wording_say(const struct wording *wording, enum wording_phrase phrase,
                        const char *const values[2], struct rw_arena *arena, struct rw_error *err)
{
    assert(phrase >= 0 && phrase < WORDING_PHRASE_COUNT);
    struct rw_text text;
    rw_text_init(&text, arena, WORDING_SAID_MAX);
    size_t slot = 0;
    for (const char *at = wording->phrases[phrase]; *at != '\0'; at++) {
        if (*at != '%') {
            rw_text_add_char(&text, *at);
            continue;
        }
        assert(slot < 2 && values[slot] != NULL);
        rw_text_add(&text, values[slot++]);
    }
    const char *said = NULL;
    return rw_text_finish(&text, &said, err) ? said : NULL;
}

const char *wording_weekday(const struct wording *wording, int32_t weekday)
{
    assert(weekday >= 1 && weekday <= 7);
    return wording->weekdays[weekday];
}

static const struct pair *find_pair(const struct pair *pairs, size_t count, const char *key)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (rw_text_equal(pairs[i].key, key))
            return &pairs[i];
    return &pairs[count - 1];
}

const char *wording_moment(const struct wording *wording, const char *moment)
{
    const char *word = find_pair(wording->moments, MOMENT_WORDS, moment)->word;
    return word[0] == '\0' ? NULL : word;
}

const char *wording_reason(const struct wording *wording, const char *reason)
{
    return find_pair(wording->reasons, REASON_WORDS, reason)->word;
}

/* Day, month and year with what stands between them. */
static const char *write_date(struct rw_civil civil, const char *month_gap, const char *month,
                              const char *year_gap, struct rw_arena *arena, struct rw_error *err)
{
    struct rw_text text;
    const char *date;
    rw_text_init(&text, arena, WORDING_SAID_MAX);
    rw_text_add_int(&text, civil.day);
    rw_text_add(&text, month_gap);
    rw_text_add(&text, month);
    rw_text_add(&text, year_gap);
    rw_text_add_int(&text, civil.year);
    return rw_text_finish(&text, &date, err) ? date : NULL;
}

const char *wording_date(const struct wording *wording, int32_t day, struct rw_arena *arena,
                         struct rw_error *err)
{
    const struct rw_civil civil = rw_date_civil(day);
    return write_date(civil, NO_BREAK, wording->months[civil.month], " ", arena, err);
}

const char *wording_short_date(const struct wording *wording, const char *iso,
                               struct rw_arena *arena, struct rw_error *err)
{
    int32_t day = 0;
    if (!rw_date_parse(iso, &day)) {
        (void)rw_error_set(err, RW_INVALID, "", "the text is no date"); /* NULL says so */
        return NULL;
    }
    const struct rw_civil civil = rw_date_civil(day);
    if (!wording->month_digits)
        return write_date(civil, NO_BREAK, wording->short_months[civil.month], NO_BREAK, arena,
                          err);
    char digits[] = "00-00-0000";
    rw_text_write_digits(digits, (uint32_t)civil.day, 2);
    rw_text_write_digits(digits + 3, (uint32_t)civil.month, 2);
    rw_text_write_digits(digits + 6, (uint32_t)civil.year, 4);
    return rw_arena_text(arena, digits, err);
}

const char *wording_clock(struct rw_wall wall, struct rw_arena *arena, struct rw_error *err)
{
    char digits[] = "00:00";
    rw_text_write_digits(digits, (uint32_t)wall.minute / 60, 2);
    rw_text_write_digits(digits + 3, (uint32_t)wall.minute % 60, 2);
    return rw_arena_text(arena, digits, err);
}

/* 0 whole, 1 a quarter, 2 a half, 3 three quarters, -1 anything else. */
static int32_t quarters(int64_t milli)
{
    int64_t rest = milli % 1000;
    return milli > 0 && rest % 250 == 0 ? (int32_t)(rest / 250) : -1;
}

static bool refuse_amount(struct rw_error *err)
{
    return rw_error_set(err, RW_INVALID, "",
                        "the amount has no form that cannot be misread (quarters and halves have, "
                        "beside whole units a half alone)");
}

const char *wording_amount(int64_t milli, struct rw_arena *arena, struct rw_error *err)
{
    static const char *const signs[] = { "", "¼", "½", "¾" };
    int32_t part = quarters(milli);
    if (part < 0) {
        (void)refuse_amount(err); /* NULL says that it failed */
        return NULL;
    }
    if (milli < 1000)
        return signs[part];
    struct rw_text text;
    const char *amount;
    rw_text_init(&text, arena, WORDING_SAID_MAX);
    rw_text_add_int(&text, milli / 1000);
    rw_text_add(&text, signs[part]);
    return rw_text_finish(&text, &amount, err) ? amount : NULL;
}

bool wording_amount_words(const struct wording *wording, int64_t milli, const char **ret_words,
                          struct rw_error *err)
{
    int32_t part = quarters(milli);
    if (part == 0) {
        *ret_words = NULL;
        return true;
    }
    if (part > 0 && milli < 1000) {
        *ret_words = wording->parts[part - 1];
        return true;
    }
    if (part != 2 || milli / 1000 > WORDING_WHOLES_MAX)
        return refuse_amount(err);
    *ret_words = wording->halves[milli / 1000];
    return true;
}
