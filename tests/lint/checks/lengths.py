"""Files, functions, parameter lists, nesting and lines stay short."""
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
TEST_FUNCTION_LINES_MAX = 100
PARAMETERS_MAX = 6
NESTING_MAX = 4
COLUMNS_MAX = 100
# A library dictates these parameters.
DICTATED = {("api/http.c", "handle")}


def run(tree):
    findings = []
    for source in tree.sources(tests=True):
        if len(source.lines) > FILE_LINES_MAX:
            findings.append(f"{source.path}: {len(source.lines)} lines, at most {FILE_LINES_MAX}")
        for number, line in enumerate(source.lines, 1):
            if len(line) > COLUMNS_MAX:
                findings.append(f"{source.path}:{number}: {len(line)} columns, at most {COLUMNS_MAX}")
        lines_max = TEST_FUNCTION_LINES_MAX if source.is_test else FUNCTION_LINES_MAX
        for function in source.functions():
            place = f"{source.path}:{function.first}: {function.name}"
            lines = function.last - function.first + 1
            if lines > lines_max:
                findings.append(f"{place}: {lines} lines, at most {lines_max}")
            if function.parameters > PARAMETERS_MAX and (source.path, function.name) not in DICTATED:
                findings.append(f"{place}: {function.parameters} parameters, at most {PARAMETERS_MAX}")
            if function.nesting > NESTING_MAX:
                findings.append(f"{place}: nested {function.nesting} deep, at most {NESTING_MAX}")
    return findings


def body(statements):
    return "bool f(int a)\n{\n" + statements + "}\n"


DEEP = "if (a) {\nfor (;;) {\nwhile (a) {\nswitch (a) {\ncase 1:\n"
TABLE = "const struct step steps[] = {\n    { 1, { 2, { 3, { 4, { 5, { 6 } } } } } },\n};\n"
CARRIED = "int f(struct rw_arena *arena, int b, int c, int d, int e, int f, int g, struct rw_error *err)\n{\n}\n"
CLEAN = [
    {"db/a.c": CARRIED},
    {"api/http.c": "int handle(int a, int b, int c, int d, int e, int g, int h, int i)\n{\n}\n"},
    {"db/a.c": "int x;\n" * 400},
    {"db/a.c": body("    g();\n" * 58) + body(DEEP + "g();\n" + "}\n" * 4)},
    {"db/a.c": TABLE + "int f(int a, int b, int c, int d, int e, void (*f)(int, int))\n{\n}\n"},
    {"tests/a.c": body("    g();\n" * 98)},
]
FAULTS = [
    ("a long file", {"db/a.c": "int x;\n" * 401}, "401 lines"),
    ("a long function", {"db/a.c": body("    g();\n" * 59)}, "f: 61 lines"),
    ("a long function of a test", {"tests/a.c": body("    g();\n" * 99)}, "f: 101 lines"),
    ("many parameters", {"db/a.c": "int f(int a, int b, int c, int d, int e, int g, int h)\n{\n}\n"},
     "7 parameters"),
    ("deep nesting", {"db/a.c": body(DEEP + "if (b) {\ng();\n" + "}\n" * 5)}, "nested 5 deep"),
    ("a wide line", {"db/a.c": "int " + "x" * 96 + ";\n"}, "101 columns"),
]
