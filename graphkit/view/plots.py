"""Pictures of discourse networks for print: the matrix as a heat map, and a series of windows as lines.

A picture is a list of rectangles, lines and texts, written as SVG or drawn by matplotlib as PNG and PDF. Every cell has
its number, so that colour never carries meaning alone.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from graphkit.model.did_you_mean import instead
from graphkit.model.errors import MissingExtraError, QueryError
from graphkit.model.text import escaped, shortened, visible
from graphkit.view.encoding import BLUE, GREY, INK, VERMILION
from graphkit.view.page.html import put

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphkit.analysis.discourse.phases import Phases
    from graphkit.analysis.discourse.projection import Projection
    from graphkit.analysis.discourse.windows import Window

FORMATS = ("svg", "png", "pdf")
# Most rows and columns of a heat map, the side of a cell in pixels, and the longest label in characters.
_MOST, _CELL, _LONGEST = 60, 26, 34
_LETTER, _SMALL = 6.4, 11
_WIDE, _HIGH, _MARGIN = 760, 300, 60
_INCH, _DPI = 96, 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle, a line or a text; `title` is shown when the pointer is over it.

    Attributes:
        points: Two corners of a rectangle, the points of a line, or where a text begins.
        anchor: start, middle or end of a text.
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    colour: str
    text: str = ""
    title: str = ""
    anchor: str = "start"
    opacity: float = 1.0
    turned: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture; notebooks show it as SVG."""

    width: float
    height: float
    marks: tuple[Mark, ...] = field(repr=False)

    def _repr_svg_(self) -> str:
        return self.svg()

    def svg(self) -> str:
        """Return the picture as SVG."""
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="{_SMALL}">'
        ground = f'<rect width="{self.width:g}" height="{self.height:g}" fill="#fff"/>'
        return "\n".join([head, ground, *map(_as_svg, self.marks), "</svg>"])

    def write(self, path: Path, form: str = "svg") -> None:
        """Write the picture into a file.

        Raises:
            QueryError: There is no such format.
            MissingExtraError: matplotlib, which draws PNG and PDF, is not installed.
            ExportError: The file cannot be written.
        """
        if form not in FORMATS:
            raise QueryError(f"There is no format {form!r}.", instead(form, FORMATS))
        put(f'<?xml version="1.0" encoding="UTF-8"?>\n{self.svg()}\n' if form == "svg" else _drawn(self, form), path)


def _as_svg(mark: Mark) -> str:
    title = f"<title>{escaped(mark.title)}</title>" if mark.title else ""
    dashes = ' stroke-dasharray="6 4"' if mark.dashed else ""
    if mark.kind == "line":
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
        line = f'stroke="{mark.colour}" stroke-width="2"{dashes}'
        return f'<polyline points="{points}" fill="none" {line}>{title}</polyline>'
    x, y = mark.points[0]
    if mark.kind == "text":
        turn = f' transform="rotate(-60 {x:.1f} {y:.1f})"' if mark.turned else ""
        place = f'x="{x:.1f}" y="{y:.1f}" fill="{mark.colour}" text-anchor="{mark.anchor}"{turn}'
        return f"<text {place}>{escaped(mark.text)}{title}</text>"
    right, bottom = mark.points[1]
    box = f'x="{x:.1f}" y="{y:.1f}" width="{right - x:.1f}" height="{bottom - y:.1f}"'
    return f'<rect {box} fill="{mark.colour}" fill-opacity="{mark.opacity:.2f}">{title}</rect>'


