#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a care team and a family see of a client at home, and what they do not. Output is TAP."""
import csv
import datetime
import io
import re
import time
import uuid
import zoneinfo

import tap
from house import ROOT, House, soon
from visitor import Visitor

MEDICINE = "METFORMINE"
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def prepare(house):
    """A released roll whose first bags were taken out, one early, and one was missed."""
    house.make_token("apo", "apotheker")
    house.make_token("ada", "assistent")
    house.make_device("line", "l-1")
    house.make_device("dispenser", "d-7")
    for what in ("policy", "products"):
        assert house.call("apo", "PUT", f"/v1/{what}", (ROOT / f"samples/{what}.json").read_bytes()).status == 200
    assert house.call("apo", "POST", "/v1/orders", (ROOT / "samples/orders-c1001.json").read_bytes()).status == 201
    assert house.call("apo", "POST", "/v1/orders", (ROOT / "samples/orders-c1002.xml").read_bytes()).status == 201
    house.roll = house.call("ada", "POST", "/v1/rolls", {"client": "c1001", "from": soon(), "days": 3}).json["roll"]
    path = f"/v1/rolls/{house.roll}/"
    override = {"overrides": [{"finding": "D11", "reason": "gewogen"}]}
    for who, act, body in (("apo", "approve", override), ("ada", "print", {})):
        assert house.call(who, "POST", path + act, body).status == 200
    for _, serial in house.bags(house.roll):
        assert house.verdict("l-1", house.roll, serial, "pass").status == 200
    assert house.call("ada", "POST", path + "judge", {"counted": True, "reason": "geteld"}).status == 200
    answer = house.call("apo", "POST", path + "release", {"dispenser": "d-7"})
    assert answer.status == 200, answer.body
    serials = {n: serial for n, serial in house.bags(house.roll)}
    house.serials = serials
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    events = [{"id": str(uuid.uuid4()), "seq": seq, "at": now, "type": "released", "serial": serials[n], "cause": cause}
              for seq, (n, cause) in enumerate(((1, "scheduled"), (2, "early")), 1)]
    assert house.call("d-7", "POST", "/v1/dispensers/d-7/events", {"events": events}).status == 200
    house.sql(f"UPDATE moments SET alarm_ms = 1 WHERE roll = '{house.roll}' AND n = 3")
    ends = time.monotonic() + 30
    while house.sql("SELECT count(*) FROM alarms") == [["0"]]:
        assert time.monotonic() < ends
        time.sleep(0.2)
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Amsterdam")).date().isoformat()  # so that "today" has moments
    house.sql(f"UPDATE moments SET at = '{today}' || substr(at, 11), leaves_ms = 0 WHERE roll = '{house.roll}' AND n <= 3")
    house.today = today
    house.people_in = {}
    for name, role, team in (("j.smit", "assistent", None), ("karin", "care", "noord"), ("kees", "care", "zuid"),
                             ("dochter", "family", None)):
        body = {"person": name, "name": name, "role": role, **({"team": team} if team else {})}
        answer = house.call("administrator", "POST", "/v1/persons", body)
        assert answer.status == 201, answer.body
        one = Visitor(house)
        one.set_up(name, answer.json["code"])
        house.people_in[name] = one


def consent(house, follower, kind, **more):
    one = house.people_in["j.smit"]
    one.get("/clients/c1001")
    return one.post("/clients/c1001/consents", follower=follower, kind=kind, reason="mondeling", **more)


def nobody_sees_anything_without_consent(house):
    for name in ("karin", "dochter"):
        answer = house.people_in[name].get("/v1/followed")
        assert answer.status == 200 and answer.json["clients"] == [], answer.body
        assert house.people_in[name].get("/v1/followed/c1001").status == 404
        assert house.people_in[name].get("/clients/c1001").status == 403
        assert house.people_in[name].get("/v1/rolls/" + house.roll).status == 403
    assert house.people_in["karin"].get("/v1/alarms").json["alarms"] == []
    assert house.people_in["dochter"].get("/v1/alarms").status == 403


