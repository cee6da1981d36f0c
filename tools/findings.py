"""Collects what the code can find wrong with an input: every call or row with an id and a reason."""
import re

ID = re.compile(r'"([ADP]\d{1,2})"')
WORD = re.compile(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)+|[a-z]{2,})"')
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
SEVERITIES = {"RW_BLOCKS": "B", "RW_OVERRIDABLE": "O", "RW_INFORMS": "I"}
OPENING, CLOSING = "({[", ")}]"


def without_comments(code):
    return re.sub(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda m: m[1] or " ", code,
                  flags=re.DOTALL)


def string_ends(code):
    """For each index inside a string literal, True."""
    inside = bytearray(len(code))
    for match in STRING.finditer(code):
        for index in range(match.start(), match.end()):
            inside[index] = 1
    return inside


def enclosing(code, inside, at):
    """The text between the brackets that hold the position, and the index it starts at."""
    depth, start = 0, at
    while start > 0:
        start -= 1
        if inside[start]:
            continue
        if code[start] in CLOSING:
            depth += 1
        elif code[start] in OPENING:
            if depth == 0:
                break
            depth -= 1
    depth, end = 0, at
    while end < len(code):
        if not inside[end]:
            if code[end] in OPENING:
                depth += 1
            elif code[end] in CLOSING:
                if depth == 0:
                    break
                depth -= 1
        end += 1
    return start + 1, end


def split_arguments(code, inside, start, end):
    parts, depth, since = [], 0, start
    for index in range(start, end):
        if inside[index]:
            continue
        if code[index] in OPENING:
            depth += 1
        elif code[index] in CLOSING:
            depth -= 1
        elif code[index] == "," and depth == 0:
            parts.append((since, index))
            since = index + 1
    parts.append((since, end))
    return parts


def joined(text):
    """The texts of an argument, neighbouring literals made one."""
    text = re.sub(r'"\s*(?:PRI\w+)\s*"', "N", text)
    return [re.sub(r'"\s+"', "", match)[1:-1].replace('\\"', '"')
            for match in re.findall(r'"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*', text)]


def wording(text):
    """A format as a reader sees it."""
    text = re.sub(r"%(?:\.\*|-?\d*\.?\d*)?(?:ll|l|z|h)?[sdiuxc]", "…", text)
    return text.replace("%%", "%")


def find_all(code):
    """(id, reason, severities, text) of every finding in one source."""
    code = without_comments(code)
    inside = string_ends(code)
    found = []
    for match in ID.finditer(code):
        start, end = enclosing(code, inside, match.start())
        parts = split_arguments(code, inside, start, end)
        at = next(i for i, (a, b) in enumerate(parts) if a <= match.start() < b)
        arguments = [code[a:b] for a, b in parts]
        if at + 1 >= len(arguments):
            continue
        reasons = WORD.findall(arguments[at + 1]) or ["(the order's own)"]
        severities = sorted({SEVERITIES[s] for a in arguments for s in re.findall(r"RW_[A-Z]+", a)
                             if s in SEVERITIES})
        texts = [wording(t) for a in arguments[at + 2:] for t in joined(a) if " " in t]
        for reason in reasons:
            found.append((match[1], reason, "/".join(severities), "; or ".join(texts)))
    return found
