"""The network with texts and numbers only, as files of other tools hold it.

Its edges are made of some thousand propositions at a time and kept in a temporary file, so that memory grows with the
nodes only. A small graph, and a store without lines, such as an endpoint, is read as a whole.
"""

from __future__ import annotations

import marshal
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from os import SEEK_END
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import networkx as nx

from graphkit.analysis.network import (
    PropositionEdge,
    attributes_of,
    criticised_under,
    criticism,
    criticism_in,
    denials,
    edges_of_propositions,
    metadata,
    network,
    node_of,
)
from graphkit.analysis.properties import Properties, Triple, layered, read_linked, scan
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.model.iris import BASE, DEFAULT_POLICY, graph_iri
from graphkit.release.tables.streams import SPACES, other_lines, parts_of, temporary_file
from graphkit.store import Store

if TYPE_CHECKING:
    import sqlite3

Value = str | int | bool
# Graphs of up to so many bytes, 2,000 statements, take a third less time as a whole, and no more memory than others.
_SMALL = 16_000_000
# No attribute is called id, source or target, because importers use those names themselves.
NODE = ("iri", "slug", "label", "kind")
EDGE = (
    "edge_id", "relation", "label", "polarity", "status", "plain", "policy", "scope", "weight", "counted", "repeats",
    "stances", "speakers", "statements", "gists", "sources", "said", "links", "evidence", "disputes",
)  # fmt: skip
# Attribute of an edge to the attribute of its statements.
_LISTS = {
    "stances": "stance", "speakers": "speaker", "statements": "id", "gists": "gist", "sources": "source",
    "said": "said", "links": "url", "evidence": "evidence",
}  # fmt: skip
# The attributes of statements that are kept: those that every view has, and three others.
_KEPT = (
    "iri", "id", "speaker", "stance", "gist", "source", "source_title", "url", "said", "via", "passage", "publicity",
    "proposition", "speaker_iri", "evidence",
)  # fmt: skip
_TABLES = """
CREATE TABLE plain (subject, relation, object, policy, PRIMARY KEY (policy, subject, relation, object)) WITHOUT ROWID;
CREATE TABLE disputed (statement, dispute, PRIMARY KEY (statement, dispute)) WITHOUT ROWID;
CREATE TABLE said (
  iri, id, speaker, stance, gist, source, source_title, url, said, via, passage, publicity, proposition, speaker_iri,
  evidence
);
CREATE TABLE critics (statement, key, critic, target);
CREATE TABLE edges (key PRIMARY KEY, start, end, attributes) WITHOUT ROWID;
CREATE VIEW told AS SELECT said.*,
  (SELECT COALESCE(group_concat(dispute, ' '), '') FROM disputed WHERE statement = said.iri) AS disputes FROM said;
"""
_PLAIN, _ROWS = "INSERT INTO plain VALUES (?, ?, ?, ?)", 1_000
_KEEP = "INSERT INTO said VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_OF_PROPOSITIONS = "SELECT * FROM told WHERE proposition BETWEEN ? AND ?"
_OF_CRITICS = """
SELECT told.*, EXISTS (SELECT 1 FROM edges WHERE edges.key = told.proposition), critic, target, critics.key
FROM critics JOIN told ON told.iri = critics.statement ORDER BY critics.key, told.iri
"""

_FLAT = graph_iri("flat/").encode()
_SIDES = ("sp:affirmedBy", "sp:deniedBy")
# The properties that networks need, by what they are properties of.
_OF_STATEMENTS = (
    "sp:gist", "sp:speaker", "sp:stance", "sp:proposition", "sp:source", "sp:saidDate", "sp:saidLatest", "sp:evidence",
    "sp:evidenceStatus", "sp:passageLink", "sp:criticises", "sp:voice",
)  # fmt: skip
_OF_CLAIMS = (
    "sp:subject", "sp:relation", "sp:object", "sp:narrowing", "sp:scope", "sp:toldIn", "sp:performedIn", "sp:amount",
)  # fmt: skip
_OF_OTHERS = (
    "rdf:type", "rdfs:label", "sp:polarity", "dcterms:title", "dcterms:license", "dcterms:issued", "owl:versionInfo",
)  # fmt: skip


class Edge(NamedTuple):
    """An edge with its ends and the values of its columns."""

    start: str
    end: str
    values: Mapping[str, Value]


