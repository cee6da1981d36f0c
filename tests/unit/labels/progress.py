#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Progress is for a person at a terminal, and for nobody else; output is TAP."""

import os
import pathlib
import pty
import subprocess
import sys
import tempfile

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])


def said(folder, roll, terminal, *more):
    """What standard error got, on a terminal or in a pipe."""
    reader, writer = pty.openpty() if terminal else os.pipe()
    subprocess.run([BIN / "rolwacht-label", roll, "--as", "png", "-o", folder / "out", *more],
                   stderr=writer, check=True, timeout=120)
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
        roll = folder / "roll.json"
        roll.write_bytes(subprocess.run([BIN / "sample-roll", "3", "8", "nl"], check=True,
                                        capture_output=True, timeout=60).stdout)
        shown = said(folder, roll, True)
        cases = [("a terminal sees how far it is", "25 of 34 bags" in shown),
                 ("nothing is left of it at the end", shown.endswith("\r\033[K")),
                 ("a pipe gets nothing", said(folder, roll, False) == ""),
                 ("who asked for quiet gets nothing", said(folder, roll, True, "--quiet") == "")]
    print(f"1..{len(cases)}")
    for number, (title, good) in enumerate(cases, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
    return 0 if all(good for _, good in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
