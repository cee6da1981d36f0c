/* SPDX-License-Identifier: Apache-2.0 */
/* Watches the order of the bags as they were seen. */
#include "verifier/sequence.h"

#include <stdlib.h>

/* The film as one row of things, repeats of overlapping frames taken out. */
struct film {
    struct sequence_sighting *things;
    size_t count;
    struct sequence_finding *findings;
    size_t bag_count;
};

static size_t codes_in_frame(const struct sequence_sighting *sightings, size_t count, int32_t frame)
{
    size_t codes = 0;
    for (size_t i = 0; i < count; i++)
        codes += sightings[i].frame == frame &&
                 (sightings[i].bag >= 0 || sightings[i].bag == SEQUENCE_STRANGER);
    return codes;
}

/* Is the sighting the same bag that the frame before showed? Frames overlap only where both show
 * more than one bag between them, strange ones too, or one shows a part of it beside a bag of its
 * own that cannot be read; a frame of one bag shown twice is a bag twice.
 */
static bool is_overlap(const struct sequence_sighting *sightings, size_t count, size_t at)
{
    int32_t frame = sightings[at].frame;
    bool before = false;
    bool whole = false; /* its own frame was before */
    for (size_t i = 0; i < at; i++) {
        bool same = sightings[i].bag == sightings[at].bag;
        before = before || (same && sightings[i].frame == frame - 1);
        whole = whole || (same && !sightings[i].part);
    }
    size_t codes =
        codes_in_frame(sightings, count, frame) + codes_in_frame(sightings, count, frame - 1);
    return before && (codes > 2 || sightings[at].part || !whole);
}

static bool is_in_frame_before(const struct sequence_sighting *sightings, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (sightings[i].frame == sightings[at].frame && sightings[i].bag == sightings[at].bag)
            return true;
    return false;
}

/* Was a frame taken for another bag, that cannot be read, of whose neighbour it shows a part? That
 * neighbour has a frame of its own right before or behind. */
static bool is_beside_unreadable(const struct sequence_sighting *sightings, size_t count, size_t at,
                                 int32_t other_frame)
{
    bool has_own = false;
    for (size_t i = 0; i < count; i++)
        has_own = has_own || (sightings[i].frame == other_frame &&
                              sightings[i].bag == sightings[at].bag && !sightings[i].part);
    return sightings[at].part && has_own &&
           codes_in_frame(sightings, count, sightings[at].frame) == 1;
}

static void lay_unreadable(struct film *film, int32_t frame)
{
    film->things[film->count++] =
        (struct sequence_sighting){ .frame = frame, .bag = SEQUENCE_UNREADABLE };
}

/* Lays the sightings in a row: each bag once, at its first sighting. */
static void lay_out(struct film *film, const struct sequence_sighting *sightings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int32_t bag = sightings[i].bag;
        int32_t frame = sightings[i].frame;
        if (bag >= 0) {
            struct sequence_finding *finding = &film->findings[bag];
            bool known = finding->frame >= 0;
            if (known && (is_in_frame_before(sightings, i) || !is_overlap(sightings, count, i)))
                finding->twice = true;
            finding->beside = finding->beside || sightings[i].turned;
            if (is_beside_unreadable(sightings, count, i, known ? frame - 1 : frame + 1))
                lay_unreadable(film, frame);
            if (known)
                continue;
            finding->frame = frame;
        }
        film->things[film->count++] = sightings[i];
    }
}

/* How much more often numbers rise than fall from thing to thing; over film that was not followed
 * only if `across`. */
static int count_rises(const struct film *film, bool across)
{
    int rises = 0;
    int32_t last = -1;
    for (size_t i = 0; i < film->count; i++) {
        int32_t bag = film->things[i].bag;
        if (bag == SEQUENCE_UNSEEN && !across)
            last = -1;
        if (bag < 0)
            continue;
        if (last >= 0)
            rises += bag > last ? 1 : -1;
        last = bag;
    }
    return rises;
}

/* Turns a film that ran backwards round; false where nothing tells which way it ran. */
static bool turn_round(struct film *film)
{
    int rises = count_rises(film, false);
    if (rises == 0)
        rises = count_rises(film, true);
    for (size_t i = 0; rises < 0 && i < film->count / 2; i++) {
        struct sequence_sighting kept = film->things[i];
        film->things[i] = film->things[film->count - 1 - i];
        film->things[film->count - 1 - i] = kept;
    }
    return rises != 0;
}

