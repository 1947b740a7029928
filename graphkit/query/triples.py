"""The triple patterns, rows of VALUES and conditions in the tokens of a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from graphkit.model.iris import PREFIXES, shorten


class Word(NamedTuple):
    """A token; `name` is its IRI if it names something that must be in the graph, and "" otherwise.

    Attributes:
        kind: As in `graphkit.store.syntax.tokens`; a literal with a language is `tagged`, one with a datatype `typed`.
    """

    kind: str
    text: str
    name: str = ""


NO_WORD = Word("", "")
_NODE = Word("blank", "[]")
TYPE = Word("iri", "a", PREFIXES["rdf"] + "type")
LITERALS = frozenset({"string", "number", "tagged", "typed"})
_TERMS = LITERALS | {"variable", "prefixed", "iri", "blank"}
_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")
_SOFT = frozenset({"optional", "union", "minus", "exists"})
_MODIFIERS = frozenset({"group", "order", "having", "limit", "offset"})


class Pattern(NamedTuple):
    """A triple pattern.

    Attributes:
        required: Whether each solution needs it: it is not in OPTIONAL, UNION, MINUS or EXISTS.
        graph: The name in GRAPH, if it is one.
    """

    subject: Word
    predicate: Word
    object: Word
    required: bool = True
    graph: str = ""


class Rows(NamedTuple):
    """The values that VALUES or BIND gives to variables, without the question marks."""

    variables: Sequence[str]
    rows: Sequence[Sequence[Word]]


@dataclass(slots=True)
class Parts:
    """What a query requires.

    Attributes:
        conditions: The expressions of FILTER that each solution needs, without EXISTS.
        groups: The word before a group that keeps or removes solutions, such as MINUS or FILTER EXISTS, and the group.
        steps: Properties that a path may follow.
    """

    patterns: list[Pattern] = field(default_factory=list)
    values: list[Rows] = field(default_factory=list)
    conditions: list[Sequence[Word]] = field(default_factory=list)
    groups: list[tuple[str, Sequence[Word]]] = field(default_factory=list)
    steps: list[Word] = field(default_factory=list)


def merged(words: Sequence[Word]) -> list[Word]:
    """Return the tokens with each literal as one token."""
    found: list[Word] = []
    for word in words:
        last = [each.text for each in found[-3:]]
        if word.kind == "language" and found[-1:] and found[-1].kind == "string":
            found[-1] = Word("tagged", found[-1].text + word.text)
        elif last[1:] == ["^", "^"] and found[-3].kind == "string" and word.name:
            found[-3:] = [Word("typed", f"{last[0]}^^<{word.name}>")]
        else:
            found.append(word)
    return found


def closing(words: Sequence[Word], at: int) -> int:
    """Return the number of the token after the bracket that closes the bracket at a token."""
    depth = 0
    for number in range(at, len(words)):
        depth += (words[number].text in _OPEN) - (words[number].text in _CLOSE)
        if depth <= 0:
            return number + 1
    return len(words)


def read_parts(words: Sequence[Word]) -> Parts:
    """Read the parts of a query from its merged tokens; it stops at a form that it does not know."""
    parts = Parts()
    with suppress(IndexError):
        _Reader(words, parts).groups()
    return parts


class _Reader:
    def __init__(self, words: Sequence[Word], parts: Parts) -> None:
        self._words = words
        self._parts = parts
        self._required = required(words)
        self._graphs = [""]
        self._at = 0

    def groups(self) -> None:
        """Read all groups; a look-up beyond the end raises an IndexError."""
        while self._words[self._at].text != "{":
            self._at += 1
        graph = ""
        while True:
            word = self._words[self._at]
            lower = word.text.lower()
            if word.kind == "keyword" and lower == "graph":
                graph = self._words[self._at + 1].name
                self._at += 2
            elif word.text == "{":
                self._graphs.append(graph or self._graphs[-1])
                self._at += 1
                graph = ""
            elif word.text == "}":
                self._graphs.pop()
                self._at += 1
            elif word.kind == "keyword" and lower not in {"true", "false"}:
                self._keyword(lower)
            elif word.text == ".":
                self._at += 1
            else:
                self._triples()

    def _keyword(self, lower: str) -> None:
        self._at += 1
        if lower == "select":
            while self._words[self._at].text != "{":
                self._at = closing(self._words, self._at)
        elif lower in _MODIFIERS:
            while self._words[self._at].text != "}" and self._words[self._at].text.lower() != "values":
                self._at = closing(self._words, self._at)
        elif lower == "filter":
            self._filter()
        elif lower == "minus":
            self._group("MINUS", self._at)
        elif lower == "bind":
            self._bind()
        elif lower == "values":
            self._values()

    def _filter(self) -> None:
        start = self._at
        if self._words[start].text.lower() in {"not", "exists"}:
            is_not = self._words[start].text.lower() == "not"
            self._group("FILTER NOT EXISTS" if is_not else "FILTER EXISTS", start + 1 + is_not)
            return
        self._at = closing(self._words, start if self._words[start].text == "(" else start + 1)
        inside = self._words[start : self._at]
        if self._required[start] and all(word.text.lower() not in {"exists", "bound"} for word in inside):
            self._parts.conditions.append(inside)

    def _group(self, word: str, at: int) -> None:
        if self._required[at - 1]:
            self._parts.groups.append((word, self._words[at : closing(self._words, at)]))

    def _bind(self) -> None:
        end = closing(self._words, self._at)
        inside = self._words[self._at + 1 : end - 1]
        if self._required[self._at] and len(inside) == 3 and inside[0].kind in _TERMS - {"variable"}:  # noqa: PLR2004 - x AS ?y
            self._parts.values.append(Rows([inside[2].text[1:]], [inside[:1]]))
        self._at = end

    def _values(self) -> None:
        start = self._at
        head = closing(self._words, start)
        self._at = closing(self._words, head)
        variables = [word.text[1:] for word in self._words[start:head] if word.kind == "variable"]
        given = [word for word in self._words[head : self._at] if word.text not in "{}()"]
        rows = [given[row : row + len(variables)] for row in range(0, len(given), len(variables) or 1)]
        if self._required[start]:
            self._parts.values.append(Rows(variables, rows))

    def _triples(self) -> None:
        """Read a subject with its properties."""
        subject = self._node()
        self._properties(subject)

    def _properties(self, subject: Word) -> None:
        while (word := self._words[self._at]).kind in {"variable", "prefixed", "iri"} or word.text in {
            "a",
            "^",
            "(",
            "!",
        }:
            steps = self._path()
            self._objects(subject, steps)
            while self._words[self._at].text == ";":
                self._at += 1

    def _objects(self, subject: Word, steps: Sequence[Pattern | None]) -> None:
        while True:
            place = self._at
            value = self._node()
            self._add(subject, steps, value, place)
            if self._words[self._at].text != ",":
                return
            self._at += 1

    def _add(self, subject: Word, steps: Sequence[Pattern | None], value: Word, place: int) -> None:
        ends = [subject, *[_NODE] * (len(steps) - 1), value]
        for step, first, last in zip(steps, ends, ends[1:], strict=False):
            if step:
                one, two = (last, first) if step.subject.text else (first, last)
                self._parts.patterns.append(Pattern(one, step.predicate, two, self._required[place], self._graphs[-1]))

    def _node(self) -> Word:
        """Read a subject or an object."""
        word = self._words[self._at]
        if word.text == "[":
            self._at += 1
            self._properties(_NODE)
            word = _NODE
        elif word.text == "(":
            self._at = closing(self._words, self._at) - 1
            word = _NODE
        elif word.text in {"+", "-"} and self._words[self._at + 1].kind == "number":
            self._at += 1
            word = Word("number", word.text + self._words[self._at].text)
        elif word.text in {"true", "false"}:
            word = Word("number", word.text)
        elif word.kind not in _TERMS:
            raise IndexError
        self._at += 1
        return word

    def _path(self) -> list[Pattern | None]:
        """Read a path as its steps; None for a step that may have any length or name, reversed if it has a subject."""
        start, steps, signs = self._at, [self._step()], set[str]()
        while (sign := self._words[self._at].text) in {"/", "|"}:
            signs.add(sign)
            self._at += 1
            steps.append(self._step())
        path = self._words[start : self._at]
        if ("|" in signs or None in steps) and self._required[start] and all(word.text != "!" for word in path):
            self._parts.steps += (word for word in path if word.name)
        return [None] if "|" in signs else steps

    def _step(self) -> Pattern | None:
        inverse = self._words[self._at].text == "^"
        self._at += inverse
        word = self._words[self._at]
        simple = word.kind in {"variable", "prefixed", "iri"} or word.text == "a"
        self._at = closing(self._words, self._at + (word.text == "!"))
        while self._words[self._at].text in {"*", "?", "+"}:
            simple, self._at = simple and self._words[self._at].text == "+", self._at + 1
        predicate = TYPE if word.text == "a" else word
        return Pattern(_NODE if inverse else NO_WORD, predicate, NO_WORD) if simple else None


def required(words: Sequence[Word]) -> list[bool]:
    """Return for each token whether it is outside all groups that need not match."""
    texts = [word.text.lower() for word in words]
    found, nested = [True] * len(words), list[int]()
    for at, text in enumerate(texts):
        if text == "{":
            nested.append(at)
        elif text == "}" and nested:
            start = nested.pop()
            if not _SOFT.isdisjoint(texts[max(start - 1, 0) : start]) or texts[at + 1 : at + 2] == ["union"]:
                found[start:at] = [False] * (at - start)
    return found


class Comparison(NamedTuple):
    """A variable, with its question mark, that is compared with a literal; "" for the object of a pattern."""

    variable: str
    sign: str
    value: Word


def comparisons(words: Sequence[Word]) -> Iterator[Comparison]:
    """Yield the comparisons of a variable with a literal, with the variable on the left."""
    for number, word in enumerate(words):
        end = next((at for at in range(number + 1, len(words)) if words[at].text not in _SIGNS), number + 1)
        if end > number + 1 and end < len(words):
            sign, other = "".join(each.text for each in words[number + 1 : end]), words[end]
            if word.kind == "variable" and other.kind in LITERALS:
                yield Comparison(word.text, sign, other)
            elif other.kind == "variable" and word.kind in LITERALS:
                yield Comparison(other.text, sign.translate(_TURNED), word)


_SIGNS = frozenset("=<>!")
_TURNED = str.maketrans("<>", "><")


def as_text(words: Iterable[Word], *, short: bool = False) -> str:
    """Return tokens as SPARQL, with full IRIs or with short names."""
    made = ""
    before = NO_WORD
    for word in words:
        joined = before.kind == word.kind == "mark" and before.text not in _CLOSE and word.text not in _OPEN
        tight = joined or before.text in {"", "("} or word.text in {")", ",", "("}
        made += "" if tight else " "
        made += _short(word) if short else f"<{word.name}>" if word.name else word.text
        before = word
    return made


def _short(word: Word) -> str:
    if word.kind == "typed":
        return short_literal(word.text)
    return word.text if word.kind == "prefixed" or not word.name else shorten(word.name)


def short_literal(written: str) -> str:
    """Return a literal as one types it, with the short name of its datatype; any other text is unchanged."""
    text, caret, datatype = written.rpartition("^^<")
    return f"{text}^^{shorten(datatype[:-1])}" if caret else written
