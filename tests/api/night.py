#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the person on call at night sees, and what waits for the day (REQ-018). Output is TAP.

It is made night by a configuration whose day lies at another hour of the pharmacy's wall."""
import datetime
import json
import time
import zoneinfo

from desk import day, play

ZONE = zoneinfo.ZoneInfo("Europe/Amsterdam")
CLIMB_S = 2
SECONDS_MAX = 60


def another_hour():
    """An hour of the day that is not now, and does not begin soon."""
    return 15 if datetime.datetime.now(ZONE).hour < 12 else 3


def configure(house, **more):
    path = house.top / "config.json"
    path.write_text(json.dumps({"format": "rolwacht/service/1", "silent_after_s": 0, "escalate_after_s": CLIMB_S, **more}))
    house.extra = ["--config", path]
    if house.process.poll() is None:
        assert house.stop() == 0
    house.start()


def night(house):
    hour = another_hour()
    configure(house, day={"from": hour, "until": hour + 1})


def within(condition):
    ends = time.monotonic() + SECONDS_MAX
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)
    return condition()


def alarms(desk, dispenser):
    listed = desk.call("GET", "/v1/alarms").json["alarms"]
    return {one["type"]: one for one in listed if one["dispenser"] == dispenser}


def at(days):
    moment = datetime.datetime.fromisoformat(day(days) + "T00:00").replace(tzinfo=ZONE)
    return moment.isoformat(timespec="minutes")


def pause(desk, client, kind, begin, until, status=201):
    body = {"kind": kind, "from": begin, "until": until, "reason": "opname"}
    answer = desk.call("POST", f"/v1/clients/{client}/pauses", body)
    assert answer.status == status, answer.body
    return answer.json


def told(desk, dispenser, topic):
    rows = desk.house.sql(f"SELECT created_ms, payload FROM outbox WHERE exit = '' AND topic = '{topic}'"
                          f" AND payload::json ->> 'dispenser' = '{dispenser}' ORDER BY created_ms")
    return [(int(ms), json.loads(payload)) for ms, payload in rows]


def a_roll_that_runs_out_wakes_nobody(desk):
    night(desk.house)
    desk.client("n1", "d-1")
    serials = desk.serials(desk.out("n1", "d-1"))
    desk.report("d-1", "jam", serials[2])
    desk.report("d-1", "low_bags", "")
    assert within(lambda: alarms(desk, "d-1")["jam"]["rung"] == 3), "what is urgent climbs at night"
    seen = alarms(desk, "d-1")
    assert (seen["low_roll"]["rung"], seen["low_roll"]["severity"], seen["jam"]["severity"]) == (0, "day", "urgent"), seen
    assert [one["type"] for one in desk.call("GET", "/v1/alarms?state=open").json["alarms"]] == ["jam", "low_roll"], "what is urgent comes first"
    messages = {message["type"]: ms for ms, message in told(desk, "d-1", "alarm")}
    local = datetime.datetime.fromtimestamp(messages["low_roll"] / 1000, ZONE)
    assert local.hour == another_hour() and local.minute == 0 and messages["low_roll"] > messages["jam"], local
    # The day comes: it is told, and climbs as all else from then on.
    desk.house.sql("UPDATE alarms SET told_ms = told_ms - 86400000 WHERE type = 'low_roll'")
    configure(desk.house, day={"from": 0, "until": 24})
    assert within(lambda: alarms(desk, "d-1")["low_roll"]["rung"] == 3)


def a_step_of_the_ladder_is_taken_once_over_a_kill(desk):
    desk.client("n2", "d-2")
    serials = desk.serials(desk.out("n2", "d-2"))
    desk.report("d-2", "jam", serials[1])
    assert within(lambda: told(desk, "d-2", "escalation-1"))
    desk.house.kill()
    time.sleep(2.5 * CLIMB_S)  # so long nobody counts; the rungs come one by one all the same
    desk.house.start()
    assert within(lambda: told(desk, "d-2", "escalation-3"))
    steps = [told(desk, "d-2", f"escalation-{rung}") for rung in (1, 2, 3)]
    assert [len(step) for step in steps] == [1, 1, 1], steps
    times = [step[0][0] for step in steps]
    assert all(later - sooner >= CLIMB_S * 1000 for sooner, later in zip(times, times[1:])), times


