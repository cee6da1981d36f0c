#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts a made-up month by hand, from what was planned and the raw events, beside the reports. Output is TAP.

The month is October 2026 in Amsterdam: its days change from +02:00 to +01:00 on the 25th. Bags of real rolls are
planned into it, and what dispensers report of them goes the way of all reports.
"""
import collections
import csv
import datetime
import io
import zoneinfo

from desk import play

ZONE = zoneinfo.ZoneInfo("Europe/Amsterdam")
MONTH = "2026-10"
NEVER_MS = 4102444800000
CAUSES = {"taken": "scheduled", "ahead": "early", "sooner": "early", "unasked": "scheduled", "by-hand": "manual", "again": "retry"}
# Day, time and what becomes of it; the same day and time twice are two bags of one moment.
DAYS = {
    "r1": [("09-30 20:00", "taken"), ("10-01 08:00", "taken"), ("10-01 20:00", "ahead"), ("10-02 08:00", "sooner"), ("10-02 20:00", "missed"),
           ("10-24 08:00", "taken"), ("10-24 08:00", "missed"), ("10-24 20:00", "taken"), ("10-24 20:00", "sooner"), ("10-25 02:30", "taken"),
           ("10-25 20:00", "again"), ("10-26 08:00", "withheld"), ("10-26 20:00", "withheld"), ("10-27 08:00", "by-hand")],
    "r2": [("10-03 08:00", "taken"), ("10-03 20:00", "nothing"), ("10-04 08:00", "unasked"), ("10-04 20:00", "taken"), ("10-31 08:00", "taken"),
           ("10-31 20:00", "missed"), ("11-01 08:00", "missed"), ("11-01 20:00", "taken")],
    "r3": [("10-30 08:00", "missed"), ("10-30 20:00", "missed")],
}
DISPENSERS = {"r1": "d-1", "r2": "d-2", "r3": "d-3"}
ALARMS = {"2026-09-30T21:59:59": False, "2026-09-30T22:00:00": True, "2026-10-31T22:59:59": True, "2026-10-31T23:00:00": False}
plans = {}  # client -> [(serial, planned, fate)]


def moment(text):
    return datetime.datetime.strptime("2026-" + text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def ms(time):
    return int(time.timestamp() * 1000)


def utc(time):
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def plan_into_the_month(desk, client):
    """A roll of the client, whose bags are planned into the month instead."""
    rows = DAYS[client]
    desk.client(client, DISPENSERS[client])
    roll = desk.out(client, DISPENSERS[client], days=len(rows) // 2)
    serials = desk.serials(roll)
    plans[client] = []
    for n, (text, fate) in enumerate(rows, 1):
        at = moment(text)
        opens = ms(at) - (300 if fate == "ahead" else 30) * 60000
        alarm = 1 if fate == "missed" else NEVER_MS  # whenever the test runs
        desk.house.sql(f"UPDATE moments SET at = '{at.isoformat(timespec='minutes')}', alarm_ms = {alarm}, leaves_ms = {opens}"
                       f" WHERE roll = '{roll}' AND n = {n}")
        plans[client].append((serials[n], at, fate))


def tell(desk, client):
    """What the dispenser reports, days later and all at once: it was offline."""
    for serial, at, fate in plans[client]:
        if fate in ("missed", "withheld"):
            desk.report(DISPENSERS[client], fate, serial, when=utc(at + datetime.timedelta(hours=3)))
        elif fate != "nothing":
            sooner = fate in ("ahead", "sooner", "unasked", "by-hand")
            left = at - datetime.timedelta(minutes=90) if sooner else at + datetime.timedelta(minutes=5)
            desk.report(DISPENSERS[client], "released", serial, CAUSES[fate], utc(left))


def raise_at_the_edges(desk):
    """Four alarms of one client, of which two lie in the month on the wall of the pharmacy."""
    first = plans["r2"][0][0]
    for _ in ALARMS:
        desk.report("d-2", "jam", first)
    rows = desk.house.sql("SELECT alarm_id FROM alarms WHERE dispenser_id = 'd-2' AND type = 'jam' ORDER BY raised_ms")
    assert len(rows) == len(ALARMS), rows
    desk.house.sql("UPDATE alarms SET raised_ms = 1 WHERE dispenser_id = 'd-2' AND type <> 'jam'")
    for (alarm,), text in zip(rows, ALARMS):
        raised = ms(datetime.datetime.fromisoformat(text + "+00:00"))
        desk.house.sql(f"UPDATE alarms SET raised_ms = {raised} WHERE alarm_id = '{alarm}'")


def fates(desk):
    """What became of each serial by its raw events alone: kind, cause and when."""
    found = {}
    for serial, kind, cause, at in desk.house.sql("SELECT serial, type, cause, at_ms FROM events ORDER BY dispenser_id, seq"):
        if kind == "released" or kind in ("missed", "withheld") and found.get(serial, ("",))[0] != "released":
            found[serial] = (kind, cause, int(at))
    return found


def count(desk, client, month):
    """The numbers of one client by hand."""
    found = fates(desk)
    moments = collections.defaultdict(list)
    for serial, at, fate in plans[client]:
        if not month or at.strftime("%Y-%m") == month:
            kind, cause, left = found.get(serial, ("waiting", "", 0))
            allowed = ms(at) - (300 if fate == "ahead" else 30) * 60000
            moments[at].append((kind, cause, kind == "released" and cause != "manual" and left < allowed))
    numbers = collections.Counter(moments_planned=len(moments))
    for bags in moments.values():
        kinds = {kind for kind, _, _ in bags}
        word = next((one for one in ("missed", "waiting", "withheld") if one in kinds), "taken_out")
        numbers[word] += 1
        if word == "taken_out":
            numbers["early"] += any(cause == "early" or sooner for _, cause, sooner in bags)
            numbers["too_early"] += any(sooner for _, _, sooner in bags)
    days = {at.date() for at, bags in moments.items() if any(kind == "released" for kind, _, _ in bags)}
    return numbers, sorted({at.date().isoformat() for at in moments}), len(days)


def rolls_are_planned_and_reported(desk):
    for client in DAYS:
        plan_into_the_month(desk, client)
        tell(desk, client)
    raise_at_the_edges(desk)
    visits = desk.call("PUT", "/v1/clients/r1/visits", {"month": MONTH, "visits": 5})
    record = desk.call("PUT", "/v1/clients/r1/record", {"suitable": "2026-09-01", "baseline_visits_per_week": 14, "reason": "thuiszorg"})
    assert (visits.status, record.status) == (204, 200), (visits, record)


def the_evidence_of_the_month_is_what_was_counted_by_hand(desk):
    text = desk.call("GET", f"/v1/reports/1062.csv?month={MONTH}").body.decode()
    rows = {row["client"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == set(DAYS), rows
    for client, row in rows.items():
        numbers, days, active = count(desk, client, MONTH)
        wanted = {**{name: numbers[name] for name in ("moments_planned", "taken_out", "early", "too_early", "missed", "withheld")},
                  "devices": 1, "active_days": active}
        assert {name: int(row[name]) for name in wanted} == wanted, (client, row, wanted)
        assert (row["first_day"], row["last_day"]) == (days[0], days[-1]), (client, row)
        assert row["no_activity"] == ("no" if active else "yes") and row["several_devices"] == "no"
    assert rows["r3"]["active_days"] == "0" and rows["r1"]["too_early"] == "2", "the month was meant to show these"
    assert rows["r2"]["alarms"] == str(sum(ALARMS.values())), "the month of an alarm is that of the wall"
    assert (rows["r1"]["follow_up_visits"], rows["r1"]["baseline_visits_per_week"], rows["r1"]["difference"]) == ("5", "14", "57.0")
    assert rows["r2"]["difference"] == "", "nobody entered visits"


def the_adherence_of_a_client_is_what_was_counted_by_hand(desk):
    for client, rows in DAYS.items():
        answer = desk.call("GET", f"/v1/clients/{client}/adherence?from=2026-09-01&to=2026-12-01").json
        numbers, _, _ = count(desk, client, None)
        wanted = {"planned": numbers["moments_planned"], "not_yet": numbers["waiting"],
                  **{name: numbers[name] for name in ("taken_out", "early", "too_early", "missed", "withheld")}}
        assert answer["counts"] == wanted, (client, answer["counts"], wanted)
        assert len(answer["moments"]) == len(rows), "each bag is told"
    told = desk.call("GET", "/v1/clients/r1/adherence.csv?from=2026-09-01&to=2026-12-01").body.decode()
    words = collections.Counter(row["status"] for row in csv.DictReader(io.StringIO(told)))
    assert words == {"taken_out": 7, "early": 1, "too_early": 2, "missed": 2, "withheld": 2}, words


def what_left_too_early_is_in_the_journal_and_no_alarm(desk):
    rows = desk.house.sql("SELECT actor, role, object_id, client, detail FROM journal WHERE action = 'too-early' ORDER BY detail")
    sooner = [serial for client in DAYS for serial, _, fate in plans[client] if fate in ("sooner", "unasked")]
    assert sorted(row[4].split()[1] for row in rows) == sorted(sooner), rows
    for actor, role, roll, pseudonym, detail in rows:
        client = next(name for name in DAYS if DISPENSERS[name] == actor)
        kept = desk.house.sql(f"SELECT pseudonym FROM clients WHERE client_id = '{client}'")
        assert role == "dispenser" and detail.split()[1].startswith(roll) and [[pseudonym]] == kept, rows
    kinds = {row[0] for row in desk.house.sql("SELECT type FROM alarms WHERE type <> 'clock'")}
    assert kinds == {"missed", "jam"}, kinds


def a_spreadsheet_shows_what_was_written(desk):
    for client in ("007", "482913570001"):
        desk.house.sql(f"INSERT INTO clients SELECT pharmacy_id, '{client}', 'p-{client}', created_ms FROM clients WHERE client_id = 'r1'")
    for client in ("007", "482913570001"):
        desk.house.sql(f"UPDATE rolls SET client_id = '{client}' WHERE roll = (SELECT min(roll) FROM rolls WHERE client_id IN ('r1', 'r2'))")
    sheet = desk.call("GET", f"/v1/reports/1062.csv?month={MONTH}&for=sheet").body.decode("utf-8-sig")
    cells = {row["client"]: row for row in csv.DictReader(io.StringIO(sheet), delimiter=";")}
    assert set(cells) == {'="007"', '="482913570001"', "r3"}, set(cells)
    assert cells['="007"']["moments_planned"].isdigit(), "a count stays a number"
    plain = desk.call("GET", f"/v1/reports/1062.csv?month={MONTH}").body.decode()
    assert {row["client"] for row in csv.DictReader(io.StringIO(plain))} == {"007", "482913570001", "r3"}


TESTS = [rolls_are_planned_and_reported, the_evidence_of_the_month_is_what_was_counted_by_hand,
         the_adherence_of_a_client_is_what_was_counted_by_hand, what_left_too_early_is_in_the_journal_and_no_alarm,
         a_spreadsheet_shows_what_was_written]


if __name__ == "__main__":
    play(TESTS)
