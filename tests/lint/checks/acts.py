"""Every act, and every thing of one, that stands in the journal has its word in each language of the console."""
import json
import os
import re

LANGUAGES = ("nl", "en")
ACT = (re.compile(r'\.action\s*=\s*"([^"]+)"'),
       re.compile(r'\b(?:note|journal_device|journal_token|step_note|raise_tell)\([^;"{]*?"([a-z][a-z-]*)"'))
THING = (re.compile(r'\.object_type\s*=\s*"([^"]+)"'), re.compile(r'\bjournal_insert_list\([^;"]*?"([a-z][a-z-]*)"'))
STEP = re.compile(r'\[ROLL_ACT_\w+\]\s*=\s*"([^"]+)"')


def told(source):
    """The keys of its words, as they stand in web/."""
    things = {word for form in THING for word in form.findall(source.text)}
    acts = {word for form in ACT for word in form.findall(source.text)}
    return {f"act.{word}" for word in acts | set(STEP.findall(source.text))} | {f"thing.{word}" for word in things}


def run(tree):
    wrong = []
    for language in LANGUAGES:
        place = os.path.join(tree.root, "web", language + ".json")
        if not os.path.exists(place):
            continue
        with open(place, encoding="utf-8") as file:
            words = json.load(file)
        for source in tree.sources():
            if source.path.startswith(("api/", "db/")) or source.path == "core/model/roll.c":
                wrong += [f"{source.path}: \"{key}\" has no word in web/{language}.json" for key in sorted(told(source)) if key not in words]
    return wrong


ROW = 'void f(void)\n{\n    const struct journal_act act = { .action = "lift", .object_type = "recall" };\n}\n'
NOTE = 'void f(void)\n{\n    (void)note(scope, pausing, "pause", err);\n}\n'
LIST = 'void f(void)\n{\n    (void)journal_insert_list(scope, "bag", clients, 1, err);\n}\n'
CLEAN = [{"api/recall.c": ROW, "web/nl.json": '{"act.lift": "opgeheven", "thing.recall": "terugroepactie"}'},
         {"api/pause.c": NOTE, "db/lists.c": LIST, "web/en.json": '{"act.pause": "paused", "thing.bag": "bag"}'}]
FAULTS = [("an act without a word", {"api/recall.c": ROW, "web/nl.json": '{"thing.recall": "terugroepactie"}'}, "act.lift"),
          ("a thing without a word", {"api/recall.c": ROW, "web/en.json": '{"act.lift": "lifted"}'}, "thing.recall"),
          ("an act that is handed on", {"api/pause.c": NOTE, "web/nl.json": "{}"}, "act.pause"),
          ("a thing of a list", {"api/list.c": LIST, "web/nl.json": "{}"}, "thing.bag")]
