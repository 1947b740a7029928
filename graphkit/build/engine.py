"""Runs rules, shapes and checks in a process of their own.

They may be a stranger's: the process has no network, its memory is limited, and each of them must end in time. An error
names the file, line and column.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from graphkit.build.checks import check_shapes, run_checks, term_places
from graphkit.build.rules import apply_rule, describe, read_rules
from graphkit.model.errors import GraphkitError, Location, Problem, TooCostlyError
from graphkit.query.limits import Limits
from graphkit.query.worker import Worker
from graphkit.store import EmbeddedStore, in_memory, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Concatenate, ParamSpec

    from graphkit.build.rules import Rule
    from graphkit.model.workspace import Workspace

    P = ParamSpec("P")
T = TypeVar("T")

# The slowest of our rules takes 0.04 s for 22,000 quads.
_SECONDS, _QUADS_A_SECOND = 5.0, 10_000
_MEGABYTES, _QUADS_A_MEGABYTE = 2_048, 250
_PLACE = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)
_COUNTED = {
    "sources": "?x a sp:Source",
    "entities": "GRAPH graph:entities { ?x a sp:Entity }",
    "propositions": "?x a sp:Proposition",
    "statements": "?x a sp:Statement",
    "disputes": "?x a sp:Dispute",
}


@dataclass(slots=True)
class _Graph:
    """The graph in the process, and the locations of its things in the data."""

    store: EmbeddedStore = field(default_factory=lambda: in_memory(()))
    places: Mapping[str, Location] = field(default_factory=dict)


class Engine:
    """A graph in a process of its own."""

    def __init__(self, workspace: Workspace, worker: Worker) -> None:
        self._workspace = workspace
        self._worker = worker

    @classmethod
    @contextmanager
    def start(cls, workspace: Workspace, quads: int, seconds: float | None) -> Iterator[Engine]:
        """Start the process, and stop it at the end.

        Args:
            quads: About how many quads the graph has; more of them get more time and memory.
            seconds: The most that each rule, each check and all shapes may take.
        """
        seconds = seconds or _SECONDS + quads / _QUADS_A_SECOND
        worker = Worker(_Graph, Limits(seconds, megabytes=_MEGABYTES + quads // _QUADS_A_MEGABYTE))
        try:
            worker.start()
            yield cls(workspace, worker)
        finally:
            worker.stop()

    def load(self, lines: bytes, places: Mapping[str, Location]) -> None:
        """Load the lines of the graph."""
        terms = term_places(self._workspace.vocabularies(), self._workspace.name)
        self._worker.run(_load, lines, {**terms, **places})

    def apply_rules(self) -> set[str]:
        """Apply the rules in the order of their names, and return the lines that they add."""
        rules = read_rules(self._workspace.rules())
        added = self._worker.run(_describe, rules)
        for rule in rules:
            added |= self._run(rule.path, _apply_rule, rule)
        return added

    def problems(self) -> list[Problem]:
        """Check the shapes and run the checks."""
        found = self._run(self._workspace.ontology / "shapes.ttl", _shapes, self._workspace.ontology / "shapes.ttl")
        for path in self._workspace.checks():
            found += self._run(path, _check, path)
        return found

    def counts(self) -> dict[str, int]:
        """Count things by kind."""
        return self._run(self._workspace.ontology, _count)

    def _run(self, path: Path, job: Callable[Concatenate[_Graph, P], T], *arguments: P.args, **_n: P.kwargs) -> T:
        try:
            return self._worker.run(job, *arguments, **_n)
        except GraphkitError as error:
            raise self._located(path, error) from error

    def _located(self, path: Path, error: GraphkitError) -> GraphkitError:
        """Put the place of an error in front of it."""
        if path.suffix != ".rq" and not isinstance(error, TooCostlyError):
            return error
        found = _PLACE.match(error.message)
        line, column, message = found.groups() if found else (_first_line(path), 1, error.message)
        hint = "Remove it." if "--allow-host" in error.hint else error.hint
        if isinstance(error, TooCostlyError):
            hint = "Simplify it, or allow it more time: --timeout SECONDS"
            message = message.replace("The query", "It")
        return type(error)(f"{self._workspace.name(path)}:{line}:{column}: {message}", hint)


def _first_line(path: Path) -> int:
    """Return the first line that is not a comment."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")), 1)


def _load(graph: _Graph, lines: bytes, places: Mapping[str, Location]) -> None:
    graph.store.add(lines)
    graph.places = places


def _describe(graph: _Graph, rules: Iterable[Rule]) -> set[str]:
    lines = {line for rule in rules for line in describe(rule)}
    graph.store.add(lines)
    return lines


def _apply_rule(graph: _Graph, rule: Rule) -> set[str]:
    return apply_rule(rule, graph.store)


def _shapes(graph: _Graph, path: Path) -> list[Problem]:
    return list(check_shapes(path, graph.store, graph.places))


def _check(graph: _Graph, path: Path) -> list[Problem]:
    return list(run_checks([path], graph.store, graph.places))


def _count(graph: _Graph) -> dict[str, int]:
    queries = {name: f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {where} }}" for name, where in _COUNTED.items()}
    return {name: int(next(texts(graph.store, query, "n"))[0]) for name, query in queries.items()}
