/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses from a seed what goes wrong with which bag of a roll. */
#include "tests/support/faults.h"

#include <string.h>

#include "core/base/text.h"

#define TRIES 64
#define LETTERS 26

static const char *const words[FAULT_KIND_COUNT] = {
    [FAULT_NONE] = "none",
    [FAULT_SWAPPED] = "swapped",
    [FAULT_MISSING] = "missing",
    [FAULT_DOUBLED] = "doubled",
    [FAULT_FOREIGN] = "foreign",
    [FAULT_OTHER_CLIENT] = "other-client",
    [FAULT_SUPERSEDED] = "superseded",
    [FAULT_NAME] = "name",
    [FAULT_BORN] = "born",
    [FAULT_DATE] = "date",
    [FAULT_TIME] = "time",
    [FAULT_DRUG] = "drug",
    [FAULT_STRENGTH] = "strength",
    [FAULT_COUNT] = "count",
    [FAULT_DAMAGED] = "damaged",
};

struct fault faults_at(size_t index)
{
    size_t plain = FAULT_KIND_COUNT - 2;
    if (index < plain)
        return (struct fault){ (enum fault_kind)(index + 1), DAMAGE_NONE };
    if (index < FAULTS_MAX)
        return (struct fault){ FAULT_DAMAGED, (enum damage_kind)(index - plain + 1) };
    return (struct fault){ FAULT_NONE, DAMAGE_NONE };
}

const char *fault_word(struct fault fault)
{
    return fault.kind == FAULT_DAMAGED ? damage_word(fault.damage) : words[fault.kind];
}

bool fault_from_word(const char *word, struct fault *ret_fault)
{
    for (size_t i = 0; i < FAULTS_MAX; i++)
        if (rw_text_equal(word, fault_word(faults_at(i)))) {
            *ret_fault = faults_at(i);
            return true;
        }
    return false;
}

/* Letters and digits that are easily taken for each other. */
static const char *const alike[] = { "OQ", "EF", "CG", "MN", "RP", "VY", "ce", "nh", "il",
                                     "ao", "uv", "38", "17", "56", "08", "69", "BR", "DO" };

