/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which keys a schedule may be signed with, over changes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/base/text.h"
#include "core/json/schedule_json.h"
#include "core/json/schedule_keys.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define BEGIN_MS (INT64_C(1764000000) * 1000)
#define KEYS 3

/* Three keys that follow each other day after day, and what a stranger has. */
struct chain {
    struct rw_arena *arena;
    uint8_t secrets[KEYS][RW_SIGN_SECRET_BYTES];
    struct keyring keys;
    uint8_t stranger[RW_SIGN_SECRET_BYTES];
};

static void name(struct keyring_key *key, const uint8_t secret[RW_SIGN_SECRET_BYTES])
{
    memcpy(key->public_key, secret + RW_SIGN_SECRET_BYTES - RW_SIGN_PUBLIC_BYTES,
           RW_SIGN_PUBLIC_BYTES);
    jws_kid(key->public_key, key->kid);
}

static int make(void **state)
{
    static struct chain chain;
    struct rw_error err = { 0 };
    uint8_t ignored[RW_SIGN_PUBLIC_BYTES];
    chain = (struct chain){ .arena = rw_arena_open(4 * RW_ARENA_MIB) };
    *state = &chain;
    if (!chain.arena || !rw_crypto_init(&err))
        return -1;
    rw_sign_keypair(ignored, chain.stranger);
    for (size_t i = 0; i < KEYS; i++) {
        struct keyring_key *key = &chain.keys.keys[i];
        rw_sign_keypair(ignored, chain.secrets[i]);
        name(key, chain.secrets[i]);
        key->from_ms = BEGIN_MS + (int64_t)i * DAY_MS;
        if (i > 0) {
            chain.keys.keys[i - 1].until_ms = key->from_ms;
            if (!keyring_introduce(&schedule_keys_kind, chain.secrets[i - 1], key, chain.arena,
                                   &err))
                return -1;
        }
    }
    chain.keys.count = KEYS;
    return 0;
}

static int release(void **state)
{
    rw_arena_close(((struct chain *)*state)->arena);
    return 0;
}

static bool is_taken(const struct chain *chain, const struct keyring *keys,
                     const uint8_t secret[RW_SIGN_SECRET_BYTES], int64_t at_ms)
{
    struct rw_error err = { 0 };
    const char *bytes;
    const char *payload;
    size_t length;
    assert_true(jws_sign("{}", 2, SCHEDULE_JSON_TYP, secret, chain->arena, &bytes, &length, &err));
    bool taken =
        schedule_keys_check(keys, bytes, length, at_ms, chain->arena, &payload, &length, &err);
    assert_int_equal(taken, err.code == RW_OK);
    return taken;
}

static const struct json *listed(const struct chain *chain, const struct keyring *keys)
{
    struct rw_error err = { 0 };
    struct rw_text text;
    struct json_writer json;
    const char *bytes;
    const struct json *root;
    rw_text_init(&text, chain->arena, 64 * RW_ARENA_KIB);
    json_write_init(&json, &text);
    keyring_write(&schedule_keys_kind, keys, NULL, &json);
    assert_true(rw_text_finish(&text, &bytes, &err));
    assert_true(json_parse(chain->arena, bytes, text.length, &root, &err));
    return root;
}

static void the_key_before_is_taken_for_the_overlap_and_no_longer(void **state)
{
    const struct chain *chain = *state;
    int64_t over_ms = chain->keys.keys[0].until_ms + SCHEDULE_KEYS_OVERLAP_MS;
    assert_true(is_taken(chain, &chain->keys, chain->secrets[0], over_ms - 1));
    assert_false(is_taken(chain, &chain->keys, chain->secrets[0], over_ms));
    assert_true(is_taken(chain, &chain->keys, chain->secrets[0], 0)); /* what was kept long ago */
    assert_true(is_taken(chain, &chain->keys, chain->secrets[2], over_ms));
    assert_false(is_taken(chain, &chain->keys, chain->stranger, 0));
}

