"""The page that vis-network draws, for the engines pyvis and canvas: one HTML file that needs no network.

pyvis contains vis-network; tables, style and script are those of every page. The page's Content-Security-Policy names
each script and style by its hash and forbids everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import networkx as nx

from graphkit.analysis.outline import MOST_EDGES
from graphkit.analysis.statements import StatementView
from graphkit.model.errors import ExportError
from graphkit.model.text import as_json
from graphkit.view.drawing import EDGE_POINTS, NODE_POINTS, Drawing, DrawnEdge, DrawnNode, draw
from graphkit.view.encoding import INK
from graphkit.view.layout.routing import loop_angle
from graphkit.view.page.groups import pack
from graphkit.view.page.html import content_policy, put, sheet
from graphkit.view.page.legend import legend
from graphkit.view.page.page import assembled, script
from graphkit.view.page.rows import packed_statement
from graphkit.view.page.tables import counts_of, evidence_tables

MOST_DRAWN = 50_000
# The options that all nodes and all edges share.
_FONT = "Helvetica, Arial, Liberation Sans, sans-serif"
NODES: Mapping[str, Any] = {"font": {"size": NODE_POINTS, "face": _FONT}}
EDGES: Mapping[str, Any] = {
    "width": 1.6,
    "arrows": {"to": {"enabled": True, "scaleFactor": 0.7}},
    "font": {"size": EDGE_POINTS, "face": _FONT, "align": "horizontal"},
}
_BACKGROUND = "#ffffff"
_CREDIT = " Drawn with vis-network (Apache-2.0 or MIT)."
_IN_TABLES = "The tables below list every statement with its source."
_PACKED = (
    "The statements are packed in this file and need a script. For a part with tables: graphkit view --about NAME."
)


def write_page(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the view of a network as one self-contained HTML file; see `graphkit.view.view`.

    Raises:
        ExportError: The file cannot be written.
    """
    put(render(network), path)


def write_canvas(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write a page for up to 50,000 edges; above 3,000, statements are packed and the script lists them in parts.

    Raises:
        ExportError: There are more edges, or the file cannot be written.
    """
    number = network.number_of_edges()
    if number > MOST_DRAWN:
        raise ExportError(
            f"The network has {number:,} edges; a canvas can draw {MOST_DRAWN:,}.",
            "Leave out --engine for an overview, or type --about NAME for a part.",
        )
    put(render(network), path)


def render(network: nx.MultiDiGraph[str]) -> str:
    """Return the page as text."""
    drawing = draw(network)
    return page_of(drawing, page_data(drawing), network.graph)


def page_of(drawing: Drawing, data: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """Return the page of a drawing."""
    styles, scripts = (
        [_vis_style(), sheet("shared.css") + sheet("page.css"), sheet("vis.css")],
        [_vis_script(), script("vis")],
    )
    large = len(drawing.edges) > MOST_EDGES
    if large:
        # Tens of thousands of rows would stop a browser.
        data = {**data, "evidence": _packed_evidence(drawing, about["evidence"])}
        tables = {**evidence_tables(Drawing((), ()), about), **counts_of(drawing, about)}
    else:
        tables = evidence_tables(drawing, about)
    where = _PACKED if large else _IN_TABLES
    return assembled(
        about,
        styles,
        scripts,
        policy_of_page=content_policy(scripts, styles),
        picture=f'<p class="notice" id="trouble" hidden>The picture cannot be drawn here. {where}</p>\n'
        '<div id="picture"></div>',
        legend=legend(drawing, about=about),
        data=f'<script type="application/json" id="data">{as_json(pack(data) if large else data)}</script>',
        without_script=f"so the picture is not drawn. {where}",
        credit=_CREDIT,
        **tables,
    )


def page_data(drawing: Drawing) -> dict[str, Any]:
    """Return the nodes and edges for the script of the page, with the ids of the drawing."""
    return {
        "nodes": [vis_node(node) for node in drawing.nodes],
        "edges": [vis_edge(edge) for edge in drawing.edges],
        "common": {"nodes": NODES, "edges": EDGES},
        "labelled": [edge.id for edge in drawing.edges if edge.labelled],
        "polarities": [edge.polarity.word for edge in drawing.edges],
    }


def _packed_evidence(drawing: Drawing, views: Mapping[str, StatementView]) -> dict[str, Any]:
    """Return the content of the tables of a large network: see `PackedEvidence` in frontend/vis/types.d.ts."""
    at = {node.id: number for number, node in enumerate(drawing.nodes)}
    number = {iri: i for i, iri in enumerate(sorted({iri for edge in drawing.edges for iri in edge.statements}))}
    return {
        "entities": [
            [node.key, node.name, "", node.kind.word, " · ".join(node.aliases), node.iri] for node in drawing.nodes
        ],
        "relations": [
            [
                at[edge.source], at[edge.target], edge.verb, edge.status.mark, edge.mark, edge.rest,
                edge.scope and f"scope: {edge.scope}", [number[iri] for iri in edge.statements],
            ]
            for edge in drawing.edges
        ],
        "statements": [packed_statement(views[iri]) for iri in number],
    }  # fmt: skip


def vis_node(node: DrawnNode) -> dict[str, Any]:
    """Return the options of a node in vis-network, without those that all nodes share."""
    kind = node.kind
    hollow = {"borderWidth": 3, "color": {"background": _BACKGROUND, "border": kind.colour}}
    full = {"borderWidth": 1, "color": {"background": kind.colour, "border": INK}}
    return {
        "id": node.id,
        "label": node.label,
        "shape": "dot" if kind.shape == "bubble" else kind.shape,
        "size": node.radius,
        "x": node.position[0],
        "y": node.position[1],
        **(hollow if kind.hollow else full),
    }


def vis_edge(edge: DrawnEdge) -> dict[str, Any]:
    """Return the options of an edge in vis-network; parallel edges differ in `smooth` or `selfReference`."""
    return {
        "id": edge.id,
        "from": edge.source,
        "to": edge.target,
        "label": edge.label,
        "color": edge.status.colour,
        "dashes": list(edge.status.dashes) or False,
        **_curve(edge),
    }


def _curve(edge: DrawnEdge) -> dict[str, Any]:
    if edge.source == edge.target:
        return {"selfReference": {"size": 22, "angle": round(loop_angle(edge.curvature), 3)}}
    if not edge.curvature:
        return {"smooth": False}
    side = "curvedCW" if edge.curvature > 0 else "curvedCCW"
    return {"smooth": {"enabled": True, "type": side, "roundness": abs(edge.curvature)}}


def _vis_file(name: str) -> str:
    """Return a file of the vis-network that pyvis contains, without importing pyvis."""
    home = Path(str(getattr(find_spec("pyvis"), "origin", ""))).parent
    return max(home.glob(f"templates/lib/vis-*/{name}"), key=_version).read_text(encoding="utf-8")


def _version(path: Path) -> list[int]:
    return [int(part) for part in path.parent.name.removeprefix("vis-").split(".") if part.isdigit()]


def _vis_script() -> str:
    """Return vis-network as a script that cannot end its element and requests no source map."""
    text = _vis_file("vis-network.min.js").partition("//# sourceMappingURL=")[0]
    return text.replace("</script", "<\\/script").replace("<!--", "\\x3c!--")


def _vis_style() -> str:
    """Return the style of vis-network without the images of its editing tools, which the page never shows."""
    rules = _vis_file("vis-network.css").split("}")
    return "".join(f"{rule}}}" for rule in rules if rule.strip() and "url(" not in rule)
