#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A packaging line at work for the real service, with a network that comes and goes. Output is TAP."""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "cli"))
import desk as desk_file  # noqa: E402
from certificates import certify  # noqa: E402
import stream  # noqa: E402
from house import BIN  # noqa: E402
from visitor import Visitor  # noqa: E402

RUN_SECONDS_MAX = 300
PIECE = 65536
WAIT_SECONDS = 0.2  # between two looks at the desk


class Network(threading.Thread):
    """What lies between the line and the service; while it is cut nothing passes, in either direction."""

    def __init__(self, to):
        super().__init__(daemon=True)
        self.to = to.rsplit(":", 1)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.is_cut = lambda: False

    def run(self):
        while True:
            near, _ = self.listener.accept()
            if self.is_cut():
                near.close()
                continue
            far = socket.create_connection((self.to[0], int(self.to[1])))
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source, sink):
        try:
            while (piece := source.recv(PIECE)) and not self.is_cut():
                sink.sendall(piece)
        except OSError:
            pass  # the other direction ended it
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # was ended before


class Line:
    """A machine that is enrolled through the network, and the film of the roll that it packs."""

    def __init__(self, desk):
        house = desk.house
        self.desk = desk
        self.top = house.top / "line"
        self.state = self.top / "state"
        self.spool = self.state / "spool"
        self.top.mkdir()
        code = desk.call("POST", "/v1/enrolment-codes", {"role": "line", "id": "l-7"}, "administrator").json
        self.network = Network(house.machines)
        self.network.start()
        done = self.rolwacht("verify", "--server", "https://" + house.people, "--enroll", code["code"],
                             "--ca", house.ca, "--line", "l-7", "--state", self.state)
        assert done.returncode == 0 and json.loads(done.stdout) == {"line": "l-7"}, (done.stdout, done.stderr)
        shutil.copytree(house.state / "keys", self.state / "keys")
        device = self.state / "device.json"
        known = json.loads(device.read_text())
        known["devices"] = "https://" + self.network.address
        device.write_text(json.dumps(known))
        self.cut = self.top / "cut"
        self.network.is_cut = self.cut.exists

    @staticmethod
    def rolwacht(*words):
        return subprocess.run([str(word) for word in (BIN / "rolwacht", *words)], capture_output=True,
                              text=True, check=False, timeout=RUN_SECONDS_MAX)

    def print_roll(self, client, *faults, first=0, days=1):
        """A roll that is approved and printed, and the frames of its strip with faults, running past a camera."""
        roll = self.desk.plan(client, first, days)["roll"]
        self.desk.approve(roll)
        assert self.desk.call("POST", f"/v1/rolls/{roll}/print").status == 200
        folder = self.top / roll
        folder.mkdir()
        planned = folder / "roll.json"
        planned.write_bytes(self.desk.call("GET", f"/v1/rolls/{roll}").body)
        done = subprocess.run(
            [BIN / "photograph", "--roll", planned, "--seed", "4", "-o", folder, "--video", folder / "strip.avi",
             "--size", "880x1184", "--scale", "12", "--no-tablets", *[word for fault in faults for word in ("--fault", fault)]],
            capture_output=True, text=True, check=False, timeout=RUN_SECONDS_MAX)
        assert done.returncode == 0, done.stderr
        return roll, stream.cut_frames((folder / "strip.avi").read_bytes())

    def hook(self, *lines):
        """The command that stops the strip; it writes down what it was told."""
        path = self.top / "stop"
        path.write_text("\n".join(("#!/bin/sh", *lines, f'echo "$@" >>"{self.top}/stops"', "")))
        path.chmod(0o700)
        (self.top / "stops").unlink(missing_ok=True)
        return path

    def words(self, camera, hook):
        camera.start()
        return ["--camera", camera.url, "--server", "https://" + self.network.address, "--line", "l-7",
                "--state", self.state, "--on-stop", hook, "--json"]

    def start(self, camera, hook):
        """The program itself, so that it can be killed."""
        return subprocess.Popen([str(word) for word in (BIN / "rolwacht-verify", *self.words(camera, hook))],
                                stdout=subprocess.DEVNULL)

    def verify(self, frames, hook):
        done = self.rolwacht("verify", *self.words(stream.Camera(frames), hook))
        said = [json.loads(text) for text in done.stdout.splitlines()]
        return done, said[:-1], said[-1] if said else None

    def stops(self):
        return (self.top / "stops").read_text().splitlines()

    def first_stop(self):
        """The command was begun, but nobody waits for it when the station is killed."""
        ends = time.monotonic() + RUN_SECONDS_MAX
        while time.monotonic() < ends and not ((self.top / "stops").exists() and self.stops()):
            time.sleep(WAIT_SECONDS)
        return self.stops()[0]

    def waiting(self):
        return sorted(path.name for path in self.spool.iterdir())