static void who_was_away_over_two_changes_follows_the_chain(void **state)
{
    const struct chain *chain = *state;
    struct rw_error err = { 0 };
    struct keyring known = { .count = 1 };
    bool more = false;
    name(&known.keys[0], chain->secrets[0]);
    assert_false(is_taken(chain, &known, chain->secrets[2], BEGIN_MS));
    assert_true(
        schedule_keys_follow(&known, listed(chain, &chain->keys), chain->arena, &more, &err));
    assert_true(more);
    assert_int_equal(known.count, KEYS);
    assert_true(is_taken(chain, &known, chain->secrets[2], BEGIN_MS));
    assert_true(known.keys[0].until_ms > 0);
    assert_true(
        schedule_keys_follow(&known, listed(chain, &chain->keys), chain->arena, &more, &err));
    assert_false(more);
}

/* A stranger can make a list, even one that introduces the key that is known, and gains nothing. */
static void a_list_of_strangers_is_refused(void **state)
{
    const struct chain *chain = *state;
    struct rw_error err = { 0 };
    struct keyring known = { .count = 1 };
    struct keyring lie = { .count = 2 };
    bool more = false;
    name(&known.keys[0], chain->secrets[0]);
    name(&lie.keys[0], chain->stranger);
    lie.keys[0].until_ms = BEGIN_MS;
    name(&lie.keys[1], chain->secrets[0]);
    lie.keys[1].from_ms = BEGIN_MS;
    assert_true(
        keyring_introduce(&schedule_keys_kind, chain->stranger, &lie.keys[1], chain->arena, &err));
    assert_true(schedule_keys_follow(&known, listed(chain, &lie), chain->arena, &more, &err));
    assert_false(more);
    assert_false(is_taken(chain, &known, chain->stranger, 0));

    name(&lie.keys[0], chain->secrets[0]);
    name(&lie.keys[1], chain->stranger);
    assert_true(
        keyring_introduce(&schedule_keys_kind, chain->stranger, &lie.keys[1], chain->arena, &err));
    assert_false(schedule_keys_follow(&known, listed(chain, &lie), chain->arena, &more, &err));
    assert_int_equal(known.count, 1);

    err = (struct rw_error){ 0 };
    lie.count = 1;
    name(&lie.keys[0], chain->stranger);
    assert_false(schedule_keys_follow(&known, listed(chain, &lie), chain->arena, &more, &err));
    assert_string_equal(err.at, "/keys");
}

/* The key of the journal signs no schedules: a list of another kind is none. */
static void a_list_of_another_kind_is_refused(void **state)
{
    const struct chain *chain = *state;
    static const struct keyring_kind other = { "rolwacht/journal-keys/1", "rolwacht/journal-key/1",
                                               "rolwacht-journal-key+json" };
    struct rw_error err = { 0 };
    struct keyring keys;
    assert_false(keyring_take(&other, listed(chain, &chain->keys), chain->arena, &keys, &err));
    assert_string_equal(err.at, "/format");
}

static void a_full_ring_lets_the_oldest_go(void **state)
{
    const struct chain *chain = *state;
    struct rw_error err = { 0 };
    struct keyring known = { .count = KEYRING_KEYS_MAX };
    bool more = false;
    name(&known.keys[KEYRING_KEYS_MAX - 1], chain->secrets[0]);
    assert_true(
        schedule_keys_follow(&known, listed(chain, &chain->keys), chain->arena, &more, &err));
    assert_int_equal(known.count, KEYRING_KEYS_MAX);
    assert_true(is_taken(chain, &known, chain->secrets[0], BEGIN_MS));
    assert_true(is_taken(chain, &known, chain->secrets[2], BEGIN_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_before_is_taken_for_the_overlap_and_no_longer),
        cmocka_unit_test(who_was_away_over_two_changes_follows_the_chain),
        cmocka_unit_test(a_list_of_strangers_is_refused),
        cmocka_unit_test(a_list_of_another_kind_is_refused),
        cmocka_unit_test(a_full_ring_lets_the_oldest_go),
    };
    return cmocka_run_group_tests(tests, make, release);
}
