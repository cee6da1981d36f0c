# SPDX-License-Identifier: Apache-2.0
"""Labels a CPU second, as PDF, PNG and ZPL, beside glabels, bwip-js and the zint command.

CPU time and not the clock, since other work on the machine must not count. Ours are drawn from rolls
that lie in memory, as the service has them, and for PDF and PNG once more by the whole program. A peer
that is not installed is named on standard error and left out. glabels draws the same lines of text and
one symbol; zint and bwip-js draw the symbol alone, so that their numbers flatter them.
"""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("ROLWACHT_BIN", str(ROOT / "build/release/bin")))
BENCH_BIN = pathlib.Path(os.environ.get("ROLWACHT_BENCH_BIN", str(ROOT / "build/release/bench-bin"))) / "labelling"
ROUNDS = 3
PEOPLE = {"pdf": 20, "png": 5, "zpl": 100, "zpl-dots": 5}  # rolls of some 210 bags, a second or so each
LONG_JOB = 480  # rolls: more than 100,000 labels
PEER_LABELS = 240
SECONDS_MAX = 600
CODE = "[91]1%09d%03d261122080029406011846039502457"
TEMPLATE = """<?xml version="1.0"?>
<Glabels-document xmlns="http://glabels.org/xmlns/3.0/">
<Template brand="Rolwacht" part="70x60" size="Other" width="70mm" height="60mm">
<Label-rectangle id="0" width="70mm" height="60mm" round="0pt" x_waste="0pt" y_waste="0pt">
<Layout nx="1" ny="1" x0="0pt" y0="0pt" dx="70mm" dy="60mm"/></Label-rectangle></Template>
<Objects id="0" rotate="False">%s
<Object-barcode x="52mm" y="42mm" w="10mm" h="10mm" a0="1" a1="0" a2="0" a3="1" a4="0" a5="0"
 style="IEC16022" text="False" checksum="True"
 color="0x000000ff" data="%s"/></Objects></Glabels-document>
"""
TEXT = """<Object-text x="%dmm" y="%dmm" w="%dmm" h="%dmm" a0="1" a1="0" a2="0" a3="1" a4="0" a5="0"
 justify="left" valign="top">
<Span font_family="Noto Sans" font_size="%d" font_weight="%s" color="0x000000ff">%s</Span></Object-text>"""
LINES = [(3, 3, 40, 5, 9, "Bold", "Mw. E.C. Zijlstra-Kowalski"), (48, 3, 20, 5, 7, "Regular", "geb. 30-07-1950"),
         (3, 9, 25, 9, 25, "Bold", "08:00"), (29, 9, 25, 5, 11, "Bold", "maandag"),
         (29, 14, 30, 5, 9, "Regular", "23 november 2026"), (57, 10, 12, 4, 7, "Regular", "ochtend"),
         (3, 19, 60, 4, 8, "Bold", "1 × CALCIUM/COLECALCIFEROL 1,25 g/800 IE"),
         (8, 22, 50, 4, 7, "Regular", "kauwtablet wit, rond, 16 mm"),
         (3, 26, 60, 4, 8, "Bold", "1 × OMEPRAZOL 20 mg msr capsule"),
         (8, 29, 50, 4, 7, "Regular", "roze en bruin"),
         (3, 33, 60, 4, 8, "Bold", "1 × SIMVASTATINE 40 mg tablet"),
         (8, 36, 50, 4, 7, "Regular", "roze, ovaal, opdruk SVT 40"),
         (3, 41, 40, 4, 8, "Bold", "Totaal 3 stuks"), (3, 45, 45, 4, 7, "Regular", "Zakje 1 van 56  Rol 540 924 608"),
         (3, 49, 45, 4, 7, "Regular", "Gebruiken t/m 31-12-2026"),
         (3, 53, 45, 4, 7, "Regular", "Apotheek De Linde  Tel. 020-000 00 00")]
BWIP = """
import bwip from 'bwip-js'
const kind = process.argv[2], count = Number(process.argv[3])
for (let i = 0; i < count; i++) {
  const serial = String(540924608000 + i)
  const options = { bcid: 'gs1datamatrix', text: `(91)1${serial}261122080029406011846039502457`, scale: 4 }
  if (kind === 'svg') bwip.toSVG(options)
  else await bwip.toBuffer(options)
}
"""


