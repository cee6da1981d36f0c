#!/usr/bin/env python3
"""Prints how many lines of each folder the tests ran, and the least covered files.

usage: coverage.py BUILD ROOT, after the tests of a coverage build. Fails where a pure folder is below
its floor.
"""
import json
import os
import subprocess
import sys

FOLDERS = ("core/base", "core/model", "core/json", "core/net", "roll-builder", "labels", "verifier",
           "db", "api", "dispenser", "cli")
# They answer from their arguments alone, so that nothing of them is out of a test's reach.
PURE = ("core/model", "core/json", "roll-builder", "labels", "verifier")
PURE_FLOOR = 98.0  # per cent
FILES_SHOWN_MAX = 15


def counts(build, root):
    """{path: {line: times}} over all objects of the build."""
    lines = {}
    for folder, _, files in os.walk(build):
        for name in files:
            if not name.endswith(".gcda"):
                continue
            result = subprocess.run(["gcov", "--json-format", "--stdout", os.path.join(folder, name)],
                                    capture_output=True, text=True, check=False, cwd=folder)
            for text in result.stdout.splitlines():
                for file in json.loads(text)["files"]:
                    path = os.path.relpath(os.path.join(root, file["file"]), root)
                    if not path.startswith(FOLDERS):
                        continue
                    seen = lines.setdefault(path, {})
                    for line in file["lines"]:
                        number = line["line_number"]
                        seen[number] = seen.get(number, 0) + line["count"]
    return lines


def share(ran, all_lines):
    return 100.0 * ran / all_lines if all_lines else 100.0


def main():
    build, root = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    lines = counts(build, root)
    ran = {path: sum(1 for times in seen.values() if times) for path, seen in lines.items()}
    low = []
    for folder in FOLDERS:
        paths = [path for path in lines if path.startswith(folder + "/")]
        if paths:
            did, total = sum(ran[path] for path in paths), sum(len(lines[path]) for path in paths)
            below = folder in PURE and share(did, total) < PURE_FLOOR
            low += [folder] if below else []
            note = f"  pure, below {PURE_FLOOR:.0f} %" if below else "  pure" if folder in PURE else ""
            print(f"{share(did, total):6.2f} %  {did:6} of {total:6} lines  {folder}{note}")
    print()
    for path in sorted(lines, key=lambda p: share(ran[p], len(lines[p])))[:FILES_SHOWN_MAX]:
        print(f"{share(ran[path], len(lines[path])):6.2f} %  {path}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
