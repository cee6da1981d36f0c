#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Provokes every answer that the description names for each address of the API, good or refused, and gives them to an
outside validator of OpenAPI where that is installed. What only a page answers is tests/e2e's, by a browser. Output is TAP."""
import datetime
import json
import os
import re
import subprocess

import tap
from answers import API, NOBODYS, PEERS, SILENT
from described import in_description
from desk import METFORMINE, Desk, day, orders
from house import ROOT, House

ELSEWHERE = {("get", "/readyz", 503)}  # database_stopped.py
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
NO_ROLL = "000000000"
NO_BAG = NO_ROLL + "001"


class Heard(House):
    """A service of which every answer is kept."""

    def __init__(self):
        self.heard = []
        super().__init__()

    def call(self, who, method, path, body=None, headers=None):
        answer = super().call(who, method, path, body, headers)
        self.heard.append((method.lower(), path.partition("?")[0], answer))
        return answer


def declared():
    """Every (method, path, status) of the description, without what is for browsers alone."""
    found, path, method = set(), None, None
    for line in (ROOT / "docs/openapi.yaml").read_text().splitlines():
        if match := re.fullmatch(r"  (/\S*):", line):
            path = match[1]
        elif match := re.fullmatch(r"    (get|put|post|delete):", line):
            method = match[1]
        elif (match := re.match(r'        "(\d{3})":', line)) and path.startswith(API) and not path.endswith(SILENT):
            found.add((method, path, int(match[1])))
    return found


def named(method, target):
    """The path of the description that this address is of: the one that spells most of it out."""
    fits = [path for one, path in in_description()
            if one == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), target)]
    return min(fits, key=lambda path: path.count("{"), default=None)


def before_anything_is_set(desk):
    """Of a service that nobody configured."""
    house = desk.house
    for what in ("policy", "products"):
        assert house.call("apo", "GET", f"/v1/{what}").status == 404
        assert house.call("apo", "PUT", f"/v1/{what}", {"format": "no"}).status == 400
        assert house.call("apo", "PUT", f"/v1/{what}", (ROOT / f"samples/{what}.json").read_bytes()).status == 200
        for path in (what, what + "/versions"):
            assert house.call("apo", "GET", f"/v1/{path}").status == 200
    for path in ("/healthz", "/readyz", "/openapi.yaml", "/assets/console.css"):
        assert house.call("nobody", "GET", path).status in (200, 404), path
    assert house.call("administrator", "GET", "/metrics").status == 200


def who_is_let_in(desk):
    house = desk.house
    for status in (201, 409):
        assert house.call("administrator", "POST", "/v1/tokens", {"role": "operator", "name": "spare"}).status == status
    for status in (204, 404):
        assert house.call("administrator", "DELETE", "/v1/tokens/spare").status == status
    assert house.call("nobody", "POST", "/v1/enrolments", {"code": "0" * 32, "csr": "x"}).status == 403
    house.make_device("dispenser", "gone")
    house.renew("gone")
    for status in (204, 404):
        assert house.call("administrator", "DELETE", "/v1/devices/dispenser/gone").status == status
    assert house.call("administrator", "POST", "/v1/persons", {"person": "p.nu", "name": "P. Nu", "role": "operator"}).status == 201
    assert house.call("administrator", "POST", "/v1/persons/p.nu/code").status in (200, 201)
    assert house.call("administrator", "GET", "/v1/persons").status == 200
    assert house.call("administrator", "DELETE", "/v1/persons/p.nu").status == 204


def a_roll_is_planned(desk):
    assert desk.call("POST", "/v1/orders", b"{").status == 400
    desk.client("e1", "d-1")
    row = ("o-e1", "e1", METFORMINE, "1", "morning evening", "2026-11-01", "")
    assert desk.call("POST", "/v1/orders", orders(row)).status == 200, "the same bytes"
    assert desk.call("POST", "/v1/rolls", {}).status == 400
    assert desk.call("POST", "/v1/rolls", {"client": "nobody", "from": day(0), "days": 1}).status == 404
    desk.roll = desk.plan("e1", 0, 3)["roll"]
    tag = desk.call("GET", f"/v1/rolls/{desk.roll}").headers["etag"]
    assert desk.house.call("apo", "GET", f"/v1/rolls/{desk.roll}", headers={"If-None-Match": tag}).status == 304
    assert desk.call("GET", "/v1/rolls").status == 200
    for part in ("", "/status", "/diff", "/fhir", "/labels.pdf"):
        desk.call("GET", f"/v1/rolls/{NO_ROLL}{part}")
    for kind in ("csv", "json"):
        assert desk.call("GET", f"/v1/rolls/{desk.roll}/order.{kind}").status == 409, "it is not approved"


