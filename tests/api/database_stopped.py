#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A database that accepts and never answers: callers are put off in time, nothing is lost (REQ-017). TAP.

All processes of the service's PostgreSQL are stopped (SIGSTOP) as a whole, then go on."""
import json
import os
import pathlib
import signal
import sys
import threading
import time

from house import House
from ledger import Dispenser

PUT_OFF_SECONDS_MAX = 45  # a statement 12 s, a new connection 5 s, and what a loaded machine adds
AT_ONCE_SECONDS_MAX = 5
AGAIN_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60
LINES_MAX = 100  # of a silence: not one for each who asks


def family(pid):
    """The server and its children, which it starts itself."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def send_all(processes, number):
    for pid in processes:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass  # a session that just ended


class Stopped:
    """The server takes connections, as the kernel does for it, and says nothing."""

    def __init__(self, house):
        self.pid = house.database_pid()
        self.processes = []

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)  # it starts no more children
        self.processes = family(self.pid)
        send_all(self.processes, signal.SIGSTOP)
        return self

    def __exit__(self, *_):
        send_all(reversed(self.processes), signal.SIGCONT)


def ask(house, path):
    begun = time.monotonic()
    answer = house.call("nobody", "GET", path)
    return answer, time.monotonic() - begun


def is_put_off(answer):
    return answer.status == 503 and int(answer.headers.get("retry-after", "0")) > 0


def check_put_off(house, dispenser):
    """The first caller finds out, those behind it are told at once; a process that lives says so."""
    taken = dispenser.acknowledged
    answer, seconds = ask(house, "/readyz")
    if not is_put_off(answer) or seconds > PUT_OFF_SECONDS_MAX:
        return f"/readyz answered {answer.status} after {seconds:.1f} s"
    print(f"# put off after {seconds:.1f} s")
    later = [ask(house, path) for path in ("/readyz", "/healthz") * 4]
    if [answer.status for answer, _ in later] != [503, 200] * 4:
        return f"the answers were {[answer.status for answer, _ in later]}"
    quickest = [min(seconds for _, seconds in later[at::2]) for at in range(2)]  # one of them may be who finds out
    if max(quickest) > AT_ONCE_SECONDS_MAX:
        return f"who came behind the first waited {quickest} s"
    dispenser.post()
    return "a report was acknowledged" if dispenser.acknowledged != taken else None


def told_in(log):
    """The service looks once a second."""
    text = log.read_text()
    return [text.count(f'"event":"{word}"') for word in ("database-silent", "database-answers-again")]


def check_again(house, dispenser):
    taken = dispenser.acknowledged
    ends = time.monotonic() + AGAIN_SECONDS_MAX
    while dispenser.acknowledged == taken and time.monotonic() < ends:
        dispenser.post()
        time.sleep(0.2)
    if dispenser.acknowledged == taken:
        return "reports are not taken again"
    kept = [int(row[0]) for row in house.sql("SELECT seq FROM events ORDER BY seq")]
    if kept != list(range(1, len(kept) + 1)) or len(kept) < dispenser.acknowledged:
        return f"{dispenser.acknowledged} events were acknowledged, {len(kept)} are kept"
    while (told := told_in(house.log)) != [1, 1] and time.monotonic() < ends:
        time.sleep(0.2)
    if told != [1, 1]:
        return f"the silence was told {told[0]} times, its end {told[1]}"
    lines = house.log.read_text().splitlines()
    begun, ended = (next(at for at, line in enumerate(lines) if word in line) for word in ('"database-silent"', '"database-answers-again"'))
    return None if ended - begun <= LINES_MAX else f"{ended - begun} lines tell of one silence"


def check_stop(house):
    """TERM while the database says nothing: the service ends, and its server with it."""
    begun = time.monotonic()
    status = house.stop()
    seconds = time.monotonic() - begun
    print(f"# stopped within {seconds:.1f} s")
    return None if status == 0 and seconds < STOP_SECONDS_MAX else f"it ended with {status} after {seconds:.1f} s"


def ask_and_leave(house):
    """Somebody whose question is open while the service is told to stop."""
    try:
        house.call("nobody", "GET", "/readyz")
    except OSError:
        pass  # the door may be closed before it was heard


def run(house):
    house.make_device("dispenser", "d-7")
    dispenser = Dispenser(house, 7)
    for _ in range(3):
        dispenser.post()
    with Stopped(house):
        problem = check_put_off(house, dispenser)
    problem = problem or check_again(house, dispenser)
    if problem:
        return problem
    with Stopped(house):
        asking = threading.Thread(target=ask_and_leave, args=(house,))
        asking.start()
        time.sleep(0.5)
        problem = check_stop(house)
        asking.join()
    house.start()
    status, report = house.check_journal()
    return problem or (None if status == 0 and report["whole"] else f"the journal is not whole: {json.dumps(report)}")


def main():
    print("1..1", flush=True)
    house = House()
    try:
        problem = run(house)
    finally:
        signs, log = house.close()
    problem = problem or (f"the log holds {signs[0]}" if signs else None)
    if problem:
        print("# " + "\n# ".join(log.splitlines()[-20:]))
    print(f"not ok 1 - {problem}" if problem else "ok 1 - a database that keeps silent puts callers off in time")
    sys.exit(1 if problem else 0)


if __name__ == "__main__":
    main()
