#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certificates that grow old: the reference dispenser renews its own, an expired one opens nothing. TAP."""
import datetime
import hashlib
import json
import ssl
import subprocess

import tap
from house import BIN, House

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


def main():
    house = House()
    wrong = []
    try:
        state = house.top / "d-7"
        code = house.call("administrator", "POST", "/v1/enrolment-codes", {"role": "dispenser", "id": "d-7"}).json["code"]
        notes, err = dispense(state, "--server", "https://" + house.people, "--ca", house.ca, "--enroll", code)
        wrong += [] if told(notes) == [] else [f"a new certificate was renewed: {notes} {err}"]
        old = certify(house, state, ("dispenser", "d-7"), -300, 65)
        notes, err = dispense(state)
        if told(notes) != ["renewed"] or (state / "client.pem").read_text() == old:
            wrong.append(f"an old certificate was not renewed: {notes} {err}")
        notes, err = dispense(state)
        wrong += [] if told(notes) == [] else [f"it was renewed again at once: {notes} {err}"]
        if house.call("d-7", "GET", "/v1/dispensers/d-7/schedule?wait=0").status != 404:
            wrong.append("the new certificate opens nothing")
        certify(house, state, ("dispenser", "d-7"), -300, -1)
        try:
            wrong.append(f"an expired one opened: {house.call('d-7', 'GET', '/healthz').status}")
        except OSError as error:
            wrong += [] if "certificate expired" in str(error).lower().replace("_", " ") else [f"why is not said: {error}"]
    finally:
        signs, log = house.close()
    print("1..1")
    tap.conclude("certificates are renewed in time and end with their time", wrong, signs, log)


if __name__ == "__main__":
    main()
