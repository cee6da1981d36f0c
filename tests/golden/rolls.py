#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the samples and compares every byte with the rolls kept here; output is TAP.

RW_BLESS=1 writes them anew, and the review shows what changed.
"""

import json
import os
import pathlib
import shutil
import subprocess

import tap

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
BUILD = pathlib.Path(os.environ["ROLWACHT_BIN"]) / "rolwacht-build"
DIFF = pathlib.Path(os.environ["ROLWACHT_BIN"]) / "rolwacht-diff"
GOLDEN = ROOT / "tests" / "golden" / "rolls"
SAMPLES = ROOT / "samples"
KEY = bytes(range(32))
INPUTS = sorted(SAMPLES.glob("orders-*"))


def state(folder):
    """A state folder with a key that is no secret."""
    keys = pathlib.Path(folder) / "state" / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    (keys / "pharmacy.hmac").write_bytes(KEY)
    return keys.parent


def build(folder, inputs, out, *words, products=True, days="14"):
    command = [BUILD, "--from", "2026-11-23", "--days", days, "--policy", SAMPLES / "policy.json",
               "--state", state(folder), "-o", out, *words]
    if products:
        command += ["--products", SAMPLES / "products.json"]
    return subprocess.run([str(word) for word in command + list(inputs)], capture_output=True,
                          text=True, timeout=240, check=False)


def files(folder):
    return {file.name: file.read_bytes() for file in sorted(pathlib.Path(folder).iterdir())}


def bytes_are_kept(folder):
    out = folder / "rolls"
    run = build(folder, INPUTS, out)
    if os.environ.get("RW_BLESS") == "1":
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(out, GOLDEN)
    problems = [] if run.returncode == 0 else [f"exit {run.returncode}: {run.stderr}"]
    made, kept = files(out), files(GOLDEN)
    problems += [f"{name} differs" for name in sorted(made.keys() | kept.keys())
                 if made.get(name) != kept.get(name)]
    return problems


def order_of_files_does_not_matter(folder):
    other = folder / "elsewhere"
    other.mkdir()
    copies = [shutil.copy(file, other / file.name) for file in reversed(INPUTS)]
    build(folder, copies, folder / "again")
    twice = build(folder, [*INPUTS, copies[-1]], folder / "twice")
    kept = files(GOLDEN)
    told = [] if twice.stderr.count(f"{copies[-1]}: the same bytes were given before, read once") == 1 else [
        "the file that was given twice is not told: " + twice.stderr]
    return told + [f"{name} differs in {out}" for out in ("again", "twice")
            for name, data in files(folder / out).items() if data != kept.get(name)]


def a_client_alone_has_the_same_roll(folder):
    build(folder, INPUTS[:1], folder / "alone")
    name = "c1001.roll.json"
    return [] if files(folder / "alone")[name] == files(GOLDEN)[name] else [name + " differs"]


def only_what_was_given_makes_the_number(folder):
    first = json.loads(files(GOLDEN)["c1001.roll.json"])
    build(folder, INPUTS[:1], folder / "seeded", "--serial-seed", "482913570",
          "--issued", "2026-11-20T15:00:30+01:00")
    roll = json.loads(files(folder / "seeded")["c1001.roll.json"])
    problems = []
    if roll["roll"] != "482913570" or roll["issued"] != "2026-11-20T15:00+01:00":
        problems.append(f"{roll['roll']} {roll['issued']}")
    if roll["bags"][1]["serial"] != "482913570001" or roll["bags"][1]["code"] == first["bags"][1]["code"]:
        problems.append("the codes are not those of the number")
    return problems


def without_products_all_is_excluded(folder):
    run = build(folder, INPUTS, folder / "none", products=False)
    summary = json.loads(files(folder / "none")["summary.json"])
    problems = [] if run.returncode == 1 else [f"exit {run.returncode}"]
    problems += [f"{name} was written" for name in files(folder / "none") if name != "summary.json"]
    for client in summary["clients"]:
        if client["outcome"] != "blocked" or not any(f["id"] == "D31" for f in client["findings"]):
            problems.append(client["client"])
    return problems


def the_first_build_makes_the_key(folder):
    home = folder / "fresh"
    command = [BUILD, "--from", "2026-11-23", "--days", "7", "--products", SAMPLES / "products.json",
               "--state", home, "-o", folder / "fresh-rolls", INPUTS[0]]
    subprocess.run([str(word) for word in command], capture_output=True, timeout=240, check=False)
    key = home / "keys" / "pharmacy.hmac"
    first = key.read_bytes()
    subprocess.run([str(word) for word in command], capture_output=True, timeout=240, check=False)
    problems = [] if len(first) == 32 and key.read_bytes() == first else ["the key changed"]
    problems += [] if key.stat().st_mode & 0o777 == 0o600 else [oct(key.stat().st_mode)]
    for roll in (folder / "fresh-rolls").glob("*.roll.json"):
        if first.hex() in roll.read_text():
            problems.append("the key is in a roll")
    return problems


def a_person_takes_what_may_be_overridden(folder):
    """The signature stands in the roll and in the summary; nothing else changes."""
    stray = json.loads((SAMPLES / "overrides.json").read_text())
    stray["overrides"].append({"client": "c1002", "id": "D35", "by": "A. Visser", "why": "seen"})
    (folder / "overrides.json").write_text(json.dumps(stray))
    run = build(folder, INPUTS, folder / "over", "--overrides", folder / "overrides.json")
    summary = json.loads(files(folder / "over")["summary.json"])
    found = [f for f in summary["clients"][0]["findings"] if f["id"] == "D11"]
    roll = json.loads(files(folder / "over")["c1001.roll.json"])
    kept = json.loads(files(GOLDEN)["c1001.roll.json"])
    problems = [] if found[0]["by"] == "A. Visser" and summary["open_overridable"] == 0 else [str(found)]
    if [(o["id"], o["reason"], o["by"]) for o in roll["overrides"]] != [
            ("D11", "weekly-second-person", "A. Visser")]:
        problems.append(str(roll["overrides"]))
    for name in ("overrides", "fingerprint"):
        del roll[name], kept[name]
    if roll != kept:
        problems.append("an override changed more than the signatures")
    if "c1002: the override /overrides/2 of D35 meets no finding" not in run.stderr:
        problems.append(run.stderr)
    return problems


def a_client_has_times_of_its_own(folder):
    build(folder, INPUTS, folder / "own", "--clients", SAMPLES / "clients.json")
    times = {name: [bag["at"][:16] for bag in json.loads(files(folder / "own")[name])["bags"]
                    if bag["moment"] == "morning"] for name in ("c1001.roll.json", "c1002.roll.json")}
    want = ["08:00", "08:00", "08:30", "08:00", "08:00", "09:00", "08:00"] * 2
    problems = [] if [at[11:] for at in times["c1002.roll.json"]] == want else [str(times)]
    if {at[11:] for at in times["c1001.roll.json"]} != {"08:00"}:
        problems.append(str(times["c1001.roll.json"]))
    return problems


def every_piece_says_why(folder):
    """Each content names reasons of its own order that add up to what the moment has of it."""
    problems = []
    for name in ("c1001", "c1002", "c1003"):
        roll = json.loads(files(GOLDEN)[f"{name}.roll.json"])
        asked, given = {}, {}
        for bag in roll["bags"]:
            for content in bag["contents"]:
                key = (bag["at"], bag["exact"], content["order"])
                rows = [roll["reasons"][row] for row in content["why"]]
                asked[key] = sum(row["milli"] for row in rows)
                given[key] = given.get(key, 0) + content["milli"]
                problems += [f"{name} {key}: {row}" for row in rows
                             if row["order"] != content["order"] or not row["dosage"].startswith(row["order"])]
        problems += [f"{name} {key}" for key in given if asked[key] != given[key]]
        for sums in roll["audit"]["products"]:
            packed = sum(c["milli"] for b in roll["bags"] for c in b["contents"] if c["product"] == sums["product"])
            if packed != sums["packed_milli"]:
                problems.append(f"{name} {sums}")
    return problems


def no_name_is_told(folder):
    run = build(folder, INPUTS, folder / "quiet")
    text = run.stdout + run.stderr + files(folder / "quiet")["summary.json"].decode()
    return [word for word in ("Dalfsen", "Oosterbroek", "Idrissi", "1941-03-14") if word in text]


def change(folder):
    """The roll of c1001 with one tablet of metformin in the place of two."""
    changed = folder / "changed.json"
    changed.write_text(INPUTS[0].read_text().replace('"value": 2,', '"value": 1,'))
    build(folder, [changed], folder / "changed")
    return folder / "changed" / "c1001.roll.json"


def a_change_is_told_from_its_bag_on(folder):
    run = subprocess.run([str(DIFF), str(GOLDEN / "c1001.roll.json"), str(change(folder))],
                         capture_output=True, text=True, timeout=60, check=False)
    answer = json.loads(run.stdout)
    problems = []
    if (answer["action"], answer["from"]) != ("REPLACE_FROM", 2):
        problems.append(f"{answer['action']} from {answer['from']}")
    lines = {line["name"]: line["change"] for line in answer["toedienlijst"] if line["where"] == "roll"}
    if lines["METFORMINE"] != "changed" or lines["SIMVASTATINE"] != "same":
        problems.append(str(lines))
    weekly = next(line for line in answer["toedienlijst"] if line["name"] == "ALENDRONINEZUUR")
    if weekly["times"][0]["weekdays"] != ["monday"] or answer["toedienlijst_of"]["version"] != 1:
        problems.append(str(weekly))
    return problems


def absence(*words):
    run = subprocess.run([str(DIFF), *map(str, words)], capture_output=True, text=True, timeout=60, check=False)
    return json.loads(run.stdout) if run.returncode == 0 else {"exit": run.returncode, "text": run.stderr}


def a_day_away_and_a_pause_are_told(folder):
    roll = GOLDEN / "c1001.roll.json"
    away = absence("--away", "2026-11-25/2026-11-26", roll)
    times = [bag["at"][:16] for bag in away["take"]]
    problems = [] if times == [f"2026-11-{day}T{hour}:00" for day in (25, 26) for hour in ("08", "18", "22")] \
        and away["ask"] == [] and away["resume"]["at"] == "2026-11-27T08:00+01:00" else [str(away)]
    short = absence("--away", "2026-11-25T08:00/2026-11-25T18:00", "--early-max-min", 1, roll)
    if [bag["at"] for bag in short["take"]] != ["2026-11-25T08:00+01:00"]:
        problems.append(str(short))
    changed = absence("--away", "2026-11-25/2026-11-25", roll, change(folder))
    if [bag["reason"] for bag in changed["ask"]] != ["changes"] * 3:
        problems.append(str(changed))
    pause = absence("--pause", "2026-11-30T12:00+01:00/2026-12-02", roll)
    if (pause["bags"], pause["before_resume"][0], pause["resume"]["at"]) != (
            8, "confirm-list-unchanged", "2026-12-03T08:00+01:00"):
        problems.append(str(pause))
    late = absence("--pause", "2026-12-05/2026-12-20", roll)
    if late["resume"] is not None or late["before_resume"][0] != "new-roll" or not late["beyond_roll"]:
        problems.append(str(late))
    for words in (["--away", "2026-11-25", roll], ["--away", "2026-11-25/2026-11-25"],
                  ["--away", "2026-11-25T24:00/2026-11-26", roll]):
        if absence(*words).get("exit") != 2:
            problems.append(str(words))
    return problems


def check_policy_names_every_fault(folder):
    bad = folder / "bad.json"
    bad.write_text((SAMPLES / "products.json").read_text().replace('"split": 2', '"split": 3', 1)
                   .replace('"packable": true', '"packible": true', 1))
    problems = []
    good = [SAMPLES / f"{name}.json" for name in ("policy", "products", "clients", "overrides")]
    for path, status in (*((path, 0) for path in good + sorted((SAMPLES / "media").iterdir())), (bad, 3),
                         (INPUTS[0], 3), (folder / "absent.json", 3)):
        run = subprocess.run([str(BUILD), "--check-policy", str(path)], capture_output=True,
                             text=True, timeout=60, check=False)
        if run.returncode != status or (status and path.name not in run.stderr):
            problems.append(f"{path.name}: exit {run.returncode}, {run.stderr.strip()}")
        if path == bad:
            problems += [f"nothing is told of {place}" for place in
                         ("/products/0/packible", "/products/0: \"packable\" is missing", "/products/1/split")
                         if place not in run.stderr]
    run = subprocess.run([str(BUILD), "--check-policy", str(SAMPLES / "policy.json"), "--products", str(bad)],
                         capture_output=True, text=True, timeout=60, check=False)
    return problems if run.returncode == 3 and "/products/1/split" in run.stderr else problems + [run.stderr]


def the_table_of_the_document_is_packed(folder):
    path = folder / "orders.csv"
    path.write_text((ROOT / "docs/CSV.md").read_text().split("```\n")[1])
    run = build(folder, [path], folder / "table")
    return [] if run.returncode == 0 and "C-17.roll.json" in files(folder / "table") else [run.stdout, run.stderr]


def an_order_of_nobody_stops_its_file(folder):
    order = json.loads(INPUTS[0].read_text())
    stray = json.loads(json.dumps(order["entry"][2]))
    stray["resource"]["id"] = "stray"
    stray["resource"]["identifier"][0]["value"] = "stray"
    stray["resource"].pop("subject")
    order["entry"].append(stray)
    path = folder / "stray.json"
    path.write_text(json.dumps(order))
    run = build(folder, [path, INPUTS[1]], folder / "stray")
    made = sorted(files(folder / "stray"))
    summary = json.loads(files(folder / "stray")["summary.json"])
    only = folder / "only.json"
    only.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [stray]}))
    alone = build(folder, [only], folder / "only")
    return [] if run.returncode == 1 and made == ["c1002.roll.json", "summary.json"] and \
        len(summary["unknown_client"]) == 1 and "unknown-client" in run.stderr and \
        alone.returncode == 1 and sorted(files(folder / "only")) == ["summary.json"] else [
            f"exit {run.returncode} and {alone.returncode}, {made}", run.stderr]


def a_long_period_goes_on_in_another_roll(folder):
    media = {"format": "rolwacht/media/1", "name": "short", "width_um": 70000, "height_um": 60000,
             "margin_um": 2500, "module_dots": 0, "pieces_max": 12, "lines_max": 8, "bags_max": 30,
             "leader_bags": 1, "trailer_bags": 1}
    (folder / "media.json").write_text(json.dumps(media))
    run = build(folder, INPUTS[:1], folder / "short", "--media", folder / "media.json")
    whole = json.loads(files(GOLDEN)["c1001.roll.json"])
    made = files(folder / "short")
    rows = json.loads(made["summary.json"])["clients"]
    rolls = [json.loads(made[row["file"]]) for row in rows]
    problems = [] if run.returncode == 0 and len(rolls) > 1 else [f"exit {run.returncode}, {sorted(made)}"]
    if [row["file"] for row in rows[:2]] != ["c1001.roll.json", "c1001~2.roll.json"] or \
            len({roll["roll"] for roll in rolls}) != len(rolls):
        problems.append(str(rows))
    if sum(roll["period"]["days"] for roll in rolls) != 14:
        problems.append(str([roll["period"] for roll in rolls]))

    def doses(roll):
        return [(bag["at"], [(c["order"], c["milli"]) for c in bag["contents"]])
                for bag in roll["bags"] if bag["kind"] == "dose"]
    if sum((doses(roll) for roll in rolls), []) != doses(whole):
        problems.append("the doses differ from those of one roll")
    again = build(folder, INPUTS[:1], folder / "short")
    if "c1001~2.roll.json stays there" not in again.stderr:
        problems.append("an old roll was not told: " + again.stderr)
    return problems


def processes_change_no_byte(folder):
    clients = folder / "clients"
    clients.mkdir()
    text = INPUTS[0].read_text()
    for number in range(70):
        (clients / f"{number}.json").write_text(text.replace("c1001", f"k{number}"))
    runs = [build(folder, [clients], folder / name, "--jobs", count, days="3")
            for name, count in (("one", "1"), ("three", "3"))]
    same = files(folder / "one") == files(folder / "three") and runs[0].stdout == runs[1].stdout
    return [] if same and len(files(folder / "one")) == 71 and runs[0].returncode == 0 else [
        f"{len(files(folder / 'one'))} files", runs[0].stderr[-300:], runs[1].stderr[-300:]]


def a_bsn_is_never_told(folder):
    bundle = json.loads(INPUTS[0].read_text())
    patient = bundle["entry"][0]["resource"]
    patient["identifier"].insert(0, {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999900006"})
    path = folder / "bsn.json"
    path.write_text(json.dumps(bundle))
    run = build(folder, [path], folder / "bsn")
    text = run.stdout + run.stderr + "".join(d.decode() for d in files(folder / "bsn").values())
    problems = ["the number is told"] if "999900006" in text + " ".join(files(folder / "bsn")) else []
    return problems if run.returncode == 0 else problems + [run.stderr]


CASES = [bytes_are_kept, the_table_of_the_document_is_packed, an_order_of_nobody_stops_its_file, a_bsn_is_never_told,
         processes_change_no_byte, a_long_period_goes_on_in_another_roll,
         order_of_files_does_not_matter, a_client_alone_has_the_same_roll,
         only_what_was_given_makes_the_number, without_products_all_is_excluded,
         the_first_build_makes_the_key, a_person_takes_what_may_be_overridden, no_name_is_told,
         a_client_has_times_of_its_own, every_piece_says_why,
         a_change_is_told_from_its_bag_on, a_day_away_and_a_pause_are_told, check_policy_names_every_fault]


if __name__ == "__main__":
    tap.play([tap.in_folder(case) for case in CASES], None)
