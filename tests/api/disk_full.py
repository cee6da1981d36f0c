#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The disk fills while a dispenser reports and a line sends pictures: callers are put off, nothing acknowledged is lost
(REQ-017). TAP.

The state folder lies on a small file system in memory, so this needs root and is skipped without."""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import tap
from desk import Desk
from house import House
from ledger import Dispenser

SIZE_MB = 110
SECONDS_MAX = 40
LINES_MAX = 10  # of requests that fail before it is known why
PICTURE_BYTES = 400_000
ROWS = 400  # more than the pages of a young journal have room for
UNWRITABLE = '"code":"bug"'
PNG = b"\x89PNG\r\n\x1a\n"


class Watched(Dispenser):
    """Counts what it was answered beside what was kept."""

    def __init__(self, house):
        super().__init__(house, 7)
        self.put_off = 0

    def post(self):
        before = self.acknowledged
        super().post()
        self.put_off += self.acknowledged == before


class Line:
    """Sends pictures of one bag, each another; the last that was taken is what is to be found."""

    def __init__(self, house):
        desk = Desk(house)
        desk.client("k1", "d-1")
        desk.client("k2", "d-2")
        desk.out("k2", "d-2")
        for client, dispenser in (("k3", "d-3"), ("k4", "d-4")):
            desk.client(client, dispenser)
            later = desk.plan(client, 0, 2)["roll"]
            desk.verify(later)
            desk.release(later, dispenser)
        # One row that can never be written later, before the other.
        house.sql("ALTER TABLE journal ADD CHECK (actor <> 'd-4' OR detail NOT LIKE '%handed over%') NOT VALID")
        roll = desk.plan("k1", 0, 2)["roll"]
        desk.approve(roll)
        assert desk.call("POST", f"/v1/rolls/{roll}/print").status == 200
        self.house, self.path = house, f"/v1/rolls/{roll}/bags/{house.bags(roll)[1][1]}/picture"
        self.taken, self.strange = None, []

    def send(self):
        picture = PNG + random.randbytes(PICTURE_BYTES)
        answer = self.house.call("l-1", "PUT", self.path, picture, {"Content-Type": "image/png"})
        if answer.status == 204:
            self.taken = picture
        elif answer.status != 503:
            self.strange.append(f"a picture was answered {answer.status} {answer.body[:200]}")
        return answer.status

    def is_kept(self):
        answer = self.house.call("apo", "GET", self.path)
        return answer.status == 200 and answer.body == self.taken


def told_once(log):
    """That the disk is full and is not any more; of each request that met it nothing is said."""
    for event, times in (("database-full", 1), ("database-has-room-again", 1), ("download-recorded-later", 2),
                         ("download-not-recorded", 1)):
        if log.count(f'"event":"{event}"') != times:
            yield f"the log says {event} {log.count(event)} times"
    if log.count('"event":"request-failed"') > LINES_MAX:
        yield f"the log grows with each request: {log.count('request-failed')}"


def fill(path):
    """Until not a byte more fits."""
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\1" * 65536)
        except OSError:
            pass
        try:
            while True:
                file.write(b"\1")
        except OSError:
            pass


def wait_for(condition):
    ends = time.monotonic() + SECONDS_MAX
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)
    return condition()


def is_told(house, is_full):
    """To whom asks whether requests may be sent here, which goes on, and to who watches."""
    ready = house.call("nobody", "GET", "/readyz")
    metrics = house.call("administrator", "GET", "/metrics").body.decode()
    told = {"status": "ready", "degraded": ["database-full"]} if is_full else {"status": "ready"}
    return ready.status == 200 and ready.json == told and f"rolwacht_database_full {int(is_full)}\n" in metrics


def is_read(house):
    """What was there before: a schedule, and a 304 of it."""
    path = "/v1/dispensers/d-2/schedule"
    answer = house.call("d-2", "GET", path)
    again = house.call("d-2", "GET", path, None, {"If-None-Match": answer.headers.get("etag", "")})
    return (answer.status, again.status) == (200, 304)


def owed(house):
    """The rows of first downloads to d-3, and whether its schedule is marked; d-4 comes before it."""
    return (house.sql("SELECT detail, actor, source FROM journal WHERE action = 'download' AND actor = 'd-3'"),
            house.sql("SELECT fetched_ms IS NOT NULL FROM schedules WHERE dispenser_id = 'd-3' ORDER BY version"))


def fill_journal(house):
    """Not a row more fits. One that its table took and an index did not stays there, dead: the table is full as well."""
    row = ("INSERT INTO journal SELECT pharmacy_id, 'none-' || number, 0, '', '', '', '', '', '', '', ''"
           " FROM pharmacies LIMIT 1;")
    try:
        house.sql("DO $$ DECLARE number integer; BEGIN"
                  f" FOR number IN 1 .. {ROWS} LOOP BEGIN {row} EXCEPTION WHEN disk_full THEN NULL; END; END LOOP;"
                  f" number := 0; {row} RAISE 'there is room'; END $$")
    except subprocess.CalledProcessError as error:
        return "No space left" in error.stderr
    return False


def first_download(house):
    """Of a schedule that was released before the disk filled: the medicine does not wait for the journal."""
    if not fill_journal(house):
        yield "the journal still takes rows"
    answers = [house.call(name, "GET", f"/v1/dispensers/{name}/schedule") for name in ("d-4", "d-3", "d-3")]
    if [answer.status for answer in answers] != [200, 200, 200] or answers[1].body != answers[2].body:
        yield f"a first download is answered {[(answer.status, answer.body[:100]) for answer in answers]}"
    if owed(house) != ([], [["f"]]):
        yield f"it is recorded though the disk is full: {owed(house)}"


def is_recorded(house):
    """Once, with the moment at which it was handed over."""
    rows, marks = owed(house)
    return marks == [["t"]] and len(rows) == 1 and rows[0][1:] == ["d-3", "127.0.0.1"] and \
        rows[0][0].startswith("d-3, handed over at 20") and rows[0][0].endswith("Z while the disk was full")


def full(house, dispenser, line):
    ballast = house.top / "ballast"
    if line.send() != 204 or not line.is_kept():
        yield "a picture is not kept"
    if not is_read(house):
        yield "a schedule is not there"
    wait_for(lambda: dispenser.acknowledged > 50)
    fill(ballast)
    if not wait_for(lambda: dispenser.put_off > 5):
        yield "the disk did not get full"
    statuses = {house.call("administrator", "GET", "/v1/outbox").status, house.call("nobody", "GET", "/healthz").status}
    if not statuses <= {200, 503}:
        yield f"the answers were {statuses}"
    if not wait_for(lambda: is_told(house, True)):
        yield "it does not tell that the disk is full"
    if not is_read(house):
        yield "a dispenser does not get its schedule any more"
    fill(house.top / "more")  # files of the log may have gone since
    yield from first_download(house)
    if not wait_for(lambda: line.send() == 503):
        yield "pictures are taken though the disk is full"
    mark = dispenser.acknowledged
    ballast.unlink()
    (house.top / "more").unlink()
    if not wait_for(lambda: is_told(house, False)):
        yield "it does not tell that there is room again"
    if not wait_for(lambda: is_recorded(house)):
        yield f"the first download is not recorded: {owed(house)}"
    if not wait_for(lambda: line.send() == 204) or not line.is_kept():
        yield "pictures are not taken again"
    if not wait_for(lambda: dispenser.acknowledged > mark + 50):
        yield f"it did not go on: {dispenser.acknowledged} after {mark}"
    dispenser.stopping = True
    dispenser.join()
    kept = house.sql("SELECT seq, event_id FROM events WHERE dispenser_id = 'd-7' ORDER BY seq")
    if len(kept) < dispenser.acknowledged:
        yield f"{dispenser.acknowledged} were acknowledged, {len(kept)} are kept"
    for number, (seq, event_id) in enumerate(kept, 1):
        if int(seq) != number or event_id != dispenser.events[number - 1]["id"]:
            yield f"event {number} is {seq} {event_id}"
            break
    yield from dispenser.strange + line.strange
    status, found = house.check_journal()
    if status != 0:
        yield f"the journal: {found}"


def main():
    with tempfile.TemporaryDirectory(prefix="rw-full-") as folder:
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", folder], check=False, stderr=subprocess.DEVNULL).returncode == 0
        if not mounted:
            print("1..0 # SKIP a small file system cannot be made here")
            sys.exit(77)
        try:
            trial(pathlib.Path(folder) / "house")
        finally:
            subprocess.run(["umount", "-l", folder], check=True)  # whoever still works there ends with the test


def trial(top):
    random.seed(7)
    top.mkdir()
    print("1..1", flush=True)
    house = House(folder=top)
    house.make_device("dispenser", "d-7")
    line = Line(house)
    dispenser = Watched(house)
    dispenser.start()
    wrong = list(full(house, dispenser, line))
    print(f"# {dispenser.acknowledged} acknowledged, put off {dispenser.put_off} times", flush=True)
    signs, log = house.close()
    wrong += told_once(log)
    if log.count(UNWRITABLE) == 1:
        signs.remove(UNWRITABLE)  # the row of d-4
    tap.conclude("a full disk puts callers off and loses nothing", wrong, signs, log)


if __name__ == "__main__":
    main()
