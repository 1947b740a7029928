"""The one room that talks to a database.

The store is a disposable index of `build/graph.nq`. Its default graph holds every triple of every named
graph once: Oxigraph's own union of graphs would count a triple once for each graph that it is in.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, TypeAlias, cast

import pyoxigraph as ox

from graphkit.errors import QueryError, StoreError
from graphkit.sparql import refuse_remote, syntax_error, with_prefixes, with_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import rdflib

# How many bytes of lines are read at a time.
_PART = 1 << 20
Results: TypeAlias = "ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean"


class Store(Protocol):
    """What everything right of the build sees."""

    def query(self, text: str, values: Mapping[str, str] | None = None) -> Results:
        """Ask a SPARQL query; the default graph is the union of all graphs."""

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every named graph."""

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset."""


class EmbeddedStore:
    """An Oxigraph store, in memory or on disk.

    Args:
        store: The engine.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def query(self, text: str, values: Mapping[str, str] | None = None) -> Results:
        """Ask a SPARQL query.

        Args:
            text: SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes of `graphkit.terms` are known.
            values: Variable name to the term that it stands for, spelled in N-Triples.

        Raises:
            QueryError: It is not SPARQL, or would call another host.
        """
        refuse_remote(text)
        if values:
            # What is wrong is told of the text that the user wrote.
            self._ask(text, text)
        return self._ask(with_values(text, values or {}), text)

    def _ask(self, text: str, written: str) -> Results:
        whole = with_prefixes(text)
        try:
            return self._store.query(whole)
        except SyntaxError as error:
            raise syntax_error(written, error, len(whole) - len(text)) from error
        except UnicodeEncodeError as error:
            raise QueryError("The query is not text: it holds bytes that are no UTF-8.", "Type it again.") from error

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every named graph; the default graph only repeats them."""
        default = ox.DefaultGraph()
        return (quad for quad in self._store if quad.graph_name != default)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset, for scripts that expect one."""
        import rdflib

        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=ox.serialize(self.quads(), format=ox.RdfFormat.N_QUADS), format="nquads")
        return dataset

    @property
    def engine(self) -> ox.Store:
        """The Oxigraph store itself, for whole shapes and rules."""
        return self._store

    def add(self, lines: Iterable[str]) -> None:
        """Add N-Quads lines, each also to the default graph."""
        fill(self._store, lines)


def texts(store: Store, query: str, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the named columns of a SELECT query of our own as text, "" where nothing is bound."""
    found = store.query(query)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(query)
    for row in found:
        yield tuple("" if row[name] is None else row[name].value for name in names)


def fill(store: ox.Store, lines: Iterable[str]) -> None:
    """Load N-Quads lines into their graphs and into the union."""
    whole = [line.encode() for line in lines]
    store.bulk_load(b"".join(whole), format=ox.RdfFormat.N_QUADS)
    store.bulk_load(b"".join(_triples(whole)), format=ox.RdfFormat.N_TRIPLES)


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    # The graph name is the last term of a line and has no space in it.
    return (line[: line.rindex(b" <")] + b" .\n" for line in lines)


def in_memory(lines: Iterable[str]) -> EmbeddedStore:
    """Make a store of N-Quads lines that lives as long as the process."""
    store = EmbeddedStore(ox.Store())
    store.add(lines)
    return store


# The engine keeps what one bulk_load reads until all of it is sorted: 1.7 GB at 2.5 million quads, 0.3 GB in slices
# of a quarter of a million, in the same time.
_SLICE = 250_000


def index_file(folder: Path, path: Path) -> None:
    """Make a store on disk of a file of N-Quads that we wrote, in constant memory."""
    store = ox.Store(folder)
    for form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES):
        with path.open("rb") as file:
            part = _Slice(file, union=form == ox.RdfFormat.N_TRIPLES)
            while not part.ended:
                store.bulk_load(cast("IO[bytes]", part), format=form, lenient=True)
                part = _Slice(file, union=part.union)
    store.flush()


class _Slice:
    """So many lines of N-Quads as a file of their own.

    Args:
        file: The lines.
        union: Whether they come as N-Triples, for the union of all graphs.
    """

    def __init__(self, file: BinaryIO, *, union: bool) -> None:
        self.file = file
        self.union = union
        self.left = _SLICE
        self.text, self.at = b"", 0
        self._fill()
        self.ended = not self.text

    def _fill(self) -> None:
        lines = self.file.readlines(_PART) if self.left > 0 else []
        self.left -= len(lines)
        self.text, self.at = b"".join(_triples(lines) if self.union else lines), 0

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes."""
        if self.at >= len(self.text):
            self._fill()
        part = self.text[self.at : self.at + size] if size >= 0 else self.text[self.at :]
        self.at += len(part)
        return part


def open_store(folder: Path) -> EmbeddedStore:
    """Open a built store for reading.

    Raises:
        StoreError: There is none, or it is broken.
    """
    if not folder.is_dir():
        raise StoreError(f"There is no store at {folder}.", "Type: graphkit build")
    try:
        return EmbeddedStore(ox.Store.read_only(str(folder)))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"The store at {folder} cannot be opened: {error}", "Type: graphkit build") from error
