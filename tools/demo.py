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
PHOTOGRAPH = BIN / "../test-bin/photograph"
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
    """1 orders of three invented clients come in as MP9 FHIR, in JSON and in XML."""
    plans = lines(program("plan", "--from", FROM, "--days", DAYS, *ORDERS, allowed=(0, 1)))
    clients = set()
    for file in ORDERS:
        kind = "application/fhir+" + file.suffix.removeprefix(".")
        clients.update(service.call("POST", "/v1/orders", file.read_bytes(), kind)["clients"])
    expect(len(clients) == 3, f"three clients were expected, got {sorted(clients)}")
    planned = [line for line in plans if line["outcome"] == "plan"]
    reasons = sorted({line["reason"] for line in plans if line["outcome"] == "refuse"})
    return sorted(clients), (f"{len(ORDERS)} files, {len(plans)} lines of {len(clients)} clients: "
                             f"{len(planned)} planned, the others {', '.join(reasons)}")


def rolls_are_planned(service, clients):
    """2 rolls are planned, with what is loose and why."""
    service.call("PUT", "/v1/policy", (ROOT / "samples/policy.json").read_bytes())
    service.call("PUT", "/v1/products", (ROOT / "samples/products.json").read_bytes())
    rolls = [fetch_roll(service, service.call("POST", "/v1/rolls", {
        "client": client, "from": FROM, "days": DAYS})["roll"]) for client in clients]
    outside = [line["name"] + " " + line["reason"]
               for roll in rolls for line in roll["loose"] + roll["excluded"]]
    bags = [str(len(doses(roll))) for roll in rolls]
    return rolls, f"{len(rolls)} rolls of {' + '.join(bags)} bags; outside: {', '.join(outside)}"


def fetch_roll(service, number):
    text = service.raw(f"/v1/rolls/{number}")
    (OUT / f"{number}.roll.json").write_bytes(text)
    roll = json.loads(text)
    audit = roll["audit"]
    expect(audit["ordered_milli"] == audit["packed_milli"] + audit["loose_milli"]
           + audit["excluded_milli"], f"roll {number} does not balance")
    return roll


def doses(roll):
    return [bag for bag in roll["bags"] if bag["kind"] == "dose"]


def roll_is_approved(service, roll):
    """3 a pharmacist approves, with a reason for each finding that asks for one."""
    asked = [finding for finding in roll["findings"] if finding["severity"] == "O"]
    overrides = [{"id": finding["id"], "pointer": finding["pointer"],
                  "reason": "checked with the prescriber"} for finding in asked]
    service.call("POST", f"/v1/rolls/{roll['roll']}/approve", {"overrides": overrides})
    return f"roll {roll['roll']} approved; {len(asked)} findings overridden, each with a reason"


def labels_are_printed(service, roll):
    """4 labels as PDF, and the strip as a person would look at it."""
    number = roll["roll"]
    file = OUT / f"{number}.roll.json"
    program("label", file, "--as", "pdf", "-o", OUT / "labels.pdf")
    program("label", file, "--as", "png", "--strip", "-o", OUT / "strip")
    service.call("POST", f"/v1/rolls/{number}/print")
    return f"labels.pdf, {len(roll['bags'])} pages"


def photographs_are_made(roll, other):
    """5 photographs: one bag of the other roll in the place of its own, one damaged print."""
    swapped, damaged = doses(roll)[3]["n"], doses(roll)[6]["n"]
    photograph(OUT / "photographs", roll, "--swap",
               f"{swapped}:{OUT / other['roll']}.roll.json:{doses(other)[0]['n']}",
               "--damage", f"{damaged}:fade")
    return swapped, damaged, f"bag {swapped} is one of roll {other['roll']}, bag {damaged} is faded"


def photograph(folder, roll, *options):
    shutil.rmtree(folder, ignore_errors=True)
    command = [PHOTOGRAPH, "--roll", OUT / f"{roll['roll']}.roll.json", "--seed", "7", "-o", folder,
               *options]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"photograph: {done.stderr}")


def verify(roll, pictures, service, out, verdict):
    frames = sorted(pictures.glob("*.png"))
    report = json.loads(program(
        "verify", "--server", service.devices, "--line", "line-1", "--state", OUT / "line", "--roll",
        roll["roll"], "--out", out, *frames, allowed=(0, 1)))
    (OUT / f"{out.name}.json").write_text(json.dumps(report, indent=1))
    expect(report["verdict"] == verdict, f"the roll is {report['verdict']}, not {verdict}")
    return report


def faults_are_found(service, roll, swapped, damaged):
    """6 the verifier finds exactly those: the stranger, the missing bag, the damaged print."""
    report = verify(roll, OUT / "photographs", service, OUT / "doubtful", "fail")
    bad = {bag["n"]: bag for bag in report["bags"] if bag["verdict"] != "pass"}
    expect(set(bad) == {swapped, damaged}, f"bags {sorted(bad)} are not good, expected "
           f"{sorted((swapped, damaged))}: {[(n, b['verdict'], b['reasons']) for n, b in bad.items()]}")
    expect(bad[swapped]["verdict"] == "missing", f"bag {swapped} is {bad[swapped]['verdict']}")
    expect([stranger["reason"] for stranger in report["strangers"]] == ["other-roll"],
           f"strangers: {report['strangers']}")
    return [bad[n]["serial"] for n in sorted(bad)], (
        f"{len(report['bags'])} bags in {report['seconds']} s: bag {swapped} missing, a stranger of "
        f"another roll, bag {damaged} {bad[damaged]['verdict']} ({', '.join(bad[damaged]['reasons'])})")


def roll_is_released(service, roll, serials):
    """7 the bags are made again under new serials, verified, and the roll is released."""
    number = roll["roll"]
    service.call("POST", f"/v1/rolls/{number}/remake", {"serials": serials})
    again = fetch_roll(service, number)
    photograph(OUT / "photographs-again", again)
    verify(again, OUT / "photographs-again", service, OUT / "doubtful-again", "pass")
    service.call("POST", f"/v1/rolls/{number}/judge",
                 {"counted": True, "reason": "every bag counted against the plan"})
    waiting = Dispenser("dispenser-1", service)
    service.call("POST", f"/v1/rolls/{number}/release", {"dispenser": "dispenser-1"})
    return again, waiting, f"{len(serials)} new serials, version {again['version']}, all pass, released"


class Dispenser:
    """The reference dispenser: waits on its stream from before the release."""

    def __init__(self, name, service):
        self.name, self.state = name, OUT / name
        self.enrolled = enrol(service, "dispenser", name)
        script = OUT / "dispenser-waits.jsonl"
        script.write_text(json.dumps({"do": "wait-schedule", "version": 1, "timeout_ms": 20000}) + "\n")
        self.waiting = subprocess.Popen(
            [str(BIN / "rolwacht"), "dispense", "--server", service.address, "--state", str(self.state),
             "--script", str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(1.0)  # it is on its stream before the release; being late would only be slower

    def told(self):
        out, err = self.waiting.communicate(timeout=60)
        expect(self.waiting.returncode == 0, f"the dispenser heard nothing: {err}")
        return lines(out)


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)


if __name__ == "__main__":
    sys.exit(main())
