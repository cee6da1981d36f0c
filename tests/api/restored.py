#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Backup, return to a moment, and the way to another cluster, as docs/OPERATIONS.md describes them. TAP."""
import contextlib
import gzip
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import clusters
import tap
from bound import bound
from house import BIN, House

# The program that follows runs where the fonts of labels are not.
BARE = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /usr/share/fonts && exec "$@"', "sh"]
SECONDS_MAX = 90  # a server that could not archive tries again within a minute
ARCHIVED_MAX = 1 << 21  # bytes of a piece of 16 MiB, of a database with little in it


def own(path):
    """What the database's account must read and write."""
    if os.geteuid() == 0:
        for one in (path, *path.rglob("*")):
            shutil.chown(one, "postgres", "postgres")


def wait_for(condition):
    ends = time.monotonic() + SECONDS_MAX
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)
    assert condition()


def names(house):
    return [row[0] for row in house.sql("SELECT name FROM tokens ORDER BY created_ms")][1:]


def check_journal(house):
    out = subprocess.run([BIN / "rolwacht-serve", "--state", house.state, "--check-journal"], capture_output=True,
                         text=True, timeout=60, check=False)
    return out.returncode, json.loads(out.stdout)


def back_up(house, copy):
    """The base of a backup, while the service runs."""
    subprocess.run([clusters.BIN / "pg_basebackup", "-h", (house.base() / "socket").read_text(), "-U", "rolwacht_owner",
                    "-D", copy, "-c", "fast", "-X", "stream"], check=True, capture_output=True)


def restore(house, copy, archive, moment):
    data = house.base() / "data"
    shutil.move(data, house.top / "data.before")
    shutil.copytree(copy, data)
    (data / "recovery.signal").touch()
    with open(data / "postgresql.auto.conf", "a", encoding="ascii") as file:
        file.write(f"restore_command = 'gzip -dc {archive}/%f.gz > %p'\nrecovery_target_time = '{moment}'\n"
                   "recovery_target_action = 'promote'\nhot_standby = off\n")
    os.chmod(data, 0o700)
    own(data)


def look_at_archive(archive):
    kept = [one for one in archive.iterdir() if not one.name.startswith(".")]
    if not kept or any(one.suffix != ".gz" for one in kept):
        yield f"the archive holds {[one.name for one in kept]}"
    if sum(one.stat().st_size for one in kept) > ARCHIVED_MAX * len(kept):
        yield f"the archive takes {sum(one.stat().st_size for one in kept)} bytes for {len(kept)} files"


def switch(house):
    """Something is written, so that there is a piece of the log to bring."""
    house.sql("SELECT pg_create_restore_point('here'); SELECT pg_switch_wal()")


def comes_twice(house, archive):
    """After a crash the server may bring a file again. The same is good; another of its name is not written over."""
    switch(house)
    wait_for(lambda: list(archive.glob("*.gz")))
    first = sorted(archive.glob("*.gz"))[-1]
    status = house.base() / "data/pg_wal/archive_status"
    done = status / (first.stem + ".done")
    wait_for(done.exists)
    there = gzip.decompress(first.read_bytes())
    for bytes_there, wanted in ((there, True), (b"other", False)):
        first.write_bytes(gzip.compress(bytes_there))
        own(archive)
        before = house.sql("SELECT failed_count FROM pg_stat_archiver")
        done.rename(done.with_suffix(".ready"))
        switch(house)
        wait_for(lambda: done.exists() or house.sql("SELECT failed_count FROM pg_stat_archiver") != before)
        if done.exists() != wanted:
            yield f"{first.stem} was {'taken' if done.exists() else 'refused'} when it came again"
    if gzip.decompress(first.read_bytes()) != b"other":
        yield "a file of the archive was written over"
    first.unlink()
    switch(house)
    wait_for(first.exists)
    if gzip.decompress(first.read_bytes()) != there:
        yield f"{first.stem} is another than it was"


def return_to_a_moment(house, archive):
    house.make_token("before-backup", "auditor")
    copy = house.top / "base"
    back_up(house, copy)
    house.make_token("after-backup", "auditor")
    moment = house.sql("SELECT clock_timestamp()")[0][0]
    time.sleep(0.2)
    house.make_token("mistake", "auditor")
    wait_for(lambda: house.sql("SELECT count(*) FROM journal") == house.sql("SELECT count(*) FROM journal_seal"))
    house.stop()
    yield from look_at_archive(archive)
    restore(house, copy, archive, moment)
    status, found = check_journal(house)
    if status != 1 or "exported head" not in found["why"]:
        yield f"the head that was exported did not tell what is gone: {status} {found}"
    os.rename(house.state / "keys/journal.head", house.top / "journal.head.before")
    house.start()
    wait_for((house.state / "keys/journal.head").exists)  # it signs anew before anybody does anything
    if not house.sql("SELECT 1 FROM journal WHERE action = 'head-missing'"):
        yield "that the head was missing is not in the journal"
    if names(house) != ["before-backup", "after-backup"]:
        yield f"the tokens are {names(house)}"
    for name, status in (("after-backup", 200), ("mistake", 401)):
        if house.call(name, "GET", "/v1/journal").status != status:
            yield f"{name} got {house.call(name, 'GET', '/v1/journal').status}"
    house.make_token("afterwards", "auditor")
    status, found = house.check_journal()
    if status != 0 or found["checked"] < 3:
        yield f"the journal afterwards: {status} {found}"


