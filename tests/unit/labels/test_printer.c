/* SPDX-License-Identifier: Apache-2.0 */
/* What a printer takes is every byte in order, or an error. */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/net/printer.h"

#define JOB_BYTES 3000000 /* more than a socket holds by itself */
#define PDF "%PDF-1.5 no more than a sample %%EOF"

static void assert_parsed(const char *url, const char *host, const char *port)
{
    struct printer printer;
    struct rw_error err = { 0 };
    assert_true(printer_parse(url, &printer, &err));
    assert_int_equal(printer.kind, PRINTER_RAW);
    assert_string_equal(printer.host, host);
    assert_string_equal(printer.port, port);
}

static void assert_queue(const char *url, const char *host, const char *port, const char *path)
{
    struct printer printer;
    struct rw_error err = { 0 };
    assert_true(printer_parse(url, &printer, &err));
    assert_int_equal(printer.kind, PRINTER_IPP);
    assert_string_equal(printer.host, host);
    assert_string_equal(printer.port, port);
    assert_string_equal(printer.path, path);
}

static void a_queue_has_a_path(void **state)
{
    (void)state;
    assert_queue("ipp://labels.example:8631/ipp/print", "labels.example", "8631", "/ipp/print");
    assert_queue("ipp://10.0.0.7/printers/labels", "10.0.0.7", "631", "/printers/labels");
    assert_queue("ipp://[2001:db8::1]", "2001:db8::1", "631", "/ipp/print");
    assert_queue("ipps://labels.example", "labels.example", "631", "/ipp/print");
}

static void an_address_has_a_host_and_a_port(void **state)
{
    (void)state;
    assert_parsed("tcp://labels.example:6101", "labels.example", "6101");
    assert_parsed("tcp://10.0.0.7", "10.0.0.7", "9100");
    assert_parsed("tcp://[2001:db8::1]:9100", "2001:db8::1", "9100");
    assert_parsed("tcp://[::1]", "::1", "9100");
}

static void what_is_no_printer_is_refused(void **state)
{
    (void)state;
    static const char *const urls[] = { "",          "labels.example:9100", "http://a:9100",
                                        "tcp://",    "tcp://a:0",           "tcp://a:65536",
                                        "tcp://a:",  "tcp://[::1",          "tcp://[::1]x",
                                        "tcp://a/b", "tcp://u@a:1",         "tcp://a:91 00",
                                        "ipp://",    "ipp:///ipp/print",    "ipp://a:0/x",
                                        "ipp://a:/", "ipp://u@a/ipp/print", "ipp://a/b c",
                                        "ipp://a/?", "http://a/ipp/print",  "ipp://a/\xC3\xA9" };
    for (size_t i = 0; i < RW_COUNT(urls); i++) {
        struct printer printer;
        struct rw_error err = { 0 };
        assert_false(printer_parse(urls[i], &printer, &err));
        assert_int_equal(err.code, RW_USAGE);
    }
}

/* A listening socket on a free port of this machine. */
static int listen_here(struct printer *ret_printer)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(descriptor >= 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(descriptor, 1), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    *ret_printer = (struct printer){ .host = "127.0.0.1" };
    (void)snprintf(ret_printer->port, sizeof ret_printer->port, "%u",
                   (unsigned)ntohs(address.sin_port));
    return descriptor;
}

static char byte_at(size_t index)
{
    return (char)('a' + index % 23);
}

/* A printer: exits with 0 when it got every byte of the job in order. */
static void take_job(int listener)
{
    char room[65536];
    size_t taken = 0;
    ssize_t now = 0;
    int connection = accept(listener, NULL, NULL);
    while ((now = read(connection, room, sizeof room)) > 0) {
        for (ssize_t i = 0; i < now; i++)
            if (room[i] != byte_at(taken++))
                _exit(1);
    }
    _exit(taken == JOB_BYTES ? 0 : 2);
}

static void a_large_job_arrives_whole(void **state)
{
    (void)state;
    struct printer printer;
    struct rw_error err = { 0 };
    int listener = listen_here(&printer);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        take_job(listener);
    char *job = malloc(JOB_BYTES);
    assert_non_null(job);
    for (size_t i = 0; i < JOB_BYTES; i++)
        job[i] = byte_at(i);
    assert_true(printer_send(&printer, job, JOB_BYTES, 10000, &err));
    free(job);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(close(listener), 0);
}

