"""What a small build does while its data is still read: a process loads the ontology, and threads index lines.

Nothing here needs the modules of the data, whose import takes as long as the ontology.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue

from graphkit.build.engine import Engine
from graphkit.build.generations import new_generation, seal
from graphkit.model.generation import Generation
from graphkit.model.workspace import Workspace
from graphkit.store import EmbeddedStore, new_index

# About how many quads the ontology has, and how many bytes of the data become one.
_QUADS, _BYTES_OF_QUAD = 12_000, 16
# A build of more data sorts its sources on disk.
_MOST_BYTES = 1_200_000
# Bytes of derived lines that are indexed at a time: each addition makes a dozen files.
_INDEXED = 1_000_000


@dataclass(slots=True)
class Prepared:
    """A process for the rules and an index, which take the lines of a small graph while others are compiled.

    Attributes:
        parts: The lines so far, each part in any order.
        new: The generation of the index, once it is opened.
        loading: A thread that loads lines into the process.
        indexing: A thread that adds lines to the index.
        loads: What the first thread does.
        additions: What the second thread does.
    """

    engine: Engine
    loading: ThreadPoolExecutor
    indexing: ThreadPoolExecutor
    parts: list[bytes] = field(default_factory=list)
    new: Generation | None = None
    loads: list[Future[None]] = field(default_factory=list)
    additions: list[Future[None]] = field(default_factory=list)
    _left: SimpleQueue[bytes] = field(default_factory=SimpleQueue)
    _index: EmbeddedStore | None = None

    @classmethod
    @contextmanager
    def start(cls, workspace: Workspace, quads: int, seconds: float | None) -> Iterator[Prepared]:
        """Start the process, and then the threads, because the process is a fork.

        Args:
            quads: About how many quads the graph will have.
            seconds: The time limit of a rule and of a check; by default it grows with the graph.
        """
        with (
            Engine.start(workspace, quads, seconds) as engine,
            ThreadPoolExecutor(1) as loading,
            ThreadPoolExecutor(1) as indexing,
        ):
            yield cls(engine, loading, indexing)

    @classmethod
    @contextmanager
    def ahead(cls, workspace: Workspace, seconds: float | None) -> Iterator[Prepared | None]:
        """Start before the data is read; None for much data.

        The index is opened if there was a build before: otherwise wrong data leave no folder.
        """
        size = sum(path.stat().st_size for path in workspace.source_files() if path.is_file())
        if size > _MOST_BYTES:
            yield None
            return
        with ExitStack() as stack:
            new = None
            if workspace.build.is_dir():
                with suppress(OSError):  # reported when the build is written
                    new = stack.enter_context(new_generation(workspace.build))
            prepared = stack.enter_context(cls.start(workspace, _QUADS + size // _BYTES_OF_QUAD, seconds))
            if new:
                prepared.open(new)
            prepared.load_ontology()
            yield prepared

    def open(self, new: Generation) -> None:
        """Begin to index lines in a new generation."""
        self.new = new
        self.additions.append(self.indexing.submit(self._open, new))

    def load_ontology(self) -> None:
        """Begin to load and to index the ontology, which the process reads."""
        self.loads.append(self.loading.submit(self._add_ontology))

    def load(self, lines: bytes) -> None:
        """Begin to load some lines."""
        self.loads.append(self.loading.submit(self.engine.load, lines))
        self._take(lines)

    def index(self) -> None:
        """Begin to index the lines that are not in the index, as soon as it is opened."""
        self.additions.append(self.indexing.submit(self._add_left))

    def derived(self, runs: Iterable[bytes]) -> list[bytes]:
        """Return the lines that each rule derives, and begin to index them while the next rules run."""
        found, size = [], 0
        for lines in runs:
            found.append(lines)
            self._left.put(lines)
            size += len(lines)
            if size > _INDEXED:
                self.index()
                size = 0
        return found

    def finish(self, written: Future[None]) -> None:
        """Begin to index the lines that are left, and to seal the generation.

        Args:
            written: The writing of its other files.
        """
        self.additions.append(self.indexing.submit(self._seal, written))

    def _take(self, lines: bytes) -> None:
        self.parts.append(lines)
        self._left.put(lines)

    def _add_ontology(self) -> None:
        self._take(self.engine.load_ontology())
        self.index()

    def _open(self, new: Generation) -> None:
        self._index = new_index(new.index, b"")

    def _add_left(self) -> None:
        if self._index and not self._left.empty():
            self._index.add(b"".join(self._left.get() for _ in range(self._left.qsize())))

    def _seal(self, written: Future[None]) -> None:
        self._add_left()
        assert self._index  # noqa: S101 - it was opened
        assert self.new  # noqa: S101 - with it
        self._index.engine.flush()
        self._index = None
        written.result()
        seal(self.new)
