"""The stages of a build: load, verify, compile, rules, check, write.

The product is `graph.nq`, sorted and byte-stable. The graph, its index and its statistics are a generation, which
becomes the current build only if nothing is wrong: a failed or interrupted build changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from graphkit.build.codebook import compile_codebook
from graphkit.build.compile import compile_corpus, compile_ontology
from graphkit.build.engine import Engine
from graphkit.build.generations import find_whole, new_generation, seal, switch
from graphkit.build.statistics import write_statistics
from graphkit.corpus.evidence import Captures, check_lengths, verify, without_capture
from graphkit.corpus.load import Loaded, load
from graphkit.model.errors import Problem, StoreError, has_errors, in_order
from graphkit.model.records import written_out
from graphkit.model.vocabulary import read_ontology
from graphkit.store import EmbeddedStore, new_index

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphkit.model.generation import Generation
    from graphkit.model.records import Corpus
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
        sha256: The hash of the lines.
        without_capture: The ids of the sources whose capture is not in the given folder.
        free_scopes: The number of propositions in the data that are narrowed by free words.
    """

    lines: list[str] = field(repr=False)
    problems: list[Problem]
    evidence: dict[str, int]
    counts: dict[str, int]
    sha256: str
    without_capture: tuple[str, ...] = ()
    free_scopes: int = 0

    @property
    def ok(self) -> bool:
        """Whether no problem stops a build."""
        return not has_errors(self.problems)


@dataclass(frozen=True, slots=True)
class _Read:
    """The records of a workspace, the problems found so far, and the number of passages by evidence status."""

    workspace: Workspace
    loaded: Loaded
    problems: list[Problem]
    evidence: dict[str, int]
    without_capture: tuple[str, ...] = ()

    def checked(
        self, problems: Iterable[Problem], lines: list[str], counts: dict[str, int], sha256: str = ""
    ) -> Checked:
        """Return the graph, if there is one, with its problems."""
        scopes = _free_scopes(self.loaded.corpus)
        return Checked(lines, in_order(problems), self.evidence, counts, sha256, self.without_capture, scopes)


@dataclass(frozen=True)
class _Derived:
    """A graph before it is checked.

    Attributes:
        failed: The rules that failed; the graph is not whole, and is not checked.
    """

    read: _Read
    engine: Engine
    added: set[str]
    failed: list[Problem]
    lines: list[str]
    product: bytes

    @cached_property
    def sha256(self) -> str:
        """The hash of the product."""
        return hashlib.sha256(self.product).hexdigest()

    def checked(self) -> Checked:
        """Check shapes and run the checks."""
        read = self.read
        if self.failed:
            return read.checked([*read.problems, *self.failed], [], {})
        problems = in_order([*read.problems, *self.engine.problems()])
        counts = (
            {"quads": len(self.lines)} if has_errors(problems) else {**self.engine.counts(), "quads": len(self.lines)}
        )
        return read.checked(problems, self.lines, counts, self.sha256)


def _ignore(_stage: str) -> None:
    """Show no progress."""


def check(
    workspace: Workspace, captures: Path | None = None, progress: Progress = _ignore, seconds: float | None = None
) -> Checked:
    """Run all stages except the last: write nothing.

    Args:
        captures: A folder of captures to look the passages up in.
        progress: Called with the name of each stage as it begins.
        seconds: The time limit of a rule and of a check; by default it grows with the graph.

    Raises:
        WorkspaceError: The ontology or the captures cannot be read.
    """
    return _check(_read(workspace, captures, progress), progress, seconds)


def _check(read: _Read, progress: Progress, seconds: float | None) -> Checked:
    if has_errors(read.loaded.problems):
        return read.checked(read.problems, [], {})
    progress("compile")
    compiled = compile_lines(read.workspace, read.loaded)
    with Engine.start(read.workspace, len(compiled), seconds) as engine:
        progress("rules")
        derived = _derive(read, compiled, "".join(compiled).encode(), engine)
        progress("check")
        return derived.checked()


