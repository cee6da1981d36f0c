#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One roll, from prescription to kitchen, on the real programs; stops at the first surprise."""

import datetime
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
# The sample orders begin here; later, the roll began yesterday, so that some of its moments are over: the
# service calls a moment missed by its own clock alone.
FROM = max("2026-11-23", str(datetime.date.today() - datetime.timedelta(days=1)))
DAYS = int(os.environ.get("ROLWACHT_DEMO_DAYS", "14"))
STATE = OUT / "state"
PHOTOGRAPH = BIN / "photograph"
ORDERS = sorted((ROOT / "samples").glob("orders-*"))


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
        try:
            self.connect()
        except BaseException:
            self.stop()
            raise

    def connect(self):
        first = self.process.stdout.readline()
        expect(first, f"the service did not start; see {OUT}/service.log")
        where = json.loads(first)
        self.address, self.devices = where["listen"], where["devices"]
        self.tls = ssl.create_default_context(cafile=str(STATE / "keys/ca.pem"))
        self.token = (STATE / "keys/administrator.token").read_text().strip()
        administrator = self.token
        self.assistant = self.person(administrator, "assistent", "j.smit")
        self.token = self.person(administrator, "apotheker", "a.vermeer")  # acts where nobody is named

    def person(self, administrator, role, name):
        return self.call("POST", "/v1/tokens", {"role": role, "name": name}, token=administrator)["token"]

    def call(self, method, path, body=None, kind="application/json", token=None):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method)
        request.add_header("Authorization", "Bearer " + (token or self.token))
        if data is not None:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, context=self.tls, timeout=60) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read()
        expect(status in (200, 201), f"{method} {path} answered {status}: {text.decode()[:600]}")
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
        "client": client, "from": FROM, "days": DAYS}, token=service.assistant)["roll"])
        for client in clients]
    outside = sorted({f"{line['name']} ({line['reason']})" for roll in rolls
                      for line in roll["loose"] + roll["excluded"] if line["reason"] != "replaced"})
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
    """3 a pharmacist, who did not plan it, approves: with a reason for each finding that asks for one."""
    asked = [finding for finding in roll["findings"] if finding["severity"] == "O"]
    overrides = [{"finding": finding["id"], "reason": "checked with the prescriber"} for finding in asked]
    service.call("POST", f"/v1/rolls/{roll['roll']}/approve", {"overrides": overrides})
    return f"roll {roll['roll']} approved; {len(asked)} finding(s) overridden by name and with a reason"


def labels_are_printed(service, roll):
    """4 labels as PDF, and the strip as a person would look at it."""
    number = roll["roll"]
    file = OUT / f"{number}.roll.json"
    program("label", file, "--as", "pdf", "-o", OUT / "labels.pdf")
    program("label", file, "--as", "png", "--strip", "-o", OUT / "strip.png")
    service.call("POST", f"/v1/rolls/{number}/print", token=service.assistant)
    return f"labels.pdf, {len(roll['bags'])} pages"


def photographs_are_made(roll, other):
    """5 photographs: one bag of the other roll in the place of its own, one damaged print."""
    swapped, damaged = doses(roll)[3]["n"], doses(roll)[6]["n"]
    photograph(OUT / "photographs", roll, "--swap",
               f"{swapped}:{OUT / other['roll']}.roll.json:{doses(other)[0]['n']}",
               "--damage", f"{damaged}:faded")
    return swapped, damaged, f"bag {swapped} is one of roll {other['roll']}, bag {damaged} is faded"


def photograph(folder, roll, *options):
    shutil.rmtree(folder, ignore_errors=True)
    command = [PHOTOGRAPH, "--roll", OUT / f"{roll['roll']}.roll.json", "--seed", "7", "-o", folder,
               *options]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"photograph: {done.stderr}")


def verify(roll, pictures, service, out, verdict, enrolment=()):
    frames = sorted(pictures.glob("f*"))
    report = json.loads(program(
        "verify", "--server", service.address, "--line", "line-1", "--state", OUT / "line", *enrolment,
        "--roll", roll["roll"], "--out", out, *frames, allowed=(0, 1)))
    (OUT / f"{out.name}.json").write_text(json.dumps(report, indent=1))
    expect(report["verdict"] == verdict, f"the roll is {report['verdict']}, not {verdict}")
    return report


