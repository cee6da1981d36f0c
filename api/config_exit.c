/* SPDX-License-Identifier: Apache-2.0 */
/* Reads whom the service tells: webhooks, mails and alarm centres. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/stat.h>

#include "api/config.h"
#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/model/dc09.h"
#include "core/net/courier.h"
#include "core/net/pki.h"

#define SECRET_START "whsec_" /* Standard Webhooks 1.0: the rest is base64 */
#define SECRET_BYTES_MIN 24   /* the same document asks for 24 to 64 */
#define SECRET_BYTES_MAX 64
#define ADDRESS_MAX 254 /* of a mailbox (RFC 5321 section 4.5.3.1.3, less the brackets) */

static bool read_secret(const struct json *node, struct rw_arena *arena, struct config_exit *exit,
                        struct rw_error *err)
{
    const char *text = NULL;
    uint8_t *bytes = NULL;
    if (!json_text(node, "secret", &text, err))
        return false;
    if (!rw_text_starts_with(text, SECRET_START) ||
        !rw_base64_decode(arena, text + strlen(SECRET_START), &bytes, &exit->secret_length, NULL) ||
        exit->secret_length < SECRET_BYTES_MIN || exit->secret_length > SECRET_BYTES_MAX)
        return json_refuse(json_member(node, "secret"),
                           "a secret is \"" SECRET_START "\" and 24 to 64 bytes as base64", err);
    exit->secret = bytes;
    return true;
}

/* What stands in an address stands in the log and the outbox too. */
static bool has_password(const char *url)
{
    const char *host = strstr(url, "://");
    size_t length = host ? strcspn(host + 3, "/?#") : 0;
    return host && memchr(host + 3, '@', length) != NULL;
}

/* What is wrong with it would else be found at the first alarm. */
static bool check_ca(const struct json *node, const struct config_exit *exit,
                     struct rw_arena *arena, struct rw_error *err)
{
    char *pem = NULL;
    size_t length = 0;
    int64_t from_ms = 0;
    int64_t until_ms = 0;
    struct rw_error fault = { 0 };
    if (!exit->ca_file)
        return true;
    if (!rw_file_read(exit->ca_file, CONFIG_BYTES_MAX, arena, &pem, &length, &fault))
        return json_refuse(json_member(node, "ca"), fault.text, err);
    return pki_times(pem, &from_ms, &until_ms, &fault) ||
           json_refuse(json_member(node, "ca"), "this file holds no certificate in PEM", err);
}

static bool read_webhook(const struct json *node, struct rw_arena *arena, struct config_exit *exit,
                         struct rw_error *err)
{
    static const char *const names[] = { "topic", "url", "secret", "ca", NULL };
    if (!json_only(node, names, err) || !read_secret(node, arena, exit, err))
        return false;
    if (!rw_text_starts_with(exit->url, "https://"))
        return json_refuse(json_member(node, "url"), "this is no https address", err);
    exit->name = exit->url;
    return true;
}

/* Bytes that could end a command or a line of a head never stand in an address. */
static bool is_mailbox(const char *text)
{
    const char *at = strchr(text, '@');
    if (!at || at == text || at[1] == '\0' || strlen(text) > ADDRESS_MAX)
        return false;
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~' || strchr("<>\"(),;:\\", *text))
            return false;
    }
    return !strchr(at + 1, '@');
}

static bool read_to(const struct json *node, size_t which, struct config_exit *exit,
                    struct rw_error *err)
{
    const struct json *list = NULL;
    size_t count = 0;
    if (!json_list(node, "to", &list, err))
        return false;
    for (const struct json *one = list->first; one; one = one->next, count++) {
        if (count == CONFIG_MAIL_TO_MAX)
            return json_refuse(one, "a mail goes to 8 addresses at most", err);
        if (one->kind != JSON_TEXT || !is_mailbox(one->text))
            return json_refuse(one, "this is no mail address", err);
        if (count == which)
            exit->to = one->text;
    }
    return exit->to || json_refuse(list, "somebody must get the mail", err);
}

