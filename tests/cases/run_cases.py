#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the text tables of orders and intakes through `rolwacht plan`.

A case is written for a person:

    case    three times a day
    given   1 stuk; 3 per 1 d; oral
    with    from 2026-11-23 days 1
    expect  2026-11-23 08:00 1, 12:00 1, 18:00 1

Each further `given` is one dosage more. `order` speaks of the whole order. A line of `expect` is a
day with its times and amounts; `expect nothing` is a plan without intakes; `! id reason /pointer`
is a refusal, whose pointer is told from the order on; `note id reason` a finding that must be
there, `silent id reason` one that must not; `because P1` the rule behind each dosage; `destination loose` where the line goes. `within
searchset` puts the order into a Bundle, `request DELETE url` is what its entry asks, `deleted
before url` an entry before it (or `behind`) that deletes something; `medicine urn` its medicine beside it, and `named` is the
product that is then told; `encoding utf-16` writes the XML so (JSON has UTF-8 alone); `supply 28 stuk` is what was handed over beside it. The same case is run as JSON and as XML, unless it says `json`. Cases
with the same options are planned by one call.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import case_orders


def new_case(name):
    return {"name": name, "order": [], "given": [], "with": [], "policy": None, "days": {},
            "nothing": False, "refuse": None, "notes": [], "silent": [], "rules": None, "to": None,
            "json_only": False, "supply": [], "encoding": "utf-8", "within": None, "medicine": None, "named": None,
            "request": None, "deleted": None}


def take_phrase(case, key, rest):
    """One line of a case. False when it is none that a case knows."""
    if key == "order":
        case["order"].append(rest.split())
    elif key == "given":
        case["given"].append(rest)
    elif key == "with":
        case["with"] += rest.split()
    elif key == "policy":
        case["policy"] = json.loads(rest)
    elif key == "!":
        case["refuse"] = rest.split()
    elif key == "note":
        case["notes"].append(rest)
    elif key == "because":
        case["rules"] = rest.split()
    elif key == "destination":
        case["to"] = rest
    elif key == "json":
        case["json_only"] = True
    elif key == "silent":
        case["silent"].append(rest)
    elif key == "supply":
        case["supply"].append(rest)
    elif key in ("request", "deleted"):
        case[key] = rest.split()
    elif key in ("within", "medicine", "named", "encoding"):
        case[key] = rest
    elif key == "expect" and rest == "nothing":
        case["nothing"] = True
    elif key == "expect":
        day, _, times = rest.partition(" ")
        case["days"][day] = times
    else:
        return False
    return True


def read_cases(path):
    case = None
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            key, _, rest = line.strip().partition(" ")
            if key == "case":
                if case:
                    yield case
                case = new_case(rest.strip())
            elif not take_phrase(case, key, rest.strip()):
                raise ValueError("%s: %s" % (path, line))
    if case:
        yield case


def wanted_intakes(case):
    intakes = []
    for day, times in case["days"].items():
        for one in times.split(","):
            clock, amount = one.split()
            intakes.append((day + "T" + clock, round(float(amount) * 1000)))
    return intakes


