"""The store on this machine: Oxigraph, in memory or on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from graphkit.model.errors import QueryError, StoreError
from graphkit.model.files import file_mark
from graphkit.model.iris import BASE
from graphkit.store.guard import refuse
from graphkit.store.index import fill
from graphkit.store.syntax import star_of, syntax_error, variables, with_prefixes, with_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import rdflib

    from graphkit.store.protocol import Dataset, Results


class EmbeddedStore:
    """An Oxigraph store, in memory or on disk.

    Args:
        store: The engine.
        hosts: Those that a query may call with SERVICE; none by default.
        file: The sorted N-Quads of which it is the index, if there is such a file.
    """

    def __init__(self, store: ox.Store, hosts: Iterable[str] = (), file: Path | None = None) -> None:
        self._store = store
        self._hosts = frozenset(hosts)
        self._file = file
        self._mark = file and file_mark(file)

    def query(self, text: str, values: Mapping[str, str] | None = None, dataset: Dataset | None = None) -> Results:
        """Ask a SPARQL query.

        Args:
            text: SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes of `graphkit.model.iris` are known.
            values: Variable name to the term that it stands for, spelled in N-Triples.
            dataset: The graphs to ask; by default all, their union being the default graph.

        Raises:
            QueryError: It is not SPARQL, or would call another host.
        """
        refuse(text, self._hosts)
        if not values:
            return self._ask(self._store, text, dataset)
        try:
            return self._ask(self._store, with_values(text, values), dataset)
        except QueryError:
            # A syntax error should point at the text that the user wrote: an empty store parses it and does no work.
            self._ask(ox.Store(), text, dataset)
            raise

    @staticmethod
    def _ask(store: ox.Store, text: str, dataset: Dataset | None) -> Results:
        whole = with_prefixes(text)
        try:
            whole = in_query_order(whole)
            if dataset is None:
                return store.query(whole, base_iri=BASE)
            default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [*map(ox.NamedNode, dataset.default)]
            named: list[ox.NamedNode | ox.BlankNode] = [*map(ox.NamedNode, dataset.named)]
            return store.query(whole, base_iri=BASE, default_graph=default, named_graphs=named)
        except SyntaxError as error:
            raise syntax_error(text, error, len(whole) - len(text)) from error
        except UnicodeEncodeError as error:
            raise QueryError("The query is not text: it holds bytes that are no UTF-8.", "Type it again.") from error
        except ValueError as error:
            raise QueryError(f"This is not the name of a graph: {error}", "Give a full IRI.") from error
        except (RuntimeError, OSError) as error:
            raise QueryError(f"The engine does not take this query: {error}", "Ask in another way.") from error

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every named graph; the default graph only repeats them."""
        default = ox.DefaultGraph()
        return (quad for quad in self._store if quad.graph_name != default)

    def nquads(self) -> list[str]:
        """Return the N-Quads lines of all named graphs, in no particular order."""
        found: list[str] = []
        for graph in self._store.named_graphs():
            triples = (self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"").decode().split("\n")
            found += [f"{line[:-1]}{graph} .\n" for line in triples[:-1]]
        return found

    def lines(self) -> BinaryIO | None:
        """Open the sorted N-Quads that this is the index of; None without them, or where a newer build wrote them."""
        return self._file.open("rb") if self._file and self._mark and file_mark(self._file) == self._mark else None

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset, for scripts that expect one."""
        return as_rdflib(self.quads())

    @property
    def engine(self) -> ox.Store:
        """The Oxigraph store itself, for whole shapes and rules."""
        return self._store

    def add(self, lines: Iterable[str]) -> None:
        """Add N-Quads lines, each also to the default graph."""
        fill(self._store, lines)


def in_query_order(text: str) -> str:
    """Name the columns of `SELECT *` in the order of the query; the engine itself sorts them by name.

    Raises:
        SyntaxError: It is not SPARQL.

    >>> in_query_order("SELECT * { ?b ?c ?a }")
    'SELECT ?b ?c ?a { ?b ?c ?a }'
    """
    star = star_of(text)
    if star < 0:
        return text
    found = ox.Store().query(text, base_iri=BASE)  # an empty store parses the query and does no work
    names = {variable.value for variable in found.variables} if isinstance(found, ox.QuerySolutions) else set()
    columns = " ".join(f"?{name}" for name in variables(text) if name in names)
    return f"{text[:star]}{columns or '*'}{text[star + 1 :]}"


def as_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Return quads as an rdflib dataset."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


def in_memory(lines: Iterable[str]) -> EmbeddedStore:
    """Make a store of N-Quads lines that lives as long as the process."""
    store = EmbeddedStore(ox.Store())
    store.add(lines)
    return store


def scratch_store(quads: Iterable[ox.Quad] = ()) -> ox.Store:
    """Return a bare engine in memory, for quads that are looked up and thrown away."""
    store = ox.Store()
    store.extend(quads)
    return store


def open_store(folder: Path, hosts: Iterable[str] = ()) -> EmbeddedStore:
    """Open a built store for reading.

    Args:
        folder: Where it is.
        hosts: Those that a query may call with SERVICE; none by default.

    Raises:
        StoreError: There is none, or it is broken.
    """
    if not folder.is_dir():
        raise StoreError(f"There is no store at {folder}.", "Type: graphkit build")
    try:
        return EmbeddedStore(ox.Store.read_only(str(folder)), hosts, folder.with_name("graph.nq"))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"The store at {folder} cannot be opened: {error}", "Type: graphkit build") from error
