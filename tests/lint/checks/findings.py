"""Every finding that the planner can raise stands in a test or a table of cases, and has a Dutch word."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tools"))
from findings import find_all  # noqa: E402


def cases_below(root):
    """The words of the tables, which name a refusal by its reason alone."""
    words = set()
    place = os.path.join(root, "tests", "cases")
    for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
        if name.endswith(".txt"):
            with open(os.path.join(place, name), encoding="utf-8") as file:
                words.update(re.findall(r"[\w-]+", file.read()))
    return words


def tests_below(root):
    for folder, folders, files in os.walk(os.path.join(root, "tests")):
        folders[:] = sorted(f for f in folders if f not in ("node_modules", "__pycache__", "lint"))
        for name in sorted(files):
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                yield file.read()


def unspoken(root, reasons):
    """The console tells a finding in the words of its reader."""
    place = os.path.join(root, "web", "nl.json")
    if not os.path.exists(place):
        return []
    with open(place, encoding="utf-8") as file:
        words = json.load(file)
    return [f"web/nl.json: no text for finding.{reason}" for reason in reasons if "finding." + reason not in words]


def run(tree):
    pairs = {}
    for source in tree.sources():
        if source.path.startswith("roll-builder/") and not source.is_header:
            for finding, reason, _, _ in find_all(source.text):
                if not reason.startswith("("):
                    pairs.setdefault((finding, reason), source.path)
    texts, cases = list(tests_below(tree.root)), cases_below(tree.root)
    missing = []
    for (finding, reason), path in sorted(pairs.items()):
        both = [re.compile(r"(?<![\w-])" + re.escape(word) + r"(?![\w-])") for word in (finding, reason)]
        if reason not in cases and not any(all(word.search(text) for word in both) for text in texts):
            missing.append(f"{path}: no test holds {finding} with {reason}")
    return missing + unspoken(tree.root, sorted({reason for _, reason in pairs}))


CODE = 'void f(void)\n{\n    rw_diag_add(diag, "D28", "too-many-days", RW_BLOCKS, "", "%d", days);\n}\n'
CLEAN = [{"roll-builder/plan.c": CODE, "tests/unit/roll-builder/test_plan.c": '{ "D28", "too-many-days" }\n'},
         {"roll-builder/plan.c": CODE, "tests/cases/plan.txt": "! too-many-days\n"}]
FAULTS = [("a finding without a test",
           {"roll-builder/plan.c": CODE, "tests/unit/roll-builder/test_plan.c": '"D28", "too-many-bags"\n'},
           "no test holds D28 with too-many-days"),
          ("a finding without a Dutch word",
           {"roll-builder/plan.c": CODE, "tests/cases/plan.txt": "! too-many-days\n", "web/nl.json": "{}"},
           "no text for finding.too-many-days")]
