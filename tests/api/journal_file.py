#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An exported journal is checked without a database, over a change of keys; no lie in it holds (REQ-015). TAP."""
import hashlib
import json
import pathlib
import subprocess
import tempfile
import time

import tap
from house import BIN, House

SECONDS_MAX = 30
FIELDS = ("actor", "role", "action", "object_type", "object_id", "client", "detail", "source")
OLD_KEYS = "old.keys"


def rolwacht(*words):
    out = subprocess.run([BIN / "rolwacht-serve", *words], capture_output=True, text=True, timeout=60, check=False)
    return out.returncode, json.loads(out.stdout) if out.stdout else out.stderr


def export(house):
    """All parts, one behind the other."""
    text, path = b"", "/v1/journal"
    while path:
        answer = house.call("auditor", "GET", path)
        assert answer.status == 200, answer.body
        text += answer.body
        path = answer.headers.get("link", "").partition(">")[0].lstrip("<")
    return text.decode().splitlines()


def sealed(house):
    return house.sql("SELECT count(*) FROM journal") == house.sql("SELECT count(*) FROM journal_seal")


def wait_for(condition):
    ends = time.monotonic() + SECONDS_MAX
    while not condition() and time.monotonic() < ends:
        time.sleep(0.2)
    assert condition()


def fill(house):
    """More rows than one part holds, then a new key, then some more."""
    house.make_token("auditor", "auditor")
    house.sql("INSERT INTO journal SELECT 'pharmacy', gen_random_uuid()::text, extract(epoch FROM now())::bigint * 1000,"
              " 'apo', 'apotheker', 'read', 'roll', n::text, 'p-1', E'quote \" and \\\\ and é', '' FROM generate_series(1, 600) n")
    wait_for(lambda: sealed(house))
    (house.top / OLD_KEYS).write_text((house.state / "keys/journal.keys").read_text())
    status, made = rolwacht("--rotate-journal-key", "--state", house.state)
    assert status == 0, made
    assert rolwacht("--rotate-journal-key", "--state", house.state)[0] == 4  # the new one does not hold yet
    house.make_token("early", "care")
    time.sleep(5.5)  # JOURNAL_KEYS_DELAY_MS
    house.make_token("late", "care")
    wait_for(lambda: sealed(house))
    return made


def check(house, lines, keys=None):
    path = house.top / "journal.jsonl"
    path.write_text("\n".join(lines) + "\n")
    trusted = ["--journal-keys", keys] if keys else ["--state", house.state]
    return rolwacht("--check-journal", "--journal", path, *trusted)


def whole(house, lines, made):
    rows = [json.loads(line) for line in lines[1:]]
    signed = [json.loads(row["checkpoint"]) for row in rows if "checkpoint" in row]
    if len(rows) < 600 or len(signed) < 2:
        yield f"{len(rows)} lines, {len(signed)} checkpoints"
    keys = json.loads(lines[0])["keys"]["keys"]
    if [key["kid"] for key in keys][1:] != [made["kid"]] or keys[0]["until"] != keys[1]["from"]:
        yield f"the keys are {keys}"
    if len({one["protected"] for one in signed}) != 2:
        yield "not both keys signed"
    for trusted in (None, house.top / OLD_KEYS):
        status, found = check(house, lines, trusted)
        if status != 0 or found["checked"] != len(rows) - len(signed) or found["signed_to"] != found["checked"]:
            yield f"{status} {found}"
    status, found = house.check_journal()
    if status != 0 or found["checkpoints"] < 2:
        yield f"in the database: {status} {found}"
    if len(list((house.state / "keys").glob("journal-*.ed25519"))) > 2:
        yield "old secrets stay"


def rechained(lines):
    """What somebody with the database but without the keys could make of it: another actor, all hashes anew."""
    made, before = [lines[0]], "0" * 64
    for line in lines[1:]:
        row = json.loads(line)
        if "seq" in row:
            if row["seq"] == 300:
                row["actor"] = "somebody"
            parts = [before, str(row["seq"]), row["id"], str(row["at_ms"]), *(row[name] for name in FIELDS)]
            text = b"".join(b"%d:%s" % (len(part.encode()), part.encode()) for part in parts)
            row["hash"] = before = hashlib.sha256(text).hexdigest()
        made.append(json.dumps(row))
    return made


def lies(lines):
    """Each as (what was done, the lines, the status)."""
    def changed(at, name, value):
        return [*lines[:at], json.dumps({**json.loads(lines[at]), name: value}), *lines[at + 1:]]
    marks = [number for number, line in enumerate(lines) if line.startswith('{"checkpoint"')]
    for name in (*FIELDS, "id", "hash"):
        yield f"{name} is another", changed(200, name, "x"), 1
    yield "the time is another", changed(200, "at_ms", 1), 1
    yield "a row is missing", lines[:200] + lines[201:], 1
    yield "two rows are changed over", [*lines[:200], lines[201], lines[200], *lines[202:]], 1
    yield "a row stands twice", [*lines[:200], *lines[199:]], 1
    yield "the first rows are missing", [lines[0], *lines[3:]], 1
    yield "all hashes are made anew", rechained(lines), 1
    yield "a checkpoint stands elsewhere", [*lines[:marks[-1]], *lines[marks[-1] + 1:-1], lines[marks[0]], lines[-1]], 1
    signed = json.loads(json.loads(lines[marks[-1]])["checkpoint"])
    signed["signature"] = signed["signature"][:-4] + "AAAA"
    yield "a signature is another", changed(marks[-1], "checkpoint", json.dumps(signed)), 1
    yield "the end is missing", lines[:-2], 1
    yield "the last signature is missing", lines[:-1], 1
    yield "no signature is left", [line for line in rechained(lines) if not line.startswith('{"checkpoint"')], 1
    yield "a line is cut off", [*lines[:-1], lines[-1][:-9]], 3
    yield "a member is unheard of", changed(200, "more", "x"), 3
    head = json.loads(lines[0])
    head["keys"]["keys"][1]["introduced"] = head["keys"]["keys"][1]["introduced"].replace("signature", "signature ", 1)
    yield "a key is not introduced", [json.dumps(head), *lines[1:]], 3


def find_lies(house, lines):
    for name, made, wanted in lies(lines):
        status, found = check(house, made)
        if status != wanted:
            yield f"{name}: {status} {found}"


def stranger(house, lines):
    """A whole file of another pharmacy is not ours."""
    other = tempfile.mkdtemp(prefix="rw-other-")
    keys = pathlib.Path(other) / "keys"
    keys.write_text(json.dumps({"format": "rolwacht/journal-keys/1", "keys": [json.loads(lines[0])["keys"]["keys"][1]]}))
    status, found = check(house, lines, keys)
    if status != 1 or "signature" not in found["why"]:
        yield f"with the second key alone: {status} {found}"
    keys.write_text("{}")
    if check(house, lines, keys)[0] != 3:
        yield "a list that is none was taken"
    keys.unlink()
    pathlib.Path(other).rmdir()


def main():
    house = House()
    made = fill(house)
    lines = export(house)
    tap.play([("a file over two keys is whole, also for who knows the first key alone", lambda: whole(house, lines, made)),
              ("every lie in it is found", lambda: find_lies(house, lines)),
              ("a key that is not trusted proves nothing", lambda: stranger(house, lines))], house)


if __name__ == "__main__":
    main()
