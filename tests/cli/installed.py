#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is installed works from where it lies, and the unit finds it (docs/OPERATIONS.md). Output is TAP."""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

import tap

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
BUILD = pathlib.Path(os.environ["ROLWACHT_BUILD"])
SECONDS_MAX = 300
PROGRAMS = ("plan", "build", "diff", "label", "read", "verify", "serve", "dispense")


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)


def programs_start_each_other(top):
    done = run("cmake", "--install", BUILD, "--prefix", top)
    assert done.returncode == 0, done.stderr
    for name in PROGRAMS:
        said = run(top / "bin/rolwacht", name, "--version")
        assert said.returncode == 0 and said.stdout.startswith("rolwacht"), (name, said)
    left = {path.name for path in (top / "bin").iterdir()} - {"rolwacht", *("rolwacht-" + name for name in PROGRAMS)}
    assert not left, f"{left} only serve tests"


def videos_are_read_by_a_module_beside_the_programs(top):
    words = (top / "bin/rolwacht", "verify", "--setup", "--video", top / "no-video.avi")
    said = run(*words)
    assert said.returncode == 3 and "is no video that can be read" in said.stderr, said
    (top / "lib/rolwacht/video.so").unlink()
    said = run(*words)
    assert said.returncode == 4 and "could not load what reads videos" in said.stderr, said


def pages_and_units_are_there(top):
    folder = top / "share/doc/rolwacht"
    for name in ("OPERATIONS.md", "DISPENSER.md", "openapi.yaml", "systemd/rolwacht.service", "systemd/rolwacht.socket"):
        assert (folder / name).is_file(), name


def the_unit_names_what_was_installed(top):
    """By systemd's own reader, where there is one; the paths are those of this folder, the account is there everywhere."""
    units = top / "units"
    shutil.copytree(top / "share/doc/rolwacht/systemd", units)
    unit = units / "rolwacht.service"
    text = unit.read_text()
    assert text.count("/usr/local/bin/rolwacht ") == 2, "what it runs lies in the prefix of an installation"
    unit.write_text(text.replace("/usr/local", str(top)).replace("User=rolwacht", "User=" + pwd.getpwuid(os.geteuid()).pw_name))
    if shutil.which("systemd-analyze"):
        said = run("systemd-analyze", "verify", "--man=no", *sorted(units.iterdir()))
        assert said.returncode == 0 and "rolwacht" not in said.stderr, said.stderr


TESTS = (programs_start_each_other, videos_are_read_by_a_module_beside_the_programs,
         pages_and_units_are_there, the_unit_names_what_was_installed)

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="rw-installed-") as prefix:
        tap.play(TESTS, None, pathlib.Path(prefix))
