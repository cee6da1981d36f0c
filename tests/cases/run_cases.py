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
is a refusal; `note id reason` a finding that must be there; `destination loose` where the line goes.
The same case is run as JSON and as XML.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from xml.sax.saxutils import quoteattr

BASE = "http://nictiz.nl/fhir/StructureDefinition/"
UCUM = "http://unitsofmeasure.org"
G_UNIT = "urn:oid:2.16.840.1.113883.2.4.4.1.900.2"
KBV = "https://fhir.kbv.de/CodeSystem/KBV_CS_SFHIR_BMP_DOSIEREINHEIT"
TABLE_25 = "https://referentiemodel.nhg.org/tabellen/nhg-tabel-25-gebruiksvoorschrift#aanvullend-numeriek"
SNOMED = "http://snomed.info/sct"
CATEGORIES = {"MA": "33633005", "VV": "52711000146108", "WDS": "395067002",
              "TA": "422037009", "MVE": "373784005"}
UNITS = {
    "stuk": {"unit": "stuk", "system": UCUM, "code": "1"},
    "Stück": {"unit": "Stück", "system": KBV, "code": "1"},
    "TAB": {"unit": "TAB", "system": "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm",
            "code": "TAB"},
    "ml": {"unit": "ml", "system": UCUM, "code": "mL"},
    "mg": {"unit": "mg", "system": UCUM, "code": "mg"},
    "one": {"system": UCUM, "code": "1"},
    "unitless": {},
    "tablet-in-mg": {"unit": "tablet", "system": UCUM, "code": "mg"},
    "tablet": {"unit": "tablet", "system": SNOMED, "code": "732936001"},
    "capsule-in-tablet": {"unit": "capsule", "system": SNOMED, "code": "732936001"},
    "pill": {"unit": "pil", "system": SNOMED, "code": "732936001"},
    "word": {"unit": "tablet"},
}
ROUTES = {
    "oral": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.9", "code": "9"}]},
    "oral-snomed": {"coding": [{"system": SNOMED, "code": "26643006"}]},
    "oral-edqm": {"coding": [{"system": "http://standardterms.edqm.eu", "code": "20053000"}]},
    "oral-word": {"text": "Oraal"},
    "cutaneous": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.9", "code": "53"}]},
    "oromucosal": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.9", "code": "34"}]},
}


def number(text):
    return json.loads(text)


def duration(value, code):
    return {"value": number(value), "system": UCUM, "code": code}


def dose(amount, unit):
    quantity = {"value": number(amount)}
    if unit in ("patch", "translated", "inhalation"):
        code = {"patch": "245", "translated": "245", "inhalation": "208"}[unit]
        text = {"patch": "pleister", "translated": "stuk", "inhalation": "dosis"}[unit]
        quantity["extension"] = [{
            "url": "http://hl7.org/fhir/StructureDefinition/iso21090-PQ-translation",
            "valueQuantity": {"value": number(amount), "unit": text, "system": G_UNIT, "code": code}}]
        quantity.update({"unit": text, "system": UCUM, "code": "1"})
    else:
        quantity.update(UNITS[unit])
    return quantity


def add_timing(words, timing, repeat):
    """One phrase about time. True when it was one."""
    key, rest = words[0], words[1:]
    if len(words) == 4 and words[1] == "per":
        repeat.update({"frequency": number(key), "period": number(words[2]), "periodUnit": words[3]})
    elif key == "per":
        repeat.update({"period": number(rest[0]), "periodUnit": rest[1]})
    elif key == "when":
        repeat["when"] = rest
    elif key == "at":
        repeat["timeOfDay"] = [t if t.count(":") == 2 or "!" in t else t + ":00" for t in rest]
        repeat["timeOfDay"] = [t.replace("!", "") for t in repeat["timeOfDay"]]
    elif key == "on":
        repeat["dayOfWeek"] = rest
    elif key == "for":
        repeat["boundsDuration"] = duration(*rest)
    elif key == "bounds":
        start, end = rest[0].split("..")
        repeat["boundsPeriod"] = {k: v for k, v in (("start", start), ("end", end)) if v}
    elif key == "code":
        timing["code"] = {"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", "code": rest[0]}]}
    elif key == "event":
        timing["event"] = rest
    elif key == "exact":
        repeat["extension"] = [{"url": "http://hl7.org/fhir/StructureDefinition/timing-exact",
                                "valueBoolean": True}]
    elif key == "cycle":
        timing["modifierExtension"] = [{"url": BASE + "ext-InstructionsForUse.RepeatPeriodCyclicalSchedule",
                                        "valueDuration": duration(*rest)}]
    elif key in ("count", "countMax", "frequencyMax", "periodMax", "offset", "duration", "frequency"):
        repeat[key] = number(rest[0])
        if key == "duration":
            repeat["durationUnit"] = rest[1]
    else:
        return False
    return True