def without_fonts(house):
    """Where a database is restored no label needs to be drawn; where a service runs, it does."""
    if subprocess.run([*BARE, "true"], capture_output=True, check=False).returncode != 0:
        raise tap.Skip("nothing may be mounted here")
    house.stop()
    for more, needs in (["--check-journal"], False), (["--listen", "127.0.0.1:0", "--listen-devices", "127.0.0.1:0"], True):
        out = subprocess.run([*BARE, BIN / "rolwacht-serve", "--state", house.state, *more], capture_output=True, text=True,
                             timeout=SECONDS_MAX, check=False)
        if (out.returncode != 0) != needs or ("could not load the font" in out.stderr) != needs:
            yield f"{more} ended with {out.returncode}: {out.stderr}"
    house.start()


@contextlib.contextmanager
def database_only(state):
    """The database without the service: what replaces all tables and what uses them would wait for each other."""
    with subprocess.Popen(bound(BIN / "rolwacht-serve", "--state", state, "--database-only"), stdout=subprocess.PIPE,
                          cwd="/") as process:
        yield json.loads(process.stdout.readline())["database"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_MAX) == 0


def to_another_cluster(house):
    """A dump goes into a service that has the same keys and nothing else: another machine, or another major."""
    dump = house.top / "dump"
    socket = (house.base() / "socket").read_text()
    subprocess.run([clusters.BIN / "pg_dump", "-h", socket, "-U", "rolwacht_owner", "-Fc", "-f", dump, "rolwacht"], check=True)
    kept, head = names(house), house.sql("SELECT count(*) FROM journal")
    top = pathlib.Path(tempfile.mkdtemp(prefix="rw-api-"))
    shutil.copytree(house.state / "keys", top / "state/keys")
    os.chmod(top, 0o711)
    with database_only(top / "state") as database:
        subprocess.run([clusters.BIN / "pg_restore", "-d", database, "--clean", "--if-exists", "--single-transaction",
                        dump], check=True)
    shutil.copy(house.state / "keys/journal.head", top / "state/keys/journal.head")
    other = House(folder=top)
    if names(other) != kept or int(other.sql("SELECT count(*) FROM journal")[0][0]) < int(head[0][0]):
        yield f"there are {names(other)}, there were {kept}"
    other.tokens = house.tokens
    if other.call("afterwards", "GET", "/v1/journal").status != 200:
        yield "a token does not work at the other"
    status, found = other.check_journal()
    if status != 0:
        yield f"the journal at the other: {status} {found}"
    signs, _ = other.close()
    yield from signs


def grows_up(house):
    """A database that an earlier program made is brought up to date with what it holds."""
    top = clusters.folder()
    server = clusters.Cluster(top, "old")
    server.make()
    steps = sorted((pathlib.Path(os.environ["ROLWACHT_ROOT"]) / "db/migrations").glob("0*.sql"))
    server.sql("CREATE TABLE schema_migrations (version bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,"
               " applied_ms bigint NOT NULL); ALTER TABLE schema_migrations OWNER TO rolwacht_owner")
    old = steps[:4]
    for number, step in enumerate(old, 1):
        server.sql("SET ROLE rolwacht_owner; " + step.read_text())
        server.sql(f"INSERT INTO schema_migrations SELECT {number}, '{step.name}',"
                   f" encode(sha256(convert_to($x${step.read_text()}$x$, 'UTF8')), 'hex'), 0")
    server.sql("INSERT INTO pharmacies VALUES ('pharmacy', 1)")
    server.sql("INSERT INTO alarms VALUES ('pharmacy', 'a-1', 'jam', 'open', 'p-1', 'd-1', NULL, 0, NULL, 1, 'k')")
    server.sql("INSERT INTO outbox VALUES ('pharmacy', 'o-1', 'alarm', '{}', 1, 1, 0, NULL)")
    database = f"host=127.0.0.1 port={server.port} dbname=rolwacht user=rolwacht_owner"
    newer = House(extra=["--database", database])
    newer.make_token("apo", "apotheker")
    alarms = newer.call("apo", "GET", "/v1/alarms").json["alarms"]
    if [one["id"] for one in alarms] != ["a-1"]:
        yield f"the alarms are {alarms}"
    wait_for(lambda: server.sql("SELECT count(*) FROM outbox WHERE done_ms IS NULL") == ["0"])
    if server.sql("SELECT count(*) FROM schema_migrations") != [str(len(steps))]:
        yield "not all steps were taken"
    signs, log = newer.close()
    yield from signs
    server.sql(f"INSERT INTO schema_migrations VALUES ({len(steps) + 1}, 'later', '', 0)")
    try:
        House(extra=["--database", database])
        yield "a program that is older than the database started"
    except RuntimeError as error:
        if "newer than this program" not in str(error):
            yield f"it was refused so: {error}"
    server.stop()
    shutil.rmtree(top)
    del house, log


def main():
    archive = pathlib.Path(tempfile.mkdtemp(prefix="rw-archive-"))
    own(archive)
    config = archive.parent / (archive.name + ".json")
    config.write_text(json.dumps({"format": "rolwacht/service/1", "wal_archive": str(archive)}))
    house = House(extra=["--config", config])
    parts = [("a finished piece of the log is archived once", lambda: comes_twice(house, archive)),
             ("the service returns to a moment, and the journal tells what is gone", lambda: return_to_a_moment(house, archive)),
             ("a journal is checked where no fonts are", lambda: without_fonts(house)),
             ("a dump opens at another service with the same keys", lambda: to_another_cluster(house)),
             ("an older database grows up, a newer one is left alone", lambda: grows_up(house))]
    try:
        tap.play(parts, house)
    finally:
        config.unlink()
        shutil.rmtree(archive)


if __name__ == "__main__":
    main()
