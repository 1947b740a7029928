"""Runs rules, shapes and checks in a process of their own.

They may be a stranger's: the process has no network, its memory is limited, and each of them must end in time. One that
fails is a problem with its file, line and column.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from graphkit.build.checks import check_shapes, run_checks, term_places
from graphkit.build.nquads import ontology_lines
from graphkit.build.reads import graphs, predicates, predicates_after
from graphkit.build.rules import Applied, Rule, apply_rule, count_lines, describe, read_rules, results
from graphkit.model.errors import Location, Problem, QueryError, TooCostlyError
from graphkit.model.generation import Generation
from graphkit.model.iris import shorten
from graphkit.model.vocabulary import read_ontology
from graphkit.model.workspace import Workspace
from graphkit.query.limits import Limits
from graphkit.query.worker import Worker
from graphkit.store import EmbeddedStore, PartialStore, in_memory, open_store, texts

T = TypeVar("T")
# All shapes over 700,000 quads on disk take 4.5 s; a busy machine may need ten times as long.
_SECONDS, _QUADS_A_SECOND = 5.0, 2_500
_MEGABYTES, _QUADS_A_MEGABYTE = 2_048, 250
# Bytes of a file that are loaded at a time.
_READ = 32_000_000
_PLACE = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)
_COUNTED = {
    "sources": "?x a sp:Source",
    "entities": "GRAPH graph:entities { ?x a sp:Entity }",
    "propositions": "?x a sp:Proposition",
    "statements": "?x a sp:Statement",
    "disputes": "?x a sp:Dispute",
}
# Acts of speech, and claims as such, need no other account. Three sets, joined on all three variables at once.
_CLAIMS = """
SELECT ?subject ?relation ?end WHERE {{
  {{ SELECT DISTINCT ?subject ?relation ?end WHERE {{
      GRAPH <{graph}> {{ ?subject ?relation ?end }}
      ?relation a sp:Relation .
      FILTER(?relation NOT IN (sp:claimed, sp:denied, sp:planned))
      FILTER NOT EXISTS {{ ?relation sp:performative true }}
  }} }}
  {{ SELECT DISTINCT ?subject ?relation ?end WHERE {{
      ?claim sp:subject ?subject ; sp:relation ?relation ; sp:object|sp:value ?end .
  }} }}
  MINUS {{
    ?account sp:toldIn ?source ; sp:subject ?subject ; sp:relation ?relation ; sp:object|sp:value ?end .
  }}
}}
"""


@dataclass(slots=True)
class _Graph:
    """The graph in the process, and the locations of its things in the data.

    Attributes:
        after: The predicates of its results that a rule over a part of the graph has to keep, by the name of the rule.
    """

    store: EmbeddedStore = field(default_factory=lambda: in_memory(()))
    places: Mapping[str, Location] = field(default_factory=dict)
    after: Mapping[str, frozenset[bytes]] = field(default_factory=dict)


class Engine:
    """A graph in a process of its own."""

    def __init__(self, workspace: Workspace, worker: Worker) -> None:
        self._workspace = workspace
        self._worker = worker

    @classmethod
    @contextmanager
    def start(
        cls, workspace: Workspace, quads: int, seconds: float | None, indexed: Generation | None = None
    ) -> Iterator[Engine]:
        """Start the process, and stop it at the end.

        Args:
            quads: About how many quads the graph has; more of them get more time and memory.
            seconds: The most that each rule, each check and all shapes may take.
            indexed: A graph on disk, to which nothing can be added; by default the graph is empty.
        """
        seconds = seconds or _SECONDS + quads / _QUADS_A_SECOND
        source = partial(_opened, indexed) if indexed else _Graph
        worker = Worker(source, Limits(seconds, megabytes=_MEGABYTES + quads // _QUADS_A_MEGABYTE))
        try:
            worker.start()
            yield cls(workspace, worker)
        finally:
            worker.stop()

    def load(self, lines: bytes) -> None:
        """Load lines of the graph."""
        self._worker.run(_load, lines)

    def load_ontology(self) -> bytes:
        """Load the lines of the ontology, and return them."""
        return self._worker.run(_load_ontology, tuple(self._workspace.vocabularies()))

    def load_file(self, path: Path) -> None:
        """Load what the rules read of a file of lines, each triple once, in no named graph."""
        rules = read_rules(self._workspace.rules())
        sequence, ontology = [*rules, *_at_the_end(rules)], read_ontology(self._workspace.vocabularies())
        wanted = predicates(sequence, ontology)
        after = predicates_after(sequence, ontology) if wanted is not None else {}
        self._worker.run(_load_file, path, wanted, graphs(rules), after)

    def place(self, places: Mapping[str, Location]) -> None:
        """Take the locations of the things in the graph."""
        terms = term_places(self._workspace.vocabularies(), self._workspace.name)
        self._worker.run(_place, {**terms, **places})

    def apply_rules(self, failed: list[Problem], keep: Callable[[Iterable[bytes]], T]) -> Iterator[T]:
        """Apply the rules in the order of their names, and yield what is kept of the lines of each.

        Args:
            failed: Takes the rules that fail, or make plain triples of claims.
            keep: A function for the process of the rules: `in_line_order`, or one that writes the lines to files.
        """
        rules = read_rules(self._workspace.rules())
        yield self._worker.run(_describe, rules, keep)
        for rule in rules:
            try:
                yield self._worker.run(_apply_and_keep, rule, keep)
            except QueryError as error:
                failed.append(self._problem("failing-rule", rule.path, error))
                if isinstance(error, TooCostlyError):  # the graph ended with its process
                    return
        failed += self._claims_as_facts(rules)

    def _claims_as_facts(self, rules: list[Rule]) -> Iterator[Problem]:
        for rule, triples in self._worker.run(_find_claims_as_facts, rules):
            place = Location(self._workspace.name(rule.path), _first_line(rule.path), 1)
            more = f", and {len(triples) - 1} more" if triples[1:] else ""
            message = f"It makes plain triples of claims that no source reports as its own account: {triples[0]}{more}."
            yield Problem("claim-as-fact", place, message, "add ?proposition sp:toldIn ?source to its conditions.")

    def apply(self, rule: Rule) -> Applied[int]:
        """Apply a rule to the graph, and count its results.

        Raises:
            QueryError: It failed.
        """
        return self._worker.run(_apply_rule, rule, count_lines)

    def problems(self) -> list[Problem]:
        """Check the shapes and run the checks."""
        shapes = self._workspace.ontology / "shapes.ttl"
        try:
            found = self._worker.run(_shapes, shapes)
        except TooCostlyError as error:
            return [self._problem("failing-check", shapes, error)]
        except QueryError as error:
            found = [self._problem("failing-check", shapes, error)]
        for path in self._workspace.checks():
            try:
                found += self._worker.run(_check, path)
            except QueryError as error:
                found.append(self._problem("failing-check", path, error))
                if isinstance(error, TooCostlyError):
                    break
        return found

    def counts(self) -> dict[str, int]:
        """Count things by kind."""
        return self._worker.run(_count)

    def _problem(self, code: str, path: Path, error: QueryError) -> Problem:
        """Return the error of a rule, a check or the shapes with its place."""
        found = _PLACE.match(error.message)
        line, column, message = found.groups() if found else (_first_line(path), 1, error.message)
        hint = "Remove it." if "--allow-host" in error.hint else error.hint
        if isinstance(error, TooCostlyError):
            hint = "Simplify it, or allow it more time: --timeout SECONDS"
            message = message.replace("The query", "It")
        return Problem(code, Location(self._workspace.name(path), int(line), int(column)), message, hint)


def _first_line(path: Path) -> int:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")), 1)


def _opened(generation: Generation) -> _Graph:
    return _Graph(open_store(generation))


def _load(graph: _Graph, lines: bytes) -> None:
    graph.store.add(lines)


def _load_ontology(graph: _Graph, files: tuple[Path, ...]) -> bytes:
    lines = "".join(ontology_lines(files)).encode()
    graph.store.add(lines)
    return lines


def _load_file(
    graph: _Graph,
    path: Path,
    wanted: frozenset[bytes] | None,
    named: frozenset[str],
    after: Mapping[str, frozenset[bytes]],
) -> None:
    if wanted is not None:
        graph.store = part = PartialStore(wanted, named)
        graph.after = after
        part.load(path)
        return
    with path.open("rb") as file:
        while lines := file.readlines(_READ):
            graph.store.add(b"".join(lines))


def _place(graph: _Graph, places: Mapping[str, Location]) -> None:
    graph.places = places


def in_line_order(parts: Iterable[bytes]) -> bytes:
    """Sort lines."""
    return b"".join(sorted(b"".join(parts).splitlines(keepends=True)))


def _describe(graph: _Graph, rules: Iterable[Rule], keep: Callable[[Iterable[bytes]], T]) -> T:
    lines = "".join({line for rule in rules for line in describe(rule)}).encode()
    graph.store.add(lines)
    return keep([lines])


def _apply_rule(graph: _Graph, rule: Rule, keep: Callable[[Iterable[bytes]], T]) -> Applied[T]:
    if isinstance(graph.store, PartialStore):
        graph.store.predicates = graph.after[rule.name]
    return apply_rule(rule, graph.store, keep)


def _apply_and_keep(graph: _Graph, rule: Rule, keep: Callable[[Iterable[bytes]], T]) -> T:
    return _apply_rule(graph, rule, keep).kept


def _find_claims_as_facts(graph: _Graph, rules: list[Rule]) -> list[tuple[Rule, list[str]]]:
    return list(claims_as_facts(rules, graph.store))


def _shapes(graph: _Graph, path: Path) -> list[Problem]:
    return list(check_shapes(path, graph.store, graph.places))


def _check(graph: _Graph, path: Path) -> list[Problem]:
    return list(run_checks([path], graph.store, graph.places))


def _count(graph: _Graph) -> dict[str, int]:
    queries = {name: f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {where} }}" for name, where in _COUNTED.items()}
    return {name: int(next(texts(graph.store, query, "n"))[0]) for name, query in queries.items()}


def _at_the_end(rules: Iterable[Rule]) -> list[Rule]:
    """Return the queries that read the graph after all rules: `claims_as_facts` runs some rules again."""
    checked = [rule for rule in rules if rule.into.startswith("flat/")]
    return [*checked, *(replace(rule, text=_CLAIMS.format(graph=rule.graph)) for rule in checked[:1])]


def claims_as_facts(rules: Iterable[Rule], store: EmbeddedStore) -> Iterator[tuple[Rule, list[str]]]:
    """Yield each rule that makes plain triples of claims, with these triples in short form."""
    into: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.into.startswith("flat/"):
            into[rule.graph].append(rule)
    for graph, writing in into.items():
        if claims := _claims(graph, store):
            yield from _makers(writing, claims, store)


def _claims(graph: str, store: EmbeddedStore) -> dict[bytes, str]:
    """Return the plain triples of a graph that are only claims: lines of N-Triples to short forms."""
    rows = store.query(_CLAIMS.format(graph=graph))
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - of a SELECT query
    return dict(sorted((_line(row), " ".join(map(_short, row))) for row in rows))


def _makers(
    rules: Iterable[Rule], claims: Mapping[bytes, str], store: EmbeddedStore
) -> Iterator[tuple[Rule, list[str]]]:
    for rule in rules:
        made = {line for part in results(rule, store) for line in part.splitlines(keepends=True) if line in claims}
        if made:
            yield rule, [short for line, short in claims.items() if line in made]


def _line(row: ox.QuerySolution) -> bytes:
    return f"{' '.join(map(str, row))} .\n".encode()


def _short(term: object) -> str:
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(term)