def build_dosage(text):
    dosage, timing, repeat, rates = {}, {}, {}, {}
    for phrase in [p.strip() for p in text.split(";") if p.strip()]:
        words = phrase.split()
        key = words[0]
        if key.startswith("{"):
            dosage.update(json.loads(phrase))
        elif key == "seq":
            dosage["sequence"] = int(words[1])
        elif key == "prn":
            dosage["asNeededBoolean"] = True
        elif key == "instruction":
            dosage["additionalInstruction"] = [{"coding": [{"system": TABLE_25, "code": words[1]}]}]
        elif key == "says":
            dosage["text"] = phrase[5:]
        elif key in ROUTES:
            dosage["route"] = ROUTES[key]
        elif key == "range":
            rates["doseRange"] = {"low": dose(words[1], words[3]), "high": dose(words[2], words[3])}
        elif key == "rate":
            rates["rateQuantity"] = {"value": 1, "unit": "ml/h", "system": UCUM, "code": "mL/h"}
        elif len(words) == 2 and words[1] in list(UNITS) + ["patch", "translated", "inhalation"]:
            rates["doseQuantity"] = dose(*words)
        elif not add_timing(words, timing, repeat):
            raise ValueError("no such phrase: " + phrase)
    if repeat:
        timing["repeat"] = repeat
    if timing:
        dosage["timing"] = timing
    if rates:
        dosage["doseAndRate"] = [rates]
    return dosage


def period_extension(start, end, extra):
    period = {k: v for k, v in (("start", start), ("end", end)) if v}
    if extra:
        period["extension"] = extra
    return {"url": BASE + "ext-TimeInterval.Period", "valuePeriod": period}


def build_order(phrases):
    order = {"resourceType": "MedicationRequest", "id": "case", "status": "active",
             "intent": "order", "medicationCodeableConcept": {"text": "PRODUCT"},
             "subject": {"reference": "Patient/1"}}
    for words in phrases:
        key = words[0]
        if key in CATEGORIES:
            concept = {"coding": [{"system": SNOMED, "code": CATEGORIES[key]}]}
            if key in ("TA", "MVE"):
                order = {"resourceType": "MedicationDispense", "id": "case", "status": "unknown",
                         "medicationCodeableConcept": {"text": "PRODUCT"}}
                order["category"] = concept
            else:
                order["category"] = [concept]
        elif key == "period":
            start, end = words[1].split("..")
            extra = []
            if "for" in words:
                at = words.index("for")
                extra.append({"url": BASE + "ext-TimeInterval.Duration",
                              "valueDuration": duration(words[at + 1], words[at + 2])})
            if "condition" in words:
                extra.append({"url": BASE + "ext-PeriodOfUse.Condition", "valueString": "na operatie"})
            order.setdefault("extension", []).append(period_extension(start, end, extra))
        elif key == "cycle":
            order.setdefault("modifierExtension", []).append({
                "url": BASE + "ext-InstructionsForUse.RepeatPeriodCyclicalSchedule",
                "valueDuration": duration(words[1], words[2])})
        elif key == "stop":
            order.setdefault("modifierExtension", []).append({
                "url": BASE + "ext-StopType",
                "valueCodeableConcept": {"coding": [{"system": SNOMED, "code": words[1]}]}})
        elif key == "gds":
            order.setdefault("extension", []).append({
                "url": BASE + "ext-MedicationDispense.DistributionForm",
                "valueCodeableConcept": {"coding": [{
                    "system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.3.8", "code": "1"}]}})
        elif key == "without":
            order.pop(words[1])
        elif key.startswith("{"):
            order.update(json.loads(" ".join(words)))
        else:
            order[key] = words[1]
    return order


def to_xml(name, value, depth):
    """FHIR XML of a JSON element."""
    if isinstance(value, list):
        return "".join(to_xml(name, one, depth) for one in value)
    pad = " " * depth
    if not isinstance(value, dict):
        text = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        return "%s<%s value=%s/>\n" % (pad, name, quoteattr(str(text)))
    attributes = " url=%s" % quoteattr(value["url"]) if "url" in value and "xtension" in name else ""
    inner = "".join(to_xml(k, v, depth + 1) for k, v in value.items()
                    if k != "resourceType" and not (k == "url" and attributes))
    return "%s<%s%s>\n%s%s</%s>\n" % (pad, name, attributes, inner, pad, name)


