#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills service or database at each of its calls to the world, while rolls go out and come home. TAP.

Each subject is a client whose roll is released, replaced (in its dispenser or in another) and used
up, with the last bag jammed. Each of the three acts is cut off once: by a count of the calls that the
service, or the database, has made since it began (tests/api/killer.c). After each cut everything of
the act is there or nothing; what was answered is there; the act can be asked for again; and each
message reaches the other end at least once, under one id.

RW_ROUNDS subjects a run (3 kills each), spread over all calls; RW_SEED repeats a run. For hundreds of kills,
after a build: PYTHONPATH=tests/support RW_ROUNDS=200 nice python3 tests/api/killed.py, which says at its end what was cut off where.
"""
import base64
import http.client
import json
import mmap
import os
import pathlib
import random
import shutil
import struct
import tempfile
import threading
import time
import uuid

import clusters
import webhooks
import tap
from desk import AMLODIPINE, Desk, day
from house import TOOLS, House

ROUNDS = int(os.environ.get("RW_ROUNDS", "4"))
DAYS = 2
SETTLED_SECONDS_MAX = 30  # a message in hand of who was killed is taken up again after 20
ANSWER_SECONDS_MAX = 20
ACT_SECONDS_MAX = 2  # with its message: a message of before may hold the next one up
MANY = 1 << 40
GOLDEN = (5 ** 0.5 - 1) / 2
ROOM_BYTES = 1 << 30
WRONG_MAX = 20


class Points:
    """The calls of one program to the world: counted, or cut off at one of them."""

    def __init__(self, path):
        path.write_bytes(bytes(8))
        path.chmod(0o666)
        with open(path, "r+b") as file:
            self.left = mmap.mmap(file.fileno(), 8)
        killer = shutil.copy(TOOLS / "killer.so", path.parent)  # where the database's account can read it
        preload = ":".join(filter(None, [os.environ.get("LD_PRELOAD"), killer]))
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        self.environment = {**os.environ, "LD_PRELOAD": preload, "RW_KILLER": str(path), "ASAN_OPTIONS": asan}

    def arm(self, count):
        self.left[:] = struct.pack("q", count)

    def rest(self):
        return struct.unpack("q", self.left[:])[0]


class Outside(House):
    """A service whose database is not its own, so that each can be killed alone."""

    def __init__(self, cluster, extra, environment):
        self.cluster = cluster
        super().__init__(extra=extra, environment=environment)

    def sql(self, statement, database="rolwacht"):
        return [line.split("|") for line in self.cluster.sql(statement, database)]


class World:
    """Service, database and the other end of the webhook, with what may happen to them."""

    def __init__(self):
        webhooks.REFUSED_FIRST = 0
        memory = pathlib.Path("/dev/shm")  # who is killed loses nothing that lies there, and is back sooner
        roomy = memory.exists() and shutil.disk_usage(memory).free > ROOM_BYTES
        self.top = pathlib.Path(clusters.folder(memory if roomy else None))
        self.folder = folder = pathlib.Path(tempfile.mkdtemp(prefix="rw-killed-"))
        folder.chmod(0o755)
        self.points = {name: Points(folder / name) for name in ("service", "database")}
        self.cluster = clusters.Cluster(self.top, "db")
        self.cluster.host = str(self.top)
        self.cluster.make()
        self.cluster.stop()
        self.cluster.environment = self.points["database"].environment
        self.cluster.start()
        self.listener = webhooks.listen(folder)
        hook = {"url": f"https://127.0.0.1:{self.listener.server_port}/", "ca": str(folder / "ca"),
                "secret": "whsec_" + base64.b64encode(webhooks.SECRET).decode()}
        (folder / "service.json").write_text(json.dumps({
            "format": "rolwacht/service/1", "escalate_after_s": 0, "silent_after_s": 0, "requests_per_s": 0,
            "webhooks": [{"topic": topic, **hook} for topic in ("alarm", "schedule")]}))
        database = f"host={self.top} port={self.cluster.port} dbname=rolwacht user=rolwacht_owner"
        self.house = Outside(self.cluster, ["--database", database, "--config", folder / "service.json"],
                             self.points["service"].environment)
        self.desk = Desk(self.house)
        self.restarts = []

    def revive(self, victim):
        """Starts again what was killed."""
        begun = time.monotonic()
        (self.house if victim == "service" else self.cluster).process.wait(ANSWER_SECONDS_MAX)
        if victim == "service":
            self.house.process.stdout.close()
            self.house.start()
        else:
            self.cluster.start()
            self.house.wait_until_ready(step=0.01)
        self.restarts.append(time.monotonic() - begun)

    @staticmethod
    def reached(act):
        """What the other end got of this act, as ids and texts."""
        return [(headers["webhook-id"], body) for headers, body in list(webhooks.Centre.taken) if act.message() in body]

    def waiting(self):
        return self.house.sql("SELECT topic, exit, payload, attempts, fault FROM outbox WHERE done_ms IS NULL")

    def close(self):
        signs, log = self.house.close()
        self.cluster.stop()
        self.listener.shutdown()
        shutil.rmtree(self.top)
        shutil.rmtree(self.folder)
        return signs, log


def wait_for(condition, seconds=SETTLED_SECONDS_MAX, step=0.005):
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(step)
    return condition()


class Subject:
    """A client with a roll that is ready to go out."""

    def __init__(self, desk, number):
        self.desk = desk
        self.client, self.first = f"k{number}", f"d-{number}"
        self.home = f"d-{number}b" if number % 2 else self.first  # where the second roll lies
        desk.client(self.client, self.first)
        if self.home != self.first:
            desk.house.make_device("dispenser", self.home)
        self.old = desk.plan(self.client, 0, DAYS)["roll"]
        desk.verify(self.old)
        self.new = None
        self.batch = None
        self.asked = None

    def rows(self, statement):
        """The numbers of one row, by the names of its columns."""
        names = [part.rsplit(" AS ", 1)[1] for part in statement.split(" ;; ")]
        query = "SELECT " + ", ".join(part.rsplit(" AS ", 1)[0] for part in statement.split(" ;; "))
        return dict(zip(names, map(int, self.desk.house.sql(query)[0])))

    def count(self, **questions):
        return self.rows(" ;; ".join(f"(SELECT count(*) FROM {text}) AS {name}" for name, text in questions.items()))


class Release:
    """A verified roll is given to a dispenser."""
    name = "release"

    def __init__(self, subject):
        self.subject = subject
        self.roll, self.dispenser, self.version = subject.old, subject.first, 1

    def message(self):
        return f'"dispenser":"{self.dispenser}","version":{self.version},"roll":"{self.roll}"'.encode()

    def ask(self):
        desk = self.subject.desk
        return desk.call("POST", f"/v1/rolls/{self.roll}/release", {"dispenser": self.dispenser}).status

    again = (409, 200)  # what asking again gives where it is done, and where it is not

    def traces(self):
        """What the act writes, all of it in one transaction: each counts 1 or each counts 0."""
        roll, place = self.roll, f"dispenser_id = '{self.dispenser}' AND version = {self.version}"
        return self.subject.count(
            state=f"rolls WHERE roll = '{roll}' AND state = 'released'", schedule=f"schedules WHERE {place} AND roll = '{roll}'",
            dispenser=f"dispensers WHERE {place}", change=f"schedule_change WHERE {place}",
            message=f"outbox WHERE exit = '' AND topic = 'schedule' AND payload::json ->> 'roll' = '{roll}'"
                    f" AND payload::json ->> 'dispenser' = '{self.dispenser}'",
            journal=f"journal WHERE action = 'release' AND object_id = '{roll}'",
            moments=f"(SELECT 1 FROM moments WHERE roll = '{roll}' LIMIT 1) AS m")

    def other_wrong(self):
        """One roll is valid at each moment, and not two: also halfway through a replacement."""
        rolls = f"('{self.subject.old}', '{self.subject.new}')"
        found = self.subject.count(
            waiting=f"moments WHERE roll IN {rolls} AND state = 'waiting'",
            times=f"(SELECT DISTINCT at FROM moments WHERE roll IN {rolls} AND state = 'waiting') AS t")
        if set(found.values()) not in ({2 * DAYS}, {0} if self.name == "release" else {2 * DAYS}):
            yield f"moments that wait: {found}"


class Replace(Release):
    """Another roll takes its place."""
    name = "replace"

    def __init__(self, subject):
        desk = subject.desk
        desk.report(subject.first, "roll_loaded", desk.serials(subject.old)[1])
        if subject.home == subject.first:  # else the whole roll moves as it is
            desk.order((f"o-{subject.client}-2", subject.client, AMLODIPINE, "1", "morning", day(1), ""))
        subject.new = desk.plan(subject.client, 0, DAYS, replaces=subject.old)["roll"]
        desk.verify(subject.new)
        super().__init__(subject)
        self.roll, self.dispenser = subject.new, subject.home
        self.version = 2 if subject.home == subject.first else 1

    def traces(self):
        subject = self.subject
        if subject.home == subject.first:
            return {**super().traces(), **subject.count(
                cut=f"(SELECT 1 FROM bags WHERE roll = '{subject.old}' AND until IS NOT NULL LIMIT 1) AS m")}
        place = f"dispenser_id = '{subject.first}' AND version = 2"
        return {**super().traces(), **subject.count(
            ended=f"rolls WHERE roll = '{subject.old}' AND state = 'superseded'", elsewhere=f"schedules WHERE {place}",
            told=f"outbox WHERE exit = '' AND topic = 'schedule' AND payload::json ->> 'version' = '2'"
                 f" AND payload::json ->> 'dispenser' = '{subject.first}'")}


class Report:
    """The dispenser hands out what it has; the last bag jams and is withheld."""
    name = "report"
    again = (200, 200)

    def __init__(self, subject):
        self.subject = subject
        desk, house = subject.desk, subject.desk.house
        waiting = house.sql(f"SELECT roll, serial FROM moments WHERE dispenser_id = '{subject.home}'"
                            " AND state = 'waiting' ORDER BY at::timestamptz")
        kinds, roll = [], None
        for number, (of, serial) in enumerate(waiting, 1):
            kinds += [("roll_loaded", serial)] if of != roll else []
            kinds += [("jam", serial), ("withheld", serial)] if number == len(waiting) else [("released", serial)]
            roll = of
        self.before = desk.seq.get(subject.home, 0)
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        self.batch = [{"id": str(uuid.uuid4()), "seq": self.before + n, "at": now, "type": kind, "serial": serial,
                       **({"cause": "scheduled"} if kind == "released" else {})} for n, (kind, serial) in enumerate(kinds, 1)]
        self.jammed = waiting[-1][1]

    def message(self):
        return f'"roll":"{self.jammed[:9]}","bag":'.encode()

    def ask(self):
        return self.subject.desk.call("POST", f"/v1/dispensers/{self.subject.home}/events", {"events": self.batch},
                                      self.subject.home).status

    def traces(self):
        place, count = f"dispenser_id = '{self.subject.home}'", len(self.batch)
        found = self.subject.count(
            events=f"events WHERE {place} AND seq > {self.before}",
            seq=f"dispensers WHERE {place} AND last_seq = {self.before + count}",
            moments=f"moments WHERE {place} AND state IN ('released', 'withheld')",
            alarm=f"alarms WHERE {place} AND type = 'jam'",
            message=f"outbox WHERE exit = '' AND topic = 'alarm' AND payload::json ->> 'dispenser' = '{self.subject.home}'",
            journal="journal AS j JOIN alarms AS a ON a.alarm_id = j.object_id AND j.action = 'raise'"
                    f" WHERE a.{place}",
            finished=f"rolls WHERE roll = '{self.jammed[:9]}' AND state = 'finished'")
        found["events"] = found["events"] / count
        found["moments"] = found["moments"] / (2 * DAYS)
        return found

    def other_wrong(self):
        kept = self.subject.desk.house.sql(
            f"SELECT event_id FROM events WHERE dispenser_id = '{self.subject.home}' AND seq > {self.before} ORDER BY seq")
        if kept and [row[0] for row in kept] != [one["id"] for one in self.batch]:
            yield f"what is kept is not what was sent: {kept}"


class Asked(threading.Thread):
    """Asks once and remembers what came back, if anything did, and when."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self.act, self.status, self.took = act, None, 0.0

    def run(self):
        begun = time.monotonic()
        try:
            self.status = self.act.ask()
        except (OSError, http.client.HTTPException):
            pass
        self.took = time.monotonic() - begun


