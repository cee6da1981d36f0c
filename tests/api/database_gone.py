#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A database that is gone: each request is put off, the log does not grow with them, and all goes on afterwards. TAP."""
import shutil
import time

import clusters
import tap
from house import House
from ledger import Dispenser

QUESTIONS = 400
ENDS = 4
SECONDS_MAX = 60
LINES_MAX = 40  # of them and of all that the service itself tries meanwhile


def ask(house):
    """Of two kinds, in turn."""
    return [house.call("nobody", "GET", "/readyz" if number % 2 else "/v1/rolls").status for number in range(QUESTIONS)]


def run(house, database):
    house.make_device("dispenser", "d-7")
    dispenser = Dispenser(house, 7)
    dispenser.post()
    before = len(house.log.read_text().splitlines())
    database.stop()
    statuses = ask(house)
    lines = house.log.read_text().splitlines()[before:]
    print(f"# {QUESTIONS} questions, {len(lines)} lines", flush=True)
    if not set(statuses) <= {401, 503} or statuses.count(503) < QUESTIONS // 2:
        yield f"the answers were {sorted(set(statuses))}"
    if not any('"request-failed"' in line for line in lines):
        yield "the log does not tell of it"
    if len(lines) > LINES_MAX:
        yield f"{len(lines)} lines tell of it"
    database.start()
    house.wait_until_ready()
    mark = dispenser.acknowledged
    dispenser.post()
    if dispenser.acknowledged <= mark:
        yield "reports are not taken afterwards"
    yield from dispenser.strange


def started_again(house, before):
    try:
        return house.database_pid() != before
    except (OSError, ValueError):  # between two of them
        return False


def keep_ending():
    """A database of its own, which is started again each time. Gives the signs of a bug, the log, what is wrong."""
    house = House()
    for _ in range(ENDS):
        before = house.database_pid()
        house.kill_database()
        ends = time.monotonic() + SECONDS_MAX
        while not started_again(house, before) and time.monotonic() < ends:
            time.sleep(0.05)
        house.wait_until_ready()
    signs, log = house.close()
    wrong = []
    if log.count('"event":"database-ended"') != 1:
        wrong.append(f"{ENDS} ends are {log.count('database-ended')} lines")
    if f'"line":"database-ended","times":"{ENDS - 1}"' not in log:
        wrong.append("how often it ended is not told")
    return signs, log, wrong


def main():
    print("1..1", flush=True)
    top = clusters.folder()
    database = clusters.Cluster(top, "db")
    database.make()
    place = f"host=127.0.0.1 port={database.port} dbname=rolwacht user=rolwacht_owner"
    house = House(extra=["--database", place])
    try:
        wrong = list(run(house, database))
    finally:
        signs, log = house.close()
        database.stop()
        shutil.rmtree(top)
    counted = [line for line in log.splitlines() if '"line-repeated"' in line and '"request-failed unavailable /readyz"' in line]
    if not counted:
        wrong.append("how often it came again is not told")
    more_signs, more_log, more_wrong = keep_ending()
    tap.conclude("a database that is gone, or ends again and again, fills no disk with lines", wrong + more_wrong,
                 signs + more_signs, log + more_log)


if __name__ == "__main__":
    main()
