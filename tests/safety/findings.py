#!/usr/bin/env python3
"""Every finding that a build can raise by itself, raised once and absent once. Output is TAP."""
import json
import os
import shutil
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
import orders as o  # noqa: E402

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
TOMORROW = json.loads(json.dumps(PERIOD).replace("11-23", "11-24"))
WEEKLY = {"frequency": 1, "period": 1, "periodUnit": "wk"}


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


def findings_of(folder, orders, members, policy, days, person, record):
    table = {"format": "rolwacht/products/1",
             "products": [product("1", **members[0]), product("2", **members[1])]}
    with open(os.path.join(o.SAMPLES, "policy.json"), encoding="utf-8") as file:
        policy = {**json.load(file), **policy}
    path = o.write(folder, "orders.json", o.bundle(person, *orders))
    result = o.run("build", "--from", o.FROM, "--days", days, "--policy", o.write(folder, "policy.json", policy),
                   "--products", o.write(folder, "products.json", table), "--state", os.path.join(folder, "state"),
                   "-o", os.path.join(folder, "out"), *records(folder, record, person), path)
    with open(os.path.join(folder, "out", "summary.json"), encoding="utf-8") as file:
        clients = json.load(file)["clients"]
    found = {(f["id"], f["reason"], f["severity"]) for client in clients for f in client["findings"]}
    blocked = any(severity == "B" for _, _, severity in found)
    assert result.returncode == (1 if blocked else 0), (result.returncode, found, result.stderr.decode())
    return found


def look(folder, made):
    return findings_of(folder, made["orders"], (made.get("product", {}), made.get("other", {})),
                       made.get("policy", {}), made.get("days", 3), made.get("person", o.ANNA),
                       made.get("record"))


def main():
    failed = False
    print(f"1..{len(CASES)}")
    for number, (wanted, made, without) in enumerate(CASES, 1):
        folder = tempfile.mkdtemp(prefix="rw-findings-")
        title = " ".join(wanted)
        try:
            found = look(folder, made)
            assert wanted in found, f"found {sorted(found)}"
            found = look(folder, {**made, **without})
            assert wanted not in found, f"also found where it must not be: {sorted(found)}"
            print(f"ok {number} - {title}")
        except Exception:  # a test reports whatever went wrong
            failed = True
            print(f"not ok {number} - {title}")
            print("# " + traceback.format_exc().strip().replace("\n", "\n# "))
        finally:
            shutil.rmtree(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