/* A password that others may read is none; it stands in no argument and no environment. */
static bool read_password(const struct json *node, struct rw_arena *arena, struct config_exit *exit,
                          struct rw_error *err)
{
    const char *path = NULL;
    char *bytes = NULL;
    size_t length = 0;
    struct stat seen;
    struct rw_error fault = { 0 };
    if (!json_text_or(node, "user", NULL, &exit->user, err) ||
        !json_text_or(node, "password_file", NULL, &path, err))
        return false;
    if (!exit->user != !path)
        return json_refuse(node, "user and password_file go together", err);
    if (!path)
        return true;
    if (stat(path, &seen) == 0 && (seen.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return json_refuse(json_member(node, "password_file"),
                           "others may read this file: give it mode 0600", err);
    if (!rw_file_read(path, CONFIG_PASSWORD_MAX, arena, &bytes, &length, &fault))
        return json_refuse(json_member(node, "password_file"), fault.text, err);
    bytes[strcspn(bytes, "\r\n")] = '\0';
    exit->password = bytes;
    return bytes[0] != '\0' ||
           json_refuse(json_member(node, "password_file"), "there is no password in it", err);
}

static bool read_mail(const struct json *node, struct rw_arena *arena, struct config_exit *exit,
                      struct rw_error *err)
{
    static const char *const names[] = { "topic", "url",           "from",     "to", "user",
                                         "ca",    "password_file", "language", NULL };
    if (!json_only(node, names, err) || !json_text(node, "from", &exit->from, err) ||
        !json_text_or(node, "language", "nl", &exit->language, err) ||
        !read_password(node, arena, exit, err))
        return false;
    if (!courier_is_post(exit->url))
        return json_refuse(json_member(node, "url"), "this is no smtp or smtps address", err);
    if (!is_mailbox(exit->from))
        return json_refuse(json_member(node, "from"), "this is no mail address", err);
    if (!rw_text_equal(exit->language, "nl") && !rw_text_equal(exit->language, "en"))
        return json_refuse(json_member(node, "language"), "this is neither nl nor en", err);
    exit->name = rw_arena_format(arena, err, "mailto:%s", exit->to);
    return exit->name != NULL;
}

static bool read_accounts(const struct json *node, struct rw_arena *arena, struct config_exit *exit,
                          struct rw_error *err)
{
    const struct json *all = json_member(node, "accounts");
    if (!all)
        return true;
    if (all->kind != JSON_OBJECT || all->count > CONFIG_ACCOUNTS_MAX)
        return json_refuse(all, "accounts are an object of at most 1000", err);
    struct config_account *list = rw_arena_array(arena, (size_t)all->count, sizeof *list, err);
    if (!list)
        return false;
    for (const struct json *one = all->first; one; one = one->next) {
        if (one->kind != JSON_TEXT || !dc09_is_account(one->text))
            return json_refuse(one, "an account is 3 to 16 hex digits in capitals", err);
        list[exit->account_count++] =
            (struct config_account){ .dispenser = one->name, .account = one->text };
    }
    exit->accounts = list;
    return true;
}

/* There is no port that alarm centres have in common. */
static bool has_port(const char *url)
{
    const char *port = strrchr(url, ':') + 1;
    return port[0] != '\0' && port[strspn(port, "0123456789")] == '\0';
}

static bool read_centre(const struct json *node, struct rw_arena *arena, struct config_exit *exit,
                        struct rw_error *err)
{
    static const char *const names[] = { "topic",    "url",  "account",  "ca",
                                         "receiver", "line", "accounts", NULL };
    if (!json_only(node, names, err) || !json_text(node, "account", &exit->account, err) ||
        !json_text_or(node, "receiver", "0", &exit->receiver, err) ||
        !json_text_or(node, "line", "0", &exit->line, err) ||
        !read_accounts(node, arena, exit, err))
        return false;
    if (!courier_is_line(exit->url))
        return json_refuse(json_member(node, "url"), "this is no tcp or tls address", err);
    if (!has_port(exit->url))
        return json_refuse(json_member(node, "url"), "the address ends with a port, as in :12000",
                           err);
    if (!dc09_is_account(exit->account))
        return json_refuse(json_member(node, "account"),
                           "an account is 3 to 16 hex digits in capitals", err);
    if (!dc09_is_line(exit->receiver) || !dc09_is_line(exit->line))
        return json_refuse(node, "receiver and line are 1 to 6 hex digits in capitals", err);
    exit->name = exit->url;
    return true;
}

/* Only a webhook is told of schedules: there is nothing in them for a person or a centre. */
static bool is_topic(const char *word, enum config_kind kind)
{
    static const char *const topics[] = { "alarm",        "escalation-1", "escalation-2",
                                          "escalation-3", "supervision",  "schedule" };
    size_t count = RW_COUNT(topics) - (kind == CONFIG_WEBHOOK ? 0 : 1);
    for (size_t i = 0; i < count; i++) {
        if (rw_text_equal(word, topics[i]))
            return true;
    }
    return false;
}

size_t config_exit_count(const struct json *node, enum config_kind kind)
{
    const struct json *to = json_member(node, "to");
    bool several = kind == CONFIG_MAIL && to && to->kind == JSON_LIST && to->count > 0;
    return several ? (size_t)to->count : 1;
}

bool config_exit_read(const struct json *node, enum config_kind kind, size_t which,
                      struct rw_arena *arena, struct config_exit *ret_exit, struct rw_error *err)
{
    static bool (*const readers[CONFIG_KIND_COUNT])(const struct json *, struct rw_arena *,
                                                    struct config_exit *, struct rw_error *) = {
        [CONFIG_WEBHOOK] = read_webhook,
        [CONFIG_MAIL] = read_mail,
        [CONFIG_CENTRE] = read_centre,
    };
    struct config_exit exit = { .kind = kind };
    if (!json_text(node, "topic", &exit.topic, err) || !json_text(node, "url", &exit.url, err) ||
        !json_text_or(node, "ca", NULL, &exit.ca_file, err) ||
        (kind == CONFIG_MAIL && !read_to(node, which, &exit, err)) ||
        !readers[kind](node, arena, &exit, err))
        return false;
    if (has_password(exit.url))
        return json_refuse(json_member(node, "url"),
                           "an address holds no name and no password: others may read it", err);
    if (!check_ca(node, &exit, arena, err))
        return false;
    if (!is_topic(exit.topic, kind))
        return json_refuse(json_member(node, "topic"), "this is not a topic of this list", err);
    *ret_exit = exit;
    return true;
}
