#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A database of the first schema, with what a pharmacy had in it, is taken up by this program. Output is TAP.

The first four migrations and the rows of then are written by psql; all later ones are the service's, at its start.
"""
import hashlib
import shutil
import time

import clusters
import tap
from desk import METFORMINE, day, orders
from house import ROOT, House

FIRST = 4
FILES = sorted((ROOT / "db/migrations").glob("[0-9]*.sql"))
ROLL = "482913570"
CLIENT, PSEUDONYM = "u1", "01936d4a-0000-7000-8000-000000000001"
SECONDS_MAX = 60


def quoted(data):
    return "'\\x" + data.hex() + "'"


def rows():
    """What was there: an order as it was received, a roll at home, what its dispenser said, an alarm, the journal."""
    now = int(time.time() * 1000)
    order = orders(("o-1", CLIENT, METFORMINE, "1", "morning evening", "2026-11-01", ""))
    yield f"INSERT INTO pharmacies VALUES ('pharmacy', {now})"
    for kind in ("policy", "products"):
        yield f"INSERT INTO settings VALUES ('pharmacy', '{kind}', 1, {now}, 'apo', {quoted((ROOT / f'samples/{kind}.json').read_bytes())})"
    yield f"INSERT INTO clients VALUES ('pharmacy', '{CLIENT}', '{PSEUDONYM}', {now})"
    yield f"INSERT INTO orders VALUES ('pharmacy', 'o-1', {now}, 'apo', '{hashlib.sha256(order).hexdigest()}', {quoted(order)})"
    yield f"INSERT INTO order_clients VALUES ('pharmacy', '{CLIENT}', 'o-1')"
    yield f"INSERT INTO dispensers VALUES ('pharmacy', 'd-1', {now}, 1, 1, 2, {now})"
    yield (f"INSERT INTO rolls VALUES ('pharmacy', '{ROLL}', '{CLIENT}', 1, 'running', 20000, 2, 1, 1, {now}, {now}, 'apo', 'ada',"
           " 'apo', 'd-1')")
    for n, state in enumerate(("released", "missed", "ended"), 1):
        yield (f"INSERT INTO moments VALUES ('pharmacy', 'd-1', '{ROLL}', {n}, '{ROLL}00{n}', '2026-11-0{n}T08:00+01:00', 1, '{state}')")
    yield (f"INSERT INTO events VALUES ('pharmacy', 'd-1', 1, 1, '{PSEUDONYM}', 1793516400000, {now}, 'released', '{ROLL}001', 'early')")
    yield ("INSERT INTO alarms (pharmacy_id, alarm_id, type, state, pseudonym, dispenser_id, roll, bag, due, raised_ms, dedupe_key)"
           f" VALUES ('pharmacy', '{PSEUDONYM}', 'missed', 'open', '{PSEUDONYM}', 'd-1', '{ROLL}', 2, '2026-11-02T08:00+01:00', {now}, 'x')")
    for n in range(3):
        yield (f"INSERT INTO journal VALUES ('pharmacy', '01936d4a-0000-7000-8000-00000000010{n}', {now}, 'apo', 'apotheker', 'read',"
               f" 'roll', '{ROLL}', '{PSEUDONYM}', 'before', '127.0.0.1')")


def as_it_was(cluster):
    run = ["psql", "-h", cluster.host, "-p", str(cluster.port), "-U", "rolwacht_owner", "-d", "rolwacht", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    script = ["CREATE TABLE schema_migrations (version bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_ms bigint NOT NULL)"]
    for number, file in enumerate(FILES[:FIRST], 1):
        text = file.read_bytes()
        script.append(text.decode())
        script.append(f"INSERT INTO schema_migrations VALUES ({number}, '{file.stem}', '{hashlib.sha256(text).hexdigest()}', 1)")
    clusters.run(*run, input=";\n".join([*script, *rows()]) + ";\n")


class Upgraded(House):
    def __init__(self, cluster):
        self.cluster = cluster
        super().__init__(extra=["--database", f"host={cluster.host} port={cluster.port} dbname=rolwacht user=rolwacht_owner"])

    def sql(self, statement, database="rolwacht"):
        return [line.split("|") for line in self.cluster.sql(statement, database)]


def every_later_migration_was_applied(house):
    applied = house.sql("SELECT count(*), max(version) FROM schema_migrations")
    assert applied == [[str(len(FILES))] * 2], applied


def what_was_there_is_told(house):
    counts = house.call("apo", "GET", f"/v1/clients/{CLIENT}/adherence?from=2026-11-01&to=2026-11-30").json["counts"]
    assert counts == {"planned": 2, "taken_out": 1, "early": 1, "too_early": 0, "missed": 1, "withheld": 0, "not_yet": 0}, counts
    report = house.call("apo", "GET", "/v1/reports/1062.csv?month=2026-11").body.decode().splitlines()
    assert len(report) == 2 and report[1].startswith(f'"{CLIENT}","2026-11"'), report
    alarms = house.call("apo", "GET", "/v1/alarms").json["alarms"]
    assert [(one["type"], one["state"], one["severity"], one["rung"]) for one in alarms] == [("missed", "open", "urgent", 0)], alarms
    assert house.call("apo", "POST", f"/v1/alarms/{PSEUDONYM}/acknowledge").status == 204


def orders_of_then_are_still_planned(house):
    answer = house.call("apo", "POST", "/v1/rolls", {"client": CLIENT, "from": day(0), "days": 2})
    assert answer.status == 201 and answer.json["bags"] >= 4, answer.body


def the_journal_of_then_is_sealed_and_whole(house):
    ends = time.monotonic() + SECONDS_MAX
    while house.sql("SELECT count(*) FROM journal") != house.sql("SELECT count(*) FROM journal_seal"):
        assert time.monotonic() < ends
        time.sleep(0.2)
    status, report = house.check_journal()
    assert status == 0 and report["whole"] and report["checked"] > 3, report
    assert house.sql("SELECT count(*) FROM journal WHERE detail = 'before'") == [["3"]]


def a_mail_to_several_is_one_for_each(house):
    """What an earlier version had not sent yet to "mailto:a,b", be it set aside, is for a and for b; what was sent is left alone."""
    house.stop()
    house.sql("DELETE FROM schema_migrations WHERE version = 26")
    for name, done, dead in (("waits", "NULL", "NULL"), ("aside", "NULL", "5"), ("sent", "5", "NULL")):
        house.sql("INSERT INTO outbox (pharmacy_id, outbox_id, topic, payload, created_ms, next_ms, attempts, done_ms, exit, fault, dead_ms)"
                  f" VALUES ('pharmacy', '{name}', 'alarm', '{{\"of\":\"{name}\"}}', 5, 9999999999999, 2, {done}, 'mailto:a@x.nl,b@x.nl', 'f', {dead})")
    house.start()
    found = house.sql("SELECT payload::json->>'of', exit, topic, created_ms, attempts, fault, coalesce(dead_ms, 0) FROM outbox"
                      " WHERE exit LIKE 'mailto:%' ORDER BY 1, 2")
    rest = ["alarm", "5", "2", "f"]
    wanted = [["aside", f"mailto:{who}@x.nl", *rest, "5"] for who in "ab"] + [["sent", "mailto:a@x.nl,b@x.nl", *rest, "0"]]
    assert found == wanted + [["waits", f"mailto:{who}@x.nl", *rest, "0"] for who in "ab"], found


TESTS = [every_later_migration_was_applied, what_was_there_is_told, orders_of_then_are_still_planned,
         the_journal_of_then_is_sealed_and_whole, a_mail_to_several_is_one_for_each]


def main():
    top = clusters.folder()
    cluster = clusters.Cluster(top, "db")
    cluster.host = top
    cluster.make()
    as_it_was(cluster)
    house = Upgraded(cluster)
    house.make_token("apo", "apotheker")
    try:
        tap.play(TESTS, house, house)
    finally:
        cluster.stop()
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    main()
