/* SPDX-License-Identifier: Apache-2.0 */
/* rolwacht plan: tells what each order alone means. */
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/plan_text.h"
#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/date.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/zone.h"
#include "core/json/finding_json.h"
#include "core/json/json_write.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/intake.h"
#include "roll-builder/policy.h"
#include "roll-builder/supply.h"

#define PLAN_DAYS_DEFAULT 14
#define PLAN_DAYS_MAX 366
#define PLAN_INPUT_ARENA ((size_t)6 * 1024 * RW_ARENA_MIB) /* one file and all it says */
#define PLAN_ORDER_ARENA ((size_t)256 * RW_ARENA_MIB)      /* one order */
#define PLAN_SMALL_ARENA ((size_t)16 * RW_ARENA_MIB)       /* the policy */
#define PLAN_LINE_MAX ((size_t)16 * RW_ARENA_MIB)

struct plan {
    struct options options;
    const char *policy_path;
    struct window window;
    bool has_from;
    bool text; /* for a person, in place of JSON */
    int64_t days;
    struct policy policy;
    struct rw_zone *zone;
    struct rw_arena *settings;
};

static const char details[] =
    "INPUT is a FHIR R4 or MP9 resource or Bundle (JSON or XML), resources that stand behind each "
    "other (NDJSON), an eMediplan (CHMED16A, CHMED23A), a CSV of orders, or - for standard input; "
    "the kind is found from the content. Each order gives one line of JSON, rolwacht/plan/1. The "
    "window is DATE 00:00 and N days, local time.\n"
    "Exit status: 0 no refusal, 1 a refusal.";

