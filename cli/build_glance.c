/* SPDX-License-Identifier: Apache-2.0 */
/* What one file says of its clients, as bytes that processes exchange. */
#include "cli/build_glance.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"

bool build_glance_is_agreement(const struct order *order)
{
    return order->kind == ORDER_PLAIN || order->kind == ORDER_MA || order->kind == ORDER_WDS ||
           order->kind == ORDER_TA;
}

static void note_order(const struct order *order, struct build_glance *glance)
{
    const char *client = order->client.id;
    if (client == NULL && build_glance_is_agreement(order))
        glance->strays[glance->stray_count++] = (struct build_stray){ order->pointer, order->id };
    if (client != NULL && (glance->client_count == 0 ||
                           strcmp(glance->clients[glance->client_count - 1], client) != 0))
        glance->clients[glance->client_count++] = client;
}

bool build_glance_make(const char *bytes, size_t length, const struct order_list *orders,
                       struct rw_arena *arena, struct build_glance *ret_glance,
                       struct rw_error *err)
{
    uint8_t digest[RW_SHA256_BYTES];
    struct build_glance glance = { .apart = ret_glance->apart };
    glance.clients = rw_arena_array(arena, orders->count, sizeof *glance.clients, err);
    glance.strays = rw_arena_array(arena, orders->count, sizeof *glance.strays, err);
    if (glance.clients == NULL || glance.strays == NULL)
        return false;
    rw_sha256(bytes, length, digest);
    rw_hex_sha256(digest, glance.digest);
    glance.check = rw_text_hash(bytes, length);
    for (size_t i = 0; i < orders->count; i++)
        note_order(&orders->orders[i], &glance);
    glance.apart = glance.apart || glance.client_count > 1;
    *ret_glance = glance;
    return true;
}

/* A piece is the struct, whose pointers mean nothing, then its texts: of each client its id, of
 * each stray its pointer and its id, an absent one being "-" and a given one "+" and itself. */
bool build_glance_pack(const struct build_glance *glance, struct rw_arena *arena,
                       struct build_piece *ret_piece, struct rw_error *err)
{
    struct rw_text text;
    const char *bytes;
    rw_text_init(&text, arena, BUILD_CREW_BYTES_MAX);
    rw_text_add_n(&text, (const char *)glance, sizeof *glance);
    for (size_t i = 0; i < glance->client_count; i++)
        rw_text_add_n(&text, glance->clients[i], strlen(glance->clients[i]) + 1);
    for (size_t i = 0; i < glance->stray_count; i++) {
        const struct build_stray *stray = &glance->strays[i];
        rw_text_add_n(&text, stray->pointer, strlen(stray->pointer) + 1);
        rw_text_add_char(&text, stray->id != NULL ? '+' : '-');
        if (stray->id != NULL)
            rw_text_add(&text, stray->id);
        rw_text_add_char(&text, '\0');
    }
    if (!rw_text_finish(&text, &bytes, err))
        return false;
    *ret_piece = (struct build_piece){ bytes, text.length };
    return true;
}

static const char *next_text(const char **at)
{
    const char *text = *at;
    *at += strlen(text) + 1;
    return text;
}

bool build_glance_unpack(const struct build_piece *piece, struct rw_arena *arena,
                         struct build_glance *ret_glance, struct rw_error *err)
{
    struct build_glance glance;
    memcpy(&glance, piece->bytes, sizeof glance);
    const char *at = piece->bytes + sizeof glance;
    glance.clients = rw_arena_array(arena, glance.client_count, sizeof *glance.clients, err);
    glance.strays = rw_arena_array(arena, glance.stray_count, sizeof *glance.strays, err);
    if (glance.clients == NULL || glance.strays == NULL)
        return false;
    for (size_t i = 0; i < glance.client_count; i++)
        glance.clients[i] = next_text(&at);
    for (size_t i = 0; i < glance.stray_count; i++) {
        glance.strays[i].pointer = next_text(&at);
        const char *id = next_text(&at);
        glance.strays[i].id = id[0] == '+' ? id + 1 : NULL;
    }
    assert(at == piece->bytes + piece->length);
    *ret_glance = glance;
    return true;
}
