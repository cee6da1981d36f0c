/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of the film, printer and dispenser a roll is made for. */
#ifndef RW_CORE_MODEL_MEDIA_H
#define RW_CORE_MODEL_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEDIA_NAME_MAX 64

/* The measures of a profile, each of which may be an assumption. */
enum media_measure {
    MEDIA_WIDTH,
    MEDIA_HEIGHT,
    MEDIA_MARGIN,
    MEDIA_MODULE,
    MEDIA_PIECES,
    MEDIA_VOLUME,
    MEDIA_LINES,
    MEDIA_BAGS,
    MEDIA_LEADER,
    MEDIA_TRAILER,
    MEDIA_MEASURE_COUNT
};
#define MEDIA_ALL_MEASURES ((1u << MEDIA_MEASURE_COUNT) - 1)

enum media_edge { MEDIA_LEFT, MEDIA_RIGHT, MEDIA_TOP, MEDIA_BOTTOM, MEDIA_EDGE_COUNT };

/* Micrometres; the origin of a bag is its upper left corner as a reader sees it. Dots are those of
 * the printer. A value marked unverified in the profile's file is our assumption. */
struct media {
    const char *name;                   /* "generic-70x60" */
    int32_t width_um;                   /* of a bag, across the text lines: 70,000 */
    int32_t height_um;                  /* of a bag along the strip: 60,000 */
    int32_t margin_um;                  /* nothing is printed nearer to a cut or seal than this */
    int32_t edges_um[MEDIA_EDGE_COUNT]; /* the same for one edge alone; 0 = margin_um */
    int32_t symbol_right_um;  /* right edge of the symbol from the film's; 0 = the print window's */
    int32_t symbol_bottom_um; /* lower edge of its key digits, likewise */
    int32_t module_dots; /* dots of one module at the roll's dpi; 0 = smallest allowed >= 0.33 mm */
    int32_t pieces_max;  /* pieces in one bag */
    int32_t volume_max_ul; /* room of one bag in cubic millimetres; 0 = not limited */
    int32_t lines_max;     /* products in one bag, whatever the text allows */
    int32_t bags_max;      /* dose bags of one roll that the dispenser takes */
    int32_t leader_bags;   /* header bags before the first dose: 1 */
    int32_t trailer_bags;  /* 1 */
    int32_t early_min;   /* minutes that its client may be early by hand, unless agreed otherwise */
    int32_t until;       /* day: the last on which the profile counts (D45); 0 = always */
    uint32_t unverified; /* bit of each measure that is an assumption */
};

/* "width_um" …: the measure's name in a file. */
const char *media_measure_word(enum media_measure measure);

/* The built-in profiles (docs/MEDIA.md), the reference first. */
size_t media_count(void);
const struct media *media_at(size_t index); /* NULL behind the last */
/* The built-in profile of that name, or NULL. "generic-70x60" always exists. */
const struct media *media_find(const char *name);

/* From the film's edge to the print window. */
int32_t media_edge_um(const struct media *media, enum media_edge edge);
/* Whole dots per module at this dpi: at least 0.254 mm (GS1 General Specifications, healthcare
 * X-dimension), as asked or the smallest of at least 0.33 mm; 0 when it cannot be printed. */
int32_t media_module_dots(const struct media *media, int32_t dpi);
/* Micrometres to the nearest whole dot and back; dpi is 203, 300 or 600. */
int32_t media_dots(int32_t um, int32_t dpi);
int32_t media_um(int32_t dots, int32_t dpi);
bool media_is_dpi(int32_t dpi);

#endif
