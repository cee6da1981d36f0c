#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what `plan --text`, `diff --text` and `build` tell a person; output is TAP."""
import json
import os
import pathlib
import subprocess

import tap

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
UCUM = "http://unitsofmeasure.org"
SECONDS_MAX = 120

TIMING = {"frequency": 1, "period": 1, "periodUnit": "d"}
WANTED = """\
ONE  \u00e9 2,5 MG: roll  (MedicationRequest at /entry/0/resource)
    Mon 2026-11-23 to Tue 2026-11-24: 08:00 1.5, 18:00 1.5
    Thu 2026-11-26: 08:00 1.5, 18:00 1.5
    O D6 the route is not stated (route-not-stated at /entry/0/resource/dosageInstruction/0)
no product named: refused, unit-missing  (MedicationRequest at /entry/1/resource)
    B A17 the dose has no unit (unit-missing at /entry/1/resource/dosageInstruction/0)
LATER: roll  (MedicationRequest at /entry/2/resource)
    nothing in this window
    O D6 the route is not stated (route-not-stated at /entry/2/resource/dosageInstruction/0)
    I D16 the order names no moments; the site chose morning (P1) (moments-chosen at /entry/2/resource/dosageInstruction/0)
"""


def order(name, repeat, dose):
    request = {"resourceType": "MedicationRequest", "status": "active", "intent": "order",
               "subject": {"reference": "Patient/1"}, "medicationCodeableConcept": {"text": name},
               "dosageInstruction": [{"timing": {"repeat": repeat},
                                      "doseAndRate": [{"doseQuantity": dose}]}]}
    if name is None:
        del request["medicationCodeableConcept"]
        request["medicationReference"] = {"reference": "Medication/of-another-document"}
    return {"resource": request}


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False,
                          timeout=SECONDS_MAX)


def plan_is_told(folder):
    tablet = {"value": 1.5, "unit": "tablet", "system": UCUM, "code": "1"}
    moments = {"when": ["EVE", "MORN"], "dayOfWeek": ["mon", "tue", "thu"]}
    later = dict(TIMING, boundsPeriod={"start": "2027-01-01"})
    path = folder / "orders.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [
        order("ONE\n\u0085\u00e9 2,5 MG", moments, tablet), order(None, TIMING, {"value": 1}),
        order("LATER", later, tablet)]}), encoding="utf-8")
    window = ["--from", "2026-11-23", "--days", "7"]
    done = run(BIN / "rolwacht-plan", "--text", *window, path)
    told = [] if done.stdout == WANTED else ["told:\n" + done.stdout]
    both = run(BIN / "rolwacht-plan", "--text", "--json", *window, path)
    two = run(BIN / "rolwacht-plan", "--text", *window, path, path)
    if two.stdout != ("== %s\n" % path + WANTED) * 2:
        told.append("two files:\n" + two.stdout)
    plain = run(BIN / "rolwacht-plan", *window, path)
    if both.stdout != plain.stdout or not plain.stdout.startswith("{"):
        told.append("--json does not go before --text")
    return told


def findings_name_their_medicine(folder):
    samples = ROOT / "samples"
    done = run(BIN / "rolwacht-build", "--from", "2026-11-23", "--days", "14", "--policy",
               samples / "policy.json", "--products", samples / "products.json", "--state",
               folder / "state", "-o", folder / "rolls", samples / "orders-c1001.json")
    summary = json.loads((folder / "rolls" / "summary.json").read_text(encoding="utf-8"))
    names = {f["pointer"]: f["name"] for f in summary["clients"][0]["findings"]}
    told = []
    if ": c1001: O D11 ALENDRONINEZUUR at /entry/9/resource: a medicine for one" not in done.stderr:
        told.append("standard error: " + done.stderr)
    if names.get("/entry/9/resource") != "ALENDRONINEZUUR" or names.get("") is not None:
        told.append("summary: %r" % names)
    return told