def a_team_sees_its_own_clients(house):
    assert consent(house, "@noord", "care", acknowledges="1").status == 303
    karin, kees = house.people_in["karin"], house.people_in["kees"]
    client = karin.get("/v1/followed/c1001").json["clients"][0]
    assert [m["status"] for m in client["moments"][:3]] == ["taken_out", "early", "missed"], client
    assert client["moments"][0]["pieces"] > 0
    supply = client["supply"]
    last = datetime.date.fromisoformat(soon()) + datetime.timedelta(days=2)
    assert (supply["dispenser"], supply["roll_ends"], supply["pending_change"]) == ("d-7", last.isoformat(), False), supply
    assert supply["bags_left"] == len(house.serials) - 5 and supply["last_contact"], supply  # three are settled; two are no doses
    assert MEDICINE not in karin.page, "names of medicines without consent"
    assert kees.get("/v1/followed/c1001").status == 404
    assert len(karin.get("/v1/alarms").json["alarms"]) == 1
    alarm = client["alarms"][0]["id"]
    kees.get("/followed")
    assert kees.post(f"/followed/c1001/alarms/{alarm}").status == 404
    assert kees.ask("POST", f"/v1/alarms/{alarm}/acknowledge", b"", {"X-CSRF-Token": kees.csrf}).status == 404


def spoken(day):
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def pages_tell_days_as_people_do(house):
    words = spoken(datetime.date.fromisoformat(house.today))
    [[pseudonym]] = house.sql("SELECT pseudonym FROM clients WHERE client_id = 'c1001'")
    karin = house.people_in["karin"]
    assert karin.get("/followed").status == 200
    assert f'<p class="lead">{words} · ' in karin.page and re.search(words + r", \d\d:\d\d</time>", karin.page), karin.page
    assert not re.search(r">[^<>]*20\d\d-\d\d", karin.page) and pseudonym not in karin.page, karin.page


def a_family_sees_what_the_client_allows(house):
    assert consent(house, "dochter", "family").status == 303
    one = house.people_in["dochter"]
    client = one.get("/v1/followed/c1001").json["clients"][0]
    assert MEDICINE not in one.page and not client["acknowledges"] and "supply" not in client
    one.get("/followed")
    assert "Uit de dispenser gehaald" in one.page and MEDICINE not in one.page
    alarm = client["alarms"][0]["id"]
    assert one.post(f"/followed/c1001/alarms/{alarm}").status == 404
    assert consent(house, "dochter", "family", medicines="1").status == 303
    one.get("/v1/followed/c1001")
    assert MEDICINE in one.page
    karin = house.people_in["karin"]
    karin.get("/followed")
    assert karin.post(f"/followed/c1001/alarms/{alarm}").status == 303


def programs_give_consents_too(house):
    path = "/v1/clients/c1001/consents"
    body = {"follower": "dochter", "kind": "family", "medicines": True, "reason": "schriftelijk"}
    assert house.call("karin-nobody", "POST", path, body).status == 401
    for wrong in ({"follower": "dochtr"}, {"follower": "@noordd", "kind": "care"}, {"kind": "care"}, {"reason": ""}):
        answer = house.call("ada", "POST", path, {**body, **wrong})
        assert answer.status == 400, (wrong, answer.body)
    assert house.call("ada", "POST", "/v1/clients/nobody/consents", body).status == 404
    assert house.call("ada", "POST", path, body).status == 204
    listed = house.call("apo", "GET", path).json["consents"]
    holds = [one for one in listed if "ended" not in one and one["follower"] == "dochter"]
    assert len(holds) == 1 and (holds[0]["reason"], holds[0]["by"]) == ("schriftelijk", "ada"), listed
    assert house.people_in["dochter"].get("/v1/followed/c1001").status == 200
    assert house.call("ada", "POST", path + "/end", {"follower": "dochter"}).status == 204
    assert house.call("ada", "POST", path + "/end", {"follower": "dochter"}).status == 404
    assert house.people_in["dochter"].get("/v1/followed/c1001").status == 404


def a_consent_is_taken_back(house):
    staff, one = house.people_in["j.smit"], house.people_in["dochter"]
    staff.get("/clients/c1001")
    assert staff.post("/clients/c1001/consents/end", follower="dochter").status == 303
    assert staff.post("/clients/c1001/consents/end", follower="dochter").status == 404
    assert one.get("/v1/followed/c1001").status == 404
    assert consent(house, "a b", "family").status == 400
    assert consent(house, "dochter", "neighbour").status == 400
    rows = house.sql("SELECT count(*) FROM journal WHERE action = 'consent' AND object_id = 'c1001'")
    assert rows == [["4"]], rows