def kept(desk, roll):
    """What the service has of each bag: its verdicts in their order, and how many pictures."""
    bags = {int(n): [] for n, in desk.house.sql(f"SELECT n FROM bags WHERE roll = '{roll}'")}
    for n, verdict, reason in desk.house.sql(
            f"SELECT b.n, v.verdict, v.reason FROM verdicts AS v JOIN bags AS b USING (roll, serial)"
            f" WHERE roll = '{roll}' ORDER BY v.verdict_id"):
        bags[int(n)].append((verdict, reason))
    pictures = desk.house.sql(f"SELECT b.n, count(*) FROM pictures AS p JOIN bags AS b USING (roll, serial)"
                              f" WHERE roll = '{roll}' GROUP BY b.n")
    return bags, {int(n): int(count) for n, count in pictures}


def expect_all_once(desk, roll, report):
    bags, pictures = kept(desk, roll)
    told = {bag["n"]: [(bag["verdict"], " ".join(bag["reasons"]))] for bag in report["bags"]}
    assert bags == told, (bags, told)
    assert pictures == {n: 1 for n in told}, pictures
    posted = desk.house.sql(f"SELECT count(*) FROM journal WHERE action = 'judge' AND object_id = '{roll}'")
    assert posted == [[str(len(told))]], posted


