/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a media profile from rolwacht/media/1. */
#ifndef RW_CORE_JSON_MEDIA_JSON_H
#define RW_CORE_JSON_MEDIA_JSON_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_sheet.h"
#include "core/model/media.h"

#define MEDIA_JSON_BYTES_MAX ((size_t)64 * 1024)

/* {"format":"rolwacht/media/1","name":"generic-70x60","width_um":70000,"height_um":60000,
 *  "margin_um":2500,"module_dots":0,"pieces_max":12,"lines_max":8,"bags_max":100,
 *  "leader_bags":1,"trailer_bags":1,"unverified":["bags_max"]}; an unknown member is refused.
 * "unverified" names the measures that are assumptions; true, or nothing, is all of them. */
RW_MUST_USE bool media_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                                 struct media **ret_media, struct rw_error *err);
/* The same for a person who wants to hear of every fault: they are in the sheet. */
void media_json_read_faults(const char *bytes, size_t length, struct json_sheet *sheet,
                            struct media *media);

#endif
