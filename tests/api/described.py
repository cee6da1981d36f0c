#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks docs/openapi.yaml against the table of routes, both ways. Output is TAP.

The file is read by its indentation alone: paths at two spaces, methods at four, x-door and x-roles
at six.
"""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ["ROLWACHT_ROOT"])
DOORS = {"PEOPLE": "people", "DEVICES": "devices", "BOTH": "both", "PAGE": "people", "QUIET": "people", "FILES": "people", "PICTURES": "devices"}


def role_words(source, expression):
    """The words of an expression of role bits, its macros followed, those of role.h too."""
    source = re.sub(r"\s*\\\n\s*", " ", source + (ROOT / "api/role.h").read_text())
    macros = dict(re.findall(r"^#define (\w+) \(?([A-Z_| ]+)\)?$", source, re.M))
    words = set()
    todo = re.findall(r"\w+", expression)
    while todo:
        word = todo.pop()
        if word in macros:
            todo += re.findall(r"\w+", macros[word])
        elif word.startswith("ROLE_"):
            words.add(word[len("ROLE_"):].lower())
    return words or {"everybody"}


def in_table():
    source = (ROOT / "api/routes.c").read_text()
    table = source[source.index("routes[] = {"):source.index("routes_count")]
    row = re.compile(r'\{ "(\w+)",\s+"([^"]+)",\s+(\w+),\s+([\w| ]+),\s+\w+,\s+\w+ \}', re.S)
    return {(method.lower(), path): (DOORS[door], role_words(source, roles))
            for method, path, door, roles in row.findall(table)}


def in_description():
    found = {}
    path = method = None
    for line in (ROOT / "docs/openapi.yaml").read_text().splitlines():
        if match := re.fullmatch(r"  (/\S*):", line):
            path = match[1]
        elif match := re.fullmatch(r"    (get|put|post|delete):", line):
            method = match[1]
            found[(method, path)] = (None, set())
        elif match := re.fullmatch(r"      x-door: (\w+)", line):
            found[(method, path)] = (match[1], set())
        elif match := re.fullmatch(r"      x-roles: \[(.*)\]", line):
            found[(method, path)] = (found[(method, path)][0], set(match[1].split(", ")))
    return found


def main():
    table, described = in_table(), in_description()
    wrong = [f"{key} is not described" for key in table.keys() - described.keys()]
    wrong += [f"{key} is described but is no route" for key in described.keys() - table.keys()]
    wrong += [f"{key} is {table[key]} but described as {described[key]}"
              for key in table.keys() & described.keys() if table[key] != described[key]]
    rows = (ROOT / "api/routes.c").read_text().count(" handle_")
    if len(table) != rows:
        wrong.append(f"{len(table)} of {rows} rows of the table were understood")
    print("1..1")
    for line in sorted(wrong):
        print("# " + line)
    print(f"{'not ok' if wrong else 'ok'} 1 - every route is described with its door and its roles")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
