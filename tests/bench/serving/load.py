# SPDX-License-Identifier: Apache-2.0
"""Asks over many TLS connections at once, and counts the CPU time of whoever answers."""
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import time

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
ANSWER_MAX = 1 << 20


def context_of(house, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(house.ca)
    context.load_cert_chain(house.devices[name]["pem"], house.devices[name]["key"])
    return context


class Line:
    """One connection that is kept open."""

    def __init__(self, address, context, session=None):
        host, port = address.rsplit(":", 1)
        plain = socket.create_connection((host, int(port)), timeout=60)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(plain, server_hostname=host, session=session)

    def send(self, request):
        self.socket.sendall(request)

    def read(self):
        """Status and body of one answer."""
        got = b""
        while b"\r\n\r\n" not in got:
            part = self.socket.recv(65536)
            if not part:
                raise RuntimeError(f"the connection ended: {got[:200]}")
            got += part
        head, body = got.split(b"\r\n\r\n", 1)
        length = LENGTH.search(head)
        wanted = int(length[1]) if length and b" 304 " not in head[:16] else 0
        while len(body) < min(wanted, ANSWER_MAX):
            body += self.socket.recv(65536)
        return int(head[9:12]), body

    def close(self):
        self.socket.close()


def request(method, path, headers=(), body=b""):
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def events_body(first, count):
    """A report of events that are numbered from `first`."""
    events = [{"id": f"01936d4a-0000-7000-8000-{seq:012d}", "seq": seq, "at": "2026-11-23T07:00:00.000Z",
               "type": "online"} for seq in range(first, first + count)]
    return json.dumps({"events": events}).encode()


def volley(lines, requests, wanted):
    """Every line asks once, then every line is answered; gives the wait of the last."""
    begun = time.monotonic()
    for line, asked in zip(lines, requests):
        line.send(asked)
    for line in lines:
        status, body = line.read()
        if status != wanted:
            raise RuntimeError(f"{status} instead of {wanted}: {body[:300]}")
    return time.monotonic() - begun


def parents():
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                pass
    return found


def run_ns(pid):
    """Time on a processor of all threads of a process, from the scheduler, in nanoseconds."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            pass
    return total


class Family:
    """A process and, as they come and go, its children; an ended child keeps what it used."""

    def __init__(self, *pids):
        self.roots = pids
        self.used = {}

    def cpu_us(self):
        for pid, parent in parents().items():
            if pid in self.roots or parent in self.roots:
                try:
                    self.used[pid] = run_ns(pid)
                except OSError:
                    pass
        return sum(self.used.values()) / 1000


def rss_kb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])


def debian_program(package, path, folder):
    """A program of a Debian package, unpacked beside the build and not installed; None without."""
    found = shutil.which(pathlib.Path(path).name)
    there = folder / path
    if found or there.exists():
        return found or str(there)
    folder.mkdir(parents=True, exist_ok=True)
    for command in (["apt-get", "-q", "download", package],):
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0:
            return None
    archive = next(folder.glob(f"{package}_*.deb"), None)
    if not archive or subprocess.run(["dpkg", "-x", archive, folder], check=False).returncode != 0:
        return None
    return str(there) if there.exists() else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds_max=20):
    ends = time.monotonic() + seconds_max
    while time.monotonic() < ends and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def percentile(values, hundredths):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)]


def program_folder():
    return pathlib.Path(os.environ["ROLWACHT_ROOT"]) / "build" / "peers"
