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

#define CONFIG_WEBHOOKS_MAX 16
#define CONFIG_BYTES_MAX (64 * RW_ARENA_KIB)

/* Somebody who is told: these addresses and no others are ever called. */
struct config_webhook {
    const char *topic;   /* "alarm", "schedule", or "escalation-1" … */
    const char *url;     /* https */
    const char *ca_file; /* whom to trust there; NULL = what the system trusts */
    const uint8_t *secret;
    size_t secret_length;
};

/* Two hours, our own choice: a router that starts anew is no alarm, an evening without the
 * dispenser is. Each moment that goes by unreported is an alarm of its own, much sooner. */
#define CONFIG_SILENT_S 7200
#define CONFIG_SILENT_S_MIN                                              \
    5 /* shorter than a held question lasts, so that tests need not wait \
       */
#define CONFIG_SILENT_S_MAX 604800

#define CONFIG_ESCALATE_S 900 /* our own choice: a quarter of an hour, then the next is asked */
#define CONFIG_ESCALATE_S_MIN 2
#define CONFIG_ESCALATE_S_MAX 86400

/* All zero: nobody is told. Texts live in the arena. */
struct config {
    struct config_webhook webhooks[CONFIG_WEBHOOKS_MAX];
    size_t webhook_count;
    int64_t escalate_after_s; /* an open alarm climbs a rung each time; 0 = never */
    int64_t
        silent_after_s; /* a dispenser with bags that says nothing so long is an alarm; 0 = never */
};

/* Reads rolwacht/service/1; a member that is not known is an error with its pointer. */
RW_MUST_USE bool config_read(const char *path, struct rw_arena *arena, struct config *ret_config,
                             struct rw_error *err);

#endif
