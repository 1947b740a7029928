"""Truth values that a query computes: some servers give them as numbers, which nobody could tell from a count."""

from __future__ import annotations

from graphkit.store.syntax import tokens

_SIGNS = frozenset("=<>!&|")
_WORDS = frozenset(
    [
        "true",
        "false",
        "exists",
        "not",
        "in",
        "bound",
        "isiri",
        "isuri",
        "isblank",
        "isliteral",
        "isnumeric",
        "regex",
        "contains",
        "strstarts",
        "strends",
        "langmatches",
        "sameterm",
    ]
)
_CHOOSE = frozenset(("if", "coalesce", "min", "max", "sample"))


def computes_truth(text: str) -> bool:
    """Say whether a query may give a truth value that it computes under a name.

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
    # What is chosen between counts; of IF what it decides by does not.
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
