/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a Data Matrix back with libdmtx, the peer of our writer. */
#include "tests/support/dmtx_reader.h"

#include <string.h>

#include <dmtx.h>

#define FNC1_CODEWORD 232 /* ISO/IEC 16022: first position = GS1 */
#define FNC1_BYTE 29      /* without this property libdmtx drops every FNC1 silently */
#define TIMEOUT_MS 20000

static bool decode_region(DmtxDecode *decode, DmtxRegion *region, struct dmtx_reading *ret_reading)
{
    DmtxMessage *message = dmtxDecodeMatrixRegion(decode, region, DmtxUndefined);
    if (message == NULL)
        return false;
    struct dmtx_reading reading = { .gs1 = message->code[0] == FNC1_CODEWORD };
    reading.modules = dmtxGetSymbolAttribute(DmtxSymAttribSymbolRows, region->sizeIdx);
    size_t skip = reading.gs1 ? 1 : 0;
    size_t length = (size_t)message->outputIdx - skip;
    bool good = length < sizeof reading.bytes;
    if (good) {
        memcpy(reading.bytes, message->output + skip, length);
        reading.length = length;
        *ret_reading = reading;
    }
    dmtxMessageDestroy(&message);
    return good;
}

bool dmtx_reader_read(const struct picture *picture, struct dmtx_reading *ret_reading)
{
    DmtxImage *image =
        dmtxImageCreate(picture->pixels, picture->width, picture->height, DmtxPack8bppK);
    DmtxDecode *decode = dmtxDecodeCreate(image, 1);
    DmtxTime timeout = dmtxTimeAdd(dmtxTimeNow(), TIMEOUT_MS);
    (void)dmtxDecodeSetProp(decode, DmtxPropFnc1, FNC1_BYTE); /* both names exist in 0.7.7 */
    (void)dmtxDecodeSetProp(decode, DmtxPropSymbolSize, DmtxSymbolSquareAuto);
    bool found = false;
    DmtxRegion *region = NULL;
    while (!found && (region = dmtxRegionFindNext(decode, &timeout)) != NULL) {
        found = decode_region(decode, region, ret_reading);
        dmtxRegionDestroy(&region);
    }
    dmtxDecodeDestroy(&decode);
    dmtxImageDestroy(&image);
    return found;
}
