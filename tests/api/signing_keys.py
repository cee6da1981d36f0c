#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The key that signs schedules changes: dispensers hear of the new one before, one that was away follows the chain, a
stranger's list is refused (REQ-016), and a key from before there was a list goes on. TAP."""
import base64
import json
import subprocess
import time

import tap
from house import BIN, House
from nodes import prepare

SIGNS_AFTER_SECONDS = 5.5  # KEY_FILES_DELAY_MS and a little
LOOKS_SECONDS_MAX = 20     # the service looks at its list every two seconds, with sanitizers on a busy machine


def serve(*words):
    out = subprocess.run([BIN / "rolwacht-serve", *words], capture_output=True, text=True, timeout=60, check=False)
    return out.returncode, json.loads(out.stdout) if out.stdout else out.stderr


def rotate(house, days):
    status, made = serve("--rotate-schedule-key", str(days), "--state", house.state)
    assert status == 0, made
    return made


def dispense(state, *lines, words=()):
    """What the reference dispenser says while it does this, as notes."""
    script = state.parent / "script"
    script.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    done = subprocess.run([BIN / "rolwacht-dispense", "--json", "--state", state, "--script", script, *words],
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def signed_by(house, name):
    """The kid of the schedule that holds, and its version."""
    answer = house.call(name, "GET", f"/v1/dispensers/{name}/schedule")
    assert answer.status == 200, answer.body
    parts = answer.json
    head = json.loads(base64.urlsafe_b64decode(parts["protected"] + "=="))
    return head["kid"], int(answer.headers["etag"].strip('"v'))


def known(state):
    return [key["kid"] for key in json.loads((state / "signing-keys.json").read_text())["keys"]]


def public_of(house, kid):
    keys = json.loads((house.state / "keys/schedule.keys").read_text())["keys"]
    return next(key["public"] for key in keys if key["kid"] == kid)


def say(notes, what):
    return [note for note in notes if note["what"] == what]


def enrol(house, name):
    state = house.top / name
    code = house.call("administrator", "POST", "/v1/enrolment-codes", {"role": "dispenser", "id": name}).json["code"]
    status, notes, err = dispense(state, {"do": "sync"}, words=("--server", "https://" + house.people, "--ca", house.ca,
                                                                "--enroll", code))
    assert status == 0, (notes, err)
    house.devices[name] = {"pem": state / "client.pem", "key": state / "client.key"}
    return state


def change(house, roll, act, **words):
    answer = house.call("apo", "POST", f"/v1/rolls/{roll}/{act}", words)
    assert answer.status == 200, answer.body


def wait_for(condition, what):
    ends = time.monotonic() + LOOKS_SECONDS_MAX
    while not condition():
        assert time.monotonic() < ends, what
        time.sleep(0.2)


def from_before(house):
    """A service of before there was a list has one file; its key is the first of the list and goes on."""
    first = json.loads((house.state / "keys/schedule.keys").read_text())["keys"][0]["kid"]
    house.stop()
    (house.state / "keys/schedule.keys").unlink()
    (house.state / f"keys/schedule-{first}.ed25519").rename(house.state / "keys/schedule.ed25519")
    house.start()
    assert not (house.state / "keys/schedule.ed25519").exists()
    keys = json.loads((house.state / "keys/schedule.keys").read_text())["keys"]
    assert [key["kid"] for key in keys] == [first], keys
    return first


def check(house):
    first = from_before(house)
    roll = prepare(house)
    state = enrol(house, "d-7")
    change(house, roll, "release", dispenser="d-7")
    status, notes, err = dispense(state, {"do": "sync"})
    assert status == 0 and say(notes, "schedule"), (notes, err)
    assert signed_by(house, "d-7") == (first, 1)

    second = rotate(house, 0)["kid"]  # the dispenser is away meanwhile
    time.sleep(SIGNS_AFTER_SECONDS)
    change(house, roll, "withdraw", reason="proef")
    assert signed_by(house, "d-7") == (second, 2)
    status, notes, err = dispense(state, {"do": "sync"})
    assert status == 0 and say(notes, "signing-keys")[0]["word"] == "followed", (notes, err)
    assert [note["version"] for note in say(notes, "schedule")] == [2], notes
    assert known(state) == [first, second]
    status, notes, err = dispense(state, {"do": "sync"})  # what was kept is read again, with the list that was kept
    assert status == 0 and not say(notes, "signing-keys"), (notes, err)

    third = rotate(house, 1)["kid"]
    assert serve("--rotate-schedule-key", "0", "--state", house.state)[0] == 4  # the one that is announced comes first
    wait_for(lambda: house.sql(f"SELECT 1 FROM journal WHERE action = 'signing-key' AND object_id = '{third}'"),
             "the new key is not in the journal")
    status, notes, err = dispense(state, {"do": "pause"}, {"do": "resume"}, {"do": "sync"})
    assert status == 0 and say(notes, "signing-keys"), (notes, err)
    assert known(state) == [first, second, third]
    assert (house.state / f"keys/schedule-{second}.ed25519").exists()  # it signs for a day more
    late = enrol(house, "d-8")
    assert known(late) == [first, second, third]
    assert json.loads((late / "device.json").read_text())["signing_key"] == public_of(house, second)


def main():
    house = House()
    print("1..1", flush=True)
    wrong = []
    try:
        check(house)
    except AssertionError as error:
        wrong.append(str(error) or "failed")
    signs, log = house.close()
    tap.conclude("the key of schedules changes and no dispenser stays behind", wrong, signs, log)


if __name__ == "__main__":
    main()
