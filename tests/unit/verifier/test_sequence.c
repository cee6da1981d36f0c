/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what the order of the bags on the film gives away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "verifier/along.h"
#include "verifier/sequence.h"

#define BAGS 6
#define WORD_MAX 64

/* "0 1 | 1 2": sightings in their frames; S is a stranger, U something unreadable, X
 * film that was not followed, P print without a code beyond an outermost one; "1~" is a label that
 * its frame shows in part. Expected is one word a bag: "." good, M missing, G missing with a gap, u
 * unreadable, T twice, O out of order, b beside something that cannot be read. */
static const struct row {
    const char *name;
    const char *film;
    const char *expect;
} rows[] = {
    { "every bag once", "0|1|2|3|4|5", "......" },
    { "backwards", "5|4|3|2|1|0", "......" },
    { "two in a frame", "0 1|2 3|4 5", "......" },
    { "frames that overlap", "0 1|1 2|2 3|3 4|4 5", "......" },
    { "overlap, upside down inside", "1 0|2 1|3 2|4 3|5 4", "......" },
    { "backwards and overlapping", "5 4|4 3|3 2|2 1|1 0", "......" },
    { "all in one frame", "0 1 2 3 4 5", "......" },
    { "one is not in the film", "0|1|3|4|5", "..G..." },
    { "two are not in the film", "0|3|4|5", ".GG..." },
    { "the last is missing", "0|1|2|3|4", ".....M" },
    { "the first is missing", "1|2|3|4|5", "M....." },
    { "a stranger in a place", "0|1|S|3|4|5", "..M..." },
    { "a stranger beside a gap", "0|1|S|4|5", "..MM.." },
    { "one cannot be read", "0|1|U|3|4|5", "..u..." },
    { "the first cannot be read", "U|1|2|3|4|5", "u....." },
    { "the last two cannot be read", "0|1|2|3|U|U", "....uu" },
    { "one of the last two cannot be read", "0|1|2|3|U", "....MM" },
    { "one of two cannot be read", "0|1|U|4|5", "..MM.." },
    { "one too many that cannot be read", "0|1|U|2|3|4|5", ".bb..." },
    { "the other bag of a swap cannot be read", "0|1|3|U|4|5", "..Gbb." },
    { "the other way round", "0|U|1|3|4|5", "bbG..." },
    { "one too many beside a missing one", "0|1|U|S|3|4|5", ".bMb.." },
    { "a swap at the beginning", "U|0|2|3|4|5", "bG...." },
    { "a swap at the end", "0|1|2|3|5|U", "....Gb" },
    { "film that was not followed", "0|1|2|X|3|4|5", "..bb.." },
    { "a bag missing where it was not followed", "0|1|X|3|4|5", "..M..." },
    { "film that ran backwards and was not followed", "5|4|X|3|2|1|0", "...bb." },
    { "a stretch in another place than planned", "3|4|5|X|0|1|2", "bbbbbb" },
    { "one of three stretches elsewhere", "0|1|X|5|X|2|3|4", ".bbbbb" },
    { "a swap beside film that was not followed", "0|2|1|X|3|4|5", ".OO..." },
    { "stretches whose bags lie between each other's", "0|1|3|4|X|2|5", "..O.b." },
    { "a stretch without a bag", "0|1|X|S|X|2|3|4|5", ".bb..." },
    { "nothing seen before and behind", "X|0|1|2|3|4|5|X", "......" },
    { "two rolls in turns", "0|S|1|S|2|S|3|S|4|S|5|S", "......" },
    { "two rolls in turns, backwards", "S|5|S|4|S|3|S|2|S|1|S|0", "......" },
    { "two rolls in turns, one missing", "0|S|1|S|S|3|S|4|S|5|S", "..M..." },
    { "nothing at the ends", "U|0|1|2|3|4|5|U", "......" },
    { "two cannot be read", "0|1|U|U|4|5", "..uu.." },
    { "the same bag again at once", "0|1|1|2|3|4|5", ".T...." },
    { "the same bag again later", "0|1|2|3|1|4|5", ".T...." },
    { "a neighbour beside a stranger", "0|0 S|2|3|4|5", ".M...." },
    { "part of the bag before beside one that cannot be read", "0|1|1~|3|4|5", "..u..." },
    { "part of the next bag beside one that cannot be read", "0|1|3~|3|4|5", "..u..." },
    { "parts of both", "0|1|1~ 3~|3|4|5", "..G..." },
    { "part of a bag beside one too many", "0|1|1~|2|3|4|5", ".bb..." },
    { "a bag that its own frame cuts", "0|1~|2|3|4|5", "......" },
    { "the same bag in part and again later", "0|1~|2|3|1|4|5", ".T...." },
    { "twice, and part of one of the two", "0|1|1~|1|3|4|5", ".Tu..." },
    { "twice in one frame", "0|1 1|2|3|4|5", ".T...." },
    { "neighbours changed places", "0|2|1|3|4|5", ".OO..." },
    { "one bag moved far", "0|2|3|4|1|5", ".O...." },
    { "nothing was seen", "", "MMMMMM" },
    { "strangers alone", "S|S", "MMMMMM" },
    { "print before the first code", "P 1 2|3|4|5", "u....." },
    { "print behind the last code", "0|1|2|3 4 P", ".....u" },
    { "print behind, seen twice", "0|1|2|3 4 P|4 P", ".....u" },
    { "print before the first code, backwards", "5|4|3|2 1 P", "u....." },
    { "print at both ends", "P 1 2|2 3|3 4 P", "u....u" },
    { "print before two that are missing", "P 2 3|4|5", "MM...." },
    { "print whose code another frame has", "0 P|0 1 P|1 2 P|P 2 3|4|5", "......" },
    { "print where nothing should be", "P 0 1|2|3|4|5 P", "......" },
    { "print beside one that cannot be read", "U|P 1 2|3|4|5", "u....." },
    { "print beside a stranger", "P S|1 2|3|4|5", "M....." },
    { "print beside a swap", "P 0 2|3|4|5", "bG...." },
    { "print beside film that was not followed", "0|1|2 P|X|4|5", "...M.." },
    { "print, and no way that the film ran", "0 P", ".MMMMM" },
    { "print alone", "P|P", "MMMMMM" },
};

