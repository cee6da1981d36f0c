# SPDX-License-Identifier: Apache-2.0
"""Counts the codes that rolwacht-read finds in the pictures kept beside the project."""
import base64
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
STRATA = ("synthetic-easy", "synthetic-medium", "synthetic-hard")


def program():
    return os.path.join(os.environ.get("ROLWACHT_BIN", str(ROOT / "build/release/bin")),
                        "rolwacht-read")


def frames_folder():
    place = os.environ.get("ROLWACHT_TEST_DATA", str(ROOT.parent / "shared" / "data"))
    return pathlib.Path(place) / "frames"


def written(raw):
    """Bytes as the manifests write them: under 32, over 126 and the backslash as \\xNN."""
    return "".join(chr(b) if 32 <= b <= 126 and b != 92 else "\\x%02x" % b for b in raw)


def synthetic(folder):
    """Pairs of a picture and the texts that are in it."""
    for line in open(folder / "manifest.jsonl", encoding="utf-8"):
        frame = json.loads(line)
        yield folder / frame["file"], [code["text"] for code in frame["codes"]]


def real(folder):
    sets = {}
    for entry in json.load(open(folder / "manifest.json", encoding="utf-8")):
        path = folder / entry["file"]
        sets.setdefault(entry["set"], []).append((path, entry["expect"]))
    return sets


def lines(output):
    """By line feeds alone: a text in them may hold other characters that end a line."""
    return [line for line in output.split("\n") if line]


def measure(reader, frames, options=()):
    """How many of the texts were read, how many others, and how long it took."""
    run = subprocess.run([reader, *options, *[str(path) for path, _ in frames]],
                         stdout=subprocess.PIPE, text=True, check=False)
    answers = {}
    for line in lines(run.stdout):
        answer = json.loads(line)
        answers[answer["file"]] = answer
    right = other = expected = 0
    times = []
    remarks = []
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
                other += 1
                remarks.append("%s read %s" % (path.name, text))
        remarks += ["%s missed %s" % (path.name, text) for text in left]
    return {"codes": expected, "right": right, "other": other,
            "percent": round(100 * right / max(1, expected), 1),
            "ms_mean": round(sum(times) / max(1, len(times)), 1),
            "ms_worst": max(times, default=0), "remarks": remarks}


def main():
    frames = frames_folder()
    if not frames.is_dir():
        print("skipped: no pictures at %s" % frames, file=sys.stderr)
        return 0
    wanted = sys.argv[1:]
    sets = {name: list(synthetic(frames / name)) for name in STRATA}
    sets.update(real(frames / "real"))
    for name, pictures in sets.items():
        if wanted and name not in wanted:
            continue
        result = measure(program(), pictures)
        remarks = result.pop("remarks")
        print(json.dumps({"bench": "read", "set": name, **result}), flush=True)
        if os.environ.get("READ_RATE_SHOW"):
            print("\n".join(remarks), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
