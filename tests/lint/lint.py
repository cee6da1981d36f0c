#!/usr/bin/env python3
"""Runs one check: first on trees with a planted fault and on clean ones, then on this tree.

usage: lint.py CHECK ROOT BUILD, where CHECK is a module of checks/. Output is TAP.

A check module has: run(tree) -> list of "place: text"; CLEAN, a list of trees that must pass;
FAULTS, a list of (name, tree, words the finding must hold). A tree is {path: text}. Optional:
prepare(root) builds what the check needs in a planted tree and returns its build folder.
"""
import importlib
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tree import Tree  # noqa: E402

FINDINGS_SHOWN_MAX = 60


def planted(check, files):
    """The findings of the check on a tree made of the given files."""
    with tempfile.TemporaryDirectory(prefix="rw-lint-") as root:
        for path, text in files.items():
            place = os.path.join(root, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as file:
                file.write(text)
        build = check.prepare(root) if hasattr(check, "prepare") else None
        return check.run(Tree(root, build))


def main():
    name, root, build = sys.argv[1:4]
    check = importlib.import_module("checks." + name)
    results = []
    for number, files in enumerate(check.CLEAN, 1):
        results.append((f"{name} passes clean tree {number}", planted(check, files)))
    for title, files, words in check.FAULTS:
        findings = planted(check, files)
        hit = len(findings) == 1 and words in findings[0]
        results.append((f"{name} finds {title}",
                        [] if hit else [f'expected one finding with "{words}", got {findings}']))
    results.append((f"{name} passes this tree", check.run(Tree(root, build))))

    print(f"1..{len(results)}")
    for number, (title, findings) in enumerate(results, 1):
        print(f"{'not ok' if findings else 'ok'} {number} - {title}")
        for finding in findings[:FINDINGS_SHOWN_MAX]:
            print(f"# {finding}")
        if len(findings) > FINDINGS_SHOWN_MAX:
            print(f"# and {len(findings) - FINDINGS_SHOWN_MAX} more")
    return 1 if any(findings for _, findings in results) else 0


if __name__ == "__main__":
    sys.exit(main())
