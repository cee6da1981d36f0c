# SPDX-License-Identifier: Apache-2.0
"""A browser without a window: keeps a cookie, follows nothing, sends forms as pages do."""
import base64
import hashlib
import hmac
import re
import socket
import ssl
import struct
import time
import urllib.parse

PASSWORD = "correct horse battery"


def totp(secret, step=None):
    """The six digits of an authenticator app, written apart from the service's."""
    key = base64.b32decode(secret.replace(" ", ""))
    step = int(time.time()) // 30 if step is None else step
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Watch:
    """A page's stream of news, which is held open."""

    def __init__(self, house, path, credential):
        host, port = house.people.rsplit(":", 1)
        context = ssl.create_default_context(cafile=house.ca)
        self.wire = context.wrap_socket(socket.create_connection((host, int(port)), timeout=60), server_hostname=host)
        self.wire.sendall(f"GET {path} HTTP/1.1\r\nHost: {house.people}\r\n{credential}\r\n\r\n".encode())
        self.got = b""
        while b"data:" not in self.got and (piece := self.wire.recv(4096)):
            self.got += piece

    def ends(self, seconds):
        """Does it end within these? Its last chunk is empty (RFC 9112 section 7.1)."""
        until = time.monotonic() + seconds
        try:
            while (left := until - time.monotonic()) > 0:
                self.wire.settimeout(left)
                piece = self.wire.recv(4096)
                self.got += piece
                if not piece or self.got.endswith(b"\r\n0\r\n\r\n"):
                    return True
        except ssl.SSLError:  # cut without a farewell
            return True
        except socket.timeout:
            pass
        return False


class Visitor:
    """Somebody at the people's door."""

    def __init__(self, house):
        self.house = house
        self.cookie = None
        self.secret = None
        self.step = 0
        self.csrf = ""
        self.page = ""

    def ask(self, method, path, body=None, headers=None):
        sent = {"Origin": "https://" + self.house.people, **(headers or {})}
        if self.cookie:
            sent["Cookie"] = "other=1; __Host-rolwacht=" + self.cookie
        answer = self.house.call("nobody", method, path, body, {k: v for k, v in sent.items() if v})
        if match := re.match(r"__Host-rolwacht=([^;]*)", answer.headers.get("set-cookie", "")):
            self.cookie = match[1] or None
        self.page = answer.body.decode(errors="replace")
        if match := re.search(r'name="csrf" value="(\w+)"', self.page):
            self.csrf = match[1]
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, headers=None, **fields):
        fields = {"csrf": self.csrf, **fields}
        body = urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None}).encode()
        return self.ask("POST", path, body,
                        {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def watch(self, path):
        return Watch(self.house, path, "Cookie: __Host-rolwacht=" + self.cookie)

    def code(self):
        """The app's next code: one that was not used yet. A test cannot wait half a minute for it, so
        when the codes near now are used up, the service is made to forget that they were."""
        now = int(time.time()) // 30
        self.step = max(self.step + 1, now - 1)
        if self.step > now + 1:
            self.house.sql("UPDATE persons SET totp_step = 0")
            self.step = now
        return totp(self.secret, self.step)

    def set_up(self, person, code):
        """From the one-time code to a session with both factors."""
        answer = self.post("/setup", person=person, code=code, new_password=PASSWORD)
        assert answer.status == 303, (answer.status, self.page)
        self.get("/account")
        self.secret = re.search(r'secret"><code>([^<]+)', self.page)[1]
        answer = self.post("/account/factor", code=self.code())
        assert answer.status == 303, (answer.status, self.page)
        self.get("/account")

    def sign_in(self, person, password=PASSWORD, code=None):
        return self.post("/login", person=person, password=password,
                         code=self.code() if code is None else code)
