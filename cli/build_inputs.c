/* SPDX-License-Identifier: Apache-2.0 */
/* Reads order files and sorts their lines by client. */
#include "cli/build_inputs.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "roll-builder/intake/intake.h"

/* One line on its way to its client. */
struct placed {
    const struct order *order;
    const struct build_source *source;
    size_t index; /* in its file */
};

bool build_inputs_is_agreement(const struct order *order)
{
    return order->kind == ORDER_PLAIN || order->kind == ORDER_MA || order->kind == ORDER_WDS ||
           order->kind == ORDER_TA;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Names tell the files of one client apart; a folder is named only where it must be. */
static const char *source_name(char *const *paths, size_t count, size_t index)
{
    const char *name = base_name(paths[index]);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(paths[i], paths[index]) != 0 && strcmp(base_name(paths[i]), name) == 0)
            return paths[index];
    }
    return name;
}

static bool is_repeated(const struct build_inputs *inputs, const char *digest)
{
    for (size_t i = 0; i < inputs->source_count; i++) {
        if (strcmp(inputs->sources[i].digest, digest) == 0)
            return true;
    }
    return false;
}

static bool read_source(struct build_inputs *inputs, const struct build_source *draft,
                        const struct rw_zone *zone, const struct build_listener *listener,
                        struct rw_arena *arena, struct rw_error *err)
{
    char *bytes;
    size_t length;
    uint8_t digest[RW_SHA256_BYTES];
    struct build_source *source = &inputs->sources[inputs->source_count];
    *source = *draft;
    if (!rw_file_read(source->path, RW_FILE_INPUT_MAX, arena, &bytes, &length, err))
        return false;
    rw_sha256(bytes, length, digest);
    rw_hex_sha256(digest, source->digest);
    if (is_repeated(inputs, source->digest)) {
        listener->repeated(listener->self, source->path);
        return true;
    }
    if (!intake_read(source->name, bytes, length, zone, arena, &source->orders, err))
        return false;
    for (size_t i = 0; i < source->orders.count; i++) {
        const struct order *order = &source->orders.orders[i];
        source->nameless =
            source->nameless || (order->client.id == NULL && build_inputs_is_agreement(order));
    }
    inputs->source_count++;
    return true;
}

static bool read_sources(char *const *paths, size_t count, const struct rw_zone *zone,
                         const struct build_listener *listener, struct rw_arena *arena,
                         struct build_inputs *inputs, struct rw_error *err)
{
    struct rw_error worst = { 0 };
    inputs->sources = rw_arena_array(arena, count, sizeof *inputs->sources, err);
    if (inputs->sources == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct rw_error one = { 0 };
        const struct build_source draft = { .path = paths[i],
                                            .name = source_name(paths, count, i) };
        if (read_source(inputs, &draft, zone, listener, arena, &one))
            continue;
        listener->unreadable(listener->self, paths[i], &one);
        if (rw_error_exit_status(one.code) > rw_error_exit_status(worst.code))
            worst = one;
    }
    if (worst.code == RW_OK)
        return true;
    *err = worst;
    return false;
}

static int compare_source(const void *left, const void *right)
{
    const struct build_source *one = left;
    const struct build_source *two = right;
    return strcmp(one->digest, two->digest);
}

static int compare_placed(const void *left, const void *right)
{
    const struct placed *one = left;
    const struct placed *two = right;
    int order = strcmp(one->order->client.id, two->order->client.id);
    if (order == 0)
        order = strcmp(one->source->digest, two->source->digest);
    return order != 0 ? order : (one->index > two->index) - (one->index < two->index);
}

static size_t place_lines(const struct build_inputs *inputs, struct placed *placed)
{
    size_t count = 0;
    for (size_t i = 0; i < inputs->source_count; i++) {
        const struct build_source *source = &inputs->sources[i];
        for (size_t j = 0; j < source->orders.count; j++) {
            const struct order *order = &source->orders.orders[j];
            if (order->client.id == NULL)
                continue;
            if (placed != NULL)
                placed[count] = (struct placed){ order, source, j };
            count++;
        }
    }
    return count;
}

static bool add_client(struct build_inputs *inputs, const struct placed *placed, size_t count,
                       struct rw_arena *arena, struct rw_error *err)
{
    struct build_client *client = &inputs->clients[inputs->client_count++];
    client->id = placed[0].order->client.id;
    client->orders = rw_arena_array(arena, count, sizeof *client->orders, err);
    client->sources = rw_arena_array(arena, count, sizeof *client->sources, err);
    if (client->orders == NULL || client->sources == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        client->orders[client->order_count++] = placed[i].order;
        if (i == 0 || placed[i].source != placed[i - 1].source)
            client->sources[client->source_count++] = placed[i].source;
    }
    return true;
}

static bool sort_clients(struct build_inputs *inputs, struct rw_arena *arena, struct rw_error *err)
{
    const size_t count = place_lines(inputs, NULL);
    struct placed *placed = rw_arena_array(arena, count, sizeof *placed, err);
    inputs->clients = rw_arena_array(arena, count, sizeof *inputs->clients, err);
    if (placed == NULL || inputs->clients == NULL)
        return false;
    (void)place_lines(inputs, placed); /* the same count again */
    qsort(placed, count, sizeof *placed, compare_placed);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count; end++) {
            if (strcmp(placed[end].order->client.id, placed[start].order->client.id) != 0)
                break;
        }
        if (inputs->client_count == BUILD_CLIENTS_MAX)
            return rw_error_set(err, RW_TOO_LARGE, "", "one run builds rolls of at most %d clients",
                                BUILD_CLIENTS_MAX);
        if (!add_client(inputs, &placed[start], end - start, arena, err))
            return false;
    }
    return true;
}

bool build_inputs_read(char *const *paths, size_t count, const struct rw_zone *zone,
                       const struct build_listener *listener, struct rw_arena *arena,
                       struct build_inputs *ret_inputs, struct rw_error *err)
{
    struct build_inputs inputs = { 0 };
    if (!read_sources(paths, count, zone, listener, arena, &inputs, err))
        return false;
    qsort(inputs.sources, inputs.source_count, sizeof *inputs.sources, compare_source);
    if (!sort_clients(&inputs, arena, err))
        return false;
    *ret_inputs = inputs;
    return true;
}
