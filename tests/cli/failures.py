#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gives each program what goes wrong in the world; output is TAP.

Each case looks at the exit status, at the sentence on standard error (which must name the file and
hold no line of a sanitizer), and at what was left behind: a file is there whole or not at all.
"""

import functools
import json
import os
import pathlib
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import tap

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
SAMPLES = ROOT / "samples"
SECONDS_MAX = 120
ORPHAN_SECONDS_MAX = 10
KILLED_FRAMES = 2
COLUMNS_MAX = 80  # of a terminal as it is opened
KILLS = 8
SIGNS_OF_A_BUG = ("AddressSanitizer", "runtime error:", "LeakSanitizer", "Assertion", "core dumped")

ORDER = json.dumps({
    "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order",
    "medicationCodeableConcept": {"text": "x"}, "subject": {"reference": "Patient/1"},
    "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}],
})


class World:
    """A folder with everything that can be wrong with an input."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.good = self.write("good.json", ORDER)
        self.empty = self.write("empty.json", "")
        self.truncated = self.write("truncated.json", ORDER[:100])
        self.broken = self.write("broken.xml", '<Bundle xmlns="http://hl7.org/fhir"><entry></Bundle>')
        self.picture = self.folder / "picture.json"
        self.picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\0\0\0\0")
        self.text = self.write("text.png", "this is no picture\n")
        self.number = self.write("number.json", '{"resourceType":"Bundle","total":' + "9" * 2000000 + "}")
        self.huge = self.folder / "huge.json"
        with open(self.huge, "wb") as file:  # sparse: a gigabyte that costs no disk
            file.write(b'{"resourceType":"Bundle","total":9')
            file.truncate(1 << 30)
        self.absent = self.folder / "absent.json"
        self.outer = self.folder / "a-folder"
        self.outer.mkdir()
        self.shut = self.write("shut.json", ORDER)
        self.shut.chmod(0)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


class Run:
    """One program with its arguments, run to its end."""

    def __init__(self, *words, limit_bytes=None, out=subprocess.PIPE):
        def before():
            if limit_bytes is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

        self.words = [str(word) for word in words]
        done = subprocess.run([str(BIN / "rolwacht"), *self.words], stdout=out, check=False,
                              stderr=subprocess.PIPE, timeout=SECONDS_MAX, preexec_fn=before,
                              stdin=subprocess.DEVNULL)
        self.status = done.returncode
        self.out = (done.stdout or b"").decode(errors="replace")
        self.err = done.stderr.decode(errors="replace")

    def problems(self, status, word):
        if any(sign in self.err for sign in SIGNS_OF_A_BUG):
            yield "a bug: " + self.err[:2000]
        if self.status != status:
            yield f"exit status {self.status} in place of {status}: {self.err[:600]}"
        if word not in self.err:
            yield f'no "{word}" in: {self.err[:600]}'
        if status != 0 and not self.err.strip():
            yield "nothing was said"


def faulty_inputs(world):
    yield "a missing file", world.absent
    yield "an empty file", world.empty
    yield "a picture in place of an order", world.picture
    yield "truncated JSON", world.truncated
    yield "broken XML", world.broken
    yield "a number of two million digits", world.number
    yield "a file of a gigabyte", world.huge
    yield "a folder", world.outer
    if os.geteuid() != 0:
        yield "a file without permission", world.shut


def cases_of_orders(world):
    """plan and build: a file that cannot be read is named, and costs nothing else."""
    for title, path in faulty_inputs(world):
        yield f"plan: {title}", Run("plan", path).problems(3, path.name)
        run = Run("plan", path, world.good)
        others = list(run.problems(3, path.name))
        if '"m1"' not in run.out:
            others.append("the other input was not planned")
        yield f"plan: {title} costs nothing else", others
        out = world.folder / "rolls"
        shutil.rmtree(out, ignore_errors=True)
        run = Run("build", "--from", "2026-11-23", "--days", "7", "--state", world.folder / "state",
                  "-o", out, path)
        left = sorted(file.name for file in out.glob("*.roll.json")) if out.exists() else []
        yield f"build: {title}", [*run.problems(3, path.name), *(f"left behind: {f}" for f in left)]


