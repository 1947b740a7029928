"""Rows 16 to 20: each network has the nodes and edges of the tables."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from graphkit.release import projections
from graphkit.release.content import DISCOURSE
from graphkit.release.verify.deposit import Deposit, UntriedError

# Bytes of CX2, which is read as a whole.
_CX2 = 160 << 20
_GEXF_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Arc(NamedTuple):
    """An edge by the names of its ends and its own name."""

    start: str
    end: str
    name: str


def require_network(deposit: Deposit) -> None:
    """Skip a proof about networks if the release has none.

    Raises:
        UntriedError: The data package has no table of edges.
    """
    if not any(table["name"] == "edges" for table in deposit.tables):
        raise UntriedError("the release has no networks: its graph is too large for programs that draw them.")


def _tables(deposit: Deposit) -> tuple[list[str], list[Arc]]:
    nodes = [row["name"] for row in deposit.rows("tables/nodes.csv")]
    edges = (Arc(row["from"], row["to"], row["edge_id"]) for row in deposit.rows("tables/edges.csv"))
    return nodes, sorted(edges)


def _compared(name: str, deposit: Deposit, nodes: Iterable[str], arcs: Iterable[Arc]) -> Iterator[str]:
    """Yield the differences between a network and the tables."""
    found, links = list(nodes), sorted(arcs)
    expected, edges = _tables(deposit)
    yield from (f"{name} has the node {node!r} more than once." for node, times in Counter(found).items() if times > 1)
    if set(found) != set(expected):
        yield f"{name} has {len(set(found)):,} nodes, and the tables {len(set(expected)):,}; or they have other names."
    if links != edges:
        yield f"{name} has {len(links):,} edges, and the tables {len(edges):,}; or they have other ends or names."


def check_gexf(deposit: Deposit) -> Iterator[str]:
    """Yield the differences of GEXF from the tables, and attributes that Gephi refuses."""
    nodes: list[str] = []
    arcs: list[Arc] = []
    for element in deposit.elements("network/graph.gexf"):
        tag, given = element.tag.rpartition("}")[2], element.attrib
        if tag == "graph" and "name" in given:
            yield "network/graph.gexf has a name on its graph, which GEXF 1.3 does not allow."
        if tag == "attribute" and given.get("id") != given.get("title"):
            yield f"network/graph.gexf has an attribute with the id {given.get('id')!r} and another title."
        if tag == "spell" and not all(_GEXF_DATE.fullmatch(day) for day in given.values()):
            yield f"network/graph.gexf has a spell that is not made of days: {dict(given)}."
        nodes += [given["id"]] if tag == "node" else []
        arcs += [Arc(given["source"], given["target"], given["id"])] if tag == "edge" else []
    yield from _compared("network/graph.gexf", deposit, nodes, arcs)


def check_graphml(deposit: Deposit) -> Iterator[str]:
    """Yield the differences of GraphML from the tables."""
    nodes: list[str] = []
    arcs: list[Arc] = []
    for element in deposit.elements("network/graph.graphml"):
        tag, given = element.tag.rpartition("}")[2], element.attrib
        nodes += [given["id"]] if tag == "node" else []
        arcs += [Arc(given["source"], given["target"], given["id"])] if tag == "edge" else []
        if tag == "data" and element.text in {"True", "False"}:
            yield "network/graph.graphml has a boolean of Python, which other programs take for a text."
    yield from _compared("network/graph.graphml", deposit, nodes, arcs)


def check_cx2(deposit: Deposit) -> Iterator[str]:
    """Yield the differences of CX2 from the tables, and nulls."""
    whole = deposit.json("network/graph.cx2", _CX2)
    aspects: dict[str, Any] = {key: value for one in whole for key, value in one.items()}
    names = {node["id"]: node["v"]["name"] for node in aspects["nodes"]}
    ends = ((edge, names.get(edge["s"], "?"), names.get(edge["t"], "?")) for edge in aspects["edges"])
    arcs = [Arc(start, end, edge["v"]["edge_id"]) for edge, start, end in ends]
    yield from _compared("network/graph.cx2", deposit, names.values(), arcs)
    if any(value is None for one in (*aspects["nodes"], *aspects["edges"]) for value in one["v"].values()):
        yield "network/graph.cx2 has a null, which Cytoscape refuses."
    for count in aspects["metaData"]:
        if count["elementCount"] != len(aspects[count["name"]]):
            yield f"network/graph.cx2 has another number of {count['name']} than it says."


def check_neo4j(deposit: Deposit) -> Iterator[str]:
    """Yield the differences of the files for Neo4j from the tables, and heads that its import refuses."""
    nodes, edges = "network/neo4j/nodes.csv", "network/neo4j/relationships.csv"
    for name, needed in ((nodes, {":ID", ":LABEL"}), (edges, {":START_ID", ":END_ID", ":TYPE"})):
        yield from (f"{name} has no column {column}." for column in sorted(needed - {*deposit.head(name)}))
    found = [row[":ID"] for row in deposit.rows(nodes)]
    arcs = (Arc(row[":START_ID"], row[":END_ID"], row["edge_id"]) for row in deposit.rows(edges))
    yield from _compared("network/neo4j", deposit, found, arcs)


def check_numbers(deposit: Deposit) -> Iterator[str]:
    """Yield the differences of Pajek and DL from the plain triples in the tables."""
    expected = sorted(
        (row["from"], row["to"], row["weight"]) for row in deposit.rows("tables/edges.csv") if row["plain"] == "true"
    )
    for folder, file, read in (("pajek", "network.net", _pajek), ("dl", "network.dl", _dl)):
        name = f"network/{folder}/{file}"
        names = {row["number"]: row["name"] for row in deposit.rows(f"network/{folder}/labels.csv")}
        lines = deposit.text(name)
        if not lines.isascii() or "'" in lines:
            yield f"{name} has letters beyond ASCII or quotation marks, which UCINET and Pajek misread."
        found = sorted((names.get(start, "?"), names.get(end, "?"), weight) for start, end, weight in read(lines))
        if found != expected:
            yield f"{name} has {len(found):,} arcs, and the tables {len(expected):,} plain edges; or they differ."
        yield from _vertices(name, lines, len(names))


def check_discourse(deposit: Deposit) -> Iterator[str]:
    """Yield each discourse network that is other than its record gives, or has statements that the tables lack.

    Raises:
        UntriedError: There are none, because they are too large.
    """
    names = {name.rpartition("/")[2] for name in deposit.files if name.startswith("network/discourse/")}
    kinds = [kind for kind in DISCOURSE if any(name.startswith(kind) for name in names)]
    if not kinds:
        raise UntriedError("the release has no discourse networks: they are too large for programs that draw them.")
    statements = {row["id"] for row in deposit.rows("tables/statements.csv")}
    for start, form in ((f"network/discourse/{form}/{kind}", form) for form in ("dl", "pajek") for kind in kinds):
        made = projections.read(deposit.path(start + projections.RECORD))
        for end, content in projections.contents(made, form).items():
            if _kept(end, deposit.path(start + end).read_bytes()) != _kept(end, content):
                yield f"{start}{end} is other than its record gives."
        used = {row["statement"] for row in deposit.rows(start + projections.STATEMENTS)}
        yield from (f"{start} has the statement {one}, which the tables lack." for one in sorted(used - statements))


def _kept(end: str, content: bytes) -> object:
    """Return the content of a file that its record gives again: not the record itself, nor the IRIs of a key."""
    if end == projections.KEY:
        return [row[:3] for row in csv.reader(content.decode().splitlines())]
    return b"" if end == projections.RECORD else content


_COUNT = re.compile(r"^(?:\*Vertices |dl n=)(\d+)$", re.MULTILINE)


def _vertices(name: str, text: str, number: int) -> Iterator[str]:
    stated = _COUNT.findall(text)
    if stated != [str(number)]:
        yield f"{name} states {' and '.join(stated) or 'no number of'} vertices, and labels.csv has {number}."


def _arcs(text: str, start: str) -> list[list[str]]:
    """Return the cells of the lines after one that begins the arcs."""
    return [line.split(" ") for line in text.partition(f"{start}\n")[2].splitlines()]


_pajek: Callable[[str], list[list[str]]] = lambda text: _arcs(text, "*Arcs")  # noqa: E731
_dl: Callable[[str], list[list[str]]] = lambda text: _arcs(text, "data:")  # noqa: E731
