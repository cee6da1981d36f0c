#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plans random orders twice: by the program, and by walking through the calendar day by day.

The second way shares no code and no idea with the first: it asks of every day and every time of the
day whether the order speaks of it. The seed is printed; give it as an argument to see a run again.
"""
import calendar
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import zoneinfo

ZONE = zoneinfo.ZoneInfo("Europe/Amsterdam")
MOMENTS = {"MORN": 480, "NOON": 720, "EVE": 1080, "NIGHT": 1320}
P1 = {1: [480], 2: [480, 1080], 3: [480, 720, 1080], 4: [480, 720, 1080, 1320]}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
UCUM = "http://unitsofmeasure.org"
BASE = "http://nictiz.nl/fhir/StructureDefinition/"
ORDERS = 400
# Days that a calendar must get right: clock changes, a leap day, the turn of a year.
HARD_DAYS = [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 12, 31), dt.date(2027, 3, 28),
             dt.date(2027, 10, 31), dt.date(2028, 2, 29), dt.date(2028, 3, 26)]


def local(day, minute):
    """A wall time as an instant; one that the spring change skips becomes the next valid one."""
    naive = dt.datetime.combine(day, dt.time(minute // 60, minute % 60))
    at = naive.replace(tzinfo=ZONE, fold=0)
    back = at.astimezone(dt.timezone.utc).astimezone(ZONE)
    if back.replace(tzinfo=None) != naive:
        at = dt.datetime.combine(day, dt.time(3, 0)).replace(tzinfo=ZONE)
    return at


def shift(at, amount, unit):
    """Days and longer on the wall clock, hours as elapsed time."""
    if unit == "h":
        return (at.astimezone(dt.timezone.utc) + dt.timedelta(hours=amount)).astimezone(ZONE)
    day = at.date()
    if unit == "d":
        day += dt.timedelta(days=amount)
    elif unit == "wk":
        day += dt.timedelta(weeks=amount)
    else:
        months = day.year * 12 + day.month - 1 + amount
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        day = dt.date(year, month + 1, min(day.day, last))
    return local(day, at.hour * 60 + at.minute)


def recurs(dosage, anchor, day):
    """Does the dosage, counted from the anchor day, speak of this day?"""
    if "days" in dosage and DAYS[day.weekday()] not in dosage["days"]:
        return False
    every, unit = dosage.get("every", 1), dosage.get("unit", "d")
    if unit == "wk" and "days" in dosage:
        week = day - dt.timedelta(days=day.weekday())
        first = anchor - dt.timedelta(days=anchor.weekday())
        return (week - first).days // 7 % every == 0
    if unit == "mo":
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        last = calendar.monthrange(day.year, day.month)[1]
        return months >= 0 and months % every == 0 and day.day == min(anchor.day, last)
    step = every * (7 if unit == "wk" else 1)
    return (day - anchor).days % step == 0


def times_of(dosage):
    if "at" in dosage:
        return sorted(dosage["at"])
    if "when" in dosage:
        return sorted(MOMENTS[w] for w in dosage["when"])
    return P1[dosage["times"]]


def walk(dosage, start, end, anchor, window):
    """All intakes of one phase, also those before the window."""
    day = min(start.date(), window[0]) if start else window[0]
    while day < window[1]:
        if (anchor is None or day >= anchor) and recurs(dosage, anchor or day, day):
            for minute in times_of(dosage):
                at = local(day, minute)
                if (start is None or at >= start) and (end is None or at < end):
                    yield at
        day += dt.timedelta(days=1)


def intakes(order, window):
    found = []
    start, stop = order.get("start"), order.get("stop")
    limit = stop + dt.timedelta(seconds=1) if stop else None

    def take(dosage, first, last, left):
        for at in walk(dosage, first, last, first.date() if first else None, window):
            if limit is not None and at.astimezone(dt.timezone.utc) >= limit.astimezone(dt.timezone.utc):
                continue
            if left is not None:
                if left[0] == 0:
                    return
                left[0] -= 1
            if at.date() >= window[0] and dosage["milli"] > 0:
                found.append((at, dosage["milli"]))

    counts = {id(d): [d["count"]] if "count" in d else None for d in order["dosages"]}
    if order.get("phased") or "cycle" in order:
        turn = 0
        while True:
            begin = shift(start, turn * order.get("cycle", 0), "d")
            turn_end = shift(start, (turn + 1) * order["cycle"], "d") if "cycle" in order else None
            if begin.date() >= window[1]:
                break
            at = begin
            for dosage in order["dosages"]:
                last = shift(at, *dosage["for"]) if "for" in dosage else turn_end
                take(dosage, at, last, counts[id(dosage)])
                at = last
            turn += 1
            if "cycle" not in order:
                break
    else:
        for dosage in order["dosages"]:
            last = shift(start, *dosage["for"]) if "for" in dosage else None
            take(dosage, start, last, counts[id(dosage)])
    return sorted((at.astimezone(dt.timezone.utc), milli) for at, milli in found)


def are_doubled(one, two, order):
    """Do both fall on one time of one day, and nothing says that both are meant?"""
    chosen = [not ("at" in d or "when" in d) for d in (one, two)]
    shared = set(times_of(one)) & set(times_of(two))
    if not shared or 0 in (one["milli"], two["milli"]) or (order["numbered"] and not any(chosen)):
        return False
    start, stop = order.get("start"), order.get("stop")
    ends = [shift(start, *d["for"]) for d in (one, two) if "for" in d]
    first = start.date() if start else order["from"]
    for day in (first + dt.timedelta(days=n) for n in range(1001)):
        anchor = first if start else day
        if not recurs(one, anchor, day) or not recurs(two, anchor, day):
            continue
        for at in (local(day, minute) for minute in shared):
            if not (start and at < start or stop and at > stop or any(at >= end for end in ends)):
                return True
    return False


def has_double(order):
    """Dosages that run side by side and meet: the program asks a person."""
    if order.get("phased") or "cycle" in order:
        return False
    return any(are_doubled(one, two, order) for at, one in enumerate(order["dosages"])
               for two in order["dosages"][at + 1:])


def make_dosage(rng, anchored, phased):
    dosage = {"milli": rng.choice([0, 500, 1000, 1000, 1500, 2000])}
    shape = rng.randrange(7 if anchored and not phased else 4)
    if shape == 0:
        dosage["times"] = rng.randint(1, 4)
    elif shape == 1:
        dosage["when"] = rng.sample(list(MOMENTS), rng.randint(1, 4))
    elif shape == 2:
        night = range(105, 200, 15)  # where the clock is put forward and back
        dosage["at"] = rng.sample(rng.choice([range(0, 1440, 15), night]), rng.randint(1, 4))
    elif shape == 3:
        dosage["days"] = rng.sample(DAYS, rng.randint(1, 6))
        dosage.update(rng.choice([{"times": 1}, {"when": ["MORN", "EVE"]}, {"at": [615]}]))
    elif shape == 4:
        dosage.update({"times": 1, "every": rng.randint(2, 9), "unit": "d"})
    elif shape == 5:
        dosage.update({"times": 1, "every": rng.randint(1, 4), "unit": rng.choice(["wk", "mo"])})
    else:
        dosage.update({"days": rng.sample(DAYS, rng.randint(1, 4)), "times": 1,
                       "every": rng.randint(2, 3), "unit": "wk"})
    if anchored and not phased and rng.random() < 0.2:
        dosage["count"] = rng.randint(1, 20)
    return dosage


def make_order(rng):
    first = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(900))
    if rng.random() < 0.5:
        first = rng.choice(HARD_DAYS) - dt.timedelta(days=rng.randrange(20))
    kind = rng.choice(["open", "anchored", "phased", "cycle"])
    order = {"from": first, "days": rng.randint(1, 40)}
    if kind != "open":
        minute = rng.choice([0, 0, 480, 690, 1080, 1439])
        order["start"] = local(first - dt.timedelta(days=rng.randrange(-5, 60)), minute)
    if rng.random() < 0.4:
        base = order.get("start", local(first, 0))
        order["stop"] = base + dt.timedelta(days=rng.randint(1, 80), minutes=rng.choice([0, 480, 1079]))
    phased = kind in ("phased", "cycle")
    order["dosages"] = [make_dosage(rng, kind != "open", phased) for _ in range(rng.randint(1, 4))]
    if kind == "anchored" and any(d.get("unit") == "mo" for d in order["dosages"]):
        anchor = dt.date(first.year - 1, rng.choice([1, 3, 5, 7, 8, 10, 12]), rng.randint(28, 31))
        order.update({"start": local(anchor, 0), "days": 40})  # a month that lacks the day: its last
        order.pop("stop", None)
    if phased:
        for dosage in order["dosages"]:
            short = [(rng.randint(1, 9), "d"), (36, "h")]
            week = [(rng.randint(7, 15), "d"), (rng.randint(1, 2), "wk")]  # weekdays recur each week (A12)
            dosage["for"] = rng.choice(week if "days" in dosage else short + week)
        if kind == "phased":
            order["phased"] = len(order["dosages"]) > 1
            if rng.random() < 0.5:
                del order["dosages"][-1]["for"]
        else:
            order["cycle"] = sum(d["for"][0] * {"d": 1, "wk": 7, "h": 0.1}[d["for"][1]] + 2
                                 for d in order["dosages"]).__ceil__() + rng.randint(0, 9)
    elif kind == "anchored" and rng.random() < 0.2:
        order["dosages"][0]["for"] = (rng.randint(4, 12), "mo")
    return order


def written(at):
    return at.isoformat(timespec="seconds")


def as_fhir(order, number):
    period = {}
    if "start" in order:
        period["start"] = written(order["start"])
    if "stop" in order:
        period["end"] = written(order["stop"])
    resource = {"resourceType": "MedicationRequest", "id": str(number), "status": "active", "intent": "order",
                "medicationCodeableConcept": {"text": "PRODUCT"}, "dosageInstruction": []}
    if period:
        resource["extension"] = [{"url": BASE + "ext-TimeInterval.Period", "valuePeriod": period}]
    if "cycle" in order:
        resource["modifierExtension"] = [{
            "url": BASE + "ext-InstructionsForUse.RepeatPeriodCyclicalSchedule",
            "valueDuration": {"value": order["cycle"], "system": UCUM, "code": "d"}}]
    for index, dosage in enumerate(order["dosages"]):
        repeat = {}
        if "at" in dosage:
            repeat["timeOfDay"] = ["%02d:%02d:00" % divmod(m, 60) for m in dosage["at"]]
        if "when" in dosage:
            repeat["when"] = dosage["when"]
        if "days" in dosage:
            repeat["dayOfWeek"] = dosage["days"]
        if "times" in dosage and not ("days" in dosage and "every" not in dosage):
            times = len(dosage["days"]) if "days" in dosage else dosage["times"]
            repeat.update({"frequency": times, "period": dosage.get("every", 1),
                           "periodUnit": dosage.get("unit", "d")})
        if "for" in dosage:
            repeat["boundsDuration"] = {"value": dosage["for"][0], "system": UCUM, "code": dosage["for"][1]}
        if "count" in dosage:
            repeat["count"] = dosage["count"]
        entry = {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": {
            "value": dosage["milli"] / 1000, "unit": "stuk", "system": UCUM, "code": "1"}}]}
        if order.get("phased") or ("cycle" in order and len(order["dosages"]) > 1):
            entry["sequence"] = index + 1
        elif order["numbered"]:
            entry["sequence"] = 1
        resource["dosageInstruction"].append(entry)
    return resource


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261123
    rng = random.Random(seed)
    program = os.path.join(os.environ["ROLWACHT_BIN"], "rolwacht-plan")
    bad = planned = refused = total = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "order.json")
        for number in range(ORDERS):
            order = make_order(rng)
            order["numbered"] = number % 4 != 0
            with open(path, "w", encoding="utf-8") as out:
                json.dump(as_fhir(order, number), out)
            done = subprocess.run([program, "--from", str(order["from"]), "--days", str(order["days"]), path],
                                  capture_output=True, text=True, timeout=60, check=False)
            line = json.loads(done.stdout)
            window = (order["from"], order["from"] + dt.timedelta(days=order["days"]))
            wanted = intakes(order, window)
            got = sorted((dt.datetime.fromisoformat(i["at"]).astimezone(dt.timezone.utc), i["milli"])
                         for i in line["intakes"])
            planned += line["outcome"] == "plan"
            total += len(wanted)
            if has_double(order):
                refused += 1
                wanted = []
                sound = line.get("reason") == "invalid-timing"
            else:
                sound = line["outcome"] == "plan"
            if not sound or got != wanted:
                bad += 1
                print("order %d: %s %s\n  %s\n  only here %s\n  only there %s" % (
                    number, line["outcome"], line.get("reason"), json.dumps(as_fhir(order, number)),
                    sorted(set(wanted) - set(got))[:3], sorted(set(got) - set(wanted))[:3]))
    print("seed %d: %d orders, %d planned, %d refused, %d intakes, %d faults" % (
        seed, ORDERS, planned, refused, total, bad))
    return 1 if bad or not total or not refused else 0


if __name__ == "__main__":
    sys.exit(main())
