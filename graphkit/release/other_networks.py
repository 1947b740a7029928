"""The network for Gephi (GEXF), Cytoscape (CX2), Neo4j, Pajek and UCINET (DL).

Pajek and DL hold numbers only: they get the edges that are plain triples under the policy, so that no claim or denial
looks like a fact. The other formats hold every edge with its status.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from graphkit.model.csv_rows import csv_writer
from graphkit.model.dates import first_and_last_day
from graphkit.model.errors import ExportError
from graphkit.model.files import is_stream, replacing_all
from graphkit.release.flat_network import Edge, FlatNetwork
from graphkit.release.network_files import write_as, xml_attribute
from graphkit.release.tables.columns import NETWORK, Column, Kind, TableOf
from graphkit.store import Store

_NODES, _EDGES, _ = NETWORK
_DESCRIPTION = ("title", "version", "licence", "policy", "dataset")
_TYPES = {Kind.BOOLEAN: "boolean", Kind.INTEGER: "integer"}


@cache
def _columns(table: TableOf) -> list[Column]:
    """Return the columns that are attributes, not ends or names."""
    return [column for column in table.columns if column.name not in {"name", "from", "to"}]


def write_gexf(store: Store, policy: str, path: Path) -> list[Path]:
    """Write GEXF 1.3; each statement of an edge is a spell from the first to the last day on which it may be said.

    Raises:
        ExportError: A text has a character that XML cannot hold.
    """
    return write_as(_gexf, store, policy, path)


def _gexf(flat: FlatNetwork) -> Iterator[str]:
    about = "; ".join(f"{name}: {flat.about[name]}" for name in _DESCRIPTION if flat.about.get(name))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield f"<meta><creator>graphkit</creator><description>{xml_attribute(about)[1:-1]}</description></meta>\n"
    yield '<graph defaultedgetype="directed" mode="dynamic" timeformat="date" timerepresentation="interval">\n'
    for group, table in (("node", _NODES), ("edge", _EDGES)):
        yield f'<attributes class="{group}" mode="static">\n'
        for column in _columns(table):
            yield f'<attribute id="{column.name}" title="{column.name}" type="{_TYPES.get(column.kind, "string")}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for name, data in flat.nodes.items():
        yield f"<node id={xml_attribute(name)} label={xml_attribute(data['label'])}>{_values(_NODES, data)}</node>\n"
    yield "</nodes>\n<edges>\n"
    for edge in flat:
        ends = f"source={xml_attribute(edge.start)} target={xml_attribute(edge.end)}"
        text = f"label={xml_attribute(edge.values['label'])} weight={xml_attribute(edge.values['weight'])}"
        yield f"<edge id={xml_attribute(edge.values['edge_id'])} {ends} {text}>{_values(_EDGES, edge.values)}"
        yield f"<spells>{''.join(_spells(str(edge.values['said'])))}</spells></edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _values(table: TableOf, data: Mapping[str, str | int | bool]) -> str:
    cells = (f'<attvalue for="{column.name}" value={xml_attribute(data[column.name])}/>' for column in _columns(table))
    return f"<attvalues>{''.join(cells)}</attvalues>"


def _spells(said: str) -> Iterator[str]:
    for date in said.split(" | "):
        first, last = first_and_last_day(date)
        days = (("start", first), ("end", last))
        yield f"<spell{''.join(f' {name}={xml_attribute(str(day))}' for name, day in days if day)}/>"


def write_cx2(store: Store, policy: str, path: Path) -> list[Path]:
    """Write CX2, the JSON of Cytoscape; missing values are left out, because it has no null."""
    return write_as(_cx2, store, policy, path)


def _cx2(flat: FlatNetwork) -> Iterator[str]:
    about = _filled({name: flat.about.get(name, "") for name in _DESCRIPTION})
    declared = {
        "networkAttributes": {name: {"d": "string"} for name in about},
        "nodes": {"name": {"d": "string"}} | _declared(_NODES),
        "edges": _declared(_EDGES),
    }
    sizes = {"attributeDeclarations": 1, "networkAttributes": 1, "nodes": len(flat.nodes), "edges": len(flat)}
    counts = [{"name": name, "elementCount": size} for name, size in sizes.items()]
    head = [
        {"CXVersion": "2.0", "hasFragments": False}, {"metaData": counts},
        {"attributeDeclarations": [declared]}, {"networkAttributes": [about]},
    ]  # fmt: skip
    yield _json(head)[:-1] + ", "
    yield from _aspect("nodes", _cx2_nodes(flat))
    yield from _aspect("edges", _cx2_edges(flat))
    yield f"{_json({'status': [{'success': True}]})}]"


def _cx2_nodes(flat: FlatNetwork) -> Iterator[dict[str, Any]]:
    for number, (name, node) in enumerate(flat.nodes.items()):
        yield {"id": number, "v": _filled({"name": name, **node})}


def _cx2_edges(flat: FlatNetwork) -> Iterator[dict[str, Any]]:
    numbers = {name: number for number, name in enumerate(flat.nodes)}
    for number, (start, end, values) in enumerate(flat):
        yield {"id": number, "s": numbers[start], "t": numbers[end], "v": _filled(values)}


def _aspect(name: str, elements: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f'{{"{name}": ['
    for number, element in enumerate(elements):
        yield (", " if number else "") + _json(element)
    yield "]}, "


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _declared(table: TableOf) -> dict[str, dict[str, str]]:
    return {column.name: {"d": _TYPES.get(column.kind, "string")} for column in _columns(table)}


def _filled(values: Mapping[str, str | int | bool]) -> dict[str, str | int | bool]:
    return {name: value for name, value in values.items() if value != ""}


def write_neo4j(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the two CSV files that `neo4j-admin database import` reads, into a folder."""
    with FlatNetwork.open(store, policy) as flat:
        return _write_files(path, {"nodes.csv": _neo4j_nodes(flat), "relationships.csv": _neo4j_edges(flat)})


