#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A service on two databases that Patroni leads, with etcd (Debian's, where they are there): a planned change of the
leader and the death of one under load; nothing acknowledged is lost (REQ-017). TAP."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import clusters
from failover import acknowledged_since, check, clusters_margin
from house import House
from ledger import Dispenser

READY_SECONDS_MAX = 90
AWAY_SECONDS_MAX = 60  # the key of a dead leader lasts 20 s
TTL_S = 20             # the shortest that Patroni takes
CONFIG = {
    "scope": "rolwacht",
    "bootstrap": {
        "dcs": {"ttl": TTL_S, "loop_wait": 2, "retry_timeout": 5, "synchronous_mode": True,
                "postgresql": {"parameters": {"wal_level": "replica", "hot_standby": "on"}}},
        "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth": "trust"}],
        "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
    },
}


class Node:
    """One Patroni with the server that it keeps."""

    def __init__(self, top, name, etcd_port):
        self.name = name
        self.port, self.rest = clusters.free_port(), clusters.free_port()
        config = {**CONFIG, "name": name, "etcd3": {"host": f"127.0.0.1:{etcd_port}"},
                  "restapi": {"listen": f"127.0.0.1:{self.rest}", "connect_address": f"127.0.0.1:{self.rest}"},
                  "postgresql": {"listen": f"127.0.0.1:{self.port}", "connect_address": f"127.0.0.1:{self.port}",
                                 "data_dir": f"{top}/{name}", "bin_dir": str(clusters.BIN), "pgpass": f"{top}/{name}.pass",
                                 "authentication": {"superuser": {"username": "boss"}, "replication": {"username": "boss"}},
                                 "parameters": {"unix_socket_directories": str(top), "dynamic_shared_memory_type": "mmap"}}}
        self.file = pathlib.Path(top) / f"{name}.yml"
        self.file.write_text(json.dumps(config))  # JSON is YAML
        self.file.chmod(0o644)
        self.log = open(pathlib.Path(top) / f"{name}.log", "wb")
        self.process = subprocess.Popen([shutil.which("patroni"), self.file], start_new_session=True, stdout=self.log,
                                        stderr=self.log, cwd="/", **clusters.account())

    def role(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rest}/patroni", timeout=2) as answer:
                told = json.load(answer)
                return told["role"] if told["state"] == "running" else ""
        except OSError:
            return ""

    def is_synchronous(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.rest}/sync", timeout=2).status == 200
        except OSError:
            return False

    def hand_over(self, other):
        question = urllib.request.Request(f"http://127.0.0.1:{self.rest}/switchover", method="POST",
                                          data=json.dumps({"leader": self.name, "candidate": other.name}).encode(),
                                          headers={"Content-Type": "application/json"})
        urllib.request.urlopen(question, timeout=60).read()

    def kill(self):
        """Both at once, as when the machine is gone: the server has a group of its own."""
        server = int((pathlib.Path(self.file.parent) / self.name / "postmaster.pid").read_text().split("\n")[0])
        os.kill(self.process.pid, signal.SIGKILL)
        os.killpg(os.getpgid(server), signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


def wait_for(condition, what):
    ends = time.monotonic() + READY_SECONDS_MAX
    while not condition():
        assert time.monotonic() < ends, what
        time.sleep(0.2)


def goes_on(dispenser):
    """Seconds until reports are acknowledged again, those that were just on their way left out."""
    begun, mark = time.monotonic(), dispenser.acknowledged + clusters_margin()
    while time.monotonic() - begun < AWAY_SECONDS_MAX:
        if acknowledged_since(dispenser, mark):
            return time.monotonic() - begun
    raise AssertionError("nothing was acknowledged after the change")


class Reached:
    """What failover.check wants of a database."""

    def __init__(self, port):
        self.port = port

    def sql(self, statement, database="rolwacht"):
        out = clusters.run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "boss", "-d", database, "-X", "-A", "-t",
                           "-c", statement)
        return out.stdout.splitlines()


def trial(top, started):
    etcd_port, peer_port = clusters.free_port(), clusters.free_port()
    started.append(subprocess.Popen(
        [shutil.which("etcd"), "--data-dir", f"{top}/etcd", "--listen-client-urls", f"http://127.0.0.1:{etcd_port}",
         "--advertise-client-urls", f"http://127.0.0.1:{etcd_port}", "--listen-peer-urls", f"http://127.0.0.1:{peer_port}",
         "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer_port}", "--initial-cluster",
         f"default=http://127.0.0.1:{peer_port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        **clusters.account()))
    one = Node(top, "one", etcd_port)
    started.append(one)
    wait_for(lambda: one.role() in ("master", "primary"), "there is no leader")
    two = Node(top, "two", etcd_port)
    started.append(two)
    wait_for(lambda: two.role() == "replica" and two.is_synchronous(), "there is no synchronous copy")
    for statement in ("CREATE ROLE rolwacht_app", "CREATE ROLE rolwacht_owner LOGIN IN ROLE rolwacht_app",
                      "CREATE DATABASE rolwacht OWNER rolwacht_owner ENCODING 'UTF8'"):
        Reached(one.port).sql(statement, "postgres")
    house = House(extra=["--database", f"host=127.0.0.1,127.0.0.1 port={one.port},{two.port} dbname=rolwacht"
                                       " user=rolwacht_owner target_session_attrs=read-write connect_timeout=2"])
    house.make_device("dispenser", "d-7")
    dispenser = Dispenser(house, 7)
    dispenser.start()
    try:
        assert acknowledged_since(dispenser, 0), "nothing was acknowledged before"
        one.hand_over(two)
        planned = goes_on(dispenser)
        wait_for(one.is_synchronous, "the one before does not follow")
        two.kill()
        unplanned = goes_on(dispenser)
    finally:
        dispenser.stopping = True
        dispenser.join()
        signs, _ = house.close()
    wrong = list(check(Reached(one.port), dispenser)) + signs
    print(f"# {dispenser.acknowledged} acknowledged; away for {planned:.1f} s at a planned change, {unplanned:.1f} s at a"
          f" death (the leader's key lasts {TTL_S} s)", flush=True)
    assert not wrong, wrong


def main():
    title = "a service goes on when Patroni changes the leader and when a leader dies"
    print("1..1", flush=True)
    if not shutil.which("patroni") or not shutil.which("etcd"):
        print(f"ok 1 - {title} # SKIP patroni or etcd is not there")
        return
    top = clusters.folder()
    started, wrong = [], ""
    try:
        trial(top, started)
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        wrong = str(error) or "failed"
    for one in reversed(started):
        if isinstance(one, Node):
            one.stop()
        else:
            one.terminate()
            one.wait(30)
    shutil.rmtree(top)
    if wrong:
        print("# " + wrong.replace("\n", "\n# "))
    print(f"{'not ok' if wrong else 'ok'} 1 - {title}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
