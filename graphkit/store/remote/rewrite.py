"""Splits a query into parts and rewrites it for an endpoint; some rewriting is for Virtuoso alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from graphkit.model.errors import QueryError
from graphkit.model.iris import iri
from graphkit.store.syntax import tokens, variables

_FORMS = ("select", "ask", "construct", "describe")
_AFTER = ("where", "from", "{")


@dataclass(frozen=True, slots=True)
class QueryParts:
    """The parts of a query.

    Attributes:
        form: select, ask, construct or describe.
        prologue: BASE and PREFIX.
        head: The part between form and datasets: the selected columns, or the template with its braces.
        datasets: FROM and FROM NAMED.
        body: The part between the braces of WHERE.
        order: GROUP BY, HAVING and ORDER BY.
        limit: The row limit; None for none.
        offset: The number of rows to skip.
        values: The VALUES clause at the end.
        where: Whether there is a WHERE group.
    """

    form: str
    prologue: str
    head: str
    datasets: str
    body: str
    order: str = ""
    limit: int | None = None
    offset: int = 0
    values: str = ""
    where: bool = True

    @property
    def text(self) -> str:
        """The text of the query."""
        rows = "" if self.limit is None else f"LIMIT {self.limit} "
        rows += f"OFFSET {self.offset} " if self.offset else ""
        group = f"WHERE {{{self.body}\n}}\n" if self.where else ""
        return (
            f"{self.prologue}{self.form.upper()} {self.head}\n{self.datasets}\n{group}{self.order}\n{rows}{self.values}"
        )


def read_parts(text: str) -> QueryParts:
    """Split a query into its parts.

    Raises:
        QueryError: The text is not a query.

    >>> read_parts("SELECT ?a { ?a ?b ?c } LIMIT 3").limit
    3
    """
    words = list(tokens(text))
    start = next((n for n, (kind, word, _) in enumerate(words) if kind == "keyword" and word.lower() in _FORMS), None)
    if start is None:
        raise QueryError("This is not a query.", "Use SELECT, ASK, CONSTRUCT or DESCRIBE.")
    form, at = words[start][1].lower(), words[start][2]
    level = _levels([word for _, word, _ in words])
    after = start + 1
    template = form == "construct" and after < len(words) and words[after][1] == "{"
    if template:
        after = _closing(text, words, level, after) + 1
    head_end = next((n for n in range(after, len(words)) if not level[n] and words[n][1].lower() in _AFTER), len(words))
    opens = next((n for n in range(head_end, len(words)) if not level[n] and words[n][1] == "{"), None)
    head = text[at + len(form) : _at(text, words, head_end)].strip()
    if opens is None:
        rest = text[_at(text, words, head_end) :]
        return QueryParts(form, text[:at], head, rest, "", where=False)
    closes = _closing(text, words, level, opens)
    where = opens - 1 if words[opens - 1][1].lower() == "where" else opens
    body = text[words[opens][2] + 1 : words[closes][2]]
    datasets = text[_at(text, words, head_end) : words[where][2]] if where > head_end else ""
    tail = _tail(text, words[closes + 1 :], level[closes + 1 :], words[closes][2] + 1)
    return QueryParts(form, text[:at], head or ("{" + body + "}") * (form == "construct"), datasets, body, *tail)


def _tail(
    text: str, words: list[tuple[str, str, int]], level: list[int], start: int
) -> tuple[str, int | None, int, str]:
    rows: dict[str, int] = {}
    cut: list[tuple[int, int]] = []
    values = len(text)
    for (kind, word, at), (_, number, end), depth in zip(words, [*words, ("", "", 0)][1:], level, strict=True):
        name = word.lower()
        if kind == "keyword" and not depth and name in {"limit", "offset"} and number.isdigit():
            rows[name] = int(number)
            cut.append((at, end + len(number)))
        if kind == "keyword" and not depth and name == "values":
            values = at
            break
    order, last = "", start
    for begin, end in [*cut, (values, values)]:
        order += text[last:begin]
        last = end
    return order, rows.get("limit"), rows.get("offset", 0), text[values:]


def _levels(words: list[str]) -> list[int]:
    """Return the depth of brackets around each word; a bracket is not inside itself."""
    levels, depth = [], 0
    for word in words:
        depth -= word in ")}]"
        levels.append(depth)
        depth += word in "({["
    return levels


def _closing(text: str, words: list[tuple[str, str, int]], level: list[int], opens: int) -> int:
    closes = next((n for n in range(opens + 1, len(words)) if words[n][1] == "}" and level[n] == level[opens]), None)
    if closes is None:
        raise QueryError("A brace is not closed in this query.", f"It opens before: {text[words[opens][2] :][:40]!r}")
    return closes


def _at(text: str, words: list[tuple[str, str, int]], number: int) -> int:
    return words[number][2] if number < len(words) else len(text)


def described(parts: QueryParts) -> tuple[list[str], list[str]]:
    """Return the variables and the IRIs of a DESCRIBE query, as they are written."""
    names = [word for kind, word, _ in tokens(parts.head) if kind in {"iri", "prefixed"}]
    wanted = variables(parts.head)
    return (variables(parts.body) if parts.head == "*" else wanted), names


def within(parts: QueryParts, graph: str, named: tuple[str, ...]) -> QueryParts:
    """Restrict a query to one graph; GRAPH with a variable reaches only the named graphs.

    >>> " ".join(within(read_parts("ASK { ?s ?p ?o }"), "x:g", ()).text.split())
    'ASK WHERE { GRAPH <x:g> { ?s ?p ?o } }'
    """
    if any(word.lower() == "exists" for _, word, _ in tokens(f"{parts.head} {parts.order}")):
        raise QueryError("This endpoint does not support EXISTS outside of WHERE.", "Use BIND inside WHERE.")
    body, last = "", 0
    words = list(tokens(parts.body))
    allowed = " ".join(map(iri, named))
    for (kind, word, at), (after, name, _) in pairwise(words):
        if kind == "keyword" and word.lower() == "graph" and after == "variable":
            body += parts.body[last:at] + f" VALUES {name} {{ {allowed} }} "
            last = at
    return replace(parts, body=f" GRAPH {iri(graph)} {{{body}{parts.body[last:]}\n}} ")


def safe_concat(text: str) -> str:
    """Rewrite non-ASCII text constants in CONCAT to an equivalent form.

    Virtuoso 7 otherwise reads the bytes of the other arguments as letters, or replaces letters by ?.

    >>> safe_concat('CONCAT("“", ?a, "x")')
    'CONCAT(STR("“"@en), ?a, "x")'
    """
    words = list(tokens(text))
    made, last, depth, inside = "", 0, 0, list[int]()
    for before, (kind, word, at), after in zip([("", "", 0), *words], words, [*words, ("", "", 0)][1:], strict=False):
        if word == "(" and before[1].lower() == "concat":
            inside.append(depth)
        depth += (word == "(") - (word == ")")
        if word == ")" and inside and inside[-1] == depth:
            inside.pop()
        plain = after[0] != "language" and after[1] != "^"
        if kind == "string" and inside and plain and not word.isascii():
            made += f"{text[last:at]}STR({word}@en)"
            last = at + len(word)
    return made + text[last:]


# --- Virtuoso returns computed truth values as numbers, like counts

_SIGNS = frozenset("=<>!&|")
_WORDS = frozenset((
    "true", "false", "exists", "not", "in", "bound", "isiri", "isuri", "isblank", "isliteral", "isnumeric", "regex",
    "contains", "strstarts", "strends", "langmatches", "sameterm",
))  # fmt: skip
_CHOOSE = frozenset(("if", "coalesce", "min", "max", "sample"))


def computes_truth(text: str) -> bool:
    """Return whether a query may return a computed truth value.

    >>> computes_truth("SELECT (?a = ?b AS ?same) { ?a ?p ?b }")
    True
    >>> computes_truth('SELECT (IF(?a = ?b, "yes", "no") AS ?same) (COUNT(*) AS ?n) { ?a ?p ?b FILTER(?a = ?b) }')
    False
    """
    words = [(kind, word.lower()) for kind, word, _ in tokens(text)]
    opened: list[int] = []
    for number, (kind, word) in enumerate(words):
        if word in {"(", "{"}:
            opened.append(number)
        elif word in {")", "}"} and opened:
            opened.pop()
        elif kind == "keyword" and word == "as" and opened and _is_truth(words[opened[-1] + 1 : number]):
            return True
    return False


def _is_truth(words: list[tuple[str, str]]) -> bool:
    depth = 0
    chooses = bool(words) and words[0][1] in _CHOOSE
    # Only the values that a function chooses from matter, not the condition of IF.
    counted = not (chooses and words[0][1] == "if")
    for kind, word in words:
        depth -= word in {")", "}"}
        if chooses and depth == 1 and word == ",":
            counted = True
        sign = (kind == "mark" and word in _SIGNS) or (kind == "keyword" and word in _WORDS) or word == "xsd:boolean"
        if sign and counted and depth <= chooses:
            return True
        if kind == "prefixed" and word == "xsd:boolean":
            return counted
        depth += word in {"(", "{"}
    return False
