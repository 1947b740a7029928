"""Compare the disputes of a build with those that a plain program finds for a tenth of the propositions.

    python -m benchmarks.naive_disputes WORKSPACE

It reads build/graph.nq line by line, without an engine, and compares each proposition of the tenth with every other one
of the same relation and subject or of the same quantity. Four rules, which make most disputes of a generated corpus:
contradictions, inconsistent statements of one speaker, conflicting values and conflicting amounts. It takes the voices
of statements (`sp:voice`) as the graph has them.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.model.iris import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RULES = ("contradiction", "self-contradiction", "value-conflict", "value-conflict-amount")
_READ = (
    "proposition", "stance", "voice", "relation", "subject", "value", "valueEarliest", "valueLatest", "scope",
    "validEarliest", "validLatest", "quantity", "amountMin", "amountMax", "validTime", "singleValued", "speaksFor",
    "issuedBy", "post", "postAt", "rule", "affirmedBy", "deniedBy",
)  # fmt: skip
_SHARE = 10
_AFFIRMED = {"asserts", "concedes"}
_HELD = {*_AFFIRMED, "plans"}
# Whether one value is planned, and the other, to a part of the name of their dispute.
_CASES = {(False, False): "", (True, False): "plan ", (False, True): "later plan ", (True, True): "plans "}
# A rule, and the statements on each side of one dispute.
Found = tuple[str, frozenset[str], frozenset[str]]


@dataclass(slots=True)
class Triples:
    """The values of the properties that are compared: property to subject to values."""

    of: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    statements: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, graph: Path) -> Triples:
        """Read a file of N-Quads that we wrote; IRIs keep their angle brackets."""
        found = cls()
        names = {f"<{expand(f'sp:{name}')}>": name for name in _READ}
        with graph.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                subject, predicate, rest = line.split(" ", 2)
                if name := names.get(predicate):
                    found.of[name][subject].add(rest[: rest.rindex(" <")])
        for statement, propositions in found.of["proposition"].items():
            for proposition in propositions:
                found.statements[proposition].append(statement)
        return found

    def all(self, name: str, subject: str) -> set[str]:
        """Return the values of a property of a subject."""
        return self.of[name].get(subject, set())

    def one(self, name: str, subject: str) -> str:
        """Return the text of a property of a subject, "" without one."""
        return "".join(text_of(value) for value in self.all(name, subject))

    def said(self, proposition: str, stances: set[str]) -> list[tuple[str, str]]:
        """Return the statements of a proposition with some stances, with their stance."""
        pairs = ((one, self.one("stance", one).rpartition("#")[2]) for one in self.statements.get(proposition, ()))
        return [(one, stance) for one, stance in pairs if stance in stances]


def text_of(term: str) -> str:
    """Return the text of a term.

    >>> text_of('"7"^^<x:integer>'), text_of("<x:a>")
    ('7', 'x:a')
    """
    return term[1 : term.rindex('"')] if term.startswith('"') else term[1:-1]


def in_sample(proposition: str) -> bool:
    """Return whether a proposition belongs to the tenth."""
    return int(hashlib.sha256(proposition.encode()).hexdigest(), 16) % _SHARE == 0


def dispute(key: str) -> str:
    """Return the IRI of a dispute."""
    return f"<{PREFIXES['dispute']}{hashlib.sha256(key.encode()).hexdigest()[:32]}>"


def expected(graph: Triples) -> dict[str, Found]:
    """Return the disputes of the tenth."""
    sides: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for rule, key, yes, no in pairs(graph, [one for one in graph.statements if in_sample(one)]):
        for side, statement in zip(sides[rule, dispute(key)], (yes, no), strict=True):
            side.add(statement)
    return {name: (rule, frozenset(yes), frozenset(no)) for (rule, name), (yes, no) in sides.items()}


def pairs(graph: Triples, sample: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the pairs of statements in dispute: the rule, the key of the dispute, and both statements."""
    by_subject, by_quantity = groups(graph)
    for one in sample:
        yield from denied(graph, one)
        for key in keys(graph, one):
            for other in by_subject.get(key, ()):
                if differ(graph, one, other):
                    yield from between(graph, "value-conflict", one, other)
        for quantity in graph.all("quantity", one):
            for other in by_quantity.get(quantity, ()):
                yield from amounts(graph, one, other)


def groups(graph: Triples) -> tuple[dict[tuple[str, ...], list[str]], dict[str, list[str]]]:
    """Return the propositions by relation, subject and scope, and by quantity."""
    by_subject, by_quantity = defaultdict(list), defaultdict(list)
    for one in graph.statements:
        for key in keys(graph, one):
            by_subject[key].append(one)
        for quantity in graph.all("quantity", one):
            by_quantity[quantity].append(one)
    return by_subject, by_quantity


