"""Draws the picture of a network with matplotlib."""

from __future__ import annotations

import io
import warnings
from typing import Any

from graphkit.model.errors import MissingExtraError
from graphkit.view.card import ICON, LABEL, LINE, PADDING, Card
from graphkit.view.drawing import EDGE_POINTS, NARROW, NODE_POINTS, Annotation, Drawing, DrawnEdge, DrawnNode
from graphkit.view.encoding import INK, NodeStyle
from graphkit.view.layout.boxes import Point
from graphkit.view.page.svg import LONG, Curve, curve_of, label_of

# Pixels of the picture per inch, and the resolution of PNG.
INCH, _DPI = 96, 300
# Font sizes in points for each pixel, and points in an inch.
_POINTS, POINTS_OF_INCH = 0.72, 72
# Width of the stripes of a hatched band, in points; opacity of a band, which keeps a contrast of 3:1, or has a text.
HATCH, _BAND, _PALE = 2.2, 0.82, 0.3
# The text of cards is 13 pixels on pages, in a narrower font.
_CARD_TEXT = 11.7
_MARKERS = {
    "square": "s", "dot": "o", "diamond": "D", "triangle": "^", "triangleDown": "v", "hexagon": "h", "star": "*",
    "bubble": "8",
}  # fmt: skip


def figure_of(drawing: Drawing, scale: float, below: float = 0.0) -> tuple[Any, Any]:
    """Return a drawing as a figure of matplotlib, with its axes.

    Args:
        scale: Points for each pixel of the drawing.
        below: Space below the picture, in points.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "paper") from error
    left, top, right, bottom = frame_of(drawing)
    wide, high = (right - left) * scale, (bottom - top) * scale
    figure = Figure(figsize=(wide / POINTS_OF_INCH, (high + below) / POINTS_OF_INCH))
    axes = figure.add_axes((0, below / (high + below), 1, high / (high + below)))
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    share = scale * INCH / POINTS_OF_INCH
    nodes = {node.id: node for node in drawing.nodes}
    for annotation in drawing.annotations:
        _plot_annotation(axes, annotation, share)
    for edge in drawing.edges:
        _plot_edge(axes, edge, nodes[edge.source], nodes[edge.target], share)
    for node in drawing.nodes:
        _plot_node(axes, node, share)
    return figure, axes


def plotted(figure: Any, form: str) -> bytes:  # noqa: ANN401 - matplotlib ships no types
    """Return a figure as the content of a file. The same network gives the same bytes."""
    from matplotlib import rc_context

    # Text stays text in a PDF and in an SVG.
    fixed: Any = {
        "pdf.fonttype": 42,
        "svg.fonttype": "none",
        "svg.hashsalt": "graphkit",
        "font.family": ["DejaVu Sans"],
    }
    with rc_context(fixed), warnings.catch_warnings():
        # matplotlib draws a box for a character that the font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        out = io.BytesIO()
        metadata = {"png": {"Software": None}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}[form]
        figure.savefig(out, format=form, dpi=_DPI, metadata=metadata)
    return out.getvalue()


def frame_of(drawing: Drawing) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a drawing with its labels."""
    cards = [(node.position, node.card) for node in drawing.nodes if node.card]
    lines = [point for edge in drawing.edges if not edge.faint for point in edge.path]
    corners = [corner for annotation in drawing.annotations for corner in annotation.corners]
    # A card is beside its position; the label of a node is around it.
    plain = len(cards) < len(drawing.nodes)
    firsts = [*corners, *(node.position for node in drawing.nodes), *lines] or [(0, 0)]
    lasts = [
        *corners,
        *(node.position for node in drawing.nodes if not node.card),
        *((x - 100, y - 100) for x, y in lines),
    ]
    lasts = [*lasts, *((x + card.width - 100, y + card.height - 100) for (x, y), card in cards)] or [(0, 0)]
    left, top = (min(round(point[i]) for point in firsts) for i in (0, 1))
    right, bottom = (max(round(point[i]) for point in lasts) for i in (0, 1))
    return left - (120 if plain else 20), top - (60 if plain else 30), right + 120, bottom + 130