def a_carer_marks_a_bag_that_was_given_by_hand(house):
    karin, kees = house.people_in["karin"], house.people_in["kees"]
    moments = karin.get("/v1/followed/c1001").json["clients"][0]["moments"]
    serial = moments[2]["serial"]
    assert moments[2]["status"] == "missed" and moments[2]["open"] and not moments[0]["open"]
    kees.get("/followed")
    assert kees.post(f"/bags/{serial}/mark", fate="by_hand", reason="thuis gegeven").status == 404
    karin.get("/followed")
    assert "mark-" + serial in karin.page
    assert karin.post(f"/bags/{serial}/mark", fate="eaten", reason="x").status == 400
    assert karin.post(f"/bags/{serial}/mark", fate="by_hand", reason="thuis gegeven").status == 303
    assert karin.get("/v1/followed/c1001").json["clients"][0]["moments"][2]["status"] == "taken_out"
    path = f"/v1/bags/{house.serials[4]}/mark"
    assert house.call("ada", "POST", path, {"fate": "skipped", "reason": ""}).status == 400
    answer = house.call("ada", "POST", path, {"fate": "skipped", "reason": "nuchter voor onderzoek"})
    assert (answer.status, answer.json["dispenser"], answer.json["schedule"]) == (200, "d-7", 3), answer.body
    assert house.call("ada", "POST", path, {"fate": "by_hand", "reason": "toch"}).status == 200
    assert house.call("ada", "POST", path, {"fate": "by_hand", "reason": "nog eens"}).status == 409
    assert house.call("dochter-token", "POST", path, {}).status == 401
    rows = house.sql(f"SELECT actor FROM journal WHERE action = 'mark' AND object_id = '{house.roll}' ORDER BY journal_id")
    assert rows == [["karin"], ["ada"], ["ada"]], rows


def adherence_is_told_by_moment(house):
    path = f"/v1/clients/c1001/adherence?from={house.today}&to={soon()}"
    counts = house.call("apo", "GET", path).json["counts"]
    assert counts["taken_out"] == 2 and counts["early"] == 1 and counts["missed"] == 1, counts
    assert counts["planned"] == sum(counts[word] for word in ("taken_out", "missed", "withheld", "not_yet"))
    text = house.call("apo", "GET", path.replace("adherence?", "adherence.csv?")).body.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["status"] for row in rows[:3]] == ["taken_out", "early", "missed"]
    assert len(rows) == counts["planned"]
    assert "ingenomen" not in text and MEDICINE not in text
    assert house.call("apo", "GET", "/v1/clients/nobody/adherence").status == 404


def the_month_is_evidence(house):
    month = house.today[:7]
    answer = house.call("apo", "GET", f"/v1/reports/1062.csv?month={month}")
    row = next(csv.DictReader(io.StringIO(answer.body.decode())))
    assert (row["client"], row["taken_out"], row["early"], row["missed"]) == ("c1001", "2", "1", "1"), row
    assert row["active_days"] == "1" and row["no_activity"] == "no" and row["several_devices"] == "no"
    assert row["baseline_visits_per_week"] == "" and row["alarms"] == "1"
    assert house.call("apo", "GET", "/v1/reports/1062.csv").status == 400
    assert house.call("apo", "GET", "/v1/reports/1062.csv?month=2026-1x").status == 400
    empty = house.call("apo", "GET", "/v1/reports/1062.csv?month=1999-01").body.decode()
    assert len(empty.splitlines()) == 1


