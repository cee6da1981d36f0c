#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client takes the next bag by hand before it opens, with the reference dispenser. Output is TAP."""
import csv
import io
import json
import subprocess

from desk import day, play
from house import BIN, ROOT

MEDIDO_MIN = 300


def at(clock, days=0):
    return f"{day(days)}T{clock}+01:00"


def enrol(desk, name):
    """Where the reference dispenser keeps itself, enrolled under this id."""
    code = desk.call("POST", "/v1/enrolment-codes", {"role": "dispenser", "id": name}, "administrator").json["code"]
    return ["--server", "https://" + desk.house.people, "--ca", desk.house.ca, "--enroll", code]


def dispense(desk, name, lines, words=()):
    """What the reference dispenser says while it does this, as notes."""
    folder = desk.house.top / name
    script = desk.house.top / (name + ".script")
    script.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    done = subprocess.run([BIN / "rolwacht-dispense", "--json", "--state", folder, "--script", script, *words],
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def early(desk, dispenser):
    """Minutes of each bag, as the schedule of the dispenser tells them."""
    return {bag["n"]: bag.get("early_min", 0) for bag in desk.schedule(dispenser)["bags"]}


def agree(desk, client, **members):
    answer = desk.call("PUT", f"/v1/clients/{client}/record", {"suitable": day(0), "reason": "besproken", **members})
    return answer.status


def a_horizon_is_agreed_with_the_client(desk):
    desk.client("e1", "d-1")
    desk.client("e2", "d-2")
    path = "/v1/clients/e1/record"
    assert agree(desk, "e1", early_min=301) == 400 and agree(desk, "e1", early_min=-1) == 400
    assert agree(desk, "e1", early_min=120) == agree(desk, "e2") == 200
    assert desk.call("GET", path).json["early_min"] == 120
    assert desk.call("GET", "/v1/clients/e2/record").json["early_min"] is None
    for client, dispenser in (("e1", "d-1"), ("e2", "d-2")):
        desk.out(client, dispenser, days=2)
    assert early(desk, "d-1") == {1: 0, 2: 120, 3: 120, 4: 120}, "the first moment has none before it"
    assert all("early_min" not in bag for bag in desk.schedule("d-2")["bags"]), "the reference profile says none"


def a_dispenser_of_another_profile_has_its_own(desk):
    policy = json.loads((ROOT / "samples/policy.json").read_text())
    assert desk.call("PUT", "/v1/policy", {**policy, "media": "medido"}).status == 200
    for client, dispenser, record in (("e3", "d-3", {}), ("e4", "d-4", {"early_min": 0})):
        desk.client(client, dispenser)
        assert agree(desk, client, **record) == 200
        desk.out(client, dispenser, days=1)
    assert early(desk, "d-3") == {1: 0, 2: MEDIDO_MIN}
    assert early(desk, "d-4") == {1: 0, 2: 0}, "never, where that was agreed"
    assert desk.call("PUT", "/v1/policy", policy).status == 200


def a_bag_taken_by_hand_is_early_and_never_missed(desk):
    desk.client("e5", "spare")
    assert agree(desk, "e5", early_min=180) == 200
    words = enrol(desk, "d-5")
    dispense(desk, "d-5", [], words)
    roll = desk.plan("e5", 0, 1)["roll"]
    desk.verify(roll)
    desk.release(roll, "d-5")
    strip = desk.house.top / "d-5.roll.json"
    strip.write_bytes(desk.call("GET", f"/v1/rolls/{roll}").body)
    notes = dispense(desk, "d-5", [
        {"at": at("07:00")}, {"do": "sync"}, {"do": "load", "roll": str(strip), "bag": 1},
        {"do": "until", "at": at("08:00")}, {"do": "misfeed"}, {"do": "take-early"}, {"do": "power-lost"}, {"do": "battery"},
        {"do": "lid-open"}, {"do": "take"}, {"do": "load", "roll": str(strip), "bag": 2},
        {"do": "double-feed"}, {"do": "take"}, {"do": "clear"}, {"do": "load", "roll": str(strip), "bag": 2},
        {"do": "cut-error"}, {"do": "clear"}, {"do": "load", "roll": str(strip), "bag": 2},
        {"do": "until", "at": at("14:59")}, {"do": "take"}, {"do": "take-early"},
        {"do": "until", "at": at("15:00")}, {"do": "take-early"},
        {"do": "until", "at": at("23:00")}, {"do": "sync"}])
    told = [note.get("word") for note in notes]
    assert told.count("too-early") == told.count("not-open") == 1 and "missed" not in json.dumps(notes), notes
    serials = desk.serials(roll)
    assert told.count("jammed") == told.count("not-loaded") == 1, notes
    faults = desk.house.sql("SELECT type, serial FROM events WHERE dispenser_id = 'd-5' AND type NOT IN"
                            " ('due', 'released', 'missed', 'roll_loaded', 'schedule_applied', 'low_bags') ORDER BY seq")
    assert faults == [["misfeed", serials[1]], ["power_lost", ""], ["battery", ""], ["lid_open", ""], ["double_feed", serials[2]],
                      ["cut_error", serials[2]]], faults
    rows = desk.house.sql("SELECT serial, type, coalesce(cause, '') FROM events WHERE dispenser_id = 'd-5'"
                          " AND type IN ('due', 'released', 'missed') ORDER BY seq")
    assert rows == [[serials[1], "due", ""], [serials[1], "released", "retry"], [serials[2], "released", "early"]], rows
    desk.house.sql(f"UPDATE moments SET alarm_ms = 1 WHERE roll = '{roll}'")
    desk.call("GET", "/v1/dispensers/d-1/schedule?wait=3", who="d-1")
    assert desk.house.sql(f"SELECT DISTINCT state FROM moments WHERE roll = '{roll}'") == [["released"]]
    kinds = [one["type"] for one in desk.call("GET", "/v1/alarms").json["alarms"] if one["dispenser"] == "d-5"]
    assert sorted(kinds) == ["clock", "jam", "jam", "jam", "low_roll"], "what the strip did, and nothing of the bag taken early"
    report = desk.call("GET", f"/v1/reports/1062.csv?month={day(0)[:7]}").body.decode()
    row = next(one for one in csv.DictReader(io.StringIO(report)) if one["client"] == "e5")
    assert (row["taken_out"], row["early"], row["missed"]) == ("2", "1", "0"), row


TESTS = [a_horizon_is_agreed_with_the_client, a_dispenser_of_another_profile_has_its_own,
         a_bag_taken_by_hand_is_early_and_never_missed]


if __name__ == "__main__":
    play(TESTS)
