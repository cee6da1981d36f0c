/* SPDX-License-Identifier: Apache-2.0 */
/* What the service is told by its configuration file. */
#include "api/config.h"

#include <string.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/json/json_read.h"

#define SECRET_START "whsec_" /* Standard Webhooks 1.0: the rest is base64 */
#define SECRET_BYTES_MIN 24   /* the same document asks for 24 to 64 */
#define SECRET_BYTES_MAX 64

static bool read_secret(const struct json *node, struct rw_arena *arena,
                        struct config_webhook *webhook, struct rw_error *err)
{
    const char *text = NULL;
    uint8_t *bytes = NULL;
    if (!json_text(node, "secret", &text, err))
        return false;
    if (!rw_text_starts_with(text, SECRET_START) ||
        !rw_base64_decode(arena, text + strlen(SECRET_START), &bytes, &webhook->secret_length,
                          NULL) ||
        webhook->secret_length < SECRET_BYTES_MIN || webhook->secret_length > SECRET_BYTES_MAX)
        return rw_error_set(err, RW_INVALID, "/webhooks",
                            "a secret is \"" SECRET_START "\" and %d to %d bytes as base64",
                            SECRET_BYTES_MIN, SECRET_BYTES_MAX);
    webhook->secret = bytes;
    return true;
}

static bool is_topic(const char *word)
{
    static const char *const topics[] = { "alarm", "schedule", "escalation-1", "escalation-2",
                                          "escalation-3" };
    for (size_t i = 0; i < RW_COUNT(topics); i++) {
        if (rw_text_equal(word, topics[i]))
            return true;
    }
    return false;
}

static bool read_webhook(const struct json *node, struct rw_arena *arena,
                         struct config_webhook *webhook, struct rw_error *err)
{
    static const char *const names[] = { "topic", "url", "secret", "ca", NULL };
    if (!json_only(node, names, err) || !json_text(node, "topic", &webhook->topic, err) ||
        !json_text(node, "url", &webhook->url, err) ||
        !json_text_or(node, "ca", NULL, &webhook->ca_file, err) ||
        !read_secret(node, arena, webhook, err))
        return false;
    if (!is_topic(webhook->topic))
        return rw_error_set(err, RW_INVALID, "/webhooks", "\"%s\" is not a topic", webhook->topic);
    if (!rw_text_starts_with(webhook->url, "https://"))
        return rw_error_set(err, RW_INVALID, "/webhooks", "\"%s\" is no https address",
                            webhook->url);
    return true;
}

bool config_read(const char *path, struct rw_arena *arena, struct config *ret_config,
                 struct rw_error *err)
{
    static const char *const names[] = { "format", "webhooks", "silent_after_s", "escalate_after_s",
                                         NULL };
    struct config config = { 0 };
    char *bytes = NULL;
    size_t length = 0;
    const struct json *root = NULL;
    if (!rw_file_read(path, CONFIG_BYTES_MAX, arena, &bytes, &length, err) ||
        !json_parse(arena, bytes, length, &root, err) ||
        !json_format_is(root, "rolwacht/service/1", err) || !json_only(root, names, err) ||
        !json_int_or(root, "silent_after_s", 0, CONFIG_SILENT_S_MAX, CONFIG_SILENT_S,
                     &config.silent_after_s, err) ||
        !json_int_or(root, "escalate_after_s", 0, CONFIG_ESCALATE_S_MAX, CONFIG_ESCALATE_S,
                     &config.escalate_after_s, err))
        return false;
    if (config.escalate_after_s > 0 && config.escalate_after_s < CONFIG_ESCALATE_S_MIN)
        return rw_error_set(err, RW_INVALID, "/escalate_after_s", "it is 0 or at least %d seconds",
                            CONFIG_ESCALATE_S_MIN);
    if (config.silent_after_s > 0 && config.silent_after_s < CONFIG_SILENT_S_MIN)
        return rw_error_set(err, RW_INVALID, "/silent_after_s", "it is 0 or at least %d seconds",
                            CONFIG_SILENT_S_MIN);
    const struct json *list = json_member(root, "webhooks");
    if (list && (list->kind != JSON_LIST || list->count > CONFIG_WEBHOOKS_MAX))
        return rw_error_set(err, RW_INVALID, "/webhooks", "webhooks are a list of at most %d",
                            CONFIG_WEBHOOKS_MAX);
    for (const struct json *one = list ? list->first : NULL; one; one = one->next) {
        if (!read_webhook(one, arena, &config.webhooks[config.webhook_count], err))
            return false;
        config.webhook_count++;
    }
    *ret_config = config;
    return true;
}
