#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How far a build is, is for a person at a terminal, and for nobody else; output is TAP."""

import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/bench"))
import clients  # noqa: E402

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
COUNT = 50


def said(folder, terminal, *more):
    """What standard error got, on a terminal or in a pipe."""
    reader, writer = pty.openpty() if terminal else os.pipe()
    subprocess.run([BIN / "rolwacht-build", "--from", "2026-11-23", "--days", "1", "--policy",
                    ROOT / "samples/policy.json", "--products", ROOT / "samples/products.json", "--state",
                    folder / "state", "-o", folder / "out", *more, folder / "in"],
                   stdout=subprocess.DEVNULL, stderr=writer, check=True, timeout=120)
    os.close(writer)
    text = b""
    try:
        while more_text := os.read(reader, 65536):
            text += more_text
    except OSError:
        pass  # a terminal ends with an error
    os.close(reader)
    return text.decode()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clients.write(folder / "in", COUNT)
        shown = said(folder, True)
        rate = r"\r50 of 50 %s, \d+ a second, 0 s left\x1b\[K"
        cases = [("a terminal sees how many files are read", re.search(rate % "files read", shown)),
                 ("and how many clients are done, how fast and how long yet", re.search(rate % "clients", shown)),
                 ("nothing is left of it at the end", shown.endswith("\r\x1b[K")),
                 ("a pipe gets nothing of it", " a second" not in said(folder, False)),
                 ("nor does who asked for quiet", said(folder, True, "--quiet") == "")]
    print(f"1..{len(cases)}")
    for number, (what, good) in enumerate(cases, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {what}")
    return 0 if all(good for _, good in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
