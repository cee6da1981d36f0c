/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes give an error or a tree whose members are found again. */
#include <assert.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/json/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The next node in document order; NULL after the last. */
static const struct json *following(const struct json *node)
{
    if (node->first != NULL)
        return node->first;
    while (node != NULL && node->next == NULL)
        node = node->parent;
    return node == NULL ? NULL : node->next;
}

static void check_node(const struct json *node)
{
    char pointer[JSON_POINTER_MAX];
    json_pointer(node, pointer);
    if (node->parent == NULL)
        return;
    if (node->parent->kind == JSON_OBJECT)
        assert(json_member(node->parent, node->name) == node);
    else
        assert(json_at(node->parent, node->index) == node);
    assert(node->index >= 0 && node->index < node->parent->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(8 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    if (!json_parse(arena, (const char *)bytes, length, &root, &err)) {
        assert(err.code != RW_OK && err.text[0] != '\0');
    } else {
        size_t nodes = 0;
        for (const struct json *node = root; node != NULL; node = following(node)) {
            check_node(node);
            nodes++;
            assert(nodes <= JSON_NODES_MAX);
        }
    }
    rw_arena_close(arena);
    return 0;
}
