#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A database elsewhere, as it is named and as it is reached: what the service refuses before it starts, a login that
owns nothing, and pgBouncer between the two. TAP."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

import clusters
import tap
from bound import bound
from house import BIN, House
from nodes import prepare

POOLER = """[databases]
rolwacht = host=127.0.0.1 port={server} user=rolwacht_owner
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
server_round_robin = {turns}
default_pool_size = 30
logfile = {top}/{mode}.log
pidfile = {top}/{mode}.pid
"""


class Pooler:
    def __init__(self, top, server, mode, turns=0):
        self.port = clusters.free_port()
        file = pathlib.Path(top) / f"{mode}-{turns}.ini"
        file.write_text(POOLER.format(server=server, port=self.port, mode=mode, top=top, turns=turns))
        file.chmod(0o644)
        self.process = subprocess.Popen(bound("/usr/sbin/pgbouncer", file), stderr=subprocess.DEVNULL, cwd="/", **clusters.account())
        ends = time.monotonic() + 20
        while clusters.run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), check=False).returncode != 0:
            assert time.monotonic() < ends and self.process.poll() is None, "pgbouncer did not start"
            time.sleep(0.05)

    def close(self):
        self.process.terminate()
        self.process.wait(20)


def conninfo(port, more=""):
    return f"host=127.0.0.1 port={port} dbname=rolwacht user=rolwacht_owner {more}"


def start(database):
    """A start that is refused: exit status and sentence, and whether a check of the configuration says the same."""
    top = pathlib.Path(tempfile.mkdtemp(prefix="rw-pooled-"))
    os.chmod(top, 0o711)
    (top / "service.json").write_text('{"format":"rolwacht/service/1"}')
    said = []
    for words in (("--state", top / "state", "--listen", "127.0.0.1:0", "--listen-devices", "127.0.0.1:0"),
                  ("--check-config", top / "service.json")):
        out = subprocess.run([BIN / "rolwacht-serve", *words, "--database", database], capture_output=True, text=True,
                             timeout=90, check=False)
        said.append((out.returncode, out.stderr))
    shutil.rmtree(top)
    assert said[0][0] == said[1][0], said
    return said[0]


def refusals(_):
    for database, words in ((conninfo(5, "password=geheim"), "password on the command line"),
                            ("postgresql://rolwacht_owner:geheim@127.0.0.1:5/rolwacht", "password on the command line"),
                            ("host=a,b dbname=rolwacht", "target_session_attrs"), ("host", "connection string")):
        status, said = start(database)
        assert status == 2 and words in said and "geheim" not in said, (status, said)


def transactions(cluster):
    """Sessions would be shared: whose rows a session sees, and which statement a name stands for."""
    for turns in (0, 1):
        pooler = Pooler(cluster.folder.parent, cluster.port, "transaction", turns)
        try:
            status, said = start(conninfo(pooler.port))
            assert status == 4 and "must pool sessions" in said, (turns, status, said)
        finally:
            pooler.close()


def sessions(cluster):
    """All goes on through it: a roll is released, and who waits is woken by a hint long before the next look."""
    pooler = Pooler(cluster.folder.parent, cluster.port, "session")
    house = None
    try:
        house = House(extra=["--database", conninfo(pooler.port), "--pharmacy", "zuid"])  # the other's keys are gone
        roll = prepare(house)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(
            house.call("d-7", "GET", "/v1/dispensers/d-7/schedule?wait=20")))
        thread.start()
        time.sleep(1)
        assert house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-7"}).status == 200
        thread.join()
        assert answers[0].status == 200, answers[0].status
    finally:
        if house:
            signs, _ = house.close()
            assert not signs, signs
        pooler.close()


def owned(cluster):
    """Who serves owns nothing: what a statement of an intruder could take back is nothing."""
    whose = f"host=127.0.0.1 port={cluster.port} dbname=rolwacht user="
    cluster.sql("ALTER ROLE rolwacht_app LOGIN")
    house = House(extra=["--database", whose + "rolwacht_app", "--database-owner", whose + "rolwacht_owner"])
    try:
        roll = prepare(house)
        assert house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-7"}).status == 200
        logins = cluster.sql("SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'rolwacht'"
                             " AND usename LIKE 'rolwacht%'")
        assert logins == ["rolwacht_app"], logins
        for taken in ("NO FORCE ROW LEVEL SECURITY", "DISABLE TRIGGER ALL", "OWNER TO rolwacht_app"):
            done = clusters.run("psql", "-v", "ON_ERROR_STOP=1", "-d", whose + "rolwacht_app", "-c",
                                f"RESET ROLE; ALTER TABLE journal {taken}", check=False)
            assert done.returncode != 0 and "must be owner" in done.stderr, (taken, done)
    finally:
        signs, _ = house.close()
        assert not signs, signs


def main():
    tests = [("a string with a password, or of several servers without a wish, is refused before it is used", refusals),
             ("a service whose login owns nothing runs, and another login migrates", owned),
             ("a pooler of transactions is refused, whichever free session it hands out", transactions),
             ("through a pooler of sessions the service works", sessions)]
    top = clusters.folder()
    cluster = clusters.Cluster(top, "db")
    cluster.make()
    try:
        tap.play(tests, None, cluster)
    finally:
        cluster.stop()
        shutil.rmtree(top)


if __name__ == "__main__":
    main()
