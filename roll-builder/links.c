/* SPDX-License-Identifier: Apache-2.0 */
/* Which agreement another one means by a link. */
#include "roll-builder/links.h"

#include <string.h>

#include "core/base/text.h"

/* Does a link (a full identifier or a reference) mean this order? */
bool links_mean(const char *link, const struct order *order)
{
    if (link == NULL)
        return false;
    if (order->full_id != NULL && strcmp(link, order->full_id) == 0)
        return true;
    if (order->id == NULL || order->id[0] == '\0')
        return false;
    if (rw_text_starts_with(link, "urn:uuid:"))
        return strcmp(link + strlen("urn:uuid:"), order->id) == 0;
    if (link[0] == '#')
        return strcmp(link + 1, order->id) == 0;
    if (!rw_text_ends_with(link, order->id) || order->resource == NULL)
        return false;
    /* "MedicationRequest/17", whatever server stands before it. */
    size_t head = strlen(link) - strlen(order->id);
    size_t type = strlen(order->resource);
    if (head < type + 1 || link[head - 1] != '/')
        return false;
    const char *start = link + head - 1 - type;
    return strncmp(start, order->resource, type) == 0 && (start == link || start[-1] == '/');
}

bool links_lead(const struct order *order, const struct order *target)
{
    if (order == target)
        return false;
    for (size_t i = 0; i < order->link_count; i++) {
        if (links_mean(order->links[i], target))
            return true;
    }
    return false;
}

bool links_are_versions(const struct order *left, const struct order *right)
{
    if (left->kind != right->kind)
        return false;
    if (left->full_id != NULL && right->full_id != NULL)
        return strcmp(left->full_id, right->full_id) == 0;
    if (left->id == NULL || left->source == NULL || left->resource == NULL ||
        !rw_text_equal(left->source, right->source) ||
        !rw_text_equal(left->resource, right->resource))
        return false;
    return rw_text_equal(left->id, right->id) && strstr(left->pointer, "/contained/") == NULL &&
           strstr(right->pointer, "/contained/") == NULL;
}

bool links_share_treatment(const struct order *left, const struct order *right)
{
    return left->treatment != NULL && rw_text_equal(left->treatment, right->treatment);
}
