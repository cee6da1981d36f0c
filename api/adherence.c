/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what became of a client's moments, and no more than was seen. */
#include "api/adherence.h"

#include "core/base/text.h"

const char *adherence_word(const struct lookups_moment *moment)
{
    if (rw_text_equal(moment->state, "released")) {
        if (moment->taken_ms > 0 && moment->taken_ms < moment->leaves_ms &&
            !rw_text_equal(moment->cause, "manual"))
            return "too_early";
        return rw_text_equal(moment->cause, "early") ? "early" : "taken_out";
    }
    if (rw_text_equal(moment->state, "missed") || rw_text_equal(moment->state, "withheld"))
        return moment->state;
    return rw_text_equal(moment->state, "waiting") ? "not_yet" : "ended";
}

/* What the bags of one moment say together: it was taken out when all of them were. */
static void count_moment(const struct adherence *bags, struct adherence *adherence)
{
    adherence->planned += bags->planned > 0;
    if (bags->missed > 0)
        adherence->missed++;
    else if (bags->not_yet > 0)
        adherence->not_yet++;
    else if (bags->withheld > 0)
        adherence->withheld++;
    else if (bags->taken_out > 0) {
        adherence->taken_out++;
        adherence->early += bags->early > 0;
        adherence->too_early += bags->too_early > 0;
    }
}

struct adherence adherence_count(const struct lookups_moment *moments, size_t count)
{
    struct adherence adherence = { 0 };
    struct adherence bags = { 0 };
    for (size_t i = 0; i < count; i++) {
        const char *word = adherence_word(&moments[i]);
        const bool too_early = rw_text_equal(word, "too_early");
        const bool early = too_early || rw_text_equal(word, "early");
        bags.too_early += too_early;
        bags.early += early;
        bags.taken_out += early || rw_text_equal(word, "taken_out");
        bags.missed += rw_text_equal(word, "missed");
        bags.withheld += rw_text_equal(word, "withheld");
        bags.not_yet += rw_text_equal(word, "not_yet");
        bags.planned += !rw_text_equal(word, "ended");
        if (i + 1 < count && rw_text_equal(moments[i + 1].at, moments[i].at))
            continue;
        count_moment(&bags, &adherence);
        bags = (struct adherence){ 0 };
    }
    return adherence;
}

void adherence_write(struct json_writer *json, const struct adherence *adherence)
{
    json_write_object(json, "counts");
    json_write_int(json, "planned", adherence->planned);
    json_write_int(json, "taken_out", adherence->taken_out);
    json_write_int(json, "early", adherence->early);
    json_write_int(json, "too_early", adherence->too_early);
    json_write_int(json, "missed", adherence->missed);
    json_write_int(json, "withheld", adherence->withheld);
    json_write_int(json, "not_yet", adherence->not_yet);
    json_write_object_end(json);
}
