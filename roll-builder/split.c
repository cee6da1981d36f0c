/* SPDX-License-Identifier: Apache-2.0 */
/* Divides one moment over as few bags as the policy allows. */
#include "roll-builder/split.h"

#include <assert.h>

#define MILLI_PER_PIECE 1000
#define SPLIT_CHUNKS_MAX 256 /* parts of lines that one moment is divided into */

/* One moment while it is divided. A chunk is a line's amount, or a part of it. */
struct division {
    const struct moment *moment;
    const struct split_limits *limits;
    struct bag_content chunks[SPLIT_CHUNKS_MAX];
    const struct bag_content *lines[SPLIT_CHUNKS_MAX]; /* the line of each chunk */
    size_t chunk_count;
    size_t order[SPLIT_CHUNKS_MAX];   /* chunks, the largest first */
    int32_t bag_of[SPLIT_CHUNKS_MAX]; /* bag of each chunk; -1 = none yet */
    size_t bag_count;
};

static int64_t pieces_of(int64_t milli)
{
    return (milli + MILLI_PER_PIECE - 1) / MILLI_PER_PIECE;
}

static bool add_chunk(struct division *division, const struct bag_content *content, int64_t milli,
                      struct rw_error *err)
{
    if (division->chunk_count == SPLIT_CHUNKS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, content->order,
                            "one moment would need more than %d bags", SPLIT_BAGS_MAX);
    division->bag_of[division->chunk_count] = -1;
    division->lines[division->chunk_count] = content;
    division->chunks[division->chunk_count] = *content;
    division->chunks[division->chunk_count++].milli = milli;
    return true;
}

/* Pieces of one product that a bag takes: by number and by room; at least one, so that a piece
 * larger than the bag is told as what does not fit. */
static int64_t pieces_max(const struct split_limits *limits, const struct bag_content *content)
{
    int64_t most = limits->pieces_max;
    if (limits->volume_max_ul > 0 && content->volume_ul > 0 &&
        limits->volume_max_ul / content->volume_ul < most)
        most = limits->volume_max_ul / content->volume_ul;
    return most > 0 ? most : 1;
}

/* A line with more pieces than a bag takes fills whole bags first. */
static bool cut_chunks(struct division *division, struct rw_error *err)
{
    for (size_t i = 0; i < division->moment->content_count; i++) {
        const struct bag_content *content = &division->moment->contents[i];
        const int64_t most = pieces_max(division->limits, content);
        int64_t rest = content->milli;
        for (; pieces_of(rest) > most; rest -= most * MILLI_PER_PIECE) {
            if (!add_chunk(division, content, most * MILLI_PER_PIECE, err))
                return false;
        }
        if (!add_chunk(division, content, rest, err))
            return false;
    }
    return true;
}

/* Largest first, ties in the order of the moment: insertion keeps equal ones in place. */
static void sort_chunks(struct division *division)
{
    for (size_t i = 0; i < division->chunk_count; i++) {
        size_t at = i;
        const int64_t pieces = pieces_of(division->chunks[i].milli);
        while (at > 0 && pieces_of(division->chunks[division->order[at - 1]].milli) < pieces) {
            division->order[at] = division->order[at - 1];
            at--;
        }
        division->order[at] = i;
    }
}

/* The bag as it is now, with one chunk more when `more` is one; in the order of the moment. */
static void draft_bag(const struct division *division, int32_t number, size_t more,
                      struct bag *ret_bag)
{
    const struct moment *moment = division->moment;
    struct bag_content *contents = ret_bag->contents;
    *ret_bag = (struct bag){ .kind = BAG_DOSE,
                             .at = moment->at,
                             .moment = moment->word,
                             .exact = moment->exact,
                             .use_by = moment->use_by,
                             .part = 1,
                             .parts = 1,
                             .code = "",
                             .serial = "",
                             .contents = contents };
    for (size_t i = 0; i < division->chunk_count; i++) {
        if (division->bag_of[i] == number || i == more)
            contents[ret_bag->content_count++] = division->chunks[i];
    }
}