def _plot_edge(axes: Any, edge: DrawnEdge, source: DrawnNode, target: DrawnNode, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Outline

    curve = curve_of(edge, source, target)
    if not curve.points[1:]:  # two nodes at the same position
        return
    if edge.path:
        _plot_path(axes, edge, curve, scale)
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
        _text(axes, (x, y), label_of(edge), EDGE_POINTS * _POINTS * scale, "center")


def _plot_path(axes: Any, edge: DrawnEdge, curve: Curve, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    """Plot an edge that has a path of its own, with its label if it is a band; faint ones are left out."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    if edge.faint:
        return
    steps = [Outline.LINETO] * (len(edge.path) - 1) if len(edge.path) < 4 else [Outline.CURVE4] * (len(edge.path) - 1)  # noqa: PLR2004 - a cubic curve
    is_row = len(edge.path) == 2 and edge.path[1][0] - edge.path[0][0] >= NARROW  # noqa: PLR2004 - a line in a list
    is_pale = is_row and not edge.numbered
    wide = (LINE if is_pale else edge.width) * _POINTS if edge.width else 1.2
    # A hatched band has stripes across it, which matplotlib takes in widths of the line.
    notches = [LONG * part * _POINTS / wide for part in edge.status.notches if edge.numbered]
    dashes = (
        (HATCH / wide,) * 2 if edge.hatched else notches if edge.width else [one * scale for one in edge.status.dashes]
    )
    axes.add_patch(PathPatch(
        Outline(edge.path, [Outline.MOVETO, *steps]), facecolor="none", edgecolor=edge.status.colour, zorder=1,
        linewidth=wide * scale, linestyle=(0, dashes) if dashes else "-", capstyle="butt",
        alpha=_PALE if is_pale else _BAND if edge.width else 1.0,
    ))  # fmt: skip
    if edge.labelled:
        plot = _text if edge.numbered else _sign
        (x, y), wide = curve.middle, edge.width
        # A band in a list has space for the lines of its label above it.
        y -= wide / 2 + 8 + LABEL * edge.label.count("\n") / 2 if is_row and edge.numbered and wide else 0
        plot(axes, (x, y), label_of(edge), EDGE_POINTS * _POINTS * scale, "center")


def _sign(axes: Any, position: tuple[float, float], text: str, size: float, side: str) -> None:  # noqa: ANN401 - matplotlib ships no types
    """Plot the sign of a cell, without the white edge that would cover the cell."""
    axes.text(*position, text, fontsize=size, fontweight="bold", ha="center", va=side, zorder=4, color="#1b1f24")


def _plot_card(axes: Any, node: DrawnNode, card: Card, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    from matplotlib.patches import Rectangle

    x, y = node.position
    if not card.bare and not card.span:
        frame = Rectangle((x, y), card.width, card.height, facecolor="white", edgecolor="#d0d7de", zorder=2)
        frame.set_linewidth(0.8 * scale)
        axes.add_patch(frame)
    elif card.bare:
        plot_mark(axes, (x + 9, y + 9), node.kind, 10 * scale)
    if card.status:
        part, gap = card.status.notches or (card.height, 0)
        for top in range(2, card.height - 2, part + gap):
            piece = (card.span or 4, min(part, card.height - 2 - top))
            axes.add_patch(Rectangle((x, y + top), *piece, facecolor=card.status.colour, zorder=3))
    inset, start = (PADDING + ICON, 0) if card.bare else (PADDING, 2 if card.thin else PADDING)
    inset += card.span - 4 if card.span else 0
    look = {"va": "top", "fontsize": _CARD_TEXT * _POINTS * scale, "color": "#1b1f24", "zorder": 4}
    for i, line_of_text in enumerate((*card.head, *card.body)):
        weight = "bold" if i < len(card.head) else "normal"
        axes.text(x + inset, y + start + i * LINE, _plain(line_of_text), fontweight=weight, **look)


def plot_mark(axes: Any, at: Point, kind: NodeStyle, size: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    """Plot the shape of a kind of entity; its size is in points."""
    axes.plot(
        [at[0]], [at[1]], _MARKERS[kind.shape], markersize=size, zorder=3,
        markerfacecolor="white" if kind.hollow else kind.colour, markeredgecolor=kind.colour if kind.hollow else INK,
        markeredgewidth=(1.8 if kind.hollow else 0.8) * size / 12,
    )  # fmt: skip


def _plot_annotation(axes: Any, annotation: Annotation, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    xs, ys = zip(*annotation.corners, strict=True)
    axes.fill(xs, ys, facecolor=INK, edgecolor=INK, linewidth=6 * scale, alpha=0.07, joinstyle="round", zorder=0)
    axes.text(xs[0], ys[0] - 6, _plain(annotation.text), fontsize=NODE_POINTS * _POINTS * scale, color="#57606a")


def _plot_node(axes: Any, node: DrawnNode, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    if node.card:
        _plot_card(axes, node, node.card, scale)
        return
    x, y = node.position
    plot_mark(axes, (x, y), node.kind, node.radius * 1.5 * scale)
    _text(axes, (x, y + node.radius + 3), node.label, NODE_POINTS * _POINTS * scale, "top")


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
