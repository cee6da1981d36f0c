"""Each of our programs names only the foreign libraries of the folders it is made of."""
import os
import re
import subprocess

FOLDER_LIBRARIES = {
    "base": ("icuuc", "icui18n", "icudata", "sodium", "nettle"),
    "json": ("z", "stdc++"),
    "net": ("curl-gnutls", "gnutls", "cups"),
    "roll-builder": ("xml2",),
    "labels": ("zint", "cairo", "pango-1.0", "pangocairo-1.0", "pangoft2-1.0", "fontconfig",
               "freetype", "gobject-2.0", "glib-2.0", "png16"),
    "pdf": ("qpdf",),  # of labels, for the programs that write PDF
    "verifier": ("dmtx", "gdk_pixbuf-2.0", "glib-2.0", "gobject-2.0", "jpeg", "png16", "tiff", "webp", "opencv_core", "opencv_imgproc",
                 "opencv_calib3d", "opencv_video", "stdc++"),
    "db": ("pq",),
    "api": ("microhttpd", "gnutls"),
}
COMMON = ("c", "m", "gcc_s", "asan", "ubsan", "tsan", "pthread", "dl", "rt", "ld-linux-x86-64")
PROGRAM_FOLDERS = {
    "rolwacht": ("base",),
    "rolwacht-plan": ("base", "json", "roll-builder"),
    "rolwacht-build": ("base", "json", "roll-builder", "labels"),
    "rolwacht-diff": ("base", "json", "roll-builder"),
    "rolwacht-label": ("base", "json", "net", "labels", "pdf"),
    "rolwacht-read": ("base", "json", "verifier"),
    "rolwacht-verify": ("base", "json", "net", "labels", "verifier"),
    "rolwacht-serve": ("base", "json", "net", "roll-builder", "labels", "pdf", "db", "api"),
    "rolwacht-dispense": ("base", "json", "net"),
}


def judge(program, needed):
    folders = PROGRAM_FOLDERS.get(program)
    if folders is None:
        return [f"{program}: not in the table of programs"]
    allowed = set(COMMON).union(*(FOLDER_LIBRARIES[folder] for folder in folders))
    return [f"{program}: names lib{library}, which is not of its folders"
            for library in needed if library not in allowed]


def needed_by(path):
    result = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=False)
    return re.findall(r"\(NEEDED\).*\[(?:lib)?(.+?)\.so", result.stdout)


def run(tree):
    findings = []
    folder = os.path.join(tree.build, "bin")
    for program in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if not program.startswith("rolwacht"):
            continue  # makers of test input
        findings += judge(program, needed_by(os.path.join(folder, program)))
    return findings


def prepare(root):
    """Programs of the planted names, each linked to the libraries its file lists."""
    os.makedirs(os.path.join(root, "bin"), exist_ok=True)
    for name in os.listdir(os.path.join(root, "src")):
        with open(os.path.join(root, "src", name), encoding="utf-8") as file:
            flags = file.read().split()
        subprocess.run(["gcc", "-x", "c", "-", "-o", os.path.join(root, "bin", name), "-Wl,--no-as-needed"]
                       + flags, input="int main(void) { return 0; }\n", text=True, check=True)
    return root


CLEAN = [{"src/rolwacht-plan": "-lz -lxml2", "src/rolwacht-serve": "-lpq -lmicrohttpd -lm"}]
FAULTS = [
    ("an image library in the service", {"src/rolwacht-serve": "-ldmtx"}, "libdmtx"),
    ("a database in the dispenser", {"src/rolwacht-dispense": "-lpq"}, "libpq"),
    ("a program that nobody described", {"src/rolwacht-other": ""}, "table of programs"),
]
