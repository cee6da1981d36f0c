#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts the service from a relative folder, with what cannot be used, and stops it in the middle of a start. Output is TAP."""
import functools
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

import tap
from bound import bound
from house import BIN, SIGNS_OF_A_BUG, House

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
FILES = 1000  # of which the service keeps 200 for itself, and an eighth of the rest for people
MOMENTS = (0.02, 0.3, 0.9, 1.6)  # into the first start: keys, initdb, the server, the migrations


def limit_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


def start(top, *words, before=None):
    return subprocess.Popen(bound(BIN / "rolwacht-serve", "--listen", "127.0.0.1:0", "--listen-devices",
                                  "127.0.0.1:0", *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            cwd=top, preexec_fn=before)


def stop(process):
    """Gives exit status, what it said, and the seconds it took."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=START_SECONDS_MAX)
    return process.returncode, out, err.decode(), time.monotonic() - begun


def of_folder(folder):
    """The processes that name this folder on their command line or work in it."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace")
            if entry.name.isdigit() and int(entry.name) != os.getpid() and \
                    (str(folder) in words or str(folder) in os.readlink(entry / "cwd")):
                found.append(words.replace("\0", " "))
        except OSError:
            pass
    return found


def a_relative_folder(top):
    process = start(top, "--state", "here", before=limit_files)
    line = process.stdout.readline()
    status, _, err, _ = stop(process)
    assert line and status == 0, err
    assert '"connections_of_devices":"700"' in err and "few-files-may-be-open" in err, err
    assert (top / "here/postgres/data/PG_VERSION").exists() or "database-elsewhere" in err, err
    return err


def wait_until_it_takes_signals(process):
    """On a busy machine its libraries alone take a second; before that a signal just ends it."""
    status = pathlib.Path(f"/proc/{process.pid}/status")
    ends = time.monotonic() + STOP_SECONDS_MAX
    while time.monotonic() < ends:
        blocked = int(re.search(r"^SigBlk:\s*(\w+)$", status.read_text(), re.M)[1], 16)
        if blocked >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.005)
    raise AssertionError("it never blocks the signal")


def told_to_stop_early(top):
    said = ""
    for moment in MOMENTS:
        folder = top / f"after-{moment}"
        process = start(top, "--state", folder)
        wait_until_it_takes_signals(process)
        time.sleep(moment)  # the moment is the test
        status, out, err, seconds = stop(process)
        said += err
        assert status == 0, (moment, status, err)
        assert seconds < STOP_SECONDS_MAX, (moment, seconds)
        assert not of_folder(folder), (moment, of_folder(folder))
        if moment < 0.5:
            assert out == b"", out
    process = start(top, "--state", top / f"after-{MOMENTS[1]}")
    line = process.stdout.readline()
    status, _, err, _ = stop(process)
    assert line and status == 0, err
    return said + err


def a_start_that_cannot_be(top):
    """Each is refused before the database was started, with a word that points at the place."""
    broken = top / "service.json"
    broken.write_text("{")
    file = top / "file"
    file.touch()
    key = top / "four/keys/totp.hmac"
    key.parent.mkdir(parents=True, mode=0o700)
    key.write_text("short")
    said = ""
    for words, place in ((("--state", top / "one", "--config", broken), "service.json"),
                         (("--state", top / "two", "--config", top / "absent.json"), "absent.json"),
                         (("--state", file / "three"), "three"), (("--state", top / "four"), "totp.hmac")):
        process = start(top, *words)
        out, err = process.communicate(timeout=START_SECONDS_MAX)
        said += err.decode()
        assert process.returncode in (2, 3, 4) and out == b"", (words, process.returncode, err)
        assert place in err.decode(), (words, err)
    return said


def opened_later(top):
    """Its first database lies elsewhere, since the parent is closed; it stays the one when that is opened."""
    if os.geteuid() != 0:
        raise tap.Skip("only root has an account that may not enter")
    state = top / "closed/state"
    state.parent.mkdir(mode=0o700)
    said, held = "", []
    for mode in (0o700, 0o711):
        os.chmod(state.parent, mode)
        process = start(top, "--state", state, "--database-only")
        line = process.stdout.readline()
        words = dict(word.split("=") for word in json.loads(line)["database"].split())
        out = subprocess.run([House.psql(), "-h", words["host"], "-U", words["user"], "-d", words["dbname"], "-XAtc",
                              "SELECT system_identifier FROM pg_control_system()"], capture_output=True, text=True, check=True)
        held.append(out.stdout)
        status, _, err, _ = stop(process)
        assert status == 0, err
        said += err
    places = [json.loads(line)["folder"] for line in said.splitlines() if "database-elsewhere" in line]
    process = None
    try:
        assert held[0] == held[1] and len(places) == 2, (held, said)
        shutil.rmtree(state / "keys")
        process = start(top, "--state", state)
        out, err = process.communicate(timeout=START_SECONDS_MAX)
        assert process.returncode == 4 and out == b"" and places[0] in err.decode(), err
        return said + err.decode()
    finally:
        shutil.rmtree(places[0])


def tried(test):
    """The test in a folder that another user may enter; what is told holds no fault of ours."""
    top = pathlib.Path(tempfile.mkdtemp(prefix="rw-start-"))
    os.chmod(top, 0o711)
    try:
        said = test(top)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    return [sign for sign in SIGNS_OF_A_BUG if sign in said]


def main():
    tests = ((a_relative_folder, "a relative --state is taken from where the service was started"),
             (a_start_that_cannot_be, "a configuration, a folder or a key that cannot be used is told"),
             (opened_later, "a database that was made elsewhere stays the one, and is not joined by other keys"),
             (told_to_stop_early, "a service that is told to stop while it starts leaves nothing behind"))
    tap.play([(title, functools.partial(tried, test)) for test, title in tests], None)


if __name__ == "__main__":
    main()
