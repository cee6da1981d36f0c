#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Progress is for a person at a terminal, and for nobody else; several rolls lie apart; output is TAP."""

import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])


def said(folder, rolls, terminal, *more, kind="png"):
    """What standard error got, on a terminal or in a pipe."""
    reader, writer = pty.openpty() if terminal else os.pipe()
    subprocess.run([BIN / "rolwacht-label", *rolls, "--as", kind, "-o", folder / "-".join(["out", kind, str(len(rolls)), *more]), *more],
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


def make_roll(folder, seed, days):
    path = folder / f"{seed}.json"
    path.write_bytes(subprocess.run([BIN / "sample-roll", seed, days, "nl"], check=True,
                                    capture_output=True, timeout=60).stdout)
    return path


def refused(folder, roll):
    """What is said of a roll that was given twice."""
    done = subprocess.run([BIN / "rolwacht-label", roll, roll, "--as", "zpl", "-o", folder / "twice"],
                          capture_output=True, text=True, timeout=120, check=False)
    return done.stderr if done.returncode != 0 else ""


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        one, other = make_roll(folder, "3", "8"), make_roll(folder, "4", "8")
        shown = said(folder, [one], True)
        cases = [("a terminal sees how far it is", "bag 25 of 34" in shown),
                 ("nothing is left of it at the end", shown.endswith("\r\033[K")),
                 ("a pipe gets nothing", said(folder, [one], False) == ""),
                 ("who asked for quiet gets nothing", said(folder, [one], True, "--quiet") == "")]
        for kind in ("pdf", "zpl", "zpl-dots", "svg"):
            cases.append((f"so does {kind}", "bag 25 of 34" in said(folder, [one], True, kind=kind)))
        cases.append(("so does a strip", "bag 25 of 34" in said(folder, [one], True, "--strip")))
        numbers = [json.loads(path.read_bytes())["roll"] for path in (one, other)]
        for kind, ending in (("pdf", ".pdf"), ("svg", ""), ("order-csv", ".csv")):
            shown = said(folder, [one, other], True, kind=kind)
            written = sorted(path.name for path in (folder / f"out-{kind}-2").iterdir())
            cases.append((f"two rolls as {kind} lie apart", written == sorted(n + ending for n in numbers)))
            cases.append((f"which roll is told with {kind}", kind == "order-csv" or "roll 2 of 2, bag 25 of" in shown))
        cases.append(("a roll given twice is refused", f"roll {numbers[0]} was given twice" in refused(folder, one)))
    print(f"1..{len(cases)}")
    for number, (title, good) in enumerate(cases, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
    return 0 if all(good for _, good in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
