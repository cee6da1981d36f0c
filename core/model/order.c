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