def _neo4j_nodes(flat: FlatNetwork) -> Iterator[list[str | int]]:
    yield [":ID", ":LABEL", *map(_typed, _columns(_NODES))]
    for name, node in flat.nodes.items():
        yield [name, _camel(node["kind"]), *_cells(_NODES, node)]


def _neo4j_edges(flat: FlatNetwork) -> Iterator[list[str | int]]:
    yield [":START_ID", ":END_ID", ":TYPE", *map(_typed, _columns(_EDGES))]
    for edge in flat:
        values = edge.values
        kind = _upper(str(values["relation"]), "" if values["plain"] else str(values["status"]))
        yield [edge.start, edge.end, kind, *_cells(_EDGES, values)]


def _typed(column: Column) -> str:
    return column.name + {Kind.BOOLEAN: ":boolean", Kind.INTEGER: ":int"}.get(column.kind, "")


def _cells(table: TableOf, data: Mapping[str, str | int | bool]) -> list[str | int]:
    cells = [data[column.name] for column in _columns(table)]
    return [str(cell).lower() if isinstance(cell, bool) else cell for cell in cells]


def _camel(kind: str) -> str:
    return re.sub(r"\W", "", kind.title()) or "Thing"


@cache
def _upper(relation: str, status: str) -> str:
    """Return a relation as a type of Neo4j; only a plain triple, without a status, gets its bare name."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", relation).upper()
    return f"{name}_{status.upper()}" if status else name


def write_pajek(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the plain triples as `network.net` of Pajek, with the labels of its nodes, into a folder."""
    with FlatNetwork.open(store, policy) as flat:
        plain = _Plain(flat)
        names = (f'{number} "{name}"' for name, number in plain.numbers.items())
        lines = chain([f"*Vertices {len(plain.numbers)}", *names, "*Arcs"], plain.arcs())
        return _write_files(path, {"network.net": lines, "labels.csv": plain.labels()})


def write_dl(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the plain triples as `network.dl` of UCINET, with the labels of its nodes, into a folder."""
    with FlatNetwork.open(store, policy) as flat:
        plain = _Plain(flat)
        head = [f"dl n={len(plain.numbers)}", "format = edgelist1", "labels:", ",".join(plain.numbers), "data:"]
        return _write_files(path, {"network.dl": chain(head, plain.arcs()), "labels.csv": plain.labels()})


class _Plain:
    """The plain triples of a network, and the number of each node at one of their ends, from 1."""

    def __init__(self, flat: FlatNetwork) -> None:
        self._flat = flat
        ends = {end for edge in self._edges() for end in edge[:2]}
        self.numbers = {name: number for number, name in enumerate((one for one in flat.nodes if one in ends), 1)}

    def _edges(self) -> Iterator[Edge]:
        return (edge for edge in self._flat if edge.values["plain"])

    def arcs(self) -> Iterator[str]:
        return (f"{self.numbers[start]} {self.numbers[end]} {of['weight']}" for start, end, of in self._edges())

    def labels(self) -> Iterator[list[str | int]]:
        yield ["number", "name", "label", "kind"]
        for name, number in self.numbers.items():
            node = self._flat.nodes[name]
            yield [str(number), name, node["label"], node["kind"]]


def _write_files(path: Path, contents: Mapping[str, Iterable[str | list[str | int]]]) -> list[Path]:
    """Write files that belong together into a folder: lines of text, or rows of CSV."""
    if is_stream(path):
        raise ExportError(f"{path} is not a folder, and this format has several files.", "Name a folder with -o.")
    files = [path / name for name in contents]
    with replacing_all(*files) as places:
        for place, rows in zip(places, contents.values(), strict=True):
            with place.open("w", encoding="utf-8", newline="") as file:
                writer = csv_writer(file)
                for row in rows:
                    if isinstance(row, str):
                        file.write(row + "\n")
                    else:
                        writer.writerow(row)
    return files