def nobody_is_called_out_for_who_is_in_hospital(desk):
    desk.client("n3", "d-3")
    serials = desk.serials(desk.out("n3", "d-3"))
    desk.report("d-3", "jam", serials[1])
    answer = desk.call("POST", "/v1/test-alarms", {"dispenser": "d-3"})
    assert answer.status == 201 and alarms(desk, "d-3")["jam"]["state"] == "open"
    minute = datetime.datetime.now(ZONE).isoformat(timespec="minutes")
    pause(desk, "n3", "pause", minute, None)
    assert within(lambda: alarms(desk, "d-3")["jam"]["state"] == "closed")
    seen = alarms(desk, "d-3")
    assert within(lambda: alarms(desk, "d-3")["test"]["rung"] == 3), "a test goes on"
    assert alarms(desk, "d-3")["jam"]["rung"] == seen["jam"]["rung"], "it climbed in the pause"
    rows = desk.house.sql(f"SELECT detail FROM journal WHERE action = 'close' AND object_id = '{seen['jam']['id']}'")
    assert rows == [["the client is away"]], rows
    assert [message["state"] for _, message in told(desk, "d-3", "alarm") if message["type"] == "jam"] == ["open", "closed"]


def a_silence_that_outlasts_the_pause_is_told_again(desk):
    desk.client("n4", "d-4")
    desk.out("n4", "d-4")
    configure(desk.house, silent_after_s=5)
    assert within(lambda: alarms(desk, "d-4").get("silent"))
    first = alarms(desk, "d-4")["silent"]["id"]
    minute = datetime.datetime.now(ZONE).isoformat(timespec="minutes")
    opened = pause(desk, "n4", "pause", minute, None)
    assert within(lambda: alarms(desk, "d-4")["silent"]["state"] == "closed")
    answer = desk.call("POST", f"/v1/clients/n4/pauses/{opened['pause']}/end", {"unchanged": True, "reason": "thuis"})
    assert answer.status == 200, answer.body
    silences = lambda: [row[0] for row in desk.house.sql(
        "SELECT alarm_id FROM alarms WHERE dispenser_id = 'd-4' AND type = 'silent' AND state = 'open'")]
    assert within(silences) and silences() != [first]
    configure(desk.house)


def a_clock_that_is_ahead_misses_nothing(desk):
    desk.client("n5", "d-5")
    roll = desk.out("n5", "d-5")
    serials = desk.serials(roll)
    ahead = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    for n in (1, 2):
        desk.report("d-5", "missed", serials[n], when=ahead)
    seen = alarms(desk, "d-5")
    assert list(seen) == ["clock"], seen
    assert desk.house.sql("SELECT count(*) FROM alarms WHERE dispenser_id = 'd-5'") == [["1"]], "once a day"
    desk.report("d-5", "released", serials[1], "manual")
    for n in (1, 2):
        desk.house.sql(f"UPDATE moments SET alarm_ms = 1 WHERE roll = '{roll}' AND n = {n}")
    assert within(lambda: "missed" in alarms(desk, "d-5"))
    assert alarms(desk, "d-5")["missed"]["bag"] == 2, "what was handed out before its time was over is not missed"


def who_is_away_when_the_roll_comes_may_take_bags_along(desk):
    desk.client("n6", "d-6")
    pause(desk, "n6", "away", at(1), at(2))
    desk.out("n6", "d-6")
    assert [bag["n"] for bag in desk.schedule("d-6")["bags"] if bag["early"]] == [3, 4]


TESTS = [a_roll_that_runs_out_wakes_nobody, a_step_of_the_ladder_is_taken_once_over_a_kill,
         nobody_is_called_out_for_who_is_in_hospital, a_silence_that_outlasts_the_pause_is_told_again,
         a_clock_that_is_ahead_misses_nothing, who_is_away_when_the_roll_comes_may_take_bags_along]


if __name__ == "__main__":
    play(TESTS)
