#!/usr/bin/env python3
"""Makes the documents that are drawn from tables in the code.

usage: documents.py [--write] [ROOT]
Without --write it names each document that differs from the code and exits 1 if there is one.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from findings import find_all  # noqa: E402

FOLDERS = ("core", "roll-builder", "labels", "verifier", "db", "api", "dispenser", "cli")
MADE = "<!-- Made from the code by tools/documents.py; do not edit by hand. -->\n\n"


def sources(root, suffixes=(".c", ".h", ".cpp")):
    for top in FOLDERS:
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(files):
                if name.endswith(suffixes):
                    path = os.path.join(folder, name)
                    yield os.path.relpath(path, root), read(path)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def one_line(text):
    text = re.sub(r"[\s\\]*\n\s*\*?\s*", " ", text).strip()
    return text.replace("|", "\\|")


def row(*cells):
    return "| " + " | ".join(cells) + " |\n"


# A ceiling is NAME_MAX, as a #define or an enumerator; its comment stands behind it or above it.
COMMENT_ABOVE = r"(?:^[ \t]*/\*(?P<above>(?:(?!\*/).)*)\*/[ \t]*\n[ \t]*)?"
COMMENT_BEHIND = r"(?:[ \t]*/\*(?P<behind>(?:(?!\*/).)*?)\*/)?"
DEFINE = re.compile(
    COMMENT_ABOVE + r"#[ \t]*define[ \t]+(?P<name>\w+_MAX)[ \t]+(?P<value>[^\n]*?)"
    + r"(?:[ \t]*\\\n[ \t]*)?" + COMMENT_BEHIND + r"[ \t]*\n", re.DOTALL | re.MULTILINE)
ENUMERATOR = re.compile(
    COMMENT_ABOVE + r"(?:\benum\s*\{\s*)?\b(?P<name>[A-Z]\w*_MAX)\s*=\s*(?P<value>[^,}\n/]+?)\s*(?:,|\}\s*;|(?=\n|/\*))"
    + COMMENT_BEHIND, re.DOTALL | re.MULTILINE)


def limits(root):
    text = MADE + "# Limits\n\nEvery collection, text and loop has a ceiling. What goes over it is refused as a whole, " \
        "never cut short in silence, unless the line says so.\n"
    folder_before = None
    for path, code in sources(root):
        code = re.sub(r"[ \t]*\\\n[ \t]*", " ", code)
        rows = []
        for match in sorted(list(DEFINE.finditer(code)) + list(ENUMERATOR.finditer(code)),
                            key=lambda m: m.start("name")):
            meaning = one_line(match["behind"] or "") or one_line(match["above"] or "")
            if meaning.startswith("SPDX") or len(meaning) > 300:
                meaning = ""
            rows.append(row(f"`{match['name']}`", "`" + one_line(match["value"]) + "`", meaning,
                            f"`{os.path.basename(path)}`"))
        if not rows:
            continue
        folder = os.path.dirname(path)
        if folder != folder_before:
            text += f"\n## {folder}\n\n" + row("limit", "value", "of what", "file") + "|---|---|---|---|\n"
            folder_before = folder
        text += "".join(rows)
    return text


def errors(root):
    text = MADE + "# Errors\n\nAn error stops the operation. Over HTTP its id is the `type` of an " \
        "`application/problem+json` answer; a program ends with its exit status. Ids never change.\n\n"
    text += row("id", "HTTP", "exit", "meaning") + "|---|---|---|---|\n"
    table = read(os.path.join(root, "core/base/error_codes.def"))
    for match in re.finditer(r'^RW_CODE\(\w+, "([\w-]+)", (\d+), (\d+), "([^"]*)"\)', table, re.MULTILINE):
        text += row(f"`{match[1]}`", match[2], match[3], match[4])
    return text


def roll_life(root):
    path = os.path.join(root, "core/model/roll.c")
    code = read(path) if os.path.exists(path) else ""
    steps = re.findall(r'\{\s*ROLL_(\w+),\s*ROLL_ACT_(\w+),\s*ROLL_(\w+),\s*((?:"[^"]*"\s*)+)\}', code)
    text = MADE + "# The life of a roll\n\nWhat is not a row is refused with `conflict`.\n\n" \
        "```mermaid\nstateDiagram-v2\n"
    for from_state, act, to_state, _ in steps:
        start = "[*]" if from_state == "NONE" else from_state.lower()
        text += f"    {start} --> {to_state.lower()}: {act.lower()}\n"
    text += "```\n\n" + row("from", "act", "to", "why") + "|---|---|---|---|\n"
    for from_state, act, to_state, why in steps:
        why = "".join(re.findall(r'"([^"]*)"', why))
        text += row(from_state.lower(), act.lower(), to_state.lower(), why)
    return text


def findings(root):
    text = MADE + "# Findings\n\nWhat is wrong with, or remarkable about, an input. B blocks, O may be overridden by a " \
        "named person with a\nreason, I informs. In the texts `…` stands for what was written.\n\n"
    text += row("id", "reason", "severity", "text", "raised in") + "|---|---|---|---|---|\n"
    found = []
    for path, code in sources(root, (".c",)):
        if path.startswith("roll-builder"):
            found += [(*finding, path) for finding in find_all(code)]
    found.sort(key=lambda f: (f[0][0], int(f[0][1:]), f[1], f[4], f[3]))
    for finding, reason, severity, wording, path in dict.fromkeys(found):
        text += row(finding, f"`{reason}`", severity, one_line(wording), f"`{path}`")
    return text


DOCUMENTS = {"docs/LIMITS.md": limits, "docs/ERRORS.md": errors, "docs/ROLL-LIFE.md": roll_life,
             "docs/FINDINGS.md": findings}


def differences(root):
    """The paths whose stored text is not what the code says."""
    found = []
    for path, make in DOCUMENTS.items():
        place = os.path.join(root, path)
        if not os.path.exists(place) or read(place) != make(root):
            found.append(path)
    return found


def main():
    words = [word for word in sys.argv[1:] if word != "--write"]
    root = words[0] if words else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    if "--write" in sys.argv:
        for path, make in DOCUMENTS.items():
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(make(root))
        return 0
    found = differences(root)
    for path in found:
        print(f"{path}: differs from the code; run: python3 tools/documents.py --write")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
