"""Applies the rules on a SPARQL 1.1 endpoint, and compares what it derives with what the embedded engine derives.

The graph before the rules goes to a graph of its own, to which the results are added; each result is also in a graph
that corresponds to the one of the rule in a build. A ledger on the endpoint holds what is complete, so that a run that
was interrupted between two rules, or within one, can be repeated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice

from graphkit.build.profile import given
from graphkit.build.rules import Rule, apply_rule, read_rules
from graphkit.model.errors import StoreError
from graphkit.model.iris import PREFIXES, expand, graph_iri, iri, literal
from graphkit.model.workspace import Workspace
from graphkit.store import EmbeddedStore, in_memory
from graphkit.store.remote.endpoint import Endpoint
from graphkit.store.remote.publish import Server, candidates_of
from graphkit.store.remote.targets import Target, Updates
from graphkit.store.syntax import tokens, variables, with_prefixes

_THERE = "there/"
GIVEN, LEDGER = graph_iri(_THERE + "given"), graph_iri(_THERE + "ledger")
_DONE = expand("dcterms:identifier")
# Lines that are loaded at a time.
_LINES = 100_000
# Subjects whose triples are asked for at a time; Virtuoso gives no more than 10,000 rows.
_SUBJECTS = 200
# Virtuoso 7.2 loses rows of joins with SELECT DISTINCT unless enable_inline_sqs is 0; applying a rule again adds some.
_MOST = 10
# Words of a server that name a limit of it, and the setting of Virtuoso.
_LIMITS = {"timed out": "MaxQueryExecutionTime", "log after image": "TransactionAfterImageLimit"}
_OVER = "Raise this limit of the server (in Virtuoso: {}), then repeat the command: it goes on with this rule."


@dataclass(frozen=True, slots=True)
class Compared:
    """A rule on the endpoint.

    Attributes:
        sent: How often it was applied now; 0 if the ledger has it.
        rows: The number of triples in its graph after it, on the endpoint and in the embedded engine.
        missing: Triples that only the embedded engine derives.
        extra: Triples that only the endpoint has.
    """

    rule: str
    sent: int
    rows: int
    expected: int
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the endpoint derives the same."""
        return not self.missing and not self.extra


@dataclass(slots=True)
class _Run:
    """A derivation in progress.

    Attributes:
        expected: The graphs that rules write into, each to the triples that the embedded engine derives.
        entries: The graphs there, each to what the ledger holds for the last rule that writes into it.
    """

    endpoint: Endpoint
    target: Updates
    store: EmbeddedStore
    rules: list[Rule]
    expected: dict[str, set[str]] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)

    def begin(self, lines: Iterable[bytes]) -> dict[str, str]:
        """Send the graph before the rules unless it is there, for the same rules; return the ledger."""
        triples = sorted({line.decode().rpartition(" <")[0] + " .\n" for line in lines})
        entry = _hash(chain(triples, (rule.text for rule in self.rules)))
        found = self.ledger()
        if found.get(GIVEN) == entry and self.endpoint.count(GIVEN) >= len(triples):
            return found
        for graph in (LEDGER, *sorted({_there(rule.graph) for rule in self.rules})):
            self.target.drop(graph)
        self.loader(triples[:1]).put(GIVEN, triples)
        self.note(GIVEN, entry)
        return {GIVEN: entry}

    def loader(self, first: list[str]) -> Target:
        """Return an address that takes a graph as a file, which is two to three times as fast, or that of updates."""
        for target in candidates_of(Server(self.endpoint, "gsp")):
            with suppress(StoreError):
                target.put(GIVEN, first)
                if self.endpoint.count(GIVEN) == len(first):
                    return target
        return self.target

    def ledger(self) -> dict[str, str]:
        """Return what is complete."""
        rows = self.endpoint.rows(f"SELECT ?s ?o {{ GRAPH {iri(LEDGER)} {{ ?s {iri(_DONE)} ?o }} }}")
        return {row["s"].value: row["o"].value for row in rows.solutions()}

    def note(self, name: str, entry: str) -> None:
        """Note on the endpoint that something is complete."""
        self.target.update(f"INSERT DATA {{ GRAPH {iri(LEDGER)} {{ {iri(name)} {iri(_DONE)} {literal(entry)} }} }}")

    def apply(self, rule: Rule, known: dict[str, str]) -> Compared:
        """Apply a rule here, and there unless the ledger has it, and compare its graph."""
        lines = apply_rule(rule, self.store, b"".join).kept.decode().splitlines()
        found, graph = {line.rpartition(" <")[0] for line in lines}, _there(rule.graph)
        expected = self.expected.setdefault(rule.graph, set())
        expected |= found
        entry = self.entries[graph] = _hash([rule.text, self.entries.get(graph, ""), *sorted(found)])
        if known.get(rule.iri) == entry and self.endpoint.count(graph) >= len(expected):
            return Compared(rule.name, sent=0, rows=len(expected), expected=len(expected))
        compared = self.send(rule, graph, found, expected)
        if compared.same:
            self.note(rule.iri, entry)
        return compared

    def send(self, rule: Rule, graph: str, found: set[str], expected: set[str]) -> Compared:
        """Apply a rule there, again while rows are missing, and compare."""
        sent, missing = 0, {""}
        while missing and sent < _MOST:
            sent, before = sent + 1, -1
            while before != (before := self.endpoint.count(graph)):
                self.update(rule)
                if not rule.repeats:
                    break
            rows, missing, extra = self.compare(graph, found, expected)
        return Compared(rule.name, sent, rows, len(expected), tuple(sorted(missing)), tuple(sorted(extra)))

    def update(self, rule: Rule) -> None:
        try:
            self.target.update(as_update(rule))
        except StoreError as error:
            hints = [_OVER.format(setting) for words, setting in _LIMITS.items() if words in error.message]
            raise StoreError(f"The rule {rule.name!r}: {error.message}", *hints or [error.hint]) from error

    def compare(self, graph: str, found: set[str], expected: set[str]) -> tuple[int, set[str], set[str]]:
        """Return the number of triples of a graph there, and those that it lacks and has besides.

        Only the subjects of `found` are read, unless the number of triples shows a difference elsewhere.
        """
        subjects = sorted({triple.partition(" ")[0] for triple in found})
        slices = (subjects[at : at + _SUBJECTS] for at in range(0, len(subjects), _SUBJECTS))
        there = {str(triple) for some in slices for triple in self.endpoint.triples(graph, some)}
        missing, extra, rows = found - there, there - expected, self.endpoint.count(graph)
        if rows != len(expected) - len(missing) + len(extra):
            there = set(map(str, self.endpoint.triples(graph)))
            missing, extra = expected - there, there - expected
        return rows, missing, extra


