"""How YAML is spelled in source files: whatever text comes in comes out again, letter by letter, in every tool."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.model.records import Evidence

# The first line of a source file, for editors.
SCHEMA_LINE = "# yaml-language-server: $schema=../../ontology/source.schema.json"
# What every YAML tool reads as the text that stands there. All else goes into double quotes.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NO_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_HASH = re.compile(r"[0-9a-f]{64}")
# A hash that other tools read as a number.
_POWER = re.compile(r"\d+(?:e\d+)?")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
# Quotes and backslashes, and what YAML takes for the end of a line or does not print.
_ESCAPED = re.compile(
    '["\\\\\x00-\x1f\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\uf8ff\ufeff\ufff0-\uffff]'
)


def quoted(text: str) -> str:
    r"""Spell a text in double quotes.

    >>> print(quoted('it says "no": twice\n'))
    "it says \"no\": twice\n"
    """
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}", text) + '"'


def word(text: str) -> str:
    """Spell a name: without quotes where no tool can take it for anything else.

    >>> word("home-office"), word("no"), word("1e3")
    ('home-office', '"no"', '"1e3"')
    """
    return text if _WORD.fullmatch(text) and text.lower() not in _NO_WORDS else quoted(text)


def evidence_lines(proof: Evidence) -> Iterator[str]:
    """Spell the evidence of a statement, as lines without their indent."""
    yield "evidence:"
    yield f"  starts: {quoted(proof.starts)}"
    if proof.ends:
        yield f"  ends: {quoted(proof.ends)}"
    yield f"  sha256: {_hash(proof.sha256)}"
    if proof.at is not None:
        yield f"  at: {proof.at}"


def _hash(text: str) -> str:
    return text if _HASH.fullmatch(text) and not _POWER.fullmatch(text) else quoted(text)
