#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a dispenser costs the service, beside nginx with the same bytes and Fastify with pg; all over mTLS.

CPU microseconds are those of the answering processes and, where they use it, of PostgreSQL. Each server is asked in
pieces, in turn with the others and over connections that are opened anew each round, and the median of its pieces counts:
neither one that something else disturbed decides, nor one that was lucky. RW_BENCH_STREAMS streams are held (15,000, or as
many as the limit of open files allows). A row names its goal where there is one; nothing fails when it is missed."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
os.environ.setdefault("ROLWACHT_BUILD", str(pathlib.Path(os.environ["ROLWACHT_BIN"]).parent))
sys.path[:0] = [str(ROOT / "tests/api"), str(ROOT / "tests/bench/serving")]
import held  # noqa: E402
import load  # noqa: E402
import peers  # noqa: E402
import storm  # noqa: E402
from house import House, soon  # noqa: E402

LINES = 64
ROUNDS = 10
PIECES = 4  # of each round
VOLLEYS = 30  # of each piece
HANDSHAKES = 150
PATH = "/v1/dispensers/d-1/schedule"


def release(house, dispenser):
    """One roll of two weeks from order to release."""
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
    return house.call(dispenser, "GET", f"/v1/dispensers/{dispenser}/schedule").body


# At most this: of the ratio to a peer, or of our own number. Of "304" it is a share of what nginx needs to send the file.
RATIOS_MAX = {("get", "nginx"): 0.85, ("304", "nginx"): 0.75, ("get-database", "fastify+pg"): 0.45,
              ("events-1", "fastify+pg"): 0.2, ("events-8", "fastify+pg"): 0.35,
              ("handshake-full", "nginx"): 1.7, ("handshake-resumed", "nginx"): 1.05}
OURS_MAX = {"stream-memory": 18, "push-p99-from-commit": 5, "wake-all": 1000, "first-sql": 300, "first-sql-initdb": 1500,
            "recovery": 1000}


def tell(name, ours, theirs, peer, unit, **more):
    """One measure. `theirs` is None when the peer could not be had."""
    ratio = None if not theirs else round(ours / theirs, 3)
    goal = RATIOS_MAX.get((name, peer), OURS_MAX.get(name))
    reached = None
    if goal is not None:
        measured = ours if name in OURS_MAX else ratio
        reached = None if measured is None else measured <= goal
    print(json.dumps({"bench": f"service-{name}", "ours": round(ours, 2), "peer": peer,
                      "theirs": None if theirs is None else round(theirs, 2), "ratio": ratio, "unit": unit,
                      "goal": goal, "reached": reached, **more}), flush=True)


class Asker:
    """The same question over and over at one server; events go on counting."""

    def __init__(self, house, server, kind, names):
        self.kind, self.server, self.names = kind, server, names
        self.contexts = [load.context_of(house, name) for name in names]
        self.wanted = 304 if kind == "304" else 200
        self.headers = []

    def open(self):
        self.lines = [load.Line(self.server.address, context) for context in self.contexts]
        if self.kind == "304":
            tag = self.server.tag or self.ask_tag()
            self.headers = [f"If-None-Match: {tag}"]

    def ask_tag(self):
        line = self.lines[0]
        line.send(load.request("GET", PATH))
        got = b""
        while b"\r\n\r\n" not in got:
            got += line.socket.recv(65536)
        tag = next(one for one in got.split(b"\r\n") if one.lower().startswith(b"etag:"))
        size = int(load.LENGTH.search(got)[1]) - len(got.split(b"\r\n\r\n", 1)[1])
        while size > 0:
            size -= len(line.socket.recv(65536))
        return tag.split(b":", 1)[1].strip().decode()

    def requests(self):
        if not self.kind.startswith("events"):  # get-database asks as get does
            return [load.request("GET", f"/v1/dispensers/{name}/schedule", self.headers) for name in self.names]
        count = int(self.kind.rsplit("-", 1)[1])
        body = load.events_body(self.server.seq + 1, count)
        self.server.seq += count
        return [load.request("POST", f"/v1/dispensers/{name}/events", (), body) for name in self.names]

    def piece(self):
        """CPU microseconds a request, and the waits of the volleys in milliseconds."""
        before = self.server.family.cpu_us()
        waits = [load.volley(self.lines, self.requests(), self.wanted) * 1000 for _ in range(VOLLEYS)]
        return (self.server.family.cpu_us() - before) / (VOLLEYS * len(self.lines)), waits

    def close(self):
        for line in self.lines:
            line.close()


def compare(house, kind, names, ours, others):
    """One row beside each of the others, asked the same."""
    compare_rows(house, kind, names, ours, [(kind, peer, kind) for peer in others])


def compare_rows(house, kind, names, ours, rows):
    """Each row has a name, a peer and what the peer is asked meanwhile."""
    mine = Asker(house, ours, kind, names)
    askers = [mine, *(Asker(house, peer, asked, names) for _, peer, asked in rows)]
    costs = {asker: [] for asker in askers}
    waits = []
    for _ in range(ROUNDS):
        for asker in askers:
            asker.open()
            load.volley(asker.lines, asker.requests(), asker.wanted)  # what is done once is not measured
        for asker in askers * PIECES:
            used, waited = asker.piece()
            costs[asker].append(used)
            if asker is mine:
                waits += waited
        for asker in askers:
            asker.close()
    usual = [statistics.median(costs[asker]) for asker in askers]
    for (row, peer, _), theirs in zip(rows or [(kind, None, kind)], usual[1:] or [None]):
        tell(row, usual[0], theirs, peer.name if peer else "none", "CPU us/request",
             volley_p50_ms=round(load.percentile(waits, 50), 2), volley_p99_ms=round(load.percentile(waits, 99), 2),
             lines=LINES)