def what_is_agreed_about_a_client_is_kept(house):
    path = "/v1/clients/c1001/record"
    assert house.call("apo", "GET", path).json["version"] == 0
    first = {"suitable": "2026-11-01", "alarm_after_min": 75, "baseline_visits_per_week": 14, "reason": "gesprek thuis"}
    assert house.call("karin-nobody", "PUT", path, first).status == 401
    assert house.call("ada", "PUT", path, {**first, "reason": ""}).status == 400
    assert house.call("ada", "PUT", path, {**first, "alarm_after_min": 0}).status == 400
    assert house.call("ada", "PUT", "/v1/clients/nobody/record", first).status == 404
    assert house.call("ada", "PUT", path, first).json == {"version": 1}
    assert house.call("apo", "PUT", path, {**first, "relocated": "2026-11-20", "reason": "verhuisd"}).json == {"version": 2}
    record = house.call("apo", "GET", path).json
    assert (record["suitable"], record["relocated"], record["by"], record["alarm_after_min"]) == \
        ("2026-11-01", "2026-11-20", "apo", 75), record
    assert house.sql("SELECT count(*) FROM client_records WHERE client_id = 'c1001'") == [["2"]]
    month = house.today[:7]
    assert house.call("ada", "PUT", "/v1/clients/c1001/visits", {"month": "2026-13", "visits": 3}).status == 400
    for visits in (9, 20):
        assert house.call("ada", "PUT", "/v1/clients/c1001/visits", {"month": month, "visits": visits}).status == 204
    answer = house.call("apo", "GET", f"/v1/reports/1062.csv?month={month}")
    row = next(csv.DictReader(io.StringIO(answer.body.decode())))
    days = (datetime.date(int(month[:4]) + int(month[5:]) // 12, int(month[5:]) % 12 + 1, 1) - datetime.date.fromisoformat(month + "-01")).days
    assert (row["baseline_visits_per_week"], row["follow_up_visits"]) == ("14", "20"), row
    assert row["difference"] == f"{days * 2 - 20}.0", row


def a_carer_tries_the_chain_for_own_clients(house):
    karin, kees = house.people_in["karin"], house.people_in["kees"]
    body = b'{"dispenser":"d-7"}'
    for one, status in ((kees, 404), (karin, 201)):
        one.get("/followed")
        answer = one.ask("POST", "/v1/test-alarms", body, {"X-CSRF-Token": one.csrf, "Content-Type": "application/json"})
        assert answer.status == status, answer.body


def an_open_page_of_alarms_hears_of_newer_ones(house):
    staff = house.people_in["j.smit"]
    staff.get("/alarms")
    seen = re.search(r"newer\?seen=(\d+)", staff.page)[1]
    assert "hx-refresh" not in staff.get("/alarms/newer?seen=" + seen).headers
    staff.get("/dispensers")
    assert staff.post("/dispensers/d-7/test-alarm").status == 303
    assert staff.get("/alarms/newer?seen=" + seen).headers["hx-refresh"] == "true"
    house.sql("UPDATE sessions SET seen_ms = seen_ms - 1200000 WHERE person_id = 'j.smit'")  # 20 of the 30 minutes are over
    before = house.sql("SELECT max(seen_ms) FROM sessions WHERE person_id = 'j.smit'")
    assert staff.get("/alarms/newer?seen=" + seen).status == 204
    assert house.sql("SELECT max(seen_ms) FROM sessions WHERE person_id = 'j.smit'") == before, "a page alone keeps nobody signed in"
    staff.get("/alarms")
    assert house.sql("SELECT max(seen_ms) FROM sessions WHERE person_id = 'j.smit'") > before
    cookie, staff.cookie = staff.cookie, None
    answer = staff.get("/alarms/newer?seen=" + seen)
    assert (answer.status, answer.headers.get("hx-refresh")) == (401, "true"), "it shows that nobody is signed in"
    staff.cookie = cookie
    staff.get("/alarms")
    assert "Proefalarm" in staff.page.split("<tbody>")[1].split("</tr>")[0], "what is open stands on top"


def a_carer_says_that_a_client_is_in_hospital(house):
    karin, kees = house.people_in["karin"], house.people_in["kees"]
    karin.get("/followed")
    form = {"kind": "pause", "from": soon() + "T00:00", "until": "", "reason": "opgenomen"}
    assert kees.post("/clients/c1001/pauses", **form).status == 404, "the client is of another team"
    assert karin.post("/clients/c1001/pauses", **{**form, "from": "morgen"}).status == 400
    assert karin.post("/clients/c1001/pauses", **form).status == 303
    assert karin.post("/clients/c1001/pauses", **form).status == 409, "clicked twice"
    one = karin.get("/v1/followed/c1001").json["clients"][0]["pauses"]
    assert [(pause["kind"], pause["until"]) for pause in one] == [("pause", None)], one
    karin.get("/followed")
    assert "opgenomen" not in karin.page and "<strong>❚❚ Pauze" in karin.page
    staff = house.people_in["j.smit"]
    staff.get("/clients/c1001")
    assert "opgenomen" in staff.page and "blijft in de dispenser" in staff.page
    assert house.call("dochter-token", "POST", "/v1/clients/c1001/pauses", {}).status == 401
    path = f"/clients/c1001/pauses/{one[0]['pause']}/end"
    assert karin.post(path, reason="toch niet").status == 303
    assert karin.get("/v1/followed/c1001").json["clients"][0]["pauses"] == []


def the_page_of_a_client_keeps_how_early_a_bag_may_be_taken(house):
    staff = house.people_in["j.smit"]
    form = {"suitable": soon(), "relocated": "", "alarm_after_min": "", "baseline_visits": "", "reason": "gaat vroeg weg"}
    for minutes in ("90", "0"):
        staff.get("/clients/c1001")
        assert staff.post("/clients/c1001/record", **form, early_min=minutes).status == 303
        staff.get("/clients/c1001")
        assert re.search(r'id="early_min"[^>]* value="([0-9]*)"', staff.page)[1] == minutes, "0 is an agreement too"
    assert staff.post("/clients/c1001/record", **form, early_min="301").status == 400
    assert house.call("apo", "GET", "/v1/clients/c1001/record").json["early_min"] == 0


def a_roll_asks_after_the_record(house):
    ids = lambda roll: {finding["id"] for finding in roll["findings"] if finding["severity"] == "O"}
    plan = lambda client: house.call("ada", "POST", "/v1/rolls", {"client": client, "from": soon(), "days": 1}).json
    assert "D30" in ids(plan("c1001")), "the client moved since the review"
    assert "D3" in ids(plan("c1002")), "records are kept, and this client has none"
    good = {"suitable": soon(), "relocated": "2026-11-20", "alarm_after_min": 75, "reason": "opnieuw bekeken"}
    assert house.call("apo", "PUT", "/v1/clients/c1001/record", good).status == 200
    roll = plan("c1001")
    assert not {"D3", "D30"} & ids(roll), roll["findings"]
    house.make_device("dispenser", "d-8")
    assert house.call("apo", "POST", f"/v1/rolls/{house.roll}/withdraw", {"reason": "nieuwe afspraken"}).status == 200
    path = f"/v1/rolls/{roll['roll']}/"
    reasons = [{"finding": one, "reason": "gewogen"} for one in ids(roll)]
    assert house.call("apo", "POST", path + "approve", {"overrides": reasons}).status == 200
    assert house.call("ada", "POST", path + "print").status == 200
    for _, serial in house.bags(roll["roll"]):
        assert house.verdict("l-1", roll["roll"], serial, "pass").status == 200
    assert house.call("ada", "POST", path + "judge", {"counted": True, "reason": "geteld"}).status == 200
    assert house.call("apo", "POST", path + "release", {"dispenser": "d-8"}).status == 200
    late = house.sql("SELECT DISTINCT (alarm_ms - extract(epoch FROM at::timestamptz) * 1000) / 60000 FROM moments"
                     f" WHERE roll = '{roll['roll']}'")
    assert [int(float(one[0])) for one in late] == [75], late


REQUIRED = {"Bundle": ("type",), "Patient": (), "Organization": (), "Medication": (),
            "MedicationDispense": ("status", "medicationReference", "subject"),
            "MedicationAdministration": ("status", "medicationReference", "subject", "effectiveDateTime")}
STATUS = {"MedicationDispense": {"preparation", "in-progress", "cancelled", "completed", "stopped"},
          "MedicationAdministration": {"completed", "not-done"}}


def check_r4(resource, ids):
    """What R4 wants of each resource that we write: elements, codes, references that lead somewhere."""
    kind = resource["resourceType"]
    for name in REQUIRED[kind]:
        assert resource.get(name), (kind, name)
    if kind in STATUS:
        assert resource["status"] in STATUS[kind], resource["status"]
        inside = {"#" + one["id"] for one in resource["contained"]}
        assert resource["medicationReference"]["reference"] in inside and resource["subject"]["reference"] in ids
        for one in resource["contained"]:
            check_r4(one, ids)
    for line in resource.get("dosageInstruction", []):
        repeat = line["timing"].get("repeat")
        assert (repeat and repeat["boundsPeriod"]["start"] and len(repeat["timeOfDay"][0]) == 8) or line["timing"]["event"]


def the_roll_is_told_as_fhir(house):
    path = f"/v1/rolls/{house.roll}/fhir"
    assert house.call("administrator", "GET", path).status == 403
    answer = house.call("apo", "GET", path)
    assert answer.status == 200 and answer.headers["content-type"].startswith("application/fhir+json"), answer.body
    bundle = answer.json
    assert bundle["resourceType"] == "Bundle" and bundle["type"] == "collection"
    ids = {entry["fullUrl"] for entry in bundle["entry"]}
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert len(ids) == len(kinds) and "MedicationAdministration" not in kinds
    for entry in bundle["entry"]:
        check_r4(entry["resource"], ids)
    roll = house.call("apo", "GET", "/v1/rolls/" + house.roll).json
    packed = sum(content["milli"] for bag in roll["bags"] for content in bag["contents"])
    dispenses = [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "MedicationDispense"]
    assert round(sum(one["quantity"]["value"] for one in dispenses) * 1000) == packed
    assert all(one["whenPrepared"] and "whenHandedOver" not in one and one["status"] == "in-progress" for one in dispenses)
    assert all(one["contained"][0]["batch"]["lotNumber"] for one in dispenses)


def times_are_those_of_the_pharmacys_wall(house):
    staff = house.people_in["j.smit"]
    policy = (ROOT / "samples/policy.json").read_text()
    shown = lambda: staff.get("/clients/c1001") and staff.page
    given = house.sql("SELECT max(given_ms) FROM follows")[0][0]
    at = datetime.datetime.fromtimestamp(int(given) / 1000, datetime.timezone.utc)
    for zone in ("Europe/Amsterdam", "America/New_York"):
        body = policy.replace("Europe/Amsterdam", zone).encode()
        assert house.call("apo", "PUT", "/v1/policy", body).status == 200
        there = at.astimezone(zoneinfo.ZoneInfo(zone))
        assert f"{spoken(there.date())}, {there:%H:%M}</time>" in shown(), zone
    versions = house.call("apo", "GET", "/v1/policy/versions").json["versions"]
    assert [one["version"] for one in versions] == [2, 1] and versions[0]["by"] == "apo", versions
    assert house.call("apo", "GET", "/v1/policy?version=2").body.decode() == policy.replace("Europe/Amsterdam", "America/New_York")
    assert house.call("apo", "GET", "/v1/policy?version=9").status == 404
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # a day ahead of UTC, and a day behind it
        assert house.call("apo", "PUT", "/v1/policy", policy.replace("Europe/Amsterdam", zone).encode()).status == 200
        today = datetime.datetime.now(zoneinfo.ZoneInfo(zone)).date()
        rows = {}
        for days in (0, 1):
            one = today + datetime.timedelta(days=days)
            rows[days] = house.call("apo", "GET", f"/journal.csv?from={one}&to={one}").body.decode().splitlines()
        assert len(rows[0]) > 1 and len(rows[1]) == 1, (zone, rows)
    assert house.call("apo", "PUT", "/v1/policy", policy.encode()).status == 200


def administrations_are_told_where_the_site_wants_them(house):
    (house.top / "config.json").write_text('{"format":"rolwacht/service/1","administrations":true}')
    house.extra = ["--config", house.top / "config.json"]
    assert house.stop() == 0
    house.start()
    bundle = house.call("apo", "GET", f"/v1/rolls/{house.roll}/fhir").json
    ids = {entry["fullUrl"] for entry in bundle["entry"]}
    found = [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "MedicationAdministration"]
    for one in found:
        check_r4(one, ids)
        assert "ingenomen, heeft niemand gezien" in one["note"][0]["text"] or one["status"] == "not-done"
    bags = {one["identifier"][0]["value"].split(".")[0] for one in found if one["status"] == "completed"}
    assert len(bags) == 2 and any(one["status"] == "not-done" for one in found), bags


TESTS = [nobody_sees_anything_without_consent, a_team_sees_its_own_clients, pages_tell_days_as_people_do,
         a_family_sees_what_the_client_allows,
         a_consent_is_taken_back, programs_give_consents_too, adherence_is_told_by_moment, the_month_is_evidence, the_roll_is_told_as_fhir,
         times_are_those_of_the_pharmacys_wall,
         administrations_are_told_where_the_site_wants_them, what_is_agreed_about_a_client_is_kept,
         a_carer_marks_a_bag_that_was_given_by_hand, a_carer_tries_the_chain_for_own_clients, an_open_page_of_alarms_hears_of_newer_ones,
         a_carer_says_that_a_client_is_in_hospital, a_roll_asks_after_the_record,
         the_page_of_a_client_keeps_how_early_a_bag_may_be_taken]


def main():
    house = House()
    tap.play(TESTS, house, house, prepare=prepare)


if __name__ == "__main__":
    main()
