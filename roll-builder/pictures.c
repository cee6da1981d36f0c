/* SPDX-License-Identifier: Apache-2.0 */
/* Finds pictures of products, and films, that no longer count. */
#include "roll-builder/pictures.h"

#include "core/base/date.h"
#include "core/base/text.h"

static void check_picture(const struct line *line, const struct policy *policy, int32_t day,
                          struct rw_diag *diag)
{
    const struct product_picture *picture = &line->product->picture;
    char until[RW_DATE_TEXT_MAX];
    if (picture->file == NULL) {
        if (policy->pictures_required)
            rw_diag_add(diag, "D45", "picture-missing", RW_BLOCKS, line->label,
                        "the policy asks for a picture of each product, and the table has none");
        return;
    }
    if (!rw_text_equal_nocase(picture->look, line->product->look))
        rw_diag_add(diag, "D43", "picture-of-another-look", RW_BLOCKS, line->label,
                    "the picture shows \"%.64s\", the product is \"%.64s\" now; take a new one",
                    picture->look, line->product->look);
    if (picture->until >= day)
        return;
    rw_date_write(picture->until, until);
    rw_diag_add(diag, "D45", "picture-expired", RW_BLOCKS, line->label,
                "the picture of this product counts until %s; take a new one", until);
}

void pictures_check(const struct line *lines, size_t count, const struct policy *policy,
                    const struct window *window, struct rw_diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].destination == ORDER_TO_ROLL && lines[i].kept > 0)
            check_picture(&lines[i], policy, window->from, diag);
    }
}

void pictures_check_media(const struct media *media, const struct window *window,
                          struct rw_diag *diag)
{
    char until[RW_DATE_TEXT_MAX];
    if (media->until == 0 || media->until >= window->from)
        return;
    rw_date_write(media->until, until);
    rw_diag_add(diag, "D45", "film-expired", RW_BLOCKS, "",
                "the measures of this film count until %s; measure it again", until);
}
