/* SPDX-License-Identifier: Apache-2.0 */
/* Tears the journal at every byte and finds all that was acknowledged. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "dispenser/store.h"
#include "tests/support/scratch.h"

static char folder[SCRATCH_PATH_MAX];

static int open_all(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    return scratch_make(folder) && rw_crypto_init(&err) ? 0 : -1;
}

static int close_all(void **state)
{
    char command[128];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static const char *journal(void)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/journal", folder);
    return path;
}

static struct store *opened(void)
{
    struct rw_error err = { 0 };
    struct store *store = NULL;
    bool done = store_open(folder, &store, &err);
    assert_string_equal(err.text, "");
    assert_true(done);
    return store;
}

/* Records one step with this many events; its state says how many events there are. */
static void record(struct store *store, size_t count)
{
    struct rw_error err = { 0 };
    struct loop_event events[LOOP_EVENTS_MAX];
    struct loop_state state = *store_state(store);
    for (size_t i = 0; i < count; i++)
        events[i] = (struct loop_event){ .type = EVENT_RELEASED,
                                         .cause = EVENT_SCHEDULED,
                                         .serial = "482913570001",
                                         .at_utc_ms = 1795417200000 };
    state.next_n = (int32_t)(store_newest(store) + (int64_t)count) % 900;
    bool done = store_record(store, &state, events, count, &err);
    assert_string_equal(err.text, "");
    assert_true(done);
}

static void what_was_recorded_is_there_after_a_restart(void **state)
{
    (void)state;
    (void)unlink(journal());
    struct store *store = opened();
    assert_int_equal(store_newest(store), 0);
    record(store, 2);
    record(store, 0);
    record(store, 3);
    store_close(store);
    store = opened();
    assert_int_equal(store_newest(store), 5);
    assert_int_equal(store_waiting(store), 5);
    assert_int_equal(store_state(store)->next_n, 5);
    size_t count;
    const struct event *events = store_pending(store, &count);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(events[i].seq, i + 1);
        assert_int_equal(strlen(events[i].id), 36);
        assert_string_equal(events[i].serial, "482913570001");
        assert_int_equal(events[i].cause, EVENT_SCHEDULED);
    }
    events = store_latest(store, 2, &count);
    assert_int_equal(events[0].seq, 4);
    store_close(store);
}

static void what_the_service_has_waits_no_longer(void **state)
{
    struct rw_error err = { 0 };
    size_t count;
    (void)state;
    (void)unlink(journal());
    struct store *store = opened();
    record(store, 10);
    assert_true(store_acknowledge(store, 4, &err));
    assert_int_equal(store_waiting(store), 6);
    assert_int_equal(store_pending(store, &count)->seq, 5);
    store_close(store);
    store = opened();
    assert_int_equal(store_acknowledged(store), 4);
    assert_int_equal(store_pending(store, &count)->seq, 5);
    assert_true(store_acknowledge(store, 10, &err));
    (void)store_pending(store, &count);
    assert_int_equal(count, 0);
    store_close(store);
}

static void a_service_that_fell_back_is_sent_again_what_is_kept(void **state)
{
    struct rw_error err = { 0 };
    size_t count;
    (void)state;
    (void)unlink(journal());
    struct store *store = opened();
    record(store, 10);
    assert_true(store_acknowledge(store, 10, &err));
    assert_true(store_acknowledge(store, 3, &err));
    assert_int_equal(store_pending(store, &count)->seq, 4);
    assert_int_equal(count, 7);
    assert_false(store_acknowledge(store, 11, &err));
    assert_int_equal(err.code, RW_CONFLICT);
    store_close(store);
}

/* A loss of power at any byte of the last line: that step never happened, the others did. */
static void a_torn_line_is_a_step_that_never_happened(void **state)
{
    struct stat about;
    (void)state;
    (void)unlink(journal());
    struct store *store = opened();
    record(store, 1);
    store_close(store);
    assert_int_equal(stat(journal(), &about), 0);
    off_t whole = about.st_size;
    store = opened();
    record(store, 1);
    store_close(store);
    assert_int_equal(stat(journal(), &about), 0);
    for (off_t cut = whole; cut < about.st_size; cut++) {
        assert_int_equal(truncate(journal(), cut), 0);
        store = opened();
        assert_int_equal(store_newest(store), 1);
        assert_int_equal(store_state(store)->next_n, 1);
        record(store, 1);
        assert_int_equal(store_newest(store), 2);
        store_close(store);
    }
}

