#!/usr/bin/env python3
"""The last line of ./run test counts cases, and no failure gets lost in it. Output is TAP."""
import os
import subprocess
import sys
import tempfile

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "count_results.py")
TAP = "1..3\nok 1 - a\nnot ok 2 # SKIP b\nok 3 - c\n"


def case(status, output="", extra="", name="t"):
    return f'<testcase name="{name}" status="{status}">{extra}<system-out>{output}</system-out></testcase>'


SKIP = '<skipped message="SKIP_RETURN_CODE=77"/>'
LOST = '<skipped message="Unable to find executable"/>'
CASES = [
    ("each case of a TAP program counts", [case("run", TAP)], "2 passed, 0 failed, 1 skipped", 0),
    ("a program without TAP counts once", [case("run", "hello")], "1 passed, 0 failed, 0 skipped", 0),
    ("a failed case counts and fails the run", [case("fail", "1..2\nok 1 - a\nnot ok 2 - b\n")],
     "1 passed, 1 failed, 0 skipped", 1),
    ("a crash behind the last case is a failure", [case("fail", TAP)], "2 passed, 1 failed, 1 skipped", 1),
    ("status 77 is a skip", [case("run", "1"), case("notrun", "no npm", SKIP, "u")],
     "1 passed, 0 failed, 1 skipped", 0),
    ("a program that is not there is a failure", [case("notrun", "", LOST)],
     "0 passed, 1 failed, 0 skipped", 1),
    ("no test at all is no success", [], "0 passed, 0 failed, 0 skipped", 1),
    ("control bytes in the output do not hide the counts", [case("run", TAP + "\x01\x1d")],
     "2 passed, 0 failed, 1 skipped", 0),
    ("results that cannot be read are a failure", ["<broken"], "0 passed, 1 failed, 0 skipped", 1),
]
# What the first run told, what the second told of the tests that failed in it.
FIRST = [case("run", "1", name="a"), case("fail", "1..2\nok 1 - a\nnot ok 2 - b\n", name="b")]
AGAIN = [
    ("a test that passes alone counts and is named", [case("run", "1..2\nok 1 - a\nok 2 - b\n", name="b")],
     "passed only when it was run again, alone: b\n3 passed, 0 failed, 0 skipped", 0),
    ("a test that fails twice has failed", [case("fail", "1..2\nok 1 - a\nnot ok 2 - b\n", name="b")],
     "2 passed, 1 failed, 0 skipped", 1),
    ("a test that was not run again has failed", [], "2 passed, 1 failed, 0 skipped", 1),
    ("a second file that cannot be read is a failure", ["<broken"], "0 passed, 1 failed, 0 skipped", 1),
]


def count(*runs):
    """The last lines and the exit status for the results of these runs."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, cases in enumerate(runs):
            paths.append(os.path.join(folder, f"{number}.xml"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write("<testsuite>" + "".join(cases) + "</testsuite>")
        result = subprocess.run([sys.executable, SCRIPT, *paths], capture_output=True, text=True,
                                check=False)
    return result.stdout.strip(), result.returncode


def main():
    failed = False
    rows = [(title, [cases], line, status) for title, cases, line, status in CASES]
    rows += [(title, [FIRST, cases], line, status) for title, cases, line, status in AGAIN]
    print(f"1..{len(rows)}")
    for number, (title, runs, line, status) in enumerate(rows, 1):
        seen = count(*runs)
        good = seen == (line, status)
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
        if not good:
            print(f"# expected {(line, status)}, got {seen}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
