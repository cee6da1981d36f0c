# SPDX-License-Identifier: Apache-2.0
"""Rolls a second on one core and on two: of orders in memory, of JSON in memory, and from files to files;
and the recurrences of the same orders beside the library rrule.

BUILD_BENCH_CLIENTS=370000 builds the whole country, which takes 25 GB of room in TMPDIR. Nothing is deleted before
the end: ext4 looks again and again at what was deleted in the last minutes when it makes new files.
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
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "building")]
import clients  # noqa: E402
import watch  # noqa: E402

ROOT = clients.ROOT
BIN = pathlib.Path(os.environ.get("ROLWACHT_BIN", str(ROOT / "build/release/bin")))
BENCH_BIN = pathlib.Path(os.environ.get("ROLWACHT_BENCH_BIN", str(ROOT / "build/release/bench-bin")))
SMALL = 1000
ROUNDS = 3  # of the same clients, in memory
COUNT = int(os.environ.get("BUILD_BENCH_CLIENTS", "20000"))
DAYS = 7
FILLING = 3  # processes that keep two cores busy: each waits for the disk now and then
COUNTRY = 370000  # clients with a roll in the Netherlands
BYTES_A_CLIENT = 60000  # of room: 16 kB of orders and 40 kB of roll, in blocks
POLICY = ROOT / "samples/policy.json"
PRODUCTS = ROOT / "samples/products.json"


def measure(what, count, jobs, seconds, processor):
    return {"bench": "build", "what": what, "clients": count, "jobs": jobs, "seconds": round(seconds, 2),
            "ours": round(count / seconds, 1), "unit": "rolls/s",
            "processor_ms_a_roll": round(1000 * processor / count, 3),
            "country_minutes": round(COUNTRY * seconds / count / 60, 2),
            "country_is": "measured" if count >= COUNTRY else "extrapolated"}


def in_memory(folder, what, jobs):
    """"orders": parsed orders to a roll in memory. "json": bytes to bytes, read back as a build does."""
    done = json.loads(subprocess.run(
        [BENCH_BIN / "building/build_rolls", what, str(jobs), str(ROUNDS), POLICY, PRODUCTS,
         *sorted(folder.iterdir())], stdout=subprocess.PIPE, check=True).stdout)
    return {**measure(what, done["rolls"], jobs, done["seconds"], done["processor"]), "peak_kib": done["peak_kib"],
            "inputs_kib": done["inputs_kib"]}


def from_files(folder, count, jobs):
    """The command itself, from a folder with a file a client to rolls that are safe on the disk."""
    out = folder / f"out{count}-{jobs}"
    used = watch.run([BIN / "rolwacht-build", "--from", "2026-11-23", "--days", DAYS, "--jobs", jobs,
                      "--policy", POLICY, "--products", PRODUCTS, "--state", folder / "state", "-o", out,
                      folder / ("in%d" % count)])
    with open(out / "summary.json", "rb") as file:
        file.seek(-400, os.SEEK_END)
        assert b'"rolls":%d,' % count in file.read()
    return {**measure("files", count, jobs, used["seconds"], used["processor"]), "peak_kib": used["peak_kib"],
            "peak_together_kib": used["peak_together_kib"]}


def why_not(peer):
    """Why a peer gave nothing: the last line that it wrote."""
    lines = [line for line in peer.stderr.splitlines() if line.strip()]
    return "rrule gave nothing (status %d): %s" % (peer.returncode, lines[-1] if lines else "no reason")


def recurrences(folder):
    """What plan and rrule each make of the same orders: intakes a second, without bags."""
    files = sorted(folder.iterdir())[:500]
    begin = time.monotonic()
    lines = subprocess.run([BIN / "rolwacht-plan", "--from", "2026-11-23", "--days", str(DAYS),
                            "--policy", POLICY, *files],
                           stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    ours = time.monotonic() - begin
    intakes = sum(len(json.loads(line)["intakes"]) for line in lines)
    row = {"bench": "build", "what": "recurrences", "orders": len(lines), "intakes": intakes,
           "ours": round(intakes / ours), "peer": "rrule", "unit": "intakes/s"}
    peer = subprocess.run(["sh", ROOT / "tests/peers/node.sh", ROOT / "tests/peers/rrule.mjs", str(DAYS), *files],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if peer.returncode != 0:
        return {**row, "theirs": None, "ratio": None, "note": why_not(peer)}
    theirs = json.loads(peer.stdout)
    assert theirs["intakes"] == intakes, "the two disagree on how often something is taken"
    return {**row, "theirs": round(theirs["intakes"] / theirs["seconds"]),
            "ratio": round(intakes / ours / (theirs["intakes"] / theirs["seconds"]), 2),
            "note": "ours reads, checks and prints each order and starts a process; theirs has its rules in memory"}


def table(rows):
    """The same for a person, on standard error."""
    print("%-12s %8s %5s %10s %9s %12s %10s %13s %12s" % ("", "clients", "jobs", "rolls/s", "seconds", "ms CPU/roll",
                                                          "peak MiB", "orders of it", "country"), file=sys.stderr)
    for row in rows:
        if "clients" not in row:
            print("%-12s ours %s, %s %s intakes/s" % (row["what"], row["ours"], row["peer"], row["theirs"]),
                  file=sys.stderr)
            continue
        print("%-12s %8d %5d %10.1f %9.1f %12.2f %10.1f %13.1f %8.1f min%s"
              % (row["what"], row["clients"], row["jobs"], row["ours"], row["seconds"], row["processor_ms_a_roll"],
                 row.get("peak_together_kib", row["peak_kib"]) / 1024, row.get("inputs_kib", 0) / 1024,
                 row["country_minutes"],
                 "" if row["country_is"] == "measured" else " (extrapolated)"), file=sys.stderr)


def check_room(folder):
    free = shutil.disk_usage(folder).free
    wanted = (COUNT + COUNT // 10) * BYTES_A_CLIENT
    if free < wanted:
        raise SystemExit(f"{folder} has {free / 1e9:.0f} GB of room; {COUNT} clients and a tenth of them take "
                         f"{wanted / 1e9:.0f}: set TMPDIR")


def measures(folder):
    small = folder / ("in%d" % SMALL)
    clients.write(small, SMALL)
    for what in ("orders", "json"):
        for jobs in (1, 2):
            yield in_memory(small, what, jobs)
    for count, jobs in ((SMALL, 1), (SMALL, 2), (COUNT // 10, FILLING), (COUNT, FILLING)):
        if count < SMALL:
            continue  # a tenth of few says nothing about memory
        inputs = folder / ("in%d" % count)
        clients.write(inputs, count)
        yield from_files(folder, count, jobs)
    yield recurrences(small)


def main():
    with tempfile.TemporaryDirectory(prefix="rw-bench-build-") as name:
        folder = pathlib.Path(name)
        check_room(folder)
        rows = []
        for row in measures(folder):
            print(json.dumps(row), flush=True)
            rows.append(row)
        table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
