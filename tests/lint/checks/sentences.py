"""Every sentence that a page of the console may show has its Dutch one in web/sentences-nl.json."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tools"))
from findings import find_all, wording, without_comments  # noqa: E402

# Behind these no page stands: programs, devices, files of the configuration, what starts and stops.
ELSEWHERE = set("""
    access adherence_csv config config_exit conninfo custody enrol handle_acts handle_bags handle_changes
    handle_dispensers handle_outbox handle_reports handle_rolls handle_settings http http_check http_pairs journal_file
    key_files listen migrate pool private_cluster respond secrets server tls
    gzip jws keyring schedule_keys schedule_json_read event_json verdict_json roll_json_read fhir_out fhir_out_parts
    series publish audit
""".split())
PLACES = ("api/", "db/", "roll-builder/", "core/json/", "core/model/acceptance.c")
KEPT = {"api/message.c": "RW_UNAVAILABLE"}  # why a message did not arrive stands on a page
TOLD = {"RW_INVALID", "RW_NOT_FOUND", "RW_CONFLICT", "RW_DENIED", "RW_TOO_LARGE", "RW_TOO_MANY", "RW_UNREADABLE"}
CALL = re.compile(r"""rw_error_set\(((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'|[^";'])*?)\);""", re.S)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
JOINED = re.compile(r'"(?:[^"\\]|\\.)*"(?:\s*(?:[A-Z]\w+\s*)?"(?:[^"\\]|\\.)*")*')
STEP = re.compile(r'ROLL_ACT_\w+, ROLL_\w+,\s*"([^"]+)"')


def sentences(source):
    """The English sentences of one file, with … where something is written in."""
    code = without_comments(source.text)
    for call in CALL.findall(code):
        said = re.search(r"RW_[A-Z_]+", call)
        texts = ["".join(LITERAL.findall(text)).replace('\\"', '"') for text in JOINED.findall(call)]
        texts = [text for text in texts if text and not text.startswith("/")]
        if said and (said[0] in TOLD or said[0] == KEPT.get(source.path)) and texts and texts[0] != "%s":  # behind it stands what is written in
            yield wording(texts[0])
    for _, _, _, text in find_all(source.text):
        yield from ([part for part in text.split("; or ") if part.count(" ") > 2])
    yield from STEP.findall(code) if source.path == "core/model/roll.c" else ()


def pattern(row):
    return re.compile(".*".join(re.escape(part) for part in row.split("…")), re.S)


def is_wrong(row, text):
    """A translation asks for what its sentence has."""
    return [int(gap) for gap in re.findall(r"\{(\d)", text) if int(gap) > row.count("…")]


def run(tree):
    place = os.path.join(tree.root, "web", "sentences-nl.json")
    if not os.path.exists(place):
        return []
    with open(place, encoding="utf-8") as file:
        book = json.load(file)
    fit = [pattern(row) for row in book]
    wrong = [f"web/sentences-nl.json: \"{row}\" has fewer gaps than its text" for row, text in book.items()
             if is_wrong(row, text)]
    for source in tree.sources():
        stem = os.path.splitext(os.path.basename(source.path))[0]
        if source.is_header or stem in ELSEWHERE or not (source.path.startswith(PLACES) or source.path == "core/model/roll.c"):
            continue
        for text in sorted(set(sentences(source))):
            if not any(one.fullmatch(text) for one in fit):
                wrong.append(f"{source.path}: no Dutch for \"{text}\"")
    return wrong


CODE = 'void f(void)\n{\n    rw_error_set(err, RW_CONFLICT, "", "roll %s is %s", a, b);\n}\n'
FOUND = 'void f(void)\n{\n    rw_diag_add(diag, "D28", "too-many-days", RW_BLOCKS, "", "%d days are many", days);\n}\n'
CLEAN = [{"api/step.c": CODE, "roll-builder/plan.c": FOUND,
          "web/sentences-nl.json": '{"roll … is …": "Rol {1} is {2:state}.", "… days are many": "{1} dagen is veel."}'}]
FAULTS = [("an error without a Dutch sentence", {"api/step.c": CODE, "web/sentences-nl.json": "{}"}, "no Dutch for"),
          ("an error of two parts without a Dutch sentence",
           {"api/step.c": CODE.replace("is %s", "is %s; wait"), "web/sentences-nl.json": "{}"}, "no Dutch for"),
          ("a finding without a Dutch sentence", {"roll-builder/plan.c": FOUND, "web/sentences-nl.json": "{}"},
           "no Dutch for"),
          ("a gap that the sentence does not have",
           {"api/step.c": CODE, "web/sentences-nl.json": '{"roll … is …": "Rol {3}"}'}, "fewer gaps")]