def faults_are_found(service, roll, swapped, damaged):
    """6 the verifier finds exactly those: the stranger, the missing bag, the damaged print."""
    report = verify(roll, OUT / "photographs", service, OUT / "doubtful", "fail", enrol_line(service))
    bad = {bag["n"]: bag for bag in report["bags"] if bag["verdict"] != "pass"}
    expect(set(bad) == {swapped, damaged}, f"bags {sorted(bad)} are not good, expected "
           f"{sorted((swapped, damaged))}: {[(n, b['verdict'], b['reasons']) for n, b in bad.items()]}")
    expect(bad[swapped]["verdict"] == "missing", f"bag {swapped} is {bad[swapped]['verdict']}")
    expect([stranger["reason"] for stranger in report["strangers"]] == ["other-roll"],
           f"strangers: {report['strangers']}")
    return [bad[n]["serial"] for n in sorted(bad)], (
        f"{len(report['bags'])} bags in {report['seconds']} s: bag {swapped} missing, a stranger of "
        f"another roll, bag {damaged} {bad[damaged]['verdict']} ({', '.join(bad[damaged]['reasons'])})")


def roll_is_made_good(service, roll, serials):
    """7 the bags are made again under new serials, verified, and the roll is released."""
    number = roll["roll"]
    service.call("POST", f"/v1/rolls/{number}/remake", {"serials": serials, "reason": "missing and damaged on the photographs"},
                 token=service.assistant)
    again = fetch_roll(service, number)
    photograph(OUT / "photographs-again", again, "--jpeg", "92")
    verify(again, OUT / "photographs-again", service, OUT / "doubtful-again", "pass")
    service.call("POST", f"/v1/rolls/{number}/judge",
                 {"counted": True, "reason": "every bag counted against the plan"},
                 token=service.assistant)  # whoever packs or counts does not release
    return again


def moments(roll):
    """The moments of the roll in their order; two bags of one moment are one."""
    return sorted({bag["at"] for bag in doses(roll)})


def minutes_later(moment, minutes):
    at = datetime.datetime.fromisoformat(moment) + datetime.timedelta(minutes=minutes)
    return at.isoformat(timespec="minutes")


def write_script(roll):
    """What happens at the kitchen table: the first moment is taken, the second is missed."""
    first, second, third = moments(roll)[:3]
    taken = [bag for bag in doses(roll) if bag["at"] == first]
    script = OUT / "kitchen.jsonl"
    steps = [{"at": minutes_later(first, -30)},
             {"do": "wait-schedule", "version": 1, "timeout_ms": 60000},
             {"do": "load", "roll": str(OUT / f"{roll['roll']}.roll.json"), "bag": 1},
             {"do": "until", "at": minutes_later(first, 5)},
             *[{"do": "take"} for _ in taken],
             {"do": "until", "at": minutes_later(third, -1)},  # its window is closed by then
             {"do": "sync"}, {"do": "report"}]
    script.write_text("".join(json.dumps(step) + "\n" for step in steps))
    return script, second


class Dispenser:
    """The reference dispenser, a program of its own; it listens before the roll is released."""

    def __init__(self, service, script):
        code = service.call("POST", "/v1/enrolment-codes", {"role": "dispenser", "id": "keuken-1"})
        self.log = open(OUT / "dispenser.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [str(BIN / "rolwacht"), "dispense", "--server", service.address, "--state",
             str(OUT / "dispenser"), "--enroll", code["code"], "--ca", str(STATE / "keys/ca.pem"),
             "--script", str(script), "--json"],
            stdout=subprocess.PIPE, stderr=self.log, text=True)

    def until(self, what):
        """Reads what it says up to this happening."""
        for line in self.process.stdout:
            said = json.loads(line)
            if said.get("what") == what:
                return said
        raise Surprise(f"the dispenser never said {what}; see {OUT}/dispenser.log")

    def finish(self):
        said = [json.loads(line) for line in self.process.stdout]
        expect(self.process.wait(timeout=60) == 0, f"the dispenser failed; see {OUT}/dispenser.log")
        return said


def enrol_line(service):
    """What `verify` needs once, at the first roll of a new line."""
    code = service.call("POST", "/v1/enrolment-codes", {"role": "line", "id": "line-1"})
    return ["--enroll", code["code"], "--ca", STATE / "keys/ca.pem"]


