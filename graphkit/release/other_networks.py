"""The network for Gephi (GEXF), Cytoscape (CX2), Neo4j, Pajek and UCINET (DL).

Pajek and DL hold numbers only: they get the edges that are plain triples under the policy, so that no claim or denial
looks like a fact. The other formats hold every edge with its status.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import quoteattr

from graphkit.model.dates import first_and_last_day
from graphkit.model.errors import ExportError
from graphkit.model.files import is_stream, replacing, replacing_all
from graphkit.release.network_files import flat_network, require_xml
from graphkit.release.tables.columns import NETWORK, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import networkx as nx

    from graphkit.release.tables.columns import Column, TableOf
    from graphkit.store import Store

_NODES, _EDGES, _ = NETWORK
_DESCRIPTION = ("title", "version", "licence", "policy", "dataset")
_TYPES = {Kind.BOOLEAN: "boolean", Kind.INTEGER: "integer"}


class _Edge(NamedTuple):
    """An edge with its ends and the values of its columns."""

    start: str
    end: str
    values: Mapping[str, str | int | bool]


def _edges(flat: nx.MultiDiGraph[str]) -> Iterator[_Edge]:
    return (_Edge(start, end, data) for start, end, data in flat.edges(data=True))


def _columns(table: TableOf) -> list[Column]:
    """Return the columns that are attributes, not ends or names."""
    return [column for column in table.columns if column.name not in {"name", "from", "to"}]


def write_gexf(store: Store, policy: str, path: Path) -> list[Path]:
    """Write GEXF 1.3; each statement of an edge is a spell from the first to the last day on which it may be said.

    Raises:
        ExportError: A text has a character that XML cannot hold.
    """
    flat = flat_network(store, policy)
    with replacing(path) as beside, beside.open("w", encoding="utf-8") as file:
        file.writelines(_gexf(flat))
    return [path]


def _gexf(flat: nx.MultiDiGraph[str]) -> Iterator[str]:
    about = "; ".join(f"{name}: {flat.graph[name]}" for name in _DESCRIPTION if flat.graph.get(name))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield f"<meta><creator>graphkit</creator><description>{_xml(about)[1:-1]}</description></meta>\n"
    yield '<graph defaultedgetype="directed" mode="dynamic" timeformat="date" timerepresentation="interval">\n'
    for group, table in (("node", _NODES), ("edge", _EDGES)):
        yield f'<attributes class="{group}" mode="static">\n'
        for column in _columns(table):
            yield f'<attribute id="{column.name}" title="{column.name}" type="{_TYPES.get(column.kind, "string")}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for name, data in flat.nodes(data=True):
        yield f"<node id={_xml(name)} label={_xml(data['label'])}>{_values(_NODES, data)}</node>\n"
    yield "</nodes>\n<edges>\n"
    for edge in _edges(flat):
        ends = f"source={_xml(edge.start)} target={_xml(edge.end)}"
        text = f"label={_xml(edge.values['label'])} weight={_xml(edge.values['weight'])}"
        yield f"<edge id={_xml(edge.values['edge_id'])} {ends} {text}>{_values(_EDGES, edge.values)}"
        yield f"<spells>{''.join(_spells(str(edge.values['said'])))}</spells></edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _values(table: TableOf, data: Mapping[str, str | int | bool]) -> str:
    cells = (f'<attvalue for="{column.name}" value={_xml(data[column.name])}/>' for column in _columns(table))
    return f"<attvalues>{''.join(cells)}</attvalues>"


def _spells(said: str) -> Iterator[str]:
    for date in said.split(" | "):
        first, last = first_and_last_day(date)
        days = (("start", first), ("end", last))
        yield f"<spell{''.join(f' {name}={_xml(str(day))}' for name, day in days if day)}/>"


def _xml(value: str | float) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return quoteattr(require_xml(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def write_cx2(store: Store, policy: str, path: Path) -> list[Path]:
    """Write CX2, the JSON of Cytoscape; missing values are left out, because it has no null."""
    flat = flat_network(store, policy)
    numbers = {name: number for number, name in enumerate(flat)}
    nodes = [{"id": numbers[name], "v": _filled({"name": name, **data})} for name, data in flat.nodes(data=True)]
    edges = [
        {"id": number, "s": numbers[edge.start], "t": numbers[edge.end], "v": _filled(edge.values)}
        for number, edge in enumerate(_edges(flat))
    ]
    about = _filled({name: flat.graph.get(name, "") for name in _DESCRIPTION})
    declared = {
        "networkAttributes": {name: {"d": "string"} for name in about},
        "nodes": {"name": {"d": "string"}} | _declared(_NODES),
        "edges": _declared(_EDGES),
    }
    aspects: dict[str, list[Any]] = {
        "attributeDeclarations": [declared],
        "networkAttributes": [about],
        "nodes": nodes,
        "edges": edges,
    }
    counts = [{"name": name, "elementCount": len(values)} for name, values in aspects.items()]
    whole = [{"CXVersion": "2.0", "hasFragments": False}, {"metaData": counts}]
    whole += [{name: values} for name, values in aspects.items()]
    with replacing(path) as beside:
        beside.write_text(json.dumps([*whole, {"status": [{"success": True}]}], ensure_ascii=False), encoding="utf-8")
    return [path]


def _declared(table: TableOf) -> dict[str, dict[str, str]]:
    return {column.name: {"d": _TYPES.get(column.kind, "string")} for column in _columns(table)}


def _filled(values: Mapping[str, str | int | bool]) -> dict[str, str | int | bool]:
    return {name: value for name, value in values.items() if value != ""}


def write_neo4j(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the two CSV files that `neo4j-admin database import` reads, into a folder."""
    flat = flat_network(store, policy)
    nodes = [[":ID", ":LABEL", *map(_typed, _columns(_NODES))]]
    nodes += [[name, _camel(data["kind"]), *_cells(_NODES, data)] for name, data in flat.nodes(data=True)]
    edges = [[":START_ID", ":END_ID", ":TYPE", *map(_typed, _columns(_EDGES))]]
    edges += [[edge.start, edge.end, _upper(edge), *_cells(_EDGES, edge.values)] for edge in _edges(flat)]
    return _write_files(path, {"nodes.csv": nodes, "relationships.csv": edges})


