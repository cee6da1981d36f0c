#!/usr/bin/env python3
"""The last line of ./run test counts cases, and no failure gets lost in it. Output is TAP."""
import os
import subprocess
import sys
import tempfile

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "count_results.py")
TAP = "1..3\nok 1 - a\nnot ok 2 # SKIP b\nok 3 - c\n"


def case(status, output="", extra=""):
    return f'<testcase name="t" status="{status}">{extra}<system-out>{output}</system-out></testcase>'


SKIP = '<skipped message="SKIP_RETURN_CODE=77"/>'
LOST = '<skipped message="Unable to find executable"/>'
CASES = [
    ("each case of a TAP program counts", [case("run", TAP)], "2 passed, 0 failed, 1 skipped", 0),
    ("a program without TAP counts once", [case("run", "hello")], "1 passed, 0 failed, 0 skipped", 0),
    ("a failed case counts and fails the run", [case("fail", "1..2\nok 1 - a\nnot ok 2 - b\n")],
     "1 passed, 1 failed, 0 skipped", 1),
    ("a crash behind the last case is a failure", [case("fail", TAP)], "2 passed, 1 failed, 1 skipped", 1),
    ("status 77 is a skip", [case("run", "1"), case("notrun", "no npm", SKIP)],
     "1 passed, 0 failed, 1 skipped", 0),
    ("a program that is not there is a failure", [case("notrun", "", LOST)],
     "0 passed, 1 failed, 0 skipped", 1),
    ("no test at all is no success", [], "0 passed, 0 failed, 0 skipped", 1),
    ("control bytes in the output do not hide the counts", [case("run", TAP + "\x01\x1d")],
     "2 passed, 0 failed, 1 skipped", 0),
    ("results that cannot be read are a failure", ["<broken"], "0 passed, 1 failed, 0 skipped", 1),
]


def count(cases):
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
        file.write("<testsuite>" + "".join(cases) + "</testsuite>")
        file.flush()
        result = subprocess.run([sys.executable, SCRIPT, file.name], capture_output=True, text=True,
                                check=False)
    return result.stdout.strip(), result.returncode


def main():
    failed = False
    print(f"1..{len(CASES)}")
    for number, (title, cases, line, status) in enumerate(CASES, 1):
        seen = count(cases)
        good = seen == (line, status)
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
        if not good:
            print(f"# expected {(line, status)}, got {seen}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
