# SPDX-License-Identifier: Apache-2.0
"""Counts the codes that rolwacht-read finds in the pictures kept beside the project."""
import json
import os
import pathlib
import subprocess
import sys

STRATA = ("synthetic-easy", "synthetic-medium", "synthetic-hard")


def written(raw):
    """Bytes as the manifests write them: under 32, over 126 and the backslash as \\xNN."""
    return "".join(chr(b) if 32 <= b <= 126 and b != 92 else "\\x%02x" % b for b in raw)


def synthetic(folder):
    for line in open(folder / "manifest.jsonl", encoding="utf-8"):
        frame = json.loads(line)
        yield folder / frame["file"], [code["text"] for code in frame["codes"]]


def real(folder):
    sets = {}
    for entry in json.load(open(folder / "manifest.json", encoding="utf-8")):
        path = folder / entry["file"]
        if path.suffix in (".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".tif"):
            sets.setdefault(entry["set"], []).append((path, entry["expect"]))
    return sets


def measure(program, name, frames, options):
    import base64

    answers = {}
    run = subprocess.run([program, *options, *[str(path) for path, _ in frames]],
                         stdout=subprocess.PIPE, text=True, check=False)
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        answers[answer["file"]] = answer
    right = wrong = expected = 0
    times = []
    missed = []
    for path, texts in frames:
        answer = answers.get(str(path), {"codes": [], "ms": 0})
        times.append(answer["ms"])
        left = list(texts)
        expected += len(texts)
        for code in answer["codes"]:
            text = written(base64.b64decode(code["raw"]))
            if text in left:
                left.remove(text)
                right += 1
            else:
                wrong += 1
                missed.append("%s READ %s" % (path.name, text))
        missed += ["%s MISSED %s" % (path.name, text) for text in left]
    times.sort()
    print(json.dumps({"bench": "read", "set": name, "codes": expected, "right": right,
                      "other": wrong, "percent": round(100 * right / max(1, expected), 1),
                      "ms_mean": round(sum(times) / max(1, len(times)), 1),
                      "ms_worst": times[-1] if times else 0}))
    if os.environ.get("READ_RATE_SHOW"):
        print("\n".join(missed), file=sys.stderr)


def main():
    root = pathlib.Path(os.environ.get("ROLWACHT_ROOT", "."))
    program = os.path.join(os.environ.get("ROLWACHT_BIN", str(root / "build/release/bin")),
                           "rolwacht-read")
    place = os.environ.get("ROLWACHT_TEST_DATA", str(root.parent / "shared/data"))
    frames = pathlib.Path(place) / "frames"
    if not frames.is_dir():
        print("skipped: no pictures at %s" % frames, file=sys.stderr)
        return 77
    wanted = sys.argv[1:]
    for stratum in STRATA:
        if not wanted or stratum in wanted:
            measure(program, stratum, list(synthetic(frames / stratum)), [])
    for name, pictures in real(frames / "real").items():
        if not wanted or name in wanted or "real" in wanted:
            measure(program, name, pictures, [])
    return 0


if __name__ == "__main__":
    sys.exit(main())
