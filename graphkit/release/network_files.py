"""The network as GraphML and as tables, for Gephi, igraph, yEd, Cytoscape, visone, R, pandas and spreadsheets.

Attributes are text and numbers only, which every exchange format can hold. The values are those of the graph, byte for
byte: a spreadsheet may run a value that begins with "=" as a formula.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import networkx as nx

from graphkit.analysis.network import network
from graphkit.model.errors import ExportError
from graphkit.model.files import is_stream, replacing, replacing_all
from graphkit.model.iris import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from graphkit.analysis.statements import StatementView
    from graphkit.store import Store

# XML 1.0 cannot hold these characters, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# No attribute is called id, source or target, because importers use those names themselves.
_NODE = ("iri", "slug", "label", "kind")
_EDGE = (
    "edge_id", "relation", "label", "polarity", "status", "plain", "policy", "scope", "weight", "counted", "repeats",
    "stances", "speakers", "statements", "gists", "sources", "said", "links", "evidence", "disputes",
)  # fmt: skip


def write_graphml(store: Store, policy: str, path: Path) -> list[Path]:
    """Write GraphML; edges keep their ids, and the graph its policy, version and licence.

    Raises:
        ExportError: A text has a character that XML cannot hold.
    """
    flat = flat_network(store, policy)
    for *_, data in (*flat.nodes(data=True), *flat.edges(data=True)):
        for value in data.values():
            require_xml(str(value))
    lines = _with_xml_booleans(nx.generate_graphml(flat))
    with replacing(path) as beside:
        beside.write_text("<?xml version='1.0' encoding='utf-8'?>\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return [path]


def _with_xml_booleans(lines: Iterable[str]) -> Iterator[str]:
    """Yield GraphML with the booleans of XML in place of those of Python, which networkx writes."""
    key = ""
    for line in lines:
        if 'attr.name="plain"' in line:
            key = line.split('"')[1]
        for word in ("True", "False") if key else ():
            line = line.replace(f'<data key="{key}">{word}</data>', f'<data key="{key}">{word.lower()}</data>')  # noqa: PLW2901
        yield line


def require_xml(text: str) -> str:
    """Return a text that XML can hold.

    Raises:
        ExportError: It has a control character or half a pair of surrogates.
    """
    if found := _NOT_XML.search(text):
        before = text[max(0, found.start() - 30) : found.start() + 30]
        message = f"XML cannot hold the character U+{ord(found[0]):04X} in {before!a}."
        raise ExportError(message, "Remove it from the data, or export tables.")
    return text


def write_tables(store: Store, policy: str, path: Path) -> list[Path]:
    """Write `nodes.csv` and `edges.csv` into a folder; the columns that R and Gephi expect come first."""
    if is_stream(path):
        raise ExportError(f"{path} is not a folder, and csv is two files.", "Name a folder with -o.")
    rows = network_rows(store, policy)
    files = [path / "nodes.csv", path / "edges.csv"]
    # Both are replaced together, so that the two tables always belong to the same export.
    with replacing_all(*files) as (new_nodes, new_edges):
        _write_csv(new_nodes, ("name", *_NODE), rows["nodes"])
        _write_csv(new_edges, ("from", "to", *_EDGE), (map(_cell, row) for row in rows["edges"]))
    return files


def _write_csv(path: Path, head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def network_rows(store: Store, policy: str) -> dict[str, Iterator[tuple[str | int | bool, ...]]]:
    """Return the rows of the tables of a network: its nodes, its edges, and the statements of each edge."""
    flat = flat_network(store, policy)
    lists = ("statements", "stances")
    return {
        "nodes": ((name, *(data[key] for key in _NODE)) for name, data in flat.nodes(data=True)),
        "edges": ((start, end, *(data[key] for key in _EDGE)) for start, end, data in flat.edges(data=True)),
        "edge_statements": (
            (data["edge_id"], *pair)
            for _, _, data in flat.edges(data=True)
            for pair in zip(*(data[name].split(" | ") for name in lists), strict=True)
        ),
    }


def _edge_id(key: str) -> str:
    return key.removeprefix(BASE).replace("/", "_")


def flat_network(store: Store, policy: str) -> nx.MultiDiGraph[str]:
    """Return the network with nodes named by their slugs, and lists joined with " | "."""
    whole = network(store, policy)
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    flat.graph.update({name: value for name, value in whole.graph.items() if isinstance(value, str | int)})
    # Readers of tables turn names of digits alone into numbers, and the name of a proposition is a hash.
    names = {
        node: f"p_{data['slug']}" if "/proposition/" in node else data["slug"] for node, data in whole.nodes(data=True)
    }
    for node, data in whole.nodes(data=True):
        flat.add_node(names[node], iri=node, slug=data["slug"], label=data["label"], kind=data["kind"])
    for subject, target, key, data in whole.edges(keys=True, data=True):
        edge_id = _edge_id(key)
        edge = {"edge_id": edge_id, "policy": policy, **_attributes(data, whole.graph["evidence"])}
        flat.add_edge(names[subject], names[target], key=edge_id, **{name: edge[name] for name in _EDGE})
    return flat


def _attributes(data: Mapping[str, Any], views: Mapping[str, StatementView]) -> dict[str, str | int | bool]:
    statements = [views[name] for name in data["statements"]]
    columns = {
        "stances": "stance", "speakers": "speaker", "statements": "id", "gists": "gist", "sources": "source",
        "said": "said", "links": "url", "evidence": "evidence",
    }  # fmt: skip
    return {
        **{name: str(data[name]) for name in ("relation", "label", "polarity", "status", "scope")},
        "plain": bool(data["plain"]),
        "weight": len(statements),
        "counted": len(statements) - len(data["repeats"]),
        "repeats": " | ".join(sorted({_edge_id(key) for key in data["repeats"].values()})),
        **{name: " | ".join(getattr(view, field) for view in statements) for name, field in columns.items()},
        "disputes": " | ".join(name.rpartition("/")[2] for name in data["disputes"]),
    }
