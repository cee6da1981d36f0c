#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills service and database while a dispenser reports, and compares with its ledger. TAP.

The dispenser writes down what was acknowledged. Whatever is killed and whenever: nothing that was
acknowledged is lost (REQ-017), nothing is there twice, and the numbers have no gap. RW_SEED repeats
a run.
"""
import json
import os
import random
import threading
import time
import uuid

import tap
from house import House

ROUNDS = int(os.environ.get("RW_ROUNDS", "6"))
BATCH_MAX = 20


class Dispenser(threading.Thread):
    """Posts batches as fast as it can, repeating what was not acknowledged."""

    def __init__(self, house, seed):
        super().__init__(daemon=True)
        self.house = house
        self.random = random.Random(seed)
        self.acknowledged = 0
        self.events = []
        self.stopping = False
        self.strange = []

    def batch(self):
        while len(self.events) < self.acknowledged + self.random.randint(1, BATCH_MAX):
            self.events.append({"id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
                                "seq": len(self.events) + 1, "at": "2026-11-23T07:00:00.000Z",
                                "type": self.random.choice(["online", "offline", "battery", "due"])})
        back = self.random.choice([0, 0, 0, 1, 5])
        return self.events[max(0, self.acknowledged - back):]

    def post(self):
        try:
            answer = self.house.call("d-7", "POST", "/v1/dispensers/d-7/events",
                                     {"events": self.batch()})
        except OSError:
            time.sleep(0.05)
            return
        if answer.status == 200:
            if answer.json["stored"] < self.acknowledged:
                self.strange.append(f"{answer.json['stored']} after {self.acknowledged}")
            self.acknowledged = answer.json["stored"]
        elif answer.status not in (503,):
            self.strange.append(f"{answer.status} {answer.body[:200]}")
            time.sleep(0.05)

    def run(self):
        while not self.stopping:
            self.post()


def main():
    seed = int(os.environ.get("RW_SEED", str(random.SystemRandom().getrandbits(32))))
    print(f"1..1\n# RW_SEED={seed} RW_ROUNDS={ROUNDS}", flush=True)
    dice = random.Random(seed)
    house = House()
    wrong = []
    try:
        house.make_token("apo", "apotheker")
        house.make_device("dispenser", "d-7")
        dispenser = Dispenser(house, seed)
        dispenser.start()
        for number in range(ROUNDS):
            time.sleep(dice.uniform(0.2, 1.0))
            if number % 2 == 0:
                house.kill()
                house.start()
            else:
                house.wait_until_ready()
                house.kill_database()
        house.wait_until_ready()
        time.sleep(1)
        dispenser.stopping = True
        dispenser.join(60)
        rows = house.sql("SELECT seq, event_id FROM events WHERE dispenser_id = 'd-7' ORDER BY seq")
        wrong += dispenser.strange
        if len(rows) < dispenser.acknowledged or dispenser.acknowledged == 0:
            wrong.append(f"{dispenser.acknowledged} were acknowledged, {len(rows)} are kept")
        if rows != [[str(event["seq"]), event["id"]] for event in dispenser.events[:len(rows)]]:
            wrong.append("what is kept is not what was sent")
        status, report = house.check_journal()
        if status != 0:
            wrong.append(f"the journal is broken: {json.dumps(report)}")
        print(f"# {dispenser.acknowledged} events acknowledged over {ROUNDS} kills", flush=True)
    finally:
        signs, log = house.close()
    tap.conclude("nothing that was acknowledged is lost by a kill", wrong, signs, log)


if __name__ == "__main__":
    main()
