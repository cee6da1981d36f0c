#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts the service as systemd does, and starts it anew while callers come. Output is TAP."""
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import tap
from bound import bound
from house import BIN, ROOT, START_SECONDS_MAX, STOP_SECONDS_MAX

UNSTARTED_SECONDS = 9
SILENCE_SECONDS_MAX = 3
SERVE = BIN / "rolwacht-serve"


class Supervisor:
    """Two open doors, a place to be told at, and a service that comes and goes behind them."""

    def __init__(self, top):
        self.top = top
        os.chmod(top, 0o711)
        self.doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.told.bind(str(top / "told"))
        self.told.settimeout(START_SECONDS_MAX)
        self.process = None
        self.log = top / "log"

    def hand_over(self):
        files = [os.dup(door.fileno()) for door in self.doors]
        files = [os.dup2(file, 50 + at) for at, file in enumerate(files)]
        for at, file in enumerate(files):
            os.dup2(file, 3 + at)

    def start(self):
        environment = {**os.environ, "NOTIFY_SOCKET": str(self.top / "told"), "WATCHDOG_USEC": "30000000",
                       "LISTEN_FDS": "2", "LISTEN_FDNAMES": "people:devices"}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                bound("sh", "-c", f"LISTEN_PID=$$ exec {SERVE} --state {self.top}/state"), env=environment, cwd="/",
                stdout=log, stderr=log, preexec_fn=self.hand_over, close_fds=False)

    def wait_for(self, wanted):
        while (said := self.told.recv(4096).decode()) != wanted:
            if said not in ("READY=1", "WATCHDOG=1", "STOPPING=1"):
                raise AssertionError(f"{said} was told")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS_MAX)

    def ask(self, door=0):
        """The status of /healthz; waits as long as nobody answers the connection."""
        context = ssl.create_default_context(cafile=self.top / "state/keys/ca.pem")
        plain = socket.create_connection(("127.0.0.1", self.doors[door].getsockname()[1]), timeout=60)
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as wire:
            wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            return int(wire.recv(4096)[9:12])


def supervised(top):
    supervisor = Supervisor(top)
    supervisor.start()
    supervisor.wait_for("READY=1")
    supervisor.wait_for("WATCHDOG=1")
    if supervisor.ask() != 200:
        return "the door that was handed over is not answered"
    if supervisor.stop() != 0:
        return supervisor.log.read_text()[-2000:]
    supervisor.wait_for("STOPPING=1")
    begun = time.monotonic()
    supervisor.start()  # a caller that comes now waits
    status = supervisor.ask()
    took = time.monotonic() - begun
    supervisor.stop()
    log = supervisor.log.read_text()
    if "Sanitizer" in log:
        return log[-2000:]
    print(f"# a caller at the closed door waited {took:.1f} s")
    return None if status == 200 else f"{status} came after the restart"


def told_to_live(supervisor, seconds):
    """The longest time between two signs of life."""
    ends = time.monotonic() + seconds
    last, longest = time.monotonic(), 0.0
    supervisor.told.settimeout(seconds)
    while time.monotonic() < ends:
        try:
            supervisor.told.recv(4096)
        except socket.timeout:
            return seconds
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    supervisor.told.settimeout(START_SECONDS_MAX)
    return longest


