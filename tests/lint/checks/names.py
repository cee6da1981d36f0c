"""What a file exports begins with the file's noun; core/base begins with rw_."""
import os
import re
import subprocess

# Functions and variables; weak symbols are the C++ library's.
STRONG = set("TDBRCGS")
LIBRARIES = ("base", "model", "json", "net", "roll_builder", "labels", "verifier", "db", "api",
             "dispenser")


def prefixes(library, unit):
    if library == "base":
        return ("rw_",)
    if unit.startswith("handle_"):
        return ("handle_",)
    if library == "json" and unit.startswith("json_"):
        return ("json_",)
    return (unit + "_",)


def fits(symbol, library, unit):
    return symbol == unit or symbol.startswith(prefixes(library, unit))


def run(tree):
    findings = []
    for library in LIBRARIES:
        archive = os.path.join(tree.build, "lib", f"librw_{library}.a")
        if not os.path.exists(archive):
            continue
        result = subprocess.run(["nm", "-A", "-g", "--defined-only", archive], capture_output=True,
                                text=True, check=False)
        for line in result.stdout.split("\n"):
            match = re.match(r".*:([\w-]+)\.(?:c|cpp)\.o:\S* (\w) (\S+)$", line)
            if not match or match[2] not in STRONG or match[3].startswith("__"):
                continue
            unit, symbol = match[1].replace("-", "_"), match[3]
            if not fits(symbol, library, unit):
                findings.append(f"rw_{library}: {unit} exports {symbol}, "
                                f"which does not begin with {prefixes(library, unit)[0]}")
    return findings


def prepare(root):
    """Archives of the planted sources, one for each library folder."""
    os.makedirs(os.path.join(root, "lib"))
    for path in sorted(os.listdir(os.path.join(root, "src"))):
        library, unit = path.split(".")[0:2]
        made = os.path.join(root, unit + ".c.o")
        subprocess.run(["gcc", "-c", "-o", made, os.path.join(root, "src", path)], check=True)
        subprocess.run(["ar", "qc", os.path.join(root, "lib", f"librw_{library}.a"), made], check=True)
    return root


CLEAN = [{"src/base.arena.c": "int rw_arena_f(void) { return 0; }\n",
          "src/model.roll.c": "const int roll_steps[] = { 1 };\nstatic int f(void) { return 0; }\n"
                              "int roll_f(void) { return f(); }\n",
          "src/api.handle_rolls.c": "int handle_rolls_create(void) { return 0; }\n"}]
FAULTS = [
    ("a foreign prefix", {"src/model.roll.c": "int bag_f(void) { return 0; }\n"}, "bag_f"),
    ("a base name without rw_", {"src/base.text.c": "int text_f(void) { return 0; }\n"}, "text_f"),
    ("a table without its noun", {"src/db.rolls.c": "int table[2] = { 1, 2 };\n"}, "table"),
]