class FlatNetwork:
    """A network with nodes named by their slugs and sorted, and the values of edges as text and numbers.

    Attributes:
        about: The metadata of the network.
        nodes: Name to values.
    """

    about: dict[str, Value]

    def __init__(self, store: Store, policy: str, file: sqlite3.Connection) -> None:
        self._policy, self._file, lines = policy, file, store.lines()
        file.executescript(_TABLES)
        with lines or nullcontext():
            is_large = lines and lines.seek(0, SEEK_END) > _SMALL
            nodes = self._of_lines(lines, store) if lines and is_large else self._of_whole(store)
        self.nodes = {
            _name(iri): {"iri": iri, **{key: node[key] for key in NODE[1:]}} for iri, node in sorted(nodes.items())
        }

    @classmethod
    @contextmanager
    def open(cls, store: Store, policy: str) -> Iterator[FlatNetwork]:
        """Yield the network of a policy, whose edges can be read until the block ends.

        Raises:
            OSError: The disk is full.
        """
        with temporary_file() as file:
            yield cls(store, policy, file)

    def graph(self) -> nx.MultiDiGraph[str]:
        """Return it as a graph of networkx."""
        made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        made.graph.update(self.about)
        made.add_nodes_from(self.nodes.items())
        for start, end, values in self:
            made.add_edge(start, end, key=str(values["edge_id"]), **values)
        return made

    def __len__(self) -> int:
        """Return the number of edges."""
        return int(self._file.execute("SELECT COUNT(*) FROM edges").fetchone()[0])

    def __iter__(self) -> Iterator[Edge]:
        """Yield the edges, sorted by their keys, with lists joined with " | "."""
        for start, end, values in self._file.execute("SELECT start, end, attributes FROM edges ORDER BY key"):
            yield Edge(_name(start), _name(end), marshal.loads(values))  # noqa: S302 - of this process

    def _of_whole(self, store: Store) -> Mapping[str, dict[str, str]]:
        whole = network(store, self._policy)
        self.about = {name: value for name, value in whole.graph.items() if isinstance(value, str | int)}
        for start, end, key, data in whole.edges(keys=True, data=True):
            self._put(key, (start, end), data, whole.graph["evidence"])
        return {name: data for name, data in whole.nodes(data=True)}  # noqa: C416 - a view of networkx is no mapping

    def _of_lines(self, lines: BinaryIO, store: Store) -> Mapping[str, dict[str, str]]:
        common = scan(self._without_plain(lines), _OF_OTHERS)
        self.about = {**metadata(common, self._policy)}
        self._keep_statements(lines, common)
        drawn, narrated = 0, set[tuple[str, str]]()
        for part in parts_of(lines, SPACES["proposition"]):
            edges = self._put_propositions(scan(part, _OF_CLAIMS), common)
            drawn += sum(len(edge.statements) for edge in edges)
            narrated |= {(edge.source, edge.target) for edge in edges if edge.relation == "criticised"}
        drawn += self._put_criticism(narrated)
        self.about |= {"total": self._file.execute("SELECT COUNT(*) FROM said").fetchone()[0], "drawn": drawn}
        names = {name for (name,) in self._file.execute("SELECT start FROM edges UNION SELECT end FROM edges")}
        known = layered(read_linked(store, names - common.subjects("rdf:type"), frozenset()), common)
        return {name: node_of(name, known)[1] for name in names}

    def _without_plain(self, lines: BinaryIO) -> Iterator[bytes]:
        """Yield the lines outside the regions, and keep the plain triples between two things that are among them."""
        rows: list[tuple[str, ...]] = []
        for line in other_lines(lines):
            # Most lines are of other graphs, and a search costs less than their parts.
            triple, _, graph = line.rpartition(b"> <") if _FLAT in line else (b"", b"", b"")
            if not graph.startswith(_FLAT):
                yield line
            elif b'"' not in triple and (policy := graph[len(_FLAT) : -4].decode()) in (self._policy, DEFAULT_POLICY):
                rows.append((*triple[1:].decode().split("> <"), policy))
                if len(rows) == _ROWS:
                    self._file.executemany(_PLAIN, rows)
                    rows.clear()
        self._file.executemany(_PLAIN, rows)

    def _keep_statements(self, lines: BinaryIO, common: Properties) -> None:
        put, kept = self._file.executemany, attrgetter(*_KEPT)
        for part in parts_of(lines, SPACES["dispute"]):
            own = scan(part, _SIDES)
            sides = ((name, one) for side in _SIDES for one in own.subjects(side) for name in own.all(one, side))
            put("INSERT OR IGNORE INTO disputed VALUES (?, ?)", sides)
        plain = self._file.execute("SELECT subject, relation, object FROM plain WHERE policy = ?", (DEFAULT_POLICY,))
        criticised = set(criticised_under(plain))
        for part in parts_of(lines, SPACES["statement"]):
            properties = layered(scan(part, _OF_STATEMENTS), common)
            views = statement_views(properties)
            put(_KEEP, map(kept, views.values()))
            pairs = ((name, *pair) for name in views for pair in criticism_in(name, properties, criticised))
            put("INSERT INTO critics VALUES (?, ?, ?, ?)", ((n, key, one.source, one.target) for n, key, one in pairs))
        self._file.execute("CREATE INDEX by_proposition ON said (proposition, iri)")

    def _put_propositions(self, own: Properties, common: Properties) -> list[PropositionEdge]:
        """Put edges of some propositions, with the denials of these by others, and return those of propositions."""
        names = own.subjects("sp:relation")
        rows = self._file.execute(_OF_PROPOSITIONS, (min(names), max(names)))
        found = {row[0]: (_view(row), row[len(_KEPT)].split()) for row in rows}
        views = {name: view for name, (view, _) in found.items()}
        disputes = {name: some for name, (_, some) in found.items()}
        plain: Mapping[str, Any] = {self._policy: _Stored(self._file, self._policy)}
        known = Properties(layered(own, common).values, plain)
        edges = edges_of_propositions(known, views.values())
        nothing: dict[str, str] = {}
        told = ((key, edge, nothing) for key, edge in edges.items() if edge.statements)
        denied = ((key, edge, {name: views[name].proposition for name in edge.statements})
                  for key, edge in denials(edges, views.values(), known))  # fmt: skip
        for key, edge, repeats in chain(told, denied):
            self._put_edge(key, edge, repeats, views, disputes)
        return [*edges.values()]

    def _put_criticism(self, narrated: Container[tuple[str, str]]) -> int:
        """Put edges of criticism that no proposition tells, and return how many of their statements had no edge."""
        first: dict[str, str] = {}
        for (critic, target, key), some in groupby(self._file.execute(_OF_CRITICS), itemgetter(-3, -2, -1)):
            if (critic, target) in narrated:
                continue
            views: dict[str, StatementView] = {}
            repeats: dict[str, str] = {}
            edge = criticism(critic, target)
            for row in some:
                view = views[row[0]] = _view(row)
                edge.statements.append(view.iri)
                earlier = view.proposition if row[-4] else first.setdefault(view.iri, key)
                repeats |= {view.iri: earlier} if earlier != key else {}
            self._put_edge(key, edge, repeats, views, {})
        return len(first)

    def _put_edge(
        self, key: str, edge: PropositionEdge, repeats: Mapping[str, str],
        views: Mapping[str, StatementView], disputes: Mapping[str, list[str]],
    ) -> None:  # fmt: skip
        data = {**attributes_of(edge, self._policy, views, disputes), "repeats": repeats}
        self._put(key, (edge.source, edge.target), data, views)

    def _put(
        self, key: str, ends: tuple[str, str], data: Mapping[str, Any], views: Mapping[str, StatementView]
    ) -> None:
        found = {"edge_id": edge_id(key), "policy": self._policy, **_values(data, views)}
        values = marshal.dumps({name: found[name] for name in EDGE})
        self._file.execute("INSERT INTO edges VALUES (?, ?, ?, ?)", (key, *ends, values))


