# SPDX-License-Identifier: Apache-2.0
"""Runs tests at one running house, one after another, and tells of each in TAP."""
import sys

FAULTS = (AssertionError, KeyError, TypeError, IndexError, AttributeError)
LOG_LINES_MAX = 20


def run(test, subject):
    """None, or what is wrong and where."""
    try:
        test(subject)
    except FAULTS as error:
        place = error.__traceback__.tb_next
        return f"{type(error).__name__}: {error}" + (f" (line {place.tb_lineno})" if place else "")
    return None


def play(tests, house, subject, prepare=None):
    """Each test is a function of the subject; last, the log of the house holds no fault. Ends the program."""
    print(f"1..{len(tests) + 1}", flush=True)
    failed = 0
    try:
        if prepare:
            prepare(subject)
        for number, test in enumerate(tests, 1):
            wrong = run(test, subject)
            failed += wrong is not None
            if wrong:
                print("# " + wrong.replace("\n", "\n# "))
            print(f"{'not ok' if wrong else 'ok'} {number} - {test.__name__.replace('_', ' ')}", flush=True)
    finally:
        signs, log = house.close()
    failed += bool(signs)
    if failed:
        print("# " + "\n# ".join(log.splitlines()[-LOG_LINES_MAX:]))
    print(f"{'not ok' if signs else 'ok'} {len(tests) + 1} - the log holds no fault of ours")
    sys.exit(1 if failed else 0)


def conclude(title, wrong, signs, log):
    """Of a program with one test: tells what is wrong, a fault in the log of the house too, and ends it."""
    wrong = [*wrong, *(f"the log holds {sign}" for sign in signs)]
    for one in wrong:
        print("# " + str(one).replace("\n", "\n# "))
    if wrong:
        print("# " + "\n# ".join(log.splitlines()[-LOG_LINES_MAX:]))
    print(f"{'not ok' if wrong else 'ok'} 1 - {title}")
    sys.exit(1 if wrong else 0)
