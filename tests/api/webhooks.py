#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Listens as an alarm centre would, first refusing, then taking what comes (REQ-018). TAP."""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import pathlib
import ssl
import subprocess
import tempfile
import threading
import time

import tap
from house import TOOLS, House
from nodes import prepare

SECRET = bytes(range(32))
REFUSED_FIRST = 2
SECONDS_MAX = 60
WAIT_S = 3  # longer than the pause behind a first try would be
LONG = 1000000


class Centre(http.server.BaseHTTPRequestHandler):
    """Answers 503 to the first calls and keeps what it takes; it says more than anybody wants to hear."""
    calls = []
    times = []
    taken = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Centre.calls.append((self.headers["webhook-id"], body))
        Centre.times.append(time.monotonic())
        refuse = len(Centre.calls) <= REFUSED_FIRST
        self.send_response(503 if refuse else 200)
        self.send_header("Content-Length", "0" if refuse else str(LONG))
        if refuse:
            self.send_header("Retry-After", str(WAIT_S))
        self.end_headers()
        if not refuse:
            Centre.taken.append((dict(self.headers), body))
            with contextlib.suppress(OSError):  # nobody reads all of it
                self.wfile.write(bytes(LONG))

    def log_message(self, *_):
        pass


def listen(folder):
    paths = [folder / "key", folder / "pem", folder / "ca"]
    subprocess.run([TOOLS / "device_request", *paths, "--server"], check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Centre)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paths[1], paths[0])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def miss_a_bag(house):
    roll = prepare(house)
    answer = house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-7"})
    assert answer.status == 200, answer.body
    events = [{"id": "01936d4a-0000-7000-8000-000000000001", "seq": 1, "type": "missed",
               "at": "2026-11-23T09:00:00.000Z", "serial": roll + "001"}]
    house.sql(f"UPDATE moments SET alarm_ms = 1 WHERE serial = '{roll}001'")
    answer = house.call("d-7", "POST", "/v1/dispensers/d-7/events", {"events": events})
    assert answer.status == 200, answer.body
    return roll


def signed_well(headers, body):
    headers = {name.lower(): value for name, value in headers.items()}
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(SECRET, content, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == "v1," + mac


def check(house, roll):
    ends = time.monotonic() + SECONDS_MAX
    while not Centre.taken and time.monotonic() < ends:
        time.sleep(0.1)
    if not Centre.taken:
        yield f"nothing was taken after {len(Centre.calls)} calls"
        return
    headers, body = Centre.taken[0]
    message = json.loads(body)
    if not signed_well(headers, body):
        yield "the signature is wrong"
    if len({one for one, _ in Centre.calls}) != 1 or len(Centre.calls) != REFUSED_FIRST + 1:
        yield f"the calls were {[one for one, _ in Centre.calls]}"
    if Centre.times[1] - Centre.times[0] < WAIT_S:
        yield f"it was asked again after {Centre.times[1] - Centre.times[0]:.1f} s"
    if message["type"] != "alarm" or message["data"]["type"] != "missed" or message["data"]["roll"] != roll:
        yield f"the message was {body}"
    for private in (b"c1003", b"Born", b"name"):
        if private in body:
            yield f"the message holds {private}"
    while time.monotonic() < ends:
        if house.sql("SELECT count(*) FROM outbox WHERE done_ms IS NULL") == [["0"]]:
            return
        time.sleep(0.1)
    yield "a message still waits"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rw-centre-"))
    server = listen(folder)
    webhook = {"topic": "alarm", "url": f"https://127.0.0.1:{server.server_port}/alarms",
               "secret": "whsec_" + base64.b64encode(SECRET).decode(), "ca": str(folder / "ca")}
    (folder / "service.json").write_text(json.dumps({"format": "rolwacht/service/1", "webhooks": [webhook]}))
    house = House(extra=["--config", folder / "service.json"])
    print("1..1", flush=True)
    wrong = list(check(house, miss_a_bag(house)))
    signs, log = house.close()
    subprocess.run(["rm", "-r", folder], check=True)
    tap.conclude("an alarm is tried again until it is taken, signed and once", wrong, signs, log)


if __name__ == "__main__":
    main()
