#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A database that is gone: each request is put off, the log does not grow with them, and all goes on afterwards. TAP."""
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import clusters  # noqa: E402
import tap  # noqa: E402
from house import House  # noqa: E402
from ledger import Dispenser  # noqa: E402

QUESTIONS = 400
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
    tap.conclude("a database that is gone fills no disk with lines", wrong, signs, log)


if __name__ == "__main__":
    main()