static bool may_hold(const struct division *division, int32_t number, size_t more, bool alone,
                     bool *ret_may, struct rw_error *err)
{
    const struct split_limits *limits = division->limits;
    struct bag_content room[SPLIT_CHUNKS_MAX];
    struct bag bag = { .contents = room };
    draft_bag(division, number, more, &bag);
    *ret_may = bag_pieces(&bag) <= limits->pieces_max &&
               (limits->volume_max_ul == 0 || bag_volume_ul(&bag) <= limits->volume_max_ul) &&
               bag.content_count <= (size_t)limits->products_max &&
               bag.content_count <= BAG_CONTENTS_MAX;
    if (!*ret_may || limits->fits == NULL)
        return true;
    /* The line "part 1 of 2" takes room; more than nine parts are no wider than two digits. */
    bag.parts = alone ? 1 : SPLIT_BAGS_MAX;
    bag.part = bag.parts;
    return limits->fits->ask(limits->fits->self, limits->roll, &bag, ret_may, err);
}

/* All in one bag, if that is allowed. */
static bool try_one(struct division *division, bool *ret_done, struct rw_error *err)
{
    for (size_t i = 0; i < division->chunk_count; i++)
        division->bag_of[i] = 0;
    if (!may_hold(division, 0, SIZE_MAX, true, ret_done, err))
        return false;
    division->bag_count = 1;
    if (*ret_done)
        return true;
    for (size_t i = 0; i < division->chunk_count; i++)
        division->bag_of[i] = -1;
    division->bag_count = 0;
    return true;
}

/* First fit, the largest first. `ret_misfit` stays NULL when every chunk found a bag. */
static bool place_chunk(struct division *division, size_t chunk,
                        const struct bag_content **ret_misfit, struct rw_error *err)
{
    for (int32_t number = 0; number <= (int32_t)division->bag_count; number++) {
        bool may;
        if (number == SPLIT_BAGS_MAX)
            break;
        if (!may_hold(division, number, chunk, false, &may, err))
            return false;
        if (!may)
            continue;
        division->bag_of[chunk] = number;
        if (number == (int32_t)division->bag_count)
            division->bag_count++;
        return true;
    }
    *ret_misfit = division->lines[chunk];
    return true;
}

static bool take_bags(const struct division *division, struct rw_arena *arena,
                      struct split *ret_split, struct rw_error *err)
{
    ret_split->bags = rw_arena_array(arena, division->bag_count, sizeof *ret_split->bags, err);
    struct bag_content *contents =
        rw_arena_array(arena, division->chunk_count, sizeof *contents, err);
    if (ret_split->bags == NULL || contents == NULL)
        return false;
    for (size_t i = 0; i < division->bag_count; i++) {
        ret_split->bags[i].contents = contents;
        draft_bag(division, (int32_t)i, SIZE_MAX, &ret_split->bags[i]);
        contents += ret_split->bags[i].content_count;
    }
    ret_split->count = division->bag_count;
    return true;
}

bool split_moment(const struct moment *moment, const struct split_limits *limits,
                  struct rw_arena *arena, struct split *ret_split, struct rw_error *err)
{
    assert(limits->pieces_max > 0 && limits->products_max > 0 && moment->content_count > 0);
    struct division room; /* its lists are filled as far as they are counted */
    room.moment = moment;
    room.limits = limits;
    room.chunk_count = 0;
    room.bag_count = 0;
    struct division *division = &room;
    bool done;
    struct split split = { 0 };
    if (!cut_chunks(division, err) || !try_one(division, &done, err))
        return false;
    if (!done)
        sort_chunks(division);
    for (size_t i = 0; !done && i < division->chunk_count && split.misfit == NULL; i++) {
        if (!place_chunk(division, division->order[i], &split.misfit, err))
            return false;
    }
    if (split.misfit == NULL && !take_bags(division, arena, &split, err))
        return false;
    *ret_split = split;
    return true;
}
