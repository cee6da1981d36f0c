/* SPDX-License-Identifier: Apache-2.0 */
/* The application identifiers that the program knows, as rows. */
#include "core/model/gs1_table.h"

#include <string.h>

#include "core/base/attributes.h"

#define OF_ITEM "01,02,03,8006,8026"

/* What a pharmacy, its wholesaler and its dispensers meet; an AI outside these rows is refused as
 * one that the program does not know, never accepted unchecked. */
static const struct gs1_row rows[] = {
    { "00", "N18,csum", true, NULL, NULL },
    { "01", "N14,csum", true, NULL, "255,37" },
    { "02", "N14,csum", true, "37", "01,03" },
    { "03", "N14,csum", true, NULL, "01,02,37,235" },
    { "10", "X..20", false, OF_ITEM, NULL },
    { "11", "N6,yymmd0", true, OF_ITEM, NULL },
    { "13", "N6,yymmd0", true, OF_ITEM, NULL },
    { "15", "N6,yymmd0", true, OF_ITEM, NULL },
    { "16", "N6,yymmd0", true, OF_ITEM, NULL },
    { "17", "N6,yymmd0", true, "01,02,03,255,8006,8026", NULL },
    { "20", "N2", true, OF_ITEM, NULL },
    { "21", "X..20", false, "01,03,8006", "235" },
    { "22", "X..20", false, "01", NULL },
    { "235", "X..28", false, "01", NULL },
    { "240", "X..30", false, OF_ITEM, NULL },
    { "241", "X..30", false, OF_ITEM, NULL },
    { "250", "X..30", false, "01+21,03+21,8006+21", NULL },
    { "253", "N13,csum [X..17]", false, NULL, NULL },
    { "30", "N..8", false, "01,02", NULL },
    { "37", "N..8", false, "00+02,00+8026", NULL },
    { "400", "X..30", false, NULL, NULL },
    { "410", "N13,csum", true, NULL, NULL },
    { "411", "N13,csum", true, NULL, NULL },
    { "412", "N13,csum", true, NULL, NULL },
    { "413", "N13,csum", true, NULL, NULL },
    { "414", "N13,csum", true, NULL, NULL },
    { "416", "N13,csum", true, NULL, NULL },
    { "417", "N13,csum", true, NULL, NULL },
    { "7003", "N6,yymmdd N4,hhmi", false, "01,02", NULL },
    { "710", "X..20", false, "01", NULL },
    { "711", "X..20", false, "01", NULL },
    { "712", "X..20", false, "01", NULL },
    { "713", "X..20", false, "01", NULL },
    { "714", "X..20", false, "01", NULL },
    { "715", "X..20", false, "01", NULL },
    { "716", "X..20", false, "01", NULL },
    { "717", "X..20", false, "01", NULL },
    { "8003", "N1,zero N13,csum [X..16]", false, NULL, NULL },
    { "8004", "X..30,key", false, NULL, NULL },
    { "8006", "N14,csum N4,piece", false, NULL, "01,37" },
    { "8017", "N18,csum", false, NULL, "8018" },
    { "8018", "N18,csum", false, NULL, "8017" },
    { "8019", "N..10", false, "8017,8018", NULL },
    { "8026", "N14,csum N4,piece", false, "37", "02,03,8006" },
    { "8200", "X..70", false, "01", NULL },
    { "90", "X..30", false, NULL, NULL },
    { "91", "X..90", false, NULL, NULL },
    { "92", "X..90", false, NULL, NULL },
    { "93", "X..90", false, NULL, NULL },
    { "94", "X..90", false, NULL, NULL },
    { "95", "X..90", false, NULL, NULL },
    { "96", "X..90", false, NULL, NULL },
    { "97", "X..90", false, NULL, NULL },
    { "98", "X..90", false, NULL, NULL },
    { "99", "X..90", false, NULL, NULL },
};

/* strncmp for so few bytes that calling it would take longer. */
static int compare(const char *ai, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && ai[at] != '\0' && ai[at] == bytes[at])
        at++;
    return at == length ? 0 : (unsigned char)ai[at] - (unsigned char)bytes[at];
}

const struct gs1_row *gs1_table_find(const char *ai)
{
    const struct gs1_row *row = gs1_table_match(ai, strlen(ai));
    return row != NULL && strlen(row->ai) == strlen(ai) ? row : NULL;
}

/* The rows are in the order of their AIs and none is the start of another: the last row that is not
 * behind the bytes is the only one that can match. */
const struct gs1_row *gs1_table_match(const char *bytes, size_t length)
{
    size_t first = 0;
    size_t end = RW_COUNT(rows);
    while (end - first > 1) {
        size_t middle = first + (end - first) / 2;
        if (compare(rows[middle].ai, bytes, length) <= 0)
            first = middle;
        else
            end = middle;
    }
    size_t digits = strlen(rows[first].ai);
    return digits <= length && memcmp(rows[first].ai, bytes, digits) == 0 ? &rows[first] : NULL;
}
