"""Makes ORDER BY a total order.

The engine compares two numbers or two dates by value, and a number with a date by spelling. Such comparisons contradict
each other: rows come in a wrong order, or the engine fails. Here each condition becomes two: first the kind of value
(its number or its datatype), then its value within that kind. The order is that of SPARQL 1.1, section 15.1, with
datatypes in the order of their IRIs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pyoxigraph as ox

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES
from graphkit.store.syntax import line_and_column, point, tokens

Token = tuple[str, str, int]
Edit = tuple[int, int, str]

_REST = "https://w3id.org/graphkit/rest-of-number"


def _names(*names: str) -> str:
    return ", ".join(f"<{PREFIXES['xsd']}{name}>" for name in names)


_TEXTS = f"{_names('string')}, <{PREFIXES['rdf']}langString>"
_EXACT = _names("integer", "decimal")
_UTC = f'ADJUST(?x, "PT0S"^^{_names("dayTimeDuration")})'
# Numbers are compared as doubles, and equal doubles by the rest: integers and decimals may have more digits. The text
# of a float has fewer digits than its value, which is a double. NaN is a kind of its own.
_KIND = (
    f"IF(isNumeric(?x), IF(?x = ?x, {_names('double')}(?x), {_names('double')}), "
    f"IF(DATATYPE(?x) = {_names('date')}, {_names('date')}, IF(DATATYPE(?x) IN ({_TEXTS}), {_names('string')}, "
    f"IF(DATATYPE(?x) IN ({_EXACT}), COALESCE({_names('double')}(STR(?x)), DATATYPE(?x)), DATATYPE(?x)))))"
)
# Dates without a time zone count as UTC. Texts and IRIs get a last character because the engine looks a text that is in
# the graph up for each comparison, which takes several times as long.
_VALUE = (
    f"COALESCE(IF(DATATYPE(?x) = {_names('date')}, "
    f'IF(TZ(?x) = "", ?x, STRDT(STRBEFORE(STR({_UTC}), "Z"), {_names("date")})), '
    f"IF(isNumeric(?x) || DATATYPE(?x) IN ({_EXACT}), "
    f"IF(STRLEN(STR(?x)) < 16 || DATATYPE(?x) = {_names('float')}, 0, <{_REST}>(?x)), "
    rf'IF(DATATYPE(?x) IN ({_TEXTS}), CONCAT(STR(?x), "\u0000", LANG(?x)), '
    f'IF(DATATYPE(?x) IN ({_names("dateTime", "time")}), IF(TZ(?x) = "", {_UTC}, ?x), '
    f"IF(DATATYPE(?x) IN ({_names('dayTimeDuration', 'yearMonthDuration')}), ?x, STR(?x)))))), "
    r'IF(isIRI(?x), CONCAT(STR(?x), "\u0000"), ?x))'
)
# The values of each of these functions are of one kind.
_TEXT_FUNCTIONS = (
    "str lcase ucase concat substr replace strbefore strafter encode_for_uri lang tz md5 sha1 sha256 sha384 sha512 "
    "group_concat iri uri datatype"
)
_OTHER_FUNCTIONS = (
    "count strlen year month day hours minutes bound exists not regex contains strstarts strends langmatches sameterm "
    "isiri isuri isblank isliteral isnumeric"
)
_UNIFORM = frozenset(f"{_TEXT_FUNCTIONS} {_OTHER_FUNCTIONS}".split())
_VOLATILE = frozenset(("rand", "uuid", "struuid", "bnode"))


def rest_of_number(number: ox.Literal) -> ox.Literal:
    """Return the difference between a number and its nearest double.

    >>> rest_of_number(ox.Literal(2**53 + 1)).value
    '1'
    """
    from fractions import Fraction  # only long numbers need it

    exact = Fraction(number.value)
    return ox.Literal(float(exact - Fraction(float(exact))))


FUNCTIONS: dict[ox.NamedNode, Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]] = {
    ox.NamedNode(_REST): rest_of_number
}


class _Condition(NamedTuple):
    """A condition of ORDER BY.

    Attributes:
        direction: ASC or DESC.
        begin: The number of its first token.
        first: The number of the first token of its value.
        end: The number of the token after it.
    """

    direction: str
    begin: int
    first: int
    end: int


def in_total_order(text: str) -> str:
    """Rewrite each ORDER BY of a query.

    Raises:
        QueryError: A value would change with each comparison.
    """
    if "order" not in text.lower():
        return text
    words = [*tokens(text), ("", "", len(text))]
    edits = [edit for number in range(len(words)) for edit in _edits(text, words, number)]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edits(text: str, words: Sequence[Token], order: int) -> Iterator[Edit]:
    """Yield the changes of the ORDER BY that begins with a token, if one does."""
    if words[order][0] != "keyword" or words[order][1].lower() != "order" or words[order + 1][1].lower() != "by":
        return
    bound = ""
    for condition in _conditions(words, order + 2):
        inside = words[condition.first : condition.end]
        start, end = inside[0][2], inside[-1][2] + len(inside[-1][1])
        if _is_left_alone(inside):
            if _is_text_of_variable(inside) and _may_be_bound(words, order, inside):
                # The engine would look the text up for each comparison.
                bound += rf' BIND(CONCAT({text[start:end]}, "\u0000") AS ?graphkit_order_{start})'
                yield words[condition.begin][2], end, f"{condition.direction}(?graphkit_order_{start})"
            continue
        if _may_be_bound(words, order, inside):
            value = text[start:end] if len(inside) == 1 else f"?graphkit_order_{start}"
            bound += f" BIND({text[start:end]} AS {value})" if len(inside) > 1 else ""
            keys = [f"?graphkit_order_{start}_{at}" for at in range(len(_KEYS))]
            bound += "".join(
                f" BIND({key.replace('?x', value)} AS {name})" for key, name in zip(_KEYS, keys, strict=True)
            )
        elif any(kind == "keyword" and word.lower() in _VOLATILE for kind, word, _ in inside):
            raise _volatile_error(text, start)
        else:
            keys = [key.replace("?x", text[start:end]) for key in _KEYS]
        yield words[condition.begin][2], end, " ".join(f"{condition.direction}({key})" for key in keys)
    if bound:
        opened, closed = words[_opening(words, order - 1)][2] + 1, words[order - 1][2]
        yield from ((opened, opened, "{"), (closed, closed, "}" + bound))


_KEYS = (_KIND, _VALUE)


def _conditions(words: Sequence[Token], number: int) -> Iterator[_Condition]:
    while True:
        begin = number
        kind, word, _ = words[number]
        after = words[number + 1][1] if number + 1 < len(words) else ""
        lower = word.lower()
        if kind == "variable":
            end = number + 1
        elif word == "(" or lower in {"asc", "desc"}:
            number += word != "("
            end = _closing(words, number)
        elif lower in {"exists", "not"}:
            end = _closing(words, number + 1 + (lower == "not"))
        elif after == "(" and kind in {"keyword", "prefixed", "iri"} and lower != "values":
            end = _closing(words, number + 1)
        else:
            return
        yield _Condition("DESC" if lower == "desc" else "ASC", begin, number, end)
        number = end


def _closing(words: Sequence[Token], number: int) -> int:
    """Return the number of the token after the bracket that closes the bracket at a token."""
    depth = 0
    for at in range(number, len(words)):
        depth += (words[at][1] in _OPEN) - (words[at][1] in _CLOSE)
        if depth <= 0:
            return at + 1
    return len(words) - 1


_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")


def _opening(words: Sequence[Token], number: int) -> int:
    """Return the number of the token that opens the bracket that a token closes."""
    depth = 0
    for at in range(number, -1, -1):
        depth += (words[at][1] in _CLOSE) - (words[at][1] in _OPEN)
        if depth == 0:
            return at
    return 0


def _is_left_alone(words: Sequence[Token]) -> bool:
    """Return whether an expression has values of one kind, or contains an ORDER BY of its own."""
    inner = words
    while len(inner) > 2 and inner[0][1] == "(" and _closing(inner, 0) == len(inner):  # noqa: PLR2004 - brackets
        inner = inner[1:-1]
    uniform = inner[0][1].lower() in _UNIFORM and (len(inner) == 1 or _closing(inner, 1) == len(inner))
    return uniform or any(kind == "keyword" and word.lower() == "order" for kind, word, _ in words)


def _is_text_of_variable(words: Sequence[Token]) -> bool:
    return [word.lower() for _, word, _ in words[:2]] == ["str", "("] and [kind for kind, _, _ in words[2:]] == [
        "variable",
        "mark",
    ]


def _may_be_bound(words: Sequence[Token], order: int, inside: Sequence[Token]) -> bool:
    """Return whether a value can be computed once for each row, at the end of the WHERE group, and not in between.

    GROUP BY and HAVING come between that group and ORDER BY, and the columns of SELECT are computed later.
    CONSTRUCT WHERE takes only triples, and DESCRIBE * would describe the keys.
    """
    if words[order - 1][1] != "}":
        return False
    head = [word.lower() for kind, word, _ in words[: _opening(words, order - 1)] if kind in {"keyword", "mark"}]
    if "describe" in head or (head[-1:] == ["where"] and head[-2:] != ["}", "where"] and "construct" in head[-9:]):
        return False
    used = {word[1:] for kind, word, _ in inside if kind == "variable"}
    named = {name[1:] for (_, word, _), (_, name, _) in pairwise(words) if word.lower() == "as"}
    return not used & named


def _volatile_error(text: str, at: int) -> QueryError:
    message = "this value of ORDER BY would change with each comparison."
    return QueryError(
        point(text, *line_and_column(text, at), message), "Name it in SELECT: (RAND() AS ?r) … ORDER BY ?r"
    )