def compare_unchanged(house, names, ours, nginx, fastify):
    """Beside the file that nginx would send, of which the goal is a share, and beside its own 304."""
    rows = [("304", nginx, "get"), ("304-beside-304", nginx, "304")] if nginx else []
    compare_rows(house, "304", names, ours, rows + ([("304", fastify, "304")] if fastify else []))


def shake(house, server, resumed):
    """CPU microseconds of a new connection with one question, whole or resumed, and how many resumed."""
    context = load.context_of(house, "d-1")
    request = load.request("GET", PATH)
    session = None
    reused = 0
    before = None
    for number in range(HANDSHAKES + 1):
        line = load.Line(server.address, context, session if resumed else None)
        load.volley([line], [request], 200)
        session = line.socket.session
        if number == 0:
            before = server.family.cpu_us()
        else:
            reused += line.socket.session_reused
        line.close()
    time.sleep(0.05)
    return (server.family.cpu_us() - before) / HANDSHAKES, reused


def handshakes(house, ours, others):
    for resumed, name in ((False, "handshake-full"), (True, "handshake-resumed")):
        best = {}
        for _ in range(2):
            for server in (ours, *others):
                used, reused = shake(house, server, resumed)
                best[server.name] = min(used, best.get(server.name, used))
                if server is ours and resumed and reused < HANDSHAKES * 9 // 10:
                    raise RuntimeError(f"only {reused} of {HANDSHAKES} connections were resumed")
        for peer in others:
            tell(name, best["ours"], best[peer.name], peer.name, "CPU us/connection",
                 per_second_and_core=round(1e6 / best["ours"]))


def from_database(house, names, ours, fastify):
    """Each dispenser asks for a schedule of its own, and the node hears of a version that the table does not have yet, so
    that it never answers from what it remembers."""
    columns = "pharmacy_id, version, roll, roll_version, at_ms, bytes, fetched_ms"
    listed = ", ".join(f"'{name}'" for name in names)
    house.sql(f"INSERT INTO schedules (dispenser_id, {columns}) SELECT d, {columns} FROM schedules, unnest(ARRAY[{listed}])"
              f" AS d WHERE dispenser_id = 'd-1'; UPDATE dispensers SET version = 1 WHERE dispenser_id IN ({listed})")
    if fastify:
        house.sql(f"INSERT INTO schedules SELECT d, version, document FROM schedules, unnest(ARRAY[{listed}]) AS d"
                  " WHERE dispenser_id = 'd-1'", "peer")
    announcer = held.Elsewhere(house)
    for name in names:
        announcer.announce(name, 1000)
        announcer.committed()
    announcer.close()
    time.sleep(1)
    compare(house, "get-database", names, ours, [fastify] if fastify else [])


def database(house):
    """Milliseconds until the own database takes its first statement: once stopped, and once killed with the service."""
    for name, away in (("first-sql", house.stop), ("recovery", house.kill)):
        times = []
        for _ in range(5):
            away()
            times.append(house.start() * 1000)
        tell(name, min(times), None, "none", "ms from the start of the service to its line", worst_ms=round(max(times)))


def start(kind, house, schedule):
    try:
        return kind(house, schedule)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"rolwacht: the peer is missing: {error}", file=sys.stderr)
        return None


def measure(config):
    config.write_text(json.dumps({"format": "rolwacht/service/1", "requests_per_s": 0}))  # one asks what thousands would
    subprocess.run(["bash", "-c", "source tools/common.sh; rw_npm tests/bench/serving"], cwd=ROOT, check=False)
    begun = time.monotonic()
    house = House(extra=["--config", config])
    tell("first-sql-initdb", (time.monotonic() - begun) * 1000, None, "none",
         "ms from the first start of the service to its line")
    others = []
    try:
        schedule = release(house, "d-1")
        names = [f"e-{number}" for number in range(LINES)]
        for name in names:
            house.make_device("dispenser", name)
        nginx = start(peers.Nginx, house, schedule)
        fastify = start(peers.Fastify, house, schedule)
        ours = peers.Ours(house)
        others = [peer for peer in (nginx, fastify) if peer]
        one = ["d-1"] * LINES
        compare(house, "get", one, ours, others)
        compare_unchanged(house, one, ours, nginx, fastify)
        for kind in ("events-1", "events-8"):
            compare(house, kind, names, ours, [fastify] if fastify else [])
        from_database(house, names, ours, fastify)
        handshakes(house, ours, others)
        lines = held.measure(house, tell, ours, fastify)
        storm.measure(house, tell, ours, lines)
        for peer in others:
            peer.close()
        others = []
        database(house)
    finally:
        for peer in others:
            peer.close()
        house.close()


def main():
    with tempfile.TemporaryDirectory(prefix="rw-bench-") as folder:
        measure(pathlib.Path(folder) / "service.json")


if __name__ == "__main__":
    main()