class _Stored:
    """The plain triples in the file of a network."""

    def __init__(self, file: sqlite3.Connection, policy: str) -> None:
        self._file, self._policy = file, policy

    def __contains__(self, triple: Triple) -> bool:
        query = "SELECT 1 FROM plain WHERE policy = ? AND subject = ? AND relation = ? AND object = ?"
        return bool(self._file.execute(query, (self._policy, *triple)).fetchone())


def _view(row: Sequence[Any]) -> StatementView:
    return StatementView(**dict(zip(_KEPT, row, strict=False)))


def _name(iri: str) -> str:
    # Readers of tables turn names of digits alone into numbers, and the name of a proposition is a hash.
    slug = iri.rpartition("/")[2]
    return f"p_{slug}" if "/proposition/" in iri else slug


def edge_id(key: str) -> str:
    """Return the id of an edge, from its key in a network."""
    return key.removeprefix(BASE).replace("/", "_")


def _values(data: Mapping[str, Any], views: Mapping[str, StatementView]) -> dict[str, Value]:
    statements = [views[name] for name in data["statements"]]
    return {
        **{name: str(data[name]) for name in ("relation", "label", "polarity", "status", "scope")},
        "plain": bool(data["plain"]),
        "weight": len(statements),
        "counted": len(statements) - len(data["repeats"]),
        "repeats": " | ".join(sorted({edge_id(key) for key in data["repeats"].values()})),
        **{name: " | ".join(getattr(view, field) for view in statements) for name, field in _LISTS.items()},
        "disputes": " | ".join(name.rpartition("/")[2] for name in data["disputes"]),
    }
