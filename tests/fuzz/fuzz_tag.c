/* SPDX-License-Identifier: Apache-2.0 */
/* No text that a stranger can write is a good code (REQ-012). */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/model/tag.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char code[BAG_CODE_MAX * 2] = "";
    if (length >= sizeof code)
        length = sizeof code - 1;
    if (length > 0)
        memcpy(code, bytes, length);

    struct rw_error err = { 0 };
    struct tag tag = { 0 };
    if (!tag_parse(code, &tag, &err)) {
        assert(err.code != RW_OK);
        return 0;
    }
    uint8_t key[RW_HMAC_KEY_BYTES] = "a key that stands in no corpus.";
    assert(!tag_is_good(&tag, key));

    /* Signed with the right key the same words are good, and only then. */
    char signed_code[BAG_CODE_MAX];
    struct tag signed_tag = { 0 };
    bool signed_ok = tag_sign(&tag, key, signed_code, &err);
    assert(signed_ok);
    bool parsed = tag_parse(signed_code, &signed_tag, &err);
    assert(parsed && tag_is_good(&signed_tag, key));
    key[0] ^= 1;
    assert(!tag_is_good(&signed_tag, key));
    return 0;
}
