"""clang-format finds nothing to change."""
import os
import re
import shutil
import subprocess


def run(tree):
    style = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", ".clang-format")
    files = [source.path for source in tree.sources(tests=True)]
    if not files:
        return []
    program = shutil.which("clang-format-14") or "clang-format"
    result = subprocess.run([program, "--style=file:" + style, "--dry-run"] + files, cwd=tree.root,
                            capture_output=True, text=True, check=False)
    found = {}
    for match in re.finditer(r"^(.*?):(\d+):\d+: warning", result.stderr, re.MULTILINE):
        found.setdefault(match[1], match[2])
    if result.returncode != 0 and not found:
        return [f"clang-format failed: {result.stderr.strip()[:300]}"]
    return [f"{path}:{line}: not formatted (clang-format -i)" for path, line in sorted(found.items())]


CLEAN = [{"db/a.c": "int f(int a)\n{\n    return a;\n}\n"}]
FAULTS = [("a brace out of place", {"db/a.c": "int f(int a) {\n    return a;\n}\n"}, "db/a.c:1")]
