/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers which dispensers were heard since the last look. */
#include "api/contacts.h"

#include <pthread.h>

#include "core/base/text.h"

#define SLOTS (CONTACTS_MAX * 2) /* half empty, so that a search is short */

struct contacts {
    pthread_mutex_t lock;
    size_t count;
    char names[SLOTS][EXCHANGE_ARG_MAX]; /* "" = free */
};

bool contacts_open(struct rw_arena *arena, struct contacts **ret_contacts, struct rw_error *err)
{
    struct contacts *contacts = rw_arena_alloc(arena, sizeof *contacts, err);
    if (!contacts)
        return false;
    (void)pthread_mutex_init(&contacts->lock, NULL); /* cannot fail with default attributes */
    *ret_contacts = contacts;
    return true;
}

void contacts_close(struct contacts *contacts)
{
    (void)pthread_mutex_destroy(&contacts->lock);
}

/* FNV-1a; the keys are ids that we gave out ourselves. */
static size_t slot_of(const char *name)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; name[i]; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    return hash % SLOTS;
}

void contacts_note(struct contacts *contacts, const char *dispenser)
{
    (void)pthread_mutex_lock(&contacts->lock);
    size_t slot = slot_of(dispenser);
    while (contacts->names[slot][0] && !rw_text_equal(contacts->names[slot], dispenser))
        slot = (slot + 1) % SLOTS; /* ends: half of the slots are free */
    if (!contacts->names[slot][0] && contacts->count < CONTACTS_MAX &&
        rw_text_copy(contacts->names[slot], EXCHANGE_ARG_MAX, dispenser))
        contacts->count++;
    (void)pthread_mutex_unlock(&contacts->lock);
}

static bool take(struct contacts *contacts, struct rw_arena *arena, const char **names,
                 struct rw_error *err)
{
    size_t taken = 0;
    for (size_t slot = 0; slot < SLOTS && contacts->count > 0; slot++) {
        if (!contacts->names[slot][0])
            continue;
        names[taken] = rw_arena_text(arena, contacts->names[slot], err);
        if (!names[taken++])
            return false;
        contacts->names[slot][0] = '\0';
        contacts->count--;
    }
    return true;
}

bool contacts_take(struct contacts *contacts, struct rw_arena *arena, const char ***ret_names,
                   size_t *ret_count, struct rw_error *err)
{
    (void)pthread_mutex_lock(&contacts->lock);
    size_t count = contacts->count;
    const char **names = rw_arena_array(arena, count, sizeof *names, err);
    bool done = names && take(contacts, arena, names, err);
    (void)pthread_mutex_unlock(&contacts->lock);
    if (done) {
        *ret_names = names;
        *ret_count = count;
    }
    return done;
}
