"""A drawing as a self-contained SVG: shapes, curves, arrows, labels and a caption.

The style sheet is inside the SVG, so that a picture saved from a page looks as it did there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from graphkit.model.text import escaped, shortened
from graphkit.view.card import ICON, LABEL, LINE, PADDING, Card
from graphkit.view.drawing import NARROW, Annotation, Drawing, DrawnEdge, DrawnNode, DrawnPair
from graphkit.view.encoding import (
    BLUE,
    COLOURS,
    DARK,
    GREY,
    NODE_STYLES,
    OUTLINES,
    POLARITIES,
    SILVER,
    STATUSES,
    VERMILION,
    NodeStyle,
    PolarityStyle,
    StatusStyle,
)
from graphkit.view.layout.boxes import Point
from graphkit.view.layout.routing import along, control_point, loop_angle
from graphkit.view.page.html import sheet
from graphkit.view.page.key import FONT, WIDE, KeyEntry, key_of

Look = Literal["", "natural", "light"]
Frame = tuple[int, int, int, int]
_MARGIN = 12
_LINE = 16.8
# The caption: its smallest font size, that where a unit is a pixel, its share of the width, its height in font sizes.
_SMALLEST, _READABLE, _SHARE, _HIGH = 9, 11, 0.012, 2.3

ARROW = 8
# Length of the bar of a pair.
_BAR = 26
# Most letters of the label of a line on a narrow screen.
_NARROWEST = 56
# The widest picture beside which the panel leaves all of it in view.
_BESIDE = 900
_STEPS = 18
# The longest dash that is a dot, which is wider than a line to be seen.
_DOT = 3
# How many times longer the parts of a band are than those of a bar.
LONG = 3
_LOOP = 16
# Where the number of a pair may be on its line: in the middle, unless that hides a name or another number. To compare
# all places in a larger picture would take longer than to arrange it.
_SHARES = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74)
_FITTED_UP_TO = 300


class Curve(NamedTuple):
    """The curve of an edge.

    Attributes:
        points: Start and end of a line; start, control point and end of a quadratic curve; or the two ends of a loop.
            Only one point where both nodes have the same position; four of a cubic curve that the network gives.
        middle: Position of its label; for a loop, its far end.
        loop: The radius of a loop, or 0.
    """

    points: tuple[tuple[int, int], ...]
    middle: Point
    loop: int = 0


def _svg_path(curve: Curve) -> str:
    """Return a curve as the data of an SVG path.

    >>> _svg_path(Curve(((10, 0), (15, 5), (20, 0)), (15, 2.5)))
    'M10 0q5 5 10 0'
    """
    (x, y), *rest = curve.points
    if not rest:
        return f"M{x} {y}h1"
    # Relative coordinates have fewer digits.
    more = " ".join(f"{right - x} {down - y}" for right, down in rest).replace(" -", "-")
    if curve.loop:
        return f"M{x} {y}a{curve.loop} {curve.loop} 0 1 1 {more}"
    if len(rest) > 3:  # noqa: PLR2004 - several cubic curves, one after the other
        return f"M{x} {y}C{' '.join(f'{right} {down}' for right, down in rest)}"
    return f"M{x} {y}{'lqc'[len(rest) - 1]}{more}"


def curve_of(edge: DrawnEdge, source: DrawnNode, target: DrawnNode) -> Curve:
    """Return the curve of an edge."""
    if edge.path:
        return Curve(edge.path, _middle_of(edge.path))
    if source is target:
        return _loop(edge, source)
    start, end = source.position, target.position
    if start == end:
        return Curve((start,), start)
    via = control_point(start, end, edge.curvature)
    first = _leaves(start, via, end, source.radius + 2)
    last = 1 - _leaves(end, via, start, target.radius + ARROW)
    if first >= last:
        first, last = 0.0, 1.0
    turn = [_between(start, via, end, first, last)] if edge.curvature else []
    points = along(start, via, end, first), *turn, along(start, via, end, last)
    return Curve(tuple(map(_rounded, points)), along(start, via, end, 0.5))


def _middle_of(path: Sequence[Point]) -> Point:
    """Return the middle of a cubic curve, of a line, or of several curves with a point in the middle.

    >>> _middle_of([(0, 0), (10, 0), (10, 20), (20, 20)])
    (10.0, 10.0)
    """
    if len(path) > 4:  # noqa: PLR2004 - the points of one curve
        return path[len(path) // 2]
    weights = (1, 3, 3, 1) if path[3:] else [1] * len(path)
    x, y = (sum(w * point[i] for w, point in zip(weights, path, strict=True)) / sum(weights) for i in (0, 1))
    return x, y


def _loop(edge: DrawnEdge, node: DrawnNode) -> Curve:
    """Return a circle that leaves the rim at an angle and returns to it."""
    angle = loop_angle(edge.curvature)
    reach = node.radius + _LOOP * 0.6
    x, y = node.position[0] + reach * math.cos(angle), node.position[1] - reach * math.sin(angle)
    out = [
        (x + _LOOP * math.cos(angle + turn), y - _LOOP * math.sin(angle + turn))
        for turn in (math.pi * 0.7, -math.pi * 0.7)
    ]
    far = (x + _LOOP * math.cos(angle), y - _LOOP * math.sin(angle))
    return Curve(tuple(map(_rounded, out)), far, _LOOP)


def _leaves(start: Point, via: Point, end: Point, radius: float) -> float:
    """Return the share of the curve that lies within a radius of its start (bisection)."""
    inside, outside = 0.0, 0.5
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        near = math.dist(start, along(start, via, end, middle)) < radius
        inside, outside = (middle, outside) if near else (inside, middle)
    return outside


def _between(start: Point, via: Point, end: Point, first: float, last: float) -> Point:
    """Return the control point of a part of the curve (its blossom at both shares)."""
    a, b, c = (1 - first) * (1 - last), first * (1 - last) + last * (1 - first), first * last
    return a * start[0] + b * via[0] + c * end[0], a * start[1] + b * via[1] + c * end[1]


def _rounded(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def picture(
    drawing: Drawing, caption: str, kinds: Iterable[NodeStyle] = (), look: Look = "", key: Sequence[KeyEntry] = ()
) -> str:
    """Return the svg element of a drawing, without the parts that `graphkit.view.page.page` packs.

    Args:
        caption: The line below it: title, policy, version, licence.
        kinds: Further kinds that a script may add.
        look: natural for a picture that is read like a list: a unit is a pixel, and the page scrolls; light for a
            picture without dark colours.
        key: The key below it.
    """
    whole = {node.id: node for node in drawing.nodes}
    drawing = _opening(drawing)
    by_id = {node.id: node for node in drawing.nodes}
    hidden = {node.id for node in drawing.nodes if drawing.opens_on_part and not node.opening}

    def drawn(line: DrawnEdge | DrawnPair) -> bool:
        return hidden.isdisjoint((line.source, line.target))

    shown = [node for node in drawing.nodes if node.id not in hidden]
    curves = [(edge, curve_of(edge, by_id[edge.source], by_id[edge.target])) for edge in drawing.edges if drawn(edge)]
    left, top, wide, high = _frame(replace(drawing, nodes=tuple(shown)), [curve.middle for _, curve in curves])
    font = max(_READABLE, min(_font_size(caption, wide), FONT)) if look == "natural" else _font_size(caption, wide)
    short = max(round(len(caption) * font * WIDE) + 16 - wide, 0)
    left, wide, under = left - short // 2, wide + short, top + high
    meanings, deep = key_of(key, (left + 8, under, wide - 16), font)
    low = under + deep + round(font * _HIGH)
    annotations = "".join(map(_annotation, drawing.annotations))
    heads = _heads(drawing.annotations, left, top, wide)
    joined = {edge.id for pair in drawing.pairs for edge in pair.edges}
    edges = "".join(_edge(edge, curve) for edge, curve in curves if edge.id not in joined)
    nodes = "".join(_node(node, whole[node.id]) for node in shown)
    taken = [part for node in shown for part in _mark_and_name(node)] if len(shown) <= _FITTED_UP_TO else []
    pairs = "".join(_pair(pair, by_id[pair.source], by_id[pair.target], taken) for pair in drawing.pairs if drawn(pair))
    size = f' width="{wide}" height="{low - top}"' if look == "natural" else ""
    size += f' data-n="{drawing.narrow}"' if drawing.narrow else ""
    name = f"graph {look}{' together' if drawing.together else ''}{' few' if hidden else ''}"
    name = f"{name}{' wide' if look == 'natural' and wide > _BESIDE else ''}".replace("  ", " ").strip()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="picture" class="{name}" role="img" aria-labelledby="picture-name"'
        f' viewBox="{left} {top} {wide} {low - top}"{size} preserveAspectRatio="xMidYMid meet">'
        f'<title id="picture-name">{escaped(caption)}</title><style>{style(drawing)}</style>\n'
        f"<defs>{_symbols([*(node.kind for node in drawing.nodes), *kinds])}{_arrows()}{_hatches(drawing)}</defs>\n"
        f"{annotations}"
        f'<g id="pairs">{pairs}</g><g id="edges">\n{edges}\n</g>\n<g id="nodes">\n{nodes}\n</g>\n{heads}'
        f"{meanings}"
        f'<text class="foot" font-size="{font}" x="{left + 8}" y="{low - round(font * 0.8)}">{escaped(caption)}</text>'
        "</svg>"
    )


def _font_size(caption: str, wide: int) -> int:
    """Return the font size of the caption: a share of the width of the picture, smaller where that is too wide."""
    fits = int((wide - 16) / (len(caption) * WIDE))
    return max(_SMALLEST, min(fits, max(FONT, round(wide * _SHARE))))


def _frame(drawing: Drawing, middles: Iterable[Point]) -> Frame:
    """Return left, top, width and height of nodes with labels, middles of edges and annotations, with a margin."""
    bends = [(round(x) - 20, round(y) - 20, round(x) + 20, round(y) + 20) for x, y in middles]
    corners = [(round(x), round(y) - 24, round(x), round(y)) for area in drawing.annotations for x, y in area.corners]
    boxes = [*map(_box, drawing.nodes), *bends, *corners] or [(-200, -60, 200, 60)]
    left, top = min(box[0] for box in boxes) - _MARGIN, min(box[1] for box in boxes) - _MARGIN
    right, bottom = max(box[2] for box in boxes) + _MARGIN, max(box[3] for box in boxes) + _MARGIN
    return left, top, right - left, bottom - top


def _annotation(annotation: Annotation) -> str:
    (x, y), *more = [(round(x), round(y)) for x, y in annotation.corners]
    lines = "".join(f"L{right} {down}" for right, down in more)
    path = f'<path d="M{x} {y}{lines}{"Z" if more[1:] else ""}"/>' if more else ""
    return f'<g class="m">{path}{_words(annotation) if more[1:] else ""}</g>'


def _words(annotation: Annotation) -> str:
    x, y = map(round, annotation.corners[0])
    return f'<text x="{x}" y="{y - 8}">{escaped(annotation.text)}</text>' if annotation.text else ""


def _heads(annotations: Iterable[Annotation], left: int, top: int, wide: int) -> str:
    """Return the dates of an axis or the heads of columns, which stay in sight while a picture scrolls."""
    heads = [one for one in annotations if one.text and not one.corners[2:]]
    if not heads:
        return ""
    high = max(round(one.corners[0][1]) for one in heads) - top
    ground = f'<rect x="{left}" y="{top}" width="{wide}" height="{high}"/>'
    return f'<g class="m heads">{ground}{"".join(map(_words, heads))}</g>\n'


def _box(node: DrawnNode) -> Frame:
    if node.card:
        return (*node.position, node.position[0] + node.card.width, node.position[1] + node.card.height)
    lines = node.label.split("\n")
    half = max(node.radius, round(max(map(len, lines)) * 4.2))
    x, y = node.position
    return x - half, y - node.radius, x + half, y + node.radius + round(len(lines) * _LINE) + 4


_KNOWN: Mapping[type, tuple[str, Mapping[str, object]]] = {
    NodeStyle: ("k", NODE_STYLES), PolarityStyle: ("p", POLARITIES), StatusStyle: ("t", STATUSES),
}  # fmt: skip


def class_of(style: NodeStyle | PolarityStyle | StatusStyle) -> str:
    """Return the class of the edges of a style, or the id of the symbol of a kind."""
    letter, known = _KNOWN[type(style)]
    return f"{letter}{next((i for i, other in enumerate(known.values()) if other == style), len(known))}"


def _opening(drawing: Drawing) -> Drawing:
    """Return the drawing with the positions of its opening picture."""
    return replace(
        drawing, nodes=tuple(replace(node, position=node.opening or node.position) for node in drawing.nodes)
    )


def _pair(pair: DrawnPair, source: DrawnNode, target: DrawnNode, taken: list[tuple[Frame, int]]) -> str:
    """Return the line of a pair with the number of its edges, and a bar that shows how many of them are denied.

    Args:
        taken: The boxes of marks, names and earlier numbers with their weights; that of this number is added.
    """
    curve = curve_of(
        replace(pair.edges[0], source=pair.source, target=pair.target, curvature=pair.curvature), source, target
    )
    via = control_point(source.position, target.position, pair.curvature)
    places = [_rounded(along(source.position, via, target.position, share)) for share in _SHARES]
    left, top, right, bottom = zip(*map(_number_box, places), strict=True)
    near = [shown for shown in taken if _hidden((min(left), min(top), max(right), max(bottom)), shown[0])]
    x, y = min(places, key=lambda place: sum(much * _hidden(_number_box(place), box) for box, much in near))
    taken.append((_number_box((x, y)), 1))
    against = sum(edge.status.colour == VERMILION for edge in pair.edges)
    share = round(_BAR * (1 - against / len(pair.edges)))
    parts = f' d="M{-_BAR // 2} 5h{share}"', f' d="M{share - _BAR // 2} 5h{_BAR - share}"'
    yes, no = parts if against else ("", "")
    return (
        f'<g class="b {looks_of(pair)}" id="{source.key}~{target.key}"{_bend_of(pair)}><path d="{_svg_path(curve)}"/>'
        f'<g class="bar" transform="translate({x} {y})"><g><path class="yes"{yes}/><path class="no"{no}/>'
        f"<text>×{len(pair.edges)}</text></g>"
        "</g></g>"
    )


def _bend_of(line: DrawnEdge | DrawnPair) -> str:
    """Return the attributes of the curvature of a line, and of another one on a narrow screen."""
    wide, tall = line.curvature, line.curvature if line.narrow_curvature is None else line.narrow_curvature
    bends = (f' data-b="{wide:g}"' if wide else "") + (f' data-n="{tall:g}"' if tall != wide else "")
    return bends.replace("0.", ".")


def _mark_and_name(node: DrawnNode) -> tuple[tuple[Frame, int], ...]:
    """Return the boxes of a mark and of its name with their weights; a mark hides what is below it."""
    left, top, right, bottom = _box(node)
    (x, _), low = node.position, top + 2 * node.radius
    return ((x - node.radius, top, x + node.radius, low), 3), ((left, low, right, bottom), 1)


def _number_box(place: tuple[int, int]) -> Frame:
    x, y = place
    return x - 20, y - 10, x + 20, y + 10


def _hidden(one: Frame, other: Frame) -> int:
    """Return the area that two boxes share."""
    across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0


def looks_of(pair: DrawnPair) -> str:
    """Return the class of the line of a pair: of the most frequent status, among those against if there is one."""
    against = [edge.status for edge in pair.edges if edge.status.colour == VERMILION]
    return class_of(Counter(against or [edge.status for edge in pair.edges]).most_common(1)[0][0])


def _edge(edge: DrawnEdge, curve: Curve) -> str:
    """Return an edge; where there is no space for its label, the script of a page adds it on demand."""
    faint = f"{' faint' if edge.faint else ''}{f' w w{edge.width:g}' if edge.width else ''}{' hatch' * edge.hatched}"
    faint += "" if edge.numbered else " cell"
    bend = _bend_of(edge)
    bend += f' data-n="{_svg_path(Curve(edge.narrow, (0, 0)))}"' if edge.narrow else ""
    x, y = curve.middle
    text = ""
    if edge.labelled and not edge.faint:
        look = ' class="l"' if edge.narrow else ""
        text = f'<text{look} x="{round(x)}" y="{round(y) + 4}">{escaped(label_of(edge))}</text>{_narrow_label(edge)}'
    return (
        f'<g class="e {class_of(edge.polarity)} {class_of(edge.status)}{faint}"'
        f' id="{edge.key}"{bend}><path d="{_svg_path(curve)}"/>{text}</g>'
    )


def _narrow_label(edge: DrawnEdge) -> str:
    """Return the label of an edge on a narrow screen, above the middle of its line."""
    if not edge.narrow:
        return ""
    x, y = _middle_of(edge.narrow)
    label = "\n".join(edge.narrow_lines) or shortened(edge.label, _NARROWEST)
    lines = label_of(replace(edge, label=label)).split("\n")
    up = max(8, edge.width / 2 + 5) if edge.numbered else 8
    return f'<text class="s">{_spans(lines, round(x), round(y - up) - LABEL * (len(lines) - 1), step=LABEL)}</text>'


def _spans(lines: Sequence[str], x: int, y: int, heads: int = 0, step: int = LINE) -> str:
    """Return lines of text, some of them as heads."""
    head = ' class="h"'
    return " ".join(
        f'<tspan{head * (i < heads)} x="{x}" y="{y + i * step}">{escaped(line)}</tspan>' for i, line in enumerate(lines)
    )


def label_of(edge: DrawnEdge) -> str:
    """Return the label of an edge, with the number of its statements if there are several."""
    number = len(edge.statements)
    return f"{edge.label} ×{number}" if number > 1 and edge.numbered else edge.label


def _node(node: DrawnNode, home: DrawnNode) -> str:
    """Return a node; if it has another position among all nodes than in the opening picture, with both."""
    if node.card:
        return _card(node, node.card)
    x, y = node.position
    also = f' data-a="{home.position[0]} {home.position[1]}"' if node.opening else ""
    also += f' data-n="{node.narrow[0]} {node.narrow[1]}"' if node.narrow else ""
    start = node.radius + 14
    first, *more = map(escaped, node.label.split("\n"))
    spans = "".join(f' <tspan x="0" y="{round(start + i * _LINE)}">{line}</tspan>' for i, line in enumerate(more, 1))
    text = f'<text y="{start}">{first}{spans}</text>'
    name = class_of(node.kind)
    scale = f' transform="scale({node.radius / 10:g})"'
    place = f'id="{node.key}" transform="translate({x} {y})"{also}'
    return f'<g class="n" {place}><use href="#{name}"{scale}/>{text}</g>'


def _card(node: DrawnNode, card: Card) -> str:
    """Return a node as a card: its frame, the bar at its edge, the shape of its kind if it has no frame, its text."""
    (x, y), inset = node.position, PADDING + (ICON if card.bare else 0)
    start = (0 if card.bare else 2 if card.thin else PADDING) + 13
    spans = _spans((*card.head, *card.body), inset, start, len(card.head))
    icon = f'<use href="#{class_of(node.kind)}" transform="translate(9 9) scale(.8)"/>' if card.bare else ""
    bar, paint = "", card.status and f'stroke="{card.status.colour}"{notched(card.status.notches)}'
    if paint:
        bar = f'<path {paint} d="M3 0v{card.narrow_height if card.span else card.height}"/>'
    look = ' class="l"' if card.narrow_lines else ""
    text = f"<text{look}>{spans}</text>"
    if card.span:
        # A line, because the style sheet hides the path of a bar that is to scale, except on a narrow screen.
        middle, low = f"{card.span / 2:g}", card.height - 2
        bar += f'<line {paint} stroke-width="{card.span}" x1="{middle}" y1="2" x2="{middle}" y2="{low}"/>'
        text = f'<g{look} transform="translate({card.span - 4})">{text}</g>'
    narrow = f' data-n="{card.narrow[0]} {card.narrow[1]}"' if card.narrow else ""
    frame, few = f'<rect{look} width="{card.width}" height="{card.height}"/>', ""
    if card.narrow_lines:
        frame += f'<rect class="s" width="{NARROW}" height="{card.narrow_height}"/>'
        few = f'<text class="s">{_spans(card.narrow_lines, inset, start, len(card.head))}</text>'
    return (
        f'<g class="n c{" bare" * card.bare}{" long" * bool(card.span)}" id="{node.key}"'
        f' transform="translate({x} {y})"{narrow}>'
        f"{frame}{bar}{icon}{few}{text}</g>"
    )


def notched(notches: Sequence[int]) -> str:
    """Return the notches of a bar as an attribute; "" if it has none."""
    return f' stroke-dasharray="{" ".join(map(str, notches))}"' if notches else ""


def _symbols(kinds: Iterable[NodeStyle]) -> str:
    named = {class_of(kind): kind for kind in kinds}
    return "".join(
        f'<path id="{name}" d="{OUTLINES[kind.shape]}" transform="translate(-10 -10)"/>'
        for name, kind in sorted(named.items())
    )


def _arrows() -> str:
    return "".join(
        f'<marker id="a{i}" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8"'
        f' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .6L8 4L0 7.4Z" fill="{colour}"/></marker>'
        for i, colour in enumerate(COLOURS)
    )


def _hatches(drawing: Drawing) -> str:
    """Return the patterns of bands whose width is no exact sum."""
    if not any(edge.width for edge in drawing.edges):
        return ""
    return "".join(
        f'<pattern id="h{i}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 1.5H6" stroke="{colour}" stroke-width="2"/></pattern>'
        for i, colour in enumerate(COLOURS)
    )


def style(drawing: Drawing) -> str:
    """Return the style sheet of a picture: the visual encoding, for light and dark pages."""
    kinds = [*NODE_STYLES.values(), NodeStyle("unknown", "star", SILVER, hollow=True)]
    rules = [
        *(_kind_rule(f"[href='#k{i}']", kind) for i, kind in enumerate(kinds)),
        *(
            f".t{i}>path{{stroke:{line.colour};marker-end:url(#a{COLOURS.index(line.colour)})"
            f"{f';stroke-dasharray:{line.dasharray}' if line.dashes else ''}"
            f"{';stroke-width:2px' if line.dashes and line.dashes[0] <= _DOT else ''}}}"
            for i, line in enumerate(STATUSES.values())
        ),
        f".t{len(STATUSES)}>path{{stroke:{GREY};marker-end:url(#a0);stroke-dasharray:5 5}}",
        *(
            f".hatch.t{i}>path{{stroke:url(#h{COLOURS.index(line.colour)})}}"
            for i, line in enumerate(STATUSES.values())
            if any(edge.hatched for edge in drawing.edges)
        ),
        *(
            f".w.w.t{i}:not(.hatch,.cell)>path{{stroke-dasharray:{LONG * line.notches[0]} {LONG * line.notches[1]}}}"
            for i, line in enumerate(STATUSES.values())
            if line.notches and _widths(drawing)
        ),
        *(f".w.w.w{width:g}>path{{stroke-width:{width:g}px}}" for width in sorted(_widths(drawing))),
        f".yes{{stroke:{BLUE}}}.no{{stroke:{VERMILION}}}",
        f"@media screen and (prefers-color-scheme:dark){{{''.join(map(_dark_rule, COLOURS))}}}",
    ]
    return sheet("picture.css") + "\n".join(rules)


def _dark_rule(colour: str) -> str:
    """Return the rule that gives what has a colour its brighter one on a dark page, but not in a figure."""
    own = [f".t{i}:not(.hatch)>path" for i, line in enumerate(STATUSES.values()) if line.colour == colour]
    own += {BLUE: [".yes"], VERMILION: [".no"]}.get(colour, [])
    names = ",".join((f"[stroke='{colour}']", *own))
    dark, page = DARK[colour], ":root:not(.light)"
    return f"{page} :is({names}){{stroke:{dark}}}{page} [fill='{colour}']{{fill:{dark}}}"


def _widths(drawing: Drawing) -> set[float]:
    return {edge.width for edge in drawing.edges if edge.width}


def _kind_rule(selector: str, kind: NodeStyle) -> str:
    if kind.hollow:
        return f"{selector}{{fill:var(--paper);stroke:{kind.colour};stroke-width:2.6px}}"
    return f"{selector}{{fill:{kind.colour};stroke:var(--rim);stroke-width:1px}}"