def as_xml(order):
    kind = order["resourceType"]
    body = to_xml(kind, order, 0)
    return body.replace("<%s" % kind, '<%s xmlns="http://hl7.org/fhir"' % kind, 1)


def read_cases(path):
    case = None
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            key, _, rest = line.strip().partition(" ")
            rest = rest.strip()
            if key == "case":
                if case:
                    yield case
                case = {"name": rest, "order": [], "given": [], "with": [], "policy": None,
                        "days": {}, "nothing": False, "refuse": None, "notes": [], "to": None,
                        "json_only": False}
            elif key == "order":
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
            elif key == "destination":
                case["to"] = rest
            elif key == "json":
                case["json_only"] = True
            elif key == "expect" and rest == "nothing":
                case["nothing"] = True
            elif key == "expect":
                day, _, times = rest.partition(" ")
                case["days"][day] = times
            else:
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


def run(program, case, suffix, folder):
    order = build_order(case["order"])
    dosages = [build_dosage(text) for text in case["given"]]
    if dosages:
        order["dosageInstruction"] = dosages
    path = os.path.join(folder, "order" + suffix)
    with open(path, "w", encoding="utf-8") as out:
        out.write(json.dumps(order, ensure_ascii=False) if suffix == ".json" else as_xml(order))
    words = [program]
    options = case["with"] or ["from", "2026-11-23", "days", "7"]
    words += [("--" + w) if re.match("[a-z]", w) else w for w in options]
    if case["policy"] is not None:
        policy = os.path.join(folder, "policy.json")
        with open(policy, "w", encoding="utf-8") as out:
            json.dump({"format": "rolwacht/policy/1", **case["policy"]}, out)
        words += ["--policy", policy]
    done = subprocess.run(words + [path], capture_output=True, text=True, timeout=60, check=False)
    lines = done.stdout.splitlines()
    if len(lines) != 1:
        return ["expected one line, got %d: %s" % (len(lines), done.stderr.strip())]
    return compare(case, json.loads(lines[0]), done.returncode)


def compare(case, line, status):
    faults = []
    got = [(i["at"][:16], i["milli"]) for i in line["intakes"]]
    offset = [i["at"] for i in line["intakes"] if "with-offset" in case["name"]]
    if case["refuse"]:
        finding, reason, pointer = (case["refuse"] + [None])[:3]
        if line["outcome"] != "refuse" or line.get("reason") != reason:
            faults.append("expected %s, got %s %s" % (reason, line["outcome"], line.get("reason")))
        pointers = [f["pointer"] for f in line["findings"]
                    if (f["id"], f["reason"], f["severity"]) == (finding, reason, "B")]
        if not pointers or (pointer and pointer not in pointers):
            faults.append("expected %s at %s, got %s" % (finding, pointer, pointers))
        if status != 1 or got:
            faults.append("a refusal has status 1 and no intakes, got %d" % status)
    else:
        wanted = [] if case["nothing"] else wanted_intakes(case)
        if line["outcome"] != "plan":
            faults.append("expected a plan, got %s: %s" % (line.get("reason"), [
                f["text"] for f in line["findings"] if f["severity"] == "B"]))
        elif got != wanted:
            faults.append("expected %s\n      got      %s %s" % (wanted, got, offset))
        elif status != 0:
            faults.append("expected status 0, got %d" % status)
    for note in case["notes"]:
        found = [f["id"] + " " + f["reason"] for f in line["findings"]]
        if note not in found:
            faults.append("expected a finding %s, got %s" % (note, found))
    if case["to"] and line["destination"] != case["to"]:
        faults.append("expected destination %s, got %s" % (case["to"], line["destination"]))
    return faults


def main():
    program = os.path.join(os.environ["ROLWACHT_BIN"], "rolwacht-plan")
    bad = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in sys.argv[1:]:
            for case in read_cases(path):
                for suffix in [".json"] if case["json_only"] else [".json", ".xml"]:
                    total += 1
                    for fault in run(program, case, suffix, folder):
                        bad += 1
                        print("%s: %s (%s): %s" % (os.path.basename(path), case["name"], suffix[1:], fault))
    print("%d cases, %d faults" % (total, bad))
    return 1 if bad or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
