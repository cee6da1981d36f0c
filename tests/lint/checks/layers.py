"""A folder includes only itself and folders below it, by the whole path from the root."""
BASE = ("core/base",)
MODEL = BASE + ("core/model",)
JSON = MODEL + ("core/json",)
NET = JSON + ("core/net",)
MAY_INCLUDE = {
    "core/base": BASE,
    "core/model": MODEL,
    "core/json": JSON,
    "core/net": NET,
    "db": MODEL + ("db",),
    "roll-builder": JSON + ("roll-builder",),
    "labels": JSON + ("labels",),
    "verifier": JSON + ("verifier",),
    "api": NET + ("db", "roll-builder", "labels", "web", "api"),
    "dispenser": NET + ("dispenser",),
    "cli": NET + ("db", "roll-builder", "labels", "verifier", "api", "dispenser", "cli"),
}
# The line's talk with the service is the only part of the verifier that knows the network.
ALSO = {"verifier/station": ("core/net",), "verifier/sender": ("core/net",)}


def layer_of(path, layers):
    return next((layer for layer in layers if path.startswith(layer + "/")), None)


def run(tree):
    findings = []
    for source in tree.sources():
        layer = layer_of(source.path, MAY_INCLUDE)
        allowed = MAY_INCLUDE.get(layer, ()) + ALSO.get(source.unit, ())
        for line, kind, name in source.includes():
            place = f"{source.path}:{line}"
            if kind != "quote":
                continue
            if "/" not in name or name.startswith("."):
                findings.append(f'{place}: include "{name}" by its whole path')
            elif not layer_of(name, allowed):
                findings.append(f"{place}: {layer} cannot include {name}")
    return findings


CLEAN = [
    {"labels/layout.c": '#include "labels/layout.h"\n#include "core/model/bag.h"\n',
     "api/release.c": '#include "db/rolls.h"\n#include "labels/layout.h"\n',
     "verifier/station.c": '#include "core/net/fetch.h"\n',
     "cli/verify.c": '#include "verifier/inspect.h"\n#include "labels/layout.h"\n'},
]
FAULTS = [
    ("a sideways include", {"labels/layout.c": '#include "verifier/image.h"\n'}, "labels cannot"),
    ("an upward include", {"core/model/roll.c": '#include "core/json/roll_json.h"\n'},
     "core/model cannot"),
    ("JSON in the database", {"db/rolls.c": '#include "core/json/roll_json.h"\n'}, "db cannot"),
    ("the verifier in the service", {"api/judge.c": '#include "verifier/decide.h"\n'}, "api cannot"),
    ("the service in the dispenser", {"dispenser/loop.c": '#include "api/http.h"\n'},
     "dispenser cannot"),
    ("the network in the verifier", {"verifier/decide.c": '#include "core/net/fetch.h"\n'},
     "verifier cannot"),
    ("a short path", {"db/rolls.c": '#include "rolls.h"\n'}, "whole path"),
]
