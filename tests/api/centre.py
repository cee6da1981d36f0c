#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes telegrams as an alarm centre does (SIA DC-09): a test alarm through the whole chain (REQ-018). TAP."""
import json
import pathlib
import re
import socketserver
import tempfile
import threading
import time

import tap
from house import House
from nodes import prepare

SECONDS_MAX = 60
FRAME = re.compile(rb'\n([0-9A-F]{4})([0-9A-F]{4})("([A-Z-]+)"(\d{4})R0L1#([0-9A-F]+)\[(.*?)\]_[0-9:]{8},[0-9-]{10})\r')


def crc(body):
    """CRC-16/ARC by its table-free definition."""
    value = 0
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def framed(body):
    return b"\n%04X%04X%s\r" % (crc(body), len(body), body)


class Centre(socketserver.BaseRequestHandler):
    """Refuses, then answers with a wrong CRC; from then on it takes what is right."""
    seen = []
    taken = []

    def handle(self):
        text = self.request.recv(1024)
        match = FRAME.fullmatch(text)
        if not match or int(match[1], 16) != crc(match[3]) or int(match[2], 16) != len(match[3]):
            Centre.seen.append(text)
            return
        word, number, account, event = (part.decode() for part in match.groups()[3:])
        answer = framed(b'"ACK"%sR0L1#%s[]' % (number.encode(), account.encode()))
        if word == "ADM-CID":
            Centre.seen.append(number)
        if word == "NULL" or len(Centre.seen) > 2:
            Centre.taken.append((word, account, event))
        elif len(Centre.seen) == 1:
            answer = framed(b'"NAK"0000R0L0A0[]_00:00:00,01-01-2026')
        else:
            answer = answer[:-2] + b"}\r"
        self.request.sendall(answer[:7])
        time.sleep(0.05)  # an answer may come in pieces
        self.request.sendall(answer[7:])


def wait_for(condition):
    ends = time.monotonic() + SECONDS_MAX
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)
    return condition()


def try_chain(house):
    """A person tries the chain; the telegram is refused in two ways, and keeps its number."""
    answer = house.call("nobody", "POST", "/v1/test-alarms", {"dispenser": "d-7"})
    if answer.status != 401:
        yield f"nobody may try the chain: {answer.status}"
    answer = house.call("apo", "POST", "/v1/test-alarms", {"dispenser": "d-99"})
    if answer.status != 404:
        yield f"a dispenser that is not there: {answer.status}"
    answer = house.call("apo", "POST", "/v1/test-alarms", {"dispenser": "d-7"})
    alarm = answer.json["alarm"]
    if answer.status != 201 or not wait_for(lambda: ("ADM-CID", "7001", "#7001|1601 00 000") in Centre.taken):
        yield f"the test alarm was not taken: {answer.body} {Centre.taken} {Centre.seen}"
    elif len(Centre.seen) != 3 or len(set(Centre.seen)) != 1:
        yield f"the telegrams had the numbers {Centre.seen}"
    listed = house.call("apo", "GET", "/v1/alarms?state=open").json["alarms"]
    if [(one["id"], one["type"]) for one in listed] != [(alarm, "test")]:
        yield f"the alarms are {listed}"
    if house.call("apo", "POST", f"/v1/alarms/{alarm}/acknowledge").status != 204:
        yield "the test alarm could not be acknowledged"
    if house.sql(f"SELECT actor FROM journal WHERE action = 'raise' AND object_id = '{alarm}'") != [["apo"]]:
        yield "the journal does not say who tried it"


def report_jam(house):
    """A dispenser without an account of its own is told under that of the pharmacy."""
    events = [{"id": "01936d4a-0000-7000-8000-000000000001", "seq": 1, "type": "jam", "at": "2026-11-23T09:00:00.000Z"}]
    answer = house.call("d-8", "POST", "/v1/dispensers/d-8/events", {"events": events})
    if answer.status != 200 or not wait_for(lambda: ("ADM-CID", "4321", "#4321|1300 00 001") in Centre.taken):
        yield f"the jam was not taken: {answer.body} {Centre.taken}"
    if not wait_for(lambda: ("NULL", "4321", "") in Centre.taken):
        yield f"no sign of life came: {Centre.taken}"


def set_aside(house):
    """What an exit that is not there should have got is set aside, seen, and can be tried again."""
    def dead():
        return [one for one in house.call("apo", "GET", "/v1/outbox?state=dead").json["messages"]
                if one["topic"] == "alarm"]
    if not wait_for(lambda: len(dead()) == 2):
        yield f"set aside: {dead()}"
        return
    one = dead()[0]
    if one["exit"] != "tcp://127.0.0.1:1" or one["attempts"] < 3 or not one["fault"] or one["next"]:
        yield f"set aside: {one}"
    metrics = house.call("administrator", "GET", "/metrics").body.decode()
    if "rolwacht_outbox_dead 2" not in metrics:
        yield "the metrics do not say so"
    for who, message, status in (("ass", one["id"], 403), ("apo", "01936d4a-0000-7000-8000-000000000009", 404),
                                 ("apo", one["id"], 204)):
        answer = house.call(who, "POST", f"/v1/outbox/{message}/retry")
        if answer.status != status:
            yield f"{who} trying {message}: {answer.status} {answer.body}"
    if house.call("ass", "POST", "/v1/outbox/retry").status != 403:
        yield "an assistant has all tried again"
    if len(dead()) != 1 or house.sql("SELECT count(*) FROM journal WHERE action = 'retry'") != [["1"]]:
        yield f"after one was revived: {dead()}"
    if not wait_for(lambda: len(dead()) == 2):
        yield f"the exit is still not there, and this is set aside: {dead()}"
    count = len(house.call("apo", "GET", "/v1/outbox?state=dead").json["messages"])
    answer = house.call("apo", "POST", "/v1/outbox/retry")
    if answer.status != 200 or answer.json["messages"] < count:
        yield f"all were tried again: {count} {answer.status} {answer.body}"
    rows = house.sql("SELECT object_id, detail FROM journal WHERE action = 'retry' ORDER BY at_ms DESC LIMIT 1")
    if rows != [["", f"all that was set aside: {answer.json['messages']}"]]:
        yield f"the journal says {rows}"


def main():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Centre)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    centre = {"url": f"tcp://127.0.0.1:{server.server_address[1]}", "account": "4321", "line": "1",
              "accounts": {"d-7": "7001"}}
    nowhere = {"topic": "alarm", "url": "tcp://127.0.0.1:1", "account": "4321"}
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rw-centre-"))
    config = folder / "service.json"
    config.write_text(json.dumps({
        "format": "rolwacht/service/1", "supervise_s": 3, "give_up_after_s": 1, "escalate_after_s": 0,
        "centres": [{"topic": "alarm", **centre}, {"topic": "supervision", **centre}, nowhere]}))
    house = House(extra=["--config", config])
    roll = prepare(house)
    house.make_token("ass", "assistent")
    house.make_device("dispenser", "d-8")
    answer = house.call("apo", "POST", f"/v1/rolls/{roll}/release", {"dispenser": "d-8"})
    assert answer.status == 200, answer.body
    try:
        tap.play([("a test alarm goes through the whole chain and is marked as one", try_chain),
                  ("an alarm and signs of life reach the centre", report_jam),
                  ("what cannot be told is set aside and can be tried again", set_aside)], house, house)
    finally:
        config.unlink()
        folder.rmdir()


if __name__ == "__main__":
    main()
