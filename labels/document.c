/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a PDF: pages of one size, fonts embedded. */
#include "labels/document.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/json/gzip.h"

#define PAGE_ARENA_MAX (16 * RW_ARENA_MIB) /* also of what is compressed */
#define OBJECTS_MAX (2 * DOCUMENT_PAGES_MAX + 8 * DOCUMENT_PAGE_FONTS_MAX)
#define MORE_MAX 64 /* bytes of what stands beside the length of a stream */
#define DATE_MAX 32
#define STEM_VERTICAL 80 /* asked for by the format; readers take it for fonts they lack */

/* The first objects have fixed numbers; pages and fonts follow. */
enum { CATALOG = 1, PAGE_TREE, DETAILS, RESOURCES, FIXED_COUNT = RESOURCES };
/* The objects of one font, counted from the first. */
enum { FONT, DESCENDANT, DESCRIPTOR, FONT_FILE, TO_UNICODE };

static bool make_document(struct document *document, struct rw_error *err)
{
    document->offsets = rw_arena_array(document->arena, FIXED_COUNT, sizeof(size_t), err);
    if (document->offsets == NULL)
        return false;
    document->object_count = FIXED_COUNT;
    document->object_room = FIXED_COUNT;
    document->page.arena = rw_arena_open(PAGE_ARENA_MAX);
    if (document->page.arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a document");
    document_page_empty(&document->page);
    rw_text_init(&document->file, document->arena, DOCUMENT_BYTES_MAX);
    /* Four bytes that are no text: who sends the file on does not touch its line ends. */
    rw_text_add(&document->file, "%PDF-1.5\n%\xE2\xE3\xCF\xD3\n");
    return true;
}

bool document_open(const struct canvas *canvas, const struct document_paper *paper,
                   struct rw_arena *arena, struct document **ret_document, struct rw_error *err)
{
    struct document *document = rw_arena_alloc(arena, sizeof *document, err);
    if (document == NULL)
        return false;
    *document = (struct document){ .paper = *paper,
                                   .arena = arena,
                                   .page = { .canvas = canvas,
                                             .document_arena = arena,
                                             .fonts = document->fonts,
                                             .height_um = paper->height_um } };
    if (!make_document(document, err))
        return false;
    *ret_document = document;
    return true;
}

void document_close(struct document *document)
{
    if (document == NULL)
        return;
    for (size_t i = 0; i < DOCUMENT_PAGE_FONTS_MAX; i++)
        document_font_close(document->fonts[i]);
    rw_arena_close(document->page.arena);
}

static void begin_object(struct document *document, size_t number)
{
    document->offsets[number - 1] = document->file.length;
    rw_text_format(&document->file, "%zu 0 obj\n", number);
}

static bool add_object(struct document *document, struct rw_error *err)
{
    if (!rw_arena_grow(document->arena, &document->offsets, &document->object_room,
                       document->object_count, sizeof *document->offsets, OBJECTS_MAX, err))
        return false;
    document->object_count++;
    begin_object(document, document->object_count);
    return true;
}

/* `more` stands in the dictionary beside length and filter. */
static bool add_stream(struct document *document, const char *more, const char *bytes,
                       size_t length, struct rw_error *err)
{
    uint8_t *packed = NULL;
    size_t packed_length = 0;
    if (!add_object(document, err) ||
        !gzip_pack_zlib(bytes, length, document->page.arena, &packed, &packed_length, err))
        return false;
    rw_text_format(&document->file, "<<%s/Filter/FlateDecode/Length %zu>>\nstream\n", more,
                   packed_length);
    rw_text_add_n(&document->file, (const char *)packed, packed_length);
    rw_text_add(&document->file, "\nendstream\nendobj\n");
    return true;
}

/* A page is two objects that follow each other, the first page's behind the fixed ones. */
bool document_end_page(struct document *document, struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    if (document->page_count == DOCUMENT_PAGES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a document has at most %d pages",
                            DOCUMENT_PAGES_MAX);
    if (!document_page_finish(&document->page, &bytes, &length, err) || !add_object(document, err))
        return false;
    rw_text_format(&document->file, "<</Type/Page/Parent %d 0 R/Contents %zu 0 R>>\nendobj\n",
                   PAGE_TREE, document->object_count + 1);
    document->page_count++;
    if (!add_stream(document, "", bytes, length, err))
        return false;
    document_page_empty(&document->page);
    return true;
}

static void describe_font(struct document *document, const struct fontfile_measures *measures,
                          size_t first)
{
    struct rw_text *file = &document->file;
    rw_text_format(file,
                   "<</Type/FontDescriptor/FontName/ROLWAA+%s/Flags 4/FontBBox[%d %d %d %d]"
                   "/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d"
                   "/FontFile2 %zu 0 R>>\nendobj\n",
                   measures->name, measures->box[0], measures->box[1], measures->box[2],
                   measures->box[3], measures->ascender, measures->descender, measures->capital,
                   STEM_VERTICAL, first + FONT_FILE);
}

static bool add_font_dictionaries(struct document *document, const struct document_font *font,
                                  struct rw_error *err)
{
    struct rw_text *file = &document->file;
    struct fontfile_measures measures;
    fontfile_measure(font->file, &measures);
    size_t first = document->object_count + 1;
    if (!add_object(document, err))
        return false;
    rw_text_format(file,
                   "<</Type/Font/Subtype/Type0/BaseFont/ROLWAA+%s/Encoding/Identity-H"
                   "/DescendantFonts[%zu 0 R]/ToUnicode %zu 0 R>>\nendobj\n",
                   measures.name, first + DESCENDANT, first + TO_UNICODE);
    if (!add_object(document, err))
        return false;
    rw_text_format(file,
                   "<</Type/Font/Subtype/CIDFontType2/BaseFont/ROLWAA+%s/CIDSystemInfo"
                   "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity"
                   "/FontDescriptor %zu 0 R/DW 0/W",
                   measures.name, first + DESCRIPTOR);
    document_font_add_widths(font, file);
    rw_text_add(file, ">>\nendobj\n");
    if (!add_object(document, err))
        return false;
    describe_font(document, &measures, first);
    return true;
}

static bool add_font(struct document *document, const struct document_font *font,
                     struct rw_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    char more[MORE_MAX];
    rw_arena_reset(document->page.arena);
    if (!add_font_dictionaries(document, font, err) ||
        !document_font_subset(font, document->page.arena, &bytes, &length, err))
        return false;
    (void)snprintf(more, sizeof more, "/Length1 %zu", length);
    return add_stream(document, more, bytes, length, err) &&
           document_font_to_unicode(font, document->page.arena, &bytes, &length, err) &&
           add_stream(document, "", bytes, length, err);
}

/* Gives the dictionary of names: "/F0 9 0 R/F3 14 0 R". */
static bool add_fonts(struct document *document, struct rw_text *names, struct rw_error *err)
{
    for (size_t i = 0; i < DOCUMENT_PAGE_FONTS_MAX; i++) {
        if (document->fonts[i] == NULL)
            continue;
        rw_text_format(names, "/F%zu %zu 0 R", i, document->object_count + 1);
        if (!add_font(document, document->fonts[i], err))
            return false;
    }
    return true;
}

static void add_page_tree(struct document *document)
{
    struct rw_text *file = &document->file;
    double points = 72.0 / 25400;
    begin_object(document, PAGE_TREE);
    rw_text_format(file, "<</Type/Pages/MediaBox[0 0 %.4f %.4f]/Resources %d 0 R/Count %zu/Kids[",
                   document->paper.width_um * points, document->paper.height_um * points, RESOURCES,
                   document->page_count);
    for (size_t i = 0; i < document->page_count; i++)
        rw_text_format(file, "%zu 0 R\n", FIXED_COUNT + 1 + 2 * i);
    rw_text_add(file, "]>>\nendobj\n");
}

/* "D:20261123080000+01'00'" from "2026-11-23T08:00:00+01:00", "…Z" from "…Z". */
static void write_date(const char *iso, char ret_date[DATE_MAX])
{
    size_t length = 0;
    const char *zone = "";
    for (const char *at = iso; *at != '\0' && length < sizeof "YYYYMMDDhhmmss" - 1; at++) {
        if (*at >= '0' && *at <= '9')
            ret_date[length++] = *at;
        zone = at + 1;
    }
    if (strlen(zone) == sizeof "+01:00" - 1)
        (void)snprintf(ret_date + length, DATE_MAX - length, "%.3s'%.2s'", zone, zone + 4);
    else
        (void)snprintf(ret_date + length, DATE_MAX - length, "Z");
}

/* Printing as it is: a module must stay the dots that it was laid out in. */
static void add_fixed_objects(struct document *document, const char *names)
{
    struct rw_text *file = &document->file;
    const struct document_paper *paper = &document->paper;
    char date[DATE_MAX];
    write_date(paper->created, date);
    begin_object(document, CATALOG);
    rw_text_format(file,
                   "<</Type/Catalog/Pages %d 0 R/Lang(%s)/ViewerPreferences<</PrintScaling/None"
                   "/DisplayDocTitle true>>>>\nendobj\n",
                   PAGE_TREE, paper->language);
    add_page_tree(document);
    begin_object(document, DETAILS);
    rw_text_format(file, "<</Title(%s)/Producer(rolwacht)/CreationDate(D:%s)>>\nendobj\n",
                   paper->title, date);
    begin_object(document, RESOURCES);
    rw_text_format(file, "<</Font<<%s>>>>\nendobj\n", names);
}

static void add_table(struct document *document)
{
    struct rw_text *file = &document->file;
    size_t start = file->length;
    rw_text_format(file, "xref\n0 %zu\n0000000000 65535 f \n", document->object_count + 1);
    for (size_t i = 0; i < document->object_count; i++)
        rw_text_format(file, "%010zu 00000 n \n", document->offsets[i]);
    rw_text_format(file,
                   "trailer\n<</Size %zu/Root %d 0 R/Info %d 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
                   document->object_count + 1, CATALOG, DETAILS, start);
}

bool document_take(struct document *document, const char **ret_bytes, size_t *ret_length,
                   struct rw_error *err)
{
    struct rw_text names;
    const char *said = NULL;
    rw_text_init(&names, document->arena, RW_ARENA_MIB);
    if (!add_fonts(document, &names, err) || !rw_text_finish(&names, &said, err))
        return false;
    add_fixed_objects(document, said);
    add_table(document);
    *ret_length = document->file.length;
    return rw_text_finish(&document->file, ret_bytes, err);
}