def roll_reaches_the_kitchen(service, roll, dispenser):
    """8 the dispenser is told at once, downloads, checks the signature and its first bag."""
    dispenser.until("started")
    time.sleep(1.0)  # let it get to its stream: the push is what is shown here
    begun = time.monotonic()
    service.call("POST", f"/v1/rolls/{roll['roll']}/release", {"dispenser": "keuken-1"})
    pushed = dispenser.until("pushed")
    took = (time.monotonic() - begun) * 1000
    loading = dispenser.until("loading")
    expect(loading["word"] == "OK", f"the loading check says {loading['word']}")
    return (f"schedule {pushed['version']} at the dispenser {took:.0f} ms after the release was asked "
            f"for; signature good, first bag {loading['word']}")


def wait_for_alarm(service, wanted):
    """The first open alarm of that kind; the service looks once a second."""
    ends = time.monotonic() + 30
    found = None
    while not found and time.monotonic() < ends:
        found = next(filter(wanted, service.call("GET", "/v1/alarms?state=open")["alarms"]), None)
        time.sleep(0.1)
    return found


def missed_moment_becomes_an_alarm(service, roll, dispenser, second):
    """9 a missed moment becomes an alarm."""
    said = dispenser.finish()
    out = [note for note in said if note["what"] == "event" and note["word"] == "released"]
    expect(out, "the dispenser handed nothing out")
    if datetime.datetime.fromisoformat(second) > datetime.datetime.now(datetime.timezone.utc):
        ahead = wait_for_alarm(service, lambda alarm: alarm["type"] == "clock")
        expect(ahead, "a clock that is ahead is not told")
        return f"{len(out)} bag(s) handed out; the moments lie ahead of this machine's clock, which is the alarm {ahead['type']}"
    first = {bag["n"] for bag in doses(roll) if bag["at"] == moments(roll)[0]}
    alarm = wait_for_alarm(service, lambda alarm: (alarm["type"], alarm["roll"], alarm["due"]) == ("missed", roll["roll"], second))
    expect(alarm, f"no alarm tells of the bag of {second}")
    still = [one["bag"] for one in service.call("GET", "/v1/alarms?state=open")["alarms"] if one["bag"] in first]
    expect(not still, f"bags {still} were handed out and are an alarm")
    return f"{len(out)} bag(s) handed out at the first moment, alarm for bag {alarm['bag']} of {second}"


def show(service):
    steps = Steps()
    clients, sentence = orders_come_in(service)
    steps.done(sentence)
    rolls, sentence = rolls_are_planned(service, clients)
    steps.done(sentence)
    roll, other = rolls[0], rolls[-1]
    steps.done(roll_is_approved(service, roll))
    steps.done(labels_are_printed(service, roll))
    swapped, damaged, sentence = photographs_are_made(roll, other)
    steps.done(sentence)
    serials, sentence = faults_are_found(service, roll, swapped, damaged)
    steps.done(sentence)
    again = roll_is_made_good(service, roll, serials)
    steps.done(f"bags {swapped} and {damaged} under new serials {', '.join(new_serials(roll, again))}, "
               "all verified, ready for release")
    script, second = write_script(again)
    dispenser = Dispenser(service, script)
    steps.done(roll_reaches_the_kitchen(service, again, dispenser))
    steps.done(missed_moment_becomes_an_alarm(service, again, dispenser, second))


def new_serials(roll, again):
    old = {bag["serial"] for bag in roll["bags"]}
    return [bag["serial"] for bag in again["bags"] if bag["serial"] not in old]


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    begun = time.monotonic()
    service = None
    try:
        service = Service()
        show(service)
    except Surprise as surprise:
        print(f"the demonstration stopped: {surprise}", file=sys.stderr)
        return 1
    finally:
        if service is not None:
            service.stop()
    print(f"\ndone in {time.monotonic() - begun:.0f} s; look at\n"
          f"  {OUT}/labels.pdf          the labels, one page a bag\n"
          f"  {OUT}/strip.png           the whole roll as a strip\n"
          f"  {OUT}/photographs/        what the camera saw, with the two faults\n"
          f"  {OUT}/doubtful/           the bags that did not pass, with what was found\n"
          f"  {OUT}/doubtful.json       the verifier's report")
    return 0


if __name__ == "__main__":
    sys.exit(main())
