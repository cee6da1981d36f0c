#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws invented rolls and compares every byte with the labels kept here; output is TAP.

RW_BLESS=1 writes them anew, and the review shows what changed.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
GOLDEN = ROOT / "tests" / "golden" / "labels"
ROLLS = {"nl": ("3", "1"), "en": ("4", "1")}
KEPT = ("bag-000.png", "bag-001.png", "bag-002.svg")  # the rest is kept by its hash


def draw(folder):
    """All labels of the rolls: {"nl/bag-000.png": bytes}."""
    drawn = {}
    for language, (seed, days) in ROLLS.items():
        roll = pathlib.Path(folder) / f"{language}.json"
        roll.write_bytes(subprocess.run([BIN / "sample-roll", seed, days, language],
                                        capture_output=True, check=True, timeout=60).stdout)
        for kind in ("png", "svg"):
            out = pathlib.Path(folder) / f"{language}-{kind}"
            subprocess.run([BIN / "rolwacht-label", roll, "--as", kind, "-o", out], check=True,
                           timeout=240)
            for path in sorted(out.iterdir()):
                drawn[f"{language}/{path.name}"] = path.read_bytes()
        whole = pathlib.Path(folder) / f"{language}.pdf"
        subprocess.run([BIN / "rolwacht-label", roll, "--as", "pdf", "-o", whole], check=True,
                       timeout=240)
        drawn[f"{language}/roll.pdf"] = whole.read_bytes()
    return drawn


def sums(drawn):
    return "".join(f"{hashlib.sha256(drawn[name]).hexdigest()}  {name}\n" for name in sorted(drawn))


def bless(drawn):
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for name, content in drawn.items():
        if pathlib.Path(name).name in KEPT:
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_bytes(content)
    (GOLDEN / "SHA256SUMS").write_text(sums(drawn), encoding="ascii")


def main():
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw(folder)
    if os.environ.get("RW_BLESS") == "1":
        bless(drawn)
    kept = dict(line.split("  ")[::-1]
                for line in (GOLDEN / "SHA256SUMS").read_text(encoding="ascii").splitlines())
    names = sorted(set(kept) | set(drawn))
    print(f"1..{len(names)}")
    failed = False
    for number, name in enumerate(names, 1):
        good = name in drawn and hashlib.sha256(drawn[name]).hexdigest() == kept.get(name)
        if pathlib.Path(name).name in KEPT and good:
            good = (GOLDEN / name).read_bytes() == drawn[name]
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - {name} is drawn as before")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
