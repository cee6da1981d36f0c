#!/usr/bin/env python3
"""Every finding that a build can raise by itself, raised once and absent once. Output is TAP."""
import functools
import json
import os

import orders as o
import tap

MORNING = {"when": ["MORN"]}
EACH_MOMENT = {"when": ["MORN", "NOON", "EVE", "NIGHT"]}
ONE = [o.order(1, "1", o.dosage(**MORNING))]
PAIR = ONE + [o.order(2, "2", o.dosage(when=["EVE"]))]
BOUND = {"boundsPeriod": {"start": "2026-11-02"}}
ROUTELESS = {k: v for k, v in o.dosage(**MORNING).items() if k != "route"}
A_DAY = {"value": 1, "unit": "dag", "system": "http://unitsofmeasure.org", "code": "d"}
PHASES = [{**o.dosage(when=[moment], boundsDuration=A_DAY), "sequence": number}
          for number, moment in ((1, "MORN"), (2, "EVE"))]
PERIOD = {"extension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-TimeInterval.Period",
                         "valuePeriod": {"start": "2026-11-23T00:00:00+01:00"}}]}
PICTURE = {"file": "wit-rond.png", "look": "wit", "until": "2027-06-30"}
TOMORROW = json.loads(json.dumps(PERIOD).replace("11-23", "11-24"))
WEEKLY = {"frequency": 1, "period": 1, "periodUnit": "wk"}
NICTIZ = "http://nictiz.nl/fhir/StructureDefinition/"
SNOMED = "http://snomed.info/sct"
LISTS = "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5"
WEEKLY_MON, WEEKLY_TUE = (o.dosage(when=["MORN"], dayOfWeek=[day], **WEEKLY) for day in ("mon", "tue"))
NEXT_ROLL = {"category": [{"coding": [{"system": SNOMED, "code": "33633005"}]}],
             "extension": [{"url": NICTIZ + "ext-MedicationAgreement.MedicationAgreementAdditionalInformation",
                            "valueCodeableConcept": {"coding": [{"system": LISTS + ".2.14.2050", "code": "7"}]}}]}
AT_ONCE = json.loads(json.dumps(NEXT_ROLL).replace('"7"', '"6"'))
REGIMEN = {"category": [{"coding": [{"system": SNOMED, "code": "395067002"}]}]}
ENDED = json.loads(json.dumps(PERIOD).replace('"start"', '"end": "2026-11-25T23:59:00+01:00", "start"'))
MAGISTRAL = {"medicationCodeableConcept": {"coding": [
    {"system": "urn:oid:2.16.840.1.113883.2.4.3.11.9999.77.90000000.1.7", "code": "90000012"}]}}


def dated(members, *more):
    """The members with the extensions of some others."""
    return {**members, "extension": members.get("extension", []) + sum((m["extension"] for m in more), [])}


def agreement(number, code, *dosages, **members):
    """An administration agreement that goes into the roll, from a prescriber's agreement."""
    made = o.order(number, code, *dosages, **members)
    del made["intent"]
    return {**made, "resourceType": "MedicationDispense",
            "authorizingPrescription": [{"reference": "MedicationRequest/elsewhere"}],
            "category": {"coding": [{"system": SNOMED, "code": "422037009"}]},
            "extension": [{"url": NICTIZ + "ext-MedicationDispense.DistributionForm", "valueCodeableConcept": {
                "coding": [{"system": LISTS + ".3.8", "code": "1"}]}}], **members}


def statement(number, code, **members):
    made = o.order(number, code, **members)
    del made["intent"], made["dosageInstruction"]
    return {**made, "resourceType": "MedicationStatement"}


TREATMENT = {"extension": [{"url": NICTIZ + "ext-PharmaceuticalTreatment.Identifier",
                            "valueIdentifier": {"system": "https://example.org/mbh", "value": "t1"}}]}


def supply(number, code, pieces):
    """What was handed over for the agreement of the same treatment."""
    made = agreement(number, code)
    del made["dosageInstruction"]
    return {**made, "status": "completed", "category": {"coding": [{"system": SNOMED, "code": "373784005"}]},
            "quantity": {"value": pieces, "unit": "stuk", "system": o.UNITS, "code": "245"},
            "extension": TREATMENT["extension"]}


def handed_over(pieces):
    """An agreement of three mornings and a supply of so many pieces."""
    agreed = agreement(1, "1", o.dosage(**MORNING))
    return [dated(agreed, ENDED, TREATMENT), supply(2, "1", pieces)]


def product(code, **members):
    return {"code": code, "codes": [{"system": o.HPK, "code": code}], "name": f"NAME{code}", "strength": "5 mg",
            "form": "tablet", "solid": True, "packable": True, **members}


