#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exits of alarms that fall silent, are no longer trusted or refuse for good, beside one that works (REQ-018). TAP.

An alarm centre behind TLS (DC-09 over tls://) refuses, answers nonsense, hangs up, and then takes the telegram.
"""
import base64
import json
import os
import pathlib
import re
import shutil
import socket
import socketserver
import ssl
import struct
import subprocess
import tempfile
import threading
import time

import tap
import webhooks
from centre import framed
from house import BIN, TOOLS, House

FIRST_SECONDS_MAX = 8  # to the exit that works, whatever the others do
SECONDS_MAX = 60
TAKEN_SECONDS_MAX = 300  # the pauses of three tries more than it refuses are 254 s at most
YEARS_S = 2 * 366 * 24 * 3600
TELEGRAM = re.compile(rb'\n[0-9A-F]{8}"ADM-CID"(\d{4})R0L0#7001\[.*\]_\S+\r', re.DOTALL)


class Secure(socketserver.ThreadingTCPServer):
    """Speaks TLS with a certificate of its own; each caller is served in a thread."""
    daemon_threads = True

    def __init__(self, handler, folder, warp_s=0):
        super().__init__(("127.0.0.1", 0), handler)
        folder.mkdir()
        paths = [folder / "key", folder / "pem", folder / "ca"]
        subprocess.run([TOOLS / "device_request", *paths, "--server"], check=True, env=warped(folder, warp_s))
        self.ca = str(folder / "ca")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(paths[1], paths[0])
        self.port = self.server_address[1]
        self.told = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, request, client_address):
        try:
            self.RequestHandlerClass(self.context.wrap_socket(request, server_side=True), client_address, self)
        except OSError:  # who does not trust the certificate
            pass


def warped(folder, warp_s):
    """An environment in which it is another year, for certificates that hold then."""
    if warp_s == 0:
        return None
    (folder / "warp").write_bytes(struct.pack("q", warp_s))
    asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return {**os.environ, "LD_PRELOAD": str(TOOLS / "warp.so"), "RW_WARP": str(folder / "warp"), "ASAN_OPTIONS": asan}


class Centre(socketserver.BaseRequestHandler):
    """Does wrong in four ways, then takes the telegram."""

    def handle(self):
        match = TELEGRAM.fullmatch(self.request.recv(1024))
        self.server.told.append(match and match[1])
        number = match[1] if match else b"0000"
        answer = framed(b'"ACK"%sR0L0#7001[]' % number)
        turn = len(self.server.told)
        if turn == 1:
            answer = framed(b'"NAK"0000R0L0A0[]_00:00:00,01-01-2026')
        if turn == 2:
            answer = framed(b'"ACK"%04dR0L0#7001[]' % (int(number) % 9999 + 1))  # of another telegram
        if turn == 3:
            answer = answer[:-1]  # and then silence
        if turn == 4:
            return
        self.request.sendall(answer)
        if turn == 3:
            time.sleep(7)


class Post(socketserver.StreamRequestHandler):
    """A mail server that refuses who signs in, or the address, for good."""

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 here")
        for line in self.rfile:
            word = line[:4].upper().strip()
            self.server.told.append(word.decode())
            if word == b"EHLO":
                self.say("250-here")
                self.say("250 AUTH PLAIN")
            elif word == b"AUTH":
                self.say("535 5.7.8 no such user")
            elif word == b"RCPT":
                self.say("550 5.1.1 nobody of that name")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")


class Listener(socketserver.BaseRequestHandler):
    """Is told something only by who trusts it."""

    def handle(self):
        said = self.request.recv(1024)
        if said:
            self.server.told.append(said)


def silent_port(held):
    """Takes every call and never says a word."""
    listening = socket.create_server(("127.0.0.1", 0))

    def take():
        while True:
            held.append(listening.accept()[0])
    threading.Thread(target=take, daemon=True).start()
    return listening.getsockname()[1]


def configuration(folder, world):
    secret = "whsec_" + base64.b64encode(webhooks.SECRET).decode()
    silent = [silent_port(world["held"]) for _ in range(3)]

    def hook(port, ca):
        return {"topic": "alarm", "url": f"https://127.0.0.1:{port}/", "secret": secret, "ca": str(ca)}

    def mail(scheme, port, ca, **more):
        return {"topic": "alarm", "url": f"{scheme}://127.0.0.1:{port}", "from": "a@b.example", "to": ["c@d.example"],
                "ca": str(ca), **more}
    password = folder / "password"
    password.write_text("geheim woord\n")
    password.chmod(0o600)
    good = world["good"].server_port
    return {"format": "rolwacht/service/1", "escalate_after_s": 0, "webhooks": [
        hook(silent[0], folder / "ca"), hook(world["expired"].port, world["expired"].ca),
        hook(world["not_yet"].port, world["not_yet"].ca), hook(world["other"].port, folder / "ca"), hook(good, folder / "ca")],
        "mails": [mail("smtp", silent[1], folder / "ca", to=["silent@d.example"]), mail("smtps", world["post"].port, world["post"].ca),
                  mail("smtps", world["post"].port, world["post"].ca, to=["e@d.example"], user="rolwacht",
                       password_file=str(password))],
        "centres": [{"topic": "alarm", "url": f"tcp://127.0.0.1:{silent[2]}", "account": "4321"},
                    {"topic": "alarm", "url": f"tls://127.0.0.1:{world['centre'].port}", "ca": world["centre"].ca,
                     "account": "7001"}]}


def wait_for(condition, seconds=SECONDS_MAX):
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.05)
    return condition()


def others_are_not_held_up(house, _):
    begun = time.monotonic()
    webhooks.miss_a_bag(house)
    if not wait_for(lambda: webhooks.Centre.taken, FIRST_SECONDS_MAX):
        yield f"nothing came within {FIRST_SECONDS_MAX} s"
    print(f"# told after {time.monotonic() - begun:.2f} s", flush=True)


def waiting(house):
    """What is on its way, by exit: why it did not arrive yet."""
    return {row["exit"]: row["fault"] for row in house.call("administrator", "GET", "/v1/outbox").json["messages"]}


def late_answers(house, url):
    """Tries that were given up as no answer came, beside the two in which the centre gives none."""
    lines = [json.loads(line) for line in house.log.read_text().splitlines() if '"message-not-delivered"' in line]
    return max(0, sum(line["exit"] == url and line["detail"].endswith("did not answer") for line in lines) - 2)


def a_centre_behind_tls_takes_it_in_the_end(house, world):
    """Each pause may be twice as long as the one before; a try more, on a slow machine, is a pause more."""
    told, url = world["centre"].told, f"tls://127.0.0.1:{world['centre'].port}"
    if not wait_for(lambda: len(told) >= 5 and url not in waiting(house), TAKEN_SECONDS_MAX):
        yield f"it was told {told}, and waits for {waiting(house).get(url)}"
    taken = len(told)
    time.sleep(2)
    if len(told) != taken or not 5 <= taken <= 5 + late_answers(house, url) or len(set(told)) != 1 or told[0] is None:
        yield f"one telegram, once more for each that was not taken, under one number: {told}"


def who_is_not_trusted_is_told_nothing(house, world):
    for name in ("expired", "not_yet", "other"):
        if world[name].told:
            yield f"{name}: {world[name].told}"
    seen = waiting(house)
    for name in ("expired", "not_yet", "other"):
        if not seen.get(f"https://127.0.0.1:{world[name].port}/"):
            yield f"{name} is not seen to wait: {seen}"


def what_a_mail_server_refuses_is_seen(house, world):
    def faults():
        return {name: fault for name, fault in waiting(house).items() if name.startswith("mailto:") and fault}
    if not wait_for(lambda: len(faults()) == 3):
        yield f"{faults()}"
    if "550" not in faults().get("mailto:c@d.example", ""):
        yield f"the reason is not told: {faults()}"
    if "DATA" in world["post"].told:
        yield f"a mail was handed in: {world['post'].told}"
    metrics = house.call("administrator", "GET", "/metrics").body.decode()
    count = re.search(r"^rolwacht_outbox_waiting (\d+)", metrics, re.MULTILINE)
    if not count or int(count[1]) < 5:
        yield f"metrics do not show what waits: {count}"


def no_line_of_a_mail_is_slipped_in(_, world):
    for part, value in (("to", ["a@b.example\r\nBcc: x@y.example"]), ("from", "a@b.example\nX: y"), ("to", ["a b@c.example"])):
        config = json.loads(world["config"].read_text())
        config["mails"][0][part] = value
        bad = world["config"].with_name("bad.json")
        bad.write_text(json.dumps(config))
        out = subprocess.run([BIN / "rolwacht-serve", "--check-config", bad], capture_output=True, text=True, check=False)
        if out.returncode != 3 or f"/mails/0/{part}" not in out.stderr:
            yield f"{value}: {out.returncode} {out.stderr}"


def what_cannot_work_is_said_before_the_start(_, world):
    """Else the first alarm would find it."""
    good = json.loads(world["config"].read_text())
    garbage = world["config"].with_name("garbage.pem")
    garbage.write_text("this is no certificate")
    cases = (("webhooks", "ca", "/nowhere/ca.pem"), ("webhooks", "ca", str(garbage)), ("webhooks", "url", "https://name:word@127.0.0.1/"),
             ("mails", "ca", str(garbage)), ("mails", "password_file", "/nowhere/password"), ("centres", "url", "tcp://127.0.0.1"),
             ("centres", "url", "tcp://127.0.0.1:"), ("centres", "ca", str(garbage)))
    for kind, part, value in cases:
        config = json.loads(json.dumps(good))
        config[kind][0].update({"user": "wacht"} if part == "password_file" else {}, **{part: value})
        bad = world["config"].with_name("bad.json")
        bad.write_text(json.dumps(config))
        out = subprocess.run([BIN / "rolwacht-serve", "--check-config", bad], capture_output=True, text=True, check=False)
        if out.returncode != 3 or f"/{kind}/0/{part}" not in out.stderr:
            yield f"{kind} {part} {value}: {out.returncode} {out.stderr}"


def the_log_holds_no_password(house, _):
    assert "geheim" not in house.log.read_text(errors="replace")


PARTS = [others_are_not_held_up, a_centre_behind_tls_takes_it_in_the_end, who_is_not_trusted_is_told_nothing,
         what_a_mail_server_refuses_is_seen, no_line_of_a_mail_is_slipped_in,
         what_cannot_work_is_said_before_the_start, the_log_holds_no_password]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rw-exits-"))
    webhooks.REFUSED_FIRST = 0
    world = {"held": [], "good": webhooks.listen(folder), "config": folder / "service.json",
             "centre": Secure(Centre, folder / "centre"), "post": Secure(Post, folder / "post"),
             "expired": Secure(Listener, folder / "expired", -YEARS_S), "not_yet": Secure(Listener, folder / "not", YEARS_S),
             "other": Secure(Listener, folder / "other")}
    world["config"].write_text(json.dumps(configuration(folder, world)))
    house = House(extra=["--config", world["config"]])
    try:
        tap.play(PARTS, house, house, world)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