def change(orders, action):
    """The sample's orders in which a medicine is doubled, left out, ordered once more, or nothing."""
    entries = orders["entry"]
    by_id = {entry["resource"]["id"]: entry for entry in entries}
    if action == "REPLACE_FROM":
        dose = by_id["c1001-ta-furosemide"]["resource"]["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]
        dose["value"] = 2
        dose.pop("extension", None)
    elif action == "REMOVE_BY_PHARMACY":
        entries.remove(by_id["c1001-ta-simvastatine"])
    elif action == "ADD_LOOSE":
        more = json.loads(json.dumps(by_id["c1001-ta-paracetamol"]))
        more["fullUrl"] = "urn:uuid:6a1c0a52-90c2-4b0e-9d51-0f5b7b0f3a11"
        more["resource"]["id"] = more["resource"]["identifier"][0]["value"] = "more"
        entries.append(more)


CHANGES = {
    "AT_NEXT_ROLL": ["  nothing to do: the old roll is used up first",
                     "  same     roll  METFORMINE 500 mg: 08:00 2, 18:00 2"],
    "REPLACE_FROM": ["  from bag 2, Mon 2026-11-23 08:00, the new roll counts, from its bag 2",
                     "  bags that no longer count, 43 in all: 2 to 44",
                     "  changed  roll  FUROSEMIDE 40 mg: 08:00 2 Mon Wed Fri; looks: "],
    "ADD_LOOSE": ["  the roll stays; something is handed over beside it",
                  "  added    loose PARACETAMOL 500 mg: "],
    "REMOVE_BY_PHARMACY": ["  bags that no longer count, 14 in all: 4, 7, 10, 13, 16, ",
                           "  removed  roll  SIMVASTATINE 20 mg: 22:00 1; looks: "],
}
PAUSE = ["paused from Sat 2026-12-05 00:00 to Mon 2026-12-21 00:00",
         "  withhold bag 39, Sat 2026-12-05 08:00, pieces: 4", "  in all: bags 6, pieces 14",
         "  loose, waits: PARACETAMOL: zo nodig", "  it reaches beyond this roll: ask the next one too",
         "  no bag of this roll is left behind it",
         "  before it goes on: make a new roll, account for the withheld bags, check the first bag"]
AWAY = ["  take along bag 8, Wed 2026-11-25 08:00, pieces: 5",
        "  ask a pharmacist: bag 9, Wed 2026-11-25 18:00, pieces: 2 (too-early)",
        "  it goes on with bag 10, Wed 2026-11-25 22:00"]


def roll_of(folder, name, orders):
    path = folder / (name + ".json")
    path.write_text(json.dumps(orders), encoding="utf-8")
    samples = ROOT / "samples"
    run(BIN / "rolwacht-build", "--quiet", "--from", "2026-11-23", "--days", "14", "--policy",
        samples / "policy.json", "--products", samples / "products.json", "--serial-seed", name,
        "--state", folder / "state", "-o", folder / name, path)
    return folder / name / "c1001.roll.json"


def changes_and_absences_are_told(folder):
    sample = (ROOT / "samples" / "orders-c1001.json").read_text(encoding="utf-8")
    old = roll_of(folder, "old", json.loads(sample))
    asked = []
    for action, wanted in CHANGES.items():
        orders = json.loads(sample)
        change(orders, action)
        asked.append(([old, roll_of(folder, action, orders)], [": " + action] + wanted))
    asked.append((["--pause", "2026-12-05/2026-12-20", old], PAUSE))
    asked.append((["--away", "2026-11-25T07:00/2026-11-25T20:00", "--early-max-min", "120", old], AWAY))
    told = []
    for words, wanted in asked:
        done = run(BIN / "rolwacht-diff", "--text", *words)
        lacks = [line for line in wanted if line not in done.stdout]
        if lacks or done.stderr:
            told.append("%s lacks %s:\n%s%s" % (words[0], lacks, done.stdout, done.stderr))
    return told


def faults_of_a_table_name_the_product(folder):
    table = json.loads((ROOT / "samples" / "products.json").read_text(encoding="utf-8"))
    rows = table["products"]
    rows[1]["code"] = ""
    rows[2] = 7
    rows[12 % len(rows)]["colour"] = "red"
    path = folder / "products.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    done = run(BIN / "rolwacht-build", "--check-policy", path)
    wanted = ["/products/1/code: a product needs a code (%s)\n" % rows[1]["name"], "/products/2",
              "/products/%d/colour: \"colour\" has no meaning here (%s)\n"
              % (12 % len(rows), rows[12 % len(rows)]["name"])]
    lacks = [line for line in wanted if line not in done.stderr]
    return ["exit %d, lacks %s:\n%s" % (done.returncode, lacks, done.stderr)] if lacks or done.returncode != 3 else []


CASES = [plan_is_told, findings_name_their_medicine, changes_and_absences_are_told,
         faults_of_a_table_name_the_product]

if __name__ == "__main__":
    tap.play([tap.in_folder(case) for case in CASES], None)
