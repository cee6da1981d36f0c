#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plans every order of the third-party data: no crash, an outcome for each, a reason for each refusal."""
import json
import os
import subprocess
import sys

LINES = ("MedicationRequest", "MedicationDispense", "MedicationStatement")


def find_folder():
    root = os.environ["ROLWACHT_ROOT"]
    for folder in (os.environ.get("ROLWACHT_TEST_DATA"), os.path.join(root, "..", "shared", "data")):
        if folder and os.path.isdir(os.path.join(folder, "orders")):
            return os.path.join(folder, "orders")
    return None


def count_lines(node):
    """Order lines of a FHIR JSON document, as a reader that knows nothing of planning sees them."""
    waiting, count = [node], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            count += one.get("resourceType") in LINES
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return count


def check_line(line):
    if line["format"] != "rolwacht/plan/1" or line["outcome"] not in ("plan", "refuse"):
        return "no outcome"
    if line["outcome"] == "plan":
        if line["destination"] not in ("roll", "loose") or "reason" in line:
            return "a plan with a reason or without a destination"
        amounts = [i["milli"] for i in line["intakes"]]
        if any(a <= 0 or a % 500 for a in amounts):
            return "an amount that nobody can pack"
        return None
    places = [f["pointer"] for f in line["findings"] if f["reason"] == line["reason"] and f["severity"] == "B"]
    if not places or line["intakes"]:
        return "a refusal without a finding of its reason"
    if not all(p.startswith(line["pointer"]) for p in places):
        return "a refusal that points elsewhere"
    return None


def check_file(program, path):
    done = subprocess.run([program, "--from", "2026-06-15", "--days", "28", path],
                          capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in (0, 1):
        if done.returncode == 3 and done.stderr.startswith("rolwacht plan: ") and not path.endswith(".json"):
            return None, 0
        return "status %d: %s" % (done.returncode, done.stderr[-300:]), 0
    lines = [json.loads(text) for text in done.stdout.splitlines()]
    refused = any(line["outcome"] == "refuse" for line in lines)
    if refused != (done.returncode == 1):
        return "the status does not tell the refusals", 0
    for line in lines:
        fault = check_line(line)
        if fault:
            return "%s: %s" % (line["pointer"], fault), 0
    if path.endswith(".json") and "emediplan" not in path:
        with open(path, encoding="utf-8") as text:
            wanted = max(1, count_lines(json.load(text)))
        if len(lines) != wanted:
            return "%d lines for %d orders" % (len(lines), wanted), 0
    return None, len(lines)


def main():
    folder = find_folder()
    if folder is None:
        print("skipped: no third-party data")
        return 77
    program = os.path.join(os.environ["ROLWACHT_BIN"], "rolwacht-plan")
    files = bad = total = 0
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if not name.endswith((".json", ".xml", ".txt")):
                continue
            fault, count = check_file(program, os.path.join(place, name))
            files += 1
            total += count
            if fault:
                bad += 1
                print("%s: %s" % (name, fault))
    print("%d files, %d orders, %d faults" % (files, total, bad))
    return 1 if bad or not total else 0


if __name__ == "__main__":
    sys.exit(main())
