"""The stages of a build: load, verify, compile, rules, check, write.

The product is `graph.nq`, sorted and byte-stable. The graph, its index and its statistics are a generation, which
becomes the current build only if nothing is wrong: a failed or interrupted build changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from graphkit.build.compiled import (
    Compiled,
    add_sources,
    common_lines,
    compile_lines,
    in_memory,
    on_disk,
    record_lines,
    source_lines,
)
from graphkit.build.finish import Finished, Finishing
from graphkit.build.generations import new_generation, switch
from graphkit.build.prepared import Prepared
from graphkit.build.sorted_runs import Runs
from graphkit.corpus.evidence import Captures, check_lengths, verify, without_capture
from graphkit.corpus.load import Loaded, load
from graphkit.corpus.stories import story_problems
from graphkit.model.errors import Location, Problem, StoreError, has_errors, in_order
from graphkit.model.files import scratch_folder
from graphkit.model.generation import Generation
from graphkit.model.records import Corpus, written_out
from graphkit.model.workspace import Workspace

Progress = Callable[[str], None]

STAGES = ("load", "verify", "compile", "rules", "check", "write")


@dataclass(frozen=True)
class Checked:
    """A graph and its problems.

    Attributes:
        product: The whole graph, sorted; empty if the data could not be compiled, or if the graph is kept on disk.
        problems: Sorted by location.
        evidence: Evidence status to the number of passages.
        counts: Kind of thing to its number in the graph.
        sha256: The hash of the lines.
        without_capture: The ids of the sources whose capture is not in the given folder.
        free_scopes: The number of propositions in the data that are narrowed by free words.
    """

    product: bytes = field(repr=False)
    problems: list[Problem]
    evidence: dict[str, int]
    counts: dict[str, int]
    sha256: str
    without_capture: tuple[str, ...] = ()
    free_scopes: int = 0

    @property
    def lines(self) -> list[str]:
        """The lines of the graph; empty as the graph is."""
        return self.product.decode().splitlines(keepends=True)

    @property
    def ok(self) -> bool:
        """Whether no problem stops a build."""
        return not has_errors(self.problems)


@dataclass(slots=True)
class _Read:
    """The records of a workspace, the problems found so far, and what is counted in the data.

    Attributes:
        loaded: The records; of a large workspace until they are compiled.
    """

    workspace: Workspace
    loaded: Loaded
    places: Mapping[str, Location]
    problems: list[Problem]
    evidence: dict[str, int]
    scopes: int
    without_capture: tuple[str, ...]

    @property
    def statements(self) -> int:
        """The number of statements."""
        return sum(self.evidence.values())

    def checked(self, finished: Finished) -> Checked:
        """Return the graph, if there is one, with its problems."""
        found, missing = finished, self.without_capture
        return Checked(found.product, found.problems, self.evidence, found.counts, found.sha256, missing, self.scopes)

    def finishing(self, compiled: Compiled, seconds: float | None, progress: Progress) -> Finishing:
        """Return the stages that follow the compilation."""
        return Finishing(self.workspace, compiled, self.places, self.problems, seconds, progress)


def _ignore(_stage: str) -> None:
    """Show no progress."""


def check(
    workspace: Workspace, captures: Path | None = None, progress: Progress = _ignore, seconds: float | None = None
) -> Checked:
    """Run all stages of `build` except the last, and write nothing but temporary files, for a large graph.

    Raises:
        WorkspaceError: The ontology or the captures cannot be read.
    """
    return _check(_read(workspace, captures, progress), progress, seconds)


def _check(read: _Read, progress: Progress, seconds: float | None) -> Checked:
    if has_errors(read.loaded.problems):
        return read.checked(Finished(in_order(read.problems)))
    progress("compile")
    with TemporaryDirectory(prefix="graphkit-") as name, _compiled(read, Path(name)) as compiled:
        finishing = read.finishing(compiled, seconds, progress)
        if isinstance(compiled.data, bytes):
            return read.checked(finishing.check())
        new = Generation(Path(name) / "graph")
        new.folder.mkdir()
        return read.checked(finishing.write(new))


def build(
    workspace: Workspace,
    captures: Path | None = None,
    progress: Progress = _ignore,
    seconds: float | None = None,
    prepared: Prepared | None = None,
) -> Checked:
    """Check everything, and if nothing is wrong write the graph, its index and its statistics.

    Args:
        captures: A folder of captures to look the passages up in.
        progress: Called with the name of each stage as it begins.
        seconds: The time limit of a rule and of a check; by default it grows with the graph.
        prepared: What was started ahead, with the same limit.

    Returns:
        The graph that was built; if it is not `ok`, nothing was written.

    Raises:
        StoreError: The build folder cannot be written to.
    """
    with nullcontext(prepared) if prepared else Prepared.ahead(workspace, seconds) as ahead:
        read = _read(workspace, captures, progress)
        if has_errors(read.problems):
            return _check(read, progress, seconds)
        try:
            return _build(read, progress, seconds, ahead)
        except OSError as error:
            raise StoreError(
                f"{workspace.build} cannot be written: {error}", "Free the disk or the folder, then: graphkit build"
            ) from error


def _read(workspace: Workspace, captures: Path | None, progress: Progress) -> _Read:
    progress("load")
    loaded = load(workspace)
    problems = list(loaded.problems)
    if not has_errors(problems):
        problems += story_problems(workspace, loaded.corpus)
    progress("verify")
    problems += check_lengths(loaded.corpus, loaded.places)
    missing: tuple[str, ...] = ()
    if captures is not None:
        found = Captures.in_folder(captures, workspace)
        problems += verify(loaded.corpus, found, loaded.places)
        missing = tuple(source.id for source in without_capture(loaded.corpus, found))
    return _Read(workspace, loaded, loaded.places, problems, _statuses(loaded), _free_scopes(loaded.corpus), missing)


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


def _build(read: _Read, progress: Progress, seconds: float | None, prepared: Prepared | None) -> Checked:
    """Write a generation while it is checked; it becomes the current one if nothing is wrong."""
    folder, small = read.workspace.build, prepared if read.statements <= _MANY else None
    progress("compile")
    with nullcontext(small.new) if small and small.new else new_generation(folder) as new:
        if small:
            finished = _write_small(read, new, progress, seconds, small)
        else:
            finished = _write_large(read, new, progress, seconds)
        if finished.generation and not has_errors(finished.problems):
            switch(folder, finished.generation, finished.sha256)
    return read.checked(finished)


def _write_small(
    read: _Read, new: Generation, progress: Progress, seconds: float | None, prepared: Prepared
) -> Finished:
    """Compile the sources while the process of the rules loads those that are compiled."""
    if not prepared.new:
        prepared.open(new)
    prepared.load("".join(record_lines(read.loaded)).encode())
    lines = source_lines(read.loaded.corpus)
    while part := "".join(islice(lines, _PART)).encode():
        prepared.load(part)
    return read.finishing(Compiled(b"", 0), seconds, progress).write_small(prepared, new)


def _write_large(read: _Read, new: Generation, progress: Progress, seconds: float | None) -> Finished:
    with _compiled(read, read.workspace.build) as compiled:
        return read.finishing(compiled, seconds, progress).write(new)


# Beyond so many statements, the sources are sorted on disk.
_MANY = 2_000
# Lines that are loaded at a time.
_PART = 5_000


@contextmanager
def _compiled(read: _Read, place: Path) -> Iterator[Compiled]:
    """Compile the corpus, a large one source by source into a folder in a place, which is removed at the end."""
    if read.statements <= _MANY:
        yield in_memory(compile_lines(read.workspace, read.loaded))
        return
    with scratch_folder(place) as folder:
        runs = Runs(folder)
        add_sources(runs, read.loaded.corpus)
        compiled = on_disk(runs, common_lines(read.workspace, read.loaded))
        runs.clear()
        del read.loaded  # the rules need the memory
        yield compiled