def _drawn(plot: Plot, form: str) -> bytes:
    """Return the picture as PNG or PDF; without a date in it, so that the same picture has the same bytes."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "paper") from error
    with rc_context({"pdf.fonttype": 42, "font.family": ["DejaVu Sans"]}):
        figure = Figure(figsize=(plot.width / _INCH, plot.height / _INCH))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, plot.width)
        axes.set_ylim(plot.height, 0)
        for mark in plot.marks:
            _plot(axes, mark)
        out = io.BytesIO()
        metadata = {"CreationDate": None} if form == "pdf" else {"Software": None}
        figure.savefig(out, format=form, dpi=_DPI, metadata=metadata)
    return out.getvalue()


def _plot(axes: Any, mark: Mark) -> None:  # noqa: ANN401 - matplotlib ships no types
    xs, ys = zip(*mark.points, strict=True)
    if mark.kind == "line":
        axes.plot(xs, ys, color=mark.colour, linewidth=1.5, linestyle="--" if mark.dashed else "-")
    elif mark.kind == "text":
        places = {"start": "left", "middle": "center", "end": "right"}
        look = {"rotation": 60 if mark.turned else 0, "rotation_mode": "anchor", "ha": places[mark.anchor]}
        text = visible(mark.text).replace("$", "\\$")
        axes.text(xs[0], ys[0], text, color=mark.colour, fontsize=_SMALL * 0.72, va="baseline", **look)
    else:
        axes.fill([xs[0], xs[1], xs[1], xs[0]], [ys[0], ys[0], ys[1], ys[1]], color=mark.colour, alpha=mark.opacity,
                  linewidth=0)  # fmt: skip


# --- heat map ------------------------------------------------------------------------------------


def heat_map(projection: Projection, most: int = _MOST) -> Plot:
    """Return the matrix of a network as a heat map: blue above 0, red below, grey where statements cancel out.

    Rows and columns with similar ties are side by side.

    Args:
        most: Most rows, and most columns; of more, those with most ties are drawn.
    """
    weights = projection.to_matrix()
    tied = np.zeros_like(weights, dtype=bool)
    coordinates = projection.matrix.tocoo().coords
    tied[coordinates[0], coordinates[1]] = True
    rows = _chosen(weights, tied, most)
    columns = rows if projection.settings.mode != "two-mode" else _chosen(weights.T, tied.T, most)
    left, top = (_LETTER * max([len(shortened(labels[place], _LONGEST)) for place in places] or [0]) + 14
                 for labels, places in ((projection.rows, rows), (projection.columns, columns)))  # fmt: skip
    width, height = left + _CELL * len(columns) + top * 0.6, top * 0.9 + _CELL * len(rows) + 44
    marks = [
        *_heads(projection, rows, columns, left, top * 0.9),
        *_cells(projection, weights, tied, (rows, columns), (left, top * 0.9)),
    ]
    marks.append(Mark("text", ((10, height - 14),), GREY, _caption(projection, len(rows), len(columns))))
    return Plot(round(max(width, 420)), round(height), tuple(marks))


def _chosen(weights: Any, tied: Any, most: int) -> list[int]:  # noqa: ANN401 - arrays of numpy
    """Return the rows with most ties, in an order in which similar ones are neighbours."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import pdist

    counts = tied.sum(axis=1)
    best = sorted(np.argsort(-counts, kind="stable")[:most].tolist())
    best = [place for place in best if counts[place]]
    if len(best) < 3:  # noqa: PLR2004 - two rows need no order
        return best
    distances = pdist(np.sign(weights[best]))
    return [best[place] for place in leaves_list(linkage(distances, "average", optimal_ordering=True))]


def _heads(projection: Projection, rows: list[int], columns: list[int], left: float, top: float) -> list[Mark]:
    found = []
    for number, row in enumerate(rows):
        name, y = projection.rows[row], top + _CELL * (number + 0.65)
        found.append(Mark("text", ((left - 8, y),), INK, shortened(name, _LONGEST), name, "end"))
    for number, column in enumerate(columns):
        name, x = projection.columns[column], left + _CELL * (number + 0.65)
        found.append(Mark("text", ((x, top - 8),), INK, shortened(name, _LONGEST), name, turned=True))
    return found


def _cells(
    projection: Projection,
    weights: Any,  # noqa: ANN401 - arrays of numpy
    tied: Any,  # noqa: ANN401
    shown: tuple[list[int], list[int]],
    corner: tuple[float, float],
) -> list[Mark]:
    """Return a rectangle and a number for each tie."""
    found, largest = [], float(np.abs(np.nan_to_num(weights)).max()) if weights.size else 1.0
    for i, row in enumerate(shown[0]):
        for j, column in enumerate(shown[1]):
            if not tied[row, column]:
                continue
            weight = float(weights[row, column])
            x, y = corner[0] + _CELL * j, corner[1] + _CELL * i
            colour = BLUE if weight > 0 else VERMILION if weight < 0 else GREY
            title = f"{projection.rows[row]} – {projection.columns[column]}: {weight:g}"
            share = 0.2 + 0.55 * abs(weight) / (largest or 1)
            box = ((x + 1, y + 1), (x + _CELL - 1, y + _CELL - 1))
            found.append(Mark("rect", box, colour, title=title, opacity=share))
            text = f"{weight:.0f}" if weight.is_integer() else f"{weight:.1g}"
            found.append(
                Mark("text", ((x + _CELL / 2, y + _CELL * 0.65),), INK, text.replace("-", "−"), title, "middle")
            )
    return found


