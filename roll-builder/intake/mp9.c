/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the Dutch MP9 adds to FHIR: periods, stops, treatments. */
#include "roll-builder/intake/mp9.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/quantity.h"
#include "roll-builder/intake/fhir_check.h"
#include "roll-builder/intake/fhir_duration.h"
#include "roll-builder/intake/fhir_unit.h"
#include "roll-builder/intake/fhir_value.h"

#define BASE "http://nictiz.nl/fhir/StructureDefinition/"
#define SNOMED "http://snomed.info/sct"
/* R5's period of use, as R4 may carry it */
#define EFFECTIVE_PERIOD \
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.effectiveDosePeriod"
#define DISTRIBUTION "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.3.8"
#define INFORMATION "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.2.14.2050"
#define WISHES "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.2.14.2051"

/* Is this coding among those of the concept? */
static bool has_code(const struct tree *concept, const char *system, const char *code)
{
    const struct tree *coding = tree_child(concept, "coding");
    for (; coding != NULL; coding = tree_same(coding)) {
        if (rw_text_equal(tree_value(coding, "system"), system) &&
            rw_text_equal(tree_value(coding, "code"), code))
            return true;
    }
    return false;
}

static bool has_category(const struct tree *resource, const char *code)
{
    const struct tree *category = tree_child(resource, "category");
    for (; category != NULL; category = tree_same(category)) {
        if (has_code(category, SNOMED, code))
            return true;
    }
    return false;
}

enum order_kind mp9_kind(const struct tree *resource)
{
    static const struct {
        const char *resource;
        const char *code;
        enum order_kind kind;
    } rows[] = {
        { "MedicationRequest", "52711000146108", ORDER_VV },
        { "MedicationRequest", "395067002", ORDER_WDS },
        { "MedicationRequest", "33633005", ORDER_MA },
        { "MedicationDispense", "422037009", ORDER_TA },
        { "MedicationDispense", "373784005", ORDER_MVE },
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        if (rw_text_equal(resource->resource, rows[i].resource) &&
            has_category(resource, rows[i].code))
            return rows[i].kind;
    }
    return rw_text_equal(resource->resource, "MedicationRequest") ? ORDER_PLAIN : ORDER_OTHER;
}

bool mp9_identifier(const struct tree *identifier, struct rw_arena *arena, const char **ret_text,
                    struct rw_error *err)
{
    const char *system = tree_value(identifier, "system");
    const char *value = tree_value(identifier, "value");
    *ret_text = NULL;
    if (value == NULL)
        return true;
    *ret_text = rw_arena_format(arena, err, "%s|%s", system == NULL ? "" : system, value);
    return *ret_text != NULL;
}

static void add_finding(const struct fhir_place *place, const struct tree *at, const char *reason,
                        const char *why)
{
    char pointer[TREE_POINTER_MAX];
    tree_pointer(at, pointer);
    rw_diag_add(place->diag, "D22", reason, RW_BLOCKS, pointer, "%s", why);
}

static void tell_unread(const struct fhir_place *place, const struct tree *at)
{
    char pointer[TREE_POINTER_MAX];
    tree_pointer(at, pointer);
    rw_diag_add(place->diag, "D21", "period-not-read", RW_OVERRIDABLE, pointer,
                "an extension that is not known states a period, which was not read");
}

static void read_period_duration(const struct tree *extension, const struct fhir_place *place,
                                 struct order *order)
{
    const struct tree *duration = tree_child(extension, "valueDuration");
    const char *why = fhir_duration_read(duration, &order->period_duration);
    enum dosing_unit unit = order->period_duration.unit;
    if (why != NULL)
        add_finding(place, extension, "invalid-timing", why);
    else if (unit == DOSING_MONTH || unit == DOSING_YEAR)
        add_finding(place, extension, "month-duration",
                    "MP9 counts a period of use in days or weeks, not in months");
}

static void read_period(const struct tree *period, const struct fhir_place *place,
                        struct order *order)
{
    const struct tree *start = tree_child(period, "start");
    const struct tree *end = tree_child(period, "end");
    if (start != NULL && start->value != NULL &&
        !fhir_value_point(start->value, place->zone, &order->period_start))
        add_finding(place, start, "invalid-timing", "the start of the period is no full date");
    if (end != NULL && end->value != NULL &&
        !fhir_value_end(end->value, place->zone, &order->period_end))
        add_finding(place, end, "invalid-timing", "the end of the period cannot be planned");
    const struct tree *duration = tree_extension(period, BASE "ext-TimeInterval.Duration");
    if (duration != NULL)
        read_period_duration(duration, place, order);
}

static void read_stop(const struct tree *resource, struct order *order)
{
    const struct tree *stop = tree_extension(resource, MP9_STOP_TYPE);
    if (stop == NULL)
        return;
    const struct tree *concept = tree_child(stop, "valueCodeableConcept");
    const char *code = tree_value(tree_child(concept, "coding"), "code");
    if (has_code(concept, SNOMED, "89925002"))
        code = "89925002";
    order->stop_type = code == NULL ? "" : code;
}

