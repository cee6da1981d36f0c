/* SPDX-License-Identifier: Apache-2.0 */
/* Invents signed rolls from a seed, for tests and pictures. */
#include "tests/support/sample_roll.h"

#include <stdio.h>
#include <string.h>

#include "core/base/date.h"

#define FIRST_DAY 20780 /* 2026-11-23 */
#define MOMENTS 4
#define PER_MOMENT_MAX 4
#define BAGS_MAX 256
#define REMADE 500 /* added to the counters of bags that were made again */

const uint8_t sample_roll_key[RW_HMAC_KEY_BYTES] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                     11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                     22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };

static const struct bag_content shelf[] = {
    { .product = "p01",
      .name = "METFORMINE",
      .strength = "500 mg",
      .form = "tablet",
      .look = "wit, rond, 11 mm" },
    { .product = "p02",
      .name = "AMLODIPINE",
      .strength = "5 mg",
      .form = "tablet",
      .look = "wit, achthoekig, opdruk A5" },
    { .product = "p03",
      .name = "SIMVASTATINE",
      .strength = "40 mg",
      .form = "tablet",
      .look = "roze, ovaal, opdruk SVT 40" },
    { .product = "p04",
      .name = "ACETYLSALICYLZUUR",
      .strength = "80 mg",
      .form = "tablet",
      .look = "wit, rond, opdruk M80" },
    { .product = "p05",
      .name = "PANTOPRAZOL",
      .strength = "40 mg",
      .form = "msr tablet",
      .look = "geel, ovaal",
      .warning = "NIET KAUWEN" },
    { .product = "p06",
      .name = "METOPROLOL RETARD",
      .strength = "50 mg",
      .form = "tablet",
      .look = "wit, rond, breukgleuf",
      .warning = "NIET KAUWEN" },
    { .product = "p07",
      .name = "LEVOTHYROXINE",
      .strength = "25 microgram",
      .form = "tablet",
      .look = "wit, rond, 6 mm",
      .warning = "NUCHTER" },
    { .product = "p08",
      .name = "FUROSEMIDE",
      .strength = "40 mg",
      .form = "tablet",
      .look = "wit, rond, breukgleuf" },
    { .product = "p09",
      .name = "LISINOPRIL",
      .strength = "10 mg",
      .form = "tablet",
      .look = "roze, rond, 8 mm" },
    { .product = "p10",
      .name = "OXAZEPAM",
      .strength = "10 mg",
      .form = "tablet",
      .look = "wit, rond, 7 mm" },
    { .product = "p11",
      .name = "CALCIUM/COLECALCIFEROL",
      .strength = "1,25 g/800 IE",
      .form = "kauwtablet",
      .look = "wit, rond, 16 mm" },
    { .product = "p12",
      .name = "OMEPRAZOL",
      .strength = "20 mg",
      .form = "msr capsule",
      .look = "roze en bruin" },
};

static const struct client people[] = {
    { "sample-1", "Mw. A. de Vries-Ünal", "1941-03-14" },
    { "sample-2", "Dhr. J.P. van der Meulen", "1938-10-02" },
    { "sample-3", "Mw. E.C. Zijlstra-Łukasiewicz", "1950-07-30" },
    { "sample-4", "Dhr. Ø. Castañeda", "1947-12-08" },
};

static const struct roll_outside loose_lines[] = {
    { .order = "/entry/8/resource",
      .name = "PARACETAMOL 500 mg",
      .reason = "as-needed",
      .milli = -1 },
    { .order = "/entry/9/resource",
      .name = "LATANOPROST oogdruppels",
      .reason = "not-oral",
      .milli = -1 },
};

struct bag_content sample_roll_content(struct rw_random *random)
{
    struct bag_content content = shelf[rw_random_below(random, RW_COUNT(shelf))];
    uint64_t kind = rw_random_below(random, 10);
    content.order = "/entry/1/resource";
    content.milli = kind == 0 ? 500 : kind == 1 ? 1500 : kind < 4 ? 2000 : 1000;
    return content;
}

/* What the person takes at each moment, every day the same. */
struct regimen {
    struct bag_content contents[MOMENTS][PER_MOMENT_MAX];
    size_t counts[MOMENTS];
};

static bool has_product(const struct regimen *regimen, int32_t moment, const char *product)
{
    for (size_t i = 0; i < regimen->counts[moment]; i++)
        if (strcmp(regimen->contents[moment][i].product, product) == 0)
            return true;
    return false;
}

static struct regimen choose_regimen(struct rw_random *random)
{
    static const uint64_t least[MOMENTS] = { 2, 0, 1, 1 };
    static const uint64_t spread[MOMENTS] = { 3, 2, 3, 1 };
    struct regimen regimen = { 0 };
    for (int32_t moment = 0; moment < MOMENTS; moment++) {
        uint64_t wanted = least[moment] + rw_random_below(random, spread[moment]);
        for (int32_t try = 0; try < 100 && regimen.counts[moment] < wanted; try++) {
            struct bag_content content = sample_roll_content(random);
            if (!has_product(&regimen, moment, content.product))
                regimen.contents[moment][regimen.counts[moment]++] = content;
        }
    }
    return regimen;
}

