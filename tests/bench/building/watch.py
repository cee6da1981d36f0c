# SPDX-License-Identifier: Apache-2.0
"""Runs a program, passes on how far it says it is, and adds up the memory of all its processes."""
import os
import pathlib
import pty
import select
import subprocess
import sys
import time

LOOK_SECONDS = 1  # adding up takes tens of milliseconds of a processor
STEP_SECONDS = 0.05
TELL_SECONDS = 10
SCREEN_BYTES = 65536


def family(pid):
    """The process and all below it."""
    pids = [pid]
    for one in pids:
        try:
            pids += [int(word) for word in pathlib.Path(f"/proc/{one}/task/{one}/children").read_text().split()]
        except OSError:
            pass  # it ended
    return pids


def memory_kib(pid):
    """What the process and all below it hold, each page that they share counted once (Pss)."""
    total = 0
    for one in family(pid):
        try:
            for line in pathlib.Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            pass  # it ended
    return total


class Screen:
    """A terminal for standard error: how far it says to be is told now and then."""

    def __init__(self):
        self.reader, self.writer = pty.openpty()
        self.text = ""
        self.told = time.monotonic()

    def read(self, seconds):
        """Takes what is written during so many seconds at once: a program that waits for its terminal is slow."""
        until = time.monotonic() + seconds
        while select.select([self.reader], [], [], max(0, until - time.monotonic()))[0]:
            try:
                self.text = (self.text + os.read(self.reader, SCREEN_BYTES).decode(errors="replace"))[-SCREEN_BYTES:]
            except OSError:
                return  # a terminal ends with an error

    def tell(self):
        lines = [line.replace("\x1b[K", "").strip() for line in self.text.replace("\n", "\r").split("\r")]
        lines = [line for line in lines if " a second, " in line]
        if lines and time.monotonic() - self.told > TELL_SECONDS:
            print("  " + lines[-1], file=sys.stderr, flush=True)
            self.told = time.monotonic()

    def close(self):
        os.close(self.writer)
        self.read(0)
        os.close(self.reader)


def run(words):
    """Seconds, seconds of processor, the largest process and all together, both in KiB."""
    screen = Screen()
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=screen.writer)
    together = 0
    looked = begin
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        if time.monotonic() - looked >= LOOK_SECONDS:
            together = max(together, memory_kib(process.pid))
            looked = time.monotonic()
        screen.tell()
        screen.read(STEP_SECONDS)
    seconds = time.monotonic() - begin
    screen.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{words[0]} ended with status {process.returncode}: {screen.text[-2000:]}")
    return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime, "peak_kib": usage.ru_maxrss,
            "peak_together_kib": max(together, usage.ru_maxrss)}
