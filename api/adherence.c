/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what became of a client's moments, and no more than was seen. */
#include "api/adherence.h"

#include "core/base/text.h"

const char *adherence_word(const struct lookups_moment *moment)
{
    if (rw_text_equal(moment->state, "released"))
        return rw_text_equal(moment->cause, "early") ? "early" : "taken_out";
    if (rw_text_equal(moment->state, "missed") || rw_text_equal(moment->state, "withheld"))
        return moment->state;
    return rw_text_equal(moment->state, "waiting") ? "not_yet" : "ended";
}

struct adherence adherence_count(const struct lookups_moment *moments, size_t count)
{
    struct adherence adherence = { 0 };
    for (size_t i = 0; i < count; i++) {
        const char *word = adherence_word(&moments[i]);
        bool early = rw_text_equal(word, "early");
        adherence.early += early;
        adherence.taken_out += early || rw_text_equal(word, "taken_out");
        adherence.missed += rw_text_equal(word, "missed");
        adherence.withheld += rw_text_equal(word, "withheld");
        adherence.not_yet += rw_text_equal(word, "not_yet");
        adherence.planned += !rw_text_equal(word, "ended");
    }
    return adherence;
}

void adherence_write(struct json_writer *json, const struct adherence *adherence)
{
    json_write_object(json, "counts");
    json_write_int(json, "planned", adherence->planned);
    json_write_int(json, "taken_out", adherence->taken_out);
    json_write_int(json, "early", adherence->early);
    json_write_int(json, "missed", adherence->missed);
    json_write_int(json, "withheld", adherence->withheld);
    json_write_int(json, "not_yet", adherence->not_yet);
    json_write_object_end(json);
}
