"""Every source stands in the list of files of its folder or of one above; none is forgotten."""
import os
import re


def listed_near(root, path):
    """Whether a CMakeLists.txt in the folder of the file, or above it, names the file."""
    stem, _ = os.path.splitext(os.path.basename(path))
    folder = os.path.dirname(path)
    while folder:
        place = os.path.join(root, folder, "CMakeLists.txt")
        if os.path.exists(place):
            with open(place, encoding="utf-8") as file:
                text = file.read()
            tail = re.escape(os.path.relpath(path, folder))
            if re.search(r"(?<![\w/])" + tail + r"(?!\w)", text):
                return True
            if re.search(r"rw_(unit_test|fuzz_target|bench|program)\(\s*" + re.escape(stem) + r"[\s)]", text):
                return True
        folder = os.path.dirname(folder)
    return False


def run(tree):
    findings = []
    for source in tree.sources(tests=True):
        if source.is_header or source.path == "tests/fuzz/replay.c":
            continue
        if not listed_near(tree.root, source.path):
            findings.append(f"{source.path}: in no list of files")
    return findings


CLEAN = [{"db/CMakeLists.txt": "rw_library(rw_db\n  SOURCES\n    conn.c\n    sub/rolls.c)\n",
          "db/conn.c": "", "db/sub/rolls.c": "",
          "tests/unit/db/CMakeLists.txt": "rw_unit_test(test_conn rw_db)\n",
          "tests/unit/db/test_conn.c": ""}]
FAULTS = [
    ("a forgotten source", {"db/CMakeLists.txt": "rw_library(rw_db SOURCES old_conn.c)\n",
                            "db/conn.c": ""}, "db/conn.c"),
    ("a forgotten test", {"tests/unit/db/CMakeLists.txt": "", "tests/unit/db/test_a.c": ""}, "test_a.c"),
]
