/* SPDX-License-Identifier: Apache-2.0 */
/* Decides on codes whether a dose counts pieces and goes orally. */
#include "roll-builder/intake/fhir_unit.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/quantity.h"

#define UCUM "http://unitsofmeasure.org"
#define SNOMED "http://snomed.info/sct"
#define G_STANDARD_UNIT "urn:oid:2.16.840.1.113883.2.4.4.1.900.2" /* file 902, thesaurus 2 */
#define G_STANDARD_ROUTE "urn:oid:2.16.840.1.113883.2.4.4.9"      /* thesaurus 7 */
#define KBV_UNIT "https://fhir.kbv.de/CodeSystem/KBV_CS_SFHIR_BMP_DOSIEREINHEIT"
#define EDQM "http://standardterms.edqm.eu"
#define EDQM_OID "urn:oid:0.4.0.127.0.16.1.1.2.1"
#define NULL_FLAVOR "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
#define TRANSLATION "http://hl7.org/fhir/StructureDefinition/iso21090-PQ-translation"
#define WORD_MAX 40

/* What a code or a text of a unit means. */
enum meaning { MEANS_UNKNOWN, MEANS_PIECE, MEANS_TABLET, MEANS_CAPSULE, MEANS_OTHER };

static const struct {
    const char *system; /* NULL = whatever the system */
    const char *code;
    enum meaning meaning;
} unit_codes[] = {
    { G_STANDARD_UNIT, "245", MEANS_PIECE },
    { KBV_UNIT, "1", MEANS_PIECE },
    { SNOMED, "732936001", MEANS_TABLET },  /* tablet, unit of presentation */
    { SNOMED, "428673006", MEANS_TABLET },  /* tablet, unit of product usage */
    { SNOMED, "732937005", MEANS_CAPSULE }, /* capsule, unit of presentation */
    { SNOMED, "428641000", MEANS_CAPSULE }, /* capsule, unit of product usage */
    { EDQM, "15054000", MEANS_TABLET },     /* units of presentation */
    { EDQM, "15012000", MEANS_CAPSULE },
    { NULL, "TAB", MEANS_TABLET }, /* of HL7's orderableDrugForm, in its old and new address */
    { NULL, "CAP", MEANS_CAPSULE },
    { NULL, "{Piece}", MEANS_PIECE },
    { NULL, "{Stueck}", MEANS_PIECE },
    { NULL, "{tablet}", MEANS_TABLET },
    { NULL, "{tbl}", MEANS_TABLET },
    { NULL, "{capsule}", MEANS_CAPSULE },
};

