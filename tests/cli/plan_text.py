#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what `plan --text` and `build` tell a person; output is TAP."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

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


def main():
    cases = [plan_is_told, findings_name_their_medicine]
    bad = 0
    print("1..%d" % len(cases))
    for number, case in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as folder:
            told = case(pathlib.Path(folder))
        bad += bool(told)
        print("%sok %d - %s" % ("not " if told else "", number, case.__name__.replace("_", " ")))
        for line in told:
            print("# " + line.replace("\n", "\n# "))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