def cases_of_rolls(world):
    """label, verify and diff: what is no roll is refused."""
    for title, path in faulty_inputs(world):
        out = world.folder / "out.pdf"
        run = Run("label", path, "--as", "pdf", "-o", out)
        yield f"label: {title}", [*run.problems(3, path.name), *(["a file was left"] if out.exists() else [])]
        yield f"diff: {title}", Run("diff", path, path).problems(3, path.name)
        yield f"verify: {title}", Run("verify", "--roll", path, world.text).problems(3, path.name)


def cases_of_keys(world):
    """label with --state: a roll that another key signed is refused, and one that is ours drawn."""
    rolls, out = world.folder / "signed", world.folder / "signed.pdf"
    sample_build(world, rolls)
    roll = sorted(rolls.glob("*.roll.json"))[0]
    for title, state, status, word in (("its key", world.folder / "state", 0, ""), ("no key", world.folder / "no-key", 4, "there is no key"),
                                       ("another key", world.folder / "other", 3, "/bags/0/code")):
        if title == "another key":
            (state / "keys").mkdir(parents=True)
            (state / "keys/pharmacy.hmac").write_bytes(bytes(32))
            (state / "keys/pharmacy.hmac").chmod(0o600)
        out.unlink(missing_ok=True)
        run = Run("label", roll, "--as", "pdf", "--state", state, "-o", out)
        yield f"label: {title}", [*run.problems(status, word),
                                  *([] if out.exists() == (status == 0) else ["a file too much or too few"])]


def cases_of_pictures(world):
    for title, path in [("a text in place of a picture", world.text), ("an empty file", world.empty),
                        ("a missing file", world.absent), ("a picture cut off", world.picture),
                        ("a folder", world.outer), ("a file of a gigabyte", world.huge)]:
        yield f"read: {title}", Run("read", path).problems(3, path.name)


def cases_of_usage():
    for name in ("plan", "build", "diff", "label", "read", "verify", "serve", "dispense"):
        yield f"{name}: an option that is none", Run(name, "--no-such-option").problems(2, "--no-such-option")
        run = Run(name, "--help")
        long = [line for line in run.out.splitlines() if len(line) > COLUMNS_MAX]
        absent = [word for word in ("usage:", "Exit status: 0 ", "All programs: 2 ") if word not in run.out]
        yield f"{name}: help", [*run.problems(0, ""), *(f"it does not say {word}" for word in absent), *long]
        run = Run(name, "--version")
        yield f"{name}: version", [*run.problems(0, ""), *([] if "rolwacht" in run.out else ["no version"])]
    yield "a program that is none", Run("bake").problems(2, "bake")


def cases_of_videos(world):
    """One line says what could not be opened and why; the libraries' own words would break a terminal's."""
    cut = world.folder / "cut.mp4"
    cut.write_bytes(b"\0\0\0\x14ftypisom\0\0\2\0isom\0\0\1\0mdat" + bytes(248))
    pipe = world.folder / "pipe.avi"
    os.mkfifo(pipe)
    refused = "Connection refused"
    for option, address, status, word in (
            ("--camera", "rtsp://bob:geheim@127.0.0.1:1/film", 4, f'camera "rtsp://127.0.0.1:1": {refused}'),
            ("--camera", "rtsp://127.0.0.1:1/film?bob=a@geheim", 4, f'camera "rtsp://": {refused}'),
            ("--camera", "http://127.0.0.1:1/a: b", 4, f'camera "http://127.0.0.1:1": {refused}'),
            ("--camera", "/dev/a@b", 4, 'camera "/dev/a@b": No such file or directory'),
            ("--video", world.absent, 3, "is no video that can be read: No such file or directory"),
            ("--video", pipe, 3, "is no video that can be read: nothing writes to this pipe"),
            ("--video", cut, 3, "is no video that can be read: moov atom not found"),
            ("--video", world.text, 3, "is no video that can be read: Invalid PNG signature")):
        run = Run("verify", "--setup", option, address)
        wrong = [*run.problems(status, word)]
        if "geheim" in run.out + run.err:
            wrong.append("the password is told")
        if len(run.err.splitlines()) != 1:
            wrong.append(f"more than one line: {run.err}")
        yield f"verify: {option} {address}", wrong


def sample_build(world, out, **options):
    return Run("build", "--from", "2026-11-23", "--days", "7", "--policy", SAMPLES / "policy.json",
               "--products", SAMPLES / "products.json", "--state", world.folder / "state", "-o", out,
               *sorted(SAMPLES.glob("orders-*")), **options)