/* Words as people write them, in small letters, singular and plural; Dutch, German, English. */
static const struct {
    const char *word;
    enum meaning meaning;
} unit_words[] = {
    { "stuk", MEANS_PIECE },       { "stuks", MEANS_PIECE },       { "stukken", MEANS_PIECE },
    { "stk", MEANS_PIECE },        { "st", MEANS_PIECE },          { "stück", MEANS_PIECE },
    { "stücke", MEANS_PIECE },     { "piece", MEANS_PIECE },       { "pieces", MEANS_PIECE },
    { "tablet", MEANS_TABLET },    { "tablets", MEANS_TABLET },    { "tabletten", MEANS_TABLET },
    { "tablette", MEANS_TABLET },  { "tab", MEANS_TABLET },        { "tabs", MEANS_TABLET },
    { "tabl", MEANS_TABLET },      { "capsule", MEANS_CAPSULE },   { "capsules", MEANS_CAPSULE },
    { "kapsel", MEANS_CAPSULE },   { "kapseln", MEANS_CAPSULE },   { "caps", MEANS_CAPSULE },
    { "cap", MEANS_CAPSULE },      { "milliliter", MEANS_OTHER },  { "milliliters", MEANS_OTHER },
    { "ml", MEANS_OTHER },         { "l", MEANS_OTHER },           { "liter", MEANS_OTHER },
    { "gram", MEANS_OTHER },       { "grams", MEANS_OTHER },       { "gramm", MEANS_OTHER },
    { "g", MEANS_OTHER },          { "milligram", MEANS_OTHER },   { "milligrams", MEANS_OTHER },
    { "milligramm", MEANS_OTHER }, { "mg", MEANS_OTHER },          { "mcg", MEANS_OTHER },
    { "µg", MEANS_OTHER },         { "ug", MEANS_OTHER },          { "microgram", MEANS_OTHER },
    { "micrograms", MEANS_OTHER }, { "mikrogramm", MEANS_OTHER },  { "ie", MEANS_OTHER },
    { "iu", MEANS_OTHER },         { "u", MEANS_OTHER },           { "e", MEANS_OTHER },
    { "eenheid", MEANS_OTHER },    { "eenheden", MEANS_OTHER },    { "unit", MEANS_OTHER },
    { "units", MEANS_OTHER },      { "einheit", MEANS_OTHER },     { "einheiten", MEANS_OTHER },
    { "druppel", MEANS_OTHER },    { "druppels", MEANS_OTHER },    { "tropfen", MEANS_OTHER },
    { "drop", MEANS_OTHER },       { "drops", MEANS_OTHER },       { "gtt", MEANS_OTHER },
    { "dosis", MEANS_OTHER },      { "doses", MEANS_OTHER },       { "dose", MEANS_OTHER },
    { "dosen", MEANS_OTHER },      { "puff", MEANS_OTHER },        { "puffs", MEANS_OTHER },
    { "hub", MEANS_OTHER },        { "hübe", MEANS_OTHER },        { "spray", MEANS_OTHER },
    { "sprays", MEANS_OTHER },     { "inhalatie", MEANS_OTHER },   { "inhalaties", MEANS_OTHER },
    { "inhalation", MEANS_OTHER }, { "pleister", MEANS_OTHER },    { "pleisters", MEANS_OTHER },
    { "pflaster", MEANS_OTHER },   { "patch", MEANS_OTHER },       { "patches", MEANS_OTHER },
    { "zakje", MEANS_OTHER },      { "zakjes", MEANS_OTHER },      { "sachet", MEANS_OTHER },
    { "sachets", MEANS_OTHER },    { "beutel", MEANS_OTHER },      { "ampul", MEANS_OTHER },
    { "ampullen", MEANS_OTHER },   { "ampulle", MEANS_OTHER },     { "ampoule", MEANS_OTHER },
    { "lepel", MEANS_OTHER },      { "lepels", MEANS_OTHER },      { "esslöffel", MEANS_OTHER },
    { "teelöffel", MEANS_OTHER },  { "messlöffel", MEANS_OTHER },  { "tasse", MEANS_OTHER },
    { "tassen", MEANS_OTHER },     { "flacon", MEANS_OTHER },      { "flacons", MEANS_OTHER },
    { "vial", MEANS_OTHER },       { "zetpil", MEANS_OTHER },      { "zetpillen", MEANS_OTHER },
    { "zäpfchen", MEANS_OTHER },   { "suppository", MEANS_OTHER }, { "mmol", MEANS_OTHER },
    { "cm", MEANS_OTHER },         { "teaspoon", MEANS_OTHER },    { "tablespoon", MEANS_OTHER },
    { "injectie", MEANS_OTHER },   { "applicatie", MEANS_OTHER },  { "verpakking", MEANS_OTHER },
    { "doos", MEANS_OTHER },       { "packung", MEANS_OTHER },     { "package", MEANS_OTHER },
    { "mg/kg", MEANS_OTHER },      { "%", MEANS_OTHER },
};

/* Small letters, no spaces around, no full stop behind; "Ü" and its kin become small too. */
static bool simplify(const char *text, char ret_word[WORD_MAX])
{
    size_t length = 0;
    while (*text == ' ')
        text++;
    for (; *text != '\0'; text++) {
        if (length + 1 >= WORD_MAX)
            return false;
        char one = *text;
        if (one >= 'A' && one <= 'Z')
            one = (char)(one - 'A' + 'a');
        bool after_c3 = length > 0 && (unsigned char)ret_word[length - 1] == 0xC3;
        unsigned char byte = (unsigned char)one;
        if (after_c3 && byte >= 0x80 && byte <= 0x9E) /* U+00C0..U+00DE in UTF-8 */
            one = (char)(byte + 0x20);
        ret_word[length++] = one;
    }
    while (length > 0 && (ret_word[length - 1] == ' ' || ret_word[length - 1] == '.'))
        length--;
    ret_word[length] = '\0';
    return true;
}

/* "stuk(s)" shows both numbers: what stands before the bracket is the word. */
static void cut_ending(char *word)
{
    char *bracket = strchr(word, '(');
    if (bracket != NULL && bracket > word && bracket[-1] != ' ' && strchr(bracket, ')') != NULL)
        *bracket = '\0';
}

static enum meaning text_means(const char *text)
{
    char word[WORD_MAX];
    if (text == NULL || !simplify(text, word))
        return MEANS_UNKNOWN;
    cut_ending(word);
    for (size_t i = 0; i < RW_COUNT(unit_words); i++) {
        if (rw_text_equal(unit_words[i].word, word))
            return unit_words[i].meaning;
    }
    return MEANS_UNKNOWN;
}