def spend(command, **more):
    """CPU seconds and the largest memory, KiB, of one run."""
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, **more) as process:
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit {process.returncode}: {said.decode()[:500]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def rate(count, command, **more):
    return count / statistics.median(spend(command, **more)[0] for _ in range(ROUNDS))


def make_roll(folder, days):
    path = folder / f"{days}.json"
    path.write_bytes(subprocess.run([BIN / "sample-roll", "3", str(days), "nl"], check=True,
                                    stdout=subprocess.PIPE, timeout=SECONDS_MAX).stdout)
    return path, len(json.loads(path.read_bytes())["bags"])


def draw(kind, people):
    """Labels of so many people's rolls of 60 days, drawn in memory: count, CPU seconds, KiB."""
    done = subprocess.run([BENCH_BIN / "draw_rolls", kind, str(people), "60"], check=True,
                          stdout=subprocess.PIPE, timeout=SECONDS_MAX)
    return json.loads(done.stdout)


def drawn_rate(kind):
    told = draw(kind, PEOPLE[kind])
    return told["labels"] / told["seconds"]


def tell_memory():
    """What a long job takes beside a short one."""
    for kind in ("pdf", "png", "zpl"):
        few, many = draw(kind, 5), draw(kind, LONG_JOB)
        print(json.dumps({"bench": "label", "what": f"{kind} memory", "ours": many["kib"],
                          "peer": f"{few['labels']} labels", "theirs": few["kib"],
                          "ratio": round(many["kib"] / few["kib"], 2),
                          "unit": f"KiB resident at most, {many['labels']} labels"}), flush=True)


def program_rate(folder, kind):
    """The whole program: start, reading the roll, drawing, writing."""
    roll, bags = make_roll(folder, 60)
    return bags / spend([BIN / "rolwacht-label", roll, "--as", kind, "-o", folder / f"out.{kind}"])[0]


def glabels(folder):
    program = shutil.which("glabels-3-batch")
    if program is None:
        return None
    code = (CODE % (540924608, 1)).replace("[", "").replace("]", "")
    template = folder / "label.glabels"
    template.write_text(TEMPLATE % ("".join(TEXT % line for line in LINES), code), encoding="utf-8")
    out = folder / "glabels.pdf"
    found = PEER_LABELS / spend([program, "-o", out, "-s", PEER_LABELS, template])[0]
    if not out.exists() or out.stat().st_size < 10000:
        raise RuntimeError("glabels drew nothing")
    return found


def zint(folder):
    program = shutil.which("zint")
    if program is None:
        return None
    codes = folder / "codes.txt"
    codes.write_text("".join(CODE % (540924608, n % 1000) + "\n" for n in range(PEER_LABELS)))
    (folder / "zint").mkdir(exist_ok=True)
    return rate(PEER_LABELS, [program, "--batch", "-b", "71", "--gs1", "--square", "-i", codes, "-o",
                              "zint/~~~~.png"], cwd=folder)


def bwip(folder, kind):
    node = shutil.which("node")
    if node is None or not (ROOT / "tests/peers/node_modules/bwip-js").is_dir():
        return None
    script = ROOT / "tests/peers" / "node_modules" / ".label-bench.mjs"
    script.write_text(BWIP, encoding="utf-8")
    try:
        return rate(PEER_LABELS, [node, script, kind, PEER_LABELS], cwd=folder)
    finally:
        script.unlink()


def tell(kind, our_rate, peer, package, their_rate):
    if their_rate is None:
        print(f"{peer} is not installed ({package})", file=sys.stderr)
        return
    print(json.dumps({"bench": "label", "what": kind, "ours": round(our_rate), "peer": peer,
                      "theirs": round(their_rate), "ratio": round(our_rate / their_rate, 2),
                      "unit": "labels a CPU second"}), flush=True)


def median(rates):
    found = [one for one in rates if one is not None]
    return statistics.median(found) if found else None


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        drawn, programs, whole = {kind: [] for kind in PEOPLE}, {"pdf": [], "png": []}, []
        for _ in range(ROUNDS):  # in turn, so that other work on the machine slows all alike
            whole.append(glabels(folder))
            for kind, rates in drawn.items():
                rates.append(drawn_rate(kind))
            for kind, rates in programs.items():
                rates.append(program_rate(folder, kind))
        for kind, rates in drawn.items():
            tell(kind, median(rates), "glabels, a label as PDF", "Debian: glabels", median(whole))
        for kind, rates in programs.items():
            tell(f"{kind}, the whole program", median(rates), "glabels, a label as PDF", "Debian: glabels",
                 median(whole))
        tell("png", median(drawn["png"]), "zint, the code alone as PNG", "Debian: zint", zint(folder))
        for kind in ("png", "svg"):
            tell("png", median(drawn["png"]), f"bwip-js, the code alone as {kind.upper()}",
                 "npm: bwip-js", bwip(folder, kind))
        tell_memory()
    return 0


if __name__ == "__main__":
    sys.exit(main())