def every_act_is_refused_to_a_roll_that_is_not_so_far(desk):
    acts = {"approve": {}, "reject": {"reason": "x"}, "print": None, "remake": {"serials": [NO_BAG], "reason": "x"},
            "judge": {"serial": NO_BAG, "verdict": "pass", "reason": "x"}, "release": {"dispenser": "d-1"},
            "withdraw": {"reason": "x"}, "amend": {"action": "ADD_LOOSE", "reason": "x"}}
    desk.call("POST", f"/v1/rolls/{desk.plan('e1', 0, 1)['roll']}/reject", {"reason": "proef"})
    rejected = next(roll["roll"] for roll in desk.call("GET", "/v1/rolls").json["rolls"] if roll["state"] == "rejected")
    for act, body in acts.items():
        assert desk.call("POST", f"/v1/rolls/{NO_ROLL}/{act}", body).status == 404, act
        assert desk.call("POST", f"/v1/rolls/{rejected}/{act}", body).status == 409, act


def a_line_verifies_it(desk):
    roll, house = desk.roll, desk.house
    claim = "/v1/lines/l-1/claims"
    assert house.call("l-1", "POST", claim).status == 204, "none is printed"
    desk.approve(roll)
    assert desk.call("POST", f"/v1/rolls/{roll}/print").status == 200
    for part in ("order.csv", "order.json", "labels.pdf", "fhir", "status"):
        assert desk.call("GET", f"/v1/rolls/{roll}/{part}").status == 200, part
    assert house.call("l-1", "POST", claim).status == 200
    assert house.call("l-1", "GET", f"/v1/rolls/{roll}").status == 200
    serial = desk.serials(roll)[1]
    house.make_device("line", "l-2")
    for line, status in (("l-1", 200), ("l-2", 409)):
        assert house.glance(line, roll, serial, "pass").status == status, "the first line holds it"
    assert house.verdict("l-2", roll, serial, "pass").status == 409
    none = {"n": 1, "serial": NO_BAG, "verdict": "pass", "reasons": [], "frame": None, "judged": ["code"], "fingerprint": "sha256:" + "0" * 64}
    for what in ("verdict", "glance"):
        assert house.call("l-1", "PUT", f"/v1/rolls/{roll}/bags/{NO_BAG}/{what}", none).status == 404, what
    path = f"/v1/rolls/{roll}/bags/{serial}/picture"
    assert desk.call("GET", path).status == 404
    assert house.call("l-2", "PUT", path, PNG, {"Content-Type": "image/png"}).status == 409, "the other line holds it"
    for _, one in house.bags(roll):
        assert house.verdict("l-1", roll, one, "fail" if one == serial else "pass", ["print-damaged"] if one == serial else []).status == 200
    assert house.call("l-1", "PUT", path, PNG, {"Content-Type": "image/png"}).status == 204
    assert desk.call("GET", path).status == 200
    assert desk.call("POST", f"/v1/rolls/{roll}/remake", {"serials": [serial], "reason": "vlek"}).status == 200
    for _, one in house.bags(roll):
        assert house.verdict("l-1", roll, one, "pass").status == 200
    assert desk.call("POST", f"/v1/rolls/{roll}/judge", {"counted": True, "reason": "nageteld"}, "ada").status == 200


def a_dispenser_hands_it_out(desk):
    roll, house, path = desk.roll, desk.house, "/v1/dispensers/d-1/schedule"
    assert house.call("d-1", "GET", path).status == 404
    desk.release(roll, "d-1")
    tag = house.call("d-1", "GET", path).headers["etag"]
    for query, status in (("", 304), ("?wait=1", 204)):
        assert house.call("d-1", "GET", path + query, headers={"If-None-Match": tag}).status == status
    assert house.call("d-1", "GET", "/v1/dispensers/d-1/signing-keys").status == 200
    serials = {n: one for n, one in house.bags(roll)}
    desk.report("d-1", "roll_loaded", serials[1])
    gap = {"events": [{"id": NOBODYS, "seq": 9, "at": "2026-11-23T07:00:00.000Z", "type": "online"}]}
    assert house.call("d-1", "POST", "/v1/dispensers/d-1/events", gap).status == 409
    for status in (200, 409):
        assert desk.call("POST", f"/v1/bags/{serials[1]}/mark", {"fate": "by_hand", "reason": "gegeven"}).status == status
    assert desk.call("POST", f"/v1/bags/{NO_BAG}/mark", {"fate": "by_hand", "reason": "x"}).status == 404


