"""The documents drawn from tables say what the code says; RW_BLESS=1 rewrites them."""
import importlib.util
import os

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location(
    "rw_documents", os.path.join(HERE, "..", "..", "..", "tools", "documents.py"))
documents = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(documents)


def run(tree):
    if os.environ.get("RW_BLESS") == "1" and os.path.exists(os.path.join(tree.root, "CMakePresets.json")):
        for path, make in documents.DOCUMENTS.items():
            with open(os.path.join(tree.root, path), "w", encoding="utf-8") as file:
                file.write(make(tree.root))
    return [f"{path}: differs from the code (RW_BLESS=1 ./run test lint_documents)"
            for path in documents.differences(tree.root)]


CODES = '/* x */\nRW_CODE(RW_OK, "ok", 200, 0, "no error")\n'
ROLL_C = 'const struct roll_step roll_steps[] = {\n    { ROLL_NONE, ROLL_ACT_PLAN, ROLL_PLANNED, "orders" },\n};\n'
ROLL_H = "#define ROLL_BAGS_MAX 998 /* dose bags */\nenum { ROLL_OTHER_MAX = 3 };\n"
LIMITS = (documents.MADE + "# Limits\n\nEvery collection, text and loop has a ceiling. What goes over it is refused "
          "as a whole, never cut short in silence, unless the line says so.\n\n## core/model\n\n"
          "| limit | value | of what | file |\n|---|---|---|---|\n"
          "| `ROLL_BAGS_MAX` | `998` | dose bags | `roll.h` |\n| `ROLL_OTHER_MAX` | `3` |  | `roll.h` |\n")
ERRORS = (documents.MADE + "# Errors\n\nAn error stops the operation. Over HTTP its id is the `type` of an "
          "`application/problem+json` answer; a program ends with its exit status. Ids never change.\n\n"
          "| id | HTTP | exit | meaning |\n|---|---|---|---|\n| `ok` | 200 | 0 | no error |\n")
LIFE = (documents.MADE + "# The life of a roll\n\nWhat is not a row is refused with `conflict`.\n\n```mermaid\n"
        "stateDiagram-v2\n    [*] --> planned: plan\n```\n\n| from | act | to | why |\n|---|---|---|---|\n"
        "| none | plan | planned | orders |\n")
PLAN_C = ('void f(void)\n{\n    rw_diag_add(diag, "D28", "too-many-days", RW_BLOCKS, "", "%d days, more "\n'
          '                "than %d", a(1, 2), b);\n}\n')
FINDINGS = (documents.MADE + "# Findings\n\nWhat is wrong with, or remarkable about, an input. B blocks, O may be "
            "overridden by a named person with a\nreason, I informs. In the texts `…` stands for what was written."
            "\n\n| id | reason | severity | text | raised in |\n|---|---|---|---|---|\n"
            "| D28 | `too-many-days` | B | … days, more than … | `roll-builder/plan.c` |\n")
GOOD = {"core/base/error_codes.def": CODES, "core/model/roll.c": ROLL_C, "core/model/roll.h": ROLL_H,
        "docs/LIMITS.md": LIMITS, "docs/ERRORS.md": ERRORS, "docs/ROLL-LIFE.md": LIFE,
        "roll-builder/plan.c": PLAN_C, "docs/FINDINGS.md": FINDINGS}
CLEAN = [GOOD]
FAULTS = [
    ("a limit that changed", {**GOOD, "core/model/roll.h": ROLL_H.replace("998", "999")}, "LIMITS.md"),
    ("an error that changed", {**GOOD, "core/base/error_codes.def": CODES.replace("200", "204")}, "ERRORS.md"),
    ("a step that changed", {**GOOD, "core/model/roll.c": ROLL_C.replace("PLANNED", "APPROVED")},
     "ROLL-LIFE.md"),
    ("a finding that changed", {**GOOD, "roll-builder/plan.c": PLAN_C.replace("BLOCKS", "INFORMS")},
     "FINDINGS.md"),
]
