"""A line hands verdicts over to a service that comes and goes."""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "dispenser"))
from service import Service  # noqa: E402

BUILD = os.environ.get("ROLWACHT_BUILD", "build/dev")
ROLL = "482913570"
OTHER = "111111111"
FIRST = ROLL + "001"
SECOND = ROLL + "002"


class Station(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="rolwacht-station-")
        folder = os.path.join(self.place.name, "service")
        os.mkdir(folder)
        self.service = Service(folder, os.path.join(BUILD, "test-bin", "device_maker"))
        self.state = os.path.join(self.place.name, "state")
        self.body = os.path.join(self.place.name, "body")
        with open(self.body, "wb") as file:
            file.write(b'{"verdict":"pass"}')
        self.enrol("code-2")

    def enrol(self, code):
        self.drive("enrol", self.service.url(self.service.people), code,
                   os.path.join(self.service.folder, "ca.pem"))

    def tearDown(self):
        self.service.close()
        self.place.cleanup()

    def drive(self, *words, status=0):
        done = subprocess.run([os.path.join(BUILD, "test-bin", "station_driver"), self.state,
                               *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.errors = done.stderr.decode()
        return done.stdout

    def path(self, serial, what):
        return f"/v1/rolls/{ROLL}/bags/{serial}/{what}"

    def hold(self, seed):
        """The service holds a roll that was made up from the seed."""
        made = subprocess.run([os.path.join(BUILD, "bin", "sample-roll"), str(seed), "1", "nl"],
                              stdout=subprocess.PIPE, timeout=60, check=True).stdout
        number = json.loads(made)["roll"]
        self.service.rolls = {number: made}
        return number, made

    @staticmethod
    def changed(made, old, new):
        """The same roll but for that, with the fingerprint that belongs to it."""
        mark = json.loads(made)["fingerprint"][len("sha256:"):].encode()
        blank = made.replace(old, new).replace(mark, b"0" * 64)
        return blank.replace(b"0" * 64, hashlib.sha256(blank).hexdigest().encode())

    def confirm(self, roll, status=0):
        """Asks whether a roll still holds that was judged while there was no network."""
        path = os.path.join(self.place.name, "judged.json")
        with open(path, "wb") as file:
            file.write(roll)
        return self.drive("confirm", path, status=status)

    def grow_old(self, days):
        """The line has a certificate for a week that was made so many days ago."""
        self.write_certificate(self.service.certify("line-1", "line", days))

    def write_certificate(self, text):
        with open(os.path.join(self.state, "client.pem"), "w", encoding="ascii") as file:
            file.write(text)

    def certificate(self):
        with open(os.path.join(self.state, "client.pem"), encoding="ascii") as file:
            return file.read()

    def verify(self, number, *words, status):
        """The program itself looks at a picture of nothing."""
        picture = os.path.join(self.place.name, "nothing.pgm")
        with open(picture, "wb") as file:
            file.write(b"P5 64 64 255\n" + b"\xc8" * 64 * 64)
        done = subprocess.run(
            [os.path.join(BUILD, "bin", "rolwacht-verify"), "--roll", number, "--server",
             self.service.url(self.service.people), "--state", self.state, picture, *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
        self.errors = done.stderr.decode()
        self.assertEqual(done.returncode, status, self.errors)
        return json.loads(done.stdout) if status < 2 else None

    def fail_for(self, number):
        self.service.refuse[f"/v1/rolls/{number}"] = 503

    def test_a_roll_comes_byte_for_byte(self):
        number, made = self.hold(1)
        self.assertEqual(self.drive("roll", number), made)
        self.assertIn("given", self.errors)
        self.drive("roll", OTHER, status=1)
        self.assertIn("not-found", self.errors)
        self.drive("roll", "../x", status=1)
        self.assertIn("invalid", self.errors)

    def test_a_roll_that_was_given_is_there_without_a_network(self):
        number, made = self.hold(1)
        self.drive("roll", number)
        kept = os.path.join(self.state, "rolls", number + ".roll.json")
        self.fail_for(number)
        self.assertEqual(self.drive("roll", number), made)
        self.assertIn("offline", self.errors)
        self.fail_for(OTHER)
        self.drive("roll", OTHER, status=1)
        self.assertIn("unavailable", self.errors)
        self.assertIn("never fetched", self.errors)
        with open(kept, "r+b") as file:  # a name is changed: the fingerprint says so
            file.write(made.replace(b'"language":"nl"', b'"language":"en"'))
        self.drive("roll", number, status=1)
        self.assertIn("fingerprint", self.errors)

    def test_a_roll_that_is_no_longer_given_is_not_taken_from_the_disk(self):
        number, made = self.hold(1)
        self.drive("roll", number)
        self.service.rolls = {}
        self.drive("roll", number, status=1)
        self.assertIn("not-found", self.errors)
        self.fail_for(number)
        self.drive("roll", number, status=1)
        self.assertIn("no longer gave", self.errors)
        self.service.refuse.clear()
        self.service.rolls = {number: made}
        self.drive("roll", number)
        self.fail_for(number)
        self.drive("roll", number)
        self.assertIn("offline", self.errors)

    def test_another_roll_under_a_version_that_was_seen_is_refused(self):
        number, made = self.hold(1)
        self.drive("roll", number)
        other = self.changed(made, b'"language":"nl"', b'"language":"en"')
        self.service.rolls = {number: other}
        self.drive("roll", number, status=1)
        self.assertIn("another roll", self.errors)
        self.service.rolls = {number: made}
        self.service.rolls = {number: self.changed(made, b'"version":1', b'"version":2')}
        self.drive("roll", number)
        self.service.rolls = {number: made}
        self.drive("roll", number, status=1)
        self.assertIn("version 1 of roll", self.errors)
        self.assertIn("version 2 was seen", self.errors)

    def test_a_roll_that_still_holds_is_confirmed(self):
        number, made = self.hold(1)
        self.drive("roll", number)
        self.assertEqual(self.confirm(made), b"holds\n")
        self.fail_for(number)
        self.assertEqual(self.confirm(made), b"not known\n")
        self.drive("roll", number)
        self.assertIn("offline", self.errors)

    def test_a_roll_that_changed_while_the_line_was_offline_is_told(self):
        """A newer version, no roll, another line's: and the disk gives it no more."""
        number, made = self.hold(1)
        newer = {number: self.changed(made, b'"version":1', b'"version":2')}
        for rolls, refusal in ((newer, None), ({}, None), ({number: made}, 404)):
            self.service.refuse.clear()
            self.service.rolls = {number: made}
            self.drive("roll", number)
            self.service.rolls = rolls
            if refusal is not None:
                self.service.refuse[f"/v1/rolls/{number}"] = refusal
            self.confirm(made, status=1)
            self.assertIn(f"conflict: roll {number} is no longer the version 1", self.errors)
            self.fail_for(number)
            self.drive("roll", number, status=1)
            self.assertIn("no longer gave", self.errors)

    def test_a_refusal_that_says_nothing_of_the_roll_bars_nothing(self):
        number, made = self.hold(1)
        self.drive("roll", number)
        self.service.refuse[f"/v1/rolls/{number}"] = 409
        self.confirm(made, status=1)
        self.assertIn("conflict", self.errors)
        self.assertNotIn("no longer", self.errors)
        self.fail_for(number)
        self.assertEqual(self.drive("roll", number), made)

    def test_a_certificate_is_renewed_when_two_thirds_of_its_time_are_over(self):
        held = self.certificate()
        self.assertEqual(self.drive("renew"), b"good\n")
        self.assertEqual(self.certificate(), held)
        self.grow_old(5)
        self.assertEqual(self.drive("renew"), b"renewed\n")
        self.assertEqual(self.drive("renew"), b"good\n")
        self.drive("verdict", ROLL, FIRST, self.body)
        self.assertEqual(len(self.service.puts), 1)

    def test_a_certificate_that_ended_is_told_in_a_sentence(self):
        self.grow_old(8)
        held = self.certificate()
        self.drive("renew", status=1)
        self.assertIn('the certificate of line "line-1" ended at 20', self.errors)
        self.assertIn("enrol this machine again", self.errors)
        self.assertEqual(self.certificate(), held)

    def test_a_film_is_judged_the_same_whether_the_certificate_is_renewed_or_not(self):
        number, _ = self.hold(1)
        report = self.verify(number, status=1)
        self.assertNotIn("certificate", self.errors)
        posted = len(self.service.puts)
        self.assertGreater(posted, 0)
        self.grow_old(5)
        held = self.certificate()
        for films, refusal in ((2, 403), (3, None)):  # None: once all was sent the network is gone
            self.service.refuse["/v1/renewals"] = refusal
            again = self.verify(number, status=1)
            self.assertEqual(again["bags"], report["bags"])
            self.assertIn("could not be renewed", self.errors)
            self.assertEqual(self.certificate(), held)
            self.assertEqual(len(self.service.puts), films * posted)
            self.assertEqual(self.drive("waiting"), b"0\n")
        self.service.refuse.clear()
        self.verify(number, status=1)
        self.assertIn('the certificate of line "line-1" was renewed', self.errors)
        self.assertNotEqual(self.certificate(), held)
        self.assertEqual(len(self.service.puts), 4 * posted)
        self.grow_old(8)
        again = self.verify(number, status=1)
        self.assertEqual(again["bags"], report["bags"])
        self.assertIn("ended at", self.errors)
        self.assertIn("wait for the network", self.errors)
        self.assertEqual(len(self.service.puts), 4 * posted)
        self.service.codes["code-3"] = ("line-1", "line")
        self.enrol("code-3")
        self.assertEqual(self.drive("flush"), b"0\n")
        self.assertEqual(len(self.service.puts), 5 * posted)

    def test_a_run_that_did_not_end_is_told_to_the_next(self):
        self.assertEqual(self.drive("begin", ROLL), b"\n")
        self.assertEqual(self.drive("begin", OTHER), ROLL.encode() + b"\n")
        self.drive("end")
        self.assertEqual(self.drive("begin", ROLL), b"\n")

    def test_a_glance_goes_its_own_way(self):
        self.drive("glance", ROLL, FIRST, self.body)
        self.assertEqual([path for path, _, _ in self.service.puts], [self.path(FIRST, "glance")])

    def test_the_next_roll_is_asked_for_once_everything_was_sent(self):
        self.service.claims = [ROLL]
        self.service.refuse[self.path(FIRST, "verdict")] = 503
        self.drive("verdict", ROLL, FIRST, self.body)
        self.drive("claim", status=1)
        self.assertIn("unavailable", self.errors)
        self.service.refuse.clear()
        self.assertEqual(self.drive("claim"), ROLL.encode() + b"\n")
        self.assertEqual(len(self.service.puts), 1)
        self.service.claims = []
        self.assertEqual(self.drive("claim"), b"\n")
        self.service.claims = ["../etc"]
        self.drive("claim", status=1)
        self.assertIn("invalid", self.errors)

    def test_a_verdict_and_its_picture_arrive(self):
        self.drive("verdict", ROLL, FIRST, self.body)
        self.drive("picture", ROLL, FIRST, self.body)
        self.assertEqual(self.service.puts, [
            (self.path(FIRST, "verdict"), "application/json", b'{"verdict":"pass"}'),
            (self.path(FIRST, "picture"), "image/png", b'{"verdict":"pass"}')])
        self.assertEqual(self.drive("waiting"), b"0\n")

    def test_what_cannot_be_sent_waits_and_comes_in_order(self):
        for what in ("verdict", "picture"):
            for serial in (FIRST, SECOND):
                self.service.refuse[self.path(serial, what)] = 503
        self.drive("verdict", ROLL, FIRST, self.body)
        self.drive("picture", ROLL, FIRST, self.body)
        self.drive("verdict", ROLL, SECOND, self.body)
        self.assertEqual(self.drive("waiting"), b"3\n")
        self.assertEqual(self.drive("flush"), b"3\n")
        self.service.refuse.clear()
        self.assertEqual(self.drive("flush"), b"0\n")
        self.assertEqual([path for path, _, _ in self.service.puts],
                         [self.path(FIRST, "verdict"), self.path(FIRST, "picture"),
                          self.path(SECOND, "verdict")])
        self.assertEqual(os.listdir(os.path.join(self.state, "spool")), [])

    def test_without_a_service_everything_waits(self):
        self.service.close()
        self.drive("verdict", ROLL, FIRST, self.body)
        self.assertEqual(self.drive("waiting"), b"1\n")
        self.drive("roll", ROLL, status=1)
        self.assertIn("unavailable", self.errors)

    def test_what_the_service_will_not_have_is_set_aside_and_told(self):
        self.service.refuse[self.path(FIRST, "verdict")] = 409
        self.drive("verdict", ROLL, FIRST, self.body, status=1)
        self.assertIn("conflict: bag " + FIRST, self.errors)
        self.drive("verdict", ROLL, SECOND, self.body)
        self.assertEqual(len(self.service.puts), 1)
        refused = os.listdir(os.path.join(self.state, "refused"))
        self.assertEqual(refused, ["000000000001-verdict-482913570-482913570001"])

    def test_what_names_no_bag_is_refused(self):
        self.drive("verdict", ROLL, "12", self.body, status=1)
        self.drive("verdict", "x", FIRST, self.body, status=1)
        self.drive("picture", ROLL, FIRST + "999", self.body, status=1)
        self.assertIn("invalid", self.errors)
        self.assertEqual(self.drive("waiting"), b"0\n")

    def test_other_files_in_the_spool_are_left_alone(self):
        self.drive("waiting")
        for name in ("000000000001-verdict-482913570-482913570001.99-1.draft", "x", "1-verdict-1-2"):
            with open(os.path.join(self.state, "spool", name), "wb"):
                pass
        self.assertEqual(self.drive("waiting"), b"0\n")


if __name__ == "__main__":
    unittest.main()
