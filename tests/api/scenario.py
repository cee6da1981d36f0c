#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays scenarios: files of requests and expected answers against the real service. Output is TAP.

The words of a scenario, one a line ("#" begins a remark, $NAME stands for what was kept,
$SOON for a day that lies ahead):
  token NAME ROLE               a bearer token          device ROLE ID     an enrolled device
  as WHO METHOD PATH [JSON]     a request; "< FILE" sends a file, "+ NAME: VALUE" adds a header
  within SECONDS as …           the same, asked again until the next "expect" holds
  expect STATUS [PLACE=VALUE]   of the last answer: PLACE is a member "a.0.b", "a.#" a length,
                                "header.NAME", or "text" for a part of the body
  keep NAME PLACE               remembers a value of the last answer
  verdict LINE ROLL SERIAL WORD [REASON]   SERIAL "all" stands for every bag
  begin / end                   the request between runs while the lines after "begin" go on
  journal ACTION TYPE [ID]      such a row is in the journal
  renew DEVICE                  gets its next certificate; DEVICE.old shows the one before
  sql STATEMENT                 as the owner of the tables
  check-journal STATUS          stops, checks the chain, starts again
  config JSON                   starts again with these members in its configuration file
  restart / kill / kill-database
"""
import functools
import json
import pathlib
import shlex
import sys
import threading
import time

import tap
from house import ROOT, Answer, House, soon


class Wrong(Exception):
    """What was expected did not happen."""


class Play:
    """One scenario being played."""

    def __init__(self, house):
        self.house = house
        self.kept = {"SOON": soon()}
        self.last = None
        self.again = None
        self.thread = None

    def value(self, place):
        if place == "text":
            return self.last.body.decode(errors="replace")
        if place.startswith("header."):
            return self.last.headers.get(place[len("header."):].lower())
        node = self.last.json
        for step in place.split("."):
            if step == "#":
                node = len(node)
            elif isinstance(node, list):
                node = node[int(step)] if int(step) < len(node) else None
            else:
                node = (node or {}).get(step)
        return node

    def text(self, value):
        return json.dumps(value) if isinstance(value, (bool, type(None))) else str(value)

    def do_token(self, rest):
        self.house.make_token(*rest.split())

    def do_device(self, rest):
        self.house.make_device(*rest.split())

    def do_as(self, rest):
        headers = {}
        while " + " in rest:
            rest, extra = rest.rsplit(" + ", 1)
            name, value = extra.split(": ", 1)
            headers[name] = value
        who, method, path, *body = rest.split(" ", 3)
        body = body[0] if body else None
        if body and body.startswith("< "):
            body = (ROOT / body[2:]).read_bytes()
        elif body:
            body = body.encode()
        try:
            self.last = self.house.call(who, method, path, body, headers)
        except OSError as error:
            self.last = Answer(0, [], str(error).encode())

    def do_within(self, rest):
        """Asks again until the lines that expect something after it hold, at most so many seconds."""
        seconds, rest = rest.split(" ", 1)
        self.again = (time.monotonic() + int(seconds), rest.removeprefix("as "))
        self.do_as(self.again[1])

    def do_expect(self, rest):
        while self.again and time.monotonic() < self.again[0]:
            try:
                return self.expect(rest)
            except Wrong:
                time.sleep(0.2)
                self.do_as(self.again[1])
        return self.expect(rest)

    def expect(self, rest):
        status, *pairs = shlex.split(rest)
        if self.last.status != int(status):
            raise Wrong(f"{self.last.status} came: {self.last.body[:500]}")
        for pair in pairs:
            place, wanted = pair.split("=", 1)
            seen = self.value(place)
            good = wanted in seen if place == "text" else self.text(seen) == wanted
            if not good:
                raise Wrong(f"{place} is {self.text(seen)[:500]}")

    def do_keep(self, rest):
        name, place = rest.split()
        self.kept[name] = self.text(self.value(place))

    def do_verdict(self, rest):
        line, roll, serial, word, *reasons = rest.split()
        serials = [one for _, one in self.house.bags(roll)] if serial == "all" else [serial]
        for one in serials:
            self.last = self.house.verdict(line, roll, one, word, reasons)

    def do_renew(self, rest):
        self.house.renew(rest)

    def do_begin(self, rest):
        play = Play(self.house)
        self.thread = threading.Thread(target=play.do_as, args=(rest,))
        self.thread.play = play
        self.thread.start()
        time.sleep(0.5)

    def do_end(self, _):
        self.thread.join()
        self.last = self.thread.play.last

    def do_journal(self, rest):
        action, kind, *object_id = rest.split()
        where = f"action = '{action}' AND object_type = '{kind}'"
        if object_id:
            where += f" AND object_id = '{object_id[0]}'"
        if self.house.sql(f"SELECT count(*) FROM journal WHERE {where}")[0][0] == "0":
            raise Wrong("there is no such row")

    def do_sql(self, rest):
        self.house.sql(rest)

    def do_check_journal(self, rest):
        status, report = self.house.check_journal()
        if status != int(rest):
            raise Wrong(f"{status} came: {report}")

    def do_restart(self, _):
        if self.house.stop() != 0:
            raise Wrong("the service did not stop well")
        self.house.start()

    def do_config(self, rest):
        path = self.house.top / "config.json"
        path.write_text(json.dumps({"format": "rolwacht/service/1", **json.loads(rest)}))
        self.house.extra = ["--config", path]
        self.do_restart("")

    def do_kill(self, _):
        self.house.kill()
        self.house.start()

    def do_kill_database(self, _):
        self.house.kill_database()
        try:
            self.house.wait_until_ready()
        except RuntimeError as error:
            raise Wrong(str(error)) from error

    def play(self, path):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            for name in sorted(self.kept, key=len, reverse=True):
                line = line.replace("$" + name, self.kept[name])
            word, _, rest = line.partition(" ")
            try:
                if word == "as":
                    self.again = None
                getattr(self, "do_" + word.replace("-", "_"))(rest)
            except (Wrong, AssertionError, KeyError, TypeError) as error:
                return f"line {number}: {line}: {error}"
        return None


def played(path):
    """The scenario in a house of its own, whose log holds no fault."""
    house = House()
    try:
        wrong = Play(house).play(path)
    finally:
        signs, log = house.close()
    wrong = [*([wrong] if wrong else []), *(f"the log holds {sign}" for sign in signs)]
    if wrong:
        tap.tell_end(log)
    return wrong


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]]
    tap.play([(path.read_text().splitlines()[0].lstrip("# ").rstrip("."), functools.partial(played, path)) for path in paths],
             None)


if __name__ == "__main__":
    main()
