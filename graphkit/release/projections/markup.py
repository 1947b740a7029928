"""Discourse networks as GraphML and GEXF, with their record as an attribute of the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import networkx as nx
from networkx.readwrite.graphml import GraphMLWriter

from graphkit.analysis.discourse.projection import Projection
from graphkit.analysis.discourse.record import compact
from graphkit.release.network_files import GRAPHML, require_xml
from graphkit.release.projections.plain import Tie

_GEXF = "http://gexf.net/1.3"
_NODE = {"part": "string", "iri": "string"}
_EDGE = {"statements": "integer", "positive": "integer", "negative": "integer", "ids": "string"}


def _graph(projection: Projection, ties: list[Tie]) -> nx.Graph[int]:
    """Return the network with whole numbers as nodes and plain values as attributes."""
    for label in (*projection.rows, *projection.columns):
        require_xml(label)
    graph: nx.Graph[Any] = projection.to_networkx()
    graph.graph = {"network": compact(projection)}
    rows, columns = projection.nodes()
    for tie in ties:
        graph.edges[rows[tie.row], columns[tie.column]].update(**tie.counts, ids=" ".join(tie.ids))
    for node, data in graph.nodes(data=True):
        data["iri"] = projection.iris.get(data["label"], "")
        data["part"] = node[0] if isinstance(node, tuple) else "node"
    return nx.convert_node_labels_to_integers(graph)


def graphml(projection: Projection, ties: list[Tie]) -> str:
    """Return GraphML.

    Raises:
        ExportError: A label has a character that XML cannot hold.
    """
    # `nx.generate_graphml` would split labels at \r, and a reader of XML turns a bare \r into a line feed.
    text = str(GraphMLWriter(_graph(projection, ties)))
    return text.replace("\r", "&#13;") + "\n"


def gexf(projection: Projection, ties: list[Tie]) -> str:
    """Return GEXF 1.3.

    Raises:
        ExportError: A label has a character that XML cannot hold.
    """
    return "\n".join(_gexf_lines(_graph(projection, ties))) + "\n"


def _gexf_lines(graph: nx.Graph[int]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{_GEXF}" version="1.3">'
    yield f"<meta><creator>graphkit</creator><description>{escape(graph.graph['network'])}</description></meta>"
    yield f'<graph defaultedgetype="{"directed" if graph.is_directed() else "undirected"}">'
    for kind, names in (("node", _NODE), ("edge", _EDGE)):
        declared = "".join(f'<attribute id="{name}" title="{name}" type="{names[name]}"/>' for name in names)
        yield f'<attributes class="{kind}">{declared}</attributes>'
    yield "<nodes>"
    for node, data in graph.nodes(data=True):
        yield f'<node id="{node}" label={_attribute(data["label"])}>{_values(data, _NODE)}</node>'
    yield "</nodes>\n<edges>"
    for place, (one, other, data) in enumerate(graph.edges(data=True)):
        ends = f'source="{one}" target="{other}" weight="{data["weight"]!r}"'
        yield f'<edge id="{place}" {ends}>{_values(data, _EDGE)}</edge>'
    yield "</edges>\n</graph>\n</gexf>"


def _values(data: Mapping[str, object], names: Mapping[str, str]) -> str:
    cells = (f'<attvalue for="{name}" value={_attribute(data[name])}/>' for name in names)
    return f"<attvalues>{''.join(cells)}</attvalues>"


def _attribute(value: object) -> str:
    return quoteattr(str(value))


def network_of(path: Path) -> str:
    """Return the record in a GraphML file.

    Raises:
        LookupError: It has none.
    """
    root = ET.parse(path).getroot()  # noqa: S314 - expat limits the growth of entities
    keys = {key.get("id") for key in root.iter(f"{{{GRAPHML}}}key") if key.get("attr.name") == "network"}
    found = (data.text for data in root.iter(f"{{{GRAPHML}}}data") if data.get("key") in keys)
    return _found(next(found, None))


def description_of(path: Path) -> str:
    """Return the record in a GEXF file.

    Raises:
        LookupError: It has none.
    """
    root = ET.parse(path).getroot()  # noqa: S314 - expat limits the growth of entities
    return _found(root.findtext(f"{{{_GEXF}}}meta/{{{_GEXF}}}description"))


def _found(text: str | None) -> str:
    if text is None:
        raise LookupError("no record")
    return text
