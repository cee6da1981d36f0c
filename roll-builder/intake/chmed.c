/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the order lines of an eMediplan, CHMED16A or CHMED23A. */
#include "roll-builder/intake/chmed.h"

#include <string.h>

#include "core/base/text.h"
#include "roll-builder/intake/chmed16.h"
#include "roll-builder/intake/chmed23.h"
#include "roll-builder/intake/chmed_line.h"
#include "roll-builder/intake/chmed_text.h"
#include "roll-builder/intake/chmed_words.h"
#include "roll-builder/intake/fhir_value.h"

#define DATE_LENGTH 10 /* "2026-11-23"; a date and time is longer */
#define AUTHOR_PATIENT 2
#define MED_TYPE_REVIEW 2
#define ID_LOCAL 2 /* PatientId.type of CHMED23A: a number of the house itself */

/* The same members have other names in the two versions. */
struct spelling {
    const char *medicaments, *positions, *patient, *type_of_plan;
    const char *id, *id_type, *unit, *route, *text, *self;
    const char *from, *until, *reserve;
    const char *given, *family, *born, *ids, *number_type, *number;
};
static const struct spelling spelling_16 = {
    "Medicaments", "Pos",      "Patient", "MedType", "Id",   "IdType", "Unit",
    "Roa",         "AppInstr", "AutoMed", "DtFrom",  "DtTo", "InRes",  "FName",
    "LName",       "BDt",      "Ids",     "Type",    "Val",
};
static const struct spelling spelling_23 = {
    "meds",  "pos",      "patient", "medType", "id",   "idType", "unit",
    "roa",   "appInstr", "autoMed", "dtFrom",  "dtTo", "inRes",  "fName",
    "lName", "bdt",      "ids",     "type",    "val",
};

static const struct chmed_member medicament_16[] = {
    { "Id", CHMED_TEXT },      { "IdType", CHMED_WHOLE }, { "Pos", CHMED_LIST },
    { "Unit", CHMED_TEXT },    { "TkgRsn", CHMED_TEXT },  { "AppInstr", CHMED_TEXT },
    { "AutoMed", CHMED_FLAG }, { "PrscbBy", CHMED_TEXT }, { "Roa", CHMED_TEXT },
    { "Rep", CHMED_WHOLE },    { "Subs", CHMED_FLAG },    { "NbPack", CHMED_NUMBER },
    { NULL, CHMED_TEXT },
};
static const struct chmed_member medicament_23[] = {
    { "id", CHMED_TEXT },       { "idType", CHMED_WHOLE }, { "pos", CHMED_LIST },
    { "unit", CHMED_TEXT },     { "rsn", CHMED_TEXT },     { "autoMed", CHMED_FLAG },
    { "prscbBy", CHMED_TEXT },  { "reps", CHMED_OBJECT },  { "isNotSub", CHMED_FLAG },
    { "nbPack", CHMED_NUMBER }, { "sic", CHMED_FLAG },     { NULL, CHMED_TEXT },
};

/* What every line of one document shares. */
struct document {
    const char *source;
    const struct rw_zone *zone;
    struct rw_arena *arena;
    struct order_list *list;
    const struct json *root;
    const struct spelling *names;
    bool is_23;
    struct client client;
    const char *client_pointer;
};

bool chmed_is(const struct json *root)
{
    if (root->kind != JSON_OBJECT || json_member(root, "resourceType") != NULL)
        return false;
    return json_member(root, "Medicaments") != NULL || json_member(root, "meds") != NULL ||
           (json_member(root, "MedType") != NULL && json_member(root, "Patient") != NULL) ||
           (json_member(root, "medType") != NULL && json_member(root, "patient") != NULL);
}

static bool read_client_id(struct document *document, const struct json *patient,
                           struct rw_error *err)
{
    const struct json *list = chmed_line_get(patient, document->names->ids, JSON_LIST);
    const char *card = NULL;
    for (const struct json *id = list == NULL ? NULL : list->first; id != NULL; id = id->next) {
        const struct json *type = chmed_line_get(id, document->names->number_type, JSON_NUMBER);
        const char *number = chmed_line_text(id, document->names->number);
        int64_t kind;
        if (type == NULL || number == NULL || !rw_text_to_int(type->text, 1, ID_LOCAL, &kind))
            continue;
        if (kind == ID_LOCAL && client_is_id(number)) {
            document->client.id = number;
            return true;
        }
        if (card == NULL && kind != ID_LOCAL)
            card = number;
    }
    return card == NULL || client_card_id(card, document->arena, &document->client.id, err);
}

