"""No left-over notes and no paths of the machine something was written on."""
import os
import re

# Written in two halves, so that this file does not find itself.
NOTES = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
PLACES = re.compile(r"(?<![\w.*-])/(wo" r"rk|ro" r"ot|home/\w+)/")
FOLDERS_LEFT_OUT = {".git", "build", "var", "node_modules", "__pycache__"}
TEXT = (".c", ".h", ".cpp", ".md", ".py", ".sh", ".sql", ".cmake", ".txt", ".json", ".yaml", ".html",
        ".css", ".js", ".mjs", ".def", "run")


def run(tree):
    findings = []
    for folder, folders, files in os.walk(tree.root):
        folders[:] = sorted(set(folders) - FOLDERS_LEFT_OUT)
        for name in sorted(files):
            if not name.endswith(TEXT) or name == "package-lock.json":
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8", errors="replace") as file:
                for number, line in enumerate(file, 1):
                    place = f"{os.path.relpath(path, tree.root)}:{number}"
                    if NOTES.search(line):
                        findings.append(f"{place}: left-over note")
                    if PLACES.search(line):
                        findings.append(f"{place}: path of one machine")
    return findings


CLEAN = [{"docs/a.md": "Rolls lie in `var/demo/`.\n", "build/x.md": "TO" "DO\n"}]
FAULTS = [
    ("a note", {"db/a.c": "/* TO" "DO */\n"}, "left-over note"),
    ("a path", {"docs/a.md": "see /ho" "me/anna/rolwacht\n"}, "path of one machine"),
]
