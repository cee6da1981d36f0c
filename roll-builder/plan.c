/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the roll of one client and lets it be counted back. */
#include "roll-builder/plan.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/model/schedule.h"
#include "core/model/tag.h"
#include "roll-builder/about.h"
#include "roll-builder/apart.h"
#include "roll-builder/audit.h"
#include "roll-builder/choose.h"
#include "roll-builder/holes.h"
#include "roll-builder/limits.h"
#include "roll-builder/limits_bags.h"
#include "roll-builder/line.h"
#include "roll-builder/moment.h"
#include "roll-builder/outside.h"
#include "roll-builder/people.h"
#include "roll-builder/pictures.h"
#include "roll-builder/reconcile.h"
#include "roll-builder/seal.h"
#include "roll-builder/split.h"
#include "roll-builder/supply.h"
#include "roll-builder/weekly.h"

/* One roll in the making. */
struct making {
    const struct plan_request *request;
    struct rw_arena *arena;
    struct roll *roll;
    struct line *lines; /* one for each order */
    int32_t pieces_max;
    int32_t products_max;
    uint8_t roll_key[RW_HMAC_KEY_BYTES];
};

void plan_number(const uint8_t seed[RW_SHA256_BYTES], char ret_number[ROLL_NUMBER_MAX])
{
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | seed[i];
    for (size_t i = ROLL_NUMBER_DIGITS; i > 0; i--) {
        ret_number[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    ret_number[ROLL_NUMBER_DIGITS] = '\0';
}

/* The smaller of two ceilings, where 0 means that there is none. */
static int32_t smaller(int32_t policy, int32_t media, int32_t ours)
{
    int32_t least = ours;
    if (policy > 0 && policy < least)
        least = policy;
    return media > 0 && media < least ? media : least;
}

/* D1: every line says the same person; a name and a whole birth date are needed on each bag. */
static void take_client(struct making *making)
{
    struct client *client = &making->roll->client;
    struct rw_diag *diag = &making->roll->findings;
    bool differs = false;
    client->id = making->request->client_id;
    for (size_t i = 0; i < making->request->order_count; i++) {
        const struct client *other = &making->request->orders[i]->client;
        if (client->name == NULL)
            client->name = other->name;
        if (client->born == NULL)
            client->born = other->born;
        differs = differs || (other->name != NULL && !rw_text_equal(other->name, client->name)) ||
                  (other->born != NULL && !rw_text_equal(other->born, client->born));
    }
    int32_t day;
    if (making->request->nameless_lines)
        rw_diag_add(diag, "D1", "unknown-client", RW_BLOCKS, "",
                    "a file of this client holds an order that names nobody we know");
    if (differs)
        rw_diag_add(diag, "D1", "unknown-client", RW_BLOCKS, "",
                    "the orders of one client give several names or birth dates");
    if (client->name == NULL || client->name[0] == '\0')
        rw_diag_add(diag, "D1", "unknown-client", RW_BLOCKS, "", "the client has no name");
    if (client->born == NULL || !rw_date_parse(client->born, &day))
        rw_diag_add(diag, "D1", "unknown-client", RW_BLOCKS, "",
                    "the client has no whole birth date");
}

static bool begin_roll(struct making *making, struct rw_error *err)
{
    const struct plan_request *request = making->request;
    const struct policy *policy = request->policy;
    struct roll *roll = rw_arena_alloc(making->arena, sizeof *roll, err);
    if (roll == NULL)
        return false;
    making->roll = roll;
    roll->number = request->number;
    roll->version = 1;
    roll->replaces = request->replaces;
    roll->pharmacy = (struct roll_pharmacy){ policy->pharmacy_id, policy->pharmacy_name,
                                             policy->pharmacy_phone };
    roll->from = request->window->from;
    roll->days = request->window->days;
    roll->zone = policy->zone_name;
    roll->media = request->media->name;
    roll->language = policy->language;
    roll->dpi = policy->dpi;
    roll->issued = request->issued;
    rw_diag_init(&roll->findings, making->arena);
    if (roll->issued == NULL) {
        char text[RW_ZONE_STAMP_MAX];
        rw_stamp_write(rw_zone_stamp(policy->zone, (struct rw_wall){ roll->from, 0 }), text);
        roll->issued = rw_arena_text(making->arena, text, err);
    }
    making->pieces_max = smaller(policy->pieces_max, request->media->pieces_max, INT32_MAX / 1000);
    making->products_max =
        smaller(policy->products_max, request->media->lines_max, BAG_CONTENTS_MAX);
    tag_roll_key(request->pharmacy_key, request->number, making->roll_key);
    return roll->issued != NULL;
}

static bool make_lines(struct making *making, struct rw_error *err)
{
    const struct plan_request *request = making->request;
    struct chosen *chosen;
    struct line_rules rules = { request->policy, request->products, request->window,
                                request->many_sources };
    const struct supply supply = { request->orders, request->order_count, request->policy };
    if (!choose_orders(request->orders, request->order_count, request->window,
                       request->policy->zone, &making->roll->findings, &chosen, err))
        return false;
    making->lines = rw_arena_array(making->arena, request->order_count, sizeof *making->lines, err);
    if (making->lines == NULL)
        return false;
    for (size_t i = 0; i < request->order_count; i++) {
        const struct line *line = &making->lines[i];
        if (!line_make(&chosen[i], &rules, &making->roll->findings, &making->lines[i], err) ||
            !supply_compare(&supply, request->orders[i], line->label, making->arena,
                            &making->roll->findings, err))
            return false;
    }
    return true;
}

static bool add_bags(struct making *making, const struct split *split, size_t *room,
                     struct rw_error *err)
{
    struct roll *roll = making->roll;
    for (size_t i = 0; i < split->count; i++) {
        if (!rw_arena_grow(making->arena, &roll->bags, room, roll->bag_count, sizeof *roll->bags,
                           ROLL_BAGS_MAX + 2, err))
            return false;
        roll->bags[roll->bag_count++] = split->bags[i];
    }
    return true;
}

static int32_t packed_on(const struct plan_request *request)
{
    return request->has_packed_on ? request->packed_on : request->window->from;
}

/* A header before the doses and a trailer behind them: both are removed, never a dose. */
static struct bag outer_bag(const struct making *making, enum bag_kind kind)
{
    const struct roll *roll = making->roll;
    struct bag bag = { .kind = kind, .part = 1, .parts = 1, .code = "", .serial = "" };
    bag.at = rw_zone_stamp(making->request->policy->zone, (struct rw_wall){ roll->from, 0 });
    if (roll->bag_count > 1) /* the header's place at index 0 is already taken */
        bag.at = roll->bags[kind == BAG_HEADER ? 1 : roll->bag_count - 1].at;
    return bag;
}

static bool give_use_by(struct making *making, struct rw_error *err)
{
    struct roll *roll = making->roll;
    char date[RW_DATE_TEXT_MAX];
    rw_date_write(packed_on(making->request) + making->request->policy->use_by_days, date);
    const char *earliest = NULL;
    for (size_t i = 1; i + 1 < roll->bag_count; i++) {
        if (earliest == NULL || strcmp(roll->bags[i].use_by, earliest) < 0)
            earliest = roll->bags[i].use_by;
    }
    if (earliest == NULL)
        earliest = rw_arena_text(making->arena, date, err);
    roll->bags[0].use_by = earliest;
    roll->bags[roll->bag_count - 1].use_by = earliest;
    return earliest != NULL;
}

/* Said once for each order, however many moments it has. */
static void say_misfit(struct rw_diag *diag, const struct bag_content *misfit)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (strcmp(diag->findings[i].reason, "does-not-fit") == 0 &&
            strcmp(diag->findings[i].pointer, misfit->order) == 0)
            return;
    }
    rw_diag_add(
        diag, "D38", "does-not-fit", RW_BLOCKS, misfit->order,
        "a bag with this product alone has no room for it, or for all that must stand on it");
}