# What must be found: id, reason, severity. Then what makes it: orders, changes of product 1, of the
# policy, days, person. Then what must not make it: the same, but for what is named last.
CASES = [
    (("D8", "duplicate-substance", "O"), {"orders": PAIR, "product": {"substance": "NAME2"}}, {"product": {}}),
    (("D11", "weekly-on-other-days", "B"), {"orders": ONE, "product": {"weekly": True}}, {"product": {}}),
    (("D11", "weekly-second-person", "O"),
     {"orders": [o.order(1, "1", o.dosage(when=["MORN"], dayOfWeek=["tue"], **WEEKLY))],
      "product": {"weekly": True}}, {"product": {}}),
    (("D13", "weekday-from-start", "O"), {"orders": [o.order(1, "1", o.dosage(**WEEKLY, **BOUND))]},
     {"orders": [o.order(1, "1", o.dosage(dayOfWeek=["mon"], **WEEKLY, **BOUND))]}),
    (("D16", "moments-chosen", "I"), {"orders": [o.order(1, "1", o.dosage(frequency=2, period=1, periodUnit="d"))]},
     {"orders": ONE}),
    (("D19", "phases-end-early", "O"), {"orders": [o.order(1, "1", *PHASES, **PERIOD)]}, {"orders": ONE}),
    (("D25", "gap-too-short", "O"), {"orders": [o.order(1, "1", o.dosage(when=["NOON", "EVE"]))],
                                     "product": {"gap_min": 361}}, {"product": {"gap_min": 360}}),
    (("D26", "day-maximum", "O"), {"orders": [o.order(1, "1", o.dosage(when=["MORN", "EVE"]))],
                                   "product": {"day_milli_max": 1999}}, {"product": {"day_milli_max": 2000}}),
    (("D26", "bag-maximum", "O"), {"orders": [o.order(1, "1", o.dosage(2000, when=["MORN"]))],
                                   "product": {"bag_milli_max": 1999}}, {"product": {"bag_milli_max": 2000}}),
    (("D28", "too-many-days", "B"), {"orders": ONE, "policy": {"roll_days_max": 2}}, {"policy": {"roll_days_max": 3}}),
    (("D28", "divided", "I"), {"orders": [o.order(1, "1", o.dosage(**EACH_MOMENT))], "days": 28,
                                     "policy": {"roll_days_max": 28}}, {"days": 7}),
    (("D3", "suitability-not-recorded", "O"), {"orders": ONE, "record": {}}, {"record": {"suitable": o.FROM}}),
    (("D3", "suitability-to-review", "O"), {"orders": ONE, "record": {"suitable": "2025-11-22"}},
     {"record": {"suitable": "2025-11-23"}}),
    (("D3", "frequent-changes", "O"), {"orders": [o.order(n, "1", o.dosage(**MORNING), **TOMORROW) for n in (1, 2, 3)]},
     {"orders": [o.order(n, "1", o.dosage(**MORNING), **TOMORROW) for n in (1, 2)]}),
    (("D30", "relocated", "O"), {"orders": ONE, "record": {"suitable": "2026-11-01", "relocated": "2026-11-02"}},
     {"record": {"suitable": "2026-11-02", "relocated": "2026-11-02"}}),
    (("D12", "same-day", "O"), {"orders": PAIR, "product": {"not_on_days_of": "NAME2"}},
     {"orders": [o.order(1, "1", o.dosage(when=["MORN"], dayOfWeek=["tue"], **WEEKLY)),
                 o.order(2, "2", o.dosage(when=["MORN"], dayOfWeek=["wed"], **WEEKLY))]}),
    (("D25", "gap-too-short", "O"), {"orders": PAIR, "product": {"gap_min": 601, "substance": "NAME2"}},
     {"product": {"gap_min": 600, "substance": "NAME2"}}),
    (("D26", "day-maximum", "O"), {"orders": ONE + [o.order(2, "1", o.dosage(when=["EVE"]))],
                                   "product": {"day_milli_max": 1999}}, {"product": {"day_milli_max": 2000}}),
    (("D41", "opiate", "O"), {"orders": ONE, "product": {"opiate": True}}, {"product": {}}),
    (("D55", "high-risk", "O"), {"orders": ONE, "product": {"high_risk": True}}, {"product": {}}),
    (("D42", "look-alike", "O"), {"orders": ONE + [o.order(2, "2", o.dosage(**MORNING))],
                                  "product": {"look": "wit"}, "other": {"look": "wit"}},
     {"other": {"look": "geel"}}),
    (("D35", "light-sensitive", "O"), {"orders": ONE, "product": {"light": True}}, {"product": {}}),
    (("D36", "use-by-passed", "B"), {"orders": ONE, "product": {"expiry": "2026-11-24"}},
     {"product": {"expiry": "2026-11-25"}}),
    (("D38", "does-not-fit", "B"), {"orders": ONE, "product": {"name": "METHYLPENTYNOLUMCARBAMAAT" * 4}},
     {"product": {}}),
    (("D39", "half-by-hand", "I"), {"orders": [o.order(1, "1", o.dosage(500, when=["MORN"]))],
                                    "product": {"split": 2}}, {"product": {"split": 1}}),
    (("D39", "not-splittable", "O"), {"orders": [o.order(1, "1", o.dosage(500, when=["MORN"]))]},
     {"product": {"split": 2}}),
    (("D44", "out-of-stock", "B"), {"orders": ONE, "product": {"in_stock": False}}, {"product": {}}),
    (("D6", "not-packable", "I"), {"orders": ONE, "product": {"solid": False, "packable": False, "form": "drank"}},
     {"product": {}}),
    (("D6", "route-not-stated", "O"), {"orders": [o.order(1, "1", ROUTELESS)]}, {"orders": ONE}),
    (("D31", "not-packable", "B"), {"orders": [o.order(1, "9", o.dosage(**MORNING))]}, {"orders": ONE}),
    (("D31", "kept-out-of-bags", "I"), {"orders": ONE, "product": {"packable": False}}, {"product": {}}),
    (("D7", "not-packable", "B"),
     {"orders": [o.order(1, "1", o.dosage(**MORNING), medicationCodeableConcept={"coding": [
         {"system": o.HPK, "code": "1"}, {"system": o.HPK, "code": "2"}]})]}, {"orders": ONE}),
    (("D7", "not-packable", "B"),
     {"orders": [o.order(1, "1", o.dosage(**MORNING), medicationCodeableConcept={"text": "zelfgemaakt"})]},
     {"orders": ONE}),
    (("D7", "not-packable", "B"), {"orders": [o.order(1, "1", o.dosage(**MORNING), **MAGISTRAL)]}, {"orders": ONE}),
    (("D44", "sent-later", "O"), {"orders": ONE, "product": {"in_stock": False, "sent_later": True}},
     {"product": {}}),
    (("D4", "no-prescription", "I"),
     {"orders": [agreement(1, "1", o.dosage(**MORNING), authorizingPrescription=[])]},
     {"orders": [agreement(1, "1", o.dosage(**MORNING))]}),
    (("D5", "next-roll", "O"), {"orders": [o.order(1, "1", o.dosage(**MORNING), **dated(NEXT_ROLL, TOMORROW))]},
     {"orders": [o.order(1, "1", o.dosage(**MORNING), **dated(AT_ONCE, TOMORROW))]}),
    (("D5", "next-roll", "O"), {"orders": [o.order(1, "1", o.dosage(**MORNING), **dated(NEXT_ROLL, TOMORROW))]},
     {"orders": [o.order(1, "1", o.dosage(**MORNING), **dated(NEXT_ROLL, PERIOD))]}),
    (("D2", "used-not-ordered", "O"), {"orders": ONE + [statement(2, "2")]}, {"orders": ONE + [statement(2, "1")]}),
    (("D2", "used-not-ordered", "O"), {"orders": ONE + [statement(2, "2")]},
     {"orders": ONE + [statement(2, "2", effectivePeriod={"end": "2026-11-22"})]}),
    (("D2", "used-not-ordered", "O"), {"orders": ONE + [statement(2, "2")]},
     {"orders": ONE + [statement(2, "2", status="completed")]}),
    (("D10", "not-checked-here", "I"), {"orders": ONE}, None),
    # A window of one day shows one weekday whatever the order says.
    (("D11", "weekly-on-other-days", "B"), {"orders": ONE, "product": {"weekly": True}, "days": 1},
     {"orders": [o.order(1, "1", WEEKLY_MON)]}),
    (("D11", "weekly-on-two-days", "B"), {"orders": [o.order(1, "1", WEEKLY_MON), o.order(2, "1", WEEKLY_TUE)],
                                          "product": {"weekly": True}, "days": 7},
     {"orders": [o.order(1, "1", WEEKLY_MON), o.order(2, "1", WEEKLY_MON)]}),
    (("D11", "weekly-strengths", "B"), {"orders": [o.order(1, "1", WEEKLY_MON), o.order(2, "2", WEEKLY_MON)],
                                        "product": {"weekly": True, "substance": "x"},
                                        "other": {"weekly": True, "substance": "x"}},
     {"other": {"weekly": True, "substance": "y"}}),
    (("D23", "variable-regimen", "O"), {"orders": [o.order(1, "1", o.dosage(**MORNING), **dated(REGIMEN, ENDED))],
                                        "policy": {"pack_wds": True}}, {"policy": {}}),
    (("D23", "regimen-without-end", "I"), {"orders": [o.order(1, "1", o.dosage(**MORNING), **REGIMEN)],
                                           "policy": {"pack_wds": True}},
     {"orders": [o.order(1, "1", o.dosage(**MORNING), **dated(REGIMEN, ENDED))]}),
    (("D28", "ends-on-other-day", "O"), {"orders": ONE, "policy": {"roll_ends_on": "sunday"}}, {"days": 7}),
    (("D31", "not-packable", "B"), {"orders": ONE, "table": False}, {"table": True}),
    (("D37", "lot-not-recorded", "I"), {"orders": ONE}, {"product": {"lots": [{"lot": "B7"}, {"lot": "B8"}]}}),
    (("D39", "whole-instead", "O"), {"orders": [o.order(1, "1", o.dosage(500, when=["MORN"]))],
                                     "product": {"split": 2, "substance": "x"},
                                     "other": {"strength": "2,5 mg", "substance": "x"}},
     {"other": {"strength": "2,6 mg", "substance": "x"}}),
    (("D42", "look-alike", "O"), {"orders": ONE + [o.order(2, "2", o.dosage(**MORNING))],
                                  "product": {"look": "wit"}, "other": {"look": "geel", "look_alike": ["1"]}},
     {"other": {"look": "geel"}}),
    (("D43", "look-missing", "O"), {"orders": ONE}, {"product": {"look": "wit"}}),
    (("D43", "picture-of-another-look", "B"), {"orders": ONE, "product": {"look": "geel", "picture": PICTURE}},
     {"product": {"look": "Wit", "picture": PICTURE}}),
    (("D45", "picture-expired", "B"),
     {"orders": ONE, "product": {"look": "wit", "picture": {**PICTURE, "until": "2026-11-22"}}},
     {"product": {"look": "wit", "picture": {**PICTURE, "until": "2026-11-23"}}}),
    (("D45", "picture-missing", "B"),
     {"orders": ONE, "product": {"look": "wit"}, "policy": {"pictures_required": True}},
     {"product": {"look": "wit", "picture": PICTURE}}),
    (("D45", "film-expired", "B"), {"orders": ONE, "film": "2026-11-22"}, {"film": "2026-11-23"}),
    (("D2", "supply-differs", "I"), {"orders": handed_over(2)}, {"orders": handed_over(3)}),
    (("D2", "supply-differs", "I"), {"orders": handed_over(2)}, {"orders": handed_over(2)[:1]}),
    (("D1", "unknown-client", "B"), {"orders": ONE, "person": {**o.ANNA, "born": "1938"}}, {"person": o.ANNA}),
    (("D2", "no-doses", "O"), {"orders": ONE, "product": {"solid": False, "packable": False, "form": "drank"}},
     {"product": {}}),
]


