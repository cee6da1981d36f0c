/* SPDX-License-Identifier: Apache-2.0 */
/* Tests one-time passwords with the vectors of the RFCs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/totp.h"
#include "core/base/crypto.h"
#include "core/net/pki.h"

static const uint8_t secret[] = "12345678901234567890"; /* of both appendices */

static void hotp_gives_the_codes_of_rfc_4226(void **state)
{
    static const char *const codes[] = { "755224", "287082", "359152", "969429", "338314",
                                         "254676", "287922", "162583", "399871", "520489" };
    struct rw_error err = { 0 };
    char code[TOTP_DIGITS + 1];
    (void)state;
    for (int64_t i = 0; i < 10; i++) {
        assert_true(totp_code(secret, i, code, &err));
        assert_string_equal(code, codes[i]);
    }
}

/* Appendix B has eight digits; six are the last of them. */
static void totp_gives_the_codes_of_rfc_6238(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } vectors[] = {
        { 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
        { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
    };
    struct rw_error err = { 0 };
    char code[TOTP_DIGITS + 1];
    (void)state;
    for (size_t i = 0; i < RW_COUNT(vectors); i++) {
        assert_true(totp_code(secret, vectors[i].seconds / TOTP_STEP_S, code, &err));
        assert_string_equal(code, vectors[i].code + 2);
    }
}

static void a_code_is_good_for_its_step_and_the_ones_beside(void **state)
{
    struct rw_error err = { 0 };
    char code[TOTP_DIGITS + 1];
    int64_t found = -1;
    (void)state;
    assert_true(totp_code(secret, 1000, code, &err));
    for (int64_t now = 997; now <= 1003; now++) {
        assert_true(totp_check(secret, code, now * TOTP_STEP_S * 1000, 0, &found, &err));
        assert_int_equal(found, now >= 999 && now <= 1001 ? 1000 : 0);
    }
}

static void a_code_works_once(void **state)
{
    struct rw_error err = { 0 };
    char code[TOTP_DIGITS + 1];
    int64_t found = -1;
    const int64_t now_ms = INT64_C(1000) * TOTP_STEP_S * 1000;
    (void)state;
    assert_true(totp_code(secret, 1000, code, &err));
    assert_true(totp_check(secret, code, now_ms, 999, &found, &err));
    assert_int_equal(found, 1000);
    assert_true(totp_check(secret, code, now_ms, 1000, &found, &err));
    assert_int_equal(found, 0);
}

static void what_is_no_code_is_refused(void **state)
{
    static const char *const others[] = { "", "1", "12345", "1234567", "12345x", "75522 4" };
    struct rw_error err = { 0 };
    int64_t found = -1;
    (void)state;
    for (size_t i = 0; i < RW_COUNT(others); i++) {
        assert_true(totp_check(secret, others[i], 0, -2, &found, &err));
        assert_int_equal(found, 0);
    }
}

static void the_secret_is_written_as_rfc_4648_does(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_KIB);
    struct rw_error err = { 0 };
    const char *text = NULL;
    (void)state;
    assert_true(totp_base32(secret, arena, &text, &err));
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    rw_arena_close(arena);
}

/* Case 2 of RFC 2202. */
static void hmac_sha1_gives_the_vector_of_rfc_2202(void **state)
{
    struct rw_error err = { 0 };
    uint8_t mac[PKI_SHA1_BYTES];
    static const uint8_t wanted[] = { 0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74,
                                      0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79 };
    (void)state;
    assert_true(pki_hmac_sha1("Jefe", 4, "what do ya want for nothing?", 28, mac, &err));
    assert_memory_equal(mac, wanted, sizeof wanted);
}

static void a_password_is_known_by_its_hash(void **state)
{
    struct rw_error err = { 0 };
    char hash[RW_PASSWORD_HASH_MAX];
    (void)state;
    assert_true(rw_crypto_init(&err));
    assert_true(rw_password_hash("correct horse battery", hash, &err));
    assert_memory_equal(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31);
    assert_true(rw_password_check(hash, "correct horse battery"));
    assert_false(rw_password_check(hash, "correct horse batter"));
    assert_false(rw_password_check("", "correct horse battery"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hotp_gives_the_codes_of_rfc_4226),
        cmocka_unit_test(totp_gives_the_codes_of_rfc_6238),
        cmocka_unit_test(a_code_is_good_for_its_step_and_the_ones_beside),
        cmocka_unit_test(a_code_works_once),
        cmocka_unit_test(what_is_no_code_is_refused),
        cmocka_unit_test(the_secret_is_written_as_rfc_4648_does),
        cmocka_unit_test(hmac_sha1_gives_the_vector_of_rfc_2202),
        cmocka_unit_test(a_password_is_known_by_its_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
