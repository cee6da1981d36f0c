/* SPDX-License-Identifier: Apache-2.0 */
/* An amount that was read exactly is written and read back the same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/model/quantity.h"

enum { FUZZ_TEXT_MAX = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char text[FUZZ_TEXT_MAX] = "";
    if (length >= sizeof text)
        length = sizeof text - 1;
    if (length > 0)
        memcpy(text, bytes, length);

    int64_t milli = 0;
    if (quantity_parse(text, &milli) != QUANTITY_EXACT)
        return 0;
    assert(milli >= -QUANTITY_MILLI_MAX && milli <= QUANTITY_MILLI_MAX);
    char written[QUANTITY_TEXT_MAX];
    int64_t again = 0;
    quantity_write(milli, written);
    enum quantity_reading reading = quantity_parse(written, &again);
    assert(reading == QUANTITY_EXACT && again == milli);
    return 0;
}
