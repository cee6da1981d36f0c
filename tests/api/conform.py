#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the service with the conformance kit, and the kit with services that break rules. Output is TAP."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
sys.path.insert(0, str(ROOT / "tests/unit/dispenser"))
import tap  # noqa: E402
from house import BIN, TOOLS, House, soon  # noqa: E402
from service import Service  # noqa: E402

RULES = 21


def kit(state, *words):
    done = subprocess.run([BIN / "rolwacht-dispense", "--conform", "--state", state, *words],
                          capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


def enrol(house, name, state, *words):
    """Invites a dispenser and lets the kit enrol it."""
    code = house.call("administrator", "POST", "/v1/enrolment-codes",
                      {"role": "dispenser", "id": name}).json["code"]
    return kit(state, "--server", "https://" + house.people, "--ca", house.ca, "--enroll", code, *words)


def release(house, dispenser):
    house.make_token("apo", "apotheker")
    house.make_device("line", "l-1")
    for kind in ("policy", "products"):
        house.call("apo", "PUT", f"/v1/{kind}", (ROOT / f"samples/{kind}.json").read_bytes())
    house.call("apo", "POST", "/v1/orders", (ROOT / "samples/orders-c1003.json").read_bytes())
    roll = house.call("apo", "POST", "/v1/rolls", {"client": "c1003", "from": soon(), "days": 2}).json["roll"]
    house.call("apo", "POST", f"/v1/rolls/{roll}/approve",
               {"overrides": [{"finding": "D14", "reason": "gezien"}]})
    house.call("apo", "POST", f"/v1/rolls/{roll}/print")
    for _, serial in house.bags(roll):
        house.verdict("l-1", roll, serial, "pass")
    house.call("apo", "POST", f"/v1/rolls/{roll}/judge", {"counted": True, "reason": "nageteld"})
    answer = house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": dispenser})
    assert answer.status == 200, answer.body


def ours(top):
    house = House()
    try:
        trial, gone = top / "trial", top / "gone"
        status, out, err = enrol(house, "d-9", trial)
        assert status == 1 and "not ok 1 - " in out, (status, out, err)  # nothing was released yet
        assert "not ok 19 - " in out and "certificate of before" not in out, out
        enrol(house, "d-8", gone)
        assert house.call("administrator", "DELETE", "/v1/devices/dispenser/d-8").status == 204
        release(house, "d-9")
        status, out, err = kit(trial, "--revoked", gone)
        assert status == 0 and out.startswith(f"1..{RULES}\n"), (status, out, err)
        assert out.count("\nok ") == RULES and "SKIP" not in out, out
        assert out.endswith(f"# {RULES} kept, 0 broken, 0 skipped\n"), out
        assert out.count("a dispenser: ") == RULES
        status, out, err = kit(trial, "--json")  # with the certificate that was renewed above
        lines = [json.loads(line) for line in out.splitlines()]
        assert status == 0 and len(lines) == RULES, (status, out, err)
        assert [line["n"] for line in lines if line["outcome"] == "skipped"] == [20], out
        (trial / "journal").write_bytes(b"")
        assert kit(trial)[0] == 2
    finally:
        signs, log = house.close()
    assert not signs, log[-2000:]


def another(top):
    """A service that Python plays holds no question and reads bodies of any size."""
    folder = top / "service"
    folder.mkdir()
    service = Service(str(folder), str(TOOLS / "device_maker"))
    try:
        status, out, err = kit(top / "state", "--server", service.url(service.people), "--ca",
                               folder / "ca.pem", "--enroll", "code-1", "--json")
        outcomes = {line["n"]: line["outcome"] for line in map(json.loads, out.splitlines())}
        assert status == 1, (status, out, err)
        assert len(outcomes) == RULES, (out, err)
        assert outcomes[1] == outcomes[5] == outcomes[12] == outcomes[19] == "broken", out
        assert outcomes[8] == outcomes[9] == outcomes[10] == "kept", out
        assert outcomes[17] == "kept", out
        assert outcomes[20] == "skipped", out
    finally:
        service.close()


def main():
    tap.play([("the service keeps every rule of the kit", tap.in_folder(ours)),
              ("the kit finds what another service does otherwise", tap.in_folder(another))], None)


if __name__ == "__main__":
    main()
