/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps a worker process that answers, and replaces a dead one. */
#define _GNU_SOURCE /* POSIX, and prctl of Linux */
#include "verifier/nursery.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLACK_MS 250  /* of computing beyond a question's limit: then it is ended */
#define WAIT_MS 10000 /* beyond both: a machine with much else to do lets its processes wait */
#define STATM_BYTES 128
#define OLD_ANSWERS 16 /* of given up questions, that may still lie in the socket */

/* One message of the socket; of `body` only the used part travels. */
struct message {
    uint32_t id;
    int32_t limit_ms; /* of a question, in time that the worker computes */
    uint32_t lost;    /* of an answer: 1 = there is none */
    uint8_t body[NURSERY_ASK_MAX];
};

/* Seen by all three processes. */
struct shared {
    volatile uint32_t asked; /* the question that the worker holds, 0 = none */
    volatile pid_t worker;
};

struct nursery {
    nursery_work *work;
    int socket;
    pid_t process;
    uint32_t last_id;
    uint32_t lost;
    struct shared *shared;
    struct message ask;
    struct message answer;
};

/* --- in the worker --- */

/* In time of its own computing: what else the machine does takes no answer away. */
static void set_alarm(int ms)
{
    struct itimerval timer = { .it_value = { ms / 1000, ms % 1000 * 1000 } };
    if (setitimer(ITIMER_PROF, &timer, NULL) != 0)
        _exit(1);
}

/* The bytes of this process that count against RLIMIT_DATA: the sixth number of statm, in pages. */
static bool own_bytes(rlim_t *ret_bytes)
{
    char text[STATM_BYTES];
    unsigned long pages = 0;
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);

    if (file >= 0)
        close(file);
    if (length <= 0)
        return false;
    text[length] = '\0';
    if (sscanf(text, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
        return false;
    *ret_bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
    return true;
}

/* No symbol makes a worker take the memory that the line needs; one that tries gets none. */
static void limit_memory(void)
{
    rlim_t bytes = 0;

    if (own_bytes(&bytes)) {
        struct rlimit most = { bytes + NURSERY_WORKER_BYTES, bytes + NURSERY_WORKER_BYTES };
        (void)setrlimit(RLIMIT_DATA, &most); /* a failure leaves the limit of the caller */
    }
}

/* Answers questions until the caller is gone. An alarm or an assert ends the process. */
static void work(struct nursery *nursery, int socket)
{
    struct message *ask = &nursery->ask;
    struct message *answer = &nursery->answer;
    const size_t head = offsetof(struct message, body);

    for (;;) {
        ssize_t got = recv(socket, ask, sizeof *ask, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < (ssize_t)head)
            _exit(0);
        nursery->shared->asked = ask->id;
        memset(answer->body, 0, NURSERY_ANSWER_MAX);
        answer->id = ask->id;
        answer->lost = 0;
        set_alarm(ask->limit_ms + SLACK_MS);
        size_t length = nursery->work(ask->body, (size_t)got - head, ask->limit_ms, answer->body);
        set_alarm(0);
        assert(length <= NURSERY_ANSWER_MAX);
        nursery->shared->asked = 0;
        if (send(socket, answer, head + length, MSG_NOSIGNAL) < 0)
            _exit(0);
    }
}

/* --- in the nursery --- */

/* What aborts speaks first, to nobody; a core would be of no use. */
static void become_quiet(void)
{
    struct rlimit none = { 0, 0 };
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (nowhere >= 0) {
        (void)dup2(nowhere, STDIN_FILENO); /* a failure leaves what was there */
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
    }
    (void)setrlimit(RLIMIT_CORE, &none); /* a failure costs a core file at most */
    signal(SIGPROF, SIG_DFL);
    signal(SIGABRT, SIG_DFL);
}

/* Tells the caller that its question died with the worker. */
static bool tell_lost(struct nursery *nursery, int socket)
{
    struct message *answer = &nursery->answer;
    answer->id = nursery->shared->asked;
    answer->lost = 1;
    nursery->shared->asked = 0;
    if (answer->id == 0)
        return true;
    return send(socket, answer, offsetof(struct message, body), MSG_NOSIGNAL) >= 0;
}

/* Never returns. */
static void nurse(struct nursery *nursery, int socket)
{
    become_quiet();
    for (int deaths = 0; deaths < NURSERY_DEATHS_MAX; deaths++) {
        pid_t worker = fork();
        if (worker < 0)
            _exit(1);
        if (worker == 0) {
            (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* the socket's end says the same, later */
            limit_memory();
            work(nursery, socket);
        }
        nursery->shared->worker = worker;
        int status = 0;
        while (waitpid(worker, &status, 0) < 0 && errno == EINTR)
            continue;
        nursery->shared->worker = 0;
        bool is_done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (is_done || !tell_lost(nursery, socket))
            _exit(0);
    }
    _exit(1);
}

/* --- in the caller --- */

static bool start(struct nursery *nursery, struct rw_error *err)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not open a socket to a worker: %s",
                            strerror(errno));
    nursery->shared->asked = 0;
    nursery->shared->worker = 0;
    pid_t process = fork();
    if (process < 0) {
        close(pair[0]);
        close(pair[1]);
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not start a worker: %s",
                            strerror(errno));
    }
    if (process == 0) {
        (void)setpgid(0, 0); /* done by both sides, whoever comes first */
        close(pair[0]);
        nurse(nursery, pair[1]);
    }
    (void)setpgid(process, process); /* fails only when the child did it already */
    close(pair[1]);
    nursery->socket = pair[0];
    nursery->process = process;
    return true;
}

