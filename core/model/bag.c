/* SPDX-License-Identifier: Apache-2.0 */
/* One bag: its moment, its contents and its code. */
#include "core/model/bag.h"

#include "core/base/text.h"

static const char *const kind_words[BAG_KIND_COUNT] = {
    [BAG_HEADER] = "header", [BAG_DOSE] = "dose", [BAG_TRAILER] = "trailer"
};

const char *bag_kind_word(enum bag_kind kind)
{
    return kind_words[kind];
}

bool bag_kind_from_word(const char *word, enum bag_kind *ret_kind)
{
    for (int kind = 0; kind < BAG_KIND_COUNT; kind++) {
        if (rw_text_equal(word, kind_words[kind])) {
            *ret_kind = (enum bag_kind)kind;
            return true;
        }
    }
    return false;
}

int64_t bag_total_milli(const struct bag *bag)
{
    int64_t total = 0;
    for (size_t i = 0; i < bag->content_count; i++)
        total += bag->contents[i].milli;
    return total;
}

int64_t bag_pieces(const struct bag *bag)
{
    int64_t pieces = 0;
    for (size_t i = 0; i < bag->content_count; i++)
        pieces += (bag->contents[i].milli + 999) / 1000;
    return pieces;
}

int64_t bag_volume_ul(const struct bag *bag)
{
    int64_t volume = 0;
    for (size_t i = 0; i < bag->content_count; i++)
        volume += (bag->contents[i].milli + 999) / 1000 * bag->contents[i].volume_ul;
    return volume;
}
