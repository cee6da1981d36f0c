"""Units (a .c with its .h) never include each other in a ring."""
import os


def run(tree):
    edges = {}
    for source in tree.sources():
        mine = edges.setdefault(source.unit, set())
        for _, kind, name in source.includes():
            other = os.path.splitext(name)[0]
            if kind == "quote" and other != source.unit:
                mine.add(other)
    findings, done = [], set()
    for start in sorted(edges):
        path = ring_from(start, edges)
        if path and not done.intersection(path):
            done.update(path)
            findings.append("ring: " + " -> ".join(path + [start]))
    return findings


def ring_from(start, edges):
    """The shortest way from start back to itself, or None."""
    came, wave = {start: None}, [start]
    while wave:
        following = []
        for unit in wave:
            for other in sorted(edges.get(unit, ())):
                if other == start:
                    path = [unit]
                    while came[path[-1]] is not None:
                        path.append(came[path[-1]])
                    return path[::-1]
                if other not in came:
                    came[other] = unit
                    following.append(other)
        wave = following
    return None


CLEAN = [{"db/a.c": '#include "db/a.h"\n#include "db/b.h"\n', "db/a.h": "", "db/b.h": ""}]
FAULTS = [
    ("a ring of two", {"db/a.h": '#include "db/b.h"\n', "db/b.c": '#include "db/a.h"\n'}, "db/a -> db/b"),
    ("a ring of three", {"db/a.h": '#include "db/b.h"\n', "db/b.h": '#include "db/c.h"\n',
                         "db/c.c": '#include "db/a.h"\n'}, "db/a -> db/b -> db/c -> db/a"),
]
