"""The stages of a build: load, verify, compile, rules, check, write.

The product is `build/graph.nq`, sorted and byte-stable. The graph, its index and its statistics replace those of the
last build together, and only if nothing is wrong: a failed or interrupted build changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from graphkit.build.checks import check_shapes, run_checks
from graphkit.build.compile import compile_corpus, compile_ontology
from graphkit.build.rules import apply_rules, read_rules
from graphkit.build.statistics import write_statistics
from graphkit.corpus.evidence import Captures, check_lengths, verify
from graphkit.corpus.load import Loaded, load
from graphkit.model.errors import Problem, StoreError, has_errors, in_order
from graphkit.model.files import replacing_all
from graphkit.model.vocabulary import read_ontology
from graphkit.store import EmbeddedStore, in_memory, index_file, texts

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.workspace import Workspace

Progress = Callable[[str], None]

STAGES = ("load", "verify", "compile", "rules", "check", "write")


@dataclass(frozen=True)
class Checked:
    """A graph and its problems.

    Attributes:
        lines: Sorted N-Quads lines; empty if the data could not be compiled.
        problems: Sorted by location.
        evidence: Evidence status to the number of passages.
        counts: Kind of thing to its number in the graph.
    """

    lines: list[str] = field(repr=False)
    problems: list[Problem]
    evidence: dict[str, int]
    counts: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether no problem stops a build."""
        return not has_errors(self.problems)

    @cached_property
    def sha256(self) -> str:
        """The hash of the product."""
        return hashlib.sha256("".join(self.lines).encode()).hexdigest()


class _NotWrittenError(Exception):
    """The graph that is being written has errors."""

    def __init__(self, checked: Checked) -> None:
        super().__init__()
        self.checked = checked


@dataclass(frozen=True, slots=True)
class _Derived:
    """A graph before it is checked; without a store if the data could not be compiled."""

    loaded: Loaded
    problems: list[Problem]
    evidence: dict[str, int]
    store: EmbeddedStore | None = None
    lines: list[str] = field(default_factory=list)

    def checked(self, workspace: Workspace) -> Checked:
        """Check shapes and run the checks."""
        store, problems, locations = self.store, self.problems, self.loaded.places
        if store is None:
            return Checked([], in_order(problems), self.evidence, {})
        found = [
            *check_shapes(workspace.ontology / "shapes.ttl", store, locations),
            *run_checks(workspace.checks(), store, locations),
        ]
        counts = {**count(store), "quads": len(self.lines)}
        return Checked(self.lines, in_order([*problems, *found]), self.evidence, counts)


def _ignore(_stage: str) -> None:
    """Show no progress."""


def check(workspace: Workspace, captures: Path | None = None, progress: Progress = _ignore) -> Checked:
    """Run all stages except the last: write nothing.

    Args:
        captures: A folder of captures to look the passages up in.
        progress: Called with the name of each stage as it begins.

    Raises:
        WorkspaceError: The ontology or the captures cannot be read.
        QueryError: A rule or a check is not the right kind of query.
    """
    derived = _derive(workspace, captures, progress)
    progress("check")
    return derived.checked(workspace)


def build(workspace: Workspace, captures: Path | None = None, progress: Progress = _ignore) -> Checked:
    """Check everything, and if nothing is wrong write the graph, its index and its statistics.

    Args:
        captures: A folder of captures to look the passages up in.
        progress: Called with the name of each stage as it begins.

    Returns:
        The graph that was built; if it is not `ok`, nothing was written.

    Raises:
        StoreError: The build folder cannot be written to.
    """
    derived = _derive(workspace, captures, progress)
    progress("check")
    if derived.store is None or has_errors(derived.problems):
        return derived.checked(workspace)
    try:
        return _write_checked(derived, workspace, progress)
    except _NotWrittenError as refused:
        return refused.checked
    except OSError as error:
        raise StoreError(
            f"{workspace.build} cannot be written: {error}", "Free the disk or the folder, then: graphkit build"
        ) from error


def _derive(workspace: Workspace, captures: Path | None, progress: Progress) -> _Derived:
    progress("load")
    loaded = load(workspace)
    problems = list(loaded.problems)
    progress("verify")
    problems += check_lengths(loaded.corpus, loaded.places)
    evidence = _verify(loaded, captures, problems)
    if has_errors(loaded.problems):
        return _Derived(loaded, problems, evidence)
    progress("compile")
    store = in_memory(compile_lines(workspace, loaded))
    progress("rules")
    apply_rules(store, read_rules(workspace.rules()))
    return _Derived(loaded, problems, evidence, store, sorted(store.nquads()))


def _verify(loaded: Loaded, captures: Path | None, problems: list[Problem]) -> dict[str, int]:
    if captures is None:
        taken = Counter(
            "unverified" if said.evidence.at is None else "verified"
            for source in loaded.corpus.sources.values()
            for said in source.statements.values()
        )
        return dict(sorted(taken.items()))
    result = verify(loaded.corpus, Captures.in_folder(captures), loaded.places)
    problems += result.problems
    return dict(result.counts)


def compile_lines(workspace: Workspace, loaded: Loaded) -> set[str]:
    """Return the lines of the ontology and the corpus, each once."""
    triples = (
        (str(quad.subject), str(quad.predicate), str(quad.object)) for quad in read_ontology(workspace.vocabularies())
    )
    return {*compile_ontology(triples), *compile_corpus(loaded.corpus)}


_COUNTED = {
    "sources": "?x a sp:Source",
    "entities": "GRAPH graph:entities { ?x a sp:Entity }",
    "propositions": "?x a sp:Proposition",
    "statements": "?x a sp:Statement",
    "disputes": "?x a sp:Dispute",
}


def count(store: EmbeddedStore) -> dict[str, int]:
    """Count things by kind."""
    queries = {name: f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {where} }}" for name, where in _COUNTED.items()}
    return {name: int(next(texts(store, query, "n"))[0]) for name, query in queries.items()}


def _write_checked(derived: _Derived, workspace: Workspace, progress: Progress) -> Checked:
    """Write a graph beside the last one while it is checked; the last one stays if the new one is refused."""
    with replacing_all(workspace.store, workspace.graph_file, workspace.statistics_file) as (store, graph, statistics):
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(_write, store, graph, statistics, derived.lines)
            checked = derived.checked(workspace)
            progress("write")
            writing.result()
        if not checked.ok:
            raise _NotWrittenError(checked)
    return checked


def _write(store: Path, graph: Path, statistics: Path, lines: list[str]) -> None:
    graph.write_text("".join(lines), encoding="utf-8", newline="\n")
    index_file(store, graph)
    write_statistics(statistics, graph)
