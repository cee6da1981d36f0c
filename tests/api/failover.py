#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A service on two databases: the first dies under load, the second takes over, nothing acknowledged is lost (REQ-017).

RW_ROUNDS says how often it happens; each time the one that died comes back as the other's copy. TAP."""
import os
import random
import shutil
import time

import clusters
import tap
from house import House
from ledger import Dispenser

ROUNDS = int(os.environ.get("RW_ROUNDS", "1"))
GO_ON_SECONDS_MAX = 30


def replicate(primary, top, name):
    """Nothing is acknowledged that the copy has not on its disk."""
    other = primary.standby(top, name)
    primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'", "postgres")
    primary.sql("SELECT pg_reload_conf()", "postgres")
    ends = time.monotonic() + 20
    while primary.sql("SELECT sync_state FROM pg_stat_replication", "postgres") != ["sync"]:
        assert time.monotonic() < ends, "the copy does not follow"
        time.sleep(0.05)
    return other


def take_over(other):
    """The copy becomes the one that is written to; it waits for no copy of its own until it has one."""
    other.sql("ALTER SYSTEM RESET synchronous_standby_names", "postgres")
    other.promote()


def acknowledged_since(dispenser, mark):
    ends = time.monotonic() + GO_ON_SECONDS_MAX
    while dispenser.acknowledged <= mark and time.monotonic() < ends:
        time.sleep(0.02)
    return dispenser.acknowledged > mark


def check(database, dispenser):
    rows = database.sql("SELECT seq, event_id FROM events ORDER BY seq")
    kept = [row.split("|") for row in rows]
    if len(kept) < dispenser.acknowledged:
        yield f"{dispenser.acknowledged} were acknowledged, {len(kept)} are kept"
    for number, (seq, event_id) in enumerate(kept, 1):
        if int(seq) != number or event_id != dispenser.events[number - 1]["id"]:
            yield f"event {number} is {seq} {event_id}"
            return
    yield from dispenser.strange


def main():
    seed = int(os.environ.get("RW_SEED", str(random.SystemRandom().getrandbits(32))))
    dice = random.Random(seed)
    print(f"1..1\n# RW_SEED={seed} RW_ROUNDS={ROUNDS}", flush=True)
    top = clusters.folder()
    first = clusters.Cluster(top, "db0")
    first.make()
    spare_port = clusters.free_port()
    database = (f"host=127.0.0.1,127.0.0.1 port={first.port},{spare_port} dbname=rolwacht user=rolwacht_owner"
                " target_session_attrs=read-write connect_timeout=2")
    house = House(extra=["--database", database])
    house.make_device("dispenser", "d-7")
    dispenser = Dispenser(house, seed)
    wrong, away = [], []
    for number in range(ROUNDS):
        taken = clusters.free_port
        clusters.free_port = lambda: spare_port
        second = replicate(first, top, f"db{number + 1}")
        clusters.free_port = taken
        if number == 0:
            dispenser.start()
        mark = dispenser.acknowledged
        time.sleep(dice.uniform(0.3, 1.0))
        if not acknowledged_since(dispenser, mark):
            wrong.append("nothing was acknowledged before")
        first.kill()
        begun = time.monotonic()
        mark = dispenser.acknowledged
        take_over(second)
        if not acknowledged_since(dispenser, mark + clusters_margin()):
            wrong.append(f"round {number}: nothing was acknowledged after the change")
            break
        away.append(time.monotonic() - begun)
        shutil.rmtree(first.folder)
        first, spare_port = second, first.port
    dispenser.stopping = True
    dispenser.join()
    wrong += check(first, dispenser)
    print(f"# {dispenser.acknowledged} acknowledged; away for {', '.join(f'{one:.2f}' for one in away)} s", flush=True)
    signs, log = house.close()
    first.stop()
    shutil.rmtree(top)
    tap.conclude("a service goes on with the other database and has lost nothing", wrong, signs, log)


def clusters_margin():
    """A batch that was answered just before the kill may be counted just after it."""
    return 20


if __name__ == "__main__":
    main()
