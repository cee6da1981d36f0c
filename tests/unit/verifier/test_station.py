"""A line hands verdicts over to a service that comes and goes."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "dispenser"))
from service import Service  # noqa: E402

BUILD = os.environ.get("ROLWACHT_BUILD", "build/dev")
ROLL = "482913570"
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
        self.drive("enrol", self.service.url(self.service.people), "code-2",
                   os.path.join(folder, "ca.pem"))

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

    def test_a_roll_comes_byte_for_byte(self):
        self.assertEqual(self.drive("roll", ROLL), self.service.rolls[ROLL])
        self.drive("roll", "111111111", status=1)
        self.assertIn("not-found", self.errors)
        self.drive("roll", "../x", status=1)
        self.assertIn("invalid", self.errors)

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