def a_running_film_is_seen_at_the_desk(desk):
    """Bag after bag, before any verdict; then the station is killed in the middle of the roll."""
    line = desk.line
    roll, frames = line.print_roll("c1", "1:drug", "3:line")
    desk.roll, desk.frames = roll, frames
    camera = stream.Camera(frames, hold_after=len(frames) * 3 // 4)
    seen = lambda: {bag["n"]: (bag["verdict"], bag["glance"], bag["glance_reason"])
                    for bag in desk.call("GET", f"/v1/rolls/{roll}/status").json["bags"]}
    with line.start(camera, line.hook()) as station:
        ends = time.monotonic() + RUN_SECONDS_MAX
        while seen()[1][1] is None and station.poll() is None and time.monotonic() < ends:
            time.sleep(WAIT_SECONDS)
        bags = seen()
        assert bags[0] == (None, "pass", "") and bags[3] == (None, None, None), bags
        assert bags[1][:2] == (None, "fail") and "text-differs" in bags[1][2], bags
        assert station.poll() is None, "it did not wait for the camera"
        station.kill()
    camera.go.set()
    assert line.first_stop().startswith(f"{roll} 1 "), line.stops()
    assert desk.state(roll) == "printed" and all(not held for held in kept(desk, roll)[0].values())


def a_roll_is_judged_again_though_the_network_is_gone(desk):
    """By the roll as it was fetched, which is told and is never a pass; nothing is lost on the way."""
    line, roll = desk.line, desk.roll
    line.cut.touch()
    done, lines, report = line.verify(desk.frames, line.hook())
    assert done.returncode == 1, done
    assert f"roll {roll} is judged again" in done.stderr and "no network" in done.stderr, done.stderr
    assert "could not be asked" in done.stderr and "wait for the network" in done.stderr, done.stderr
    assert (report["roll"], report["verdict"], report["offline"]) == (roll, "fail", True), report
    assert [bag["verdict"] for bag in report["bags"]] == ["pass", "fail", "pass", "fail"], report
    reasons = [bag["reasons"] for bag in report["bags"]]
    assert reasons[0] == reasons[2] == [] and "text-differs" in reasons[1] and "print-damaged" in reasons[3], reasons
    assert [(said["n"], said["verdict"]) for said in lines] == [(bag["n"], bag["verdict"]) for bag in report["bags"]]
    # Commands run side by side; the last bag was in the view when the film ended.
    assert sorted(line.stops()) == [f"{roll} {n} {reasons[n][0]}" for n in (1, 3)], line.stops()
    waiting = [(kind, serial) for _, kind, _, serial in (name.split("-") for name in line.waiting())]
    serials = sorted(desk.serials(roll).values())
    assert [one for one in waiting if one[0] == "verdict"] == [("verdict", serial) for serial in serials], waiting
    assert all(("picture", serial) in waiting for serial in serials), waiting
    assert all(not held for held in kept(desk, roll)[0].values())
    desk.report = report


def the_next_run_catches_up(desk):
    """What waited arrives; the same frames of the same strip say nothing new, so each is there once. An old certificate is
    renewed once that is done."""
    line, roll = desk.line, desk.roll
    line.cut.unlink()
    old = certify(desk.house, line.state, ("line", "l-7"), -300, 65)
    done, _, report = line.verify(desk.frames, line.hook())
    assert done.returncode == 1 and "wait" not in done.stderr, (done.returncode, done.stderr)
    assert "did not end" not in done.stderr and "offline" not in report, (done.stderr, report)
    assert report["bags"] == desk.report["bags"], report
    assert 'the certificate of line "l-7" was renewed' in done.stderr and (line.state / "client.pem").read_text() != old, done.stderr
    assert desk.house.call("l-7", "GET", f"/v1/rolls/{roll}").status == 200, "the new certificate opens nothing"
    assert line.waiting() == [] and not list((line.state / "refused").iterdir()), line.waiting()
    expect_all_once(desk, roll, report)
    assert desk.state(roll) == "printed" and not desk.house.sql("SELECT 1 FROM glances")
    picture = desk.call("GET", f"/v1/rolls/{roll}/bags/{desk.serials(roll)[3]}/picture")
    assert picture.status == 200 and picture.body.startswith(b"\x89PNG"), picture.status


def the_size_of_a_label_is_shown_in_a_picture_of_its_own(desk):
    """Only the others of its roll say which it is, at the film's end: the picture that came with the bag says nothing of it."""
    line = desk.line
    roll, frames = line.print_roll("c1", "2:scaled", first=12, days=2)
    done, _, report = line.verify(frames, line.hook())
    assert done.returncode == 1 and [bag["n"] for bag in report["bags"] if bag["verdict"] != "pass"] == [2], report
    assert kept(desk, roll)[1] == {bag["n"]: 2 if bag["n"] == 2 else 1 for bag in report["bags"]}, kept(desk, roll)[1]
    widths = [int.from_bytes(bytes.fromhex(start)[16:20], "big") for start, in desk.house.sql(
        f"SELECT encode(substring(p.bytes FROM 1 FOR 24), 'hex') FROM pictures AS p JOIN bags AS b USING (roll, serial)"
        f" WHERE roll = '{roll}' AND b.n = 2 ORDER BY p.picture_id")]
    assert widths[1] > widths[0], widths


def pharmacist(desk):
    """Somebody who signed in at the console."""
    invited = desk.call("POST", "/v1/persons", {"person": "karin", "name": "Karin", "role": "apotheker"}, "administrator")
    visitor = Visitor(desk.house)
    visitor.set_up("karin", invited.json["code"])
    return visitor


def what_is_sent_again_changes_nothing(desk):
    """The answer was lost on its way; meanwhile a person decided. What a person refused only a person takes back."""
    roll, line = desk.roll, "l-7"
    desk.house.make_device("line", line)
    serial = desk.serials(roll)[2]
    post = lambda verdict, *reasons: desk.house.verdict(line, roll, serial, verdict, reasons)
    count = lambda table: int(desk.house.sql(f"SELECT count(*) FROM {table} WHERE serial = '{serial}'")[0][0])
    visitor = pharmacist(desk)
    on_review = lambda: visitor.get("/review").status == 200 and serial in visitor.page
    first = post("pass")
    assert (first.status, count("verdicts")) == (200, 2), (first.body, count("verdicts"))
    refusal = {"serial": serial, "verdict": "fail", "reason": "gescheurd"}
    assert desk.call("POST", f"/v1/rolls/{roll}/judge", refusal).status == 200
    again = post("pass")
    assert (again.status, again.json["state"], count("verdicts")) == (200, "printed", 3), (again.body, count("verdicts"))
    holds = lambda: [(bag["verdict"], bag["by_person"]) for bag in desk.call("GET", f"/v1/rolls/{roll}/status").json["bags"]
                     if bag["serial"] == serial]
    assert holds() == [("fail", True)] and on_review() and "gescheurd" in visitor.page, (holds(), visitor.page)
    assert post("fail", "print-damaged").status == 200 and post("pass").status == 200
    assert (count("verdicts"), holds()) == (5, [("fail", True)]), (count("verdicts"), holds())
    assert on_review() and "gescheurd" in visitor.page, visitor.page
    mended = {"serial": serial, "verdict": "pass", "reason": "toch heel"}
    assert desk.call("POST", f"/v1/rolls/{roll}/judge", mended).status == 200 and holds() == [("pass", True)], holds()
    assert not on_review(), visitor.page
    assert post("fail", "print-damaged").status == 200 and holds() == [("fail", False)] and on_review(), holds()
    assert post("pass").status == 200 and not on_review(), visitor.page
    place = f"/v1/rolls/{roll}/bags/{serial}/picture"
    seen = desk.call("GET", place).body
    for body, pictures in ((seen, 1), (seen, 1), (seen + b"x", 2)):
        assert desk.house.call(line, "PUT", place, body).status == 204
        assert count("pictures") == pictures, (count("pictures"), pictures)


def a_line_that_lost_its_roll_says_no_more_of_it(desk):
    """It was away while another line checked the film: what it saw before does not outweigh what was found since."""
    house = desk.house
    house.make_device("line", "l-8")
    roll = desk.plan("c1", 6, 1)["roll"]
    desk.approve(roll)
    assert desk.call("POST", f"/v1/rolls/{roll}/print").status == 200
    serials = list(desk.serials(roll).values())
    told = lambda: [verdict for verdict, in house.sql(f"SELECT verdict FROM verdicts WHERE roll = '{roll}' ORDER BY verdict_id")]
    over = lambda: house.sql("UPDATE claims SET expires_ms = 1")
    over()
    assert house.call("l-8", "POST", "/v1/lines/l-8/claims").json["roll"] == roll
    over()  # a jam that took long; nobody else asked
    assert house.verdict("l-8", roll, serials[0], "pass").status == 200
    over()
    assert house.call("l-1", "POST", "/v1/lines/l-1/claims").json["roll"] == roll
    assert house.verdict("l-1", roll, serials[1], "fail", ["print-damaged"]).status == 200
    over()  # that line is silent too
    for late in (house.verdict("l-8", roll, serials[1], "pass"), house.glance("l-8", roll, serials[2], "pass"),
                 house.call("l-8", "PUT", f"/v1/rolls/{roll}/bags/{serials[1]}/picture", b"\x89PNG\r\n\x1a\n" + bytes(99))):
        assert late.status == 409 and b"claim it anew" in late.body, late.body
    assert told() == ["pass", "fail"], told()
    assert house.call("l-8", "POST", "/v1/lines/l-8/claims").json["roll"] == roll
    assert house.verdict("l-8", roll, serials[1], "pass").status == 200 and told() == ["pass", "fail", "pass"], told()


def what_is_seen_on_the_running_film_is_no_verdict(desk):
    """It is shown, changes no state, and what is not good holds up a release until a verdict comes."""
    house = desk.house
    roll = desk.plan("c1", 3, 1)["roll"]
    desk.approve(roll)
    assert desk.call("POST", f"/v1/rolls/{roll}/print").status == 200
    serials = list(desk.serials(roll).values())
    status = lambda serial: next(bag for bag in desk.call("GET", f"/v1/rolls/{roll}/status").json["bags"] if bag["serial"] == serial)
    noted = lambda: int(house.sql(f"SELECT count(*) FROM journal WHERE action = 'glance' AND object_id = '{roll}'")[0][0])
    for serial in serials:
        for _ in range(2):  # the answer to the first was lost
            answer = house.glance("l-1", roll, serial, "pass")
            assert (answer.status, answer.json["state"]) == (200, "printed"), answer.body
    assert noted() == len(serials), noted()
    assert (status(serials[1])["verdict"], status(serials[1])["glance"]) == (None, "pass"), status(serials[1])
    assert house.call("l-1", "POST", "/v1/lines/l-1/claims").json["roll"] == roll  # nothing of it is judged
    unproven = house.verdict("l-1", roll, serials[1], "pass", judged=("code", "print"))
    assert unproven.status == 400, (unproven.status, unproven.body)
    assert house.glance("l-1", roll, serials[1], "missing", ["not-seen"]).status == 400
    refusal = {"serial": serials[2], "verdict": "fail", "reason": "gescheurd"}
    assert desk.call("POST", f"/v1/rolls/{roll}/judge", refusal).status == 200
    assert house.glance("l-1", roll, serials[2], "unsure", ["grade-low"]).status == 200
    assert (status(serials[2])["verdict"], status(serials[2])["by_person"]) == ("fail", True), status(serials[2])
    for serial in serials:
        assert house.verdict("l-1", roll, serial, "pass").status == 200
    assert status(serials[2])["verdict"] == "fail" and desk.state(roll) == "printed"
    assert desk.call("POST", f"/v1/rolls/{roll}/judge", {**refusal, "verdict": "pass"}).status == 200
    assert desk.state(roll) == "verified" and status(serials[1])["glance"] is None, status(serials[1])
    assert desk.call("POST", f"/v1/rolls/{roll}/judge", {"counted": True, "reason": "nageteld"}).status == 200
    assert house.glance("l-1", roll, serials[1], "fail", ["text-differs"]).status == 200
    held = desk.call("POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-1"})
    assert held.status == 409 and b"not judged" in held.body, held.body
    assert house.verdict("l-1", roll, serials[1], "pass").status == 200  # the same bytes as its verdict before
    desk.release(roll, "d-1")
    late = house.glance("l-1", roll, serials[1], "fail", ["text-differs"])
    assert late.status == 409, (late.status, late.body)


def prepare(desk):
    desk.client("c1", "d-1")
    desk.line = Line(desk)


TESTS = [a_running_film_is_seen_at_the_desk, a_roll_is_judged_again_though_the_network_is_gone, the_next_run_catches_up,
         the_size_of_a_label_is_shown_in_a_picture_of_its_own, what_is_sent_again_changes_nothing,
         what_is_seen_on_the_running_film_is_no_verdict, a_line_that_lost_its_roll_says_no_more_of_it]

if __name__ == "__main__":
    desk_file.play(TESTS, prepare)
