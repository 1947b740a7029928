"""Which predicates rules read: a large graph is loaded for them without its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from pyoxigraph import Quad

from graphkit.build.rules import Rule
from graphkit.model.iris import expand
from graphkit.store.syntax import tokens

Token = tuple[str, str, int]

_TERMS = {"variable", "iri", "prefixed", "string", "number", "blank"}
_SUBJECTS = {"variable", "iri", "prefixed", "blank"}


def predicates(rules: Iterable[Rule], ontology: Iterable[Quad] = ()) -> frozenset[bytes] | None:
    """Return the IRIs that rules name, in angle brackets; None if a rule may read others too.

    A rule reads other predicates if one of its patterns has a variable or a negated set in their place, or if it looks
    into a graph that no rule writes into. "Reads" in its header lists what such a variable can be; a class in it stands
    for its instances.

    Args:
        ontology: Where the instances are looked up.
    """
    found = frozenset[bytes]()
    for each in _of_each(list(rules), ontology):
        if each is None:
            return None
        found |= each
    return found


def predicates_after(rules: Sequence[Rule], ontology: Iterable[Quad] = ()) -> dict[str, frozenset[bytes]]:
    """Return for each rule, by its name, the IRIs that it reads of its own results and that later rules read.

    Args:
        rules: None of them may read any predicate.
        ontology: Where instances are looked up.
    """
    later, found = frozenset[bytes](), {}
    for rule, each in reversed([*zip(rules, _of_each(rules, ontology), strict=True)]):
        read = later | (each or later)
        found[rule.name] = read if rule.repeats else later
        later = read
    return found


def _of_each(rules: Sequence[Rule], ontology: Iterable[Quad]) -> Iterator[frozenset[bytes] | None]:
    """Yield what each rule reads; None if it may read any predicate."""
    derived, instances = {f"<{rule.graph}>" for rule in rules}, defaultdict[str, set[str]](set)
    for quad in ontology:
        instances[str(quad.object)].add(str(quad.subject))
    for rule in rules:
        words, stated = _patterns(rule.text, derived), rule.header.fields.get("Reads", "").split()
        if words is None or (not stated and _is_open(words)):
            yield None
            continue
        named = {_iri(word) for kind, word, _ in words if kind in {"iri", "prefixed"}} | {*map(_iri, stated)}
        named |= {_iri("rdf:type")}.union(*(instances.get(word, ()) for word in named))
        yield frozenset(word.encode() for word in named)


def graphs(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the IRIs of the graphs that rules look into, and of the graphs of plain triples, which are checked."""
    found: set[str] = set()
    for rule in rules:
        words = list(tokens(rule.text))
        found |= {_iri(word)[1:-1] for before, (_, word, _) in pairwise(words) if before[1].lower() == "graph"}
        found |= {rule.graph} if rule.into.startswith("flat/") else set()
    return frozenset(found)


def _iri(word: str) -> str:
    return word if word.startswith("<") else f"<{expand(word.replace(chr(92), ''))}>"


def _patterns(text: str, derived: Collection[str]) -> list[Token] | None:
    """Return the tokens of a rule without its template, its projections and what it reads of derived graphs."""
    words, at = list(tokens(text)), 0
    kept: list[Token] = []
    while at < len(words):
        word = words[at][1].lower()
        if word == "graph":
            if words[at + 1][0] not in {"iri", "prefixed"} or _iri(words[at + 1][1]) not in derived:
                return None
            at = _closing(words, at + 2)
        elif word in {"construct", "select"}:
            at = _closing(words, at + 1) if word == "construct" else _to_group(words, at)
        else:
            kept.append(words[at])
            at += 1
    return kept


def _closing(words: Sequence[Token], at: int) -> int:
    """Return the position after the group that begins at a position."""
    depth = 0
    for number in range(at, len(words)):
        depth += (words[number][1] == "{") - (words[number][1] == "}")
        if not depth:
            return number + 1
    return len(words)


def _to_group(words: Sequence[Token], at: int) -> int:
    return next((number for number in range(at, len(words)) if words[number][1] == "{"), len(words))


def _is_open(words: Sequence[Token]) -> bool:
    """Return whether a variable that VALUES does not bind, or a negated set, is in the place of a predicate."""
    bound = _bound_by_values(words)
    return any(
        _is_negated_set(words[at - 1], *words[at : at + 3])
        or (words[at + 1][1] not in bound and _is_predicate(*words[at : at + 3]))
        for at in range(1, len(words) - 2)
    )


def _is_predicate(before: Token, here: Token, after: Token) -> bool:
    """Return whether a variable is between a subject and an object."""
    return here[0] == "variable" and _may_precede(before) and (after[0] in _TERMS or after[1] in {"[", "("})


def _is_negated_set(first: Token, before: Token, here: Token, after: Token) -> bool:
    """Return whether an exclamation mark begins a negated set of predicates; it may also negate a condition."""
    in_path = _may_precede(before) or before[1] == "/" or (before[1] == "|" and first[1] != "|")
    return here[1] == "!" and (after[0] in {"iri", "prefixed"} or after[1] == "^" or (in_path and after[1] == "("))


def _may_precede(before: Token) -> bool:
    """Return whether a predicate may follow."""
    return before[0] in _SUBJECTS or before[1] in {";", "]"}


def _bound_by_values(words: Sequence[Token]) -> set[str]:
    found: set[str] = set()
    for at, (_, word, _) in enumerate(words):
        if word.lower() == "values":
            found |= {name for kind, name, _ in words[at : _to_group(words, at)] if kind == "variable"}
    return found
