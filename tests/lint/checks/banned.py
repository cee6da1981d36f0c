"""Calls and habits that this program does without."""
import re

CALLS = """strcpy strcat sprintf vsprintf gets atoi atol atof strtok rand srand alloca localtime
gmtime setlocale tmpnam mktemp""".split()
CALL = re.compile(r"(?<![\w.>])(" + "|".join(CALLS) + r")\s*\(")
TYPEDEF = re.compile(r"\btypedef\s+(struct|enum|union)\b")
RETURNING_MACRO = re.compile(r"^[ \t]*#[ \t]*define\b(?:[^\n]*\\\n)*[^\n]*\breturn\b", re.MULTILINE)
BOOL = re.compile(r"\b_Bool\b")  # clang's C++ does not know it
NDEBUG = re.compile(r"#\s*define\s+NDEBUG\b")


def run(tree):
    findings = []
    for source in tree.sources():
        for line, match in source.matches(CALL):
            findings.append(f"{source.path}:{line}: {match[1]}() is not used here")
        for line, match in source.matches(TYPEDEF):
            findings.append(f"{source.path}:{line}: typedef of a {match[1]}")
        for line, _ in source.matches(RETURNING_MACRO):
            findings.append(f"{source.path}:{line}: macro that hides a return")
        for line, _ in source.matches(BOOL):
            findings.append(f"{source.path}:{line}: _Bool is written bool")
        for line, _ in source.matches(NDEBUG):
            findings.append(f"{source.path}:{line}: assertions stay on")
        for function in source.functions():
            findings += jumps(source, function) + recursion(source, function)
    return findings


def jumps(source, function):
    """Backward gotos, and more than one label."""
    findings = []
    labels = {m[1]: m.start() for m in re.finditer(r"(?:^|[;{}])\s*(\w+)\s*:(?!:)", function.body)
              if m[1] != "default"}
    gotos = list(re.finditer(r"\bgoto\s+(\w+)", function.body))
    for jump in gotos:
        if labels.get(jump[1], len(function.body)) < jump.start():
            findings.append(f"{source.path}:{function.first}: {function.name}: goto backwards")
    if len({jump[1] for jump in gotos}) > 1:
        findings.append(f"{source.path}:{function.first}: {function.name}: more than one label")
    return findings


def recursion(source, function):
    if re.search(r"(?<![\w.>])" + function.name + r"\s*\(", function.body):
        return [f"{source.path}:{function.first}: {function.name} calls itself"]
    return []


CLEAN = [{"db/a.c": "/* strcpy() is not used */\nbool f(int a)\n{\n    if (a)\n        goto done;\n"
                    "    x->f(a);\n    rw_text_rand(a);\ndone:\n    return a;\n}\n",
          "tests/unit/db/test_a.c": "int f(void)\n{\n    return rand();\n}\n"}]
FAULTS = [
    ("a banned call", {"db/a.c": "void f(void)\n{\n    strcpy(a, b);\n}\n"}, "strcpy()"),
    ("a typedef", {"db/a.h": "typedef struct roll roll_t;\n"}, "typedef of a struct"),
    ("a returning macro", {"db/a.h": "#define TRY(x) \\\n    if (!(x)) return false\n"}, "hides a return"),
    ("a bool that C++ may not know", {"db/a.h": "_Bool f(void);\n"}, "_Bool is written bool"),
    ("assertions off", {"db/a.c": "#define NDEBUG\n"}, "assertions stay on"),
    ("a goto backwards", {"db/a.c": "void f(void)\n{\nagain:\n    g();\n    goto again;\n}\n"},
     "goto backwards"),
    ("recursion", {"db/a.c": "static int f(int n)\n{\n    return f(n - 1);\n}\n"}, "calls itself"),
]