def alarms_are_acknowledged_and_told_again(desk):
    alarm = desk.call("POST", "/v1/test-alarms", {"dispenser": "d-1"})
    assert alarm.status == 201 and desk.call("POST", "/v1/test-alarms", {"dispenser": "none"}).status == 404
    path = "/v1/alarms/{}/acknowledge"
    for one, status in ((alarm.json["alarm"], 204), (alarm.json["alarm"], 409), (NOBODYS, 404)):
        assert desk.call("POST", path.format(one)).status == status
    assert desk.call("GET", "/v1/alarms").status == desk.call("GET", "/v1/outbox").status == 200
    desk.house.sql("INSERT INTO outbox (pharmacy_id, outbox_id, topic, payload, attempts, created_ms, next_ms, exit, number, dead_ms)"
                   f" SELECT pharmacy_id, '{NOBODYS}', 'alarm', '{{}}', 3, 1, 1, 'https://127.0.0.1:1/', 1, 1 FROM pharmacies")
    assert desk.call("GET", "/v1/outbox?state=dead").json["messages"][0]["id"] == NOBODYS
    for message, status in ((NOBODYS, 204), ("01936d4a-0000-7000-8000-000000000009", 404)):
        assert desk.call("POST", f"/v1/outbox/{message}/retry").status == status
    assert desk.call("POST", "/v1/outbox/retry").status == 200


