"""A picture for a paper, as PNG or PDF: drawn by matplotlib with the same places, curves and colours."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import MissingExtraError
from graphkit.view.drawing import EDGE_POINTS, NODE_POINTS, draw
from graphkit.view.encoding import INK
from graphkit.view.page.curves import curve_of
from graphkit.view.page.html import put
from graphkit.view.page.page import foot_of
from graphkit.view.page.svg import label_of

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from graphkit.view.drawing import Drawing, Mark, Shape, Stroke
    from graphkit.view.layout.boxes import Point

# Pixels of the picture to an inch of paper, and the widest paper.
_INCH, _WIDEST, _DPI = 96, 40.0, 300
_MARKERS = {
    "square": "s", "dot": "o", "diamond": "D", "triangle": "^", "triangleDown": "v", "hexagon": "h", "star": "*",
    "bubble": "8",
}  # fmt: skip


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
    # Text stays text in a PDF; no date is written into it, so that the same network gives the same bytes.
    with rc_context({"pdf.fonttype": 42, "font.family": ["DejaVu Sans"]}), warnings.catch_warnings():
        # A character that the font lacks is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=((right - left) / _INCH * scale, (bottom - top) / _INCH * scale))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        shapes = {shape.id: shape for shape in drawing.shapes}
        for mark in drawing.marks:
            _shade(axes, mark, scale)
        for stroke in drawing.strokes:
            _line(axes, stroke, shapes[stroke.source], shapes[stroke.target], scale)
        for shape in drawing.shapes:
            _mark(axes, shape, scale)
        axes.text(left + 8, bottom - 8, _plain(foot_of(network)), fontsize=9 * scale, color="#57606a")
        out = io.BytesIO()
        metadata = {"CreationDate": None} if form == "pdf" else {"Software": None}
        figure.savefig(out, format=form, dpi=_DPI, metadata=metadata)
    return out.getvalue()


def _frame(drawing: Drawing) -> tuple[int, int, int, int]:
    corners = [corner for mark in drawing.marks for corner in mark.corners]
    xs = [round(x) for x, _ in [*(shape.place for shape in drawing.shapes), *corners]] or [0]
    ys = [round(y) for _, y in [*(shape.place for shape in drawing.shapes), *corners]] or [0]
    return min(xs) - 120, min(ys) - 60, max(xs) + 120, max(ys) + 130


def _line(axes: Any, stroke: Stroke, source: Shape, target: Shape, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Way

    curve = curve_of(stroke, source, target)
    if not curve.points[1:]:  # two nodes at one place
        return
    (x, y), start, end = curve.middle, curve.points[0], curve.points[-1]
    turn: list[Point] = list(curve.points[1:-1])
    if curve.loop:  # a curve through its far end is near enough to a circle
        turn = [(2 * x - (start[0] + end[0]) / 2, 2 * y - (start[1] + end[1]) / 2)]
    codes = [Way.MOVETO, Way.CURVE3, Way.CURVE3] if turn else [Way.MOVETO, Way.LINETO]
    dashes = (0, tuple(dash * scale for dash in stroke.status.dashes)) if stroke.status.dashes else "solid"
    patch = FancyArrowPatch(
        path=Way([start, *turn, end], codes), arrowstyle="-|>", mutation_scale=9 * scale, shrinkA=0, shrinkB=0,
        color=stroke.polarity.colour, linewidth=1.2 * scale, linestyle=dashes, alpha=0.1 if stroke.faint else 1.0,
    )  # fmt: skip
    axes.add_patch(patch)
    if stroke.labelled and not stroke.faint:
        _text(axes, (x, y), label_of(stroke), EDGE_POINTS * 0.72 * scale, "center")


def _shade(axes: Any, mark: Mark, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    xs, ys = zip(*mark.corners, strict=True)
    axes.fill(xs, ys, facecolor=INK, edgecolor=INK, linewidth=6 * scale, alpha=0.07, joinstyle="round", zorder=0)
    axes.text(xs[0], ys[0] - 6, _plain(mark.text), fontsize=NODE_POINTS * 0.72 * scale, color="#57606a")


def _mark(axes: Any, shape: Shape, scale: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    x, y = shape.place
    kind = shape.kind
    axes.plot(
        [x], [y], _MARKERS[kind.shape], markersize=shape.radius * 1.5 * scale, zorder=3,
        markerfacecolor="white" if kind.hollow else kind.colour, markeredgecolor=kind.colour if kind.hollow else INK,
        markeredgewidth=(1.8 if kind.hollow else 0.8) * scale,
    )  # fmt: skip
    _text(axes, (x, y + shape.radius + 3), shape.label, NODE_POINTS * 0.72 * scale, "top")


def _text(axes: Any, place: tuple[float, float], text: str, size: float, side: str) -> None:  # noqa: ANN401 - matplotlib ships no types
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.2, foreground="white")]
    axes.text(*place, _plain(text), fontsize=size, ha="center", va=side, color="#1b1f24", path_effects=halo, zorder=4)


def _plain(text: str) -> str:
    r"""Return text of which matplotlib makes no formula.

    >>> print(_plain("a $5 grant"))
    a \$5 grant
    """
    return text.replace("$", "\\$")
