/* SPDX-License-Identifier: Apache-2.0 */
/* The person a roll is made for. */
#include "core/model/client.h"

#include <stddef.h>

static bool is_id_char(char one)
{
    bool letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
    bool digit = one >= '0' && one <= '9';
    return letter || digit || one == '.' || one == '-' || one == '_';
}

bool client_is_id(const char *text)
{
    if (text == NULL || text[0] == '.' || text[0] == '-')
        return false;
    size_t length = 0;
    while (length < CLIENT_ID_MAX && is_id_char(text[length]))
        length++;
    return length > 0 && length < CLIENT_ID_MAX && text[length] == '\0';
}
