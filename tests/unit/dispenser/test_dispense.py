"""Runs the real dispenser against a service that the test plays."""
import json
import os
import signal
import ssl
import stat
import subprocess
import sys
import tempfile
import unittest

from service import Service, wait_until

BIN = os.environ.get("ROLWACHT_BIN", "build/dev/bin")
MAKER = os.path.join(os.environ.get("ROLWACHT_BUILD", "build/dev"), "test-bin", "device_maker")


class Dispense(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="rolwacht-dispense-")
        self.service = Service(self.folder("service"), MAKER)
        self.state = os.path.join(self.place.name, "state")
        self.codes = self.service.make("codes").decode().split()

    def tearDown(self):
        self.service.close()
        self.place.cleanup()

    def folder(self, name):
        path = os.path.join(self.place.name, name)
        os.mkdir(path)
        return path

    def command(self, *words):
        return [os.path.join(BIN, "rolwacht-dispense"), "--server",
                self.service.url(self.service.people), "--state", self.state, "--json", *words]

    def run_it(self, *words, script=None):
        """Exit status and notes of one run; the script is a list of objects."""
        lines = None if script is None else "".join(json.dumps(line) + "\n" for line in script)
        more = [] if script is None else ["--script", "-"]
        done = subprocess.run(self.command(*words, *more), input=lines, text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.errors = done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def enrol(self):
        status, _ = self.run_it("--enroll", "code-1", "--ca",
                                os.path.join(self.service.folder, "ca.pem"), script=[])
        self.assertEqual(status, 0, self.errors)

    def load(self, n=1):
        return {"do": "load", "code": self.codes[n - 1], "next": self.codes[n]}

    def words(self, notes, what):
        return [note.get("word") for note in notes if note["what"] == what]

    def types(self):
        return [event["type"] for event in self.service.events]

    def test_enrolment_keeps_secrets_to_itself(self):
        self.enrol()
        names = ["ca.pem", "client.key", "client.pem", "device.json", "journal"]
        self.assertEqual(sorted(os.listdir(self.state)), names)
        for name in names:
            mode = os.stat(os.path.join(self.state, name)).st_mode
            self.assertEqual(stat.S_IMODE(mode), 0o600, name)
        self.assertEqual(stat.S_IMODE(os.stat(self.state).st_mode), 0o700)

    def test_a_used_code_is_refused(self):
        self.enrol()
        status, _ = self.run_it("--enroll", "code-1", script=[])
        self.assertEqual(status, 4)
        self.assertIn("did not accept", self.errors)

    def test_an_unknown_authority_is_not_trusted(self):
        status, _ = self.run_it("--enroll", "code-1", script=[])
        self.assertEqual(status, 4)
        self.assertIn("code-1", self.service.codes)  # the code never left

    def test_an_older_tls_is_not_spoken(self):
        old = Service(self.folder("old"), MAKER, ssl.TLSVersion.TLSv1_2)
        self.service, first = old, self.service
        first.close()
        status, _ = self.run_it("--enroll", "code-1", "--ca", os.path.join(old.folder, "ca.pem"),
                                script=[])
        self.assertEqual(status, 4)
        self.assertIn("code-1", old.codes)

    def test_an_address_without_tls_is_refused(self):
        done = subprocess.run([os.path.join(BIN, "rolwacht-dispense"), "--server",
                               "http://127.0.0.1:1", "--state", self.state, "--enroll", "code-1"],
                              stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("is no https address", done.stderr)

    def test_nobody_sends_a_code_elsewhere(self):
        other = Service(self.folder("other"), MAKER)
        self.service.moved = other.url(other.people) + "/v1/enrolments"
        status, _ = self.run_it("--enroll", "code-1", "--ca",
                                os.path.join(self.service.folder, "ca.pem"), script=[])
        other.close()
        self.assertEqual(status, 4)
        self.assertIn("status 307", self.errors)
        self.assertIn("code-1", other.codes)

    def test_a_dispenser_that_was_never_enrolled_says_so(self):
        status, _ = self.run_it(script=[])
        self.assertEqual(status, 4)
        self.assertIn("never enrolled", self.errors)

    def test_a_morning_with_a_network(self):
        self.enrol()
        self.service.publish(7)
        status, notes = self.run_it(script=[
            {"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}, self.load(),
            {"do": "until", "at": "2026-11-23T08:00+01:00"}, {"do": "take"}, {"do": "take"},
            {"do": "until", "at": "2026-11-23T11:30+01:00"}, {"do": "sync"}, {"do": "report"}])
        self.assertEqual(status, 0, self.errors)
        self.assertEqual(self.words(notes, "loading"), ["OK"])
        self.assertEqual(self.words(notes, "refused"), ["not-open"])
        self.assertEqual(self.types(),
                         ["schedule_applied", "roll_loaded", "due", "released", "due", "missed"])
        self.assertEqual(self.service.events[3]["cause"], "scheduled")
        self.assertEqual(self.service.events[5]["at"], "2026-11-23T10:00:00.000Z")
        self.assertEqual(notes[-1]["number"], 0)

    def test_days_without_a_network(self):
        self.enrol()
        self.service.publish(7)
        self.run_it(script=[{"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}, self.load()])
        self.service.close()
        status, notes = self.run_it(script=[
            {"at": "2026-11-23T07:40+01:00"}, {"do": "sync"}, {"do": "take"},
            {"do": "until", "at": "2026-11-23T12:00+01:00"}, {"do": "take"}, {"do": "report"}])
        self.assertEqual(status, 0, self.errors)
        self.assertEqual(self.words(notes, "sync"), ["unavailable"])
        self.assertEqual([note["n"] for note in notes if note["what"] == "release"], [1, 3])
        self.assertGreater(notes[-1]["number"], 4)

    def test_a_cable_that_comes_back_brings_everything(self):
        self.enrol()
        self.service.publish(7)
        self.run_it(script=[
            {"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}, self.load(), {"do": "offline"},
            {"do": "until", "at": "2026-11-23T20:00+01:00"}, {"do": "sync"}, {"do": "online"},
            {"do": "sync"}])
        types = self.types()
        self.assertEqual(types.count("missed"), 6)
        self.assertLess(types.index("offline"), types.index("online"))
        self.assertEqual([event["seq"] for event in self.service.events],
                         list(range(1, len(types) + 1)))

    def test_an_answer_that_was_lost_makes_no_double(self):
        self.enrol()
        self.service.publish(7)
        self.service.lose = 1
        script = [{"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}, {"do": "sync"}]
        status, _ = self.run_it(script=script)
        self.assertEqual(status, 0, self.errors)
        ids = [event["id"] for event in self.service.events]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(self.types()[0], "schedule_applied")

    def test_a_service_that_fell_back_gets_its_events_again(self):
        self.enrol()
        self.service.publish(7)
        self.run_it(script=[{"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}, self.load(),
                            {"do": "take"}, {"do": "sync"}])
        before = list(self.service.events)
        del self.service.events[1:]
        self.run_it(script=[{"at": "2026-11-23T08:00+01:00"}, {"do": "sync"}])
        self.assertEqual(self.service.events[:len(before)], before)

    def test_a_lower_version_is_refused(self):
        """REQ-016"""
        self.enrol()
        self.service.publish(7)
        self.run_it(script=[{"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}])
        self.service.publish(6)
        status, notes = self.run_it(script=[{"at": "2026-11-23T07:01+01:00"}, {"do": "sync"},
                                            {"do": "report"}])
        self.assertEqual(status, 0, self.errors)
        self.assertEqual(self.words(notes, "schedule"), ["refused"])
        self.assertEqual(notes[-1]["version"], 7)

    def test_a_schedule_of_another_dispenser_or_key_is_refused(self):
        self.enrol()
        self.service.publish(7, dispenser="d-2")
        status, notes = self.run_it(script=[{"do": "sync"}, {"do": "report"}])
        self.assertEqual(status, 4)
        self.service.document = self.service.document.replace(b'"payload":"e', b'"payload":"f')
        status, notes = self.run_it(script=[{"do": "sync"}])
        self.assertEqual(status, 3)
        self.assertNotIn("schedule.jws", os.listdir(self.state))
        self.assertEqual(self.words(notes, "schedule"), [])

    def test_an_unchanged_schedule_is_not_sent_again(self):
        self.enrol()
        self.service.publish(7)
        self.run_it(script=[{"do": "sync"}, {"do": "sync"}, {"do": "sync"}])
        self.assertEqual(self.service.downloads, 1)
        self.assertEqual(self.service.not_modified, 2)

    def test_the_wrong_strip_is_refused_offline_too(self):
        self.enrol()
        self.service.publish(7)
        _, notes = self.run_it(script=[
            {"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}, {"do": "offline"}, self.load(2),
            {"do": "load", "code": "nonsense"},
            {"do": "load", "code": self.codes[0], "next": self.codes[2]},
            {"do": "take"}, self.load(1)])
        self.assertEqual(self.words(notes, "loading"),
                         ["NOT_FIRST_BAG", "UNREADABLE", "GAP", "OK"])
        self.assertEqual(self.words(notes, "refused"), ["not-loaded"])

    def test_a_pushed_schedule_is_applied_at_once(self):
        self.enrol()
        self.service.publish(7)
        lines = [{"at": "2026-11-23T07:00+01:00"}, {"do": "sync"},
                 {"do": "wait-schedule", "version": 8, "timeout_ms": 20000}]
        script = os.path.join(self.place.name, "script")
        with open(script, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        process = subprocess.Popen(self.command("--script", script), stdout=subprocess.PIPE,
                                   text=True)
        wait_until(lambda: self.service.downloads == 1)
        self.service.publish(8)
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)
        pushed = [json.loads(line) for line in out.splitlines() if '"pushed"' in line]
        self.assertEqual(pushed[0]["version"], 8)
        self.assertLess(pushed[0]["number"], 5000)

    def test_waiting_in_vain_ends_with_one(self):
        self.enrol()
        self.service.publish(7)
        status, notes = self.run_it(script=[
            {"do": "sync"}, {"do": "wait-schedule", "version": 9, "timeout_ms": 300}])
        self.assertEqual(status, 1)
        self.assertEqual(self.words(notes, "waited"), ["in-vain"])

    def test_a_script_that_cannot_be_read_names_its_line(self):
        self.enrol()
        status, _ = self.run_it(script=[{"do": "report"}, {"do": "fly"}])
        self.assertEqual(status, 3)
        self.assertIn("line 2", self.errors)

    def test_it_runs_until_it_is_told_to_stop(self):
        self.enrol()
        self.service.publish(7)
        process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL)
        wait_until(lambda: "schedule_applied" in self.types())
        self.service.publish(8)
        wait_until(lambda: self.types().count("schedule_applied") == 2)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=20), 0)

    def grow_old(self, days):
        """Its certificate, which was good for a week, is so many days old."""
        with open(os.path.join(self.state, "client.pem"), "w", encoding="ascii") as file:
            file.write(self.service.certify("d-1", "dispenser", days))

    def certificate(self, notes, what="certificate"):
        return [(note.get("word"), note.get("text", "")) for note in notes if note["what"] == what]

    def test_a_certificate_that_ended_is_told_with_its_day_and_file(self):
        self.enrol()
        self.service.publish(7)
        self.run_it(script=[{"at": "2026-11-23T07:00+01:00"}, {"do": "sync"}, self.load()])
        self.grow_old(8)
        status, notes = self.run_it(script=[
            {"at": "2026-11-23T07:40+01:00"}, {"do": "sync"}, {"do": "take"}, {"do": "report"}])
        self.assertEqual(status, 0, self.errors)
        told = self.certificate(notes) + self.certificate(notes, "sync")
        self.assertEqual([word for word, _ in told], ["unauthenticated", "unavailable"])
        for _, text in told:
            self.assertIn('the certificate of dispenser "d-1" ended at 20', text)
            self.assertIn(os.path.join(self.state, "client.pem"), text)
            self.assertIn("with a new code", text)
        self.assertEqual([note["n"] for note in notes if note["what"] == "release"], [1])

    def test_with_a_certificate_that_ended_and_nothing_to_hand_out_it_stops(self):
        self.enrol()
        self.grow_old(8)
        status, _ = self.run_it()
        self.assertEqual(status, 4)
        self.assertIn('the certificate of dispenser "d-1" ended at 20', self.errors)
        os.remove(os.path.join(self.state, "journal"))
        status, notes = self.run_it("--conform")
        self.assertEqual((status, notes), (4, []))
        self.assertIn('the certificate of dispenser "d-1" ended at 20', self.errors)

    def test_a_renewal_that_fails_says_until_when_there_is_time(self):
        self.enrol()
        self.grow_old(5)
        self.service.refuse["/v1/renewals"] = 503
        status, notes = self.run_it(script=[])
        self.assertEqual(status, 0, self.errors)
        (word, text), = self.certificate(notes)
        self.assertEqual(word, "unavailable")
        self.assertRegex(text, "^the certificate of this dispenser ends at 20.*Z and could not be renewed: .*503")
        del self.service.refuse["/v1/renewals"]
        status, notes = self.run_it(script=[])
        (word, text), = self.certificate(notes)
        self.assertEqual(word, "renewed")
        self.assertRegex(text, "^20.*Z$")

    def test_a_kill_loses_nothing(self):
        """REQ-017"""
        self.enrol()
        self.service.publish(7)
        for version in range(8, 14):
            process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL)
            self.service.publish(version)
            wait_until(lambda: os.path.exists(os.path.join(self.state, "schedule.jws")))
            process.kill()
            process.wait()
        status, notes = self.run_it(script=[{"do": "sync"}, {"do": "report"}])
        self.assertEqual(status, 0, self.errors)
        self.assertEqual(notes[-1]["version"], 13)
        seqs = [event["seq"] for event in self.service.events]
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(__file__))
    unittest.main()
