"""Only core/base and the doors call the allocator; everything else lives in an arena."""
import re

from tree import DOORS

CALL = re.compile(r"(?<![\w.>])(malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|"
                  r"vasprintf|posix_memalign|aligned_alloc|getline)\s*\(")


def run(tree):
    findings = []
    for source in tree.sources():
        if source.path.startswith("core/base/") or source.path in DOORS:
            continue
        for line, match in source.matches(CALL):
            findings.append(f"{source.path}:{line}: {match[1]}() outside core/base and the doors")
    return findings


CLEAN = [{"core/base/arena.c": "void f(void)\n{\n    free(malloc(1));\n}\n",
          "db/wire.c": "void f(void)\n{\n    free(x);\n}\n",
          "db/rolls.c": "void f(void)\n{\n    rw_arena_free(x);\n    port->free(x);\n}\n"}]
FAULTS = [("an allocation", {"db/rolls.c": "void f(void)\n{\n    malloc(1);\n}\n"}, "malloc()")]