def run(world, act, victim, count):
    """The act, in which the victim dies at its call number `count`; the calls up to the answer and in all."""
    world.points[victim].arm(count)
    asked = Asked(act)
    asked.start()
    points = world.points[victim]
    asked.join(ANSWER_SECONDS_MAX)
    answered = count - points.rest()
    wait_for(lambda: points.rest() <= 0 or (world.reached(act) and not asked.is_alive()), ACT_SECONDS_MAX)
    time.sleep(0.03)  # what follows the delivery is part of it
    calls = (answered, count - points.rest())
    died = points.rest() <= 0
    points.arm(0)
    if died:
        world.revive(victim)
    asked.join(ANSWER_SECONDS_MAX)
    return asked, died, calls


def judge(world, act, asked):
    """What is wrong behind a cut, before and after the act is asked for again."""
    found = act.traces()
    if len(set(found.values())) != 1 or set(found.values()) - {0, 1}:
        yield f"half of it: {json.dumps(found)}"
    done = found[next(iter(found))]
    if asked.status == 200 and not done:
        yield "it was answered and is lost"
    if asked.is_alive() or asked.took > ANSWER_SECONDS_MAX:
        yield f"it was answered after {asked.took:.1f} s"
    if asked.status not in (None, 200, 503):
        yield f"the answer was {asked.status}"
    yield from act.other_wrong()
    again = act.ask()
    if again != act.again[0 if done else 1]:
        yield f"asked again, {again} came"
    if set(act.traces().values()) != {1}:
        yield f"asked again, there is {json.dumps(act.traces())}"
    yield from act.other_wrong()


