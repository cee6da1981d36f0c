#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the FHIR order that the phrases of a case describe, as JSON and as XML."""
import json
import re
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
MARK = "digits:"
ROUTES = {
    "oral": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.9", "code": "9"}]},
    "oral-snomed": {"coding": [{"system": SNOMED, "code": "26643006"}]},
    "oral-edqm": {"coding": [{"system": "http://standardterms.edqm.eu", "code": "20053000"}]},
    "oral-word": {"text": "Oraal"},
    "cutaneous": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.9", "code": "53"}]},
    "oromucosal": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.9", "code": "34"}]},
}


class Digits(float):
    """A decimal that is written with the digits of the case: 0.50 stays 0.50."""

    def __new__(cls, text):
        self = float.__new__(cls, text)
        self.text = text
        return self

    def __str__(self):
        return self.text


def number(text):
    return json.loads(text, parse_float=Digits)


def marked(value):
    if isinstance(value, dict):
        return {key: marked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [marked(one) for one in value]
    return MARK + value.text if isinstance(value, Digits) else value


def as_json(document):
    """JSON as `json.dumps` writes it, but for the digits of its decimals."""
    text = json.dumps(marked(document), ensure_ascii=False)
    return re.sub('"%s([^"]*)"' % MARK, r"\1", text)


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
            dosage.update(number(phrase))
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
        elif key == "treatment":
            order.setdefault("extension", []).append({
                "url": BASE + "ext-PharmaceuticalTreatment.Identifier",
                "valueIdentifier": {"system": "http://example.org/mbh", "value": words[1]}})
        elif key == "rendered":
            order.setdefault("extension", []).append({
                "url": BASE + "ext-RenderedDosageInstruction", "valueString": " ".join(words[1:])})
        elif key == "gds":
            order.setdefault("extension", []).append({
                "url": BASE + "ext-MedicationDispense.DistributionForm",
                "valueCodeableConcept": {"coding": [{
                    "system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.3.8", "code": "1"}]}})
        elif key == "without":
            order.pop(words[1])
        elif key.startswith("{"):
            order.update(number(" ".join(words)))
        else:
            order[key] = words[1]
    return order


def to_xml(name, value, depth):
    """FHIR XML of a JSON element."""
    if isinstance(value, list):
        return "".join(to_xml(name, one, depth) for one in value)
    pad = " " * depth
    if isinstance(value, dict) and "resourceType" in value and name in ("resource", "contained"):
        return "<%s>%s</%s>" % (name, to_xml(value["resourceType"], value, depth + 1), name)
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


def place_medicine(order, how):
    """The medicine as another resource that the order refers to; what stands beside the order."""
    medicine = {"resourceType": "Medication", "id": "med", "code": {"text": "REFERRED"}}
    order.pop("medicationCodeableConcept")
    if how == "contained":
        order["contained"] = order.get("contained", []) + [medicine]
        order["medicationReference"] = {"reference": "#med"}
        return []
    url = {"relative": "http://example.org/fhir/Medication/med",
           "absolute": "http://example.org/fhir/Medication/med",
           "urn": "urn:uuid:6a1c0a52-90c2-4b0e-9d51-0f5b7b0f3a11"}[how]
    order["medicationReference"] = {"reference": "Medication/med" if how == "relative" else url}
    return [{"fullUrl": url, "resource": medicine}]


def supply(order, words):
    """What a pharmacy handed over for the same treatment and medicine."""
    amount, unit = words.split()[:2]
    return {"resource": {
        "resourceType": "MedicationDispense", "id": "supply", "status": "completed",
        "extension": [e for e in order["extension"] if e["url"].endswith("Treatment.Identifier")],
        "category": {"coding": [{"system": SNOMED, "code": CATEGORIES["MVE"]}]},
        "medicationCodeableConcept": order["medicationCodeableConcept"],
        "quantity": dose(amount, unit)}}


def wrap(order, case):
    """The document: the order alone, or in a Bundle of some type, before or behind its medicine."""
    beside = [supply(order, words) for words in case["supply"]]
    beside += place_medicine(order, case["medicine"]) if case["medicine"] else []
    if case["within"] is None:
        return order
    entry = {"fullUrl": "urn:uuid:0d1c8c5e-4a34-4f8e-9f0c-2a7f7f3c1b10", "resource": order}
    method, url = case["request"] or ("POST", order["resourceType"])
    if case["within"] in ("transaction", "batch", "history"):
        entry["request"] = {"method": method, "url": url}
    entries = [entry] + beside
    if case["deleted"]:
        place, url = case["deleted"]
        entries.insert(0 if place == "before" else 1, {"request": {"method": "DELETE", "url": url}})
    return {"resourceType": "Bundle", "type": case["within"], "entry": entries}
