#!/usr/bin/env python3
"""The promises of docs/SAFETY.md, asked of the real programs. Output is TAP.

usage: safety.py plan|build|label|verify
"""
import json
import os
import sys
import tempfile

import orders as o
import tap

METFORMINE, BISOPROLOL = "95210010", "95210036"
MORNING = {"when": ["MORN"]}


def refused(folder, order):
    lines = o.plan(folder, order)
    assert len(lines) == 1, lines
    assert lines[0]["outcome"] == "refuse" and not lines[0].get("intakes"), lines[0]
    return lines[0]["reason"]


# --- plan -------------------------------------------------------------------------------------

def what_can_be_read_in_two_ways_is_refused(folder):
    """REQ-001"""
    ranged = o.dosage(**MORNING)
    ranged["doseAndRate"] = [{"doseRange": {"low": {"value": 1}, "high": {"value": 2}}}]
    assert refused(folder, o.order(1, METFORMINE, ranged)) == "dose-range"
    often = o.dosage(frequency=1, frequencyMax=2, period=1, periodUnit="d")
    assert refused(folder, o.order(1, METFORMINE, often)) == "frequency-range"
    weekly = o.dosage(frequency=2, period=1, periodUnit="wk", boundsPeriod={"start": "2026-11-02"})
    assert refused(folder, o.order(1, METFORMINE, weekly)) == "unanchored-frequency"
    text = {"text": "1-0-1-0"}
    assert refused(folder, o.order(1, METFORMINE, text)) == "free-text-only"


def what_is_taken_as_needed_is_refused(folder):
    """REQ-002"""
    needed = {**o.dosage(**MORNING), "asNeededBoolean": True}
    assert refused(folder, o.order(1, METFORMINE, needed)) == "as-needed"


def an_extension_that_may_change_everything_is_refused(folder):
    """REQ-001"""
    changed = o.dosage(**MORNING)
    changed["modifierExtension"] = [{"url": "https://example.org/not-really", "valueBoolean": True}]
    assert refused(folder, o.order(1, METFORMINE, changed)) == "unknown-modifier-extension"


def days_of_23_and_25_hours_hold_each_intake_once(folder):
    """REQ-006"""
    path = o.write(folder, "x.json", o.bundle(o.ANNA, o.order(1, METFORMINE, o.dosage(
        when=["MORN", "NIGHT"], boundsPeriod={"start": "2026-03-01"}))))
    for first, offsets in (("2026-03-28", ["+01:00", "+02:00", "+02:00"]),
                           ("2026-10-24", ["+02:00", "+01:00", "+01:00"])):
        line = json.loads(o.run("plan", "--from", first, "--days", 3, path).stdout)
        times = [intake["at"] for intake in line["intakes"]]
        assert [t[11:16] for t in times] == ["08:00", "22:00"] * 3, times
        assert [t[16:] for t in times[::2]] == offsets, times


# --- build ------------------------------------------------------------------------------------

def two_clients(folder):
    anna = o.write(folder, "anna.json", o.bundle(o.ANNA, o.order(1, METFORMINE, o.dosage(2000, when=["MORN", "EVE"]))))
    bram = o.write(folder, "bram.json", o.bundle(o.BRAM, o.order(2, BISOPROLOL, o.dosage(**MORNING))))
    return anna, bram


def the_same_orders_give_the_same_bytes(folder):
    """REQ-007"""
    anna, bram = two_clients(folder)
    result, first = o.build(folder, anna, bram, out="first")
    assert result.returncode == 0, result.stderr.decode()
    _, second = o.build(folder, bram, anna, out="second")
    assert first and first == second


def a_roll_holds_one_client_only(folder):
    """REQ-005"""
    _, rolls = o.build(folder, *two_clients(folder))
    assert sorted(rolls) == ["s1", "s2"], rolls.keys()
    for client, name in (("s1", "METFORMINE"), ("s2", "BISOPROLOL")):
        roll = json.loads(rolls[client])
        assert roll["client"]["id"] == client
        assert {c["name"] for bag in roll["bags"] for c in bag["contents"]} == {name}


