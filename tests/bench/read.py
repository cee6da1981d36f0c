# SPDX-License-Identifier: Apache-2.0
"""Reads the pictures kept beside the project beside zxing and libdmtx, all in one run."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "reading"))
import read_rate  # noqa: E402

PEERS = {"zxing-wasm": ["node", str(HERE / "reading" / "zxing.mjs")],
         "libdmtx": [sys.executable, str(HERE / "reading" / "dmtx.py")]}
SEPARATOR = "\\x1d"


def without_lead(text):
    """A leading FNC1 comes out as a group separator at some readers."""
    return text[len(SEPARATOR):] if text.startswith(SEPARATOR) else text


def at(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0


def judged(frames, answers):
    """Right and other texts, and what a picture took; an answer that is missing read nothing."""
    right = other = 0
    for (_, texts), answer in zip(frames, answers):
        left = [without_lead(text) for text in texts]
        for raw in answer["codes"]:
            text = without_lead(read_rate.written(base64.b64decode(raw)))
            if text in left:
                left.remove(text)
                right += 1
            else:
                other += 1
    times = {key: [answer[key] for answer in answers] for key in ("ms", "cpu_ms")}
    return {"right": right, "percent": round(100 * right / max(1, sum(len(texts) for _, texts in frames)), 1),
            "other": other, "wall_median": at(times["ms"], 0.5), "wall_p99": at(times["ms"], 0.99),
            "cpu_median": at(times["cpu_ms"], 0.5), "cpu_p99": at(times["cpu_ms"], 0.99),
            "cpu_mean": sum(times["cpu_ms"]) / max(1, len(frames)),
            "wall_mean": sum(times["ms"]) / max(1, len(frames))}


def lines_of(command):
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return [json.loads(line) for line in read_rate.lines(run.stdout)]


def ours(paths):
    answers = {line["file"]: line for line in lines_of([read_rate.program(), *paths])}
    found = [answers.get(path, {"codes": [], "ms": 0, "cpu_ms": 0}) for path in paths]
    return [{**answer, "codes": [code["raw"] for code in answer["codes"]]} for answer in found]


def beside_peers(stratum, frames):
    """Ours and each peer that is installed, one after the other, on the same grey pixels."""
    grey = os.path.join(os.environ.get("ROLWACHT_BENCH_BIN",
                                       str(read_rate.ROOT / "build/release/bench-bin")),
                        "reading", "grey")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([grey, folder, *[str(path) for path, _ in frames]], check=True)
        mine = judged(frames, ours([os.path.join(folder, "%d.pgm" % i) for i in range(len(frames))]))
        for name, command in PEERS.items():
            answers = lines_of([*command, folder, str(len(frames))])
            if len(answers) == len(frames):
                report(stratum, mine, name, judged(frames, answers))
            else:
                print("skipped: %s" % name, file=sys.stderr)


UNITS = {"right": "codes read", "percent": "% of codes read", "other": "texts that are not in the picture",
         "wall_median": "ms a picture", "wall_p99": "ms a picture", "cpu_median": "CPU ms a picture",
         "cpu_p99": "CPU ms a picture", "cpu_mean": "CPU ms a picture", "wall_mean": "ms a picture"}


def report(stratum, mine, peer, theirs):
    for measure, unit in UNITS.items():
        print(json.dumps({"bench": "read", "set": stratum, "measure": measure,
                          "ours": round(mine[measure], 2), "peer": peer,
                          "theirs": round(theirs[measure], 2),
                          "ratio": round(mine[measure] / theirs[measure], 3)
                          if theirs[measure] else None, "unit": unit}), flush=True)


def main():
    folder = read_rate.frames_folder()
    if not folder.is_dir():
        print("skipped: no pictures at %s" % folder, file=sys.stderr)
        return 0
    wanted = sys.argv[1:]
    sets = {name: list(read_rate.synthetic(folder / name)) for name in read_rate.STRATA}
    sets.update(read_rate.real(folder / "real"))
    for stratum, frames in sets.items():
        if wanted and stratum not in wanted:
            continue
        beside_peers(stratum, frames)
    return 0


if __name__ == "__main__":
    sys.exit(main())
