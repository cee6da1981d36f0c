#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends malformed requests byte for byte and watches what is executed. Output is TAP."""
import contextlib
import hashlib
import os
import pathlib
import select
import shutil
import socket
import ssl
import tempfile
import threading
import time

import tap
from house import ROOT, House

RETRY = hashlib.sha256(b"HelloRetryRequest").digest()  # RFC 8446 section 4.1.3
HIDDEN = b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"
REFUSED = {
    "two lengths": b"POST /v1/enrolments HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
    "length and chunks": b"POST /v1/enrolments HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "an encoding nobody knows": b"POST /v1/enrolments HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n" + HIDDEN,
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "a space before the colon": b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
    "an absolute target": b"GET http://b/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "a slash that is no step of the path": b"GET /assets%2fconsole.css HTTP/1.1\r\nHost: a\r\n\r\n",
    "a NUL in the path": b"GET /healthz%00/x HTTP/1.1\r\nHost: a\r\n\r\n",
    "a raw NUL in the path": b"GET /healthz\0/x HTTP/1.1\r\nHost: a\r\n\r\n",
    "a NUL in a field": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nY: c\r\n\r\n",
    "NULs in the last field": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0\0\0\0b\r\n\r\n",
    "a folded field": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
    "lines that end with LF alone": b"GET /healthz HTTP/1.1\nHost: a\n\n",
    "a method of its own": b"FETCH /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "a length that is no number": b"POST /v1/enrolments HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "a head that is too long": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20000 + b"\r\n\r\n",
    "a target that is too long": b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a version of the future": b"GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n",
    "an upgrade": b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
}
DRIP_SECONDS_MAX = 20
HALF_OPEN_SECONDS = 10  # then the service cuts who asked nothing
IDLE_SECONDS_MIN, IDLE_SECONDS_MAX = 60, 100  # who polls each minute finds the connection; who went away does not
CROWD = 40  # handshakes_per_address of the configuration below


def connect(house, device=None):
    context = ssl.create_default_context(cafile=house.ca)
    host, port = (house.machines if device else house.people).rsplit(":", 1)
    if device:
        context.load_cert_chain(house.devices[device]["pem"], house.devices[device]["key"])
    plain = socket.create_connection((host, int(port)), timeout=10)
    return context.wrap_socket(plain, server_hostname=host)


def send(house, request, device=None):
    """All that comes back until the other side closes or is silent for a second."""
    received = b""
    with connect(house, device) as wire:
        wire.sendall(request)
        wire.settimeout(3)
        try:
            while part := wire.recv(65536):
                received += part
        except (socket.timeout, ssl.SSLError, ConnectionError):
            pass
    return received


def refused(house, request):
    received = send(house, request)
    if b"ready" in received or b"alive" in received:
        return f"it was executed: {received[:200]}"
    if received and not received.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5", b"HTTP/1.0 4", b"HTTP/1.0 5")):
        return f"it was answered {received[:60]}"
    return None


def hello(house):
    """A client's first words, and nothing behind them."""
    context = ssl.create_default_context(cafile=house.ca)
    words, answers = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        context.wrap_bio(answers, words, server_hostname="127.0.0.1").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return words.read()