static void write_intakes(struct json_writer *writer, const struct eligibility *verdict)
{
    json_write_list(writer, "intakes");
    for (size_t i = 0; i < verdict->intake_count; i++) {
        char at[RW_ZONE_STAMP_MAX];
        rw_stamp_write(verdict->intakes[i].at, at);
        json_write_object(writer, NULL);
        json_write_text(writer, "at", at);
        json_write_int(writer, "milli", verdict->intakes[i].milli);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

/* What put the intakes there: for each dosage that has some, its phase and the rule. A dosage has
 * one rule. */
static void write_why(struct json_writer *writer, const struct eligibility *verdict)
{
    const struct order *order = verdict->order;
    json_write_list(writer, "why");
    for (size_t i = 0; i < order->dosing_count; i++) {
        const struct dosing *dosing = &order->dosings[i];
        const char *rule = NULL;
        int64_t count = 0;
        for (size_t at = 0; at < verdict->intake_count; at++) {
            if (verdict->intakes[at].dosing != i)
                continue;
            rule = verdict->intakes[at].rule;
            count++;
        }
        if (rule == NULL)
            continue;
        json_write_object(writer, NULL);
        json_write_text(writer, "dosage", dosing->pointer);
        if (dosing->has_sequence)
            json_write_int(writer, "phase", dosing->sequence);
        else
            json_write_null(writer, "phase");
        json_write_text(writer, "rule", rule);
        json_write_int(writer, "intakes", count);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

/* The line of one order, rolwacht/plan/1. */
static bool write_line(const struct eligibility *verdict, struct rw_arena *arena,
                       struct rw_error *err)
{
    const struct order *order = verdict->order;
    struct rw_text text;
    struct json_writer writer;
    rw_text_init(&text, arena, PLAN_LINE_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "format", "rolwacht/plan/1");
    json_write_text(&writer, "source", order->source);
    json_write_text(&writer, "resource", order->resource);
    json_write_text(&writer, "id", order->id);
    json_write_text(&writer, "identifier", order->identifier);
    json_write_text(&writer, "pointer", order->pointer);
    json_write_text(&writer, "product", order->product.text);
    json_write_text(&writer, "outcome", verdict->planned ? "plan" : "refuse");
    if (!verdict->planned)
        json_write_text(&writer, "reason", verdict->reason);
    json_write_text(&writer, "destination",
                    verdict->planned ? order_destination_word(verdict->destination) : NULL);
    write_intakes(&writer, verdict);
    write_why(&writer, verdict);
    finding_json_write(&writer, &verdict->findings);
    json_write_object_end(&writer);
    rw_text_add_char(&text, '\n');
    const char *line;
    return rw_text_finish(&text, &line, err) && options_print(line, text.length, err);
}

static bool write_text(const struct eligibility *verdict, struct rw_arena *arena,
                       struct rw_error *err)
{
    struct rw_text text;
    const char *lines;
    rw_text_init(&text, arena, PLAN_LINE_MAX);
    plan_text_add(&text, verdict);
    return rw_text_finish(&text, &lines, err) && options_print(lines, text.length, err);
}

/* A supply beside the order is compared with it, and changes nothing. */
static bool plan_order(const struct plan *plan, const struct order *order,
                       const struct supply *supply, struct rw_arena *arena, bool *ret_planned,
                       struct rw_error *err)
{
    struct eligibility verdict;
    if (!eligibility_judge(order, &plan->policy, &plan->window, arena, &verdict, err) ||
        !supply_compare(supply, order, order->pointer, arena, &verdict.findings, err))
        return false;
    *ret_planned = verdict.planned;
    return plan->text && !plan->options.json ? write_text(&verdict, arena, err)
                                             : write_line(&verdict, arena, err);
}

static bool gather_supply(const struct plan *plan, const struct order_list *list,
                          struct rw_arena *arena, struct supply *ret_supply, struct rw_error *err)
{
    const struct order **orders = rw_arena_array(arena, list->count, sizeof *orders, err);
    if (orders == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++)
        orders[i] = &list->orders[i];
    *ret_supply = (struct supply){ orders, list->count, &plan->policy };
    return true;
}

/* A person who gives several files wants to see where one begins. */
static bool write_heading(const struct plan *plan, const char *path, struct rw_arena *arena,
                          struct rw_error *err)
{
    if (!plan->text || plan->options.json || plan->options.argument_count < 2)
        return true;
    const char *line = rw_arena_format(arena, err, "== %s\n", path);
    return line != NULL && options_print(line, strlen(line), err);
}

/* All orders of one input; a failure is reported and the next input goes on. */
static enum options_exit plan_orders(const struct plan *plan, const char *path,
                                     const struct order_list *list, struct rw_arena *input_arena)
{
    enum options_exit status = OPTIONS_GOOD;
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(PLAN_ORDER_ARENA);
    struct supply supply;
    bool done = arena != NULL || rw_error_set(&err, RW_NO_MEMORY, "", "no memory for an order");
    done = done && gather_supply(plan, list, input_arena, &supply, &err) &&
           write_heading(plan, path, input_arena, &err);
    for (size_t i = 0; done && i < list->count; i++) {
        bool planned = false;
        done = plan_order(plan, &list->orders[i], &supply, arena, &planned, &err);
        if (!planned)
            status = OPTIONS_NOT_GOOD;
        rw_arena_reset(arena);
    }
    if (!done)
        status = options_fail(&plan->options, path, &err);
    rw_arena_close(arena);
    return status;
}

static enum options_exit plan_input(const struct plan *plan, const char *path)
{
    char *bytes;
    size_t length;
    struct order_list list = { 0 };
    struct rw_error err = { 0 };
    enum options_exit status;
    struct rw_arena *arena = rw_arena_open(PLAN_INPUT_ARENA);
    if (arena == NULL)
        (void)rw_error_set(&err, RW_NO_MEMORY, "", "no memory for an input");
    if (arena != NULL && rw_file_read(path, RW_FILE_INPUT_MAX, arena, &bytes, &length, &err) &&
        intake_read(path, bytes, length, plan->zone, arena, &list, &err))
        status = plan_orders(plan, path, &list, arena);
    else
        status = options_fail(&plan->options, path, &err);
    rw_arena_close(arena);
    return status;
}

static bool read_policy(struct plan *plan, struct rw_error *err)
{
    char *bytes;
    size_t length;
    plan->settings = rw_arena_open(PLAN_SMALL_ARENA);
    if (plan->settings == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for the policy");
    policy_init(&plan->policy);
    if (plan->policy_path != NULL &&
        (!rw_file_read(plan->policy_path, PLAN_SMALL_ARENA / 4, plan->settings, &bytes, &length,
                       err) ||
         !policy_read(bytes, length, plan->settings, &plan->policy, err)))
        return false;
    if (!rw_zone_open(plan->policy.zone_name, &plan->zone, err))
        return false;
    plan->policy.zone = plan->zone;
    return true;
}

/* Without --from the window begins today, on the clock of the site's zone. */
static void find_window(struct plan *plan)
{
    struct rw_clock clock = rw_clock_system();
    if (!plan->has_from)
        plan->window.from = rw_zone_at(plan->zone, rw_clock_utc_ms(&clock) / 60000).wall.day;
    plan->window.days = (int32_t)plan->days;
}

static enum options_exit run(struct plan *plan)
{
    struct rw_error err = { 0 };
    if (!read_policy(plan, &err))
        return options_fail(&plan->options, plan->policy_path, &err);
    find_window(plan);
    if (plan->window.from > RW_DATE_MAX - PLAN_DAYS_MAX - 1) {
        (void)rw_error_set(&err, RW_USAGE, "", "--from is later than any calendar of ours");
        return options_fail(&plan->options, NULL, &err);
    }
    enum options_exit status = OPTIONS_GOOD;
    for (size_t i = 0; i < plan->options.argument_count; i++)
        status = options_worse(status, plan_input(plan, plan->options.arguments[i]));
    return status;
}

int main(int argc, char **argv)
{
    struct plan plan = { .days = PLAN_DAYS_DEFAULT };
    const struct options_row rows[] = {
        { "from", OPTIONS_DAY, &plan.window.from, &plan.has_from, "DATE",
          "first day of the window (default: today)", 0, 0 },
        { "days", OPTIONS_NUMBER, &plan.days, NULL, "N", "days of the window (default: 14)", 1,
          PLAN_DAYS_MAX },
        { "policy", OPTIONS_TEXT, &plan.policy_path, NULL, "FILE", "the site's settings", 0, 0 },
        { "start", OPTIONS_DAY, &plan.window.start, &plan.window.has_start, "DATE",
          "start of orders that state none", 0, 0 },
        { "text", OPTIONS_FLAG, &plan.text, NULL, NULL, "lines for a person in place of JSON", 0,
          0 },
        { 0 },
    };
    plan.options = (struct options){ .program = "rolwacht plan",
                                     .summary = "Tells what each order alone means.",
                                     .usage = "[--from DATE] [--days N] [--policy FILE] "
                                              "[--start DATE] [--text] INPUT...",
                                     .details = details,
                                     .rows = rows };
    enum options_exit status;
    if (!options_read(&plan.options, argc, argv, &status))
        return status;
    if (plan.options.argument_count == 0) {
        struct rw_error err = { 0 };
        (void)rw_error_set(&err, RW_USAGE, "", "no INPUT; see rolwacht plan --help");
        return options_fail(&plan.options, NULL, &err);
    }
    struct rw_error err = { 0 };
    if (!rw_crypto_init(&err)) /* eMediplans come in base64 and tell clients apart by a hash */
        return options_fail(&plan.options, NULL, &err);
    status = run(&plan);
    rw_zone_close(plan.zone);
    rw_arena_close(plan.settings);
    return status;
}
