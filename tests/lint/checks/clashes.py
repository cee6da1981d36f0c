"""No name of ours is also a name of a library the program loads: the loader would mix them up."""
import os
import re
import subprocess

# The compiler's and the sanitizers' own.
NOT_OURS = re.compile(r"_.*|main|data_start|.*@.*")
LEFT_OUT = re.compile(r"lib(c|m|asan|ubsan|tsan|gcc_s|dl|rt|pthread)\.so|ld-linux|linux-vdso")
# Symbols a program defines itself; weak ones are the C++ library's templates.
STRONG = "TDBR"


def symbols(path, *flags):
    result = subprocess.run(["nm", "-g", "--defined-only", *flags, path], capture_output=True, text=True,
                            check=False)
    found = set()
    for line in result.stdout.split("\n"):
        words = line.split()
        if len(words) == 3 and words[1] in STRONG:
            found.add(words[2])
    return found


def libraries(path):
    result = subprocess.run(["ldd", path], capture_output=True, text=True, check=False)
    return [place for place in re.findall(r"=> (/\S+)", result.stdout)
            if not LEFT_OUT.match(os.path.basename(place))]


def run(tree):
    findings, theirs = [], {}
    folder = os.path.join(tree.build, "bin")
    for program in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, program)
        # A name with a version is a copy of a library's own variable.
        ours = {name for name in symbols(path) if not NOT_OURS.fullmatch(name)}
        for library in libraries(path):
            if library not in theirs:
                theirs[library] = {name.split("@")[0] for name in symbols(library, "-D")}
            for name in sorted(ours & theirs[library]):
                findings.append(f"{program}: {name} is also in {os.path.basename(library)}")
    return findings


def prepare(root):
    """Programs of the planted sources, linked to jansson."""
    os.makedirs(os.path.join(root, "bin"))
    for name in os.listdir(os.path.join(root, "src")):
        subprocess.run(["gcc", "-o", os.path.join(root, "bin", name[:-2]), os.path.join(root, "src", name),
                        "-Wl,--no-as-needed", "-ljansson"], check=True)
    return root


CLEAN = [{"src/rolwacht-plan.c": "int json_of_ours(void) { return 0; }\nint main(void) { return 0; }\n"}]
FAULTS = [("a name of jansson", {"src/rolwacht-plan.c": "int json_object(void) { return 0; }\n"
                                 "int main(void) { return 0; }\n"}, "json_object is also in libjansson")]