def compare(case, line):
    faults = []
    got = [(i["at"][:16], i["milli"]) for i in line["intakes"]]
    if case["refuse"]:
        finding, reason, pointer = (case["refuse"] + [None])[:3]
        if line["outcome"] != "refuse" or line.get("reason") != reason:
            faults.append("expected %s, got %s %s" % (reason, line["outcome"], line.get("reason")))
        pointers = [f["pointer"][len(line["pointer"]):] for f in line["findings"]
                    if (f["id"], f["reason"], f["severity"]) == (finding, reason, "B")]
        if not pointers or (pointer and pointer not in pointers):
            faults.append("expected %s at %s, got %s" % (finding, pointer, pointers))
        if got:
            faults.append("a refusal has no intakes")
    else:
        wanted = [] if case["nothing"] else wanted_intakes(case)
        if line["outcome"] != "plan":
            faults.append("expected a plan, got %s: %s" % (line.get("reason"), [
                f["text"] for f in line["findings"] if f["severity"] == "B"]))
        elif got != wanted:
            faults.append("expected %s\n      got      %s" % (wanted, got))
    if sum(why["intakes"] for why in line["why"]) != len(got):
        faults.append("the reasons do not account for each intake: %s" % line["why"])
    rules = [why["rule"] for why in line["why"]]
    if case["rules"] is not None and rules != case["rules"]:
        faults.append("expected the rules %s, got %s" % (case["rules"], rules))
    found = [f["id"] + " " + f["reason"] for f in line["findings"]]
    faults += ["expected a finding %s, got %s" % (n, found) for n in case["notes"] if n not in found]
    faults += ["did not expect a finding %s" % n for n in case["silent"] if n in found]
    if case["to"] and line["destination"] != case["to"]:
        faults.append("expected destination %s, got %s" % (case["to"], line["destination"]))
    if case["named"] and line["product"] != case["named"]:
        faults.append("expected product %s, got %s" % (case["named"], line["product"]))
    return faults


def write_order(case, suffix, path):
    order = case_orders.build_order(case["order"])
    dosages = [case_orders.build_dosage(text) for text in case["given"]]
    if dosages:
        order["dosageInstruction"] = dosages
    document = case_orders.wrap(order, case)
    encoding = case["encoding"]
    if suffix == ".json":
        text = case_orders.as_json(document)
    else:
        name = encoding.replace("utf-8-sig", "utf-8")
        text = '<?xml version="1.0" encoding="%s"?>\n%s' % (name, case_orders.as_xml(document))
    with open(path, "w", encoding=encoding if suffix == ".xml" or "utf-8" in encoding else "utf-8") as out:
        out.write(text)


def gather(paths, folder):
    """The files of all cases, by the options that they are planned with."""
    groups = {}
    count = 0
    for table in paths:
        for case in read_cases(table):
            options = case["with"] or ["from", "2026-11-23", "days", "7"]
            words = [("--" + w) if re.match("[a-z]", w) else w for w in options]
            key = (tuple(words), json.dumps(case["policy"]) if case["policy"] is not None else None)
            for suffix in [".json"] if case["json_only"] else [".json", ".xml"]:
                group = groups.setdefault(key, {})
                count += 1
                path = os.path.join(folder, "%d%s" % (count, suffix))
                write_order(case, suffix, path)
                group[path] = (os.path.basename(table), case, suffix[1:])
    return groups


def run_group(program, words, policy, files, folder):
    """What is wrong with the lines of one call."""
    words = [program] + list(words)
    if policy is not None:
        path = os.path.join(folder, "policy")
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"format": "rolwacht/policy/1", **json.loads(policy)}, out)
        words += ["--policy", path]
    done = subprocess.run(words + list(files), capture_output=True, text=True, timeout=120, check=False)
    lines = {}
    for text in done.stdout.splitlines():
        line = json.loads(text)
        lines.setdefault(line["source"], []).append(line)
    faults = []
    for path, (table, case, suffix) in files.items():
        own = [line for line in lines.get(path, []) if line["id"] == "case"]
        found = compare(case, own[0]) if len(own) == 1 else [
            "expected one line, got %d: %s" % (len(own), done.stderr.strip()[-300:])]
        faults += ["%s: %s (%s): %s" % (table, case["name"], suffix, fault) for fault in found]
    refused = any(case["refuse"] or case["supply"] for _, case, _ in files.values())
    if not faults and done.returncode != (1 if refused else 0):
        faults.append("status %d of %s" % (done.returncode, " ".join(words)))
    return faults


def main():
    program = os.path.join(os.environ["ROLWACHT_BIN"], "rolwacht-plan")
    faults = []
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for (words, policy), files in gather(sys.argv[1:], folder).items():
            total += len(files)
            faults += run_group(program, words, policy, files, folder)
    print("\n".join(faults + ["%d cases, %d faults" % (total, len(faults))]))
    return 1 if faults or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
