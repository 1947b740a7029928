"""Advice on the usual mistakes in SPARQL: the engine reports where it stopped, and not why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from graphkit.model.did_you_mean import did_you_mean, nearest
from graphkit.model.iris import PREFIXES

Token = tuple[str, str, int]

_FORMS = frozenset({"select", "ask", "construct", "describe", "prefix", "base"})
_AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "sample", "group_concat"})
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_BARE = re.compile(r"(?<![\w:?$-])([a-z][\w-]*)\s*$")
# What the engine reports of a query that it could read, but not make sense of.
_REASONS = {
    "that is unbound": "Add the other variables of SELECT to GROUP BY, or count or add them up.",
    "SELECT * is not authorized with GROUP BY": "Name the variables after SELECT: * is not allowed with GROUP BY.",
    "overrides an existing variable": "Type another name after AS: this variable already has a value.",
}
_CLOSE = 'Close it on the same line; inside a text, write \\" for a quotation mark.'
QUESTIONS = "Type graphkit questions for queries that work."


class Advice(NamedTuple):
    """Where a query is wrong, what is wrong, and what to type instead."""

    at: int
    what: str
    solution: str


def advice(text: str, words: Sequence[Token], at: int, reason: str) -> Advice:
    """Return the mistake in a query that cannot be read.

    Args:
        at: The position at which the engine stopped.

    >>> from graphkit.store.syntax import tokens
    >>> text = "SELECT ?a, ?b {}"
    >>> advice(text, list(tokens(text)), 10, "").solution
    'Put a space between variables, and no comma.'
    """
    if not words:
        return Advice(at, "the query is empty", QUESTIONS)
    kind, first, begin = words[0]
    if first.lower() not in _FORMS:
        near = [word.upper() for word in nearest(first, _FORMS)[:1]] if kind == "keyword" else []
        return Advice(begin, "unexpected here", did_you_mean(near) or "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.")
    if "Prefix not found" in reason:
        return _of_prefix(words, at)
    if words[-1][1] in {"'", '"'} and words[-1][1] not in text[words[-1][2] + 1 :].partition("\n")[0]:
        return Advice(words[-1][2], "this quotation mark is not closed", _CLOSE)
    return Advice(at, "unexpected here", _solution(text, words, at, reason) or QUESTIONS)


def _of_prefix(words: Sequence[Token], at: int) -> Advice:
    """Return the advice on the prefix of the name at which the engine stopped, or which it has just read."""
    names = [(word.partition(":")[0], place) for _, word, place in words if ":" in word and place <= at]
    prefix, place = names[-1] if names else ("", at)
    declare = f"declare it: PREFIX {prefix}: <…>"
    near = did_you_mean([f"{name}:" for name in nearest(prefix, PREFIXES)])
    return Advice(
        place, f"unknown prefix {prefix}:", f"{near} Or {declare}" if near else declare[0].upper() + declare[1:]
    )


def _solution(text: str, words: Sequence[Token], at: int, reason: str) -> str:
    """Return what to type instead; "" if the mistake is none of the usual ones."""
    known = [solution for part, solution in _REASONS.items() if part in reason]
    return "".join(known[:1]) or _of_head(words) or _of_signs(words) or _of_brackets(words) or _of_word(text[:at])


def _of_head(words: Sequence[Token]) -> str:
    texts = [word.lower() for _, word, _ in words]
    head = texts[: texts.index("{")] if "{" in texts else texts
    if any(two in _AGGREGATES and (one in {"select", "distinct", ")"} or one[0] == "?") for one, two in pairwise(head)):
        return "Put brackets around it and name it: SELECT (COUNT(*) AS ?n)."
    if "select" in head and "," in head and "(" not in head:
        return "Put a space between variables, and no comma."
    return ""


def _of_signs(words: Sequence[Token]) -> str:
    if words[-1][1] == ";":
        return "Remove the ; at the end."
    if any(one[1] == two[1] == "=" and two[2] == one[2] + 1 for one, two in pairwise(words)):
        return "Write = to compare."
    if any(one[1].lower() in {"limit", "offset"} and two[0] != "number" for one, two in pairwise(words)):
        return "LIMIT and OFFSET need a whole number, 0 or greater."
    if any(one[1].lower() == "filter" and two[0] == "variable" for one, two in pairwise(words)):
        return "Put brackets around the condition: FILTER(?x = 1)."
    return ""


def _of_brackets(words: Sequence[Token]) -> str:
    opened: list[str] = []
    for kind, word, _ in words:
        if kind == "mark" and word in _CLOSING:
            opened.append(word)
        elif kind == "mark" and word in _CLOSING.values() and (not opened or _CLOSING[opened.pop()] != word):
            return f"Remove a {word}, or open it first."
    return f"Close the {opened[-1]} with {_CLOSING[opened[-1]]}." if opened else ""


def _of_word(text: str) -> str:
    """Return advice on a bare word at the end of a text: a name without a prefix."""
    found = _BARE.search(text)
    if not found:
        return ""
    return f"If {found[1]} is a name, write sp:{found[1]} for a property, id:… for an entity or ?x for a variable."