static bool is_letter(char letter)
{
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

static char like(char letter)
{
    for (size_t i = 0; i < RW_COUNT(alike); i++)
        for (int side = 0; side < 2; side++)
            if (alike[i][side] == letter)
                return alike[i][1 - side];
    return letter;
}

/* Another letter of the same case, or another digit. */
static char another(char letter, struct rw_random *random)
{
    bool near = rw_random_below(random, 2) == 0;
    char other = near ? like(letter) : letter;
    for (int i = 0; i < TRIES && other == letter; i++) {
        if (is_digit(letter))
            other = (char)('0' + rw_random_below(random, 10));
        else
            other = (char)((letter < 'a' ? 'A' : 'a') + rw_random_below(random, LETTERS));
    }
    return other;
}

/* A copy of the text in which one letter, or one digit, is another one. */
static bool misprint(const char *text, bool (*may)(char), struct rw_random *random,
                     struct rw_arena *arena, const char **ret_text, struct rw_error *err)
{
    char *copy = rw_arena_text(arena, text, err);
    size_t count = 0;
    size_t chosen = 0;
    if (copy == NULL)
        return false;
    for (size_t i = 0; copy[i] != '\0'; i++)
        if (may(copy[i]) && rw_random_below(random, ++count) == 0)
            chosen = i;
    if (count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "nothing in the text can be changed");
    copy[chosen] = another(copy[chosen], random);
    *ret_text = copy;
    return true;
}

/* Copies, so that the planned roll stays what it is. */
static bool copy_shot(struct faults_shot *shot, struct rw_arena *arena, struct roll **ret_roll,
                      struct bag **ret_bag, struct rw_error *err)
{
    struct roll *roll = rw_arena_alloc(arena, sizeof *roll, err);
    struct bag *bag = rw_arena_alloc(arena, sizeof *bag, err);
    size_t count = shot->bag->content_count;
    struct bag_content *contents = rw_arena_array(arena, count + 1, sizeof *contents, err);
    if (roll == NULL || bag == NULL || contents == NULL)
        return false;
    *roll = *shot->roll;
    *bag = *shot->bag;
    if (count > 0)
        memcpy(contents, shot->bag->contents, count * sizeof *contents);
    bag->contents = contents;
    shot->roll = roll;
    shot->bag = bag;
    *ret_roll = roll;
    *ret_bag = bag;
    return true;
}

static bool change_text(struct faults_shot *shot, struct rw_random *random, struct rw_arena *arena,
                        struct rw_error *err)
{
    struct roll *roll = NULL;
    struct bag *bag = NULL;
    enum fault_kind kind = shot->fault.kind;

    if (!copy_shot(shot, arena, &roll, &bag, err))
        return false;
    if (kind == FAULT_NAME)
        return misprint(roll->client.name, is_letter, random, arena, &roll->client.name, err);
    if (bag->content_count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "the bag has no such text");
    struct bag_content *content = &bag->contents[rw_random_below(random, bag->content_count)];
    if (kind == FAULT_DRUG)
        return misprint(content->name, is_letter, random, arena, &content->name, err);
    if (kind == FAULT_STRENGTH)
        return misprint(content->strength, is_digit, random, arena, &content->strength, err);
    if (kind == FAULT_DATE) /* a week later has the same name of the day */
        bag->at.wall.day += rw_random_below(random, 2) == 0 ? 7 : 1;
    else if (kind == FAULT_TIME)
        bag->at.wall.minute += bag->at.wall.minute < 720 ? 60 : -60;
    else
        content->milli += 1000;
    return true;
}

/* Another birth day: 03 for 08, 1941 for 1947. The month stays one, and the day a day. */
static bool change_born(struct faults_shot *shot, struct rw_random *random, struct rw_arena *arena,
                        struct rw_error *err)
{
    static const size_t places[] = { 2, 3, 9 }; /* of YYYY-MM-DD */
    struct roll *roll = NULL;
    struct bag *bag = NULL;
    if (!copy_shot(shot, arena, &roll, &bag, err))
        return false;
    char *born = rw_arena_text(arena, roll->client.born, err);
    if (born == NULL)
        return false;
    size_t place = places[rw_random_below(random, RW_COUNT(places))];
    char digit = another(born[place], random);
    bool is_date = place != 9 || (born[8] < '2' && digit != '0') || born[8] == '2';
    born[place] = is_date ? digit : born[place];
    if (!is_date)
        born[3] = another(born[3], random);
    roll->client.born = born;
    return true;
}

static const struct roll *stranger_of(const struct faults_strangers *strangers,
                                      enum fault_kind kind)
{
    return kind == FAULT_FOREIGN        ? strangers->same_client
           : kind == FAULT_OTHER_CLIENT ? strangers->other_client
           : kind == FAULT_SUPERSEDED   ? strangers->superseded
                                        : NULL;
}

static bool is_strange(enum fault_kind kind)
{
    return kind == FAULT_FOREIGN || kind == FAULT_OTHER_CLIENT || kind == FAULT_SUPERSEDED;
}

/* Does what the fault says to the shot of one bag. */
static bool spoil(struct faults_shot *shot, const struct faults_strangers *strangers,
                  struct rw_random *random, struct rw_arena *arena, struct rw_error *err)
{
    enum fault_kind kind = shot->fault.kind;
    if (is_strange(kind)) {
        const struct roll *other = stranger_of(strangers, kind);
        if (other == NULL)
            return rw_error_set(err, RW_NOT_FOUND, "", "there is no roll to take a bag from");
        size_t last = other->bag_count - 1;
        shot->roll = other;
        shot->bag = &other->bags[shot->index < last ? shot->index : last - 1];
        return true;
    }
    if (kind == FAULT_BORN)
        return change_born(shot, random, arena, err);
    if (kind >= FAULT_NAME && kind <= FAULT_COUNT)
        return change_text(shot, random, arena, err);
    return true;
}

bool faults_film(const struct roll *roll, const struct fault *faults,
                 const struct faults_strangers *strangers, struct rw_random *random,
                 struct rw_arena *arena, struct faults_shot *ret_shots, size_t *ret_count,
                 struct rw_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        struct faults_shot shot = { roll, &roll->bags[i], faults[i], i };
        if (!spoil(&shot, strangers, random, arena, err))
            return false;
        if (faults[i].kind == FAULT_MISSING)
            continue;
        ret_shots[count++] = shot;
        if (faults[i].kind == FAULT_DOUBLED)
            ret_shots[count++] = shot;
        if (i > 0 && faults[i - 1].kind == FAULT_SWAPPED) {
            struct faults_shot kept = ret_shots[count - 1];
            ret_shots[count - 1] = ret_shots[count - 2];
            ret_shots[count - 2] = kept;
        }
    }
    *ret_count = count;
    return true;
}

/* Has a bag what the fault changes, and is there a roll to take strangers from? */
static bool is_possible(const struct roll *roll, const struct faults_strangers *strangers,
                        size_t index, struct fault fault)
{
    bool is_dose = roll->bags[index].kind == BAG_DOSE;
    bool has_next = index + 1 < roll->bag_count && roll->bags[index + 1].kind == BAG_DOSE;
    if (fault.kind == FAULT_SWAPPED)
        return is_dose && has_next;
    if (is_strange(fault.kind))
        return is_dose && stranger_of(strangers, fault.kind) != NULL;
    return is_dose || fault.kind == FAULT_NAME || fault.kind == FAULT_MISSING;
}

void faults_draw(const struct roll *roll, const struct faults_strangers *strangers, uint64_t one_in,
                 struct rw_random *random, struct fault *ret_faults)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        ret_faults[i] = (struct fault){ FAULT_NONE, DAMAGE_NONE };
        struct fault fault = faults_at(rw_random_below(random, FAULTS_MAX));
        bool free = (i == 0 || ret_faults[i - 1].kind == FAULT_NONE) &&
                    (i < 2 || ret_faults[i - 2].kind != FAULT_SWAPPED);
        if (rw_random_below(random, one_in) == 0 && free && is_possible(roll, strangers, i, fault))
            ret_faults[i] = fault;
    }
}
