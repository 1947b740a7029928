"""A drawing as SVG that stands alone: shapes, curves, arrows, labels, and a line that says what it is.

The style is inside the picture, so that a picture saved from a page looks as it did there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.model.text import escaped
from graphkit.view.encoding import KINDS, OUTLINES, POLARITIES, SILVER, STATUSES, Kind, Polarity, Status
from graphkit.view.page.curves import curve_of, svg_path
from graphkit.view.page.html import sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphkit.view.drawing import Drawing, Mark, Shape, Stroke
    from graphkit.view.layout.boxes import Point
    from graphkit.view.page.curves import Curve

Look = Literal["", "natural", "light"]
Frame = tuple[int, int, int, int]
_MARGIN = 24
_LINE = 16.8
# The foot line: the usual size of its letters, the smallest, and that where a unit is a pixel; their share of the width
# of a large picture, and how wide a letter and how high the line is in that size.
_LETTER, _SMALLEST, _READ, _SHARE, _WIDE, _HIGH = 13, 9, 11, 0.012, 0.52, 2.3


def picture(drawing: Drawing, foot: str, kinds: Iterable[Kind] = (), look: Look = "") -> str:
    """Return the svg element of a drawing.

    Args:
        drawing: What is drawn.
        foot: The line under it: title, policy, version, licence.
        kinds: Kinds that may be added to it.
        look: natural where a unit is a pixel and a page scrolls, for pictures that are read like a list; light where
            the colours are those of paper.
    """
    shapes = {shape.id: shape for shape in drawing.shapes}
    curves = [curve_of(stroke, shapes[stroke.source], shapes[stroke.target]) for stroke in drawing.strokes]
    left, top, wide, high = _frame(drawing, [curve.middle for curve in curves])
    letter = max(_READ, min(_letter(foot, wide), _LETTER)) if look == "natural" else _letter(foot, wide)
    short = max(round(len(foot) * letter * _WIDE) + 16 - wide, 0)
    left, wide, low = left - short // 2, wide + short, top + high + round(letter * _HIGH)
    marks = "".join(map(_mark, drawing.marks))
    edges = "".join(map(_edge, drawing.strokes, curves))
    nodes = "".join(map(_node, drawing.shapes))
    size = f' width="{wide}" height="{low - top}"' if look == "natural" else ""
    name = f"graph {look}".strip()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="picture" class="{name}" role="img" aria-labelledby="picture-name"'
        f' viewBox="{left} {top} {wide} {low - top}"{size} preserveAspectRatio="xMidYMid meet">'
        f'<title id="picture-name">{escaped(foot)}</title><style>{style()}</style>\n'
        f"<defs>{_symbols([*(shape.kind for shape in drawing.shapes), *kinds])}{_arrows()}</defs>\n{marks}"
        f'<g id="edges">\n{edges}\n</g>\n<g id="nodes">\n{nodes}\n</g>\n'
        f'<text class="foot" font-size="{letter}" x="{left + 8}" y="{low - round(letter * 0.8)}">{escaped(foot)}</text>'
        "</svg>"
    )


def _letter(foot: str, wide: int) -> int:
    """Return the size of the letters of the foot line: a share of the picture's width, smaller where that is narrow."""
    fits = int((wide - 16) / (len(foot) * _WIDE))
    return max(_SMALLEST, min(fits, max(_LETTER, round(wide * _SHARE))))


def _frame(drawing: Drawing, middles: Iterable[Point]) -> Frame:
    """Return left, top, width and height of all nodes with their labels, of the bends of all lines, and a margin."""
    bends = [(round(x) - 20, round(y) - 20, round(x) + 20, round(y) + 20) for x, y in middles]
    marks = [(round(x), round(y) - 24, round(x), round(y)) for one in drawing.marks for x, y in one.corners]
    boxes = [*map(_box, drawing.shapes), *bends, *marks] or [(-200, -60, 200, 60)]
    left, top = min(box[0] for box in boxes) - _MARGIN, min(box[1] for box in boxes) - _MARGIN
    right, bottom = max(box[2] for box in boxes) + _MARGIN, max(box[3] for box in boxes) + _MARGIN
    return left, top, right - left, bottom - top


def _mark(mark: Mark) -> str:
    corners = [(round(x), round(y)) for x, y in mark.corners]
    (x, y), *more = corners
    way = "".join(f"L{one} {other}" for one, other in more)
    path = f'<path d="M{x} {y}{way}{"Z" if more[1:] else ""}"/>' if more else ""
    text = f'<text x="{x}" y="{y - 8}">{escaped(mark.text)}</text>' if mark.text else ""
    return f'<g class="m">{path}{text}</g>'


