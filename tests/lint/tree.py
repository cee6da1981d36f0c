"""The sources of the tree as the checks see them: text, code without comments, functions."""
import os
import re

CODE_FOLDERS = ("core", "roll-builder", "labels", "verifier", "db", "api", "dispenser", "cli")
SUFFIXES = (".c", ".h", ".cpp")

# The one file that may name each foreign library.
DOORS = {
    "core/base/arena.c": r"sanitizer/.*",  # to say what is given; in its own builds alone
    "core/base/heap.c": r"malloc\.h",  # how the C library keeps what was freed
    "db/wire.c": r"libpq-fe\.h|postgres_ext\.h|pg_config.*\.h",
    "db/wire_rows.c": r"libpq-fe\.h",  # rows of an answer
    "db/conninfo.c": r"libpq-fe\.h",  # reads a connection string and connects nowhere
    "api/http.c": r"microhttpd\.h",
    "api/http_pairs.c": r"microhttpd\.h",  # fields of a request
    "api/http_reply.c": r"microhttpd\.h",  # answers
    "api/tls.c": r"gnutls/.*",
    "labels/symbol.c": r"zint\.h",
    "labels/canvas.c": r"cairo(?!-pdf).*\.h|cairo/.*|pango/.*|ft2build\.h|glib.*\.h",
    "labels/fontbook.c": r"fontconfig/.*|sanitizer/lsan_interface\.h",
    "labels/document.c": r"cairo-pdf\.h",
    "labels/catalogue.c": r"qpdf/.*",
    "labels/png.c": r"png\.h",
    "verifier/camera.c": r"linux/videodev2\.h",
    "verifier/decode.c": r"dmtx\.h",
    "verifier/bmp.c": r"gdk-pixbuf/.*",
    "verifier/jpeg.c": r"jpeglib\.h|jerror\.h",
    "verifier/png_pixels.c": r"png\.h",  # reads what labels/png.c writes
    "verifier/tiff_pixels.c": r"tiffio\.h",
    "verifier/webp.c": r"webp/.*",
    "verifier/vision.cpp": r"opencv2/.*",
    "core/json/json_scan.cpp": r"rapidjson/.*",
    "verifier/vision_plane.cpp": r"opencv2/.*",  # what only a comparison with a label needs
    "verifier/vision_shapes.cpp": r"opencv2/.*",  # what is found in a picture
    # Cameras and videos: another half of a large library, and what the one below it complains of.
    "verifier/vision_video.cpp": r"opencv2/.*|libavutil/log\.h",
    "core/json/gzip.c": r"zlib\.h",
    "roll-builder/intake/xml_read.c": r"libxml/.*",
    "core/base/zone.c": r"unicode/.*",
    "core/base/crypto.c": r"sodium\.h|nettle/.*",  # the hash of one, everything else of the other
    "core/net/fetch.c": r"curl/.*",
    "core/net/courier.c": r"curl/.*",  # mails and telegrams: another half of a large library
    "core/net/pki.c": r"gnutls/.*",
    "core/net/printer.c": r"cups/.*",
}


class Function:
    """One function definition: its name, lines, parameters and deepest block."""

    def __init__(self, name, first, last, parameters, nesting, body):
        self.name = name
        self.first = first
        self.last = last
        self.parameters = parameters
        self.nesting = nesting
        self.body = body


class Source:
    """One file."""

    def __init__(self, root, path):
        self.path = path
        with open(os.path.join(root, path), encoding="utf-8") as file:
            self.text = file.read()
        self.lines = self.text.split("\n")
        if self.lines and self.lines[-1] == "":
            self.lines.pop()
        self.code = without_comments(self.text)
        self._functions = None

    @property
    def folder(self):
        return os.path.dirname(self.path)

    @property
    def unit(self):
        return os.path.splitext(self.path)[0]

    @property
    def is_test(self):
        return self.path.startswith("tests/")

    @property
    def is_header(self):
        return self.path.endswith(".h")

    def includes(self):
        """(line, "quote" or "angle", name) of every #include."""
        found = []
        for number, (raw, bare) in enumerate(zip(self.lines, self.code.split("\n")), 1):
            if not re.match(r"\s*#\s*include\b", bare):
                continue
            match = re.match(r'\s*#\s*include\s*([<"])([^">]+)[">]', raw)
            if match:
                found.append((number, "quote" if match[1] == '"' else "angle", match[2]))
        return found

    def matches(self, pattern):
        """(line, match) of every match of the pattern in the code, comments and strings left out."""
        for match in re.finditer(pattern, self.code):
            yield self.code.count("\n", 0, match.start()) + 1, match

    def functions(self):
        if self._functions is None:
            self._functions = list(find_functions(self.code))
        return self._functions


