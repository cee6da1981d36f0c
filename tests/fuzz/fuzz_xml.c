/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes give an error or a tree whose walk comes to its end. */
#include <assert.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "roll-builder/intake/xml_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_node(const struct tree *node)
{
    char pointer[TREE_POINTER_MAX];
    tree_pointer(node, pointer);
    assert(node->parent == NULL || tree_child(node->parent, node->name) != NULL);
    assert((node->first == NULL) == (node->last == NULL));
    assert(node->last == NULL || node->last->next == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct tree *root = NULL;
    const bool done = xml_read((const char *)bytes, length, arena, &root, &err);
    assert(done == (err.code == RW_OK) && done == (root != NULL));
    if (done)
        tree_number_lists(root);
    size_t nodes = 0;
    for (const struct tree *node = root; node != NULL; node = tree_walk(root, node)) {
        check_node(node);
        nodes++;
        assert(nodes <= length); /* no element is written in less than a byte */
    }
    rw_arena_close(arena);
    return 0;
}
