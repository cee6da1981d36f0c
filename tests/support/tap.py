# SPDX-License-Identifier: Apache-2.0
"""Runs tests one after another and tells of each in TAP."""
import functools
import pathlib
import sys
import tempfile

LOG_LINES_MAX = 20


class Skip(Exception):
    """What a test needs is not there."""


def run(test, *subjects):
    """What is wrong, and where: what the test returns or yields, or what it raises."""
    try:
        said = test(*subjects)
        return [said] if isinstance(said, str) else list(said or [])
    except Skip:
        raise
    except Exception as error:  # a test reports whatever went wrong
        place = error.__traceback__.tb_next
        return [f"{type(error).__name__}: {error}" + (f" (line {place.tb_lineno})" if place else "")]


def tell(number, title, wrong):
    """One result, its reasons before it."""
    for one in wrong:
        print("# " + str(one).replace("\n", "\n# "))
    print(f"{'not ok' if wrong else 'ok'} {number} - {title}", flush=True)


def tell_end(log):
    """The last lines of a log, for whoever looks why something failed."""
    print("# " + "\n# ".join(log.splitlines()[-LOG_LINES_MAX:]))


def in_folder(test):
    """The test in a folder of its own, which it is given in place of a subject."""
    @functools.wraps(test)
    def within():
        with tempfile.TemporaryDirectory(prefix="rw-test-") as top:
            return run(test, pathlib.Path(top))
    return within


def play(tests, house, *subjects, prepare=None):
    """Ends the program. Each test is a function of the subjects, or a title and such a function; last,
    the log of the house (what its close() tells) holds no fault. Without a house there is no log."""
    print(f"1..{len(tests) + (house is not None)}", flush=True)
    failed, signs, log = 0, [], ""
    try:
        if prepare:
            prepare(*subjects)
        for number, test in enumerate(tests, 1):
            title, test = test if isinstance(test, tuple) else (test.__name__.replace("_", " "), test)
            try:
                wrong = run(test, *subjects)
            except Skip as why:
                print(f"ok {number} - {title} # SKIP {why}", flush=True)
                continue
            failed += bool(wrong)
            tell(number, title, wrong)
    finally:
        if house is not None:
            signs, log = house.close()
    if failed or signs:
        tell_end(log)
    if house is not None:
        tell(len(tests) + 1, "the log holds no fault of ours", signs)
    sys.exit(1 if failed or signs else 0)


def conclude(title, wrong, signs, log):
    """Of a program with one test: tells what is wrong, a fault in the log of the house too, and ends it."""
    wrong = [*wrong, *(f"the log holds {sign}" for sign in signs)]
    if wrong:
        tell_end(log)
    tell(1, title, wrong)
    sys.exit(1 if wrong else 0)