static bool read_client(struct document *document, struct rw_error *err)
{
    const struct spelling *names = document->names;
    const struct json *patient = json_member(document->root, names->patient);
    const char *given = chmed_line_text(patient, names->given);
    const char *family = chmed_line_text(patient, names->family);
    document->client.born = chmed_line_text(patient, names->born);
    if (given != NULL && family != NULL)
        document->client.name = rw_arena_format(document->arena, err, "%s %s", given, family);
    else
        document->client.name = family != NULL ? family : given;
    if (given != NULL && family != NULL && document->client.name == NULL)
        return false;
    if (!read_client_id(document, patient, err))
        return false;
    if (document->client.id == NULL)
        document->client_pointer =
            patient == NULL ? "" : rw_arena_format(document->arena, err, "/%s", names->patient);
    return document->client.id != NULL || document->client_pointer != NULL;
}

/* Id and the list that it is from. A product of type 1 is told in words. */
static bool read_product(const struct document *document, const struct json *medicament,
                         struct chmed_line *line, struct rw_error *err)
{
    static const char *const systems[] = {
        [2] = "urn:oid:2.51.1.1",                       /* GTIN */
        [3] = "urn:oid:2.16.756.5.30.2.6.1",            /* Pharmacode */
        [4] = "https://mednet.swiss/fhir/productNumber" /* number of the INDEX database */
    };
    int64_t type = 1;
    struct medicine *product = &line->order->product;
    product->text = chmed_line_text(medicament, document->names->id);
    (void)chmed_line_whole(line, medicament, document->names->id_type, 1, &type); /* absent: text */
    if (type < 2 || product->text == NULL)
        return true;
    product->codes = rw_arena_array(document->arena, 1, sizeof(*product->codes), err);
    if (product->codes == NULL)
        return false;
    product->codes[0].code = product->text;
    product->codes[0].system = type < (int64_t)RW_COUNT(systems) ? systems[type] : NULL;
    product->code_count = 1;
    return true;
}

/* A date or an instant. A date alone holds until its last minute; a midnight may have been meant so
 * too, but is taken as it is written. */
static void read_point(struct chmed_line *line, const struct json *position, const char *name,
                       bool is_end, struct dosing_point *ret_point)
{
    const char *text = chmed_line_text(position, name);
    if (text == NULL)
        return;
    bool read =
        strlen(text) >= DATE_LENGTH && (is_end ? fhir_value_end(text, line->zone, ret_point)
                                               : fhir_value_point(text, line->zone, ret_point));
    if (!read)
        chmed_line_refuse(line, json_member(position, name), "D9", "malformed-input",
                          "the value is no date and no date with time and offset");
    if (is_end && ret_point->precision == DOSING_MINUTE && ret_point->stamp.wall.minute == 0)
        rw_diag_add(&line->order->findings, "D22", "ends-at-midnight", RW_OVERRIDABLE,
                    line->order->pointer,
                    "the end is the first minute of a day, so that day is not planned");
}

/* What a person should know about the plan as a whole. */
static void tell(const struct document *document, const struct json *medicament,
                 struct chmed_line *line)
{
    struct order *order = line->order;
    int64_t number;
    bool by_patient =
        chmed_line_whole(line, document->root, "auth", 0, &number) && number == AUTHOR_PATIENT;
    if (by_patient || chmed_line_flag(medicament, document->names->self))
        rw_diag_add(&order->findings, "A14", "self-reported", RW_OVERRIDABLE, order->pointer,
                    "the patient wrote the plan or takes this unprescribed; ask who ordered it");
    if (chmed_line_whole(line, document->root, document->names->type_of_plan, 1, &number) &&
        number == MED_TYPE_REVIEW) {
        order->kind = ORDER_OTHER;
        rw_diag_add(&order->findings, "A14", "not-an-order", RW_BLOCKS, order->pointer,
                    "a review of medication is no order");
    }
}

static void read_base(const struct document *document, const struct json *medicament,
                      const struct json *position, struct chmed_line *line)
{
    const struct spelling *names = document->names;
    const struct json *place = document->is_23 ? position : medicament;
    const char *unit = chmed_line_text(position, names->unit);
    const char *other = chmed_line_text(medicament, names->unit);
    struct dosing *base = &line->base;
    base->pointer = line->order->pointer;
    base->text = chmed_line_text(place, names->text);
    base->as_needed = chmed_line_flag(position, names->reserve);
    base->route = chmed_words_route(chmed_line_text(place, names->route),
                                    document->is_23 ? chmed_line_text(position, "moa") : NULL);
    base->dose.countable = chmed_words_unit(unit, other);
    base->dose.unit_text = unit != NULL ? unit : other;
    base->dose.pointer = base->pointer;
    read_point(line, position, names->from, false, &line->order->period_start);
    read_point(line, position, names->until, true, &line->order->period_end);
}

