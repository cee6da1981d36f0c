#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Orders change while a roll is out: no moment is lost, and none has bags of two rolls. Output is TAP.

REQ-022 is what all of this is about.
"""
import json
import threading

from answers import sign_in
from desk import AMLODIPINE, METFORMINE, PARACETAMOL, day, orders, play
from house import ROOT
def moments(schedule):
    bags = schedule.get("before", {}).get("bags", []) + schedule["bags"]
    return [bag["at"] for bag in bags]


def jam(desk, dispenser, serial):
    """Reports a jam; gives the roll and the bag that the alarm names."""
    desk.report(dispenser, "jam", serial)
    alarm = desk.call("GET", "/v1/alarms?state=open").json["alarms"][0]
    assert (alarm["type"], alarm["dispenser"]) == ("jam", dispenser), alarm
    return alarm["roll"], alarm["bag"]


def a_later_change_leaves_the_days_before_it_alone(desk):
    desk.client("k1", "d-1")
    old = desk.out("k1", "d-1")
    desk.order(("o-new", "k1", AMLODIPINE, "1", "morning", day(2), ""))
    planned = desk.plan("k1", 0, 3, replaces=old)
    new, change = planned["roll"], planned["change"]
    assert (change["action"], change["old"], change["from"]) == ("REPLACE_FROM", old, 5), change
    serials = desk.serials(old)
    assert change["superseded"] == [serials[5], serials[6]]
    document = desk.call("GET", f"/v1/rolls/{new}").json
    assert document["period"]["from"] == day(2) and document["period"]["days"] == 1, "only what changed is made anew"
    assert desk.call("GET", f"/v1/rolls/{new}/diff").json == change
    desk.verify(new)
    assert desk.state(old) == "running", "a roll that is at home counts until the new one is released"
    assert desk.release(new, "d-1")["first"] == 1
    schedule = desk.schedule("d-1")
    assert (schedule["version"], schedule["roll"], schedule["before"]["roll"]) == (2, new, old)
    assert [bag["n"] for bag in schedule["before"]["bags"]] == [1, 2, 3, 4]
    assert {serials[5], serials[6]} <= set(schedule["revoked"]) and not {serials[1], serials[4]} & set(schedule["revoked"])
    both = moments(schedule)
    assert both == sorted(set(both)) and len(both) == 6, both
    waiting = desk.house.sql("SELECT roll, n FROM moments WHERE dispenser_id = 'd-1' AND state = 'waiting' ORDER BY at")
    assert waiting == [[old, str(n)] for n in (1, 2, 3, 4)] + [[new, "1"], [new, "2"]], waiting
    assert jam(desk, "d-1", serials[2]) == (old, 2), "the strip of the roll before is in the machine"
    assert jam(desk, "d-1", "") == (old, 1), "who names no bag means the next one"
    for n in (1, 2, 3, 4):
        desk.report("d-1", "released", serials[n], "scheduled")
    assert (desk.state(old), desk.state(new)) == ("finished", "released")
    assert jam(desk, "d-1", "") == (new, 1)
    desk.report("d-1", "released", serials[5], "manual")  # a machine that does what it should not
    ended = desk.house.sql(f"SELECT state FROM moments WHERE roll = '{old}' AND n = 5")
    assert ended == [["ended"]], ended


def what_was_taken_along_is_not_given_twice(desk):
    desk.client("k2", "d-2")
    old = desk.out("k2", "d-2")
    serials = desk.serials(old)
    for n in (1, 2, 3):
        desk.report("d-2", "released", serials[n], "early")
    desk.order(("o-more", "k2", METFORMINE, "1", "morning", day(0), ""))
    new = desk.plan("k2", 0, 3, replaces=old)["roll"]
    desk.verify(new)
    assert desk.release(new, "d-2")["first"] == 4, "the first three moments were taken out already"
    assert [bag["n"] for bag in desk.schedule("d-2")["bags"]] == [4, 5, 6]
    assert "before" not in desk.schedule("d-2") and desk.state(old) == "superseded"


def the_next_roll_waits_for_the_end_of_this_one(desk):
    desk.client("k3", "d-3")
    old = desk.out("k3", "d-3", days=2)
    new = desk.plan("k3", 2, 2)["roll"]
    desk.verify(new)
    desk.release(new, "d-3")
    schedule = desk.schedule("d-3")
    assert (schedule["before"]["roll"], schedule["roll"]) == (old, new)
    assert len(moments(schedule)) == 8 and desk.state(old) == "running"
    third = desk.plan("k3", 4, 2)["roll"]
    desk.verify(third)
    assert "still has bags of rolls" in desk.release(third, "d-3", 409)["detail"]
    clash = desk.plan("k3", 1, 2)["roll"]
    desk.verify(clash)
    assert "is not replaced" in desk.release(clash, "d-3", 409)["detail"]
    answer = desk.call("POST", f"/v1/rolls/{new}/withdraw", {"reason": "te vroeg"})
    assert answer.json["schedule"] == 3
    schedule = desk.schedule("d-3")
    assert schedule["roll"] == old and "before" not in schedule and len(schedule["bags"]) == 4
    assert desk.house.sql(f"SELECT count(*) FROM moments WHERE roll = '{old}' AND state = 'waiting'") == [["4"]]
    desk.release(third, "d-3")
    answer = desk.call("POST", f"/v1/rolls/{old}/withdraw", {"reason": "terug"})
    schedule = desk.schedule("d-3")
    assert schedule["roll"] == third and "before" not in schedule
    assert set(desk.serials(old).values()) <= set(schedule["revoked"])


def whole_bags_are_taken_out_without_a_new_film(desk):
    desk.client("k4", "d-4")
    old = desk.out("k4", "d-4")
    planned = desk.plan("k4", 0, 2, replaces=old)
    assert planned["change"]["action"] == "REMOVE_BY_PHARMACY"
    new, path = planned["roll"], f"/v1/rolls/{planned['roll']}/amend"
    wish = {"action": "REMOVE_BY_PHARMACY", "reason": "dag 3 in het ziekenhuis"}
    assert desk.call("POST", path, wish).status == 409, "it is not approved"
    desk.approve(new)
    assert desk.call("POST", path, {**wish, "action": "ADD_LOOSE"}).status == 409
    assert desk.call("POST", path, wish, "ada").status == 403
    answer = desk.call("POST", path, wish)
    assert (answer.status, answer.json["state"], answer.json["amended_state"]) == (200, "superseded", "running"), answer.body
    schedule, serials = desk.schedule("d-4"), desk.serials(old)
    assert (schedule["version"], schedule["roll"], len(schedule["bags"])) == (2, old, 6)
    assert set(schedule["revoked"]) == {serials[5], serials[6]}
    rows = desk.house.sql(f"SELECT action, detail FROM journal WHERE object_id = '{old}' AND action = 'amend'")
    assert rows and wish["reason"] in rows[0][1], rows
    for n in (1, 2, 3, 4):
        desk.report("d-4", "released", serials[n], "scheduled")
    assert desk.state(old) == "finished"


def something_is_added_loose_and_the_roll_stays(desk):
    desk.client("k5", "d-5")
    old = desk.out("k5", "d-5")
    desk.order(("o-prn", "k5", PARACETAMOL, "1", "", "2026-11-01", "yes"))
    planned = desk.plan("k5", 0, 3, replaces=old)
    assert planned["change"]["action"] == "ADD_LOOSE", planned["change"]
    added = [line for line in planned["change"]["toedienlijst"] if line["change"] == "added"]
    assert [(line["where"], line["name"]) for line in added] == [("loose", "PARACETAMOL")], added
    desk.approve(planned["roll"])
    answer = desk.call("POST", f"/v1/rolls/{planned['roll']}/amend", {"action": "ADD_LOOSE", "reason": "doosje bezorgd"})
    assert answer.status == 200 and answer.json["dispenser"] is None
    assert desk.schedule("d-5")["version"] == 1 and desk.state(old) == "running"


def a_change_that_wants_a_film_is_not_waved_through(desk):
    desk.client("k6", "d-6")
    old = desk.out("k6", "d-6")
    desk.order(("o-amlo", "k6", AMLODIPINE, "1", "evening", day(1), ""))
    new = desk.plan("k6", 0, 3, replaces=old)["roll"]
    desk.approve(new)
    answer = desk.call("POST", f"/v1/rolls/{new}/amend", {"action": "REPLACE_FROM", "reason": "snel"})
    assert answer.status == 409 and "print, verify and release" in answer.json["detail"]
    assert desk.call("GET", f"/v1/rolls/{old}/diff").status == 404
    assert desk.plan("k6", 0, 3, replaces="000000000", status=400)["errors"][0]["pointer"] == "/replaces"


def a_plan_that_is_replaced_before_it_left_is_superseded(desk):
    desk.client("k7", "d-7")
    old = desk.plan("k7", 0, 2)["roll"]
    desk.approve(old)
    new = desk.plan("k7", 0, 2, replaces=old)["roll"]
    assert desk.state(old) == "approved"
    desk.approve(new)
    assert desk.state(old) == "superseded"
    assert desk.call("POST", f"/v1/rolls/{old}/print").status == 409
    assert desk.plan("k7", 0, 2, replaces=old, status=409)["errors"][0]["pointer"] == "/replaces"


def a_roll_moves_to_another_dispenser(desk):
    desk.client("k8", "d-8")
    desk.house.make_device("dispenser", "d-8b")
    old = desk.out("k8", "d-8")
    new = desk.plan("k8", 0, 3, replaces=old)["roll"]
    desk.verify(new)
    desk.release(new, "d-8b")
    assert desk.state(old) == "superseded"
    ended = desk.schedule("d-8")
    assert set(desk.serials(old).values()) <= set(ended["revoked"]) and ended["not_after"] == ended["released"]
    rows = desk.house.sql("SELECT DISTINCT dispenser_id FROM moments WHERE state = 'waiting' AND dispenser_id LIKE 'd-8%'")
    assert rows == [["d-8b"]], rows


def what_one_dispenser_still_holds_is_counted(desk):
    for client, dispenser in (("k11", "d-11"), ("k12", "d-12")):
        desk.client(client, dispenser)
    old = desk.out("k11", "d-11", start=1)
    later, other = desk.plan("k11", 2, 2, replaces=old)["roll"], desk.plan("k12", 1, 1)["roll"]
    desk.verify(later)
    desk.verify(other)
    for left, it in (("2 bags", "them"), ("1 bag", "it")):
        held = desk.release(later, "d-12", 409)["detail"]
        assert held == f"dispenser d-11 still has {left} of roll {old} to hand out before: withdraw {it} first", held
        desk.report("d-11", "released", desk.serials(old)[1 if it == "them" else 2], "early")
    for n in (3, 4, 5):
        desk.report("d-11", "released", desk.serials(old)[n], "early")
    held = desk.release(other, "d-11", 409)["detail"]
    assert held == f"dispenser d-11 still has 1 bag of roll {old} to hand out", held


def orders_that_come_in_between_hold_the_roll_up(desk):
    desk.client("k9", "d-9")
    first = desk.plan("k9", 0, 2)["roll"]
    desk.verify(first)
    desk.order(("o-late", "k9", AMLODIPINE, "1", "evening", day(1), ""))
    answer = desk.release(first, "d-9", 409)
    assert "orders that came in since" in answer["detail"], answer
    assert desk.state(first) == "verified"
    second = desk.plan("k9", 0, 2, replaces=first)["roll"]
    desk.order(("o-far", "k9", PARACETAMOL, "1", "evening", day(30), ""))  # changes nothing in these days
    desk.verify(second)
    assert desk.state(first) == "superseded"
    desk.release(second, "d-9")
    third = desk.plan("k9", 2, 2)["roll"]
    desk.order(("o-prn", "k9", PARACETAMOL, "1", "", "2026-11-01", "yes"))
    answer = desk.call("POST", f"/v1/rolls/{third}/approve", {"overrides": [{"finding": "D14", "reason": "x"}]})
    assert answer.status == 409 and "orders that came in since" in answer.json["detail"], answer.body


def settings_that_change_in_between_hold_the_approval_up(desk):
    """What is still to be packed goes by the table of today; what was packed is as it was."""
    table = json.loads((ROOT / "samples/products.json").read_text())
    row = next(one for one in table["products"] if one["code"] == METFORMINE)
    put = lambda: desk.call("PUT", "/v1/products", json.dumps(table).encode())
    desk.client("k0", "d-0")
    old, packed = desk.plan("k0", 0, 2)["roll"], desk.plan("k0", 2, 2)["roll"]
    desk.verify(packed)
    row["note"] = "changes no roll"
    assert put().status == 200
    for change in ({"high_risk": True}, {"packable": False}):
        kept = dict(row)
        row.update(change)
        assert put().status == 200
        answer = desk.call("POST", f"/v1/rolls/{old}/approve", {})
        assert answer.status == 409 and "policy or products that were put in since" in answer.json["detail"], (change, answer.body)
        row.clear()
        row.update(kept)
    desk.release(packed, "d-0")
    assert put().status == 200
    desk.approve(old)
    assert desk.call("PUT", "/v1/products", (ROOT / "samples/products.json").read_bytes()).status == 200


def at_once(desk, path, body=None, who=("apo", "ada", "apo", "ada")):
    """The same act by several people in one moment; gives their answers, sorted."""
    answers = []
    threads = [threading.Thread(target=lambda one=one: answers.append(desk.call("POST", path, body, one).status)) for one in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def people_who_act_in_one_moment_act_once(desk):
    desk.client("k10", "d-10")
    roll = desk.plan("k10", 0, 2)["roll"]
    path, alone = f"/v1/rolls/{roll}/", ("apo",) * 4
    assert at_once(desk, path + "approve", {}, alone) == [200, 409, 409, 409]
    assert at_once(desk, path + "print") == [200, 409, 409, 409]
    serials = desk.serials(roll)
    answers = at_once(desk, path + "remake", {"serials": [serials[2]], "reason": "vlek"})
    assert answers[0] == 200 and set(answers[1:]) <= {404, 409}, answers
    assert desk.call("GET", f"/v1/rolls/{roll}/status").json["version"] == 2
    detail = desk.house.sql(f"SELECT detail FROM journal WHERE object_id = '{roll}' AND action = 'remake'")
    assert detail == [["bags are made again under new serials: 1 bag, version 2: vlek"]], detail
    for _, serial in desk.house.bags(roll):
        assert desk.house.verdict("l-1", roll, serial, "pass").status == 200
    assert desk.call("POST", path + "judge", {"counted": True, "reason": "nageteld"}, "ada").status == 200
    assert at_once(desk, path + "release", {"dispenser": "d-10"}, alone) == [200, 409, 409, 409]
    assert desk.schedule("d-10")["version"] == 1
    mark = {"fate": "by_hand", "reason": "gegeven"}
    assert at_once(desk, f"/v1/bags/{serials[1]}/mark", mark) == [200, 409, 409, 409]
    _, alarm = jam(desk, "d-10", ""), desk.call("GET", "/v1/alarms?state=open").json["alarms"][0]["id"]
    assert at_once(desk, f"/v1/alarms/{alarm}/acknowledge") == [204, 409, 409, 409]
    assert at_once(desk, path + "withdraw", {"reason": "terug"}, alone) == [200, 409, 409, 409]
    acts = desk.house.sql(f"SELECT action, count(*) FROM journal WHERE object_id = '{roll}' AND action IN"
                          " ('approve', 'print', 'remake', 'release', 'mark', 'withdraw') GROUP BY action")
    assert sorted(acts) == [[act, "1"] for act in ("approve", "mark", "print", "release", "remake", "withdraw")], acts


def who_has_a_bag_made_again_on_the_page_says_why(desk):
    desk.client("k13", "d-13")
    roll = desk.plan("k13", 0, 1)["roll"]
    desk.approve(roll)
    assert desk.call("POST", f"/v1/rolls/{roll}/print").status == 200
    person, serials = sign_in(desk.house, "p.jansen", "assistent"), desk.serials(roll)
    person.get(f"/rolls/{roll}")
    for reason, status in ((None, 400), ("", 400), ("vlek", 303)):
        assert person.post(f"/rolls/{roll}/remake", serial=serials[1], reason=reason).status == status, person.page
    detail = desk.house.sql(f"SELECT actor, detail FROM journal WHERE object_id = '{roll}' AND action = 'remake'")
    assert detail == [["p.jansen", "bags are made again under new serials: 1 bag, version 2: vlek"]], detail


def a_plan_that_is_refused_names_the_medicine(desk):
    """In words alone: nothing of the product is known, and nothing is packed."""
    table = orders(("o-k14", "k14", METFORMINE, "1", "morning", "2026-11-01", ""))
    table = table.replace(f"urn:oid:2.16.840.1.113883.2.4.4.7,{METFORMINE},".encode(), b",,METFORMINE in woorden")
    assert desk.call("POST", "/v1/orders", table).status == 201
    person = sign_in(desk.house, "a.vermeer", "apotheker")
    person.get("/rolls")
    assert person.post("/rolls", client="k14", **{"from": day(0), "days": "1"}).status == 400
    assert "<strong>METFORMINE in woorden</strong>" in person.page, person.page


TESTS = [people_who_act_in_one_moment_act_once, settings_that_change_in_between_hold_the_approval_up, orders_that_come_in_between_hold_the_roll_up, a_later_change_leaves_the_days_before_it_alone,
         what_was_taken_along_is_not_given_twice,
         the_next_roll_waits_for_the_end_of_this_one, whole_bags_are_taken_out_without_a_new_film,
         something_is_added_loose_and_the_roll_stays, a_change_that_wants_a_film_is_not_waved_through,
         a_plan_that_is_replaced_before_it_left_is_superseded, a_roll_moves_to_another_dispenser,
         what_one_dispenser_still_holds_is_counted, who_has_a_bag_made_again_on_the_page_says_why,
         a_plan_that_is_refused_names_the_medicine]


if __name__ == "__main__":
    play(TESTS)
