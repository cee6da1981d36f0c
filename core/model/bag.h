/* SPDX-License-Identifier: Apache-2.0 */
/* One bag: its moment, its contents and its code. */
#ifndef RW_CORE_MODEL_BAG_H
#define RW_CORE_MODEL_BAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/zone.h"

#define BAG_CONTENTS_MAX 32
#define BAG_CODE_MAX 128     /* bytes of a bracketed element string, NUL included */
#define BAG_SERIAL_DIGITS 12 /* 9 digits roll number, 3 digits counter */
#define BAG_SERIAL_MAX 13

enum bag_kind { BAG_HEADER, BAG_DOSE, BAG_TRAILER, BAG_KIND_COUNT };

/* One product in one bag. Texts are borrowed; `lot` may be NULL. */
struct bag_content {
    const char *order;    /* pointer of the order in its source: "/entry/3/resource" */
    const char *product;  /* code of the product table */
    const char *name;     /* as printed: "METFORMINE" */
    const char *strength; /* "500 mg"; may be "" */
    const char *form;     /* "tablet" */
    int64_t milli;        /* > 0 */
    const char *look;     /* "wit, rond, 11 mm"; may be "" */
    const char *warning;  /* "NIET KAUWEN"; may be NULL */
    const char *lot;
    const char *picture; /* what the line compares a piece with; may be NULL */
    const char *expiry;  /* last day of its pack, "2027-09-30"; may be NULL */
    int32_t volume_ul;   /* room of one piece, while a bag is filled; 0 = not known */
    const uint16_t *why; /* rows of the roll's `reasons` that put it there */
    size_t why_count;
};

struct bag {
    int32_t n;  /* 0 header, 1…of doses, of + 1 trailer; never read from the serial */
    int32_t of; /* number of dose bags in the roll */
    enum bag_kind kind;
    struct rw_stamp at; /* header: the first moment; trailer: the last moment */
    const char *moment; /* "morning"…; NULL for an exact time, header and trailer */
    int32_t part;       /* 1…parts: "1 van 2" */
    int32_t parts;
    bool exact;
    const char *use_by; /* "2026-12-31"; NULL where no product states one */
    const char *code;   /* bracketed element string, "" before signing */
    const char *serial; /* 12 digits; "" before signing */
    struct bag_content *contents;
    size_t content_count;
};

const char *bag_kind_word(enum bag_kind kind);
bool bag_kind_from_word(const char *word, enum bag_kind *ret_kind);
/* Sum over the contents, in thousandths. */
int64_t bag_total_milli(const struct bag *bag);
/* Physical pieces that a camera would count: each product's amount, halves counted as pieces. */
int64_t bag_pieces(const struct bag *bag);
/* Room of those pieces whose volume is known, in cubic millimetres. */
int64_t bag_volume_ul(const struct bag *bag);

#endif