static enum meaning code_means(const char *system, const char *code)
{
    if (code == NULL)
        return MEANS_UNKNOWN;
    for (size_t i = 0; i < RW_COUNT(unit_codes); i++) {
        const char *wanted = unit_codes[i].system;
        if (rw_text_equal(unit_codes[i].code, code) &&
            (wanted == NULL || rw_text_equal(wanted, system)))
            return unit_codes[i].meaning;
    }
    if (system == NULL)
        return MEANS_UNKNOWN;
    /* Of the Dutch and the German table every other code is another unit. UCUM has codes that are
     * none ("tablet"): only those that are known to mean something else do so. */
    bool ucum_unit = rw_text_equal(system, UCUM) && text_means(code) == MEANS_OTHER;
    if (ucum_unit || rw_text_equal(system, G_STANDARD_UNIT) || rw_text_equal(system, KBV_UNIT))
        return MEANS_OTHER;
    return MEANS_UNKNOWN;
}

static bool is_piece(enum meaning meaning)
{
    return meaning == MEANS_PIECE || meaning == MEANS_TABLET || meaning == MEANS_CAPSULE;
}

/* Two meanings that cannot both be true: pieces and another unit, or tablets and capsules. */
static bool disagree(enum meaning left, enum meaning right)
{
    if (left == MEANS_UNKNOWN || right == MEANS_UNKNOWN)
        return false;
    if (is_piece(left) != is_piece(right))
        return true;
    return is_piece(left) && left != right && left != MEANS_PIECE && right != MEANS_PIECE;
}

static bool same_value(const struct tree *left, const struct tree *right)
{
    const char *left_text = tree_value(left, "value");
    const char *right_text = tree_value(right, "value");
    int64_t left_milli = 0; /* a dose that is finer than thousandths leaves it so */
    int64_t right_milli = 0;
    if (left_text == NULL || right_text == NULL)
        return true;
    return quantity_parse(left_text, &left_milli) == quantity_parse(right_text, &right_milli) &&
           left_milli == right_milli;
}

/* The translation into the unit of the G-Standaard, NULL when there is none. */
static const struct tree *find_translation(const struct tree *quantity)
{
    for (const struct tree *child = quantity->first; child != NULL; child = child->next) {
        const struct tree *value = tree_child(child, "valueQuantity");
        if (strcmp(child->name, "extension") == 0 &&
            rw_text_equal(tree_value(child, "url"), TRANSLATION) &&
            rw_text_equal(tree_value(value, "system"), G_STANDARD_UNIT))
            return value;
    }
    return NULL;
}

static bool is_ucum_one(const struct tree *quantity)
{
    return rw_text_equal(tree_value(quantity, "system"), UCUM) &&
           rw_text_equal(tree_value(quantity, "code"), "1");
}

enum dosing_countable fhir_unit_judge(const struct tree *quantity)
{
    const char *text = tree_value(quantity, "unit");
    const char *code = tree_value(quantity, "code");
    const struct tree *translation = find_translation(quantity);
    if (text == NULL && code == NULL && translation == NULL)
        return DOSING_UNIT_ABSENT;

    enum meaning by_text = text_means(text);
    enum meaning by_code = code_means(tree_value(quantity, "system"), code);
    if (translation != NULL) {
        enum meaning by_table = code_means(G_STANDARD_UNIT, tree_value(translation, "code"));
        if (disagree(by_table, by_code) || !same_value(quantity, translation) ||
            disagree(by_table, text_means(tree_value(translation, "unit"))))
            return DOSING_UNIT_CONFLICT;
        if (by_code == MEANS_UNKNOWN)
            by_code = by_table;
    } else if (is_ucum_one(quantity)) {
        /* A bare number of UCUM is a piece only where its text says so. */
        bool said = by_text == MEANS_PIECE || by_text == MEANS_TABLET;
        return said ? DOSING_COUNTABLE : DOSING_NOT_COUNTABLE;
    }
    if (disagree(by_code, by_text))
        return DOSING_UNIT_CONFLICT;
    return is_piece(by_code) ? DOSING_COUNTABLE : DOSING_NOT_COUNTABLE;
}

static const struct {
    const char *system;
    const char *oral;
} route_systems[] = {
    { G_STANDARD_ROUTE, "9" },
    { SNOMED, "26643006" },
    { EDQM, "20053000" },
    { EDQM_OID, "20053000" },
};

bool fhir_unit_is_not_swallowed(const struct tree *concept)
{
    static const char *const methods[] = {
        "422145002", /* inject */
        "420620005", /* push */
        "129331004", /* perfuse */
        "421538008", /* instil */
        "421257003", /* insert */
        "417924000", /* apply */
    };
    const struct tree *coding = tree_child(concept, "coding");
    for (; coding != NULL; coding = tree_same(coding)) {
        if (!rw_text_equal(tree_value(coding, "system"), SNOMED))
            continue;
        for (size_t i = 0; i < RW_COUNT(methods); i++) {
            if (rw_text_equal(tree_value(coding, "code"), methods[i]))
                return true;
        }
    }
    return false;
}

