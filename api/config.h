/* SPDX-License-Identifier: Apache-2.0 */
/* What the service is told by its configuration file. */
#ifndef RW_API_CONFIG_H
#define RW_API_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_read.h"
#include "core/model/alarm.h"

#define CONFIG_EXITS_MAX 64  /* webhooks, addresses of mails, and centres, for each topic */
#define CONFIG_MAIL_TO_MAX 8 /* addresses of one mail: each gets its own, and is an exit */
#define CONFIG_ACCOUNTS_MAX 1000
#define CONFIG_BYTES_MAX (64 * RW_ARENA_KIB)
#define CONFIG_PASSWORD_MAX 256
#define CONFIG_ARCHIVE_MAX 512 /* bytes of a path with its NUL */

enum config_kind { CONFIG_WEBHOOK, CONFIG_MAIL, CONFIG_CENTRE, CONFIG_KIND_COUNT };

/* Which account at an alarm centre a dispenser has. */
struct config_account {
    const char *dispenser;
    const char *account;
};

/* Somebody who is told of one topic: these addresses and no others are ever called. What a kind
 * does not use is NULL or 0. */
struct config_exit {
    enum config_kind kind;
    const char *topic;   /* "alarm", "schedule", "escalation-1" … "escalation-3", "supervision" */
    const char *url;     /* https: smtp: smtps: tcp: tls: */
    const char *name;    /* the address as outbox and log name it, without secrets */
    const char *ca_file; /* whom to trust there; NULL = what the system trusts */
    const uint8_t *secret;
    size_t secret_length;
    const char *user;
    const char *password;
    const char *from;
    const char *to;
    const char *language; /* "nl" or "en" */
    const char *account;  /* of the centre, for dispensers that have none of their own */
    const char *receiver;
    const char *line;
    const struct config_account *accounts;
    size_t account_count;
};

/* Two hours, our own choice: a router that starts anew is no alarm, an evening without the
 * dispenser is. Each moment that goes by unreported is an alarm of its own, much sooner. */
#define CONFIG_SILENT_S 7200
#define CONFIG_SILENT_S_MIN 5 /* shorter than a held question lasts: tests need not wait */
#define CONFIG_SILENT_S_MAX 604800

#define CONFIG_ESCALATE_S 900 /* our own choice: a quarter of an hour, then the next is asked */
#define CONFIG_ESCALATE_S_MIN 2
#define CONFIG_ESCALATE_S_MAX 86400

/* Our own choice: from breakfast until who is at work in the evening goes home. */
#define CONFIG_DAY_FROM_HOUR 8
#define CONFIG_DAY_UNTIL_HOUR 20

#define CONFIG_GIVE_UP_S 259200 /* three days: then a person looks at it */
#define CONFIG_GIVE_UP_S_MAX 2592000

#define CONFIG_SUPERVISE_S_MAX 604800

#define CONFIG_REQUESTS_PER_S 200 /* our own choice: a device asks once a minute */
#define CONFIG_REQUESTS_PER_S_MAX 1000000

#define CONFIG_HANDSHAKES 1000 /* our own choice: a house behind one address after a power cut */
#define CONFIG_HANDSHAKES_MAX 1000000

/* All zero: nobody is told. Texts live in the arena. */
struct config {
    struct config_exit exits[CONFIG_EXITS_MAX];
    size_t exit_count;
    int64_t escalate_after_s; /* an open alarm climbs a rung each time; 0 = never */
    int64_t silent_after_s;   /* a dispenser with bags so long unheard is an alarm; 0 = never */
    int64_t give_up_after_s;  /* a message so old that still fails is set aside */
    bool administrations;   /* FHIR: what was taken out is also told as MedicationAdministration */
    int64_t supervise_s;    /* how often exits are told that we are there; 0 = never */
    int64_t requests_per_s; /* of one caller at one node; 0 = any number */
    int64_t handshakes_per_address; /* connections that have asked nothing yet; 0 = any number */
    enum alarm_severity severities[ALARM_TYPE_COUNT];
    struct alarm_day day;    /* in which alarms of the severity day are told */
    const char *wal_archive; /* where the own database puts finished WAL; NULL = nowhere */
};

/* What holds where nothing is said. */
void config_init(struct config *config);
/* Reads rolwacht/service/1; a member that is not known is an error with its pointer. */
RW_MUST_USE bool config_read(const char *path, struct rw_arena *arena, struct config *ret_config,
                             struct rw_error *err);
/* How many exits a member of "webhooks", "mails" or "centres" is: one, or as many as a mail has
 * addresses. */
size_t config_exit_count(const struct json *node, enum config_kind kind);
/* One of them. */
RW_MUST_USE bool config_exit_read(const struct json *node, enum config_kind kind, size_t which,
                                  struct rw_arena *arena, struct config_exit *ret_exit,
                                  struct rw_error *err);

#endif
