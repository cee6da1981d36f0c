# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL servers that are not the service's own: on loopback, as an account without rights."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from bound import bound

BIN = next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), pathlib.Path("/usr/bin"))
READY_SECONDS_MAX = 60
SETTINGS = ("wal_level=replica", "hot_standby=on", "fsync=on", "log_min_messages=fatal",
            "dynamic_shared_memory_type=mmap")  # in its folder: of one that is killed nothing stays elsewhere


def account():
    """Who runs a server: PostgreSQL refuses root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def run(*words, check=True, **more):
    return subprocess.run([BIN / words[0], *words[1:]], check=check, capture_output=True, text=True, cwd="/", **account(), **more)


class Cluster:
    """One server with its folder; the owner's connection needs no password on loopback."""

    def __init__(self, top, name):
        self.folder = pathlib.Path(top) / name
        self.host, self.port = "127.0.0.1", free_port()
        self.process = None
        self.settings = list(SETTINGS)
        self.environment = None

    def make(self):
        run("initdb", "-D", self.folder, "-U", "boss", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        for statement in ("CREATE ROLE rolwacht_app", "CREATE ROLE rolwacht_owner LOGIN IN ROLE rolwacht_app",
                          "CREATE DATABASE rolwacht OWNER rolwacht_owner ENCODING 'UTF8'"):
            self.sql(statement, database="postgres")

    def start(self):
        """Also while what was killed still goes away: until then a server ends at once."""
        settings = [word for one in self.settings for word in ("-c", one)]
        ends = time.monotonic() + READY_SECONDS_MAX
        self.process = None
        while run("pg_isready", "-q", "-h", self.host, "-p", str(self.port), check=False).returncode != 0:
            assert time.monotonic() < ends, f"{self.folder} did not start"
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    bound(BIN / "postgres", "-D", self.folder, "-p", str(self.port), *self.place(), *settings),
                    start_new_session=True, stderr=subprocess.DEVNULL, env=self.environment, **account())
            time.sleep(0.02)

    def place(self):
        """At a port of loopback, or at a socket in a folder, whose name nobody else takes meanwhile."""
        local = self.host.startswith("/")
        return ["-c", f"listen_addresses={'' if local else self.host}", "-c",
                f"unix_socket_directories={self.host if local else ''}"]

    def sql(self, statement, database="rolwacht"):
        out = run("psql", "-h", self.host, "-p", str(self.port), "-U", "boss", "-d", database, "-X", "-A", "-t", "-c", statement)
        return out.stdout.splitlines()

    def standby(self, top, name):
        """A copy that follows, and without which nothing is acknowledged."""
        other = Cluster(top, name)
        run("pg_basebackup", "-h", self.host, "-p", str(self.port), "-U", "boss", "-D", other.folder, "-R", "-c", "fast",
            "-X", "stream", "--no-sync")
        with open(other.folder / "postgresql.auto.conf", "a", encoding="ascii") as file:
            file.write(f"primary_conninfo = 'host={self.host} port={self.port} user=boss application_name={name}'\n")
        other.start()
        return other

    def promote(self):
        assert self.sql("SELECT pg_promote(true, 30)", "postgres") == ["t"]

    def kill(self):
        """All its processes at once, as when the machine is gone."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(READY_SECONDS_MAX)


def folder(parent=None):
    top = tempfile.mkdtemp(prefix="rw-clusters-", dir=parent)
    if os.geteuid() == 0:
        shutil.chown(top, "postgres", "postgres")
    return top