def judge_messages(world, acts):
    """What is wrong at the other end, once everything had its time."""
    wait_for(lambda: all(world.reached(act) for act in acts) and not world.waiting(), step=0.1)
    for act in acts:
        if len(set(world.reached(act))) != 1:
            yield f"{act.name} of {act.subject.client}: the other end has {set(world.reached(act))}"
    if world.waiting():
        yield f"there waits {world.waiting()}"


class Tally:
    """How many calls an act has, up to its answer and up to the end, and what was cut off where."""

    def __init__(self, phase):
        self.phase = phase
        self.rows = {}

    def measured(self, key, calls):
        self.rows[key] = {"calls": calls, "tried": 0, "at": [], "answered": 0}

    def next(self, key):
        """Spread evenly: three of four lie before the answer, one behind it."""
        row = self.rows[key]
        answer, end = row["calls"]
        row["tried"] += 1
        share = (self.phase + row["tried"] * GOLDEN) % 1
        return 1 + int(share * answer) if row["tried"] % 4 else 1 + answer + int(share * (end - answer))

    def note(self, key, at, status):
        self.rows[key]["at"].append(at)
        self.rows[key]["answered"] += status == 200

    def write(self, world):
        for (act, victim), row in sorted(self.rows.items()):
            print(f"# {act}: the {victim} killed {len(row['at'])} times before {len(set(row['at']))} different calls"
                  f" ({row['calls'][0]} before the answer, {row['calls'][1]} in all); {row['answered']} were answered")
        times = sorted(world.restarts) or [0]
        print(f"# {len(times)} restarts, ready after {times[len(times) // 2]:.2f} s (median), {times[-1]:.2f} s (worst)", flush=True)


