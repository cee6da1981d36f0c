#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets verify watch a strip over RTSP, from a camera that Python plays; output is TAP.

The camera speaks RTSP 1.0 (RFC 2326) and sends JPEG frames as RTP (RFC 2435) over the same
connection, as packaging line cameras do.
"""

import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

import tap

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
SECONDS_MAX = 300
PIECE = 1400  # bytes of a frame in one packet
RATE = 90000 // 12  # ticks of the clock a frame
GONE = "the camera is gone"
SLOW_SECONDS = 0.5  # from frame to frame of a slow camera
HOLD_SECONDS = 0.2  # from frame to frame of a strip that is held
TABLES_FOLLOW = 255
SOF, DQT, SOS, EOI = 0xC0, 0xDB, 0xDA, b"\xff\xd9"


def cut_frames(avi):
    """The JPEG files in a motion JPEG AVI."""
    frames, at = [], 0
    while (start := avi.find(b"\xff\xd8\xff", at)) >= 0:
        at = avi.find(EOI, start) + 2
        frames.append(avi[start:at])
    return frames


class Jpeg:
    """What RTP sends of a JPEG file: its size, its two tables and its scan."""

    def __init__(self, file):
        at, self.tables = 2, {}
        while True:
            _, kind, length = struct.unpack(">BBH", file[at:at + 4])
            body = file[at + 4:at + 2 + length]
            if kind == DQT:
                for part in range(0, len(body), 65):
                    self.tables[body[part] & 15] = body[part + 1:part + 65]
            if kind == SOF:
                self.height, self.width = struct.unpack(">HH", body[1:5])
                self.kind = 1 if body[7] == 0x22 else 0  # 4:2:0 or 4:2:2
            at += 2 + length
            if kind == SOS:
                break
        self.scan = file[at:-2]

    def packets(self, number, clock):
        tables = self.tables[0] + self.tables[1]
        for start in range(0, len(self.scan), PIECE):
            piece = self.scan[start:start + PIECE]
            last = start + PIECE >= len(self.scan)
            header = struct.pack(">BBHII", 0x80, 26 | (0x80 if last else 0), number & 0xFFFF, clock, 7)
            header += struct.pack(">I", start) + struct.pack(">BBBB", self.kind, TABLES_FOLLOW,
                                                             self.width // 8, self.height // 8)
            if start == 0:
                header += struct.pack(">BBH", 0, 0, len(tables)) + tables
            yield header + piece
            number += 1


class Camera(threading.Thread):
    """Plays its frames once to the first that asks, then hangs up; a strip may be held on its way."""
    rate = RATE

    def __init__(self, frames, stop_after=None, hold_after=None):
        super().__init__(daemon=True)
        self.hold_after = hold_after
        self.go = threading.Event()
        self.frames = [Jpeg(frame) for frame in frames][:stop_after]
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rtsp://127.0.0.1:{self.listener.getsockname()[1]}/film"

    def answer(self, connection, request):
        method = request.split()[0]
        sequence = next(line.split(":")[1].strip() for line in request.splitlines()
                        if line.lower().startswith("cseq"))
        more, body = "Session: 1\r\n", ""
        if method == "OPTIONS":
            more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        if method == "DESCRIBE":
            body = ("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=film\r\nt=0 0\r\n"
                    "m=video 0 RTP/AVP 26\r\na=control:track0\r\n")
            more = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        if method == "SETUP":
            more = "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        connection.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{more}\r\n{body}".encode())
        return method == "PLAY"

    def run(self):
        self.serve()
        self.listener.close()

    def serve(self):
        connection, _ = self.listener.accept()
        with connection:
            heard = b""
            while part := connection.recv(4096):
                heard += part
                while b"\r\n\r\n" in heard:
                    request, heard = heard.split(b"\r\n\r\n", 1)
                    if self.answer(connection, request.decode()):
                        self.play(connection)
                        self.hang_up(connection)
                        return

    @staticmethod
    def hang_up(connection):
        """Who closes before the other side's words are read takes back what is still on its way."""
        try:
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
        except OSError:
            pass  # nobody looks any more

    def shown(self):
        """The frames in their order; a strip that is held shows the same one again and again."""
        for index, frame in enumerate(self.frames):
            while index == self.hold_after and not self.go.wait(HOLD_SECONDS):
                yield self.frames[index - 1]
            yield frame

    def play(self, connection):
        number = 0
        try:
            for index, frame in enumerate(self.shown()):
                for packet in frame.packets(number, index * self.rate):
                    connection.sendall(struct.pack(">BBH", 0x24, 0, len(packet)) + packet)
                    number += 1
        except OSError:
            pass  # nobody looks any more


class Slow(Camera):
    """Gives two frames a second."""
    rate = int(90000 * SLOW_SECONDS)

    def shown(self):
        for frame in self.frames:
            yield frame
            time.sleep(SLOW_SECONDS)


class Returning(Camera):
    """Breaks off on its way, and a second later shows the strip where it stopped, or farther on."""

    def __init__(self, frames, breaks_after, back_at=None):
        super().__init__(frames)
        self.parts = [self.frames[:breaks_after], self.frames[breaks_after if back_at is None else back_at:]]

    def run(self):
        for part in self.parts:
            self.frames = part
            self.serve()


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False,
                          timeout=SECONDS_MAX)


