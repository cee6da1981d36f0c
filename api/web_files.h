/* SPDX-License-Identifier: Apache-2.0 */
/* The folder web/ inside the program: templates, words and styles. */
#ifndef RW_API_WEB_FILES_H
#define RW_API_WEB_FILES_H

#include "core/base/embedded.h"

/* Templates, and the texts of each language as nl.json and en.json. */
extern const struct rw_embedded web_files[];
/* What browsers load: /assets/NAME. */
extern const struct rw_embedded web_assets[];

#endif
