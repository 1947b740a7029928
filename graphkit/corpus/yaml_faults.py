"""The mistakes that make a text no YAML: a parser reports where it stopped, and not why."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml

from graphkit.model.errors import Location, Problem

# White space other than a space at the beginning of a line.
_ODD_INDENT = re.compile("^ *([\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff])", re.MULTILINE)
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FIRST = frozenset("%@`&*|>!-?,[]{}")
HINT = "indent with spaces, and put text with ': ' or ' #' in double quotes."
_WORDS = {
    "mapping values are not allowed in this context": "a colon is not allowed here",
    "block sequence entries are not allowed in this context": "a list may not begin here",
}


def yaml_fault(name: str, text: str, error: yaml.MarkedYAMLError, loader: Any) -> Problem:  # noqa: ANN401 - of YAML
    """Return the problem of a text that is not YAML, where it begins.

    Args:
        name: The name of the file.
    """
    what = error.problem or error.context or "unreadable"
    mark = (error.context_mark if what == _NO_COLON else None) or error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if odd := _ODD_INDENT.search(text) or _ODD_END.search(text):
        char = f"{unicodedata.name(odd[1], 'next line').lower()} (U+{ord(odd[1]):04X})"
        place = text.count("\n", 0, odd.start(1)), odd.start(1) - text.rfind("\n", 0, odd.start(1)) - 1
        ends = odd.re is _ODD_END
        how = ("ends a line", "type a space in its place.") if ends else ("is used to indent", "indent with spaces.")
        return _problem(name, *place, f"{char} {how[0]}", how[1])
    lines = [*_LINE_END.split(text), "", ""]
    stuck = ((number, _STUCK.match(lines[number])) for number in (line, line - 1) if number >= 0)
    for number, found in stuck if what in {_NO_COLON, *_WORDS} else ():
        if found:
            missing = f"a colon and a space are missing after {found[1]}"
            return _problem(name, number, found.start(1), missing, f"type {found[1]}: and a space.")
    before, rest = lines[line][:column], lines[line][column:]
    if cause := _cause(what, before, rest, lines[line - 1] if line else ""):
        return _problem(name, line, column, *cause)
    if begun := _quoted_before(text, error, loader, line):
        where = "in the same line, with the mark with which it begins."
        return _problem(name, *begun, "this quotation mark is not closed in its line", f"close the text {where}")
    if rest[:1] in _FIRST and "key" not in what:
        return _problem(name, line, column, f"a text cannot begin with {rest[:1]}", _QUOTED)
    return _problem(name, line, column, _WORDS.get(what, what), HINT)


_NO_COLON = "could not find expected ':'"
_QUOTED = "put the text in double quotes."
_ODD_END = re.compile("([\x85\u2028\u2029])")
_KEY = re.compile(r" *(?:- +)*([\w-]+)")
# A key with something else than a colon and a space after it.
_STUCK = re.compile(rf"{_KEY.pattern}(?:：|:(?!//)[^ \t])")
# A text after its key that begins with a mark of YAML and goes on after it.
_BEGUN = re.compile(r" *(?:- +)*[\w-]+: +([>|?]|[{\[].*[}\]] *$)")
_CLOSED = re.compile(r"[^'\"]*[:-] +(?:'[^']*'|\"(?:[^\"\\]|\\.)*\") *")


def _cause(what: str, before: str, rest: str, above: str) -> tuple[str, str] | None:
    """Return what is wrong with a line and what to type, judged by its text before and after the mistake."""
    if "escape character" in what:
        return "a backslash and this character mean nothing in double quotes", r"type \\ for a backslash."
    if found := _BEGUN.match(before) or _BEGUN.match(before + rest[:1]):
        return f"a text cannot begin with {found[1][0]}", _QUOTED
    if rest and _CLOSED.fullmatch(before):
        return (
            "the text goes on after its closing quotation mark",
            r"put all of it in double quotes, and type \" inside.",
        )
    if (what in _WORDS and _KEY.fullmatch(before)) or (not before.strip() and "expected key" in what):
        if above.lstrip().startswith("#"):
            return "the comment above ends the text", "move the comment to the line before the text."
        return "this line is not indented like the lines above it", "indent it like the line above."
    return None


def _quoted_before(text: str, error: yaml.MarkedYAMLError, loader: Any, line: int) -> tuple[int, int] | None:  # noqa: ANN401
    """Return where a quoted text begins that never ends, or ends in the line with the mistake and began above it."""
    if error.context_mark and "quoted" in (error.context or ""):
        return error.context_mark.line, error.context_mark.column
    found: Any = None
    try:
        for token in yaml.scan(text, Loader=loader):
            if isinstance(token, yaml.ScalarToken) and token.style in {"'", '"'}:
                found = token
    except yaml.YAMLError:
        pass
    spans = found and found.start_mark.line < found.end_mark.line == line
    return (found.start_mark.line, found.start_mark.column) if spans else None


def _problem(name: str, line: int, column: int, what: str, solution: str) -> Problem:
    return Problem("yaml-syntax", Location(name, line + 1, column + 1), f"This is not YAML: {what}.", solution)
