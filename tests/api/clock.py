#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The clock of the service is set by an hour, forward and back, while alarms wait and messages go out. TAP.

Also: rolls over both changes of daylight saving time and over a leap day have each moment once (REQ-018).
"""
import base64
import json
import mmap
import os
import pathlib
import shutil
import struct
import tempfile
import time

import tap
import webhooks
from desk import Desk
from house import ROOT, TOOLS, House

HOUR_S = 3600
SECONDS_MAX = 20
QUIET_SECONDS = 3  # several rounds of who looks for missed moments


class Warp:
    """How much later it is for a program than for us."""

    def __init__(self, folder):
        path = folder / "warp"
        path.write_bytes(bytes(8))
        with open(path, "r+b") as file:
            self.room = mmap.mmap(file.fileno(), 8)
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        self.environment = {**os.environ, "LD_PRELOAD": str(TOOLS / "warp.so"), "RW_WARP": str(path), "ASAN_OPTIONS": asan}

    def to(self, seconds):
        self.room[:] = struct.pack("q", seconds)


def wait_for(condition):
    ends = time.monotonic() + SECONDS_MAX
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)
    return condition()


def jumps(house):
    return [json.loads(line)["seconds"] for line in house.log.read_text().splitlines() if '"clock-was-set"' in line]


def unsealed(house):
    return house.sql("SELECT count(*) FROM journal AS j WHERE NOT EXISTS"
                     " (SELECT 1 FROM journal_seal AS s WHERE s.journal_id = j.journal_id)") != [["0"]]


def alarms(house):
    return house.sql("SELECT type FROM alarms")


def post(house, seq, kind, serial):
    event = {"id": f"01936d4a-0000-7000-8000-{seq:012d}", "seq": seq, "at": "2026-11-23T07:00:00.000Z", "type": kind,
             "serial": serial, **({"cause": "manual"} if kind == "released" else {})}
    return house.call("d-1", "POST", "/v1/dispensers/d-1/events", {"events": [event]}).status


def forward_is_not_believed_at_once(desk, warp):
    """What would be missed in the hour that was left out is not, unless the clock stays there."""
    house = desk.house
    desk.client("k1", "d-1")
    roll = desk.plan("k1", 0, 2)["roll"]
    desk.verify(roll)
    desk.release(roll, "d-1")
    soon_ms = int((time.time() + HOUR_S / 2) * 1000)
    house.sql(f"UPDATE moments SET alarm_ms = {soon_ms}")
    warp.to(HOUR_S)
    assert wait_for(lambda: len(jumps(house)) == 1), "nobody noticed"
    time.sleep(QUIET_SECONDS)
    assert alarms(house) == [], f"a storm of false alarms: {alarms(house)}"
    assert desk.schedule("d-1")["roll"] == roll, "the certificate does not hold any more"
    assert post(house, 1, "roll_loaded", roll + "001") == 200
    warp.to(0)
    assert wait_for(lambda: len(jumps(house)) == 2), "nobody noticed"
    time.sleep(QUIET_SECONDS)
    assert alarms(house) == [], f"a storm of false alarms: {alarms(house)}"


def nothing_is_missed_after_the_clock_was_set_back(desk, warp):
    """An alarm is raised, told although its next try lies an hour ahead, and sealed in the journal."""
    house = desk.house
    house.sql("UPDATE moments SET alarm_ms = 1 WHERE n = 1")
    assert wait_for(lambda: alarms(house) == [["missed"]]), f"{alarms(house)}"
    assert wait_for(lambda: len(webhooks.Centre.calls) == 1), "it was not told once"
    warp.to(-HOUR_S)
    assert wait_for(lambda: len(jumps(house)) == 3), "nobody noticed"
    assert wait_for(lambda: webhooks.Centre.taken), "the message waits for an hour to come again"
    assert desk.call("GET", "/v1/alarms").status == 200
    assert wait_for(lambda: not unsealed(house)), "the journal is not sealed until the hour has come again"
    house.sql(f"UPDATE moments SET alarm_ms = {int((time.time() - HOUR_S) * 1000) - 1} WHERE n = 2")
    assert wait_for(lambda: len(alarms(house)) == 2), f"{alarms(house)}"
    answers = [post(house, 2, "released", roll_of(house) + "003") for _ in range(2)]
    kept = house.sql("SELECT count(*) FROM events WHERE type = 'released'")
    assert (answers, kept) == ([200, 200], [["1"]]), f"a report and its repetition: {answers}, {kept}"
    warp.to(0)
    assert wait_for(lambda: len(jumps(house)) == 4), "nobody noticed"
    time.sleep(QUIET_SECONDS)
    assert len(alarms(house)) == 2, f"{alarms(house)}"


def roll_of(house):
    return house.sql("SELECT DISTINCT roll FROM moments")[0][0]


def each_moment_is_there_once(desk, _):
    """Two a day, at the same time of the wall, on days of 23, 24 and 25 hours and on the 29th of February."""
    products = (ROOT / "samples/products.json").read_text().replace("2027-09-30", "2029-09-30")
    assert desk.call("PUT", "/v1/products", products.encode()).status == 200
    for first, offsets in (("2027-03-27", ["+01:00", "+02:00", "+02:00"]), ("2027-10-30", ["+02:00", "+01:00", "+01:00"]),
                           ("2028-02-28", ["+01:00"] * 3)):
        answer = desk.call("POST", "/v1/rolls", {"client": "k1", "from": first, "days": 3})
        assert answer.status == 201, answer.body
        bags = desk.call("GET", f"/v1/rolls/{answer.json['roll']}").json["bags"]
        times = [bag["at"] for bag in bags if bag["kind"] == "dose"]
        assert len(times) == 6 and times == sorted(set(times)), times
        assert {time[11:16] for time in times[::2]} == {times[0][11:16]} and times[0][11:16] != times[1][11:16], times
        assert [time[16:] for time in times[::2]] == offsets, times
        if first.startswith("2028"):
            assert times[2].startswith("2028-02-29") and times[4].startswith("2028-03-01"), times


def the_journal_is_whole(desk, _):
    status, report = desk.house.check_journal()
    assert status == 0, report


TESTS = [forward_is_not_believed_at_once, nothing_is_missed_after_the_clock_was_set_back, each_moment_is_there_once,
         the_journal_is_whole]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rw-clock-"))
    webhooks.REFUSED_FIRST = 1
    server = webhooks.listen(folder)
    hook = {"topic": "alarm", "url": f"https://127.0.0.1:{server.server_port}/", "ca": str(folder / "ca"),
            "secret": "whsec_" + base64.b64encode(webhooks.SECRET).decode()}
    (folder / "service.json").write_text(json.dumps({"format": "rolwacht/service/1", "webhooks": [hook]}))
    warp = Warp(folder)
    desk = Desk(House(extra=["--config", folder / "service.json"], environment=warp.environment))
    try:
        tap.play(TESTS, desk.house, desk, warp)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
