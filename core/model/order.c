/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what an order line is and where it goes. */
#include "core/model/order.h"

const char *order_destination_word(enum order_destination destination)
{
    switch (destination) {
    case ORDER_TO_ROLL:
        return "roll";
    case ORDER_TO_LOOSE:
        return "loose";
    case ORDER_EXCLUDED:
    case ORDER_DESTINATION_COUNT:
        break;
    }
    return "excluded";
}

const char *order_kind_word(enum order_kind kind)
{
    static const char *const words[ORDER_KIND_COUNT] = {
        [ORDER_OTHER] = "other", [ORDER_PLAIN] = "plain", [ORDER_MA] = "MA",  [ORDER_WDS] = "WDS",
        [ORDER_TA] = "TA",       [ORDER_VV] = "VV",       [ORDER_MVE] = "MVE"
    };
    return kind < ORDER_KIND_COUNT ? words[kind] : words[ORDER_OTHER];
}