def two_people_under_one_number_never_share_a_roll(folder):
    """REQ-005"""
    anna, _ = two_clients(folder)
    other = o.write(folder, "other.json", o.bundle({**o.BRAM, "id": "s1"}, o.order(3, BISOPROLOL, o.dosage(**MORNING))))
    result, rolls = o.build(folder, anna, other)
    assert result.returncode == 1 and not rolls, (result.returncode, list(rolls))


def what_was_ordered_is_in_the_bags(folder):
    """REQ-003"""
    _, rolls = o.build(folder, *two_clients(folder), days=7)
    for client, ordered in (("s1", 7 * 2 * 2000), ("s2", 7 * 1000)):
        roll = json.loads(rolls[client])
        audit = roll["audit"]
        packed = sum(c["milli"] for bag in roll["bags"] if bag["kind"] == "dose" for c in bag["contents"])
        assert audit["ordered_milli"] == ordered and audit["packed_milli"] == packed == ordered, audit


def without_a_product_table_nothing_is_packed(folder):
    """REQ-004"""
    result, rolls = o.build(folder, *two_clients(folder), products=False)
    assert result.returncode == 1, result.returncode
    for data in rolls.values():
        assert all(bag["kind"] != "dose" for bag in json.loads(data)["bags"])


def every_serial_of_a_roll_is_its_own(folder):
    """REQ-013"""
    _, rolls = o.build(folder, *two_clients(folder), days=14)
    for data in rolls.values():
        roll = json.loads(data)
        serials = [bag["serial"] for bag in roll["bags"]]
        assert len(set(serials)) == len(serials) > 2
        assert len({bag["code"] for bag in roll["bags"]}) == len(serials)


def a_refused_order_stops_the_roll_and_names_no_person(folder):
    """REQ-001 REQ-019"""
    bad = o.order(4, METFORMINE, o.dosage(frequency=2, period=1, periodUnit="wk"))
    path = o.write(folder, "bad.json", o.bundle(o.ANNA, bad))
    result, rolls = o.build(folder, path)
    assert result.returncode == 1 and not rolls, result.returncode
    told = result.stderr.decode()
    assert told
    for secret in (*o.ANNA["name"].split(), o.ANNA["born"]):
        assert secret not in told, secret


# --- label ------------------------------------------------------------------------------------

def a_name_that_does_not_fit_is_an_error_that_names_its_field(folder):
    """REQ-008"""
    _, rolls = o.build(folder, *two_clients(folder))
    roll = json.loads(rolls["s1"])
    roll["bags"][1]["contents"][0]["name"] = "METHYLPENTYNOLUMCARBAMAAT" * 4
    path = os.path.join(folder, "long.roll.json")
    with open(path, "wb") as file:
        file.write(o.sealed(roll))
    target = os.path.join(folder, "long.pdf")
    result = o.run("label", path, "--as", "pdf", "-o", target)
    assert result.returncode != 0 and b"content-1" in result.stderr, result.stderr
    assert not os.path.exists(target), "REQ-020: a label file was left behind"


def a_roll_that_was_changed_by_hand_is_not_printed(folder):
    """REQ-010"""
    _, rolls = o.build(folder, *two_clients(folder))
    path = os.path.join(folder, "changed.roll.json")
    with open(path, "wb") as file:
        file.write(rolls["s1"].replace(b'"milli":2000', b'"milli":3000', 1))
    result = o.run("label", path, "--as", "pdf", "-o", os.path.join(folder, "x.pdf"))
    assert result.returncode == 3, (result.returncode, result.stderr)


# --- verify -----------------------------------------------------------------------------------

class Line:
    """A roll of each of two clients, photographed bag by bag, and the judgement of such pictures."""

    def __init__(self, folder):
        self.folder = folder
        _, rolls = o.build(folder, *two_clients(folder), days=1)
        self.rolls = {client: json.loads(data) for client, data in rolls.items()}
        self.files = {client: os.path.join(folder, "out", client + ".roll.json") for client in rolls}

    def photograph(self, path, *changes):
        place = tempfile.mkdtemp(dir=self.folder)
        result = o.run_tool("photograph", "--roll", path, "--seed", 7, "-o", place, *changes)
        assert result.returncode == 0, result.stderr.decode()
        return [os.path.join(place, name) for name in sorted(os.listdir(place)) if name.endswith(".png")]

    def verify(self, pictures):
        result = o.run("verify", "--roll", self.files["s1"], "--state", os.path.join(self.folder, "state"),
                       *pictures)
        assert result.stdout, result.stderr.decode()
        return result.returncode, json.loads(result.stdout)


