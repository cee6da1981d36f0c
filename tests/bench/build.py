# SPDX-License-Identifier: Apache-2.0
"""Rolls a second from files, on one core and on two, beside the recurrences of the library rrule.

BUILD_BENCH_CLIENTS=370000 builds the whole country, which takes 20 GB of room in TMPDIR.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import clients  # noqa: E402

ROOT = clients.ROOT
BIN = pathlib.Path(os.environ.get("ROLWACHT_BIN", str(ROOT / "build/release/bin")))
SMALL = 1000
COUNT = int(os.environ.get("BUILD_BENCH_CLIENTS", "50000"))
DAYS = 7
COUNTRY = 370000  # clients with a roll in the Netherlands


def run(words):
    """Seconds, seconds of processor, and the largest process in KiB."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit("build ended with status %d" % os.waitstatus_to_exitcode(status))
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def build(folder, count, jobs):
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    words = [BIN / "rolwacht-build", "--from", "2026-11-23", "--days", DAYS, "--quiet", "--jobs", jobs,
             "--policy", ROOT / "samples/policy.json", "--products", ROOT / "samples/products.json",
             "--state", folder / "state", "-o", out, folder / ("in%d" % count)]
    seconds, processor, peak = run(words)
    assert json.loads((out / "summary.json").read_text())["rolls"] == count
    return {"clients": count, "jobs": jobs, "ours": round(count / seconds, 1), "unit": "rolls/s",
            "processor_ms_a_roll": round(1000 * processor / count, 2), "peak_kib": peak,
            "country_minutes": round(COUNTRY * seconds / count / 60, 1),
            "country_is": "measured" if count >= COUNTRY else "extrapolated"}


def recurrences(folder, count):
    """What plan and rrule each make of the same orders: intakes a second, without bags."""
    files = sorted((folder / ("in%d" % count)).iterdir())[:500]
    begin = time.monotonic()
    lines = subprocess.run([str(BIN / "rolwacht-plan"), "--from", "2026-11-23", "--days", str(DAYS),
                            "--policy", str(ROOT / "samples/policy.json"), *map(str, files)],
                           stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    ours = time.monotonic() - begin
    intakes = sum(len(json.loads(line)["intakes"]) for line in lines)
    measure = {"bench": "build", "what": "recurrences", "orders": len(lines), "intakes": intakes,
               "ours": round(intakes / ours), "peer": "rrule", "unit": "intakes/s"}
    node = shutil.which("node")
    peer = node and subprocess.run([node, str(ROOT / "tests/peers/rrule.mjs"), str(DAYS), *map(str, files)],
                                   stdout=subprocess.PIPE, text=True, check=False)
    if not peer or peer.returncode != 0:
        return {**measure, "theirs": None, "ratio": None, "note": "rrule is not installed"}
    theirs = json.loads(peer.stdout)
    return {**measure, "theirs": round(theirs["intakes"] / theirs["seconds"]),
            "theirs_intakes": theirs["intakes"],
            "ratio": round(intakes / ours / (theirs["intakes"] / theirs["seconds"]), 2),
            "note": "ours reads, checks and prints each order and starts a process; theirs has its rules in memory"}


def main():
    with tempfile.TemporaryDirectory(prefix="rw-bench-build-") as name:
        folder = pathlib.Path(name)
        for count, jobs in ((SMALL, 1), (SMALL, 2), (COUNT, 2)):
            if not (folder / ("in%d" % count)).exists():
                clients.write(folder / ("in%d" % count), count)
            print(json.dumps({"bench": "build", **build(folder, count, jobs)}), flush=True)
        print(json.dumps(recurrences(folder, SMALL)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
