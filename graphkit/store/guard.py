"""Refuse queries that must not run, before any engine parses them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from graphkit.model.errors import QueryError
from graphkit.store.syntax import line_and_column, may_contain, point, tokens

Token = tuple[str, str, int]

# The most nested W3C test query has a depth of five. The engine overflows its stack at some two thousand brackets, or
# at five thousand operators and patterns that follow each other.
_DEEPEST, _LONGEST = 64, 2_000
_SUSPECT = ("service", "insert", "delete", "clear", "drop", "create", "load", "add", "move", "copy")
# These patterns are rarely needed: `re` compiles and keeps them when they are.
_UPDATE = "(?i)(insert|delete|clear|drop|create|load|add|move|copy)(data|where|silent|graph|default|named|all)*"
_CHAINS = frozenset("optional union minus bind values graph lateral filter as exists".split())  # noqa: SIM905 - a list
_FORMS = "Remove it; use SELECT, ASK, CONSTRUCT or DESCRIBE."
_HOST = r"<https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?(?:[/?#][^\\]*)?>"


def refuse(text: str, hosts: Collection[str] = ()) -> None:
    """Refuse a query that would call a host without permission, change the graph, or crash the engine.

    Args:
        hosts: Hosts that SERVICE may call.

    Raises:
        QueryError: The query contains SERVICE for another host, LOAD or another keyword of SPARQL Update, or is
            nested too deeply.

    >>> refuse("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }", {"example.org"})
    """
    # Most queries are short and contain none of these words, not even in a text: they need no closer look.
    short = len(text) < _LONGEST or (len(text) < 4 * _LONGEST and sum(map(text.count, "!+-*/|&")) < _LONGEST)
    if short and not may_contain(text, _SUSPECT) and sum(map(text.count, "({[")) <= _DEEPEST:
        return
    words = list(tokens(text))
    _refuse_depth(text, words)
    for at, word, target in _services(text, words):
        _refuse_service(text, at, word, target, hosts)


def _refuse_depth(text: str, words: Sequence[Token]) -> None:
    """Refuse an update, or a query that would overflow the stack of the engine."""
    opened: list[str] = []
    chain = 0
    for kind, word, at in words:
        if kind == "mark":
            chain += word in "!*/|&" or (word in "+-" and opened[-1:] == ["("])
            if word in ")}]":
                del opened[-1:]
            elif word in "({[":
                opened.append(word)
        elif kind == "keyword":
            chain += word.lower() in _CHAINS
            if not opened and re.fullmatch(_UPDATE, word):
                raise _update_error(text, word, at)
        if len(opened) > _DEEPEST:
            raise _error(text, at, f"more than {_DEEPEST} nested brackets.", "Simplify it.")
        if chain > _LONGEST:
            raise _error(text, at, f"nested too deeply: more than {_LONGEST:,} operators and patterns.", "Simplify it.")


def _update_error(text: str, word: str, at: int) -> QueryError:
    if word.lower().startswith("load"):
        return _error(text, at, "LOAD would call another host, which graphkit never does.", _FORMS)
    return _error(text, at, f"{word.upper()} would change the graph, which only a build does.", _FORMS)


def _services(text: str, words: Sequence[Token]) -> Iterator[tuple[int, str, Iterable[Token]]]:
    """Yield the position, the word and the following tokens of each place where the engine may read SERVICE.

    No other keyword contains the word. The engine reads it at the end of `trueSERVICE`, at the start of
    `SERVICESILENT`, and also inside a name with a colon if that is no name in its place: `SERVICE:x {`.
    """
    brackets = _Brackets()
    risky = any(kind == "iri" and re.fullmatch(_BARE_HOST, word) for kind, word, _ in words)
    for number, (kind, word, at) in enumerate(words):
        before = words[number - 1] if number else ("", "", 0)
        after = words[number + 1][1] if number + 1 < len(words) else ""
        if kind == "iri" and brackets.in_expression and _is_operand(before) and re.search(_ODD, word):
            # This may be an IRI, or a comparison with whatever follows: what follows is searched as bare text.
            yield from ((at + found.start(), "SERVICE", ()) for found in _headers(text[at:]))
        if kind == "keyword" and "service" in word.lower():
            yield at, word, words[number + 1 : number + 3]
        elif kind == "prefixed" and re.search(_SERVICE, word):
            named = after == "{" and before[1].lower() != "graph" and brackets.groups and re.search(_SPLIT, word)
            if named or risky or re.search(_NO_IRI, word):
                yield at, word, ()
        brackets.see(kind, word)


_SERVICE = "(?i)service"
# The end of a name that may be read as SERVICE and another name.
_SPLIT = "(?i)service[^:]*:"
# A prefix that ends in such a host is no IRI any more with the start of a name after it, and the engine then reads the
# prefix alone as the name; the same with a character that is no part of an IRI.
_BARE_HOST = r"<(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*>"
_NO_IRI = "[\ufff0-\uffff]|\\\\%"
_ODD = "(?i)service|[#']"
_SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_HEADER = rf"(?i)service{_SPACE}(?:silent{_SPACE})?+(?:[?$][^\s{{#<]++|<[^>]*+>|(?:[^\s{{#<\\]|\\.)*+){_SPACE}\{{"
_MOST_HEADERS = 100


def _headers(text: str) -> Iterator[re.Match[str]]:
    """Yield the places that look like the start of a SERVICE pattern; many are reported without a look at each."""
    found = list(islice(re.finditer(_SERVICE, text), _MOST_HEADERS + 1))
    if len(found) > _MOST_HEADERS:
        yield found[0]
    header = re.compile(_HEADER)
    yield from filter(None, (header.match(text, place.start()) for place in found[:_MOST_HEADERS]))


class _Brackets:
    """The brackets around a token: those of groups, and for each group those of an expression that may be open."""

    def __init__(self) -> None:
        self._open = [0]

    @property
    def groups(self) -> int:
        """The number of open groups."""
        return len(self._open) - 1

    @property
    def in_expression(self) -> bool:
        """Whether a comparison is possible here."""
        return self._open[-1] > 0

    def see(self, kind: str, word: str) -> None:
        """Count a token."""
        if kind == "iri" and self.in_expression:
            self._open[-1] += word.count("(")
        elif word == "{":
            self._open.append(0)
        elif word == "}":
            self._open = self._open[:-1] or [0]
        elif word in {"(", ")"}:
            self._open[-1] = max(0, self._open[-1] + (1 if word == "(" else -1))


def _is_operand(token: Token) -> bool:
    """Return whether an expression may end with this token, so that a comparison may follow."""
    return token[0] != "mark" or token[1] in ")]}>"


def _refuse_service(text: str, at: int, word: str, following: Iterable[Token], hosts: Collection[str]) -> None:
    target = next((token for token in following if token[1].lower() != "silent"), ("", "", at))
    found = re.fullmatch(_HOST, target[1]) if word.lower().endswith(("service", "servicesilent")) else None
    host = found[1].strip("[]").lower() if found else ""
    if host and host in hosts:
        return
    if not host:
        raise _error(text, at, "SERVICE would call a host that the query does not name.", "Write its address in <…>.")
    raise _error(
        text, at, "SERVICE would call another host, which graphkit never does by default.",
        f"Remove it, or allow that host by name: --allow-host {host}",
    )  # fmt: skip


def _error(text: str, at: int, message: str, hint: str) -> QueryError:
    return QueryError(point(text, *line_and_column(text, at), message), hint)
