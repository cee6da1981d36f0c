# SPDX-License-Identifier: Apache-2.0
"""Holds many streams, and times how soon a new version reaches one of them."""
import os
import random
import resource
import selectors
import subprocess
import time

import load

FILES_OF_OTHERS = 2600  # of the service: an eighth for its other door, and its own; of ours: what else is open
STREAMS = int(os.environ.get("RW_BENCH_STREAMS",
                             str(min(15000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - FILES_OF_OTHERS))))
PUSHES = 200
VERSION = 2000  # of the first push; more than any that was announced before
WAKES_SECONDS_MAX = 30


def open_streams(house, server, name, count):
    context = load.context_of(house, name)
    request = load.request("GET", f"/v1/dispensers/{name}/stream")
    lines = []
    session = None
    for _ in range(count):
        line = load.Line(server.address, context, session)
        line.send(request)
        got = b""
        while b"data: " not in got and b": here" not in got:
            got += line.socket.recv(4096)
        session = line.socket.session or session
        line.socket.setblocking(False)
        lines.append(line)
    return lines


class Elsewhere:
    """Another node's release, seen from here: the row and the hint, in one transaction."""

    def __init__(self, house):
        program = house.psql()
        self.psql = subprocess.Popen([program, "-h", (house.base() / "socket").read_text(), "-U", "rolwacht_owner",
                                      "-d", "rolwacht", "-X", "-q", "-A", "-t"],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pharmacy = house.sql("SELECT pharmacy_id FROM pharmacies")[0][0]

    def announce(self, name, version):
        self.psql.stdin.write(
            "BEGIN; INSERT INTO schedule_change (pharmacy_id, change_id, at_ms, dispenser_id, version) VALUES"
            f" ('{self.pharmacy}', gen_random_uuid()::text, (extract(epoch FROM clock_timestamp()) * 1000)::bigint,"
            f" '{name}', {version}); NOTIFY rolwacht, '{self.pharmacy} {name} {version}'; COMMIT;"
            " SELECT extract(epoch FROM clock_timestamp());\n")
        self.psql.stdin.flush()

    def committed(self):
        """The time of day at which the commit was over, as the database says."""
        return float(self.psql.stdout.readline())

    def close(self):
        self.psql.stdin.close()
        self.psql.wait(20)


def wait_for(lines, text):
    """The time at which each line has had the text; lines that were cut are a failure."""
    chosen = selectors.DefaultSelector()
    for line in lines:
        chosen.register(line.socket, selectors.EVENT_READ, line)
    left = set(lines)
    ends = time.monotonic() + WAKES_SECONDS_MAX
    while left and time.monotonic() < ends:
        for key, _ in chosen.select(1):
            try:
                if text in key.fileobj.recv(4096):
                    left.discard(key.data)
            except BlockingIOError:
                pass
            except OSError as error:
                raise RuntimeError("a stream was cut") from error
    chosen.close()
    if left:
        raise RuntimeError(f"{len(left)} streams were not told")
    return time.time()


def push(elsewhere, lines, name, version):
    """Milliseconds to the bytes at the last of these lines: from before the statement, and from behind the commit at
    another node, which may even see the bytes come first."""
    begun = time.time()
    elsewhere.announce(name, version)
    told = wait_for(lines, f"data: {version}\n".encode())
    return (told - begun) * 1000, max(0, told - elsewhere.committed()) * 1000


def measure(house, tell, ours, fastify):
    """Gives the lines, which are still held."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    before = load.rss_kb(ours.process.pid)
    lines = open_streams(house, ours, "e-1", STREAMS)
    kb = (load.rss_kb(ours.process.pid) - before) / STREAMS
    theirs = None
    if fastify:
        before = load.rss_kb(fastify.process.pid)
        held = open_streams(house, fastify, "e-1", min(STREAMS, 2000))
        theirs = (load.rss_kb(fastify.process.pid) - before) / len(held)
        for line in held:
            line.close()
    tell("stream-memory", kb, theirs, "fastify+pg", "KB/stream", streams=STREAMS)
    probe = open_streams(house, ours, "e-2", 1)
    elsewhere = Elsewhere(house)
    waits = []
    dice = random.Random(7)
    for number in range(PUSHES):
        time.sleep(dice.uniform(0.005, 0.03))
        waits.append(push(elsewhere, probe, "e-2", VERSION + number))
    for percent in (50, 99):
        for at, since in ((1, "commit"), (0, "statement")):
            tell(f"push-p{percent}-from-{since}", load.percentile([one[at] for one in waits], percent), None, "none",
                 "ms to the device", streams=STREAMS)
    tell("wake-all", push(elsewhere, lines, "e-1", VERSION)[0], None, "none", "ms until the last is told",
         streams=STREAMS)
    elsewhere.close()
    return lines + probe
