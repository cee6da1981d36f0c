/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a page's template with values; whatever it puts in is escaped. */
#include "api/template.h"

#include <stdio.h>
#include <string.h>

/* A section that is being filled, or the place where a file inside another was begun. */
struct frame {
    const struct json *scope; /* whose members its names are; NULL = nothing new */
    const struct json *next;  /* next element of its list */
    const char *body;         /* where the section begins; NULL for a file */
    const char *back;         /* where the outer file goes on */
    char name[TEMPLATE_NAME_MAX];
};

struct filling {
    const struct template_shelf *shelf;
    const struct json *values;
    struct rw_text *text;
    const char *at;
    struct frame frames[TEMPLATE_DEPTH_MAX];
    size_t depth;
};

struct mark {
    char sign; /* one of # ^ / > _ or 0 */
    char name[TEMPLATE_NAME_MAX];
    const char *after;
};

void template_escape(struct rw_text *text, const char *value)
{
    for (const char *at = value; *at; at++) {
        switch (*at) {
        case '&':
            rw_text_add(text, "&amp;");
            break;
        case '<':
            rw_text_add(text, "&lt;");
            break;
        case '>':
            rw_text_add(text, "&gt;");
            break;
        case '"':
            rw_text_add(text, "&quot;");
            break;
        case '\'':
            rw_text_add(text, "&#39;");
            break;
        default:
            rw_text_add_char(text, *at);
        }
    }
}

const char *template_word(const struct json *words, const char *word)
{
    const struct json *found = json_member(words, word);
    return found && found->kind == JSON_TEXT ? found->text : NULL;
}

static const char *find_file(const struct template_shelf *shelf, const char *name)
{
    for (const struct rw_embedded *file = shelf->files; file->name; file++) {
        if (strcmp(file->name, name) == 0)
            return file->bytes;
    }
    return NULL;
}

static bool read_mark(const char *opening, struct mark *ret_mark, struct rw_error *err)
{
    const char *name = opening + 2;
    const char *close = strstr(name, "}}");
    struct mark mark = { 0 };
    if (*name && strchr("#^/>_", *name))
        mark.sign = *name++;
    size_t length = close ? (size_t)(close - name) : 0;
    if (length == 0 || length >= TEMPLATE_NAME_MAX)
        return rw_error_set(err, RW_BUG, "", "a mark of a template has no name: %.20s", opening);
    memcpy(mark.name, name, length);
    mark.after = close + 2;
    *ret_mark = mark;
    return true;
}

/* "a.b.c" inside one value. */
static const struct json *follow(const struct json *value, const char *path)
{
    while (value && *path) { /* each round takes a step of the path */
        char step[TEMPLATE_NAME_MAX];
        size_t length = strcspn(path, ".");
        memcpy(step, path, length);
        step[length] = '\0';
        value = json_member(value, step);
        path += length + (path[length] == '.');
    }
    return value;
}

static const struct json *find(const struct filling *filling, const char *name)
{
    bool self = strcmp(name, ".") == 0;
    for (size_t i = filling->depth; i > 0; i--) {
        const struct json *scope = filling->frames[i - 1].scope;
        const struct json *found = self ? scope : follow(scope, name);
        if (found)
            return found;
    }
    return self ? filling->values : follow(filling->values, name);
}

static bool is_there(const struct json *value)
{
    if (!value)
        return false;
    switch (value->kind) {
    case JSON_BOOL:
        return value->truth;
    case JSON_NUMBER:
        return strcmp(value->text, "0") != 0;
    case JSON_TEXT:
        return value->text[0] != '\0';
    case JSON_LIST:
        return value->first != NULL;
    case JSON_OBJECT:
        return true;
    case JSON_NULL:
    case JSON_KIND_COUNT:
        break;
    }
    return false;
}

static const char *text_of(const struct json *value)
{
    if (!value)
        return "";
    if (value->kind == JSON_BOOL)
        return value->truth ? "true" : "false";
    return value->kind == JSON_TEXT || value->kind == JSON_NUMBER ? value->text : "";
}

static bool push(struct filling *filling, const struct frame *frame, struct rw_error *err)
{
    if (filling->depth == TEMPLATE_DEPTH_MAX)
        return rw_error_set(err, RW_BUG, "", "templates lie deeper than %d", TEMPLATE_DEPTH_MAX);
    filling->frames[filling->depth++] = *frame;
    return true;
}

