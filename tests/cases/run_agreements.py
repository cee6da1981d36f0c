#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the table of agreements of one client through `rolwacht build`.

A case is written for a person:

    case    the agreement of the pharmacy stands over the one it was made from
    order   ma  MA; treatment 1; 1 stuk; when MORN; oral
    order   ta  TA; gds; treatment 1; on ma; 1 stuk; when EVE; oral
    expect  ta  roll 7
    expect  ma  excluded replaced by ta

The window is 2026-11-23 and six days more. `on` names the agreement that another was made from, `prior`
the one it follows, `same` the one it is a version of; `nameless` has no identifier, and `again` is the
same resource of the server as the one named. `expect` says where an order goes: so many
pieces into the roll, so many loose, or out, and why; what went partly out has two lines. `note id
reason` is a finding, `silent id reason` one that is not there, `blocks id reason` one that stops the roll. All cases are clients of one build.
"""
import json
import os
import subprocess
import sys
import tempfile

import case_orders

HPK = "urn:oid:2.16.840.1.113883.2.4.4.7"
SYSTEM = "http://example.org/agreements"
WISHES = "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.2.14.2051"
PRODUCT = {"name": "TABLET", "strength": "5 mg", "form": "tablet", "solid": True, "packable": True}


def read_cases(path):
    cases = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            key, _, rest = line.strip().partition(" ")
            if key == "case":
                cases.append({"name": rest.strip(), "order": [], "expect": [], "note": [], "silent": [],
                              "blocks": []})
            else:
                cases[-1][key].append(rest.strip())
    return cases


def link(name):
    return {"identifier": {"system": SYSTEM, "value": name}}


def take_link(order, words):
    """A phrase about other agreements. False when it is none."""
    key, value = words[0], words[-1]
    dispense = order["resourceType"] == "MedicationDispense"
    if key == "on":
        field = "authorizingPrescription" if dispense else "basedOn"
        order.setdefault(field, []).append(link(value))
    elif key == "prior" and dispense:
        order.setdefault("extension", []).append({
            "url": case_orders.BASE + "ext-RelationAdministrationAgreement", "valueReference": link(value)})
    elif key == "prior":
        order["priorPrescription"] = link(value)
    elif key == "same":
        order["identifier"][0]["value"] = value
    elif key == "nameless":
        order.pop("identifier")
    elif key == "again":
        order.pop("identifier")
        order["id"] = value
    elif key == "registered":
        order.setdefault("extension", []).append({
            "url": case_orders.BASE + "ext-RegistrationDateTime", "valueDateTime": value + "T09:00:00+01:00"})
    elif key == "wish":
        order.setdefault("extension", []).append({
            "url": case_orders.BASE + "ext-DispenseRequest.AdditionalWishes",
            "valueCodeableConcept": {"coding": [{"system": WISHES, "code": value}]}})
    elif key == "product":
        order["medicationCodeableConcept"]["coding"][0]["code"] = value
    else:
        return False
    return True


WHOLE = {"treatment", "period", "stop", "gds", "status", "cycle"} | set(case_orders.CATEGORIES)


def build_order(text):
    """The phrases of the order and its first dosage; those of each further dosage stand behind a stroke."""
    name, _, rest = text.partition(" ")
    rest, *further = rest.split(" / ")
    phrases = [p.strip() for p in rest.split(";")]
    order = case_orders.build_order([p.split() for p in phrases if p.split()[0] in WHOLE])
    order["id"] = name
    order["identifier"] = [{"system": SYSTEM, "value": name}]
    order["medicationCodeableConcept"] = {"coding": [{"system": HPK, "code": "1"}], "text": "TABLET"}
    dosage = [p for p in phrases if p.split()[0] not in WHOLE and not take_link(order, p.split())]
    if dosage:
        order["dosageInstruction"] = [case_orders.build_dosage(one) for one in ["; ".join(dosage), *further]]
    return order


def write_client(case, client, folder):
    """The file of one case; its orders by the pointers that the roll will name them by."""
    patient = {"resourceType": "Patient", "id": client, "birthDate": "1938-05-17",
               "identifier": [{"system": "https://example.org/clients", "value": client}],
               "name": [{"text": "Geval " + client}]}
    orders = [build_order(text) for text in case["order"]]
    for order in orders:
        order["subject"] = {"reference": "Patient/" + client}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "https://example.org/fhir/%s/%s" % (r["resourceType"], r["id"]), "resource": r}
        for r in [patient] + orders]}
    with open(os.path.join(folder, client + ".json"), "w", encoding="utf-8") as out:
        json.dump(bundle, out)
    return {"/entry/%d/resource" % (i + 1): order["id"] for i, order in enumerate(orders)}


def milli_text(milli):
    return "-" if milli is None else "%g" % (milli / 1000)


def placements(row, roll, names):
    """Where each order went, in the words of a case."""
    packed = {}
    for bag in roll["bags"] if roll else []:
        for content in bag["contents"]:
            packed[content["order"]] = packed.get(content["order"], 0) + content["milli"]
    said = ["%s roll %s" % (names[order], milli_text(milli)) for order, milli in packed.items()]
    for place in ("loose", "excluded"):
        for line in row[place]:
            text = "%s %s %s %s" % (names[line["order"]], place, milli_text(line["milli"]), line["reason"])
            by = line.get("by")
            said.append(text + (" by " + names[by] if by in names else ""))
    return sorted(said)


def judge(case, row, folder, names):
    found = [(f["severity"], f["id"] + " " + f["reason"]) for f in row["findings"]]
    roll = None
    if row["file"]:
        with open(os.path.join(folder, row["file"]), encoding="utf-8") as file:
            roll = json.load(file)
    wanted = sorted(" ".join(text.split()) for text in case["expect"])
    said = placements(row, roll, names)
    faults = []
    if wanted != said:
        faults.append("expected %s\n      got      %s" % (wanted, said))
    blocking = sorted({text for severity, text in found if severity == "B"})
    if blocking != sorted(case["blocks"]):
        faults.append("expected to be blocked by %s, got %s" % (case["blocks"], blocking))
    faults += ["expected a finding %s, got %s" % (n, found) for n in case["note"]
               if n not in [text for _, text in found]]
    faults += ["expected no finding %s" % n for n in case["silent"] if n in [text for _, text in found]]
    return faults


def main():
    cases = read_cases(sys.argv[1])
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        given, out = os.path.join(folder, "in"), os.path.join(folder, "out")
        os.mkdir(given)
        names = {}
        for i, case in enumerate(cases):
            names["g%03d" % i] = write_client(case, "g%03d" % i, given)
        products = os.path.join(folder, "products.json")
        with open(products, "w", encoding="utf-8") as file:
            json.dump({"format": "rolwacht/products/1", "products": [
                {"code": c, "codes": [{"system": HPK, "code": c}], **PRODUCT} for c in "12"]}, file)
        done = subprocess.run(
            [os.path.join(os.environ["ROLWACHT_BIN"], "rolwacht-build"), "--from", "2026-11-23", "--days", "7",
             "--policy", os.path.join(os.environ["ROLWACHT_ROOT"], "samples", "policy.json"),
             "--products", products, "--state", os.path.join(folder, "state"), "-o", out, given],
            capture_output=True, text=True, timeout=240, check=False)
        if done.returncode not in (0, 1):
            print(done.stderr)
            return 1
        with open(os.path.join(out, "summary.json"), encoding="utf-8") as file:
            rows = {row["client"]: row for row in json.load(file)["clients"]}
        for i, case in enumerate(cases):
            client = "g%03d" % i
            found = judge(case, rows[client], out, names[client]) if client in rows else ["no such client"]
            faults += ["%s: %s" % (case["name"], fault) for fault in found]
    print("\n".join(faults + ["%d cases, %d faults" % (len(cases), len(faults))]))
    return 1 if faults or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