/* Print beyond the outermost code of the whole film is a bag that cannot be read, where it is known
 * which way the film ran; elsewhere its code was read in another frame. */
static void settle_print(struct film *film, bool is_known)
{
    struct sequence_sighting *things = film->things;
    size_t first = 0;
    size_t end = film->count;
    size_t kept = 0;

    while (first < end && things[first].bag == SEQUENCE_PRINT)
        first++;
    while (end > first && things[end - 1].bag == SEQUENCE_PRINT)
        end--;
    bool at_start = is_known && first > 0 && things[first].bag >= 0;
    bool at_end = is_known && end < film->count && things[end - 1].bag >= 0;
    int32_t frame_end = at_end ? things[end].frame : -1;
    if (at_start)
        things[kept++].bag = SEQUENCE_UNREADABLE;
    for (size_t i = first; i < end; i++)
        if (things[i].bag != SEQUENCE_PRINT)
            things[kept++] = things[i];
    film->count = kept;
    if (at_end)
        lay_unreadable(film, frame_end);
}

/* Film that was followed without a break. */
struct stretch {
    size_t start;
    size_t count;
    size_t at;      /* among the stretches, as they were seen */
    int32_t lowest; /* of its bags; of one without a bag, that of the one before */
};

static int by_lowest(const void *left, const void *right)
{
    const struct stretch *first = left;
    const struct stretch *second = right;
    if (first->lowest != second->lowest)
        return first->lowest < second->lowest ? -1 : 1;
    return (first->at > second->at) - (first->at < second->at);
}

static size_t find_stretches(const struct film *film, struct stretch *stretches)
{
    size_t count = 1;
    int32_t before = -1;
    stretches[0] = (struct stretch){ .lowest = -1 };
    for (size_t i = 0; i < film->count; i++) {
        struct stretch *last = &stretches[count - 1];
        int32_t bag = film->things[i].bag;
        if (bag == SEQUENCE_UNSEEN) {
            before = last->lowest;
            stretches[count] = (struct stretch){ .start = i + 1, .at = count, .lowest = before };
            count++;
            continue;
        }
        if (bag >= 0 && (last->lowest == before || bag < last->lowest))
            last->lowest = bag;
        last->count++;
    }
    return count;
}

/* Where film was not followed, which stretch comes first is not known for certain: they are put in
 * the order of the plan, and no bag of one that was seen elsewhere is in its place for certain. */
static bool put_in_order(struct film *film, struct rw_arena *arena, struct rw_error *err)
{
    struct stretch *stretches = rw_arena_array(arena, film->count + 1, sizeof *stretches, err);
    struct sequence_sighting *things = rw_arena_array(arena, film->count + 1, sizeof *things, err);
    size_t laid = 0;

    if (stretches == NULL || things == NULL)
        return false;
    size_t count = find_stretches(film, stretches);
    qsort(stretches, count, sizeof *stretches, by_lowest);
    for (size_t i = 0; i < count; i++) {
        const struct stretch *stretch = &stretches[i];
        if (i > 0)
            things[laid++] = (struct sequence_sighting){ .bag = SEQUENCE_UNSEEN };
        for (size_t k = 0; k < stretch->count; k++) {
            things[laid] = film->things[stretch->start + k];
            if (stretch->at != i && things[laid].bag >= 0)
                film->findings[things[laid].bag].beside = true;
            laid++;
        }
    }
    film->things = things;
    return true;
}

/* Marks the bags that are not part of the longest rising row. */
static bool mark_order(const struct film *film, struct rw_arena *arena, struct rw_error *err)
{
    size_t *length = rw_arena_array(arena, film->count + 1, sizeof *length, err);
    size_t *before = rw_arena_array(arena, film->count + 1, sizeof *before, err);
    size_t best = film->count;

    if (length == NULL || before == NULL)
        return false;
    for (size_t i = 0; i < film->count; i++) {
        if (film->things[i].bag < 0)
            continue;
        film->findings[film->things[i].bag].out_of_order = true;
        length[i] = 1;
        before[i] = film->count;
        for (size_t k = 0; k < i; k++)
            if (film->things[k].bag >= 0 && film->things[k].bag < film->things[i].bag &&
                length[k] + 1 > length[i]) {
                length[i] = length[k] + 1;
                before[i] = k;
            }
        if (best == film->count || length[i] > length[best])
            best = i;
    }
    for (size_t i = best; i < film->count; i = before[i])
        film->findings[film->things[i].bag].out_of_order = false;
    return true;
}