def derive(
    workspace: Workspace, endpoint: Endpoint, target: Updates, enter: Callable[[str], None]
) -> Iterator[Compared]:
    """Apply the rules in their order on an endpoint, and yield how each compares; a difference ends it.

    Args:
        enter: Called with the name of each rule before it is applied.

    Raises:
        StoreError: There is no build, or the endpoint refuses something.
    """
    rules = read_rules(workspace.rules())
    place, derived = workspace.generation().graph_file, {rule.graph for rule in rules}
    run = _Run(endpoint, target, in_memory(()), rules)
    known = run.begin(given(place, derived))
    lines = given(place, derived)
    while part := b"".join(islice(lines, _LINES)):
        run.store.add(part)
    for rule in rules:
        enter(rule.name)
        compared = run.apply(rule, known)
        yield compared
        if not compared.same:
            return


def as_update(rule: Rule) -> str:
    """Return a rule as a SPARQL update that adds its results to its graph on an endpoint and to the whole.

    Raises:
        StoreError: The rule has no template in braces.
    """
    text = re.sub(r"(?m)^#.*\n", "", rule.text)
    words = list(tokens(text))
    opened = next((at for kind, word, at in words if word == "{"), -1)
    closed = next((at for kind, word, at in words if word == "}"), -1)
    if opened < 0 or words[0][1].lower() != "construct":
        raise StoreError(f"The rule {rule.name!r} has no template.", "Write CONSTRUCT { … } WHERE { … }.")
    template, rest = text[opened : closed + 1], text[closed + 1 :]
    for name in sorted(set(re.findall(r"graph:((?:\w|\\/)+)", rest))):
        rest = rest.replace(f"graph:{name}", iri(_there(graph_iri(name.replace("\\", "")))))
    # Virtuoso fails on some patterns outside a sub-SELECT, and finds no named graphs beside WITH; with USING, rdflib
    # loads graphs from the Web.
    columns = " ".join(f"?{name}" for name in variables(template))
    graphs = f"GRAPH {iri(GIVEN)} {template} GRAPH {iri(_there(rule.graph))} {template}"
    where = f"GRAPH {iri(GIVEN)} {{ {{ SELECT DISTINCT {columns} {rest} }} }}"
    return with_prefixes(f"INSERT {{ {graphs} }} WHERE {{ {where} }}")


def _there(graph: str) -> str:
    """Return the graph on an endpoint that corresponds to one of a build."""
    return graph_iri(_THERE + graph.removeprefix(PREFIXES["graph"]))


def _hash(parts: Iterable[str]) -> str:
    """Return the hash of texts one after the other; together, those of a large graph take a gigabyte."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
    return digest.hexdigest()
