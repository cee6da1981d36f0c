#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who reads of a person, and who tries to, stands in the journal (NEN 7513): every route of the description. Output is TAP."""
import re

import tap
from answers import API, NOBODYS, QUERIES, ROLES, caller, sign_in, values
from described import in_description
from house import House
from nodes import prepare

# Readings that tell of no client: of the service, the rules, the product table, people of the pharmacy, keys, the program.
OF_NOBODY = re.compile(r"/(healthz|readyz|metrics|openapi\.yaml|assets/.*|login|setup|account|settings|persons|lines|messages|)"
                       r"|/alarms/newer|/v1/(policy|products)(/versions)?|/v1/(persons|outbox)|/v1/dispensers/.*/(stream|signing-keys)"
                       r"|/lines/.*/stream|/recalls")
# Of these only what is found is a reading, and here nothing is there to be found.
OF_WHAT_IS_NOT_THERE = re.compile(r"/v1/recalls/.*|/recalls/.*|/v1/batches|.*/picture|.*/diff|/followed.*|/v1/followed.*|/lines/.*")


def rows(house, since):
    """What the journal says of everything behind a place."""
    found = house.sql("SELECT j.actor, j.role, j.action, j.object_type, j.object_id, j.client, j.detail, j.source, j.at_ms"
                      f" FROM journal AS j ORDER BY j.at_ms, j.journal_id OFFSET {since}")
    names = ("actor", "role", "action", "thing", "object", "client", "detail", "source", "at")
    return [dict(zip(names, row)) for row in found]


def size(house):
    return int(house.sql("SELECT count(*) FROM journal")[0][0])


def begin(house):
    house.roll = prepare(house)
    for role in ROLES:
        house.make_token(role, role)
    assert house.call("apo", "POST", f"/v1/rolls/{house.roll}/release", {"dispenser": "d-7"}).status == 200
    house.names = values(house, house.roll)
    house.visitors = {"admin": sign_in(house, "admin", "administrator"), "person": sign_in(house, "p.jansen", "apotheker")}


def target_of(house, path):
    return re.sub(r"\{(\w+)\}", lambda found: house.names.get(found[1], NOBODYS), path) + QUERIES.get(path, "")


def is_page(path):
    return not path.startswith(API)


def every_reading_of_a_person_is_a_row(house):
    wrong, seen = [], 0
    for (method, path), (door, roles) in sorted(in_description().items()):
        if method != "get" or "everybody" in roles or OF_NOBODY.fullmatch(path) or OF_WHAT_IS_NOT_THERE.fullmatch(path):
            continue
        before, target = size(house), target_of(house, path)
        if is_page(path):
            who, answer = "p.jansen", house.visitors["person"].get(target)
        else:
            who = caller(door, roles)
            answer = house.call(who, "GET", target)
        since = 0 if "/bags/" in path else before  # the pictures of one roll are one reading
        new = [row for row in rows(house, since) if row["actor"] == who and (since or row["object"] == house.roll)]
        if answer.status != 200 or not new or not all(row["source"] == "127.0.0.1" and row["role"] and int(row["at"]) > 0 for row in new):
            wrong.append((path, who, answer.status, new))
        elif not any(row["client"] or row["action"] in ("list", "export") or row["thing"] in ("report", "journal") for row in new):
            wrong.append((path, "of whom", new))
        seen += 1
    assert not wrong, wrong
    assert seen >= 15, seen


def every_refused_try_is_a_row(house):
    """As somebody whose role may not: 403, and a row that says which address; programs, and one person."""
    wrong, seen = [], 0
    for (method, path), (door, roles) in sorted(in_description().items()):
        if "everybody" in roles or door == "devices":
            continue
        other = next((role for role in ("family", "care", "auditor", "operator") if role not in roles), None)
        if is_page(path) or other is None:
            continue
        before = size(house)
        answer = house.call(other, method.upper(), target_of(house, path), None if method == "get" else b"{}")
        new = [row for row in rows(house, before) if row["actor"] == other and row["action"] == "refuse"]
        if answer.status != 403 or [row["detail"] for row in new] != [f"{method.upper()} {path}"]:
            wrong.append((method, path, other, answer.status, new))
        seen += 1
    assert not wrong, wrong
    assert seen >= 50, seen
    before = size(house)
    assert house.visitors["person"].get("/persons").status == 403
    assert [row["actor"] for row in rows(house, before) if row["action"] == "refuse"] == ["p.jansen"]


def a_device_that_asks_for_anothers_is_a_row(house):
    before = size(house)
    assert house.call("d-7", "GET", "/v1/dispensers/d-8/schedule").status == 404
    assert house.call("l-1", "GET", f"/v1/rolls/{NOBODYS[:9]}").status == 404
    new = [(row["actor"], row["role"], row["object"]) for row in rows(house, before) if row["action"] == "refuse"]
    assert new == [("d-7", "dispenser", "d-8"), ("l-1", "line", NOBODYS[:9])], new


def what_was_not_there_is_not_revoked(house):
    before = size(house)
    for path in ("/v1/devices/dispenser/d-404", "/v1/tokens/nobody-404"):
        assert house.call("administrator", "DELETE", path).status == 404
    assert [row["action"] for row in rows(house, before) if row["action"] == "revoke"] == []


def many_tries_of_one_thing_are_one_row(house):
    before = size(house)
    for _ in range(5):
        assert house.call("care", "GET", "/v1/clients/c1003/adherence").status == 403
    assert len([row for row in rows(house, before) if row["action"] == "refuse"]) <= 1
    assert house.call("nobody", "GET", "/v1/clients/c1003/adherence").status == 401


def a_flood_of_strangers_is_counted(house):
    """Tokens and codes that are none: the first is a row at once, how many followed is another; nobody fills the disk with them."""
    before, tries = size(house), 30
    for number in range(tries - 1):
        answer = house.call("nobody", "GET", "/v1/alarms", headers={"Authorization": f"Bearer guess-{number}"})
        assert answer.status == 401, answer.body
    assert house.call("nobody", "POST", "/v1/enrolments", {"code": "guess", "csr": "x"}).status in (400, 403)
    told = [row for row in rows(house, before) if row["thing"] == "credential"]
    assert told[0]["detail"] == "GET /v1/alarms: the token or certificate is not valid", told
    house.stop()
    house.start()  # what was counted is told at the end too
    told = [row for row in rows(house, before) if row["thing"] == "credential"]
    assert {(row["actor"], row["role"], row["action"], row["client"], row["source"]) for row in told} == {
        ("", "nobody", "refuse", "", "127.0.0.1")}, told
    more = [int(row["detail"].split()[0]) for row in told if row["detail"].endswith(" more within a minute")]
    assert len(told) < tries // 2 and tries - 1 <= len(told) - len(more) + sum(more) <= tries, told


def an_export_of_the_journal_is_a_row(house):
    before = size(house)
    assert house.call("auditor", "GET", "/v1/journal").status == 200
    assert [row["action"] for row in rows(house, before)] == ["export"]
    assert house.check_journal()[0] == 0


TESTS = [every_reading_of_a_person_is_a_row, every_refused_try_is_a_row, a_device_that_asks_for_anothers_is_a_row,
         what_was_not_there_is_not_revoked,
         many_tries_of_one_thing_are_one_row, a_flood_of_strangers_is_counted, an_export_of_the_journal_is_a_row]


def main():
    house = House()
    tap.play(TESTS, house, house, prepare=begin)


if __name__ == "__main__":
    main()