def cases_of_a_full_disk(world):
    """A disk that takes no more: an error, and no file that looks like a whole one."""
    with open("/dev/full", "wb") as full:
        yield "plan: standard output is full", Run("plan", world.good, out=full).problems(4, "could not")
        yield "plan: the help finds the disk full", Run("plan", "--help", out=full).problems(4, "could not")
    good = world.folder / "good-rolls"
    run = sample_build(world, good)
    rolls = sorted(good.glob("*.roll.json"))
    yield "build: the samples give rolls", [*run.problems(0, ""), *([] if rolls else ["no roll"])]
    out = world.folder / "full-rolls"
    run = sample_build(world, out, limit_bytes=2048)
    left = sorted(file.name for file in out.iterdir() if file.stat().st_size > 0) if out.exists() else []
    whole = [name for name in left if not is_json(out / name)]
    yield "build: the disk is full", [*run.problems(4, "could not"), *(f"half-written: {n}" for n in whole)]
    for roll in rolls[:1]:
        for kind in ("pdf", "png", "svg"):
            path = world.folder / f"full.{kind}"
            run = Run("label", roll, "--as", kind, "-o", path, limit_bytes=2048)
            left = [path] if path.is_file() else list(path.glob("*")) if path.is_dir() else []
            big = [str(file) for file in left if file.stat().st_size >= 2048]
            yield f"label: the disk is full ({kind})", [*run.problems(4, "could not"), *big]


def is_json(path):
    try:
        json.loads(path.read_text())
        return True
    except ValueError:
        return False


def cases_of_the_world(world):
    run = Run("serve", "--state", world.folder / "serve", "--listen", "127.0.0.1:0", "--listen-devices",
              "127.0.0.1:0", "--database", "host=/nowhere dbname=none connect_timeout=2")
    yield "serve: a missing database", run.problems(4, "database")
    run = Run("dispense", "--server", "https://127.0.0.1:1", "--state", world.folder / "dispenser",
              "--enroll", "no-such-code")
    yield "dispense: a server that is not there", run.problems(4, "could not")
    yield "build: a file where the folder should be", Run(
        "build", "--from", "2026-11-23", "--days", "1", "--state", world.folder / "state", "-o",
        world.good, world.good).problems(4, "good.json")


def killed_build(world):
    """A build that is killed at any moment leaves whole rolls or none."""
    problems = []
    for delay_ms in range(0, 120, 12):
        out = world.folder / f"killed-{delay_ms}"
        words = ["build", "--from", "2026-11-23", "--days", "28", "--policy", SAMPLES / "policy.json",
                 "--products", SAMPLES / "products.json", "--state", world.folder / "state", "-o", out,
                 *sorted(SAMPLES.glob("orders-*"))]
        process = subprocess.Popen([str(BIN / "rolwacht-build"), *map(str, words[1:])],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay_ms / 1000)
        process.kill()
        process.wait()
        for file in out.glob("*.json") if out.exists() else []:
            if not is_json(file):
                problems.append(f"half-written after {delay_ms} ms: {file.name}")
    yield "build: killed at any moment", problems
    rolls = sorted(world.folder.glob("killed-*/*.roll.json"))
    if not rolls:
        sample_build(world, world.folder / "killed-rolls")
        rolls = sorted((world.folder / "killed-rolls").glob("*.roll.json"))
    for kind in ("pdf", "zpl"):
        yield f"label: killed at any moment ({kind})", killed_label(world, rolls[0], kind)
    frames = spoilt_frames(world, rolls[0])
    yield "verify: killed at any moment", killed_verify(world, rolls[0], frames)
    yield "read: killed at any moment", killed_silent(world, "read", frames)
    yield "diff: killed at any moment", killed_silent(world, "diff", [rolls[0], rolls[0]])