def keys(graph: Triples, one: str) -> Iterable[tuple[str, ...]]:
    """Return the keys under which other values of a single-valued relation are found."""
    if not is_single(graph, one) or not graph.all("value", one):
        return []
    scope = graph.one("scope", one)
    return [
        (relation, subject, scope) for relation in graph.all("relation", one) for subject in graph.all("subject", one)
    ]


def is_single(graph: Triples, one: str) -> bool:
    """Return whether the relation of a proposition has one value."""
    return any(graph.one("singleValued", relation) == "true" for relation in graph.all("relation", one))


def denied(graph: Triples, one: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield contradictions and inconsistent statements."""
    for no, _ in graph.said(one, {"denies"}):
        for yes, stance in graph.said(one, _HELD):
            shared = graph.all("voice", yes) & graph.all("voice", no)
            if not shared and stance in _AFFIRMED:
                yield "contradiction", f"contradiction {one[1:-1]}", yes, no
            for party in shared:
                if not shared & behind(graph, party):
                    yield "self-contradiction", f"self-contradiction {one[1:-1]} {party[1:-1]}", yes, no


def behind(graph: Triples, party: str) -> set[str]:
    """Return the bodies for which a party speaks, directly or through others."""
    found: set[str] = set()
    waiting = [party]
    while waiting:
        here = waiting.pop()
        posts = (at for post in graph.all("post", here) for at in graph.all("postAt", post))
        new = {*graph.all("speaksFor", here), *graph.all("issuedBy", here), *posts} - found
        found |= new
        waiting += new
    return found


def between(graph: Triples, rule: str, one: str, other: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the pairs of statements of two propositions in conflict."""
    for yes, stance in graph.said(one, _HELD):
        for no, second in graph.said(other, _HELD):
            case = _CASES[stance == "plans", second == "plans"]
            yield rule, f"{rule} {case}{one[1:-1]} {other[1:-1]}", yes, no


def differ(graph: Triples, one: str, other: str) -> bool:
    """Return whether the value of one is before that of the other, at times that may be the same."""
    begin, end, other_begin, other_end = (
        graph.one(name, which) for which in (one, other) for name in ("validEarliest", "validLatest")
    )
    if (end and other_begin > end) or (begin and other_end and begin > other_end):
        return False
    dated, last, next_, other_dated = (
        graph.one(name, which) for which, name in
        ((one, "valueEarliest"), (one, "valueLatest"), (other, "valueEarliest"), (other, "valueLatest"))
    )  # fmt: skip
    if dated or last or next_ or other_dated:
        return bool(last and next_) and last < next_
    return graph.one("value", one) < graph.one("value", other)


def amounts(graph: Triples, one: str, other: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the pairs of statements whose amounts conflict."""
    most, least = graph.one("amountMax", one), graph.one("amountMin", other)
    if (
        not (most and least and Decimal(most) < Decimal(least))
        or is_retracted(graph, one)
        or is_retracted(graph, other)
    ):
        return
    when, other_when, single = graph.one("validTime", one), graph.one("validTime", other), is_single(graph, one)
    if when != other_when and not (single and "" in {when, other_when}):
        return
    both_plan = not single and not when
    for found in between(graph, "value-conflict-amount", one, other):
        if not both_plan or all(graph.one("stance", said).endswith("#plans") for said in found[2:]):
            yield found


def is_retracted(graph: Triples, one: str) -> bool:
    """Return whether a statement retracts a proposition."""
    return bool(graph.said(one, {"retracts"}))


def derived(graph: Triples, names: Iterable[str]) -> dict[str, Found]:
    """Return the disputes of the four rules that belong to the tenth, or have one of the names."""
    rules = {f"<{PREFIXES['rule']}{rule}>": rule for rule in RULES}
    found, wanted = {}, set(names)
    for name, made in graph.of["rule"].items():
        yes, no = (frozenset(graph.all(side, name)) for side in ("affirmedBy", "deniedBy"))
        for rule in made & rules.keys():
            first = {proposition for one in yes for proposition in graph.all("proposition", one)}
            if name in wanted or any(map(in_sample, first)):
                found[name] = (rules[rule], yes, no)
    return found


def main(workspace: str) -> None:
    """Print by rule how many disputes agree; fail if one differs."""
    began = time.perf_counter()
    graph = Triples.read(Path(workspace) / "build" / "graph.nq")
    naive = expected(graph)
    ours = derived(graph, naive)
    sampled = sum(map(in_sample, graph.statements))
    print(f"{sampled:,} of {len(graph.statements):,} propositions, {time.perf_counter() - began:.0f} s")
    for rule in RULES:
        numbers = (sum(found[0] == rule for found in disputes.values()) for disputes in (naive, ours))
        print("{:<24} {:>8,} naive {:>8,} of the build".format(rule, *numbers))
    if wrong := sorted(name for name in naive.keys() | ours.keys() if naive.get(name) != ours.get(name)):
        sys.exit(f"{len(wrong):,} disputes differ: {', '.join(wrong[:3])}")


if __name__ == "__main__":
    main(sys.argv[1])
