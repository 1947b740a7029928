"""The store on this machine: Oxigraph, in memory or on disk.

A store on disk is the index of a build and can always be made again. Its default graph holds each triple of
the named graphs once: Oxigraph's own union of graphs would count a triple once for each graph that contains it.
"""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import IO, TYPE_CHECKING, BinaryIO, TypedDict

import pyoxigraph as ox

from graphkit.model.errors import QueryError, StoreError
from graphkit.model.iris import BASE
from graphkit.store.guard import refuse
from graphkit.store.ordering import FUNCTIONS, in_total_order
from graphkit.store.syntax import star_of, syntax_error, tokens, variables, with_prefixes, with_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import rdflib

    from graphkit.model.generation import Generation
    from graphkit.store.protocol import QueryDataset, Results


class EmbeddedStore:
    """An Oxigraph store, in memory or on disk.

    Args:
        hosts: Hosts that a query may call with SERVICE.
        generation: The build that the store is the index of, if it is one.
    """

    # A folder for results of rules that are too large for memory; None is the one of the system.
    scratch: str | None = None

    def __init__(self, store: ox.Store, hosts: Iterable[str] = (), generation: Generation | None = None) -> None:
        self._store = store
        self._hosts = frozenset(hosts)
        self.generation = generation

    def query(self, text: str, values: Mapping[str, str] | None = None, dataset: QueryDataset | None = None) -> Results:
        """Run a SPARQL query, as `graphkit.store.Store` describes it."""
        text = text.removeprefix("\ufeff")  # the byte-order mark of an editor
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
    def _ask(store: ox.Store, text: str, dataset: QueryDataset | None) -> Results:
        whole = with_prefixes(text)
        try:
            whole = in_query_order(whole)
            standard, graphs = _standard(whole), _graphs(dataset)
            if standard != whole:
                with suppress(SyntaxError):
                    return store.query(standard, base_iri=BASE, custom_functions=FUNCTIONS, **graphs)
            return store.query(whole, base_iri=BASE, **graphs)  # an error is located in the user's text
        except SyntaxError as error:
            raise syntax_error(text, error, len(whole) - len(text)) from error
        except UnicodeEncodeError as error:
            raise QueryError("The query contains bytes that are not UTF-8.", "Type it again.") from error
        except ValueError as error:
            raise QueryError(f"This is not the IRI of a graph: {error}", "Give a full IRI.") from error
        except (RuntimeError, OSError) as error:
            raise QueryError(f"The engine cannot evaluate this query: {error}", "Rewrite it.") from error

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every named graph; the default graph only repeats them."""
        default = ox.DefaultGraph()
        return (quad for quad in self._store if quad.graph_name != default)

    def lines(self) -> BinaryIO | None:
        """Open the sorted N-Quads that the store indexes; None if it is not a build."""
        return self.generation.graph_file.open("rb") if self.generation else None

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset, for scripts that need it."""
        return as_rdflib(self.quads())

    @property
    def engine(self) -> ox.Store:
        """The Oxigraph store itself, for shapes and rules."""
        return self._store

    def add(self, lines: Iterable[str] | bytes) -> None:
        """Add N-Quads lines, each also to the default graph."""
        fill(self._store, lines)

    def add_union(self, lines: Iterable[bytes]) -> None:
        """Add N-Quads lines to the default graph only."""
        self._store.bulk_load(b"".join(map(_triple, lines)), format=ox.RdfFormat.N_TRIPLES, lenient=True)

    def add_to(self, graph: ox.NamedNode, triples: Iterable[bytes]) -> Iterator[bytes]:
        """Add N-Triples as the engine writes them to a graph and to the default graph; yield them as N-Quads.

        Args:
            triples: Parts of whole lines; those of `slices` and `parts_of` have the best size.
        """
        for part in triples:
            self._add_part(graph, part)
            yield in_graph(graph, part)

    def _add_part(self, graph: ox.NamedNode, triples: bytes) -> None:
        self._store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        self._store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)


class _Graphs(TypedDict, total=False):
    """The arguments of the engine for a dataset."""

    default_graph: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
    named_graphs: list[ox.NamedNode | ox.BlankNode]


def _graphs(dataset: QueryDataset | None) -> _Graphs:
    if dataset is None:
        return {}
    default, named = ([ox.NamedNode(graph) for graph in graphs] for graphs in (dataset.default, dataset.named))
    return {"default_graph": [*default], "named_graphs": [*named]}


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


@lru_cache(maxsize=128)
def _standard(text: str) -> str:
    """Return a query that the engine answers as SPARQL 1.1 says; the same questions come again and again."""
    return in_total_order(joined_as_text(text))


