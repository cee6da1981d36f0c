# SPDX-License-Identifier: Apache-2.0
"""The real service with a real database of its own, and those who call it."""
import datetime
import http.client
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import time

from bound import bound

ROOT = pathlib.Path(os.environ.get("ROLWACHT_ROOT") or pathlib.Path(__file__).parents[2])
BUILD = pathlib.Path(os.environ.get("ROLWACHT_BUILD") or ROOT / "build/dev")
BIN = pathlib.Path(os.environ.get("ROLWACHT_BIN") or BUILD / "bin")
TOOLS = BUILD / "test-bin"
START_SECONDS_MAX = 180
STOP_SECONDS_MAX = 120
CALL_SECONDS_MAX = 120
READY_SECONDS_LONG = 45
READY_SECONDS_MAX = 300
STACKS_MAX = 20000
SIGNS_OF_A_BUG = ("AddressSanitizer", "runtime error:", "LeakSanitizer", "Assertion", "\"code\":\"bug\"")


def soon():
    """A day whose moments lie ahead, whenever the test runs, and for which the samples hold."""
    day = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=2)
    return max(day, datetime.date(2026, 11, 23)).isoformat()


def stacks(pid):
    """What each thread of a process does now, by the first tool that is there."""
    for words in (["eu-stack", "-p", str(pid)], ["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all bt 12"]):
        if shutil.which(words[0]):
            done = subprocess.run(words, capture_output=True, text=True, timeout=CALL_SECONDS_MAX, check=False)
            return done.stdout[-STACKS_MAX:]
    return "neither eu-stack nor gdb is there to show what it does"


