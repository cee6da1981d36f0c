# SPDX-License-Identifier: Apache-2.0
"""A pharmacy at work: orders in, rolls out, and what dispensers report."""
import base64
import datetime
import json
import time
import uuid

import tap
from house import ROOT, House, soon

HPK = "urn:oid:2.16.840.1.113883.2.4.4.7"
METFORMINE, AMLODIPINE, PARACETAMOL = "95210010", "95210141", "95210079"


def day(days):
    return (datetime.date.fromisoformat(soon()) + datetime.timedelta(days=days)).isoformat()


def orders(*rows):
    """A table of orders; each row is order, client, code, dose, when, start, as_needed."""
    lines = ["rolwacht/orders/1", "order,client,name,born,system,code,product,dose,unit,route,when,start,as_needed"]
    for order, client, code, dose, when, start, needed in rows:
        lines.append(f"{order},{client},Testpersoon {client},1941-03-14,{HPK},{code},,{dose},tablet,oral,{when},{start},{needed}")
    return "\n".join(lines).encode()


class Desk:
    """The pharmacy: orders in, rolls out."""

    def __init__(self, house=None):
        self.house = house or House()
        for name, role in (("apo", "apotheker"), ("ada", "assistent")):
            self.house.make_token(name, role)
        for what in ("policy", "products"):
            body = (ROOT / f"samples/{what}.json").read_bytes()
            assert self.call("PUT", f"/v1/{what}", body).status == 200
        self.house.make_device("line", "l-1")
        self.seq = {}

    def call(self, method, path, body=None, who="apo"):
        return self.house.call(who, method, path, body)

    def client(self, name, dispenser):
        """A new client with tablets in the morning and the evening, and a dispenser."""
        self.house.make_device("dispenser", dispenser)
        self.order(("o-" + name, name, METFORMINE, "1", "morning evening", "2026-11-01", ""))

    def order(self, *rows):
        answer = self.call("POST", "/v1/orders", orders(*rows))
        assert answer.status == 201, answer.body
        return answer.json

    def plan(self, client, start, days, replaces=None, status=201):
        body = {"client": client, "from": day(start), "days": days}
        answer = self.call("POST", "/v1/rolls", {**body, **({"replaces": replaces} if replaces else {})})
        assert answer.status == status, answer.body
        return answer.json

    def approve(self, roll):
        findings = [one for one in self.call("GET", f"/v1/rolls/{roll}").json["findings"] if one["severity"] == "O"]
        reasons = [{"finding": one["id"], "reason": "gezien"} for one in findings]
        answer = self.call("POST", f"/v1/rolls/{roll}/approve", {"overrides": reasons})
        assert answer.status == 200, answer.body

    def verify(self, roll):
        self.approve(roll)
        assert self.call("POST", f"/v1/rolls/{roll}/print").status == 200
        for _, serial in self.house.bags(roll):
            assert self.house.verdict("l-1", roll, serial, "pass").status == 200
        counted = {"counted": True, "reason": "nageteld"}
        assert self.call("POST", f"/v1/rolls/{roll}/judge", counted, "ada").status == 200

    def release(self, roll, dispenser, status=200):
        answer = self.call("POST", f"/v1/rolls/{roll}/release", {"dispenser": dispenser})
        assert answer.status == status, answer.body
        return answer.json

    def out(self, client, dispenser, start=0, days=3):
        """A roll of the client that is in its dispenser."""
        roll = self.plan(client, start, days)["roll"]
        self.verify(roll)
        self.release(roll, dispenser)
        self.report(dispenser, "roll_loaded", self.serials(roll)[1])
        return roll

    def serials(self, roll):
        rows = self.house.sql(f"SELECT n, serial FROM bags WHERE roll = '{roll}'")
        return {int(n): serial for n, serial in rows}

    def report(self, dispenser, kind, serial, cause=None, when=None):
        seq = self.seq[dispenser] = self.seq.get(dispenser, 0) + 1
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        event = {"id": str(uuid.uuid4()), "seq": seq, "at": when or now, "type": kind, **({"serial": serial} if serial else {})}
        answer = self.call("POST", f"/v1/dispensers/{dispenser}/events",
                           {"events": [{**event, **({"cause": cause} if cause else {})}]}, dispenser)
        assert answer.status == 200, answer.body

    def schedule(self, dispenser):
        document = self.call("GET", f"/v1/dispensers/{dispenser}/schedule", who=dispenser).json
        payload = document["payload"]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    def state(self, roll):
        return self.call("GET", f"/v1/rolls/{roll}/status").json["state"]


def play(tests, prepare=None):
    """Runs the tests at one desk; each is a function of the desk."""
    desk = Desk()
    tap.play(tests, desk.house, desk, prepare=prepare)
