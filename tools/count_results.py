#!/usr/bin/env python3
"""Counts the cases in ctest's JUnit file and prints one line of totals.

A test whose output is TAP counts once for each of its cases, any other test counts once. A second
file holds what failed and was run again with the machine to itself: its results count instead, and
each test that passed only then is named.
Exit status: 0 nothing failed and something ran, 1 otherwise.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

CASE = re.compile(r"^(not )?ok \d+( # SKIP\b)?", re.MULTILINE)
PLAN = re.compile(r"^1\.\.\d+$", re.MULTILINE)
# Control bytes that a failing test may print but XML cannot hold.
NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def count_test(case):
    """(passed, failed, skipped) of one ctest test."""
    output = case.findtext("system-out") or ""
    failed_whole = case.get("status") == "fail"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        # A program that could not be started is no skip.
        reason = case.find("skipped")
        message = reason.get("message", "") if reason is not None else ""
        return (0, 0, 1) if message.startswith("SKIP_RETURN_CODE") else (0, 1, 0)
    if not PLAN.search(output):
        return (0, 1, 0) if failed_whole else (1, 0, 0)
    passed = failed = skipped = 0
    for negative, skip in CASE.findall(output):
        if skip:
            skipped += 1
        elif negative:
            failed += 1
        else:
            passed += 1
    # A crash or a leak after the last case fails no case but fails the test.
    if failed_whole and failed == 0:
        failed = 1
    return (passed, failed, skipped)


def read_suite(path):
    """Each test of the file by its name."""
    with open(path, "rb") as file:
        suite = ElementTree.fromstring(NOT_XML.sub(b"?", file.read()))
    return {case.get("name"): case for case in suite.iter("testcase")}


def main():
    if len(sys.argv) not in (2, 3):
        print("usage: count_results.py RESULTS.xml [AGAIN.xml]", file=sys.stderr)
        return 2
    try:
        tests, again = read_suite(sys.argv[1]), {}
        if len(sys.argv) == 3:
            again = read_suite(sys.argv[2])
    except (OSError, ElementTree.ParseError) as error:
        print(f"no test results: {error}", file=sys.stderr)
        print("0 passed, 1 failed, 0 skipped")
        return 1
    for name, case in again.items():
        if case.get("status") == "run":
            print(f"passed only when it was run again, alone: {name}")
    counts = [count_test(case) for case in {**tests, **again}.values()]
    passed, failed, skipped = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