def cpu_seconds(pid):
    """What all threads of the process used until now."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stands_still(house):
    """Clients that stop in their handshake cost no processor time, keep nobody waiting and are cut."""
    silent = []
    for address in (house.people, house.machines):
        host, port = address.rsplit(":", 1)
        for words in (b"", hello(house), hello(house)[:30]) * 3:
            silent.append(socket.create_connection((host, int(port)), timeout=DRIP_SECONDS_MAX))
            silent[-1].sendall(words)
    time.sleep(0.5)
    before = cpu_seconds(house.process.pid)
    time.sleep(3)
    used = cpu_seconds(house.process.pid) - before
    begun = time.monotonic()
    good_meanwhile = good(house)
    waited = time.monotonic() - begun
    left = 0
    for one in silent:
        try:
            while one.recv(65536):
                pass
        except ConnectionError:
            pass
        except socket.timeout:
            left += 1
        one.close()
    if used > 0.5:
        return f"{len(silent)} clients that are silent use {used} s of a processor in 3 s"
    if left:
        return f"{left} of {len(silent)} were never cut"
    return good_meanwhile or (f"others waited {waited} s" if waited > 8 else None)


def is_ready(wire):
    """One question more on a connection that is kept."""
    wire.sendall(HIDDEN)
    received = b""
    try:
        while b"ready" not in received and (part := wire.recv(65536)):
            received += part
    except OSError:
        pass
    return b"ready" in received


def closed_ones(crowd, enough, seconds):
    """How many of the connections the other side closed: those of the moment when there are enough."""
    closed, end = set(), time.monotonic() + seconds
    while len(closed) < enough and time.monotonic() < end:
        waiting = [one for one in crowd if one not in closed]
        for one in select.select(waiting, [], [], 0.2)[0]:
            closed.add(one)  # nothing was asked, so that what comes is the end
    return len(closed)


def crowded(house):
    """More half-open connections than an address may have are closed at once; who was there before goes on."""
    host, port = house.people.rsplit(":", 1)
    held = connect(house)
    if not is_ready(held):
        return "it did not answer"
    # Several threads accept: which of the crowd are too many is not said, only how many.
    crowd = [socket.create_connection((host, int(port)), timeout=3) for _ in range(CROWD + 20)]
    begun = time.monotonic()
    closed = closed_ones(crowd, 20, HALF_OPEN_SECONDS - 1)
    if time.monotonic() - begun < HALF_OPEN_SECONDS / 2:
        closed = closed_ones(crowd, len(crowd), 0.5)
    alive = is_ready(held)
    held.close()
    for one in crowd:
        one.close()
    time.sleep(0.5)
    after = good(house)
    if closed != 20 or not alive:
        return f"{closed} of 20 too many were closed, the held one {'lives' if alive else 'is gone'}"
    return after


def too_often(house):
    """More than the burst is told when to come back, and that is true; others are not touched."""
    house.make_token("auditor", "auditor")
    house.make_token("operator", "operator")
    refused_at = None
    for number in range(200):
        answer = house.call("auditor", "GET", "/v1/journal?after=0&limit=1")
        if answer.status == 429:
            refused_at = number
            break
    if refused_at is None:
        return "it was never refused"
    wait = answer.headers.get("retry-after", "")
    if not wait.isdigit() or not 1 <= int(wait) <= 5 or answer.json["type"] != "too-many":
        return f"refused with {answer.headers} {answer.body}"
    other = house.call("operator", "GET", "/metrics").status
    time.sleep(int(wait))
    again = house.call("auditor", "GET", "/v1/journal?after=0&limit=1").status
    return None if (other, again) == (200, 200) else f"another got {other}, the same {again} after {wait} s"


def in_pieces(house):
    """Fields of every shape, however they arrive, are what was sent."""
    fields = b"X-Empty:\r\nX-Space:   a b \t\r\nX-None:c\r\nCookie: a=b; c=d\r\n" + b"".join(b"X%d: %b\r\n" % (n, b"v" * n) for n in range(30))
    for step in (1, 7, 500):
        head = b"GET /healthz?a=b&c HTTP/1.1\r\nHost: a\r\n" + fields + b"Connection: close\r\n\r\n"
        with connect(house) as wire:
            for at in range(0, len(head), step):
                wire.sendall(head[at:at + step])
            received = wire.recv(4096)
        if not received.startswith(b"HTTP/1.1 200"):
            return f"in pieces of {step}: {received[:60]}"
    return None


def drip(house):
    begun = time.monotonic()
    with connect(house) as wire:
        try:
            for byte in b"GET /healthz HTTP/1.1\r\nX-Slow: " + b"a" * 100:
                wire.sendall(bytes([byte]))
                time.sleep(0.25)
                if time.monotonic() - begun > DRIP_SECONDS_MAX:
                    return "it was never cut"
        except OSError:
            pass
    return None


class Idle(threading.Thread):
    """Asks once and then nothing; waits beside the other cases until its connection is cut."""

    def __init__(self, house):
        super().__init__(daemon=True)
        self.wire = connect(house)
        self.kept = None
        self.wire.sendall(HIDDEN)
        self.begun = time.monotonic()
        self.start()

    def run(self):
        self.wire.settimeout(IDLE_SECONDS_MAX)
        try:
            while self.wire.recv(4096):  # first the answer
                pass
        except socket.timeout:
            return
        except OSError:
            pass
        self.kept = time.monotonic() - self.begun

    def wrong(self):
        self.join()
        if self.kept is None:
            return f"it was still there after {IDLE_SECONDS_MAX} s"
        return f"it was cut after {self.kept:.0f} s" if self.kept < IDLE_SECONDS_MIN else None


def any_case(house):
    """The name of a scheme has no case (RFC 9110 section 11.1)."""
    sent = [scheme + " " + house.tokens["administrator"] for scheme in ("Bearer", "bearer", "BEARER", "Basic")]
    statuses = [house.call("nobody", "GET", "/v1/persons", None, {"Authorization": one}).status for one in sent]
    return None if statuses == [200, 200, 200, 401] else f"the answers were {statuses}"


def too_large(house):
    answer = house.call("nobody", "POST", "/v1/enrolments", b"a" * 300000)
    return None if answer.status == 413 else f"{answer.status} came"


def asked_first(house):
    """Who asks whether the body is wanted is not told to go on when it is too large."""
    received = send(house, b"POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 300000\r\n\r\n")
    return None if received.startswith(b"HTTP/1.1 413") else f"{received[:60]} came"


def long_heads(house):
    """Every length of a head is answered, also that which fits and leaves no room for the answer."""
    house.make_device("line", "l-1")
    for device, lengths in ((None, range(6900, 8300, 64)), ("l-1", range(2200, 3200, 64))):
        told = set()
        for fields in (1, 8, 40):
            for length in lengths:
                value = b"a" * (length // fields)
                head = b"".join(b"X%d: %b\r\n" % (number, value) for number in range(fields))
                received = send(house, b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + head + b"\r\n", device)
                told.add(received[:12])
                if not received.startswith(b"HTTP/1.1 "):
                    return f"{fields} fields of {length} bytes in all: {received[:60]!r} came"
        if b"HTTP/1.1 431" not in told or len(told) < 2:
            return f"{told} came"
    return None


def many_parameters(house):
    """However many an address has, it is answered at once; libmicrohttpd has no room to note some hundred of them."""
    house.make_device("line", "l-2")
    for device, counts in ((None, (1, 64, 65, 120, 130, 150, 500, 900, 2000)), ("l-2", (1, 20, 30, 40, 64, 65, 200, 900))):
        begun, told = time.monotonic(), []
        for count in counts:
            target = b"/healthz?" + b"&".join([b"a"] * count)
            received = send(house, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", device)
            told.append(received[9:12])
        if set(told) - {b"200", b"431"} or told[0] != b"200" or told[-1] != b"431" or time.monotonic() - begun > 8:
            return f"{told} came in {time.monotonic() - begun:.1f} s"
    return None


def old_tls(house):
    context = ssl.create_default_context(cafile=house.ca)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    host, port = house.people.rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname=host):
                return "TLS 1.2 was spoken"
    except OSError:
        return None


def first_answer(house):
    """What a caller gets for its first words, in which it guesses the group, as most do: no wish for another guess."""
    inwards, outwards = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=house.ca)
    host, port = house.people.rsplit(":", 1)
    caller = context.wrap_bio(inwards, outwards, server_hostname=host)
    with contextlib.suppress(ssl.SSLWantReadError):
        caller.do_handshake()
    with socket.create_connection((host, int(port)), timeout=10) as plain:
        plain.sendall(outwards.read())
        answer = plain.recv(4096)
    if RETRY in answer or not answer.startswith(b"\x16\x03\x03"):
        return f"the first answer is {answer[:64]!r}"
    return None


def good(house):
    received = send(house, HIDDEN + HIDDEN)
    return None if received.count(b"ready") == 2 else f"two good requests gave {received[:200]}"


def together(house):
    """What was asked at once is answered in turn and whole: a body of many records, a head alone, a body of one."""
    whole = b"%b /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n"
    body = (ROOT / "docs/openapi.yaml").read_bytes()
    before, found, behind = send(house, whole % b"GET" + whole % b"HEAD" + HIDDEN).partition(body)
    told = [before.count(b"HTTP/1.1 200"), bool(found), behind.count(b"HTTP/1.1 200"), behind.count(b"ready")]
    return None if told == [1, True, 2, 1] and behind.startswith(b"HTTP/1.1 200") else f"{told} came, then {behind[:200]}"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rw-probe-"))
    (folder / "service.json").write_text('{"format":"rolwacht/service/1","requests_per_s":4,"handshakes_per_address":40}')
    house = House(extra=["--config", folder / "service.json"])
    idle = Idle(house)
    cases = [(f"{name} is refused", lambda request=request: refused(house, request))
             for name, request in REFUSED.items()]
    cases += [("two requests on one connection are answered", lambda: good(house)),
              ("what is asked at once is answered in turn", lambda: together(house)),
              ("a body over the limit of its address is refused", lambda: too_large(house)),
              ("the name of a scheme has no case", lambda: any_case(house)),
              ("who asks first is told that a body is too large", lambda: asked_first(house)),
              ("a head of any length is answered", lambda: long_heads(house)),
              ("an address with any number of parameters is answered at once", lambda: many_parameters(house)),
              ("a head in pieces is answered", lambda: in_pieces(house)),
              ("a head that drips is cut", lambda: drip(house)),
              ("who stands still in the handshake costs nothing and is cut", lambda: stands_still(house)),
              ("an address has so many half-open connections and no more", lambda: crowded(house)),
              ("who asks too often is told when to come back", lambda: too_often(house)),
              ("nothing older than TLS 1.3 is spoken", lambda: old_tls(house)),
              ("who begins with X25519 has not come in vain", lambda: first_answer(house)),
              ("a connection that rests is kept for a minute and then cut", idle.wrong),
              ("the service still answers", lambda: good(house))]
    try:
        tap.play(cases, house)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
