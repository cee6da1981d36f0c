#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills service or database while rolls are released; each release is whole or is not there. TAP.

RW_SEED repeats a run, RW_ROUNDS says how many releases are cut off.
"""
import json
import os
import pathlib
import random
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / "bench")]
import clients  # noqa: E402
from house import ROOT, House, soon  # noqa: E402

ROUNDS = int(os.environ.get("RW_ROUNDS", "4"))

# What a release writes, all of it in one transaction: each counts once for a roll that is out.
TRACES = {
    "state": "SELECT count(*) FROM rolls WHERE roll = '{roll}' AND state = 'released'",
    "schedule": "SELECT count(*) FROM schedules WHERE roll = '{roll}'",
    "dispenser": "SELECT count(*) FROM dispensers WHERE dispenser_id = '{dispenser}' AND version = 1",
    "change": "SELECT count(*) FROM schedule_change WHERE dispenser_id = '{dispenser}' AND version = 1",
    "message": "SELECT count(*) FROM outbox WHERE topic = 'schedule' AND payload::json ->> 'roll' = '{roll}'",
    "journal": "SELECT count(*) FROM journal WHERE action = 'release' AND object_id = '{roll}'",
    "moments": "SELECT count(*) / greatest(1, (SELECT count(*) FROM bags WHERE roll = '{roll}' AND n > 0"
               " AND until IS NULL) - 1) FROM moments WHERE roll = '{roll}'",
}


def prepare(house, folder, count):
    """Verified rolls of invented clients, as (roll, dispenser)."""
    house.make_token("apo", "apotheker")
    house.make_device("line", "l-1")
    for kind in ("policy", "products"):
        assert house.call("apo", "PUT", f"/v1/{kind}", (ROOT / f"samples/{kind}.json").read_bytes()).status == 200
    clients.write(folder, count, seed=11)
    ready = []
    for number, path in enumerate(sorted(pathlib.Path(folder).glob("*.json"))):
        assert house.call("apo", "POST", "/v1/orders", path.read_bytes()).status == 201
        answer = house.call("apo", "POST", "/v1/rolls", {"client": path.stem, "from": soon(), "days": 1})
        assert answer.status == 201, answer.body
        roll = answer.json["roll"]
        reasons = [{"finding": finding["id"], "reason": "gezien"}
                   for finding in answer.json["findings"] if finding["severity"] == "O"]
        answer = house.call("apo", "POST", f"/v1/rolls/{roll}/approve", {"overrides": reasons})
        assert answer.status == 200, answer.body
        assert house.call("apo", "POST", f"/v1/rolls/{roll}/print").status == 200
        for _, serial in house.bags(roll):
            house.verdict("l-1", roll, serial, "pass", judged=("code", "order", "print", "pieces"))
        house.make_device("dispenser", f"d-{number}")
        ready.append((roll, f"d-{number}"))
    return ready


class Release(threading.Thread):
    """Asks once and remembers what came back, if anything did."""

    def __init__(self, house, roll, dispenser):
        super().__init__(daemon=True)
        self.house, self.roll, self.dispenser = house, roll, dispenser
        self.status = None

    def run(self):
        try:
            self.status = self.house.call("apo", "POST", f"/v1/rolls/{self.roll}/release",
                                          {"dispenser": self.dispenser}).status
        except OSError:
            pass


def traces(house, roll, dispenser):
    return {name: int(house.sql(sql.format(roll=roll, dispenser=dispenser))[0][0]) for name, sql in TRACES.items()}


def measure(house, roll, dispenser):
    """How long a release takes that nobody cuts off: the others are cut before, within and just behind that."""
    begun = time.monotonic()
    status = house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": dispenser}).status
    took = time.monotonic() - begun
    found = traces(house, roll, dispenser)
    assert status == 200 and set(found.values()) == {1}, (status, found)
    return took * 1.3


def cut_off(house, wait_s, number, roll, dispenser):
    """One release with a kill somewhere in it; what is wrong afterwards, and whether it was answered."""
    release = Release(house, roll, dispenser)
    release.start()
    time.sleep(wait_s)
    if number % 2 == 0:
        house.kill()
        release.join(60)
        house.start()
    else:
        house.kill_database()
        release.join(60)
    house.wait_until_ready()
    found = traces(house, roll, dispenser)
    if len(set(found.values())) != 1 or max(found.values()) > 1:
        return f"round {number}: half a release: {json.dumps(found)}", release.status
    if release.status == 200 and found["state"] != 1:
        return f"round {number}: an answered release is lost", release.status
    again = house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": dispenser}).status
    if again != (409 if found["state"] else 200):
        return f"round {number}: asked again, {again} came", release.status
    found = traces(house, roll, dispenser)
    if set(found.values()) != {1}:
        return f"round {number}: after asking again: {json.dumps(found)}", release.status
    answer = house.call(dispenser, "GET", f"/v1/dispensers/{dispenser}/schedule")
    if answer.status != 200 or answer.headers["etag"] != '"v1"':
        return f"round {number}: {answer.status} came for the schedule", release.status
    return None, release.status


def main():
    seed = int(os.environ.get("RW_SEED", str(random.SystemRandom().getrandbits(32))))
    print(f"1..1\n# RW_SEED={seed} RW_ROUNDS={ROUNDS}", flush=True)
    dice = random.Random(seed)
    house = House()
    wrong = []
    statuses = []
    try:
        first, *others = prepare(house, house.top / "orders", ROUNDS + 1)
        longest = measure(house, *first)
        for number, (roll, dispenser) in enumerate(others):
            problem, status = cut_off(house, dice.uniform(0, longest), number, roll, dispenser)
            statuses.append(status)
            wrong += [problem] if problem else []
        status, report = house.check_journal()
        if status != 0:
            wrong.append(f"the journal is broken: {json.dumps(report)}")
        answered = sum(status == 200 for status in statuses)
        print(f"# {answered} of {ROUNDS} were answered before the kill", flush=True)
    finally:
        signs, log = house.close()
    wrong += [f"the log holds {sign}" for sign in signs]
    for line in wrong:
        print("# " + line)
    if wrong:
        print("# " + "\n# ".join(log.splitlines()[-20:]))
    print(f"{'not ok' if wrong else 'ok'} 1 - a release that is cut off is whole or is not there (REQ-017)")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
