"""Figures for print: the SVG of the page in light colours, and PNG and PDF, drawn by matplotlib."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import MissingExtraError
from graphkit.view.drawing import EDGE_POINTS, NODE_POINTS, draw
from graphkit.view.encoding import INK
from graphkit.view.page.html import put
from graphkit.view.page.page import caption_of
from graphkit.view.page.svg import curve_of, label_of, picture

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from graphkit.view.drawing import Annotation, Drawing, DrawnEdge, DrawnNode
    from graphkit.view.layout.boxes import Point

# Pixels of the picture per inch, the greatest width in inches, and the resolution of PNG.
_INCH, _WIDEST, _DPI = 96, 40.0, 300
_MARKERS = {
    "square": "s", "dot": "o", "diamond": "D", "triangle": "^", "triangleDown": "v", "hexagon": "h", "star": "*",
    "bubble": "8",
}  # fmt: skip


def write_svg(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the figure of a network as an SVG file; see `graphkit.view.view`."""
    text = picture(_complete(draw(network)), caption_of(network), look="light")
    put(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', path)


def _complete(drawing: Drawing) -> Drawing:
    """Return a drawing that has all nodes from the beginning, and each edge as a line of its own."""
    return replace(drawing, pairs=(), nodes=tuple(replace(node, opening=None) for node in drawing.nodes))


def write_png(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the picture of a network as PNG, 300 dots to an inch; see `graphkit.view.view`."""
    put(_plotted(network, "png"), path)


def write_pdf(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the picture of a network as PDF; see `graphkit.view.view`."""
    put(_plotted(network, "pdf"), path)


def _plotted(network: nx.MultiDiGraph[str], form: str) -> bytes:
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "paper") from error
    drawing = draw(network)
    left, top, right, bottom = _frame(drawing)
    scale = min(1.0, _WIDEST / max((right - left) / _INCH, (bottom - top) / _INCH))
    # Text stays text in a PDF. Without a date in it, the same network gives the same bytes.
    with rc_context({"pdf.fonttype": 42, "font.family": ["DejaVu Sans"]}), warnings.catch_warnings():
        # matplotlib draws a box for a character that the font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=((right - left) / _INCH * scale, (bottom - top) / _INCH * scale))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        nodes = {node.id: node for node in drawing.nodes}
        for annotation in drawing.annotations:
            _plot_annotation(axes, annotation, scale)
        for edge in drawing.edges:
            _plot_edge(axes, edge, nodes[edge.source], nodes[edge.target], scale)
        for node in drawing.nodes:
            _plot_node(axes, node, scale)
        axes.text(left + 8, bottom - 8, _plain(caption_of(network)), fontsize=9 * scale, color="#57606a")
        out = io.BytesIO()
        metadata = {"CreationDate": None} if form == "pdf" else {"Software": None}
        figure.savefig(out, format=form, dpi=_DPI, metadata=metadata)
    return out.getvalue()


def _frame(drawing: Drawing) -> tuple[int, int, int, int]:
    corners = [corner for annotation in drawing.annotations for corner in annotation.corners]
    xs = [round(x) for x, _ in [*(node.position for node in drawing.nodes), *corners]] or [0]
    ys = [round(y) for _, y in [*(node.position for node in drawing.nodes), *corners]] or [0]
    return min(xs) - 120, min(ys) - 60, max(xs) + 120, max(ys) + 130


def _plot_edge(axes: Any, edge: DrawnEdge, source: DrawnNode, target: DrawnNode, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Outline

    curve = curve_of(edge, source, target)
    if not curve.points[1:]:  # two nodes at the same position
        return
    (x, y), start, end = curve.middle, curve.points[0], curve.points[-1]
    turn: list[Point] = list(curve.points[1:-1])
    if curve.loop:  # a quadratic curve through its far end looks like a circle
        turn = [(2 * x - (start[0] + end[0]) / 2, 2 * y - (start[1] + end[1]) / 2)]
    codes = [Outline.MOVETO, Outline.CURVE3, Outline.CURVE3] if turn else [Outline.MOVETO, Outline.LINETO]
    dashes = (0, tuple(dash * scale for dash in edge.status.dashes)) if edge.status.dashes else "solid"
    patch = FancyArrowPatch(
        path=Outline([start, *turn, end], codes), arrowstyle="-|>", mutation_scale=9 * scale, shrinkA=0, shrinkB=0,
        color=edge.status.colour, linewidth=1.2 * scale, linestyle=dashes, alpha=0.1 if edge.faint else 1.0,
    )  # fmt: skip
    axes.add_patch(patch)
    if edge.labelled and not edge.faint:
        _text(axes, (x, y), label_of(edge), EDGE_POINTS * 0.72 * scale, "center")


def _plot_annotation(axes: Any, annotation: Annotation, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    xs, ys = zip(*annotation.corners, strict=True)
    axes.fill(xs, ys, facecolor=INK, edgecolor=INK, linewidth=6 * scale, alpha=0.07, joinstyle="round", zorder=0)
    axes.text(xs[0], ys[0] - 6, _plain(annotation.text), fontsize=NODE_POINTS * 0.72 * scale, color="#57606a")


def _plot_node(axes: Any, node: DrawnNode, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    x, y = node.position
    kind = node.kind
    axes.plot(
        [x], [y], _MARKERS[kind.shape], markersize=node.radius * 1.5 * scale, zorder=3,
        markerfacecolor="white" if kind.hollow else kind.colour, markeredgecolor=kind.colour if kind.hollow else INK,
        markeredgewidth=(1.8 if kind.hollow else 0.8) * scale,
    )  # fmt: skip
    _text(axes, (x, y + node.radius + 3), node.label, NODE_POINTS * 0.72 * scale, "top")


def _text(axes: Any, position: tuple[float, float], text: str, size: float, side: str) -> None:  # noqa: ANN401 - matplotlib ships no types
    from matplotlib.patheffects import withStroke

    look = {"color": "#1b1f24", "path_effects": [withStroke(linewidth=2.2, foreground="white")]}
    axes.text(*position, _plain(text), fontsize=size, ha="center", va=side, zorder=4, **look)


def _plain(text: str) -> str:
    r"""Return text that matplotlib does not read as a formula.

    >>> print(_plain("a $5 grant"))
    a \$5 grant
    """
    return text.replace("$", "\\$")
