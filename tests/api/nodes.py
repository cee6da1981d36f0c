#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two services on one database: what one does, the other's callers hear. Output is TAP."""
import socket
import ssl
import threading
import time

import tap
from house import ROOT, House, soon

HEARD_SECONDS_MAX = 5


def prepare(house):
    """A verified roll for dispenser d-7."""
    house.make_token("apo", "apotheker")
    house.make_device("dispenser", "d-7")
    house.make_device("line", "l-1")
    for kind in ("policy", "products"):
        body = (ROOT / f"samples/{kind}.json").read_bytes()
        assert house.call("apo", "PUT", f"/v1/{kind}", body).status == 200
    body = (ROOT / "samples/orders-c1003.json").read_bytes()
    assert house.call("apo", "POST", "/v1/orders", body).status == 201
    answer = house.call("apo", "POST", "/v1/rolls", {"client": "c1003", "from": soon(), "days": 3})
    assert answer.status == 201, answer.body
    roll = answer.json["roll"]
    reasons = [{"finding": finding["id"], "reason": "gezien"}
               for finding in answer.json["findings"] if finding["severity"] == "O"]
    assert house.call("apo", "POST", f"/v1/rolls/{roll}/approve", {"overrides": reasons}).status == 200
    assert house.call("apo", "POST", f"/v1/rolls/{roll}/print").status == 200
    for _, serial in house.bags(roll):
        house.verdict("l-1", roll, serial, "pass", judged=("code", "order", "print", "pieces"))
    return roll


TOLD = {"1.1": b"1f\r\nevent: schedule\nid: 1\ndata: 1\n\n\r\n", "1.0": b"event: schedule\nid: 1\ndata: 1\n\n"}
ENDED = {"1.1": b"0\r\n\r\n", "1.0": b"never told"}


class Stream:
    """One that is held, byte for byte."""

    def __init__(self, house, version):
        context = ssl.create_default_context(cafile=house.ca)
        context.load_cert_chain(house.devices["d-7"]["pem"], house.devices["d-7"]["key"])
        host, port = house.machines.rsplit(":", 1)
        plain = socket.create_connection((host, int(port)), timeout=60)
        self.version, self.got = version, b""
        self.wire = context.wrap_socket(plain, server_hostname=host)
        self.wire.sendall(f"GET /v1/dispensers/d-7/stream HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        assert self.has(b": here\n\n"), self.got

    def has(self, text):
        """Waits until it came; false when the stream ended without it."""
        while text not in self.got:
            try:
                part = self.wire.recv(4096)
            except ssl.SSLError:  # cut without a farewell, which a stream need not give
                part = b""
            if not part:
                return False
            self.got += part
        return True

    def rest(self):
        """What comes until the answer ends: with its last piece, or with the connection."""
        self.got = b""
        self.has(ENDED[self.version])
        return self.got


def wait_at(house, answers):
    answers.append(house.call("d-7", "GET", "/v1/dispensers/d-7/schedule?wait=40"))
    answers.append(time.monotonic())


def heard_elsewhere(one, two, streams):
    roll = prepare(one)
    two.tokens, two.devices = one.tokens, one.devices
    streams += [Stream(two, "1.1"), Stream(two, "1.0")]
    answers = []
    thread = threading.Thread(target=wait_at, args=(two, answers))
    thread.start()
    time.sleep(1)
    answer = one.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-7"})
    told = time.monotonic()
    if answer.status != 200:
        return f"{answer.status} {answer.body}"
    thread.join()
    if answers[0].status != 200 or answers[0].headers.get("etag") != '"v1"':
        return f"{answers[0].status} came"
    return None if answers[1] - told < HEARD_SECONDS_MAX else f"{answers[1] - told:.1f} s passed"


def told_elsewhere(streams):
    for stream in streams:
        if not stream.has(TOLD[stream.version]):
            return f"HTTP/{stream.version}: {stream.got} came"
    return None


def refused_elsewhere(one, two, streams):
    one.call("administrator", "DELETE", "/v1/devices/dispenser/d-7")
    status = two.call("d-7", "GET", "/v1/dispensers/d-7/schedule").status
    for stream in streams:
        if stream.rest() not in (ENDED["1.1"], b""):
            return f"HTTP/{stream.version}: {stream.got} came"
    return None if status == 401 else f"{status} came"


def ask_once(address, context, session=None):
    """The session after one answer, and whether it was the given one that went on."""
    host, port = address.rsplit(":", 1)
    plain = socket.create_connection((host, int(port)), timeout=60)
    with context.wrap_socket(plain, server_hostname=host, session=session) as wire:
        wire.sendall(b"GET /v1/dispensers/d-7/schedule HTTP/1.1\r\nHost: x\r\n\r\n")
        wire.recv(4096)
        return wire.session, wire.session_reused


def resumed_elsewhere(one, two):
    context = ssl.create_default_context(cafile=one.ca)
    context.load_cert_chain(one.devices["d-7"]["pem"], one.devices["d-7"]["key"])
    session, _ = ask_once(one.machines, context)
    reused = [ask_once(address, context, session)[1] for address in (one.machines, two.machines, two.people)]
    one.stop()
    one.start()
    reused.append(ask_once(one.machines, context, session)[1])
    return None if reused == [True, True, False, True] else f"{reused} came"


def under_less_rights(host, one):
    """A right that only the role of the running service had is missed once it is gone."""
    host.sql("REVOKE SELECT ON alarms FROM rolwacht_app", "shared")
    status = one.call("apo", "GET", "/v1/alarms").status
    host.sql("GRANT SELECT ON alarms TO rolwacht_app", "shared")
    again = one.call("apo", "GET", "/v1/alarms").status
    return None if (status, again) == (403, 200) else f"{status}, {again} came"


class Houses:
    """Several houses that end together, in this order."""

    def __init__(self, *houses):
        self.houses = houses

    def close(self):
        ends = [house.close() for house in self.houses]
        return [sign for signs, _ in ends for sign in signs], "\n".join(log for _, log in ends)


def main():
    host = House()
    host.sql("CREATE DATABASE shared")
    socket = (host.base() / "socket").read_text()
    extra = ["--database", f"host={socket} dbname=shared user=rolwacht_owner"]
    one = House(extra=extra)
    two = House(extra=extra, keys=one.state / "keys")
    two.tokens = one.tokens
    streams = []
    cases = [("a release at one service wakes who waits at another", lambda: heard_elsewhere(one, two, streams)),
             ("and is told on the streams that the other holds", lambda: told_elsewhere(streams)),
             ("a device refused at one service is refused at the other, and its streams end",
              lambda: refused_elsewhere(one, two, streams)),
             ("a TLS session goes on at each service and after a start, but at no other door",
              lambda: resumed_elsewhere(one, two)),
             ("the running service has the rights of its role alone", lambda: under_less_rights(host, one))]
    tap.play(cases, Houses(one, two, host))


if __name__ == "__main__":
    main()