def _box(shape: Shape) -> Frame:
    lines = shape.label.split("\n")
    half = max(shape.radius, round(max(map(len, lines)) * 4.2))
    x, y = shape.place
    return x - half, y - shape.radius, x + half, y + shape.radius + round(len(lines) * _LINE) + 4


def kind_class(kind: Kind) -> str:
    """Return the name of the outline of the nodes of a kind."""
    return f"k{_place(kind, KINDS)}"


def polarity_class(polarity: Polarity) -> str:
    """Return the class of the edges of a polarity."""
    return f"p{_place(polarity, POLARITIES)}"


def status_class(status: Status) -> str:
    """Return the class of the edges of a status."""
    return f"t{_place(status, STATUSES)}"


def _place(one: Kind | Polarity | Status, known: Mapping[str, object]) -> int:
    return next((i for i, other in enumerate(known.values()) if other == one), len(known))


def _edge(stroke: Stroke, curve: Curve) -> str:
    """Return an edge; where there is no room for its label, a page's script adds it when it is asked for."""
    faint = " faint" if stroke.faint else ""
    bend = f' data-b="{stroke.bend:g}"'.replace("0.", ".") if stroke.bend else ""
    x, y = curve.middle
    shown = stroke.labelled and not stroke.faint
    text = f'<text x="{round(x)}" y="{round(y) + 4}">{escaped(label_of(stroke))}</text>' if shown else ""
    return (
        f'<g class="e {polarity_class(stroke.polarity)} {status_class(stroke.status)}{faint}"'
        f' id="{stroke.key}"{bend}><path d="{svg_path(curve)}"/>{text}</g>'
    )


def label_of(stroke: Stroke) -> str:
    """Return the label of an edge, with the number of its statements where there are several."""
    number = len(stroke.statements)
    return f"{stroke.label} ×{number}" if number > 1 else stroke.label


def _node(shape: Shape) -> str:
    x, y = shape.place
    start = shape.radius + 14
    first, *more = map(escaped, shape.label.split("\n"))
    spans = "".join(f' <tspan x="0" y="{round(start + i * _LINE)}">{line}</tspan>' for i, line in enumerate(more, 1))
    text = f'<text y="{start}">{first}{spans}</text>'
    name = kind_class(shape.kind)
    scale = f' transform="scale({shape.radius / 10:g})"'
    return f'<g class="n" id="{shape.key}" transform="translate({x} {y})"><use href="#{name}"{scale}/>{text}</g>'


def _symbols(kinds: Iterable[Kind]) -> str:
    named = {kind_class(kind): kind for kind in kinds}
    return "".join(
        f'<path id="{name}" d="{OUTLINES[kind.shape]}" transform="translate(-10 -10)"/>'
        for name, kind in sorted(named.items())
    )


def _arrows() -> str:
    return "".join(
        f'<marker id="a{i}" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8"'
        f' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .6L8 4L0 7.4Z" fill="{one.colour}"/></marker>'
        for i, one in enumerate(POLARITIES.values())
    )


def style() -> str:
    """Return the style of every picture: the encoding, for light, dark and paper."""
    kinds = [*KINDS.values(), Kind("unknown", "star", SILVER, hollow=True)]
    rules = [
        *(_kind_rule(f"[href='#k{i}']", kind) for i, kind in enumerate(kinds)),
        *(f".p{i} path{{stroke:{one.colour};marker-end:url(#a{i})}}" for i, one in enumerate(POLARITIES.values())),
        *_dashes(STATUSES.values()),
        f".t{len(STATUSES)} path{{stroke-dasharray:5 5}}",
    ]
    return sheet("picture.css") + "\n".join(rules)


def _kind_rule(selector: str, kind: Kind) -> str:
    if kind.hollow:
        return f"{selector}{{fill:var(--paper);stroke:{kind.colour};stroke-width:2.6px}}"
    return f"{selector}{{fill:{kind.colour};stroke:var(--rim);stroke-width:1px}}"


def _dashes(statuses: Iterable[Status]) -> Iterable[str]:
    for i, status in enumerate(statuses):
        if status.dashes:
            yield f".t{i} path{{stroke-dasharray:{' '.join(map(str, status.dashes))}}}"
