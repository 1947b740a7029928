"""The stages of every build after the compilation: rules, shapes, checks, graph, index, statistics.

A small graph stays in memory. Of a large one the rules get what they read, in memory; the shapes and checks run on the
index on disk. The graph has the same bytes either way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from graphkit.build.compiled import Compiled, merged, read_lines, write_lines
from graphkit.build.engine import Engine, in_line_order
from graphkit.build.generations import find_whole, seal
from graphkit.build.jobs import index_slices, keep_sorted
from graphkit.build.prepared import Prepared
from graphkit.build.statistics import write_statistics
from graphkit.model.errors import Location, Problem, has_errors, in_order
from graphkit.model.generation import Generation
from graphkit.model.workspace import Workspace
from graphkit.query.limits import LONGEST, Limits
from graphkit.query.worker import CleanSpawner, Worker


@dataclass(frozen=True, slots=True)
class Finished:
    """A graph with everything that was derived from it.

    Attributes:
        problems: What rules, shapes and checks found; in the order of their locations.
        counts: Kind of thing to its number; empty if there are errors.
        product: The whole graph, if it is small.
        generation: Where the graph is: the new generation, or an earlier one of the same graph.
    """

    problems: list[Problem]
    quads: int = 0
    sha256: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    product: bytes = b""
    generation: Generation | None = None


@dataclass(frozen=True, slots=True)
class Finishing:
    """What the stages after the compilation need.

    Attributes:
        places: The locations of things in the data.
        problems: What was found before.
        seconds: The time limit of a rule and of a check; by default it grows with the graph.
        progress: Called with the name of each stage as it begins.
    """

    workspace: Workspace
    compiled: Compiled
    places: Mapping[str, Location]
    problems: list[Problem]
    seconds: float | None
    progress: Callable[[str], None]

    def check(self) -> Finished:
        """Apply the rules and check the result in memory; write nothing."""
        data = b"".join(self.compiled.lines())
        with Engine.start(self.workspace, self.compiled.quads, self.seconds) as engine:
            engine.load(data)
            failed, runs = self._derive(engine)
            return failed or self._checked(engine, Whole.of([data, *runs]))

    def write(self, new: Generation) -> Finished:
        """Apply the rules, check the result and write it to a new generation, which does not become current."""
        if isinstance(self.compiled.data, Path):
            return self._write_large(new, self.compiled.data)
        with Prepared.start(self.workspace, self.compiled.quads, self.seconds) as prepared:
            prepared.open(new)
            prepared.load(self.compiled.data)
            return self.write_small(prepared, new)

    def write_small(self, prepared: Prepared, new: Generation) -> Finished:
        """Index lines while the rules run, and the rest while the result is checked."""
        prepared.index()
        for load in prepared.loads:
            load.result()
        ordered = prepared.loading.submit(Whole.of, prepared.parts)
        failed, runs = self._derive(prepared.engine, prepared.derived)
        if failed:
            return failed
        whole = Whole.of([ordered.result().product, *runs])
        if found := find_whole(self.workspace.build, whole.sha256):
            return replace(self._checked(prepared.engine, whole), generation=found)
        written = prepared.loading.submit(whole.write, new)
        prepared.finish(written)
        finished = self._checked(prepared.engine, whole)
        self.progress("write")
        for part in (written, *prepared.additions):
            part.result()
        return replace(finished, generation=new)

    def _derive(
        self, engine: Engine, keep: Callable[[Iterator[bytes]], list[bytes]] = list
    ) -> tuple[Finished | None, list[bytes]]:
        self.progress("rules")
        engine.place(self.places)
        failed: list[Problem] = []
        runs = keep(engine.apply_rules(failed, in_line_order))
        return self._failed(failed), runs

    def _failed(self, failed: list[Problem]) -> Finished | None:
        """Return what is known of a graph that is not whole because rules failed."""
        return Finished(in_order([*self.problems, *failed])) if failed else None

    def _checked(self, engine: Engine, whole: Whole) -> Finished:
        self.progress("check")
        problems = in_order([*self.problems, *engine.problems()])
        counts = {} if has_errors(problems) else engine.counts()
        return Finished(problems, whole.quads, whole.sha256, {**counts, "quads": whole.quads}, whole.product)

    def _write_large(self, new: Generation, path: Path) -> Finished:
        """Apply the rules in one process while others index the graph; then merge both, and count during the checks."""
        derived = path.with_name("derived.nq")
        with ThreadPoolExecutor(1) as pool, _indexer() as indexer:
            indexed = pool.submit(_index, indexer, new.index, path)
            if failed := self._derive_to(derived, path):
                return failed
            indexed.result()
            _index(indexer, new.index, derived)
            merging = pool.submit(_merge, new, path, derived)
            with Engine.start(self.workspace, self.compiled.quads, self.seconds, new) as engine:
                engine.place(self.places)
                whole = merging.result()
                counting = pool.submit(write_statistics, new, whole.sha256)
                finished = self._checked(engine, whole)
                counting.result()
        self.progress("write")
        seal(new)
        return replace(finished, generation=find_whole(self.workspace.build, finished.sha256) or new)

    def _derive_to(self, derived: Path, path: Path) -> Finished | None:
        self.progress("rules")
        failed: list[Problem] = []
        with Engine.start(self.workspace, self.compiled.quads, self.seconds) as engine:
            engine.load_file(path)
            runs = chain.from_iterable([*engine.apply_rules(failed, partial(keep_sorted, path.parent))])
        with derived.open("wb") as file:
            write_lines(merged(*map(read_lines, runs)), file)
        return self._failed(failed)


@dataclass(frozen=True, slots=True)
class Whole:
    """A graph with what the rules derived from it; in memory if it is small."""

    quads: int
    sha256: str
    product: bytes = b""

    @classmethod
    def of(cls, parts: Iterable[bytes]) -> Whole:
        """Sort lines, each once."""
        lines = dict.fromkeys(sorted(chain.from_iterable(part.splitlines(keepends=True) for part in parts)))
        product = b"".join(lines)
        return cls(len(lines), hashlib.sha256(product).hexdigest(), product)

    def write(self, new: Generation) -> None:
        """Write the graph and its statistics."""
        new.graph_file.write_bytes(self.product)
        write_statistics(new, self.sha256)


def _merge(new: Generation, path: Path, derived: Path) -> Whole:
    """Merge two files of sorted lines into the graph of a generation."""
    with new.graph_file.open("wb") as file:
        return Whole(*write_lines(merged(read_lines(path), read_lines(derived)), file))


@contextmanager
def _indexer() -> Iterator[Worker]:
    """Return a worker without a time limit; it is stopped at the end, also in the middle of its work."""
    worker = Worker(None, Limits(LONGEST, megabytes=1 << 20), CleanSpawner.here())
    try:
        yield worker
    finally:
        worker.stop()


def _index(worker: Worker, index: Path, lines: Path) -> None:
    """Add a file of lines to an index in one process after the other, each giving its memory back."""
    start = 0
    while start >= 0:
        start = worker.run(index_slices, index, lines, start)
        worker.stop()