def without_comments(text):
    """The text with comments and the insides of strings turned into blanks, lines kept."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

    def blank(match):
        word = match[0]
        if word[0] in "\"'":
            return word[0] + " " * (len(word) - 2) + word[-1]
        return re.sub(r"[^\n]", " ", word)

    return pattern.sub(blank, text)


def without_directives(code):
    """The code with preprocessor lines, continued ones too, turned into blanks."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), code,
                  flags=re.MULTILINE)


def matching(code, opening, closing, end):
    """The index of the opening bracket that the closing one at end belongs to."""
    depth = 0
    for index in range(end, -1, -1):
        if code[index] == closing:
            depth += 1
        elif code[index] == opening:
            depth -= 1
            if depth == 0:
                return index
    return -1


def count_parameters(inside):
    """Parameters beside what every function carries along: the arena, the error, and "..."."""
    depth, since, parts = 0, 0, []
    for index, letter in enumerate(inside):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(inside[since:index])
            since = index + 1
    parts.append(inside[since:])
    carried = re.compile(r"\s*(|void|\.\.\.|struct rw_arena \*\w+|struct rw_error \*\w+)\s*")
    return sum(1 for part in parts if not carried.fullmatch(part))


BLOCK = re.compile(r"^\s*(?:(?:if|else|for|while|switch|do|try|catch)\b.*|(?:case\b.*|default\s*|\w+\s*):.*)?$",
                   re.DOTALL)


def deepest_block(body):
    """How deep statements nest in a body; initialisers are no blocks."""
    deepest, parens, since = 0, 0, 1
    stack = []
    for index in range(1, len(body) - 1):
        letter = body[index]
        if letter == "(":
            parens += 1
        elif letter == ")":
            parens -= 1
        elif letter == "{":
            stack.append(parens == 0 and bool(BLOCK.match(body[since:index])))
            deepest = max(deepest, sum(stack))
            if stack[-1]:
                since = index + 1
        elif letter == "}":
            if stack and stack.pop():
                since = index + 1
        elif letter == ";" and parens == 0:
            since = index + 1
    return deepest


def find_functions(whole):
    code = without_directives(whole)
    depth, since, start = 0, 0, None
    transparent = []
    for index, letter in enumerate(code):
        if letter == "{":
            head = code[since:index]
            if depth == 0 and re.search(r'(extern\s*"[^"]*"|namespace(\s+\w+)?)\s*$', head):
                transparent.append(index)
                since = index + 1
                continue
            if depth == 0:
                start = (index, head)
            depth += 1
        elif letter == "}":
            if depth == 0:
                since = index + 1
                continue
            depth -= 1
            if depth == 0:
                made = make_function(code, start, since, index)
                if made:
                    yield made
                    since = index + 1
        elif letter == ";" and depth == 0:
            since = index + 1


def make_function(code, start, since, end):
    opening, head = start
    stripped = head.rstrip()
    if not stripped.endswith(")") or "=" in re.sub(r"\(.*\)", "", stripped, flags=re.DOTALL):
        return None
    close = since + len(stripped) - 1
    bracket = matching(code, "(", ")", close)
    name = re.search(r"([A-Za-z_]\w*)\s*$", code[since:bracket])
    if not name:
        return None
    body = code[opening:end + 1]
    return Function(name[1], code.count("\n", 0, opening) + 1, code.count("\n", 0, end) + 1,
                    count_parameters(code[bracket + 1:close]), deepest_block(body), body)


class Tree:
    """A checkout, and the build folder that belongs to it."""

    def __init__(self, root, build=None):
        self.root = root
        self.build = build
        self._sources = None

    def sources(self, tests=False):
        if self._sources is None:
            self._sources = [Source(self.root, path) for path in self.paths(SUFFIXES)]
        return [source for source in self._sources if tests or not source.is_test]

    def paths(self, suffixes):
        """Paths from the root, sorted, below the code folders and tests."""
        found = []
        for top in CODE_FOLDERS + ("tests",):
            for folder, folders, files in os.walk(os.path.join(self.root, top)):
                folders[:] = sorted(f for f in folders if f not in ("node_modules", "__pycache__"))
                here = os.path.relpath(folder, self.root)
                found += [os.path.join(here, name) for name in files if name.endswith(suffixes)]
        return sorted(found)
