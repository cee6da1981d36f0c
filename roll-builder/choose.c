/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses among agreements along their links, never by guessing. */
#include "roll-builder/choose.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "roll-builder/links.h"

#define STOP_CANCELLED "89925002"

/* One client's agreements while they are being chosen. */
struct choice {
    struct chosen *all;
    size_t count;
    int64_t from_utc_minute; /* the window, half-open */
    int64_t to_utc_minute;
    const struct rw_zone *zone;
    struct rw_diag *diag;
};

static bool is_agreement(const struct order *order)
{
    return order->kind == ORDER_MA || order->kind == ORDER_TA || order->kind == ORDER_WDS ||
           order->kind == ORDER_PLAIN;
}

/* An agreement that was never in force says nothing about another one. */
static bool is_live(const struct order *order)
{
    static const char *const dead[] = { "entered-in-error", "cancelled", "draft", "declined" };
    if (!is_agreement(order))
        return false;
    for (size_t i = 0; i < RW_COUNT(dead); i++) {
        if (rw_text_equal(order->status, dead[i]) && order->status != NULL)
            return false;
    }
    return true;
}

static bool is_stop(const struct order *order)
{
    return order->stop_type != NULL;
}

static bool cancels(const struct order *order)
{
    return is_stop(order) && strcmp(order->stop_type, STOP_CANCELLED) == 0;
}

static bool names_prior(const struct order *order, const struct order *target)
{
    if (order == target || order->kind != target->kind)
        return false;
    return links_mean(order->prior, target) || links_lead(order, target);
}

static bool registered_at(const struct order *order, int64_t *ret_utc_ms)
{
    return order->registered != NULL && rw_clock_parse_utc(order->registered, ret_utc_ms);
}

/* Below zero: left is older. Zero: not known or the same. */
static int compare_registered(const struct order *left, const struct order *right)
{
    int64_t left_ms;
    int64_t right_ms;
    if (!registered_at(left, &left_ms) || !registered_at(right, &right_ms))
        return 0;
    return left_ms < right_ms ? -1 : left_ms > right_ms;
}

/* A cancelled agreement never held: it ended nothing and stands over nothing. */
static bool is_void(const struct chosen *chosen)
{
    return chosen->has_until && rw_text_equal(chosen->until_reason, "cancelled-agreement");
}

static void clip(struct chosen *chosen, int64_t until, const char *reason, const struct order *by)
{
    if (is_void(chosen) || (chosen->has_until && chosen->until_utc_minute <= until))
        return;
    chosen->has_until = true;
    chosen->until_utc_minute = until;
    chosen->until_reason = reason;
    chosen->by = by;
}

static void replace(struct chosen *chosen, const struct order *by)
{
    if (chosen->replaced)
        return;
    chosen->replaced = true;
    chosen->by = by;
}

/* `later` takes the place of `earlier` from its own start on. */
static void supersede(const struct choice *choice, struct chosen *earlier,
                      const struct order *later)
{
    int64_t start = choice->from_utc_minute;
    if (later->period_start.precision != DOSING_ABSENT)
        start = rw_stamp_utc_minute(later->period_start.stamp);
    if (start <= choice->from_utc_minute)
        replace(earlier, later);
    else if (start < choice->to_utc_minute)
        clip(earlier, start - 1, "replaced", later);
}

static int64_t end_minute(const struct choice *choice, const struct dosing_point *end)
{
    if (end->precision != DOSING_DATE)
        return rw_stamp_utc_minute(end->stamp);
    /* A day without a time is meant whole; it may have 23 or 25 hours. */
    const struct rw_wall next = { end->stamp.wall.day + 1, 0 };
    return rw_stamp_utc_minute(rw_zone_stamp(choice->zone, next)) - 1;
}

/* A2: a stop agreement ends what it stops at its own end; a cancelled one never held. */
static void stop(const struct choice *choice, struct chosen *target, const struct order *by)
{
    if (cancels(by)) {
        clip(target, choice->from_utc_minute - 1, "cancelled-agreement", by);
        return;
    }
    if (by->period_end.precision == DOSING_ABSENT) {
        rw_diag_add(choice->diag, "A2", "stop-agreement", RW_BLOCKS, by->pointer,
                    "a stop agreement without an end does not say until when the other holds");
        return;
    }
    clip(target, end_minute(choice, &by->period_end), "stop-agreement", by);
}

