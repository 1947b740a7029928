"""A drawing as the data that vis-network draws, and the vis-network files that pyvis contains."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import MissingExtraError
from graphkit.view.drawing import EDGE_POINTS, NODE_POINTS
from graphkit.view.encoding import INK
from graphkit.view.layout.routing import loop_angle

if TYPE_CHECKING:
    from graphkit.view.drawing import Drawing, DrawnEdge, DrawnNode

PAPER = "#ffffff"
FACE = "Helvetica, Arial, sans-serif"
NODES = {"font": {"size": NODE_POINTS, "face": FACE}}
EDGES = {
    "width": 1.6,
    "arrows": {"to": {"enabled": True, "scaleFactor": 0.7}},
    "font": {"size": EDGE_POINTS, "face": FACE, "align": "horizontal"},
}
# Where vis-network has no such shape.
_VIS_SHAPES = {"bubble": "dot"}
_WORD_JOINER = "\u2060"


def vis_data(drawing: Drawing) -> dict[str, Any]:
    """Return a drawing as vis-network takes it: nodes, edges and what they have in common."""
    return {
        "nodes": [vis_node(shape) for shape in drawing.nodes],
        "edges": [vis_edge(stroke) for stroke in drawing.edges],
        "common": {"nodes": NODES, "edges": EDGES},
    }


def vis_node(shape: DrawnNode) -> dict[str, Any]:
    """Return what is one node's own, as vis-network takes it."""
    kind = shape.kind
    hollow = {"borderWidth": 3, "color": {"background": PAPER, "border": kind.colour}}
    full = {"borderWidth": 1, "color": {"background": kind.colour, "border": INK}}
    return {
        "id": shape.id,
        "label": shape.label,
        "shape": _VIS_SHAPES.get(kind.shape, kind.shape),
        "size": shape.radius,
        "x": shape.position[0],
        "y": shape.position[1],
        **(hollow if kind.hollow else full),
    }


def vis_edge(stroke: DrawnEdge) -> dict[str, Any]:
    """Return what is one edge's own; parallel edges differ in `smooth` or `selfReference`."""
    return {
        "id": stroke.id,
        "from": stroke.source,
        "to": stroke.target,
        "label": stroke.label,
        "color": stroke.polarity.colour,
        "dashes": list(stroke.status.dashes) or False,
        **_curve(stroke),
    }


def _curve(stroke: DrawnEdge) -> dict[str, Any]:
    if stroke.source == stroke.target:
        return {"selfReference": {"size": 22, "angle": round(loop_angle(stroke.curvature), 3)}}
    if not stroke.curvature:
        return {"smooth": False}
    turn = "curvedCW" if stroke.curvature > 0 else "curvedCCW"
    return {"smooth": {"enabled": True, "type": turn, "roundness": abs(stroke.curvature)}}


def hint_of(part: DrawnNode | DrawnEdge) -> str:
    """Return the hover text that a node or an edge of a pyvis network begins with."""
    below = part.kind.word if hasattr(part, "kind") else part.scope
    return _harmless(f"{part.name}\n{below}" if below else part.name)


def _harmless(title: str) -> str:
    """Return a hover text with nothing in it for pyvis's template, which may take it for HTML."""
    return title.replace("<", "‹").replace(">", "›").replace("&", "＆").replace("href", f"h{_WORD_JOINER}ref")


def vis_file(name: str) -> str:
    """Return a file of the vis-network that pyvis brings along, without importing pyvis.

    Args:
        name: `vis-network.min.js` or `vis-network.css`.

    Raises:
        MissingExtraError: pyvis is not installed, or came without it.
    """
    spec = find_spec("pyvis")
    home = Path(spec.origin).parent if spec and spec.origin else None
    found = sorted(home.glob(f"templates/lib/vis-*/{name}"), key=_version) if home else []
    if not found:
        raise MissingExtraError("pyvis", "view")
    return found[-1].read_text(encoding="utf-8")


def _version(path: Path) -> list[int]:
    return [int(part) for part in path.parent.name.removeprefix("vis-").split(".") if part.isdigit()]