def _caption(projection: Projection, rows: int, columns: int) -> str:
    settings = projection.settings
    parts = [projection.kind or settings.mode, settings.aggregation]
    parts += [f"normalisation {settings.normalisation}"] * (settings.normalisation != "no")
    shape = f"{rows} of {len(projection.rows)} rows, {columns} of {len(projection.columns)} columns"
    parts += [shape, f"{len(projection.coded)} codings", *_unverified(projection), projection.reason or "blank: no tie"]
    return " · ".join(parts)


def _unverified(projection: Projection) -> list[str]:
    """Return the share of the statements whose passage nobody has looked up, if it is known."""
    counts = projection.notes.get("evidence", {})
    total = sum(counts.values())
    return [f"{counts.get('unverified', 0)} of {total} statements unverified"] if total else []


# --- series --------------------------------------------------------------------------------------


def series(windows: Sequence[Window], phases: Phases | None = None) -> Plot:
    """Return agreement and disagreement over time: the sums of positive and of negative weights of each window.

    Args:
        phases: Shades every other phase.
    """
    if not windows:
        return Plot(_WIDE, 60, (Mark("text", ((10, 34),), INK, "No window lies inside the period."),))
    sums = [_sums(window) for window in windows]
    highest = max(max(pair) for pair in sums) or 1.0
    step = (_WIDE - 2 * _MARGIN) / max(len(windows) - 1, 1)
    xs = [_MARGIN + step * place for place in range(len(windows))]
    ys = [
        [_HIGH - _MARGIN - (_HIGH - 2 * _MARGIN) * value / highest for value in values]
        for values in zip(*sums, strict=True)
    ]
    marks = [*_shades(phases, xs, step), *_axis(windows, xs, highest)]
    for name, colour, line, dashed in (("agreement", BLUE, ys[0], False), ("disagreement", VERMILION, ys[1], True)):
        marks.append(Mark("line", tuple(zip(xs, line, strict=True)), colour, title=name, dashed=dashed))
        marks.append(Mark("text", ((xs[-1] + 6, line[-1] + 4),), colour, name[:12]))
    return Plot(_WIDE + 40, _HIGH, tuple(marks))


def _sums(window: Window) -> tuple[float, float]:
    weights = [weight for *_, weight in window.projection.ties()]
    return sum(weight for weight in weights if weight > 0), -sum(weight for weight in weights if weight < 0)


def _shades(phases: Phases | None, xs: list[float], step: float) -> list[Mark]:
    numbers = phases.phases if phases and phases.phases else ()
    return [
        Mark(
            "rect",
            ((x - step / 2, _MARGIN / 2), (x + step / 2, _HIGH - _MARGIN)),
            GREY,
            title=f"phase {number}",
            opacity=0.15,
        )
        for x, number in zip(xs, numbers, strict=False)
        if number % 2 == 0
    ]


def _axis(windows: Sequence[Window], xs: list[float], highest: float) -> list[Mark]:
    bottom = _HIGH - _MARGIN
    every = max(len(windows) // 8, 1)
    days = [
        Mark("text", ((xs[place], bottom + 18),), INK, f"{windows[place].middle:%Y-%m}", anchor="middle")
        for place in range(0, len(windows), every)
    ]
    first = windows[0].projection
    caption = f"{first.kind or first.settings.mode} · sums of positive and of negative weights · {len(windows)} windows"
    return [
        Mark("line", ((_MARGIN, bottom), (xs[-1] if len(xs) > 1 else _WIDE - _MARGIN, bottom)), GREY),
        Mark("text", ((_MARGIN - 8, bottom + 4),), INK, "0", anchor="end"),
        Mark("text", ((_MARGIN - 8, _MARGIN + 4),), INK, f"{highest:.3g}", anchor="end"),
        *days,
        Mark("text", ((10, _HIGH - 12),), GREY, caption),
    ]