static bool fill_bags(struct making *making, const struct moments *moments, struct rw_error *err)
{
    struct roll *roll = making->roll;
    const struct split_limits limits = { making->pieces_max, making->products_max,
                                         making->request->media->volume_max_ul,
                                         making->request->fits, roll };
    struct bag blank = { .kind = BAG_HEADER };
    struct split outer = { .bags = &blank, .count = 1 };
    size_t room = 0;
    if (!add_bags(making, &outer, &room, err))
        return false;
    for (size_t i = 0; i < moments->count; i++) {
        struct split split;
        if (!split_moment(&moments->list[i], &limits, making->arena, &split, err) ||
            !add_bags(making, &split, &room, err))
            return false;
        if (split.misfit != NULL)
            say_misfit(&roll->findings, split.misfit);
    }
    roll->bags[0] = outer_bag(making, BAG_HEADER);
    blank = outer_bag(making, BAG_TRAILER);
    return add_bags(making, &outer, &room, err) && give_use_by(making, err);
}

static void check_roll(struct making *making)
{
    struct roll *roll = making->roll;
    struct rw_diag *diag = &roll->findings;
    const int32_t doses = (int32_t)roll->bag_count - 2;
    const int32_t bags_max =
        smaller(SCHEDULE_BAGS_MAX, making->request->media->bags_max, ROLL_BAGS_MAX);
    if (doses > bags_max) {
        if (making->request->excess != NULL)
            *making->request->excess =
                (struct plan_excess){ bags_max, roll->bags, roll->bag_count };
        rw_diag_add(diag, "D28", "too-many-bags", RW_BLOCKS, "",
                    "%d bags are more than the %d that the dispenser takes; plan fewer days", doses,
                    bags_max);
    }
    if (doses == 0)
        rw_diag_add(diag, "D2", "no-doses", RW_OVERRIDABLE, "",
                    "nothing of this client goes into a bag in this period");
    limits_bags_check(roll, making->lines, making->request->order_count, diag);
}

