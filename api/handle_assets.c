/* SPDX-License-Identifier: Apache-2.0 */
/* Styles, scripts and the icon of the console. */
#include "api/console.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/text.h"

struct kind {
    const char *end;
    const char *type;
};
static const struct kind kinds[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
};

void handle_assets_get(struct service *service, struct exchange *exchange)
{
    const struct rw_embedded *asset = console_asset(exchange->args[0]);
    const char *version = exchange_query(exchange, "v");
    const char *type = NULL;
    struct rw_error err = { 0 };
    for (size_t i = 0; i < RW_COUNT(kinds); i++) {
        if (rw_text_ends_with(exchange->args[0], kinds[i].end))
            type = kinds[i].type;
    }
    if (!asset || !type) {
        (void)rw_error_set(&err, RW_NOT_FOUND, "", "there is nothing at this address");
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, type, asset->bytes, asset->length);
    if (rw_text_equal(version, service->console->version))
        exchange->reply.cache = "public, max-age=31536000, immutable";
}
