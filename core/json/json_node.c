/* SPDX-License-Identifier: Apache-2.0 */
/* Finds members of a parsed document and asks for their type. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"

#define JSON_STEP_MAX (JSON_POINTER_MAX * 2) /* a member name with every byte escaped */

const struct json *json_member(const struct json *node, const char *name)
{
    if (node == NULL || node->kind != JSON_OBJECT)
        return NULL;
    for (const struct json *child = node->first; child != NULL; child = child->next) {
        if (rw_text_equal(child->name, name))
            return child;
    }
    return NULL;
}

const struct json *json_at(const struct json *node, int32_t index)
{
    if (node == NULL || index < 0)
        return NULL;
    const struct json *child = node->first;
    while (child != NULL && child->index < index)
        child = child->next;
    return child;
}

/* "/name" with '~' and '/' escaped as RFC 6901 asks; cut at a character when it is too long. */
static void add_step(char pointer[JSON_POINTER_MAX], const char *name)
{
    char step[JSON_STEP_MAX] = "/";
    size_t length = 1;
    for (size_t i = 0; name[i] != '\0' && length < sizeof step - 3; i++) {
        if (name[i] == '~' || name[i] == '/') {
            step[length++] = '~';
            step[length++] = name[i] == '~' ? '0' : '1';
        } else {
            step[length++] = name[i];
        }
    }
    step[length] = '\0';
    size_t used = strlen(pointer);
    (void)rw_text_copy(pointer + used, JSON_POINTER_MAX - used, step); /* a cut is expected */
}

void json_pointer(const struct json *node, char ret_pointer[JSON_POINTER_MAX])
{
    const struct json *way[JSON_DEPTH_MAX + 1];
    size_t depth = 0;
    for (; node != NULL && node->parent != NULL; node = node->parent) {
        assert(depth <= JSON_DEPTH_MAX);
        way[depth++] = node;
    }
    ret_pointer[0] = '\0';
    while (depth > 0) {
        node = way[--depth];
        char index[16];
        (void)snprintf(index, sizeof index, "%d", (int)node->index);
        add_step(ret_pointer, node->name != NULL ? node->name : index);
    }
}

bool json_refuse(const struct json *node, const char *sentence, struct rw_error *err)
{
    char pointer[JSON_POINTER_MAX];
    json_pointer(node, pointer);
    return rw_error_set(err, RW_INVALID, pointer, "%s", sentence);
}

static bool wrong(const struct json *node, const char *name, const char *must_be,
                  struct rw_error *err)
{
    char pointer[JSON_POINTER_MAX];
    json_pointer(node, pointer);
    bool there = json_member(node, name) != NULL;
    add_step(pointer, name);
    if (there)
        return rw_error_set(err, RW_INVALID, pointer, "\"%s\" must be %s", name, must_be);
    return rw_error_set(err, RW_INVALID, pointer, "\"%s\" is missing; it must be %s", name,
                        must_be);
}

static bool is_absent(const struct json *member)
{
    return member == NULL || member->kind == JSON_NULL;
}

static bool take(const struct json *node, const char *name, enum json_kind kind,
                 const char *must_be, const struct json **ret_member, struct rw_error *err)
{
    const struct json *member = json_member(node, name);
    if (member == NULL || member->kind != kind)
        return wrong(node, name, must_be, err);
    *ret_member = member;
    return true;
}

bool json_text(const struct json *node, const char *name, const char **ret_text,
               struct rw_error *err)
{
    const struct json *member = NULL;
    if (!take(node, name, JSON_TEXT, "a text", &member, err))
        return false;
    *ret_text = member->text;
    return true;
}

bool json_text_or(const struct json *node, const char *name, const char *fallback,
                  const char **ret_text, struct rw_error *err)
{
    const struct json *member = json_member(node, name);
    if (!is_absent(member) && member->kind != JSON_TEXT)
        return json_text(node, name, ret_text, err); /* says what is wrong */
    *ret_text = is_absent(member) ? fallback : member->text;
    return true;
}

bool json_int(const struct json *node, const char *name, int64_t min, int64_t max,
              int64_t *ret_number, struct rw_error *err)
{
    const struct json *member = json_member(node, name);
    if (member != NULL && member->kind == JSON_NUMBER &&
        rw_text_to_int(member->text, min, max, ret_number))
        return true;
    char must_be[80];
    (void)snprintf(must_be, sizeof must_be, "a whole number from %lld to %lld", (long long)min,
                   (long long)max);
    return wrong(node, name, must_be, err);
}

bool json_int32(const struct json *node, const char *name, int32_t min, int32_t max,
                int32_t *ret_number, struct rw_error *err)
{
    int64_t number;
    if (!json_int(node, name, min, max, &number, err))
        return false;
    *ret_number = (int32_t)number;
    return true;
}

bool json_int_or(const struct json *node, const char *name, int64_t min, int64_t max,
                 int64_t fallback, int64_t *ret_number, struct rw_error *err)
{
    if (!is_absent(json_member(node, name)))
        return json_int(node, name, min, max, ret_number, err);
    *ret_number = fallback;
    return true;
}

bool json_bool_or(const struct json *node, const char *name, bool fallback, bool *ret_truth,
                  struct rw_error *err)
{
    const struct json *member = NULL;
    if (!is_absent(json_member(node, name)) &&
        !take(node, name, JSON_BOOL, "true or false", &member, err))
        return false;
    *ret_truth = member != NULL ? member->truth : fallback;
    return true;
}

bool json_list(const struct json *node, const char *name, const struct json **ret_list,
               struct rw_error *err)
{
    return take(node, name, JSON_LIST, "a list", ret_list, err);
}

bool json_object(const struct json *node, const char *name, const struct json **ret_object,
                 struct rw_error *err)
{
    return take(node, name, JSON_OBJECT, "an object", ret_object, err);
}

bool json_format_is(const struct json *root, const char *format, struct rw_error *err)
{
    const char *written;
    if (root == NULL || root->kind != JSON_OBJECT)
        return rw_error_set(err, RW_INVALID, "", "the document must be an object with \"format\"");
    if (!json_text(root, "format", &written, err))
        return false;
    if (strcmp(written, format) != 0)
        return rw_error_set(err, RW_INVALID, "/format", "the format is \"%.64s\", not \"%s\"",
                            written, format);
    return true;
}

bool json_only(const struct json *node, const char *const *names, struct rw_error *err)
{
    if (node == NULL || node->kind != JSON_OBJECT)
        return rw_error_set(err, RW_INVALID, "", "an object is expected");
    for (const struct json *child = node->first; child != NULL; child = child->next) {
        const char *const *name = names;
        while (*name != NULL && !rw_text_equal(*name, child->name))
            name++;
        if (*name == NULL) {
            char pointer[JSON_POINTER_MAX];
            json_pointer(child, pointer);
            return rw_error_set(err, RW_INVALID, pointer, "\"%.64s\" has no meaning here",
                                child->name);
        }
    }
    return true;
}