def a_client_is_agreed_with(desk):
    desk.house.make_token("zorg", "care")
    for client, good in (("e1", True), ("nobody", False)):
        path = f"/v1/clients/{client}/"
        for part in ("adherence", "adherence.csv", "record", "consents", "pauses"):
            assert desk.call("GET", path + part).status == (200 if good else 404), part
        assert desk.call("PUT", path + "record", {"suitable": day(0), "reason": "x"}).status == (200 if good else 404)
        assert desk.call("PUT", path + "visits", {"month": "2026-11", "visits": 3}).status == (204 if good else 404)
        consent = {"follower": "@zorg", "kind": "care", "reason": "mondeling"}
        assert desk.call("POST", path + "consents", consent).status == (204 if good else 404)
    for status in (204, 404):
        assert desk.call("POST", "/v1/clients/e1/consents/end", {"follower": "@zorg"}).status == status
    assert desk.call("GET", "/v1/reports/1062.csv?month=2026-11").status == 200
    assert desk.call("GET", "/v1/journal", who="audit").status == 200
    now = datetime.datetime.now(datetime.timezone.utc)
    since, until = ((now + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%MZ") for hours in (1, 3))
    body = {"kind": "pause", "from": since, "until": until, "reason": "ziekenhuis"}
    pause = desk.call("POST", "/v1/clients/e1/pauses", body)
    assert pause.status == 201, pause.body
    assert desk.call("POST", "/v1/clients/e1/pauses", body).status == 409, "it has moments in common with the other"
    assert desk.call("POST", "/v1/clients/nobody/pauses", body).status == 404
    for client, one, status in (("e1", pause.json["pause"], 200), ("e1", pause.json["pause"], 409), ("nobody", pause.json["pause"], 404)):
        assert desk.call("POST", f"/v1/clients/{client}/pauses/{one}/end", {"reason": "terug"}).status == status


def who_follows_sees_a_client(desk):
    house = desk.house
    desk.call("POST", "/v1/clients/e1/consents", {"follower": "@zorg", "kind": "care", "reason": "mondeling"})
    for path, status in (("/v1/followed", 200), ("/v1/followed/e1", 200), ("/v1/followed/e2", 404)):
        assert house.call("zorg", "GET", path).status == status, path


def orders_change_and_bags_are_taken_back(desk):
    desk.client("e2", "d-2")
    old = desk.out("e2", "d-2")
    desk.order(("o-e2b", "e2", "95210079", "1", "", "2026-11-01", "yes"))
    new = desk.plan("e2", 0, 3, replaces=old)["roll"]
    assert desk.call("GET", f"/v1/rolls/{new}/diff").status == 200
    action = desk.call("GET", f"/v1/rolls/{new}/diff").json["action"]
    desk.approve(new)
    assert desk.call("POST", f"/v1/rolls/{new}/amend", {"action": action, "reason": "gezien"}).status == 200, action
    assert desk.call("POST", f"/v1/rolls/{old}/withdraw", {"reason": "proef"}).status == 200
    products = json.loads((ROOT / "samples/products.json").read_text())["products"]
    lot = next(row["lot"] for row in products if row["code"] == METFORMINE)
    wish = {"product": METFORMINE, "lot": lot, "reason": "terugroep"}
    assert desk.call("GET", f"/v1/batches?product={METFORMINE}&lot={lot}").status == 200
    assert desk.call("POST", "/v1/recalls", {**wish, "lot": "X1"}).status == 404
    recall = desk.call("POST", "/v1/recalls", wish)
    assert recall.status == 201, recall.body
    path = "/v1/recalls/"
    for one, status in ((recall.json["recall"], 200), ("nothing", 404)):
        assert desk.call("GET", path + one).status == desk.call("GET", path + one + "/list.csv").status == status
    client = recall.json["bags"][0]["client"]
    for one, status in ((client, 204), ("nobody", 404)):
        assert desk.call("POST", f"{path}{recall.json['recall']}/told", {"client": one, "note": "gebeld"}).status == status
    for one, status in ((recall.json["recall"], 204), (recall.json["recall"], 409), ("nothing", 404)):
        assert desk.call("POST", f"{path}{one}/lift", {"reason": "vergissing"}).status == status


def a_body_of_another_kind_is_refused(desk):
    """Where JSON is taken, and only where it says so of itself."""
    for kind, status in (("text/plain", 415), ("text/xml; charset=utf-8", 415), ("multipart/form-data; boundary=x", 415),
                         ("application/json", 201), ("application/x-www-form-urlencoded", 201), ("application/merge-patch+json", 201)):
        answer = desk.house.call("apo", "POST", "/v1/test-alarms", {"dispenser": "d-1"}, {"Content-Type": kind})
        assert answer.status == status, (kind, answer.body)
    assert desk.house.call("apo", "POST", "/v1/orders", orders(("o-x", "e3", METFORMINE, "1", "morning", "2026-11-01", "")),
                           {"Content-Type": "text/csv"}).status == 201, "orders are told by their content"


def nothing_that_is_described_was_left_out(desk):
    heard = {(method, named(method, target), answer.status) for method, target, answer in desk.house.heard}
    left = sorted(declared() - heard - ELSEWHERE)
    assert not left, left
    print(f"# {len(declared())} answers of the description, {len(desk.house.heard)} heard", flush=True)


def an_outside_validator_agrees(desk):
    if not (PEERS / "node_modules/@seriousme").exists():
        print("# the npm package @seriousme/openapi-schema-validator is not installed", flush=True)
        return
    file = desk.house.top / "answers"
    told = [{"method": method, "path": named(method, target), "status": answer.status, "type": answer.headers.get("content-type"),
             "body": answer.body.decode(errors="replace")}
            for method, target, answer in desk.house.heard if named(method, target)]
    file.write_text("\n".join(json.dumps(one) for one in told) + "\n")
    done = subprocess.run([PEERS / "node.sh", PEERS / "openapi.mjs", file], env={**os.environ, "ROLWACHT_ROOT": str(ROOT)},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


TESTS = [before_anything_is_set, who_is_let_in, a_roll_is_planned, every_act_is_refused_to_a_roll_that_is_not_so_far, a_line_verifies_it,
         a_dispenser_hands_it_out, alarms_are_acknowledged_and_told_again, a_client_is_agreed_with, who_follows_sees_a_client,
         orders_change_and_bags_are_taken_back, a_body_of_another_kind_is_refused, nothing_that_is_described_was_left_out,
         an_outside_validator_agrees]


def main():
    house = Heard()
    house.make_token("apo", "apotheker")
    house.make_token("audit", "auditor")
    desk = Desk.__new__(Desk)
    desk.house, desk.seq = house, {}
    tap.play(TESTS, house, desk, prepare=begin)


def begin(desk):
    desk.house.make_token("ada", "assistent")
    desk.house.make_device("line", "l-1")


if __name__ == "__main__":
    main()
