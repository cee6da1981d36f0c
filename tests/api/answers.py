#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks every route of the description at the running service, each as somebody who may, and gives the answers to an
outside validator of OpenAPI. Ends with 77 where that is not installed."""
import json
import os
import re
import subprocess
import sys

from described import in_description
from house import ROOT, House
from nodes import prepare
from visitor import Visitor

PEERS = ROOT / "tests/peers"
ROLES = ("apotheker", "assistent", "operator", "care", "family", "auditor")
NOBODYS = "01936d4a-0000-7000-8000-000000000001"
API = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.yaml", "/assets")
SIGNING = ("/logout", "/login", "/setup", "/account/factor", "/account/password", "/account/leave")  # tests/api/sign_in.py
SILENT = ("/stream",)  # answers that never end
QUERIES = {"/v1/reports/1062.csv": "?month=2026-11", "/v1/clients/{client}/adherence": "?from=2026-11-23&to=2026-11-30",
           "/v1/clients/{client}/adherence.csv": "?from=2026-11-23&to=2026-11-30"}
LAST = ("delete", "/v1/devices/{role}/{device}"), ("delete", "/v1/tokens/{name}")


def values(house, roll):
    bag = house.bags(roll)[0][1]
    return {"alarm": NOBODYS, "message": NOBODYS, "recall": NOBODYS, "client": "c1003", "device": "d-9", "dispenser": "d-7",
            "file": "app.css", "line": "l-1", "watched": "l-1", "name": "nobody", "person": "admin", "role": "dispenser",
            "roll": roll, "serial": bag}


def caller(door, roles):
    if door == "devices":
        return "d-7" if "dispenser" in roles else "l-1"
    return "nobody" if "everybody" in roles else next((role for role in ROLES if role in roles), "administrator")


def sign_in(house, person, role):
    """A person with a session, for the pages."""
    visitor = Visitor(house)
    if person == "admin":
        code = (house.state / "keys/administrator.code").read_text()
    else:
        code = house.call("administrator", "POST", "/v1/persons",
                          {"person": person, "name": person, "role": role}).json["code"]
    visitor.set_up(person, code)
    return visitor


def ask_page(visitors, method, path, names, roles):
    target = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], NOBODYS), path)
    visitor = visitors["admin" if "administrator" in roles else "person"]
    answer = visitor.get(target) if method == "get" else visitor.post(target)
    return {"method": method, "path": path, "status": answer.status, "type": answer.headers.get("content-type"),
            "body": answer.body.decode(errors="replace")}


def ask(house, method, path, names, who):
    target = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], NOBODYS), path) + QUERIES.get(path, "")
    body = None if method == "get" else b"{}"
    answer = house.call(who, method.upper(), target, body, {"Content-Type": "application/json"} if body else {})
    return {"method": method, "path": path, "status": answer.status, "type": answer.headers.get("content-type"),
            "body": answer.body.decode(errors="replace")}


def gather(house):
    roll = prepare(house)
    for role in ROLES:
        if role not in house.tokens:
            house.make_token(role, role)
    assert house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-7"}).status == 200
    names = values(house, roll)
    routes = sorted(in_description().items(), key=lambda route: (route[0] in LAST, route[0][0] != "get", route[0]))
    answers = []
    pages = set(re.findall(r'"(/[^"]*)", PAGE,', (ROOT / "api/routes.c").read_text()))
    visitors = {"admin": sign_in(house, "admin", "administrator"), "person": sign_in(house, "p.jansen", "apotheker")}
    stranger = Visitor(house)
    for (method, path), (door, roles) in routes:
        page = door == "people" and not path.startswith(API)
        if path.endswith(SILENT) or path in SIGNING:
            continue
        if page and "everybody" not in roles:
            if path in pages:
                answers.append(ask_page({"admin": stranger, "person": stranger}, method, path, names, roles))
                assert answers[-1]["status"] == 303, answers[-1]
            answers.append(ask_page(visitors, method, path, names, roles))
            answer = ask(house, method, path, names, caller(door, roles))
            if path in pages:  # none is for a program
                assert answer["status"] == 401 and answer["type"].startswith("application/problem"), (path, answer)
                answers.append(answer)
        else:
            answers.append(ask(house, method, path, names, caller(door, roles)))
    answers += [ask(house, "get", path, names, "nobody") for path in ("/v1/rolls/{roll}", "/metrics")]  # refusals
    answers.append(ask(house, "post", "/bags/{serial}/mark", names, "apotheker"))  # a program at a form for people
    return answers


def main():
    if not (PEERS / "node_modules/@seriousme").exists():
        print("the npm package @seriousme/openapi-schema-validator is not installed")
        sys.exit(77)
    house = House()
    answers = gather(house)
    file = house.top / "answers"
    file.write_text("\n".join(json.dumps(answer) for answer in answers) + "\n")
    good = [answer for answer in answers if answer["status"] < 300]
    print(f"# {len(answers)} answers, {len(good)} of them good", flush=True)
    done = subprocess.run([PEERS / "node.sh", PEERS / "openapi.mjs", file], env={**os.environ, "ROLWACHT_ROOT": str(ROOT)},
                          check=False)
    signs, _ = house.close()
    for sign in signs:
        print(f"# the log holds {sign}")
    sys.exit(1 if signs or len(good) < 35 else done.returncode)


if __name__ == "__main__":
    main()