def joined_as_text(text: str) -> str:
    """Let GROUP_CONCAT join the texts of its values, as in SPARQL 1.1; the engine returns nothing for an IRI.

    >>> joined_as_text("SELECT (GROUP_CONCAT(DISTINCT ?x; SEPARATOR=' ') AS ?all) {}")
    "SELECT (GROUP_CONCAT(DISTINCT STR(?x); SEPARATOR=' ') AS ?all) {}"
    """
    if "group_concat" not in text.lower():
        return text
    words = list(tokens(text))
    made, last = "", 0
    for number, (kind, word, _) in enumerate(words[:-2]):
        if kind == "keyword" and word.lower() == "group_concat":
            start = words[number + 2 + (words[number + 2][1].lower() == "distinct")][2]
            end = _end_of_value(words, number + 2)
            made += f"{text[last:start]}STR({text[start:end].strip()})"
            last = end
    return made + text[last:]


def _end_of_value(words: Sequence[tuple[str, str, int]], first: int) -> int:
    """Return the position after an argument: of the semicolon or of the bracket that follows."""
    depth = 0
    for _, word, at in words[first:]:
        if depth == 0 and word in {";", ")"}:
            return at
        depth += (word in {"(", "{"}) - (word in {")", "}"})
    return words[-1][2]


def as_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Return quads as an rdflib dataset."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


def in_memory(lines: Iterable[str]) -> EmbeddedStore:
    """Make a store in memory from N-Quads lines."""
    store = EmbeddedStore(ox.Store())
    store.add(lines)
    return store


def scratch_store(quads: Iterable[ox.Quad] = ()) -> ox.Store:
    """Return a bare engine in memory for temporary quads."""
    store = ox.Store()
    store.extend(quads)
    return store


def open_store(generation: Generation, hosts: Iterable[str] = ()) -> EmbeddedStore:
    """Open the index of a build for reading.

    Args:
        hosts: Hosts that a query may call with SERVICE.

    Raises:
        StoreError: The index is damaged.
    """
    try:
        return EmbeddedStore(ox.Store.read_only(str(generation.index)), hosts, generation)
    except (OSError, RuntimeError) as error:
        raise StoreError(f"The index {generation.index} cannot be opened: {error}", "Type: graphkit build") from error


# The engine keeps the input of a bulk_load in memory until it is sorted: 1.7 GB for 2.5 million quads, 0.3 GB in slices
# of this many lines, in the same time.
_SLICE = 125_000
# Of a file of up to a million lines, slices of 20,000 take a quarter of that memory, the same time, and a third more of
# the second core. Of 2.8 million lines, slices of 27,000 take 145 MB, slices of 80,000 take 337 MB in the same time.
_SMALL_SLICE, _BYTES = 20_000, 30_000


def in_graph(graph: ox.NamedNode, triples: bytes) -> bytes:
    r"""Turn N-Triples into N-Quads: a full stop before a line end ends a line, because texts have no line ends.

    >>> in_graph(ox.NamedNode("x:g"), b'<x:a> <x:b> "c ." .\n')
    b'<x:a> <x:b> "c ." <x:g> .\n'
    """
    return triples.replace(b" .\n", f" {graph} .\n".encode())


# Parts that fit the cache of a core are added in a quarter less time than parts of 8 MB.
_CACHED = 500_000


def slices(lines: bytes) -> Iterator[bytes]:
    """Yield whole lines in parts of about half a megabyte."""
    return parts_of(io.BytesIO(lines))


def parts_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the rest of a file of lines in parts of about half a megabyte."""
    while part := file.read(_CACHED):
        yield part + file.readline()


def fill(store: ox.Store, lines: Iterable[str] | bytes) -> None:
    """Load N-Quads lines that we wrote into their graphs and into the union."""
    whole = (lines if isinstance(lines, bytes) else "".join(lines).encode()).splitlines(keepends=True)
    for start in range(0, len(whole), _SLICE):
        _load(store, whole[start : start + _SLICE])


def _load(store: ox.Store, lines: list[bytes]) -> None:
    store.bulk_load(b"".join([*lines, *map(_triple, lines)]), format=ox.RdfFormat.N_QUADS, lenient=True)


def _triple(line: bytes) -> bytes:
    """Return a line without its graph, the last term, whose name contains no space."""
    return line[: line.rindex(b" <")] + b" .\n"


def new_index(folder: Path, lines: Iterable[str] | bytes) -> EmbeddedStore:
    """Make a store on disk from N-Quads lines."""
    store = EmbeddedStore(ox.Store(folder))
    store.add(lines)
    return store


def index_file(folder: Path, path: Path, start: int = 0, slices: int = sys.maxsize) -> int:
    """Load a file of N-Quads that we wrote into a store on disk, in constant memory; at its end, merge its layers.

    The memory of a process grows a little with each slice, so several processes load a large file in turn.

    Args:
        start: Offset at which to begin.
        slices: Maximum number of slices, each of at most 125,000 lines.

    Returns:
        Offset at which to continue, or -1 at the end of the file.
    """
    store = ox.Store(folder)
    size = min(_SLICE, max(_SMALL_SLICE, path.stat().st_size // _BYTES))
    with path.open("rb") as file:
        file.seek(start)
        while slices and (lines := list(islice(file, size))):
            _load(store, lines)
            slices -= 1
        start = file.tell()
    if not lines:
        store.optimize()  # each slice is a layer of its own, and a look-up searches all of them
    store.flush()
    return start if lines else -1
