#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""CPU microseconds of service and database for each request of a dispenser, over mTLS that is kept open."""
import json
import os
import pathlib
import shutil
import sys
import threading
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
os.environ.setdefault("ROLWACHT_BUILD", str(pathlib.Path(os.environ["ROLWACHT_BIN"]).parent))
sys.path.insert(0, str(ROOT / "tests/api"))
from house import House, soon  # noqa: E402

CLIENTS = 4
ROUNDS = 3
REQUESTS = 800  # of each client in each round
TICK_US = 1_000_000 / os.sysconf("SC_CLK_TCK")
PEERS = {"get": "nginx", "304": "nginx", "events-1": "fastify+pg", "events-8": "fastify+pg"}
PACKAGES = {"nginx": "nginx-light", "fastify+pg": "fastify, pg (npm)"}


def times(pid):
    """User and system time of one process and of its children that ended, in ticks."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15])


def family(house):
    """The ticks of the service and of every process of its database."""
    ticks = {"service": times(house.process.pid), "database": 0}
    server = house.database_pid()
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if int(entry.name) == server or parent == server:
                ticks["database"] += times(entry.name)
        except OSError:
            pass
    return ticks


def release(house, dispenser):
    house.make_token("apo", "apotheker")
    house.make_device("dispenser", dispenser)
    house.make_device("line", "l-1")
    for kind in ("policy", "products"):
        house.call("apo", "PUT", f"/v1/{kind}", (ROOT / f"samples/{kind}.json").read_bytes())
    house.call("apo", "POST", "/v1/orders", (ROOT / "samples/orders-c1003.json").read_bytes())
    roll = house.call("apo", "POST", "/v1/rolls", {"client": "c1003", "from": soon(), "days": 14}).json["roll"]
    house.call("apo", "POST", f"/v1/rolls/{roll}/approve",
               {"overrides": [{"finding": "D14", "reason": "gezien"}]})
    house.call("apo", "POST", f"/v1/rolls/{roll}/print")
    for _, serial in house.bags(roll):
        house.verdict("l-1", roll, serial, "pass")
    house.call("apo", "POST", f"/v1/rolls/{roll}/judge", {"counted": True, "reason": "nageteld"})
    answer = house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": dispenser})
    assert answer.status == 200, answer.body


class Client(threading.Thread):
    """Sends the same kind of request over one connection."""

    def __init__(self, house, kind, name):
        super().__init__()
        self.kind = kind
        self.name = name
        self.seq = 0
        self.waits = []
        self.connection = house.connection(device=name)
        self.failed = None

    def request(self):
        path = f"/v1/dispensers/{self.name}/"
        if self.kind == "get":
            return "GET", path + "schedule", None, {}, 200
        if self.kind == "304":
            return "GET", path + "schedule", None, {"If-None-Match": '"v1"'}, 304
        count = int(self.kind.rsplit("-", 1)[1])
        events = []
        for _ in range(count):
            self.seq += 1
            events.append({"id": f"01936d4a-0000-7000-8000-{self.seq:012d}", "seq": self.seq,
                           "at": "2026-11-23T07:00:00.000Z", "type": "online"})
        return "POST", path + "events", json.dumps({"events": events}), {}, 200

    def once(self):
        method, path, body, headers, wanted = self.request()
        begun = time.monotonic()
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        read = answer.read()
        self.waits.append(time.monotonic() - begun)
        if answer.status != wanted:
            raise RuntimeError(f"{path}: {answer.status} {read[:200]}")

    def run(self):
        try:
            for _ in range(REQUESTS):
                self.once()
        except (OSError, RuntimeError) as error:
            self.failed = error


def measure(house, kind, names):
    """The cheapest of some rounds: microseconds a request in service and database, and the waits."""
    best = None
    clients = {name: 0 for name in names}
    for _ in range(ROUNDS):
        running = []
        for name in names:
            client = Client(house, kind, name)
            client.seq = clients[name]
            client.once()  # the handshake is not what is measured
            running.append(client)
        before = family(house)
        for client in running:
            client.start()
        for client in running:
            client.join()
            if client.failed:
                raise client.failed
            clients[client.name] = client.seq
            client.connection.close()
        after = family(house)
        count = REQUESTS * len(running)
        used = {part: (after[part] - before[part]) * TICK_US / count for part in after}
        waits = sorted(wait for client in running for wait in client.waits[1:])
        used["p99_ms"] = waits[len(waits) * 99 // 100] * 1000
        if best is None or used["service"] + used["database"] < best["service"] + best["database"]:
            best = used
    return best


def main():
    house = House()
    try:
        release(house, "d-1")
        names = {"get": ["d-1"] * CLIENTS, "304": ["d-1"] * CLIENTS}
        for kind in ("events-1", "events-8"):
            names[kind] = [f"{kind}-{n}" for n in range(CLIENTS)]
            for name in names[kind]:
                house.make_device("dispenser", name)
        for kind, peer in PEERS.items():
            used = measure(house, kind, names[kind])
            missing = shutil.which("nginx") is None if peer == "nginx" else True
            print(json.dumps({"bench": f"service-{kind}", "ours": round(used["service"] + used["database"], 1),
                              "service": round(used["service"], 1), "database": round(used["database"], 1),
                              "p99_ms": round(used["p99_ms"], 2), "peer": peer, "theirs": None, "ratio": None,
                              "missing": PACKAGES[peer] if missing else None, "unit": "CPU us/request"}),
                  flush=True)
    finally:
        house.close()


if __name__ == "__main__":
    main()