def build(
    workspace: Workspace, captures: Path | None = None, progress: Progress = _ignore, seconds: float | None = None
) -> Checked:
    """Check everything, and if nothing is wrong write the graph, its index and its statistics.

    Args:
        captures: A folder of captures to look the passages up in.
        progress: Called with the name of each stage as it begins.
        seconds: The time limit of a rule and of a check; by default it grows with the graph.

    Returns:
        The graph that was built; if it is not `ok`, nothing was written.

    Raises:
        StoreError: The build folder cannot be written to.
    """
    read = _read(workspace, captures, progress)
    if has_errors(read.problems):
        return _check(read, progress, seconds)
    try:
        return _build(read, progress, seconds)
    except OSError as error:
        raise StoreError(
            f"{workspace.build} cannot be written: {error}", "Free the disk or the folder, then: graphkit build"
        ) from error


def _read(workspace: Workspace, captures: Path | None, progress: Progress) -> _Read:
    progress("load")
    loaded = load(workspace)
    problems = list(loaded.problems)
    progress("verify")
    problems += check_lengths(loaded.corpus, loaded.places)
    missing: tuple[str, ...] = ()
    if captures is not None:
        found = Captures.in_folder(captures)
        problems += verify(loaded.corpus, found, loaded.places)
        missing = tuple(source.id for source in without_capture(loaded.corpus, found))
    return _Read(workspace, loaded, problems, _statuses(loaded), missing)


def _derive(read: _Read, compiled: set[str], data: bytes, engine: Engine) -> _Derived:
    """Add the results of the rules."""
    engine.load(data, read.loaded.places)
    runs, failed = engine.apply_rules()
    added = {line.decode() for run in runs for line in run.splitlines(keepends=True)}
    lines = sorted(compiled | added)
    return _Derived(read, engine, added, failed, lines, "".join(lines).encode())


def _free_scopes(corpus: Corpus) -> int:
    """Count the propositions with a scope, also those that are written out inside others."""
    statements = (said for source in corpus.sources.values() for said in source.statements.values())
    return sum(bool(said.scope) for statement in statements for said in written_out(statement))


def _statuses(loaded: Loaded) -> dict[str, int]:
    """Return the number of passages by the status of their evidence."""
    statuses = Counter(
        loaded.corpus.evidence_status(f"{source.id}/{key}")
        for source in loaded.corpus.sources.values()
        for key in source.statements
    )
    return dict(sorted(statuses.items()))


def compile_lines(workspace: Workspace, loaded: Loaded) -> set[str]:
    """Return the lines of the ontology and the corpus, each once."""
    triples = (
        (str(quad.subject), str(quad.predicate), str(quad.object)) for quad in read_ontology(workspace.vocabularies())
    )
    corpus = loaded.corpus
    coding = compile_codebook(loaded.codebook, corpus.vocabulary, corpus.dataset.language)
    return {*compile_ontology(triples), *compile_corpus(corpus), *coding}


def _build(read: _Read, progress: Progress, seconds: float | None) -> Checked:
    """Write a generation while it is checked; it becomes the current one if nothing is wrong."""
    folder = read.workspace.build
    progress("compile")
    compiled = compile_lines(read.workspace, read.loaded)
    data = "".join(compiled).encode()
    with (
        Engine.start(read.workspace, len(compiled), seconds) as engine,  # before there is another thread
        new_generation(folder) as new,
        ThreadPoolExecutor(1) as pool,
    ):
        writing = _Writing(new)
        begun = pool.submit(writing.begin, data)
        progress("rules")
        derived = _derive(read, compiled, data, engine)
        begun.result()
        finished = pool.submit(writing.finish, derived, folder)
        progress("check")
        checked = derived.checked()
        progress("write")
        whole = finished.result()
        if checked.ok:
            switch(folder, whole, derived.sha256)
    return checked


@dataclass(slots=True)
class _Writing:
    """A generation that is written in another thread."""

    new: Generation
    index: EmbeddedStore | None = None

    def begin(self, lines: bytes) -> None:
        """Index the first lines."""
        self.index = new_index(self.new.index, lines)

    def finish(self, derived: _Derived, folder: Path) -> Generation:
        """Write the rest unless there is a generation of the same graph; return that or the new one."""
        found = find_whole(folder, derived.sha256)
        if found or not self.index:
            return found or self.new
        self.new.graph_file.write_bytes(derived.product)
        self.index.add(derived.added)
        self.index.engine.flush()
        self.index = None
        write_statistics(self.new.statistics_file, self.new.graph_file, derived.sha256)
        seal(self.new)
        return self.new