static void stop(struct nursery *nursery)
{
    if (nursery->socket < 0)
        return;
    /* A nursery of later birth may hold a copy of the socket; this ends them all. */
    shutdown(nursery->socket, SHUT_RDWR);
    close(nursery->socket);
    kill(-nursery->process, SIGKILL);
    while (waitpid(nursery->process, NULL, 0) < 0 && errno == EINTR)
        continue;
    nursery->socket = -1;
    nursery->process = 0;
}

bool nursery_open(nursery_work *work_function, struct rw_arena *arena, struct nursery **ret_nursery,
                  struct rw_error *err)
{
    struct nursery *nursery = rw_arena_alloc(arena, sizeof *nursery, err);
    if (nursery == NULL)
        return false;
    void *shared = mmap(NULL, sizeof *nursery->shared, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory to share with a worker");
    nursery->work = work_function;
    nursery->shared = shared;
    nursery->socket = -1;
    if (!start(nursery, err)) {
        munmap(shared, sizeof *nursery->shared);
        return false;
    }
    *ret_nursery = nursery;
    return true;
}

void nursery_close(struct nursery *nursery)
{
    if (nursery == NULL)
        return;
    stop(nursery);
    munmap(nursery->shared, sizeof *nursery->shared);
}

/* Waits for the answer to the last question; older answers are passed over. */
static bool await(struct nursery *nursery, int limit_ms)
{
    struct pollfd waiting = { .fd = nursery->socket, .events = POLLIN };
    for (int tries = 0; tries < OLD_ANSWERS; tries++) {
        int ready = poll(&waiting, 1, limit_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t got = recv(nursery->socket, &nursery->answer, sizeof nursery->answer, 0);
        if (got < (ssize_t)offsetof(struct message, body))
            return false;
        if (nursery->answer.id == nursery->last_id)
            return true;
    }
    return false;
}

bool nursery_ask(struct nursery *nursery, const void *ask, size_t length, int limit_ms,
                 const void **ret_answer)
{
    struct message *message = &nursery->ask;
    size_t whole = offsetof(struct message, body) + length;

    assert(length <= NURSERY_ASK_MAX);
    if (nursery->socket < 0 && !start(nursery, NULL)) {
        nursery->lost++;
        return false;
    }
    nursery->last_id = nursery->last_id == UINT32_MAX ? 1 : nursery->last_id + 1;
    message->id = nursery->last_id;
    message->limit_ms = limit_ms < NURSERY_LIMIT_MS_MAX ? limit_ms : NURSERY_LIMIT_MS_MAX;
    memcpy(message->body, ask, length);
    bool is_answered = send(nursery->socket, message, whole, MSG_NOSIGNAL) == (ssize_t)whole &&
                       await(nursery, message->limit_ms + SLACK_MS + WAIT_MS);
    if (!is_answered)
        stop(nursery); /* the next question starts a new one */
    if (!is_answered || nursery->answer.lost) {
        nursery->lost++;
        return false;
    }
    *ret_answer = nursery->answer.body;
    return true;
}

pid_t nursery_worker(const struct nursery *nursery)
{
    return nursery->shared->worker;
}

uint32_t nursery_lost(const struct nursery *nursery)
{
    return nursery->lost;
}