static void end_by(const struct choice *choice, struct chosen *earlier, const struct order *later)
{
    if (is_stop(later))
        stop(choice, earlier, later);
    else if (is_stop(earlier->order))
        replace(earlier, later);
    else
        supersede(choice, earlier, later);
}

/* Versions of one agreement: the newest decides. */
static void choose_versions(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        struct chosen *one = &choice->all[i];
        for (size_t j = i + 1; j < choice->count; j++) {
            struct chosen *two = &choice->all[j];
            if (!is_live(one->order) || !is_live(two->order) ||
                !links_are_versions(one->order, two->order))
                continue;
            int order = compare_registered(one->order, two->order);
            if (order < 0)
                end_by(choice, one, two->order);
            else if (order > 0)
                end_by(choice, two, one->order);
            else
                rw_diag_add(choice->diag, "A18", "version-conflict", RW_BLOCKS, two->order->pointer,
                            "two versions of one agreement do not say which of them is newer");
        }
    }
}

/* Ends each agreement that a newer one of its kind names; true when `order` named one. */
static bool end_named(const struct choice *choice, const struct order *order)
{
    bool named = false;
    for (size_t i = 0; i < choice->count; i++) {
        struct chosen *target = &choice->all[i];
        if (!is_live(target->order) || !names_prior(order, target->order))
            continue;
        end_by(choice, target, order);
        named = true;
    }
    return named;
}

/* The agreement that a stop without a link means: the only one of its kind and treatment, or the
 * only one of these with the same start. `ret_several`: more than one could be meant. */
static struct chosen *stop_target(const struct choice *choice, const struct order *by,
                                  bool same_start, bool *ret_several)
{
    struct chosen *found = NULL;
    *ret_several = false;
    for (size_t i = 0; i < choice->count; i++) {
        struct chosen *target = &choice->all[i];
        const struct order *order = target->order;
        if (order == by || !is_live(order) || is_stop(order) || order->kind != by->kind ||
            !links_share_treatment(order, by) || compare_registered(by, order) < 0)
            continue;
        if (same_start && (order->period_start.precision == DOSING_ABSENT ||
                           rw_stamp_utc_minute(order->period_start.stamp) !=
                               rw_stamp_utc_minute(by->period_start.stamp)))
            continue;
        *ret_several = found != NULL;
        if (found != NULL)
            return NULL;
        found = target;
    }
    return found;
}

static void stop_unnamed(const struct choice *choice, const struct order *by)
{
    bool several;
    bool again;
    struct chosen *target = stop_target(choice, by, false, &several);
    if (several)
        target = stop_target(choice, by, true, &again);
    if (target != NULL)
        stop(choice, target, by);
    else if (several)
        rw_diag_add(choice->diag, "A2", "stop-agreement", RW_BLOCKS, by->pointer,
                    "a stop agreement does not say which of several agreements it stops");
    else
        rw_diag_add(choice->diag, "A2", "stop-target-absent", RW_INFORMS, by->pointer,
                    "what this agreement stops is not among the orders");
}

static bool has_version(const struct choice *choice, const struct order *order)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct order *other = choice->all[i].order;
        if (other != order && links_are_versions(other, order))
            return true;
    }
    return false;
}

/* Cancellations first: what they take back must not end anything. */
static void choose_priors(const struct choice *choice, bool cancelling)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct order *order = choice->all[i].order;
        if (!is_live(order) || cancels(order) != cancelling || is_void(&choice->all[i]))
            continue;
        bool named = end_named(choice, order);
        if (is_stop(order) && !named && !has_version(choice, order))
            stop_unnamed(choice, order);
    }
}

/* Its own stop agreement already ends it no later than what it was made from. */
static bool is_ended_by(const struct choice *choice, const struct chosen *derived,
                        const struct chosen *base)
{
    const int64_t until = base->replaced ? choice->from_utc_minute - 1 : base->until_utc_minute;
    return derived->has_until && derived->until_utc_minute <= until;
}

/* What the prescriber ended does not live on in what was derived from it. */
static void end_derived(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        struct chosen *derived = &choice->all[i];
        if (!is_live(derived->order) || is_stop(derived->order) ||
            (derived->order->kind != ORDER_TA && derived->order->kind != ORDER_WDS))
            continue;
        const struct chosen *ended = NULL;
        bool stands = false;
        for (size_t j = 0; j < choice->count; j++) {
            const struct chosen *base = &choice->all[j];
            if (base->order->kind != ORDER_MA || !links_lead(derived->order, base->order))
                continue;
            if (base->replaced || base->has_until)
                ended = base;
            else
                stands = true;
        }
        if (ended == NULL || stands || derived->replaced || is_ended_by(choice, derived, ended))
            continue;
        rw_diag_add(choice->diag, "A18", "derived-ended", RW_OVERRIDABLE, derived->order->pointer,
                    "this agreement ends with the prescriber's agreement it was made from");
        if (ended->replaced)
            replace(derived, ended->by);
        else
            clip(derived, ended->until_utc_minute, ended->until_reason, ended->by);
    }
}

