"""Line 1 is the SPDX tag, line 2 one short sentence saying what the file is for."""
import re

SPDX = "/* SPDX-License-Identifier: Apache-2.0 */"
SENTENCE_MAX = 70


def run(tree):
    findings = []
    for source in tree.sources(tests=True):
        lines = source.lines + ["", ""]
        if lines[0] != SPDX:
            findings.append(f"{source.path}:1: the first line is not the SPDX tag")
        caption = re.fullmatch(r"/\* (.+) \*/", lines[1])
        if not caption:
            findings.append(f"{source.path}:2: the second line is not one comment")
        elif len(caption[1]) >= SENTENCE_MAX:
            findings.append(f"{source.path}:2: {len(caption[1])} characters, under {SENTENCE_MAX} fit")
        elif not caption[1].endswith(".") or not re.match(r"[A-Z0-9]|rolwacht ", caption[1]):
            findings.append(f"{source.path}:2: the caption is not a sentence")
    return findings


GOOD = SPDX + "\n/* Divides one moment over bags. */\n"
CLEAN = [{"db/rolls.c": GOOD, "tests/unit/db/test_rolls.c": GOOD, "api/http.h": GOOD}]
FAULTS = [
    ("a missing tag", {"db/rolls.c": "/* Rolls. */\n/* The table of rolls. */\n"}, "SPDX"),
    ("a missing caption", {"db/rolls.h": SPDX + "\n#include <stdio.h>\n"}, "not one comment"),
    ("a long caption", {"db/rolls.h": SPDX + f"\n/* {'A' * 70}. */\n"}, "characters"),
    ("a caption that is no sentence", {"tests/x.c": SPDX + "\n/* rolls table */\n"}, "sentence"),
]
