/* SPDX-License-Identifier: Apache-2.0 */
/* What the service is told by its configuration file. */
#include "api/config.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"

void config_init(struct config *config)
{
    *config =
        (struct config){ .silent_after_s = CONFIG_SILENT_S,
                         .escalate_after_s = CONFIG_ESCALATE_S,
                         .give_up_after_s = CONFIG_GIVE_UP_S,
                         .severities = { [ALARM_LOW_ROLL] = ALARM_DAY, [ALARM_CLOCK] = ALARM_DAY },
                         .day = { CONFIG_DAY_FROM_HOUR, CONFIG_DAY_UNTIL_HOUR },
                         .requests_per_s = CONFIG_REQUESTS_PER_S,
                         .handshakes_per_address = CONFIG_HANDSHAKES };
}

static bool check_least(int64_t seconds, int64_t least, const char *pointer, struct rw_error *err)
{
    return seconds == 0 || seconds >= least ||
           rw_error_set(err, RW_INVALID, pointer, "it is 0 or at least %d seconds", (int)least);
}

/* The path stands in a command of the database, where nothing of it may mean something. */
static bool read_archive(const struct json *root, struct config *config, struct rw_error *err)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    if (!json_text_or(root, "wal_archive", NULL, &config->wal_archive, err) || !config->wal_archive)
        return json_member(root, "wal_archive") == NULL;
    size_t length = strlen(config->wal_archive);
    return (config->wal_archive[0] == '/' && length < CONFIG_ARCHIVE_MAX &&
            strspn(config->wal_archive, plain) == length) ||
           json_refuse(json_member(root, "wal_archive"),
                       "this is a whole path of letters, digits and / . _ -", err);
}

static bool read_times(const struct json *root, struct config *config, struct rw_error *err)
{
    return json_int_or(root, "silent_after_s", 0, CONFIG_SILENT_S_MAX, CONFIG_SILENT_S,
                       &config->silent_after_s, err) &&
           json_int_or(root, "escalate_after_s", 0, CONFIG_ESCALATE_S_MAX, CONFIG_ESCALATE_S,
                       &config->escalate_after_s, err) &&
           json_int_or(root, "give_up_after_s", 1, CONFIG_GIVE_UP_S_MAX, CONFIG_GIVE_UP_S,
                       &config->give_up_after_s, err) &&
           json_int_or(root, "supervise_s", 0, CONFIG_SUPERVISE_S_MAX, 0, &config->supervise_s,
                       err) &&
           json_int_or(root, "requests_per_s", 0, CONFIG_REQUESTS_PER_S_MAX, CONFIG_REQUESTS_PER_S,
                       &config->requests_per_s, err) &&
           json_int_or(root, "handshakes_per_address", 0, CONFIG_HANDSHAKES_MAX, CONFIG_HANDSHAKES,
                       &config->handshakes_per_address, err) &&
           check_least(config->escalate_after_s, CONFIG_ESCALATE_S_MIN, "/escalate_after_s", err) &&
           check_least(config->silent_after_s, CONFIG_SILENT_S_MIN, "/silent_after_s", err);
}

/* A test is what a person waits for: it is always told at once. */
static bool read_severities(const struct json *root, struct config *config, struct rw_error *err)
{
    const struct json *all = json_member(root, "severities");
    if (all && all->kind != JSON_OBJECT)
        return json_refuse(all, "this is an object: the type of an alarm and \"urgent\" or \"day\"",
                           err);
    for (const struct json *one = all ? all->first : NULL; one; one = one->next) {
        enum alarm_type type = ALARM_NONE;
        if (!alarm_type_from_word(one->name, &type) || type == ALARM_TEST)
            return json_refuse(one, "there is no such type of alarm to choose for", err);
        if (one->kind != JSON_TEXT ||
            !alarm_severity_from_word(one->text, &config->severities[type]))
            return json_refuse(one, "this is neither \"urgent\" nor \"day\"", err);
    }
    return true;
}

static bool read_day(const struct json *root, struct config *config, struct rw_error *err)
{
    static const char *const names[] = { "from", "until", NULL };
    const struct json *day = json_member(root, "day");
    if (!day)
        return true;
    return json_only(day, names, err) &&
           json_int32(day, "from", 0, 23, &config->day.from_hour, err) &&
           json_int32(day, "until", 1, 24, &config->day.until_hour, err) &&
           (config->day.from_hour < config->day.until_hour ||
            json_refuse(day, "the day ends before it begins", err));
}

/* Two rows of the outbox for one exit would be the same message twice. */
static bool check_new(const struct config *config, const struct config_exit *exit,
                      const struct json *node, struct rw_error *err)
{
    for (size_t i = 0; i < config->exit_count; i++) {
        if (rw_text_equal(config->exits[i].topic, exit->topic) &&
            rw_text_equal(config->exits[i].name, exit->name))
            return json_refuse(node, "the same address has this topic already", err);
    }
    return true;
}

/* A mail is as many exits as it has addresses. */
static bool read_exit(const struct json *node, enum config_kind kind, struct rw_arena *arena,
                      struct config *config, struct rw_error *err)
{
    size_t count = config_exit_count(node, kind);
    for (size_t i = 0; i < count; i++) {
        if (config->exit_count == CONFIG_EXITS_MAX)
            return json_refuse(node, "these are more than 64 webhooks, mail addresses and centres",
                               err);
        struct config_exit *exit = &config->exits[config->exit_count];
        if (!config_exit_read(node, kind, i, arena, exit, err) ||
            !check_new(config, exit, node, err))
            return false;
        config->exit_count++;
    }
    return true;
}

static bool read_exits(const struct json *root, enum config_kind kind, struct rw_arena *arena,
                       struct config *config, struct rw_error *err)
{
    static const char *const names[CONFIG_KIND_COUNT] = { "webhooks", "mails", "centres" };
    const struct json *list = json_member(root, names[kind]);
    if (list && list->kind != JSON_LIST)
        return json_refuse(list, "this is a list", err);
    for (const struct json *one = list ? list->first : NULL; one; one = one->next) {
        if (!read_exit(one, kind, arena, config, err))
            return false;
    }
    return true;
}

bool config_read(const char *path, struct rw_arena *arena, struct config *ret_config,
                 struct rw_error *err)
{
    static const char *const names[] = { "format",
                                         "webhooks",
                                         "mails",
                                         "centres",
                                         "silent_after_s",
                                         "supervise_s",
                                         "escalate_after_s",
                                         "severities",
                                         "day",
                                         "give_up_after_s",
                                         "administrations",
                                         "wal_archive",
                                         "requests_per_s",
                                         "handshakes_per_address",
                                         NULL };
    struct config config;
    char *bytes = NULL;
    size_t length = 0;
    const struct json *root = NULL;
    config_init(&config);
    if (!rw_file_read(path, CONFIG_BYTES_MAX, arena, &bytes, &length, err) ||
        !json_parse(arena, bytes, length, &root, err) ||
        !json_format_is(root, "rolwacht/service/1", err) || !json_only(root, names, err) ||
        !json_bool_or(root, "administrations", false, &config.administrations, err) ||
        !read_times(root, &config, err) || !read_severities(root, &config, err) ||
        !read_day(root, &config, err) || !read_archive(root, &config, err) ||
        !read_exits(root, CONFIG_WEBHOOK, arena, &config, err) ||
        !read_exits(root, CONFIG_MAIL, arena, &config, err) ||
        !read_exits(root, CONFIG_CENTRE, arena, &config, err))
        return false;
    *ret_config = config;
    return true;
}
