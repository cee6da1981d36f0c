"""Each header compiles alone; those of C++ files compile as both languages."""
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor


def compiles(root, path, language, standard):
    result = subprocess.run(
        ["gcc", "-x", language, "-std=" + standard, "-fsyntax-only", "-Wall", "-Wextra", "-I", root, "-"],
        input=f'#include "{path}"\n', capture_output=True, text=True, check=False, cwd=root)
    if result.returncode == 0:
        return None
    first = next((line for line in result.stderr.split("\n") if "error" in line), "no message")
    return f"{path}: does not compile alone as {language}: {first.replace(root + '/', '')}"


def run(tree):
    jobs = []
    for source in tree.sources(tests=True):
        if not source.is_header:
            continue
        jobs.append((tree.root, source.path, "c", "c17"))
        if os.path.exists(os.path.join(tree.root, source.unit + ".cpp")):
            jobs.append((tree.root, source.path, "c++", "c++17"))
    with ThreadPoolExecutor(max_workers=2) as pool:
        return [finding for finding in pool.map(lambda job: compiles(*job), jobs) if finding]


CLEAN = [{"db/a.h": "#include <stddef.h>\nsize_t a_length(void);\n"}]
FAULTS = [
    ("a header that leans on its includer", {"db/a.h": "size_t a_length(void);\n"}, "as c:"),
    ("a header that C++ refuses", {"verifier/vision.h": "int f(int class);\n",
                                   "verifier/vision.cpp": ""}, "as c++:"),
]
