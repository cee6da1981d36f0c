#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets verify watch a strip that a real RTSP server plays; output is TAP.

The server is GStreamer's (gir1.2-gst-rtsp-server-1.0, python3-gi, gstreamer1.0-plugins-good); where
it is not installed the test is skipped, and so is the strip in H.264 where no ffmpeg is.
"""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import tap
from stream import BIN, GONE, SECONDS_MAX, Film, judged, run

SERVER = pathlib.Path(__file__).with_name("rtsp_server.py")
PASSWORD = "geheim"
HELD = 14  # frames of a strip that comes no farther: the first bag has left the view
SKIPPED = 77


class Server:
    """A camera in a process of its own."""

    def __init__(self, film, frames=0, port=0):
        # Debian's own Python knows Debian's GStreamer, whichever comes first in PATH.
        self.process = subprocess.Popen(["/usr/bin/python3", SERVER, film, f"bob:{PASSWORD}", str(port), str(frames)],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = self.process.stdout.readline()
        self.port = int(said) if said else None
        self.url = self.address(PASSWORD)

    def address(self, password, path="film"):
        return f"rtsp://bob:{password}@127.0.0.1:{self.port}/{path}"

    def end(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


class Line:
    """A run of verify that watches a server; neither what it says nor its command line may hold the password."""

    def __init__(self, film, server):
        stop = film.folder / "stop"
        self.calls = film.folder / "calls"
        self.calls.unlink(missing_ok=True)
        stop.write_text(f'#!/bin/sh\necho "$@" >>{self.calls}\n')
        stop.chmod(0o755)
        self.process = subprocess.Popen(film.words(server, "--json", "--on-stop", stop), text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def bag(self):
        """Waits for the next bag that left the view."""
        number = json.loads(self.process.stdout.readline())["n"]
        words = pathlib.Path(f"/proc/{self.process.pid}/cmdline").read_bytes()
        assert b"--camera" in words and PASSWORD.encode() not in words, words
        return number

    def end(self):
        out, self.said = self.process.communicate(timeout=SECONDS_MAX)
        assert PASSWORD not in out + self.said, self.said
        self.report = json.loads(out.splitlines()[-1])
        return judged(self.report)

    def called(self):
        return self.calls.read_text().splitlines() if self.calls.exists() else []


def is_told(verdicts):
    """The first bag has another drug's name, all others are good."""
    return verdicts[1][0] == "fail" and "text-differs" in verdicts[1][1] and all(
        verdict == ("pass", []) for n, verdict in verdicts.items() if n != 1)


def a_server_that_dies_is_waited_for(film):
    """It shows the strip, motion JPEG, from its start when it is back, as one that was drawn back."""
    with Server(film.folder / "a.avi", HELD) as server:
        line = Line(film, server)
        assert line.bag() == 0
        server.end()
        with Server(film.folder / "a.avi", port=server.port):
            verdicts = line.end()
    assert line.process.returncode == 1 and is_told(verdicts), (verdicts, line.said)
    assert line.said.index(GONE) < line.said.index("the camera is back"), line.said
    called = sorted(words.split()[1:] for words in line.called())
    assert called == [["-", "not-seen"], ["1", "text-differs"]], called


def a_server_that_hangs_is_gone(film):
    """What it did not show does not pass, and an interrupt ends the run."""
    with Server(film.folder / "a.avi", HELD) as server:
        line = Line(film, server)
        assert line.bag() == 0
        server.process.send_signal(signal.SIGSTOP)
        said = line.process.stderr.readline()
        line.process.send_signal(signal.SIGINT)
        verdicts = line.end()
    assert GONE in said and line.process.returncode == 1, (said, line.process.returncode)
    assert verdicts[max(verdicts)] == ("missing", ["not-seen"]), verdicts


def a_strip_in_h264_is_judged(film):
    """To its end: a decoder keeps some frames back, one for each processor."""
    if shutil.which("ffmpeg") is None:
        raise tap.Skip("no ffmpeg here")
    done = run("ffmpeg", "-v", "error", "-i", film.folder / "a.avi", "-c:v", "libx264", "-qp", "18",
               "-pix_fmt", "yuv420p", film.folder / "a.mp4")
    assert done.returncode == 0, done.stderr
    with Server(film.folder / "a.mp4") as server:
        line = Line(film, server)
        verdicts = line.end()
    assert line.process.returncode == 1 and is_told(verdicts), (verdicts, line.said)
    assert line.report["frames"] == len(film.frames), line.report["frames"]


def no_password_is_told(film):
    """Neither a camera that does not answer nor one given in the wrong place is told with it."""
    def verify(*words):
        done = run(BIN / "rolwacht", "verify", "--roll", film.roll, "--state", film.folder / "state", *words)
        assert PASSWORD not in done.stdout + done.stderr, done.stderr
        return done.returncode, done.stderr

    with Server(film.folder / "a.avi") as server:
        host = f'could not open the camera "rtsp://127.0.0.1:{server.port}"'
        for address in (server.address(f"x{PASSWORD}"), server.address(PASSWORD, f"x?password={PASSWORD}")):
            status, said = verify("--camera", address)
            assert status == 4 and host in said, (status, said)
    status, said = verify("--camera", server.url)  # nobody is there now
    assert status == 4 and host in said, (status, said)
    for words in (["--video", server.url], [f"--camra={server.url}"]):
        status, said = verify(*words)
        assert status == 2 and said.strip(), (status, said)


CASES = [a_server_that_dies_is_waited_for, a_server_that_hangs_is_gone, a_strip_in_h264_is_judged, no_password_is_told]


def main():
    with tempfile.TemporaryDirectory() as folder:
        film = Film(folder)
        with Server(film.folder / "a.avi") as server:
            if server.port is None:
                sys.exit(SKIPPED if server.process.wait() == SKIPPED else 1)
        tap.play(CASES, None, film)


if __name__ == "__main__":
    main()
