"""Invented orders, rolls built from them, and the programs that the safety tests run."""
import hashlib
import json
import os
import re
import subprocess

ROOT = os.environ["ROLWACHT_ROOT"]
BIN = os.environ["ROLWACHT_BIN"]
SAMPLES = os.path.join(ROOT, "samples")
FROM = "2026-11-23"
HPK = "urn:oid:2.16.840.1.113883.2.4.4.7"
UNITS = "urn:oid:2.16.840.1.113883.2.4.4.1.900.2"

# Two invented people whose names and birth dates stand in no other text of the tests.
ANNA = {"id": "s1", "name": "Anna Vermaelen-Quist", "born": "1938-05-17"}
BRAM = {"id": "s2", "name": "Bram Oosterzwaan", "born": "1951-09-30"}


def dosage(milli=1000, **repeat):
    unit = {"value": milli / 1000, "unit": "stuk", "system": UNITS, "code": "245"}
    return {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": unit}],
            "route": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.9", "code": "9"}]}}


def order(number, product, *dosages, **members):
    return {"resourceType": "MedicationRequest", "id": f"o{number}", "status": "active", "intent": "order",
            "medicationCodeableConcept": {"coding": [{"system": HPK, "code": product}], "text": f"PRODUCT {product}"},
            "dosageInstruction": list(dosages), **members}


def bundle(person, *orders):
    given, family = person["name"].split(" ", 1)
    patient = {"resourceType": "Patient", "id": person["id"], "birthDate": person["born"],
               "identifier": [{"system": "https://example.org/clients", "value": person["id"]}],
               "name": [{"family": family, "given": [given], "text": person["name"]}]}
    subject = {"subject": {"reference": f"Patient/{person['id']}"}}
    entries = [patient] + [{**resource, **subject} for resource in orders]
    return {"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": f"https://example.org/fhir/{r['resourceType']}/{r['id']}", "resource": r} for r in entries]}


def run(program, *words):
    return subprocess.run([os.path.join(BIN, "rolwacht-" + program), *map(str, words)],
                          capture_output=True, check=False, timeout=240)


def run_tool(program, *words):
    """A maker of test input."""
    return subprocess.run([os.path.join(BIN, program), *map(str, words)], capture_output=True, check=False,
                          timeout=240)


def write(folder, name, value):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)
    return path


def build(folder, *inputs, days=3, products=True, state="state", out="out"):
    """(result, {client: roll file's bytes}) of a build."""
    words = ["--from", FROM, "--days", days, "--policy", os.path.join(SAMPLES, "policy.json"),
             "--state", os.path.join(folder, state), "-o", os.path.join(folder, out)]
    if products:
        words += ["--products", os.path.join(SAMPLES, "products.json")]
    result = run("build", *words, *inputs)
    rolls = {}
    place = os.path.join(folder, out)
    for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
        if name.endswith(".roll.json"):
            with open(os.path.join(place, name), "rb") as file:
                rolls[name[:-len(".roll.json")]] = file.read()
    return result, rolls


def plan(folder, *orders):
    """The plan's lines for the orders of one bundle."""
    path = write(folder, "plan.json", bundle(ANNA, *orders))
    result = run("plan", "--from", FROM, "--days", 7, path)
    return [json.loads(line) for line in result.stdout.decode().splitlines()]


def sealed(roll):
    """The roll with the fingerprint that belongs to its bytes."""
    text = json.dumps(roll, ensure_ascii=False, separators=(",", ":")) + "\n"
    blank = re.sub(r'("fingerprint":"sha256:)[0-9a-f]{64}', r"\g<1>" + "0" * 64, text)
    digest = hashlib.sha256(blank.encode()).hexdigest()
    return blank.replace("sha256:" + "0" * 64, "sha256:" + digest).encode()
