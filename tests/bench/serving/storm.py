# SPDX-License-Identifier: Apache-2.0
"""The service is killed and started again, and all who were held come back at once."""
import errno
import heapq
import multiprocessing
import random
import selectors
import socket
import ssl
import time

import load

STREAMS_MAX = 10000
AT_ONCE = 200  # new sockets between two looks at the others
TRY_SECONDS_MAX = 20  # then a caller begins again
SECONDS_MAX = 120
ASK_SECONDS = 0.05


class Caller:
    """One dispenser on its way back; each comes from an address of its own, as they do."""

    def __init__(self, herd, number):
        self.herd, self.number, self.tries = herd, number, 0
        self.ready = self.begin
        self.plain = self.wire = None

    def begin(self):
        self.tries += 1
        self.got = b""
        self.ends = time.monotonic() + TRY_SECONDS_MAX
        self.plain = socket.socket()
        self.plain.setblocking(False)
        self.plain.bind((f"127.1.{self.number // 250}.{self.number % 250 + 1}", 0))
        if self.plain.connect_ex(self.herd.address) not in (0, errno.EINPROGRESS):
            raise OSError("refused")
        self.herd.watch(self, selectors.EVENT_WRITE)
        self.ready = self.shake

    def shake(self):
        if self.wire is None:
            self.herd.forget(self)
            self.wire = self.herd.context.wrap_socket(self.plain, server_hostname=self.herd.address[0],
                                                      do_handshake_on_connect=False, session=self.herd.session)
            self.herd.watch(self, selectors.EVENT_READ)
        try:
            self.wire.do_handshake()
        except ssl.SSLWantReadError:
            return
        self.wire.send(self.herd.request)
        self.ready = self.listen
        self.listen()

    def listen(self):
        try:
            part = self.wire.recv(4096)
        except ssl.SSLWantReadError:
            return
        if not part:
            raise OSError("cut")
        self.got += part
        if b" 200 " not in self.got[:16]:
            raise RuntimeError(self.got)
        if b": here" in self.got or b"data: " in self.got:
            self.herd.forget(self)
            self.herd.back += 1
            self.herd.resumed += self.wire.session_reused
            self.ready = None

    def give_up(self):
        """Tries again after a while of its own choosing."""
        if self.plain:
            self.herd.forget(self)
            (self.wire or self.plain).close()
        self.plain = self.wire = None
        self.ready = self.begin
        heapq.heappush(self.herd.later, (time.monotonic() + self.herd.dice.uniform(0.5, 2), self.number))
        self.herd.failed += 1


class Herd:
    """All of them, in one loop."""

    def __init__(self, house, name, session, context, count):
        host, port = house.machines.rsplit(":", 1)
        self.address, self.context, self.session = (host, int(port)), context, session
        self.request = load.request("GET", f"/v1/dispensers/{name}/stream")
        self.chosen = selectors.DefaultSelector()
        self.dice = random.Random(11)
        self.back = self.failed = self.resumed = 0
        self.callers = [Caller(self, number) for number in range(count)]
        self.later = [(0, number) for number in range(count)]

    def watch(self, caller, what):
        self.chosen.register(caller.wire or caller.plain, what, caller)

    def forget(self, caller):
        try:
            self.chosen.unregister(caller.wire or caller.plain)
        except (KeyError, ValueError):
            pass

    def move(self, caller):
        try:
            caller.ready()
        except OSError:  # refused, cut, or too late
            caller.give_up()

    def begin_some(self, now):
        begun = 0
        while self.later and self.later[0][0] <= now and begun < AT_ONCE:
            self.move(self.callers[heapq.heappop(self.later)[1]])
            begun += 1
        return begun > 0

    def give_up_late_ones(self, now):
        for caller in [one.data for one in self.chosen.get_map().values() if one.data.ends < now]:
            caller.give_up()

    def run(self):
        """Seconds until the last is held, and until half of them are."""
        begun = looked = time.monotonic()
        half = None
        while self.back < len(self.callers):
            now = time.monotonic()
            if now - begun > SECONDS_MAX:
                raise RuntimeError(f"{self.back} of {len(self.callers)} came back")
            for key, _ in self.chosen.select(0 if self.begin_some(now) else 0.05):
                self.move(key.data)
            if now - looked > 1:
                looked = now
                self.give_up_late_ones(now)
            if half is None and self.back * 2 >= len(self.callers):
                half = now - begun
        return time.monotonic() - begun, half or 0

    def close(self):
        for caller in self.callers:
            if caller.wire:
                caller.wire.close()


def ask_meanwhile(house, name, seq, pipe):
    """Reports one event and asks for /readyz, over and over; sends the waits in milliseconds."""
    waits = {"event": [], "ready": []}
    line = load.Line(house.machines, load.context_of(house, name))
    while not pipe.poll():
        seq += 1
        begun = time.monotonic()
        line.send(load.request("POST", f"/v1/dispensers/{name}/events", (), load.events_body(seq, 1)))
        status, body = line.read()
        assert status == 200, body
        waits["event"].append((time.monotonic() - begun) * 1000)
        begun = time.monotonic()
        assert house.call("nobody", "GET", "/readyz").status == 200
        waits["ready"].append((time.monotonic() - begun) * 1000)
        time.sleep(ASK_SECONDS)
    pipe.send(waits)


def measure(house, tell, ours, lines):
    """`lines` were held until now."""
    count = min(STREAMS_MAX, len(lines))
    session, context = lines[0].socket.session, lines[0].socket.context
    house.kill()
    for line in lines:
        line.close()
    begun = time.monotonic()
    started = house.start()
    here, there = multiprocessing.Pipe()
    asker = multiprocessing.get_context("fork").Process(target=ask_meanwhile, args=(house, "e-3", ours.seq, there))
    asker.start()
    herd = Herd(house, "e-1", session, context, count)
    ours.follow(house)
    before = ours.family.cpu_us()
    _, half = herd.run()
    used = ours.family.cpu_us() - before
    whole = time.monotonic() - begun
    here.send("enough")
    waits = here.recv()
    asker.join()
    tell("storm", whole, None, "none", "s from the start after kill -9 until the last stream is held again", streams=count,
         start_s=round(started, 2), half_s=round(started + half, 2), cpu_us_each=round(used / count), tries_failed=herd.failed, resumed=herd.resumed,
         event_p50_ms=round(load.percentile(waits["event"], 50), 1), event_worst_ms=round(max(waits["event"]), 1),
         ready_p50_ms=round(load.percentile(waits["ready"], 50), 1), ready_worst_ms=round(max(waits["ready"]), 1))
    herd.close()
