/* SPDX-License-Identifier: Apache-2.0 */
/* The pharmacy's own settings: moments, bag rules, who it is. */
#ifndef RW_ROLL_BUILDER_POLICY_H
#define RW_ROLL_BUILDER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/json/json_sheet.h"
#include "roll-builder/daytimes.h"

#define POLICY_WHEN_MAX 32       /* extra when-codes that the site maps */
#define POLICY_HOURS_MAX 8       /* every-n-hours tables */
#define POLICY_CLIENTS_MAX 20000 /* clients with moments of their own */

/* A when- or timing code that the site maps to a moment, e.g. "HS" -> night. */
struct policy_when {
    const char *code;
    enum daytimes_moment moment;
};
/* "Every 8 hours" as times of the day. */
struct policy_hours {
    int32_t hours;
    int32_t minutes[24];
    size_t count;
};

/* A client whose moments are other ones. */
struct policy_client {
    const char *client;
    struct daytimes daytimes;
};

/* Texts are borrowed. Times are minutes of the day. */
struct policy {
    struct daytimes daytimes;
    struct policy_client *clients; /* by id */
    size_t client_count;
    struct policy_when when[POLICY_WHEN_MAX];
    size_t when_count;
    struct policy_hours hours[POLICY_HOURS_MAX];
    size_t hours_count;
    int32_t merge_window_min; /* 0 = a time of its own is its own bag */
    bool pack_by_default;     /* a TA without the GDS flag goes to the roll */
    bool pack_wds;
    bool pictures_required;     /* each product in a roll has a picture for the line (D45) */
    const char *zone_name;      /* "Europe/Amsterdam" */
    const struct rw_zone *zone; /* opened by the caller, not owned */
    const char *pharmacy_id;
    const char *pharmacy_name;
    const char *pharmacy_phone;
    const char *gtin;     /* NULL = code profile internal */
    const char *language; /* "nl" or "en" */
    int32_t dpi;
    const char *media;     /* name of the media profile */
    int32_t roll_days_max; /* D28 */
    int32_t roll_ends_on;  /* weekday of a roll's last day, 1 = Monday (D28); 0 = any */
    int32_t use_by_days;   /* days out of the pack when the product says nothing (D36) */
    int32_t pieces_max;    /* of one bag; 0 = the media's */
    int32_t products_max;  /* of one bag; 0 = the media's */
    int32_t alarm_after_min;
};

/* The defaults of docs/DOSING.md and an unnamed pharmacy. */
void policy_init(struct policy *policy);
/* Reads rolwacht/policy/1. Members that are absent keep their default; one that is not known is an
 * error with its pointer. `zone` stays as it was. */
RW_MUST_USE bool policy_read(const char *bytes, size_t length, struct rw_arena *arena,
                             struct policy *ret_policy, struct rw_error *err);
/* The same for a person who wants to hear of every fault: they are in the sheet. */
void policy_check(const char *bytes, size_t length, struct json_sheet *sheet,
                  struct policy *policy);
/* The moments of one client: its own, or those of the site. */
const struct daytimes *policy_daytimes(const struct policy *policy, const char *client);

#endif