def verdicts(report):
    return {bag["n"]: bag["verdict"] for bag in report["bags"]}


def short(report):
    return report["verdict"], [(b["n"], b["verdict"], b["reasons"]) for b in report["bags"]], report["strangers"]


def a_good_roll_does_not_fail(folder):
    """The second worst fault is to stop what is good."""
    line = Line(folder)
    _, report = line.verify(line.photograph(line.files["s1"]))
    assert set(verdicts(report).values()) <= {"pass", "unsure"} and not report["strangers"], short(report)


def a_bag_of_another_roll_never_passes(folder):
    """REQ-010"""
    line = Line(folder)
    status, report = line.verify(line.photograph(line.files["s1"], "--swap", f"1:{line.files['s2']}:1"))
    assert status == 1 and verdicts(report)[1] in ("missing", "fail"), short(report)
    assert [s["reason"] for s in report["strangers"]] == ["other-roll"], short(report)


def a_bag_that_nobody_saw_is_missing(folder):
    """REQ-011"""
    line = Line(folder)
    status, report = line.verify(line.photograph(line.files["s1"], "--missing", 1))
    assert status == 1 and verdicts(report)[1] == "missing" and report["verdict"] != "pass", short(report)


def a_torn_bag_never_passes(folder):
    """REQ-011"""
    line = Line(folder)
    status, report = line.verify(line.photograph(line.files["s1"], "--damage", "2:torn"))
    assert status == 1 and verdicts(report)[2] != "pass" and report["verdict"] != "pass", short(report)


def a_code_of_another_key_never_passes(folder):
    """REQ-012"""
    line = Line(folder)
    anna, _ = two_clients(folder)
    result, forged = o.build(folder, anna, days=1, state="thief", out="forged")
    assert result.returncode == 0 and "s1" in forged
    assert json.loads(forged["s1"])["roll"] == line.rolls["s1"]["roll"]
    status, report = line.verify(line.photograph(os.path.join(folder, "forged", "s1.roll.json")))
    assert status == 1 and "pass" not in verdicts(report).values(), short(report)
    told = [reason for bag in report["bags"] for reason in bag["reasons"]]
    told += [stranger["reason"] for stranger in report["strangers"]]
    assert "bad-tag" in told, short(report)


def bags_in_another_order_never_pass(folder):
    """REQ-010"""
    line = Line(folder)
    pictures = line.photograph(line.files["s1"])
    pictures[1], pictures[2] = pictures[2], pictures[1]
    status, report = line.verify(pictures)
    assert status == 1 and report["verdict"] != "pass", short(report)


GROUPS = {
    "plan": [what_can_be_read_in_two_ways_is_refused, what_is_taken_as_needed_is_refused,
             an_extension_that_may_change_everything_is_refused, days_of_23_and_25_hours_hold_each_intake_once],
    "build": [the_same_orders_give_the_same_bytes, a_roll_holds_one_client_only,
              two_people_under_one_number_never_share_a_roll, what_was_ordered_is_in_the_bags,
              without_a_product_table_nothing_is_packed, every_serial_of_a_roll_is_its_own,
              a_refused_order_stops_the_roll_and_names_no_person],
    "label": [a_name_that_does_not_fit_is_an_error_that_names_its_field,
              a_roll_that_was_changed_by_hand_is_not_printed],
    "verify": [a_good_roll_does_not_fail, a_bag_of_another_roll_never_passes,
               a_bag_that_nobody_saw_is_missing, a_torn_bag_never_passes,
               a_code_of_another_key_never_passes, bags_in_another_order_never_pass],
}


if __name__ == "__main__":
    tap.play([tap.in_folder(case) for case in GROUPS[sys.argv[1]]], None)
