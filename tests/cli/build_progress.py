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

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/bench"))
import clients  # noqa: E402
import tap  # noqa: E402

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


def a_terminal_sees_how_far_it_is(folder):
    shown = said(folder, True)
    for done in ("files read", "clients"):
        assert re.search(rf"\r50 of 50 {done}, \d+ a second, 0 s left\x1b\[K", shown), shown
    assert shown.endswith("\r\x1b[K"), "something of it is left at the end"


def nobody_else_sees_it(folder):
    assert " a second" not in said(folder, False), "a pipe got it"
    assert said(folder, True, "--quiet") == "", "who asked for quiet got it"


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clients.write(folder / "in", COUNT)
        tap.play([a_terminal_sees_how_far_it_is, nobody_else_sees_it], None, folder)


if __name__ == "__main__":
    main()