static void a_printer_that_is_off_is_an_error(void **state)
{
    (void)state;
    struct printer printer;
    struct rw_error err = { 0 };
    assert_int_equal(close(listen_here(&printer)), 0);
    assert_false(printer_send(&printer, "^XA^XZ", 6, 2000, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
}

static void a_printer_that_takes_nothing_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    struct printer printer;
    struct rw_error err = { 0 };
    int listener = listen_here(&printer);
    size_t size = (size_t)64 * 1024 * 1024;
    char *job = calloc(size, 1);
    assert_non_null(job);
    assert_false(printer_send(&printer, job, size, 300, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    free(job);
    assert_int_equal(close(listener), 0);
}

/* A printer that reads a whole job, or only its beginning, and answers with these bytes. */
static void answer_once(int listener, bool read_all, const char *answer, size_t length)
{
    char room[4096];
    size_t taken = 0;
    int connection = accept(listener, NULL, NULL);
    do {
        ssize_t now = read(connection, room + taken, sizeof room - taken);
        if (now <= 0)
            _exit(1);
        taken += (size_t)now;
    } while (read_all && memmem(room, taken, "%%EOF", 5) == NULL);
    ssize_t written = length == 0 ? 0 : write(connection, answer, length);
    _exit(written == (ssize_t)length && close(connection) == 0 ? 0 : 2);
}

/* Prints on such a printer, which must fail. */
static struct rw_error print_on(bool read_all, const char *answer, size_t length)
{
    struct printer printer;
    struct rw_error err = { 0 };
    const struct printer_job job = { "482913570", PDF, strlen(PDF) };
    int listener = listen_here(&printer);
    printer.kind = PRINTER_IPP;
    (void)snprintf(printer.path, sizeof printer.path, "/ipp/print");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        answer_once(listener, read_all, answer, length);
    assert_int_equal(close(listener), 0);
    assert_false(printer_print(&printer, &job, 3000, &err));
    assert_int_equal(waitpid(child, NULL, 0), child);
    return err;
}

static void a_cut_connection_is_no_printed_roll(void **state)
{
    (void)state;
    struct rw_error early = print_on(false, NULL, 0);
    assert_int_equal(early.code, RW_UNAVAILABLE);
    assert_non_null(strstr(early.text, "broke"));
    struct rw_error late = print_on(true, NULL, 0);
    assert_int_equal(late.code, RW_UNAVAILABLE);
    assert_non_null(strstr(late.text, "broke"));
}

static void half_an_answer_is_no_printed_roll(void **state)
{
    (void)state;
    static const char half[] = "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
                               "Content-Length: 9\r\n\r\n\x02\x00\x00";
    assert_int_equal(print_on(true, half, sizeof half - 1).code, RW_UNAVAILABLE);
}

static void what_is_no_ipp_is_no_printed_roll(void **state)
{
    (void)state;
    static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                               "Content-Length: 13\r\n\r\n<html></html>";
    assert_int_equal(print_on(true, page, sizeof page - 1).code, RW_UNAVAILABLE);
}

static void a_refused_document_says_so(void **state)
{
    (void)state;
    static const char refusal[] = "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
                                  "Content-Length: 9\r\n\r\n"
                                  "\x02\x00\x04\x0A\x00\x00\x00\x01\x03";
    struct rw_error err = print_on(true, refusal, sizeof refusal - 1);
    assert_int_equal(err.code, RW_CONFLICT);
    assert_non_null(strstr(err.text, "takes no PDF"));
}

static void a_busy_printer_may_be_tried_again(void **state)
{
    (void)state;
    static const char busy[] = "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
                               "Content-Length: 9\r\n\r\n"
                               "\x02\x00\x05\x07\x00\x00\x00\x01\x03";
    assert_int_equal(print_on(true, busy, sizeof busy - 1).code, RW_UNAVAILABLE);
}

static void a_queue_that_is_off_is_an_error(void **state)
{
    (void)state;
    struct printer printer;
    struct rw_error err = { 0 };
    const struct printer_job job = { "482913570", PDF, strlen(PDF) };
    assert_int_equal(close(listen_here(&printer)), 0);
    printer.kind = PRINTER_IPP;
    (void)snprintf(printer.path, sizeof printer.path, "/ipp/print");
    assert_false(printer_print(&printer, &job, 2000, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "no printer answers"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_a_host_and_a_port),
        cmocka_unit_test(a_queue_has_a_path),
        cmocka_unit_test(what_is_no_printer_is_refused),
        cmocka_unit_test(a_large_job_arrives_whole),
        cmocka_unit_test(a_printer_that_is_off_is_an_error),
        cmocka_unit_test(a_printer_that_takes_nothing_is_not_waited_for_for_ever),
        cmocka_unit_test(a_cut_connection_is_no_printed_roll),
        cmocka_unit_test(half_an_answer_is_no_printed_roll),
        cmocka_unit_test(what_is_no_ipp_is_no_printed_roll),
        cmocka_unit_test(a_refused_document_says_so),
        cmocka_unit_test(a_busy_printer_may_be_tried_again),
        cmocka_unit_test(a_queue_that_is_off_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
