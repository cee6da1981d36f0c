#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hands alarms in at a mail server of others: STARTTLS or TLS with signing in, never in clear (REQ-018). TAP."""
import email
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import tap
from house import ROOT, TOOLS, House
from webhooks import miss_a_bag

PEERS = ROOT / "tests/peers"
SECONDS_MAX = 60
REFUSED_FIRST = 1


class Mails:
    """The server of others, and what it told."""

    def __init__(self, folder):
        paths = [folder / "key", folder / "pem", folder / "ca"]
        subprocess.run([TOOLS / "device_request", *paths, "--server"], check=True)
        self.process = subprocess.Popen([PEERS / "node.sh", PEERS / "smtp.mjs", paths[0], paths[1], str(REFUSED_FIRST)],
                                        stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.process.stdout.readline())
        self.told = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.told.append(json.loads(line))

    def texts(self, server):
        return [one for one in self.told if one["server"] == server and "text" in one]

    def close(self):
        self.process.kill()
        self.process.wait()


def configuration(folder, mails):
    password = folder / "password"
    password.write_text("geheim woord\n")
    os.chmod(password, 0o600)

    def mail(scheme, server, **more):
        return {"topic": "alarm", "url": f"{scheme}://127.0.0.1:{mails.ports[server]}",
                "from": "rolwacht@apotheek.example", "to": [f"{server}@zorg.example"],
                "ca": str(folder / "ca"), **more}
    signed = {"user": "rolwacht", "password_file": str(password)}
    return {"format": "rolwacht/service/1", "mails": [
        mail("smtp", "starttls", to=["starttls@zorg.example", "weg@zorg.example", "wacht@zorg.example"], **signed),
        mail("smtps", "tls", language="en", **signed),
        mail("smtp", "clear")]}


def wait_for(condition, seconds=SECONDS_MAX):
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)
    return condition()


def check_text(one, words, roll):
    mail = email.message_from_string(one["text"])
    body = mail.get_payload()
    if not one["secure"] or one["user"] != "rolwacht":
        yield f"it came in clear or from nobody: {one}"
    if words["subject"] not in mail["Subject"] or mail["Auto-Submitted"] != "auto-generated":
        yield f"the head is {mail.items()}"
    if not mail["Message-ID"].endswith("@apotheek.example>") or not email.utils.parsedate_to_datetime(mail["Date"]):
        yield f"the head is {mail.items()}"
    for word in (words["body"], "d-7", roll):
        if word not in body:
            yield f"{word} is not in {body!r}"
    for private in ("c1003", "Born", "METOPROLOL", "1003"):
        if private.lower() in one["text"].lower():
            yield f"the mail holds {private}"
    if any(len(line) > 78 for line in one["text"].splitlines() if not line.startswith("Message-ID")):
        yield "a line is longer than 78 characters"


def check(house, mails, roll):
    if not wait_for(lambda: mails.texts("starttls") and mails.texts("tls")):
        yield f"not all was delivered: {mails.told}"
        return
    yield from check_text(mails.texts("starttls")[0], {"subject": "moment zonder uitname", "body": "Gepland"}, roll)
    yield from check_text(mails.texts("tls")[0], {"subject": "moment not taken out", "body": "Planned"}, roll)
    both = lambda: sorted(one["to"] for one in mails.texts("starttls"))
    if not wait_for(lambda: len(both()) == 2) or both() != [["starttls@zorg.example"], ["wacht@zorg.example"]]:
        yield f"it went to {both()}: who is refused is no other's loss"
    tries = lambda: house.sql("SELECT max(attempts) FROM outbox WHERE exit LIKE 'mailto:%' AND done_ms IS NOT NULL")
    if not wait_for(lambda: tries() == [["2"]]):
        yield f"the refused mail was tried {tries()} times"
    if any(one["server"] == "clear" for one in mails.told):
        yield "a server without TLS was told something"
    if len(mails.texts("starttls")) != 2 or len(mails.texts("tls")) != 1:
        yield f"a mail came twice: {mails.told}"
    def left():
        return {one["exit"]: one["fault"] or "" for one in house.call("administrator", "GET", "/v1/outbox").json["messages"]}
    if not wait_for(lambda: "550" in left().get("mailto:weg@zorg.example", "") and left().get("mailto:clear@zorg.example")):
        yield f"why two addresses got nothing is not said: {left()}"
    if len(left()) != 2:
        yield f"there waits {left()}"


def main():
    if not (PEERS / "node_modules/smtp-server").exists():
        print("1..0 # SKIP the npm package smtp-server is not installed")
        sys.exit(77)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rw-mails-"))
    mails = Mails(folder)
    (folder / "service.json").write_text(json.dumps(configuration(folder, mails)))
    house = House(extra=["--config", folder / "service.json"])
    print("1..1", flush=True)
    wrong = list(check(house, mails, miss_a_bag(house)))
    signs, log = house.close()
    mails.close()
    wrong += ["the log holds the password"] if "geheim" in log else []
    subprocess.run(["rm", "-r", folder], check=True)
    tap.conclude("alarms are handed in at mail servers behind TLS, once, without names", wrong, signs, log)


if __name__ == "__main__":
    main()
