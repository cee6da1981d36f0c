#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints a roll on the IPP printer that comes with CUPS; output is TAP, 77 = there is none.

ippeveprinter wants a system bus to announce itself on; it gets one of its own, where nobody is.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
SECONDS_MAX = 20
PORTS_MAX = 5
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def free_port():
    """A port that nobody holds now; another program may be quicker, which the printer tells by its end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready):
    end = time.monotonic() + SECONDS_MAX
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError("the printer does not start")
        time.sleep(0.05)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def started(command, **more):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, **more)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=SECONDS_MAX)


@contextlib.contextmanager
def printer(folder, formats):
    """A printer of these formats: its port and the folder that its jobs and its certificate lie in."""
    spool = pathlib.Path(tempfile.mkdtemp(dir=folder))
    bus = spool / "bus"
    environment = {"PATH": PATH, "HOME": str(spool), "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"}
    with started([shutil.which("dbus-daemon", path=PATH), "--session", "--nofork", "--nopidfile",
                  f"--address=unix:path={bus}"]):
        wait_until(bus.exists)
        for _ in range(PORTS_MAX):
            port = free_port()
            with started([shutil.which("ippeveprinter", path=PATH), "-r", "off", "-n", "localhost",
                          "-p", str(port), "-d", str(spool), "-K", str(spool), "-k", "-f", formats, "Labels"],
                         env=environment) as process:
                wait_until(lambda: listens(port) or process.poll() is not None)
                if process.poll() is None:
                    yield port, spool
                    return
        raise TimeoutError("no port was free for the printer")


def label(roll, *more):
    return subprocess.run([BIN / "rolwacht-label", roll, *more], capture_output=True, text=True,
                          timeout=120, check=False)


def encrypted_cases(folder, roll, whole, port, spool):
    """The roll goes to the printer whose certificate is kept, and to no other."""
    store = folder / "store"
    store.mkdir()
    kept = store / "localhost.crt"
    wish = ["--as", "pdf", "--printer-certs", store, "--print", f"ipps://localhost:{port}/ipp/print"]
    run = label(roll, *wish)
    yield "a printer whose certificate nobody kept gets nothing", (
        run.returncode == 4 and "no certificate is kept" in run.stderr and not list(spool.glob("*.pdf"))), run.stderr
    shutil.copy(spool / "localhost.crt", kept)
    run = label(roll, *wish)
    printed = [path.read_bytes() for path in spool.glob("*.pdf")]
    yield "a roll goes encrypted to the printer that is known", (
        run.returncode == 0 and printed == [whole.read_bytes()]), run.stderr
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=localhost",
                    "-keyout", folder / "other.key", "-out", kept],
                   check=True, capture_output=True, timeout=SECONDS_MAX)
    run = label(roll, *wish)
    yield "a printer with another certificate is refused", (
        run.returncode == 4 and "another certificate" in run.stderr), run.stderr


def jobs(port):
    """What everyone can ask the printer about its jobs."""
    run = subprocess.run([shutil.which("ipptool", path=PATH), "-tv",
                          f"ipp://localhost:{port}/ipp/print", "get-jobs.test"],
                         capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    return run.stdout


def cases(folder):
    roll = folder / "roll.json"
    roll.write_bytes(subprocess.run([BIN / "sample-roll", "3", "1", "nl"], capture_output=True,
                                    check=True, timeout=60).stdout)
    number = roll.read_text(encoding="utf-8").split('"roll":"')[1][:9]
    name = roll.read_text(encoding="utf-8").split('"name":"')[1].split('"')[0]
    whole = folder / "roll.pdf"
    label(roll, "--as", "pdf", "-o", whole)
    with printer(folder, "application/pdf") as (port, spool):
        run = label(roll, "--as", "pdf", "--print", f"ipp://localhost:{port}/ipp/print")
        printed = [path.read_bytes() for path in spool.glob("*.pdf")]
        yield "a roll is one job, byte for byte its PDF", (
            run.returncode == 0 and printed == [whole.read_bytes()]), run.stderr
        said = jobs(port)
        yield "the job is called by the roll's number and by no name", (
            number in said and name not in said and name.split()[-1] not in said), said
        run = label(roll, "--as", "pdf", "--print", f"ipp://localhost:{port}/printers/none")
        yield "an address without a printer is told", (
            run.returncode == 4 and "has no printer at /printers/none" in run.stderr), run.stderr
        run = label(roll, "--as", "zpl", "--print", f"ipp://localhost:{port}")
        yield "ZPL is not sent to a printer of PDF", run.returncode == 2, run.stderr
    with printer(folder, "application/pdf") as (port, spool):
        yield from encrypted_cases(folder, roll, whole, port, spool)
    with printer(folder, "image/urf") as (port, spool):
        run = label(roll, "--as", "pdf", "--print", f"ipp://localhost:{port}/ipp/print")
        yield "a printer without PDF refuses, and nothing is printed", (
            run.returncode == 4 and "document-format" in run.stderr
            and not list(spool.glob("*.pdf"))), run.stderr


def main():
    if not all(shutil.which(tool, path=PATH) for tool in ("ippeveprinter", "ipptool",
                                                          "dbus-daemon")):
        print("the packages cups-ipp-utils and dbus-daemon are not installed", file=sys.stderr)
        return 77
    failed = False
    number = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (title, good, said) in enumerate(cases(pathlib.Path(folder)), 1):
            failed = failed or not good
            print(f"{'ok' if good else 'not ok'} {number} - {title}")
            if not good:
                print("".join(f"# {line}\n" for line in said.splitlines()[:40]))
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
