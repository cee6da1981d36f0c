#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets verify watch a strip that runs, stops and goes back; output is TAP.

The video is rendered: a bag lies in it twice, one is missing and one bears another medicine.
"""

import glob
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
SECONDS_MAX = 300


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False,
                          timeout=SECONDS_MAX)


class Line:
    """A folder with a roll, its key and pictures of it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.roll = self.folder / "roll.json"
        self.roll.write_text(run(BIN / "sample-roll", 5, 1, "nl").stdout)
        (self.folder / "state/keys").mkdir(parents=True)
        key = self.folder / "state/keys/pharmacy.hmac"
        key.write_bytes(bytes(range(32)))
        key.chmod(0o600)
        self.hook = self.folder / "stop"
        self.hook.write_text(f'#!/bin/sh\necho "$@" >>"{self.folder}/stops"\n')
        self.hook.chmod(0o700)

    def photograph(self, *words):
        done = run(BIN / "photograph", "--roll", self.roll, "--seed", 4, "-o", self.folder, *words)
        assert done.returncode == 0, done.stderr

    def verify(self, *words):
        return run(BIN / "rolwacht", "verify", "--roll", self.roll, "--state", self.folder / "state",
                   *words)


def a_strip_is_followed(folder):
    """Counted once though it goes back; each fail runs the command; lines come before the report."""
    line = Line(folder)
    line.photograph("--video", line.folder / "a.avi", "--size", "880x1180", "--scale", 12,
                    "--hesitate", "--fault",
                    "1:doubled", "--missing", 2, "--fault", "3:drug", "--no-tablets")
    done = line.verify("--video", line.folder / "a.avi", "--json", "--on-stop", line.hook, "--out",
                       line.folder / "out")
    assert done.returncode == 1, (done.returncode, done.stderr)
    *lines, report = [json.loads(text) for text in done.stdout.splitlines()]
    verdicts = {bag["n"]: (bag["verdict"], bag["reasons"]) for bag in report["bags"]}
    assert verdicts[0] == ("pass", []), verdicts
    assert verdicts[1][0] == "fail" and "twice" in verdicts[1][1], verdicts
    assert verdicts[2] == ("missing", ["not-seen", "gap"]), verdicts
    assert verdicts[3][0] == "fail" and "text-differs" in verdicts[3][1], verdicts
    assert all(verdict == ("pass", []) for n, verdict in verdicts.items() if n > 3), verdicts
    assert {said["n"] for said in lines} <= set(verdicts) and len(lines) >= 3, lines
    stops = (line.folder / "stops").read_text().splitlines()
    number = report["roll"]
    assert f"{number} 3 text-differs" in stops and f"{number} 1 twice" in stops, stops
    assert (line.folder / "out/bag-003.png").read_bytes().startswith(b"\x89PNG")
    assert not (line.folder / "out/bag-000.png").exists()


def a_command_that_fails_is_told(folder):
    line = Line(folder)
    line.photograph("--fault", "1:void", "--no-tablets")
    pictures = sorted(line.folder.glob("f*.png"))
    done = line.verify("--on-stop", line.folder / "absent", *pictures)
    assert done.returncode == 4 and "absent" in done.stderr, (done.returncode, done.stderr)
    assert json.loads(done.stdout)["verdict"] == "fail"


def setup_says_what_to_change(folder):
    line = Line(folder)
    line.photograph("--no-tablets", "--missing", 2, "--missing", 3)
    picture = line.folder / "f0001.png"
    done = run(BIN / "rolwacht", "verify", "--setup", "--json", picture)
    said = json.loads(done.stdout)
    assert done.returncode == 0 and said["advice"] == [], (done.returncode, said)
    assert said["codes"] == 1 and 4.9 < said["module_px"] < 5.4, said
    words = run(BIN / "rolwacht", "verify", "--setup", picture)
    assert "good as it is" in words.stdout and "module 5." in words.stdout, words.stdout
    empty = line.folder / "empty.pgm"
    empty.write_bytes(b"P5 64 64 255\n" + bytes([90]) * 4096)
    done = run(BIN / "rolwacht", "verify", "--setup", "--json", empty)
    assert done.returncode == 1 and json.loads(done.stdout)["advice"] == ["no-symbol"], done.stdout


def sources_that_are_none_are_told(folder):
    line = Line(folder)
    (line.folder / "no.avi").write_text("no video\n")
    done = line.verify("--video", line.folder / "no.avi")
    assert done.returncode == 3 and "no.avi" in done.stderr, (done.returncode, done.stderr)
    done = line.verify("--camera", "99")
    assert done.returncode == 4 and "99" in done.stderr, (done.returncode, done.stderr)
    done = line.verify("--video", "a.avi", "--camera", "0")
    assert done.returncode == 2, done.returncode


def a_camera_gives_frames(_):
    """Needs a camera; says skipped where there is none."""
    cameras = sorted(glob.glob("/dev/video*"))
    if not cameras:
        return "no camera"
    with subprocess.Popen([str(BIN / "rolwacht"), "verify", "--setup", "--json", "--camera", cameras[0]],
                          stdout=subprocess.PIPE, text=True) as watching:
        first = json.loads(watching.stdout.readline())
        watching.terminate()
    assert first["frame"] == "camera#1", first
    return None


CASES = [a_strip_is_followed, a_command_that_fails_is_told, setup_says_what_to_change,
         sources_that_are_none_are_told, a_camera_gives_frames]


def main():
    print(f"1..{len(CASES)}")
    failed = 0
    for number, case in enumerate(CASES, 1):
        name = case.__name__.replace("_", " ")
        with tempfile.TemporaryDirectory() as folder:
            try:
                skipped = case(folder)
                print(f"ok {number} - {name}" + (f" # SKIP {skipped}" if skipped else ""))
            except (AssertionError, KeyError, IndexError, ValueError, OSError) as fault:
                failed += 1
                print(f"not ok {number} - {name}\n# {fault!r}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
