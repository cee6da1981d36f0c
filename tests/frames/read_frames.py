# SPDX-License-Identifier: Apache-2.0
"""Reads a set of pictures kept beside the project and holds the result to its budgets."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "bench" / "reading"))
import read_rate  # noqa: E402

# Codes that are read: fewer is a fault, and more must be written here.
ACCEPTED = {"synthetic-easy": 27, "synthetic-medium": 37, "synthetic-hard": 31}
# Pictures of strangers, small symbols too, and texts that the set writes otherwise (one has an ECI).
REAL = {"zxcpp-dm1": (25, 1), "zxcpp-dm3": (20, 0), "zxcpp-dm4": (21, 0), "zxcpp-dm5": (4, 0), "zxjava-dm2": (14, 0)}


def check_real(frames):
    sets = read_rate.real(frames / "real")
    for name, budget in REAL.items():
        result = read_rate.measure(read_rate.program(), sets[name])
        print(name, result)
        assert (result["right"], result["other"]) == budget, "the budget of %s says %d and %d" % (name, *budget)


def main():
    name = sys.argv[1]
    frames = read_rate.frames_folder()
    if not frames.is_dir():
        print("skipped: no pictures at %s" % frames)
        return 77
    if name == "real":
        check_real(frames)
        return 0
    result = read_rate.measure(read_rate.program(), list(read_rate.synthetic(frames / name)))
    print(name, result)
    assert result["other"] == 0, "a text was read that is not in the picture"
    assert result["right"] == ACCEPTED[name], "the budget says %d" % ACCEPTED[name]
    return 0


if __name__ == "__main__":
    sys.exit(main())
