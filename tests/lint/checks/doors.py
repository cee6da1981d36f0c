"""Each foreign library is included by its door file alone; all other headers are the system's."""
import re

from tree import DOORS

SYSTEM = re.compile(
    r"(?:assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|"
    r"stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|"
    r"threads|time|uchar|wchar|wctype|dirent|dlfcn|fcntl|getopt|grp|ifaddrs|langinfo|libgen|netdb|poll|"
    r"pthread|pwd|sched|semaphore|spawn|strings|syslog|termios|unistd|utime|glob|fnmatch|"
    r"(?:arpa|net|netinet|sys|linux)/[\w/]+)\.h"
    r"|algorithm|array|cmath|cstdarg|cstddef|cstdint|cstdio|cstdlib|cstring|exception|functional|limits|"
    r"memory|new|numeric|optional|stdexcept|string|type_traits|utility|vector")


def run(tree):
    findings = []
    for source in tree.sources():
        own = DOORS.get(source.path)
        for line, kind, name in source.includes():
            if kind != "angle" or SYSTEM.fullmatch(name) or (own and re.fullmatch(own, name)):
                continue
            doors = [path for path, names in DOORS.items() if re.fullmatch(names, name)]
            place = f"only {' and '.join(doors)} may" if doors else "no door is named for it"
            findings.append(f"{source.path}:{line}: foreign header <{name}>: {place}")
    return findings


CLEAN = [{"db/wire.c": "#include <libpq-fe.h>\n#include <string.h>\n",
          "api/http.c": "#include <microhttpd.h>\n#include <sys/socket.h>\n",
          "api/tls.c": "#include <gnutls/gnutls.h>\n",
          "verifier/vision.cpp": "#include <opencv2/core.hpp>\n#include <vector>\n"}]
FAULTS = [
    ("a library outside its door", {"db/rolls.c": "#include <libpq-fe.h>\n"}, "only db/wire.c and db/wire_rows.c and db/conninfo.c may"),
    ("a library that has no door", {"db/wire.c": "#include <sqlite3.h>\n"}, "no door"),
    ("a door's library in its header", {"api/tls.h": "#include <gnutls/gnutls.h>\n"}, "api/tls.c and"),
]