/* To behind the end of the section whose body begins here. */
static bool skip(struct filling *filling, const struct mark *section, struct rw_error *err)
{
    const char *at = section->after;
    int open = 1;
    while ((at = strstr(at, "{{")) != NULL) { /* ends with the text */
        struct mark mark;
        if (!read_mark(at, &mark, err))
            return false;
        at = mark.after;
        if (mark.sign == '#' || mark.sign == '^')
            open++;
        else if (mark.sign == '/' && --open == 0) {
            filling->at = at;
            return true;
        }
    }
    return rw_error_set(err, RW_BUG, "", "section %s of a template has no end", section->name);
}

static bool begin_section(struct filling *filling, const struct mark *mark, struct rw_error *err)
{
    const struct json *value = find(filling, mark->name);
    if (is_there(value) == (mark->sign == '^'))
        return skip(filling, mark, err);
    struct frame frame = { .body = mark->after };
    memcpy(frame.name, mark->name, sizeof frame.name);
    if (mark->sign == '#' && value->kind == JSON_LIST) {
        frame.scope = value->first;
        frame.next = value->first->next;
    } else if (mark->sign == '#') {
        frame.scope = value; /* an object's members, or a single value as "." */
    }
    filling->at = mark->after;
    return push(filling, &frame, err);
}

static bool end_section(struct filling *filling, const struct mark *mark, struct rw_error *err)
{
    struct frame *frame = filling->depth > 0 ? &filling->frames[filling->depth - 1] : NULL;
    if (!frame || !frame->body || strcmp(frame->name, mark->name) != 0)
        return rw_error_set(err, RW_BUG, "", "section %s of a template was not begun", mark->name);
    filling->at = mark->after;
    if (!frame->next) {
        filling->depth--;
        return true;
    }
    frame->scope = frame->next;
    frame->next = frame->next->next;
    filling->at = frame->body;
    return true;
}

static bool add_word(struct filling *filling, const struct mark *mark, struct rw_error *err)
{
    const char *colon = strchr(mark->name, ':');
    char word[2 * TEMPLATE_NAME_MAX];
    filling->at = mark->after;
    if (!colon) {
        const char *text = template_word(filling->shelf->words, mark->name);
        if (!text)
            return rw_error_set(err, RW_BUG, "", "there is no text for \"%s\"", mark->name);
        template_escape(filling->text, text);
        return true;
    }
    const char *value = text_of(find(filling, colon + 1));
    int length =
        snprintf(word, sizeof word, "%.*s.%s", (int)(colon - mark->name), mark->name, value);
    const char *text = length > 0 && (size_t)length < sizeof word
                           ? template_word(filling->shelf->words, word)
                           : NULL;
    template_escape(filling->text, text ? text : value);
    return true;
}

static bool begin_file(struct filling *filling, const struct mark *mark, struct rw_error *err)
{
    const char *bytes = find_file(filling->shelf, mark->name);
    if (!bytes)
        return rw_error_set(err, RW_BUG, "", "there is no template \"%s\"", mark->name);
    const struct frame frame = { .back = mark->after };
    filling->at = bytes;
    return push(filling, &frame, err);
}

static bool take_mark(struct filling *filling, struct rw_error *err)
{
    struct mark mark;
    if (!read_mark(filling->at, &mark, err))
        return false;
    switch (mark.sign) {
    case '#':
    case '^':
        return begin_section(filling, &mark, err);
    case '/':
        return end_section(filling, &mark, err);
    case '>':
        return begin_file(filling, &mark, err);
    case '_':
        return add_word(filling, &mark, err);
    default:
        template_escape(filling->text, text_of(find(filling, mark.name)));
        filling->at = mark.after;
        return true;
    }
}

bool template_fill(const struct template_shelf *shelf, const char *file, const struct json *values,
                   struct rw_text *text, struct rw_error *err)
{
    struct filling filling = { .shelf = shelf, .values = values, .text = text };
    filling.at = find_file(shelf, file);
    if (!filling.at)
        return rw_error_set(err, RW_BUG, "", "there is no template \"%s\"", file);
    while (text->failure == RW_OK) { /* ends with the template, or with the text's ceiling */
        const char *opening = strstr(filling.at, "{{");
        if (opening) {
            rw_text_add_n(text, filling.at, (size_t)(opening - filling.at));
            filling.at = opening;
            if (!take_mark(&filling, err))
                return false;
            continue;
        }
        rw_text_add(text, filling.at);
        if (filling.depth == 0)
            return true;
        const struct frame *frame = &filling.frames[--filling.depth];
        if (frame->body)
            return rw_error_set(err, RW_BUG, "", "section %s of a template has no end",
                                frame->name);
        filling.at = frame->back;
    }
    const char *unused = NULL;
    return rw_text_finish(text, &unused, err);
}