def _typed(column: Column) -> str:
    return column.name + {Kind.BOOLEAN: ":boolean", Kind.INTEGER: ":int"}.get(column.kind, "")


def _cells(table: TableOf, data: Mapping[str, str | int | bool]) -> list[str]:
    cells = (data[column.name] for column in _columns(table))
    return [str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in cells]


def _camel(kind: str) -> str:
    return re.sub(r"\W", "", kind.title()) or "Thing"


def _upper(edge: _Edge) -> str:
    """Return a relation as a type of Neo4j; only a plain triple gets the bare name of its relation."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(edge.values["relation"])).upper()
    return name if edge.values["plain"] else f"{name}_{str(edge.values['status']).upper()}"


def write_pajek(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the plain triples as `network.net` of Pajek, with the labels of its nodes, into a folder."""
    flat, numbers = _plain(store, policy)
    head = [f"*Vertices {len(numbers)}", *(f'{number} "{name}"' for name, number in numbers.items()), "*Arcs"]
    arcs = [f"{numbers[edge.start]} {numbers[edge.end]} {edge.values['weight']}" for edge in _edges(flat)]
    return _write_files(path, {"network.net": [*head, *arcs], "labels.csv": _labels(flat, numbers)})


def write_dl(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the plain triples as `network.dl` of UCINET, with the labels of its nodes, into a folder."""
    flat, numbers = _plain(store, policy)
    head = [f"dl n={len(numbers)}", "format = edgelist1", "labels:", ",".join(numbers), "data:"]
    arcs = [f"{numbers[edge.start]} {numbers[edge.end]} {edge.values['weight']}" for edge in _edges(flat)]
    return _write_files(path, {"network.dl": [*head, *arcs], "labels.csv": _labels(flat, numbers)})


def _plain(store: Store, policy: str) -> tuple[nx.MultiDiGraph[str], dict[str, int]]:
    """Return the plain triples, and the number of each node at one of their ends, from 1."""
    flat = flat_network(store, policy)
    claims = [(start, end, key) for start, end, key, data in flat.edges(keys=True, data=True) if not data["plain"]]
    flat.remove_edges_from(claims)
    flat.remove_nodes_from([name for name, degree in list(flat.degree()) if not degree])
    return flat, {name: number for number, name in enumerate(flat, 1)}


def _labels(flat: nx.MultiDiGraph[str], numbers: Mapping[str, int]) -> list[list[str]]:
    return [["number", "name", "label", "kind"]] + [
        [str(number), name, flat.nodes[name]["label"], flat.nodes[name]["kind"]] for name, number in numbers.items()
    ]


def _write_files(path: Path, contents: Mapping[str, Iterable[str | list[str]]]) -> list[Path]:
    """Write files that belong together into a folder: lines of text, or rows of CSV."""
    if is_stream(path):
        raise ExportError(f"{path} is not a folder, and this format has several files.", "Name a folder with -o.")
    files = [path / name for name in contents]
    with replacing_all(*files) as places:
        for place, rows in zip(places, contents.values(), strict=True):
            with place.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                for row in rows:
                    if isinstance(row, str):
                        file.write(row + "\n")
                    else:
                        writer.writerow(row)
    return files