static bool share_base(const struct choice *choice, const struct order *left,
                       const struct order *right)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct order *base = choice->all[i].order;
        if (base->kind == ORDER_MA && links_lead(left, base) && links_lead(right, base))
            return true;
    }
    for (size_t i = 0; i < left->link_count; i++) {
        for (size_t j = 0; j < right->link_count; j++) {
            if (rw_text_equal(left->links[i], right->links[j]))
                return true;
        }
    }
    return false;
}

static int rank(const struct order *order)
{
    return order->kind == ORDER_WDS ? 3 : order->kind == ORDER_TA ? 2 : order->kind == ORDER_MA;
}

/* WDS over TA over MA, along the links. */
static void choose_kinds(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct chosen *upper = &choice->all[i];
        if (!is_live(upper->order) || upper->replaced || is_void(upper) || cancels(upper->order) ||
            rank(upper->order) < 2)
            continue;
        for (size_t j = 0; j < choice->count; j++) {
            struct chosen *lower = &choice->all[j];
            if (!is_live(lower->order) || rank(lower->order) == 0 || is_stop(lower->order) ||
                rank(lower->order) >= rank(upper->order))
                continue;
            if (!links_lead(upper->order, lower->order) &&
                !(lower->order->kind == ORDER_TA && share_base(choice, upper->order, lower->order)))
                continue;
            if (is_stop(upper->order))
                stop(choice, lower, upper->order);
            else
                replace(lower, upper->order);
        }
    }
}

/* A21: the wish of a VV counts for its own treatment or for the agreement it was asked for. */
static void choose_wishes(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct order *wish = choice->all[i].order;
        if (wish->kind != ORDER_VV || !wish->not_in_gds ||
            rw_text_equal(wish->status, "cancelled") ||
            rw_text_equal(wish->status, "entered-in-error"))
            continue;
        for (size_t j = 0; j < choice->count; j++) {
            struct chosen *target = &choice->all[j];
            if (!is_agreement(target->order))
                continue;
            if (links_share_treatment(wish, target->order) || links_lead(wish, target->order) ||
                share_base(choice, wish, target->order))
                target->not_in_gds = true;
        }
    }
}

/* Agreements that name each other in a ring would all be gone: that is an omission, not a choice.
 */
static void find_rings(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct chosen *at = &choice->all[i];
        for (size_t steps = 0; at != NULL && at->replaced; steps++) {
            if (steps > choice->count) {
                rw_diag_add(choice->diag, "A18", "version-conflict", RW_BLOCKS,
                            choice->all[i].order->pointer,
                            "agreements that replace each other leave none that stands");
                break;
            }
            const struct order *by = at->by;
            at = NULL;
            for (size_t j = 0; j < choice->count && at == NULL; j++)
                at = choice->all[j].order == by ? &choice->all[j] : NULL;
        }
    }
}

bool choose_orders(const struct order *const *orders, size_t count, const struct window *window,
                   const struct rw_zone *zone, struct rw_diag *diag, struct chosen **ret_chosen,
                   struct rw_error *err)
{
    if (count > CHOOSE_ORDERS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "one client has %zu lines, more than %d", count,
                            CHOOSE_ORDERS_MAX);
    struct choice choice = { .count = count, .zone = zone, .diag = diag };
    choice.from_utc_minute =
        rw_stamp_utc_minute(rw_zone_stamp(zone, (struct rw_wall){ window->from, 0 }));
    choice.to_utc_minute = rw_stamp_utc_minute(
        rw_zone_stamp(zone, (struct rw_wall){ window->from + window->days, 0 }));
    choice.all = rw_arena_array(diag->arena, count, sizeof *choice.all, err);
    if (choice.all == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        choice.all[i].order = orders[i];
    choose_versions(&choice);
    choose_priors(&choice, true);
    choose_priors(&choice, false);
    end_derived(&choice);
    choose_kinds(&choice);
    choose_wishes(&choice);
    find_rings(&choice);
    *ret_chosen = choice.all;
    return true;
}