def without_database(top):
    """A database that cannot start is waited for; meanwhile the watchdog hears that the service lives."""
    supervisor = Supervisor(top)
    supervisor.start()
    supervisor.wait_for("READY=1")
    version = top / "state/postgres/data/PG_VERSION"
    version.rename(top / "kept")
    os.kill(int((top / "state/postgres/data/postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
    longest = told_to_live(supervisor, UNSTARTED_SECONDS)
    (top / "kept").rename(version)
    log = supervisor.log.read_text()
    if supervisor.stop() != 0 or '"event":"database-ended"' not in log:
        return log[-2000:]
    print(f"# at most {longest:.1f} s between two signs of life")
    return None if longest < SILENCE_SECONDS_MAX else f"{longest:.1f} s without a sign of life"


class Busy(threading.Thread):
    """Asks over and over on one connection, and opens the next when an answer says that it was the last."""

    def __init__(self, supervisor):
        super().__init__(daemon=True)
        self.supervisor = supervisor
        self.answered, self.told_last, self.asked_twice, self.wrong = 0, 0, 0, []
        self.stopping = False

    def connect(self):
        context = ssl.create_default_context(cafile=self.supervisor.top / "state/keys/ca.pem")
        port = self.supervisor.doors[0].getsockname()[1]
        return http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=60)

    def ask(self, connection):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            self.wrong.append(answer.status)
        self.answered += 1
        return answer.getheader("connection", "") == "close"

    def run(self):
        connection = self.connect()
        while not self.stopping:
            try:
                time.sleep(0.02)  # three of them stay below requests_per_s
                last = self.ask(connection)
                self.told_last += last
            except (OSError, http.client.HTTPException):  # as clients do (RFC 9110 section 9.2.2): once more
                self.asked_twice += 1
                last = True
                try:
                    self.ask(self.connect())
                except (OSError, http.client.HTTPException) as error:
                    self.wrong.append(error)
            if last:
                connection.close()
                connection = self.connect()
        connection.close()


def busy(top):
    """Who asks all the time loses nothing over a restart, and is told in time to come again."""
    supervisor = Supervisor(top)
    supervisor.start()
    supervisor.wait_for("READY=1")
    callers = [Busy(supervisor) for _ in range(3)]
    for caller in callers:
        caller.start()
    time.sleep(1)
    supervisor.stop()
    before = [caller.answered for caller in callers]
    supervisor.start()
    supervisor.wait_for("READY=1")
    time.sleep(1)
    for caller in callers:
        caller.stopping = True
    for caller in callers:
        caller.join()
    supervisor.stop()
    print(f"# {sum(caller.answered for caller in callers)} answers, {sum(caller.told_last for caller in callers)} said that they"
          f" were the last, {sum(caller.asked_twice for caller in callers)} were asked for twice", flush=True)
    if any(caller.wrong for caller in callers):
        return f"{[caller.wrong for caller in callers]}"
    if not any(caller.told_last for caller in callers):
        return "nobody was told that the door closes"
    return None if all(caller.answered > count for caller, count in zip(callers, before)) else "somebody was not answered again"


def checked(top):
    good, bad = top / "good.json", top / "bad.json"
    good.write_text(json.dumps({"format": "rolwacht/service/1", "silent_after_s": 60}))
    bad.write_text(json.dumps({"format": "rolwacht/service/1", "silent_after_s": 1}))
    for path, wanted in ((good, (0, "")), (bad, (3, "/silent_after_s")), (top / "none.json", (3, "none.json"))):
        done = subprocess.run([SERVE, "--check-config", path], capture_output=True, text=True, check=False)
        if done.returncode != wanted[0] or wanted[1] not in done.stderr:
            return f"{path.name}: {done.returncode} {done.stderr}"
    return None


def verified(_):
    """systemd's own reading of the units, where it is there."""
    if shutil.which("systemd-analyze") is None:
        return None
    units = [str(path) for path in sorted((ROOT / "samples/systemd").iterdir())]
    done = subprocess.run(["systemd-analyze", "--man=no", "verify", *units], capture_output=True, text=True,
                          check=False, env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"})
    lines = [line for line in done.stderr.splitlines()
             if "rolwacht" in line and "is not executable" not in line and "does not exist" not in line]
    return "\n".join(lines) or None


def never_given_up(_):
    """A database that is away for an hour ends each start within a second: five of them end the default patience."""
    unit = (ROOT / "samples/systemd/rolwacht.service").read_text().split("\n[Service]\n")
    wanted = (("StartLimitIntervalSec=0", unit[0]), ("Restart=always", unit[1]))
    return ", ".join(line for line, part in wanted if line not in part.splitlines()) or None


def main():
    tests = [("doors are handed over, and nobody is refused over a restart", supervised),
             ("who asks all the time loses nothing over a restart", busy),
             ("the watchdog is told to wait while the database cannot start", without_database),
             ("a configuration file is checked", checked),
             ("the units are what systemd reads", verified),
             ("systemd never gives up starting it", never_given_up)]
    tap.play([(title, tap.in_folder(test)) for title, test in tests], None)


if __name__ == "__main__":
    main()
