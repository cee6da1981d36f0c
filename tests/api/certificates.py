#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certificates that grow old: the reference dispenser renews its own, an expired one opens nothing. TAP."""
import datetime
import hashlib
import json
import signal
import ssl
import subprocess
import time

import tap
from bound import bound
from clock import Warp
from house import BIN, House

DAY_S = 86400
TOLD_SECONDS_MAX = 60
QUIET_SECONDS = 3  # it looks at its clock each second

CONFIG = """[ca]
default_ca = c
[c]
database = {top}/index
new_certs_dir = {top}
serial = {top}/serial
default_md = sha256
policy = p
unique_subject = no
[p]
commonName = supplied
organizationalUnitName = optional
"""


def stamp(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")


def certify(house, state, device, from_days, until_days):
    """Puts a certificate of the house's own CA with other dates into the device's folder."""
    role, name = device
    top = house.top / "ca"
    top.mkdir(exist_ok=True)
    (top / "index").write_text("")
    (top / "serial").write_text("77\n")
    (top / "config").write_text(CONFIG.format(top=top))
    keys = house.state / "keys"
    subprocess.run(["openssl", "req", "-new", "-key", state / "client.key", "-subj", f"/CN={name}/OU={role}",
                    "-out", top / "csr"], check=True, capture_output=True)
    subprocess.run(["openssl", "ca", "-batch", "-config", top / "config", "-cert", keys / "ca.pem", "-keyfile",
                    keys / "ca.key", "-in", top / "csr", "-out", top / "pem", "-notext", "-startdate",
                    stamp(from_days), "-enddate", stamp(until_days)], check=True, capture_output=True)
    pem = (top / "pem").read_text()
    (state / "client.pem").write_text(pem)
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    house.sql("INSERT INTO devices (pharmacy_id, fingerprint, role, device_id, issued_ms) SELECT pharmacy_id,"
              f" '{fingerprint}', '{role}', '{name}', 1 FROM pharmacies")
    house.devices[name] = {"pem": state / "client.pem", "key": state / "client.key"}
    return pem


def dispense(state, *words):
    script = state.parent / "script"
    script.write_text('{"do":"sync"}\n')
    done = subprocess.run([BIN / "rolwacht-dispense", "--json", "--state", state, "--script", script, *words],
                          capture_output=True, text=True, timeout=60, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def told(notes):
    return [note.get("word") for note in notes if note["what"] == "certificate"]


def in_time(house, state):
    """By a dispenser that starts; one that has expired opens nothing."""
    code = house.call("administrator", "POST", "/v1/enrolment-codes", {"role": "dispenser", "id": "d-7"}).json["code"]
    notes, err = dispense(state, "--server", "https://" + house.people, "--ca", house.ca, "--enroll", code)
    if told(notes):
        yield f"a new certificate was renewed: {notes} {err}"
    old = certify(house, state, ("dispenser", "d-7"), -300, 65)
    notes, err = dispense(state)
    if told(notes) != ["renewed"] or (state / "client.pem").read_text() == old:
        yield f"an old certificate was not renewed: {notes} {err}"
    notes, err = dispense(state)
    if told(notes):
        yield f"it was renewed again at once: {notes} {err}"
    if house.call("d-7", "GET", "/v1/dispensers/d-7/schedule?wait=0").status != 404:
        yield "the new certificate opens nothing"
    certify(house, state, ("dispenser", "d-7"), -300, -1)
    try:
        yield f"an expired one opened: {house.call('d-7', 'GET', '/healthz').status}"
    except OSError as error:
        if "certificate expired" not in str(error).lower().replace("_", " "):
            yield f"why is not said: {error}"


class Running:
    """A dispenser that runs for days: its clock is set on, the service's stays where it is."""

    def __init__(self, state):
        self.warp = Warp(state.parent)
        self.said = state.parent / "said"
        with open(self.said, "wb") as said:
            self.process = subprocess.Popen(bound(BIN / "rolwacht-dispense", "--json", "--state", state), stdout=said,
                                            stderr=subprocess.PIPE, env=self.warp.environment)

    def to_day(self, days):
        self.warp.to(round(days * DAY_S))

    def told(self):
        lines = self.said.read_bytes().splitlines(keepends=True)
        notes = [json.loads(line) for line in lines if line.endswith(b"\n")]
        return [note for note in notes if note["what"] == "certificate"]

    def wait_for(self, count):
        ends = time.monotonic() + TOLD_SECONDS_MAX
        while len(self.told()) < count and time.monotonic() < ends:
            time.sleep(0.1)
        return [note["word"] for note in self.told()]

    def stays_at(self, count):
        time.sleep(QUIET_SECONDS)
        return len(self.told()) == count

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, err = self.process.communicate(timeout=TOLD_SECONDS_MAX)
        return self.process.returncode, err.decode()


def each_day(house, state):
    """Two thirds of its year are over in three days: it is tried once a day from then on, until it is there."""
    old = certify(house, state, ("dispenser", "d-7"), -240, 125)
    running = Running(state)
    running.to_day(2)
    if not running.stays_at(0):
        yield f"it was renewed too early: {running.told()}"
    house.sql("UPDATE devices SET revoked_ms = 1")
    running.to_day(4)
    if running.wait_for(1)[:1] in ([], ["renewed"]) or not running.stays_at(1):
        yield f"a try that failed is told once: {running.told()}"
    running.to_day(4.9)
    if not running.stays_at(1):
        yield f"the next try came within a day: {running.told()}"
    running.to_day(5.1)
    if len(running.wait_for(2)) != 2 or not running.stays_at(2):
        yield f"there was no try on the next day: {running.told()}"
    house.sql("UPDATE devices SET revoked_ms = NULL")
    running.to_day(6.2)
    if running.wait_for(3)[2:] != ["renewed"] or (state / "client.pem").read_text() == old:
        yield f"it is not renewed on the day on which it can be: {running.told()}"
    running.to_day(7.3)
    if not running.stays_at(3):
        yield f"it was renewed again: {running.told()}"
    status, err = running.stop()
    if status != 0 or "Sanitizer" in err:
        yield f"it ended with {status}: {err[-1000:]}"


def main():
    house = House()
    tests = (("certificates are renewed in time and end with their time", in_time),
             ("one that could not be renewed is tried again each day", each_day))
    tap.play(tests, house, house, house.top / "d-7")


if __name__ == "__main__":
    main()
