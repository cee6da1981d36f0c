/* SPDX-License-Identifier: Apache-2.0 */
/* What all pages of the console share: words, templates, assets. */
#include "api/console.h"

#include <string.h>

#include "api/web_files.h"
#include "core/base/crypto.h"
#include "core/base/text.h"

static const struct rw_embedded *find_file(const struct rw_embedded *files, const char *name)
{
    for (; files->name; files++) {
        if (rw_text_equal(files->name, name))
            return files;
    }
    return NULL;
}

const struct rw_embedded *console_asset(const char *name)
{
    return find_file(web_assets, name);
}

static bool read_language(const char *word, struct rw_arena *arena,
                          struct console_language *ret_language, struct rw_error *err)
{
    const char *name = rw_arena_format(arena, err, "%s.json", word);
    const struct rw_embedded *file = name ? find_file(web_files, name) : NULL;
    if (!file)
        return rw_error_set(err, RW_BUG, "", "there are no words for the language %s", word);
    ret_language->word = word;
    if (!json_parse(arena, file->bytes, file->length, &ret_language->words, err))
        return false;
    ret_language->sentences.words = ret_language->words;
    name = rw_arena_format(arena, err, "sentences-%s.json", word);
    file = name ? find_file(web_files, name) : NULL;
    return !file ||
           json_parse(arena, file->bytes, file->length, &ret_language->sentences.rows, err);
}

static void write_version(char ret_version[CONSOLE_VERSION_MAX])
{
    struct rw_sha256 hash;
    uint8_t digest[RW_SHA256_BYTES];
    char hex[RW_HEX_SHA256_MAX];
    rw_sha256_begin(&hash);
    for (const struct rw_embedded *file = web_assets; file->name; file++)
        rw_sha256_add(&hash, file->bytes, file->length);
    rw_sha256_end(&hash, digest);
    rw_hex_sha256(digest, hex);
    memcpy(ret_version, hex, CONSOLE_VERSION_MAX - 1);
    ret_version[CONSOLE_VERSION_MAX - 1] = '\0';
}

bool console_open(struct rw_arena *arena, struct console **ret_console, struct rw_error *err)
{
    struct console *console = rw_arena_alloc(arena, sizeof *console, err);
    if (!console || !read_language("nl", arena, &console->languages[0], err) ||
        !read_language("en", arena, &console->languages[1], err))
        return false;
    write_version(console->version);
    console->has_script = console_asset("htmx.min.js") != NULL;
    *ret_console = console;
    return true;
}

/* "en-GB,en;q=0.9,nl;q=0.8": what stands first is liked best by every browser we know. */
static const struct console_language *liked(const struct console *console, const char *header)
{
    const struct console_language *best = &console->languages[0];
    const char *first = NULL;
    for (size_t i = 0; header && i < CONSOLE_LANGUAGES; i++) {
        const char *at = strstr(header, console->languages[i].word);
        if (at && (!first || at < first)) {
            first = at;
            best = &console->languages[i];
        }
    }
    return best;
}

const struct console_language *console_language(const struct console *console,
                                                const struct exchange *exchange)
{
    for (size_t i = 0; i < CONSOLE_LANGUAGES; i++) {
        if (rw_text_equal(console->languages[i].word, exchange->caller.language))
            return &console->languages[i];
    }
    return liked(console, exchange_header(exchange, "accept-language"));
}
