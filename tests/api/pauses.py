#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client is away: nothing is handed out, missed or alarmed, and every bag stays accounted for. Output is TAP.

REQ-023 is what all of this is about.
"""
import datetime
import threading
import time

from desk import day, play


def at(offset, clock="00:00"):
    return f"{day(offset)}T{clock}+01:00"


def stamp(delta):
    moment = datetime.datetime.now(datetime.timezone.utc) + delta
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def pause(desk, client, kind, since, until, who="apo", status=201, reason="logeren"):
    body = {"kind": kind, "from": since, "until": until, "reason": reason}
    answer = desk.call("POST", f"/v1/clients/{client}/pauses", body, who)
    assert answer.status == status, answer.body
    return answer.json


def end(desk, client, one, status=200, who="apo", **body):
    answer = desk.call("POST", f"/v1/clients/{client}/pauses/{one}/end", {"reason": "thuis", **body}, who)
    assert answer.status == status, answer.body
    return answer.json


def known(schedule):
    """The pauses of a schedule as instants, whatever offset they are written with."""
    return [tuple(datetime.datetime.fromisoformat(one[name]) for name in ("from", "until")) for one in schedule["pauses"]]


def between(*texts):
    return [tuple(datetime.datetime.fromisoformat(text) for text in texts)]


def alarms(desk, dispenser):
    return [one["type"] for one in desk.call("GET", "/v1/alarms?state=open").json["alarms"] if one["dispenser"] == dispenser]


def within(seconds, holds):
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.2)


def a_day_away_says_which_bags_go_along(desk):
    desk.client("p1", "d-1")
    roll = desk.out("p1", "d-1")
    serials = desk.serials(roll)
    answer = pause(desk, "p1", "away", at(1), at(2))
    assert [(bag["n"], bag["fate"]) for bag in answer["bags"]] == [(3, "along"), (4, "along")], answer
    assert answer["pieces_along"] == sum(bag["pieces"] for bag in answer["bags"]) and not answer["beyond"]
    assert answer["dispensers"] == [{"dispenser": "d-1", "schedule": 2}]
    schedule = desk.schedule("d-1")
    assert known(schedule) == between(at(1), at(2)), schedule["pauses"]
    assert [bag["n"] for bag in schedule["bags"] if bag["early"]] == [3, 4]
    desk.report("d-1", "released", serials[3], "early")
    for n in (3, 4):
        desk.house.sql(f"UPDATE moments SET alarm_ms = 1 WHERE roll = '{roll}' AND n = {n}")
    state = lambda n: desk.house.sql(f"SELECT state FROM moments WHERE roll = '{roll}' AND n = {n}")[0][0]
    within(20, lambda: state(4) == "withheld")
    assert state(3) == "released" and alarms(desk, "d-1") == []
    rows = desk.house.sql(f"SELECT action, detail FROM journal WHERE object_id IN ('{roll}', 'p1') AND action = 'pause' ORDER BY object_type")
    assert len(rows) == 2 and "its client is away" in rows[1][1] and rows[0][1].endswith("logeren"), rows


def who_is_in_hospital_is_not_called_out_for(desk):
    desk.client("p2", "d-2")
    roll = desk.out("p2", "d-2")
    serials = desk.serials(roll)
    hour = datetime.timedelta(hours=1)
    desk.house.sql(f"UPDATE moments SET at = '{stamp(-2 * hour)}', alarm_ms = 1 WHERE roll = '{roll}' AND n = 1")
    within(20, lambda: alarms(desk, "d-2") == ["missed"])
    opened = pause(desk, "p2", "pause", stamp(-3 * hour), None, reason="opname")
    assert {bag["fate"] for bag in opened["bags"]} == {"withhold"} and opened["beyond"]
    desk.house.sql(f"UPDATE moments SET at = '{stamp(-2 * hour)}', alarm_ms = 1 WHERE roll = '{roll}' AND n = 2")
    desk.report("d-2", "missed", serials[2])
    desk.report("d-2", "jam", serials[3])
    desk.report("d-2", "low_bags", "")
    assert alarms(desk, "d-2") == [], "nothing is alarmed while the client is away"
    states = desk.house.sql(f"SELECT state FROM moments WHERE roll = '{roll}' AND n <= 2 ORDER BY n")
    assert states[1] == ["withheld"], states
    end(desk, "p2", opened["pause"], 409)
    assert desk.schedule("d-2")["pauses"][0]["until"] is None
    end(desk, "p2", opened["pause"], unchanged=True)
    end(desk, "p2", opened["pause"], 409, unchanged=True)
    schedule = desk.schedule("d-2")
    assert schedule["version"] == 3 and schedule["pauses"][0]["until"] is not None, "what was planned then is not handed out late"
    desk.report("d-2", "jam", serials[3])
    assert alarms(desk, "d-2") == ["jam"]
    assert desk.state(roll) in ("released", "running")
    listed = desk.call("GET", "/v1/clients/p2/pauses").json["pauses"]
    assert (listed[0]["reason"], listed[0]["ended_by"], listed[0]["ended_reason"]) == ("opname", "apo", "thuis")


def what_was_missed_before_anybody_said_so_is_excused(desk):
    desk.client("p3", "d-3")
    roll = desk.out("p3", "d-3")
    hour = datetime.timedelta(hours=1)
    desk.house.sql(f"UPDATE moments SET alarm_ms = 1 WHERE roll = '{roll}' AND n = 1")
    within(20, lambda: alarms(desk, "d-3") == ["missed"])
    answer = pause(desk, "p3", "pause", stamp(-hour), at(3), reason="opgenomen")
    assert answer["bags"][0]["n"] == 1
    assert alarms(desk, "d-3") == []
    rows = desk.house.sql("SELECT detail FROM journal WHERE action = 'close' AND detail LIKE '%opgenomen'")
    assert len(rows) == 1, rows


def a_pause_that_does_not_go_ahead_leaves_nothing_behind(desk):
    desk.client("p4", "d-4")
    desk.out("p4", "d-4")
    one = pause(desk, "p4", "away", at(1), at(2))["pause"]
    end(desk, "p4", one)
    schedule = desk.schedule("d-4")
    assert "pauses" not in schedule and not any(bag["early"] for bag in schedule["bags"])
    pause(desk, "p4", "away", at(1), at(2))


def a_roll_that_is_released_into_a_pause_knows_of_it(desk):
    desk.client("p5", "d-5")
    pause(desk, "p5", "pause", at(0), at(1))
    desk.out("p5", "d-5")
    assert known(desk.schedule("d-5")) == between(at(0), at(1))


def what_makes_no_sense_is_refused(desk):
    desk.client("p6", "d-6")
    for body in (("nap", at(1), at(2)), ("away", at(1), None), ("pause", at(2), at(1)), ("pause", at(-40), None),
                 ("pause", at(1), at(900))):
        pause(desk, "p6", *body, status=400)
    pause(desk, "p6", "pause", at(1), at(2), reason="", status=400)
    pause(desk, "nobody", "pause", at(1), at(2), status=404)
    pause(desk, "p6", "pause", at(1), at(3))
    for since, until in ((at(1), at(3)), (at(0), at(2)), (at(2), at(4)), (at(1, "10:00"), at(1, "11:00"))):
        pause(desk, "p6", "away", since, until, status=409)
    pause(desk, "p6", "away", at(3), at(4))
    assert desk.call("POST", "/v1/clients/p6/pauses/none/end", {"reason": "x"}).status == 409


def two_who_say_it_at_once_set_one_pause(desk):
    desk.client("p7", "d-7")
    desk.out("p7", "d-7")
    body = {"kind": "pause", "from": at(1), "until": at(2), "reason": "dubbel geklikt"}
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
        desk.house.call("apo", "POST", "/v1/clients/p7/pauses", body).status)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409], answers
    assert desk.schedule("d-7")["version"] == 2


TESTS = [a_day_away_says_which_bags_go_along, who_is_in_hospital_is_not_called_out_for,
         what_was_missed_before_anybody_said_so_is_excused, a_pause_that_does_not_go_ahead_leaves_nothing_behind,
         a_roll_that_is_released_into_a_pause_knows_of_it, what_makes_no_sense_is_refused,
         two_who_say_it_at_once_set_one_pause]


if __name__ == "__main__":
    play(TESTS)
