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
_HINT = "indent with spaces, and put text with ': ' or ' #' in double quotes."
_WORDS = {
    "mapping values are not allowed in this context": "a colon is not allowed here",
    "block sequence entries are not allowed in this context": "a list may not begin here",
}


def yaml_fault(name: str, text: str, error: yaml.MarkedYAMLError, loader: Any) -> Problem:  # noqa: ANN401 - of YAML
    """Return the problem of a text that is not YAML, where it begins.

    Args:
        name: The name of the file.
    """
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if odd := _ODD_INDENT.search(text):
        what = unicodedata.name(odd[1], "a control character").lower()
        place = text.count("\n", 0, odd.start(1)), odd.start(1) - text.rfind("\n", 0, odd.start(1)) - 1
        return _problem(name, *place, f"{what} (U+{ord(odd[1]):04X}) is used to indent", "indent with spaces.")
    if begun := _quoted_before(text, error, loader, line):
        where = "in the same line, with the mark with which it begins."
        return _problem(name, *begun, "this quotation mark is not closed in its line", f"close the text {where}")
    char = _character(text, line, column)
    if char in _FIRST and "key" not in (error.problem or ""):
        return _problem(name, line, column, f"a text cannot begin with {char}", "put the text in double quotes.")
    what = error.problem or error.context or "unreadable"
    return _problem(name, line, column, _WORDS.get(what, what), _HINT)


def _character(text: str, line: int, column: int) -> str:
    """Return the character at a place, as a parser counts lines; "" at the end."""
    lines = _LINE_END.split(text)
    return lines[line][column : column + 1] if line < len(lines) else ""


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
