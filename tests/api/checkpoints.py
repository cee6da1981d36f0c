#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints, rows and the head of the journal that somebody took away are missed, and where (REQ-015). Output is TAP."""
import re
import subprocess
import time

import tap
from house import BIN, House

SECONDS_MAX = 30
CHECKPOINTS = 4
ROWS_BETWEEN = 3


def column(house, statement):
    return [int(row[0]) for row in house.sql(statement)]


def places(house):
    return column(house, "SELECT seq FROM journal_checkpoints ORDER BY seq")


def wait_for(condition):
    ends = time.monotonic() + SECONDS_MAX
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)
    assert condition()


def sealed(house):
    return house.sql("SELECT count(*) FROM journal") == house.sql("SELECT count(*) FROM journal_seal")


def act(house, name):
    house.make_token(name, "care")
    wait_for(lambda: sealed(house))


def grow(house):
    """Hours in a moment: each time the last checkpoint is made as old as one that asks for the next."""
    act(house, "care-first")
    for hour in range(CHECKPOINTS):
        count = len(places(house))
        house.sql("UPDATE journal_checkpoints SET at_ms = at_ms - 4000000")
        for number in range(ROWS_BETWEEN):
            act(house, f"care-{hour}-{number}")
        wait_for(lambda before=count: len(places(house)) > before)
    assert len(places(house)) > CHECKPOINTS, places(house)


def found(house):
    status, report = house.check_journal()
    return status, report.get("broken"), report.get("why")


def keep(house):
    """What is taken away is put back afterwards."""
    house.sql("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM journal_checkpoints")


def missed(house, statement, place, why):
    """The journal is not whole after the statement, and says so."""
    keep(house)
    house.sql(statement)
    answer = found(house)
    house.sql("DELETE FROM journal_checkpoints; INSERT INTO journal_checkpoints SELECT * FROM kept")
    return [] if answer[:2] == (1, place) and why in answer[2] else [f"{statement}: {answer}"]


def taken_away(house):
    all_of_them, wrong = places(house), []
    for place in (all_of_them[0], all_of_them[2], all_of_them[-1]):
        wrong += missed(house, f"DELETE FROM journal_checkpoints WHERE seq = {place}", place, "missing")
    wrong += missed(house, "DELETE FROM journal_checkpoints", all_of_them[-1], "missing")
    return wrong


def taken_away_and_gone_on(house):
    """What goes on from there names it as well, over an hour's end too."""
    last = places(house)[-1]
    keep(house)
    house.sql(f"DELETE FROM journal_checkpoints WHERE seq = {last}; UPDATE journal_checkpoints SET at_ms = at_ms - 4000000")
    act(house, "afterwards")
    act(house, "and-again")
    answer, now = found(house), places(house)
    house.sql(f"INSERT INTO journal_checkpoints SELECT * FROM kept WHERE seq = {last}")
    wrong = [] if now[-1] > last else [f"no checkpoint was added: {now}"]
    return wrong + ([] if answer[:2] == (1, last) and "missing" in answer[2] else [f"{last}: {answer}"])


def foreign(house):
    """A signed end of the chain that was no checkpoint does not become one."""
    place = column(house, "SELECT max(seq) FROM journal_seal")[0]
    head = (house.state / "keys/journal.head").read_text()
    statement = f"INSERT INTO journal_checkpoints SELECT pharmacy_id, {place}, at_ms, $head${head}$head$ FROM journal_checkpoints LIMIT 1"
    return missed(house, statement, place, "never one")


def without_head(house):
    """With the head gone, rows behind the last checkpoint are vouched for by nothing."""
    path = house.state / "keys/journal.head"
    last, text = places(house)[-1], path.read_text()
    path.unlink()
    answer = found(house)
    path.write_text(text)
    return [] if answer[:2] == (1, last + 1) and "head is gone" in answer[2] else [f"{last}: {answer}"]


def cut_off(house):
    """The last rows with their seals."""
    end = column(house, "SELECT max(seq) FROM journal_seal")[0]
    house.sql("BEGIN; LOCK TABLE journal_seal IN EXCLUSIVE MODE;"
              f" WITH gone AS (DELETE FROM journal_seal WHERE seq > {end - 2} RETURNING journal_id) SELECT count(*) FROM gone;"
              " DELETE FROM journal WHERE journal_id NOT IN (SELECT journal_id FROM journal_seal); COMMIT")
    answer = found(house)
    return [] if answer[0] == 1 and end - 2 < answer[1] <= end else [f"{end}: {answer}"]


def noted(house):
    return [row[0] for row in house.sql("SELECT detail FROM journal WHERE action = 'head-missing' ORDER BY at_ms")]