static void read_cycle(const struct tree *resource, const struct fhir_place *place,
                       struct order *order)
{
    const struct tree *cycle = tree_extension(resource, MP9_CYCLE);
    if (cycle == NULL)
        return;
    const char *why = fhir_duration_read(tree_child(cycle, "valueDuration"), &order->cycle);
    if (why != NULL)
        add_finding(place, cycle, "invalid-timing", why);
    for (const struct tree *other = tree_same(cycle); other != NULL; other = tree_same(other)) {
        if (rw_text_equal(tree_value(other, "url"), MP9_CYCLE))
            add_finding(place, other, "invalid-timing", "the order has two cycles");
    }
}

/* A condition for the start or the end may stand in any period of the order (A13). */
static bool is_conditional(const struct tree *resource)
{
    const struct tree *node = tree_walk(resource, resource);
    for (; node != NULL; node = tree_walk(resource, node)) {
        if (rw_text_equal(node->name, "extension") &&
            rw_text_equal(tree_value(node, "url"), BASE "ext-PeriodOfUse.Condition"))
            return true;
    }
    return false;
}

/* The concept of an extension on the resource or on its dispenseRequest. */
static bool has_wish(const struct tree *holder, const char *url, const char *system,
                     const char *code)
{
    const struct tree *child = holder == NULL ? NULL : holder->first;
    for (; child != NULL; child = child->next) {
        if (rw_text_equal(tree_value(child, "url"), url) &&
            has_code(tree_child(child, "valueCodeableConcept"), system, code))
            return true;
    }
    return false;
}

/* How many pieces a supply handed over; what is not counted in pieces is no cross-check. */
static void read_supply(const struct tree *resource, struct order *order)
{
    const struct tree *quantity = tree_child(resource, "quantity");
    const char *value = tree_value(quantity, "value");
    int64_t milli;
    if (value != NULL && fhir_unit_judge(quantity) == DOSING_COUNTABLE &&
        quantity_parse(value, &milli) == QUANTITY_EXACT && milli > 0)
        order->supplied_milli = milli;
}

/* May this extension of the order say from when to when it holds? */
static bool is_period(const struct tree *extension)
{
    const char *url = tree_value(extension, "url");
    return rw_text_equal(url, BASE "ext-TimeInterval.Period") ||
           rw_text_equal(url, EFFECTIVE_PERIOD);
}

/* The period of use, once. Another period that nobody knows may be one too: a person looks. */
static void read_periods(const struct tree *resource, const struct fhir_place *place,
                         struct order *order)
{
    bool read = false;
    const struct tree *one = tree_child(resource, "extension");
    for (; one != NULL; one = tree_same(one)) {
        const struct tree *period = tree_child(one, "valuePeriod");
        const bool known = is_period(one);
        if (known && read)
            add_finding(place, one, "invalid-timing", "the order has two periods of use");
        else if (known)
            read_period(period, place, order);
        else if (period != NULL || tree_child(one, "valueTiming") != NULL)
            tell_unread(place, one);
        read = read || known;
    }
}

bool mp9_read(const struct tree *resource, const struct fhir_place *place, struct order *order,
              struct rw_error *err)
{
    read_periods(resource, place, order);
    read_stop(resource, order);
    read_cycle(resource, place, order);
    if (order->kind == ORDER_MVE)
        read_supply(resource, order);
    order->conditional = is_conditional(resource);
    const struct tree *registered = tree_extension(resource, BASE "ext-RegistrationDateTime");
    order->registered = tree_value(registered, "valueDateTime");
    const struct tree *rendered = tree_extension(resource, BASE "ext-RenderedDosageInstruction");
    order->sentence = tree_value(rendered, "valueString");
    order->gds =
        has_wish(resource, BASE "ext-MedicationDispense.DistributionForm", DISTRIBUTION, "1");
    const char *wishes = BASE "ext-DispenseRequest.AdditionalWishes";
    order->not_in_gds = has_wish(resource, wishes, WISHES, "2") ||
                        has_wish(tree_child(resource, "dispenseRequest"), wishes, WISHES, "2");
    order->at_next_roll =
        has_wish(resource, BASE "ext-MedicationAgreement.MedicationAgreementAdditionalInformation",
                 INFORMATION, "7");
    if (rw_text_equal(resource->resource, "MedicationStatement"))
        read_period(tree_child(resource, "effectivePeriod"), place, order);
    const struct tree *treatment =
        tree_extension(resource, BASE "ext-PharmaceuticalTreatment.Identifier");
    return mp9_identifier(tree_child(treatment, "valueIdentifier"), place->arena, &order->treatment,
                          err);
}