def killed_label(world, roll, kind):
    """The file is the whole one, byte for byte, or is not there."""
    whole = world.folder / f"whole.{kind}"
    Run("label", roll, "--as", kind, "-o", whole)
    if not whole.is_file():
        return ["no labels to compare with"]
    problems = []
    for delay_ms in range(0, 600, 40):
        path = world.folder / f"killed-{delay_ms}.{kind}"
        process = subprocess.Popen([str(BIN / "rolwacht-label"), str(roll), "--as", kind, "-o", str(path)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay_ms / 1000)
        process.kill()
        process.wait()
        if path.exists() and path.read_bytes() != whole.read_bytes():
            problems.append(f"half-written after {delay_ms} ms: {path.name}")
    return problems


def spoilt_frames(world, roll):
    """The labels of a roll's first bags as pictures, a white bar across each: none is good."""
    out = world.folder / "frames"
    Run("label", roll, "--as", "png", "-o", out)
    frames = sorted(out.glob("*.png"))[:KILLED_FRAMES]
    for frame in frames:
        frame.write_bytes(whitened(frame.read_bytes()))
    return frames


def whitened(png):
    """A grey PNG without filters and of one bit a dot, with rows of its upper quarter made white."""
    chunks, at = [], 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        chunks.append((png[at + 4:at + 8], png[at + 8:at + 8 + length]))
        at += 12 + length
    width, height, depth, colour = struct.unpack_from(">IIBB", chunks[0][1])
    stride = (width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8 + 1
    rows = bytearray(zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT")))
    for row in range(height // 8, height // 4):
        rows[row * stride:(row + 1) * stride] = b"\0" + b"\xff" * (stride - 1)
    kept = [(kind, body) for kind, body in chunks if kind not in (b"IDAT", b"IEND")]
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in [*kept, (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b"")])


def killed_after(delay_s, *words, cwd):
    """Kills a program and waits until no process of its group is left; says whether one stays."""
    process = subprocess.Popen([str(BIN / f"rolwacht-{words[0]}"), *map(str, words[1:])], cwd=cwd,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    time.sleep(delay_s)
    process.kill()
    process.wait()
    until = time.monotonic() + ORPHAN_SECONDS_MAX
    while time.monotonic() < until:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return []
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    return [f"a process outlives the one killed after {delay_s:.2f} s"]


def moments(seconds):
    return (seconds * step / KILLS for step in range(KILLS))


def killed_verify(world, roll, frames):
    """A picture of a doubtful bag is the whole one, byte for byte, or is not there."""
    whole, words = world.folder / "doubtful", ["verify", "--roll", roll, "--state", world.folder / "state"]
    began = time.monotonic()
    run = Run(*words, "--out", whole, *frames)
    seconds = time.monotonic() - began
    expected = {file.name: file.read_bytes() for file in whole.glob("*")}
    problems = [] if run.status == 1 else [f"exit status {run.status}: {run.err[:300]}"]
    if len(expected) != len(frames):
        problems.append(f"{len(expected)} pictures of {len(frames)} doubtful bags")
    for delay in moments(seconds):
        out = world.folder / "doubtful-killed"
        shutil.rmtree(out, ignore_errors=True)
        problems += killed_after(delay, *words, "--out", out, *frames, cwd=world.folder)
        for file in out.glob("[!.]*") if out.exists() else []:
            if file.read_bytes() != expected.get(file.name):
                problems.append(f"half-written after {delay:.2f} s: {file.name}")
    if Run(*words, "--out", out, *frames).out.count('"n":') != run.out.count('"n":'):
        problems.append("the next run says something else")
    return problems


def killed_silent(world, name, arguments):
    """A program that only prints leaves nothing at all behind, and the next run tells everything."""
    empty = world.folder / "nothing"
    empty.mkdir(exist_ok=True)
    began = time.monotonic()
    whole = Run(name, *arguments)
    problems = [] if whole.out and whole.status in (0, 1) else ["nothing was printed: " + whole.err[:300]]
    for delay in moments(time.monotonic() - began):
        problems += killed_after(delay, name, *arguments, cwd=empty)
        problems += [f"left behind: {file.name}" for file in empty.iterdir()]
    return problems


def main():
    groups = {"orders": cases_of_orders, "rolls": cases_of_rolls, "keys": cases_of_keys, "pictures": cases_of_pictures,
              "videos": cases_of_videos,
              "usage": lambda world: cases_of_usage(), "disk": cases_of_a_full_disk,
              "world": cases_of_the_world, "killed": killed_build}
    with tempfile.TemporaryDirectory(prefix="rw-fail-") as folder:
        world = World(folder)
        results = [(title, list(problems)) for title, problems in groups[sys.argv[1]](world)]
    tap.play([(title, functools.partial(list, problems)) for title, problems in results], None)


if __name__ == "__main__":
    main()