static bool audit(const struct making *making, struct rw_error *err)
{
    const size_t count = making->request->order_count;
    struct audit_order *orders = rw_arena_array(making->arena, count, sizeof *orders, err);
    if (orders == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &making->lines[i];
        orders[i] = (struct audit_order){
            line->label, line->product != NULL ? line->product->code : NULL, line->judged.intakes,
            line->judged.planned ? line->judged.intake_count : 0, line->chosen->replaced
        };
    }
    const struct audit_facts facts = { .orders = orders,
                                       .count = count,
                                       .roll_key = making->roll_key,
                                       .pieces_max = making->pieces_max,
                                       .products_max = making->products_max,
                                       .volume_max_ul = making->request->media->volume_max_ul };
    return audit_roll(making->roll, &facts, err);
}

static bool make_bags(struct making *making, struct rw_error *err)
{
    const struct plan_request *request = making->request;
    const struct moment_dates dates = { packed_on(request), request->policy->use_by_days };
    struct moments moments;
    if (!moment_gather(making->lines, request->order_count, &dates, making->arena, &moments, err) ||
        !fill_bags(making, &moments, err))
        return false;
    making->roll->reasons = moments.reasons;
    making->roll->reason_count = moments.reason_count;
    apart_place(making->roll, making->lines, request->order_count);
    seal_number(making->roll);
    check_roll(making);
    return true;
}

/* Findings that nobody can read could hide anything: the last that there is room for says so. */
static bool say_lost(struct rw_diag *diag, struct rw_error *err)
{
    if (diag->count == RW_DIAG_FINDINGS_MAX)
        diag->count--;
    rw_diag_add(diag, "D2", "too-many-findings", RW_BLOCKS, "",
                "%zu findings more than the %d that one client may have are not shown",
                diag->lost + 1, RW_DIAG_FINDINGS_MAX);
    return !diag->starved ||
           rw_error_set(err, RW_NO_MEMORY, "", "no memory for the findings of a client");
}

