"""A document or file that a text points at exists; none of another collection is named."""
import os
import re

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"(?<![\w/.])(docs/[\w/-]+\.(?:md|yaml))")
# Titles in capitals, followed by a place in them, of documents that are not in this tree.
STRANGE = re.compile(r"\b(CONTRACT|LABELS|DOSING|VISION|SERVICE|STYLE|DESIGN)\b(?:\.md\b|,? (?:section|decided|[0-9]))")
FOLDERS_LEFT_OUT = {".git", "build", "var", "node_modules", "__pycache__", "checks"}
TEXT = (".c", ".h", ".cpp", ".md", ".py", ".sh", ".sql", ".cmake", ".txt", ".def", ".mjs")


def run(tree):
    findings = []
    for folder, folders, files in os.walk(tree.root):
        folders[:] = sorted(set(folders) - FOLDERS_LEFT_OUT)
        for name in sorted(files):
            if not name.endswith(TEXT):
                continue
            path = os.path.relpath(os.path.join(folder, name), tree.root)
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                for number, line in enumerate(file, 1):
                    findings += look(tree.root, path, number, line)
    return findings


def look(root, path, number, line):
    targets = [(match, os.path.dirname(path)) for match in LINK.findall(line)] if path.endswith(".md") else []
    targets += [(match, "") for match in NAMED.findall(line)]
    found = []
    for target, base in targets:
        place = os.path.normpath(os.path.join(base, target))
        if "://" in target or os.path.exists(os.path.join(root, place)):
            continue
        finding = f"{path}:{number}: {target} does not exist"
        if finding not in found:
            found.append(finding)
    if STRANGE.search(line) and not re.search(r"docs/[A-Z-]+\.md", line):
        found.append(f"{path}:{number}: names a document that is not here: {line.strip()[:60]}")
    return found


CLEAN = [{"README.md": "[limits](docs/LIMITS.md), [them](https://example.org/a)\n", "docs/LIMITS.md": "x\n",
          "db/a.c": "/* docs/LIMITS.md lists it. SERVICE is a word. */\n"}]
FAULTS = [
    ("a dead link", {"docs/A.md": "[b](B.md)\n"}, "B.md does not exist"),
    ("a dead name", {"db/a.c": "/* see docs/B.md */\n"}, "docs/B.md does not exist"),
    ("a document of elsewhere", {"db/a.c": "/* as CONTRACT section 5 says */\n"}, "that is not here"),
]
