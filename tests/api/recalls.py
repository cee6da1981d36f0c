#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A batch is taken back: every bag that holds it is found, wherever it is. Output is TAP."""
import csv
import io

from desk import AMLODIPINE, METFORMINE, play

LOT = "AM4427"  # one of the two batches that the product table names for amlodipine
WISH = {"product": AMLODIPINE, "lot": LOT, "reason": "terugroep van de fabrikant"}


def look(desk, lot=LOT, product=AMLODIPINE):
    answer = desk.call("GET", f"/v1/batches?product={product}&lot={lot}", who="ada")
    assert answer.status == 200, answer.body
    return answer.json


def prepare(desk):
    """One roll at home, one in the pharmacy, one only planned, one without the product."""
    for client, dispenser in (("r1", "e-1"), ("r2", "e-2"), ("r3", "e-3"), ("r4", "e-4")):
        desk.client(client, dispenser)
        if client != "r4":
            desk.order(("amlo-" + client, client, AMLODIPINE, "1", "evening", "2026-11-01", ""))
    desk.home = desk.out("r1", "e-1")
    desk.report("e-1", "released", desk.serials(desk.home)[1], "scheduled")
    desk.report("e-1", "released", desk.serials(desk.home)[2], "early")
    desk.printed = desk.plan("r2", 0, 2)["roll"]
    desk.approve(desk.printed)
    assert desk.call("POST", f"/v1/rolls/{desk.printed}/print").status == 200
    desk.planned = desk.plan("r3", 0, 2)["roll"]
    desk.other = desk.out("r4", "e-4")


def a_look_finds_every_bag_and_changes_nothing(desk):
    prepare(desk)
    found = look(desk)
    fates = sorted((bag["client"], bag["n"], bag["fate"]) for bag in found["bags"])
    assert fates == [("r1", 2, "taken_out"), ("r1", 4, "withdrawn"), ("r1", 6, "withdrawn"),
                     ("r2", 2, "in_pharmacy"), ("r2", 4, "in_pharmacy"),
                     ("r3", 2, "in_pharmacy"), ("r3", 4, "in_pharmacy")], fates
    assert found["clients"] == 3 and desk.state(desk.home) == "running"
    assert len(look(desk, "AM4419")["bags"]) == 7, "a bag may hold either batch"
    for lot in ("AM44", "AM4427,%20AM4419", "MF2611"):
        assert look(desk, lot)["bags"] == [], lot
    assert desk.call("GET", "/v1/batches?lot=" + LOT).status == 400
    assert desk.house.sql("SELECT count(*) FROM recalls") == [["0"]]


def a_recall_takes_all_of_them_back_at_once(desk):
    assert desk.call("POST", "/v1/recalls", WISH, "ada").status == 403
    assert desk.call("POST", "/v1/recalls", {**WISH, "reason": ""}).status == 400
    assert desk.call("POST", "/v1/recalls", {**WISH, "lot": "X1"}).status == 404
    answer = desk.call("POST", "/v1/recalls", WISH)
    assert answer.status == 201, answer.body
    desk.recall = answer.json["recall"]
    assert (answer.json["clients"], answer.json["dispensers"], len(answer.json["bags"])) == (3, 1, 7)
    schedule, serials = desk.schedule("e-1"), desk.serials(desk.home)
    assert schedule["version"] == 2 and set(schedule["revoked"]) == {serials[4], serials[6]}
    assert [desk.state(roll) for roll in (desk.home, desk.printed, desk.planned, desk.other)] == \
        ["running", "withdrawn", "rejected", "running"]
    assert desk.schedule("e-4")["version"] == 1
    alarms = [alarm for alarm in desk.call("GET", "/v1/alarms").json["alarms"] if alarm["type"] == "recall"]
    assert [(alarm["dispenser"], alarm["roll"], alarm["bag"]) for alarm in alarms] == [("e-1", desk.home, 4)], alarms
    for act, thing in (("recall", desk.recall), ("amend", desk.home), ("withdraw", desk.printed), ("reject", desk.planned)):
        rows = desk.house.sql(f"SELECT actor FROM journal WHERE action = '{act}' AND object_id = '{thing}'")
        assert rows == [["apo"]], (act, rows)
    for n in (3, 5):
        desk.report("e-1", "released", serials[n], "scheduled")
    assert desk.state(desk.home) == "finished", "what was taken back is accounted for"


def a_bag_that_leaves_all_the_same_is_an_alarm(desk):
    """A dispenser that was offline: what was taken back is in somebody's hand. So is what was another client's."""
    mismatches = lambda: sorted((alarm["dispenser"], alarm["roll"], alarm["bag"]) for alarm in desk.call("GET", "/v1/alarms").json["alarms"]
                                if alarm["type"] == "code_mismatch")
    serials = desk.serials(desk.home)
    desk.report("e-1", "released", serials[3], "retry")
    assert mismatches() == [], "it was reported before"
    for n in (4, 6):
        desk.report("e-1", "released", serials[n], "scheduled")
    assert mismatches() == [("e-1", desk.home, 4)], mismatches()
    desk.report("e-4", "released", serials[6], "scheduled")
    assert [(alarm[0], alarm[1]) for alarm in mismatches()] == [("e-1", desk.home), ("e-4", desk.other)], mismatches()