def told(house):
    """A start without the head is told, one with it is not."""
    wrong = []
    for loses, ends in ((), ".*"), (("journal.head",), r"rows up to \d+, signed up to row \d+"):
        before, logged = len(noted(house)), house.log.stat().st_size
        house.stop()
        put_away(house, loses)
        house.start()
        wait_for(lambda: sealed(house) and (house.state / "keys/journal.head").exists())
        new = noted(house)[before:]
        if len(new) != bool(loses) or not all(re.fullmatch(ends, text) for text in new):
            wrong.append(f"without {loses} it said {new}")
        if ("journal-head-missing" in house.log.read_text()[logged:]) != bool(loses):
            wrong.append(f"without {loses} the log says {house.log.read_text()[logged:]}")
    return wrong


def put_away(house, names):
    for name in names:
        (house.state / "keys" / name).rename(house.state / "keys" / (name + ".kept"))


def alone(house, option):
    """What the service does with one option, and stops."""
    out = subprocess.run([BIN / "rolwacht-serve", "--state", house.state, option], capture_output=True, text=True,
                         timeout=SECONDS_MAX, check=False)
    return out.returncode, out.stdout.strip(), out.stderr


def does_not_start(house, why):
    try:
        house.start()
    except RuntimeError as error:
        return [] if why in str(error) else [str(error)]
    house.stop()
    return ["it started"]


def keys_that_signed_nothing(house):
    """A folder of keys that is not the journal's: no start, nothing signed, until a person says that the other is lost."""
    keys, before = house.state / "keys", len(noted(house))
    house.stop()
    put_away(house, ("journal.keys",))
    wrong = does_not_start(house, "did not sign this pharmacy's journal")
    status, _, said = alone(house, "--take-keys")
    if status == 0 or "keep it elsewhere first" not in said:
        wrong.append(f"beside a head they were taken: {status} {said}")
    put_away(house, ("journal.head",))
    wrong += does_not_start(house, "--take-keys")
    status, report, _ = alone(house, "--check-journal")
    if status != 1 or (keys / "journal.head").exists():
        wrong.append(f"the check said {status} {report}, and signed: {(keys / 'journal.head').exists()}")
    for taken in ("true", "false"):
        status, said, _ = alone(house, "--take-keys")
        if (status, said) != (0, f'{{"taken":{taken}}}'):
            wrong.append(f"{status} {said}")
    house.start()
    new = noted(house)[before:]
    if len(new) != 1 or not re.fullmatch(r"rows up to \d+, signed up to row \d+ by keys that are lost: .*", new[0]):
        wrong.append(f"the journal says {new}")
    house.stop()
    for name in ("journal.keys", "journal.head"):  # back to those that the journal does not know any more
        (keys / name).rename(keys / (name + ".new"))
        (keys / (name + ".kept")).rename(keys / name)
    wrong += does_not_start(house, "did not sign")
    for name in ("journal.keys", "journal.head"):
        (keys / (name + ".new")).replace(keys / name)
    house.start()
    return wrong


def a_list_that_is_gone(house):
    """Of keys for schedules: it is not begun anew in silence."""
    house.stop()
    put_away(house, ("schedule.keys",))
    wrong = does_not_start(house, 'schedule.keys" is gone')
    wrong += [] if not (house.state / "keys/schedule.keys").exists() else ["it was begun anew"]
    for taken in ("true", "false"):
        status, said, _ = alone(house, "--take-keys")
        if (status, said) != (0, f'{{"taken":{taken}}}'):
            wrong.append(f"{status} {said}")
    house.start()
    return wrong


def main():
    house = House()
    grow(house)
    tests = (("a journal of several hours is whole", lambda: [] if found(house)[0] == 0 else [str(found(house))]),
             ("a checkpoint that was taken away is missed at its place", lambda: taken_away(house)),
             ("an end that was no checkpoint is none", lambda: foreign(house)),
             ("rows behind the last checkpoint need the head", lambda: without_head(house)),
             ("put back, all of it is whole", lambda: [] if found(house)[0] == 0 else [str(found(house))]),
             ("a checkpoint that was taken away stays missed while the journal grows", lambda: taken_away_and_gone_on(house)),
             ("rows that were cut off are missed", lambda: cut_off(house)),
             ("a head that is lost is told", lambda: told(house)),
             ("keys that did not sign the journal sign nothing", lambda: keys_that_signed_nothing(house)),
             ("a list of keys for schedules that is gone is missed", lambda: a_list_that_is_gone(house)))
    tap.play(tests, house)


if __name__ == "__main__":
    main()