static size_t read_film(const char *film, struct sequence_sighting *sightings)
{
    size_t count = 0;
    int32_t frame = 0;
    for (; *film != '\0'; film++) {
        if (*film == '|') {
            frame++;
            continue;
        }
        if (*film == ' ')
            continue;
        if (*film == '~') {
            sightings[count - 1].part = true;
            continue;
        }
        int32_t bag = *film == 'S'   ? SEQUENCE_STRANGER
                      : *film == 'U' ? SEQUENCE_UNREADABLE
                      : *film == 'X' ? SEQUENCE_UNSEEN
                      : *film == 'P' ? SEQUENCE_PRINT
                                     : *film - '0';
        sightings[count] =
            (struct sequence_sighting){ .frame = frame, .bag = bag, .along = (float)count };
        count++;
    }
    return count;
}

static char letter(const struct sequence_finding *finding)
{
    if (finding->missing)
        return finding->unreadable ? 'u' : (finding->gap ? 'G' : 'M');
    if (finding->twice || finding->out_of_order)
        return finding->twice ? 'T' : 'O';
    return finding->beside ? 'b' : '.';
}

static void every_fault_of_the_film_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
        struct sequence_sighting sightings[WORD_MAX];
        struct sequence_finding findings[BAGS];
        char seen[BAGS + 1] = "";
        size_t count = read_film(rows[i].film, sightings);
        along_sort(sightings, count);
        assert_true(sequence_check(sightings, count, BAGS, arena, findings, NULL));
        for (size_t k = 0; k < BAGS; k++)
            seen[k] = letter(&findings[k]);
        if (strcmp(seen, rows[i].expect) != 0)
            print_message("%s: %s\n", rows[i].name, rows[i].film);
        assert_string_equal(seen, rows[i].expect);
        rw_arena_close(arena);
    }
}

static void more_sightings_than_the_ceiling_are_refused(void **state)
{
    (void)state;
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct sequence_finding findings[BAGS];
    struct rw_error err = { 0 };
    assert_false(sequence_check(NULL, SEQUENCE_SIGHTINGS_MAX + 1, BAGS, arena, findings, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_of_the_film_is_told),
        cmocka_unit_test(more_sightings_than_the_ceiling_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
