/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at a connection string before it is used. */
#include "db/conninfo.h"

#include <string.h>

#include <libpq-fe.h>

#include "core/base/text.h"

/* The value of a keyword as it was given; "" when it was not. */
static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (const PQconninfoOption *one = options; one->keyword; one++) {
        if (rw_text_equal(one->keyword, keyword))
            return one->val ? one->val : "";
    }
    return "";
}

static bool check(const PQconninfoOption *options, struct rw_error *err)
{
    const char *wanted = value_of(options, "target_session_attrs");
    if (value_of(options, "password")[0])
        return rw_error_set(err, RW_USAGE, "",
                            "every account of this machine can read the password on the command "
                            "line; name a file of mode 0600 with passfile= instead");
    bool several = strchr(value_of(options, "host"), ',') != NULL ||
                   strchr(value_of(options, "hostaddr"), ',') != NULL;
    if (several && !rw_text_equal(wanted, "read-write") && !rw_text_equal(wanted, "primary"))
        return rw_error_set(err, RW_USAGE, "",
                            "several servers are named: without target_session_attrs=read-write "
                            "one may be taken that accepts no changes");
    return true;
}

bool conninfo_check(const char *text, struct rw_error *err)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(text, &why);
    if (!options) { /* its sentence may quote what was given */
        PQfreemem(why);
        return rw_error_set(err, RW_USAGE, "", "--database is no connection string of libpq");
    }
    bool good = check(options, err);
    PQconninfoFree(options);
    return good;
}
