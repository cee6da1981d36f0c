#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""line [BAGS]: whole verdicts a minute on two cores, one 5-megapixel frame a bag.

A roll is photographed at 2592 x 1944 pixels, one bag a frame, as JPEG files. `rolwacht verify` then
judges it alone, which gives the time that a pharmacist waits for a roll, and twice at the same time,
which gives what two cores do. Loading the frames is counted.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
CORES = 2


def make(folder, days):
    roll = folder / "roll.json"
    roll.write_bytes(subprocess.run([BIN / "sample-roll", "7", str(days), "nl"], check=True,
                                    stdout=subprocess.PIPE).stdout)
    subprocess.run([BIN / "photograph", "--roll", roll, "--seed", "1", "-o", folder / "frames", "--size",
                    "2592x1944", "--scale", "28", "--jpeg", "90"], check=True)
    return roll, sorted((folder / "frames").glob("f*.jpg"))


def start(roll, frames):
    """A folder of state without a key: one that this machine has would call each code forged."""
    return subprocess.Popen([BIN / "rolwacht", "verify", "--state", roll.parent / "state", "--roll", roll, *frames],
                            stdout=subprocess.PIPE, text=True)


def judge(roll, frames, at_once):
    """Seconds on the wall, seconds of CPU, and the reports."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    runs = [start(roll, frames) for _ in range(at_once)]
    reports = [json.loads(run.communicate()[0]) for run in runs]
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, reports


def say(unit, ours, **more):
    print(json.dumps({"bench": "line", "ours": round(ours, 2), "peer": None, "theirs": None, "ratio": None,
                      "unit": unit, **more}), flush=True)


def main():
    days = max(1, int(sys.argv[1]) // 3) if len(sys.argv) > 1 else 18  # of 56 bags
    with tempfile.TemporaryDirectory() as name:
        roll, frames = make(pathlib.Path(name), days)
        wall, cpu, reports = judge(roll, frames, 1)
        passed = sum(bag["verdict"] == "pass" for bag in reports[0]["bags"])
        say("seconds a roll", wall, bags=len(frames), passed=passed)
        say("CPU ms a bag", 1000 * cpu / len(frames))
        wall, cpu, reports = judge(roll, frames, CORES)
        say("verdicts a minute on two cores", 60 * CORES * len(frames) / wall)
        say("verdicts a minute of two cores' CPU", 60 * CORES * CORES * len(frames) / cpu)


if __name__ == "__main__":
    main()