/* Two neighbours that changed places are both wrong. */
static void mark_swaps(const struct film *film)
{
    for (size_t i = 0; i + 1 < film->count; i++) {
        int32_t first = film->things[i].bag;
        int32_t second = film->things[i + 1].bag;
        if (first >= 0 && second >= 0 && first == second + 1) {
            film->findings[first].out_of_order = true;
            film->findings[second].out_of_order = true;
        }
    }
}

/* What lies between two bags that follow each other among those that were read; -1 and the number
 * of bags are the film's ends. */
struct between {
    int32_t first;
    int32_t second;
    size_t others;      /* strangers, and what is unreadable */
    int32_t unreadable; /* the frame of one such thing; -1 = none */
    bool unseen;
};

/* An unreadable thing that takes no missing bag's place may be a second one of either bag beside
 * it, or a bag that changed places with one of them: neither is in its place for certain. */
static void explain_between(const struct film *film, const struct between *between)
{
    int32_t bag_count = (int32_t)film->bag_count;
    int32_t room = between->second - between->first - 1;
    size_t missing = room > 0 ? (size_t)room : 0;
    bool at_start = between->first < 0;
    bool at_end = between->second == bag_count;
    bool surplus = between->unreadable >= 0 && between->others > missing;

    /* Before the first bag and behind the last may lie empty film, but where a bag is missing next
     * to that one. */
    if (at_start)
        surplus = surplus && between->second + 1 < bag_count &&
                  film->findings[between->second + 1].missing;
    if (at_end)
        surplus = surplus && between->first > 0 && film->findings[between->first - 1].missing;
    if (surplus || (between->unseen && missing == 0 && !at_start && !at_end)) {
        if (!at_start)
            film->findings[between->first].beside = true;
        if (!at_end)
            film->findings[between->second].beside = true;
    }
    for (int32_t bag = between->first + 1; bag < between->second; bag++) {
        struct sequence_finding *finding = &film->findings[bag];
        if (!finding->missing)
            continue;
        finding->gap = between->others == 0 && !between->unseen && !at_start && !at_end;
        finding->unreadable =
            between->others == missing && between->unreadable >= 0 && !between->unseen;
        finding->frame = finding->unreadable ? between->unreadable : -1;
    }
}

/* What lies where a missing bag should be, and what lies where nothing should. */
static void explain_missing(const struct film *film)
{
    struct between between = { .first = -1, .unreadable = -1 };
    for (size_t i = 0; i <= film->count; i++) {
        const struct sequence_sighting *thing = &film->things[i];
        if (i < film->count && thing->bag < 0) {
            if (thing->bag == SEQUENCE_UNREADABLE)
                between.unreadable = thing->frame;
            between.unseen = between.unseen || thing->bag == SEQUENCE_UNSEEN;
            between.others += thing->bag != SEQUENCE_UNSEEN;
            continue;
        }
        between.second = i < film->count ? thing->bag : (int32_t)film->bag_count;
        explain_between(film, &between);
        between = (struct between){ .first = between.second, .unreadable = -1 };
    }
}

bool sequence_check(const struct sequence_sighting *sightings, size_t count, size_t bag_count,
                    struct rw_arena *arena, struct sequence_finding *ret_findings,
                    struct rw_error *err)
{
    struct film film = { .findings = ret_findings, .bag_count = bag_count };

    if (count > SEQUENCE_SIGHTINGS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d symbols were seen",
                            SEQUENCE_SIGHTINGS_MAX);
    film.things = rw_arena_array(arena, 2 * count + 1, sizeof *film.things, err);
    if (film.things == NULL)
        return false;
    for (size_t i = 0; i < bag_count; i++)
        ret_findings[i] = (struct sequence_finding){ .frame = -1 };
    lay_out(&film, sightings, count);
    for (size_t i = 0; i < bag_count; i++)
        ret_findings[i].missing = ret_findings[i].frame < 0;
    settle_print(&film, turn_round(&film));
    if (!put_in_order(&film, arena, err) || !mark_order(&film, arena, err))
        return false;
    mark_swaps(&film);
    explain_missing(&film);
    return true;
}