class Answer:
    """What came back: status, headers with small letters, the bytes, and their JSON if they are."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.cookies = [value for name, value in headers if name.lower() == "set-cookie"]
        self.body = body
        try:
            self.json = json.loads(body)
        except ValueError:
            self.json = None


class House:
    """One service, from its first start to its last stop."""

    def __init__(self, folder=None, extra=(), keys=None, environment=None):
        self.top = pathlib.Path(folder or tempfile.mkdtemp(prefix="rw-api-"))
        os.chmod(self.top, 0o711)
        self.state = self.top / "state"
        self.extra = list(extra)
        self.environment = environment
        self.tokens = {}
        self.devices = {}
        self.process = None
        self.log = self.top / "service.log"
        if keys:
            self.state.mkdir(mode=0o711)
            shutil.copytree(keys, self.state / "keys")
        try:
            self.start()
        except RuntimeError:
            shutil.rmtree(self.top)
            raise
        self.tokens["administrator"] = (self.state / "keys/administrator.token").read_text()

    def start(self):
        """Starts the service; returns the seconds until it said that it is ready."""
        begun = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                bound(BIN / "rolwacht-serve", "--state", self.state, "--listen", "127.0.0.1:0",
                      "--listen-devices", "127.0.0.1:0", *self.extra),
                stdout=subprocess.PIPE, stderr=log, cwd="/", env=self.environment)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(STOP_SECONDS_MAX)
            raise RuntimeError("the service did not start: " + self.log.read_text()[-2000:])
        places = json.loads(line)
        self.people = places["listen"].removeprefix("https://")
        self.machines = places["devices"].removeprefix("https://")
        self.ca = places["ca"]
        return time.monotonic() - begun

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(STOP_SECONDS_MAX)
        self.process.stdout.close()
        return status

    def kill(self):
        self.process.kill()
        self.process.wait(STOP_SECONDS_MAX)
        self.process.stdout.close()

    def database_pid(self):
        return int((self.base() / "data/postmaster.pid").read_text().split("\n")[0])

    def base(self):
        return self.state / "postgres"

    def kill_database(self):
        os.kill(self.database_pid(), signal.SIGKILL)

    def wait_until_ready(self, step=0.2):
        """After the database was killed: until requests are taken again. A wait that is long shows what
        the service does meanwhile, so that a busy machine and a service that hangs can be told apart."""
        begun = time.monotonic()
        shown = False
        time.sleep(step)
        while time.monotonic() - begun < READY_SECONDS_MAX:
            try:
                if self.call("nobody", "GET", "/readyz").status == 200:
                    if shown:
                        print(f"# ready after {time.monotonic() - begun:.0f} s", flush=True)
                    return
            except OSError:
                pass
            if not shown and time.monotonic() - begun > READY_SECONDS_LONG:
                shown = True
                print("# not ready yet, load " + " ".join(map(str, os.getloadavg())) + "\n# " +
                      stacks(self.process.pid).replace("\n", "\n# "), flush=True)
            time.sleep(step)
        raise RuntimeError("the service is not ready again: " + self.log.read_text(errors="replace")[-2000:])

    @staticmethod
    def psql():
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/psql"))
        return found[0] if found else "psql"

    def sql(self, statement, database="rolwacht"):
        """Runs a statement as the owner of the tables; gives the rows as lists of texts."""
        out = subprocess.run(
            [self.psql(), "-h", (self.base() / "socket").read_text(), "-U", "rolwacht_owner", "-d",
             database, "-X", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", statement],
            check=True, capture_output=True, text=True)
        return [line.split("\x1f") for line in out.stdout.splitlines() if line]

    def check_journal(self):
        """Stops the service, checks the journal, starts again; gives exit status and report."""
        self.stop()
        out = subprocess.run([BIN / "rolwacht-serve", "--state", self.state, "--check-journal", *self.extra],
                             capture_output=True, text=True, timeout=START_SECONDS_MAX, check=False)
        self.start()
        return out.returncode, json.loads(out.stdout)

    def connection(self, who=None, device=None, timeout=CALL_SECONDS_MAX):
        """A connection to the door of people, or as a device to that of the machines."""
        context = ssl.create_default_context(cafile=self.ca)
        address = self.people
        if device is not None:
            address = self.machines
            if device in self.devices:
                context.load_cert_chain(self.devices[device]["pem"], self.devices[device]["key"])
        del who
        return http.client.HTTPSConnection(address, context=context, timeout=timeout)

    def call(self, who, method, path, body=None, headers=None):
        """One request; `who` is a token's name, a device's name, "nobody" or "stranger"."""
        device = who if who in self.devices or who == "stranger" else None
        connection = self.connection(device=device)
        sent = dict(headers or {})
        if who in self.tokens:
            sent["Authorization"] = "Bearer " + self.tokens[who]
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def make_token(self, name, role):
        answer = self.call("administrator", "POST", "/v1/tokens", {"role": role, "name": name})
        assert answer.status == 201, answer.body
        self.tokens[name] = answer.json["token"]

    def make_device(self, role, name):
        """Invites and enrols a device; its key never leaves its folder."""
        answer = self.call("administrator", "POST", "/v1/enrolment-codes", {"role": role, "id": name})
        assert answer.status == 201, answer.body
        folder = self.top / "devices" / name
        folder.mkdir(parents=True, exist_ok=True)
        tool = [TOOLS / "device_request", folder / "key", folder / "csr", "somebody-else"]
        if not tool[0].exists():  # a release build has no tools of the tests
            tool = ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-subj", "/CN=somebody-else", "-keyout", folder / "key", "-out", folder / "csr"]
        subprocess.run(tool, check=True, stderr=subprocess.DEVNULL)
        answer = self.call("nobody", "POST", "/v1/enrolments",
                           {"code": answer.json["code"], "csr": (folder / "csr").read_text()})
        assert answer.status == 201, answer.body
        (folder / "pem").write_text(answer.json["certificate"])
        self.devices[name] = {"pem": folder / "pem", "key": folder / "key", "answer": answer.json}

    def renew(self, name):
        """Asks for the next certificate with the one that holds; NAME.old is the one before."""
        folder = self.top / "devices" / name
        answer = self.call(name, "POST", "/v1/renewals", {"csr": (folder / "csr").read_text()})
        assert answer.status == 201, answer.body
        old = folder / "old"
        old.write_text((folder / "pem").read_text())
        (folder / "pem").write_text(answer.json["certificate"])
        self.devices[name + ".old"] = {"pem": old, "key": folder / "key"}

    def bags(self, roll):
        """The bags of the roll as (n, serial)."""
        answer = self.call(next(iter(self.pharmacists())), "GET", f"/v1/rolls/{roll}/status")
        return [(bag["n"], bag["serial"]) for bag in answer.json["bags"] if not bag["revoked"]]

    def pharmacists(self):
        return [name for name in self.tokens if name != "administrator"]

    def glance(self, line, roll, serial, verdict, reasons=()):
        """The same of a bag on a film that still runs."""
        return self.verdict(line, roll, serial, verdict, reasons, ("code", "print"), "glance")

    def verdict(self, line, roll, serial, verdict, reasons=(), judged=("code", "order", "print"), what="verdict"):
        """Posts what a line would post about one bag."""
        status = self.call(next(iter(self.pharmacists())), "GET", f"/v1/rolls/{roll}/status").json
        n = next(bag["n"] for bag in status["bags"] if bag["serial"] == serial)
        return self.call(line, "PUT", f"/v1/rolls/{roll}/bags/{serial}/{what}", {
            "n": n, "serial": serial, "verdict": verdict, "reasons": list(reasons), "frame": None,
            "fingerprint": status["fingerprint"], "judged": list(judged)})

    def close(self):
        """Stops and removes everything; says what the log holds of our own faults."""
        if self.process.poll() is None:
            self.stop()
        log = self.log.read_text(errors="replace")
        shutil.rmtree(self.top)
        return [sign for sign in SIGNS_OF_A_BUG if sign in log], log
