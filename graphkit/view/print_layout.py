"""Figures with a key: the whole picture of a network, or a page of print with text of 7 points or more.

For a page of some width in millimetres, a network is cut to those of its nodes with most neighbours that fit, and so
are the kinds that say in `arrange` how to draw a part of them. Other pictures cannot be cut and name the least width
that they need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx

from graphkit.model.errors import QueryError
from graphkit.view.drawing import ACTORS, NARROW, Drawing, DrawnEdge, DrawnNode, boxes_of, draw, positions_of
from graphkit.view.encoding import GREY, MERGED, NODE_STYLES, STATUSES, NodeStyle, Sample, StatusStyle
from graphkit.view.figure import HATCH, INCH, POINTS_OF_INCH, figure_of, frame_of, plot_mark, plotted
from graphkit.view.layout.boxes import Box, nudged
from graphkit.view.page.html import put
from graphkit.view.page.legend import bar_of, line_of, mark_of, notches_of
from graphkit.view.page.page import caption_of
from graphkit.view.page.svg import picture

# Points in a millimetre, the smallest text in points, and the points for each pixel at which all text is that large.
_MM, _SMALLEST, _READABLE = 72 / 25.4, 7.0, 0.63
# Height of a page of A4 in millimetres.
_HIGHEST = 297
# Width of a column of cards with the space beside it, in pixels.
_CARDS = 390
# Space on both sides of a picture for labels, in pixels, and how far it is pressed in height.
_AROUND, _FLATTEST = 250, 0.6
# How much wider the font of figures is than that of pages.
_FONT = 1.1
# How many nodes are tried in turn.
_NUMBERS = (60, 45, 36, 28, 22, 16, 12, 8, 5)
# Height of a line of the key, least width of a column of it, and width of a letter in it, in points.
_LINE, _COLUMN, _LETTER = 11.0, 120.0, 3.9


# The greatest width and height of a whole picture in inches, and the share of its width that a letter of its key has.
_LARGEST, _SHARE = 40.0, 0.006


class _Entry(NamedTuple):
    """An entry of the key: a kind of entity, a status, which may be a bar with notches, or the form of a bar."""

    style: NodeStyle | StatusStyle | Sample
    text: str
    bar: tuple[int, ...] | None = None


def write_svg(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the whole picture of a network as an SVG file; see `graphkit.view.view`."""
    drawing = replace(draw(network), pairs=())
    key = [(_icon_of(entry, drawing), entry.text) for entry in _entries(drawing, drawing.edges, network.graph)]
    text = picture(drawing, caption_of(network), look="light", key=key)
    put(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', path)


def write_png(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the whole picture of a network as PNG, 300 dots to an inch; see `graphkit.view.view`."""
    put(whole_picture(network, "png"), path)


def write_pdf(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the whole picture of a network as PDF; see `graphkit.view.view`."""
    put(whole_picture(network, "pdf"), path)


def whole_picture(network: nx.MultiDiGraph[str], form: str) -> bytes:
    """Return the whole picture of a network with its key, as the content of a file that matplotlib draws.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    drawing = draw(network)
    left, top, right, bottom = frame_of(drawing)
    scale = min(1.0, _LARGEST * INCH / max(right - left, bottom - top))
    points = scale * (right - left) * POINTS_OF_INCH / INCH
    letters = max(scale * _SMALLEST, points * _SHARE)
    figure = _with_key(drawing, list(_entries(drawing, drawing.edges, network.graph)), points, letters)
    _plot_caption(figure, caption_of(network), letters)
    return plotted(figure, form)


def write_sized(network: nx.MultiDiGraph[str], path: Path, form: str, width: int) -> None:
    """Write a figure of a given width.

    Args:
        width: Its width in millimetres.

    Raises:
        QueryError: The picture does not fit into that width with text that can be read.
        MissingExtraError: matplotlib is not installed.
    """
    points = width * _MM
    for part in _parts(network):
        drawing = fitting(part, points)
        edges = draw(part).edges if network.graph.get("natural") else drawing.edges
        figure = _with_key(drawing, list(_entries(drawing, edges, network.graph)), points)
        high = figure.get_size_inches()[1] * 72 / _MM
        if high <= _HIGHEST:
            break
    else:
        raise QueryError(
            f"This figure would be {high:.0f} mm high; a page has {_HIGHEST} mm.",
            "Draw less of it, such as one dispute: --about NAME; a greater --width also makes it lower.",
        )
    is_whole = network.graph.get("natural") and len(drawing.nodes) == len(network)
    cut = "" if is_whole else f"{len(drawing.nodes)} of {len(network)} nodes · "
    _plot_caption(figure, f"{cut}{caption_of(network)}")
    put(plotted(figure, form), path)


def _with_key(drawing: Drawing, key: Sequence[_Entry], points: float, letters: float = _SMALLEST) -> Any:  # noqa: ANN401 - matplotlib ships no types
    """Return a drawing as a figure, with a key and space for a caption below it.

    Args:
        points: Its width.
        letters: The size of the text of the key, in points.
    """
    left, _, right, _ = frame_of(drawing)
    unit = letters / _SMALLEST
    column = max([_COLUMN, *(_LETTER * len(entry.text) + 24 for entry in key)]) * unit
    columns = max(int(points / column), 1)
    deep = _LINE * unit * (-(-len(key) // columns) + 3)
    figure, _ = figure_of(drawing, points / (right - left), below=deep)
    for number, entry in enumerate(key):
        row, column = divmod(number, columns)
        _plot_entry(figure, entry, (column * points / columns + 4, deep - (row + 1) * _LINE * unit), unit)
    return figure


def _icon_of(entry: _Entry, drawing: Drawing) -> str:
    """Return the mark or the line of an entry in a field of 44 by 20 of an SVG."""
    style = entry.style
    if isinstance(style, NodeStyle):
        return f'<g transform="translate(12 0)">{mark_of(style)}</g>'
    return bar_of(style) if isinstance(style, Sample) else line_of(drawing, style, bars=entry.bar is not None)


def _parts(network: nx.MultiDiGraph[str]) -> Iterator[nx.MultiDiGraph[str]]:
    """Yield a network or, if its kind can arrange it for print, ever fewer of its nodes with most neighbours."""
    arrange: Callable[[nx.MultiDiGraph[str]], None] | None = network.graph.get("arrange")
    if not arrange:
        yield network
        return
    nearest = _nearest(network)
    for number in (len(network), *_NUMBERS):
        part: nx.MultiDiGraph[str] = network.copy()
        part.remove_nodes_from(nearest[number:])
        part.remove_nodes_from(list(nx.isolates(part)))
        arrange(part)
        yield part


def _nearest(network: nx.MultiDiGraph[str]) -> list[str]:
    near = nx.Graph(network)
    return sorted(near, key=lambda name: (-near.degree(name), name))


def fitting(network: nx.MultiDiGraph[str], points: float) -> Drawing:
    """Return the drawing of as many nodes as fit into a width; of all nodes for a picture that cannot be cut.

    Raises:
        QueryError: The picture does not fit into that width.
    """
    if network.graph.get("natural"):
        whole = draw(network)
        drawings = [whole]
        if whole.narrow:
            drawings.append(_in_columns(whole, int(points / _READABLE / _CARDS)))
        needs = [_width_of(drawing) * _READABLE for drawing in drawings]
        for drawing, need in zip(drawings, needs, strict=True):
            if need <= points:
                return drawing
        raise QueryError(
            f"This picture needs {min(needs) / _MM:.0f} mm for text of 7 points.",
            f"Type: --width {min(needs) / _MM + 1:.0f}",
        )
    ranked = _ranked(network)
    for number in _NUMBERS:
        part = _part(network, ranked[:number])
        part.graph["positions"] = _squeezed(part, points / _READABLE)
        drawing = draw(part)
        if _width_of(drawing) * _READABLE <= points:
            return drawing
    raise QueryError(f"Not even {_NUMBERS[-1]} nodes fit into this width.", "Type a greater --width")


def _width_of(drawing: Drawing) -> int:
    left, _, right, _ = frame_of(drawing)
    return right - left


def _in_columns(drawing: Drawing, columns: int) -> Drawing:
    """Return the picture for a narrow screen, in columns of similar height: cards below one another, without lines."""
    starts = _starts([node.card.narrow for node in drawing.nodes if node.card and node.card.narrow], columns)

    def moved(x: int, y: int) -> tuple[int, int]:
        number = sum(start <= y for start in starts[1:])
        return x + number * _CARDS, y - starts[number]

    nodes = [_narrowed(node, moved) for node in drawing.nodes]
    # A band is above the name that begins at the same height.
    edges = [
        replace(
            edge,
            path=tuple(moved(x, y - 1) for x, y in edge.narrow),
            label="\n".join(edge.narrow_lines) or edge.label,
        )
        for edge in drawing.edges
        if edge.narrow
    ]
    return replace(drawing, nodes=tuple(nodes), edges=tuple(edges), annotations=())


def _starts(places: Sequence[tuple[int, int]], columns: int) -> list[int]:
    """Return where each column begins: at a card at the left edge, so that what belongs to it stays below it.

    >>> _starts([(0, 0), (8, 30), (8, 60), (0, 90), (8, 120)], 2)
    [0, 90]
    """
    height = (max(y for _, y in places) + 1) / max(columns, 1)
    starts = [0]
    for x, y in sorted(places, key=lambda place: place[1]):
        if not x and y >= starts[-1] + height and len(starts) < columns:
            starts.append(y)
    return starts


def _narrowed(node: DrawnNode, moved: Callable[[int, int], tuple[int, int]]) -> DrawnNode:
    """Return a node where it is on a narrow screen, with its text there."""
    card = node.card
    if not card or not card.narrow:
        return node
    x, y = card.narrow
    if card.narrow_lines:
        card = replace(card, width=NARROW, head=(), body=card.narrow_lines, span=0)
    return replace(node, position=moved(x, y), card=card)


def _ranked(network: nx.MultiDiGraph[str]) -> list[str]:
    """Return nodes by the number of their neighbours; of a large network, only actors and schemes."""
    actors = [name for name, data in network.nodes(data=True) if data["kind"] in ACTORS]
    names = actors if len(network) > _NUMBERS[0] and len(actors) >= _NUMBERS[-1] else list(network)
    return _nearest(network.subgraph(names))


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


def _entries(drawing: Drawing, edges: Iterable[DrawnEdge], about: Mapping[str, Any]) -> Iterator[_Entry]:
    """Yield an entry for each form, each kind, and the status of each line or bar with what it means in a figure."""
    _, samples = about.get("samples", ("", ()))
    to_scale = any(node.card and node.card.span for node in drawing.nodes) or any(edge.width for edge in drawing.edges)
    yield from (_Entry(sample, sample.text) for sample in samples if to_scale)
    kinds = {node.kind for node in drawing.nodes if not node.card or node.card.bare}
    statuses = {edge.status for edge in edges}
    yield from (_Entry(kind, kind.word) for kind in NODE_STYLES.values() if kind in kinds)
    names = {name: status for name, status in STATUSES.items() if status in statuses}
    meanings = about.get("meanings", {})
    yield from (
        _Entry(status, meanings.get(name, name), bar=notches_of(drawing, status) if samples else None)
        for name, status in names.items()
    )
    if any(edge.label.startswith("×") for edge in drawing.edges):
        yield _Entry(Sample("", 0, 0), f"×2 {MERGED}")


def _plot_entry(figure: Any, entry: _Entry, at: tuple[float, float], unit: float) -> None:  # noqa: ANN401 - matplotlib ships no types
    """Plot an entry of the key at a point, in points from the left lower corner, this many times its usual size."""
    from matplotlib.lines import Line2D

    (x, y), style = at, entry.style
    wide, high = (inches * 72 for inches in figure.get_size_inches())
    if isinstance(style, NodeStyle):
        axes = figure.add_axes((x / wide, (y - 2 * unit) / high, 10 * unit / wide, 10 * unit / high), frameon=False)
        axes.set_axis_off()
        plot_mark(axes, (0, 0), style, 6 * unit)
    else:
        colour, long, thick, dashes = _line_of(style, bar=entry.bar)
        ends, level = [x / wide, (x + long * unit) / wide], (y + 3 * unit) / high
        line = Line2D(ends, [level] * 2, color=colour, linewidth=thick * unit)
        line.set(solid_capstyle="butt", linestyle=(0, dashes) if dashes else "-")
        figure.add_artist(line)
    figure.text((x + 22 * unit) / wide, y / high, entry.text, fontsize=_SMALLEST * unit, color="#1b1f24")


def _line_of(
    style: StatusStyle | Sample, *, bar: tuple[int, ...] | None
) -> tuple[str, float, float, tuple[float, ...]]:
    """Return colour, length, width and dashes of the line of an entry."""
    if isinstance(style, Sample):
        thick = style.high / 2
        return GREY, style.wide * 0.45, thick, (HATCH / thick,) * 2 if style.hatched else ()
    if bar is not None:
        return style.colour, 18, 6, tuple(part / 10 for part in bar)
    return style.colour, 18, 1.2, tuple(part * 0.6 for part in style.dashes)


def _plot_caption(figure: Any, caption: str, letters: float = _SMALLEST) -> None:  # noqa: ANN401 - matplotlib ships no types
    """Plot the caption below the key, in lines that fit."""
    import textwrap

    wide, high = (inches * 72 for inches in figure.get_size_inches())
    lines = textwrap.wrap(caption.replace("$", "\\$"), int(wide / letters * 1.9), max_lines=3, placeholder="…")
    figure.text(4 / wide, 3 / high, "\n".join(lines), fontsize=letters, color="#57606a", va="bottom")