static bool finish_roll(struct making *making, bool *ret_blocked, struct rw_error *err)
{
    struct roll *roll = making->roll;
    const struct seal seal = { making->request->policy->gtin, making->roll_key };
    *ret_blocked = rw_diag_has(&roll->findings, RW_BLOCKS);
    if (roll->findings.lost > 0 && !say_lost(&roll->findings, err))
        return false;
    about_findings(making->lines, making->request->order_count, &roll->findings);
    if (*ret_blocked) {
        roll->bags = NULL;
        roll->bag_count = 0;
        return true;
    }
    return seal_roll(roll, &seal, making->arena, err) && audit(making, err);
}

static bool make_roll(struct making *making, bool *ret_blocked, struct rw_error *err)
{
    const struct plan_request *request = making->request;
    take_client(making);
    limits_check_days(request->policy, request->window, &making->roll->findings);
    pictures_check_media(request->media, request->window, &making->roll->findings);
    if (!make_lines(making, err) ||
        !outside_list(making->roll, making->lines, request->order_count, making->arena, err))
        return false;
    limits_check_lines(making->lines, request->order_count, request->window,
                       &making->roll->findings);
    pictures_check(making->lines, request->order_count, request->policy, request->window,
                   &making->roll->findings);
    weekly_check(making->lines, request->order_count, &making->roll->findings);
    reconcile_check(making->lines, request->order_count, request->window->from,
                    &making->roll->findings);
    holes_check(making->lines, request->order_count, request->window, request->policy->zone,
                &making->roll->findings);
    people_check(request->person, request->window, making->lines, request->order_count,
                 &making->roll->findings);
    rw_diag_add(&making->roll->findings, "D10", "not-checked-here", RW_INFORMS, "",
                "allergies, interactions and kidney function are watched elsewhere, not here");
    if (!rw_diag_has(&making->roll->findings, RW_BLOCKS) && !make_bags(making, err))
        return false;
    return finish_roll(making, ret_blocked, err);
}

/* A client beyond a ceiling has no roll; the clients beside this one still have theirs. */
static bool block_too_large(struct making *making, const struct rw_error *cause,
                            struct rw_error *err)
{
    struct roll *roll = making->roll;
    roll->bags = NULL;
    roll->bag_count = 0;
    rw_diag_add(&roll->findings, "D2", "too-large", RW_BLOCKS, cause->at, "%s", cause->text);
    return roll->findings.lost == 0 || say_lost(&roll->findings, err);
}

/* The policy with the moments of this client: those recorded, else those of the policy. */
static struct policy own_policy(const struct plan_request *request)
{
    const struct person *person = request->person;
    struct policy policy = *request->policy;
    policy.daytimes = person != NULL && person->daytimes != NULL
                          ? *person->daytimes
                          : *policy_daytimes(request->policy, request->client_id);
    return policy;
}

bool plan_roll(const struct plan_request *request, struct rw_arena *arena, struct roll **ret_roll,
               bool *ret_blocked, struct rw_error *err)
{
    const struct policy policy = own_policy(request);
    struct plan_request own = *request;
    own.policy = &policy;
    struct making making = { .request = &own, .arena = arena };
    struct rw_error cause = { 0 };
    bool blocked = true;
    assert(request->policy->zone != NULL && roll_is_number(request->number));
    if (!begin_roll(&making, err))
        return false;
    if (!make_roll(&making, &blocked, &cause)) {
        if (cause.code != RW_TOO_LARGE)
            return rw_error_set(err, cause.code, cause.at, "%s", cause.text);
        if (!block_too_large(&making, &cause, err))
            return false;
    }
    *ret_blocked = blocked;
    *ret_roll = making.roll;
    return true;
}