/* One line; `at` is what it stands for: a position, or a medicament without one. */
static bool add_line(const struct document *document, const struct json *medicament,
                     const struct json *at, struct rw_error *err)
{
    struct order_list *list = document->list;
    char pointer[JSON_POINTER_MAX];
    if (!rw_arena_grow(document->arena, &list->orders, &list->room, list->count,
                       sizeof(*list->orders), ORDERS_MAX, err))
        return false;
    struct order *order = &list->orders[list->count];
    struct chmed_line line = { .zone = document->zone, .arena = document->arena, .order = order };
    *order = (struct order){ .source = document->source,
                             .resource = "Medicament",
                             .kind = ORDER_PLAIN,
                             .client = document->client,
                             .client_pointer = document->client_pointer };
    json_pointer(at, pointer);
    order->pointer = rw_arena_text(document->arena, pointer, err);
    rw_diag_init(&order->findings, document->arena);
    if (order->pointer == NULL)
        return false;
    bool is_position = at != medicament && at->kind == JSON_OBJECT;
    if (at->kind != JSON_OBJECT)
        chmed_line_refuse(&line, at, "D9", "malformed-input", "an object should stand here");
    chmed_line_check(&line, medicament, document->is_23 ? medicament_23 : medicament_16);
    tell(document, medicament, &line);
    if (!read_product(document, medicament, &line, err))
        return false;
    if (is_position) {
        read_base(document, medicament, at, &line);
        if (!(document->is_23 ? chmed23_read(&line, at, err) : chmed16_read(&line, at, err)))
            return false;
        if (order->dosing_count == 0 && !chmed_line_add(&line, &line.base, err))
            return false;
        order->free_text = line.base.text;
    }
    list->count++;
    return true;
}

static bool read_medicament(const struct document *document, const struct json *medicament,
                            struct rw_error *err)
{
    const struct json *positions =
        chmed_line_get(medicament, document->names->positions, JSON_LIST);
    if (positions == NULL || positions->count == 0)
        return add_line(document, medicament, medicament, err);
    for (const struct json *at = positions->first; at != NULL; at = at->next) {
        if (!add_line(document, medicament, at, err))
            return false;
    }
    return true;
}

bool chmed_read(const char *source, const struct json *root, const struct rw_zone *zone,
                struct rw_arena *arena, struct order_list *list, struct rw_error *err)
{
    struct document document = {
        .source = source, .zone = zone, .arena = arena, .list = list, .root = root
    };
    document.is_23 = json_member(root, "meds") != NULL || json_member(root, "patient") != NULL;
    document.names = document.is_23 ? &spelling_23 : &spelling_16;
    if (!read_client(&document, err))
        return false;
    const struct json *medicaments = json_member(root, document.names->medicaments);
    if (medicaments == NULL || medicaments->kind == JSON_NULL)
        return true;
    if (medicaments->kind != JSON_LIST)
        return add_line(&document, medicaments, medicaments, err);
    for (const struct json *at = medicaments->first; at != NULL; at = at->next) {
        if (!read_medicament(&document, at, err))
            return false;
    }
    return true;
}

bool chmed_is_wrapped(const char *bytes, size_t length)
{
    return chmed_text_is(bytes, length);
}

/* Who read the code knows no more than its text. */
static void tell_signed(struct order_list *list, size_t first)
{
    for (size_t i = first; i < list->count; i++)
        rw_diag_add(&list->orders[i].findings, "D4", "signature-not-checked", RW_INFORMS,
                    list->orders[i].pointer,
                    "the prescription is signed; the signature, and whether it was dispensed "
                    "before, are not checked here");
}

bool chmed_read_wrapped(const char *source, const char *bytes, size_t length,
                        const struct rw_zone *zone, struct rw_arena *arena, struct order_list *list,
                        struct rw_error *err)
{
    const char *text;
    size_t text_length;
    int year;
    const struct json *root;
    if (!chmed_text_unwrap(bytes, length, arena, &text, &text_length, &year, err) ||
        !json_parse(arena, text, text_length, &root, err))
        return false;
    bool is_23 = json_member(root, "meds") != NULL || json_member(root, "patient") != NULL;
    if (!chmed_is(root) || is_23 != (year == 23))
        return rw_error_set(err, RW_INVALID, "", "the eMediplan is not of the version it names");
    const size_t first = list->count;
    if (!chmed_read(source, root, zone, arena, list, err))
        return false;
    if (chmed_text_is_signed(bytes, length))
        tell_signed(list, first);
    return true;
}