def cut_one(world, tally, act, victim, at):
    """One act that is cut off, and what is wrong then."""
    asked, died, calls = run(world, act, victim, at)
    key = (act.name, victim)
    if at == MANY:
        tally.measured(key, calls)
    elif died:
        tally.note(key, at, asked.status)
    for one in judge(world, act, asked):
        yield f"{act.name} of {act.subject.client}, the {victim} killed before its call {at}: {one}"


def cut_all(world, dice, wrong):
    """One subject after another; the first two are not cut off, and say how many calls there are."""
    tally = Tally(dice.random())
    victims, acts = ("service", "database"), []
    for number in range(ROUNDS + 2):
        subject = Subject(world.desk, number)
        for place, kind in enumerate((Release, Replace, Report)):
            act = kind(subject)
            victim = victims[number % 2 if number < 2 else (number // 2 + place) % 2]
            at = MANY if number < 2 else tally.next((act.name, victim))
            found = list(cut_one(world, tally, act, victim, at))
            acts.append(act)
            wrong += found
            for one in found:
                print("# " + one, flush=True)
            if found:
                break  # the next act begins where this one should have ended
        if len(wrong) > WRONG_MAX:
            break
    wrong += judge_messages(world, acts)
    return tally


def main():
    seed = int(os.environ.get("RW_SEED", str(random.SystemRandom().getrandbits(32))))
    print(f"1..1\n# RW_SEED={seed} RW_ROUNDS={ROUNDS}", flush=True)
    world = World()
    wrong = []
    try:
        cut_all(world, random.Random(seed), wrong).write(world)
        status, report = world.house.check_journal()
        if status != 0:
            wrong.append(f"the journal is broken: {json.dumps(report)}")
    finally:
        signs, log = world.close()
    tap.conclude("what a kill cuts off is whole or is not there (REQ-017, REQ-022)", wrong, signs, log)


if __name__ == "__main__":
    main()
