# SPDX-License-Identifier: Apache-2.0
"""Invents clients with orders, one MP9 bundle a file, the same for the same seed."""
import json
import multiprocessing
import os
import pathlib
import random
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ORDERS = 8
MANY = 5000  # clients that are worth a second process
TELL_SECONDS = 10
NICTIZ = "http://nictiz.nl/fhir/StructureDefinition/"
OID = "urn:oid:2.16.840.1.113883.2.4.3.11.999.77.9522"
# What recurs: the repeat of FHIR, and the same as a rule of RFC 5545 for the peer.
TIMES = (["08:00:00"], ["18:00:00"], ["08:00:00", "18:00:00"], ["08:00:00", "12:00:00", "18:00:00"],
         ["08:00:00", "12:00:00", "18:00:00", "22:00:00"], ["22:00:00"])
DAYS = (None, None, None, None, ["mon", "wed", "fri"], ["tue", "thu", "sat", "sun"])


def packable():
    """Rows of the sample table that go into a bag on any day."""
    table = json.loads((ROOT / "samples" / "products.json").read_text())
    return [row for row in table["products"] if row["packable"] and not row.get("weekly")]


def timing(times, days):
    repeat = {"timeOfDay": times}
    if days:
        repeat["dayOfWeek"] = days
    else:
        repeat.update({"period": 1, "periodUnit": "d", "frequency": len(repeat["timeOfDay"])})
    return repeat


def order(client, number, row, pieces, repeat):
    def coded(system, code, display):
        return {"coding": [{"system": system, "code": code, "display": display}]}
    amount = {"value": pieces, "unit": "stuk", "system": "http://unitsofmeasure.org", "code": "1"}
    return {
        "resourceType": "MedicationDispense", "id": f"{client}-ta-{number}",
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"coding": [
            {**code, "display": row["name"]} for code in row["codes"][:1]], "text": row["name"]}}],
        "extension": [
            {"url": NICTIZ + "ext-MedicationDispense.DistributionForm", "valueCodeableConcept": coded(
                "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.3.8", "1", "GDS")},
            {"url": NICTIZ + "ext-RegistrationDateTime", "valueDateTime": "2026-10-02T10:00:00+02:00"},
            {"url": NICTIZ + "ext-TimeInterval.Period",
             "valuePeriod": {"start": "2026-10-02T00:00:00+02:00"}},
            {"url": NICTIZ + "ext-PharmaceuticalTreatment.Identifier",
             "valueIdentifier": {"system": OID + ".1", "value": f"{client}-mbh-{number}"}}],
        "identifier": [{"system": OID, "value": f"{client}-ta-{number}"}], "status": "unknown",
        "category": coded("http://snomed.info/sct", "422037009", "toedieningsafspraak"),
        "medicationReference": {"reference": "#m"},
        "subject": {"reference": f"Patient/{client}"},
        "dosageInstruction": [{
            "sequence": 1, "text": "volgens afspraak", "timing": {"repeat": repeat},
            "route": coded("urn:oid:2.16.840.1.113883.2.4.4.9", "9", "oraal"),
            "doseAndRate": [{"doseQuantity": amount}]}]}


def entry(resource):
    return json.dumps({"fullUrl": f"https://apotheek-de-linde.example/fhir/{resource['resourceType']}/{resource['id']}",
                       "resource": resource}, separators=(",", ":"))


class Orders:
    """The text of an order is made once for each product, amount and timing; then only whose it is changes."""

    def __init__(self):
        self.rows = packable()
        self.known = {}

    def invent(self, client, number, row, random_of):
        pieces = random_of.choice((1, 1, 1, 2))
        times = random_of.choice(TIMES)
        days = random_of.choice(DAYS)
        key = (row["name"], pieces, *times, 0, *(days or ()))
        if key not in self.known:
            self.known[key] = entry(order("@client@", "@number@", row, pieces, timing(times, days)))
        return self.known[key].replace("@client@", client).replace("@number@", str(number))


def bundle(number, orders, seed):
    """The text of one client's file."""
    random_of = random.Random(seed * 1000003 + number)
    client = f"b{number:06d}"
    patient = {"resourceType": "Patient", "id": client,
               "identifier": [{"system": "https://apotheek-de-linde.example/clienten", "value": client}],
               "name": [{"text": f"Invented Person {number}", "family": f"Person {number}"}],
               "birthDate": f"{random_of.randint(1930, 1970)}-0{random_of.randint(1, 9)}-1{random_of.randint(0, 9)}"}
    entries = [entry(patient)] + [orders.invent(client, i, row, random_of)
                                  for i, row in enumerate(random_of.sample(orders.rows, ORDERS), 1)]
    return '{"resourceType":"Bundle","type":"collection","entry":[%s]}' % ",".join(entries)


def write_some(folder, numbers, seed):
    orders = Orders()
    told = time.monotonic()
    for done, number in enumerate(numbers):
        with open(os.path.join(folder, f"b{number:06d}.json"), "w", encoding="utf-8") as file:
            file.write(bundle(number, orders, seed))
        if time.monotonic() - told > TELL_SECONDS:
            print(f"  {done} of {len(numbers)} clients invented", file=sys.stderr, flush=True)
            told = time.monotonic()


def write(folder, count, seed=1):
    """One file a client, by as many processes as there are processors when there are many."""
    os.makedirs(folder, exist_ok=True)
    jobs = os.cpu_count() if count >= MANY else 1
    others = [multiprocessing.Process(target=write_some, args=(folder, range(job, count, jobs), seed))
              for job in range(1, jobs)]
    for other in others:
        other.start()
    write_some(folder, range(0, count, jobs), seed)
    for other in others:
        other.join()
        assert other.exitcode == 0


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