def records(folder, record, person):
    """The option that names what is recorded of this person."""
    if record is None:
        return []
    rows = {"format": "rolwacht/clients/1", "clients": [{"client": person["id"], **record}]}
    return ["--clients", o.write(folder, "clients.json", rows)]


def findings_of(folder, made):
    table = {"format": "rolwacht/products/1", "products": [product("1", **made.get("product", {})),
                                                           product("2", **made.get("other", {}))]}
    person = made.get("person", o.ANNA)
    words = ["--products", o.write(folder, "products.json", table)] if made.get("table", True) else []
    with open(os.path.join(o.SAMPLES, "policy.json"), encoding="utf-8") as file:
        policy = {**json.load(file), **made.get("policy", {})}
    if "film" in made:
        with open(os.path.join(o.SAMPLES, "media", "generic-70x60.json"), encoding="utf-8") as file:
            words += ["--media", o.write(folder, "film.json", {**json.load(file), "until": made["film"]})]
    path = o.write(folder, "orders.json", o.bundle(person, *made["orders"]))
    result = o.run("build", "--from", o.FROM, "--days", made.get("days", 3),
                   "--policy", o.write(folder, "policy.json", policy), "--state", os.path.join(folder, "state"),
                   "-o", os.path.join(folder, "out"), *words, *records(folder, made.get("record"), person), path)
    with open(os.path.join(folder, "out", "summary.json"), encoding="utf-8") as file:
        clients = json.load(file)["clients"]
    found = {(f["id"], f["reason"], f["severity"]) for client in clients for f in client["findings"]}
    blocked = any(severity == "B" for _, _, severity in found)
    assert result.returncode == (1 if blocked else 0), (result.returncode, found, result.stderr.decode())
    return found


def is_found(folder, case):
    wanted, made, without = case
    found = findings_of(folder, made)
    assert wanted in found, f"found {sorted(found)}"
    found = findings_of(folder, {**made, **without}) if without is not None else set()
    assert wanted not in found, f"also found where it must not be: {sorted(found)}"


if __name__ == "__main__":
    tap.play([(" ".join(case[0]), tap.in_folder(functools.partial(is_found, case=case))) for case in CASES], None)
