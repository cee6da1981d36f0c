/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as JSON. */
#include "core/json/finding_json.h"

void finding_json_write(struct json_writer *writer, const struct rw_diag *findings)
{
    json_write_list(writer, "findings");
    for (size_t i = 0; i < findings->count; i++) {
        const struct rw_finding *finding = &findings->findings[i];
        json_write_object(writer, NULL);
        json_write_text(writer, "id", finding->id);
        json_write_text(writer, "severity", rw_severity_letter(finding->severity));
        json_write_text(writer, "reason", finding->reason);
        json_write_text(writer, "pointer", finding->pointer);
        json_write_text(writer, "text", finding->text);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}
