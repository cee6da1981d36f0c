#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two persons at the same moment, a double click, a page that is old: each act is done once. Output is TAP."""
import concurrent.futures
import contextlib
import subprocess
import time

import desk as desk_file
from answers import sign_in
from desk import PARACETAMOL

AT_ONCE = 6
WAIT_SECONDS_MAX = 60
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@contextlib.contextmanager
def nobody_writes(desk, table):
    """Who wants to add a row to the table waits until this is over: so two acts meet half way, each time."""
    place = (desk.house.base() / "socket").read_text()
    with subprocess.Popen([desk.house.psql(), "-h", place, "-U", "rolwacht_owner", "-d", "rolwacht", "-X", "-q", "-A", "-t"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
        print(f"BEGIN; LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE; SELECT 'held';", file=session.stdin, flush=True)
        assert session.stdout.readline() == "held\n"
        yield
        print("COMMIT;", file=session.stdin)
        session.stdin.close()


def wait_for(desk, waiting, *asked):
    """Until so many wait for another; or one that was asked has its answer already, which is then looked at."""
    ends = time.monotonic() + WAIT_SECONDS_MAX
    while int(desk.house.sql(WAITING)[0][0]) < waiting and not any(one.done() for one in asked):
        assert time.monotonic() < ends, "nobody waits"
        time.sleep(0.02)


def sure(desk, *words):
    """Asks until there is an answer: on a slow machine the wait for another may have been too long (503)."""
    ends = time.monotonic() + WAIT_SECONDS_MAX
    while (answer := desk.call(*words)).status == 503:
        assert time.monotonic() < ends, answer.body
    return answer


def statuses(*calls):
    """All at once; what each was answered, in order of size."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return sorted(one.result() for one in [pool.submit(call) for call in calls])


def acts(desk, action, thing):
    return int(desk.house.sql(f"SELECT count(*) FROM journal WHERE action = '{action}' AND object_id = '{thing}'")[0][0])


def many_who_plan_approve_and_release_do_it_once(desk):
    desk.client("c1", "d-1")
    roll = desk.plan("c1", 0, 2)["roll"]
    approve = lambda who: lambda: desk.call("POST", f"/v1/rolls/{roll}/approve", {}, who).status
    desk.house.make_token("bea", "apotheker")
    assert statuses(*[approve(who) for who in ("apo", "bea") * (AT_ONCE // 2)]) == [200] + [409] * (AT_ONCE - 1)
    assert acts(desk, "approve", roll) == 1
    print_it = lambda: desk.call("POST", f"/v1/rolls/{roll}/print").status
    assert statuses(*[print_it] * AT_ONCE) == [200] + [409] * (AT_ONCE - 1)
    for _, serial in desk.house.bags(roll):
        assert desk.house.verdict("l-1", roll, serial, "pass", judged=("code", "order", "print", "pieces")).status == 200
    release = lambda who: lambda: desk.call("POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-1"}, who).status
    assert statuses(*[release(who) for who in ("apo", "bea") * (AT_ONCE // 2)]) == [200] + [409] * (AT_ONCE - 1)
    assert acts(desk, "release", roll) == 1
    assert desk.house.sql("SELECT count(*), max(version) FROM schedules WHERE dispenser_id = 'd-1'") == [["1", "1"]]
    desk.roll = roll


def one_releases_while_another_takes_it_back(desk):
    desk.client("c2", "d-2")
    roll = desk.plan("c2", 0, 2)["roll"]
    desk.verify(roll)
    release = lambda: desk.call("POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-2"}).status
    withdraw = lambda: desk.call("POST", f"/v1/rolls/{roll}/withdraw", {"reason": "nieuw recept"}, "bea").status
    got = statuses(release, withdraw)
    assert got in ([200, 200], [200, 409]) and desk.state(roll) == "withdrawn", (got, desk.state(roll))
    handed_out = desk.call("GET", "/v1/dispensers/d-2/schedule", who="d-2")
    assert handed_out.status == 404 or desk.schedule("d-2")["bags"] == [] or desk.schedule("d-2")["revoked"], handed_out.body


def an_alarm_is_acknowledged_by_one(desk):
    raised = desk.call("POST", "/v1/test-alarms", {"dispenser": "d-1"}).json["alarm"]
    see = lambda who: lambda: desk.call("POST", f"/v1/alarms/{raised}/acknowledge", who=who).status
    assert statuses(*[see(who) for who in ("apo", "bea", "ada") * 2]) == [204] + [409] * 5
    assert acts(desk, "acknowledge", raised) == 1


def two_lines_ask_for_work_at_once(desk):
    desk.house.make_device("line", "l-2")
    for number in range(3):
        desk.client(f"w{number}", f"dw-{number}")
        roll = desk.plan(f"w{number}", 0, 1)["roll"]
        desk.approve(roll)
        assert desk.call("POST", f"/v1/rolls/{roll}/print").status == 200
    claim = lambda line: lambda: desk.call("POST", f"/v1/lines/{line}/claims", who=line).json["roll"]
    taken = {line: set() for line in ("l-1", "l-2")}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for line, one in [(line, pool.submit(claim(line))) for line in ("l-1", "l-2") * 2]:
            taken[line].add(one.result())
    assert not taken["l-1"] & taken["l-2"], taken


def a_double_click_is_one_act(desk):
    visitor = sign_in(desk.house, "p.jansen", "apotheker")
    desk.client("c3", "d-3")
    roll = desk.plan("c3", 0, 2)["roll"]
    visitor.get("/rolls/" + roll)
    once = lambda: visitor.post(f"/rolls/{roll}/approve").status
    assert statuses(once, once) == [303, 409]
    assert acts(desk, "approve", roll) == 1
    assert visitor.post(f"/rolls/{roll}/approve").status == 409 and "Een rol die goedgekeurd is" in visitor.page
    desk.old = visitor


def a_page_that_is_old_changes_nothing(desk):
    """Orders came in, or somebody else was there, after the page was shown."""
    visitor = desk.old
    desk.client("c4", "d-4")
    roll = desk.plan("c4", 0, 2)["roll"]
    visitor.get("/rolls/" + roll)
    desk.order(("o-new", "c4", PARACETAMOL, "1", "noon", "2026-11-01", ""))
    assert visitor.post(f"/rolls/{roll}/approve").status == 409 and "plan een rol die hem vervangt" in visitor.page
    assert desk.state(roll) == "planned"
    assert desk.call("POST", f"/v1/rolls/{roll}/reject", {"reason": "verouderd"}).status == 200
    assert visitor.post(f"/rolls/{roll}/approve").status == 409 and "Een rol die afgekeurd is" in visitor.page
    old = visitor.csrf
    visitor.post("/logout")
    visitor.sign_in("p.jansen")
    visitor.csrf = old
    assert visitor.post(f"/rolls/{desk.roll}/withdraw", reason="oud").status == 403 and "De pagina is te oud" in visitor.page
    assert desk.state(desk.roll) == "released"


def two_rolls_of_one_client_are_not_both_released(desk):
    """REQ-022, where each would find that the other is not out yet."""
    desk.client("c5", "d-5")
    desk.house.make_device("dispenser", "d-5b")
    rolls = [desk.plan("c5", 0, 2)["roll"] for _ in range(2)]
    for roll in rolls:
        desk.verify(roll)
    with concurrent.futures.ThreadPoolExecutor(2) as pool, nobody_writes(desk, "schedules"):
        both = [pool.submit(sure, desk, "POST", f"/v1/rolls/{roll}/release", {"dispenser": machine})
                for roll, machine in zip(rolls, ("d-5", "d-5b"))]
        wait_for(desk, 2, *both)
    assert sorted(one.result().status for one in both) == [200, 409], [one.result().body for one in both]
    assert sorted(desk.state(roll) for roll in rolls) == ["released", "verified"]


def a_pause_that_comes_while_a_roll_is_released_is_told(desk):
    desk.client("c6", "d-6")
    roll = desk.plan("c6", 0, 2)["roll"]
    desk.verify(roll)
    away = {"kind": "pause", "from": desk_file.day(0) + "T00:00+01:00", "until": desk_file.day(1) + "T00:00+01:00", "reason": "opname"}
    with concurrent.futures.ThreadPoolExecutor(2) as pool, nobody_writes(desk, "schedules"):
        out = pool.submit(sure, desk, "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-6"})
        wait_for(desk, 1, out)
        pause = pool.submit(sure, desk, "POST", "/v1/clients/c6/pauses", away)
        wait_for(desk, 2, pause)
    assert (out.result().status, pause.result().status) == (200, 201), (out.result().body, pause.result().body)
    assert len(desk.schedule("d-6")["pauses"]) == 1


def who_rewrites_a_schedule_is_alone(desk):
    """Else a bag that another takes back meanwhile would be in the next version again."""
    desk.client("c8", "d-8")
    roll = desk.out("c8", "d-8", 0, 2)
    with concurrent.futures.ThreadPoolExecutor(1) as pool, nobody_writes(desk, "moments"):
        back = pool.submit(sure, desk, "POST", f"/v1/rolls/{roll}/withdraw", {"reason": "nieuw recept"})
        wait_for(desk, 1, back)  # it has read the schedule, and has not stored the next one
        try:
            desk.house.sql("SELECT 1 FROM dispensers WHERE dispenser_id = 'd-8' FOR UPDATE NOWAIT")
            alone = False
        except subprocess.CalledProcessError:
            alone = True
    assert back.result().status == 200 and alone, back.result().body


def orders_that_were_on_their_way_while_a_roll_was_planned_are_newer(desk):
    """They bear a time before that of the plan, which knows nothing of them."""
    desk.client("c7", "d-7")
    more = desk_file.orders(("o-way", "c7", PARACETAMOL, "1", "noon", "2026-11-01", ""))
    with concurrent.futures.ThreadPoolExecutor(1) as pool, nobody_writes(desk, "order_clients"):
        sent = pool.submit(sure, desk, "POST", "/v1/orders", more)
        wait_for(desk, 1, sent)
        planned = sure(desk, "POST", "/v1/rolls", {"client": "c7", "from": desk_file.day(0), "days": 2})
    assert planned.status == 201, planned.body
    roll = planned.json["roll"]
    assert sent.result().status == 201, sent.result().body
    answer = sure(desk, "POST", f"/v1/rolls/{roll}/approve", {})
    assert answer.status == 409 and b"orders that came in since" in answer.body, answer.body


TESTS = [many_who_plan_approve_and_release_do_it_once, one_releases_while_another_takes_it_back,
         an_alarm_is_acknowledged_by_one, two_lines_ask_for_work_at_once, a_double_click_is_one_act,
         a_page_that_is_old_changes_nothing, two_rolls_of_one_client_are_not_both_released,
         a_pause_that_comes_while_a_roll_is_released_is_told, who_rewrites_a_schedule_is_alone,
         orders_that_were_on_their_way_while_a_roll_was_planned_are_newer]

if __name__ == "__main__":
    desk_file.play(TESTS)