static bool sign_bag(const struct sample_roll_request *request, const struct roll *roll,
                     struct bag *bag, int32_t counter, struct rw_arena *arena, struct rw_error *err)
{
    struct tag tag = { .profile = request->profile };
    uint8_t key[RW_HMAC_KEY_BYTES];
    char code[BAG_CODE_MAX];
    (void)snprintf(tag.serial, sizeof tag.serial, "%s%03d", roll->number, counter);
    if (request->profile == TAG_GS1) {
        memcpy(tag.gtin, "09520123456788", sizeof tag.gtin);
        memcpy(tag.expiry, "261231", sizeof tag.expiry);
    }
    tag_time(bag->at, tag.time);
    tag_roll_key(sample_roll_key, roll->number, key);
    if (!tag_sign(&tag, key, code, err))
        return false;
    bag->code = rw_arena_text(arena, code, err);
    bag->serial = rw_arena_text(arena, tag.serial, err);
    return bag->code != NULL && bag->serial != NULL;
}

static bool add_doses(struct roll *roll, const struct regimen *regimen, struct rw_arena *arena,
                      struct rw_error *err)
{
    static const int32_t minutes[MOMENTS] = { 480, 720, 1080, 1320 };
    static const char *const words[MOMENTS] = { "morning", "noon", "evening", "night" };
    for (int32_t day = 0; day < roll->days; day++) {
        for (int32_t moment = 0; moment < MOMENTS; moment++) {
            size_t count = regimen->counts[moment];
            if (count == 0 || roll->bag_count + 2 > BAGS_MAX)
                continue;
            struct bag *bag = &roll->bags[roll->bag_count];
            *bag = (struct bag){ .n = (int32_t)roll->bag_count++,
                                 .kind = BAG_DOSE,
                                 .at = { { FIRST_DAY + day, minutes[moment] }, 60 },
                                 .moment = words[moment],
                                 .part = 1,
                                 .parts = 1,
                                 .use_by = "2026-12-31",
                                 .content_count = count };
            bag->contents = rw_arena_array(arena, count, sizeof *bag->contents, err);
            if (bag->contents == NULL)
                return false;
            memcpy(bag->contents, regimen->contents[moment], count * sizeof *bag->contents);
            roll->audit.packed_milli += bag_total_milli(bag);
        }
    }
    return true;
}

static bool close_roll(const struct sample_roll_request *request, struct roll *roll,
                       struct rw_arena *arena, struct rw_error *err)
{
    int32_t of = (int32_t)roll->bag_count - 1;
    roll->bags[0] = (struct bag){ .kind = BAG_HEADER, .at = roll->bags[1].at };
    roll->bags[roll->bag_count] =
        (struct bag){ .n = of + 1, .kind = BAG_TRAILER, .at = roll->bags[of].at };
    roll->bag_count++;
    roll->audit.ordered_milli = roll->audit.packed_milli;
    for (size_t i = 0; i < roll->bag_count; i++) {
        roll->bags[i].of = of;
        roll->bags[i].part = 1;
        roll->bags[i].parts = 1;
        int32_t counter = (int32_t)i + (request->remade ? REMADE : 0);
        if (!sign_bag(request, roll, &roll->bags[i], counter, arena, err))
            return false;
    }
    return true;
}

bool sample_roll_make(const struct sample_roll_request *request, struct rw_arena *arena,
                      struct roll **ret_roll, struct rw_error *err)
{
    struct rw_random random = rw_random_seeded(request->seed);
    struct roll *roll = rw_arena_alloc(arena, sizeof *roll, err);
    if (roll == NULL)
        return false;
    *roll = (struct roll){ .version = 1, .issued = "2026-11-20T09:30+01:00" };
    roll->number = rw_arena_format(arena, err, "%09llu",
                                   (unsigned long long)rw_random_below(&random, 1000000000));
    roll->client = people[rw_random_below(&random, RW_COUNT(people))];
    roll->pharmacy = (struct roll_pharmacy){ "sample", "Apotheek De Linde", "020-000 00 00" };
    roll->from = FIRST_DAY;
    roll->days = request->days;
    roll->zone = "Europe/Amsterdam";
    roll->media = "generic-70x60";
    roll->language = request->language == NULL ? "nl" : request->language;
    roll->dpi = request->dpi;
    roll->bags = rw_arena_array(arena, BAGS_MAX, sizeof *roll->bags, err);
    roll->loose = rw_arena_array(arena, RW_COUNT(loose_lines), sizeof *roll->loose, err);
    if (roll->number == NULL || roll->bags == NULL || roll->loose == NULL)
        return false;
    memcpy(roll->loose, loose_lines, sizeof loose_lines);
    roll->loose_count = RW_COUNT(loose_lines);
    roll->bag_count = 1;
    rw_diag_init(&roll->findings, arena);
    struct regimen regimen = choose_regimen(&random);
    if (!add_doses(roll, &regimen, arena, err) || !close_roll(request, roll, arena, err))
        return false;
    *ret_roll = roll;
    return true;
}
