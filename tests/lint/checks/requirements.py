"""Every requirement of docs/SAFETY.md has code and a test that name it; no other number is named."""
import os
import re

NUMBER = re.compile(r"\bREQ-\d{3}\b")


def numbers_below(root, tops, leave_out=()):
    found = {}
    for top in tops:
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders[:] = sorted(f for f in folders if f not in ("node_modules", "__pycache__"))
            if os.path.relpath(folder, root) in leave_out:
                folders[:] = []
                continue
            for name in sorted(files):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", errors="replace") as file:
                    for number in NUMBER.findall(file.read()):
                        found.setdefault(number, os.path.relpath(path, root))
    return found


def run(tree):
    document = os.path.join(tree.root, "docs", "SAFETY.md")
    if not os.path.exists(document):
        return []
    with open(document, encoding="utf-8") as file:
        required = re.findall(r"^#+ (REQ-\d{3})\b", file.read(), re.MULTILINE)
    tested = numbers_below(tree.root, ("tests",), leave_out=("tests/lint/checks",))
    findings = [f"docs/SAFETY.md: {number} stands there twice"
                for number in sorted(set(required)) if required.count(number) > 1]
    findings += [f"docs/SAFETY.md: {number} has no test that names it"
                 for number in sorted(set(required)) if number not in tested]
    named = dict(tested)
    named.update(numbers_below(tree.root, ("core", "roll-builder", "labels", "verifier", "db", "api",
                                           "dispenser", "cli")))
    findings += [f"{path}: {number} is not in docs/SAFETY.md"
                 for number, path in sorted(named.items()) if number not in required]
    return findings


CLEAN = [{"docs/SAFETY.md": "### REQ-001 A\n### REQ-002 B\n", "tests/a.c": "/* REQ-001 REQ-002 */\n",
          "db/a.c": "/* REQ-002 */\n"}]
FAULTS = [
    ("a requirement without a test", {"docs/SAFETY.md": "### REQ-001 A\n", "db/a.c": "/* REQ-001 */\n"},
     "REQ-001 has no test"),
    ("a number nobody wrote down", {"docs/SAFETY.md": "### REQ-001 A\n",
                                    "tests/a.c": "/* REQ-001 REQ-009 */\n"}, "REQ-009 is not in"),
    ("a number used twice", {"docs/SAFETY.md": "### REQ-001 A\n### REQ-001 B\n",
                             "tests/a.c": "/* REQ-001 */\n"}, "stands there twice"),
]