static void a_damaged_journal_is_refused(void **state)
{
    struct rw_error err = { 0 };
    struct store *store = opened();
    (void)state;
    record(store, 1);
    store_close(store);
    int descriptor = open(journal(), O_RDWR);
    assert_true(descriptor >= 0);
    assert_int_equal(pwrite(descriptor, "X", 1, 40), 1);
    (void)close(descriptor);
    assert_false(store_open(folder, &store, &err));
    assert_int_equal(err.code, RW_INVALID);
}

static void one_program_at_a_time(void **state)
{
    (void)state;
    (void)unlink(journal());
    struct store *store = opened();
    pid_t child = fork();
    if (child == 0) {
        struct rw_error err = { 0 };
        struct store *second;
        _exit(!store_open(folder, &second, &err) && err.code == RW_CONFLICT ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    store_close(store);
}

/* The step is refused whole; the ones before it stay, and later there is room again. */
static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    (void)unlink(journal());
    pid_t child = fork();
    if (child == 0) {
        struct rw_error err = { 0 };
        struct rlimit limit = { .rlim_cur = 3000, .rlim_max = 3000 };
        struct store *store = opened();
        struct loop_event events[60] = { { .type = EVENT_DUE } };
        struct loop_state now = { .next_n = 5 };
        for (int i = 1; i < 60; i++)
            events[i] = events[0];
        (void)signal(SIGXFSZ, SIG_IGN);
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        record(store, 2);
        bool refused = !store_record(store, &now, events, 60, &err);
        bool clear = err.code == RW_UNAVAILABLE && store_newest(store) == 2;
        record(store, 1);
        _exit(refused && clear ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    struct store *store = opened();
    assert_int_equal(store_newest(store), 3);
    store_close(store);
}

/* REQ-017: kill -9 in the middle of steps: whatever a step had said to be done is there. */
static void what_was_said_to_be_done_survives_a_kill(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round++) {
        int ends[2];
        int64_t told = 0;
        int64_t one;
        (void)unlink(journal());
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            struct store *store = opened();
            for (;;) {
                record(store, 1);
                int64_t newest = store_newest(store);
                if (write(ends[1], &newest, sizeof newest) != sizeof newest)
                    _exit(1);
            }
        }
        (void)close(ends[1]);
        for (int i = 0; i < 5 + 3 * round; i++)
            assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
        assert_int_equal(kill(child, SIGKILL), 0);
        (void)waitpid(child, NULL, 0);
        while (read(ends[0], &one, sizeof one) == sizeof one)
            told = one;
        (void)close(ends[0]);
        struct store *store = opened();
        assert_true(store_newest(store) == told || store_newest(store) == told + 1);
        store_close(store);
    }
}

static void a_long_journal_is_written_anew(void **state)
{
    struct rw_error err = { 0 };
    struct stat about;
    (void)state;
    (void)unlink(journal());
    struct store *store = opened();
    for (int i = 0; i < 80; i++) {
        record(store, 100);
        assert_true(store_acknowledge(store, store_newest(store) - 50, &err));
    }
    store_close(store);
    assert_int_equal(stat(journal(), &about), 0);
    assert_true((size_t)about.st_size > STORE_JOURNAL_TIDY);
    store_close(opened());
    assert_int_equal(stat(journal(), &about), 0);
    assert_true((size_t)about.st_size < STORE_JOURNAL_TIDY / 4);
    store = opened();
    assert_int_equal(store_newest(store), 8000);
    assert_int_equal(store_waiting(store), 50);
    assert_true(store_acknowledge(store, 8000 - 50 - STORE_KEPT, &err));
    assert_false(store_acknowledge(store, 8000 - 51 - STORE_KEPT, &err));
    store_close(store);
}

static void the_schedule_is_kept_whole(void **state)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    char *bytes;
    size_t length;
    struct store *store = opened();
    (void)state;
    assert_true(store_schedule_read(store, arena, &bytes, &length, &err));
    assert_null(bytes);
    assert_true(store_schedule_keep(store, "{\"a\":1}", 7, &err));
    assert_true(store_schedule_read(store, arena, &bytes, &length, &err));
    assert_string_equal(bytes, "{\"a\":1}");
    store_close(store);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_recorded_is_there_after_a_restart),
        cmocka_unit_test(what_the_service_has_waits_no_longer),
        cmocka_unit_test(a_service_that_fell_back_is_sent_again_what_is_kept),
        cmocka_unit_test(a_torn_line_is_a_step_that_never_happened),
        cmocka_unit_test(a_damaged_journal_is_refused),
        cmocka_unit_test(one_program_at_a_time),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(what_was_said_to_be_done_survives_a_kill),
        cmocka_unit_test(a_long_journal_is_written_anew),
        cmocka_unit_test(the_schedule_is_kept_whole),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