class Film:
    """A roll and frames of it running past a camera; no key is there, so that the plan decides."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.roll = self.folder / "roll.json"
        self.roll.write_text(run(BIN / "sample-roll", 1, 1, "nl").stdout)
        video = self.folder / "a.avi"
        done = run(BIN / "photograph", "--roll", self.roll, "--seed", 4, "-o", folder, "--video", video,
                   "--size", "880x1184", "--scale", 12, "--no-tablets", "--fault", "1:drug")
        assert done.returncode == 0, done.stderr
        self.frames = cut_frames(video.read_bytes())

    def words(self, camera, *more):
        return [str(word) for word in (BIN / "rolwacht", "verify", "--roll", self.roll, "--state",
                                       self.folder / "state", "--camera", camera.url, *more)]

    def watch(self, camera, *more):
        camera.start()
        done = run(*self.words(camera, *more))
        return done.returncode, json.loads(done.stdout), done.stderr

    def watch_until_gone(self, camera):
        """Ends the run as an operator does, as soon as it says that the camera is gone."""
        camera.start()
        with subprocess.Popen(self.words(camera), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as line:
            said = ""
            while GONE not in said:
                said += line.stderr.readline() or GONE
            line.send_signal(signal.SIGINT)
            report = json.loads(line.communicate(timeout=SECONDS_MAX)[0])
        return line.returncode, report, said


def judged(report):
    return {bag["n"]: (bag["verdict"], bag["reasons"]) for bag in report["bags"]}


def a_strip_is_judged_over_rtsp(film):
    """Every frame arrives, every bag is judged, and the wrong print is told."""
    status, report, said = film.watch(Camera(film.frames))
    verdicts = judged(report)
    assert status == 1 and report["frames"] == len(film.frames), (status, report["frames"])
    assert verdicts[1][0] == "fail" and "text-differs" in verdicts[1][1], verdicts
    assert all(verdict == ("pass", []) for n, verdict in verdicts.items() if n != 1), verdicts
    assert GONE not in said, said  # the whole roll was seen: nobody waits for more


def a_camera_that_is_gone_leaves_bags_unseen(film):
    """The connection ends in the middle of the film: what was not seen does not pass."""
    status, report, said = film.watch_until_gone(Camera(film.frames, len(film.frames) // 2))
    assert status == 1 and report["verdict"] in ("fail", "missing"), (status, report["verdict"])
    last = report["bags"][-1]
    assert (last["verdict"], last["reasons"]) == ("missing", ["not-seen"]), last
    assert f"verify: {GONE}" in said, said


def a_camera_that_comes_back_goes_on_with_its_roll(film):
    """The strip was stopped through the command at once, so that nothing is lost."""
    log = film.folder / "stops"
    stop = film.folder / "stop"
    stop.write_text(f'#!/bin/sh\necho "$@" >>{log}\n')
    stop.chmod(0o755)
    camera = Returning(film.frames, len(film.frames) // 2)
    status, report, said = film.watch(camera, "--on-stop", stop)
    assert status == 1 and report["frames"] == len(film.frames), (status, report["frames"], said)
    assert all(verdict == ("pass", []) for n, verdict in judged(report).items() if n != 1), judged(report)
    assert said.index(GONE) < said.index("the camera is back"), said
    assert f'{report["roll"]} - not-seen' in log.read_text().splitlines(), log.read_text()


def a_strip_that_ran_on_backwards_unseen_fails_no_good_bag(film):
    """What was not seen is not there, but nothing says that what was seen is out of its place."""
    frames = film.frames[::-1]
    status, report, said = film.watch(Returning(frames, len(frames) // 3, len(frames) * 2 // 3))
    verdicts = judged(report)
    assert status == 1 and "missing" in {verdict for verdict, _ in verdicts.values()}, (verdicts, said)
    assert {n for n, (verdict, _) in verdicts.items() if verdict == "fail"} <= {1}, verdicts
    assert not any("out-of-order" in reasons or "gap" in reasons for _, reasons in verdicts.values()), verdicts


def a_film_that_breaks_off_says_so(film):
    """Whoever looks at the bags that are missing then knows that the film ended, not the roll."""
    whole = (film.folder / "a.avi").read_bytes()
    cut = film.folder / "cut.avi"
    cut.write_bytes(whole[:whole.index(film.frames[len(film.frames) // 3]) + 1000])
    done = run(BIN / "rolwacht", "verify", "--roll", film.roll, "--state", film.folder / "state", "--video", cut)
    report = json.loads(done.stdout)
    place = f"after picture {report['frames']} of {len(film.frames)}, "
    assert done.returncode == 1 and report["broke_off"].startswith(place), (done.returncode, report.get("broke_off"))
    assert f"the film breaks off {place}" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    last = report["bags"][-1]
    assert (last["verdict"], last["reasons"]) == ("missing", ["not-seen"]), last


def a_slow_camera_gives_all_its_frames(film):
    """Nothing waits for more frames than it takes to see a picture."""
    camera = Slow(film.frames, 12)
    _, report, said = film.watch_until_gone(camera)
    assert report["frames"] == len(camera.frames), (report["frames"], said)


CASES = [a_strip_is_judged_over_rtsp, a_camera_that_is_gone_leaves_bags_unseen,
         a_camera_that_comes_back_goes_on_with_its_roll,
         a_strip_that_ran_on_backwards_unseen_fails_no_good_bag, a_slow_camera_gives_all_its_frames, a_film_that_breaks_off_says_so]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as top:
        tap.play(CASES, None, Film(top))
