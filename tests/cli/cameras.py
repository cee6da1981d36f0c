#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets verify watch a strip through V4L2, with a camera that works or does not; output is TAP.

The driver is played by camera.c, which is preloaded. The program itself is asked, not the command
that starts it, as sanitizers bear no preload.
"""

import json
import os
import signal
import struct
import subprocess
import tempfile

import tap
from stream import BIN, GONE, SECONDS_MAX, SOS, Film, judged

TOOLS = BIN.parent / "test-bin"
DHT = 0xC4


def bare(frame):
    """The picture without its Huffman tables, which many USB cameras leave out."""
    at, kind, kept = 2, None, frame[:2]
    while kind != SOS:
        _, kind, length = struct.unpack(">BBH", frame[at:at + 4])
        kept += frame[at:at + 2 + length] if kind != DHT else b""
        at += 2 + length
    return kept + frame[at:]


class Machine:
    """A film whose frames the camera shows, and how it was asked for them."""

    def __init__(self, folder):
        self.film = Film(folder)
        self.shown = self.film.folder / "shown"
        self.shown.mkdir()
        for number, frame in enumerate(self.film.frames):
            (self.shown / f"{number}.jpg").write_bytes(bare(frame))
        self.half = len(self.film.frames) // 2

    def start(self, play, *words):
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        around = {**os.environ, "LD_PRELOAD": str(TOOLS / "camera.so"), "ASAN_OPTIONS": asan,
                  "RW_CAMERA": str(self.shown), "RW_CAMERA_PLAY": play}
        return subprocess.Popen([str(word) for word in (BIN / "rolwacht-verify", *words)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=around)

    def watch(self, play, camera="/dev/video0"):
        with self.start(play, "--roll", self.film.roll, "--state", self.film.folder / "state", "--camera", camera) as line:
            out, said = line.communicate(timeout=SECONDS_MAX)
        return line.returncode, json.loads(out), said

    def watch_until_gone(self, play):
        """Ends the run as an operator does, as soon as it says that the camera is gone."""
        with self.start(play, "--roll", self.film.roll, "--state", self.film.folder / "state", "--camera", "0") as line:
            said = ""
            while GONE not in said:
                said += line.stderr.readline() or GONE
            line.send_signal(signal.SIGINT)
            out, _ = line.communicate(timeout=SECONDS_MAX)
        return line.returncode, json.loads(out), said

    def set_up(self, play):
        with self.start(play, "--setup", "--json", "--camera", "0") as line:
            out, said = line.communicate(timeout=SECONDS_MAX)
        return line.returncode, [json.loads(text) for text in out.splitlines()], said

    def mode(self):
        return (self.shown / "mode").read_text()

    def rate(self):
        return (self.shown / "rate").read_text()

    def check(self, status, report, said):
        """The strip came out as it is: one wrong print, and nothing of a broken picture was judged. What
        writes the film ends some of its JPEG files a few bits too early; these are passed over as well."""
        verdicts = judged(report)
        frames = len(self.film.frames)
        assert ("frames_lost" in report) == ("did not arrive" in said), said
        assert status == 1 and frames * 0.9 < report["frames"] <= frames, (status, report["frames"], said)
        assert verdicts[1][0] == "fail" and "text-differs" in verdicts[1][1], verdicts
        assert all(verdict == ("pass", []) for n, verdict in verdicts.items() if n != 1), verdicts


def the_largest_pictures_that_come_fast_enough_are_taken(machine):
    """Raw ones of that size would come at five a second. Broken ones show another place of the film,
    and midway the camera is pulled out and plugged in again."""
    status, report, said = machine.watch(f"flagged cut out={machine.half} absent=1")
    machine.check(status, report, said)
    assert (machine.mode(), machine.rate()) == ("MJPG 880x1184", "30"), (machine.mode(), machine.rate())
    assert said.index(f"{GONE}: it was pulled out") < said.index("the camera is back"), said


def raw_pictures_are_taken_where_they_are_as_fast(machine):
    """Three times the driver had no room for seven of them, first behind the very first picture."""
    status, report, said = machine.watch("raw cut late=2", "0")
    machine.check(status, report, said)
    assert report["frames_lost"] == 21 and "pictures 21 did not arrive" in said, (report.get("frames_lost"), said)
    assert machine.mode() == "YUYV 880x1184", machine.mode()


def what_is_written_over_while_it_is_read_is_not_judged(machine):
    """v4l2loopback does so on a machine that is slower than what feeds it."""
    status, report, said = machine.watch("raw loopback")
    machine.check(status, report, said)
    assert machine.mode() == "YUYV 880x1184" and report["frames_lost"] == len(machine.film.frames) // 3, report


def a_camera_that_falls_silent_leaves_bags_unseen(machine):
    status, report, said = machine.watch_until_gone(f"silent={machine.half}")
    assert status == 1 and report["verdict"] in ("fail", "missing"), (status, report["verdict"])
    last = report["bags"][-1]
    assert (last["verdict"], last["reasons"]) == ("missing", ["not-seen"]), last
    assert f"{GONE}: no picture came in five seconds" in said, said


def a_camera_is_taken_as_it_is(machine):
    """It takes any size, names no modes, or gives another size than it named."""
    status, frames, said = machine.set_up("raw steps silent=2")
    assert machine.mode() == "YUYV 880x1184" and len(frames) == 2, (status, frames, said)
    status, frames, said = machine.set_up("mute silent=4")
    assert machine.mode() == "YUYV 880x1184" and frames and frames[-1]["module_px"] > 4, (status, frames[-1:], said)
    full = frames[-1]["module_px"]
    status, frames, said = machine.set_up("raw small silent=4")
    sizes = [frame["module_px"] for frame in frames if frame["codes"] > 0]
    assert machine.mode() == "YUYV 440x592" and all(size < full * 0.6 for size in sizes), (status, sizes, said)


def what_gives_no_picture_says_why(machine):
    for play, why in (("busy", 'could not open the camera "0": another program uses it'),
                      ("meta", 'could not open the camera "0": this device of it gives no pictures, another one may'),
                      ("unfed", 'could not open the camera "0": it gives no pictures now'),
                      ("odd", 'could not open the camera "0": it gives no pictures of a kind that is read'),
                      ("silent=0", "the camera gave no picture: no picture came in five seconds"),
                      ("never-whole", "the camera gave no picture: all its pictures are broken"),
                      ("raw never-whole", "the camera gave no picture: all its pictures are broken")):
        status, frames, said = machine.set_up(play)
        assert status == 4 and not frames and len(said.splitlines()) == 1 and why in said, (play, status, frames, said)


CASES = [the_largest_pictures_that_come_fast_enough_are_taken, raw_pictures_are_taken_where_they_are_as_fast,
         what_is_written_over_while_it_is_read_is_not_judged,
         a_camera_that_falls_silent_leaves_bags_unseen, a_camera_is_taken_as_it_is, what_gives_no_picture_says_why]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as top:
        tap.play(CASES, None, Machine(top))
