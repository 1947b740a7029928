"""The corridor: load → verify → compile → infer → check → build/graph.nq → store.

The product is `build/graph.nq`, sorted and byte-stable. It and its index are put in place together, and
only when nothing is wrong: a failed or interrupted build leaves the last good one as it was.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.build.checks import check_shapes, run_checks
from graphkit.build.compile import compile_corpus, compile_ontology
from graphkit.build.rules import infer, read_rules
from graphkit.corpus.evidence import Captures, check_lengths, verify
from graphkit.corpus.load import Loaded, load
from graphkit.model.errors import Problem, StoreError, has_errors, in_order
from graphkit.model.vocabulary_file import read_ontology
from graphkit.model.workspace import replacing_all
from graphkit.store import EmbeddedStore, in_memory, index_file, texts

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.workspace import Workspace

Progress = Callable[[str], None]

ROOMS = ("load", "verify", "compile", "infer", "check", "write")


@dataclass(frozen=True, slots=True)
class Checked:
    """A graph and what is wrong with it.

    Attributes:
        lines: Sorted N-Quads lines; empty if the data could not be compiled.
        problems: Sorted by place.
        evidence: How many passages have which status.
        counts: What the graph holds.
    """

    lines: list[str] = field(repr=False)
    problems: list[Problem]
    evidence: dict[str, int]
    counts: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether it may be built."""
        return not has_errors(self.problems)

    @property
    def sha256(self) -> str:
        """Hash of the product."""
        return hashlib.sha256("".join(self.lines).encode()).hexdigest()


def _silent(_room: str) -> None:
    """Tell nobody."""


def check(workspace: Workspace, captures: Path | None = None, progress: Progress = _silent) -> Checked:
    """Walk the corridor without writing anything.

    Args:
        workspace: Where the files are.
        captures: A folder of captures to look the passages up in.
        progress: Told the name of each room on entering it.

    Raises:
        WorkspaceError: The ontology or the captures cannot be read.
        QueryError: A rule or a check is not what it should be.
    """
    progress("load")
    loaded = load(workspace)
    problems = list(loaded.problems)
    progress("verify")
    problems += check_lengths(loaded.corpus, loaded.places)
    evidence = _verify(loaded, captures, problems)
    if has_errors(loaded.problems):
        return Checked([], in_order(problems), evidence, {})
    progress("compile")
    store = in_memory(compile_lines(workspace, loaded))
    progress("infer")
    infer(store, read_rules(workspace.rules()))
    progress("check")
    problems += check_shapes(workspace.ontology / "shapes.ttl", store, loaded.places)
    problems += run_checks(workspace.checks(), store, loaded.places)
    lines = sorted(f"{quad} .\n" for quad in store.quads())
    return Checked(lines, in_order(problems), evidence, count(store))


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
    """Spell ontology and corpus, each line once."""
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
    """Count what the graph holds."""
    found = {
        name: _number(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {where} }}")
        for name, where in _COUNTED.items()
    }
    return {**found, "quads": sum(1 for _ in store.quads())}


def _number(store: EmbeddedStore, query: str) -> int:
    return next(int(number) for (number,) in texts(store, query, "n"))


def build(workspace: Workspace, captures: Path | None = None, progress: Progress = _silent) -> Checked:
    """Check everything, and if nothing is wrong write the graph and its index.

    Args:
        workspace: Where the files are, and where `build/` is.
        captures: A folder of captures to look the passages up in.
        progress: Told the name of each room on entering it.

    Returns:
        What was built, or, if `ok` is false, why nothing was.

    Raises:
        StoreError: The build folder cannot be written to.
    """
    checked = check(workspace, captures, progress)
    if checked.ok:
        progress("write")
        write(workspace, checked.lines)
    return checked


def write(workspace: Workspace, lines: Iterable[str]) -> None:
    """Write the graph and its index beside the old ones, and rename both into place."""
    try:
        with replacing_all(workspace.store, workspace.graph_file) as (folder, file):
            file.write_text("".join(lines), encoding="utf-8", newline="\n")
            index_file(folder, file)
    except OSError as error:
        raise StoreError(
            f"{workspace.build} cannot be written: {error}", "Free the disk or the folder, then: graphkit build"
        ) from error
