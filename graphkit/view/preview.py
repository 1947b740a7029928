"""Preview images of pages: 1,200 × 630 pixels, which other programs show beside a link to a page.

Shapes, colours and dashes are those of `graphkit.view.encoding`. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any, NamedTuple

from graphkit.model.errors import MissingExtraError
from graphkit.model.text import shortened
from graphkit.view.encoding import INK, OUTLINES, NodeStyle, StatusStyle
from graphkit.view.layout.boxes import Point

WIDE, HIGH = 1200, 630
# Lines and shapes are drawn at this size and then made smaller, so that edges are smooth.
_FINE = 2
# Colours of an image, which make the file a third as long, and how long it may be searched for repetitions (zlib).
_COLOURS, _EFFORT = 64, 3
_PAPER, _TEXT, _QUIET, _RULE = "#ffffff", "#1b1f24", "#57606a", "#d0d7de"
# Margin, left edge of the lines of a network, of the shapes at their ends and of the labels, and top of the last line.
_MARGIN, _CENTRE, _ENDS, _LABELS, _FOOT = 56, 560, 690, 722, 580
# Font sizes of titles, the largest that fits is used, and of all else; half of it can be read at half the width.
_TITLES, _SIZE = (46, 40, 34, 28), 24
_ROW, _ARROW = 76, 18
MOST_SPOKES = 6
# No text of an image has more letters than fit into it.
_LETTERS = 400


class Voice(NamedTuple):
    """A speaker with a stance and the summary of a statement."""

    speaker: str
    stance: str
    gist: str
    status: StatusStyle


class Spoke(NamedTuple):
    """The line between the entity of a page and another.

    Attributes:
        relation: The label of the line.
        outward: Whether the arrow points to the other entity.
    """

    label: str
    kind: NodeStyle
    relation: str
    status: StatusStyle
    outward: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The content of a preview image.

    Attributes:
        heading: The kind of the page.
        lead: The text below the title.
        foot: The last line.
        sides: The two sides of a disagreement.
        centre: The kind of the entity of the page, if its lines are drawn.
        spokes: At most `MOST_SPOKES` of its lines.
    """

    heading: str
    title: str
    lead: str
    foot: str
    sides: Sequence[Sequence[Voice]] = ()
    centre: NodeStyle | None = None
    spokes: Sequence[Spoke] = ()

    def png(self) -> bytes:
        """Draw the image.

        Raises:
            MissingExtraError: Pillow or matplotlib, which has the font, is not installed.
        """
        canvas = _Canvas()
        if self.centre and self.spokes:
            _draw_spokes(canvas, self.centre, self.spokes)
        width = _CENTRE - _MARGIN - 40 if self.spokes else WIDE - 2 * _MARGIN
        canvas.write((_MARGIN, 40), self.heading, _font(_SIZE), width, 1, _QUIET)
        below = canvas.write((_MARGIN, 80), self.title, *_fitting(self.title, width))
        if self.sides:
            _draw_sides(canvas, self.sides, below + 26)
        else:
            canvas.write((_MARGIN, below + 14), self.lead, _font(_SIZE), width, int(_FOOT - 20 - below) // 34)
        canvas.bar((_MARGIN, _FOOT - 15), (WIDE - _MARGIN, _FOOT - 14), _RULE)
        canvas.write((_MARGIN, _FOOT), self.foot, _font(_SIZE), WIDE - 2 * _MARGIN, 1, _QUIET)
        return canvas.png()


class _Canvas:
    """An image on which lines, shapes and texts are drawn; all sizes are in pixels of the smaller image."""

    def __init__(self) -> None:
        try:
            from PIL import Image, ImageDraw
        except ImportError as error:
            raise MissingExtraError("pillow", "paper") from error
        self._image = Image.new("RGB", (WIDE, HIGH), _PAPER)
        self._pen = ImageDraw.Draw(self._image)
        self._fine = Image.new("RGB", (_FINE * (_LABELS - _CENTRE + 40), _FINE * (_FOOT - 20)), _PAPER)
        self._fine_pen = ImageDraw.Draw(self._fine)

    def write(self, at: Point, text: str, font: Any, width: float, most: int, colour: str = _TEXT) -> float:  # noqa: ANN401, PLR0913, PLR0917 - a font of Pillow
        """Write a text in at most so many lines; return the position below it."""
        x, y = at
        for line in _wrapped(text, font, width, most):
            self._pen.text((x, y), line, font=font, fill=colour)
            y += round(font.size * 1.28)
        return y

    def bar(self, start: Point, end: Point, colour: str) -> None:
        """Fill a rectangle."""
        self._pen.rectangle((*start, *end), fill=colour)

    def line(self, start: Point, end: Point, colour: str, width: int, dashes: Sequence[int]) -> None:
        """Draw a line; dashes are as long as in a figure of the same width."""
        for first, last in _dashes(math.dist(start, end), [2 * part for part in dashes]):
            ends = [_finer(_at(start, end, share)) for share in (first, last)]
            self._fine_pen.line(ends, fill=colour, width=width * _FINE)

    def shape(self, at: Point, kind: NodeStyle, size: float) -> None:
        """Draw the shape of a kind of entity."""
        x, y = at[0] - size / 2, at[1] - size / 2
        corners = [_finer((x + a * size / 20, y + b * size / 20)) for a, b in _outline(kind)]
        fill, edge = (_PAPER, kind.colour) if kind.hollow else (kind.colour, INK)
        self._fine_pen.polygon(corners, fill=fill, outline=edge, width=(5 if kind.hollow else 2) * _FINE)

    def arrow(self, tip: Point, start: Point, colour: str) -> None:
        """Draw the head of an arrow that comes from a point."""
        length = math.dist(start, tip)
        (x, y), (dx, dy) = tip, ((tip[0] - start[0]) / length, (tip[1] - start[1]) / length)
        back = (x - _ARROW * dx, y - _ARROW * dy)
        wings = [(back[0] + side * dy * _ARROW / 2, back[1] - side * dx * _ARROW / 2) for side in (1, -1)]
        self._fine_pen.polygon([_finer(corner) for corner in (tip, *wings)], fill=colour)

    def join(self) -> None:
        """Put lines and shapes onto the image, which must be empty there."""
        self._image.paste(self._fine.reduce(_FINE), (_CENTRE - 40, 0))

    def png(self) -> bytes:
        from PIL.Image import Dither, Quantize, Resampling

        out = io.BytesIO()
        # The colours are those of each ninth pixel, which takes a third of the time of counting them all.
        sample = self._image.resize((WIDE // 3, HIGH // 3), Resampling.NEAREST)
        colours = sample.quantize(_COLOURS, method=Quantize.FASTOCTREE, dither=Dither.NONE)
        image = self._image.quantize(palette=colours, dither=Dither.NONE)
        image.save(out, "PNG", compress_level=_EFFORT)
        return out.getvalue()


def _draw_sides(canvas: _Canvas, sides: Sequence[Sequence[Voice]], top: float) -> None:
    """Draw the voices of two sides beside each other, as many as fit, and the number of the others."""
    wide = (WIDE - 2 * _MARGIN) / 2
    for number, side in enumerate(sides[:2]):
        y, x = top, _MARGIN + number * wide
        for place, voice in enumerate(side):
            if y + 2 * 34 > _FOOT - 14 - (34 if side[place + 1 :] else 0):
                canvas.write((x + 24, y), f"and {len(side) - place} more", _font(_SIZE), wide - 56, 1, _QUIET)
                break
            y = _draw_voice(canvas, voice, (x, y), wide - 32, 2 if len(side) > 1 else 6)


def _draw_voice(canvas: _Canvas, voice: Voice, at: Point, width: float, most: int) -> float:
    """Draw a voice in at most so many lines, with the bar of its stance; return the position below it."""
    (x, y), colour = at, voice.status.colour
    who = canvas.write((x + 24, y), f"{voice.speaker} {voice.stance}", _font(_SIZE, bold=True), width - 24, 1)
    room = (_FOOT - 20 - who) // 31
    end = canvas.write((x + 24, who), voice.gist, _font(_SIZE), width - 24, min(int(room), most))
    canvas.bar((x, y + 2), (x + 7, end - 2), colour)
    return end + 16


def _draw_spokes(canvas: _Canvas, centre: NodeStyle, spokes: Sequence[Spoke]) -> None:
    """Draw the lines from an entity to others, which are below each other."""
    top = (_FOOT - _ROW * (len(spokes) - 1)) / 2
    middle = (_CENTRE, top + _ROW * (len(spokes) - 1) / 2)
    for number, spoke in enumerate(spokes):
        end = (_ENDS, top + number * _ROW)
        inner, outer = _at(middle, end, 34 / math.dist(middle, end)), _at(end, middle, 20 / math.dist(middle, end))
        canvas.line(inner, outer, spoke.status.colour, 4, spoke.status.dashes)
        canvas.arrow(*((outer, inner) if spoke.outward else (inner, outer)), spoke.status.colour)
        canvas.shape(end, spoke.kind, 26)
    canvas.shape(middle, centre, 52)
    canvas.join()
    for number, spoke in enumerate(spokes):
        end, room = (_ENDS, top + number * _ROW), WIDE - _LABELS - 30
        canvas.write((_LABELS, end[1] - 32), spoke.label, _font(_SIZE, bold=True), room, 1)
        canvas.write((_LABELS, end[1]), spoke.relation, _font(_SIZE), room, 1, _QUIET)


def _finer(point: Point) -> Point:
    """Return a point of the image on the larger one with lines and shapes."""
    return _FINE * (point[0] - _CENTRE + 40), _FINE * point[1]


def _at(start: Point, end: Point, share: float) -> Point:
    """Return the point at a share of the way from one point to another."""
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _dashes(length: float, dashes: Sequence[float]) -> list[Point]:
    """Return the beginning and the end of each dash of a line, as shares of its length.

    >>> _dashes(20, [8, 4]), _dashes(20, [])
    ([(0.0, 0.4), (0.6, 1.0)], [(0.0, 1.0)])
    """
    if not dashes or not length:
        return [(0.0, 1.0)]
    found, at = [], 0.0
    while at < length:
        for part, gap in zip(dashes[::2], dashes[1::2], strict=True):
            if at < length:
                found.append((at / length, min(at + part, length) / length))
            at += part + gap
    return found


@cache
def _outline(kind: NodeStyle) -> list[Point]:
    """Return the corners of the shape of a kind in a square of 20 units; a circle has 36."""
    if kind.shape == "dot":
        turns = (math.tau * i / 36 for i in range(36))
        return [(10 + 8 * math.cos(turn), 10 + 8 * math.sin(turn)) for turn in turns]
    corners, x, y = [], 0.0, 0.0
    for command, digits in re.findall(r"([MLHV])([-. \d]*)", OUTLINES[kind.shape]):
        values = [float(value) for value in digits.split()]
        x = values[0] if command != "V" else x
        y = values[-1] if command != "H" else y
        corners.append((x, y))
    return corners


@cache
def _font(size: int, *, bold: bool = False) -> Any:  # noqa: ANN401 - Pillow is imported where it is used
    from PIL import ImageFont

    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise MissingExtraError("matplotlib", "paper")
    path = Path(spec.origin).with_name("mpl-data") / f"fonts/ttf/DejaVuSans{'-Bold' * bold}.ttf"
    # Without the library for complex scripts, which not every system has: the bytes would differ.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _fitting(text: str, width: float) -> tuple[Any, float, int]:
    """Return the largest font of titles in which a text fits, with the width and the number of its lines."""
    for size in _TITLES:
        font, most = _font(size, bold=True), 3 if size == _TITLES[0] else 4
        if not any(line.endswith("…") for line in _wrapped(text, font, width, most)):
            break
    return font, width, most


def _wrapped(text: str, font: Any, width: float, most: int) -> list[str]:  # noqa: ANN401 - a font of Pillow
    """Return a text in at most so many lines that fit; the last, or a longer word, is cut with an ellipsis."""
    lines: list[str] = []
    words = shortened(text, _LETTERS).split() if most > 0 else []
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _length(longer, font) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(_cut(word, font, width))
        else:
            lines[-1] = _cut(" ".join([lines[-1], *words[place:]]), font, width)
            break
    return lines


def _cut(text: str, font: Any, width: float) -> str:  # noqa: ANN401 - a font of Pillow
    """Return the beginning of a text that fits, with an ellipsis if it is not the whole."""
    if _length(text, font) <= width:
        return text
    fit = takewhile(lambda long: long + _width("…", font) <= width, accumulate(_width(one, font) for one in text))
    return f"{text[: len(list(fit))].rstrip()}…"


def _length(text: str, font: Any) -> float:  # noqa: ANN401 - a font of Pillow
    """Return the length of a text without its letter pairs; Pillow would measure each line anew."""
    return sum(_width(letter, font) for letter in text)


@cache
def _width(letter: str, font: Any) -> float:  # noqa: ANN401 - a font of Pillow
    return float(font.getlength(letter))
