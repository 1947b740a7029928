"""The straight route: JSON lines to build/graph.nq and its index, without source files and in constant memory.

Rows are checked and compiled by the same functions as everywhere, chunk by chunk, in as many processes as there are
cores. Rules, shapes and checks are not applied: they need the whole graph at once.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from graphkit.build.compile import compile_corpus, compile_ontology
from graphkit.build.sorted_runs import Runs
from graphkit.corpus.evidence import check_lengths
from graphkit.corpus.load import load
from graphkit.corpus.references import Links
from graphkit.curate.tables import CannotImportError
from graphkit.curate.tables.bulk.chunks import Chunk, cut
from graphkit.curate.tables.bulk.run import Run, Streamed
from graphkit.curate.tables.bulk.work import Bench, Done, begin, work
from graphkit.curate.tables.readers import text_begin
from graphkit.curate.tables.rejected import REFUSED, refused_path, write_refused
from graphkit.curate.tables.sources import Shelf, source_paths
from graphkit.curate.tables.spool import Spool
from graphkit.model.errors import GraphkitError, Location, Problem, StoreError, has_errors, in_order
from graphkit.model.vocabulary_file import read_ontology
from graphkit.model.workspace import replacing_all
from graphkit.store import index_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from graphkit.corpus.load import Loaded
    from graphkit.model.workspace import Workspace

T = TypeVar("T")

# Slices that one process loads into the index.
_SLICES = 16
# Chunks that wait for a process, for each of them.
_WAITING = 2


def build_straight(
    path: Path,
    workspace: Workspace,
    tell: Callable[[Problem], None],
    progress: Callable[[str], None] = lambda _text: None,
    processes: int | None = None,
) -> Streamed:
    """Build the graph of a table and of what is in the workspace already.

    Args:
        path: JSON lines in which the rows of a source stand together.
        workspace: Where the entities are, and where `build/` is.
        tell: Told each problem when it is found.
        progress: Told how far we are.
        processes: How many of them check and compile; by default one for each core.

    Raises:
        CannotImportError: The table or the workspace cannot be read, or no row is right.
        GraphkitError: There is no such table, or something cannot be written.
    """
    if path.suffix.lower() != ".jsonl":
        raise GraphkitError(f"--build takes JSON lines, not {path}.", "Save it as .jsonl, or import without --build.")
    if workspace.merges.exists():
        message = f"{workspace.name(workspace.merges)} is not applied by --build."
        raise GraphkitError(message, "Import without --build, and type: graphkit build")
    first = text_begin(path)
    refused_file = refused_path(path)
    loaded = _load(workspace)
    try:
        workspace.build.mkdir(parents=True, exist_ok=True)
        with _folder(workspace) as folder, Spool() as refused, Spool() as held:
            bench = _bench(path, workspace, loaded, folder)
            run = Run(bench, Runs(folder), tell, refused, held, refused_file)
            run.add_sources(loaded.corpus)
            _take_all(run, cut(path, first), progress, processes or _cores())
            lost = run.lost()
            progress("sorting …")
            streamed = run.done(_write_graph(run, workspace, loaded, lost))
            progress("indexing …")
            _index(bench, folder)
            _put_in_place(run, workspace)
            return streamed
    except BrokenProcessPool as error:
        message = "A process was ended from outside; nothing was built."
        raise StoreError(message, "Free memory, and try again.") from error
    except OSError as error:
        raise StoreError(f"{workspace.build} cannot be written: {error}", "Free the disk or the folder.") from error


def _index(bench: Bench, folder: Path) -> None:
    """Make the index, in one process after the other: what each has taken for itself it gives back at its end."""
    for union in (False, True):
        start = 0
        while start >= 0:
            with _pool(1, bench) as pool:
                index = partial(index_part, union=union, slices=_SLICES)
                start = _submit(pool, index, folder / "store", folder / "graph", start).result()


def _take_all(run: Run, pieces: Iterator[Chunk], progress: Callable[[str], None], processes: int) -> None:
    """Have all chunks worked on, and take what becomes of them in their order; only a few wait at a time."""
    with _pool(processes, run.bench) as pool:
        waiting: deque[tuple[Chunk, Future[Done]]] = deque()
        for chunk in pieces:
            waiting.append((chunk, _submit(pool, work, chunk, {})))
            if len(waiting) > _WAITING * processes:
                _take_one(run, waiting, pool)
                progress(f"{run.rows:,} rows …")
        while waiting:
            _take_one(run, waiting, pool)
    if not run.rows:
        message = "There are no rows."
        raise CannotImportError(Problem("empty-file", Location(str(run.bench.path), 1), message, "fill some in."))


def _take_one(run: Run, waiting: deque[tuple[Chunk, Future[Done]]], pool: ProcessPoolExecutor) -> None:
    chunk, future = waiting.popleft()
    done = future.result()
    if again := run.met_before(done):
        # Seldom: rows of a source that stand apart from the others are refused.
        done = _submit(pool, work, chunk, again).result()
    run.take(done)


def _write_graph(run: Run, workspace: Workspace, loaded: Loaded, lost: frozenset[str]) -> int:
    """Write all lines in their order, and return how many there are."""
    triples = (
        (str(quad.subject), str(quad.predicate), str(quad.object)) for quad in read_ontology(workspace.vocabularies())
    )
    other = [*compile_ontology(triples), *compile_corpus(replace(loaded.corpus, sources={}))]
    quads = 0
    with (run.bench.folder / "graph").open("wb") as file:
        for part in run.runs.sorted_parts(other, lost):
            quads += part.count(b"\n")
            file.write(part)
    return quads


def _put_in_place(run: Run, workspace: Workspace) -> None:
    refused = [run.refused_file] if run.refusals else []
    with replacing_all(workspace.store, workspace.graph_file, *refused) as (store, graph, *table):
        for path in table:
            write_refused(path, run.table, run.refused.texts(REFUSED))
        (run.bench.folder / "store").replace(store)
        (run.bench.folder / "graph").replace(graph)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load(workspace: Workspace) -> Loaded:
    """Read what is in the workspace already; all of it must be right."""
    loaded = load(workspace)
    problems = [*loaded.problems, *check_lengths(loaded.corpus, loaded.places)]
    if has_errors(problems):
        raise CannotImportError(*in_order(problems))
    return loaded


@contextmanager
def _folder(workspace: Workspace) -> Iterator[Path]:
    """Make a folder beside the graph, and remove it; if we are killed, the next build does (see `replacing_all`)."""
    folder = workspace.build / f".{workspace.graph_file.name}.{os.getpid()}.runs"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bench(path: Path, workspace: Workspace, loaded: Loaded, folder: Path) -> Bench:
    corpus = loaded.corpus
    links = Links(corpus.entities, frozenset(corpus.sources), corpus.vocabulary)
    return Bench(path, corpus, links, Shelf(workspace, add=False, paths=source_paths(workspace)), folder)


def _submit(pool: ProcessPoolExecutor, call: Callable[..., T], *arguments: object) -> Future[T]:
    """Have something done; a process that starts for it never hears Ctrl-C, not even while it starts.

    What it would say of it is no use to anybody: whoever started it ends it.
    """
    if sys.platform == "win32":
        return pool.submit(call, *arguments)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(call, *arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _pool(processes: int, bench: Bench) -> Iterator[ProcessPoolExecutor]:
    """Start processes; whatever goes wrong, Ctrl-C included, none is left.

    They are spawned, not forked: the database has threads of its own, which a fork would lose with their locks.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, spawn, begin, (bench,))
    try:
        yield pool
    except BaseException:
        for process in multiprocessing.active_children():
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


__all__ = ["Streamed", "build_straight"]
