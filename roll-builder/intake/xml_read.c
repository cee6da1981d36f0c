/* SPDX-License-Identifier: Apache-2.0 */
/* Reads FHIR written as XML into a tree; the door to libxml2. */
#include "roll-builder/intake/xml_read.h"

#include <limits.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "core/base/text.h"

#define FHIR_NAMESPACE "http://hl7.org/fhir"
#define XHTML_NAMESPACE "http://www.w3.org/1999/xhtml"
#define PROLOGUE_MAX 65536 /* bytes in which a document type declaration is looked for */

static bool stands_in(const xmlNode *node, const char *space)
{
    return node->ns != NULL && rw_text_equal((const char *)node->ns->href, space);
}

static bool is_upper(const char *name)
{
    return name[0] >= 'A' && name[0] <= 'Z';
}

/* Takes value, id and url; any other attribute becomes an element that FHIR does not know. */
static bool take_attributes(xmlNode *from, struct tree *to, struct rw_arena *arena,
                            struct rw_error *err)
{
    for (xmlAttr *attribute = from->properties; attribute != NULL; attribute = attribute->next) {
        if (attribute->ns != NULL)
            continue; /* xsi:schemaLocation and its like say nothing about the order */
        xmlChar *content = xmlNodeListGetString(from->doc, attribute->children, 1);
        const char *value = rw_arena_text(arena, content == NULL ? "" : (const char *)content, err);
        xmlFree(content);
        const char *name = rw_arena_text(arena, (const char *)attribute->name, err);
        if (value == NULL || name == NULL)
            return false;
        struct tree *holder = to;
        if (strcmp(name, "value") != 0)
            holder = tree_add(to, name, arena, err);
        if (holder == NULL)
            return false;
        holder->value = value;
        holder->form = TREE_ANY;
    }
    return true;
}

static bool wraps_resource(const struct tree *parent)
{
    return strcmp(parent->name, "resource") == 0 || strcmp(parent->name, "contained") == 0 ||
           strcmp(parent->name, "outcome") == 0;
}

/* One element; its tree is kept in `_private` for its children. */
static bool take_element(xmlNode *from, struct tree *parent, struct rw_arena *arena,
                         struct rw_error *err)
{
    const char *name = rw_arena_text(arena, (const char *)from->name, err);
    if (name == NULL)
        return false;
    if (stands_in(from, XHTML_NAMESPACE)) {
        struct tree *div = tree_add(parent, name, arena, err);
        if (div == NULL)
            return false;
        div->form = TREE_ANY;
        div->value = "xhtml";
        from->_private = NULL; /* what stands in it is for people */
        return true;
    }
    struct tree *to = parent;
    bool known = stands_in(from, FHIR_NAMESPACE);
    if (known && is_upper(name) && wraps_resource(parent) && parent->resource == NULL) {
        parent->resource = name;
    } else {
        to = tree_add(parent, known ? name : "element of another namespace", arena, err);
        if (to == NULL)
            return false;
    }
    from->_private = to;
    return take_attributes(from, to, arena, err);
}

static bool is_blank(const xmlChar *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (strchr(" \t\r\n", *text) == NULL)
            return false;
    }
    return true;
}

static bool take_node(xmlNode *node, struct rw_arena *arena, struct rw_error *err)
{
    struct tree *parent = node->parent->_private;
    if (node->type == XML_ELEMENT_NODE)
        return take_element(node, parent, arena, err);
    bool is_text = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
    if ((is_text && !is_blank(node->content)) || node->type == XML_ENTITY_REF_NODE)
        parent->form = TREE_LIST; /* FHIR writes values in attributes alone */
    return true;
}

/* Walks the document, parents first; no recursion. */
static bool take_document(xmlNode *root, struct tree *top, struct rw_arena *arena,
                          struct rw_error *err)
{
    int depth = 0;
    root->_private = top;
    xmlNode *node = root;
    for (;;) {
        if (node->type == XML_ELEMENT_NODE && node->_private != NULL && node->children != NULL) {
            if (++depth > XML_DEPTH_MAX) {
                return rw_error_set(err, RW_INVALID, "", "line %ld: more than %d nested elements",
                                    xmlGetLineNo(node), XML_DEPTH_MAX);
            }
            node = node->children;
        } else {
            while (node != root && node->next == NULL) {
                node = node->parent;
                depth--;
            }
            if (node == root)
                return true;
            node = node->next;
        }
        if (!take_node(node, arena, err))
            return false;
    }
}

static bool take_root(xmlNode *root, struct rw_arena *arena, struct tree **ret_root,
                      struct rw_error *err)
{
    struct tree *top = tree_add(NULL, "", arena, err);
    if (top == NULL)
        return false;
    top->from_xml = true;
    const char *name = rw_arena_text(arena, (const char *)root->name, err);
    if (name == NULL || !take_attributes(root, top, arena, err))
        return false;
    if (stands_in(root, FHIR_NAMESPACE) && is_upper(name))
        top->resource = name;
    if (!take_document(root, top, arena, err))
        return false;
    tree_number_lists(top);
    *ret_root = top;
    return true;
}

/* Before the parser sees it: a declaration may make a small file a very large one. */
static bool has_doctype(const char *bytes, size_t length)
{
    static const char mark[] = "<!DOCTYPE";
    size_t end = length < PROLOGUE_MAX ? length : PROLOGUE_MAX;
    for (size_t i = 0; i + sizeof(mark) - 1 <= end; i++) {
        if (memcmp(bytes + i, mark, sizeof(mark) - 1) == 0)
            return true;
    }
    return false;
}

/* libxml2 writes a message with a newline at its end. */
static void set_cause(const xmlError *cause, struct rw_error *err)
{
    char text[160] = "the document is not well-formed";
    if (cause != NULL && cause->message != NULL)
        (void)rw_text_copy(text, sizeof(text), cause->message); /* a long message may be cut */
    text[strcspn(text, "\r\n")] = '\0';
    (void)rw_error_set(err, RW_INVALID, "", "line %d: cannot be read as XML: %s",
                       cause == NULL ? 0 : cause->line, text);
}

bool xml_read(const char *bytes, size_t length, struct rw_arena *arena, struct tree **ret_root,
              struct rw_error *err)
{
    if (length > INT_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "the document is larger than 2 GiB");
    if (has_doctype(bytes, length))
        return rw_error_set(err, RW_INVALID, "", "a document type declaration is not accepted");
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (parser == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for an XML parser");
    xmlDoc *document = xmlCtxtReadMemory(parser, bytes, (int)length, NULL, NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    bool done = false;
    if (document == NULL)
        set_cause(xmlCtxtGetLastError(parser), err);
    else if (document->intSubset != NULL)
        (void)rw_error_set(err, RW_INVALID, "", "a document type declaration is not accepted");
    else
        done = take_root(xmlDocGetRootElement(document), arena, ret_root, err);
    xmlFreeDoc(document);
    xmlFreeParserCtxt(parser);
    return done;
}
