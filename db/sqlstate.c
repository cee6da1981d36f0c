/* SPDX-License-Identifier: Apache-2.0 */
/* Says what a failure that the server names means for us. */
#include "db/sqlstate.h"

#include <string.h>

#include "core/base/text.h"

/* errcodes.txt of PostgreSQL. */
#define SERIALIZATION_FAILURE "40001"
#define DEADLOCK_DETECTED "40P01"
#define READ_ONLY_TRANSACTION "25006" /* the server follows another now: the next is looked for */
#define NOT_SUPPORTED "0A000"         /* a table was changed under a prepared statement */
#define UNIQUE_VIOLATION "23505"
#define NO_PRIVILEGE "42501"
#define DISK_FULL "53100"

enum sqlstate_effect sqlstate_effect(const struct sqlstate *said)
{
    static const struct {
        const char *state;
        enum sqlstate_effect effect;
    } effects[] = {
        { SERIALIZATION_FAILURE, SQLSTATE_AGAIN },
        { DEADLOCK_DETECTED, SQLSTATE_AGAIN },
        { READ_ONLY_TRANSACTION, SQLSTATE_ELSEWHERE },
        { NOT_SUPPORTED, SQLSTATE_ELSEWHERE },
        { DISK_FULL, SQLSTATE_FULL },
    };
    for (size_t i = 0; i < RW_COUNT(effects); i++) {
        if (rw_text_equal(said->state, effects[i].state))
            return effects[i].effect;
    }
    return SQLSTATE_FINAL;
}

static bool is_class(const struct sqlstate *said, const char *class)
{
    return strncmp(said->state, class, strlen(class)) == 0;
}

bool sqlstate_fail(const struct sqlstate *said, struct rw_error *err)
{
    if (sqlstate_effect(said) == SQLSTATE_AGAIN)
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "the database could not put this change in order with others");
    if (rw_text_equal(said->state, READ_ONLY_TRANSACTION))
        return rw_error_set(err, RW_UNAVAILABLE, "", "the database takes no changes any more");
    if (rw_text_equal(said->state, NOT_SUPPORTED))
        return rw_error_set(err, RW_UNAVAILABLE, "", "the database was changed meanwhile");
    if (rw_text_equal(said->state, UNIQUE_VIOLATION))
        return rw_error_set(err, RW_CONFLICT, "", "it is there already (%s)",
                            said->constraint ? said->constraint : "unique");
    if (rw_text_equal(said->state, NO_PRIVILEGE))
        return rw_error_set(err, RW_DENIED, "", "the database refused the access: %s",
                            said->primary);
    if (is_class(said, "42"))
        return rw_error_set(err, RW_BUG, "", "a statement is wrong (%s): %s", said->state,
                            said->primary);
    if (is_class(said, "5") || is_class(said, "08"))
        return rw_error_set(err, RW_UNAVAILABLE, "", "the database could not answer: %s",
                            said->primary);
    return rw_error_set(err, RW_BUG, "", "the database refused a statement (%s %s)", said->state,
                        said->constraint ? said->constraint : "");
}
