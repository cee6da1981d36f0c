#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws invented rolls and compares every byte with the labels kept here; output is TAP.

RW_BLESS=1 writes them anew, and the review shows what changed.
"""

import functools
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import tap

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
GOLDEN = ROOT / "tests" / "golden" / "labels"
ROLLS = {"nl": ("3", "1", "nl"), "en": ("4", "1", "en"), "nl-203": ("3", "1", "nl", "203"),
         "en-203": ("4", "1", "en", "203")}
NAMES = {"arabic": "محمد عبد الرحمن الأحمدي", "hebrew": "מרים כהן־לוי",
         "greek": "Γεωργία Παπαδοπούλου", "cyrillic": "Юлия Щербакова-Ёлкина",
         "devanagari": "श्रीमती अनुष्का शर्मा", "tamil": "தமிழ்ச்செல்வி", "thai": "นางสาวกัญญารัตน์",
         "turkish": "Çağrı Işık İpekoğlu", "vietnamese": "Nguyễn Thị Ổn Ngọc Ẩm"}
PROFILES = ("generic-70x60", "medido", "spencer", "cmed-plus")
REFUSED = {"chinese": "李明", "two-directions": "محمد 12"}  # /client-name is named
KEPT = ("bag-000.png", "bag-001.png", "bag-002.svg")  # the rest is kept by its hash


def run(*command, good=0):
    done = subprocess.run(command, capture_output=True, timeout=240, check=False)
    if done.returncode != good:
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {done.stderr.decode()}")
    return done


def draw_roll(folder, name, arguments):
    """All labels of one invented roll."""
    drawn = {}
    roll = folder / f"{name}.json"
    roll.write_bytes(run(BIN / "sample-roll", *arguments).stdout)
    for kind in ("png", "svg"):
        out = folder / f"{name}-{kind}"
        run(BIN / "rolwacht-label", roll, "--as", kind, "-o", out)
        for path in sorted(out.iterdir()):
            drawn[f"{name}/{path.name}"] = path.read_bytes()
    whole = folder / f"{name}.pdf"
    run(BIN / "rolwacht-label", roll, "--as", "pdf", "-o", whole)
    drawn[f"{name}/roll.pdf"] = whole.read_bytes()
    return drawn


def write_changed(folder, arguments, change):
    """An invented roll that was changed, with the fingerprint that belongs to it."""
    roll = json.loads(run(BIN / "sample-roll", *arguments).stdout)
    change(roll)
    roll["fingerprint"] = "sha256:" + "0" * 64
    text = json.dumps(roll, ensure_ascii=False).encode()
    path = folder / "changed.json"
    path.write_bytes(text.replace(b"0" * 64, hashlib.sha256(text).hexdigest().encode()))
    return path


def rename_client(folder, name):
    return write_changed(folder, ROLLS["nl"], lambda roll: roll["client"].update(name=name))


def draw_profiles(folder):
    """The header and the first bag on each built-in film, in each language."""
    drawn = {}
    for profile in PROFILES:
        for language in ("nl", "en"):
            out = folder / f"{profile}-{language}"
            roll = write_changed(folder, ROLLS[language], lambda roll: roll.update(media=profile))
            run(BIN / "rolwacht-label", roll, "--as", "png", "-o", out)
            for bag in ("bag-000.png", "bag-001.png"):
                drawn[f"profiles/{out.name}-{bag}"] = (out / bag).read_bytes()
    return drawn


def draw_names(folder):
    """The first bags of people whose names are written in other letters."""
    drawn = {}
    for script, name in NAMES.items():
        out = folder / script
        run(BIN / "rolwacht-label", rename_client(folder, name), "--as", "png", "-o", out)
        drawn[f"names/{script}.png"] = (out / "bag-001.png").read_bytes()
    for script, name in REFUSED.items():
        said = run(BIN / "rolwacht-label", rename_client(folder, name), "--as", "png", "-o",
                   folder / script, good=3).stderr.decode()
        if "/client-name" not in said or name in said:
            raise RuntimeError(f"{script}: {said}")
    return drawn


def draw(folder):
    """Everything that is kept here: {"nl/bag-000.png": bytes}."""
    drawn = {}
    for name, arguments in ROLLS.items():
        drawn.update(draw_roll(folder, name, arguments))
    drawn.update(draw_names(folder))
    drawn.update(draw_profiles(folder))
    return drawn


def is_kept(name):
    return name.startswith(("names/", "profiles/")) or pathlib.Path(name).name in KEPT


def sums(drawn):
    return "".join(f"{hashlib.sha256(drawn[name]).hexdigest()}  {name}\n" for name in sorted(drawn))


def bless(drawn):
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for name, content in drawn.items():
        if is_kept(name):
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_bytes(content)
    (GOLDEN / "SHA256SUMS").write_text(sums(drawn), encoding="ascii")


def main():
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw(pathlib.Path(folder))
    if os.environ.get("RW_BLESS") == "1":
        bless(drawn)
    kept = dict(line.split("  ")[::-1]
                for line in (GOLDEN / "SHA256SUMS").read_text(encoding="ascii").splitlines())

    def is_drawn_as_before(name):
        good = name in drawn and hashlib.sha256(drawn[name]).hexdigest() == kept.get(name)
        assert good and (not is_kept(name) or (GOLDEN / name).read_bytes() == drawn[name])

    tap.play([(f"{name} is drawn as before", functools.partial(is_drawn_as_before, name))
              for name in sorted(set(kept) | set(drawn))], None)


if __name__ == "__main__":
    main()
