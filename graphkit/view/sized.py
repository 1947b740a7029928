"""Figures for a page of print: a width in millimetres, text of 7 points or more, and a key inside the figure.

A network is cut to those of its nodes with most neighbours that fit. Other pictures cannot be cut and name the least
width that they need.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from graphkit.model.errors import QueryError
from graphkit.view.drawing import ACTORS, boxes_of, draw, positions_of
from graphkit.view.encoding import NODE_STYLES, STATUSES, NodeStyle, StatusStyle
from graphkit.view.figure import figure_of, frame_of, plot_mark, plotted
from graphkit.view.layout.boxes import Box, nudged
from graphkit.view.page.html import put
from graphkit.view.page.page import caption_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.view.drawing import Drawing

# Points in a millimetre, the smallest text in points, and the points for each pixel at which all text is that large.
_MM, _SMALLEST, _READABLE = 72 / 25.4, 7.0, 0.61
# Space on both sides of a picture for labels, in pixels, and how far it is pressed in height.
_AROUND, _FLATTEST = 250, 0.6
# How much wider the font of figures is than that of pages.
_FONT = 1.1
# How many nodes are tried in turn.
_NUMBERS = (60, 45, 36, 28, 22, 16, 12, 8, 5)
# Height of a line of the key, and least width of a column of it, in points.
_LINE, _COLUMN = 11.0, 120.0


class _Entry(NamedTuple):
    """An entry of the key: a kind of entity or a status."""

    style: NodeStyle | StatusStyle
    text: str


def write_sized(network: nx.MultiDiGraph[str], path: Path, form: str, width: int) -> None:
    """Write a figure of a given width.

    Args:
        network: As `graphkit.analysis.network` describes it.
        path: The file to write.
        form: png, pdf or svg.
        width: Its width in millimetres.

    Raises:
        QueryError: The picture does not fit into that width with text that can be read.
        MissingExtraError: matplotlib is not installed.
    """
    points = width * _MM
    drawing = fitting(network, points)
    left, _, right, _ = frame_of(drawing)
    key = list(_entries(drawing))
    columns = max(int(points / _COLUMN), 1)
    deep = _LINE * (-(-len(key) // columns) + 3)
    figure, _ = figure_of(drawing, points / (right - left), below=deep)
    for number, entry in enumerate(key):
        row, column = divmod(number, columns)
        _plot_entry(figure, entry, (column * points / columns + 4, deep - (row + 1) * _LINE))
    cut = "" if network.graph.get("natural") else f"{len(drawing.nodes)} of {len(network)} nodes · "
    _plot_caption(figure, f"{cut}{caption_of(network)}", points)
    put(plotted(figure, form), path)


def fitting(network: nx.MultiDiGraph[str], points: float) -> Drawing:
    """Return the drawing of as many nodes as fit into a width; of all nodes for a picture that cannot be cut.

    Raises:
        QueryError: The picture does not fit into that width.
    """
    if network.graph.get("natural"):
        drawing = draw(network)
        left, _, right, _ = frame_of(drawing)
        need = (right - left) * _READABLE
        if need > points:
            raise QueryError(
                f"This picture needs {need / _MM:.0f} mm for text of 7 points.", f"Type: --width {need / _MM + 1:.0f}"
            )
        return drawing
    ranked = _ranked(network)
    for number in _NUMBERS:
        part = _part(network, ranked[:number])
        part.graph["positions"] = _squeezed(part, points / _READABLE)
        drawing = draw(part)
        left, _, right, _ = frame_of(drawing)
        if (right - left) * _READABLE <= points:
            return drawing
    raise QueryError(f"Not even {_NUMBERS[-1]} nodes fit into this width.", "Type a greater --width")


def _ranked(network: nx.MultiDiGraph[str]) -> list[str]:
    """Return nodes by the number of their neighbours; of a large network, only actors and schemes."""
    actors = [name for name, data in network.nodes(data=True) if data["kind"] in ACTORS]
    names = actors if len(network) > _NUMBERS[0] and len(actors) >= _NUMBERS[-1] else list(network)
    near = nx.Graph(network.subgraph(names))
    return sorted(near, key=lambda name: (-near.degree(name), name))


def _part(network: nx.MultiDiGraph[str], names: list[str]) -> nx.MultiDiGraph[str]:
    """Return a part of a network with one edge for each pair: that with the status farthest from a reported fact."""
    whole = network.subgraph(names)
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    part.add_nodes_from((name, dict(whole.nodes[name])) for name in sorted(whole))
    pairs: defaultdict[tuple[str, ...], list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    for one, other, data in whole.edges(data=True):
        pairs[tuple(sorted((one, other)))].append((one, other, data))
    order = list(STATUSES)
    for several in pairs.values():
        one, other, data = max(several, key=lambda edge: (order.index(edge[2]["status"]), edge[:2]))
        number = f"×{len(several)}" if len(several) > 1 else ""
        part.add_edge(one, other, **{**data, "caption": number, "statements": ()})
    part.remove_nodes_from(list(nx.isolates(part)) if part.number_of_edges() else [])
    return part


def _squeezed(part: nx.MultiDiGraph[str], width: float) -> dict[str, tuple[int, int]]:
    """Return positions for a width in pixels: as narrow as the labels allow, and as high as they need."""
    positions = positions_of(part)
    boxes = boxes_of(part)
    xs = [x for x, _ in positions.values()]
    across = (width - _AROUND) / max(max(xs) - min(xs), 1)
    scaled = [(x * min(across, 1), y * min(max(across, _FLATTEST), 1)) for x, y in positions.values()]
    wider = [Box(box.width * _FONT + 8, box.height + 6, box.drop) for box in map(boxes.__getitem__, positions)]
    apart = nudged(scaled, wider)
    return {name: (round(x), round(y)) for name, (x, y) in zip(positions, apart, strict=True)}


def _entries(drawing: Drawing) -> Iterator[_Entry]:
    kinds, statuses = {node.kind for node in drawing.nodes}, {edge.status for edge in drawing.edges}
    yield from (_Entry(kind, kind.word) for kind in NODE_STYLES.values() if kind in kinds)
    yield from (_Entry(status, status.mark or "reported") for status in STATUSES.values() if status in statuses)


def _plot_entry(figure: Any, entry: _Entry, at: tuple[float, float]) -> None:  # noqa: ANN401 - matplotlib ships no types
    """Plot an entry of the key at a point, in points from the left lower corner."""
    from matplotlib.lines import Line2D

    (x, y), style = at, entry.style
    wide, high = (inches * 72 for inches in figure.get_size_inches())
    if isinstance(style, NodeStyle):
        axes = figure.add_axes((x / wide, (y - 2) / high, 10 / wide, 10 / high), frameon=False)
        axes.set_axis_off()
        plot_mark(axes, (0, 0), style, 6)
    else:
        dashes = tuple(part * 0.6 for part in style.dashes)
        line = Line2D([x / wide, (x + 18) / wide], [(y + 3) / high] * 2, color=style.colour, linewidth=1.2)
        if dashes:
            line.set_linestyle((0, dashes))
        figure.add_artist(line)
    figure.text((x + 22) / wide, y / high, entry.text, fontsize=_SMALLEST, color="#1b1f24")


def _plot_caption(figure: Any, caption: str, points: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    """Plot the caption below the key, in lines that fit."""
    import textwrap

    wide, high = (inches * 72 for inches in figure.get_size_inches())
    lines = textwrap.wrap(caption.replace("$", "\\$"), int(points / 3.7), max_lines=3, placeholder="…")
    figure.text(4 / wide, 3 / high, "\n".join(lines), fontsize=_SMALLEST, color="#57606a", va="bottom")