def the_list_says_whom_to_call(desk):
    path = "/v1/recalls/" + desk.recall
    record = desk.call("GET", path, who="ada").json
    assert record["reason"] == WISH["reason"] and record["by"] == "apo" and record["told"] == []
    rows = list(csv.DictReader(io.StringIO(desk.call("GET", path + "/list.csv", who="ada").body.decode())))
    assert [row["client"] for row in rows] == ["r1"] * 3 + ["r2"] * 2 + ["r3"] * 2
    assert rows[0]["name"] == "Testpersoon r1" and rows[0]["fate"] == "taken_out"
    assert desk.call("POST", path + "/told", {"client": "r4", "note": "x"}, "ada").status == 404
    assert desk.call("POST", path + "/told", {"client": "r1", "note": "dochter gesproken"}, "ada").status == 204
    told = desk.call("GET", path).json["told"]
    assert [(one["client"], one["by"], one["note"]) for one in told] == [("r1", "ada", "dochter gesproken")]
    assert desk.call("GET", "/v1/recalls/nothing").status == 404


def what_is_planned_afterwards_is_found_again(desk):
    roll = desk.plan("r3", 0, 1)["roll"]
    assert [bag["roll"] for bag in look(desk)["bags"] if bag["fate"] == "in_pharmacy"] == [roll]
    assert len(look(desk, "MF2611", METFORMINE)["bags"]) > 10
    desk.again = roll


def what_was_taken_back_is_not_packed_again(desk):
    """The table still names the batch, or the roll was planned while the recall was made."""
    refused = desk.call("POST", f"/v1/rolls/{desk.again}/approve", {})
    assert refused.status == 409 and f"batch {LOT} of product {AMLODIPINE} was taken back" in refused.json["detail"], refused.body
    assert desk.state(desk.again) == "planned"
    desk.client("r5", "e-5")
    roll = desk.plan("r5", 0, 2)["roll"]
    desk.verify(roll)
    desk.house.sql("INSERT INTO roll_lots VALUES ('pharmacy', '%s', '%s', '%s')" % (LOT, AMLODIPINE, roll))
    refused = desk.call("POST", f"/v1/rolls/{roll}/release", {"dispenser": "e-5"})
    assert refused.status == 409 and LOT in refused.json["detail"], refused.body
    assert desk.state(roll) == "verified" and desk.call("GET", "/v1/dispensers/e-5/schedule", who="e-5").status == 404


def a_recall_by_mistake_is_lifted(desk):
    """The batch may be packed again; what was taken back comes back by no act but a new roll."""
    path = f"/v1/recalls/{desk.recall}"
    reason = {"reason": "verkeerde charge ingetypt"}
    states = desk.house.sql("SELECT roll, state FROM rolls ORDER BY roll")
    revoked = desk.schedule("e-1")["revoked"]
    for who, where, body, status in (("ada", path, reason, 403), ("apo", path, {"reason": ""}, 400), ("apo", path, {}, 400),
                                     ("apo", "/v1/recalls/nothing", reason, 404), ("apo", path, reason, 204), ("apo", path, reason, 409)):
        answer = desk.call("POST", where + "/lift", body, who)
        assert answer.status == status, (who, where, body, answer.body)
    lifted = desk.call("GET", path).json["lifted"]
    assert lifted["by"] == "apo" and lifted["reason"] == reason["reason"] and lifted["at"], lifted
    rows = desk.house.sql(f"SELECT actor, detail FROM journal WHERE action = 'lift' AND object_id = '{desk.recall}'")
    assert rows == [["apo", reason["reason"]]], rows
    assert desk.house.sql("SELECT roll, state FROM rolls ORDER BY roll") == states, "nothing moved"
    assert desk.schedule("e-1")["revoked"] == revoked, "what was revoked stays so"
    refused = desk.call("POST", f"/v1/rolls/{desk.printed}/approve", {})
    assert refused.status == 409 and desk.state(desk.printed) == "withdrawn", refused.body
    desk.approve(desk.again)
    assert desk.state(desk.again) == "approved"
    assert desk.call("POST", "/v1/recalls", WISH).status == 201, "it may turn out that it was none"
    assert desk.state(desk.again) == "withdrawn" and desk.state(desk.printed) == "withdrawn"
    assert "lifted" in desk.call("GET", path).json


TESTS = [a_look_finds_every_bag_and_changes_nothing, a_recall_takes_all_of_them_back_at_once,
         a_bag_that_leaves_all_the_same_is_an_alarm, the_list_says_whom_to_call, what_is_planned_afterwards_is_found_again,
         what_was_taken_back_is_not_packed_again, a_recall_by_mistake_is_lifted]

if __name__ == "__main__":
    play(TESTS)
