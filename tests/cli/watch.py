#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets verify watch a strip that runs, stops and goes back; output is TAP.

The video is rendered: a bag lies in it twice, one is missing and one bears another medicine.
"""

import fcntl
import glob
import hashlib
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios
import threading

import tap

BIN = pathlib.Path(os.environ["ROLWACHT_BIN"])
SECONDS_MAX = 300


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False,
                          timeout=SECONDS_MAX)


def run_at_terminal(columns, *words):
    """The same, with a terminal of this width as standard error: what it showed is the second."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    shown = []

    def read():
        try:
            while text := os.read(reader, 65536):
                shown.append(text)
        except OSError:
            pass  # a terminal ends with an error

    watching = threading.Thread(target=read)
    watching.start()
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=writer, text=True,
                          check=False, timeout=SECONDS_MAX)
    os.close(writer)
    watching.join(SECONDS_MAX)
    os.close(reader)
    return done, b"".join(shown).decode().replace("\r\n", "\n")


class Line:
    """A folder with a roll, its key and pictures of it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.roll = self.folder / "roll.json"
        self.roll.write_text(run(BIN / "sample-roll", 1, 1, "nl").stdout)
        (self.folder / "state/keys").mkdir(parents=True)
        key = self.folder / "state/keys/pharmacy.hmac"
        key.write_bytes(bytes(range(32)))
        key.chmod(0o600)
        self.hook = self.folder / "stop"
        self.hook.write_text(f'#!/bin/sh\necho "$@" >>"{self.folder}/stops"\n')
        self.hook.chmod(0o700)

    def photograph(self, *words):
        done = run(BIN / "photograph", "--roll", self.roll, "--seed", 4, "-o", self.folder, *words)
        assert done.returncode == 0, done.stderr

    def only(self, n):
        """The words that leave out all bags but one."""
        count = len(json.loads(self.roll.read_text())["bags"])
        return [word for other in range(count) if other != n for word in ("--missing", other)]

    def words(self, *words):
        return (BIN / "rolwacht", "verify", "--roll", self.roll, "--state", self.folder / "state", *words)

    def verify(self, *words):
        return run(*self.words(*words))


def a_strip_is_followed(folder):
    """Counted once though it goes back; each fail runs the command; lines come before the report."""
    line = Line(folder)
    line.photograph("--video", line.folder / "a.avi", "--size", "880x1180", "--scale", 12,
                    "--hesitate", "--fault",
                    "1:doubled", "--missing", 2, "--fault", "3:drug", "--no-tablets")
    done, shown = run_at_terminal(60, *line.words("--video", line.folder / "a.avi", "--json", "--on-stop", line.hook,
                                                  "--out", line.folder / "out"))
    assert done.returncode == 1, (done.returncode, shown)
    *lines, report = [json.loads(text) for text in done.stdout.splitlines()]
    verdicts = {bag["n"]: (bag["verdict"], bag["reasons"]) for bag in report["bags"]}
    assert verdicts[0] == ("pass", []), verdicts
    assert verdicts[1][0] == "fail" and "twice" in verdicts[1][1], verdicts
    assert verdicts[2] == ("missing", ["not-seen", "gap"]), verdicts
    assert verdicts[3][0] == "fail" and "text-differs" in verdicts[3][1], verdicts
    assert all(verdict == ("pass", []) for n, verdict in verdicts.items() if n > 3), verdicts
    assert {said["n"] for said in lines} <= set(verdicts) and len(lines) >= 3, lines
    stops = (line.folder / "stops").read_text().splitlines()
    assert "broke_off" not in report and "breaks off" not in shown, shown
    number = report["roll"]
    assert f"{number} 3 text-differs" in stops and f"{number} 1 twice" in stops, stops
    live = [text for text in shown.replace("\n", "\r").split("\r\x1b[K") if text.startswith(f"roll {number} ")]
    assert live and max(map(len, live)) < 60 and any(text.startswith(f"roll {number} 1/") for text in live), live
    assert "bag 3: fail, text-differs in content-" in shown and "bag 1: fail, twice\n" in shown, shown
    counts = f"pass {len(verdicts) - 3}, unsure 0, missing 1, fail 2, strange 0"
    assert shown.endswith(f"\nroll {number}: fail ({counts})\n"), shown
    picture = (line.folder / "out/bag-003.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    # The label as seen, a bar, and the label as planned: 70 x 60 mm at 10 pixels a millimetre.
    assert struct.unpack(">II", picture[16:24]) == (700, 2 * 600 + 8), picture[16:24]
    assert not (line.folder / "out/bag-000.png").exists()


def a_command_that_fails_is_told(folder):
    line = Line(folder)
    line.photograph("--fault", "1:void", "--no-tablets", *line.only(1))
    pictures = sorted(line.folder.glob("f*.png"))
    done = line.verify("--on-stop", line.folder / "absent", *pictures)
    assert done.returncode == 4 and "absent" in done.stderr, (done.returncode, done.stderr)
    assert done.stderr.count('absent" did not stop the strip: No such file or directory') == 1, done.stderr
    assert json.loads(done.stdout)["verdict"] == "fail"


def a_narrow_terminal_shows_what_stops_the_strip_first(folder):
    line = Line(folder)
    line.photograph("--fault", "1:void", "--no-tablets", *line.only(1))
    _, shown = run_at_terminal(40, *line.words(*sorted(line.folder.glob("f*.png")) * 2))
    live = [text for text in shown.split("\r\x1b[K") if re.match(r"\d+/", text)]
    assert live and re.fullmatch(r"1/\d+ fail 1 strange 0 unsure 0 pass 0", live[-1]), shown
    assert re.search(r"bags 2 to \d+: missing, not-seen\n", shown) and shown.count("missing, ") == 2, shown
    assert "bag 1: fail, twice\n" in shown and re.search("bag 1: fail, [a-z-]+ in ", shown), shown


def setup_says_what_to_change(folder):
    line = Line(folder)
    line.photograph("--no-tablets", *line.only(0))
    picture = line.folder / "f0001.png"
    done = run(BIN / "rolwacht", "verify", "--setup", "--json", picture)
    said = json.loads(done.stdout)
    assert done.returncode == 0 and said["advice"] == [], (done.returncode, said)
    assert said["codes"] == 1 and 4.9 < said["module_px"] < 5.4, said
    words = run(BIN / "rolwacht", "verify", "--setup", picture)
    assert "good as it is" in words.stdout and "module 5." in words.stdout, words.stdout
    empty = line.folder / "empty.pgm"
    empty.write_bytes(b"P5 64 64 255\n" + bytes([90]) * 4096)
    done = run(BIN / "rolwacht", "verify", "--setup", "--json", empty)
    assert done.returncode == 1 and json.loads(done.stdout)["advice"] == ["no-symbol"], done.stdout


def a_light_is_measured_and_makes_the_grade_count(folder):
    """The pages of the test roll are pictures of film that is white and print that is black."""
    line = Line(folder)
    light = line.folder / "light.json"
    run(BIN / "rolwacht", "label", "--test-roll", "generic-70x60", "--as", "png", "-o", line.folder / "chart")
    pages = sorted((line.folder / "chart").glob("*.png"))
    pages = [pages[1], pages[5]]  # a code of two profiles, and one that is turned by quarters
    done = line.verify("--calibrate", light, "--reflectance", "82.5,4", *pages)
    assert done.returncode == 0, (done.returncode, done.stderr)
    said = json.loads(light.read_text())
    assert said == json.loads(done.stdout) and said["format"] == "rolwacht/light/1", said
    assert said["film_reflectance_milli"] == 825 and said["black_reflectance_milli"] == 40, said
    assert abs(said["film_grey_milli"] - 255000) < 1000 and said["black_grey_milli"] < 6000, said
    line.photograph("--perfect", "--size", "827x709", "--scale", 11, *line.only(1))
    graded = json.loads(line.verify("--calibration", light, *line.folder.glob("f*.png")).stdout)["bags"][1]
    # Film of 0.93 and print of 0.07 under light of 0.9 reflect about 69 and 8 percent.
    assert graded["grade"]["calibrated"] and graded["grade"]["contrast"] == "B", graded
    assert graded["grade"]["method"] == "iso-15415" and graded["verdict"] == "pass", graded
    plain = json.loads(line.verify(*line.folder.glob("f*.png")).stdout)["bags"][1]
    assert not plain["grade"]["calibrated"] and plain["grade"]["contrast"] == "A", plain
    for words, status in ((("--reflectance", "82.55,4"), 2), (("--reflectance", "82"), 2), ((), 2),
                          (("--reflectance", "4,82"), 3), (("--reflectance", "101,1"), 2)):
        done = line.verify("--calibrate", line.folder / "no.json", *words, *pages)
        assert done.returncode == status and not (line.folder / "no.json").exists(), (words, done)
    done = line.verify("--calibrate", light, "--reflectance", "82,4", *line.folder.glob("f*.png"))
    assert done.returncode == 3 and "3 symbols" in done.stderr, (done.returncode, done.stderr)
    done = line.verify("--calibration", line.roll, *pages)
    assert done.returncode == 3, (done.returncode, done.stderr)


def of_client(client, roll):
    """The same roll for another client. Its fingerprint is taken with its own digits as zeros."""
    roll = re.sub(r'("client":\s*\{\s*"id":\s*)"[^"]*"', rf'\1"{client}"', roll, count=1)
    digits = re.compile(r'(?<="sha256:)[0-9a-f]{64}(?=")')
    blank = digits.sub("0" * 64, roll, count=1)
    return digits.sub(hashlib.sha256(blank.encode()).hexdigest(), blank, count=1)


def a_bag_of_another_client_is_told_as_such(folder):
    """Who a strange bag belongs to is known from the rolls of the line, and from nothing else."""
    line = Line(folder)
    line.roll.write_text(of_client("c-other", run(BIN / "sample-roll", 2, 1, "nl").stdout))
    line.photograph("--perfect", "--size", "827x709", "--scale", 11, "--no-tablets", *line.only(1))
    pictures = sorted(line.folder.glob("f*.png"))
    rolls = line.folder / "rolls"
    rolls.mkdir()
    line.roll.rename(rolls / "other.roll.json")
    (rolls / "summary.json").write_text("no roll\n")
    line.roll.write_text(run(BIN / "sample-roll", 1, 1, "nl").stdout)
    for words, reason in (((), "other-roll"), (("--others", rolls), "other-client")):
        done = line.verify(*words, *pictures)
        strangers = json.loads(done.stdout)["strangers"]
        assert done.returncode == 1 and [each["reason"] for each in strangers] == [reason], (words, done)
    (rolls / "broken.roll.json").write_text("{")
    for others, status, name in ((rolls, 3, "broken.roll.json"), (line.folder / "absent", 4, "absent")):
        done = line.verify("--others", others, *pictures)
        assert done.returncode == status and name in done.stderr and not done.stdout, (done.returncode, done.stderr)


def pictures_that_cannot_be_read_are_told_and_the_others_judged(folder):
    """What lies there may be any bag: it is none that passes, and the roll is unsure at best."""
    line = Line(folder)
    line.photograph("--perfect", "--size", "827x709", "--scale", 11, "--no-tablets")
    pictures = sorted(line.folder.glob("f*.png"))
    assert line.verify(*pictures).returncode == 0
    lost = pictures[2].read_bytes()
    (line.folder / "cut.png").write_bytes(lost[:len(lost) // 2])
    (line.folder / "empty.png").write_bytes(b"")
    (line.folder / "words.png").write_text("no picture\n")
    (line.folder / "folder.png").mkdir()
    os.mkfifo(line.folder / "pipe.png")
    broken = [line.folder / f"{name}.png" for name in ("cut", "empty", "words", "folder", "pipe", "absent")]
    for bad in broken:
        done = line.verify(*pictures[:2], bad, *pictures[3:])
        assert done.returncode == 3 and f"{bad}: " in done.stderr, (bad, done)
        verdicts = {bag["n"]: (bag["verdict"], bag["reasons"]) for bag in json.loads(done.stdout)["bags"]}
        assert verdicts.pop(2) == ("unsure", ["code-unreadable"]), (bad, verdicts)
        assert all(verdict == ("pass", []) for verdict in verdicts.values()), (bad, verdicts)
    done = line.verify(*pictures, *broken[:2])
    report = json.loads(done.stdout)
    assert done.returncode == 3 and report["verdict"] == "unsure", (done.returncode, report["verdict"])
    done = line.verify(*broken)
    assert done.returncode == 3 and not done.stdout, done
    assert all(f"{bad}: " in done.stderr for bad in broken), done.stderr


def sources_that_are_none_are_told(folder):
    line = Line(folder)
    (line.folder / "no.avi").write_text("no video\n")
    done = line.verify("--video", line.folder / "no.avi")
    assert done.returncode == 3 and "no.avi" in done.stderr, (done.returncode, done.stderr)
    done = line.verify("--camera", "99")
    assert done.returncode == 4 and "99" in done.stderr, (done.returncode, done.stderr)
    done = line.verify("--video", "a.avi", "--camera", "0")
    assert done.returncode == 2, done.returncode


def a_camera_gives_frames(_):
    """Needs a camera; says skipped where there is none."""
    cameras = sorted(glob.glob("/dev/video*"))
    if not cameras:
        raise tap.Skip("no camera")
    with subprocess.Popen([str(BIN / "rolwacht"), "verify", "--setup", "--json", "--camera", cameras[0]],
                          stdout=subprocess.PIPE, text=True) as watching:
        first = json.loads(watching.stdout.readline())
        watching.terminate()
    assert first["frame"] == "camera#1", first


CASES = [a_strip_is_followed, a_command_that_fails_is_told, a_narrow_terminal_shows_what_stops_the_strip_first,
         setup_says_what_to_change,
         a_light_is_measured_and_makes_the_grade_count, a_bag_of_another_client_is_told_as_such,
         pictures_that_cannot_be_read_are_told_and_the_others_judged,
         sources_that_are_none_are_told, a_camera_gives_frames]


if __name__ == "__main__":
    tap.play([tap.in_folder(case) for case in CASES], None)
