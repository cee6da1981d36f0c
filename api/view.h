/* SPDX-License-Identifier: Apache-2.0 */
/* Writes rolls, bags and what was done with them for the pages. */
#ifndef RW_API_VIEW_H
#define RW_API_VIEW_H

#include "api/page.h"
#include "core/model/roll.h"
#include "db/bags.h"
#include "db/journal.h"
#include "db/lookups.h"
#include "db/rolls.h"

/* Members of an object that was begun: what a list of rolls tells of each. */
void view_row(struct page *page, const struct rolls_row *row);
/* A bag as planned, with the verdict that holds (`row` NULL = not judged). */
void view_bag(struct page *page, const struct bag *bag, const struct bags_row *row);
/* "findings", each with the medicine that it is about and in whose words orders of the roll have
 * the names of theirs (`roll` NULL = it was not made); "loose" and "excluded" of a roll. */
void view_findings(struct page *page, const struct rw_diag *findings, const struct roll *roll);
void view_outside(struct page *page, const struct roll *roll);
/* A list "journal"; `clients` = with the pseudonym that each row concerns. */
void view_journal(struct page *page, const struct journal_row *rows, size_t count, bool clients);
/* The size of a PNG in pixels, and the corners that the line found in it, as "overlay"; nothing
 * when either is not known. */
void view_overlay(struct page *page, const struct bags_picture *picture,
                  const struct conn_cell *posted);
/* A planned time as page_time writes one. */
void view_stamp(struct page *page, const char *name, const char *stamp);

#endif