enum dosing_route fhir_unit_route(const struct tree *concept)
{
    static const char *const oral_words[] = { "oral", "oraal", "zum einnehmen" };
    size_t oral = 0;
    size_t coded = 0;
    bool has_coding = tree_child(concept, "coding") != NULL;
    const struct tree *coding = tree_child(concept, "coding");
    for (; coding != NULL; coding = tree_same(coding)) {
        const char *system = tree_value(coding, "system");
        const char *code = tree_value(coding, "code");
        if (rw_text_equal(system, NULL_FLAVOR) || (system == NULL && code == NULL))
            continue;
        coded++;
        for (size_t i = 0; i < RW_COUNT(route_systems); i++) {
            if (!rw_text_equal(system, route_systems[i].system))
                continue;
            if (!rw_text_equal(code, route_systems[i].oral))
                return DOSING_ROUTE_OTHER;
            oral++;
        }
    }
    if (coded > 0)
        return oral > 0 ? DOSING_ROUTE_ORAL : DOSING_ROUTE_OTHER;
    const char *text = tree_value(concept, "text");
    if (text == NULL)
        return has_coding ? DOSING_ROUTE_OTHER : DOSING_ROUTE_ABSENT;
    char word[WORD_MAX];
    for (size_t i = 0; simplify(text, word) && i < RW_COUNT(oral_words); i++) {
        if (rw_text_equal(word, oral_words[i]))
            return DOSING_ROUTE_ORAL;
    }
    return DOSING_ROUTE_OTHER;
}

/* UCUM codes of R4's UnitsOfTime, and the words that stand beside them in Duration.unit. */
static const struct {
    const char *word;
    enum dosing_unit unit;
    bool is_code;
} time_units[] = {
    { "s", DOSING_SECOND, true },         { "min", DOSING_MINUTES, true },
    { "h", DOSING_HOUR, true },           { "d", DOSING_DAY, true },
    { "wk", DOSING_WEEK, true },          { "mo", DOSING_MONTH, true },
    { "a", DOSING_YEAR, true },           { "minuut", DOSING_MINUTES, false },
    { "minuten", DOSING_MINUTES, false }, { "minute(n)", DOSING_MINUTES, false },
    { "minute", DOSING_MINUTES, false },  { "minutes", DOSING_MINUTES, false },
    { "uur", DOSING_HOUR, false },        { "stunde(n)", DOSING_HOUR, false },
    { "stunde", DOSING_HOUR, false },     { "stunden", DOSING_HOUR, false },
    { "hour", DOSING_HOUR, false },       { "hours", DOSING_HOUR, false },
    { "dag", DOSING_DAY, false },         { "dagen", DOSING_DAY, false },
    { "tag(e)", DOSING_DAY, false },      { "tag", DOSING_DAY, false },
    { "tage", DOSING_DAY, false },        { "day", DOSING_DAY, false },
    { "days", DOSING_DAY, false },        { "week", DOSING_WEEK, false },
    { "weken", DOSING_WEEK, false },      { "weeks", DOSING_WEEK, false },
    { "woche(n)", DOSING_WEEK, false },   { "woche", DOSING_WEEK, false },
    { "wochen", DOSING_WEEK, false },     { "maand", DOSING_MONTH, false },
    { "maanden", DOSING_MONTH, false },   { "monat(e)", DOSING_MONTH, false },
    { "monat", DOSING_MONTH, false },     { "monate", DOSING_MONTH, false },
    { "month", DOSING_MONTH, false },     { "months", DOSING_MONTH, false },
    { "jaar", DOSING_YEAR, false },       { "jaren", DOSING_YEAR, false },
    { "jahr(e)", DOSING_YEAR, false },    { "jahr", DOSING_YEAR, false },
    { "jahre", DOSING_YEAR, false },      { "year", DOSING_YEAR, false },
    { "years", DOSING_YEAR, false },
};

enum dosing_unit fhir_unit_time(const char *code)
{
    for (size_t i = 0; code != NULL && i < RW_COUNT(time_units); i++) {
        if (time_units[i].is_code && strcmp(time_units[i].word, code) == 0)
            return time_units[i].unit;
    }
    return DOSING_NO_UNIT;
}

bool fhir_unit_time_conflicts(const char *text, enum dosing_unit unit)
{
    char word[WORD_MAX];
    if (text == NULL || !simplify(text, word))
        return false;
    for (size_t i = 0; i < RW_COUNT(time_units); i++) {
        if (strcmp(time_units[i].word, word) == 0)
            return time_units[i].unit != unit;
    }
    return false;
}
