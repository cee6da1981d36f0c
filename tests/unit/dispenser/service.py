"""A service that a test plays: enrolment, schedule, stream, events, rolls, verdicts, pictures."""
import http.server
import json
import os
import ssl
import subprocess
import threading
import time


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A peer that breaks off, or speaks another TLS, is part of the tests."""


class Service:
    """Two TLS listeners, as the service has them; what it knows lies in plain members."""

    def __init__(self, folder, maker, tls=ssl.TLSVersion.TLSv1_3):
        self.tls = tls
        self.folder = folder
        self.maker = maker
        self.codes = {"code-1": ("d-1", "dispenser"), "code-2": ("line-1", "line")}
        self.signing_key = self.make("ca", folder).decode().strip()
        self.version = 0
        self.document = b""
        self.changed = threading.Condition()
        self.events = []
        self.lose = 0  # events that are stored but whose answer is lost
        self.downloads = 0
        self.not_modified = 0
        self.puts = []
        self.claims = []  # rolls that wait for a line
        self.refuse = {}  # path: status; None: the network is gone when it is asked
        self.rolls = {}
        self.requests = {}  # id: its request for a certificate
        self.moved = None  # where enrolment is said to be now
        self.open = True
        self.people = self.listen(False)
        self.devices = self.listen(True)

    def make(self, *words, stdin=b""):
        return subprocess.run([self.maker, *words], input=stdin, check=True,
                              stdout=subprocess.PIPE).stdout

    def publish(self, version, dispenser="d-1"):
        document = self.make("schedule", self.folder, dispenser, str(version))
        with self.changed:
            self.version = version
            self.document = document
            self.changed.notify_all()

    def certify(self, device, role, age=1):
        """A certificate for a week that was made so many days ago."""
        return self.make("certify", self.folder, device, role, str(age),
                         stdin=self.requests[device].encode()).decode()

    def listen(self, machines):
        service = self

        class Bound(Handler):
            pass

        Bound.service = service
        server = Listener(("127.0.0.1", 0), Bound)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.maximum_version = self.tls
        context.load_cert_chain(os.path.join(self.folder, "server.pem"),
                                os.path.join(self.folder, "server.key"))
        if machines:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(os.path.join(self.folder, "ca.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()
        return server

    def url(self, server):
        return f"https://127.0.0.1:{server.server_address[1]}"

    def close(self):
        self.open = False
        with self.changed:
            self.changed.notify_all()
        for server in (self.people, self.devices):
            server.shutdown()
            server.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service = None

    def log_message(self, *words):
        pass

    def answer(self, status, body=b"", kind="application/json", headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if status not in (204, 304):
            self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def peer(self):
        """The common name of the client's certificate."""
        for part in self.connection.getpeercert()["subject"]:
            for name, value in part:
                if name == "commonName":
                    return value
        return None

    def do_POST(self):
        body = self.body()
        if self.path == "/v1/enrolments" and self.service.moved is not None:
            self.answer(307, headers=[("Location", self.service.moved)])
        elif self.path == "/v1/enrolments":
            self.enrol(json.loads(body))
        elif self.path in self.service.refuse and self.service.refuse[self.path] is None:
            self.close_connection = True
        elif self.path in self.service.refuse:
            self.answer(self.service.refuse[self.path])
        elif self.path == "/v1/renewals":
            self.service.requests[self.peer()] = json.loads(body)["csr"]
            self.answer(201, json.dumps(
                {"certificate": self.service.certify(self.peer(), "line")}).encode())
        elif self.path == f"/v1/dispensers/{self.peer()}/events":
            self.take_events(json.loads(body)["events"])
        elif self.path == f"/v1/lines/{self.peer()}/claims":
            claims = self.service.claims
            self.answer(200 if claims else 204,
                        json.dumps({"roll": claims[0]}).encode() if claims else b"")
        else:
            self.answer(404)

    def enrol(self, asked):
        known = self.service.codes.pop(asked["code"], None)
        if known is None:
            self.answer(403)
            return
        self.service.requests[known[0]] = asked["csr"]
        with open(os.path.join(self.service.folder, "ca.pem"), encoding="ascii") as file:
            ca = file.read()
        self.answer(201, json.dumps({
            "id": known[0], "role": known[1], "certificate": self.service.certify(*known), "ca": ca,
            "devices": self.service.url(self.service.devices),
            "signing_key": self.service.signing_key}).encode())

    def take_events(self, events):
        stored = self.service.events
        fresh = [event for event in events if event["seq"] > len(stored)]
        gap = bool(fresh) and fresh[0]["seq"] != len(stored) + 1
        if not gap:
            stored.extend(fresh)
        if self.service.lose > 0:
            self.service.lose -= 1
            self.close_connection = True
            return
        self.answer(409 if gap else 200, json.dumps({"stored": len(stored)}).encode())

    def do_GET(self):
        service = self.service
        if self.path == f"/v1/dispensers/{self.peer()}/schedule":
            etag = f'"v{service.version}"'
            if service.version == 0:
                self.answer(404)
            elif self.headers.get("If-None-Match") == etag:
                service.not_modified += 1
                self.answer(304, headers=[("ETag", etag)])
            else:
                service.downloads += 1
                self.answer(200, service.document, "application/jose+json", [("ETag", etag)])
        elif self.path == f"/v1/dispensers/{self.peer()}/stream":
            self.stream()
        elif self.path in service.refuse:
            self.answer(service.refuse[self.path])
        elif self.path.startswith("/v1/rolls/") and self.path[10:] in service.rolls:
            self.roll(service.rolls[self.path[10:]])
        else:
            self.answer(404)

    def roll(self, held):
        known = self.headers.get("If-None-Match")
        self.answer(304 if known == f'"{json.loads(held)["fingerprint"]}"' else 200, held)

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        sent = 0
        while self.service.open:
            with self.service.changed:
                if self.service.version <= sent:
                    self.service.changed.wait(1)
                version = self.service.version
            text = ": here\n\n"
            if version > sent:
                sent = version
                text = f"event: schedule\nid: {version}\ndata: {version}\n\n"
            try:
                self.wfile.write(text.encode())
            except OSError:
                return

    def do_PUT(self):
        body = self.body()
        status = self.service.refuse.get(self.path, 204)
        if status == 204:
            self.service.puts.append((self.path, self.headers.get("Content-Type"), body))
        self.answer(status)


def wait_until(condition, seconds=20):
    """Waits for a state; a test never sleeps for a fixed time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("the state did not come")
        time.sleep(0.02)
