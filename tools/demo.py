#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One roll, from prescription to kitchen, on the real programs; stops at the first surprise."""

import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
OUT = pathlib.Path(os.environ["ROLWACHT_OUT"])
FROM = "2026-11-23"
DAYS = int(os.environ.get("ROLWACHT_DEMO_DAYS", "14"))
STATE = OUT / "state"
ORDERS = sorted((ROOT / "samples/orders").iterdir())


class Surprise(Exception):
    """What was seen is not what the step promises."""


def expect(holds, sentence):
    if not holds:
        raise Surprise(sentence)


def program(name, *arguments, allowed=(0,), **options):
    """Runs one of our programs and gives what it wrote to standard output."""
    command = [str(BIN / "rolwacht"), name, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    expect(done.returncode in allowed,
           f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.strip()]


class Service:
    """The service with its own private PostgreSQL, and the pharmacist's side of its routes."""

    def __init__(self):
        self.log = open(OUT / "service.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [str(BIN / "rolwacht"), "serve", "--listen", "127.0.0.1:0", "--listen-devices",
             "127.0.0.1:0", "--state", str(STATE)],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        first = self.process.stdout.readline()
        expect(first, f"the service did not start; see {OUT}/service.log")
        where = json.loads(first)
        self.address, self.devices = where["listen"], where["devices"]
        self.tls = ssl.create_default_context(cafile=str(STATE / "ca.pem"))
        self.token = (STATE / "keys/administrator.token").read_text().strip()

    def call(self, method, path, body=None, kind="application/json", allowed=(200, 201)):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method)
        request.add_header("Authorization", "Bearer " + self.token)
        if data is not None:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, context=self.tls, timeout=60) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read()
        expect(status in allowed, f"{method} {path} answered {status}: {text.decode()[:600]}")
        return json.loads(text) if text else {}

    def raw(self, path):
        request = urllib.request.Request(self.address + path)
        request.add_header("Authorization", "Bearer " + self.token)
        with urllib.request.urlopen(request, context=self.tls, timeout=60) as answer:
            return answer.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
        self.log.close()


class Steps:
    """Prints one line a step, with its time."""

    def __init__(self):
        self.number = 0
        self.begun = time.monotonic()

    def done(self, sentence):
        now = time.monotonic()
        self.number += 1
        print(f"{self.number}  {now - self.begun:6.2f} s  {sentence}", flush=True)
        self.begun = now


def orders_come_in(service):
    """Step 1: what three clients are prescribed, as FHIR in JSON and XML."""
    plans = lines(program("plan", "--from", FROM, "--days", DAYS, *ORDERS, allowed=(0, 1)))
    for file in ORDERS:
        service.call("POST", "/v1/orders", file.read_bytes(),
                     "application/fhir+" + file.suffix.removeprefix("."))
    refused = [line for line in plans if line["outcome"] == "refuse"]
    return plans, refused


def rolls_are_planned(service, clients):
    """Step 2: one roll a client; each order is packed, loose or excluded with its reason."""
    service.call("PUT", "/v1/policy", (ROOT / "samples/policy.json").read_bytes())
    service.call("PUT", "/v1/products", (ROOT / "samples/products.json").read_bytes())
    rolls = []
    for client in clients:
        made = service.call("POST", "/v1/rolls", {"client": client, "from": FROM, "days": DAYS})
        rolls.append(fetch_roll(service, made["roll"]))
    return rolls


def fetch_roll(service, number):
    text = service.raw(f"/v1/rolls/{number}")
    file = OUT / f"{number}.roll.json"
    file.write_bytes(text)
    roll = json.loads(text)
    audit = roll["audit"]
    expect(audit["ordered_milli"] == audit["packed_milli"] + audit["loose_milli"]
           + audit["excluded_milli"], f"roll {number} does not balance")
    return roll
